//! A live MySQL or MariaDB database as a source of rows, every value as the bytes that the server sends.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::TryStreamExt as _;
use gp_kernel::{Error, ErrorKind, Result};
use gp_sqldump::{Event, Limits, Reader, TableDef};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions as _, Connection as _, MySqlConnection, Row as _,
    mysql::{MySqlConnectOptions, MySqlRow},
};
use tokio::sync::mpsc;

use super::dump::Flow;
use crate::rows::{At, BATCH_BYTES, BATCH_ROWS, Batch, Kind, OwnedRow, Piece};

/// Begins to read a database.
pub(crate) fn read(url: &str) -> Result<Flow> {
    let options = MySqlConnectOptions::from_str(url)
        .map_err(|e| Error::invalid(format!("database address: {e}")).hint("use mysql://USER:PASSWORD@HOST/NAME"))?
        .charset("utf8mb4");
    let done = Arc::new(AtomicU64::new(0));
    let (sender, pieces) = mpsc::channel(2);
    let counter = done.clone();
    tokio::spawn(async move {
        if let Err(error) = run(options, &counter, &sender).await {
            let _ = sender.send(Err(error)).await;
        }
    });
    Ok(Flow {
        pieces,
        done,
        total: None,
    })
}

fn fault(error: sqlx::Error) -> Error {
    Error::new(ErrorKind::Unavailable, format!("the MySQL database: {error}"))
}

async fn run(options: MySqlConnectOptions, done: &AtomicU64, sender: &mpsc::Sender<Result<Piece>>) -> Result<()> {
    let mut conn = options.connect().await.map_err(fault)?;
    // One picture of all tables, as mysqldump --single-transaction takes it.
    for sql in [
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT",
    ] {
        sqlx::raw_sql(sql).execute(&mut conn).await.map_err(fault)?;
    }
    for name in tables(&mut conn).await? {
        let table = Arc::new(definition(&mut conn, &name).await?);
        if sender.send(Ok(Piece::Table(table.clone()))).await.is_err() || !rows(&mut conn, table, done, sender).await? {
            return Ok(());
        }
    }
    conn.close().await.map_err(fault)
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn text(row: &MySqlRow, at: usize) -> Result<String> {
    let bytes: Option<Vec<u8>> = row.try_get_unchecked(at).map_err(fault)?;
    Ok(String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned())
}

async fn tables(conn: &mut MySqlConnection) -> Result<Vec<String>> {
    let sql = "SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'";
    let rows = sqlx::raw_sql(sql).fetch_all(conn).await.map_err(fault)?;
    rows.iter().map(|row| text(row, 0)).collect()
}

async fn definition(conn: &mut MySqlConnection, name: &str) -> Result<TableDef> {
    let sql = format!("SHOW CREATE TABLE {}", quoted(name));
    let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(conn).await.map_err(fault)?;
    let statement = format!("{};\n", text(&row, 1)?);
    let mut reader = Reader::new(statement.as_bytes(), Limits::default());
    match reader.next() {
        Ok(Some(Event::CreateTable(table))) => Ok(table.clone()),
        _ => Ok(TableDef {
            name: name.to_owned(),
            ..TableDef::default()
        }),
    }
}

/// Whether mysqldump writes values of this type without quotes.
fn is_number(sql_type: &str) -> bool {
    const NUMBERS: [&str; 11] = [
        "tinyint",
        "smallint",
        "mediumint",
        "int",
        "bigint",
        "decimal",
        "numeric",
        "float",
        "double",
        "real",
        "year",
    ];
    let word = sql_type
        .split(['(', ' '])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    NUMBERS.contains(&word.as_str())
}

/// Sends all rows of a table; `false` when nobody listens any more.
async fn rows(
    conn: &mut MySqlConnection,
    table: Arc<TableDef>,
    done: &AtomicU64,
    sender: &mpsc::Sender<Result<Piece>>,
) -> Result<bool> {
    let sql = format!("SELECT * FROM {}", quoted(&table.name));
    let mut stream = sqlx::raw_sql(AssertSqlSafe(sql)).fetch(conn);
    let mut columns: Arc<[String]> = Arc::from([]);
    let mut numbers = Vec::new();
    let (mut batch, mut size, mut count) = (Vec::new(), 0, 0);
    while let Some(row) = stream.try_next().await.map_err(fault)? {
        if columns.is_empty() {
            columns = row.columns().iter().map(|c| c.name().to_owned()).collect();
            numbers = columns
                .iter()
                .map(|c| table.column(c).is_some_and(|c| is_number(&c.sql_type)))
                .collect();
        }
        count += 1;
        let mut owned = OwnedRow::new(At::Row(count));
        for (at, number) in numbers.iter().enumerate() {
            let value: Option<Vec<u8>> = row.try_get_unchecked(at).map_err(fault)?;
            match value {
                None => owned.push(Kind::Null, &[]),
                Some(bytes) => owned.push(if *number { Kind::Number } else { Kind::Bytes }, &bytes),
            }
        }
        size += owned.size();
        batch.push(owned);
        done.fetch_add(1, Ordering::Relaxed);
        if size >= BATCH_BYTES || batch.len() >= BATCH_ROWS {
            size = 0;
            if !send(&table, &columns, std::mem::take(&mut batch), sender).await {
                return Ok(false);
            }
        }
    }
    Ok(batch.is_empty() || send(&table, &columns, batch, sender).await)
}

async fn send(
    table: &Arc<TableDef>,
    columns: &Arc<[String]>,
    rows: Vec<OwnedRow>,
    sender: &mpsc::Sender<Result<Piece>>,
) -> bool {
    let batch = Batch {
        table: table.clone(),
        columns: columns.clone(),
        charset: Some("utf8mb4".into()),
        rows,
    };
    sender.send(Ok(Piece::Rows(batch))).await.is_ok()
}

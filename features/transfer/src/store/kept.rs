//! Tables that nothing uses yet: their definition and their rows as they came.

use gp_kernel::Result;
use gp_store::{Arg, Conn};

/// How many rows of a table are kept from an earlier import.
pub(crate) async fn count(conn: &mut Conn, table: &str) -> Result<i64> {
    conn.number("select rows from kept_tables where name = $1", &[table.into()])
        .await
}

/// Writes rows at the positions from `first`; those that are there and the same are left alone.
pub(crate) async fn put(conn: &mut Conn, table: &str, first: i64, rows: Vec<Vec<u8>>, before: i64) -> Result<()> {
    let mut there = std::collections::HashMap::new();
    if first <= before {
        let last = first + i64::try_from(rows.len()).unwrap_or(0);
        let sql = "select position, data from kept_rows where table_name = $1 and position >= $2 and position < $3";
        for row in conn.all(sql, &[table.into(), first.into(), last.into()]).await? {
            there.insert(row.int(0)?, row.bytes(1)?);
        }
    }
    let mut args: Vec<Arg> = Vec::with_capacity(rows.len() * 3);
    for (position, data) in (first..).zip(rows) {
        if there.get(&position) != Some(&data) {
            args.extend([table.into(), position.into(), Arg::Bytes(data)]);
        }
    }
    conn.insert_many(
        "insert into kept_rows (table_name, position, data) values",
        3,
        "on conflict (table_name, position) do update set data = excluded.data",
        &args,
    )
    .await
}

/// Writes what is known of the table, and forgets rows of an earlier import beyond the last one.
pub(crate) async fn close(
    conn: &mut Conn,
    table: &str,
    definition: &str,
    columns: &str,
    digest: &str,
    rows: i64,
) -> Result<()> {
    conn.run(
        "delete from kept_rows where table_name = $1 and position > $2",
        &[table.into(), rows.into()],
    )
    .await?;
    conn.run(
        "insert into kept_tables (name, definition, columns, digest, rows) values ($1, $2, $3, $4, $5) \
         on conflict (name) do update set definition = excluded.definition, columns = excluded.columns, \
         digest = excluded.digest, rows = excluded.rows",
        &[
            table.into(),
            definition.into(),
            columns.into(),
            digest.into(),
            rows.into(),
        ],
    )
    .await
    .map(drop)
}

//! Whole tables by their names and columns, for backup and restore: what a table means does not matter.

use std::collections::BTreeMap;

use gp_kernel::{Error, Result};
use gp_store::{Arg, Conn, Dialect, Row};
use serde::{Deserialize, Serialize};

/// What a column holds; the three kinds that the schema knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Holds {
    Bigint,
    Text,
    Bytes,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    pub name: String,
    pub columns: Vec<(String, Holds)>,
    /// Columns of the primary key, by which rows are read in order.
    pub key: Vec<String>,
}

/// All tables of the site. The list of migrations is no part of it.
pub(crate) async fn all(conn: &mut Conn) -> Result<Vec<Table>> {
    let (columns, keys) = match conn.dialect() {
        Dialect::Sqlite => (
            "select m.name, c.name, lower(c.type) from sqlite_master m join pragma_table_info(m.name) c \
             where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid",
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c \
             where m.type = 'table' and c.pk > 0 order by m.name, c.pk",
        ),
        Dialect::Postgres => (
            "select table_name::text, column_name::text, data_type::text from information_schema.columns \
             where table_schema = current_schema() order by table_name, ordinal_position",
            "select k.table_name::text, k.column_name::text from information_schema.key_column_usage k \
             join information_schema.table_constraints t on t.constraint_name = k.constraint_name \
             and t.table_schema = k.table_schema and t.table_name = k.table_name \
             where t.constraint_type = 'PRIMARY KEY' and k.table_schema = current_schema() \
             order by k.table_name, k.ordinal_position",
        ),
    };
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in conn.all(columns, &[]).await? {
        let (name, column, kind) = (row.text(0)?, row.text(1)?, row.text(2)?);
        let holds = match kind.as_str() {
            "bigint" | "integer" => Holds::Bigint,
            "text" => Holds::Text,
            "blob" | "bytea" => Holds::Bytes,
            other => {
                return Err(Error::internal(format!(
                    "{name}.{column} is of the kind {other}, which no backup knows"
                )));
            }
        };
        let (columns, key) = (Vec::new(), Vec::new());
        let table = tables.entry(name.clone()).or_insert(Table { name, columns, key });
        table.columns.push((column, holds));
    }
    for row in conn.all(keys, &[]).await? {
        if let Some(table) = tables.get_mut(&row.text(0)?) {
            table.key.push(row.text(1)?);
        }
    }
    tables.remove("migrations");
    Ok(tables.into_values().collect())
}

/// The steps of the schema that were taken.
pub(crate) async fn migrations(conn: &mut Conn) -> Result<Vec<String>> {
    conn.all("select name from migrations order by name", &[])
        .await?
        .iter()
        .map(|row| row.text(0))
        .collect()
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|c| c.0.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The next rows after a key; from the beginning without one.
    pub async fn page(&self, conn: &mut Conn, after: Option<&[Arg]>, limit: usize) -> Result<Vec<Vec<Arg>>> {
        if self.key.is_empty() {
            return Err(Error::internal(format!("the table {} has no primary key", self.name)));
        }
        let key = self.key.join(", ");
        let mut args = after.map(<[Arg]>::to_vec).unwrap_or_default();
        let marks: Vec<String> = (1..=args.len()).map(|n| format!("${n}")).collect();
        let condition = if args.is_empty() {
            String::new()
        } else {
            format!("where ({key}) > ({})", marks.join(", "))
        };
        args.push(limit.into());
        let sql = format!(
            "select {} from {} {condition} order by {key} limit ${}",
            self.names(),
            self.name,
            args.len()
        );
        conn.all(&sql, &args).await?.iter().map(|row| self.read(row)).collect()
    }

    fn read(&self, row: &Row) -> Result<Vec<Arg>> {
        let cells = self.columns.iter().enumerate();
        cells
            .map(|(at, (_, holds))| {
                Ok(match holds {
                    Holds::Bigint => Arg::Int(row.int(at)?),
                    Holds::Text => Arg::Text(row.text(at)?),
                    Holds::Bytes => Arg::Bytes(row.bytes(at)?),
                })
            })
            .collect()
    }

    /// The key of a row.
    pub fn key_of(&self, row: &[Arg]) -> Vec<Arg> {
        let place = |name: &String| self.columns.iter().position(|c| c.0 == *name);
        self.key.iter().filter_map(place).map(|at| row[at].clone()).collect()
    }

    /// Empties the table.
    pub async fn clear(&self, conn: &mut Conn) -> Result<()> {
        conn.run(&format!("delete from {}", self.name), &[]).await.map(drop)
    }

    /// Adds rows, one after the other.
    pub async fn add(&self, conn: &mut Conn, args: &[Arg]) -> Result<()> {
        if args.is_empty() {
            return Ok(());
        }
        let head = format!("insert into {} ({}) values", self.name, self.names());
        conn.insert_many(&head, self.columns.len(), "", args).await
    }
}

/// Whether anything was made on this site.
pub(crate) async fn is_empty(conn: &mut Conn) -> Result<bool> {
    let sql = "select (select count(*) from items) + (select count(*) from users) + (select count(*) from options)";
    Ok(conn.number(sql, &[]).await? == 0)
}

/// The digests that files name, after one.
pub(crate) async fn digests(conn: &mut Conn, after: &str) -> Result<Vec<(String, i64)>> {
    conn.all(
        "select digest, max(size) from (select digest, size from files where digest > $1 \
         union all select digest, size from file_versions where digest > $1) f group by digest order by digest limit 500",
        &[after.into()],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text(0)?, row.int(1)?)))
    .collect()
}

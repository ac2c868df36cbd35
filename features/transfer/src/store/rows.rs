//! Rows of a table by its spec: those that are there, those that are new, those that are different.

use std::collections::HashMap;

use gp_kernel::Result;
use gp_store::{Arg, Conn, Row};

use crate::site::spec::{How, Spec};

/// A key as text: enough to find a row among those of a batch.
pub(crate) fn key(spec: &Spec, args: &[Arg]) -> String {
    let mut key = String::new();
    for name in spec.key {
        match &args[spec.position(name)] {
            Arg::Int(v) => key.push_str(&v.to_string()),
            Arg::Text(v) => key.push_str(v),
            Arg::Bytes(_) => {}
        }
        key.push('/');
    }
    key
}

fn names(spec: &Spec) -> String {
    spec.columns.iter().map(|c| c.1).collect::<Vec<_>>().join(", ")
}

fn read(spec: &Spec, row: &Row) -> Result<Vec<Arg>> {
    let cells = spec.columns.iter().enumerate();
    cells
        .map(|(at, (_, _, how))| {
            Ok(match how {
                How::Id | How::Int | How::Flag => Arg::Int(row.int(at)?),
                How::Text | How::Indexed | How::Date => Arg::Text(row.text(at)?),
                How::Bytes => Arg::Bytes(row.bytes(at)?),
            })
        })
        .collect()
}

/// Whether a table holds any row.
pub(crate) async fn any(conn: &mut Conn, spec: &Spec) -> Result<bool> {
    Ok(conn
        .number(
            &format!("select count(*) from (select 1 from {} limit 1) t", spec.to),
            &[],
        )
        .await?
        > 0)
}

/// The rows that are there for these keys (values of the first column of the key), by key.
pub(crate) async fn existing(conn: &mut Conn, spec: &Spec, keys: &[Arg]) -> Result<HashMap<String, Vec<Arg>>> {
    let mut found = HashMap::new();
    for chunk in keys.chunks(500) {
        let marks: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select {} from {} where {} in ({})",
            names(spec),
            spec.to,
            spec.key[0],
            marks.join(",")
        );
        for row in conn.all(&sql, chunk).await? {
            let args = read(spec, &row)?;
            found.insert(key(spec, &args), args);
        }
    }
    Ok(found)
}

/// Writes rows that are not there.
pub(crate) async fn insert(conn: &mut Conn, spec: &Spec, args: &[Arg]) -> Result<()> {
    if args.is_empty() {
        return Ok(());
    }
    let head = format!("insert into {} ({}) values", spec.to, names(spec));
    conn.insert_many(&head, spec.columns.len(), "", args).await
}

/// Writes rows over those that are there.
pub(crate) async fn replace(conn: &mut Conn, spec: &Spec, args: &[Arg]) -> Result<()> {
    if args.is_empty() {
        return Ok(());
    }
    let head = format!("insert into {} ({}) values", spec.to, names(spec));
    let others = spec.columns.iter().map(|c| c.1).filter(|name| !spec.key.contains(name));
    let mut sets: Vec<String> = others.map(|name| format!("{name} = excluded.{name}")).collect();
    if spec.to == "items" {
        sets.push("version = items.version + 1".to_owned());
    }
    let tail = format!(
        "on conflict ({}) do update set {}",
        spec.key.join(", "),
        sets.join(", ")
    );
    conn.insert_many(&head, spec.columns.len(), &tail, args).await
}

/// The greatest id of a table.
pub(crate) async fn greatest(conn: &mut Conn, spec: &Spec) -> Result<i64> {
    conn.number(
        &format!("select coalesce(max({}), 0) from {}", spec.key[0], spec.to),
        &[],
    )
    .await
}

/// Gives a row of the new site's own another id, so that an imported one can have it; what points at it follows.
pub(crate) async fn move_away(conn: &mut Conn, spec: &Spec, old: i64, new: i64) -> Result<()> {
    let ids: [Arg; 2] = [new.into(), old.into()];
    conn.run(&format!("update {} set id = $1 where id = $2", spec.to), &ids)
        .await?;
    if spec.to == "users" {
        for (table, column) in [
            ("user_meta", "user_id"),
            ("items", "author"),
            ("comments", "user_id"),
            ("audit", "actor"),
            // Or whoever is signed in would be the imported one.
            ("sessions", "user_id"),
            ("passkeys", "user_id"),
            ("challenges", "user_id"),
        ] {
            conn.run(&format!("update {table} set {column} = $1 where {column} = $2"), &ids)
                .await?;
        }
        let log = "update audit set object = $1 where object = $2 and kind = 'user'";
        conn.run(log, &ids).await?;
    }
    Ok(())
}

/// Keeps the exact bytes of what columns cannot hold: (row, column, bytes).
pub(crate) async fn keep_originals(conn: &mut Conn, spec: &Spec, originals: Vec<(i64, String, Vec<u8>)>) -> Result<()> {
    if originals.is_empty() {
        return Ok(());
    }
    // One statement may not write a row twice.
    let last: HashMap<(i64, String), Vec<u8>> = originals.into_iter().map(|(r, c, b)| ((r, c), b)).collect();
    let mut args: Vec<Arg> = Vec::with_capacity(last.len() * 4);
    for ((row, column), bytes) in last {
        args.extend([spec.to.into(), row.into(), column.into(), Arg::Bytes(bytes)]);
    }
    conn.insert_many(
        "insert into originals (table_name, row_id, column_name, bytes) values",
        4,
        "on conflict (table_name, row_id, column_name) do update set bytes = excluded.bytes",
        &args,
    )
    .await
}

/// Forgets the originals of rows that are about to be written again.
pub(crate) async fn drop_originals(conn: &mut Conn, spec: &Spec, rows: &[i64]) -> Result<()> {
    for chunk in rows.chunks(500) {
        let marks: Vec<String> = (2..chunk.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "delete from originals where table_name = $1 and row_id in ({})",
            marks.join(",")
        );
        let mut args: Vec<Arg> = vec![spec.to.into()];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        conn.run(&sql, &args).await?;
    }
    Ok(())
}

//! Questions that `check` asks: each finds states that no verb and no import leaves behind.

use gp_kernel::Result;
use gp_store::{Conn, Dialect};

/// A question: what is wrong, and the rows for which it is so.
const ORPHANS: [(&str, &str, &str); 11] = [
    (
        "item_meta",
        "meta of an item that is not there",
        "not exists (select 1 from items o where o.id = t.item_id)",
    ),
    (
        "term_meta",
        "meta of a term that is not there",
        "not exists (select 1 from terms o where o.term_id = t.term_id)",
    ),
    (
        "user_meta",
        "meta of an account that is not there",
        "not exists (select 1 from users o where o.id = t.user_id)",
    ),
    (
        "comment_meta",
        "meta of a comment that is not there",
        "not exists (select 1 from comments o where o.id = t.comment_id)",
    ),
    (
        "comments",
        "a comment on an item that is not there",
        "not exists (select 1 from items o where o.id = t.item_id)",
    ),
    (
        "item_terms",
        "terms of an item that is not there",
        "not exists (select 1 from items o where o.id = t.item_id)",
    ),
    (
        "item_terms",
        "an item has a term that is not there",
        "not exists (select 1 from terms o where o.id = t.term_taxonomy_id)",
    ),
    (
        "files",
        "the file of an item that is not there",
        "t.item_id > 0 and not exists (select 1 from items o where o.id = t.item_id)",
    ),
    (
        "old_slugs",
        "an old address of an item that is not there",
        "not exists (select 1 from items o where o.id = t.item_id)",
    ),
    (
        "symbols",
        "a symbol of an item that is not there",
        "not exists (select 1 from items o where o.id = t.item_id)",
    ),
    (
        "kept_tables",
        "a kept table that has lost rows",
        "t.rows <> (select count(*) from kept_rows o where o.table_name = t.name)",
    ),
];

const NAMES: [(&str, &str); 9] = [
    ("item_meta", "t.item_id"),
    ("term_meta", "t.term_id"),
    ("user_meta", "t.user_id"),
    ("comment_meta", "t.comment_id"),
    ("comments", "t.item_id"),
    ("item_terms", "t.item_id"),
    ("old_slugs", "t.item_id"),
    ("files", "t.item_id"),
    ("symbols", "t.item_id"),
];

/// What is wrong, how often, and the smallest number for which it is so.
pub(crate) async fn orphans(conn: &mut Conn) -> Result<Vec<(String, i64, i64)>> {
    let mut found = Vec::new();
    for (table, what, condition) in ORPHANS {
        let name = NAMES.iter().find(|n| n.0 == table).map_or("0", |n| n.1);
        let sql = format!("select count(*), coalesce(min({name}), 0) from {table} t where {condition}");
        if let Some(row) = conn.one(&sql, &[]).await?
            && row.int(0)? > 0
        {
            found.push((format!("{table}: {what}"), row.int(0)?, row.int(1)?));
        }
    }
    Ok(found)
}

/// Sequences that would give out an id that is taken: name, next, greatest.
pub(crate) async fn sequences_behind(conn: &mut Conn) -> Result<Vec<(String, i64, i64)>> {
    let mut found = Vec::new();
    for (name, table, column) in super::site::SEQUENCES {
        let sql = format!(
            "select next, (select coalesce(max({column}), 0) from {table}) from sequences where name = '{name}'"
        );
        match conn.one(&sql, &[]).await? {
            None => found.push((name.to_owned(), 0, 0)),
            Some(row) if row.int(0)? <= row.int(1)? => found.push((name.to_owned(), row.int(0)?, row.int(1)?)),
            Some(_) => {}
        }
    }
    Ok(found)
}

/// Imports that began and never came to an end.
pub(crate) async fn unfinished_imports(conn: &mut Conn) -> Result<Vec<(i64, String)>> {
    conn.all("select id, source from imports where finished = 0 order by id", &[])
        .await?
        .iter()
        .map(|row| Ok((row.int(0)?, row.text(1)?)))
        .collect()
}

/// The next files after a path: path, digest, size.
pub(crate) async fn files_after(conn: &mut Conn, after: &str) -> Result<Vec<(String, String, i64)>> {
    conn.all(
        "select path, digest, size from files where path > $1 order by path limit 1000",
        &[after.into()],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text(0)?, row.text(1)?, row.int(2)?)))
    .collect()
}

/// What the database says of its own file; nothing where it looks after itself.
pub(crate) async fn integrity(conn: &mut Conn) -> Result<Vec<String>> {
    if conn.dialect() != Dialect::Sqlite {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for row in conn.all("pragma quick_check", &[]).await? {
        let line = row.text(0)?;
        if line != "ok" {
            found.push(line);
        }
    }
    Ok(found)
}

//! What has a public address, for asking all of them after an import.

use gp_content::{Item, items};
use gp_kernel::Result;
use gp_store::{Arg, Conn};

/// The next published items (and attachments) of these types after an id.
pub(crate) async fn public_items(conn: &mut Conn, types: &[&str], after: i64) -> Result<Vec<Item>> {
    let marks: Vec<String> = (2..types.len() + 2).map(|n| format!("${n}")).collect();
    let sql = format!(
        "select {} from items i where i.id > $1 and i.type in ({}) \
         and (i.status = 'publish' or (i.type = 'attachment' and i.status = 'inherit')) order by i.id limit 500",
        items::COLUMNS,
        marks.join(",")
    );
    let mut args: Vec<Arg> = vec![after.into()];
    args.extend(types.iter().map(|t| Arg::from(*t)));
    conn.all(&sql, &args).await?.iter().map(Item::from_row).collect()
}

/// Ids of accounts with a published post.
pub(crate) async fn authors(conn: &mut Conn) -> Result<Vec<i64>> {
    let sql =
        "select distinct author from items where type = 'post' and status = 'publish' and author > 0 order by author";
    conn.all(sql, &[]).await?.iter().map(|row| row.int(0)).collect()
}

/// Months with a published post, `2026-11`.
pub(crate) async fn months(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select distinct substr(date, 1, 7) from items where type = 'post' and status = 'publish' order by 1";
    conn.all(sql, &[]).await?.iter().map(|row| row.text(0)).collect()
}

/// The next paths of files after a path.
pub(crate) async fn paths(conn: &mut Conn, after: &str) -> Result<Vec<String>> {
    conn.all(
        "select path from files where path > $1 order by path limit 1000",
        &[after.into()],
    )
    .await?
    .iter()
    .map(|row| row.text(0))
    .collect()
}

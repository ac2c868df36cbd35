//! What has a public address, for asking all of them after an import.

use gp_content::{Item, items};
use gp_kernel::Result;
use gp_store::{Arg, Conn};

/// What a visitor may see; an attachment has the status of its parent.
const PUBLIC: &str = "(i.status = 'publish' or (i.type = 'attachment' and i.status = 'inherit'))";

/// The next published items (and attachments) of these types after an id.
pub(crate) async fn public_items(conn: &mut Conn, types: &[&str], after: i64) -> Result<Vec<Item>> {
    // Joined to nothing, the type is no bait for the planner: it would sort all that follow, for each batch anew.
    let sql = format!(
        "select {} from items i where i.id > $1 and i.type || '' in ({}) and {PUBLIC} order by i.id limit 500",
        items::COLUMNS,
        marks(types, 2),
    );
    let mut args: Vec<Arg> = vec![after.into()];
    args.extend(types.iter().map(|t| Arg::from(*t)));
    conn.all(&sql, &args).await?.iter().map(Item::from_row).collect()
}

/// How many such items and files there are.
pub(crate) async fn count(conn: &mut Conn, types: &[&str]) -> Result<u64> {
    let sql = format!(
        "select (select count(*) from items i where i.type in ({}) and {PUBLIC}) + (select count(*) from files)",
        marks(types, 1),
    );
    let args: Vec<Arg> = types.iter().map(|t| Arg::from(*t)).collect();
    Ok(conn.number(&sql, &args).await?.unsigned_abs())
}

/// `$2,$3,…`, one for each of these, from a number on.
fn marks(types: &[&str], first: usize) -> String {
    let marks: Vec<String> = (first..first + types.len()).map(|n| format!("${n}")).collect();
    marks.join(",")
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

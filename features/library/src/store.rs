//! The few questions of this feature that the platform does not answer: all its SQL stands here.

use std::collections::HashMap;

use gp_content::{Item, Term, items::COLUMNS, terms::COLUMNS as TERM_COLUMNS};
use gp_kernel::{ItemId, Result, TermId};
use gp_store::{Arg, Conn};

/// What is kept of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StoredFile {
    pub(crate) size: i64,
    pub(crate) mime: String,
}

fn marks(first: usize, count: usize) -> String {
    (first..first + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(",")
}

/// The attachments of many items, in the order of their menu and id; at most 200 of all together for every 500 parents.
pub(crate) async fn attachments_of(conn: &mut Conn, parents: &[ItemId]) -> Result<Vec<Item>> {
    let mut found = Vec::new();
    for chunk in parents.chunks(500) {
        let sql = format!(
            "select {COLUMNS} from items i where i.parent in ({}) and i.type = 'attachment' and i.status = 'inherit' \
             order by i.menu_order, i.id limit 200",
            marks(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| (*id).into()).collect();
        for row in conn.all(&sql, &args).await? {
            found.push(Item::from_row(&row)?);
        }
    }
    Ok(found)
}

/// Which of these paths below uploads there are, with size and media type.
pub(crate) async fn files_at(conn: &mut Conn, paths: &[String]) -> Result<HashMap<String, StoredFile>> {
    let mut found = HashMap::new();
    for chunk in paths.chunks(500) {
        let sql = format!(
            "select path, size, mime_type from files where path in ({})",
            marks(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(Arg::from).collect();
        for row in conn.all(&sql, &args).await? {
            let file = StoredFile {
                size: row.int(1)?,
                mime: row.text(2)?,
            };
            found.insert(row.text(0)?, file);
        }
    }
    Ok(found)
}

/// Number and slug of what everybody may read of these types, newest first, at most a few thousand: what a broken address is
/// compared with.
pub(crate) async fn slugs(conn: &mut Conn, types: &[&str]) -> Result<Vec<(i64, String)>> {
    if types.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select i.id, i.name from items i where i.status = 'publish' and i.password = '' and i.type in ({}) \
         order by i.date desc, i.id desc limit 3000",
        marks(1, types.len())
    );
    let args: Vec<Arg> = types.iter().map(|t| Arg::from(*t)).collect();
    conn.all(&sql, &args)
        .await?
        .iter()
        .map(|row| Ok((row.int(0)?, row.text(1)?)))
        .collect()
}

/// How many resources everybody may read in full.
pub(crate) async fn open_posts(conn: &mut Conn) -> Result<i64> {
    let sql = "select count(*) from items i where i.type = 'post' and i.status = 'publish' and i.password = ''";
    conn.number(sql, &[]).await
}

/// How many open resources have each of these terms.
pub(crate) async fn frequencies(conn: &mut Conn, terms: &[i64]) -> Result<HashMap<i64, i64>> {
    if terms.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "select x.term_taxonomy_id, count(*) from item_terms x join items i on i.id = x.item_id \
         where x.term_taxonomy_id in ({}) and i.type = 'post' and i.status = 'publish' and i.password = '' \
         group by x.term_taxonomy_id",
        marks(1, terms.len())
    );
    let args: Vec<Arg> = terms.iter().map(|id| (*id).into()).collect();
    conn.all(&sql, &args)
        .await?
        .iter()
        .map(|row| Ok((row.int(0)?, row.int(1)?)))
        .collect()
}

/// Open resources that have one of these terms: item, term, date; newest first, one row for each term shared.
pub(crate) async fn sharing(
    conn: &mut Conn,
    terms: &[i64],
    but: ItemId,
    limit: i64,
) -> Result<Vec<(ItemId, i64, String)>> {
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select i.id, x.term_taxonomy_id, i.date from item_terms x join items i on i.id = x.item_id \
         where x.term_taxonomy_id in ({}) and i.type = 'post' and i.status = 'publish' and i.password = '' and i.id <> $1 \
         order by i.date desc, i.id desc limit $2",
        marks(3, terms.len())
    );
    let mut args: Vec<Arg> = vec![but.into(), limit.into()];
    args.extend(terms.iter().map(|id| Arg::from(*id)));
    conn.all(&sql, &args)
        .await?
        .iter()
        .map(|row| Ok((ItemId(row.int(0)?), row.int(1)?, row.text(2)?)))
        .collect()
}

/// The published entries of a classic menu, in order; at most 300.
pub(crate) async fn menu_entries(conn: &mut Conn, menu: TermId) -> Result<Vec<Item>> {
    let sql = format!(
        "select {COLUMNS} from items i join item_terms x on x.item_id = i.id join terms t on t.id = x.term_taxonomy_id \
         where t.term_id = $1 and t.taxonomy = 'nav_menu' and i.type = 'nav_menu_item' and i.status = 'publish' \
         order by i.menu_order, i.id limit 300"
    );
    conn.all(&sql, &[menu.into()])
        .await?
        .iter()
        .map(Item::from_row)
        .collect()
}

/// Terms by their `term_id`, whatever their taxonomy.
pub(crate) async fn terms_by_id(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Term>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select {TERM_COLUMNS} from terms t where t.term_id in ({}) order by t.id",
        marks(1, ids.len())
    );
    let args: Vec<Arg> = ids.iter().map(|id| (*id).into()).collect();
    conn.all(&sql, &args)
        .await?
        .iter()
        .map(|row| Term::from_row(row, 0))
        .collect()
}

/// The newest published navigation made of blocks.
pub(crate) async fn newest_navigation(conn: &mut Conn) -> Result<Option<Item>> {
    let sql = format!(
        "select {COLUMNS} from items i where i.type = 'wp_navigation' and i.status = 'publish' order by i.date desc, i.id desc limit 1"
    );
    conn.one(&sql, &[]).await?.as_ref().map(Item::from_row).transpose()
}

/// What every theme remembers of itself, by option name.
pub(crate) async fn theme_mods(conn: &mut Conn) -> Result<Vec<Vec<u8>>> {
    let sql = "select value from options where name >= 'theme_mods_' and name < 'theme_mods`' order by name limit 50";
    conn.all(sql, &[]).await?.iter().map(|row| row.bytes(0)).collect()
}

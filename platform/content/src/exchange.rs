//! What other programs come for: when each public resource last changed, which ones are gone, and who bears a symbol.
//!
//! The verbs keep the tables in step (`actions/exchange.rs`), an import brings them up to date at its end ([`settle`]).
//! What must never be here: what a record looks like outside.

use gp_kernel::{ItemId, Result, mysql_date};
use gp_store::{Arg, Conn, Dep};
use jiff::{Timestamp, tz::TimeZone};

use crate::{items::Item, meta::placeholders, options::Site, permission::Scope, types::Types};

/// The meta whose symbols are found.
pub(crate) const RECORD: &str = "_guidepost_record";

/// For whom, and from where, works are told.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The settings.
    pub site: &'a Site,
    /// The types.
    pub types: &'a Types,
    /// What the reader may see.
    pub scope: &'a Scope,
    /// `https://host`.
    pub base: &'a str,
}

/// Whether harvesters are told of it: a resource that everybody may read in full.
pub fn is_told(item: &Item) -> bool {
    item.kind == "post" && item.status == "publish" && item.password.is_empty()
}

/// The same as a condition on `items i`.
const TOLD: &str = "i.type = 'post' and i.status = 'publish' and i.password = ''";

/// One resource as harvesters are told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Which one.
    pub item: ItemId,
    /// When it last changed, in UTC: `2026-11-26 10:00:00`.
    pub stamp: String,
    /// It was there and is no more.
    pub gone: bool,
    /// The terms that it had (term-taxonomy ids), when it is gone.
    pub terms: Vec<i64>,
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Changed at or after; empty: whenever.
    pub from: String,
    /// Changed at or before; empty: whenever.
    pub until: String,
    /// Having one of these terms; none: all.
    pub terms: Option<Vec<i64>>,
    /// Behind this stamp and number.
    pub after: Option<(String, i64)>,
}

fn conditions(wanted: &Wanted) -> (String, Vec<Arg>) {
    let (mut sql, mut args) = (String::from("1 = 1"), Vec::<Arg>::new());
    let mut bind = |arg: Arg| {
        args.push(arg);
        args.len()
    };
    if !wanted.from.is_empty() {
        sql.push_str(&format!(" and e.stamp >= ${}", bind((&wanted.from).into())));
    }
    if !wanted.until.is_empty() {
        sql.push_str(&format!(" and e.stamp <= ${}", bind((&wanted.until).into())));
    }
    if let Some((stamp, id)) = &wanted.after {
        let (stamp, id) = (bind(stamp.into()), bind((*id).into()));
        sql.push_str(&format!(
            " and e.stamp >= ${stamp} and (e.stamp > ${stamp} or e.item_id > ${id})"
        ));
    }
    if let Some(terms) = &wanted.terms {
        let mut ways = vec!["1 = 0".to_owned()];
        for term in terms {
            let (id, had) = (bind((*term).into()), bind(format!("%,{term},%").into()));
            ways.push(format!(
                "exists (select 1 from item_terms x where x.item_id = e.item_id and x.term_taxonomy_id = ${id}) \
                 or e.terms like ${had}"
            ));
        }
        sql.push_str(&format!(" and ({})", ways.join(" or ")));
    }
    (sql, args)
}

/// The next entries in the order of their stamps: what changes meanwhile moves to the end, so that nothing is missed.
///
/// # Errors
/// When the database does not answer.
pub async fn next(conn: &mut Conn, wanted: &Wanted, limit: usize) -> Result<Vec<Entry>> {
    let (condition, mut args) = conditions(wanted);
    args.push(limit.into());
    let sql = format!(
        "select e.item_id, e.stamp, e.gone, e.terms from exchange e where {condition} order by e.stamp, e.item_id limit ${}",
        args.len()
    );
    conn.reading([Dep::stamps()]);
    conn.all(&sql, &args).await?.iter().map(entry).collect()
}

fn entry(row: &gp_store::Row) -> Result<Entry> {
    Ok(Entry {
        item: ItemId(row.int(0)?),
        stamp: row.text(1)?,
        gone: row.int(2)? != 0,
        terms: row.text(3)?.split(',').filter_map(|id| id.parse().ok()).collect(),
    })
}

/// How many entries there are.
///
/// # Errors
/// When the database does not answer.
pub async fn count(conn: &mut Conn, wanted: &Wanted) -> Result<usize> {
    let (condition, args) = conditions(wanted);
    let sql = format!("select count(*) from exchange e where {condition}");
    conn.reading([Dep::stamps()]);
    Ok(usize::try_from(conn.number(&sql, &args).await?).unwrap_or(0))
}

/// One entry.
///
/// # Errors
/// When the database does not answer.
pub async fn of(conn: &mut Conn, item: ItemId) -> Result<Option<Entry>> {
    conn.reading([Dep::stamps()]);
    let sql = "select item_id, stamp, gone, terms from exchange where item_id = $1";
    conn.one(sql, &[item.into()]).await?.as_ref().map(entry).transpose()
}

/// The first stamp of all; empty when there is none.
///
/// # Errors
/// When the database does not answer.
pub async fn earliest(conn: &mut Conn) -> Result<String> {
    conn.reading([Dep::stamps()]);
    let row = conn
        .one("select stamp from exchange order by stamp, item_id limit 1", &[])
        .await?;
    row.map_or_else(|| Ok(String::new()), |row| row.text(0))
}

/// Who bears one of these symbols, by key ([`gp_symbols::key`]); lowest id first, whoever may see them.
///
/// # Errors
/// When the database does not answer.
pub async fn bearers(conn: &mut Conn, keys: &[String]) -> Result<Vec<(String, ItemId)>> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    let kept = |key: &str| format!("symbol {key}");
    for key in keys {
        match conn.peek::<Vec<ItemId>>(&kept(key)) {
            Some(ids) => found.extend(ids.iter().map(|id| (key.clone(), *id))),
            None => missing.push(key),
        }
    }
    let position = conn.position();
    for chunk in missing.chunks(500) {
        let sql = format!(
            "select symbol, item_id from symbols where symbol in ({}) order by item_id",
            placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|key| Arg::from(*key)).collect();
        conn.reading(chunk.iter().map(|key| Dep::name(key)));
        for row in conn.all(&sql, &args).await? {
            found.push((row.text(0)?, ItemId(row.int(1)?)));
        }
    }
    for key in missing {
        let ids: Vec<ItemId> = found.iter().filter(|(k, _)| k == key).map(|(_, id)| *id).collect();
        conn.put(kept(key), ids, 120, &[Dep::name(key)], position);
    }
    Ok(found)
}

/// The keys under which a record is found. Anything that is no record has none.
pub(crate) fn keys_of(record: &[u8]) -> Vec<String> {
    const MOST: usize = 50;
    let json: serde_json::Value = serde_json::from_slice(record).unwrap_or_default();
    let names = match json.get("also_known_as") {
        Some(serde_json::Value::Array(names)) => names.iter().filter_map(|n| n.as_str()).collect(),
        Some(serde_json::Value::String(name)) => vec![name.as_str()],
        _ => Vec::new(),
    };
    let symbol = json.get("symbol").and_then(|s| s.as_str());
    let all = symbol.into_iter().chain(names).flat_map(gp_symbols::keys);
    let mut keys: Vec<String> = all.take(MOST).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Writes under which keys an item is found, and gives those that changed.
pub(crate) async fn set_keys(tx: &mut Conn, item: ItemId, keys: &[String]) -> Result<Vec<String>> {
    let rows = tx
        .all("select symbol from symbols where item_id = $1", &[item.into()])
        .await?;
    let old: Vec<String> = rows.iter().map(|row| row.text(0)).collect::<Result<_>>()?;
    let gone: Vec<&String> = old.iter().filter(|key| !keys.contains(key)).collect();
    let new: Vec<&String> = keys.iter().filter(|key| !old.contains(key)).collect();
    for key in &gone {
        let sql = "delete from symbols where symbol = $1 and item_id = $2";
        tx.run(sql, &[(*key).into(), item.into()]).await?;
    }
    let args: Vec<Arg> = new.iter().flat_map(|key| [Arg::from(*key), item.into()]).collect();
    let sql = "insert into symbols (symbol, item_id) values";
    tx.insert_many(sql, 2, "on conflict (symbol, item_id) do nothing", &args)
        .await?;
    Ok(gone.into_iter().chain(new).cloned().collect())
}

/// Brings both tables up to date with the rows that an import wrote. What is brought into a site without resources keeps its own dates; later everything new or different is of now, so that harvesters hear of it.
///
/// # Errors
/// When the database does not answer.
pub async fn settle(tx: &mut Conn, now: Timestamp) -> Result<()> {
    let now = mysql_date(now, &TimeZone::UTC);
    let now = now.as_str();
    let first = tx.one("select item_id from exchange limit 1", &[]).await?.is_none();
    let there = format!("exists (select 1 from items i where i.id = exchange.item_id and {TOLD}");
    for sql in [
        format!("update exchange set gone = 1, stamp = $1 where gone = 0 and not {there})"),
        format!("update exchange set gone = 0, terms = '', stamp = $1 where gone = 1 and {there})"),
        format!("update exchange set stamp = $1 where gone = 0 and {there} and i.modified_gmt > exchange.stamp)"),
    ] {
        tx.run(&sql, &[now.into()]).await?;
    }
    let stamp = if first {
        "case when i.modified_gmt >= '1970-01-01 00:00:00' and i.modified_gmt <= $1 then i.modified_gmt else $1 end"
    } else {
        "$1"
    };
    let sql = format!(
        "insert into exchange (item_id, stamp) select i.id, {stamp} from items i where {TOLD} \
         and not exists (select 1 from exchange e where e.item_id = i.id)"
    );
    tx.run(&sql, &[now.into()]).await?;
    settle_symbols(tx).await
}

async fn settle_symbols(tx: &mut Conn) -> Result<()> {
    tx.run("delete from symbols", &[]).await?;
    let mut after = 0;
    loop {
        const AT_ONCE: usize = 1000;
        let sql = "select id, item_id, value from item_meta where id > $1 and key = $2 order by id limit $3";
        let rows = tx.all(sql, &[after.into(), RECORD.into(), AT_ONCE.into()]).await?;
        let mut args: Vec<Arg> = Vec::new();
        for row in &rows {
            after = row.int(0)?;
            let item = row.int(1)?;
            args.extend(
                keys_of(&row.bytes(2)?)
                    .into_iter()
                    .flat_map(|key| [key.into(), item.into()]),
            );
        }
        let sql = "insert into symbols (symbol, item_id) values";
        tx.insert_many(sql, 2, "on conflict (symbol, item_id) do nothing", &args)
            .await?;
        if rows.len() < AT_ONCE {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_found_by_its_symbol_and_other_names() {
        let keys = keys_of(br#"{"symbol":"CRC/C/156","also_known_as":["OPSC Guidelines","GE.19-15447(E)",3]}"#);
        assert_eq!(keys, ["CRC/C/156", "GE/19/15447/E", "OPSC/GUIDELINES"]);
        for other in [&b""[..], b"[1]", b"{\"symbol\":7}", b"\xff"] {
            assert!(keys_of(other).is_empty());
        }
    }
}

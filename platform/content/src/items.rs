//! Items: WordPress's posts, whatever their type. Reading them one by one, in bulk and as lists; writing is for `actions`.

use std::{collections::HashMap, sync::Arc};

use gp_kernel::{ItemId, Result, UserId};
use gp_store::{Arg, Conn, Dep, Recall, Row};

pub use crate::order::Order;
pub use query::{Between, ItemQuery};

mod query;

use crate::{dates::Dates, meta::placeholders, permission::Scope};
use query::{Conditions, conditions};

/// One item, field by field as WordPress stores it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are WordPress's own; see its posts table")]
pub struct Item {
    pub id: ItemId,
    pub kind: String,
    pub status: String,
    pub name: String,
    pub title: String,
    pub content: String,
    pub excerpt: String,
    pub author: UserId,
    pub parent: ItemId,
    pub menu_order: i64,
    pub date: String,
    pub date_gmt: String,
    pub modified: String,
    pub modified_gmt: String,
    pub password: String,
    pub comment_status: String,
    pub ping_status: String,
    pub to_ping: String,
    pub pinged: String,
    pub content_filtered: String,
    pub guid: String,
    pub mime_type: String,
    pub comment_count: i64,
    pub version: i64,
}

/// The columns of [`Item`] in the order that [`Item::from_row`] reads.
pub const COLUMNS: &str = "i.id, i.type, i.status, i.name, i.title, i.content, i.excerpt, i.author, i.parent, i.menu_order, \
    i.date, i.date_gmt, i.modified, i.modified_gmt, i.password, i.comment_status, i.ping_status, i.to_ping, i.pinged, \
    i.content_filtered, i.guid, i.mime_type, i.comment_count, i.version";

/// An insert of all columns, for [`Conn::insert_many`] with [`Item::args`].
pub const INSERT: &str = "insert into items (id, type, status, name, title, content, excerpt, author, parent, menu_order, \
    date, date_gmt, modified, modified_gmt, password, comment_status, ping_status, to_ping, pinged, \
    content_filtered, guid, mime_type, comment_count, version) values";

/// How many columns there are.
pub const WIDTH: usize = 24;

impl Item {
    /// Reads a row of [`COLUMNS`].
    ///
    /// # Errors
    /// When the row has another shape.
    pub fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: ItemId(row.int(0)?),
            kind: row.text(1)?,
            status: row.text(2)?,
            name: row.text(3)?,
            title: row.text(4)?,
            content: row.text(5)?,
            excerpt: row.text(6)?,
            author: UserId(row.int(7)?),
            parent: ItemId(row.int(8)?),
            menu_order: row.int(9)?,
            date: row.text(10)?,
            date_gmt: row.text(11)?,
            modified: row.text(12)?,
            modified_gmt: row.text(13)?,
            password: row.text(14)?,
            comment_status: row.text(15)?,
            ping_status: row.text(16)?,
            to_ping: row.text(17)?,
            pinged: row.text(18)?,
            content_filtered: row.text(19)?,
            guid: row.text(20)?,
            mime_type: row.text(21)?,
            comment_count: row.int(22)?,
            version: row.int(23)?,
        })
    }

    /// The values of [`INSERT`].
    pub fn args(&self) -> [Arg; WIDTH] {
        [
            self.id.into(),
            (&self.kind).into(),
            (&self.status).into(),
            (&self.name).into(),
            (&self.title).into(),
            (&self.content).into(),
            (&self.excerpt).into(),
            self.author.into(),
            self.parent.into(),
            self.menu_order.into(),
            (&self.date).into(),
            (&self.date_gmt).into(),
            (&self.modified).into(),
            (&self.modified_gmt).into(),
            (&self.password).into(),
            (&self.comment_status).into(),
            (&self.ping_status).into(),
            (&self.to_ping).into(),
            (&self.pinged).into(),
            (&self.content_filtered).into(),
            (&self.guid).into(),
            (&self.mime_type).into(),
            self.comment_count.into(),
            self.version.into(),
        ]
    }
}

/// Reads rows of [`COLUMNS`]; the items count as read.
fn items(conn: &mut Conn, rows: &[Row]) -> Result<Vec<Item>> {
    let items: Vec<Item> = rows.iter().map(Item::from_row).collect::<Result<_>>()?;
    conn.found(items.iter().map(|item| Dep::item(item.id.0)));
    Ok(items)
}

async fn all(conn: &mut Conn, sql: &str, args: &[Arg]) -> Result<Vec<Item>> {
    let rows = conn.all(sql, args).await?;
    items(conn, &rows)
}

/// So many at once are looked for among those that are kept.
pub(crate) const FEW: usize = 64;

fn key(id: ItemId) -> String {
    format!("item {id}")
}

fn keep(conn: &Conn, item: &Item, position: i64) {
    let bytes = item.content.len() + item.excerpt.len() + item.title.len() + item.name.len() + 700;
    conn.put(key(item.id), item.clone(), bytes, &[Dep::item(item.id.0)], position);
}

/// The item of this id, whoever may see it: ask [`Scope::sight`] before showing it.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(conn: &mut Conn, id: ItemId) -> Result<Option<Item>> {
    if let Some(item) = conn.peek::<Item>(&key(id)) {
        return Ok(Some((*item).clone()));
    }
    let position = conn.position();
    let sql = format!("select {COLUMNS} from items i where i.id = $1");
    conn.reading([Dep::item(id.0)]);
    let row = conn.one(&sql, &[id.into()]).await?;
    let item = row.as_ref().map(Item::from_row).transpose()?;
    item.iter().for_each(|item| keep(conn, item, position));
    Ok(item)
}

/// Many items by id, in one query for every 500.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(conn: &mut Conn, ids: &[ItemId]) -> Result<HashMap<ItemId, Item>> {
    let mut found = HashMap::new();
    let mut missing = Vec::new();
    // A page asks for a few, most of them again and again; a walk through the whole site is not to push them out.
    let few = ids.len() <= FEW;
    for id in ids {
        match few.then(|| conn.peek::<Item>(&key(*id))).flatten() {
            Some(item) => drop(found.insert(*id, (*item).clone())),
            None => missing.push(*id),
        }
    }
    let position = conn.position();
    for chunk in missing.chunks(500) {
        let sql = format!(
            "select {COLUMNS} from items i where i.id in ({})",
            placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| (*id).into()).collect();
        conn.reading(chunk.iter().map(|id| Dep::item(id.0)));
        for item in all(conn, &sql, &args).await? {
            if few {
                keep(conn, &item, position);
            }
            found.insert(item.id, item);
        }
    }
    Ok(found)
}

/// Items of these types with this slug, oldest first; slugs are compared in lower case.
///
/// # Errors
/// When the database does not answer.
pub async fn by_name(conn: &mut Conn, name: &str, types: &[&str]) -> Result<Vec<Item>> {
    let sql = format!(
        "select {COLUMNS} from items i where i.name = $1 and i.type in ({}) order by i.id",
        placeholders(2, types.len())
    );
    let name = name.to_lowercase();
    let key = format!("named {name} {types:?}");
    if let Some(ids) = conn.peek::<Vec<ItemId>>(&key) {
        let mut found = by_ids(conn, &ids).await?;
        return Ok(ids.iter().filter_map(|id| found.remove(id)).collect());
    }
    let position = conn.position();
    let mut args: Vec<Arg> = vec![name.as_str().into()];
    args.extend(types.iter().map(|t| Arg::from(*t)));
    let dep = Dep::name(&name);
    conn.reading([dep]);
    let found = all(conn, &sql, &args).await?;
    let ids: Vec<ItemId> = found.iter().map(|item| item.id).collect();
    found.iter().for_each(|item| keep(conn, item, position));
    conn.put(key, ids, 100, &[dep], position);
    Ok(found)
}

/// Children of an item, in their order.
///
/// # Errors
/// When the database does not answer.
pub async fn children(conn: &mut Conn, parent: ItemId, kind: &str) -> Result<Vec<Item>> {
    let sql = format!(
        "select {COLUMNS} from items i where i.parent = $1 and i.type = $2 order by i.menu_order, i.title, i.id"
    );
    conn.reading([Dep::below(parent.0)]);
    all(conn, &sql, &[parent.into(), kind.into()]).await
}

/// Whoever had this slug before: ids, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn by_old_slug(conn: &mut Conn, slug: &str) -> Result<Vec<Item>> {
    let sql = format!(
        "select {COLUMNS} from old_slugs o join items i on i.id = o.item_id where o.slug = $1 order by i.id desc"
    );
    conn.reading([Dep::name(&slug.to_lowercase())]);
    all(conn, &sql, &[slug.to_lowercase().into()]).await
}

/// A part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The items, in order.
    pub items: Vec<Item>,
    /// How many the whole list has.
    pub total: i64,
}

/// A list, as this scope may see it.
///
/// # Errors
/// When the database does not answer.
pub async fn list(conn: &mut Conn, scope: &Scope, query: &ItemQuery) -> Result<Page> {
    let c = conditions(scope, query);
    if !query.terms.is_empty() && scope.actor().is_anonymous() {
        return part(conn, c, query).await;
    }
    let total = count(conn, &c).await?;
    if total == 0 || query.limit == 0 || i64::try_from(query.offset).is_ok_and(|o| o >= total) {
        return Ok(Page {
            items: Vec::new(),
            total,
        });
    }
    let items = if scope.actor().is_anonymous() && query.limit <= FEW {
        few(conn, c, query).await?
    } else {
        rows(conn, c, query).await?
    };
    Ok(Page { items, total })
}

/// How many there are; kept for as long as it holds.
async fn count(conn: &mut Conn, c: &Conditions) -> Result<i64> {
    let making = match conn.recall::<i64>(format!("count {} {:?}", c.sql, c.args)) {
        Recall::Found(count) => return Ok(*count),
        Recall::Missing(making) => making,
    };
    conn.reading(c.deps.iter().copied());
    let count = conn
        .number(&format!("select count(*) from items i where {}", c.sql), &c.args)
        .await?;
    making.keep(conn, count, size_of::<i64>());
    Ok(count)
}

/// The part of a list that has been restricted to terms: no index of the database has these in their order, so that the
/// whole list of ids is read once and kept.
async fn part(conn: &mut Conn, c: Conditions, query: &ItemQuery) -> Result<Page> {
    let all = ids(conn, c, query).await?;
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let shown: Vec<ItemId> = all.iter().skip(query.offset).take(query.limit).copied().collect();
    let mut found = by_ids(conn, &shown).await?;
    Ok(Page {
        items: shown.iter().filter_map(|id| found.remove(id)).collect(),
        total,
    })
}

async fn ids(conn: &mut Conn, mut c: Conditions, query: &ItemQuery) -> Result<Arc<Vec<ItemId>>> {
    let order = c.order(query);
    let key = format!("ids {} {:?} {order}", c.sql, c.args);
    let making = match conn.recall::<Vec<ItemId>>(key) {
        Recall::Found(ids) => return Ok(ids),
        Recall::Missing(making) => making,
    };
    conn.reading(c.deps);
    let sql = format!("select i.id from items i where {} order by {order}", c.sql);
    let rows = conn.all(&sql, &c.args).await?;
    let ids: Vec<ItemId> = rows.iter().map(|row| row.int(0).map(ItemId)).collect::<Result<_>>()?;
    let bytes = ids.len() * size_of::<ItemId>();
    Ok(making.keep(conn, ids, bytes))
}

/// The same list without counting it.
///
/// # Errors
/// When the database does not answer.
pub async fn some(conn: &mut Conn, scope: &Scope, query: &ItemQuery) -> Result<Vec<Item>> {
    let c = conditions(scope, query);
    if scope.actor().is_anonymous() && query.limit <= FEW {
        return if query.terms.is_empty() {
            few(conn, c, query).await
        } else {
            Ok(part(conn, c, query).await?.items)
        };
    }
    rows(conn, c, query).await
}

/// A short part of a list as everybody sees it: which items stand there is kept for as long as it holds.
async fn few(conn: &mut Conn, c: Conditions, query: &ItemQuery) -> Result<Vec<Item>> {
    let order = query.order.sql();
    let key = format!("few {} {:?} {order} {} {}", c.sql, c.args, query.limit, query.offset);
    if let Some(ids) = conn.peek::<Vec<ItemId>>(&key) {
        let mut found = by_ids(conn, &ids).await?;
        return Ok(ids.iter().filter_map(|id| found.remove(id)).collect());
    }
    let (position, mut deps) = (conn.position(), c.deps.clone());
    let found = rows(conn, c, query).await?;
    found.iter().for_each(|item| keep(conn, item, position));
    let ids: Vec<ItemId> = found.iter().map(|item| item.id).collect();
    // An item may leave a list by what it says of itself.
    deps.extend(ids.iter().map(|id| Dep::item(id.0)));
    let bytes = key.len() + ids.len() * size_of::<ItemId>();
    conn.put(key, ids, bytes, &deps, position);
    Ok(found)
}

async fn rows(conn: &mut Conn, mut c: Conditions, query: &ItemQuery) -> Result<Vec<Item>> {
    let order = c.order(query);
    let (limit, offset) = (c.arg(query.limit), c.arg(query.offset));
    let sql = format!(
        "select {COLUMNS} from items i where {} order by {order} limit ${limit} offset ${offset}",
        c.sql
    );
    conn.reading(c.deps);
    all(conn, &sql, &c.args).await
}

/// How many items of each of these terms the scope sees, in one query: for menus of terms and facets.
///
/// # Errors
/// When the database does not answer.
pub async fn counts_by_term(
    conn: &mut Conn,
    scope: &Scope,
    types: &[String],
    taxonomy: &str,
) -> Result<HashMap<i64, i64>> {
    let mut c = conditions(
        scope,
        &ItemQuery {
            types: types.to_vec(),
            ..ItemQuery::default()
        },
    );
    let making = match conn.recall::<HashMap<i64, i64>>(format!("counts {taxonomy} {} {:?}", c.sql, c.args)) {
        Recall::Found(counts) => return Ok((*counts).clone()),
        Recall::Missing(making) => making,
    };
    let taxonomy = c.list([taxonomy]);
    conn.reading(c.deps.into_iter().chain([Dep::terms()]));
    let sql = format!(
        "select t.id, count(*) from terms t join item_terms x on x.term_taxonomy_id = t.id join items i on i.id = x.item_id \
         where t.taxonomy = {taxonomy} and {} group by t.id",
        c.sql
    );
    let rows = conn.all(&sql, &c.args).await?;
    let counts: HashMap<i64, i64> = rows
        .iter()
        .map(|row| Ok((row.int(0)?, row.int(1)?)))
        .collect::<Result<_>>()?;
    let bytes = counts.len() * 32;
    Ok((*making.keep(conn, counts, bytes)).clone())
}

/// The months that have items in this scope, newest first, with how many: `2026-11`.
///
/// # Errors
/// When the database does not answer.
pub async fn months(conn: &mut Conn, scope: &Scope, types: &[String]) -> Result<Vec<(String, i64)>> {
    let c = conditions(
        scope,
        &ItemQuery {
            types: types.to_vec(),
            ..ItemQuery::default()
        },
    );
    let making = match conn.recall::<Vec<(String, i64)>>(format!("months {} {:?}", c.sql, c.args)) {
        Recall::Found(months) => return Ok((*months).clone()),
        Recall::Missing(making) => making,
    };
    conn.reading(c.deps);
    let sql = format!(
        "select substr(i.date, 1, 7), count(*) from items i where {} group by substr(i.date, 1, 7) order by 1 desc",
        c.sql
    );
    let rows = conn.all(&sql, &c.args).await?;
    let months: Vec<(String, i64)> = rows
        .iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?)))
        .collect::<Result<_>>()?;
    let bytes = months.len() * 48;
    Ok((*making.keep(conn, months, bytes)).clone())
}

/// The published neighbours of an item of the same type by date, then id: the one before and the one after.
///
/// # Errors
/// When the database does not answer.
pub async fn neighbours(conn: &mut Conn, item: &Item) -> Result<(Option<Item>, Option<Item>)> {
    let mut around = Vec::with_capacity(2);
    for (compare, order) in [("<", "desc"), (">", "asc")] {
        let sql = format!(
            "select {COLUMNS} from items i where i.type = $1 and i.status = 'publish' \
             and (i.date {compare} $2 or (i.date = $2 and i.id {compare} $3)) order by i.date {order}, i.id {order} limit 1"
        );
        let args: [Arg; 3] = [(&item.kind).into(), (&item.date).into(), item.id.into()];
        conn.reading([Dep::list(&item.kind)]);
        around.push(all(conn, &sql, &args).await?.into_iter().next());
    }
    let after = around.pop().flatten();
    Ok((around.pop().flatten(), after))
}

/// Items of these types with any of these slugs: for finding one by its path.
///
/// # Errors
/// When the database does not answer.
pub async fn by_names(conn: &mut Conn, names: &[String], types: &[&str], limit: usize) -> Result<Vec<Item>> {
    let key = format!("named {names:?} {types:?} {limit}");
    if let Some(ids) = conn.peek::<Vec<ItemId>>(&key) {
        let mut found = by_ids(conn, &ids).await?;
        return Ok(ids.iter().filter_map(|id| found.remove(id)).collect());
    }
    let sql = format!(
        "select {COLUMNS} from items i where i.name in ({}) and i.type in ({}) order by i.id limit ${}",
        placeholders(1, names.len()),
        placeholders(names.len() + 1, types.len()),
        names.len() + types.len() + 1
    );
    let mut args: Vec<Arg> = names.iter().map(Arg::from).collect();
    args.extend(types.iter().map(|t| Arg::from(*t)));
    args.push(limit.into());
    let position = conn.position();
    let deps: Vec<Dep> = names.iter().map(|name| Dep::name(name)).collect();
    conn.reading(deps.iter().copied());
    let found = all(conn, &sql, &args).await?;
    found.iter().for_each(|item| keep(conn, item, position));
    let ids: Vec<ItemId> = found.iter().map(|item| item.id).collect();
    conn.put(key, ids, 200, &deps, position);
    Ok(found)
}

/// Published items whose slug begins like this, by slug: for guessing what a broken address meant. Those of a year, month and
/// day only, where these are known.
///
/// # Errors
/// When the database does not answer.
pub async fn begins_with(
    conn: &mut Conn,
    slug: &str,
    types: &[&str],
    dates: &Dates,
    limit: usize,
) -> Result<Vec<Item>> {
    let slug = slug.to_lowercase();
    let mut c = Conditions {
        // Joined to nothing, status and type are no bait for the planner: without statistics it would read every published item.
        sql: "i.name >= $1 and i.name < $2 and i.status || '' = 'publish'".to_owned(),
        args: vec![slug.as_str().into(), format!("{slug}\u{7f}").into()],
        deps: types.iter().copied().map(Dep::list).collect(),
    };
    let types = c.list(types.iter().copied());
    c.add(&format!("i.type || '' in ({types})"));
    for (part, range) in dates.places() {
        if let Some(part) = part {
            let width = range.len();
            let value = c.arg(format!("{part:0width$}"));
            c.add(&format!("substr(i.date, {}, {width}) = ${value}", range.start + 1));
        }
    }
    let limit = c.arg(limit);
    let sql = format!(
        "select {COLUMNS} from items i where {} order by i.name, i.id limit ${limit}",
        c.sql
    );
    conn.reading(c.deps);
    all(conn, &sql, &c.args).await
}

/// The children of many items, of one type.
///
/// # Errors
/// When the database does not answer.
pub async fn children_of_many(conn: &mut Conn, parents: &[ItemId], kind: &str) -> Result<Vec<ItemId>> {
    let mut found = Vec::new();
    for chunk in parents.chunks(500) {
        let sql = format!(
            "select id from items where type = $1 and parent in ({})",
            placeholders(2, chunk.len())
        );
        let mut args: Vec<Arg> = vec![kind.into()];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        conn.reading(chunk.iter().map(|id| Dep::below(id.0)));
        for row in conn.all(&sql, &args).await? {
            found.push(ItemId(row.int(0)?));
        }
    }
    Ok(found)
}

/// Everybody who has published a post, by id: the people whose archives are public.
///
/// # Errors
/// When the database does not answer.
pub async fn public_authors(conn: &mut Conn) -> Result<Vec<UserId>> {
    conn.reading([Dep::list("post")]);
    conn.all(
        "select distinct author from items where type = 'post' and status = 'publish' and author > 0 order by author",
        &[],
    )
    .await?
    .iter()
    .map(|row| Ok(UserId(row.int(0)?)))
    .collect()
}

/// Ids and types of everything after an id, in the order of ids: for walks through the whole site in even steps.
///
/// # Errors
/// When the database does not answer.
pub async fn after(conn: &mut Conn, id: ItemId, limit: usize) -> Result<Vec<(ItemId, String)>> {
    let sql = "select i.id, i.type from items i where i.id > $1 order by i.id limit $2";
    conn.all(sql, &[id.into(), limit.into()])
        .await?
        .iter()
        .map(|row| Ok((ItemId(row.int(0)?), row.text(1)?)))
        .collect()
}

/// Whether the site has anything at all.
///
/// # Errors
/// When the database does not answer.
pub async fn any(conn: &mut Conn) -> Result<bool> {
    Ok(conn.one("select id from items limit 1", &[]).await?.is_some())
}

/// How many revisions items have (autosaves aside), and which is the newest.
///
/// # Errors
/// When the database does not answer.
pub async fn revisions_of(conn: &mut Conn, items: &[ItemId]) -> Result<HashMap<ItemId, (i64, ItemId)>> {
    let mut found = HashMap::new();
    for chunk in items.chunks(500) {
        let sql = format!(
            "select parent, count(*), max(id) from items where type = 'revision' and name not like '%-autosave-v1' \
             and parent in ({}) group by parent",
            placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| Arg::from(*id)).collect();
        conn.reading(chunk.iter().flat_map(|id| [Dep::item(id.0), Dep::below(id.0)]));
        for row in conn.all(&sql, &args).await? {
            found.insert(ItemId(row.int(0)?), (row.int(1)?, ItemId(row.int(2)?)));
        }
    }
    Ok(found)
}

/// Everything that was kept of what an item said: revisions and autosaves, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn versions(conn: &mut Conn, of: ItemId) -> Result<Vec<Item>> {
    let sql = format!("select {COLUMNS} from items i where i.parent = $1 and i.type = 'revision' order by i.id");
    conn.reading([Dep::item(of.0), Dep::below(of.0)]);
    all(conn, &sql, &[of.into()]).await
}

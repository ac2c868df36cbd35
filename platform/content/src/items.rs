//! Items: WordPress's posts, whatever their type. Reading them one by one, in bulk and as lists; writing is for `actions`.

use std::{collections::HashMap, sync::Arc};

use gp_kernel::{ItemId, Result, UserId};
use gp_store::{Arg, Conn, Dep, Recall, Row};

pub use crate::order::Order;
use crate::{
    dates::Dates,
    meta::placeholders,
    permission::{Scope, Shelf},
};

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

/// What a list is made of; empty conditions do not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemQuery {
    /// Types; the scope decides which of their items are seen.
    pub types: Vec<String>,
    /// By any of these authors; by anybody, when there are none.
    pub authors: Vec<UserId>,
    /// For each group: at least one of these term-taxonomy ids.
    pub terms: Vec<Vec<i64>>,
    /// None of these term-taxonomy ids.
    pub without_terms: Vec<i64>,
    /// Parts of the date.
    pub dates: Dates,
    /// Only these.
    pub ids: Option<Vec<ItemId>>,
    /// Not these.
    pub without_ids: Vec<ItemId>,
    /// Children of this item.
    pub parent: Option<ItemId>,
    /// Children of any of these items; of anything, when there are none.
    pub parents: Vec<ItemId>,
    /// Each of these words stands in the title, the excerpt or the content. Those with a password are left out then.
    pub words: Vec<String>,
    /// The columns to look for words in; none: title, excerpt and content.
    pub word_columns: Vec<&'static str>,
    /// What whoever works on the site may see, instead of what visitors may ([`Scope::at_work`]).
    pub shelves: Option<Vec<Shelf>>,
    /// In any group of terms instead of each.
    pub any_terms: bool,
    /// By none of these authors.
    pub without_authors: Vec<UserId>,
    /// Children of none of these items.
    pub without_parents: Vec<ItemId>,
    /// With one of these slugs; with any, when there are none.
    pub names: Vec<String>,
    /// With this `menu_order`.
    pub menu_order: Option<i64>,
    /// Published after and before this, in the site's time; changed after and before this. Empty: whenever.
    pub between: Between,
    /// Of these media types (`image/png`, or `image` for all of a kind).
    pub mime_types: Vec<String>,
    /// Order.
    pub order: Order,
    /// How many to leave out.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
}

/// Limits of dates as they are stored (`2026-11-27 10:00:00`, in the site's time); empty ones are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the limits say themselves")]
pub struct Between {
    pub after: String,
    pub before: String,
    pub modified_after: String,
    pub modified_before: String,
}

/// A part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The items, in order.
    pub items: Vec<Item>,
    /// How many the whole list has.
    pub total: i64,
}

struct Conditions {
    sql: String,
    args: Vec<Arg>,
    /// What decides which items there are, and in which order.
    deps: Vec<Dep>,
}

impl Conditions {
    fn arg(&mut self, arg: impl Into<Arg>) -> usize {
        self.args.push(arg.into());
        self.args.len()
    }

    fn list<T: Into<Arg>>(&mut self, values: impl IntoIterator<Item = T>) -> String {
        let numbers: Vec<String> = values.into_iter().map(|v| format!("${}", self.arg(v))).collect();
        if numbers.is_empty() {
            "''".to_owned()
        } else {
            numbers.join(",")
        }
    }

    fn ids(&mut self, ids: impl IntoIterator<Item = i64>) -> String {
        let numbers: Vec<String> = ids.into_iter().map(|v| format!("${}", self.arg(v))).collect();
        if numbers.is_empty() {
            "-1".to_owned()
        } else {
            numbers.join(",")
        }
    }

    fn dates(&mut self, dates: &Dates) {
        let prefix = dates.prefix();
        if !prefix.is_empty() {
            // A range, not LIKE: both databases use the index, and '~' follows every digit, blank and dash.
            let (from, to) = (self.arg(prefix.as_str()), self.arg(format!("{prefix}~")));
            self.add(&format!("i.date >= ${from} and i.date < ${to}"));
        }
        for (part, range) in dates.places() {
            if let Some(part) = part.filter(|_| range.start >= prefix.len()) {
                let value = self.arg(format!("{part:02}"));
                self.add(&format!("substr(i.date, {}, 2) = ${value}", range.start + 1));
            }
        }
    }

    fn words(&mut self, words: &[String], columns: &[&'static str]) {
        let columns = match columns {
            [] => &["title", "excerpt", "content"],
            some => some,
        };
        for word in words {
            // `!` before what would be a wildcard: both databases read it alike.
            let word = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
            let n = self.arg(format!("%{word}%"));
            let of = |column: &str| format!("lower(i.{column}) like lower(${n}) escape '!'");
            let ways: Vec<String> = columns.iter().map(|column| of(column)).collect();
            self.add(&format!("({})", ways.join(" or ")));
        }
        if !words.is_empty() {
            self.add("i.password = ''");
        }
    }

    fn between(&mut self, between: &Between) {
        let limits = [
            ("date >", &between.after),
            ("date <", &between.before),
            ("modified >", &between.modified_after),
            ("modified <", &between.modified_before),
        ];
        for (compared, limit) in limits {
            if !limit.is_empty() {
                let n = self.arg(limit.as_str());
                self.add(&format!("i.{compared} ${n}"));
            }
        }
    }

    fn terms(&mut self, groups: &[Vec<i64>], any: bool) {
        let mut ways = Vec::new();
        for group in groups {
            let ids = self.ids(group.iter().copied());
            ways.push(format!(
                "i.id in (select t.item_id from item_terms t where t.term_taxonomy_id in ({ids}))"
            ));
        }
        if !ways.is_empty() {
            let how = if any { " or " } else { " and " };
            self.add(&format!("({})", ways.join(how)));
        }
    }

    fn mime_types(&mut self, types: &[String]) {
        let mut ways = Vec::new();
        for kind in types {
            let (n, whole) = (self.arg(kind.as_str()), kind.contains('/'));
            // A range, for all of a kind: `image/` up to `image0`.
            ways.push(if whole {
                format!("i.mime_type = ${n}")
            } else {
                format!("(i.mime_type >= ${n} || '/' and i.mime_type < ${n} || '0')")
            });
        }
        if !ways.is_empty() {
            self.add(&format!("({})", ways.join(" or ")));
        }
    }

    /// The order; whoever looks for words gets those first that have them in the title.
    fn order(&mut self, query: &ItemQuery) -> String {
        let (Order::Fitting, false) = (query.order, query.words.is_empty()) else {
            return query.order.sql().to_owned();
        };
        let phrase = query
            .words
            .join(" ")
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        let n = self.arg(format!("%{phrase}%"));
        format!(
            "case when lower(i.title) like lower(${n}) escape '!' then 0 else 1 end, {}",
            query.order.sql()
        )
    }

    fn add(&mut self, condition: &str) {
        self.sql.push_str(" and ");
        self.sql.push_str(condition);
    }
}

fn conditions(scope: &Scope, query: &ItemQuery) -> Conditions {
    let mut c = Conditions {
        sql: String::new(),
        args: Vec::new(),
        deps: deps_of(scope, query),
    };
    let mut bind = |value| {
        c.args.push(value);
        c.args.len()
    };
    c.sql = match &query.shelves {
        Some(shelves) => scope.condition_of_shelves(shelves, &mut bind),
        None => scope.condition(&query.types, &mut bind),
    };
    if !query.authors.is_empty() {
        let ids = c.ids(query.authors.iter().map(|id| id.0));
        c.add(&format!("i.author in ({ids})"));
    }
    c.terms(&query.terms, query.any_terms);
    lesser_conditions(&mut c, query);
    if !query.without_terms.is_empty() {
        let ids = c.ids(query.without_terms.iter().copied());
        c.add(&format!(
            "not exists (select 1 from item_terms t where t.item_id = i.id and t.term_taxonomy_id in ({ids}))"
        ));
    }
    c.dates(&query.dates);
    if let Some(ids) = &query.ids {
        let ids = c.ids(ids.iter().map(|id| id.0));
        c.add(&format!("i.id in ({ids})"));
    }
    if !query.without_ids.is_empty() {
        let ids = c.ids(query.without_ids.iter().map(|id| id.0));
        c.add(&format!("i.id not in ({ids})"));
    }
    if let Some(parent) = query.parent {
        let n = c.arg(parent);
        c.add(&format!("i.parent = ${n}"));
    }
    if !query.parents.is_empty() {
        let ids = c.ids(query.parents.iter().map(|id| id.0));
        c.add(&format!("i.parent in ({ids})"));
    }
    c.words(&query.words, &query.word_columns);
    c
}

fn lesser_conditions(c: &mut Conditions, query: &ItemQuery) {
    if !query.without_authors.is_empty() {
        let ids = c.ids(query.without_authors.iter().map(|id| id.0));
        c.add(&format!("i.author not in ({ids})"));
    }
    if !query.without_parents.is_empty() {
        let ids = c.ids(query.without_parents.iter().map(|id| id.0));
        c.add(&format!("i.parent not in ({ids})"));
    }
    if !query.names.is_empty() {
        let names = c.list(query.names.iter());
        c.add(&format!("i.name in ({names})"));
    }
    if let Some(place) = query.menu_order {
        let n = c.arg(place);
        c.add(&format!("i.menu_order = ${n}"));
    }
    c.between(&query.between);
    c.mime_types(&query.mime_types);
}

/// What a list depends on besides the items that it shows.
fn deps_of(scope: &Scope, query: &ItemQuery) -> Vec<Dep> {
    let kinds = || -> Vec<&str> {
        match &query.shelves {
            Some(shelves) => shelves.iter().map(Shelf::kind).collect(),
            None => scope.listed(&query.types).collect(),
        }
    };
    let mut deps: Vec<Dep> = match (&query.ids, query.terms.first(), query.parent) {
        // Whatever happens to an item is a change of it.
        (Some(ids), ..) => ids.iter().map(|id| Dep::item(id.0)).collect(),
        (None, Some(_), _) if query.any_terms => query.terms.iter().flatten().copied().map(Dep::members).collect(),
        (None, Some(terms), _) => terms.iter().copied().map(Dep::members).collect(),
        (None, None, Some(parent)) => vec![Dep::below(parent.0)],
        (None, None, None) if !query.parents.is_empty() => query.parents.iter().map(|id| Dep::below(id.0)).collect(),
        (None, None, None) => kinds().into_iter().map(Dep::list).collect(),
    };
    let by_change = !query.between.modified_after.is_empty() || !query.between.modified_before.is_empty();
    if query.order.is_of_text()
        || !query.words.is_empty()
        || by_change
        || !query.names.is_empty()
        || !query.mime_types.is_empty()
    {
        deps.extend(kinds().into_iter().map(Dep::touched));
    }
    if !query.without_terms.is_empty() {
        deps.extend(query.without_terms.iter().copied().map(Dep::members));
    }
    deps
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

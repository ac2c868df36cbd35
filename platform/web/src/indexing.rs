//! The search index follows the change feed: what changed since its checkpoint is read again, as a visitor sees it.
//!
//! Only what everybody may read in full is in the index, so nothing private can come out of it.

use std::{collections::BTreeSet, time::Duration};

use gp_blocks::{Listing, PageContext, Password};
use gp_content::{
    Item, Scope, Sight,
    address::{Address, links},
    items, meta, terms,
};
use gp_kernel::{Error, ErrorKind, ItemId, Result, parse_mysql_date};
use gp_markup::text::{decode_entities, plain_text};
use gp_search::Doc;
use gp_store::{Conn, changes_after, latest_change};
use jiff::tz::TimeZone;

use crate::{app::App, passages, public::listing::AUTHOR};

/// Items read at a time.
const BATCH: usize = 200;
/// How long a search waits while others bring changed items into the index. A few are soon there, and whoever publishes
/// something finds it with the next search; for many a reader does not wait.
const PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE_WITH_MANY: Duration = Duration::from_millis(250);

/// What happened since the index was last brought up to date.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lag {
    /// Items whose entries may be old.
    pub items: BTreeSet<i64>,
    /// So much changed that everything is to be read again.
    pub everything: bool,
    /// Up to which change this looks.
    pub upto: i64,
}

/// What the index does not know yet.
async fn lag(app: &App, conn: &mut Conn) -> Result<Lag> {
    const MANY: usize = 5000;
    let checkpoint = app.index.checkpoint();
    let newest = latest_change(conn).await?;
    let mut lag = Lag {
        upto: newest,
        ..Lag::default()
    };
    if newest <= checkpoint && (newest == checkpoint || newest > 0) {
        lag.upto = checkpoint;
        return Ok(lag);
    }
    let changes = changes_after(conn, checkpoint, MANY + 1).await?;
    // What is read of the changed items must be newer than these lines.
    app.db.kept().catch_up(conn).await?;
    lag.everything = checkpoint == 0 || changes.len() > MANY || newest < checkpoint;
    for change in &changes {
        match change.kind.as_str() {
            "item" => {
                lag.items.insert(change.object);
            }
            "all" | "term" => lag.everything = true,
            "option" => {}
            _ => {}
        }
    }
    Ok(lag)
}

impl App {
    /// Brings the index up to date; at once when nothing changed.
    ///
    /// # Errors
    /// When database or index do not answer; what was done so far stays.
    pub async fn catch_up(&self) -> Result<()> {
        {
            // First the connection: searches wait for this turn with theirs in hand.
            let mut conn = self.db.read().await?;
            let _one_at_a_time = self.indexing().lock().await;
            step(self, &mut conn).await?;
        }
        self.ask_for_reading().await
    }

    /// Before a search: brings the index up to date on the connection that the request has already (waiting for a second
    /// one while holding the first, all requests together would wait for ever), and says what is still behind. While
    /// another request makes a few entries anew this waits for it a moment. Everything anew is the follower's work, never
    /// a visitor's: until then the old entries answer, and each is looked at once more before it is shown.
    pub(crate) async fn before_search(&self, conn: &mut Conn) -> Result<Lag> {
        let behind = lag(self, conn).await?;
        if !behind.everything && behind.items.is_empty() {
            return Ok(behind);
        }
        if behind.everything {
            return Ok(behind);
        }
        let few = behind.items.len() <= BATCH;
        let patience = if few { PATIENCE } else { PATIENCE_WITH_MANY };
        let turn = tokio::time::timeout(patience, self.indexing().lock()).await;
        let Ok(_turn) = turn else {
            return with_neighbours(conn, behind).await;
        };
        if let Err(error) = step(self, conn).await {
            tracing::warn!(%error, "the search index could not be brought up to date");
        }
        let behind = lag(self, conn).await?;
        with_neighbours(conn, behind).await
    }

    /// Reads everything again.
    ///
    /// # Errors
    /// When database or index do not answer; `Conflict` while another process writes to the index.
    pub async fn reindex(&self) -> Result<()> {
        {
            // First the connection: searches wait for this turn with theirs in hand.
            let mut conn = self.db.read().await?;
            let _one_at_a_time = self.indexing().lock().await;
            let upto = latest_change(&mut conn).await?;
            reindex(self, &mut conn, upto).await?;
        }
        self.ask_for_reading().await
    }
}

/// Items whose entries depend on others that changed: files are public with their item, and what stands in a file is found with
/// the item that offers it.
async fn with_neighbours(conn: &mut Conn, mut lag: Lag) -> Result<Lag> {
    if lag.items.is_empty() {
        return Ok(lag);
    }
    let mut changed: Vec<ItemId> = lag.items.iter().copied().map(ItemId).collect();
    changed.extend(items::children_of_many(conn, &changed, "attachment").await?);
    let files = items::by_ids(conn, &changed).await?;
    let offering = files.values().filter(|i| i.kind == "attachment" && i.parent.0 > 0);
    changed.extend(offering.map(|file| file.parent).collect::<Vec<_>>());
    lag.items.extend(changed.iter().map(|id| id.0));
    Ok(lag)
}

/// What `catch_up` does in its turn.
async fn step(app: &App, conn: &mut Conn) -> Result<()> {
    let lag = lag(app, conn).await?;
    if lag.everything {
        return reindex(app, conn, lag.upto).await;
    }
    if lag.items.is_empty() {
        return if lag.upto > app.index.checkpoint() {
            apply(app, Vec::new(), &[], lag.upto).await
        } else {
            Ok(())
        };
    }
    let lag = with_neighbours(conn, lag).await?;
    let changed: Vec<ItemId> = lag.items.iter().copied().map(ItemId).collect();
    for chunk in changed.chunks(BATCH) {
        let docs = docs(app, conn, chunk).await?;
        let gone: Vec<i64> = chunk
            .iter()
            .map(|id| id.0)
            .filter(|id| docs.iter().all(|d| d.id != *id))
            .collect();
        apply(app, docs, &gone, app.index.checkpoint()).await?;
    }
    apply(app, Vec::new(), &[], lag.upto).await
}

/// Reads everything again, entry by entry over the old ones, and then removes those that nobody may see any more: searches
/// go on meanwhile. An index that is ahead of the database (a backup came back) is of another time and is emptied first.
async fn reindex(app: &App, conn: &mut Conn, upto: i64) -> Result<()> {
    if app.index.checkpoint() > upto {
        let index = app.index.clone();
        blocking(move || index.clear()).await?;
    }
    let checkpoint = app.index.checkpoint();
    let mut seen: BTreeSet<i64> = BTreeSet::new();
    let mut last = ItemId(0);
    loop {
        let found = items::after(conn, last, BATCH).await?;
        let Some((newest, _)) = found.last() else { break };
        last = *newest;
        let searchable = |kind: &str| app.types.get(kind).is_some_and(|t| t.searchable);
        let ids: Vec<ItemId> = found
            .iter()
            .filter(|(_, kind)| searchable(kind))
            .map(|(id, _)| *id)
            .collect();
        let docs = docs(app, conn, &ids).await?;
        seen.extend(docs.iter().map(|d| d.id));
        apply(app, docs, &[], checkpoint).await?;
    }
    let broken = |e: gp_search::Error| Error::new(ErrorKind::Unavailable, format!("search index: {e}"));
    let gone: Vec<i64> = app
        .index
        .ids()
        .map_err(broken)?
        .filter(|id| !seen.contains(id))
        .collect();
    apply(app, Vec::new(), &gone, upto.max(1)).await
}

async fn apply(app: &App, docs: Vec<Doc>, gone: &[i64], checkpoint: i64) -> Result<()> {
    let (index, gone) = (app.index.clone(), gone.to_vec());
    blocking(move || index.apply(docs, &gone, checkpoint)).await
}

async fn blocking(work: impl FnOnce() -> Result<(), gp_search::Error> + Send + 'static) -> Result<()> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Error::internal(format!("indexing: {e}")))?
        .map_err(|e| {
            let kind = match e {
                gp_search::Error::Busy { .. } => ErrorKind::Conflict,
                _ => ErrorKind::Unavailable,
            };
            Error::new(kind, format!("search index: {e}"))
        })
}

async fn docs(app: &App, conn: &mut Conn, ids: &[ItemId]) -> Result<Vec<Doc>> {
    let mut found: Vec<Item> = items::by_ids(conn, ids).await?.into_values().collect();
    found.sort_by_key(|i| i.id);
    docs_of(app, conn, &found).await
}

/// The entries of those among the items that everybody may read in full.
async fn docs_of(app: &App, conn: &mut Conn, found: &[Item]) -> Result<Vec<Doc>> {
    let scope = Scope::public(&app.types);
    let parents: Vec<ItemId> = found.iter().map(|i| i.parent).filter(|p| p.0 > 0).collect();
    let parents = items::by_ids(conn, &parents).await?;
    let seen: Vec<Item> = found
        .iter()
        .filter(|i| app.types.get(&i.kind).is_some_and(|t| t.searchable))
        .filter(|i| scope.sight(i, parents.get(&i.parent)) == Sight::Full)
        .cloned()
        .collect();
    let ids: Vec<ItemId> = seen.iter().map(|i| i.id).collect();
    let site = app.site(conn).await?;
    let links = links::of_items(conn, &site, &app.types, &seen).await?;
    let mut item_terms = terms::of_items(conn, &ids).await?;
    let owners: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let item_meta = meta::of_many(conn, meta::MetaKind::Item, &owners).await?;
    let page = PageContext {
        site,
        types: app.types.clone(),
        scope,
        address: Address::Missing,
        listing: Listing::default(),
        password: Password::None,
        base_url: String::new(),
        request: gp_content::address::Request::default(),
        now: app.clock.now(),
        reading: None,
        alike: Vec::new(),
    };
    let mut files = passages::of_items(app, conn, &seen, &item_meta).await?;
    let none = meta::Meta::default();
    let mut docs = Vec::with_capacity(seen.len());
    for item in &seen {
        // Elements that touch are words apart.
        let content = app.renderer.content(conn, &page, item, 0).await?.replace("><", "> <");
        let own_terms = item_terms.remove(&item.id).unwrap_or_default();
        let public = own_terms.iter().filter(|t| is_public(app, &t.taxonomy));
        let meta = item_meta.get(&item.id.0).unwrap_or(&none);
        let described = (app.describe)(item, meta);
        let read = files.remove(&item.id).unwrap_or_default();
        let language = Some(meta.text("_guidepost_lang")).filter(|l| !l.is_empty());
        let language = language.unwrap_or_else(|| page.site.language.clone());
        let mut facets: Vec<(String, String)> = public.clone().map(|t| (t.taxonomy.clone(), t.slug.clone())).collect();
        facets.extend(described.facets);
        // `en-GB` is found under `en`.
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        facets.push(("lang".to_owned(), primary.to_ascii_lowercase()));
        facets.push((AUTHOR.to_owned(), item.author.to_string()));
        if read.any {
            facets.push(("file".to_owned(), "yes".to_owned()));
        }
        docs.push(Doc {
            id: item.id.0,
            kind: item.kind.clone(),
            title: decode_entities(&plain_text(&item.title)).into_owned(),
            excerpt: app.renderer.excerpt(item),
            body: plain_text(&content),
            terms: public
                .map(|t| decode_entities(&t.name).into_owned())
                .chain(described.names)
                .chain(described.symbols.iter().cloned())
                .collect(),
            facets,
            date: unix(&item.date_gmt),
            language,
            url: links.get(&item.id).cloned().unwrap_or_default(),
            passages: read.parts.into_iter().map(passages::Part::indexed).collect(),
            symbols: described.symbols.into_iter().chain(read.symbols).collect(),
        });
    }
    Ok(docs)
}

fn is_public(app: &App, taxonomy: &str) -> bool {
    app.types.taxonomy(taxonomy).is_some_and(|t| t.public)
}

fn unix(date_gmt: &str) -> i64 {
    parse_mysql_date(date_gmt)
        .and_then(|d| d.to_zoned(TimeZone::UTC).ok())
        .map_or(0, |z| z.timestamp().as_second())
}

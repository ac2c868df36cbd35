//! The items of a list, from the database or, for a search, from the index.

use std::collections::HashMap;

use gp_blocks::{Listing, Place};
use gp_content::{
    Item, ItemQuery, Sight,
    address::{List, Narrow, Shape, Sought, links, sought},
    counts, items, meta,
};
use gp_kernel::{Error, ItemId, Result};
use gp_search::{Hit, Order, PassageHit, Query};
use gp_store::Conn;

use super::{Visit, reading};
use crate::passages::file_key;

/// The items of one page of a list.
///
/// # Errors
/// When database or index do not answer.
pub async fn found(visit: &Visit<'_>, conn: &mut Conn, list: &List, per_page: usize) -> Result<Listing> {
    if let Shape::Search(_) = &list.shape {
        return search(visit, conn, &list.sought, (list.page, per_page), false).await;
    }
    let page = items::list(conn, &visit.scope, &list.query(per_page)).await?;
    let mut listed = page.items;
    if matches!(list.shape, Shape::Front | Shape::Posts(_)) && list.page == 1 && list.narrow == Narrow::default() {
        listed = sticky_first(visit, conn, listed).await?;
    }
    Ok(Listing {
        items: listed,
        total: page.total,
        pages: pages(page.total, per_page),
        ..Listing::default()
    })
}

fn pages(total: i64, per_page: usize) -> usize {
    usize::try_from(total).unwrap_or(0).div_ceil(per_page.max(1))
}

/// Sticky posts stand first on the first page, whatever their date.
async fn sticky_first(visit: &Visit<'_>, conn: &mut Conn, listed: Vec<Item>) -> Result<Vec<Item>> {
    if visit.site.sticky.is_empty() {
        return Ok(listed);
    }
    let query = ItemQuery {
        types: vec!["post".to_owned()],
        ids: Some(visit.site.sticky.clone()),
        limit: 50,
        ..ItemQuery::default()
    };
    let mut first = items::some(conn, &visit.scope, &query).await?;
    let stuck: Vec<ItemId> = first.iter().map(|i| i.id).collect();
    first.extend(listed.into_iter().filter(|i| !stuck.contains(&i.id)));
    Ok(first)
}

/// What a reader finds who has not finished the last word.
pub(super) async fn beginning(visit: &Visit<'_>, conn: &mut Conn, words: &str, most: usize) -> Result<Listing> {
    let list = sought::list(conn, &visit.app.types, &visit.request, words, 1).await?;
    search(visit, conn, &list.sought, (1, most), true).await
}

/// Where nothing was found: how many results there would be without each of the parameters that narrow.
pub(super) async fn wider(visit: &Visit<'_>, conn: &mut Conn, sought: &Sought) -> Result<Vec<(String, i64)>> {
    const MOST: usize = 6;
    let lag = visit.app.before_search(conn).await?;
    let mut wider = Vec::new();
    let names = sought
        .pairs()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name != "sort");
    for name in names.take(MOST) {
        let query = Query {
            exclude: lag.items.iter().copied().collect(),
            limit: 1,
            ..query_of(visit, conn, &sought.without(&name)).await?
        };
        let total = ask(visit, query).await?.total;
        wider.push((name, i64::try_from(total).unwrap_or(i64::MAX)));
    }
    Ok(wider)
}

async fn search(
    visit: &Visit<'_>,
    conn: &mut Conn,
    sought: &Sought,
    (page, per_page): (usize, usize),
    prefix: bool,
) -> Result<Listing> {
    let words = sought.words.as_str();
    let app = visit.app;
    conn.passing();
    let lag = app.before_search(conn).await?;
    let query = Query {
        exclude: lag.items.into_iter().collect(),
        offset: page.saturating_sub(1).saturating_mul(per_page),
        limit: per_page,
        prefix,
        ..query_of(visit, conn, sought).await?
    };
    let mut answer = ask(visit, query).await?;
    // To find by, not to count by.
    answer.facets.retain(|(field, _)| field != AUTHOR);
    if answer.total == 0 && page == 1 && !prefix && !words.trim().is_empty() {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        app.tally.count(counts::MISS, &words.join(" "));
    }
    let ids: Vec<ItemId> = answer.hits.iter().map(|h| ItemId(h.id)).collect();
    let mut by_id = items::by_ids(conn, &ids).await?;
    let parents: Vec<ItemId> = by_id.values().map(|i| i.parent).filter(|p| p.0 > 0).collect();
    let parents = items::by_ids(conn, &parents).await?;
    // The index holds only what is public; this looks once more, at the moment of the answer.
    let listed: Vec<Item> = ids
        .iter()
        .filter_map(|id| by_id.remove(id))
        .filter(|i| visit.scope.sight(i, parents.get(&i.parent)) == Sight::Full)
        .collect();
    let places = places(visit, conn, &listed, &answer.hits).await?;
    let passages = answer
        .hits
        .into_iter()
        .map(|h| (ItemId(h.id), h.snippet_html))
        .collect();
    let total = i64::try_from(answer.total).unwrap_or(i64::MAX);
    Ok(Listing {
        items: listed,
        total,
        pages: pages(total, per_page),
        passages,
        places,
        facets: answer.facets,
        suggestion: answer.suggestion,
        also: answer.also,
        wider: Vec::new(),
    })
}

/// Where the found passages are read.
async fn places(
    visit: &Visit<'_>,
    conn: &mut Conn,
    listed: &[Item],
    hits: &[Hit],
) -> Result<HashMap<ItemId, Vec<Place>>> {
    let with: Vec<&Hit> = hits.iter().filter(|hit| !hit.passages.is_empty()).collect();
    let shown: Vec<Item> = listed
        .iter()
        .filter(|item| with.iter().any(|hit| hit.id == item.id.0))
        .cloned()
        .collect();
    if shown.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = shown.iter().map(|item| item.id.0).collect();
    let metas = meta::of_many(conn, meta::MetaKind::Item, &ids).await?;
    let none = meta::Meta::default();
    let pairs: Vec<(&Item, &meta::Meta)> = shown
        .iter()
        .map(|item| (item, metas.get(&item.id.0).unwrap_or(&none)))
        .collect();
    let files = (visit.app.files_of)(conn, &pairs).await?;
    let addresses = links::of_items(conn, &visit.site, &visit.app.types, &shown).await?;
    let mut places = HashMap::new();
    for hit in with {
        let id = ItemId(hit.id);
        let (Some(own), Some(link)) = (files.get(&id), addresses.get(&id)) else {
            continue;
        };
        let place = |passage: &PassageHit| {
            let path = own.iter().find(|path| file_key(path) == passage.document)?;
            Some(Place {
                url: reading::place(link, path, passage.page, &passage.paragraph),
                page: passage.page,
                paragraph: passage.paragraph.clone(),
                lang: passage.language.clone(),
                html: passage.text_html.clone(),
            })
        };
        places.insert(id, hit.passages.iter().filter_map(place).collect());
    }
    Ok(places)
}

/// The field that says who wrote an item.
pub(crate) const AUTHOR: &str = "author";

/// What the index is asked for. The types to look in are those that readers know, never an internal one.
async fn query_of(visit: &Visit<'_>, conn: &mut Conn, sought: &Sought) -> Result<Query> {
    let types = &visit.app.types;
    let mut query = Query {
        text: sought.words.clone(),
        kinds: types
            .public()
            .filter(|t| t.searchable)
            .map(|t| t.name.to_owned())
            .collect(),
        order: match sought.sort.as_str() {
            "newest" => Order::Newest,
            "oldest" => Order::Oldest,
            _ => Order::Relevance,
        },
        ..Query::default()
    };
    for condition in &sought.conditions {
        let field = sought::field_of(&condition.name);
        let values: Vec<String> = match field {
            "type" => {
                let named = condition.values.iter().filter_map(|name| types.searched_by(name));
                named.map(|kind| kind.name.to_owned()).collect()
            }
            AUTHOR => {
                let people = sought::people(conn, &visit.scope, condition).await?;
                people.iter().map(ToString::to_string).collect()
            }
            _ => condition.values.clone(),
        };
        if condition.without {
            query
                .without
                .extend(values.into_iter().map(|value| (field.to_owned(), value)));
        } else {
            query.filters.push((field.to_owned(), values));
        }
    }
    Ok(query)
}

async fn ask(visit: &Visit<'_>, query: Query) -> Result<gp_search::Answer> {
    let index = visit.app.index.clone();
    tokio::task::spawn_blocking(move || index.search(&query))
        .await
        .map_err(|e| Error::internal(format!("search: {e}")))?
        .map_err(|e| Error::internal(format!("search: {e}")))
}

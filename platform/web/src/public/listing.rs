//! The items of a list, from the database or, for a search, from the index.

use std::collections::HashMap;

use gp_blocks::{Listing, Place};
use gp_content::{
    Item, ItemQuery, Sight,
    address::{List, Narrow, Shape, links},
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
    if let Shape::Search(words) = &list.shape {
        return search(visit, conn, words, (list.page, per_page), false).await;
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
    search(visit, conn, words, (1, most), true).await
}

async fn search(
    visit: &Visit<'_>,
    conn: &mut Conn,
    words: &str,
    (page, per_page): (usize, usize),
    prefix: bool,
) -> Result<Listing> {
    let app = visit.app;
    conn.passing();
    let lag = app.before_search(conn).await?;
    let query = Query {
        text: words.to_owned(),
        kinds: kinds(visit),
        filters: filters(visit),
        exclude: lag.items.into_iter().collect(),
        offset: (page - 1).saturating_mul(per_page),
        limit: per_page,
        order: match visit.request.parameter("sort") {
            Some("newest") => Order::Newest,
            Some("oldest") => Order::Oldest,
            _ => Order::Relevance,
        },
        prefix,
    };
    let index = app.index.clone();
    let answer = tokio::task::spawn_blocking(move || index.search(&query))
        .await
        .map_err(|e| Error::internal(format!("search: {e}")))?
        .map_err(|e| Error::internal(format!("search: {e}")))?;
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

/// The types to look in: those that a reader asked for by their human names, never an internal one.
fn kinds(visit: &Visit<'_>) -> Vec<String> {
    let public: Vec<_> = visit.app.types.public().filter(|t| t.searchable).collect();
    let asked = visit
        .request
        .parameter("type")
        .or_else(|| visit.request.parameter("post_type"));
    let wanted = asked.and_then(|a| {
        public
            .iter()
            .find(|t| t.singular.eq_ignore_ascii_case(a) || t.plural.eq_ignore_ascii_case(a) || t.name == a)
    });
    match wanted {
        Some(kind) => vec![kind.name.to_owned()],
        None => public.iter().map(|t| t.name.to_owned()).collect(),
    }
}

fn filters(visit: &Visit<'_>) -> Vec<(String, String)> {
    let names = [
        ("label", "category"),
        ("topic", "post_tag"),
        ("region", "region"),
        ("publisher", "publisher"),
        ("lang", "lang"),
        ("year", "year"),
        ("status", "status"),
        ("file", "file"),
    ];
    names
        .iter()
        .filter_map(|(parameter, field)| Some(((*field).to_owned(), visit.request.parameter(parameter)?.to_owned())))
        .collect()
}

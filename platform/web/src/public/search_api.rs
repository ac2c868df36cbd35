//! The search for programs: `/api/v1/search` as JSON, and `/api/v1/suggest` in the form that browsers read (OpenSearch suggestions).

use gp_blocks::Listing;
use gp_content::address::{links, sought};
use gp_kernel::Result;
use gp_markup::text::plain_text;
use gp_store::Conn;
use serde_json::{Map, Value, json};

use super::Visit;
use crate::answer::Answer;

/// Results of one answer, at most.
const MOST: usize = 100;
/// Results of one answer, when nobody says how many.
const USUAL: usize = 10;

/// The answer for these doors; `None` for all others.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn) -> Result<Option<Answer>> {
    match visit.request.path.as_str() {
        "/api/v1/search" => {
            let json = search(visit, conn).await?;
            Ok(Some(Answer::text("application/json; charset=utf-8", json.to_string())))
        }
        "/api/v1/suggest" => {
            let json = suggest(visit, conn).await?;
            Ok(Some(Answer::text(
                "application/x-suggestions+json; charset=utf-8",
                json.to_string(),
            )))
        }
        _ => Ok(None),
    }
}

fn number(visit: &Visit<'_>, name: &str) -> Option<usize> {
    visit.request.parameter(name)?.parse().ok()
}

async fn search(visit: &Visit<'_>, conn: &mut Conn) -> Result<Value> {
    let words = visit.request.parameter("q").unwrap_or_default().to_owned();
    let limit = number(visit, "limit").unwrap_or(USUAL).clamp(1, MOST);
    let page = number(visit, "page").unwrap_or(1).clamp(1, 10_000);
    let list = sought::list(conn, &visit.app.types, &visit.request, &words, page).await?;
    let found = super::found(visit, conn, &list, limit).await?;
    let addresses = links::of_items(conn, &visit.site, &visit.app.types, &found.items).await?;
    let address = |item| addresses.get(&item).map_or("", String::as_str);
    Ok(told(&found, &visit.base_url, &address))
}

/// A list of results as JSON; addresses in full where there is a base.
pub fn told<'a>(found: &Listing, base: &str, address: &dyn Fn(gp_kernel::ItemId) -> &'a str) -> Value {
    let results: Vec<Value> = found
        .items
        .iter()
        .map(|item| {
            let url = format!("{base}{}", address(item.id));
            let places = found.places.get(&item.id).map(Vec::as_slice).unwrap_or_default();
            let mut passages: Vec<Value> = places
                .iter()
                .map(|place| {
                    json!({
                        "page": (place.page > 0).then_some(place.page),
                        "paragraph": (!place.paragraph.is_empty()).then_some(&place.paragraph),
                        "text": place.html,
                        "url": format!("{base}{}", place.url),
                    })
                })
                .collect();
            if let Some(text) = found
                .passages
                .get(&item.id)
                .filter(|text| passages.is_empty() && !text.is_empty())
            {
                passages.push(json!({ "page": null, "paragraph": null, "text": text, "url": url }));
            }
            json!({ "url": url, "title": plain_text(&item.title), "type": item.kind, "passages": passages })
        })
        .collect();
    let facets: Map<String, Value> = found
        .facets
        .iter()
        .map(|(field, values)| {
            let values = values
                .iter()
                .map(|(value, count)| json!({ "value": value, "count": count }));
            (sought::name_of(field).to_owned(), values.collect())
        })
        .collect();
    json!({
        "results": results, "total": found.total, "facets": facets,
        "suggestion": found.suggestion, "also": found.also,
    })
}

/// What a reader may be about to type: titles that go on like it.
async fn suggest(visit: &Visit<'_>, conn: &mut Conn) -> Result<Value> {
    const MOST_SUGGESTED: usize = 8;
    let typed = visit.request.parameter("q").unwrap_or_default();
    let typed: String = typed.chars().take(100).collect();
    if typed.trim().is_empty() {
        return Ok(json!([typed, []]));
    }
    // In titles, for they are what is shown; in all else only where no title goes on like it.
    let in_titles: Vec<String> = typed.split_whitespace().map(|word| format!("title:{word}")).collect();
    let mut found = super::listing::beginning(visit, conn, &in_titles.join(" "), MOST_SUGGESTED).await?;
    if found.items.is_empty() {
        found = super::listing::beginning(visit, conn, &typed, MOST_SUGGESTED).await?;
    }
    let addresses = links::of_items(conn, &visit.site, &visit.app.types, &found.items).await?;
    let mut titles: Vec<String> = Vec::new();
    let mut urls: Vec<String> = Vec::new();
    for item in &found.items {
        let title = plain_text(&item.title);
        if !titles.contains(&title) {
            titles.push(title);
            urls.push(format!(
                "{}{}",
                visit.base_url,
                addresses.get(&item.id).map_or("", String::as_str)
            ));
        }
    }
    Ok(json!([typed, titles, [], urls]))
}

//! `search`: items, terms and formats by a few words in their names, for whoever makes a link in an editor.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{Item, ItemQuery, Order, Site, Taxonomy, Term, address, items, terms};
use gp_kernel::ItemId;
use gp_markup::text::decode_entities;
use serde_json::{Map, Value, json};

use super::items as things;
use crate::{
    links::Links,
    reply::{Answer, Outcome},
    request::Request,
    routes::{Deed, READ, Resource, Route},
    schema::{by_ids, context, in_context, members, paging, properties, titled},
    turn::Turn,
};

struct Search {
    types: Vec<String>,
    taxonomies: Vec<Taxonomy>,
}

const SCHEMA: &str = include_str!("../schemas/search.json");

/// The route, over these types and taxonomies.
pub(crate) fn routes(types: Vec<String>, taxonomies: Vec<Taxonomy>) -> Vec<Route> {
    let search = Search { types, taxonomies };
    let mut subtypes = search.subtypes();
    subtypes.push("any".to_owned());
    let mut args = paging();
    args.insert("context".to_owned(), context(&["view", "embed"]));
    args.extend(members(json!({
        "type": {"default": "post", "description": "Limit results to items of an object type.", "type": "string",
            "enum": ["post", "term", "post-format"]},
        "subtype": {"default": "any", "description": "Limit results to items of one or more object subtypes.",
            "type": "array", "items": {"enum": subtypes, "type": "string"}},
    })));
    args.extend(by_ids());
    vec![Route::new("wp/v2", "/search", Arc::new(search)).on(READ, Deed::List, args)]
}

impl Resource for Search {
    fn schema(&self, _site: &Site, _base_url: &str) -> Option<Value> {
        let mut properties = properties(SCHEMA);
        if let Some(Value::Object(subtype)) = properties.get_mut("subtype") {
            subtype.insert("enum".to_owned(), json!(self.subtypes()));
        }
        Some(titled("search-result", properties))
    }

    fn permit<'a>(&'a self, _turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async { Ok(()) })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match request.text("type").unwrap_or("post") {
                "term" => self.in_terms(turn, request).await,
                "post-format" => self.in_formats(turn, request).await,
                _ => self.in_items(turn, request).await,
            }
        })
    }
}

fn window(request: &Request) -> (usize, usize, i64) {
    let per_page = request.int("per_page").unwrap_or(10);
    let page = request.int("page").unwrap_or(1);
    let skip = usize::try_from((page - 1).saturating_mul(per_page)).unwrap_or(0);
    (skip, usize::try_from(per_page).unwrap_or(10), per_page)
}

impl Search {
    fn subtypes(&self) -> Vec<String> {
        let terms = self.taxonomies.iter().map(|t| t.name.clone());
        self.types.iter().cloned().chain(terms).collect()
    }

    async fn in_items(&self, turn: &mut Turn, request: &Request) -> Answer {
        let (offset, limit, per_page) = window(request);
        let subtypes = request.texts("subtype");
        let any = subtypes.iter().any(|kind| kind == "any") || subtypes.is_empty();
        let wanted: Vec<String> = self
            .types
            .iter()
            .filter(|kind| any || subtypes.contains(kind))
            .cloned()
            .collect();
        let types = turn.types();
        let shelves = wanted
            .iter()
            .filter_map(|kind| types.get(kind))
            .flat_map(|kind| turn.scope.at_work(kind, &["publish"]))
            .collect();
        let include = request.ints("include");
        let words = request.text("search").unwrap_or_default();
        let query = ItemQuery {
            types: wanted,
            shelves: Some(shelves),
            ids: (!include.is_empty()).then(|| include.into_iter().map(ItemId).collect()),
            without_ids: request.ints("exclude").into_iter().map(ItemId).collect(),
            words: words.split_whitespace().take(20).map(str::to_owned).collect(),
            order: if words.trim().is_empty() {
                Order::Newest
            } else {
                Order::Fitting
            },
            offset,
            limit,
            ..ItemQuery::default()
        };
        let page = items::list(&mut turn.conn, &turn.scope, &query).await?;
        let addresses = address::links::of_items(&mut turn.conn, &turn.site, &types, &page.items).await?;
        let data = page.items.iter().map(|item| {
            let url = turn.url(addresses.get(&item.id).map_or("/", String::as_str));
            self.item(turn, item, url, request.context())
        });
        let data = data.collect();
        Ok(things::paged(
            turn,
            request,
            data,
            page.total,
            per_page,
            "/wp/v2/search",
        ))
    }

    fn item(&self, turn: &Turn, item: &Item, url: String, context: &str) -> Value {
        let types = turn.types();
        let base = types
            .get(&item.kind)
            .and_then(|kind| kind.rest_base)
            .unwrap_or_default();
        let mut links = Links::default();
        let allow = things::read::allowed(turn, item, None);
        let more = json!({"embeddable": true, "targetHints": {"allow": allow}});
        links.add("self", turn.href(&format!("/wp/v2/{base}/{}", item.id)), more);
        links.plain("about", turn.href(&format!("/wp/v2/types/{}", item.kind)));
        links.plain("collection", turn.href("/wp/v2/search"));
        let title = things::read::title(item);
        let title = title["rendered"].as_str().unwrap_or_default();
        let value = json!({"id": item.id, "title": decode_entities(title), "url": url, "type": "post",
            "subtype": item.kind, "_links": links.value()});
        in_context(value, &properties(SCHEMA), context)
    }

    async fn in_terms(&self, turn: &mut Turn, request: &Request) -> Answer {
        let subtypes = request.texts("subtype");
        let any = subtypes.iter().any(|name| name == "any") || subtypes.is_empty();
        let (include, exclude) = (request.ints("include"), request.ints("exclude"));
        let search = request.text("search").unwrap_or_default().to_lowercase();
        let mut found: Vec<(Taxonomy, Term, Vec<Term>)> = Vec::new();
        for taxonomy in self.taxonomies.iter().filter(|t| any || subtypes.contains(&t.name)) {
            let all = terms::fresh(&mut turn.conn, &taxonomy.name).await?;
            for term in &all {
                let holds = |text: &str| text.to_lowercase().contains(&search);
                let fits = (search.is_empty() || holds(&term.name) || holds(&term.slug))
                    && (include.is_empty() || include.contains(&term.term_id.0))
                    && !exclude.contains(&term.term_id.0);
                if fits {
                    found.push((taxonomy.clone(), term.clone(), all.clone()));
                }
            }
        }
        found.sort_by_key(|(_, term, _)| term.name.to_lowercase());
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let (skip, take, per_page) = window(request);
        let types = turn.types();
        let data = found.iter().skip(skip).take(take).map(|(taxonomy, term, all)| {
            let route = format!("/wp/v2/{}/{}", taxonomy.rest_base, term.term_id);
            let mut links = Links::default();
            let more = json!({"embeddable": true, "targetHints": {"allow": ["GET"]}});
            links.add("self", turn.href(&route), more);
            links.plain("about", turn.href(&format!("/wp/v2/taxonomies/{}", taxonomy.name)));
            links.plain("collection", turn.href("/wp/v2/search"));
            let url = turn.url(&address::links::of_term(&turn.site, &types, term, all));
            json!({"id": term.term_id, "title": decode_entities(&term.name), "url": url, "type": taxonomy.name,
                "_links": links.value()})
        });
        let data = data.collect();
        Ok(things::paged(turn, request, data, total, per_page, "/wp/v2/search"))
    }

    async fn in_formats(&self, turn: &mut Turn, request: &Request) -> Answer {
        let search = request.text("search").unwrap_or_default().to_lowercase();
        let used = terms::all_of(&mut turn.conn, "post_format").await?;
        let types = turn.types();
        let mut data: Vec<Value> = Vec::new();
        for term in used.iter() {
            let format = term.slug.strip_prefix("post-format-").unwrap_or(&term.slug);
            if !search.is_empty() && !format.contains(&search) {
                continue;
            }
            let url = turn.url(&address::links::of_term(&turn.site, &types, term, &used));
            let mut letters = format.chars();
            let title: String = letters
                .next()
                .map(|c| c.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect();
            let mut links = Links::default();
            links.plain("collection", turn.href("/wp/v2/search"));
            let shown: Map<String, Value> = members(json!({"id": format, "title": title, "url": url,
                "type": "post-format", "_links": links.value()}));
            data.push(Value::Object(shown));
        }
        let total = i64::try_from(data.len()).unwrap_or(i64::MAX);
        let (skip, take, per_page) = window(request);
        let data = data.into_iter().skip(skip).take(take).collect();
        Ok(things::paged(turn, request, data, total, per_page, "/wp/v2/search"))
    }
}

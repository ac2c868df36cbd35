//! From a query block's words to a query of items.

use std::collections::HashMap;

use gp_content::{ItemQuery, Order, Site, Term};
use gp_kernel::{ItemId, UserId};
use serde_json::{Map, Value};

use crate::needs::query_terms;

/// How many items one list on a page may have.
const MOST_ITEMS: usize = 100;

/// The query that a query block asks for; `taxonomies` holds the terms of those that it names.
pub(crate) fn of_block(set: &Map<String, Value>, site: &Site, taxonomies: &HashMap<String, Vec<Term>>) -> ItemQuery {
    let text = |key: &str| set.get(key).and_then(Value::as_str).unwrap_or_default();
    let number = |key: &str| {
        set.get(key)
            .and_then(|v| v.as_i64().or_else(|| v.as_str()?.trim().parse().ok()))
    };
    let size = |key: &str, default: usize| {
        number(key)
            .and_then(|n| usize::try_from(n).ok())
            .filter(|n| *n > 0)
            .unwrap_or(default)
    };
    let kind = if text("postType").is_empty() {
        "post"
    } else {
        text("postType")
    };
    let mut query = ItemQuery {
        types: vec![kind.to_owned()],
        authors: authors(set.get("author")),
        order: order(text("orderBy"), text("order")),
        limit: size("perPage", site.per_page).min(MOST_ITEMS),
        offset: size("offset", 0).min(1_000_000),
        without_ids: ids(set.get("exclude")),
        parent: ids(set.get("parents")).first().copied(),
        ..ItemQuery::default()
    };
    match text("sticky") {
        "only" => query.ids = Some(site.sticky.clone()),
        "exclude" => query.without_ids.extend(site.sticky.iter().copied()),
        _ => {}
    }
    for (taxonomy, terms, wanted) in query_terms(set) {
        let known = taxonomies.get(&taxonomy).map(Vec::as_slice).unwrap_or_default();
        let found: Vec<i64> = known
            .iter()
            .filter(|t| terms.contains(&t.term_id.0))
            .map(|t| t.id.0)
            .collect();
        if wanted {
            query.terms.push(found);
        } else {
            query.without_terms.extend(found);
        }
    }
    query
}

/// Whether WordPress puts sticky posts before a query's list: when the query asks for all posts and says nothing of them.
pub(crate) fn shows_sticky_first(key: &str, query: &ItemQuery, site: &Site) -> bool {
    let plain = query.terms.is_empty() && query.authors.is_empty() && query.parent.is_none() && query.ids.is_none();
    let says =
        key.contains("\"sticky\":\"exclude\"") || key.contains("\"sticky\":\"ignore\"") || key.starts_with("latest ");
    plain && !says && query.offset == 0 && query.types == ["post"] && !site.sticky.is_empty()
}

fn ids(list: Option<&Value>) -> Vec<ItemId> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_i64).map(ItemId).take(MOST_ITEMS).collect()
}

/// One author, or several with commas between them.
fn authors(value: Option<&Value>) -> Vec<UserId> {
    let text = match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let ids = text.split(',').filter_map(|id| id.trim().parse().ok());
    ids.filter(|id| *id > 0).map(UserId).take(MOST_ITEMS).collect()
}

fn order(by: &str, direction: &str) -> Order {
    let up = direction.eq_ignore_ascii_case("asc");
    match (by, up) {
        ("title", true) => Order::Title,
        ("title", false) => Order::TitleDown,
        ("menu_order", _) => Order::Menu,
        ("modified", _) => Order::Modified,
        (_, true) => Order::Oldest,
        _ => Order::Newest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_are_one_or_several_and_nonsense_is_nobody() {
        let of = |value: Value| authors(Some(&value)).iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(of(Value::from(3)), [3]);
        assert_eq!(of(Value::from("1, 2")), [1, 2]);
        assert!(of(Value::from("")).is_empty() && of(Value::from("x")).is_empty());
    }
}

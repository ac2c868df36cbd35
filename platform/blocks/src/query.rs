//! From a query block's words to a query of items.

use std::collections::HashMap;

use gp_content::{ItemQuery, Order, Site, Term, Types, address::Request};
use gp_kernel::{ItemId, UserId};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::needs::{OwnQuery, query_terms};

/// How many items one list on a page may have.
const MOST_ITEMS: usize = 100;

/// How far the pages of a list may be turned.
const MOST_PAGES: usize = 10_000;

/// How many words a list may be looked for with; WordPress takes more than nine as one.
const MOST_WORDS: usize = 9;

/// Which page of a block's own list an address asks for, from 1.
pub(crate) fn page_asked(own: &OwnQuery, request: &Request) -> usize {
    let asked = request.parameter(&own.turned_by).filter(|_| !own.turned_by.is_empty());
    let number = asked.and_then(|n| n.trim().parse().ok()).unwrap_or(1);
    number.clamp(1, MOST_PAGES)
}

/// How many pages a block's own list has, when it has so many items.
pub(crate) fn pages_of(set: &Map<String, Value>, total: i64, per_page: usize) -> usize {
    let all = usize::try_from(total).unwrap_or(0).div_ceil(per_page.max(1));
    let most = number(set, "pages").and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    if most == 0 { all } else { all.min(most) }
}

fn text<'v>(set: &'v Map<String, Value>, key: &str) -> &'v str {
    set.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn number(set: &Map<String, Value>, key: &str) -> Option<i64> {
    set.get(key)
        .and_then(|v| v.as_i64().or_else(|| v.as_str()?.trim().parse().ok()))
}

/// How long a list in random order stays as it is, in seconds: as long as a page is kept, so that its second page goes on where
/// the first one ends.
const SHUFFLED_FOR: i64 = 300;

/// The query for a page (from 1) of what a query block asks for; `taxonomies` holds the terms of those that it names.
pub(crate) fn of_block(
    set: &Map<String, Value>,
    page: usize,
    (site, types, now): (&Site, &Types, Timestamp),
    taxonomies: &HashMap<String, Vec<Term>>,
) -> ItemQuery {
    let size = |key: &str, default: usize| {
        number(set, key)
            .and_then(|n| usize::try_from(n).ok())
            .filter(|n| *n > 0)
            .unwrap_or(default)
    };
    let kind = match text(set, "postType") {
        "" => "post",
        kind => kind,
    };
    let limit = size("perPage", site.per_page).min(MOST_ITEMS);
    let below = types.get(kind).is_some_and(|t| t.hierarchical);
    let mut query = ItemQuery {
        types: vec![kind.to_owned()],
        authors: authors(set.get("author")),
        order: match text(set, "orderBy") {
            "rand" => Order::Shuffled((now.as_second() / SHUFFLED_FOR).unsigned_abs()),
            by => order(by, text(set, "order")),
        },
        limit,
        offset: (size("offset", 0) + limit * page.saturating_sub(1)).min(1_000_000),
        without_ids: ids(set.get("exclude")),
        parents: ids(set.get("parents").filter(|_| below)),
        words: words(text(set, "search")),
        ..ItemQuery::default()
    };
    match text(set, "sticky") {
        "only" => query.ids = Some(site.sticky.clone()),
        "exclude" => query.without_ids.extend(site.sticky.iter().copied()),
        _ => {}
    }
    // WordPress passes over what nobody can see an archive of.
    let viewable = |name: &str| types.taxonomy(name).is_some_and(|t| t.public);
    for (taxonomy, terms, wanted) in query_terms(set).into_iter().filter(|(name, ..)| viewable(name)) {
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
    formats(set, taxonomies, &mut query);
    query
}

/// Posts of some formats; one without any has the format `standard`.
fn formats(set: &Map<String, Value>, taxonomies: &HashMap<String, Vec<Term>>, query: &mut ItemQuery) {
    let wanted: Vec<&str> = match set.get("format") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => one.split(',').map(str::trim).filter(|f| !f.is_empty()).collect(),
        _ => return,
    };
    if wanted.is_empty() {
        return;
    }
    let all = taxonomies.get("post_format").map(Vec::as_slice).unwrap_or_default();
    let is_wanted = |t: &&Term| wanted.contains(&t.slug.strip_prefix("post-format-").unwrap_or(&t.slug));
    if wanted.contains(&"standard") {
        query
            .without_terms
            .extend(all.iter().filter(|t| !is_wanted(t)).map(|t| t.id.0));
    } else {
        query.terms.push(all.iter().filter(is_wanted).map(|t| t.id.0).collect());
    }
}

/// What is looked for: word by word, what stands in quotes together.
fn words(asked: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (n, part) in asked.split('"').enumerate() {
        if n % 2 == 1 {
            found.push(part.trim().to_owned());
        } else {
            found.extend(part.split([' ', '\t', '\n', ',', '+']).map(str::to_owned));
        }
    }
    found.retain(|word| !word.is_empty());
    if found.len() > MOST_WORDS {
        return vec![asked.trim().to_owned()];
    }
    found
}

/// Whether WordPress puts sticky posts before a query's list: when the first page of all posts is asked for and nothing is
/// said of them.
pub(crate) fn shows_sticky_first(own: &OwnQuery, query: &ItemQuery, site: &Site) -> bool {
    let plain = query.terms.is_empty()
        && query.without_terms.is_empty()
        && query.words.is_empty()
        && query.authors.is_empty()
        && query.ids.is_none();
    let says = matches!(text(&own.set, "sticky"), "exclude" | "ignore") || own.turned_by.is_empty();
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
    match (by, direction.eq_ignore_ascii_case("asc")) {
        ("title", true) => Order::Title,
        ("title", false) => Order::TitleDown,
        ("menu_order", true) => Order::Menu,
        ("menu_order", false) => Order::MenuDown,
        ("modified", true) => Order::ModifiedUp,
        ("modified", false) => Order::Modified,
        ("comment_count", true) => Order::Comments,
        ("comment_count", false) => Order::CommentsDown,
        ("author", true) => Order::Author,
        ("author", false) => Order::AuthorDown,
        ("name" | "post_name", true) => Order::Name,
        ("name" | "post_name", false) => Order::NameDown,
        ("ID" | "id", true) => Order::Id,
        ("ID" | "id", false) => Order::IdDown,
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
    #[test]
    fn words_are_looked_for_one_by_one_and_quotes_together() {
        assert_eq!(words(" red \"blue sky\", green"), ["red", "blue sky", "green"]);
        assert_eq!(words("a b c d e f g h i j").len(), 1);
        assert!(words("  ").is_empty());
    }

    #[test]
    fn pages_are_counted_and_bounded() {
        let set = serde_json::json!({ "pages": 2 });
        let empty = Map::new();
        assert_eq!(pages_of(&empty, 11, 5), 3);
        assert_eq!(pages_of(set.as_object().unwrap_or(&empty), 11, 5), 2);
        let own = OwnQuery {
            turned_by: "query-3-page".to_owned(),
            ..OwnQuery::default()
        };
        for (query, page) in [
            ("query-3-page=4", 4),
            ("query-3-page=-1", 1),
            ("query-page=2", 1),
            ("query-3-page=99999999", 10_000),
        ] {
            assert_eq!(page_asked(&own, &Request::parse("/", query)), page, "{query}");
        }
        assert_eq!(page_asked(&OwnQuery::default(), &Request::parse("/", "=7")), 1);
    }
}

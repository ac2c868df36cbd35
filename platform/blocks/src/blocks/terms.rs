//! Blocks that speak of terms: lists of them, and what one of them is called and says.

use gp_content::{
    Term,
    address::{Address, Shape, links},
    terms::with_descendants,
};
use gp_kernel::TermId;
use gp_markup::block::Block;
use serde_json::{Map, Value};

use super::{flag, number, text};
use crate::{
    html,
    render::{At, Render},
    supports::wrapper,
};

/// How many terms one list may have.
const MOST_TERMS: usize = 1000;

/// The term that blocks speak of: that of the list around them, else that of the archive.
pub(super) fn current<'a>(r: &Render<'a>, at: At<'a>) -> Option<&'a Term> {
    let archive = match &r.page.address {
        Address::List(list) => match &list.shape {
            Shape::Term(term, _) => Some(&**term),
            _ => None,
        },
        _ => None,
    };
    at.term.or(archive)
}

pub(super) fn query<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let set = block.attrs.get("termQuery").and_then(Value::as_object);
    r.saved(
        block,
        At {
            terms: Some(set),
            term: None,
            ..at
        },
    )
}

pub(super) fn template<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(set) = at.terms else { return String::new() };
    let found = found(r, set);
    if found.is_empty() {
        return String::new();
    }
    let layout = r.layout(block);
    let entries: String = found
        .into_iter()
        .map(|term| {
            let inner = r.blocks(
                &block.inner_blocks,
                At {
                    term: Some(term),
                    terms: None,
                    ..at
                },
            );
            let taxonomy = html::attr(&term.taxonomy);
            format!(
                "<li class=\"wp-block-term term-{} {taxonomy} taxonomy-{taxonomy}\">{inner}</li>",
                term.term_id
            )
        })
        .collect();
    format!("<ul{}>{entries}</ul>", wrapper(block, &layout))
}

/// The terms that a block asks for.
fn found<'a>(r: &Render<'a>, set: Option<&Map<String, Value>>) -> Vec<&'a Term> {
    let empty = Map::new();
    let set = set.unwrap_or(&empty);
    let word = |key: &str| set.get(key).and_then(Value::as_str).unwrap_or_default();
    let yes = |key: &str, default: bool| set.get(key).and_then(Value::as_bool).unwrap_or(default);
    let archive = current(r, At::default()).filter(|_| yes("inherit", false));
    let taxonomy = match (archive, word("taxonomy")) {
        (Some(term), _) => &term.taxonomy,
        (None, "") => "category",
        (None, name) => name,
    };
    let all = r.data.taxonomies.get(taxonomy).map(Vec::as_slice).unwrap_or_default();
    let is_used = |term: &&Term| {
        let below = with_descendants(all, term);
        !yes("hideEmpty", true)
            || below
                .iter()
                .any(|id| count_by_id(r, taxonomy, *id).is_some_and(|n| n > 0))
    };
    let included: Vec<i64> = match (archive, set.get("include")) {
        (None, Some(Value::Array(list))) => list.iter().filter_map(Value::as_i64).collect(),
        _ => Vec::new(),
    };
    let mut terms: Vec<&Term> = if !included.is_empty() {
        let by_id = |id: &i64| all.iter().find(|t| t.term_id == TermId(*id));
        included
            .iter()
            .take(MOST_TERMS)
            .filter_map(by_id)
            .filter(is_used)
            .collect()
    } else {
        let nested = yes("showNested", false);
        let hierarchical = r.page.types.taxonomy(taxonomy).is_some_and(|t| t.hierarchical);
        let root = archive.filter(|_| hierarchical);
        let inside: Option<Vec<i64>> = root.filter(|_| nested).map(|term| with_descendants(all, term));
        let parent = match (archive, root) {
            (_, Some(term)) => Some(term.term_id),
            (None, None) => Some(TermId(0)),
            (Some(_), None) => None,
        };
        let stands = |term: &&Term| match (&inside, parent) {
            (Some(inside), _) => inside.contains(&term.id.0) && root.is_some_and(|root| root.id != term.id),
            (None, Some(parent)) => nested || term.parent == parent,
            (None, None) => true,
        };
        let mut terms: Vec<&Term> = all.iter().filter(stands).filter(is_used).collect();
        sort(&mut terms, word("orderBy"), |term| count_of(r, term));
        if word("order").eq_ignore_ascii_case("desc") {
            terms.reverse();
        }
        terms
    };
    let most = set.get("perPage").and_then(Value::as_u64).unwrap_or(10);
    let most = usize::try_from(most).ok().filter(|n| *n > 0).unwrap_or(MOST_TERMS);
    terms.truncate(most.min(MOST_TERMS));
    terms
}

fn sort(terms: &mut [&Term], by: &str, count: impl Fn(&Term) -> i64) {
    match by {
        "count" => terms.sort_by_cached_key(|t| (count(t), t.name.to_lowercase())),
        "slug" => terms.sort_by(|a, b| a.slug.cmp(&b.slug)),
        "id" | "term_id" => terms.sort_by_key(|t| t.term_id.0),
        _ => terms.sort_by_cached_key(|t| t.name.to_lowercase()),
    }
}

fn count_by_id(r: &Render<'_>, taxonomy: &str, id: i64) -> Option<i64> {
    r.data.counts.get(taxonomy)?.get(&id).copied()
}

/// How many items of a term the reader can see.
pub(crate) fn count_of(r: &Render<'_>, term: &Term) -> i64 {
    match r.data.counts.contains_key(&term.taxonomy) {
        true => count_by_id(r, &term.taxonomy, term.id.0).unwrap_or(0),
        false => term.count,
    }
}

/// The address of a term's archive; nothing for terms that have none.
pub(crate) fn address_of(r: &Render<'_>, term: &Term) -> Option<String> {
    r.page.types.taxonomy(&term.taxonomy).filter(|t| t.public)?;
    let all = r.data.taxonomies.get(&term.taxonomy).map(Vec::as_slice);
    Some(links::of_term(
        &r.page.site,
        &r.page.types,
        term,
        all.unwrap_or_default(),
    ))
}

pub(super) fn name<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(term) = current(r, at) else {
        return String::new();
    };
    let name = html::stored(&term.name);
    let address = address_of(r, term).filter(|_| flag(block, "isLink", false));
    let inner = address.map_or(name.clone(), |address| html::link(&address, &name));
    let element = match number(block, "level", 0) {
        0 => "p".to_owned(),
        level => format!("h{}", level.min(6)),
    };
    format!("<{element}{}>{inner}</{element}>", wrapper(block, ""))
}

pub(super) fn count<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(term) = current(r, at) else {
        return String::new();
    };
    let count = count_of(r, term);
    let words = match text(block, "bracketType") {
        "none" => count.to_string(),
        "square" => format!("[{count}]"),
        "curly" => format!("{{{count}}}"),
        "angle" => format!("&lt;{count}&gt;"),
        "" | "round" => format!("({count})"),
        _ => count.to_string(),
    };
    format!("<div{}>{words}</div>", wrapper(block, ""))
}

pub(super) fn description<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let description = current(r, at).map(|term| term.description.trim()).unwrap_or_default();
    if description.is_empty() {
        return String::new();
    }
    let html = gp_markup::text::wpautop(&gp_markup::text::wptexturize(description));
    format!("<div{}>{html}</div>", wrapper(block, ""))
}

//! Lists of items: queries, their loop, their title and pagination.

use gp_content::{
    Item,
    address::{Address, Shape, links, means_something},
};
use gp_markup::block::Block;

use super::{flag, number, text};
use crate::{
    dates, html,
    needs::{INHERITED, UNASKED, query_key, turned_by},
    render::{At, List, Render, Turning},
    supports::wrapper,
};

pub(super) fn query<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let key = query_key(block);
    let mut list = r.list(&key);
    if key != INHERITED {
        list.turning = Turning::Own(block);
    }
    let display = block
        .attrs
        .get("displayLayout")
        .filter(|d| d.get("type").and_then(serde_json::Value::as_str) == Some("flex"));
    list.columns = display
        .and_then(|d| d.get("columns"))
        .and_then(serde_json::Value::as_u64)
        .unwrap_or(0);
    r.saved(block, At { list: Some(list), ..at })
}

fn list_of<'a>(r: &Render<'a>, at: At<'a>) -> List<'a> {
    at.list.unwrap_or_else(|| r.list(INHERITED))
}

pub(super) fn template<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let list = at.list.unwrap_or_else(|| r.list(UNASKED));
    if list.items.is_empty() {
        return String::new();
    }
    let layout = r.layout(block);
    let columns = block
        .attrs
        .get("layout")
        .and_then(|l| l.get("columnCount"))
        .and_then(serde_json::Value::as_u64);
    let columns = match (columns, list.columns) {
        (Some(n), _) => format!("columns-{n} "),
        (None, 0) => String::new(),
        (None, n) => format!("is-flex-container columns-{n} "),
    };
    let entries: String = list
        .items
        .iter()
        .map(|item| {
            let inner = r.blocks(
                &block.inner_blocks,
                At {
                    item: Some(item),
                    list: None,
                    ..at
                },
            );
            format!("<li class=\"wp-block-post {}\">{inner}</li>", post_class(r, item))
        })
        .collect();
    format!("<ul{}>{entries}</ul>", wrapper(block, &format!("{columns}{layout}")))
}

/// The classes that WordPress's `post_class` gives an entry, without that of passwords; of pictures where any are shown.
fn post_class(r: &Render<'_>, item: &Item) -> String {
    let mut classes = format!(
        "post-{} {kind} type-{kind} status-{}",
        item.id,
        item.status,
        kind = item.kind
    );
    let terms = r.data.terms.get(&item.id).map(Vec::as_slice).unwrap_or_default();
    if item.kind == "post" {
        let format = terms.iter().find(|t| t.taxonomy == "post_format");
        let format = format.and_then(|t| t.slug.strip_prefix("post-format-"));
        classes.push_str(&format!(" format-{}", format.unwrap_or("standard")));
    }
    let pictured = r.data.meta.get(&item.id.0).and_then(|meta| meta.int("_thumbnail_id"));
    if pictured.is_some_and(|id| id > 0) {
        classes.push_str(" has-post-thumbnail");
    }
    classes.push_str(" hentry");
    for term in terms.iter().filter(|t| t.taxonomy != "post_format") {
        let taxonomy = if term.taxonomy == "post_tag" {
            "tag"
        } else {
            &term.taxonomy
        };
        // A name of percent signs or digits alone is no class: the number stands for it.
        let named = term.slug.bytes().any(|b| b.is_ascii_alphabetic()) && !term.slug.contains('%');
        match named {
            true => classes.push_str(&format!(" {taxonomy}-{}", term.slug)),
            false => classes.push_str(&format!(" {taxonomy}-{}", term.term_id)),
        }
    }
    html::attr(&classes)
}

pub(super) fn no_results<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    // Outside of any site there is no list that could be empty.
    let listless = r.bare && at.list.is_none();
    if listless || !list_of(r, at).items.is_empty() || block.inner_blocks.is_empty() {
        return String::new();
    }
    let inner = r.saved(block, at);
    format!("<div{}>{inner}</div>", wrapper(block, ""))
}

pub(super) fn pagination<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let inner = r.blocks(
        &block.inner_blocks,
        At {
            arrow: text(block, "paginationArrow"),
            ..at
        },
    );
    if inner.trim().is_empty() {
        return String::new();
    }
    let layout = r.layout(block);
    format!(
        "<nav{} aria-label=\"Pagination\">{inner}</nav>",
        wrapper(block, &layout)
    )
}

/// The link to the page before or after.
pub(super) fn step<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>, name: &str) -> String {
    let list = list_of(r, at);
    let next = name == "query-pagination-next";
    let target = if next {
        list.page + 1
    } else {
        list.page.saturating_sub(1)
    };
    let within = target > 0 && target <= list.pages;
    let Some(address) = Some(target).filter(|_| within).and_then(|n| address_of(r, list, n)) else {
        return String::new();
    };
    let (word, rel) = if next {
        ("Next Page", "next")
    } else {
        ("Previous Page", "prev")
    };
    let label = if text(block, "label").is_empty() {
        word.to_owned()
    } else {
        html::title(text(block, "label"))
    };
    let arrow = arrow(at.arrow, next);
    let label = if next { label + &arrow } else { arrow + &label };
    let rel = match list.turning {
        Turning::Own(_) => String::new(),
        _ => format!(" rel=\"{rel}\""),
    };
    format!(
        "<a{} href=\"{}\"{rel}>{label}</a>",
        wrapper(block, ""),
        html::url(&address)
    )
}

/// The address of page `n` of a list; nothing for one that has no others.
fn address_of(r: &Render<'_>, list: List<'_>, n: usize) -> Option<String> {
    match list.turning {
        Turning::None => None,
        Turning::Site(first) => Some(first)
            .filter(|first| !first.is_empty())
            .map(|first| links::of_page(&r.page.site, first, n)),
        Turning::Own(query) => {
            let path = match (r.page.request.path.as_str(), &r.page.address) {
                ("", Address::Item { link, .. }) => link,
                ("", _) => "/",
                (path, _) => path,
            };
            let mut pairs = others(r, query);
            pairs.push(format!("{}={n}", turned_by(query)));
            Some(format!("{path}?{}", pairs.join("&")))
        }
    }
}

/// The parameters of the request without that of this query block.
fn others(r: &Render<'_>, query: &Block) -> Vec<String> {
    let own = turned_by(query);
    let others = meant(r).filter(|pair| pair.split('=').next() != Some(&own));
    others.map(str::to_owned).collect()
}

/// The parameters of the request that mean something, as they were written.
pub(super) fn meant<'a>(r: &Render<'a>) -> impl Iterator<Item = &'a str> {
    let (request, types) = (&r.page.request, &r.page.types);
    let pairs = request.query.split('&').filter(|pair| !pair.is_empty());
    let meant = pairs.filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default().replace('+', " ");
        means_something(types, &percent_encoding::percent_decode_str(&name).decode_utf8_lossy())
    });
    meant.take(MOST_PARAMETERS)
}

/// How many parameters of a request the links to other pages carry.
const MOST_PARAMETERS: usize = 20;

/// The link among the numbers to page `n` of a list: for a block's own, as WordPress writes it, only the parameters. A link to
/// its first page has nothing to say, so that a word stands for nothing.
fn numbered(r: &Render<'_>, list: List<'_>, n: usize) -> Option<String> {
    let Turning::Own(query) = list.turning else {
        return address_of(r, list, n);
    };
    let others = others(r, query);
    let mut pairs = Vec::new();
    if n > 1 {
        pairs.push(format!("{}={n}", turned_by(query)));
    }
    if list.page != 1 && !others.iter().any(|pair| pair.starts_with("paged=")) {
        pairs.push("cst".to_owned());
    }
    pairs.extend(others);
    Some(format!("?{}", pairs.join("&")))
}

/// The sign beside the words of a pagination link.
fn arrow(kind: &str, next: bool) -> String {
    let sign = match (kind, next) {
        ("arrow", true) => "→",
        ("arrow", false) => "←",
        ("chevron", true) => "»",
        ("chevron", false) => "«",
        _ => return String::new(),
    };
    let way = if next { "next" } else { "previous" };
    format!("<span class=\"wp-block-query-pagination-{way}-arrow is-arrow-{kind}\" aria-hidden=\"true\">{sign}</span>")
}

pub(super) fn numbers<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let list = list_of(r, at);
    if list.pages < 2 {
        return String::new();
    }
    let middle = number(block, "midSize", 2).min(20);
    let mut shown = Vec::new();
    let mut gap = false;
    for n in 1..=list.pages.min(100_000) {
        let near = n + middle >= list.page && n <= list.page + middle;
        if n == list.page {
            shown.push(format!(
                "<span aria-current=\"page\" class=\"page-numbers current\">{n}</span>"
            ));
            gap = false;
        } else if near || n == 1 || n == list.pages {
            let Some(address) = numbered(r, list, n) else {
                return String::new();
            };
            shown.push(format!(
                "<a class=\"page-numbers\" href=\"{}\">{n}</a>",
                html::url(&address)
            ));
            gap = false;
        } else if !gap {
            shown.push("<span class=\"page-numbers dots\">&hellip;</span>".to_owned());
            gap = true;
        }
    }
    format!("<div{}>{}</div>", wrapper(block, ""), shown.join(" "))
}

/// What the page lists, in words.
pub(super) fn title(r: &mut Render<'_>, block: &Block) -> String {
    let Address::List(list) = &r.page.address else {
        return String::new();
    };
    let prefixed = flag(block, "showPrefix", true);
    let with = |prefix: &str, name: String| if prefixed { format!("{prefix}: {name}") } else { name };
    let words = match (text(block, "type"), &list.shape) {
        ("search", Shape::Search(words)) => {
            if flag(block, "showSearchTerm", true) {
                format!("Search results for: &#8220;{}&#8221;", html::esc(words))
            } else {
                "Search results".to_owned()
            }
        }
        (_, Shape::Term(term, _)) => {
            let kind = match term.taxonomy.as_str() {
                "category" => "Category".to_owned(),
                "post_tag" => "Tag".to_owned(),
                other => r
                    .page
                    .types
                    .taxonomy(other)
                    .map(|t| t.singular.clone())
                    .unwrap_or_else(|| "Archives".to_owned()),
            };
            with(&kind, html::stored(&term.name))
        }
        (_, Shape::Author(user)) => with("Author", html::esc(&user.display_name)),
        (_, Shape::Date(date)) => date_title(date, prefixed, r),
        (_, Shape::Kind(kind)) => {
            let plural = r.page.types.get(kind).map(|t| t.plural).unwrap_or_default();
            with("Archives", html::esc(plural))
        }
        (_, Shape::Posts(item)) => html::title(&item.title),
        _ => return String::new(),
    };
    let level = number(block, "level", 1).clamp(1, 6);
    format!("<h{level}{}>{words}</h{level}>", wrapper(block, ""))
}

fn date_title(date: &str, prefixed: bool, r: &Render<'_>) -> String {
    let zone = &r.page.site.zone;
    let (kind, letters, full) = match date.len() {
        4 => ("Year", "Y", format!("{date}-01-01 00:00:00")),
        7 => ("Month", "F Y", format!("{date}-01 00:00:00")),
        _ => ("Day", r.page.site.date_format.as_str(), format!("{date} 00:00:00")),
    };
    let words = dates::format(&full, letters, zone);
    let words = if words.is_empty() { date.to_owned() } else { words };
    let words = html::esc(&words);
    if prefixed { format!("{kind}: {words}") } else { words }
}

/// How many items a page of a list has.
fn per_page(r: &Render<'_>, list: List<'_>) -> usize {
    let own = match list.turning {
        Turning::Own(query) => query.attrs.get("query").and_then(|q| q.get("perPage")?.as_u64()),
        _ => None,
    };
    own.and_then(|n| usize::try_from(n).ok())
        .filter(|n| *n > 0)
        .unwrap_or(r.page.site.per_page)
}

pub(super) fn total<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let list = list_of(r, at);
    let total = list.total;
    let words = if text(block, "displayType") == "range-display" && total > 0 {
        let shown = i64::try_from(list.items.len()).unwrap_or(total);
        let per_page = i64::try_from(per_page(r, list)).unwrap_or(1);
        let start = (i64::try_from(list.page).unwrap_or(1) - 1).saturating_mul(per_page) + 1;
        match start.saturating_add(shown - 1).min(total) {
            end if end <= start => format!("Displaying {start} of {total}"),
            end => format!("Displaying {start} – {end} of {total}"),
        }
    } else if total == 1 {
        "1 result found".to_owned()
    } else {
        format!("{total} results found")
    };
    format!("<div{}>{words}</div>", wrapper(block, ""))
}

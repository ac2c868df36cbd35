//! The one right address of what was found, letter by letter as WordPress's canonical redirects make it. Pure: a [`Plan`]
//! says what was found, and the request's path and query are mended by it. Applied to its own answer it must change nothing
//! more; where it would, nobody is sent anywhere, so there are no loops.

use super::url::{self, Url};

/// What finding says about the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one of WordPress's questions")]
pub(super) struct Plan {
    /// Where to.
    pub to: Option<String>,
    /// A path to go on with instead of the one asked for.
    pub path: Option<String>,
    /// Parameters that are said by the new address.
    pub remove: Vec<String>,
    /// The archive of the only term, when the query asks for it: its path and the parameters that it says.
    pub term: Option<(String, Vec<String>)>,
    /// A part of an item: the item's address and the number.
    pub part: Option<(String, String)>,
    /// Pages of lists, feeds and pages of comments, put at the end of the path.
    pub paging: Option<Paging>,
    /// A sitemap by query: its address, if there is one.
    pub sitemap: Option<Option<String>>,
    /// The file itself, where files have no pages.
    pub file: Option<String>,
    /// What stands at the new address may not be named.
    pub hidden: bool,
    /// Addresses are not plain.
    pub pretty: bool,
    /// They end with a slash.
    pub slash: bool,
    /// They begin with `/index.php`.
    pub index: bool,
    /// Nothing was found.
    pub missing: bool,
    /// The front page, first page of its list.
    pub front: bool,
    /// The front page, whichever page of its list.
    pub any_front: bool,
}

/// What is put at the end of a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Paging {
    /// Of a feed: what stands after `feed`, and whether it is one of comments.
    pub feed: Option<(String, bool)>,
    /// Whether a feed is asked for at all.
    pub is_feed: bool,
    /// The page of a list; 0 is not asked for.
    pub page: usize,
    /// One post has no pages of a list.
    pub single: bool,
    /// The page of comments; 0 is not asked for, or has no address of its own.
    pub comments: usize,
}

/// Where the request should have gone.
pub(super) fn redirect(plan: &Plan, asked: &Url) -> Option<String> {
    let first = mended(plan, asked)?;
    match mended(plan, &Url::parse(&first)) {
        Some(_) => None,
        None => Some(sendable(&first)),
    }
}

/// One application.
fn mended(plan: &Plan, asked: &Url) -> Option<String> {
    let (mut path, mut query) = (without_end(&asked.path, &["%C2%A0"]), asked.query.clone());
    query = url::without(&query, &plan.remove);
    if let Some(other) = &plan.path {
        path = other.clone();
    }
    if let Some((archive, said)) = plan.term.as_ref().filter(|_| !query.is_empty()) {
        query = url::without(&query, said);
        path = archive.clone();
    }
    let mut to = plan.to.clone();
    if let Some((link, number)) = &plan.part {
        to = Some(with_part(plan, to.as_ref().unwrap_or(link), number));
        query = url::without(&query, &["page"]);
    }
    if let Some(sitemap) = &plan.sitemap {
        to.clone_from(sitemap);
        query = url::without(&query, &["sitemap", "sitemap-subtype", "paged"]);
    } else if let Some(paging) = &plan.paging {
        (path, query) = paged(plan, paging, &path, &query);
        to = Some(path.clone());
    }
    if plan.file.is_some() {
        to.clone_from(&plan.file);
    }
    let mut there = match &to {
        Some(to) if !query.is_empty() => added(&Url::parse(to), &query),
        Some(to) => Url::parse(to),
        None => Url { path, query },
    };
    let to = to.map(|_| there.text());
    there.path = mended_path(plan, &there.path);
    there.query = mended_query(&there.query);
    let to = if there == *asked { to? } else { there.text() };
    let asked = asked.text();
    if to == asked || to == url::lower_octets(&asked) || plan.hidden {
        return None;
    }
    Some(to)
}

/// What else was asked travels along; a name does not, where the new address says by number what is meant.
fn added(to: &Url, query: &str) -> Url {
    if to.query.is_empty() || url::has(&to.query, "name") {
        url::with(to, query)
    } else {
        url::with(to, &url::without(query, &["name"]))
    }
}

fn with_part(plan: &Plan, link: &str, number: &str) -> String {
    if matches!(number, "0" | "1") {
        return link.to_owned();
    }
    let base = link.trim_end_matches('/');
    let page = if plan.any_front { "page/" } else { "" };
    format!("{base}/{page}{number}{}", slash(plan))
}

fn slash(plan: &Plan) -> &'static str {
    if plan.slash { "/" } else { "" }
}

/// With the slash at its end that the structure wants.
fn ended(plan: &Plan, path: &str) -> String {
    format!("{}{}", path.trim_end_matches('/'), slash(plan))
}

/// Takes pages, feeds and pages of comments from the end of a path and puts those asked for there.
fn paged(plan: &Plan, paging: &Paging, path: &str, query: &str) -> (String, String) {
    let mut path = path.to_owned();
    while let Some(shorter) = without_paging(&path) {
        path = shorter;
    }
    let (mut more, mut query) = (String::new(), query.to_owned());
    if let Some((format, comments)) = &paging.feed {
        more = format!("{}feed/{format}", if *comments { "comments/" } else { "" });
        more = ended(plan, &more);
        query = url::without(&query, &["feed"]);
    }
    if paging.page > 0 {
        query = url::without(&query, &["paged"]);
        if !paging.is_feed && !paging.single && paging.page > 1 {
            more = format!("page/{}{}", paging.page, slash(plan));
        } else if paging.is_feed && paging.page > 1 {
            let page = format!("paged={}", paging.page);
            query = if query.is_empty() {
                page
            } else {
                format!("{query}&{page}")
            };
        }
    }
    if paging.comments > 0 {
        if !more.is_empty() {
            more = url::slashed(&more);
        }
        more.push_str(&format!("comment-page-{}{}", paging.comments, slash(plan)));
        query = url::without(&query, &["cpage"]);
    }
    path = ended(plan, &without_index(&path));
    if plan.index && !more.is_empty() && !path.contains("/index.php/") {
        path = format!("{}index.php/", url::slashed(&path));
    }
    if !more.is_empty() {
        path = format!("{}{more}", url::slashed(&path));
    }
    (path, query)
}

/// The path without one `/page/2/`, `/feed/atom/`, `/comments/feed/` or `/comment-page-2/` at its end; `None` when there is none.
fn without_paging(path: &str) -> Option<String> {
    let open = path.trim_end_matches('/');
    let (before, last) = open.rsplit_once('/')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_feed = |word: &str| matches!(word, "feed" | "rss" | "rss2" | "rdf" | "atom");
    let found = if number(last) {
        before.strip_suffix("/page")
    } else if last.strip_prefix("page").is_some_and(number) || last.strip_prefix("comment-page-").is_some_and(number) {
        Some(before)
    } else if is_feed(last) {
        Some(before.strip_suffix("/comments").unwrap_or(before))
    } else {
        last.strip_prefix("comments")
            .filter(|word| is_feed(word))
            .map(|_| before)
    };
    found.map(|before| format!("{before}/"))
}

/// `/index.php` and slashes at the end.
fn without_index(path: &str) -> String {
    let open = path.trim_end_matches('/');
    match open.strip_suffix("/index.php") {
        Some(before) => format!("{before}/"),
        None => path.to_owned(),
    }
}

fn mended_path(plan: &Plan, path: &str) -> String {
    let mut path = without_end(&without_index(path), PUNCTUATION);
    if !plan.index {
        path = path.replace("/index.php/", "/");
    }
    if plan.pretty && plan.file.is_none() && !plan.missing && !plan.front {
        path = ended(plan, &path);
    } else if plan.any_front {
        path = url::slashed(&path);
    }
    if plan.sitemap.is_some() {
        path.truncate(path.trim_end_matches('/').len());
    }
    let mut single = String::with_capacity(path.len());
    for letter in path.chars() {
        if letter != '/' || !single.ends_with('/') {
            single.push(letter);
        }
    }
    if single.is_empty() { "/".to_owned() } else { single }
}

/// Stray marks at the end of an address, which people copy along with it.
const PUNCTUATION: &[&str] = &[
    " ",
    "%20",
    "!",
    "%21",
    "\"",
    "%22",
    "'",
    "%27",
    "(",
    "%28",
    ")",
    "%29",
    ",",
    "%2C",
    ".",
    "%2E",
    ";",
    "%3B",
    "{",
    "%7B",
    "}",
    "%7D",
    "%E2%80%9C",
    "%E2%80%9D",
];

/// Without any of these ends, in whatever case.
fn without_end(text: &str, ends: &[&str]) -> String {
    let mut text = text;
    let ends_with = |text: &str, end: &str| {
        text.len()
            .checked_sub(end.len())
            .and_then(|at| text.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    while let Some(end) = ends.iter().find(|end| ends_with(text, end)) {
        text = &text[..text.len() - end.len()];
    }
    text.to_owned()
}

/// Numbers lose stray marks, empty ones go, and `feed=rss` is called `rss2`.
fn mended_query(query: &str) -> String {
    if query.is_empty() {
        return String::new();
    }
    let is_number = |part: &str| {
        let name = part.split('=').next().unwrap_or_default();
        ["p", "page_id", "cat", "tag"]
            .iter()
            .any(|n| n.eq_ignore_ascii_case(name))
    };
    let mut parts: Vec<String> = query.trim_start_matches('?').split('&').map(str::to_owned).collect();
    if let Some(last) = parts.last_mut().filter(|last| last.contains('=') && is_number(last)) {
        *last = without_end(last, PUNCTUATION);
    }
    parts.retain(|part| !is_number(part) || part.split_once('=').is_some_and(|(_, value)| !value.is_empty()));
    for part in &mut parts {
        if part.eq_ignore_ascii_case("feed=rss") {
            *part = "feed=rss2".to_owned();
        }
    }
    parts.join("&").trim_matches('&').to_owned()
}

/// Only letters that a Location may hold; others are dropped, those beyond ASCII are encoded.
fn sendable(to: &str) -> String {
    let mut out = String::with_capacity(to.len());
    for letter in to.chars() {
        if letter.is_ascii_alphanumeric() || "-~+_.?#=&;,/:%!*[]()@'".contains(letter) {
            out.push(letter);
        } else if !letter.is_ascii() {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

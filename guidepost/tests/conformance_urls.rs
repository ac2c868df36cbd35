//! A recorded site under five permalink structures, asked from outside: status and target of every answer, and on pages what
//! is listed, in order.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod fixtures;
#[path = "it/http.rs"]
mod http;
#[path = "it/site.rs"]
mod site;

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

use fixtures::{fixtures, json};
use http::{Answer, Ask};
use site::{Server, Site};

const HOST: &str = "example.org";

/// What an export does not carry.
const SETTINGS: &[(&str, &str)] = &[
    ("posts_per_page", "5"),
    ("page_comments", "1"),
    ("comments_per_page", "5"),
    ("wp_attachment_pages_enabled", "1"),
    ("show_on_front", "posts"),
    ("default_category", "1"),
];

/// Each structure with the rate to keep.
const STRUCTURES: &[(&str, &str, usize)] = &[
    ("postname", "/%postname%/", 153),
    (
        "year-monthnum-day-postname",
        "/%year%/%monthnum%/%day%/%postname%/",
        153,
    ),
    ("category-postname", "/%category%/%postname%/", 153),
    ("archives-post_id", "/archives/%post_id%", 154),
    ("plain", "", 48),
];

/// Asks as the record did, letter by letter.
fn visit(server: &Server<'_>, target: &str) -> Option<Answer> {
    server.try_ask(&Ask::get(target).header("Host", HOST))
}

/// Addresses of all items, longest first, so that none is found inside another's.
fn links(server: &Server<'_>, fixtures: &Path) -> Vec<(i64, String)> {
    let posts = json(&fixtures.join("site.expected.json"));
    let posts = posts["expected"]["posts"].as_array().unwrap().clone();
    let mut found = Vec::new();
    for post in posts.iter().filter(|post| post["type"] == "post") {
        let id = post["id"].as_i64().unwrap();
        let short = format!("/?p={id}");
        if let Some(answer) = visit(server, &short) {
            match answer.status {
                301 => found.push((id, answer.leads_to().unwrap())),
                200 => found.push((id, short)),
                _ => {}
            }
        }
    }
    found
}

/// The items that a page lists, in order.
fn listed(text: &str, links: &[(i64, String)]) -> Vec<i64> {
    let main = text.split_once("<main").map_or(text, |(_, main)| main);
    let mut places: Vec<(usize, i64)> = links
        .iter()
        .filter_map(|(id, link)| {
            let shapes = [
                format!("=\"{link}\""),
                format!("=\"http://{HOST}{link}\""),
                format!("<link>http://{HOST}{link}</link>"),
                format!("http://{HOST}/?p={id}#"),
            ];
            Some((shapes.iter().filter_map(|shape| main.find(shape)).min()?, *id))
        })
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, id)| id).collect()
}

/// The address that a page calls its own.
fn canonical(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("<link rel=\"canonical\" href=\"http://example.org")?;
    Some(rest.split('"').next()?.to_owned())
}

/// What differs from the record.
fn difference(record: &Value, answer: Option<&Answer>, links: &[(i64, String)]) -> Option<String> {
    let Some(answer) = answer else {
        return Some("no answer".to_owned());
    };
    // Without a status the record ended before the answer was made.
    let wanted = record["status"].as_u64().unwrap_or(answer.status.into());
    if u64::from(answer.status) != wanted {
        let where_to = answer.header("location").unwrap_or_default();
        return Some(format!(
            "{} {where_to} for {wanted} {}",
            answer.status, record["redirect"]
        ));
    }
    if let Some(target) = record["redirect"].as_str() {
        let location = answer.header("location").unwrap_or_default();
        return (location != target).then(|| format!("leads to {location} for {target}"));
    }
    let ids: Vec<i64> = record["ids"].as_array()?.iter().filter_map(Value::as_i64).collect();
    let text = answer.text();
    let is = |what: &str| record["is"].as_array().is_some_and(|is| is.iter().any(|i| i == what));
    if answer.status != 200 {
        return None;
    }
    if is("singular") && !is("feed") {
        let link = links.iter().find(|(id, _)| Some(id) == ids.first());
        let own = canonical(&text).unwrap_or_default();
        return link
            .filter(|(_, link)| !own.starts_with(link.trim_end_matches('/')))
            .map(|(_, link)| format!("shows {own} for {link}"));
    }
    if is("singular") {
        return None;
    }
    let got = listed(&text, links);
    (got != ids).then(|| format!("lists {got:?} for {ids:?}"))
}

/// With plain addresses a web server passes on nothing but the front and its queries.
fn counts(structure: &str, request: &str) -> bool {
    !structure.is_empty() || request.starts_with("/?") || request.starts_with("/index.php")
}

fn asked(site: &Site, fixtures: &Path, name: &str, structure: &str) -> (usize, BTreeMap<String, String>) {
    site.ok(&["settings", "set", "permalink_structure", structure]);
    let server = site.serve();
    let links = links(&server, fixtures);
    let mut wrong = BTreeMap::new();
    let mut all = 0;
    for record in json(&fixtures.join(format!("{name}.json"))).as_array().unwrap() {
        let request = record["request"].as_str().unwrap();
        if !counts(structure, request) {
            continue;
        }
        all += 1;
        let answer = visit(&server, request);
        if let Some(why) = difference(record, answer.as_ref(), &links) {
            wrong.insert(request.to_owned(), why);
        }
    }
    (all, wrong)
}

/// The site moved over, with its settings.
fn moved(fixtures: &Path) -> Site {
    let site = Site::empty();
    site.ok(&["import", "wxr", fixtures.join("site.wxr.xml").to_str().unwrap()]);
    for (name, value) in SETTINGS {
        site.ok(&["settings", "set", name, value]);
    }
    site
}

#[test]
fn addresses_under_five_structures() {
    let Some(fixtures) = fixtures("urls") else { return };
    let site = moved(&fixtures);
    let mut worse = Vec::new();
    for (name, structure, least) in STRUCTURES {
        let (all, wrong) = asked(&site, &fixtures, name, structure);
        let fine = all - wrong.len();
        println!("urls {name} {fine}/{all}");
        if std::env::var_os("GUIDEPOST_SHOW_MISSES").is_some() {
            for (request, why) in &wrong {
                println!("  {request}: {why}");
            }
        }
        if fine < *least {
            worse.push(format!("{name}: {fine}, there were {least} before"));
        }
    }
    assert!(worse.is_empty(), "{}", worse.join("; "));
}

/// What stands between two marks, each time, without white space around it.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> Vec<&'a str> {
    let found = text.split(begin).skip(1).filter_map(|rest| rest.split(end).next());
    found
        .map(|inner| {
            inner
                .trim()
                .trim_start_matches("<![CDATA[")
                .trim_end_matches("]]>")
                .trim()
        })
        .collect()
}

/// What a feed says of each entry.
fn entries(feed: &str) -> Vec<Vec<&str>> {
    let (begin, parts): (&str, &[(&str, &str)]) = if feed.contains("<feed") {
        let parts = &[
            ("<link rel=\"alternate\" type=\"text/html\" href=\"", "\""),
            ("<id>", "</id>"),
            ("<published>", "</published>"),
            ("<updated>", "</updated>"),
            ("term=\"", "\""),
        ];
        ("<entry>", parts)
    } else {
        let parts = &[
            ("<title>", "</title>"),
            ("<link>", "</link>"),
            ("<guid isPermaLink=\"false\">", "</guid>"),
            ("<pubDate>", "</pubDate>"),
            ("<dc:creator>", "</dc:creator>"),
            ("<category>", "</category>"),
        ];
        ("<item>", parts)
    };
    let entries = feed.split(begin).skip(1);
    entries
        .map(|entry| {
            parts
                .iter()
                .flat_map(|(begin, end)| between(entry, begin, end))
                .collect()
        })
        .collect()
}

#[test]
fn feeds_and_sitemaps() {
    let (Some(urls), Some(pages)) = (fixtures("urls"), fixtures("pages")) else {
        return;
    };
    let site = moved(&urls);
    site.ok(&[
        "settings",
        "set",
        "permalink_structure",
        "/%year%/%monthnum%/%day%/%postname%/",
    ]);
    let server = site.serve();
    let pages = pages.join("twentytwentyfour");
    let index = json(&pages.join("index.json"));
    let (mut all, mut wrong) = (0, Vec::new());
    for (name, address) in index.as_object().unwrap() {
        let recorded = std::fs::read_to_string(pages.join(format!("{name}.xml"))).unwrap_or_default();
        if recorded.is_empty() {
            continue;
        }
        all += 1;
        let ours = visit(&server, address.as_str().unwrap()).unwrap().text();
        let same = if name.starts_with("sitemap") {
            let locations = |text: &str| {
                let mut found: Vec<String> = between(text, "<loc>", "</loc>")
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                found.sort_unstable();
                found
            };
            locations(&ours) == locations(&recorded)
        } else {
            entries(&ours) == entries(&recorded)
        };
        if !same {
            wrong.push(format!("{name}: {:?} for {:?}", entries(&ours), entries(&recorded)));
        }
    }
    println!("feeds and sitemaps {}/{all}", all - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

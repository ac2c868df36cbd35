//! A whole recorded site moved over and asked from outside: its addresses, its files, its secrets, its marker words.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod fixtures;
#[path = "it/http.rs"]
mod http;
#[path = "it/site.rs"]
mod site;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use gp_markup::text::decode_entities;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use fixtures::{fixtures, json};
use http::{Answer, Ask, encoded};
use site::{Server, Site};

const HOME: &str = "https://guidance-hub.example";
const HOST: &str = "guidance-hub.example";

/// Addresses of what is built later: the calendar with its taxonomies, and the types and taxonomies that a site defines
/// itself (in this one, country profiles and theme areas).
const LATER: &[(&str, &[&str])] = &[
    (
        "calendar",
        &[
            "/calendar",
            "/event",
            "ai1ec",
            "events_categories",
            "events_tags",
            "all-in-one",
        ],
    ),
    ("own types", &["/countries", "country_profile"]),
    ("own taxonomies", &["/theme-area", "theme_area", "/topics"]),
];

fn rows(file: &Path) -> Vec<Value> {
    json(file).as_array().unwrap().clone()
}

/// The site moved over, from its dump and its unpacked uploads.
fn moved(fixtures: &Path) -> Site {
    let site = Site::empty();
    let archive = std::fs::File::open(fixtures.join("uploads.tar")).unwrap();
    tar::Archive::new(archive).unpack(site.path("")).unwrap();
    site.import(
        &std::fs::read(fixtures.join("dump.sql")).unwrap(),
        Some(&site.path("uploads")),
    );
    site.ok(&["reindex"]);
    site
}

fn visit(server: &Server<'_>, target: &str) -> Answer {
    server.ask(&Ask::get(target).header("Host", HOST))
}

/// An address as a path and query that a request line can carry.
fn target(url: &str) -> String {
    let path = url.strip_prefix(HOME).unwrap_or(url);
    let mut out = String::new();
    for byte in if path.is_empty() { "/" } else { path }.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// An address without its scheme, decoded.
fn plain(url: &str) -> String {
    let url = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .unwrap_or(url);
    percent_decode_str(url).decode_utf8_lossy().into_owned()
}

fn title_of(answer: &Answer) -> String {
    let text = answer.text();
    let inner = text
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"));
    words(inner.map_or("", |(title, _)| title))
}

/// Entities read, white space made one.
fn words(text: &str) -> String {
    let text = decode_entities(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What differs from the record.
fn difference(record: &Value, answer: &Answer) -> Option<String> {
    let text = |key: &str| record[key].as_str().unwrap_or_default();
    let status = record["status"].as_u64().unwrap();
    if u64::from(answer.status) != status {
        return Some(format!(
            "{} for {status}, {:?}",
            answer.status,
            answer.header("location")
        ));
    }
    if (300..400).contains(&answer.status) {
        let location = answer.header("location").unwrap_or_default();
        return (plain(location) != plain(text("location")))
            .then(|| format!("leads to {location} for {}", text("location")));
    }
    if answer.status != 200 {
        return None;
    }
    let kind = |t: &str| t.split(';').next().unwrap_or_default().trim().to_owned();
    let (wanted, got) = (
        kind(text("content_type")),
        kind(answer.header("content-type").unwrap_or_default()),
    );
    if wanted != got {
        return Some(format!("{got} for {wanted}"));
    }
    if wanted != "text/html" || record["title"].is_null() {
        return None;
    }
    let (wanted, got) = (words(text("title")), title_of(answer));
    (wanted != got).then(|| format!("titled {got:?} for {wanted:?}"))
}

fn later(target: &str) -> Option<&'static str> {
    let found = LATER
        .iter()
        .find(|(_, signs)| signs.iter().any(|sign| target.contains(sign)));
    found.map(|(name, _)| *name)
}

#[test]
fn addresses() {
    let Some(fixtures) = fixtures("site") else { return };
    let site = moved(&fixtures);
    let server = site.serve();
    let mut asked = BTreeSet::new();
    let (mut fine, mut wrong) = (0, Vec::new());
    let mut not_yet: BTreeMap<&str, usize> = BTreeMap::new();
    for record in [
        rows(&fixtures.join("urls.json")),
        rows(&fixtures.join("pages/index.json")),
    ]
    .concat()
    {
        let target = target(record["url"].as_str().unwrap());
        if !asked.insert(target.clone()) {
            continue;
        }
        match (difference(&record, &visit(&server, &target)), later(&target)) {
            (None, _) => fine += 1,
            (Some(_), Some(name)) => *not_yet.entry(name).or_default() += 1,
            (Some(why), None) => wrong.push(format!("{target}: {why}")),
        }
    }
    let open: usize = not_yet.values().sum();
    println!("site addresses: {fine} ok, {open} not yet (calendar and custom types): {not_yet:?}");
    assert!(
        wrong.is_empty(),
        "{} addresses differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(fine >= 276, "{fine} addresses were right; there were 276 before");
}

#[test]
fn uploads() {
    let Some(fixtures) = fixtures("site") else { return };
    let site = moved(&fixtures);
    let server = site.serve();
    let (mut same, mut withheld) = (0, Vec::new());
    for file in rows(&fixtures.join("uploads.json")) {
        let name = file[0].as_str().unwrap();
        let path: Vec<String> = name.split('/').map(encoded).collect();
        let answer = visit(&server, &format!("/wp-content/uploads/{}", path.join("/")));
        if answer.status != 200 {
            withheld.push(name.to_owned());
            continue;
        }
        let digest: String = Sha256::digest(&answer.body)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(digest, file[2].as_str().unwrap(), "{name}");
        assert_eq!(answer.body.len() as u64, file[1].as_u64().unwrap(), "{name}");
        assert!(!name.contains("wp-personal-data-exports"), "{name} is served");
        same += 1;
    }
    println!(
        "site uploads: {same} byte for byte, {} withheld: {withheld:?}",
        withheld.len()
    );
    assert!(withheld.len() * 5 <= same, "too many files are withheld");
}

/// Where a crawl without a map begins.
fn gates(fixtures: &Path, secrets: &[String]) -> Vec<String> {
    let mut gates: Vec<String> = [
        "/",
        "/?s=",
        "/?s=the",
        "/feed/",
        "/feed/atom/",
        "/feed/rdf/",
        "/comments/feed/",
        "/wp-sitemap.xml",
        "/robots.txt",
        "/nothing/",
    ]
    .map(str::to_owned)
    .to_vec();
    for id in 1..=460 {
        for form in ["p=", "page_id=", "attachment_id=", "feed=rss2&p="] {
            gates.push(format!("/?{form}{id}"));
        }
    }
    for id in 1..=80 {
        gates.extend([format!("/?cat={id}"), format!("/?author={id}")]);
    }
    gates.extend((1969..=2030).map(|year| format!("/{year}/")));
    for file in rows(&fixtures.join("uploads.json")) {
        gates.push(format!("/wp-content/uploads/{}", file[0].as_str().unwrap()));
    }
    for secret in secrets {
        gates.push(format!("/?s={}", encoded(secret)));
        gates.push(format!("/?s={}&feed=rss2", encoded(secret)));
        if secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) {
            let half = &secret[..secret.len().min(12)];
            gates.extend([
                format!("/{secret}/"),
                format!("/{secret}/feed/"),
                format!("/{secret}/embed/"),
                format!("/{half}"),
                format!("/event/{secret}/"),
            ]);
        }
    }
    for record in rows(&fixtures.join("urls.json")) {
        gates.push(record["url"].as_str().unwrap().to_owned());
    }
    gates.iter().map(|g| target(g)).collect()
}

/// The addresses of this site that a page links, leads to or lists.
fn links(answer: &Answer) -> Vec<String> {
    let text = if answer
        .header("content-type")
        .is_some_and(|t| t.contains("html") || t.contains("xml"))
    {
        answer.text()
    } else {
        String::new()
    };
    let ends = [
        ("href=\"", '"'),
        ("src=\"", '"'),
        ("action=\"", '"'),
        ("<loc>", '<'),
        ("<link>", '<'),
        ("rdf:resource=\"", '"'),
    ];
    let mut found: Vec<String> = answer.header("location").map(str::to_owned).into_iter().collect();
    for (begin, end) in ends {
        found.extend(
            text.split(begin)
                .skip(1)
                .filter_map(|rest| Some(decode_entities(rest.split(end).next()?).into_owned())),
        );
    }
    let own = |url: &String| {
        let path = url
            .strip_prefix(HOME)
            .or_else(|| url.strip_prefix("http://guidance-hub.example"))
            .unwrap_or(url);
        let path = path.split('#').next().unwrap_or_default();
        (path.starts_with('/') && !path.starts_with("//")).then(|| target(path))
    };
    found.iter().filter_map(own).collect()
}

/// Whether an answer may hold this string because the visitor said it: searches and missing pages repeat what was asked.
fn repeats(target: &str, answer: &Answer, secret: &str) -> bool {
    let said = percent_decode_str(&target.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned();
    let says_again =
        answer.status == 404 || target.contains("?s=") || target.contains("&s=") || target.starts_with("/search/");
    says_again && said.to_lowercase().contains(&secret.to_lowercase())
}

#[test]
fn leaks() {
    const MOST: usize = 12_000;
    let Some(fixtures) = fixtures("site") else { return };
    let site = moved(&fixtures);
    let server = site.serve();
    let secrets: Vec<String> = json(&fixtures.join("leaks.json"))["strings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s.as_str().unwrap().to_owned())
        .collect();
    let mut open = gates(&fixtures, &secrets);
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    let mut bodies: BTreeSet<Vec<u8>> = BTreeSet::new();
    let (mut asked, mut repeated) = (0, 0);
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while let Some(target) = open.pop() {
        assert!(asked < MOST, "the crawl does not end: {target}");
        asked += 1;
        let answer = visit(&server, &target);
        for link in links(&answer) {
            // Every search page links itself once more with each filter, and every reading of a file each of its parts with the
            // words looked for: what they find is linked without.
            let again = link.contains("?s=") || link.contains("?find=") || link.ends_with("?beside");
            if !again && seen.insert(link.clone()) {
                open.push(link);
            }
        }
        // A page that came before under another address says nothing new, and cannot repeat what only this one asked.
        let raw = answer.everything();
        if !bodies.insert(Sha256::digest(raw.as_bytes()).to_vec()) {
            continue;
        }
        let decoded = percent_decode_str(&decode_entities(&raw))
            .decode_utf8_lossy()
            .into_owned();
        for secret in &secrets {
            let encoded = secret.contains(['%', '&']) && raw.contains(secret.as_str());
            if !encoded && !decoded.contains(secret.as_str()) {
                continue;
            }
            if repeats(&target, &answer, secret) {
                repeated += 1;
            } else {
                told.entry(secret.clone())
                    .or_default()
                    .push(format!("{} {target}", answer.status));
            }
        }
    }
    println!(
        "site leaks: {} strings, {asked} requests, {} told, {repeated} repeated to who asked",
        secrets.len(),
        told.len()
    );
    assert!(told.is_empty(), "{told:#?}");
}

/// Whether the search looks into a place where a marker stands.
fn searched(place: &Value) -> bool {
    let is = |key: &str, values: &[&str]| place[key].as_str().is_some_and(|v| values.contains(&v));
    is("table", &["posts"])
        && is("type", &["post", "page", "attachment", "ai1ec_event"])
        && is("status", &["publish", "inherit"])
        && is("field", &["post_title", "post_content", "post_excerpt"])
}

#[test]
fn markers() {
    let Some(fixtures) = fixtures("site") else { return };
    let site = moved(&fixtures);
    let server = site.serve();
    let (mut found, mut missed, mut hidden, mut told) = (0, Vec::new(), 0, Vec::new());
    let mut elsewhere = (0, 0);
    for marker in rows(&fixtures.join("markers.json")) {
        let word = marker["marker"].as_str().unwrap();
        let feed = visit(&server, &format!("/?s={}&feed=rss2", encoded(word))).text();
        let hits = feed.matches("<item>").count();
        let public = marker["public"].as_bool().unwrap();
        let places = marker["where"].as_array().unwrap();
        match (public, places.iter().any(searched), hits) {
            (true, true, 0) => missed.push(format!("{word}: {places:?}")),
            (true, true, _) => found += 1,
            (true, false, n) => elsewhere = (elsewhere.0 + usize::from(n > 0), elsewhere.1 + 1),
            (false, _, 0) => hidden += 1,
            (false, ..) => told.push(format!("{word}: {places:?}")),
        }
    }
    println!(
        "site markers: {found} of {} public ones in searched fields found, {} of {} others not found, {} of {} public ones elsewhere found",
        found + missed.len(),
        hidden,
        hidden + told.len(),
        elsewhere.0,
        elsewhere.1
    );
    assert!(told.is_empty(), "found, though not public:\n{}", told.join("\n"));
    assert!(missed.is_empty(), "not found:\n{}", missed.join("\n"));
}

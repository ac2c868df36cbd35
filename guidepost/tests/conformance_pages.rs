//! Whole pages of two recorded sites, asked from outside and read as a visitor reads them: landmarks, headings, visible text and
//! links, each in order. Markup that nobody sees is not judged here.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod fixtures;
#[path = "it/http.rs"]
mod http;
#[path = "reading/mod.rs"]
mod reading;
#[path = "it/site.rs"]
mod site;

use std::path::PathBuf;

use serde_json::Value;

use fixtures::{fixtures, json};
use http::Ask;
use reading::Reading;
use site::{Server, Site};

/// What an export does not carry.
const SETTINGS: &[(&str, &str)] = &[
    ("posts_per_page", "5"),
    ("page_comments", "1"),
    ("comments_per_page", "5"),
    ("wp_attachment_pages_enabled", "1"),
    ("show_on_front", "posts"),
    ("default_category", "1"),
    ("permalink_structure", "/%year%/%monthnum%/%day%/%postname%/"),
    ("stylesheet", "twentytwentyfour"),
    ("template", "twentytwentyfour"),
    ("blogname", "Test Library"),
    ("date_format", "F j, Y"),
];

/// One recorded page.
struct Record {
    name: String,
    target: String,
    file: PathBuf,
}

/// Asks for each and prints how many agree; those that differ by name and reason, when asked.
fn judged(set: &str, server: &Server<'_>, host: &str, records: &[Record], least: usize) {
    let mut wrong = Vec::new();
    for record in records {
        let answer = server.ask(&Ask::get(&record.target).header("Host", host));
        let theirs = Reading::of(&std::fs::read_to_string(&record.file).unwrap(), host);
        let why = theirs.difference(&Reading::of(&answer.text(), host));
        wrong.extend(why.map(|why| format!("{}: {why}", record.name)));
    }
    let fine = records.len() - wrong.len();
    println!("{set} {fine}/{}", records.len());
    if std::env::var_os("GUIDEPOST_SHOW_MISSES").is_some() || fine < least.min(records.len()) {
        wrong.iter().for_each(|why| println!("  miss {why}"));
    }
    assert!(
        fine >= least.min(records.len()),
        "{set}: {fine} agree, {least} did before"
    );
}

fn with_theme(site: &Site) {
    let theme = fixtures("themes/twentytwentyfour").expect("the theme that the pages were recorded with");
    site.ok(&["themes", "install", theme.to_str().unwrap()]);
}

#[test]
fn pages_of_a_plain_site() {
    let (Some(pages), Some(urls)) = (fixtures("pages/twentytwentyfour"), fixtures("urls")) else {
        return;
    };
    let site = Site::empty();
    site.ok(&["import", "wxr", urls.join("site.wxr.xml").to_str().unwrap()]);
    with_theme(&site);
    for (name, value) in SETTINGS {
        site.ok(&["settings", "set", name, value]);
    }
    let server = site.serve();
    let index = json(&pages.join("index.json"));
    let records: Vec<Record> = index
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(name, target)| {
            let file = pages.join(format!("{name}.html"));
            let target = target.as_str()?.to_owned();
            file.is_file().then(|| Record {
                name: name.clone(),
                target,
                file,
            })
        })
        .collect();
    judged("pages twentytwentyfour", &server, "example.org", &records, 16);
}

/// Pages of what later work brings: the calendar and the site's own types.
fn later(record: &Value) -> bool {
    let of = |key: &str| record[key].as_str().unwrap_or_default();
    let said = format!("{} {}", of("name"), of("url"));
    [
        "event",
        "calendar",
        "country",
        "countries",
        "theme_area",
        "theme-area",
        "ai1ec",
    ]
    .iter()
    .any(|word| said.contains(word))
}

#[test]
fn pages_of_a_whole_site() {
    let Some(folder) = fixtures("site") else { return };
    let site = Site::empty();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    site.ok(&["import", "site", &path("dump.sql"), "--uploads", &path("uploads.tar")]);
    with_theme(&site);
    let server = site.serve();
    let index = json(&folder.join("pages/index.json"));
    let pages: Vec<&Value> = index.as_array().unwrap().iter().filter(|r| is_page(r)).collect();
    let records: Vec<Record> = pages
        .iter()
        .filter(|record| !later(record))
        .map(|record| Record {
            name: record["name"].as_str().unwrap().to_owned(),
            target: record["url"]
                .as_str()
                .unwrap()
                .replace("https://guidance-hub.example", ""),
            file: folder.join("pages").join(record["file"].as_str().unwrap()),
        })
        .collect();
    println!("site pages not yet: {}", pages.len() - records.len());
    judged("site pages", &server, "guidance-hub.example", &records, 36);
}

fn is_page(record: &Value) -> bool {
    let html = record["content_type"]
        .as_str()
        .is_some_and(|kind| kind.starts_with("text/html"));
    let file = record["file"].as_str().is_some_and(|file| file.ends_with(".html"));
    html && file && matches!(record["status"].as_u64(), Some(200 | 404))
}

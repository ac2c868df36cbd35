//! Exchanges of programs with the API of a real WordPress, repeated with ours: status, headers and bodies.
//!
//! Judged by the rule of the recording: moments that were "now", sizes of files, hashes of pictures and hints are left out, names of a
//! map may stand in any order, errors agree in code and status.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod fixtures;
#[path = "it/http.rs"]
mod http;
#[path = "it/site.rs"]
mod site;

use std::{collections::BTreeMap, path::Path};

use serde_json::{Map, Value};

use fixtures::{fixtures, json};
use http::Ask;
use site::{Server, Site};

/// Each recording with the number of exchanges to keep.
const RECORDED: &[(&str, usize)] = &[("anonymous", 69), ("administrator", 33), ("administrator-writes", 17)];

/// What an export does not carry.
const SETTINGS: &[(&str, &str)] = &[
    ("blogname", "Test Library"),
    ("admin_email", "admin@example.org"),
    ("permalink_structure", "/%year%/%monthnum%/%day%/%postname%/"),
    ("posts_per_page", "5"),
    ("page_comments", "1"),
    ("comments_per_page", "5"),
    ("wp_attachment_pages_enabled", "1"),
    ("show_on_front", "posts"),
    ("default_category", "1"),
    ("date_format", "F j, Y"),
    ("time_format", "g:i a"),
    ("stylesheet", "twentytwentyfour"),
    ("template", "twentytwentyfour"),
];

/// The recorded site, moved over, with the administrator who asked: account 1.
fn moved() -> Option<Site> {
    let (urls, themes) = (fixtures("urls")?, fixtures("themes")?);
    let site = Site::empty();
    let add = [
        "users",
        "add",
        "admin",
        "--email",
        "admin@example.org",
        "--role",
        "administrator",
    ];
    site.ok(&add);
    site.ok(&["import", "wxr", urls.join("site.wxr.xml").to_str().unwrap()]);
    site.ok(&["themes", "install", themes.join("twentytwentyfour").to_str().unwrap()]);
    for (name, value) in SETTINGS {
        site.ok(&["settings", "set", name, value]);
    }
    Some(site)
}

/// What is compared of a body.
fn settled(value: &Value) -> Value {
    match value {
        // The profile of account 1 is that of whoever recorded.
        Value::Object(members) if members.get("slug") == Some(&"admin".into()) => Value::Null,
        Value::Object(members) => Value::Object(members.iter().filter_map(|(name, v)| member(name, v)).collect()),
        Value::Array(items) => Value::Array(items.iter().map(settled).collect()),
        other => other.clone(),
    }
}

fn member(name: &str, value: &Value) -> Option<(String, Value)> {
    let value = match (name, value) {
        ("targetHints" | "message" | "filesize", _) => return None,
        ("avatar_urls" | "author_avatar_urls", Value::Object(sizes)) => Value::Object(
            sizes
                .keys()
                .map(|size| (size.clone(), Value::Null))
                .collect::<Map<_, _>>(),
        ),
        ("date" | "date_gmt" | "modified" | "modified_gmt", Value::String(moment)) if moment.starts_with("202") => {
            "now".into()
        }
        // The address of a draft has the day on which it was written.
        ("permalink_template", Value::String(link)) if link.contains("/202") => "now".into(),
        (_, value) => settled(value),
    };
    Some((name.to_owned(), value))
}

fn differences(wanted: &Value, got: &Value, place: &str, out: &mut Vec<String>) {
    match (wanted, got) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in a {
                match b.get(name) {
                    Some(other) => differences(value, other, &format!("{place}.{name}"), out),
                    None => out.push(format!("{place}.{name} is missing")),
                }
            }
            out.extend(
                b.keys()
                    .filter(|name| !a.contains_key(*name))
                    .map(|name| format!("{place}.{name} is too much")),
            );
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (n, (x, y)) in a.iter().zip(b).enumerate() {
                differences(x, y, &format!("{place}[{n}]"), out);
            }
        }
        _ if wanted == got => {}
        _ => {
            let short = |value: &Value| value.to_string().chars().take(120).collect::<String>();
            out.push(format!("{place}: {} for {}", short(got), short(wanted)));
        }
    }
}

/// What differs from a record.
fn judged(server: &Server<'_>, record: &Value, password: Option<&str>) -> Vec<String> {
    judged_by(
        server,
        record,
        "example.org",
        password.map(|password| ("admin", password)),
    )
}

fn judged_by(server: &Server<'_>, record: &Value, host: &str, who: Option<(&str, &str)>) -> Vec<String> {
    let text = |name: &str| record[name].as_str().unwrap_or_default();
    let mut ask = Ask::new(text("method"), format!("/wp-json{}", text("path"))).header("Host", host);
    if let Some((login, password)) = who {
        ask = ask.signed_in(login, password);
    }
    if !record["body_sent"].is_null() {
        ask = ask.json(&record["body_sent"]);
    }
    let answer = server.ask(&ask);
    let mut out = Vec::new();
    if u64::from(answer.status) != record["status"].as_u64().unwrap() {
        out.push(format!("status {} for {}", answer.status, record["status"]));
    }
    for name in ["X-WP-Total", "X-WP-TotalPages", "Link", "Allow"] {
        let wanted = match &record["headers"][name] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let got = answer.header(&name.to_lowercase()).unwrap_or_default();
        if wanted != got {
            out.push(format!("{name} is {got:?} for {wanted:?}"));
        }
    }
    if text("method") == "HEAD" {
        return out;
    }
    let body: Value = serde_json::from_str(&answer.text()).unwrap_or_default();
    let wanted = &made_here(&record["body"], &body);
    if record["status"].as_u64() >= Some(400) {
        if (&body["code"], &body["data"]["status"]) != (&wanted["code"], &wanted["data"]["status"]) {
            out.push(format!("{} for {}", body["code"], wanted["code"]));
        }
    } else {
        differences(&settled(wanted), &settled(&body), "", &mut out);
    }
    out
}

/// The record with the number that what was made has here: each site counts on from where it stands.
fn made_here(wanted: &Value, got: &Value) -> Value {
    let number = |value: &Value| {
        let places = ["/id", "/responses/0/body/id", "/_links/predecessor-version/0/id"];
        places.map(|place| value.pointer(place).and_then(Value::as_i64))
    };
    let mut text = wanted.to_string();
    for (theirs, ours) in number(wanted).into_iter().zip(number(got)) {
        if let (Some(theirs), Some(ours)) = (theirs, ours)
            && theirs != ours
        {
            text = with_number(&text, theirs, ours);
        }
    }
    serde_json::from_str(&text).unwrap()
}

/// A text where one number stands for another, as a number of its own and not as part of a longer one.
fn with_number(text: &str, theirs: i64, ours: i64) -> String {
    let theirs = theirs.to_string();
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(&theirs) {
        let (before, after) = (&rest[..at], &rest[at + theirs.len()..]);
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        out.push_str(before);
        if digit(before.chars().last()) || digit(after.chars().next()) {
            out.push_str(&theirs);
        } else {
            out.push_str(&ours.to_string());
        }
        rest = after;
    }
    out + rest
}

/// A copy of a site that nobody has written to.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn exchanges_with_wordpress() {
    let Some(folder) = fixtures("rest") else { return };
    let Some(site) = moved() else { return };
    let password = site.application_password("admin");
    let mut worse = Vec::new();
    for (name, least) in RECORDED {
        let records = json(&folder.join(format!("live-wp71-{name}.json")));
        let records = records.as_array().unwrap();
        let password = (*name != "anonymous").then_some(password.as_str());
        let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if name.ends_with("writes") {
            for (n, record) in records.iter().enumerate() {
                let fresh = Site::empty();
                std::fs::remove_dir_all(fresh.data()).ok();
                copy(&site.data(), &fresh.data());
                note(&mut wrong, n, record, judged(&fresh.serve(), record, password));
            }
        } else {
            let server = site.serve();
            for (n, record) in records.iter().enumerate() {
                note(&mut wrong, n, record, judged(&server, record, password));
            }
        }
        let fine = records.len() - wrong.len();
        println!("rest {name} {fine}/{}", records.len());
        if std::env::var_os("GUIDEPOST_SHOW_MISSES").is_some() {
            for (asked, why) in &wrong {
                println!(
                    "  {asked}: {}",
                    why.iter().take(4).cloned().collect::<Vec<_>>().join("; ")
                );
            }
        }
        if fine < *least {
            worse.push(format!("{name}: {fine}, there were {least} before"));
        }
    }
    assert!(worse.is_empty(), "{}", worse.join("; "));
}

fn note(wrong: &mut BTreeMap<String, Vec<String>>, n: usize, record: &Value, differences: Vec<String>) {
    if !differences.is_empty() {
        wrong.insert(format!("{n:02} {} {}", record["method"], record["path"]), differences);
    }
}

/// Of the exchanges with the recorded library that need neither fields nor types of its own, how many are equal at least.
const LIBRARY: &[(&str, usize)] = &[("anonymous", 29), ("administrator", 9)];

/// The recorded library, moved over without its files.
fn library(folder: &Path) -> Site {
    let site = Site::empty();
    site.ok(&["import", "site", folder.join("dump.sql").to_str().unwrap()]);
    site
}

fn served(site: &Site) -> Server<'_> {
    let mut command = site.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("GUIDEPOST_URL", "https://guidance-hub.example");
    Server::start(command)
}

/// Whether an exchange needs what the library's own fields and types bring.
fn is_of_fields(record: &Value) -> bool {
    let text = record.to_string();
    ["\"acf\"", "acf_", "country", "theme_area", "ai1ec"]
        .iter()
        .any(|word| text.contains(word))
}

#[test]
fn exchanges_with_a_library() {
    let Some(folder) = fixtures("site") else { return };
    let site = library(&folder);
    let accounts = json(&folder.join("credentials.json"));
    let password = accounts["users"][0]["application_passwords"][0]["password"]
        .as_str()
        .unwrap()
        .to_owned();
    let login = accounts["users"][0]["login"].as_str().unwrap().to_owned();
    let server = served(&site);
    let mut worse = Vec::new();
    for (name, least) in LIBRARY {
        let records = json(&folder.join(format!("rest/{name}.json")));
        let (mut all, mut fine) = (0, 0);
        for record in records
            .as_array()
            .unwrap()
            .iter()
            .filter(|record| !is_of_fields(record))
        {
            all += 1;
            let who = (*name != "anonymous").then_some((login.as_str(), password.as_str()));
            let differences = judged_by(&server, record, "guidance-hub.example", who);
            fine += usize::from(differences.is_empty());
            if std::env::var_os("GUIDEPOST_SHOW_MISSES").is_some() && !differences.is_empty() {
                println!("  {} {}: {}", record["method"], record["path"], differences.join("; "));
            }
        }
        println!(
            "rest library {name} {fine}/{all} ({} need fields or types of its own: not yet)",
            records.as_array().unwrap().len() - all
        );
        if fine < *least {
            worse.push(format!("{name}: {fine}, there were {least} before"));
        }
    }
    assert!(worse.is_empty(), "{}", worse.join("; "));
}

#[test]
fn nobody_gets_what_is_hidden_through_the_api() {
    let Some(folder) = fixtures("site") else { return };
    let site = library(&folder);
    let server = served(&site);
    let leaks = json(&folder.join("leaks.json"));
    let secrets: Vec<&str> = leaks["strings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut routes: Vec<String> = ["posts", "pages", "media", "blocks", "navigation", "comments"]
        .iter()
        .flat_map(|base| (1..=460).map(move |id| format!("/wp/v2/{base}/{id}")))
        .collect();
    for base in [
        "posts",
        "pages",
        "media",
        "comments",
        "users",
        "categories",
        "tags",
        "blocks",
        "navigation",
        "search",
        "menu-items",
        "templates",
    ] {
        routes.extend((1..=4).map(|page| format!("/wp/v2/{base}?per_page=100&page={page}")));
    }
    routes.extend((1..=460).map(|id| format!("/wp/v2/posts/{id}/revisions")));
    routes.extend(
        [
            "/",
            "/wp/v2/types",
            "/wp/v2/settings",
            "/wp/v2/posts?_embed&per_page=50",
        ]
        .map(str::to_owned),
    );
    for secret in &secrets {
        let words = http::encoded(secret);
        routes.extend([
            format!("/wp/v2/search?search={words}"),
            format!("/wp/v2/posts?search={words}"),
        ]);
    }
    let mut told = Vec::new();
    for route in &routes {
        let answer = server.ask(&Ask::get(format!("/wp-json{route}")).header("Host", "guidance-hub.example"));
        let body: Value = serde_json::from_str(&answer.text()).unwrap_or_default();
        let text = body.to_string();
        told.extend(
            secrets
                .iter()
                .filter(|secret| text.contains(**secret))
                .map(|secret| format!("{route}: {secret}")),
        );
    }
    println!(
        "rest library: {} strings, {} requests, {} told",
        secrets.len(),
        routes.len(),
        told.len()
    );
    assert!(told.is_empty(), "{told:#?}");
}

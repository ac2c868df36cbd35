//! Finding what one has read before: phrases from inside real documents lead to their page; so do phrases with a typing error, and
//! the old words of the field for the new.
//!
//! The documents are found through `GUIDEPOST_FIXTURES`; without them the suite says "skipped".
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod fixtures;
#[path = "it/http.rs"]
mod http;
#[path = "it/site.rs"]
mod site;
#[path = "it/wordpress.rs"]
mod wordpress;

use std::path::PathBuf;

use fixtures::fixtures;
use http::encoded;
use serde_json::Value;
use site::{Server, Site};
use wordpress::{Post, Wordpress};

/// Phrases that are looked for.
const PHRASES: usize = 200;

fn documents() -> Option<Vec<PathBuf>> {
    let folder = fixtures("documents")?;
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "pdf" || e == "docx"))
        .collect();
    found.sort();
    Some(found)
}

/// A small generator of numbers that gives the same on every machine (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(n.max(1)).unwrap()).unwrap()
    }
}

/// A library with a post for each document.
fn library(documents: &[PathBuf]) -> Site {
    let mut site = Wordpress::new();
    let made = Site::empty();
    for (number, path) in (1_u64..).zip(documents) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let mut post = Post::new(number, "post", "publish", format!("entry-{number}"));
        post.title = format!("Entry {number}");
        post.content = format!("<p><a href=\"/wp-content/uploads/2026/03/{name}\">DOWNLOAD</a></p>");
        site.posts.push(post);
        let mut file = Post::new(1000 + number, "attachment", "inherit", format!("file-{number}"));
        file.parent = number;
        site.posts.push(file);
        let place = format!("2026/03/{name}");
        site.meta.push((
            1000 + number,
            "_wp_attached_file".to_owned(),
            place.clone().into_bytes(),
        ));
        made.file(&format!("uploads/{place}"), &std::fs::read(path).unwrap());
    }
    made.import(&site.sql(), Some(&made.path("uploads")));
    made
}

/// A phrase, the file it was taken from, and its page.
struct Phrase {
    words: Vec<String>,
    file: String,
    page: i64,
}

/// Pages that have something to look for: file, number, words.
fn pages(site: &Site, documents: &[PathBuf]) -> Vec<(String, i64, Vec<String>)> {
    let mut pages = Vec::new();
    for path in documents {
        let done = site.run(&["documents", "extract", path.to_str().unwrap(), "--format", "json"]);
        let told: Value = serde_json::from_str(&done.stdout).unwrap_or_default();
        if told["status"] != "text" {
            continue;
        }
        for page in told["pages"].as_array().into_iter().flatten() {
            let text = page["text"].as_str().unwrap_or_default();
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            if words.len() >= 30 {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                pages.push((name, page["number"].as_i64().unwrap(), words));
            }
        }
    }
    pages
}

/// Phrases of 4 to 7 words. One that stands on several pages has no right page, and one of numbers no words.
fn phrases(pages: &[(String, i64, Vec<String>)]) -> Vec<Phrase> {
    let flat: Vec<String> = pages.iter().map(|(_, _, words)| words.join(" ")).collect();
    let mut dice = Dice(20_261_126);
    let mut found = Vec::new();
    while found.len() < PHRASES {
        let (file, page, words) = &pages[dice.below(pages.len())];
        let length = 4 + dice.below(4);
        let at = dice.below(words.len() - length);
        let words = words[at..at + length].to_vec();
        let spelled = words
            .iter()
            .filter(|word| word.chars().any(char::is_alphabetic))
            .count();
        let phrase = words.join(" ");
        let once = flat.iter().filter(|text| text.contains(&phrase)).count() == 1;
        if spelled == length && once {
            found.push(Phrase {
                words,
                file: file.clone(),
                page: *page,
            });
        }
    }
    found
}

/// Whether one of the first three results shows the page: among its passages, or by the view that they lead to.
fn shows(server: &Server<'_>, words: &str, phrase: &Phrase) -> bool {
    let asked = server.get(&format!("/api/v1/search?limit=3&q={}", encoded(words)));
    let told: Value = serde_json::from_slice(&asked.body).unwrap();
    let results = told["results"].as_array().unwrap();
    let passages = results.iter().flat_map(|result| result["passages"].as_array().unwrap());
    passages.into_iter().any(|passage| {
        let url = passage["url"].as_str().unwrap_or_default();
        url.contains(&format!("/{}/", phrase.file)) && passage["page"] == phrase.page
    })
}

/// The longest word with two letters in each other's place.
fn mistyped(phrase: &Phrase) -> String {
    let longest = (0..phrase.words.len())
        .max_by_key(|at| phrase.words[*at].chars().count())
        .unwrap();
    let mut words = phrase.words.clone();
    let mut letters: Vec<char> = words[longest].chars().collect();
    let middle = letters.len() / 2;
    if middle > 0 {
        letters.swap(middle - 1, middle);
    }
    words[longest] = letters.into_iter().collect();
    words.join(" ")
}

fn rate(name: &str, hits: usize, of: usize, least: f64) {
    println!("finding {name}: {hits}/{of}");
    let share = f64::from(u32::try_from(hits).unwrap()) / f64::from(u32::try_from(of).unwrap());
    assert!(share >= least, "{name}: {hits} of {of} is below {least}");
}

#[test]
fn known_items() {
    let Some(documents) = documents() else { return };
    let site = library(&documents);
    site.ok(&["reindex"]);
    let server = site.serve();
    let phrases = phrases(&pages(&site, &documents));
    let (mut plain, mut typed) = (0, 0);
    for phrase in &phrases {
        let words = phrase.words.join(" ");
        let hit = shows(&server, &words, phrase);
        plain += usize::from(hit);
        if !hit && std::env::var_os("GUIDEPOST_SHOW_MISSES").is_some() {
            println!("  miss: {words:?} on page {} of {}", phrase.page, phrase.file);
        }
        let mistyped = mistyped(phrase);
        let hit = shows(&server, &mistyped, phrase);
        typed += usize::from(hit);
        if !hit && std::env::var_os("GUIDEPOST_SHOW_MISSES").is_some() {
            println!(
                "  miss, mistyped: {mistyped:?} on page {} of {}",
                phrase.page, phrase.file
            );
        }
    }
    rate("phrases of real documents", plain, phrases.len(), 0.95);
    rate("the same with a typing error", typed, phrases.len(), 0.85);
}

/// Old words of the field, and the words that a text of today uses.
const TERMS: &[(&str, &str)] = &[
    ("child pornography", "child sexual abuse material"),
    ("kiddie porn", "child sexual exploitation material"),
    ("child prostitution", "exploitation of children in prostitution"),
    ("child prostitute", "child victim of exploitation in prostitution"),
    (
        "child sex tourism",
        "sexual exploitation of children in travel and tourism",
    ),
    ("child sex tourist", "travelling child sex offender"),
    ("webcam child sex tourism", "live streaming of child sexual abuse"),
    ("sextortion", "sexual extortion of children"),
    ("sexting", "self-generated sexual content"),
    (
        "computer-generated child pornography",
        "digitally generated child sexual abuse material",
    ),
    ("cybersex with a child", "online-facilitated child sexual abuse"),
    ("paedophile", "child sexual offender"),
    ("modern slavery", "forced labour"),
    ("pédopornographie", "contenus d'abus sexuels sur enfants"),
    ("prostitution enfantine", "exploitation d'enfants dans la prostitution"),
    (
        "pornografía infantil",
        "material de abuso sexual de niños, niñas y adolescentes",
    ),
];

#[test]
fn old_words_for_new() {
    let mut site = Wordpress::new();
    for (number, (_, new)) in (1_u64..).zip(TERMS) {
        let mut post = Post::new(number, "post", "publish", format!("entry-{number}"));
        post.title = format!("Entry {number}");
        post.content = format!("<p>This text speaks of {new}, and of nothing else.</p>");
        site.posts.push(post);
    }
    let made = Site::empty();
    made.import(&site.sql(), None);
    made.ok(&["reindex"]);
    let server = made.serve();
    let mut hits = 0;
    for (number, (old, new)) in (1_u64..).zip(TERMS) {
        for (asked, both) in [(old, true), (new, false)] {
            let answer = server.get(&format!("/api/v1/search?limit=3&q={}", encoded(asked)));
            let told: Value = serde_json::from_slice(&answer.body).unwrap();
            let urls = told["results"].as_array().unwrap().iter();
            let found = urls
                .filter_map(|r| r["url"].as_str())
                .any(|url| url.ends_with(&format!("/entry-{number}/")));
            let said = !both || !told["also"].as_array().unwrap().is_empty();
            hits += usize::from(found && said);
            if !(found && said) {
                println!("  miss: {asked:?}");
            }
        }
    }
    rate("old words for new", hits, TERMS.len() * 2, 0.95);
}

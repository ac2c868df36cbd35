//! Compares this crate with the recorded fixtures: prints a rate per set, fails when one drops. The sets of single text
//! functions are judged through the command `text`, in the binary's own suite.
//!
//! The fixtures are found through `GUIDEPOST_FIXTURES`; without them the suite says "skipped".

use std::fs;
use std::path::{Path, PathBuf};

use gp_markup::{block, sanitize, text};
use serde_json::Value;

/// The fixtures' folder, if there is one.
fn fixtures() -> Option<PathBuf> {
    let folder = std::env::var_os("GUIDEPOST_FIXTURES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"),
        PathBuf::from,
    );
    let found = folder.is_dir();
    if !found {
        println!("skipped: no fixtures at {}", folder.display());
    }
    found.then_some(folder)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Prints the rate and the first misses; fails below the minimum.
fn report(set: &str, misses: &[String], total: usize, minimum: usize) {
    let passed = total - misses.len();
    println!("{set} {passed}/{total}");
    let shown = std::env::var("GUIDEPOST_SHOW_MISSES").is_ok_and(|name| set.starts_with(&name));
    if shown || passed < minimum {
        misses.iter().for_each(|miss| println!("  miss {miss}"));
    }
    assert!(passed >= minimum, "{set}: {passed} pass, {minimum} did before");
}

fn block_cases(folder: &Path) -> Vec<(String, String, Value)> {
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.strip_suffix(".parsed.json")?.to_owned();
            let html = read(&folder.join(format!("{name}.html")));
            Some((name, html, read_json(&path)))
        })
        .collect();
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases
}

fn check_blocks(set: &str, trim: bool, minimum: usize) {
    let Some(folder) = fixtures()
        .map(|folder| folder.join(set))
        .filter(|folder| folder.is_dir())
    else {
        return;
    };
    let cases = block_cases(&folder);
    let (mut parse_misses, mut serialize_misses, mut same_bytes) = (Vec::new(), Vec::new(), 0);
    for (name, html, expected) in &cases {
        let html = if trim { html.trim() } else { html };
        let blocks = block::parse(html);
        if block::to_json(&blocks) != *expected {
            parse_misses.push(name.clone());
        }
        let again = block::serialize(&blocks);
        same_bytes += usize::from(again == html);
        if block::parse(&again) != blocks {
            serialize_misses.push(name.clone());
        }
    }
    report(&format!("{set} parse"), &parse_misses, cases.len(), minimum);
    report(&format!("{set} serialize"), &serialize_misses, cases.len(), minimum);
    println!("{set} byte-identical {same_bytes}/{}", cases.len());
}

#[test]
fn blocks() {
    check_blocks("blocks", true, 150);
}

#[test]
fn blocks_server() {
    check_blocks("blocks-server", false, 42);
}

#[test]
fn whole_posts() {
    let path = fixtures().map(|folder| folder.join("text/whole-posts.json"));
    let Some(path) = path.filter(|path| path.is_file()) else {
        return;
    };
    let posts = read_json(&path);
    let posts = posts.as_array().cloned().unwrap_or_default();
    for (set, function) in [
        ("wpautop", text::wpautop as fn(&str) -> String),
        ("wptexturize", text::wptexturize),
        ("wp_kses_post", sanitize::wp_kses_post),
        ("the_content_chain", |input| text::wptexturize(&text::wpautop(input))),
    ] {
        let misses: Vec<String> = posts
            .iter()
            .filter_map(|post| first_difference(&function(post["input"].as_str()?), post[set].as_str()?))
            .collect();
        report(&format!("whole-posts {set}"), &misses, posts.len(), 1);
    }
}

/// The lines around the first difference.
fn first_difference(got: &str, expected: &str) -> Option<String> {
    let at = got.bytes().zip(expected.bytes()).position(|(a, b)| a != b);
    let at = at.or((got.len() != expected.len()).then_some(got.len().min(expected.len())))?;
    let window = |text: &str| {
        let bytes = &text.as_bytes()[at.saturating_sub(80)..(at + 80).min(text.len())];
        String::from_utf8_lossy(bytes).into_owned()
    };
    Some(format!(
        "at {at}\n    expected {:?}\n    got      {:?}",
        window(expected),
        window(got)
    ))
}

/// What could run in a tag: scripts, event attributes, addresses with code.
fn danger(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').map_or(rest.len(), |at| start + at + 1);
        let tag: String = rest[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
        let squeezed: String = tag.chars().filter(|c| !c.is_whitespace()).collect();
        let event = tag.match_indices(" on").any(|(at, _)| {
            let word = &tag[at + 3..];
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word
                    .trim_start_matches(|c: char| c.is_ascii_lowercase())
                    .starts_with('=')
        });
        let code = ["javascript:", "vbscript:", "data:text", "livescript:", "mocha:"]
            .iter()
            .any(|scheme| squeezed.contains(scheme));
        if tag.starts_with("<script") || tag.starts_with("<iframe") || event || code {
            return Some(tag);
        }
        rest = &rest[end..];
    }
    None
}

#[test]
fn cross_site_scripting() {
    for set in ["xss-attacks", "wp_kses_post", "wp_kses_data"] {
        let path = fixtures().map(|folder| folder.join("text").join(format!("{set}.json")));
        let Some(path) = path.filter(|path| path.is_file()) else {
            continue;
        };
        let cases = read_json(&path);
        let cases = cases.as_array().cloned().unwrap_or_default();
        let inputs: Vec<&str> = cases
            .iter()
            .filter_map(|case| case["input"].as_str().or_else(|| case["args"][0].as_str()))
            .collect();
        for (name, filter) in [
            ("kses_post", sanitize::kses_post as fn(&str) -> String),
            ("wp_kses_post", sanitize::wp_kses_post),
            ("wp_kses_data", sanitize::wp_kses_data),
        ] {
            let misses: Vec<String> = inputs
                .iter()
                .filter_map(|input| danger(&filter(input)).map(|tag| format!("{input}: {tag}")))
                .collect();
            report(&format!("{set} safe after {name}"), &misses, inputs.len(), inputs.len());
        }
    }
}

#[test]
fn block_markup_passes_the_sanitiser() {
    let Some(folder) = fixtures()
        .map(|folder| folder.join("blocks"))
        .filter(|folder| folder.is_dir())
    else {
        return;
    };
    let names =
        |html: &str| -> Vec<Option<String>> { block::parse(html).into_iter().map(|block| block.name).collect() };
    let cases = block_cases(&folder);
    let misses: Vec<String> = cases
        .iter()
        .filter(|(_, html, _)| names(html.trim()) != names(sanitize::kses_post(html.trim()).trim()))
        .map(|(name, ..)| name.clone())
        .collect();
    report("blocks after kses_post", &misses, cases.len(), 147);
}

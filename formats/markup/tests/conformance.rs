//! Compares this crate with the recorded fixtures: prints a rate per set, fails when one drops.
//!
//! The fixtures are found through `GUIDEPOST_FIXTURES`; without them the suite says "skipped".

use std::fs;
use std::path::{Path, PathBuf};

use gp_markup::block;
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
    assert!(
        passed >= minimum,
        "{set}: {passed} pass, {minimum} did before"
    );
}

fn block_cases(folder: &Path) -> Vec<(String, String, Value)> {
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path
                .file_name()?
                .to_str()?
                .strip_suffix(".parsed.json")?
                .to_owned();
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
    report(
        &format!("{set} serialize"),
        &serialize_misses,
        cases.len(),
        minimum,
    );
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

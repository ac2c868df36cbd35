//! The rules of a site beside those of a recorded one, under each permalink structure: the same, in the same order.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use gp_content::{Site, Types, address};
use serde_json::Value;

fn fixtures() -> Option<PathBuf> {
    let root = std::env::var_os("GUIDEPOST_FIXTURES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"),
        PathBuf::from,
    );
    let folder = root.join("urls");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("rules: skipped, {} is absent", folder.display());
    None
}

/// Doors of other parts, and taxonomies that only this program has.
fn elsewhere(rule: &str) -> bool {
    let files = ["^", "robots", "favicon", "sitemap", ".*wp-"];
    let own = ["region/", "publisher/"];
    files.iter().any(|start| rule.starts_with(start)) || own.iter().any(|base| rule.contains(base))
}

/// The rules of a record, in the order of the file.
fn recorded(file: &str) -> Vec<String> {
    let ends = file.match_indices("\": \"index.php").map(|(at, _)| &file[..=at]);
    ends.map(|line| serde_json::from_str(line.lines().last().unwrap().trim()).unwrap())
        .collect()
}

#[test]
fn the_rules_are_those_of_the_record() {
    let Some(fixtures) = fixtures() else { return };
    let types = Types::new(Vec::new());
    for name in [
        "postname",
        "year-monthnum-day-postname",
        "category-postname",
        "archives-post_id",
    ] {
        let file = std::fs::read_to_string(fixtures.join(format!("rules-{name}.json"))).unwrap();
        let record: Value = serde_json::from_str(&file).unwrap();
        let structure = record["permalink_structure"].as_str().unwrap();
        let site = Site::from_options([("permalink_structure".to_owned(), structure.into())].into());
        let mut ours = address::rules_of(&site, &types);
        ours.retain(|rule| !elsewhere(rule));
        let mut theirs = recorded(&file);
        theirs.retain(|rule| !elsewhere(rule));
        let same = ours.iter().zip(&theirs).filter(|(a, b)| a == b).count();
        println!("rules {name} {same}/{}", theirs.len());
        assert_eq!(ours, theirs, "{name}");
    }
}

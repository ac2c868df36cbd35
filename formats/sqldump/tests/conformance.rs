//! Reads the dump of a whole WordPress site and compares the row counts of all tables.

#![allow(clippy::unwrap_used)]

use gp_sqldump::{Event, Limits, Reader, wordpress};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

#[test]
fn site_dump() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let root = std::env::var("GUIDEPOST_FIXTURES").unwrap_or_else(|_| default.to_owned());
    let site = PathBuf::from(root).join("site");
    let Ok(dump) = File::open(site.join("dump.sql")) else {
        println!("site dump: skipped, {} is not there", site.display());
        return;
    };
    let counts = std::fs::read_to_string(site.join("counts.json")).unwrap();
    let counts: serde_json::Value = serde_json::from_str(&counts).unwrap();
    let wanted: BTreeMap<String, u64> = serde_json::from_value(counts["tables"].clone()).unwrap();

    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    let mut reader = Reader::new(dump, Limits::default());
    while let Some(event) = reader.next().unwrap() {
        match event {
            Event::CreateTable(table) => {
                found.entry(table.name.clone()).or_default();
            }
            Event::Row(row) => *found.get_mut(&row.table().name).unwrap() += 1,
        }
    }
    let right: u64 = wanted
        .iter()
        .map(|(name, rows)| (*rows).min(*found.get(name).unwrap_or(&0)))
        .sum();
    println!("site dump rows {right}/{}", wanted.values().sum::<u64>());
    assert_eq!(found, wanted);
    assert!(reader.completed());
    let names = reader.tables().iter().map(|table| table.name.as_str());
    assert!(wordpress::find_prefix(names).is_some());
}

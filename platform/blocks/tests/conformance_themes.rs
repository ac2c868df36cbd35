//! Compares the stylesheets and settings of block themes with what WordPress made of the same files.
//!
//! The fixtures are found through `GUIDEPOST_FIXTURES`; without them the suite says "skipped".

mod fixtures;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use fixtures::{files, fixtures, read};
use gp_blocks::{Theme, theme::fluid};
use serde_json::Value;

/// (selector with what is around it, property, value), with spelling that means nothing taken away.
fn declarations(css: &str) -> BTreeSet<(String, String, String)> {
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = Vec::new();
    let mut piece = String::new();
    let (mut depth, mut quote) = (0usize, None);
    for c in css.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        match c {
            '{' if quote.is_none() => open.push(bare(&std::mem::take(&mut piece))),
            ';' | '}' if quote.is_none() && depth == 0 => {
                if let Some((name, value)) = piece.split_once(':') {
                    found.insert((open.join(" "), bare(name), bare(value)));
                }
                piece.clear();
                if c == '}' {
                    open.pop();
                }
            }
            c => piece.push(c),
        }
    }
    found
}

fn bare(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace(", ", ",").replace(" ,", ",").replace(" > ", ">")
}

fn show() -> bool {
    std::env::var_os("GUIDEPOST_SHOW_MISSES").is_some()
}

/// The parts of the settings that are compared.
const SETTINGS: &[&str] = &[
    "/color/palette",
    "/color/gradients",
    "/color/duotone",
    "/typography/fontSizes",
    "/typography/fontFamilies",
    "/spacing/spacingSizes",
    "/layout",
    "/shadow",
    "/custom",
];

#[test]
fn stylesheets_and_settings() {
    let Some(folder) = fixtures("themes") else { return };
    let themes = fs::read_dir(&folder).expect("the folder can be read").flatten();
    for entry in themes.filter(|e| e.path().is_dir()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let mut all = BTreeMap::new();
        files(&entry.path(), "", &mut all);
        let theme = Theme::from_files(&name, all).unwrap_or_else(|e| panic!("{e}"));
        let css = entry.path().join("expected-global-styles-wp71.css");
        if css.is_file() {
            let wanted = declarations(&read(&css));
            let ours = declarations(&theme.stylesheet(&Value::Null));
            let same = wanted.intersection(&ours).count();
            let all = wanted.union(&ours).count();
            println!("themes css {name} {same}/{all}");
            if show() {
                wanted.difference(&ours).for_each(|d| println!("  missing {d:?}"));
                ours.difference(&wanted).for_each(|d| println!("  too much {d:?}"));
            }
            assert!(same * 100 >= all * 98, "themes css {name}: {same} of {all}");
        }
        let settings = entry.path().join("expected-settings-wp71.json");
        if settings.is_file() {
            let wanted: Value = serde_json::from_str(&read(&settings)).expect("the settings are JSON");
            let ours = theme.settings(&Value::Null);
            let misses: Vec<_> = SETTINGS
                .iter()
                .filter(|p| wanted.pointer(p) != ours.pointer(p))
                .collect();
            println!(
                "themes settings {name} {}/{}",
                SETTINGS.len() - misses.len(),
                SETTINGS.len()
            );
            println!("themes settings {name} whole: {}", wanted == ours);
            if show() {
                misses
                    .iter()
                    .for_each(|p| println!("  miss {p}: {:?} WordPress {:?}", ours.pointer(p), wanted.pointer(p)));
                println!("{ours}");
            }
            assert!(misses.is_empty(), "themes settings {name}: {misses:?}");
        }
    }
}

#[test]
fn fluid_sizes() {
    let Some(folder) = fixtures("text") else { return };
    let cases: Value =
        serde_json::from_str(&read(&folder.join("wp_get_typography_font_size_value.json"))).expect("JSON");
    let cases = cases.as_array().cloned().unwrap_or_default();
    let mut passed = 0;
    // Without settings of its own a case speaks of a theme that switched fluid sizes on.
    let on = serde_json::json!({ "fluid": true });
    for case in &cases {
        let mut settings = case["args"][1].clone();
        if !settings.is_object() {
            settings = serde_json::json!({});
        }
        if settings.get("typography").is_none() {
            settings["typography"] = on.clone();
        }
        let ours = fluid::font_size(&case["args"][0], &settings).unwrap_or(Value::Null);
        passed += usize::from(ours == case["result"]);
        if ours != case["result"] {
            println!("  miss {}: ours {ours}, WordPress {}", case["case"], case["result"]);
        }
    }
    println!("themes fluid sizes {passed}/{}", cases.len());
    assert_eq!(passed, cases.len());
}

//! Compares reading and detection with what a real WordPress answers for its own test inputs.

#![allow(clippy::unwrap_used)]

use serde_json::Value as Json;
use std::path::PathBuf;

/// The cases of a WordPress function, or `None` when the fixtures are not there.
fn cases(function: &str) -> Option<Vec<Json>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let root = std::env::var("GUIDEPOST_FIXTURES").unwrap_or_else(|_| default.to_owned());
    let file = PathBuf::from(root).join("text").join(format!("{function}.json"));
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("{function}: skipped, {} is not there", file.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// Bytes of a text argument; other arguments are passed through by WordPress.
fn text_of(argument: &Json) -> Option<&[u8]> {
    argument.as_str().map(str::as_bytes)
}

fn judge(function: &str, right: impl Fn(&Json, &Json) -> bool) {
    let Some(cases) = cases(function) else { return };
    let mut passed = 0;
    for case in &cases {
        if right(&case["args"][0], &case["result"]) {
            passed += 1;
        } else {
            println!("{function}: differs in {}", case["case"]);
        }
    }
    println!("{function} {passed}/{}", cases.len());
    assert_eq!(passed, cases.len());
}

#[test]
fn is_serialized() {
    judge("is_serialized", |argument, result| {
        let answer = text_of(argument).is_some_and(gp_php::is_serialized);
        *result == Json::Bool(answer)
    });
}

#[test]
fn maybe_unserialize() {
    judge("maybe_unserialize", |argument, result| {
        let value = text_of(argument).and_then(gp_php::maybe_unserialize);
        value.map_or_else(|| argument.clone(), |value| value.to_json()) == *result
    });
}

//! WordPress's functions, judged through the command `text`: prints a rate per function, fails when one drops.
//!
//! The fixtures are found through `GUIDEPOST_FIXTURES`; without them the suite says "skipped".
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod fixtures;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use fixtures::{fixtures, json};

/// How many cases of each function gave the recorded result when this was last renewed.
const MINIMA: &[(&str, usize)] = &[
    ("_wp_specialchars", 142),
    ("add_query_arg", 45),
    ("balanceTags", 67),
    ("convert_chars", 1),
    ("convert_smilies", 12),
    ("do_shortcode", 5),
    ("ent2ncr", 121),
    ("esc_attr", 4),
    ("esc_html", 2),
    ("esc_js", 5),
    ("esc_url", 80),
    ("esc_xml", 8),
    ("get_url_in_content", 4),
    ("human_time_diff", 6),
    ("is_email", 8),
    ("is_serialized", 17),
    ("is_serialized_string", 4),
    ("links_add_base_url", 6),
    ("links_add_target", 10),
    ("make_clickable", 33),
    ("maybe_serialize", 18),
    ("maybe_unserialize", 15),
    ("normalize_whitespace", 2),
    ("parse_blocks", 5),
    ("remove_accents", 10),
    ("rest_sanitize_value_from_schema", 50),
    ("rest_validate_value_from_schema", 149),
    ("safecss_filter_attr", 51),
    ("sanitize_file_name", 9),
    ("sanitize_hex_color", 12),
    ("sanitize_hex_color_no_hash", 14),
    ("sanitize_key", 4),
    ("sanitize_locale_name", 7),
    ("sanitize_mime_type", 13),
    ("sanitize_text_field", 11),
    ("sanitize_textarea_field", 11),
    ("sanitize_title", 1),
    ("sanitize_title_with_dashes", 44),
    ("sanitize_trackback_urls", 6),
    ("sanitize_url", 2),
    ("sanitize_user", 1),
    ("seems_utf8", 5),
    ("serialize_blocks", 5),
    ("shortcode_unautop", 3),
    ("size_format", 19),
    ("strip_core_block_namespace", 1),
    ("strip_shortcodes", 6),
    ("trailingslashit", 1),
    ("untrailingslashit", 3),
    ("url_shorten", 3),
    ("utf8_uri_encode", 7),
    ("validate_file", 13),
    ("wp_check_filetype", 4),
    ("wp_encode_emoji", 3),
    ("wp_html_excerpt", 1),
    ("wp_html_split", 3),
    ("wp_http_validate_url", 8),
    ("wp_kses", 37),
    ("wp_kses_bad_protocol", 22),
    ("wp_kses_data", 45),
    ("wp_kses_normalize_entities", 18),
    ("wp_kses_one_attr", 8),
    ("wp_kses_post", 14),
    ("wp_make_link_relative", 4),
    ("wp_normalize_path", 5),
    ("wp_parse_id_list", 6),
    ("wp_parse_list", 6),
    ("wp_parse_slug_list", 8),
    ("wp_parse_url", 25),
    ("wp_rel_nofollow", 7),
    ("wp_rel_ugc", 5),
    ("wp_replace_in_html_tags", 2),
    ("wp_strip_all_tags", 7),
    ("wp_trim_words", 6),
    ("wp_validate_boolean", 12),
    ("wpautop", 17),
    ("wptexturize", 193),
];

fn call(function: &str, calls: &Value) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(["text", function])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input = calls.to_string();
    let mut stdin = child.stdin.take().unwrap();
    // What does not know the function does not read either.
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// The results of a function, or `None` where there is no counterpart of it.
fn results(function: &str, calls: &Value) -> Option<Vec<Value>> {
    let output = call(function, calls);
    match output.status.code() {
        Some(0) => Some(serde_json::from_slice(&output.stdout).unwrap()),
        Some(2) => None,
        _ => panic!("{function}: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[test]
fn functions() {
    let Some(folder) = fixtures("text") else { return };
    let mut sets: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| {
            entry
                .unwrap()
                .file_name()
                .to_str()?
                .strip_suffix(".json")
                .map(str::to_owned)
        })
        .filter(|set| !matches!(set.as_str(), "whole-posts" | "xss-attacks"))
        .collect();
    sets.sort();
    let (mut faults, mut passed, mut total, mut without) = (Vec::new(), 0, 0, Vec::new());
    for set in sets {
        let cases = json(&folder.join(format!("{set}.json")));
        let cases = cases.as_array().unwrap();
        let minimum = MINIMA
            .iter()
            .find(|(known, _)| *known == set)
            .map_or(0, |(_, minimum)| *minimum);
        let calls: Value = cases.iter().map(|case| case["args"].clone()).collect();
        let Some(results) = results(&set, &calls) else {
            without.push(format!("{set} ({})", cases.len()));
            faults.extend((minimum > 0).then(|| format!("{set}: there is no counterpart any more")));
            continue;
        };
        let right = show(&set, cases, &results, minimum);
        passed += right;
        total += cases.len();
        if right < minimum {
            faults.push(format!("{set}: {right} pass, {minimum} did before"));
        }
    }
    println!("text functions in all {passed}/{total}");
    println!("text functions without a counterpart: {}", without.join(", "));
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Prints the rate of one function, and its misses where asked for; gives how many cases pass.
fn show(set: &str, cases: &[Value], results: &[Value], minimum: usize) -> usize {
    assert_eq!(cases.len(), results.len(), "{set}: a result for each call");
    let misses: Vec<_> = cases
        .iter()
        .zip(results)
        .filter(|(case, result)| case["result"] != **result)
        .collect();
    let right = cases.len() - misses.len();
    let untaken = misses.iter().filter(|(_, result)| result.is_null()).count();
    let untaken = if untaken > 0 {
        format!(", {untaken} with arguments that it cannot take")
    } else {
        String::new()
    };
    println!("{set} {right}/{}{untaken}", cases.len());
    let asked = std::env::var("GUIDEPOST_SHOW_MISSES").is_ok_and(|name| set.starts_with(&name));
    if asked || right < minimum {
        for (case, result) in misses {
            println!(
                "  miss {}\n    expected {}\n    got      {result}",
                case["args"], case["result"]
            );
        }
    }
    right
}

#[test]
fn attacks_come_out_as_recorded() {
    let Some(folder) = fixtures("text") else { return };
    let cases = json(&folder.join("xss-attacks.json"));
    let cases = cases.as_array().unwrap();
    let calls: Value = cases
        .iter()
        .map(|case| Value::from(vec![case["input"].clone()]))
        .collect();
    for function in ["wp_kses_post", "wp_kses_data"] {
        let results = results(function, &calls).unwrap();
        let right = cases
            .iter()
            .zip(&results)
            .filter(|(case, result)| case[function] == **result)
            .count();
        println!("xss-attacks {function} {right}/{}", cases.len());
        assert_eq!(right, cases.len());
    }
}

#[test]
fn an_unknown_function_is_a_wrong_call() {
    let output = call("no_such_function", &Value::from(Vec::<Value>::new()));
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("wpautop"));
}

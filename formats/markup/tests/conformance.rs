//! Compares this crate with the recorded fixtures: prints a rate per set, fails when one drops.
//!
//! The fixtures are found through `GUIDEPOST_FIXTURES`; without them the suite says "skipped".

use std::fs;
use std::path::{Path, PathBuf};

use gp_markup::{block, sanitize, shortcode, text};
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

/// A function under test: the arguments of a case to its result; `None` when the arguments are none
/// that it can take (bytes that are not UTF-8, arrays).
type Call = fn(&[Value]) -> Option<Value>;

fn check_text(set: &str, minimum: usize, call: Call) {
    let path = fixtures().map(|folder| folder.join("text").join(format!("{set}.json")));
    let Some(path) = path.filter(|path| path.is_file()) else {
        return;
    };
    let cases = read_json(&path);
    let (mut misses, mut total) = (Vec::new(), 0);
    for case in cases.as_array().into_iter().flatten() {
        let arguments = case["args"].as_array().cloned().unwrap_or_default();
        let Some(result) = call(&arguments) else {
            continue;
        };
        total += 1;
        if result != case["result"] {
            misses.push(format!(
                "{arguments:?}\n    expected {}\n    got      {result}",
                case["result"]
            ));
        }
    }
    report(set, &misses, total, minimum);
}

fn text_of(arguments: &[Value]) -> Option<&str> {
    arguments.first()?.as_str()
}

/// Checks functions that take nothing but a text.
macro_rules! plain_sets {
    ($($name:ident, $minimum:literal, $function:expr;)*) => {
        $(#[test]
        fn $name() {
            check_text(stringify!($name), $minimum, |arguments| {
                (arguments.len() == 1).then_some(())?;
                Some(Value::from($function(text_of(arguments)?)))
            });
        })*
    };
}

plain_sets! {
    wpautop, 17, text::wpautop;
    wptexturize, 193, text::wptexturize;
    shortcode_unautop, 3, text::shortcode_unautop;
    sanitize_title, 1, text::sanitize_title;
    sanitize_file_name, 8, text::sanitize_file_name;
    sanitize_key, 3, text::sanitize_key;
    esc_html, 2, text::esc_html;
    esc_attr, 4, text::esc_attr;
    esc_xml, 8, text::esc_xml;
    make_clickable, 33, text::make_clickable;
    is_serialized, 13, text::is_serialized;
}

#[test]
fn strip_shortcodes() {
    check_text("strip_shortcodes", 6, |arguments| {
        Some(shortcode::strip(text_of(arguments)?, &shortcode::is_core_shortcode).into())
    });
}

#[test]
fn sanitize_title_with_dashes() {
    check_text("sanitize_title_with_dashes", 44, |arguments| {
        let saving = arguments.get(2).and_then(Value::as_str) == Some("save");
        Some(text::sanitize_title_with_dashes(text_of(arguments)?, saving).into())
    });
}

#[test]
fn remove_accents() {
    check_text("remove_accents", 9, |arguments| {
        let locale = arguments.get(1).and_then(Value::as_str).unwrap_or("en_US");
        Some(text::remove_accents_in(text_of(arguments)?, locale).into())
    });
}

#[test]
fn utf8_uri_encode() {
    check_text("utf8_uri_encode", 7, |arguments| {
        let most = arguments.get(1).and_then(Value::as_u64).map(|most| most as usize);
        Some(text::utf8_uri_encode(text_of(arguments)?, most).into())
    });
}

#[test]
fn balance_tags() {
    check_text("balanceTags", 67, |arguments| {
        Some(text::balance_tags(text_of(arguments)?).into())
    });
}

#[test]
fn esc_url() {
    check_text("esc_url", 80, |arguments| {
        let list: Vec<String> = match arguments.get(1) {
            None | Some(Value::Null) => text::ALLOWED_PROTOCOLS.map(str::to_owned).to_vec(),
            Some(Value::String(one)) => vec![one.clone()],
            Some(list) => serde_json::from_value(list.clone()).ok()?,
        };
        let protocols: Vec<&str> = list.iter().map(String::as_str).collect();
        let display = arguments.get(2).is_none();
        Some(text::esc_url_for(text_of(arguments)?, &protocols, display).into())
    });
}

#[test]
fn wp_strip_all_tags() {
    check_text("wp_strip_all_tags", 1, |arguments| {
        let breaks = arguments.get(1).and_then(Value::as_bool).unwrap_or(false);
        Some(text::strip_all_tags(text_of(arguments)?, breaks).into())
    });
}

#[test]
fn wp_trim_words() {
    check_text("wp_trim_words", 6, |arguments| {
        let count = arguments
            .get(1)
            .map_or(55, |count| count.as_u64().unwrap_or(0) as usize);
        let more = arguments.get(2).and_then(Value::as_str).unwrap_or("&hellip;");
        Some(text::wp_trim_words(text_of(arguments)?, count, more).into())
    });
}

#[test]
fn special_characters() {
    // Cases without options: entities only, which `esc_html` shares.
    check_text("_wp_specialchars", 136, |arguments| {
        let text = text_of(arguments).filter(|text| !text.contains(['"', '\'']))?;
        (arguments.len() == 1).then(|| text::esc_html(text).into())
    });
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
        let misses: Vec<String> = inputs
            .iter()
            .filter_map(|input| danger(&sanitize::kses_post(input)).map(|tag| format!("{input}: {tag}")))
            .collect();
        report(&format!("{set} safe"), &misses, inputs.len(), inputs.len());
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

//! `blocks` and `text`: filters from stdin to stdout that need no site.

use std::io::{Read as _, Write as _};

use gp_kernel::{Error, Result};
use gp_markup::{block, text};
use serde_json::Value;

use crate::cli::Blocks;

fn stdin() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    String::from_utf8(bytes)
        .map_err(|e| Error::invalid(format!("stdin is not UTF-8 at byte {}", e.utf8_error().valid_up_to())))
}

fn stdout(text: &str) -> Result<()> {
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(Error::from)
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|e| Error::invalid(format!("stdin is not JSON: {e}")))
}

/// `blocks parse|serialize|render`.
pub(super) fn blocks(what: Blocks) -> Result<()> {
    let input = stdin()?;
    match what {
        Blocks::Parse => stdout(&format!("{}\n", block::to_json(&block::parse(&input)))),
        Blocks::Serialize => {
            let blocks =
                block::from_json(&json(&input)?).map_err(|e| Error::invalid(format!("stdin holds no blocks: {e}")))?;
            stdout(&block::serialize(&blocks))
        }
        Blocks::Render => stdout(&gp_blocks::render_static(&input)),
    }
}

/// A WordPress text function of one string.
type Function = fn(&str) -> String;

const FUNCTIONS: &[(&str, Function)] = &[
    ("_wp_specialchars", text::esc_html),
    ("balanceTags", text::balance_tags),
    ("esc_attr", text::esc_attr),
    ("esc_html", text::esc_html),
    ("esc_url", text::esc_url),
    ("esc_xml", text::esc_xml),
    ("make_clickable", text::make_clickable),
    ("remove_accents", text::remove_accents),
    ("sanitize_file_name", text::sanitize_file_name),
    ("sanitize_key", text::sanitize_key),
    ("sanitize_title", text::sanitize_title),
    ("shortcode_unautop", text::shortcode_unautop),
    ("wp_kses_post", gp_markup::sanitize::kses_post),
    ("wpautop", text::wpautop),
    ("wptexturize", text::wptexturize),
];

/// `text FUNCTION`: a list of argument lists in, the list of results out.
pub(super) fn function(name: &str) -> Result<()> {
    let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = FUNCTIONS.iter().map(|(known, _)| *known).collect();
        return Err(Error::invalid(format!("there is no counterpart of {name}"))
            .hint(format!("there are {}", known.join(", "))));
    };
    let input = json(&stdin()?)?;
    let calls = input
        .as_array()
        .ok_or_else(|| Error::invalid("stdin is not a list of argument lists"))?;
    let results: Vec<Value> = calls
        .iter()
        .map(|arguments| Value::from(function(arguments.get(0).and_then(Value::as_str).unwrap_or_default())))
        .collect();
    stdout(&format!("{}\n", Value::from(results)))
}

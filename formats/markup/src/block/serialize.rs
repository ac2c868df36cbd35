//! Writes blocks back as `post_content`.

use serde_json::{Map, Value};

use super::{Block, MAX_DEPTH};

/// Writes blocks as WordPress stores them. A block without `inner_content` becomes self-closing.
pub fn serialize(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        write_block(block, &mut out, 0);
    }
    out
}

fn write_block(block: &Block, out: &mut String, depth: usize) {
    // A tree from `parse` or `from_json` is never that deep.
    if depth > MAX_DEPTH {
        return;
    }
    let Some(name) = &block.name else {
        return write_content(block, out, depth);
    };
    let name = name.strip_prefix("core/").unwrap_or(name);
    out.push_str("<!-- wp:");
    out.push_str(name);
    out.push(' ');
    if !block.attrs.is_empty() {
        out.push_str(&serialize_attributes(&block.attrs));
        out.push(' ');
    }
    if block.inner_content.is_empty() {
        out.push_str("/-->");
        return;
    }
    out.push_str("-->");
    write_content(block, out, depth);
    out.push_str("<!-- /wp:");
    out.push_str(name);
    out.push_str(" -->");
}

fn write_content(block: &Block, out: &mut String, depth: usize) {
    let mut inner = block.inner_blocks.iter();
    for piece in &block.inner_content {
        match piece {
            Some(html) => out.push_str(html),
            None => {
                if let Some(child) = inner.next() {
                    write_block(child, out, depth + 1);
                }
            }
        }
    }
}

/// The attributes as JSON that is safe inside an HTML comment: no `--`, `<`, `>`, `&` and no
/// backslash before a quote or another backslash.
pub fn serialize_attributes(attrs: &Map<String, Value>) -> String {
    let json = serde_json::to_string(attrs).unwrap_or_default();
    let mut out = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find(['-', '<', '>', '&', '\\', '\u{2028}', '\u{2029}']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (found, instead) = ESCAPES
            .iter()
            .find(|(found, _)| rest.starts_with(found))
            .copied()
            .unwrap_or_else(|| {
                let length = rest.chars().next().map_or(0, char::len_utf8);
                (&rest[..length], &rest[..length])
            });
        out.push_str(instead);
        rest = &rest[found.len()..];
    }
    out.push_str(rest);
    out
}

const ESCAPES: [(&str, &str); 8] = [
    ("--", r"\u002d\u002d"),
    ("<", r"\u003c"),
    (">", r"\u003e"),
    ("&", r"\u0026"),
    (r"\\", r"\u005c"),
    ("\\\"", r"\u0022"),
    ("\u{2028}", r"\u2028"),
    ("\u{2029}", r"\u2029"),
];

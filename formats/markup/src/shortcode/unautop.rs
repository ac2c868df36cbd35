//! Takes `<p>` away from around shortcodes that stand alone.

use super::{is_core_shortcode, name_at};

/// Unwraps the shortcodes of WordPress itself.
pub fn shortcode_unautop(text: &str) -> String {
    shortcode_unautop_with(text, &is_core_shortcode)
}

/// Unwraps shortcodes that `names` knows where one fills a whole paragraph.
pub fn shortcode_unautop_with(text: &str, names: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut copied) = (0, 0);
    // A name without any closing tag from here on is not searched for again.
    let mut without_closer = Vec::new();
    while let Some(start) = text[at..].find("<p>").map(|found| at + found) {
        at = start + 3;
        let inner = at + spaces(&text[at..]);
        if let Some(end) = shortcode_end(text, inner, names, &mut without_closer) {
            let paragraph_end = end + spaces(&text[end..]);
            out.push_str(&text[copied..start]);
            out.push_str(&text[inner..end]);
            at = paragraph_end + 4;
            copied = at;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The end of the shortcode at `start` if only a paragraph's end follows it.
fn shortcode_end<'a>(
    text: &'a str,
    start: usize,
    names: &dyn Fn(&str) -> bool,
    without_closer: &mut Vec<&'a str>,
) -> Option<usize> {
    let rest = text[start..].strip_prefix('[')?;
    let name = name_at(rest);
    if name.is_empty() || !names(name) {
        return None;
    }
    let fills = |end: usize| text[end + spaces(&text[end..])..].starts_with("</p>");
    let tag_end = start + 1 + rest.find(']')? + 1;
    let self_closing = text[..tag_end].ends_with("/]");
    if !self_closing && !without_closer.contains(&name) {
        let closer = format!("[/{name}]");
        match text[tag_end..].find(&closer) {
            Some(found) if fills(tag_end + found + closer.len()) => {
                return Some(tag_end + found + closer.len());
            }
            Some(_) => {}
            None => without_closer.push(name),
        }
    }
    fills(tag_end).then_some(tag_end)
}

/// The length of the white space at the start, with no-break spaces in any spelling.
fn spaces(text: &str) -> usize {
    let mut rest = text;
    loop {
        let next = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{a0}']);
        let next = next.strip_prefix("&nbsp;").unwrap_or(next);
        if next.len() == rest.len() {
            return text.len() - rest.len();
        }
        rest = next;
    }
}

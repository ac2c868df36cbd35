//! Typographic quotes, dashes and dots for plain ones, outside tags and code.

mod marks;
mod quotes;

use std::borrow::Cow;

use self::marks::{dashes, escape_ampersands, multiplication};
use self::quotes::curl_quotes;
use super::trim;
use crate::shortcode::is_core_shortcode;

/// Elements whose text stays as it is.
const CODE: [&str; 6] = ["pre", "code", "kbd", "style", "script", "tt"];

/// Replacements that need no look around; the order matters.
const FIXED: [(&str, &str); 15] = [
    ("...", "&#8230;"),
    ("``", "&#8220;"),
    ("''", "&#8221;"),
    (" (tm)", " &#8482;"),
    ("'tain't", "&#8217;tain&#8217;t"),
    ("'twere", "&#8217;twere"),
    ("'twas", "&#8217;twas"),
    ("'tis", "&#8217;tis"),
    ("'twill", "&#8217;twill"),
    ("'til", "&#8217;til"),
    ("'bout", "&#8217;bout"),
    ("'nuff", "&#8217;nuff"),
    ("'round", "&#8217;round"),
    ("'cause", "&#8217;cause"),
    ("'em", "&#8217;em"),
];

/// Typography with the shortcodes of WordPress itself left alone.
pub fn wptexturize(text: &str) -> String {
    wptexturize_with(text, &is_core_shortcode)
}

/// Typography; tags of the shortcodes that `is_shortcode` knows are left alone.
pub fn wptexturize_with(text: &str, is_shortcode: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut elements = Vec::new();
    let mut shortcodes = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, kind, after) = next_piece(rest, is_shortcode);
        rest = after;
        match kind {
            Kind::Element if piece.starts_with("<!--") => out.push_str(piece),
            Kind::Element => {
                track(piece, &CODE, &mut elements);
                out.push_str(&escape_ampersands(piece));
            }
            Kind::Shortcode => {
                if !piece.starts_with("[[") && !piece.ends_with("]]") {
                    track(piece, &["code"], &mut shortcodes);
                }
                out.push_str(piece);
            }
            Kind::Text if trim(piece).is_empty() => out.push_str(piece),
            Kind::Text if elements.is_empty() && shortcodes.is_empty() => {
                out.push_str(&texturize_run(piece));
            }
            Kind::Text => out.push_str(piece),
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Element,
    Shortcode,
    Text,
}

/// The next element, shortcode tag or run of text, and what follows it.
fn next_piece<'a>(text: &'a str, is_shortcode: &dyn Fn(&str) -> bool) -> (&'a str, Kind, &'a str) {
    for (at, bracket) in text.match_indices(['<', '[']) {
        let found = if bracket == "<" {
            Some((element_length(&text[at..]), Kind::Element))
        } else {
            shortcode_length(&text[at..], is_shortcode).map(|length| (length, Kind::Shortcode))
        };
        match found {
            Some((length, kind)) if at == 0 => return (&text[..length], kind, &text[length..]),
            Some(_) => return (&text[..at], Kind::Text, &text[at..]),
            None => {}
        }
    }
    (text, Kind::Text, "")
}

/// Tags end at `>`, comments at `-->`, both at the latest at the end of the text.
fn element_length(text: &str) -> usize {
    let (from, end) = if text.starts_with("<!--") { (2, "-->") } else { (1, ">") };
    text[from..].find(end).map_or(text.len(), |at| from + at + end.len())
}

/// The length of the shortcode tag at the start of `text`, with doubled brackets.
fn shortcode_length(text: &str, is_shortcode: &dyn Fn(&str) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1 + usize::from(matches!(bytes.get(1), Some(b'/' | b'[')));
    let name_length = text[at..].find([' ', '\t', '\n', '\r', ']', '/', '[', '<', '>'])?;
    let name = &text[at..at + name_length];
    if name.is_empty() || matches!(bytes[at + name_length], b'[' | b'<' | b'>') || !is_shortcode(name) {
        return None;
    }
    at += name_length;
    loop {
        at += text[at..].find(['[', ']', '<', '>'])?;
        match bytes[at] {
            b']' => return Some(at + 1 + usize::from(bytes.get(at + 1) == Some(&b']'))),
            // An element inside the tag; brackets in it count as well.
            b'<' => {
                let end = at + 1 + text[at + 1..].find(['[', ']', '>'])?;
                if bytes[end] != b'>' {
                    return None;
                }
                at = end + 1;
            }
            _ => return None,
        }
    }
}

/// Keeps account of which of `names` are open.
fn track(tag: &str, names: &[&'static str], open: &mut Vec<&'static str>) {
    let closing = tag[1..].starts_with('/') || tag.len() < 2;
    if closing && open.is_empty() {
        return;
    }
    let from = if closing { 2 } else { 1 };
    let name = match tag.find(' ') {
        Some(space) => tag.get(from..space),
        None => tag.char_indices().next_back().and_then(|(last, _)| tag.get(from..last)),
    };
    let Some(known) = names.iter().find(|known| Some(**known) == name) else {
        return;
    };
    if !closing {
        open.push(known);
    } else if open.last() == Some(known) {
        open.pop();
    }
}

/// All replacements in a run of text.
fn texturize_run(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for (found, with) in FIXED {
        if text.contains(found) {
            text = Cow::Owned(text.replace(found, with));
        }
    }
    let text = curl_quotes(&text);
    let text = dashes(&text);
    let text = multiplication(&text);
    escape_ampersands(&text).into_owned()
}

/// Whether the text ends in what WordPress counts as a space.
fn ends_in_space(text: &str) -> bool {
    text.ends_with([' ', '\t', '\n', '\r', '\u{a0}']) || text.ends_with("&nbsp;")
}

/// Whether the text starts with such a space.
fn starts_with_space(text: &str) -> bool {
    text.starts_with([' ', '\t', '\n', '\r', '\u{a0}']) || text.starts_with("&nbsp;")
}

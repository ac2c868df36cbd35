//! Shortcodes: `[name key="value"]`, with or without content up to `[/name]`.

mod attributes;
mod forward;
mod unautop;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use self::forward::ForwardSearch;
use crate::text::{Piece, pieces};

pub use attributes::{Attributes, parse_attributes};
pub use unautop::{shortcode_unautop, shortcode_unautop_with};

/// The shortcodes that WordPress itself registers.
pub const CORE_SHORTCODES: [&str; 7] = [
    "wp_caption",
    "caption",
    "gallery",
    "playlist",
    "audio",
    "video",
    "embed",
];

/// Whether WordPress itself registers the shortcode.
pub fn is_core_shortcode(name: &str) -> bool {
    CORE_SHORTCODES.contains(&name)
}

/// One shortcode in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortcode<'a> {
    /// Its name.
    pub name: &'a str,
    /// What stands in the opening tag after the name.
    pub attributes: Attributes,
    /// What stands between the tags; `None` without a closing tag.
    pub content: Option<&'a str>,
    /// All of it as written, without doubled brackets.
    pub source: &'a str,
}

/// Where a shortcode stands in a text.
struct Found<'a> {
    shortcode: Shortcode<'a>,
    /// Written `[[name]]`: meant to be shown, not run.
    escaped: bool,
    start: usize,
    end: usize,
}

/// Replaces each shortcode that `names` knows by what `f` gives for it; with `None` it stays as
/// written. `[[name]]` becomes `[name]`. Brackets inside tags and comments are no shortcodes. The
/// content of a shortcode is handed over as it is: `f` may call this function on it.
pub fn replace(
    content: &str,
    names: &dyn Fn(&str) -> bool,
    f: &mut dyn FnMut(&Shortcode<'_>) -> Option<String>,
) -> String {
    let mut scanner = Scanner::new(content);
    let mut out = String::with_capacity(content.len());
    let mut copied = 0;
    while let Some(found) = scanner.next_in(copied, names) {
        out.push_str(&content[copied..found.start]);
        copied = found.end;
        let whole = &content[found.start..found.end];
        if found.escaped {
            out.push_str(&whole[1..whole.len() - 1]);
            continue;
        }
        match f(&found.shortcode) {
            Some(text) => {
                // A single doubled bracket is text.
                out.push_str(if whole.starts_with("[[") { "[" } else { "" });
                out.push_str(&text);
                let extra =
                    found.end - found.start - found.shortcode.source.len() - usize::from(whole.starts_with("[["));
                out.push_str(if extra > 0 { "]" } else { "" });
            }
            None => out.push_str(whole),
        }
    }
    out.push_str(&content[copied..]);
    out
}

/// Drops shortcodes with their content, as for an excerpt; escaped ones stay.
pub fn strip(content: &str, names: &dyn Fn(&str) -> bool) -> String {
    let mut scanner = Scanner::new(content);
    let mut out = String::with_capacity(content.len());
    let mut copied = 0;
    while let Some(found) = scanner.next_in(copied, names) {
        let kept_to = if found.escaped { found.end } else { found.start };
        out.push_str(&content[copied..kept_to]);
        copied = found.end;
    }
    out.push_str(&content[copied..]);
    out
}

/// Finds shortcodes from left to right, remembering where closing tags are.
struct Scanner<'a> {
    text: &'a str,
    /// Where tags and comments stand, in order.
    elements: Vec<(usize, usize)>,
    closers: HashMap<&'a str, ForwardSearch>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        let mut elements = Vec::new();
        let mut at = 0;
        if text.contains('[') {
            for piece in pieces(text) {
                let (length, is_element) = match piece {
                    Piece::Element(element) => (element.len(), true),
                    Piece::Text(text) => (text.len(), false),
                };
                if is_element {
                    elements.push((at, at + length));
                }
                at += length;
            }
        }
        Self {
            text,
            elements,
            closers: HashMap::new(),
        }
    }

    /// The end of the element around `at`, if there is one.
    fn element_around(&self, at: usize) -> Option<usize> {
        let index = self.elements.partition_point(|(_, end)| *end <= at);
        let (start, end) = self.elements.get(index)?;
        (*start <= at).then_some(*end)
    }

    fn next_in(&mut self, from: usize, names: &dyn Fn(&str) -> bool) -> Option<Found<'a>> {
        let mut at = from;
        while let Some(found) = self.text[at..].find('[') {
            let start = at + found;
            if let Some(end) = self.element_around(start) {
                at = end;
                continue;
            }
            if let Some(found) = self.shortcode_at(start, names) {
                return Some(found);
            }
            at = start + 1;
        }
        None
    }

    fn shortcode_at(&mut self, start: usize, names: &dyn Fn(&str) -> bool) -> Option<Found<'a>> {
        let text = self.text;
        let doubled = text[start + 1..].starts_with('[');
        let open = start + usize::from(doubled);
        let name_start = open + 1;
        let name = name_at(&text[name_start..]);
        if name.is_empty() || !names(name) {
            return None;
        }
        let close = self.tag_end(name_start + name.len())?;
        let inside = &text[name_start + name.len()..close];
        let mut end = close + 1;
        let mut content = None;
        let inside = match inside.strip_suffix('/') {
            Some(inside) => inside,
            None => {
                if let Some(closer) = self.closer(name, end) {
                    content = Some(&text[end..closer]);
                    end = closer + name.len() + 3;
                }
                inside
            }
        };
        let shortcode = Shortcode {
            name,
            attributes: parse_attributes(inside),
            content,
            source: &text[open..end],
        };
        let closed_twice = text[end..].starts_with(']');
        Some(Found {
            shortcode,
            escaped: doubled && closed_twice,
            start,
            end: end + usize::from(closed_twice),
        })
    }

    /// The first `]` that is not inside an element.
    fn tag_end(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += self.text[at..].find([']', '['])?;
            match self.element_around(at) {
                Some(end) => at = end,
                None if self.text[at..].starts_with(']') => return Some(at),
                // An opening bracket may stand in a value, but not without end.
                None if at - from > MAX_TAG => return None,
                None => at += 1,
            }
        }
    }

    /// The first `[/name]` from `from` on.
    fn closer(&mut self, name: &'a str, from: usize) -> Option<usize> {
        self.closers
            .entry(name)
            .or_insert_with(|| ForwardSearch::new(format!("[/{name}]")))
            .find(self.text, from)
    }
}

/// The longest opening tag with brackets in it.
const MAX_TAG: usize = 1024;

/// The name at the start of a text: letters, digits, `_` and `-` (and what is not ASCII).
fn name_at(text: &str) -> &str {
    let length = text
        .find(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_' && c != '-')
        .unwrap_or(text.len());
    &text[..length]
}

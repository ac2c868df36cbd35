//! Takes `<p>` away from around shortcodes that stand alone.

use std::collections::HashMap;

use super::forward::ForwardSearch;
use super::{is_core_shortcode, name_at};

/// Unwraps the shortcodes of WordPress itself.
pub fn shortcode_unautop(text: &str) -> String {
    shortcode_unautop_with(text, &is_core_shortcode)
}

/// Unwraps shortcodes that `names` knows where one fills a whole paragraph.
pub fn shortcode_unautop_with(text: &str, names: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut ends = Ends {
        text,
        brackets: ForwardSearch::new("]".to_owned()),
        closers: HashMap::new(),
    };
    let (mut at, mut copied) = (0, 0);
    while let Some(start) = text[at..].find("<p>").map(|found| at + found) {
        at = start + 3;
        let inner = at + spaces(&text[at..]);
        if let Some(end) = ends.of_shortcode(inner, names) {
            out.push_str(&text[copied..start]);
            out.push_str(&text[inner..end]);
            at = end + spaces(&text[end..]) + 4;
            copied = at;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// Finds where shortcodes end.
struct Ends<'a> {
    text: &'a str,
    brackets: ForwardSearch,
    closers: HashMap<&'a str, ForwardSearch>,
}

impl Ends<'_> {
    /// The end of the shortcode at `start` if only a paragraph's end follows it.
    fn of_shortcode(&mut self, start: usize, names: &dyn Fn(&str) -> bool) -> Option<usize> {
        let text = self.text;
        let name = name_at(text[start..].strip_prefix('[')?);
        if name.is_empty() || !names(name) {
            return None;
        }
        let tag_end = self.brackets.find(text, start)? + 1;
        let fills = |end: usize| text[end + spaces(&text[end..])..].starts_with("</p>");
        if !text[..tag_end].ends_with("/]") {
            let closers = self
                .closers
                .entry(name)
                .or_insert_with(|| ForwardSearch::new(format!("[/{name}]")));
            let with_content = closers.find(text, tag_end).map(|at| at + name.len() + 3);
            if let Some(end) = with_content.filter(|end| fills(*end)) {
                return Some(end);
            }
        }
        fills(tag_end).then_some(tag_end)
    }
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

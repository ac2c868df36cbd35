//! Closes what was left open.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::trim;

const SINGLE: [&str; 18] = [
    "area", "base", "basefont", "br", "col", "command", "embed", "frame", "hr", "img", "input", "isindex", "link",
    "meta", "param", "source", "track", "wbr",
];

/// Elements that may stand directly in one of their own kind.
const NESTABLE: [&str; 10] = [
    "article",
    "aside",
    "blockquote",
    "details",
    "div",
    "figure",
    "object",
    "q",
    "section",
    "span",
];

static TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"<(/?)([a-z][a-z0-9._]*-[a-z0-9._-]+|[0-9A-Za-z_:]+)",
        r"(?:[\t-\r ]*(/?)|([\t-\r ]+)([^>]*))>"
    ))
    .expect("the pattern is written here and covered by tests")
});

/// The elements that are open, with a count by name so that a stray closer costs no search.
#[derive(Default)]
struct Open {
    stack: Vec<String>,
    counts: HashMap<String, usize>,
}

impl Open {
    fn push(&mut self, name: &str) {
        self.stack.push(name.to_owned());
        *self.counts.entry(name.to_owned()).or_default() += 1;
    }

    fn pop(&mut self) -> Option<String> {
        let name = self.stack.pop()?;
        if let Some(count) = self.counts.get_mut(&name) {
            *count -= 1;
        }
        Some(name)
    }

    fn has(&self, name: &str) -> bool {
        self.counts.get(name).is_some_and(|count| *count > 0)
    }

    fn top_is(&self, name: &str) -> bool {
        self.stack.last().is_some_and(|top| top == name)
    }
}

/// Adds missing closing tags and drops those that close nothing.
pub fn balance_tags(text: &str) -> String {
    let text = escape_numbers(&text.replace("< !--", "<    !--"));
    let mut out = String::with_capacity(text.len() + 16);
    let mut open = Open::default();
    let mut copied = 0;
    for tag in TAG.captures_iter(&text) {
        let Some(whole) = tag.get(0) else { continue };
        out.push_str(&text[copied..whole.start()]);
        copied = whole.end();
        if tag[1].is_empty() {
            opening(&tag, &mut open, &mut out);
        } else {
            closing(&tag[2].to_ascii_lowercase(), &mut open, &mut out);
        }
    }
    out.push_str(&text[copied..]);
    while let Some(name) = open.pop() {
        close(&name, &mut out);
    }
    out.replace("< !--", "<!--").replace("<    !--", "< !--")
}

/// A bracket before a digit is meant as text: `<3`.
fn escape_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in text.match_indices('<') {
        if text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit) {
            out.push_str(&text[copied..at]);
            out.push_str("&lt;");
            copied = at + 1;
        }
    }
    out.push_str(&text[copied..]);
    out
}

fn closing(name: &str, open: &mut Open, out: &mut String) {
    if !open.has(name) {
        return;
    }
    while let Some(top) = open.pop() {
        close(&top, out);
        if top == name {
            break;
        }
    }
}

fn opening(tag: &Captures<'_>, open: &mut Open, out: &mut String) {
    let name = tag[2].to_ascii_lowercase();
    let single = SINGLE.contains(&name.as_str());
    let mut space = tag.get(4).map_or("", |space| space.as_str());
    let mut attributes = trim(tag.get(5).or(tag.get(3)).map_or("", |found| found.as_str())).to_owned();
    if let Some(before) = attributes.strip_suffix('/') {
        if single {
            space = " ";
        } else {
            attributes = format!("{}></{name}", trim(before));
        }
    } else if single {
        space = " ";
        attributes.push('/');
    } else {
        if open.top_is(&name) && !NESTABLE.contains(&name.as_str()) {
            open.pop();
            close(&name, out);
        }
        open.push(&name);
    }
    out.push('<');
    out.push_str(&name);
    out.push_str(space);
    out.push_str(&attributes);
    out.push('>');
}

fn close(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

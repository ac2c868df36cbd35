//! Tells markup apart whose tree would take far longer to build than its size suggests.

use std::collections::HashMap;

use crate::text::{Piece, pieces, tag_name};

/// More elements than this inside each other are no text by people.
const MAX_NESTING: usize = 256;

/// The most bytes that may be moved for one run of text: the parser copies all of the run for each
/// part that it adds, and every character reference and stray tag makes a part.
const MAX_MOVED: usize = 200_000_000;

/// Elements that the next of their kind ends, so that many in a row are no nesting.
const ENDED_BY_NEXT: [&str; 13] = [
    "colgroup", "dd", "dt", "li", "option", "p", "rp", "rt", "tbody", "td", "tfoot", "thead", "tr",
];

/// Elements that hold nothing.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
];

/// Elements that start a node wherever they stand, so that the text after them is a new run.
const ALWAYS_A_NODE: [&str; 30] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "s",
    "section",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
];

/// Whether building a tree for the markup would take too long.
pub(super) fn is_too_costly(html: &str) -> bool {
    let mut nesting = Nesting::default();
    let mut run = Run::default();
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => run.add(text),
            Piece::Element(element) => {
                let tag = tag_name(element).map(|(closing, name)| (closing, name.to_ascii_lowercase()));
                match &tag {
                    Some((false, name)) if ALWAYS_A_NODE.contains(&name.as_str()) => run = Run::default(),
                    _ => run.add(element),
                }
                if let Some((closing, name)) = tag {
                    nesting.add(closing, name);
                }
            }
        }
        if nesting.depth > MAX_NESTING || run.parts.saturating_mul(run.bytes) > MAX_MOVED {
            return true;
        }
    }
    false
}

/// One run of text and how many parts it is read in.
#[derive(Default)]
struct Run {
    parts: usize,
    bytes: usize,
}

impl Run {
    fn add(&mut self, text: &str) {
        self.parts += 1 + text.bytes().filter(|byte| *byte == b'&').count();
        self.bytes += text.len();
    }
}

/// How many elements are open; one that is never closed stays open.
#[derive(Default)]
struct Nesting {
    open: HashMap<String, usize>,
    depth: usize,
}

impl Nesting {
    fn add(&mut self, closing: bool, name: String) {
        if ENDED_BY_NEXT.contains(&name.as_str()) || VOID.contains(&name.as_str()) {
            return;
        }
        let count = self.open.entry(name).or_default();
        if !closing {
            *count += 1;
            self.depth += 1;
        } else if *count > 0 {
            *count -= 1;
            self.depth -= 1;
        }
    }
}

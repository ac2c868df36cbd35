//! WordPress's way of sanitising: the text is cut into tags, comments and what is between, and each is judged on its
//! own. Nothing is balanced, text of dropped elements stays, and what stays is written as it was where that is safe.
//!
//! Why nothing can run: every `<` of the result is written by [`Kses::token`], which gives a whole tag with values
//! encoded between double quotes, or a whole comment without brackets that could end it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::allowed::Allowed;
use super::protocol::no_null;
use crate::block::{self, Block, MAX_DEPTH};
use crate::text::{ALLOWED_PROTOCOLS, escape_open_brackets, is_space, normalize_entities};

/// How often a comment's inside is filtered until nothing changes, and how deep comments may hide in comments.
/// People need two and none; what needs more is dropped.
const COMMENT_ROUNDS: usize = 4;
const COMMENT_DEPTH: usize = 2;

/// What may stand in a text, and how it is judged.
#[derive(Debug, Clone, Copy)]
pub struct Kses<'a> {
    /// Elements and attributes.
    pub allowed: &'a Allowed,
    /// Schemes of addresses.
    pub protocols: &'a [&'a str],
    /// Host (and port) of the site, whose PDF files may be shown in an `object`.
    pub host: Option<&'a str>,
}

impl<'a> Kses<'a> {
    /// The given elements, WordPress's schemes, no known host.
    pub fn new(allowed: &'a Allowed) -> Self {
        Self {
            allowed,
            protocols: &ALLOWED_PROTOCOLS,
            host: None,
        }
    }

    /// The text with what may not stand taken out. (`wp_kses`)
    pub fn clean(&self, html: &str) -> String {
        self.filter(html, true, 0)
    }

    fn filter(&self, html: &str, with_blocks: bool, depth: usize) -> String {
        let text = no_null(html, false);
        let text = normalize_entities(&text);
        let text = escape_open_brackets(&text);
        let text = if with_blocks && text.contains("<!--") {
            Cow::Owned(self.blocks(&text))
        } else {
            text
        };
        self.tokens(&text, with_blocks, depth)
    }

    fn tokens(&self, text: &str, with_blocks: bool, depth: usize) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        // How much was left behind a line on which no comment ends, so that it is searched once.
        let mut endless = usize::MAX;
        while let Some(at) = rest.find(['<', '>']) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if rest.starts_with('>') {
                out.push_str("&gt;");
                rest = &rest[1..];
                continue;
            }
            let (token, after) = rest.split_at(token_length(rest, &mut endless));
            out.push_str(&self.token(&token.replace("\\\"", "\""), with_blocks, depth));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn token(&self, token: &str, with_blocks: bool, depth: usize) -> String {
        if is_odd_closer(token) || is_declaration(token) {
            let inner = &token[2..token.len() - 1];
            let Some(inner) = self
                .settled(inner, with_blocks, depth)
                .filter(|inner| !inner.contains(['<', '>']))
            else {
                return String::new();
            };
            return format!("<{}{inner}>", &token[1..2]);
        }
        if token.starts_with("<!--") {
            let inner = token.replace("<!--", "").replace("-->", "");
            return self
                .settled(&inner, with_blocks, depth)
                .map_or_else(String::new, |inner| comment(&inner));
        }
        let Some((closes, element, attributes)) = split_tag(token) else {
            return String::new();
        };
        let Some(rules) = self.allowed.attributes(&element.to_ascii_lowercase()) else {
            return String::new();
        };
        if closes {
            return format!("</{element}>");
        }
        self.tag(element, attributes, rules)
    }

    /// The text filtered until nothing changes any more; `None` when it does not come to rest.
    fn settled(&self, text: &str, with_blocks: bool, depth: usize) -> Option<String> {
        if depth >= COMMENT_DEPTH {
            return None;
        }
        let mut text = text.to_owned();
        for _ in 0..COMMENT_ROUNDS {
            let next = self.filter(&text, with_blocks, depth + 1);
            if next == text {
                return Some(text);
            }
            text = next;
        }
        None
    }

    /// Filters the attributes of blocks, which are written anew.
    fn blocks(&self, text: &str) -> String {
        let text = without_long_ends(text);
        let mut blocks = block::parse(&text);
        if blocks
            .iter()
            .all(|block| block.name.is_none() && block.inner_blocks.is_empty())
        {
            return text.into_owned();
        }
        for block in &mut blocks {
            self.block(block, 0);
        }
        let written = block::serialize(&blocks);
        // Blocks that nobody closes each repeat what follows them; a comment is filtered as a comment in any case.
        if written.len() > text.len() * 4 + 4096 {
            return text.into_owned();
        }
        written
    }

    fn block(&self, block: &mut Block, depth: usize) {
        let is_part = block.name.as_deref() == Some("core/template-part");
        block.attrs = self.object(&block.attrs, is_part, 0);
        if depth < MAX_DEPTH {
            for inner in &mut block.inner_blocks {
                self.block(inner, depth + 1);
            }
        }
    }

    fn object(&self, object: &Map<String, Value>, is_part: bool, depth: usize) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, value) in object {
            let key = self.filter(key, false, 0);
            let mut value = self.value(value, is_part, depth);
            let wanted = value.as_str().unwrap_or_default().to_ascii_lowercase();
            if is_part && key == "tagName" && !wanted.is_empty() && self.allowed.attributes(&wanted).is_none() {
                value = Value::from("");
            }
            out.insert(key, value);
        }
        out
    }

    fn value(&self, value: &Value, is_part: bool, depth: usize) -> Value {
        match value {
            _ if depth > MAX_DEPTH => Value::Null,
            Value::String(text) => Value::from(self.filter(text, false, 0)),
            Value::Array(items) => items.iter().map(|item| self.value(item, is_part, depth + 1)).collect(),
            Value::Object(object) => Value::Object(self.object(object, is_part, depth + 1)),
            plain => plain.clone(),
        }
    }
}

/// A comment that nothing inside can end.
fn comment(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len() + 7);
    for c in inner.chars() {
        if c != '-' || !text.ends_with('-') {
            text.push(c);
        }
    }
    let text = text.strip_suffix('-').unwrap_or(&text);
    if text.is_empty() || text.starts_with("->") || text.starts_with('>') || text.contains("-!>") {
        return String::new();
    }
    format!("<!--{text}-->")
}

/// Comments that end with more than two hyphens end with two.
fn without_long_ends(text: &str) -> Cow<'_, str> {
    if !text.contains("--->") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("--->") {
        let (before, after) = (&rest[..at], &rest[at + 4..]);
        let opened = before.rfind("<!--").is_some_and(|open| !before[open..].contains('\n'));
        out.push_str(if opened { before.trim_end_matches('-') } else { before });
        out.push_str(if opened { "-->" } else { "--->" });
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The length of the token at the start of a text, which starts with `<`.
fn token_length(text: &str, endless: &mut usize) -> usize {
    let to_bracket = || text.find('>').map_or(text.len(), |at| at + 1);
    let Some(inner) = text.strip_prefix("<!--").filter(|inner| *endless >= inner.len()) else {
        return to_bracket();
    };
    // A comment ends on its own line, or it is read as a tag.
    for (at, byte) in inner.bytes().enumerate() {
        if byte == b'-' && inner[at..].starts_with("-->") {
            return at + 7;
        }
        if byte == b'\n' {
            // Later comments of this line leave more than this.
            *endless = inner.len() - at;
            return to_bracket();
        }
    }
    text.len()
}

/// `</` with something else than a name: browsers make a comment of it.
fn is_odd_closer(token: &str) -> bool {
    let name = token
        .strip_prefix("</")
        .filter(|_| token.len() > 3 && token.ends_with('>'));
    name.is_some_and(|name| !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '>'))
}

/// `<!` and a small letter: browsers make a comment of it.
fn is_declaration(token: &str) -> bool {
    let name = token.strip_prefix("<!").filter(|_| token.ends_with('>'));
    name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// Whether a tag closes, its name, and what stands behind it.
fn split_tag(token: &str) -> Option<(bool, &str, &str)> {
    let space = |c: char| c.is_ascii() && is_space(c as u8);
    let inner = token.strip_prefix('<')?;
    let inner = inner.strip_suffix('>').unwrap_or(inner).trim_start_matches(space);
    let (closes, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner.trim_start_matches(space)),
        None => (false, inner),
    };
    let length = inner
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(length);
    (length > 0 && !attributes.contains('>')).then_some((closes, name, attributes))
}

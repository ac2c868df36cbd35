//! Finds the block comments (`<!-- wp:name {...} -->`) in a text, in linear time.

use std::ops::Range;

/// What a block comment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Opener,
    Closer,
    Void,
}

/// One block comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    /// Name as written, with or without a namespace.
    pub name: &'a str,
    /// The attributes as written, from `{` to `}`.
    pub attrs: Option<&'a str>,
    pub range: Range<usize>,
}

/// Walks the block comments of a text from left to right.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Cache: the first end of attributes (`} -->`) at or after some earlier place. Without it every
    /// unclosed `{` would search to the end of the text.
    attrs_end: Option<AttrsEnd>,
}

#[derive(Clone, Copy)]
struct AttrsEnd {
    searched_from: usize,
    brace: Option<usize>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            attrs_end: None,
        }
    }

    /// Reads the comment that starts at `start`, if it is a block comment.
    fn token_at(&mut self, start: usize) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        let mut at = skip_spaces(bytes, start + 4)?;
        let closer = bytes.get(at) == Some(&b'/');
        at += usize::from(closer);
        if !bytes[at..].starts_with(b"wp:") {
            return None;
        }
        let name_start = at + 3;
        let name_end = name_end(bytes, name_start)?;
        at = skip_spaces(bytes, name_end)?;
        let mut attrs = None;
        if bytes.get(at) == Some(&b'{') {
            let brace = self.attrs_end(at)?;
            attrs = Some(&self.text[at..=brace]);
            at = skip_spaces(bytes, brace + 1)?;
        }
        let void = bytes.get(at) == Some(&b'/');
        at += usize::from(void);
        if !bytes[at..].starts_with(b"-->") {
            return None;
        }
        let kind = match (void, closer) {
            (true, _) => Kind::Void,
            (false, true) => Kind::Closer,
            (false, false) => Kind::Opener,
        };
        Some(Token {
            kind,
            name: &self.text[name_start..name_end],
            attrs,
            range: start..at + 3,
        })
    }

    /// The place of the first `}` after `from` which white space and `-->` or `/-->` follow.
    fn attrs_end(&mut self, from: usize) -> Option<usize> {
        if let Some(known) = self.attrs_end {
            let holds = known.brace.is_none_or(|brace| brace > from);
            if known.searched_from <= from && holds {
                return known.brace;
            }
        }
        let bytes = self.text.as_bytes();
        let brace = self.text[from..]
            .match_indices('}')
            .map(|(at, _)| from + at)
            .find(|&brace| {
                skip_spaces(bytes, brace + 1).is_some_and(|at| {
                    let at = at + usize::from(bytes.get(at) == Some(&b'/'));
                    bytes[at..].starts_with(b"-->")
                })
            });
        self.attrs_end = Some(AttrsEnd {
            searched_from: from,
            brace,
        });
        brace
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while let Some(found) = self.text[self.at..].find("<!--") {
            let start = self.at + found;
            if let Some(token) = self.token_at(start) {
                self.at = token.range.end;
                return Some(token);
            }
            self.at = start + 4;
        }
        self.at = self.text.len();
        None
    }
}

/// Skips at least one white space byte; `None` when there is none.
fn skip_spaces(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let spaces = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'..=b'\r'))
        .count();
    (spaces > 0).then_some(from + spaces)
}

/// The end of a name with an optional `namespace/` before it.
fn name_end(bytes: &[u8], from: usize) -> Option<usize> {
    let end = word_end(bytes, from)?;
    if bytes.get(end) == Some(&b'/') {
        word_end(bytes, end + 1)
    } else {
        Some(end)
    }
}

fn word_end(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    if !rest.first()?.is_ascii_lowercase() {
        return None;
    }
    let length = rest
        .iter()
        .take_while(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
        .count();
    Some(from + length)
}

/// Whether the text is one block comment and nothing else.
pub(crate) fn is_block_comment(text: &str) -> bool {
    text.starts_with("<!--")
        && Tokens::new(text)
            .token_at(0)
            .is_some_and(|token| token.range.end == text.len())
}

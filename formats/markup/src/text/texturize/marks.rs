//! Dashes, multiplication signs and ampersands.

use std::borrow::Cow;

use super::{ends_in_space, starts_with_space};
use crate::text::entities::each_ampersand;

/// Two and three hyphens become dashes, and one between spaces does too.
pub(super) fn dashes(text: &str) -> Cow<'_, str> {
    if !text.contains('-') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut copied = 0;
    while let Some(at) = text[copied..].find('-').map(|found| copied + found) {
        let count = text[at..].bytes().take_while(|byte| *byte == b'-').count();
        let (before, after) = (&text[..at], &text[at + count..]);
        let apart = (before.is_empty() || ends_in_space(before)) && (after.is_empty() || starts_with_space(after));
        out.push_str(&text[copied..at]);
        for _ in 0..count / 3 {
            out.push_str("&#8212;");
        }
        out.push_str(match (count, count % 3) {
            (1, _) if apart => "&#8211;",
            (2, _) if apart => "&#8212;",
            // The start of an encoded domain name.
            (2, _) if before.ends_with("xn") => "--",
            (_, 2) => "&#8211;",
            (_, 1) => "-",
            _ => "",
        });
        copied = at + count;
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// `9x9` gets a multiplication sign, `0x9` does not.
pub(super) fn multiplication(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut copied, mut from) = (0, 0);
    for (at, _) in text.match_indices('x') {
        let Some(end) = factors_end(bytes, from, at) else {
            continue;
        };
        out.push_str(&text[copied..at]);
        out.push_str("&#215;");
        copied = at + 1;
        from = end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// The end of the second factor if numbers stand on both sides of the `x` at `at`.
fn factors_end(bytes: &[u8], from: usize, at: usize) -> Option<usize> {
    let is_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    let is_word = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let boundary = |at: usize| (at > 0 && is_word(at - 1)) != is_word(at);
    let run = bytes[from..at].iter().rev().take_while(|byte| is_number(byte)).count();
    let starts = (at - run..at).any(|start| {
        let zero_alone = bytes[start] == b'0' && start + 1 == at;
        bytes[start].is_ascii_digit() && boundary(start) && !zero_alone
    });
    if !starts || !bytes.get(at + 1)?.is_ascii_digit() {
        return None;
    }
    let length = bytes[at + 1..].iter().take_while(|byte| is_number(byte)).count();
    (at + 2..=at + 1 + length).rev().find(|end| boundary(*end))
}

/// `&` becomes `&#038;` unless it starts what looks like a character reference.
pub(super) fn escape_ampersands(text: &str) -> Cow<'_, str> {
    each_ampersand(text, |rest, out| {
        out.push_str(if looks_like_reference(rest.as_bytes()) {
            "&"
        } else {
            "&#038;"
        });
        1
    })
}

fn looks_like_reference(bytes: &[u8]) -> bool {
    let run = |from: usize, fits: fn(&u8) -> bool| {
        let length = bytes[from..].iter().take_while(|byte| fits(byte)).count();
        (length, bytes.get(from + length) == Some(&b';'))
    };
    let (length, ended) = match (bytes.get(1), bytes.get(2)) {
        (Some(b'#'), Some(b'x' | b'X')) => run(3, u8::is_ascii_hexdigit),
        (Some(b'#'), _) => run(2, u8::is_ascii_digit),
        (Some(_), _) => {
            let (length, ended) = run(1, |b| b.is_ascii_alphabetic() || matches!(b, b'1'..=b'4'));
            return ended && (1..=8).contains(&length);
        }
        (None, _) => return false,
    };
    ended && length > 0
}

//! Addresses in attributes: which schemes may stand, in whatever way the colon is spelt.

use std::borrow::Cow;

use crate::text::{decode_entities, is_space, split_colon};

/// Attributes that hold an address.
pub(super) const ADDRESSES: [&str; 17] = [
    "action",
    "archive",
    "background",
    "cite",
    "classid",
    "codebase",
    "data",
    "formaction",
    "href",
    "icon",
    "longdesc",
    "manifest",
    "poster",
    "profile",
    "src",
    "usemap",
    "xmlns",
];

/// How often schemes are taken away before an address is given up as a trick.
const ROUNDS: usize = 6;

/// How many times `feed:` may stand before another scheme.
const FEEDS: usize = 2;

/// Takes schemes that are not on the list away from an address; empty when it never ends.
pub fn bad_protocol(address: &str, protocols: &[&str]) -> String {
    let mut address = no_null(address, true).into_owned();
    for common in ["https", "http"] {
        let starts = address.strip_prefix(common).is_some_and(|rest| rest.starts_with("://"));
        if starts && protocols.contains(&common) {
            return address;
        }
    }
    for _ in 0..ROUNDS {
        let less = without_scheme(&address, protocols, 0);
        if less == address {
            return address;
        }
        address = less;
    }
    String::new()
}

/// Drops control characters, and (`slash_zero`) backslashes with zeros behind them.
pub(super) fn no_null(text: &str, slash_zero: bool) -> Cow<'_, str> {
    let is_control = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}');
    let text: Cow<'_, str> = if text.contains(is_control) {
        Cow::Owned(text.chars().filter(|c| !is_control(*c)).collect())
    } else {
        Cow::Borrowed(text)
    };
    if !slash_zero || !text.contains("\\0") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let after = rest[at..].trim_start_matches('\\');
        let slashes = rest.len() - at - after.len();
        rest = after.trim_start_matches('0');
        if rest.len() == after.len() {
            out.extend(std::iter::repeat_n('\\', slashes));
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// One round: the scheme before the first colon goes unless it is on the list.
fn without_scheme(address: &str, protocols: &[&str], feeds: usize) -> String {
    let address = end_colons(address);
    let Some((scheme, after)) = split_colon(&address).filter(|(scheme, _)| !scheme.contains("/?")) else {
        return address.into_owned();
    };
    let after = crate::text::trim(after);
    let scheme: String = decode_entities(scheme)
        .chars()
        .filter(|c| !(c.is_ascii() && is_space(*c as u8)))
        .collect();
    let scheme = no_null(&scheme, true).to_lowercase();
    if !protocols.iter().any(|known| known.to_lowercase() == scheme) {
        return after.to_owned();
    }
    if scheme != "feed" {
        return format!("{scheme}:{after}");
    }
    // A feed may name the scheme behind it.
    if feeds >= FEEDS {
        return String::new();
    }
    let after = without_scheme(after, protocols, feeds + 1);
    if after.is_empty() {
        after
    } else {
        format!("feed:{after}")
    }
}

/// Writes the semicolon that is missing after a colon's number.
fn end_colons(address: &str) -> Cow<'_, str> {
    if !address.contains("&#") {
        return Cow::Borrowed(address);
    }
    let mut out = String::with_capacity(address.len() + 8);
    let mut rest = address;
    while let Some(at) = rest.find("&#") {
        let length = unended_colon(&rest[at..]);
        let end = at + length.unwrap_or(2);
        out.push_str(&rest[..end]);
        out.push_str(if length.is_some() { ";" } else { "" });
        rest = &rest[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The length of `&#58` or `&#x3a` without a semicolon at the start of a text.
fn unended_colon(text: &str) -> Option<usize> {
    let digits = text.strip_prefix("&#")?;
    let (digits, code, is_digit): (&str, &str, fn(&u8) -> bool) = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, "3a", u8::is_ascii_hexdigit),
        None => (digits, "58", u8::is_ascii_digit),
    };
    let significant = digits.trim_start_matches('0');
    let start = significant.get(..2)?;
    let after = significant.as_bytes().get(2);
    let ends = after.is_none_or(|next| *next != b';' && !is_digit(next));
    (start.eq_ignore_ascii_case(code) && ends).then(|| text.len() - significant.len() + 2)
}

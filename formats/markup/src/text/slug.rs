//! Titles to slugs, and keys.

use super::{remove_accents, strip_tags};

/// The most bytes of a slug.
const MAX_SLUG: usize = 200;

/// The slug for a title, as WordPress saves it.
pub fn sanitize_title(title: &str) -> String {
    sanitize_title_with_dashes(&remove_accents(title), true)
}

/// A title in lower case with hyphens for spaces; other scripts are percent-encoded. `saving` also
/// drops typographic marks, as WordPress does for a slug that is going to be stored.
pub fn sanitize_title_with_dashes(title: &str, saving: bool) -> String {
    let title = keep_octets(&strip_tags(title));
    let title: String = title.chars().flat_map(lowercase).collect();
    let mut title = utf8_uri_encode(&title, Some(MAX_SLUG)).to_ascii_lowercase();
    if saving {
        title = plain_marks(&title);
    }
    let mut slug = String::with_capacity(title.len());
    for character in without_references(&title).chars() {
        match character {
            '%' | 'a'..='z' | '0'..='9' | '_' => slug.push(character),
            '.' | ' ' | '-' if !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Lower case of one letter at a time, so that a sigma at the end of a word stays an ordinary one.
fn lowercase(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase()
}

/// Drops percent signs that start no octet.
fn keep_octets(title: &str) -> String {
    let bytes = title.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    title
        .char_indices()
        .filter(|(at, c)| *c != '%' || is_hex(at + 1) && is_hex(at + 2))
        .map(|(_, c)| c)
        .collect()
}

/// Percent-encodes everything but ASCII, never ending inside a character.
pub fn utf8_uri_encode(text: &str, max_bytes: Option<usize>) -> String {
    let max = max_bytes.unwrap_or(usize::MAX);
    let mut out = String::with_capacity(text.len().min(max));
    let mut buffer = [0; 4];
    for character in text.chars() {
        let bytes = character.encode_utf8(&mut buffer).as_bytes();
        let length = if bytes.len() == 1 { 1 } else { bytes.len() * 3 };
        if out.len() + length > max {
            break;
        }
        if bytes.len() == 1 {
            out.push(character);
        } else {
            bytes.iter().for_each(|byte| push_octet(&mut out, *byte));
        }
    }
    out
}

fn push_octet(out: &mut String, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('%');
    out.push(char::from(HEX[usize::from(byte >> 4)]));
    out.push(char::from(HEX[usize::from(byte & 15)]));
}

/// Replaces or drops the marks that mean nothing in a slug.
fn plain_marks(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    let mut rest = title;
    while let Some(first) = rest.chars().next() {
        let (with, length) = mark(rest).unwrap_or((None, 0));
        if length == 0 {
            out.push(if first == '/' { '-' } else { first });
            rest = &rest[first.len_utf8()..];
        } else {
            out.extend(with);
            rest = &rest[length..];
        }
    }
    out
}

/// What the mark at the start of `text` becomes, and its length.
fn mark(text: &str) -> Option<(Option<char>, usize)> {
    const REFERENCES: [&str; 6] = ["&nbsp;", "&#160;", "&ndash;", "&#8211;", "&mdash;", "&#8212;"];
    if let Some(found) = REFERENCES.iter().find(|found| text.starts_with(**found)) {
        return Some((Some('-'), found.len()));
    }
    let (code, length) = encoded_char(text)?;
    let with = match code {
        // Spaces and dashes.
        0xa0 | 0x2000..=0x200a | 0x2013 | 0x2014 | 0x2028 | 0x2029 | 0x202f => Some('-'),
        // The multiplication sign.
        0xd7 => Some('x'),
        // Soft hyphen, inverted marks, quotes, bullet, signs, loose accents, invisible characters.
        0xa1
        | 0xa9
        | 0xab
        | 0xad
        | 0xae
        | 0xb0
        | 0xb4
        | 0xbb
        | 0xbf
        | 0x2ca
        | 0x300
        | 0x301
        | 0x304
        | 0x30c
        | 0x341
        | 0x200b..=0x200f
        | 0x2018..=0x201f
        | 0x2022
        | 0x2026
        | 0x202a..=0x202e
        | 0x2039
        | 0x203a
        | 0x2122
        | 0xfeff
        | 0xfffc => None,
        _ => return None,
    };
    Some((with, length))
}

/// The character that two or three percent-encoded octets at the start of `text` stand for.
fn encoded_char(text: &str) -> Option<(u32, usize)> {
    let octet = |at: usize| {
        let bytes = text.as_bytes().get(at * 3..at * 3 + 3)?;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        (bytes[0] == b'%').then_some(())?;
        Some(digit(bytes[1])? << 4 | digit(bytes[2])?)
    };
    let first = octet(0)?;
    match first {
        0xc2..=0xdf => Some(((first & 0x1f) << 6 | octet(1)? & 0x3f, 6)),
        0xe0..=0xef => Some(((first & 0xf) << 12 | (octet(1)? & 0x3f) << 6 | octet(2)? & 0x3f, 9)),
        _ => None,
    }
}

/// Drops character references.
fn without_references(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    let mut rest = title;
    while let Some(at) = rest.find('&') {
        let end = rest[at..]
            .char_indices()
            .skip(2)
            .take_while(|(_, c)| *c != '\n')
            .find(|(_, c)| *c == ';');
        out.push_str(&rest[..at]);
        rest = match end {
            Some((end, _)) if !rest[at + 1..].starts_with('\n') => &rest[at + end + 1..],
            _ => &rest[at + 1..],
        };
    }
    out.push_str(rest);
    out
}

/// A key: lower-case letters, digits, hyphens and underscores.
pub fn sanitize_key(key: &str) -> String {
    key.chars()
        .map(|c| c.to_ascii_lowercase())
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
        .collect()
}

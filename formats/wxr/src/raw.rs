//! How values that XML 1.0 cannot carry are kept in an export.
//!
//! The place where such a value belongs gets a stand-in of the **same length in bytes**, so that
//! PHP-serialised values stay readable for WordPress: `?` for each control character and for each
//! byte that is not UTF-8, U+FFFD for U+FFFE and U+FFFF. The original goes into an additional meta
//! row of the same item, with the key [`RAW_KEY`] and the value
//!
//! ```text
//! PATH
//! ORIGINAL
//! ```
//!
//! where PATH (up to the first line feed) names the place, counted from 0, for example
//! `content:encoded`, `category/0/nicename`, `wp:postmeta/3/wp:meta_value` or
//! `wp:comment/1/wp:commentmeta/0/wp:meta_key`, and ORIGINAL has `%`, and each byte of what XML
//! cannot carry, as `%` and two hexadecimal digits. The reader puts the original back and removes
//! the row, but only where the stand-in is still the one that belongs to it: an edit made in
//! between wins.
//!
//! Channel, authors and terms have no such row: what they lose is only reported.

use std::borrow::Cow;

use crate::model::{Comment, Item, Meta};
use crate::reader::fields;

/// Key of the meta rows that hold originals.
pub const RAW_KEY: &str = "_guidepost_raw";

/// Whether a character may stand in an XML 1.0 document.
pub(crate) fn is_carried(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The value as XML can carry it: borrowed where nothing had to change.
pub fn stand_in(value: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(value)
        && text.chars().all(is_carried)
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(value.len());
    for chunk in value.utf8_chunks() {
        for character in chunk.valid().chars() {
            out.push(match character {
                '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
                other if is_carried(other) => other,
                _ => '?',
            });
        }
        out.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(out)
}

/// The value with what XML cannot carry written as `%XX`.
pub fn encode(value: &[u8]) -> String {
    let mut out = String::with_capacity(value.len() + 16);
    for chunk in value.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character == '%' || !is_carried(character) {
                let mut bytes = [0; 4];
                push_hex(&mut out, character.encode_utf8(&mut bytes).as_bytes());
            } else {
                out.push(character);
            }
        }
        push_hex(&mut out, chunk.invalid());
    }
    out
}

fn push_hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        out.push_str(&format!("%{byte:02X}"));
    }
}

/// Undoes [`encode`]; `None` where the text is not of that kind.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: Option<&u8>| byte.and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        if *byte == b'%' {
            let high = digit(bytes.next())?;
            let low = digit(bytes.next())?;
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(*byte);
        }
    }
    Some(out)
}

/// The meta row that keeps an original.
pub(crate) fn row(path: &str, original: &[u8]) -> Meta {
    let value = format!("{path}\n{}", encode(original)).into_bytes();
    Meta {
        key: RAW_KEY.to_owned(),
        value,
    }
}

/// Puts the originals back and removes their rows; returns the paths that do not fit.
pub(crate) fn restore(item: &mut Item) -> Vec<String> {
    if !item.meta.iter().any(|meta| meta.key == RAW_KEY) {
        return Vec::new();
    }
    let rows: Vec<(usize, Vec<u8>)> = (item.meta.iter().enumerate())
        .filter(|(_, meta)| meta.key == RAW_KEY)
        .map(|(at, meta)| (at, meta.value.clone()))
        .collect();
    let mut used = Vec::new();
    let mut stale = Vec::new();
    for (at, value) in rows {
        let mut parts = value.splitn(2, |byte| *byte == b'\n');
        let path = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
        let original = parts.next().and_then(decode);
        if original.is_some_and(|original| put_back(item, &path, original)) {
            used.push(at);
        } else {
            stale.push(path);
        }
    }
    let mut at = 0;
    item.meta.retain(|_| {
        at += 1;
        used.binary_search(&(at - 1)).is_err()
    });
    stale
}

fn put_back(item: &mut Item, path: &str, original: Vec<u8>) -> bool {
    let Some(place) = find(item, path) else {
        return false;
    };
    match place {
        Place::Text(text) if *text == stand_in(&original) => match String::from_utf8(original) {
            Ok(original) => *text = original,
            Err(_) => return false,
        },
        Place::Bytes(bytes) if *bytes == stand_in(&original).as_bytes() => *bytes = original,
        _ => return false,
    }
    true
}

enum Place<'a> {
    Text(&'a mut String),
    Bytes(&'a mut Vec<u8>),
}

fn find<'a>(item: &'a mut Item, path: &str) -> Option<Place<'a>> {
    let parts: Vec<&str> = path.split('/').collect();
    let index = |part: &str| part.parse::<usize>().ok();
    match parts.as_slice() {
        ["category", at] => item.terms.get_mut(index(at)?).map(|t| Place::Text(&mut t.name)),
        ["category", at, "nicename"] => item.terms.get_mut(index(at)?).map(|t| Place::Text(&mut t.slug)),
        ["category", at, "domain"] => item.terms.get_mut(index(at)?).map(|t| Place::Text(&mut t.taxonomy)),
        ["category-without-slug", at] => item.categories_without_slug.get_mut(index(at)?).map(Place::Text),
        ["wp:postmeta", at, part] => meta_part(item.meta.get_mut(index(at)?)?, part),
        ["wp:comment", at, rest @ ..] => comment_place(item.comments.get_mut(index(at)?)?, rest),
        // Optional elements that are absent must stay absent.
        ["wp:post_modified"] => item.post_modified.as_mut().map(Place::Text),
        ["wp:post_modified_gmt"] => item.post_modified_gmt.as_mut().map(Place::Text),
        ["wp:attachment_url"] => item.attachment_url.as_mut().map(Place::Text),
        [name] => fields::item_text(item, name).map(Place::Text),
        _ => None,
    }
}

fn comment_place<'a>(comment: &'a mut Comment, rest: &[&str]) -> Option<Place<'a>> {
    match rest {
        ["wp:commentmeta", at, part] => meta_part(comment.meta.get_mut(at.parse::<usize>().ok()?)?, part),
        [name] => fields::comment_text(comment, name).map(Place::Text),
        _ => None,
    }
}

fn meta_part<'a>(meta: &'a mut Meta, part: &str) -> Option<Place<'a>> {
    match part {
        "wp:meta_key" => Some(Place::Text(&mut meta.key)),
        "wp:meta_value" => Some(Place::Bytes(&mut meta.value)),
        _ => None,
    }
}

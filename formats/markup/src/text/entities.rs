//! Character references: which ones are known, and what they stand for.

use std::borrow::Cow;

use super::entity_table::NAMED;

/// The longest name in the table, and the most digits that a number is read from.
const MAX_REFERENCE: usize = 40;

/// The character of a named reference of HTML 4 (and `apos`).
pub(super) fn named(name: &str) -> Option<char> {
    let at = NAMED.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    char::from_u32(NAMED[at].1)
}

/// Whether XML 1.0 allows the character.
pub(super) fn is_xml_char(code: u32) -> bool {
    matches!(code, 9 | 10 | 13 | 0x20..=0xd7ff | 0xe000..=0xfffd | 0x1_0000..=0x10_ffff)
}

/// What stands between `&` and `;` at the start of `text`.
pub(super) fn reference_body(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('&')?;
    let window = rest.as_bytes();
    let window = &window[..window.len().min(MAX_REFERENCE)];
    let end = window
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#')?;
    (window[end] == b';' && end > 0).then(|| &rest[..end])
}

/// The code point of a body such as `#38` or `#x26`; at most `decimals` or `hexes` digits without
/// leading zeros.
pub(super) fn numeric(body: &str, decimals: usize, hexes: usize) -> Option<u32> {
    let digits = body.strip_prefix('#')?;
    let (digits, radix, most) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, hexes),
        None => (digits, 10, decimals),
    };
    let significant = digits.trim_start_matches('0');
    if digits.is_empty() || significant.len() > most {
        return None;
    }
    if significant.is_empty() {
        return Some(0);
    }
    u32::from_str_radix(significant, radix).ok()
}

/// Calls `write` at each `&` with the text from there on; it returns how much it dealt with.
pub(super) fn each_ampersand<'a>(text: &'a str, mut write: impl FnMut(&'a str, &mut String) -> usize) -> Cow<'a, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let used = write(rest, &mut out);
        rest = &rest[used..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Keeps references that are well formed and known, and writes every other `&` as `&amp;`.
pub fn normalize_entities(text: &str) -> Cow<'_, str> {
    each_ampersand(text, |rest, out| {
        let Some(body) = reference_body(rest) else {
            out.push_str("&amp;");
            return 1;
        };
        match normal_number(body) {
            Some(number) => out.push_str(&number),
            None if named(body).is_some() => {
                out.push('&');
                out.push_str(body);
                out.push(';');
            }
            None => {
                out.push_str("&amp;");
                return 1;
            }
        }
        body.len() + 2
    })
}

/// Writes `&amp;` for each `&` that starts no well formed reference, known or not.
pub(crate) fn escape_lone_ampersands(text: &str) -> Cow<'_, str> {
    each_ampersand(text, |rest, out| {
        let lone = reference_body(rest).is_none();
        out.push_str(if lone { "&amp;" } else { "&" });
        1
    })
}

/// A numeric reference in WordPress's spelling: at least three decimals, no zeros before hex digits.
pub(super) fn normal_number(body: &str) -> Option<String> {
    let code = numeric(body, 7, 6).filter(|code| is_xml_char(*code))?;
    let digits = body.strip_prefix('#')?;
    Some(match digits.strip_prefix(['x', 'X']) {
        Some(hex) => format!("&#x{};", hex.trim_start_matches('0')),
        None => format!("&#{code:03};"),
    })
}

/// Replaces references by the characters they stand for; unknown ones stay as they are.
pub fn decode_entities(text: &str) -> Cow<'_, str> {
    each_ampersand(text, |rest, out| {
        let character = reference_body(rest).and_then(|body| {
            let known = named(body).or_else(|| {
                numeric(body, 7, 6)
                    .filter(|code| is_xml_char(*code))
                    .and_then(char::from_u32)
            });
            known.map(|c| (c, body.len() + 2))
        });
        let (character, used) = character.unwrap_or(('&', 1));
        out.push(character);
        used
    })
}

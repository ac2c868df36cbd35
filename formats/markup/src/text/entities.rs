//! Character references: which ones are known, and what they stand for.

use std::borrow::Cow;

use super::entity_table::NAMED;

/// The characters of Windows-1252 in the place of the second row of control characters.
const WINDOWS: [u16; 32] = [
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
    0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
    0x17e, 0x178,
];

/// What a byte means in Windows-1252, which is also what browsers make of the number as a reference.
pub(super) fn windows_1252(byte: u8) -> char {
    let code = match byte {
        0x80..=0x9f => WINDOWS
            .get(usize::from(byte - 0x80))
            .map_or(u32::from(byte), |code| u32::from(*code)),
        _ => u32::from(byte),
    };
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

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
pub(crate) fn reference_body(text: &str) -> Option<&str> {
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
                numeric(body, 7, 6).filter(|code| is_xml_char(*code)).and_then(|code| {
                    u8::try_from(code).map_or_else(|_| char::from_u32(code), |byte| Some(windows_1252(byte)))
                })
            });
            known.map(|c| (c, body.len() + 2))
        });
        let (character, used) = character.unwrap_or(('&', 1));
        out.push(character);
        used
    })
}

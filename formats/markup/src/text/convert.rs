//! Small conversions of characters: references, scripts' strings, emoji, white space.

use super::entities::{named, reference_body};
use super::escape::esc_double;
use super::trim;

/// Writes `&#038;` for each `&` that looks like no reference.
pub fn convert_chars(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let lone = match rest.chars().next() {
            None | Some('#') => false,
            Some(first) => !ends_like_a_name(&rest[first.len_utf8()..]),
        };
        out.push_str(if lone { "&#038;" } else { "&" });
    }
    out.push_str(rest);
    out
}

/// One to eight letters or small digits, then a semicolon.
fn ends_like_a_name(text: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphabetic() || (b'1'..=b'4').contains(byte);
    let length = text.bytes().take(9).take_while(is_part).count();
    (1..=8).contains(&length) && text[length..].starts_with(';')
}

/// Writes named references as numbers.
pub fn ent2ncr(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(['&', '|']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = reference_body(rest).and_then(|body| Some((named(body)?, body.len() + 2)));
        let (character, length) = match known {
            Some(found) => found,
            None if rest.starts_with('|') => ('|', 1),
            None => {
                out.push('&');
                rest = &rest[1..];
                continue;
            }
        };
        out.push_str(&format!("&#{};", character as u32));
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// Text for a string between single quotes in a script that stands in an attribute.
pub fn esc_js(text: &str) -> String {
    let text = apostrophes(&strip_slashes(&esc_double(text)));
    add_slashes(&text.replace('\r', "")).replace('\n', "\\n")
}

/// Numbers that mean an apostrophe, with or without a semicolon.
fn apostrophes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("&#") {
        let digits = &rest[at + 2..];
        let (digits, code) = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, "27"),
            None => (digits, "39"),
        };
        let found = digits.trim_start_matches('0').strip_prefix(code);
        out.push_str(&rest[..at]);
        out.push_str(if found.is_some() { "'" } else { "&#" });
        rest = found.map_or(&rest[at + 2..], |after| after.strip_prefix(';').unwrap_or(after));
    }
    out.push_str(rest);
    out
}

/// Takes away one level of backslashes, as PHP's `stripslashes` does.
pub fn strip_slashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('0') => out.push('\0'),
                Some(escaped) => out.push(escaped),
                None => {}
            },
            plain => out.push(plain),
        }
    }
    out
}

/// A backslash before quotes, backslashes and NUL, as PHP's `addslashes` does.
pub fn add_slashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\'' | '"' | '\\' => out.extend(['\\', character]),
            '\0' => out.push_str("\\0"),
            plain => out.push(plain),
        }
    }
    out
}

/// Writes emoji as references, for where a database or a feed takes no characters beyond the basic plane.
pub fn wp_encode_emoji(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_emoji(character) {
            out.push_str(&format!("&#x{:x};", character as u32));
        } else {
            out.push(character);
        }
    }
    out
}

/// Whether a character is an emoji or a part of one.
fn is_emoji(character: char) -> bool {
    matches!(character as u32,
        0xa9 | 0xae | 0x200d | 0x203c | 0x2049 | 0x20e3 | 0x2122 | 0x2139 | 0x2194..=0x2199 | 0x21a9 | 0x21aa
        | 0x231a | 0x231b | 0x2328 | 0x23cf | 0x23e9..=0x23f3 | 0x23f8..=0x23fa | 0x24c2 | 0x25aa | 0x25ab | 0x25b6
        | 0x25c0 | 0x25fb..=0x25fe | 0x2600..=0x2604 | 0x260e | 0x2611 | 0x2614 | 0x2615 | 0x2618 | 0x261d | 0x2620
        | 0x2622 | 0x2623 | 0x2626 | 0x262a | 0x262e | 0x262f | 0x2638..=0x263a | 0x2640 | 0x2642 | 0x2648..=0x2653
        | 0x265f | 0x2660 | 0x2663 | 0x2665 | 0x2666 | 0x2668 | 0x267b | 0x267e | 0x267f | 0x2692..=0x2697 | 0x2699
        | 0x269b | 0x269c | 0x26a0 | 0x26a1 | 0x26a7 | 0x26aa | 0x26ab | 0x26b0 | 0x26b1 | 0x26bd | 0x26be | 0x26c4
        | 0x26c5 | 0x26c8 | 0x26ce | 0x26cf | 0x26d1 | 0x26d3 | 0x26d4 | 0x26e9 | 0x26ea | 0x26f0..=0x26f5
        | 0x26f7..=0x26fa | 0x26fd | 0x2702 | 0x2705 | 0x2708..=0x270d | 0x270f | 0x2712 | 0x2714 | 0x2716 | 0x271d
        | 0x2721 | 0x2728 | 0x2733 | 0x2734 | 0x2744 | 0x2747 | 0x274c | 0x274e | 0x2753..=0x2755 | 0x2757 | 0x2763
        | 0x2764 | 0x2795..=0x2797 | 0x27a1 | 0x27b0 | 0x27bf | 0x2934 | 0x2935 | 0x2b05..=0x2b07 | 0x2b1b | 0x2b1c
        | 0x2b50 | 0x2b55 | 0x3030 | 0x303d | 0x3297 | 0x3299 | 0xfe0f | 0x1f004 | 0x1f0cf | 0x1f170 | 0x1f171
        | 0x1f17e | 0x1f17f | 0x1f18e | 0x1f191..=0x1f19a | 0x1f1e6..=0x1f1ff | 0x1f201 | 0x1f202 | 0x1f21a | 0x1f22f
        | 0x1f232..=0x1f23a | 0x1f250 | 0x1f251 | 0x1f300..=0x1f64f | 0x1f680..=0x1f6ff | 0x1f7e0..=0x1f7f0
        | 0x1f90c..=0x1f9ff | 0x1fa70..=0x1faff | 0xe0030..=0xe0039 | 0xe0061..=0xe007a | 0xe007f)
}

/// One kind of line break, one break for many, one space for many; trimmed.
pub fn normalize_whitespace(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in trim(text).chars() {
        let character = match character {
            '\r' => '\n',
            '\t' => ' ',
            other => other,
        };
        if !(matches!(character, '\n' | ' ') && out.ends_with(character)) {
            out.push(character);
        }
    }
    out
}

//! Tells serialised values from ordinary text, by the same signs as WordPress.

use crate::parse::parse_lenient;
use crate::value::Value;

/// Whether WordPress would take the text for a serialised value. A guess by its first and last
/// bytes: the text may still turn out to be broken.
pub fn is_serialized(text: &[u8]) -> bool {
    let text = trimmed(text);
    if text == b"N;" {
        return true;
    }
    let [letter, b':', rest @ .., last] = text else {
        return false;
    };
    match letter {
        b's' => *last == b';' && rest.ends_with(b"\"") && starts_with_count(rest),
        b'a' | b'O' | b'E' => matches!(last, b';' | b'}') && starts_with_count(rest),
        b'b' | b'i' | b'd' => {
            let numeric = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'E' | b'+' | b'-');
            *last == b';' && !rest.is_empty() && rest.iter().all(numeric)
        }
        _ => false,
    }
}

/// The value behind a text of the database: `None` when the text is not serialised or is broken
/// beyond repair, in which case the text itself is the value.
pub fn maybe_unserialize(text: &[u8]) -> Option<Value> {
    if is_serialized(text) {
        parse_lenient(text).ok()
    } else {
        None
    }
}

fn starts_with_count(rest: &[u8]) -> bool {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && rest.get(digits) == Some(&b':')
}

/// Cuts what PHP's `trim` cuts.
pub(crate) fn trimmed(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b);
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let end = text
        .iter()
        .rposition(|byte| !is_space(byte))
        .map_or(start, |last| last + 1);
    &text[start..end]
}

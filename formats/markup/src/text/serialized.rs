//! Tells PHP-serialised values from ordinary text.

use super::trim;

/// Whether the whole text is one PHP-serialised value.
pub fn is_serialized(text: &str) -> bool {
    let text = trim(text);
    if text == "N;" {
        return true;
    }
    let bytes = text.as_bytes();
    if bytes.len() < 4 || bytes[1] != b':' || !text.ends_with([';', '}']) {
        return false;
    }
    let body = &bytes[2..];
    match bytes[0] {
        b's' if bytes[bytes.len() - 2] != b'"' => false,
        b's' | b'a' | b'O' | b'E' => {
            let digits = body.iter().take_while(|byte| byte.is_ascii_digit()).count();
            digits > 0 && body.get(digits) == Some(&b':')
        }
        b'b' | b'i' | b'd' => {
            let is_number = |byte: &u8| byte.is_ascii_digit() || b".E+-".contains(byte);
            body.len() > 1 && body[..body.len() - 1].iter().all(is_number) && text.ends_with(';')
        }
        _ => false,
    }
}

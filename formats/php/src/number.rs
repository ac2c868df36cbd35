//! PHP's rules for numbers in text: numeric strings, array keys, and how floats are printed.

/// The number that PHP makes of a string key: only the canonical decimal form counts.
pub(crate) fn array_key(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let canonical = match digits {
        [b'0'] => text.len() == 1,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if canonical {
        std::str::from_utf8(text).ok()?.parse().ok()
    } else {
        None
    }
}

/// The text of a numeric string without the white space that PHP allows around it.
fn numeric_text(text: &[u8]) -> Option<&str> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c);
    let start = text.iter().position(|byte| !is_space(byte))?;
    let end = text.iter().rposition(|byte| !is_space(byte))? + 1;
    let core = &text[start..end];
    let allowed = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    if core.iter().all(allowed) {
        std::str::from_utf8(core).ok()
    } else {
        None
    }
}

/// A numeric string as whole number; fractions are cut.
pub(crate) fn numeric_int(text: &[u8]) -> Option<i64> {
    let text = numeric_text(text)?;
    text.parse().ok().or_else(|| to_int(text.parse().ok()?))
}

/// A numeric string as floating point number.
pub(crate) fn numeric_float(text: &[u8]) -> Option<f64> {
    numeric_text(text)?.parse().ok()
}

/// Cuts the fraction; `None` if the number does not fit.
pub(crate) fn to_int(number: f64) -> Option<i64> {
    let limit = 9_223_372_036_854_775_808.0;
    if number >= -limit && number < limit {
        Some(number as i64)
    } else {
        None
    }
}

/// The shortest text that reads back as the same number, in PHP's notation.
pub(crate) fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "NAN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "INF" } else { "-INF" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let exponent: i32 = scientific.rsplit('e').next().and_then(|e| e.parse().ok()).unwrap_or(0);
    if (-4..17).contains(&exponent) {
        return format!("{number}");
    }
    let mantissa = scientific.split('e').next().unwrap_or("0");
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}{point}E{sign}{}", exponent.abs())
}

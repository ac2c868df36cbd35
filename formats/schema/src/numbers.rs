//! Numbers: what passes for one, and the bounds that it must keep.

use serde_json::Value;

use crate::Misfit;
use crate::types::text;

/// The number that a value is, or that its whole text is.
pub(crate) fn numeric(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let text = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
            let plain = text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
            text.parse().ok().filter(|_| plain)
        }
        _ => None,
    }
}

/// Whether a value is a number without a fraction.
pub(crate) fn is_integer(value: &Value) -> bool {
    numeric(value).is_some_and(|number| number.fract() == 0.0)
}

/// What a text starts with, as a number.
pub(crate) fn leading(value: &Value) -> f64 {
    let text = match value {
        Value::Number(number) => return number.as_f64().unwrap_or_default(),
        Value::Bool(yes) => return f64::from(u8::from(*yes)),
        Value::String(text) => text.trim_start(),
        Value::Array(items) => return f64::from(u8::from(!items.is_empty())),
        Value::Object(members) => return f64::from(u8::from(!members.is_empty())),
        Value::Null => return 0.0,
    };
    let sign = usize::from(text.starts_with(['-', '+']));
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = sign + digits(sign);
    if text[end..].starts_with('.') {
        end += 1 + digits(end + 1);
    }
    text[..end].trim_end_matches('.').parse().unwrap_or_default()
}

/// Checks the bounds and the step of a number.
pub(crate) fn check(number: f64, schema: &Value, param: &str) -> Result<(), Misfit> {
    if let Some(step) = schema["multipleOf"].as_f64() {
        let times = number / step;
        if (times - times.round()).abs() > 1e-9 {
            let message = format!("{param} must be a multiple of {}.", text(&schema["multipleOf"]));
            return Err(Misfit::new("rest_invalid_multiple", message, param));
        }
    }
    let bound = |name: &str| numeric(&schema[name]);
    let exclusive = |name: &str| schema[name] == Value::Bool(true);
    let (open_min, open_max) = (exclusive("exclusiveMinimum"), exclusive("exclusiveMaximum"));
    let below = |min: f64| number < min || (open_min && number == min);
    let above = |max: f64| number > max || (open_max && number == max);
    let message = match (bound("minimum"), bound("maximum")) {
        (Some(min), None) if below(min) => {
            let or_equal = if open_min { "" } else { "or equal to " };
            format!("{param} must be greater than {or_equal}{}", min as i64)
        }
        (None, Some(max)) if above(max) => {
            let or_equal = if open_max { "" } else { "or equal to " };
            format!("{param} must be less than {or_equal}{}", max as i64)
        }
        (Some(min), Some(max)) if below(min) || above(max) => {
            let word = |open: bool| if open { "exclusive" } else { "inclusive" };
            let (low, high) = (word(open_min), word(open_max));
            format!(
                "{param} must be between {} ({low}) and {} ({high})",
                min as i64, max as i64
            )
        }
        _ => return Ok(()),
    };
    Err(Misfit::new("rest_out_of_bounds", message, param))
}

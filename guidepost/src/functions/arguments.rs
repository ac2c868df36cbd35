//! Arguments from JSON, read as PHP reads them. `{"base64": …}` stands for bytes that are not UTF-8.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

/// The arguments of one call.
#[derive(Debug, Clone, Copy)]
pub struct Arguments<'a>(pub &'a [Value]);

impl<'a> Arguments<'a> {
    /// One argument; those that were not given are null.
    pub fn value(&self, index: usize) -> &'a Value {
        self.0.get(index).unwrap_or(&Value::Null)
    }

    /// An argument that was given and is not null.
    pub fn given(&self, index: usize) -> Option<&'a Value> {
        self.0.get(index).filter(|value| !value.is_null())
    }

    /// A scalar as text; `None` for lists, maps and bytes that are no text.
    pub fn text(&self, index: usize) -> Option<Cow<'a, str>> {
        text_of(self.value(index))
    }

    /// The same, or what stands for an argument that was not given.
    pub fn text_or(&self, index: usize, otherwise: &'a str) -> Option<Cow<'a, str>> {
        if self.given(index).is_none() {
            return Some(Cow::Borrowed(otherwise));
        }
        self.text(index)
    }

    /// The bytes of a scalar, or those given as base64.
    pub fn bytes(&self, index: usize) -> Option<Cow<'a, [u8]>> {
        match self.value(index).get("base64").and_then(Value::as_str) {
            Some(encoded) => STANDARD.decode(encoded).ok().map(Cow::Owned),
            None => self.text(index).map(|text| match text {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            }),
        }
    }

    /// A whole number, or what stands for one that was not given.
    pub fn count_or(&self, index: usize, otherwise: usize) -> usize {
        self.given(index)
            .map_or(otherwise, |value| number_of(value).max(0.0) as usize)
    }

    /// PHP's idea of truth.
    pub fn truth(&self, index: usize) -> bool {
        truth_of(self.value(index))
    }

    /// The texts of a list.
    pub fn texts(&self, index: usize) -> Vec<String> {
        let items = self.value(index).as_array().into_iter().flatten();
        items.filter_map(text_of).map(Cow::into_owned).collect()
    }
}

/// A scalar as PHP's text.
pub fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => Some(Cow::Borrowed("")),
        Value::Bool(yes) => Some(Cow::Borrowed(if *yes { "1" } else { "" })),
        Value::Number(number) => Some(Cow::Owned(match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => (float as i64).to_string(),
            _ => number.to_string(),
        })),
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Object(object) => {
            let bytes = STANDARD.decode(object.get("base64")?.as_str()?).ok()?;
            String::from_utf8(bytes).ok().map(Cow::Owned)
        }
        Value::Array(_) => None,
    }
}

/// A scalar as PHP's number: what a text starts with, or zero.
pub fn number_of(value: &Value) -> f64 {
    match value {
        Value::Bool(yes) => f64::from(u8::from(*yes)),
        Value::Number(number) => number.as_f64().unwrap_or_default(),
        Value::String(text) => {
            let text = text.trim_start();
            let part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
            let end = text.find(|c: char| !part(c)).unwrap_or(text.len());
            text[..end].parse().unwrap_or_default()
        }
        _ => 0.0,
    }
}

/// PHP's idea of truth.
pub fn truth_of(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty() && text != "0",
        Value::Array(items) => !items.is_empty(),
        Value::Object(items) => !items.is_empty(),
    }
}

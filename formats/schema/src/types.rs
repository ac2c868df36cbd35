//! Types: which values pass for which, and how one of several is chosen.

use std::borrow::Cow;

use regex::RegexBuilder;
use serde_json::{Map, Value};

use crate::numbers::{is_integer, numeric};

/// The types that are known.
pub(crate) const KNOWN: [&str; 7] = ["array", "object", "string", "number", "integer", "boolean", "null"];

/// The type to judge a value by.
pub(crate) enum Wanted<'a> {
    /// The schema names none.
    None,
    /// The only one, or the best of several; perhaps none that is known.
    One(&'a str),
    /// Several, of which none fits.
    NoneFits(String),
}

/// The type that a schema wants of this value.
pub(crate) fn wanted<'a>(value: &Value, schema: &'a Value) -> Wanted<'a> {
    match &schema["type"] {
        Value::String(one) => Wanted::One(one),
        Value::Array(several) => {
            let names: Vec<&str> = several.iter().filter_map(Value::as_str).collect();
            let unknown = names.iter().find(|name| !KNOWN.contains(name)).copied();
            match best(value, &names).or(unknown) {
                Some(name) => Wanted::One(name),
                None => Wanted::NoneFits(names.join(",")),
            }
        }
        _ => Wanted::None,
    }
}

/// The first type that the value passes for. An empty text passes for lists and objects too, but is best a text.
fn best<'a>(value: &Value, names: &[&'a str]) -> Option<&'a str> {
    let text = names
        .iter()
        .find(|name| **name == "string" && value.as_str() == Some(""));
    text.or_else(|| names.iter().find(|name| passes(value, name))).copied()
}

/// Whether a value passes for a type.
pub(crate) fn passes(value: &Value, name: &str) -> bool {
    match name {
        "array" => value.is_array() || is_scalar(value),
        "object" => value.is_object() || value.is_array() || value.as_str() == Some(""),
        "integer" => is_integer(value),
        "number" => numeric(value).is_some(),
        "boolean" => is_boolean(value),
        "string" => value.is_string(),
        "null" => value.is_null(),
        _ => false,
    }
}

pub(crate) fn is_scalar(value: &Value) -> bool {
    value.is_string() || value.is_number() || value.is_boolean()
}

fn is_boolean(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::String(text) => matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "0" | "1"),
        Value::Number(number) => matches!(number.as_i64(), Some(0 | 1)),
        _ => false,
    }
}

/// A scalar as PHP's text.
pub(crate) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Bool(true) => Cow::Borrowed("1"),
        Value::Number(number) => Cow::Owned(match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => (float as i64).to_string(),
            _ => number.to_string(),
        }),
        _ => Cow::Borrowed(""),
    }
}

/// The items of a list; a text between commas or white space counts as one.
pub(crate) fn items(value: &Value) -> Vec<Cow<'_, Value>> {
    match value {
        Value::Array(items) => items.iter().map(Cow::Borrowed).collect(),
        Value::Object(items) => items.values().map(Cow::Borrowed).collect(),
        Value::Null => Vec::new(),
        scalar => text(scalar)
            .split(|c: char| c == ',' || matches!(c, ' ' | '\t'..='\r'))
            .filter(|item| !item.is_empty())
            .map(|item| Cow::Owned(Value::from(item)))
            .collect(),
    }
}

/// The members of an object; a list's are numbered.
pub(crate) fn members(value: &Value) -> Vec<(Cow<'_, str>, &Value)> {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (Cow::Borrowed(name.as_str()), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, value)| (Cow::Owned(at.to_string()), value))
            .collect(),
        _ => Vec::new(),
    }
}

/// The schema of a member, by its name or a pattern of names.
pub(crate) enum Member<'a> {
    /// It has a schema.
    Schema(&'a Value),
    /// It may not be there.
    Forbidden,
    /// Anything may be there.
    Free,
}

pub(crate) fn member<'a>(schema: &'a Value, name: &str) -> Member<'a> {
    let patterns = schema["patternProperties"].as_object().into_iter().flatten();
    let found = schema["properties"].get(name).or_else(|| {
        patterns
            .into_iter()
            .find(|(pattern, _)| matches(pattern, name))
            .map(|(_, schema)| schema)
    });
    match (found, &schema["additionalProperties"]) {
        (Some(found), _) => Member::Schema(found),
        (None, Value::Bool(false)) => Member::Forbidden,
        (None, other) if other.is_object() => Member::Schema(other),
        _ => Member::Free,
    }
}

/// The largest pattern, compiled, that a schema may hold.
const MAX_PATTERN: usize = 1 << 20;

/// Whether a pattern occurs in a text; one that cannot be read occurs nowhere.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern = RegexBuilder::new(pattern).size_limit(MAX_PATTERN).build();
    pattern.is_ok_and(|pattern| pattern.is_match(text))
}

/// Whether two values are the same; whole and other numbers are compared by size.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_f64() != b.is_f64() && a.as_f64() == b.as_f64()),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, value)| b.get(name).is_some_and(|other| same(value, other)))
        }
        (a, b) => a == b,
    }
}

/// Whether no item is there twice, whatever the order of members.
pub(crate) fn are_unique<'a>(items: impl IntoIterator<Item = &'a Value>) -> bool {
    let mut seen = std::collections::HashSet::new();
    items.into_iter().all(|item| seen.insert(sorted(item).to_string()))
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            let members = names.into_iter().map(|name| (name.clone(), sorted(&members[name])));
            Value::Object(members.collect::<Map<_, _>>())
        }
        plain => plain.clone(),
    }
}

//! Functions of values: PHP's serialised form, lists, truth.

use gp_markup::text;
use gp_php::Key;
use serde_json::{Map, Value, json};

use super::arguments::{number_of, text_of, truth_of};
use super::{Arguments, Function};

/// The functions by name.
pub(super) const TABLE: &[(&str, Function)] = &[
    ("is_serialized", |a| Some(is_serialized(a.value(0)).into())),
    ("is_serialized_string", |a| {
        Some(is_serialized_string(a.value(0)).into())
    }),
    ("maybe_serialize", |a| Some(maybe_serialize(a.value(0)))),
    ("maybe_unserialize", |a| Some(maybe_unserialize(a.value(0)))),
    ("wp_parse_id_list", |a| {
        Some(unique(list(a).map(|item| id(&item)).collect()))
    }),
    ("wp_parse_list", |a| Some(list(a).collect())),
    ("wp_parse_slug_list", |a| {
        let slug =
            |item: Value| Value::from(text_of(&item).map_or_else(String::new, |text| text::sanitize_title(&text)));
        Some(unique(list(a).map(slug).collect()))
    }),
    ("wp_validate_boolean", |a| {
        let is_no = a
            .value(0)
            .as_str()
            .is_some_and(|text| text.eq_ignore_ascii_case("false"));
        Some((!is_no && a.truth(0)).into())
    }),
];

fn is_serialized(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| gp_php::is_serialized(text.as_bytes()))
}

fn is_serialized_string(value: &Value) -> bool {
    let text = value.as_str().map(str::trim).unwrap_or_default();
    text.len() >= 4 && text.starts_with("s:") && text.ends_with("\";")
}

/// What is not plain is serialised, and so is a text that looks as if it were, so that it comes back as it was.
fn maybe_serialize(value: &Value) -> Value {
    let php = match value {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                (Key::Bytes(name.clone().into_bytes()), gp_php::Value::from_json(value))
            };
            gp_php::Value::Object {
                class: b"stdClass".to_vec(),
                fields: fields.iter().map(field).collect(),
            }
        }
        Value::Array(_) => gp_php::Value::from_json(value),
        Value::String(_) if is_serialized(value) => gp_php::Value::from_json(value),
        plain => return plain.clone(),
    };
    String::from_utf8_lossy(&gp_php::serialize(&php)).into_owned().into()
}

fn maybe_unserialize(value: &Value) -> Value {
    let php = value
        .as_str()
        .and_then(|text| gp_php::maybe_unserialize(text.as_bytes()));
    php.map_or_else(|| value.clone(), |php| php.to_json())
}

/// The items of a list, or of a text between commas and white space.
fn list(a: &Arguments<'_>) -> impl Iterator<Item = Value> {
    let items: Vec<Value> = match a.value(0) {
        Value::Array(items) => items
            .iter()
            .filter(|item| !item.is_array() && !item.is_object())
            .cloned()
            .collect(),
        Value::Object(items) => items
            .values()
            .filter(|item| !item.is_array() && !item.is_object())
            .cloned()
            .collect(),
        scalar => {
            let text = text_of(scalar).unwrap_or_default();
            text::parse_list(&text).into_iter().map(Value::from).collect()
        }
    };
    items.into_iter()
}

fn id(item: &Value) -> Value {
    let number = if item.is_string() {
        number_of(item)
    } else {
        f64::from(u8::from(truth_of(item)))
    };
    let number = if item.is_number() { number_of(item) } else { number };
    json!(number.abs() as u64)
}

/// Each value once, where it first stood: PHP keeps the numbers of the places, so that gaps make a map.
fn unique(items: Vec<Value>) -> Value {
    let mut kept: Vec<(usize, Value)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (place, item) in items.into_iter().enumerate() {
        if seen.insert(item.to_string()) {
            kept.push((place, item));
        }
    }
    let gapless = kept.iter().enumerate().all(|(at, (place, _))| at == *place);
    if gapless {
        return kept.into_iter().map(|(_, item)| item).collect();
    }
    Value::Object(
        kept.into_iter()
            .map(|(place, item)| (place.to_string(), item))
            .collect::<Map<_, _>>(),
    )
}

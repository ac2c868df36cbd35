//! PHP values as JSON and back.

use crate::value::{Key, Value};
use serde_json::{Map, Number, Value as Json};

impl Value {
    /// The value as PHP's `json_encode` shows it: lists become JSON arrays, other arrays and
    /// objects become JSON objects. Bytes that are no UTF-8 are replaced, numbers that JSON
    /// lacks and references become null (see [`Value::resolved`]).
    pub fn to_json(&self) -> Json {
        match self {
            Value::Null | Value::Reference { .. } => Json::Null,
            Value::Bool(yes) => Json::Bool(*yes),
            Value::Int(number) => Json::from(*number),
            Value::Float(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
            Value::Bytes(bytes) | Value::Enum(bytes) | Value::Custom { data: bytes, .. } => {
                Json::String(String::from_utf8_lossy(bytes).into_owned())
            }
            Value::Array(entries) if self.is_list() => {
                Json::Array(entries.iter().map(|(_, value)| value.to_json()).collect())
            }
            Value::Array(entries) => object(entries),
            Value::Object { fields, .. } => object(fields),
        }
    }

    /// The value that PHP's `json_decode` with arrays would make of a JSON value.
    pub fn from_json(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(yes) => Value::Bool(*yes),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Value::Int(whole),
                None => number.as_f64().map_or(Value::Null, Value::Float),
            },
            Json::String(text) => Value::from(text.as_str()),
            Json::Array(items) => Value::list(items.iter().map(Value::from_json)),
            Json::Object(items) => Value::map(items.iter().map(|(key, item)| (key.as_str(), Value::from_json(item)))),
        }
    }
}

fn object(entries: &[(Key, Value)]) -> Json {
    let mut map = Map::new();
    for (key, value) in entries {
        map.insert(field_name(key), value.to_json());
    }
    Json::Object(map)
}

/// Private and protected fields are stored as NUL, class or `*`, NUL, name.
fn field_name(key: &Key) -> String {
    let text = key.as_str();
    match text.strip_prefix('\0').and_then(|rest| rest.split_once('\0')) {
        Some((_, name)) => name.to_owned(),
        None => text.into_owned(),
    }
}

//! PHP's values as JSON and back: options and meta are kept as PHP wrote them.

use gp_php::Value as Php;
use serde_json::{Map, Value};

/// A value of PHP; an array whose keys count up from 0 is a list.
pub fn to_json(value: &Php) -> Value {
    match value {
        Php::Int(number) => (*number).into(),
        Php::Null => Value::Null,
        Php::Bool(yes) => Value::Bool(*yes),
        Php::Float(number) => serde_json::Number::from_f64(*number).map_or(Value::Null, Value::Number),
        Php::Array(_) => {
            let members: Vec<(String, Value)> = value
                .iter()
                .map(|(key, v)| (key.as_str().into_owned(), to_json(v)))
                .collect();
            let list = members.iter().enumerate().all(|(n, (key, _))| *key == n.to_string());
            if list {
                Value::Array(members.into_iter().map(|(_, v)| v).collect())
            } else {
                Value::Object(members.into_iter().collect::<Map<_, _>>())
            }
        }
        other => other.as_str().map_or(Value::Null, |text| text.into_owned().into()),
    }
}

/// A value for PHP.
pub(crate) fn from_json(value: &Value) -> Php {
    match value {
        Value::Null => Php::Null,
        Value::Bool(yes) => Php::Bool(*yes),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Php::from(whole),
            None => Php::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => Php::from(text.as_str()),
        Value::Array(items) => Php::list(items.iter().map(from_json)),
        Value::Object(members) => Php::Array(
            members
                .iter()
                .map(|(key, v)| (gp_php::Key::Bytes(key.as_bytes().to_vec()), from_json(v)))
                .collect(),
        ),
    }
}

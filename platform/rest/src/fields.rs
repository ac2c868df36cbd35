//! `_fields`: only the parts of an answer that were asked for, dots for what is nested.

use serde_json::{Map, Value};

use crate::request::Request;

/// The fields that a request asks for; none: all.
pub(crate) fn asked(request: &Request) -> Option<Vec<String>> {
    asked_of(&request.query).or_else(|| asked_of(&request.body))
}

/// The fields that are named among these parameters.
pub(crate) fn asked_of(parameters: &Map<String, Value>) -> Option<Vec<String>> {
    let list: Vec<String> = match parameters.get("_fields")? {
        Value::String(text) => text.split(',').map(|f| f.trim().to_owned()).collect(),
        Value::Array(all) => all
            .iter()
            .filter_map(Value::as_str)
            .map(|f| f.trim().to_owned())
            .collect(),
        _ => return None,
    };
    let list: Vec<String> = list.into_iter().filter(|field| !field.is_empty()).collect();
    (!list.is_empty()).then_some(list)
}

/// Whether a field is wanted: itself, what holds it, or what it holds.
pub(crate) fn wants(fields: Option<&[String]>, name: &str) -> bool {
    let Some(fields) = fields else { return true };
    fields.iter().any(|field| {
        let starts = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
        field == name || starts(field, name) || starts(name, field)
    })
}

/// Only these fields of an object, or of each object of a list.
pub(crate) fn pick(value: Value, fields: &[String]) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(|item| pick(item, fields)).collect()),
        Value::Object(members) => Value::Object(part(members, fields)),
        other => other,
    }
}

fn part(members: Map<String, Value>, fields: &[String]) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, value) in members {
        let inner: Vec<String> = fields
            .iter()
            .filter_map(|field| field.strip_prefix(name.as_str())?.strip_prefix('.'))
            .map(str::to_owned)
            .collect();
        if fields.contains(&name) {
            out.insert(name, value);
        } else if let (false, Value::Object(nested)) = (inner.is_empty(), value) {
            let nested = part(nested, &inner);
            if !nested.is_empty() {
                out.insert(name, Value::Object(nested));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_was_asked_for_is_left() {
        let fields: Vec<String> = ["id", "title.rendered", "meta"].map(str::to_owned).to_vec();
        let all = json!([{"id": 1, "title": {"rendered": "a", "raw": "b"}, "meta": {"x": 1}, "slug": "s"}]);
        assert_eq!(
            pick(all, &fields),
            json!([{"id": 1, "title": {"rendered": "a"}, "meta": {"x": 1}}])
        );
        assert!(wants(Some(&fields), "title") && wants(Some(&fields), "meta.x") && !wants(Some(&fields), "content"));
    }
}

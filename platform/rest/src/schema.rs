//! Schemas of resources: parameters made of them, and the parts of an answer that a context shows.

use serde_json::{Map, Value, json};

use crate::args::UNCHECKED;

/// A schema of this title, draft 4, as WordPress writes its own.
pub fn titled(title: &str, properties: Map<String, Value>) -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": title,
        "type": "object",
        "properties": properties.into_iter().map(|(name, p)| (name, public(p))).collect::<Map<_, _>>(),
    })
}

/// A property without what only we need to know.
fn public(mut property: Value) -> Value {
    if let Value::Object(members) = &mut property {
        members.remove(UNCHECKED);
    }
    property
}

/// Properties from the text of a data file of this crate.
///
/// # Panics
/// Never, for the files of this crate: a test reads them all.
pub fn properties(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}

/// What a schema's property says that a parameter says too.
const SAID: &[&str] = &[
    "description",
    "type",
    "format",
    "enum",
    "items",
    "properties",
    "additionalProperties",
    "patternProperties",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "anyOf",
    "oneOf",
    "title",
    UNCHECKED,
];

/// The parameters with which something of a schema is made (`creating`) or changed: what can be written of it.
pub fn writable(properties: &Map<String, Value>, creating: bool) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, property) in properties {
        if property.get("readonly") == Some(&Value::Bool(true)) {
            continue;
        }
        let mut arg = Map::new();
        for said in SAID {
            if let Some(value) = property.get(*said) {
                arg.insert((*said).to_owned(), value.clone());
            }
        }
        for said in ["required", "default"] {
            if let Some(value) = property.get(said).filter(|_| creating) {
                arg.insert(said.to_owned(), value.clone());
            }
        }
        out.insert(name.clone(), Value::Object(arg));
    }
    out
}

/// Only the properties that a context shows.
pub fn in_context(value: Value, properties: &Map<String, Value>, context: &str) -> Value {
    let Value::Object(members) = value else { return value };
    let mut out = Map::new();
    for (name, value) in members {
        let Some(property) = properties.get(&name) else {
            // Links are always there.
            if name.starts_with('_') {
                out.insert(name, value);
            }
            continue;
        };
        if !shows(property, context) {
            continue;
        }
        let value = match property.get("properties") {
            Some(Value::Object(inner)) if value.is_object() && inner.values().any(|p| p.get("context").is_some()) => {
                in_context(value, inner, context)
            }
            _ => value,
        };
        out.insert(name, value);
    }
    Value::Object(out)
}

fn shows(property: &Value, context: &str) -> bool {
    match property.get("context") {
        Some(Value::Array(all)) => all.iter().any(|c| c == context),
        _ => true,
    }
}

/// The parameter `context` with these choices, the first of `view`, `embed`, `edit` as default.
pub fn context(choices: &[&str]) -> Value {
    let mut arg = context_of_one(choices);
    arg["default"] = "view".into();
    arg
}

/// The same without a default.
pub fn context_of_one(choices: &[&str]) -> Value {
    json!({
        "description": "Scope under which the request is made; determines fields present in response.",
        "type": "string",
        "enum": choices,
    })
}

/// The parameters that every list has.
pub fn paging() -> Map<String, Value> {
    members(json!({
        "context": context(&["view", "embed", "edit"]),
        "page": {"description": "Current page of the collection.", "type": "integer", "default": 1, "minimum": 1},
        "per_page": {"description": "Maximum number of items to be returned in result set.", "type": "integer",
            "default": 10, "minimum": 1, "maximum": 100},
        "search": {"description": "Limit results to those matching a string.", "type": "string"},
    }))
}

/// Parameters that leave some out or take only some, by their ids.
pub fn by_ids() -> Map<String, Value> {
    members(json!({
        "exclude": {"description": "Ensure result set excludes specific IDs.", "type": "array",
            "items": {"type": "integer"}, "default": []},
        "include": {"description": "Limit result set to specific IDs.", "type": "array",
            "items": {"type": "integer"}, "default": []},
    }))
}

/// `order` and `orderby`.
pub fn ordering(default: &str, by: &str, what: &str, choices: &[&str]) -> Map<String, Value> {
    members(json!({
        "order": {"description": "Order sort attribute ascending or descending.", "type": "string",
            "default": default, "enum": ["asc", "desc"]},
        "orderby": {"description": format!("Sort collection by {what} attribute."), "type": "string",
            "default": by, "enum": choices},
    }))
}

/// The members of an object.
pub fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Whether something is deleted at once.
pub fn force(description: &str) -> Map<String, Value> {
    members(json!({"force": {"type": "boolean", "default": false, "description": description}}))
}

/// The id in a route.
pub fn id(description: &str) -> Map<String, Value> {
    members(json!({"id": {"description": description, "type": "integer"}}))
}

/// Several maps of parameters as one.
pub fn joined<const N: usize>(parts: [Map<String, Value>; N]) -> Map<String, Value> {
    parts.into_iter().flatten().collect()
}

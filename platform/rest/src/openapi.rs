//! The routes as OpenAPI, read off the registry and put beside what the platform says of its own API.

use gp_content::Site;
use serde_json::{Map, Value, json};

use crate::{
    args::UNCHECKED,
    routes::{Endpoint, Registry, Route},
    turn::rest_url,
};

/// A description with the routes of a site in it as well.
pub(crate) fn described(base: &str, registry: &Registry, site: &Site, base_url: &str) -> Value {
    let mut whole: Value = serde_json::from_str(base).unwrap_or_else(|_| json!({}));
    // Where addresses are plain, a route is a parameter of a query, which this form cannot say.
    if site.plain() {
        return whole;
    }
    let prefix = rest_url(site, base_url, "");
    let prefix = prefix.strip_prefix(base_url).unwrap_or("/wp-json").to_owned();
    if let Some(paths) = whole.get_mut("paths").and_then(Value::as_object_mut) {
        for route in &registry.routes {
            let (path, names) = template(&route.pattern);
            let entry = paths.entry(format!("{prefix}{path}")).or_insert_with(|| json!({}));
            for endpoint in &route.endpoints {
                for method in endpoint.methods {
                    entry[method.to_ascii_lowercase()] = operation(route, endpoint, method, &names);
                }
            }
        }
    }
    whole
}

/// A pattern with its captures as `{name}`, and the names.
fn template(pattern: &str) -> (String, Vec<String>) {
    let (mut out, mut names) = (String::new(), Vec::new());
    let mut rest = pattern;
    while let Some(at) = rest.find("(?P<") {
        out.push_str(&rest[..at]);
        let inner = &rest[at + 4..];
        let name = inner.split('>').next().unwrap_or_default();
        out.push_str(&format!("{{{name}}}"));
        names.push(name.to_owned());
        rest = &rest[at + closing(&rest[at..])..];
    }
    out.push_str(rest);
    (out, names)
}

/// Where the parenthesis that a text begins with is closed: behind it.
fn closing(text: &str) -> usize {
    let (mut depth, mut escaped, mut class) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => {
                escaped = false;
                continue;
            }
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn operation(route: &Route, endpoint: &Endpoint, method: &str, names: &[String]) -> Value {
    let mut parameters: Vec<Value> = names
        .iter()
        .map(|name| {
            let known = endpoint.args.get(name).map(schema);
            let schema = known.unwrap_or_else(|| json!({"type": "string"}));
            json!({"name": name, "in": "path", "required": true, "schema": schema})
        })
        .collect();
    let own = endpoint.args.iter().filter(|(name, _)| !names.contains(name));
    let mut out = members(json!({
        "operationId": format!("{} {}", method.to_ascii_lowercase(), route.pattern),
        "tags": [if route.namespace.is_empty() { "wp" } else { route.namespace }],
        "responses": responses(method),
    }));
    if matches!(method, "GET" | "DELETE") {
        for (name, arg) in own {
            let required = arg.get("required") == Some(&Value::Bool(true));
            let many = matches!(arg["type"].as_str(), Some("array"));
            let mut parameter = json!({"name": name, "in": "query", "required": required, "schema": schema(arg)});
            if many {
                parameter["style"] = "form".into();
                parameter["explode"] = false.into();
            }
            parameters.push(parameter);
        }
    } else {
        let mut needed = Vec::new();
        let mut properties = Map::new();
        for (name, arg) in own {
            if arg.get("required") == Some(&Value::Bool(true)) {
                needed.push(name.clone());
            }
            properties.insert(name.clone(), schema(arg));
        }
        let mut body = json!({"type": "object", "properties": properties});
        if !needed.is_empty() {
            body["required"] = json!(needed);
        }
        out.insert(
            "requestBody".to_owned(),
            json!({"content": {"application/json": {"schema": body}}}),
        );
    }
    out.insert("parameters".to_owned(), parameters.into());
    Value::Object(out)
}

fn responses(method: &str) -> Value {
    let error = json!({"description": "Not done: a code, a sentence, the status.", "content": {"application/json": {"schema": {
        "type": "object", "required": ["code", "message", "data"], "properties": {
            "code": {"type": "string"}, "message": {"type": "string"},
            "data": {"type": "object", "properties": {"status": {"type": "integer"}}}}}}}});
    let done = json!({"description": "Done.", "content": {"application/json": {}}});
    let status = if method == "POST" { "2XX" } else { "200" };
    json!({ status: done, "4XX": error, "501": error })
}

/// A parameter as JSON Schema of today: `required` says which members there must be, and an empty map is a map.
fn schema(value: &Value) -> Value {
    let Value::Object(members) = value else {
        return value.clone();
    };
    let mut out = Map::new();
    let mut needed = Vec::new();
    for (name, value) in members {
        match (name.as_str(), value) {
            ("required" | "context" | UNCHECKED | "readonly", _) => {}
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties {
                    if property.get("required") == Some(&Value::Bool(true)) {
                        needed.push(name.clone());
                    }
                }
                let properties = properties
                    .iter()
                    .map(|(name, property)| (name.clone(), schema(property)));
                out.insert(name.clone(), Value::Object(properties.collect()));
            }
            ("properties", _) => drop(out.insert(name.clone(), json!({}))),
            ("items" | "additionalProperties", inner) => drop(out.insert(name.clone(), schema(inner))),
            // PHP kept the keys of some lists.
            ("enum", Value::Object(values)) => {
                out.insert(name.clone(), Value::Array(values.values().cloned().collect()));
            }
            ("oneOf" | "anyOf", Value::Array(all)) => {
                out.insert(name.clone(), Value::Array(all.iter().map(schema).collect()));
            }
            _ => drop(out.insert(name.clone(), value.clone())),
        }
    }
    if !needed.is_empty() {
        out.insert("required".to_owned(), json!(needed));
    }
    Value::Object(out)
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_become_templates() {
        let users = "/wp/v2/users/(?P<user_id>(?:[\\d]+|me))/application-passwords/(?P<uuid>[\\w\\-]+)";
        let (path, names) = template(users);
        assert_eq!(path, "/wp/v2/users/{user_id}/application-passwords/{uuid}");
        assert_eq!(names, ["user_id", "uuid"]);
        let odd = "/wp/v2/templates/(?P<id>([^\\/:<>\\*\\?\"\\|]+(?:\\/[^\\/:<>\\*\\?\"\\|]+)?)[\\/\\w%-]+)";
        assert_eq!(template(odd).0, "/wp/v2/templates/{id}");
    }

    #[test]
    fn schemas_are_of_today() {
        let old = json!({"type": "object", "required": true, "unchecked": true, "properties": {
            "a": {"type": "string", "required": true, "context": ["view"], "enum": {"x": "x"}}, "b": {"type": "object", "properties": []}}});
        let new = json!({"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]},
            "b": {"type": "object", "properties": {}}},
            "required": ["a"]});
        assert_eq!(schema(&old), new);
    }
}

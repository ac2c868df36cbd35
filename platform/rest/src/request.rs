//! A request as a route sees it: parameters from address, query and body in one map, nested as PHP would nest them.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// A file of a form, or the body itself.
#[derive(Debug)]
pub struct Upload {
    /// The field of the form: `file`.
    pub field: String,
    /// The name that the sender gives it.
    pub name: String,
    /// Its bytes, in a file of the system's folder for such, gone when this is dropped.
    pub bytes: tempfile::NamedTempFile,
}

/// A request.
#[derive(Debug, Default)]
pub struct Request {
    /// The method that counts.
    pub method: Method,
    /// Below `/wp-json`, without a slash at the end: `/wp/v2/posts/5`.
    pub route: String,
    /// The query, nested.
    pub query: Map<String, Value>,
    /// The fields of the body: of JSON, or of a form.
    pub body: Map<String, Value>,
    /// The body as it came, where it is neither.
    pub raw: Bytes,
    /// Files of a form.
    pub files: Vec<Upload>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body is no JSON though it says so.
    pub broken_json: bool,
    /// All parameters as they count: of the route, else the body, else the query, else their defaults; checked.
    pub params: Map<String, Value>,
    /// Which of them somebody gave.
    pub given: BTreeSet<String>,
}

impl Request {
    /// A request for reading: a path below `/wp-json` with its query.
    pub fn get(address: &str) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Self {
            route: trimmed(path),
            query: parse_query(query),
            ..Self::default()
        }
    }

    /// A parameter; `Null` counts as none.
    pub fn param(&self, name: &str) -> Option<&Value> {
        self.params.get(name).filter(|value| !value.is_null())
    }

    /// A parameter that somebody gave, `Null` too.
    pub fn sent(&self, name: &str) -> Option<&Value> {
        self.given.contains(name).then(|| self.params.get(name)).flatten()
    }

    /// A parameter as text, when it is one.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.param(name).and_then(Value::as_str)
    }

    /// A parameter as a whole number, when it is one.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.param(name).and_then(int)
    }

    /// A parameter as yes or no.
    pub fn flag(&self, name: &str) -> bool {
        match self.param(name) {
            Some(Value::Bool(yes)) => *yes,
            Some(Value::String(text)) => !matches!(text.to_ascii_lowercase().as_str(), "" | "0" | "false"),
            Some(Value::Number(n)) => n.as_i64() != Some(0),
            _ => false,
        }
    }

    /// A parameter as a list of whole numbers.
    pub fn ints(&self, name: &str) -> Vec<i64> {
        self.param(name).map(ints).unwrap_or_default()
    }

    /// A parameter as a list of texts.
    pub fn texts(&self, name: &str) -> Vec<String> {
        match self.param(name) {
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(one)) => one
                .split(',')
                .map(|v| v.trim().to_owned())
                .filter(|v| !v.is_empty())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// `view`, `embed` or `edit`.
    pub fn context(&self) -> &str {
        self.text("context").unwrap_or("view")
    }
}

fn int(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_i64(),
    }
}

/// The whole numbers of a list.
pub(crate) fn ints(value: &Value) -> Vec<i64> {
    match value {
        Value::Array(all) => all.iter().filter_map(int).collect(),
        Value::Number(one) => one.as_i64().into_iter().collect(),
        Value::String(all) => all.split(',').filter_map(|v| v.trim().parse().ok()).collect(),
        _ => Vec::new(),
    }
}

/// A route without slashes at its end.
pub(crate) fn trimmed(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let path = decoded.trim_end_matches('/');
    if path.starts_with('/') || path.is_empty() {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}

/// Most parameters of one request, and how deep they may be nested; what is more is left out.
const MOST: usize = 1000;
const DEEPEST: usize = 8;

/// A query or form, nested as PHP nests it: `a[]=1&b[c]=2`.
pub(crate) fn parse_query(query: &str) -> Map<String, Value> {
    let mut out = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()).take(MOST) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        put(&mut out, &decoded(name), Value::String(decoded(value)));
    }
    out
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// Puts a value where its name says, brackets and all.
pub(crate) fn put(out: &mut Map<String, Value>, name: &str, value: Value) {
    let (first, rest) = name.split_at(name.find('[').unwrap_or(name.len()));
    let keys: Vec<&str> = rest
        .split('[')
        .skip(1)
        .map(|part| part.split(']').next().unwrap_or_default())
        .take(DEEPEST)
        .collect();
    if first.is_empty() {
        return;
    }
    let mut slot = out.entry(first.replace(['.', ' '], "_")).or_insert(Value::Null);
    for key in keys {
        slot = step(slot, key);
    }
    *slot = value;
}

/// The place of a key in a list or map; the empty key is the next of a list.
fn step<'a>(slot: &'a mut Value, key: &str) -> &'a mut Value {
    if !slot.is_array() && !slot.is_object() {
        *slot = Value::Array(Vec::new());
    }
    let length = slot.as_array().map_or(0, Vec::len);
    let next = key.is_empty() || key.parse() == Ok(length);
    if let Value::Array(items) = slot
        && !next
        && key.parse::<usize>().ok().filter(|n| *n < length).is_none()
    {
        let items = std::mem::take(items);
        let named = items.into_iter().enumerate().map(|(n, v)| (n.to_string(), v));
        *slot = Value::Object(named.collect());
    }
    match slot {
        Value::Array(items) => {
            let at = key.parse().unwrap_or(length);
            if at >= items.len() {
                items.push(Value::Null);
            }
            let last = items.len() - 1;
            &mut items[at.min(last)]
        }
        Value::Object(members) => {
            let key = if key.is_empty() {
                members.len().to_string()
            } else {
                key.to_owned()
            };
            members.entry(key).or_insert(Value::Null)
        }
        other => other,
    }
}

/// Parameters as a query, written as PHP's `http_build_query` does.
pub(crate) fn build_query(params: &Map<String, Value>) -> String {
    let mut pairs = Vec::new();
    for (name, value) in params {
        write(&mut pairs, &encoded(name), value);
    }
    pairs.join("&")
}

fn write(pairs: &mut Vec<String>, name: &str, value: &Value) {
    match value {
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                write(pairs, &format!("{name}%5B{n}%5D"), item);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                write(pairs, &format!("{name}%5B{}%5D", encoded(key)), member);
            }
        }
        Value::String(text) if text.is_empty() => pairs.push(name.to_owned()),
        Value::String(text) => pairs.push(format!("{name}={}", encoded(text))),
        Value::Bool(yes) => pairs.push(format!("{name}={}", i32::from(*yes))),
        Value::Null => {}
        Value::Number(number) => pairs.push(format!("{name}={number}")),
    }
}

/// As PHP's `urlencode` writes.
fn encoded(text: &str) -> String {
    const PLAIN: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.');
    percent_encoding::utf8_percent_encode(text, PLAIN)
        .to_string()
        .replace("%20", "+")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn queries_nest_as_php_nests_them() {
        let parsed =
            parse_query("a=1&b[]=x&b[]=y&c[terms]=2&c[include_children]=true&d[0]=q&d[1]=r&e+f=%C3%A9&=x&g[h][]=1");
        let expected = json!({"a": "1", "b": ["x", "y"], "c": {"terms": "2", "include_children": "true"},
            "d": ["q", "r"], "e_f": "é", "g": {"h": ["1"]}});
        assert_eq!(Value::Object(parsed), expected);
    }

    #[test]
    fn a_flood_of_brackets_is_no_tower() {
        let name = format!("a{}=1", "[x]".repeat(5000));
        let parsed = parse_query(&name);
        assert!(serde_json::to_string(&parsed).unwrap().len() < 200);
    }

    #[test]
    fn queries_are_written_as_php_writes_them() {
        let params = json!({"_fields": "id,title", "status": ["any"], "c": {"terms": [2]}, "on": true, "no": null});
        let written = build_query(params.as_object().unwrap());
        assert_eq!(
            written,
            "_fields=id%2Ctitle&status%5B0%5D=any&c%5Bterms%5D%5B0%5D=2&on=1"
        );
    }
}

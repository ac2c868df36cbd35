//! Functions of addresses and of the tags that hold them.

use gp_markup::text::{self, Address};
use serde_json::{Value, json};

use super::arguments::text_of;
use super::{Arguments, Function, HOME, HOST};

/// The functions by name.
pub(super) const TABLE: &[(&str, Function)] = &[
    ("add_query_arg", add_query_arg),
    ("esc_url", |a| {
        let display = a.given(2).is_none_or(|context| context.as_str() == Some("display"));
        esc_url(a, display)
    }),
    ("get_url_in_content", |a| {
        Some(text::first_link(&a.text(0)?).map_or(Value::Bool(false), Value::from))
    }),
    ("links_add_base_url", |a| {
        let names = names_or(a, 2, &["src", "href"]);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Some(text::links_add_base_url(&a.text(0)?, &a.text(1)?, &names).into())
    }),
    ("links_add_target", |a| {
        let names = names_or(a, 2, &["a"]);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Some(text::links_add_target(&a.text(0)?, &a.text_or(1, "_blank")?, &names).into())
    }),
    ("sanitize_url", |a| esc_url(a, false)),
    ("trailingslashit", |a| Some(text::trailingslashit(&a.text(0)?).into())),
    ("untrailingslashit", |a| {
        Some(text::untrailingslashit(&a.text(0)?).into())
    }),
    ("url_shorten", |a| {
        Some(text::url_shorten(&a.text(0)?, a.count_or(1, 35)).into())
    }),
    ("validate_file", |a| {
        Some(text::validate_file(&a.text(0).unwrap_or_default(), &a.texts(1)).into())
    }),
    ("wp_http_validate_url", |a| {
        // Names of hosts are not looked up here, so only the site's own and plain numbers are known.
        let url = a.value(0).as_str().unwrap_or_default();
        let url = text::validated(url, HOME, &|_| None);
        Some(url.map_or(Value::Bool(false), Value::from))
    }),
    ("wp_make_link_relative", |a| {
        Some(text::relative_link(&a.text(0)?).into())
    }),
    ("wp_normalize_path", |a| {
        Some(text::wp_normalize_path(&a.text(0)?).into())
    }),
    ("wp_parse_url", parse_url),
    ("wp_rel_nofollow", |a| {
        Some(text::wp_rel_nofollow(&a.text(0)?, Some(HOST)).into())
    }),
    ("wp_rel_ugc", |a| Some(text::wp_rel_ugc(&a.text(0)?, Some(HOST)).into())),
];

fn names_or(a: &Arguments<'_>, index: usize, otherwise: &[&str]) -> Vec<String> {
    match a.given(index) {
        Some(_) => a.texts(index),
        None => otherwise.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn esc_url(a: &Arguments<'_>, display: bool) -> Option<Value> {
    let protocols = match a.given(1) {
        None => text::ALLOWED_PROTOCOLS.map(str::to_owned).to_vec(),
        Some(Value::String(one)) => vec![one.clone()],
        Some(_) => a.texts(1),
    };
    let protocols: Vec<&str> = protocols.iter().map(String::as_str).collect();
    Some(text::esc_url_for(&a.text(0)?, &protocols, display).into())
}

/// A name, a value and an address, or a map and an address; `false` takes a parameter away.
fn add_query_arg(a: &Arguments<'_>) -> Option<Value> {
    let change = |name: &str, value: &Value| {
        let value = if *value == Value::Bool(false) {
            None
        } else {
            Some(text_of(value)?.into_owned())
        };
        Some((name.to_owned(), value))
    };
    let (changes, address): (Vec<_>, _) = match a.value(0) {
        Value::Object(pairs) => (pairs.iter().filter_map(|(n, v)| change(n, v)).collect(), a.text(1)?),
        _ => (change(&a.text(0)?, a.value(1)).into_iter().collect(), a.text(2)?),
    };
    Some(text::with_query(&changes, &address).into())
}

/// An address and, perhaps, the number of one part as PHP counts them.
fn parse_url(a: &Arguments<'_>) -> Option<Value> {
    let url = a.text(0)?;
    let Some(parts) = text::parse_url(&url) else {
        return Some(false.into());
    };
    let names = ["scheme", "host", "port", "user", "pass", "path", "query", "fragment"];
    match a.given(1).and_then(Value::as_i64).filter(|part| *part >= 0) {
        Some(part) => Some(
            names
                .get(usize::try_from(part).ok()?)
                .map_or(Value::Bool(false), |name| part_of(&parts, name)),
        ),
        None => {
            let given = names.iter().map(|name| ((*name).to_owned(), part_of(&parts, name)));
            Some(Value::Object(given.filter(|(_, value)| !value.is_null()).collect()))
        }
    }
}

fn part_of(parts: &Address<'_>, name: &str) -> Value {
    match name {
        "scheme" => json!(parts.scheme),
        "host" => json!(parts.host),
        "port" => json!(parts.port),
        "user" => json!(parts.user),
        "pass" => json!(parts.pass),
        "path" => json!(parts.path),
        "query" => json!(parts.query),
        _ => json!(parts.fragment),
    }
}

//! The attributes of one tag: read as a browser reads them, judged one by one, written in one way.

use std::borrow::Cow;

use super::allowed::{Attributes, Check, Rule};
use super::filter::Kses;
use super::protocol::{ADDRESSES, bad_protocol, no_null};
use super::style::safecss_filter_attr;
use crate::text::{decode_entities, esc_attr, is_space};

/// An attribute as a browser would see it.
#[derive(Debug, PartialEq)]
struct Attribute<'a> {
    /// In lower case.
    name: String,
    /// With its character references read; `None` for a name alone.
    value: Option<Cow<'a, str>>,
}

/// More attributes than this has no tag by people; the rest is dropped.
const MAX_ATTRIBUTES: usize = 200;

/// Reads what stands in a tag after its name. Of two with one name the first counts. A quote that is not closed
/// spoils the whole tag: no attribute is left of it.
fn read(text: &str) -> Vec<Attribute<'_>> {
    let mut found: Vec<Attribute<'_>> = Vec::new();
    let mut rest = text.trim_start_matches(is_separator);
    while !rest.is_empty() && found.len() < MAX_ATTRIBUTES {
        let first = usize::from(rest.starts_with('='));
        let length = rest[first..]
            .find(|c: char| c == '=' || is_separator(c))
            .map_or(rest.len(), |at| first + at);
        let name = rest[..length].to_lowercase();
        rest = rest[length..].trim_start_matches(is_html_space);
        let mut value = None;
        if let Some(after) = rest.strip_prefix('=') {
            let Some((raw, after)) = split_value(after.trim_start_matches(is_html_space)) else {
                return Vec::new();
            };
            value = Some(decode_entities(raw));
            rest = after;
        }
        if !found.iter().any(|known| known.name == name) {
            found.push(Attribute { name, value });
        }
        rest = rest.trim_start_matches(is_separator);
    }
    found
}

/// The attributes in a tag: names in lower case, values with their references read, `None` for a name alone.
pub(crate) fn read_attributes(text: &str) -> Vec<(String, Option<String>)> {
    let attributes = read(text).into_iter();
    attributes
        .map(|found| (found.name, found.value.map(Cow::into_owned)))
        .collect()
}

/// Whether an attribute holds an address.
pub(crate) fn is_address_attribute(name: &str) -> bool {
    ADDRESSES.contains(&name)
}

/// The value at the start of a text and what follows it; `None` when its quote is not closed.
fn split_value(text: &str) -> Option<(&str, &str)> {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split_once(quote),
        _ => Some(text.split_at(text.find(is_html_space).unwrap_or(text.len()))),
    }
}

fn is_html_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn is_separator(c: char) -> bool {
    is_html_space(c) || c == '/'
}

/// A value as it may stand between double quotes.
fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ => out.push(c),
        }
    }
    out
}

impl Kses<'_> {
    /// The tag of an element that may stand, with those of its attributes that may.
    pub(super) fn tag(&self, element: &str, text: &str, rules: &Attributes) -> String {
        let trimmed = text.trim_end_matches(|c: char| c.is_ascii() && is_space(c as u8));
        let slash = if trimmed.ends_with('/') { " /" } else { "" };
        if rules.is_empty() {
            return format!("<{element}{slash}>");
        }
        let mut kept = String::new();
        let mut required = rules.values().filter(|rule| rule.required).count();
        let mut missed = false;
        for attribute in read(text) {
            let needed = rules.get(&attribute.name).is_some_and(|rule| rule.required);
            match self.judged(&attribute, rules) {
                Some(value) => {
                    kept.push(' ');
                    kept.push_str(&attribute.name);
                    if let Some(value) = value {
                        kept.push_str("=\"");
                        kept.push_str(&encode(&value));
                        kept.push('"');
                    }
                    required -= usize::from(needed);
                }
                None => missed |= needed,
            }
        }
        if missed || required > 0 {
            // The tag that closes it is seen on its own and stays, so one that opens must stay as well.
            return if slash.is_empty() {
                format!("<{element}>")
            } else {
                String::new()
            };
        }
        format!("<{element}{kept}{slash}>")
    }

    /// The value that may stand; `None` when the attribute may not.
    fn judged<'a>(&self, attribute: &'a Attribute<'_>, rules: &Attributes) -> Option<Option<Cow<'a, str>>> {
        let rule = rule_for(&attribute.name, rules)?;
        let mut value = attribute.value.as_deref().map(Cow::Borrowed);
        if let Some(address) = value
            .as_deref()
            .filter(|_| ADDRESSES.contains(&attribute.name.as_str()))
        {
            value = Some(Cow::Owned(bad_protocol(address, self.protocols)));
        }
        if attribute.name == "style" {
            let style = safecss_filter_attr(value.as_deref().unwrap_or_default());
            value = Some(Cow::<str>::Owned(style)).filter(|style| !style.is_empty());
            value.as_ref()?;
        }
        self.meets(rule, value.as_deref()).then_some(value)
    }

    fn meets(&self, rule: &Rule, value: Option<&str>) -> bool {
        rule.checks.iter().all(|check: &Check| check.holds(value, self.host))
    }

    /// One attribute as it is written, quotes included: cleaned, or empty when it may not stand. (`wp_kses_one_attr`)
    pub fn one_attribute(&self, attribute: &str, element: &str) -> String {
        let attribute = no_null(attribute, false);
        let space = |c: char| c.is_ascii() && is_space(c as u8);
        let body = attribute.trim_matches(space);
        let lead = &attribute[..attribute.len() - attribute.trim_start_matches(space).len()];
        let trail = &attribute[lead.len() + body.len()..];
        let Some((name, quote, value)) = split_attribute(body) else {
            return String::new();
        };
        let lower = name.to_lowercase();
        let rules = self.allowed.attributes(&element.to_lowercase());
        let Some(rule) = rules.and_then(|rules| rule_for(&lower, rules)) else {
            return format!("{lead}{trail}");
        };
        let mut value = value.map(esc_attr);
        if let Some(address) = value.as_deref().filter(|_| ADDRESSES.contains(&lower.as_str())) {
            value = Some(bad_protocol(address, self.protocols));
        }
        if lower == "style" {
            value = Some(safecss_filter_attr(value.as_deref().unwrap_or_default())).filter(|style| !style.is_empty());
            if value.is_none() {
                return format!("{lead}{trail}");
            }
        }
        match value {
            _ if !self.meets(rule, value.as_deref()) => format!("{lead}{trail}"),
            Some(value) => format!("{lead}{name}={quote}{value}{quote}{trail}"),
            None => format!("{lead}{name}{trail}"),
        }
    }
}

/// Name, quote and value of a written attribute; `None` when its quote is not closed.
fn split_attribute(text: &str) -> Option<(&str, char, Option<&str>)> {
    let space = |c: char| c.is_ascii() && is_space(c as u8);
    let Some((name, value)) = text.split_once('=') else {
        return Some((text, '"', None));
    };
    let (name, value) = (name.trim_end_matches(space), value.trim_start_matches(space));
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inner = value[1..].strip_suffix(quote)?;
            Some((name, quote, Some(inner)))
        }
        _ => Some((name, '"', Some(value))),
    }
}

/// The rule for an attribute; own data may have any name of letters, digits, hyphens and underscores.
fn rule_for<'a>(name: &str, rules: &'a Attributes) -> Option<&'a Rule> {
    rules.get(name).filter(|_| name != "data-*").or_else(|| {
        let own = name.strip_prefix("data-")?;
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        (!own.is_empty() && own.bytes().all(fits)).then(|| rules.get("data-*"))?
    })
}

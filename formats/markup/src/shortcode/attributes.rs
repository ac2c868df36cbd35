//! The attributes of a shortcode.

use std::sync::LazyLock;

use regex::Regex;

/// Attributes in the order they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// `key="value"`, keys in lower case.
    pub named: Vec<(String, String)>,
    /// Values without a key.
    pub positional: Vec<String>,
}

impl Attributes {
    /// The value for a key in lower case; the last one wins.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.named
            .iter()
            .rev()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.as_str())
    }
}

static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
    let source = concat!(
        r#"([\w-]+)\s*=\s*"([^"]*)"(?:\s|$)"#,
        r"|([\w-]+)\s*=\s*'([^']*)'(?:\s|$)",
        r#"|([\w-]+)\s*=\s*([^\s'"]+)(?:\s|$)"#,
        r#"|"([^"]*)"(?:\s|$)"#,
        r"|'([^']*)'(?:\s|$)",
        r"|(\S+)(?:\s|$)",
    );
    let source = source
        .replace(r"[^\s", r"[^\t-\r ")
        .replace(r"\s", r"[\t-\r ]")
        .replace(r"\S", r"[^\t-\r ]")
        .replace(r"\w", "0-9A-Za-z_");
    Regex::new(&source).expect("the pattern is written here and covered by tests")
});

/// Reads what stands in a shortcode's opening tag after its name.
pub fn parse_attributes(text: &str) -> Attributes {
    let mut attributes = Attributes::default();
    if text.trim().is_empty() {
        return attributes;
    }
    let text = text.replace(['\u{a0}', '\u{200b}'], " ");
    for found in ATTRIBUTE.captures_iter(&text) {
        let part = |index: usize| found.get(index).map(|part| part.as_str());
        let named = [(1, 2), (3, 4), (5, 6)]
            .into_iter()
            .find_map(|(key, value)| part(key).zip(part(value)));
        if let Some((key, value)) = named {
            attributes.named.push((key.to_ascii_lowercase(), clean(value)));
        } else if let Some(value) = [7, 8, 9].into_iter().find_map(part) {
            attributes.positional.push(clean(value));
        }
    }
    attributes
}

/// Drops backslashes; a value with a tag left open is dropped altogether.
fn clean(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(escaped) => out.push(escaped),
            None => {}
        }
    }
    if has_open_tag(&out) { String::new() } else { out }
}

fn has_open_tag(value: &str) -> bool {
    let last_open = value.rfind('<');
    let last_close = value.rfind('>');
    last_open.is_some_and(|open| last_close.is_none_or(|close| close < open))
}

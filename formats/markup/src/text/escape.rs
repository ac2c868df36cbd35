//! Makes text safe inside HTML and XML. References that are already there stay.

use std::borrow::Cow;

use super::entities::{each_ampersand, named, normal_number, normalize_entities, reference_body};

/// Text for between tags.
pub fn esc_html(text: &str) -> String {
    special_chars(text, Quotes::Both, false)
}

/// Text for a quoted attribute.
pub fn esc_attr(text: &str) -> String {
    esc_html(text)
}

/// Which quotes are escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quotes {
    /// `"` and `'`
    Both,
    /// `"`
    Double,
    /// `'`
    Single,
    /// None
    Neither,
}

/// Escapes brackets, ampersands and some quotes; `double` escapes references that are there already once more.
/// (`_wp_specialchars`)
pub fn special_chars(text: &str, quotes: Quotes, double: bool) -> String {
    let text = if double {
        Cow::Owned(text.replace('&', "&amp;"))
    } else {
        normalize_entities(text)
    };
    let text = text.replace('<', "&lt;").replace('>', "&gt;");
    match quotes {
        Quotes::Both => text.replace('"', "&quot;").replace('\'', "&#039;"),
        Quotes::Double => text.replace('"', "&quot;"),
        Quotes::Single => text.replace('\'', "&#039;"),
        Quotes::Neither => text,
    }
}

/// Escapes brackets, ampersands and double quotes.
pub(super) fn esc_double(text: &str) -> String {
    special_chars(text, Quotes::Double, false)
}

/// Text for XML. Named references of HTML become characters, CDATA sections stay.
pub fn esc_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(start) = rest.find("<![CDATA[") {
        let Some(length) = rest[start..].find("]]>").map(|at| at + 3) else {
            break;
        };
        out.push_str(&escape_signs(&xml_entities(&rest[..start])));
        out.push_str(&rest[start..start + length]);
        rest = &rest[start + length..];
    }
    out.push_str(&escape_signs(&xml_entities(rest)));
    out
}

/// Like `normalize_entities`, but only XML's own five names stay names.
fn xml_entities(text: &str) -> Cow<'_, str> {
    each_ampersand(text, |rest, out| {
        let Some(body) = reference_body(rest) else {
            out.push_str("&amp;");
            return 1;
        };
        if matches!(body, "amp" | "lt" | "gt" | "quot" | "apos") {
            out.push('&');
            out.push_str(body);
            out.push(';');
        } else if let Some(number) = normal_number(body) {
            out.push_str(&number);
        } else if let Some(character) = named(body) {
            out.push(character);
        } else {
            out.push_str("&amp;");
            return 1;
        }
        body.len() + 2
    })
}

/// Escapes brackets and quotes; ampersands have been dealt with.
fn escape_signs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '"', '\'']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&apos;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}

/// A tag that another bracket interrupts, or that never ends, is text.
pub(crate) fn escape_open_brackets(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest[1..].find(['<', '>']).map_or(rest.len(), |found| found + 1);
        if rest[end..].starts_with('>') {
            out.push_str(&rest[..=end]);
            rest = &rest[end + 1..];
        } else {
            out.push_str(&esc_html(&rest[..end]));
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

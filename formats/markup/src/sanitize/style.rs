//! Inline styles: which declarations may stay.

use super::protocol::{bad_protocol, no_null};
use crate::text::{ALLOWED_PROTOCOLS, trim};

/// Properties that may stay, besides custom ones (`--name`).
const PROPERTIES: &str = "align-content align-items align-self aspect-ratio background background-attachment \
    background-blend-mode background-color background-image background-position background-repeat background-size \
    border border-bottom border-bottom-color border-bottom-left-radius border-bottom-right-radius border-bottom-style \
    border-bottom-width border-collapse border-color border-left border-left-color border-left-style \
    border-left-width border-radius border-right border-right-color border-right-style border-right-width \
    border-spacing border-style border-top border-top-color border-top-left-radius border-top-right-radius \
    border-top-style border-top-width border-width bottom box-shadow caption-side clear color column-count \
    column-fill column-gap column-rule column-span column-width columns container-type cursor direction display \
    filter flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float font font-family font-size \
    font-style font-variant font-weight gap grid-auto-columns grid-auto-rows grid-column grid-column-end \
    grid-column-gap grid-column-start grid-gap grid-row grid-row-end grid-row-gap grid-row-start \
    grid-template-columns grid-template-rows height justify-content justify-items justify-self left letter-spacing \
    line-height list-style-type margin margin-block-end margin-block-start margin-bottom margin-inline-end \
    margin-inline-start margin-left margin-right margin-top max-height max-width min-height min-width object-fit \
    object-position opacity overflow padding padding-block-end padding-block-start padding-bottom padding-inline-end \
    padding-inline-start padding-left padding-right padding-top position right row-gap text-align text-decoration \
    text-indent text-transform top vertical-align white-space width writing-mode z-index";

/// Properties that may show an image.
const WITH_IMAGE: [&str; 6] = [
    "background",
    "background-image",
    "cursor",
    "filter",
    "list-style",
    "list-style-image",
];

/// Properties that may show a gradient.
const WITH_GRADIENT: [&str; 2] = ["background", "background-image"];

/// Functions whose brackets may hold anything that is balanced.
const FUNCTIONS: [&str; 7] = ["var", "calc", "min", "max", "minmax", "clamp", "repeat"];

/// Keeps the declarations of a style that are safe, each as it was written.
pub fn safecss_filter_attr(style: &str) -> String {
    let style = no_null(style, true);
    let style: String = style.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
    let mut out = String::with_capacity(style.len());
    for declaration in split_declarations(trim(&style))
        .into_iter()
        .filter(|part| !part.is_empty())
    {
        let declaration = trim(declaration);
        if is_safe(declaration) {
            if !out.is_empty() {
                out.push(';');
            }
            out.push_str(declaration);
        }
    }
    out
}

/// Cuts at semicolons. Those between quotes are part of a name, as in a font's.
fn split_declarations(style: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    let balanced = ['"', '\'']
        .iter()
        .all(|quote| style.matches(*quote).count().is_multiple_of(2));
    for (at, byte) in style.bytes().enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) if balanced => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            (b';', None) => {
                parts.push(&style[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&style[start..]);
    parts
}

fn is_safe(declaration: &str) -> bool {
    let Some((name, value)) = declaration.split_once(':') else {
        return is_harmless(declaration);
    };
    let (name, trimmed) = (trim(name), trim(value));
    let custom = is_custom(name);
    if !custom && !PROPERTIES.split_ascii_whitespace().any(|known| known == name) {
        return false;
    }
    let image = if custom {
        trimmed.starts_with("url(")
    } else {
        WITH_IMAGE.contains(&name)
    };
    let gradient = if custom {
        trimmed.contains("-gradient(")
    } else {
        WITH_GRADIENT.contains(&name)
    };
    let mut rest = declaration.to_owned();
    if image {
        let Some(without) = without_images(&rest) else {
            return false;
        };
        rest = without;
    }
    if gradient && is_gradient(trimmed) {
        return is_harmless(name);
    }
    is_harmless(&without_functions(&rest))
}

fn is_custom(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    name.strip_prefix("--")
        .is_some_and(|name| !name.is_empty() && name.bytes().all(fits))
}

/// Whether no escape, bracket, reference or comment is left.
fn is_harmless(text: &str) -> bool {
    !text.contains(['\\', '(', '&', '=', '}']) && !text.contains("/*")
}

/// The text without its `url(…)`; `None` when one of them may not stand.
fn without_images(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("url(") {
        let Some((inside, after)) = rest[start + 4..].split_once(')') else {
            break;
        };
        if inside.is_empty() {
            break;
        }
        out.push_str(&rest[..start]);
        is_safe_image(inside).then_some(())?;
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

fn is_safe_image(inside: &str) -> bool {
    let inside = inside.trim_matches(' ');
    let quoted = ['"', '\'']
        .iter()
        .find_map(|quote| inside.strip_prefix(*quote)?.strip_suffix(*quote));
    let address = trim(quoted.unwrap_or(inside));
    !address.is_empty() && bad_protocol(address, &ALLOWED_PROTOCOLS) == address
}

/// Whether the whole value is one gradient whose only functions are colours.
fn is_gradient(value: &str) -> bool {
    let name = value.strip_prefix("repeating-").unwrap_or(value);
    let inside = ["linear", "radial", "conic"]
        .iter()
        .find_map(|kind| name.strip_prefix(kind)?.strip_prefix("-gradient(")?.strip_suffix(')'));
    let Some(mut rest) = inside else { return false };
    while let Some(at) = rest.find(['(', ')']) {
        let is_colour = rest[..at].ends_with("rgb") || rest[..at].ends_with("rgba");
        let Some((colour, after)) = rest[at + 1..].split_once(')') else {
            return false;
        };
        if !rest[at..].starts_with('(') || !is_colour || colour.contains('(') {
            return false;
        }
        rest = after;
    }
    true
}

/// The text without calls of known functions whose brackets are balanced.
fn without_functions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let closers = matching_brackets(text);
    let (mut at, mut copied) = (0, 0);
    while let Some(open) = text[at..].find('(').map(|found| at + found) {
        at = open + 1;
        let name = called(&text[copied..open]);
        let Some(close) = closers.get(&open).filter(|_| FUNCTIONS.contains(&name)) else {
            continue;
        };
        out.push_str(&text[copied..open - name.len()]);
        at = close + 1;
        copied = at;
    }
    out.push_str(&text[copied..]);
    out
}

/// Where each bracket that is closed is closed.
fn matching_brackets(text: &str) -> std::collections::HashMap<usize, usize> {
    let (mut open, mut found) = (Vec::new(), std::collections::HashMap::new());
    for (at, bracket) in text.match_indices(['(', ')']) {
        if bracket == "(" {
            open.push(at);
        } else if let Some(start) = open.pop() {
            found.insert(start, at);
        }
    }
    found
}

/// The word before a bracket.
fn called(before: &str) -> &str {
    let start = before
        .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    &before[start..]
}

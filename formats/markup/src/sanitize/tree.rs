//! The second filter: parses what the first left over and writes it anew, so that it is well formed. It trusts nothing:
//! the same lists and the same checks hold again.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::allowed::Allowed;
use super::cost::is_too_costly;
use super::protocol::{ADDRESSES, bad_protocol};
use super::style::safecss_filter_attr;
use crate::block::is_block_comment;
use crate::text::{ALLOWED_PROTOCOLS, Piece, esc_html, escape_lone_ampersands, pieces, plain_text};

/// Elements of the list that would swallow the rest of a page, or that only ever stand in its head.
const NOT_IN_A_PAGE: [&str; 2] = ["textarea", "title"];

static POST: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let elements = || {
        Allowed::post()
            .elements()
            .filter(|(name, _)| !NOT_IN_A_PAGE.contains(name))
    };
    let attributes: HashMap<&str, HashSet<&str>> = elements()
        .map(|(name, rules)| {
            (
                name,
                rules
                    .keys()
                    .map(String::as_str)
                    .filter(|name| *name != "data-*")
                    .collect(),
            )
        })
        .collect();
    let mut builder = Builder::default();
    builder
        .tags(elements().map(|(name, _)| name).collect())
        .clean_content_tags(["script", "style"].into_iter().collect())
        .tag_attributes(attributes)
        .generic_attributes(HashSet::new())
        .generic_attribute_prefixes(["data-"].into_iter().collect())
        .url_schemes(ALLOWED_PROTOCOLS.into_iter().collect())
        .url_relative(UrlRelative::PassThrough)
        .set_tag_attribute_value("object", "type", "application/pdf")
        .link_rel(None)
        .strip_comments(false)
        .attribute_filter(safe_attribute);
    builder
});

/// Filtered markup as a whole tree; `written` is what the author wrote, for the case that a tree would cost too much.
pub(super) fn well_formed(html: &str, written: &str) -> String {
    let cleaned = without_foreign_comments(html);
    if is_too_costly(&cleaned) {
        return esc_html(&plain_text(written));
    }
    POST.clean(&escape_lone_ampersands(&cleaned)).to_string()
}

/// Drops comments, declarations and instructions, all but those that mean something in a post. A bracket that opens
/// nothing is written as text, so that what follows it is seen here as the browser will see it.
fn without_foreign_comments(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while !rest.is_empty() {
        if opens_nothing(rest) {
            out.push_str("&lt;");
            rest = &rest[1..];
            continue;
        }
        let Some(piece) = pieces(rest).next() else { break };
        let (Piece::Element(same) | Piece::Text(same)) = piece;
        rest = &rest[same.len()..];
        match piece {
            Piece::Element(comment) if is_block_comment(comment) => {
                // A bracket inside would only ever be part of a text; JSON can spell it otherwise.
                let inner = &comment[4..comment.len() - 3];
                let inner = inner.replace('<', "\\u003c").replace('>', "\\u003e");
                out.push_str("<!--");
                out.push_str(&inner);
                out.push_str("-->");
            }
            Piece::Element(element) if is_foreign(element) && !is_mark(element) => {}
            Piece::Element(_) | Piece::Text(_) => out.push_str(same),
        }
    }
    out
}

/// Whether `text` starts with a `<` that neither a tag nor a comment follows.
fn opens_nothing(text: &str) -> bool {
    text.strip_prefix('<')
        .is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')))
}

/// `<!--more-->` with or without words, `<!--nextpage-->`, `<!--noteaser-->`.
fn is_mark(element: &str) -> bool {
    let more = element
        .strip_prefix("<!--more")
        .and_then(|rest| rest.strip_suffix("-->"))
        .is_some_and(|label| !label.contains(['<', '>', '-']));
    more || matches!(element, "<!--nextpage-->" | "<!--noteaser-->")
}

fn is_foreign(element: &str) -> bool {
    let after_slash = element.strip_prefix("</");
    element.starts_with("<!")
        || element.starts_with("<?")
        || after_slash.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Judges one attribute that is on the list by its value.
fn safe_attribute<'value>(tag: &str, name: &str, value: &'value str) -> Option<Cow<'value, str>> {
    if name == "style" {
        let style = safecss_filter_attr(value);
        return (!style.is_empty()).then_some(Cow::Owned(style));
    }
    if ADDRESSES.contains(&name) && bad_protocol(value, &ALLOWED_PROTOCOLS) != value {
        return None;
    }
    match (tag, name) {
        ("button", "type") => Some(Cow::Borrowed("button")),
        _ => Some(Cow::Borrowed(value)),
    }
}

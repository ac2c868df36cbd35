//! Makes HTML from people safe to show: what is not on the list goes.

mod cost;
mod style;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use self::cost::is_too_costly;
use self::style::safe_style;
use crate::block::is_block_comment;
use crate::text::{Piece, esc_html, escape_lone_ampersands, pieces, plain_text};

/// Elements that may stand in a post. Scripts, styles, frames and forms are not among them.
const TAGS: [&str; 87] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "main",
    "map",
    "mark",
    "menu",
    "nav",
    "object",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "video",
];

/// Attributes that any of these elements may have, besides `data-*` and `aria-*`.
const ANYWHERE: [&str; 10] = [
    "class",
    "dir",
    "hidden",
    "id",
    "lang",
    "role",
    "style",
    "tabindex",
    "title",
    "translate",
];

/// Attributes of one kind of element.
const OF_TAG: [(&str, &str); 34] = [
    ("a", "href hreflang rel target name download rev"),
    ("area", "href alt coords shape target nohref"),
    ("audio", "src autoplay controls loop muted preload"),
    ("blockquote", "cite"),
    ("button", "type name value disabled"),
    ("caption", "align"),
    ("col", "span width align valign"),
    ("colgroup", "span width align valign"),
    ("del", "cite datetime"),
    ("details", "open name"),
    ("div", "align"),
    ("fieldset", "disabled name"),
    ("font", "color face size"),
    ("h1", "align"),
    ("h2", "align"),
    ("h3", "align"),
    ("h4", "align"),
    ("h5", "align"),
    ("h6", "align"),
    ("hr", "align noshade size width"),
    (
        "img",
        "src alt width height align border hspace vspace loading decoding fetchpriority longdesc usemap",
    ),
    ("ins", "cite datetime"),
    ("label", "for"),
    ("li", "value"),
    ("map", "name"),
    ("object", "data width height"),
    ("ol", "start reversed type"),
    ("p", "align"),
    ("q", "cite"),
    ("source", "src type media sizes"),
    ("table", "align border cellpadding cellspacing summary width"),
    ("time", "datetime"),
    ("track", "src kind label srclang default"),
    (
        "video",
        "src poster width height autoplay controls loop muted playsinline preload",
    ),
];

/// Attributes shared by the cells and rows of a table.
const OF_CELLS: [(&str, &str); 6] = [
    ("tbody", "align valign"),
    (
        "td",
        "align valign colspan rowspan headers scope abbr width height nowrap",
    ),
    ("tfoot", "align valign"),
    (
        "th",
        "align valign colspan rowspan headers scope abbr width height nowrap",
    ),
    ("thead", "align valign"),
    ("tr", "align valign"),
];

/// The schemes that an address may have.
const SCHEMES: [&str; 8] = ["http", "https", "mailto", "tel", "sms", "ftp", "ftps", "webcal"];

static POST: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let attributes: HashMap<&str, HashSet<&str>> = OF_TAG
        .iter()
        .chain(&OF_CELLS)
        .map(|(tag, names)| (*tag, names.split(' ').collect()))
        .collect();
    let mut builder = Builder::default();
    builder
        .tags(TAGS.into_iter().collect())
        .clean_content_tags(["script", "style"].into_iter().collect())
        .tag_attributes(attributes)
        .generic_attributes(ANYWHERE.into_iter().collect())
        .generic_attribute_prefixes(["data-", "aria-"].into_iter().collect())
        .url_schemes(SCHEMES.into_iter().collect())
        .url_relative(UrlRelative::PassThrough)
        .set_tag_attribute_value("object", "type", "application/pdf")
        .link_rel(None)
        .strip_comments(false)
        .attribute_filter(safe_attribute);
    builder
});

/// Keeps what a post may hold, about as WordPress's `wp_kses_post`: text structure, links, images,
/// media, tables, PDF objects, a subset of inline styles, and the block comments. The result is well
/// formed. Markup that no person writes and whose tree could take minutes to build (nested hundreds
/// of levels deep, or one run of text with many thousands of references) comes out as plain text.
pub fn kses_post(html: &str) -> String {
    let cleaned = without_foreign_comments(html);
    if is_too_costly(&cleaned) {
        return esc_html(&plain_text(html));
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
    match (tag, name) {
        (_, "style") => {
            let style = safe_style(value);
            (!style.is_empty()).then_some(Cow::Owned(style))
        }
        ("object", "data") => is_pdf_address(value).then_some(Cow::Borrowed(value)),
        (_, "href" | "src" | "poster" | "cite" | "longdesc" | "usemap") => {
            has_safe_scheme(value).then_some(Cow::Borrowed(value))
        }
        ("button", "type") => Some(Cow::Borrowed("button")),
        _ => Some(Cow::Borrowed(value)),
    }
}

fn is_pdf_address(address: &str) -> bool {
    let web = address.starts_with("https://") || address.starts_with("http://");
    let local = address.starts_with('/') && !address.starts_with("//");
    (web || local) && address.to_ascii_lowercase().ends_with(".pdf") && !address.contains(['#', '?'])
}

/// Whether an address has no scheme or one that is on the list, read as a browser would.
pub(crate) fn has_safe_scheme(address: &str) -> bool {
    let address: String = address
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .take_while(|c| !matches!(c, '/' | '?' | '#'))
        .collect();
    let Some((scheme, _)) = address.split_once(':') else {
        return true;
    };
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

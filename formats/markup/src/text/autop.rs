//! Paragraphs and line breaks for text that was written with blank lines.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::elements::{Piece, pieces};
use super::{is_space, trim};

/// The names of elements that are blocks of their own.
const BLOCKS: &str = "(?:table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption|details|menu|summary)";

/// Stands for a line break inside a tag.
const TAG_BREAK: &str = " <!-- wpnl --> ";

/// Stands for a line break in code and drawings.
const KEPT_BREAK: &str = "<WPPreserveNewline />";

/// Wraps runs of text in `<p>` and turns single line breaks into `<br />`.
pub fn wpautop(text: &str) -> String {
    autop(text, true)
}

/// Wraps runs of text in `<p>`, leaving single line breaks alone.
pub fn wpautop_without_breaks(text: &str) -> String {
    autop(text, false)
}

fn autop(text: &str, breaks: bool) -> String {
    if trim(text).is_empty() {
        return String::new();
    }
    let (text, preformatted) = take_preformatted(&format!("{text}\n"));
    let text = separate_blocks(text);
    let text = collapse_special(protect_tags(&text));
    let text = unwrap_blocks(wrap_paragraphs(&text));
    let text = if breaks { break_lines(&text) } else { text };
    let text = drop_needless_breaks(text);
    let text = restore_preformatted(&text, &preformatted);
    if text.contains("<!-- wpnl -->") {
        text.replace(TAG_BREAK, "\n").replace("<!-- wpnl -->", "\n")
    } else {
        text
    }
}

/// A pattern with `BLOCKS` filled in; `\s` means ASCII white space as in PHP.
fn pattern(source: &str) -> Regex {
    let source = source.replace("BLOCKS", BLOCKS).replace(r"\s", r"[\t-\r ]");
    Regex::new(&source).expect("the pattern is written here and covered by tests")
}

macro_rules! patterns {
    ($($name:ident = $source:literal;)*) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| pattern($source));)*
    };
}

patterns! {
    DOUBLE_BREAK = r"<br\s*/?>\s*<br\s*/?>";
    BLOCK_OPENS = r"<BLOCKS[\s/>]";
    BLOCK_CLOSES = r"</BLOCKS>";
    RULE = r"<hr\s*/?>";
    BEFORE_OPTION = r"\s*<option";
    AFTER_OPTION = r"</option>\s*";
    AFTER_OBJECT = r"(<object[^>]*>)\s*";
    BEFORE_OBJECT_END = r"\s*</object>";
    AROUND_PARAM = r"\s*(</?(?:param|embed)[^>]*>)\s*";
    AFTER_MEDIA = r"([<\[](?:audio|video)[^>\]]*[>\]])\s*";
    BEFORE_MEDIA_END = r"\s*([<\[]/(?:audio|video)[>\]])";
    AROUND_SOURCE = r"\s*(<(?:source|track)[^>]*>)\s*";
    BEFORE_CAPTION = r"\s*(<figcaption[^>]*>)";
    AFTER_CAPTION = r"</figcaption>\s*";
    BLANK_LINES = r"\n\s*\n";
    EMPTY_PARAGRAPH = r"<p>\s*</p>";
    PARAGRAPH_LEFT_OPEN = r"<p>([^<]+)</(div|address|form)>";
    WRAPPED_BLOCK = r"<p>\s*(</?BLOCKS[^>]*>)\s*</p>";
    WRAPPED_ITEM = r"<p>(<li.+?)</p>";
    WRAPPED_QUOTE = r"<p><(?i:blockquote)([^>]*)>";
    BLOCK_AFTER_P = r"<p>\s*(</?BLOCKS[^>]*>)";
    BLOCK_BEFORE_P_END = r"(</?BLOCKS[^>]*>)\s*</p>";
    BREAK_AFTER_BLOCK = r"(</?BLOCKS[^>]*>)\s*<br />";
    BREAK_BEFORE_BLOCK = r"<br />(\s*</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol)[^>]*>)";
}

fn replace(text: String, pattern: &Regex, with: &str) -> String {
    match pattern.replace_all(&text, with) {
        Cow::Owned(changed) => changed,
        Cow::Borrowed(_) => text,
    }
}

/// Puts numbered placeholders where `<pre>` elements were.
fn take_preformatted(text: &str) -> (String, Vec<String>) {
    let mut taken = Vec::new();
    if !text.contains("<pre") {
        return (text.to_owned(), taken);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(end) = rest.find("</pre>") {
        let part = &rest[..end];
        match part.find("<pre") {
            Some(start) => {
                out.push_str(&part[..start]);
                out.push_str(&format!("<pre wp-pre-tag-{}></pre>", taken.len()));
                taken.push(format!("{}</pre>", &part[start..]));
            }
            None => out.push_str(part),
        }
        rest = &rest[end + 6..];
    }
    out.push_str(rest);
    (out, taken)
}

fn restore_preformatted(text: &str, taken: &[String]) -> String {
    const START: &str = "<pre wp-pre-tag-";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(START) {
        let after = &rest[at + START.len()..];
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let original = after[digits..]
            .starts_with("></pre>")
            .then(|| after[..digits].parse::<usize>().ok())
            .flatten()
            .and_then(|index| taken.get(index));
        out.push_str(&rest[..at]);
        match original {
            Some(original) => {
                out.push_str(original);
                rest = &after[digits + 7..];
            }
            None => {
                out.push_str(START);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Blank lines around blocks, and one kind of line break.
fn separate_blocks(text: String) -> String {
    let text = replace(text, &DOUBLE_BREAK, "\n\n");
    let text = replace(text, &BLOCK_OPENS, "\n\n$0");
    let text = replace(text, &BLOCK_CLOSES, "$0\n\n");
    let text = replace(text, &RULE, "$0\n\n");
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}

/// Hides the line breaks inside tags and comments.
fn protect_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Element(element) if element.contains('\n') => {
                out.push_str(&element.replace('\n', TAG_BREAK));
            }
            Piece::Element(same) | Piece::Text(same) => out.push_str(same),
        }
    }
    out
}

/// Takes out the white space between parts that belong to one element.
fn collapse_special(mut text: String) -> String {
    if text.contains("<option") {
        text = replace(text, &BEFORE_OPTION, "<option");
        text = replace(text, &AFTER_OPTION, "</option>");
    }
    if text.contains("</object>") {
        text = replace(text, &AFTER_OBJECT, "$1");
        text = replace(text, &BEFORE_OBJECT_END, "</object>");
        text = replace(text, &AROUND_PARAM, "$1");
    }
    if text.contains("<source") || text.contains("<track") {
        text = replace(text, &AFTER_MEDIA, "$1");
        text = replace(text, &BEFORE_MEDIA_END, "$1");
        text = replace(text, &AROUND_SOURCE, "$1");
    }
    if text.contains("<figcaption") {
        text = replace(text, &BEFORE_CAPTION, "$1");
        text = replace(text, &AFTER_CAPTION, "</figcaption>");
    }
    text
}

/// One `<p>` for each run of text between blank lines.
fn wrap_paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for paragraph in BLANK_LINES.split(text).filter(|part| !part.is_empty()) {
        out.push_str("<p>");
        out.push_str(paragraph.trim_matches('\n'));
        out.push_str("</p>\n");
    }
    out
}

/// Takes `<p>` away from around blocks.
fn unwrap_blocks(text: String) -> String {
    let text = replace(text, &EMPTY_PARAGRAPH, "");
    let text = replace(text, &PARAGRAPH_LEFT_OPEN, "<p>$1</p></$2>");
    let text = replace(text, &WRAPPED_BLOCK, "$1");
    let text = replace(text, &WRAPPED_ITEM, "$1");
    let text = replace(text, &WRAPPED_QUOTE, "<blockquote$1><p>");
    let text = text.replace("</blockquote></p>", "</p></blockquote>");
    let text = replace(text, &BLOCK_AFTER_P, "$1");
    replace(text, &BLOCK_BEFORE_P_END, "$1")
}

/// `<br />` for each line break outside code.
fn break_lines(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut copied = 0;
    for range in code_ranges(text) {
        kept.push_str(&text[copied..range.start]);
        kept.push_str(&text[range.clone()].replace('\n', KEPT_BREAK));
        copied = range.end;
    }
    kept.push_str(&text[copied..]);
    let text = kept.replace("<br>", "<br />").replace("<br/>", "<br />");
    mark_breaks(&text).replace(KEPT_BREAK, "\n")
}

/// Where scripts, styles, drawings and formulas stand.
fn code_ranges(text: &str) -> Vec<Range<usize>> {
    const NAMES: [(&str, &str); 4] = [
        ("<script", "</script>"),
        ("<style", "</style>"),
        ("<svg", "</svg>"),
        ("<math", "</math>"),
    ];
    let mut ranges = Vec::new();
    let mut ended = [false; 4];
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        at = start + 1;
        let which = NAMES.iter().position(|(open, _)| text[start..].starts_with(open));
        let Some(which) = which.filter(|which| !ended[*which]) else {
            continue;
        };
        let (open, close) = NAMES[which];
        match text[start + open.len()..].find(close) {
            Some(found) => {
                at = start + open.len() + found + close.len();
                ranges.push(start..at);
            }
            // No later one ends either.
            None => ended[which] = true,
        }
    }
    ranges
}

/// Replaces white space up to a line break by `<br />` and the break, unless a `<br />` is there.
fn mark_breaks(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let (mut at, mut copied) = (0, 0);
    while at < bytes.len() {
        if !is_space(bytes[at]) {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|byte| is_space(**byte)).count();
        // The first white space after a break never starts a match.
        let start = at + usize::from(text[..at].ends_with("<br />"));
        if let Some(last) = text[start..end].rfind('\n') {
            out.push_str(&text[copied..start]);
            out.push_str("<br />\n");
            copied = start + last + 1;
        }
        at = end;
    }
    out.push_str(&text[copied..]);
    out
}

fn drop_needless_breaks(text: String) -> String {
    let text = replace(text, &BREAK_AFTER_BLOCK, "$1");
    let mut text = replace(text, &BREAK_BEFORE_BLOCK, "$1");
    for (end, with) in [("\n</p>", "</p>"), ("\n</p>\n", "</p>\n")] {
        if text.ends_with(end) {
            text.truncate(text.len() - end.len());
            text.push_str(with);
        }
    }
    text
}

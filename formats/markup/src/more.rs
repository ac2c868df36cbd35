//! The marks that cut a text: `<!--more-->` and `<!--nextpage-->`, bare or in block comments.

use crate::text::{strip_tags, trim};

/// A text cut at its first `<!--more-->`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teaser {
    /// What stands before the mark; all of the text without one.
    pub before: String,
    /// What stands after the mark; `None` without one.
    pub after: Option<String>,
    /// The author's own words for the link, from `<!--more Read on-->`.
    pub label: Option<String>,
    /// Whether `<!--noteaser-->` asks to leave out the part before on the full page.
    pub no_teaser: bool,
}

impl Teaser {
    /// The whole text without its marks, as on its own page.
    pub fn full(&self) -> String {
        match (&self.after, self.no_teaser) {
            (Some(after), true) => after.clone(),
            (Some(after), false) => format!("{}{after}", self.before),
            (None, _) => self.before.clone(),
        }
    }
}

/// Cuts at the first `<!--more-->`.
pub fn split_more(content: &str) -> Teaser {
    let Some((start, end, label)) = find_more(content) else {
        return Teaser {
            before: content.to_owned(),
            after: None,
            label: None,
            no_teaser: false,
        };
    };
    let label = trim(&strip_tags(trim(label))).to_owned();
    let before = before_wrapper(&content[..start], "more");
    let after = after_wrapper(&content[end..], "more");
    let no_teaser = content.contains("<!--noteaser-->");
    Teaser {
        before: before.to_owned(),
        after: Some(after.replace("<!--noteaser-->", "")),
        label: (!label.is_empty()).then_some(label),
        no_teaser,
    }
}

/// The place of the first mark and what is written in it.
fn find_more(content: &str) -> Option<(usize, usize, &str)> {
    const MARK: &str = "<!--more";
    let mut at = 0;
    loop {
        let start = at + content[at..].find(MARK)?;
        let inner = start + MARK.len();
        let end = inner + content[inner..].find("-->")?;
        let label = &content[inner..end];
        if !label.contains('\n') {
            return Some((start, end + 3, label));
        }
        at = inner;
    }
}

/// Drops the opening block comment at the end of what stands before a mark.
fn before_wrapper<'a>(text: &'a str, name: &str) -> &'a str {
    let trimmed = text.trim_end();
    let Some(start) = trimmed.rfind("<!--").filter(|_| trimmed.ends_with("-->")) else {
        return text;
    };
    let inner = &trimmed[start + 4..trimmed.len() - 3];
    let inner = inner.trim_start().strip_prefix("wp:").unwrap_or_default();
    let found = inner.strip_prefix("core/").unwrap_or(inner);
    let is_wrapper = found
        .strip_prefix(name)
        .is_some_and(|rest| rest.starts_with([' ', '\n', '\t']));
    if is_wrapper { &trimmed[..start] } else { text }
}

/// Drops the closing block comment at the start of what stands after a mark.
fn after_wrapper<'a>(text: &'a str, name: &str) -> &'a str {
    let without_noteaser = text.trim_start().strip_prefix("<!--noteaser-->");
    let trimmed = without_noteaser.unwrap_or(text).trim_start();
    let Some(end) = trimmed.find("-->").filter(|_| trimmed.starts_with("<!--")) else {
        return text;
    };
    let inner = trimmed[4..end].trim().strip_prefix("/wp:").unwrap_or_default();
    let found = inner.strip_prefix("core/").unwrap_or(inner);
    if found == name { &trimmed[end + 3..] } else { text }
}

/// Cuts a text into pages at each `<!--nextpage-->`; a mark at the very start cuts nothing.
pub fn split_pages(content: &str) -> Vec<String> {
    const MARK: &str = "<!--nextpage-->";
    let parts: Vec<&str> = content.split(MARK).collect();
    let last = parts.len() - 1;
    let mut pages: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let mut page = *part;
            if index > 0 {
                page = after_wrapper(page, "nextpage");
                page = page.strip_prefix('\n').unwrap_or(page);
            }
            if index < last {
                page = before_wrapper(page, "nextpage");
                page = page.strip_suffix('\n').unwrap_or(page);
            }
            page.to_owned()
        })
        .collect();
    if pages.len() > 1 && pages[0].trim().is_empty() {
        pages.remove(0);
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_mark_all_is_before() {
        let teaser = split_more("all of it");
        assert_eq!((teaser.full().as_str(), teaser.after), ("all of it", None));
    }

    #[test]
    fn cuts_at_bare_and_wrapped_marks() {
        let bare = split_more("a<!--more <b>Go</b> on-->b<!--more-->c");
        assert_eq!(bare.before, "a");
        assert_eq!(bare.after.as_deref(), Some("b<!--more-->c"));
        assert_eq!(bare.label.as_deref(), Some("Go on"));
        let wrapped = split_more(
            "<p>a</p>\n<!-- wp:more {\"noTeaser\":true} -->\n<!--more-->\n<!--noteaser-->\n<!-- /wp:more -->\n<p>b</p>",
        );
        assert_eq!(wrapped.before, "<p>a</p>\n");
        assert_eq!(wrapped.after.as_deref(), Some("\n<p>b</p>"));
        assert!(wrapped.no_teaser);
        assert_eq!(wrapped.full(), "\n<p>b</p>");
    }

    #[test]
    fn cuts_pages() {
        let text = "one\n<!--nextpage-->\ntwo\n<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->\nthree";
        assert_eq!(split_pages(text), ["one", "two", "three"]);
        assert_eq!(split_pages("<!--nextpage-->only"), ["only"]);
        assert_eq!(split_pages(""), [""]);
    }
}

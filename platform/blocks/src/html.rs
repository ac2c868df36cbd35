//! Making and touching HTML: escaping, small builders, and changes to an opening tag that leave the rest byte for byte.

use std::borrow::Cow;

/// Text for between tags.
pub fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#039;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text for between the quotes of an attribute.
pub fn attr(text: &str) -> String {
    esc(text)
}

/// Text that is stored escaped already (term names, the site's name), or not quite: what is an entity stays one.
pub fn stored(text: &str) -> String {
    let normal = gp_markup::text::normalize_entities(text);
    normal.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An address for an attribute; one with a scheme that runs things becomes empty.
pub fn url(address: &str) -> String {
    if address.starts_with('/') || address.starts_with('#') || address.starts_with('?') {
        return attr(&address.replace("&amp;", "&").replace("&#038;", "&"));
    }
    gp_markup::text::esc_url(address)
}

/// An element; attributes with an empty value are left out, `inner` is HTML.
pub fn element(name: &str, attributes: &[(&str, &str)], inner: &str) -> String {
    let mut out = format!("<{name}");
    for (key, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
        out.push_str(&format!(" {key}=\"{}\"", attr(value)));
    }
    out.push('>');
    out.push_str(inner);
    out.push_str(&format!("</{name}>"));
    out
}

/// A link around HTML; the HTML alone when the address is none.
pub fn link(href: &str, inner: &str) -> String {
    match url(href) {
        href if href.is_empty() => inner.to_owned(),
        href => format!("<a href=\"{href}\">{inner}</a>"),
    }
}

/// `hidden text` for screen readers, in the class that both WordPress's themes and ours know.
pub fn for_screen_readers(text: &str) -> String {
    format!("<span class=\"screen-reader-text\">{}</span>", esc(text))
}

/// Inline elements that a title may hold.
const IN_TITLES: &[&str] = &[
    "em", "strong", "i", "b", "sub", "sup", "span", "code", "mark", "bdi", "bdo", "abbr", "cite", "q", "s", "small",
    "del", "ins", "u", "br", "wbr",
];

/// A title as HTML: typography, inline elements without their attributes except language and direction, nothing else.
pub fn title(text: &str) -> String {
    if !text.contains('<') {
        let text = gp_markup::text::wptexturize(text);
        return gp_markup::text::normalize_entities(&text).replace('>', "&gt;");
    }
    let text = gp_markup::text::wptexturize(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find('<') {
        out.push_str(&gp_markup::text::normalize_entities(&rest[..start]));
        rest = &rest[start..];
        match title_tag(rest) {
            Some((tag, length)) => {
                out.push_str(&tag);
                rest = &rest[length..];
            }
            None => {
                out.push_str("&lt;");
                rest = &rest[1..];
            }
        }
    }
    out.push_str(&gp_markup::text::normalize_entities(rest));
    out
}

fn title_tag(at: &str) -> Option<(String, usize)> {
    let end = at.find('>')? + 1;
    if let Some(name) = at[..end].strip_prefix("</") {
        let name = name.trim_end_matches('>').trim().to_ascii_lowercase();
        return IN_TITLES.contains(&name.as_str()).then(|| (format!("</{name}>"), end));
    }
    let tag = Tag::at(at, 0)?;
    let name = tag.name.to_ascii_lowercase();
    if !IN_TITLES.contains(&name.as_str()) {
        return None;
    }
    let mut out = format!("<{name}");
    for key in ["lang", "dir"] {
        if let Some(value) = tag.value(key) {
            out.push_str(&format!(" {key}=\"{}\"", stored(&value)));
        }
    }
    out.push('>');
    Some((out, tag.end))
}

/// No tag by people has more attributes. Without an end, `<a <a <a …` would be read to the end of the text again and again.
const MOST_ATTRIBUTES: usize = 200;

/// An opening tag found in a text, with the places of its attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'a> {
    source: &'a str,
    /// Its name as written.
    pub name: &'a str,
    /// Where it begins.
    pub start: usize,
    /// Where it ends, after the `>`.
    pub end: usize,
    attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Attribute {
    name: (usize, usize),
    /// Without quotes; `None` for an attribute without a value.
    value: Option<(usize, usize)>,
    end: usize,
}

/// Elements that hold nothing.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
];

impl<'a> Tag<'a> {
    /// The first opening tag at or after `from`; comments and closing tags are passed over.
    pub fn find(source: &'a str, from: usize) -> Option<Self> {
        let mut at = from;
        while let Some(start) = source.get(at..)?.find('<').map(|n| at + n) {
            if source[start..].starts_with("<!--") {
                at = start + 4 + source[start + 4..].find("-->")? + 3;
                continue;
            }
            match Self::read(source, start) {
                Ok(tag) => return Some(tag),
                Err(next) => at = next,
            }
        }
        None
    }

    /// The first opening tag of this name at or after `from`.
    pub fn find_named(source: &'a str, from: usize, name: &str) -> Option<Self> {
        let mut at = from;
        while let Some(tag) = Self::find(source, at) {
            if tag.name.eq_ignore_ascii_case(name) {
                return Some(tag);
            }
            at = tag.end;
        }
        None
    }

    /// The last opening tag of an element that is not closed again: the one in which something can stand. Where all are closed,
    /// the last of all.
    pub fn last_open(source: &'a str) -> Option<Self> {
        let mut open: Vec<Self> = Vec::new();
        let mut last = None;
        let mut at = 0;
        loop {
            let next = Self::find(source, at);
            let end = next.as_ref().map_or(source.len(), |tag| tag.start);
            for close in source[at..end].split("</").skip(1) {
                let name = close
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .next()
                    .unwrap_or_default();
                if open.last().is_some_and(|tag| tag.name.eq_ignore_ascii_case(name)) {
                    last = open.pop();
                }
            }
            let Some(tag) = next else { break };
            at = tag.end;
            if VOID.contains(&tag.name.to_ascii_lowercase().as_str()) {
                last = Some(tag);
            } else {
                open.push(tag);
            }
        }
        open.pop().or(last)
    }

    /// The first opening tag at or after `from` that has this class.
    pub fn find_class(source: &'a str, from: usize, class: &str) -> Option<Self> {
        let mut at = from;
        while let Some(tag) = Self::find(source, at) {
            if tag
                .raw("class")
                .is_some_and(|c| c.split_ascii_whitespace().any(|one| one == class))
            {
                return Some(tag);
            }
            at = tag.end;
        }
        None
    }

    /// The opening tag that begins exactly at `start`.
    pub fn at(source: &'a str, start: usize) -> Option<Self> {
        Self::read(source, start).ok()
    }

    /// The opening tag that begins at `start`, or where to go on looking. What was read of a tag without end or measure is
    /// not read again.
    fn read(source: &'a str, start: usize) -> Result<Self, usize> {
        let bytes = source.as_bytes();
        let mut at = start + 1;
        let is_tag = bytes.get(start) == Some(&b'<') && bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        if !is_tag {
            return Err(start + 1);
        }
        while bytes
            .get(at)
            .is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>'))
        {
            at += 1;
        }
        let name = source.get(start + 1..at).ok_or(at)?;
        let mut attributes = Vec::new();
        loop {
            while bytes.get(at).is_some_and(|b| b.is_ascii_whitespace() || *b == b'/') {
                at += 1;
            }
            if *bytes.get(at).ok_or(at)? == b'>' {
                break;
            }
            if attributes.len() == MOST_ATTRIBUTES {
                return Err(at);
            }
            let attribute = attribute_at(bytes, at).ok_or(start + 1)?;
            at = attribute.end;
            attributes.push(attribute);
        }
        Ok(Self {
            source,
            name,
            start,
            end: at + 1,
            attributes,
        })
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| {
            self.source
                .get(a.name.0..a.name.1)
                .is_some_and(|n| n.eq_ignore_ascii_case(name))
        })
    }

    /// Whether it has an attribute.
    pub fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }

    /// An attribute's value as written; empty when it has none.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        let attribute = self.attribute(name)?;
        Some(
            attribute
                .value
                .and_then(|(from, to)| self.source.get(from..to))
                .unwrap_or_default(),
        )
    }

    /// An attribute's value with its entities resolved.
    pub fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).map(gp_markup::text::decode_entities)
    }

    /// The text with an attribute of this tag set; `value` is not escaped yet.
    pub fn set(&self, name: &str, value: &str) -> String {
        let written = format!("{name}=\"{}\"", attr(value));
        match self.attribute(name) {
            Some(a) => format!("{}{written}{}", &self.source[..a.name.0], &self.source[a.end..]),
            None => {
                let at = self.start + 1 + self.name.len();
                format!("{} {written}{}", &self.source[..at], &self.source[at..])
            }
        }
    }

    /// The text with classes added to this tag, those it has already left out.
    pub fn add_classes(&self, classes: &str) -> String {
        let own = self.raw("class").unwrap_or_default();
        let new: Vec<&str> = classes
            .split_whitespace()
            .filter(|class| !own.split_whitespace().any(|o| o == *class))
            .collect();
        if new.is_empty() {
            return self.source.to_owned();
        }
        let new = attr(&new.join(" "));
        match self.attribute("class").and_then(|a| a.value) {
            Some((from, to)) => {
                let own = self.source[from..to].trim_end();
                let space = if own.is_empty() { "" } else { " " };
                format!("{}{own}{space}{new}{}", &self.source[..from], &self.source[to..])
            }
            None => {
                let at = self.start + 1 + self.name.len();
                format!("{} class=\"{new}\"{}", &self.source[..at], &self.source[at..])
            }
        }
    }
}

fn attribute_at(bytes: &[u8], start: usize) -> Option<Attribute> {
    let mut at = start + 1;
    while bytes
        .get(at)
        .is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/'))
    {
        at += 1;
    }
    let name = (start, at);
    let name_end = at;
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    if bytes.get(at) != Some(&b'=') {
        return Some(Attribute {
            name,
            value: None,
            end: name_end,
        });
    }
    at += 1;
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    let quote = *bytes.get(at)?;
    if matches!(quote, b'"' | b'\'') {
        let from = at + 1;
        let to = from + bytes.get(from..)?.iter().position(|b| *b == quote)?;
        return Some(Attribute {
            name,
            value: Some((from, to)),
            end: to + 1,
        });
    }
    let from = at;
    while bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace() && *b != b'>') {
        at += 1;
    }
    Some(Attribute {
        name,
        value: Some((from, at)),
        end: at,
    })
}

/// The text with classes added to its first opening tag.
pub fn add_classes(html: &str, classes: &str) -> String {
    Tag::find(html, 0).map_or_else(|| html.to_owned(), |tag| tag.add_classes(classes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_added_once_and_quotes_are_understood() {
        assert_eq!(
            add_classes("<!-- a --> <p title='a > b'>x</p>", "c d"),
            "<!-- a --> <p class=\"c d\" title='a > b'>x</p>"
        );
        assert_eq!(add_classes("<p class=\"a b\">", "b c"), "<p class=\"a b c\">");
        assert_eq!(add_classes("<img\n src=x/>", "c"), "<img class=\"c\"\n src=x/>");
        assert_eq!(add_classes("no tag", "c"), "no tag");
        assert_eq!(add_classes("<p class=''", "c"), "<p class=''");
    }

    #[test]
    fn what_is_closed_holds_nothing_more() {
        let name = |markup: &str| Tag::last_open(markup).map(|tag| tag.name.to_owned());
        assert_eq!(
            name("<details class=x><summary>a <b>c</b></summary>").as_deref(),
            Some("details")
        );
        assert_eq!(name("<div><div class=inner><img src=x>").as_deref(), Some("div"));
        assert_eq!(name("<div><p>a</p>").as_deref(), Some("div"));
        assert_eq!(name("no tag"), None);
    }

    #[test]
    fn a_text_full_of_unfinished_tags_is_read_in_no_time() {
        // Read anew from each bracket to the end, this would take hours.
        for unfinished in ["<a ", "<a b=\"", "<a b='<c d=\"", "<", "<a/"] {
            let _ = Tag::last_open(&unfinished.repeat(100_000));
            let _ = title(&unfinished.repeat(4_000));
        }
        let many = format!("<a {}>", "b ".repeat(MOST_ATTRIBUTES + 1));
        assert_eq!(Tag::at(&many, 0), None);
    }

    #[test]
    fn titles_keep_inline_elements_and_nothing_that_runs() {
        assert_eq!(title("A <em onclick=\"x()\">b</em> & c"), "A <em>b</em> &#038; c");
        assert_eq!(title("<script>x</script>"), "&lt;script>x&lt;/script>");
        assert_eq!(
            title("<span lang=\"ar\" class=q>x</span>"),
            "<span lang=\"ar\">x</span>"
        );
    }

    #[test]
    fn addresses_that_run_things_are_emptied() {
        assert_eq!(url("javascript:alert(1)"), "");
        assert_eq!(url("/a?b=1&amp;c=\"2"), "/a?b=1&amp;c=&quot;2");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,60}", classes in "[a-z ]{0,12}") {
            let _ = (add_classes(&text, &classes), title(&text), stored(&text), url(&text));
            if let Some(tag) = Tag::find(&text, 0) {
                let _ = tag.set("id", "x");
            }
        }
    }
}

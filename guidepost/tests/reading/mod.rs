//! What a visitor gets out of a page: landmarks, headings, visible text and links, in order.

use gp_markup::text::decode_entities;

/// A page as it is read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reading {
    landmarks: Vec<String>,
    headings: Vec<String>,
    words: Vec<String>,
    links: Vec<String>,
}

/// Elements whose text nobody sees.
const UNSEEN: &[&str] = &["script", "style", "svg", "template", "noscript", "head"];

/// Elements that end a word.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "acronym", "big", "strike", "wbr",
];

impl Reading {
    /// Reads a page; addresses of its own host are written from the root.
    pub fn of(html: &str, host: &str) -> Self {
        let mut reading = Self::default();
        let mut text = String::new();
        let mut heading: Option<usize> = None;
        let mut rest = html.split_once("<body").map_or(html, |(_, body)| body);
        rest = rest.split_once('>').map_or(rest, |(_, inside)| inside);
        while let Some(start) = rest.find('<') {
            text.push_str(&rest[..start]);
            rest = &rest[start..];
            if rest.starts_with("<!--") {
                rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
                continue;
            }
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            let (tag, after) = rest.split_at(end);
            rest = after;
            let closing = tag.starts_with("</");
            let name = name_of(tag);
            let silent = UNSEEN.contains(&name.as_str()) || unjudged(&name, tag) || unanswered(tag, rest, &name);
            if !closing && silent {
                rest = after_element(rest, &name);
                continue;
            }
            if !INLINE.contains(&name.as_str()) {
                text.push(' ');
            }
            match (name.as_str(), closing) {
                ("header" | "nav" | "main" | "footer" | "aside", _) => {
                    reading
                        .landmarks
                        .push(format!("{}{name}", if closing { "/" } else { "" }));
                }
                ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => heading = Some(text.len()),
                ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", true) => {
                    let from = heading.take().unwrap_or(text.len());
                    let said = words(&text[from..]).join(" ");
                    reading.headings.push(format!("{name} {said}"));
                }
                ("input", false) if attribute(tag, "type").as_deref() == Some("submit") => {
                    text.push_str(&attribute(tag, "value").unwrap_or_default());
                }
                ("a", false) => reading.links.extend(attribute(tag, "href").map(|to| own(&to, host))),
                _ => {}
            }
        }
        text.push_str(rest);
        reading.words = words(&text);
        reading
    }

    /// The first thing that the other page has otherwise.
    pub fn difference(&self, other: &Self) -> Option<String> {
        [
            ("landmarks", &self.landmarks, &other.landmarks),
            ("headings", &self.headings, &other.headings),
            ("text", &self.words, &other.words),
            ("links", &self.links, &other.links),
        ]
        .into_iter()
        .find_map(|(what, theirs, ours)| {
            let at = (0..theirs.len().max(ours.len())).find(|n| theirs.get(*n) != ours.get(*n))?;
            let near = |list: &[String]| list[at.saturating_sub(3).min(list.len())..(at + 6).min(list.len())].join(" ");
            Some(format!(
                "{what}: WordPress \"{}\", ours \"{}\"",
                near(theirs),
                near(ours)
            ))
        })
    }
}

/// What only WordPress's forms and scripts need: the form for a comment, and the buttons that open a menu by script.
fn unjudged(name: &str, tag: &str) -> bool {
    let has =
        |key: &str, word: &str| attribute(tag, key).is_some_and(|value| value.split_whitespace().any(|v| v == word));
    match name {
        "div" => {
            ["wp-embed-share", "wp-embed-share-dialog"]
                .iter()
                .any(|c| has("class", c))
                || has("id", "respond")
        }
        // WordPress shows frames and pictures of other sites; here stands a link, so that these learn nothing of the reader.
        "figure" => has("class", "wp-block-embed"),
        "button" => tag.contains("wp-block-navigation__responsive-container"),
        "a" => {
            has("class", "skip-link")
                || attribute(tag, "href").is_some_and(|to| to.starts_with("#wp--skip-link"))
                || has("class", "screen-reader-text")
                || has("class", "comment-reply-link")
        }
        _ => false,
    }
}

/// Comments that nobody wrote yet: WordPress announces them above its form, and there is none here.
fn unanswered(tag: &str, rest: &str, name: &str) -> bool {
    let thread = attribute(tag, "class").is_some_and(|class| class.split(' ').any(|c| c == "wp-block-comments"));
    thread && !rest[..rest.len() - after_element(rest, name).len()].contains("wp-block-comment-template")
}

fn name_of(tag: &str) -> String {
    tag.trim_start_matches(['<', '/'])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect::<String>()
        .to_ascii_lowercase()
}

/// What follows the element that was just opened; elements of the same name inside it are counted.
fn after_element<'a>(html: &'a str, name: &str) -> &'a str {
    let mut depth = 1;
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = &rest[..end];
        if name_of(tag) == name && !tag.ends_with("/>") {
            depth = if tag.starts_with("</") { depth - 1 } else { depth + 1 };
        }
        rest = &rest[end..];
        if depth == 0 {
            return rest;
        }
    }
    ""
}

fn attribute(tag: &str, key: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {key}="))?;
    let quote = rest.chars().next()?;
    let value = match quote {
        '"' | '\'' => rest[1..].split(quote).next()?,
        _ => rest.split([' ', '>']).next()?,
    };
    Some(decode_entities(value).into_owned())
}

fn own(address: &str, host: &str) -> String {
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme)?.strip_prefix(host));
    match rest {
        Some("") => "/".to_owned(),
        Some(path) => path.to_owned(),
        None => address.to_owned(),
    }
}

fn words(text: &str) -> Vec<String> {
    decode_entities(text).split_whitespace().map(str::to_owned).collect()
}

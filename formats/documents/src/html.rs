//! HTML pages, alone or as chapters of an e-book.
//!
//! Never in here: scripts, styles, addresses of anything but links, and trees: a page of any depth is read as it comes.

use crate::model::{Document, Limits};
use crate::office::Collected;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

pub(crate) const MIME: &str = "text/html";

const BLOCKS: [&str; 44] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];
/// Elements of which the content is not text of the page.
const HIDDEN: [&str; 9] = [
    "template", "noscript", "svg", "math", "select", "datalist", "object", "iframe", "audio",
];

/// Reads a page.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Document {
    let mut document = Document::empty(MIME);
    let mut out = Collected {
        pages: 1,
        ..Collected::default()
    };
    let text = crate::plain::decode(bytes, declared(bytes));
    let head = add_page(&text, 1, &mut out, &mut document, limits);
    document.title = head.title;
    document.language = head.language;
    document.author = head.author;
    out.finish(&mut document, limits);
    document
}

/// The encoding that the page names for itself.
fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..2048).unwrap_or(bytes)).to_ascii_lowercase();
    let at = head.find("charset=").or_else(|| head.find("encoding="))?;
    let label: String = head[at..]
        .split('=')
        .nth(1)?
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    encoding_rs::Encoding::for_label(label.as_bytes())
}

/// What the head of a page says.
#[derive(Default)]
pub(crate) struct Head {
    pub title: Option<String>,
    pub language: Option<String>,
    pub author: Option<String>,
}

/// Adds the text of a page to a document.
pub(crate) fn add_page(html: &str, page: u32, out: &mut Collected, document: &mut Document, limits: &Limits) -> Head {
    let sink = Sink {
        state: RefCell::new(State {
            limit: limits.max_text_chars,
            ..State::default()
        }),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    // The sink never asks for a stop, so one call goes to the end.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut state = tokenizer.sink.state.into_inner();
    state.flush();
    for (text, level) in state.parts {
        out.push(page, &text, level);
    }
    out.pictures += state.pictures;
    for link in state.links {
        crate::links::add(&mut document.links, &link, page);
    }
    state.head
}

#[derive(Default)]
struct State {
    limit: usize,
    chars: usize,
    text: String,
    parts: Vec<(String, Option<u8>)>,
    level: Option<u8>,
    hidden: Vec<String>,
    in_title: bool,
    preformatted: bool,
    lists: Vec<Option<i64>>,
    head: Head,
    links: Vec<String>,
    pictures: usize,
}

impl State {
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() {
            self.chars += text.len();
            self.parts.push((text, self.level));
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_title {
            let title = self.head.title.get_or_insert_default();
            if title.len() < 2000 {
                title.push_str(text);
            }
        } else if self.hidden.is_empty() && self.chars + self.text.len() < self.limit {
            if self.preformatted {
                self.text.push_str(text);
            } else {
                self.text.push_str(&text.replace(['\n', '\r', '\t'], " "));
            }
        }
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let attribute = |key: &str| {
            tag.attrs
                .iter()
                .find(|a| &*a.name.local == key)
                .map(|a| a.value.to_string())
        };
        if HIDDEN.contains(&name) && !tag.self_closing {
            self.hide(name);
        }
        if BLOCKS.contains(&name) {
            self.flush();
        }
        match name {
            "script" if !tag.self_closing => return TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "noembed" | "noframes" if !tag.self_closing => {
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            "textarea" if !tag.self_closing => return TokenSinkResult::RawData(RawKind::Rcdata),
            "title" if self.hidden.is_empty() && self.head.title.is_none() && !tag.self_closing => {
                self.in_title = true;
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            "html" => {
                self.head.language = attribute("lang")
                    .or_else(|| attribute("xml:lang"))
                    .filter(|tag| !tag.is_empty())
            }
            "meta" if attribute("name").is_some_and(|name| name.eq_ignore_ascii_case("author")) => {
                self.head.author = attribute("content").filter(|name| !name.is_empty());
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.level = name[1..].parse().ok(),
            "pre" => self.preformatted = true,
            "ol" => self.lists.push(Some(
                attribute("start").and_then(|start| start.parse().ok()).unwrap_or(1),
            )),
            "ul" | "menu" => self.lists.push(None),
            "li" => self.item(attribute("value").and_then(|value| value.parse().ok())),
            "td" | "th" => self.text.push_str(if self.text.trim().is_empty() { "" } else { " | " }),
            "img" => self.pictures += 1,
            "a" if self.links.len() < 10_000 => self.links.extend(attribute("href")),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Leaves out what follows up to the end of this element. Deeper ones need not be remembered to no end.
    fn hide(&mut self, name: &str) {
        if self.hidden.len() < 64 {
            self.hidden.push(name.to_owned());
        }
    }

    /// The number or bullet of an item, which is not in the text.
    fn item(&mut self, value: Option<i64>) {
        match self.lists.last_mut() {
            Some(Some(next)) => {
                let number = value.unwrap_or(*next);
                *next = number.saturating_add(1);
                self.text = format!("{number}. ");
            }
            _ => self.text = "• ".to_owned(),
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(at) = self.hidden.iter().rposition(|hidden| hidden == name) {
            self.hidden.truncate(at);
        }
        if BLOCKS.contains(&name) {
            self.flush();
        }
        match name {
            "title" => self.in_title = false,
            "pre" => self.preformatted = false,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.level = None,
            "ol" | "ul" | "menu" => drop(self.lists.pop()),
            _ => {}
        }
    }
}

struct Sink {
    state: RefCell<State>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                // What stands in elements of raw text is hidden until their end.
                let result = state.start(&tag);
                if matches!(result, TokenSinkResult::RawData(_)) && !state.in_title {
                    state.hide(&tag.name);
                }
                return result;
            }
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, read};

    #[test]
    fn a_page_is_read_without_its_scripts() {
        let html = "<!DOCTYPE html><html lang=fr><head><title>A &amp; B</title><style>p{}</style></head><body><h1>Titre</h1>\
            <script>var x = '<p>no</p>'</script><p>Un <b>texte</b>.<ol><li>Un<li>Deux</ol><a href='https://example.org/'>lien</a>\
            <a href='javascript:x'>non</a>";
        let document = read(html.as_bytes(), &Limits::default());
        assert_eq!(document.title.as_deref(), Some("A & B"));
        assert_eq!(
            document.pages[0].text,
            "Titre\n\nUn texte.\n\n1. Un\n\n2. Deux\n\nliennon"
        );
        assert_eq!(document.headings[0].text, "Titre");
        assert_eq!(document.links.len(), 1);
    }
}

//! What a page of somebody else says of itself in its head: title, description, pictures, and where it can be embedded from.
//!
//! The page is read as a browser's tokenizer reads it, up to the end of its head, and never run.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// A page's head. Texts are as they stand there, without entities; addresses may be relative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// `<title>`.
    pub title: String,
    /// `<meta>` by name or property, in small letters, with its content.
    pub metas: Vec<(String, String)>,
    /// `<link>`: each word of `rel`, `type`, address.
    pub links: Vec<Link>,
}

/// A link of a head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// `rel`, in small letters.
    pub rel: String,
    /// `type`, in small letters.
    pub kind: String,
    /// `href`.
    pub href: String,
}

/// Most links and metas that are looked at; a head with more is none.
const MOST: usize = 500;

impl Head {
    /// Reads a page.
    pub fn read(html: &str) -> Self {
        let reading = Reading::default();
        let tokenizer = Tokenizer::new(reading, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(html));
        // No pause is asked for: everything is read at once.
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        let mut head = tokenizer.sink.head.into_inner();
        head.title = head.title.split_whitespace().collect::<Vec<_>>().join(" ");
        head
    }

    /// The content of the first `<meta>` of one of these names, the first name before the second.
    pub fn meta(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let found = self
                .metas
                .iter()
                .find(|(known, content)| known == name && !content.is_empty());
            found.map(|(_, content)| content.as_str())
        })
    }

    /// The address of the first link that is one of `rel`.
    pub fn link(&self, rel: &str) -> Option<&str> {
        let mut all = self.links.iter().filter(|link| !link.href.is_empty());
        all.find(|link| link.rel.split_whitespace().any(|word| word == rel))
            .map(|link| link.href.as_str())
    }
}

#[derive(Default)]
struct Reading {
    head: RefCell<Head>,
    in_title: RefCell<bool>,
    /// The body has begun, or the title was read.
    over: RefCell<bool>,
}

impl TokenSink for Reading {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => return self.tag(&tag),
            Token::CharacterTokens(text) if *self.in_title.borrow() => {
                self.head.borrow_mut().title.push_str(&text);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reading {
    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let opens = tag.kind == TagKind::StartTag;
        let name = &*tag.name;
        if *self.over.borrow() {
            return raw(name, opens);
        }
        match (name, opens) {
            ("body", true) => *self.over.borrow_mut() = true,
            ("title", true) if self.head.borrow().title.is_empty() => {
                *self.in_title.borrow_mut() = true;
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            ("title", false) => *self.in_title.borrow_mut() = false,
            ("meta", true) => self.meta(tag),
            ("link", true) => self.link(tag),
            _ => return raw(name, opens),
        }
        TokenSinkResult::Continue
    }

    fn meta(&self, tag: &Tag) {
        let name = attribute(tag, "property").or_else(|| attribute(tag, "name"));
        let metas = &mut self.head.borrow_mut().metas;
        if let (Some(name), Some(content)) = (name, attribute(tag, "content"))
            && metas.len() < MOST
        {
            metas.push((name.trim().to_ascii_lowercase(), content.trim().to_owned()));
        }
    }

    fn link(&self, tag: &Tag) {
        let text = |name: &str| attribute(tag, name).unwrap_or_default().trim().to_owned();
        let links = &mut self.head.borrow_mut().links;
        if links.len() < MOST {
            links.push(Link {
                rel: text("rel").to_ascii_lowercase(),
                kind: text("type").to_ascii_lowercase(),
                href: text("href"),
            });
        }
    }
}

/// Elements whose text is no markup.
fn raw(name: &str, opens: bool) -> TokenSinkResult<()> {
    match name {
        "script" if opens => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "noscript" | "iframe" | "noframes" | "xmp" if opens => TokenSinkResult::RawData(RawKind::Rawtext),
        "textarea" | "title" if opens => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
    found.map(|attribute| attribute.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_what_a_page_is() {
        let head = Head::read(
            "<!doctype html><html><head><script>document.write('<title>No</title>')</script><style><title>No</style>\
             <title>Minutes &amp;\n  more</title><meta name=Description content=' About it '>\
             <meta property='og:image' content='/a.png'><link rel='shortcut ICON' href='/i.ico'>\
             <link rel=alternate type='application/json+oembed' href='/o?x=1&amp;y=2'></head>\
             <body><title>Not this</title><meta name=description content=late></body></html>",
        );
        assert_eq!(head.title, "Minutes & more");
        assert_eq!(head.meta(&["og:description", "description"]), Some("About it"));
        assert_eq!(head.meta(&["og:image"]), Some("/a.png"));
        assert_eq!(head.link("icon"), Some("/i.ico"));
        assert_eq!(head.links[1].kind, "application/json+oembed");
        assert_eq!(head.links[1].href, "/o?x=1&y=2");
    }

    #[test]
    fn what_is_no_page_says_nothing() {
        for html in ["", "words", "<<<<>>>", "<title", "<meta content=x>", "\u{0}<title>"] {
            assert!(Head::read(html).title.is_empty(), "{html}");
        }
        assert_eq!(Head::read(&"<meta name=a content=b>".repeat(5000)).metas.len(), MOST);
    }
}

//! Reads a WordPress export entry by entry.

use std::collections::HashSet;
use std::io::BufRead;

use crate::decode::latin1_where_not_utf8;
use crate::error::{Error, Notice, NoticeKind};
use crate::model::{Author, Channel, Comment, Entry, Item, ItemTerm, Meta, Term};
use crate::raw;
use crate::raw::is_carried;
use crate::source::{MAX_ITEM_BYTES, MAX_ITEM_PARTS, MAX_VALUE_BYTES};
use crate::tokens::{Tag, Token, Tokens};

pub(crate) mod fields;
#[cfg(test)]
mod tests;

/// No more names are remembered to tell each only once.
const MAX_TOLD: usize = 200;

enum State {
    Before,
    InChannel,
    Done,
    Failed,
}

/// Reads a WordPress export, one entry at a time.
pub struct Reader<R> {
    tokens: Tokens<R>,
    state: State,
    channel: Channel,
    channel_given: bool,
    channel_seen: HashSet<String>,
    /// The start of the first entry, while the channel is given out before it.
    waiting: Option<Tag>,
    told: HashSet<String>,
    /// Where the entry that is being read started, and how many parts it has.
    entry_start: u64,
    entry_parts: usize,
}

impl<R: BufRead> Reader<R> {
    /// Starts reading. Give it a large buffer: `BufReader::with_capacity(1 << 16, file)`.
    pub fn new(input: R) -> Self {
        Self {
            tokens: Tokens::new(input),
            state: State::Before,
            channel: Channel::default(),
            channel_given: false,
            channel_seen: HashSet::new(),
            waiting: None,
            told: HashSet::new(),
            entry_start: 0,
            entry_parts: 0,
        }
    }

    /// The next entry; `None` at the end of a complete file. The channel is always the first.
    #[allow(clippy::should_implement_trait)] // one call, one answer that may fail
    pub fn next(&mut self) -> Result<Option<Entry>, Error> {
        let result = self.step();
        if result.is_err() {
            self.state = State::Failed;
        }
        result
    }

    /// The channel as far as it has been read (generator and image follow the terms).
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// The line reached, for progress and messages.
    pub fn line(&self) -> u64 {
        self.tokens.source.line
    }

    /// Bytes of the file read so far, for progress.
    pub fn position(&self) -> u64 {
        self.tokens.source.position
    }

    /// What was forgiven since the last call (at most the first 1000 between two calls).
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.tokens.decoder.notices)
    }

    fn step(&mut self) -> Result<Option<Entry>, Error> {
        match self.state {
            State::Failed => return Err(Error::Stopped),
            State::Before => {
                self.find_channel().map_err(|error| match error {
                    Error::Malformed { line, what } => Error::NotWxr { line, found: what },
                    Error::Truncated { line, inside } => Error::NotWxr {
                        line,
                        found: format!("the end of the file in {inside}"),
                    },
                    other => other,
                })?;
                self.state = State::InChannel;
            }
            State::InChannel | State::Done => {}
        }
        let tag = match self.waiting.take() {
            Some(tag) => Some(tag),
            None => self.entry_tag()?,
        };
        if !self.channel_given {
            self.check_version()?;
            self.channel_given = true;
            self.waiting = tag;
            let mut channel = self.channel.clone();
            if channel.base_blog_url.is_empty() {
                channel.base_blog_url.clone_from(&channel.base_site_url);
            }
            return Ok(Some(Entry::Channel(channel)));
        }
        tag.map(|tag| self.entry(&tag)).transpose()
    }

    fn not_wxr(&self, found: impl Into<String>) -> Error {
        Error::NotWxr {
            line: self.tokens.source.line,
            found: found.into(),
        }
    }

    /// Goes to the inside of `<rss><channel>`.
    fn find_channel(&mut self) -> Result<(), Error> {
        match self.tokens.source.peek()? {
            Some(0x1f) => return Err(self.not_wxr("compressed data")),
            Some(0xfe | 0xff) => {
                return Err(Error::Encoding {
                    line: 1,
                    found: "UTF-16".to_owned(),
                });
            }
            _ => {}
        }
        loop {
            match self.tokens.next()? {
                Token::Start(tag) if tag.name == "rss" => break,
                Token::Start(tag) => return Err(self.not_wxr(format!("<{}>", tag.name))),
                Token::Eof => return Err(self.not_wxr("the end of the file")),
                Token::Text | Token::End => {}
            }
        }
        while let Some(tag) = self.child()? {
            if tag.name == "channel" {
                return Ok(());
            }
            self.skip()?;
        }
        Err(self.not_wxr("<rss> without <channel>"))
    }

    fn check_version(&self) -> Result<(), Error> {
        let version = self.channel.wxr_version.trim();
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        match version.split_once('.') {
            Some((major, minor)) if digits(major) && digits(minor) => Ok(()),
            _ => Err(Error::Version {
                line: self.tokens.source.line,
                found: if version.is_empty() {
                    "there is none".to_owned()
                } else {
                    format!("found {:?}", version.chars().take(40).collect::<String>())
                },
            }),
        }
    }

    /// Goes to the next entry inside the channel, filling in the channel's own fields on the way.
    fn entry_tag(&mut self) -> Result<Option<Tag>, Error> {
        if matches!(self.state, State::Done) {
            return Ok(None);
        }
        while let Some(tag) = self.child()? {
            let name = tag.name.as_str();
            if matches!(name, "item" | "wp:author" | "wp:category" | "wp:tag" | "wp:term") {
                return Ok(Some(tag));
            }
            if name == "image" {
                self.image()?;
            } else if fields::channel_text(&mut self.channel, name).is_none() {
                self.unknown(&tag)?;
            } else if !self.channel_seen.insert(name.to_owned()) {
                self.duplicate(&tag)?;
            } else {
                let value = self.text(&tag)?;
                if let Some(field) = fields::channel_text(&mut self.channel, name) {
                    *field = value;
                }
            }
        }
        // The channel is closed; the file is only complete with </rss>.
        while self.child()?.is_some() {
            self.skip()?;
        }
        self.state = State::Done;
        Ok(None)
    }

    /// The site icon; its other elements repeat the channel's.
    fn image(&mut self) -> Result<(), Error> {
        while let Some(tag) = self.child()? {
            if tag.name == "url" && self.channel.image_url.is_empty() {
                self.channel.image_url = self.text(&tag)?;
            } else {
                self.skip()?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, tag: &Tag) -> Result<Entry, Error> {
        match tag.name.as_str() {
            "item" => self.item(tag).map(|item| Entry::Item(Box::new(item))),
            "wp:author" => self.author(tag).map(Entry::Author),
            "wp:category" => self.term(tag, "category").map(Entry::Term),
            "wp:tag" => self.term(tag, "post_tag").map(Entry::Term),
            _ => self.term(tag, "").map(Entry::Term),
        }
    }

    fn author(&mut self, tag: &Tag) -> Result<Author, Error> {
        let mut author = Author {
            line: tag.line,
            ..Author::default()
        };
        self.start_entry();
        let mut seen = HashSet::new();
        while let Some(child) = self.part()? {
            if !seen.insert(child.name.clone()) {
                self.duplicate(&child)?;
            } else if child.name == "wp:author_id" {
                author.id = number(&self.text(&child)?);
            } else if let Some(field) = fields::author_text(&mut author, &child.name) {
                *field = self.text(&child)?;
            } else {
                self.unknown(&child)?;
            }
        }
        Ok(author)
    }

    fn term(&mut self, tag: &Tag, taxonomy: &str) -> Result<Term, Error> {
        let mut term = Term {
            line: tag.line,
            ..Term::default()
        };
        let mut seen = HashSet::new();
        self.start_entry();
        while let Some(child) = self.part()? {
            if child.name == "wp:termmeta" {
                term.meta.push(self.meta()?);
            } else if !seen.insert(child.name.clone()) {
                self.duplicate(&child)?;
            } else if child.name == "wp:term_id" {
                term.id = Some(number(&self.text(&child)?));
            } else if let Some(field) = fields::term_text(&mut term, &child.name) {
                *field = self.text(&child)?;
            } else {
                self.unknown(&child)?;
            }
        }
        if !taxonomy.is_empty() {
            taxonomy.clone_into(&mut term.taxonomy);
        }
        Ok(term)
    }

    fn item(&mut self, tag: &Tag) -> Result<Item, Error> {
        let mut item = Item {
            line: tag.line,
            guid_is_permalink: true,
            ..Item::default()
        };
        let mut seen = HashSet::new();
        self.start_entry();
        while let Some(child) = self.part()? {
            match child.name.as_str() {
                "category" => self.item_category(&child, &mut item)?,
                "wp:postmeta" => item.meta.push(self.meta()?),
                "wp:comment" => item.comments.push(self.comment()?),
                name if !seen.insert(name.to_owned()) => self.duplicate(&child)?,
                "wp:is_sticky" => item.is_sticky = number(&self.text(&child)?) != 0,
                name => {
                    if let Some(field) = fields::item_number(&mut item, name) {
                        *field = number(&self.text(&child)?);
                    } else if let Some(field) = fields::item_text(&mut item, name) {
                        *field = self.text(&child)?;
                    } else {
                        self.unknown(&child)?;
                    }
                    if name == "guid" {
                        let answer = child.attribute("isPermaLink");
                        item.guid_is_permalink = answer.is_none_or(|a| a.trim() != "false");
                    }
                }
            }
        }
        for path in raw::restore(&mut item) {
            self.tokens.decoder.notice(tag.line, NoticeKind::StaleRaw(path));
        }
        Ok(item)
    }

    fn item_category(&mut self, tag: &Tag, item: &mut Item) -> Result<(), Error> {
        self.entry_parts += 1;
        let name = self.text(tag)?;
        match tag.attribute("nicename") {
            Some(slug) => item.terms.push(ItemTerm {
                taxonomy: tag.attribute("domain").unwrap_or_default().to_owned(),
                slug: slug.to_owned(),
                name,
            }),
            None => {
                item.categories_without_slug.push(name);
                if self.told.insert("category without slug".to_owned()) {
                    self.tokens.decoder.notice(tag.line, NoticeKind::CategoryWithoutSlug);
                }
            }
        }
        Ok(())
    }

    fn comment(&mut self) -> Result<Comment, Error> {
        self.entry_parts += 1;
        let mut comment = Comment::default();
        let mut seen = HashSet::new();
        while let Some(child) = self.part()? {
            if child.name == "wp:commentmeta" {
                comment.meta.push(self.meta()?);
            } else if !seen.insert(child.name.clone()) {
                self.duplicate(&child)?;
            } else if let Some(field) = fields::comment_number(&mut comment, &child.name) {
                *field = number(&self.text(&child)?);
            } else if let Some(field) = fields::comment_text(&mut comment, &child.name) {
                *field = self.text(&child)?;
            } else {
                self.unknown(&child)?;
            }
        }
        Ok(comment)
    }

    fn meta(&mut self) -> Result<Meta, Error> {
        self.entry_parts += 1;
        let (mut key, mut value) = (None, None);
        while let Some(child) = self.part()? {
            match child.name.as_str() {
                "wp:meta_key" if key.is_none() => key = Some(self.text(&child)?),
                "wp:meta_value" if value.is_none() => value = Some(self.value(&child)?),
                "wp:meta_key" | "wp:meta_value" => self.duplicate(&child)?,
                _ => self.unknown(&child)?,
            }
        }
        Ok(Meta {
            key: key.unwrap_or_default(),
            value: value.unwrap_or_default(),
        })
    }

    fn start_entry(&mut self) {
        self.entry_start = self.position();
        self.entry_parts = 0;
    }

    /// The next element inside an entry, if the entry is not too large by now.
    fn part(&mut self) -> Result<Option<Tag>, Error> {
        let limit = if self.position() - self.entry_start > MAX_ITEM_BYTES {
            format!("{MAX_ITEM_BYTES} bytes")
        } else if self.entry_parts > MAX_ITEM_PARTS {
            format!("{MAX_ITEM_PARTS} parts")
        } else {
            return self.child();
        };
        Err(Error::TooLarge {
            line: self.line(),
            what: self.tokens.inside(),
            limit,
        })
    }

    /// The next element inside the one that is open; `None` when that is closed.
    fn child(&mut self) -> Result<Option<Tag>, Error> {
        loop {
            match self.tokens.next()? {
                Token::Start(tag) => return Ok(Some(tag)),
                Token::End => return Ok(None),
                Token::Text => {}
                Token::Eof => return Err(self.tokens.truncated()),
            }
        }
    }

    /// Passes over the element that was just opened.
    fn skip(&mut self) -> Result<(), Error> {
        let outside = self.tokens.depth().saturating_sub(1);
        while self.tokens.depth() > outside {
            if matches!(self.tokens.next()?, Token::Eof) {
                return Err(self.tokens.truncated());
            }
        }
        Ok(())
    }

    fn duplicate(&mut self, tag: &Tag) -> Result<(), Error> {
        if !self.told.contains(&tag.name) {
            self.tokens
                .decoder
                .notice(tag.line, NoticeKind::Duplicate(tag.name.clone()));
        }
        self.skip()
    }

    fn unknown(&mut self, tag: &Tag) -> Result<(), Error> {
        if self.told.len() < MAX_TOLD && self.told.insert(tag.name.clone()) {
            self.tokens
                .decoder
                .notice(tag.line, NoticeKind::UnknownElement(tag.name.clone()));
        }
        self.skip()
    }

    /// The text of the element that was just opened, without that of elements inside it.
    fn value(&mut self, tag: &Tag) -> Result<Vec<u8>, Error> {
        let inside = self.tokens.depth();
        let mut value = Vec::new();
        let mut nested = false;
        loop {
            match self.tokens.next()? {
                Token::Eof => return Err(self.tokens.truncated()),
                Token::Start(_) => nested = true,
                Token::End if self.tokens.depth() < inside => break,
                Token::Text if self.tokens.depth() == inside => {
                    if value.len() + self.tokens.decoder.text.len() > MAX_VALUE_BYTES {
                        let what = format!("<{}>", tag.name);
                        let limit = format!("{MAX_VALUE_BYTES} bytes");
                        return Err(Error::TooLarge {
                            line: tag.line,
                            what,
                            limit,
                        });
                    }
                    value.extend_from_slice(&self.tokens.decoder.text);
                }
                Token::Text | Token::End => {}
            }
        }
        if nested {
            self.tokens
                .decoder
                .notice(tag.line, NoticeKind::NestedMarkup(tag.name.clone()));
        }
        match std::str::from_utf8(&value) {
            Err(_) => self
                .tokens
                .decoder
                .notice(tag.line, NoticeKind::NotUtf8(tag.name.clone())),
            Ok(text) if !text.chars().all(is_carried) => {
                self.tokens
                    .decoder
                    .notice(tag.line, NoticeKind::ControlCharacter(tag.name.clone()));
            }
            Ok(_) => {}
        }
        Ok(value)
    }

    fn text(&mut self, tag: &Tag) -> Result<String, Error> {
        let value = self.value(tag)?;
        Ok(String::from_utf8(value).unwrap_or_else(|error| latin1_where_not_utf8(error.as_bytes())))
    }
}

/// A number as PHP reads it: blanks, a sign, digits; anything after them does not count.
fn number(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut value: i64 = 0;
    for digit in digits.chars().map_while(|c| c.to_digit(10)) {
        value = value.saturating_mul(10).saturating_add(i64::from(digit) * sign);
    }
    value
}

//! XML as the reader needs it: start tags, end tags and text, with prefixes brought to the usual
//! ones, every element closed by its own end tag, and no entity but the five of XML.

use std::io::BufRead;

use crate::decode::Decoder;
use crate::error::{Error, NoticeKind};
use crate::source::{MAX_VALUE_BYTES, Source};

/// Elements may not be nested deeper.
const MAX_DEPTH: usize = 128;
/// A tag with its attributes may not be longer.
const MAX_TAG_BYTES: usize = 1024 * 1024;
/// An element's name may not be longer.
const MAX_NAME_BYTES: usize = 1000;

/// A start tag.
#[derive(Debug)]
pub(crate) struct Tag {
    /// Name with the usual prefix (`wp:post_id`), whatever prefix the file uses.
    pub(crate) name: String,
    /// Attributes as written, `xmlns` ones too.
    pub(crate) attributes: Vec<(String, String)>,
    /// Line where the tag starts.
    pub(crate) line: u64,
}

impl Tag {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// One step through the file.
pub(crate) enum Token {
    Start(Tag),
    End,
    /// The text is in the decoder.
    Text,
    Eof,
}

struct Open {
    /// Name as written, against which the end tag is checked.
    name: String,
    line: u64,
    /// How many prefixes were bound before this element.
    bound: usize,
}

pub(crate) struct Tokens<R> {
    pub(crate) source: Source<R>,
    /// Holds the text of the last [`Token::Text`] and the notices.
    pub(crate) decoder: Decoder,
    scratch: Vec<u8>,
    open: Vec<Open>,
    /// Prefix as written, usual prefix.
    bindings: Vec<(String, &'static str)>,
    /// The last start tag was `<.../>`.
    end_pending: bool,
}

impl<R: BufRead> Tokens<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            source: Source::new(input),
            decoder: Decoder::default(),
            scratch: Vec::new(),
            open: Vec::new(),
            bindings: Vec::new(),
            end_pending: false,
        }
    }

    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The innermost open element, for messages.
    pub(crate) fn inside(&self) -> String {
        self.open.last().map_or_else(
            || "the file's head".to_owned(),
            |open| format!("<{}> (opened in line {})", open.name, open.line),
        )
    }

    pub(crate) fn next(&mut self) -> Result<Token, Error> {
        if self.end_pending {
            self.end_pending = false;
            self.close();
            return Ok(Token::End);
        }
        loop {
            match self.source.peek()? {
                None => return Ok(Token::Eof),
                Some(b'<') => {
                    if let Some(token) = self.markup()? {
                        return Ok(token);
                    }
                }
                Some(_) => {
                    self.text_run()?;
                    return Ok(Token::Text);
                }
            }
        }
    }

    fn text_run(&mut self) -> Result<(), Error> {
        let line = self.source.line;
        self.scratch.clear();
        self.source
            .copy_until(b'<', &mut self.scratch, MAX_VALUE_BYTES, "a text")
            .map_err(|error| self.located(error))?;
        self.decoder.run(&self.scratch, line, false);
        Ok(())
    }

    /// What starts with `<`; `None` for what is passed over.
    fn markup(&mut self) -> Result<Option<Token>, Error> {
        let line = self.source.line;
        self.source.skip_one()?;
        match self.source.peek()? {
            None => Err(self.truncated()),
            Some(b'/') => self.end_tag(line).map(|()| Some(Token::End)),
            Some(b'!') => self.declaration(line),
            Some(b'?') => self.instruction(line).map(|()| None),
            Some(byte) if byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':' | 0x80..) => {
                self.start_tag(line).map(|tag| Some(Token::Start(tag)))
            }
            Some(_) => {
                self.decoder.notice(line, NoticeKind::LoneMarkup('<'));
                self.decoder.text.clear();
                self.decoder.text.push(b'<');
                Ok(Some(Token::Text))
            }
        }
    }

    pub(crate) fn truncated(&self) -> Error {
        Error::Truncated {
            line: self.source.line,
            inside: self.inside(),
        }
    }

    /// Adds the open element to an error about size.
    fn located(&self, error: Error) -> Error {
        match error {
            Error::TooLarge { line, what, limit } => Error::TooLarge {
                line,
                what: format!("{what} in {}", self.inside()),
                limit,
            },
            other => other,
        }
    }

    fn malformed(line: u64, what: impl Into<String>) -> Error {
        Error::Malformed {
            line,
            what: what.into(),
        }
    }

    /// Fills the scratch buffer up to and without `end`, and takes `end`, which closes with `>`.
    fn scratch_until(&mut self, end: &[u8], limit: usize, what: &str) -> Result<(), Error> {
        self.scratch.clear();
        loop {
            let found = self.source.copy_until(b'>', &mut self.scratch, limit, what);
            if !found.map_err(|error| self.located(error))? {
                let inside = format!("{what} in {}", self.inside());
                return Err(Error::Truncated {
                    line: self.source.line,
                    inside,
                });
            }
            self.source.skip_one()?;
            self.scratch.push(b'>');
            if self.scratch.ends_with(end) {
                self.scratch.truncate(self.scratch.len() - end.len());
                return Ok(());
            }
        }
    }

    fn end_tag(&mut self, line: u64) -> Result<(), Error> {
        self.scratch_until(b">", MAX_NAME_BYTES, "an end tag")?;
        let found = String::from_utf8_lossy(self.scratch.get(1..).unwrap_or_default());
        let found = found.trim_end();
        match self.open.last() {
            Some(open) if open.name == found => {
                self.close();
                Ok(())
            }
            Some(_) => Err(Self::malformed(
                line,
                format!("</{found}> closes nothing: open is {}", self.inside()),
            )),
            None => Err(Self::malformed(line, format!("</{found}> closes nothing"))),
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            self.bindings.truncate(open.bound);
        }
    }

    /// `<!...`: comment, CDATA or document type.
    fn declaration(&mut self, line: u64) -> Result<Option<Token>, Error> {
        self.source.skip_one()?;
        if self.source.peek()? == Some(b'[') {
            for expected in *b"[CDATA[" {
                match self.source.take()? {
                    Some(found) if found == expected => {}
                    Some(_) => return Err(Self::malformed(line, "<![ does not start <![CDATA[")),
                    None => return Err(self.truncated()),
                }
            }
            self.scratch_until(b"]]>", MAX_VALUE_BYTES, "a CDATA section")?;
            self.decoder.run(&self.scratch, line, true);
            return Ok(Some(Token::Text));
        }
        if self.source.peek()? == Some(b'-') {
            self.source.skip_one()?;
            match self.source.take()? {
                Some(b'-') => {}
                Some(_) => return Err(Self::malformed(line, "<!- does not start a comment <!--")),
                None => return Err(self.truncated()),
            }
            self.scratch_until(b"-->", MAX_VALUE_BYTES, "a comment")?;
            return Ok(None);
        }
        self.scratch_until(b">", MAX_TAG_BYTES, "a declaration")?;
        if !self.scratch.to_ascii_uppercase().starts_with(b"DOCTYPE") {
            return Err(Self::malformed(line, "<! starts neither comment nor CDATA"));
        }
        if self.scratch.contains(&b'[') {
            return Err(Error::Doctype { line });
        }
        self.decoder.notice(line, NoticeKind::Doctype);
        Ok(None)
    }

    /// `<?...?>`; only the encoding of the XML declaration matters.
    fn instruction(&mut self, line: u64) -> Result<(), Error> {
        self.source.skip_one()?;
        self.scratch_until(b"?>", MAX_TAG_BYTES, "a processing instruction")?;
        let text = String::from_utf8_lossy(&self.scratch).to_ascii_lowercase();
        if !text.starts_with("xml ") {
            return Ok(());
        }
        let Some((_, rest)) = text.split_once("encoding") else {
            return Ok(());
        };
        let found: String = rest
            .trim_start_matches(['=', ' ', '"', '\''])
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect();
        match found.as_str() {
            "" | "utf-8" | "utf8" | "us-ascii" => {}
            "iso-8859-1" | "latin1" => self.decoder.latin1 = true,
            _ => return Err(Error::Encoding { line, found }),
        }
        Ok(())
    }

    fn start_tag(&mut self, line: u64) -> Result<Tag, Error> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Error::TooDeep { line, limit: MAX_DEPTH });
        }
        self.read_tag()?;
        let raw = std::mem::take(&mut self.scratch);
        let mut body = raw.as_slice();
        if let Some(rest) = body.strip_suffix(b"/") {
            body = rest;
            self.end_pending = true;
        }
        let name_end = body.iter().position(u8::is_ascii_whitespace).unwrap_or(body.len());
        if name_end > MAX_NAME_BYTES {
            let what = "an element's name".to_owned();
            return Err(Error::TooLarge {
                line,
                what,
                limit: format!("{MAX_NAME_BYTES} bytes"),
            });
        }
        let written = String::from_utf8_lossy(&body[..name_end]).into_owned();
        let attributes = self.attributes(&body[name_end..], line)?;
        self.scratch = raw;
        let bound = self.bindings.len();
        for (key, uri) in &attributes {
            if let Some(prefix) = key.strip_prefix("xmlns:")
                && let Some(usual) = usual_prefix(prefix, uri)
            {
                self.bindings.push((prefix.to_owned(), usual));
            }
        }
        let name = self.usual_name(&written);
        self.open.push(Open {
            name: written,
            line,
            bound,
        });
        Ok(Tag { name, attributes, line })
    }

    /// Fills the scratch buffer with a start tag, `>` inside quotes included.
    fn read_tag(&mut self) -> Result<(), Error> {
        self.scratch.clear();
        let mut quote = None;
        let mut checked = 0;
        loop {
            if !self
                .source
                .copy_until(b'>', &mut self.scratch, MAX_TAG_BYTES, "a tag")?
            {
                return Err(self.truncated());
            }
            self.source.skip_one()?;
            for byte in &self.scratch[checked..] {
                match quote {
                    Some(open) if open == *byte => quote = None,
                    None if matches!(byte, b'"' | b'\'') => quote = Some(*byte),
                    _ => {}
                }
            }
            if quote.is_none() {
                return Ok(());
            }
            self.scratch.push(b'>');
            checked = self.scratch.len();
        }
    }

    fn attributes(&mut self, text: &[u8], line: u64) -> Result<Vec<(String, String)>, Error> {
        let mut found = Vec::new();
        let mut rest = text.trim_ascii_start();
        while !rest.is_empty() {
            let equals = rest.iter().position(|byte| *byte == b'=');
            let Some(equals) = equals else {
                return Err(Self::malformed(line, "an attribute has no value"));
            };
            let key = String::from_utf8_lossy(rest[..equals].trim_ascii()).into_owned();
            rest = rest[equals + 1..].trim_ascii_start();
            let quoted = rest.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''));
            let end = quoted.and_then(|(quote, rest)| rest.iter().position(|byte| byte == quote));
            let (Some((_, body)), Some(end)) = (quoted, end) else {
                return Err(Self::malformed(line, format!("the value of {key} is not in quotes")));
            };
            let value = self.decoder.attribute(&body[..end], line);
            found.push((key, value));
            rest = body[end + 1..].trim_ascii_start();
        }
        Ok(found)
    }

    fn usual_name(&self, written: &str) -> String {
        let Some((prefix, local)) = written.split_once(':') else {
            return written.to_owned();
        };
        let binding = self.bindings.iter().rev().find(|(bound, _)| bound == prefix);
        match binding {
            Some((_, usual)) => format!("{usual}:{local}"),
            None => written.to_owned(),
        }
    }
}

/// The usual prefix for a namespace; `None` for one that has no part in WXR, whose prefix stays.
/// As in WordPress's importer, `wp` and `excerpt` count whatever they are bound to.
fn usual_prefix(prefix: &str, uri: &str) -> Option<&'static str> {
    let path = uri.strip_prefix("http://").or_else(|| uri.strip_prefix("https://"))?;
    if let Some(version) = path.strip_prefix("wordpress.org/export/") {
        let excerpt = version.trim_end_matches('/').ends_with("/excerpt");
        return Some(if excerpt { "excerpt" } else { "wp" });
    }
    match path.trim_end_matches('/') {
        "purl.org/rss/1.0/modules/content" => Some("content"),
        "purl.org/dc/elements/1.1" => Some("dc"),
        _ => match prefix {
            "wp" => Some("wp"),
            "excerpt" => Some("excerpt"),
            // A prefix that means something else here must not be taken for the usual one.
            "content" | "dc" => Some("other"),
            _ => None,
        },
    }
}

//! What is said about a document, and how far the reading may go.
//!
//! Never in here: how any format is read.

use gp_symbols::Symbol;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// How far a document may go before it is refused. Nothing in a document can make the reading go beyond.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of the file itself.
    pub max_bytes: usize,
    /// Pages, slides, sheets or chapters that are read; a longer document is `TooBig`.
    pub max_pages: usize,
    /// Characters of text, over all pages.
    pub max_text_chars: usize,
    /// Bytes that an archive may unpack to, over all the entries that are read.
    pub max_unzipped: usize,
    /// Entries of an archive.
    pub max_entries: usize,
    /// Elements that may stand in each other, and steps that numbering and styles may refer on.
    pub max_depth: usize,
    /// Keeps lines as they were set, with their hyphens, for comparison with other readers.
    pub keep_lines: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_bytes: 200 << 20,
            max_pages: 5_000,
            max_text_chars: 20_000_000,
            max_unzipped: 256 << 20,
            max_entries: 20_000,
            max_depth: 200,
            keep_lines: false,
        }
    }
}

/// What became of the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// There is text.
    Text,
    /// There are only pictures of text.
    Scanned,
    /// A password is needed.
    Locked,
    /// The file is broken, cut off or empty.
    Damaged,
    /// The file goes beyond the limits.
    TooBig,
    /// The file is of a kind that is not read.
    Unsupported,
}

impl Status {
    /// The word that is shown and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Text => "text",
            Status::Scanned => "scanned",
            Status::Locked => "locked",
            Status::Damaged => "damaged",
            Status::TooBig => "too big",
            Status::Unsupported => "unsupported",
        }
    }
}

impl FromStr for Status {
    type Err = String;

    /// The state of this word.
    fn from_str(word: &str) -> Result<Status, String> {
        let all = [
            Status::Text,
            Status::Scanned,
            Status::Locked,
            Status::Damaged,
            Status::TooBig,
            Status::Unsupported,
        ];
        let found = all.into_iter().find(|status| status.as_str() == word);
        found.ok_or_else(|| format!("`{word}` is no state of a document"))
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Status, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// One of the types that [`crate::read`] gives.
fn known_mime<'de, D: Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
    let mime = String::deserialize(from)?;
    let known = crate::kind::MIMES.into_iter().find(|known| *known == mime);
    known.ok_or_else(|| de::Error::custom(format!("`{mime}` is no type of a document")))
}

impl fmt::Display for Status {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// A media type. The name keeps serde from borrowing it from what is read back.
pub type Mime = &'static str;

/// A document as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// What became of the reading.
    pub status: Status,
    /// Wherever the state is not `text`, or not all of it was read: why, in a sentence for an editor.
    pub reason: Option<String>,
    /// The type by the content, whatever the name says.
    #[serde(deserialize_with = "known_mime")]
    pub mime: Mime,
    /// The language of most of the text, as a BCP 47 tag.
    pub language: Option<String>,
    /// The title that the document itself gives.
    pub title: Option<String>,
    /// The author that the document itself gives.
    pub author: Option<String>,
    /// When it was made, as `YYYY-MM-DD` or with the time after `T`.
    pub created: Option<String>,
    /// The United Nations symbol on the first page.
    pub symbol: Option<Symbol>,
    /// The symbols of other documents that stand in the text, each once, in their order.
    pub cites: Vec<Symbol>,
    /// The job number on the first page, as `GE.19-15447(E)`.
    pub job_number: Option<String>,
    /// The date of distribution on the first page, as `YYYY-MM-DD`.
    pub issued: Option<String>,
    /// Whether the file says that it is tagged for assistive technology.
    pub tagged: bool,
    /// Whether the file is encrypted, readable or not.
    pub encrypted: bool,
    /// The pages in their order. Formats without pages give one.
    pub pages: Vec<Page>,
    /// Numbered paragraphs in their order.
    pub paragraphs: Vec<Paragraph>,
    /// Headings in their order.
    pub headings: Vec<Heading>,
    /// Addresses that the document links to, each once, in their order.
    pub links: Vec<Link>,
}

impl Document {
    /// A document of which nothing was read, and why.
    pub(crate) fn without_text(status: Status, mime: &'static str, reason: impl Into<String>) -> Document {
        Document {
            status,
            reason: Some(reason.into()),
            ..Document::empty(mime)
        }
    }

    /// A document of this type with nothing in it yet.
    pub(crate) fn empty(mime: &'static str) -> Document {
        Document {
            status: Status::Text,
            reason: None,
            mime,
            language: None,
            title: None,
            author: None,
            created: None,
            symbol: None,
            cites: Vec::new(),
            job_number: None,
            issued: None,
            tagged: false,
            encrypted: false,
            pages: Vec::new(),
            paragraphs: Vec::new(),
            headings: Vec::new(),
            links: Vec::new(),
        }
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its place in the file, from 1: what `#page=` takes.
    pub number: u32,
    /// The number that is printed, where the file says so: `iv`, `A-3`.
    pub label: Option<String>,
    /// The language of its text.
    pub language: Option<String>,
    /// Its text in reading order, with a blank line between paragraphs.
    pub text: String,
}

/// One numbered paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// The number as printed, without the full stop: `12`, `24.1`.
    pub number: String,
    /// The page on which it starts.
    pub page: u32,
    /// Its text without the number, lettered items included.
    pub text: String,
}

/// One heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// From 1, the uppermost.
    pub level: u8,
    /// Its text.
    pub text: String,
    /// The page on which it stands.
    pub page: u32,
}

/// One address that the document links to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The address as written.
    pub url: String,
    /// The page on which it stands first.
    pub page: u32,
}

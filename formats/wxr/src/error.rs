//! Errors and notices: what went wrong, at which line, and what to do about it.

use std::fmt;

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input failed.
    #[error("line {line}: the file could not be read: {source}")]
    Read {
        /// Line reached.
        line: u64,
        /// What the system said.
        source: std::io::Error,
    },
    /// The output failed.
    #[error("the export could not be written: {0}")]
    Write(#[from] std::io::Error),
    /// Not a WordPress export at all.
    #[error(
        "line {line}: this is not a WordPress export: expected <rss> with a <channel>, found \
         {found}. Choose the .xml file that Tools > Export saved (unpack it first if it is \
         compressed)"
    )]
    NotWxr {
        /// Line reached.
        line: u64,
        /// What was found instead.
        found: String,
    },
    /// RSS, but not from a WordPress export.
    #[error(
        "line {line}: no valid wp:wxr_version before the first entry ({found}). An ordinary RSS \
         feed cannot be imported: make the file with Tools > Export"
    )]
    Version {
        /// Line reached.
        line: u64,
        /// What was found instead.
        found: String,
    },
    /// A document type with declarations, through which entity bombs and foreign files come.
    #[error(
        "line {line}: the file has a document type with declarations (<!DOCTYPE ... [), which are \
         never followed. Remove the <!DOCTYPE ...> part; WordPress does not write one"
    )]
    Doctype {
        /// Where it stands.
        line: u64,
    },
    /// An encoding other than UTF-8 or Latin-1.
    #[error("line {line}: the file is in {found}. Convert it to UTF-8 and import it again")]
    Encoding {
        /// Where it is declared.
        line: u64,
        /// The encoding.
        found: String,
    },
    /// Markup that cannot be understood.
    #[error("line {line}: {what}. Repair the line in a text editor, or export the file again")]
    Malformed {
        /// Where it stands.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// The file ends in the middle.
    #[error(
        "line {line}: the file ends inside {inside}: it is cut off. Download it again, or export \
         it again in smaller parts"
    )]
    Truncated {
        /// Last line of the file.
        line: u64,
        /// What was open.
        inside: String,
    },
    /// One value, tag or item is larger than any real one.
    #[error("line {line}: {what} is larger than {limit}. Remove it from the file")]
    TooLarge {
        /// Where it starts or grew too large.
        line: u64,
        /// What is too large.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
    /// Elements inside elements inside elements.
    #[error("line {line}: elements are nested more than {limit} deep. This is no WordPress export")]
    TooDeep {
        /// Line reached.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// The reader was used after it had failed.
    #[error("reading stopped at an earlier error; start again with a new reader")]
    Stopped,
    /// The writer was called in the wrong order.
    #[error(
        "{what} after {after}: write authors, then terms of category, of post_tag, other terms, \
         then items"
    )]
    Order {
        /// What was to be written.
        what: &'static str,
        /// What had been written before.
        after: &'static str,
    },
}

/// Something the reader forgave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Line of the file.
    pub line: u64,
    /// What it was.
    pub kind: NoticeKind,
}

/// What the reader forgave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeKind {
    /// A lone `&` or `<`, kept as written.
    LoneMarkup(char),
    /// A reference that XML does not know or allow, kept as written.
    UnknownReference(String),
    /// Control characters or noncharacters inside this element, kept.
    ControlCharacter(String),
    /// Bytes that are not UTF-8 inside this element.
    NotUtf8(String),
    /// Unescaped markup inside this element, passed over as WordPress does.
    NestedMarkup(String),
    /// This element came again; the first counts.
    Duplicate(String),
    /// This element is no part of WXR and was passed over (told once).
    UnknownElement(String),
    /// An RSS category without slug (told once).
    CategoryWithoutSlug,
    /// A document type without declarations, passed over.
    Doctype,
    /// A kept original that no longer fits the value it belongs to; the value in the file counts.
    StaleRaw(String),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.kind)
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoneMarkup(c) => write!(f, "a lone {c} was kept as text"),
            Self::UnknownReference(r) => write!(f, "{r} is no reference XML knows; kept as text"),
            Self::ControlCharacter(e) => write!(f, "<{e}> holds control characters; kept"),
            Self::NotUtf8(e) => write!(f, "<{e}> holds bytes that are not UTF-8"),
            Self::NestedMarkup(e) => write!(f, "unescaped markup inside <{e}> was left out"),
            Self::Duplicate(e) => write!(f, "<{e}> is there again; the first one counts"),
            Self::UnknownElement(e) => write!(f, "<{e}> is no part of WXR; left out"),
            Self::CategoryWithoutSlug => write!(f, "a category has no slug (nicename)"),
            Self::Doctype => write!(f, "the document type was passed over"),
            Self::StaleRaw(p) => write!(f, "the kept original of {p} does not fit; not used"),
        }
    }
}

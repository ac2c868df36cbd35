//! Archives (ZIP) that office documents and e-books are, read within bounds.
//!
//! Names of entries are only ever compared, never used as paths. What is unpacked counts against one measure for the whole
//! document, by what comes out, not by what the archive says.
//!
//! Never in here: writing of archives, passwords.

use crate::model::{Document, Limits, Status};
use std::borrow::Cow;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Why nothing can be read from an archive or an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Damaged,
    TooBig,
    Locked,
    Missing,
}

impl Fault {
    /// What is said to an editor.
    pub(crate) fn document(self, mime: &'static str) -> Document {
        let (status, reason) = match self {
            Fault::Damaged | Fault::Missing => (
                Status::Damaged,
                "The file is damaged or cut off and cannot be opened. Ask for it again.",
            ),
            Fault::TooBig => (
                Status::TooBig,
                "The file unpacks to more than is read, as files made to do harm do.",
            ),
            Fault::Locked => (Status::Locked, "The file needs a password. Put up a copy without one."),
        };
        Document {
            encrypted: self == Fault::Locked,
            ..Document::without_text(status, mime, reason)
        }
    }
}

/// An open archive.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    left: usize,
}

impl<'a> Archive<'a> {
    pub(crate) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Archive<'a>, Fault> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Damaged)?;
        if zip.len() > limits.max_entries {
            return Err(Fault::TooBig);
        }
        Ok(Archive {
            zip,
            left: limits.max_unzipped,
        })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.zip.file_names().flatten()
    }

    /// The content of an entry.
    pub(crate) fn read(&mut self, name: &str) -> Result<Vec<u8>, Fault> {
        let entry = self.zip.by_name(name).map_err(|fault| match fault {
            ZipError::FileNotFound => Fault::Missing,
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Fault::Locked,
            _ => Fault::Damaged,
        })?;
        let mut content = Vec::new();
        let read = entry.take(self.left as u64 + 1).read_to_end(&mut content);
        if content.len() > self.left {
            return Err(Fault::TooBig);
        }
        self.left -= content.len();
        read.map_err(|_| Fault::Damaged)?;
        Ok(content)
    }

    /// The text of an XML entry; an entry that is not there is empty, because most parts of a document are optional.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Fault> {
        match self.read(name) {
            Ok(bytes) => Ok(crate::xml::decode(&bytes).into_owned()),
            Err(Fault::Missing) => Ok(String::new()),
            Err(fault) => Err(fault),
        }
    }
}

/// A path in an archive as seen from another entry: `../media/a.png` from `word/document.xml`.
pub(crate) fn path_from(entry: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = entry.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

//! What can be wrong with a dump, and where.

use std::fmt;

/// A place in the dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Line, counted from 1.
    pub line: u64,
    /// Bytes before it.
    pub offset: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, byte {}", self.line, self.offset)
    }
}

/// Why a dump cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("the dump could not be read on at {place}: {source}")]
    Read {
        /// How far reading came.
        place: Place,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is something else than a text dump.
    #[error("this is no SQL dump that can be read (at {place}): it {what}; {hint}")]
    NotADump {
        /// The beginning of the file.
        place: Place,
        /// What it is instead.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// The dump is written in a character set in which quotes cannot be found safely.
    #[error(
        "the dump is written in the character set {charset} (at {place}); \
         make it again with --default-character-set=utf8mb4"
    )]
    Charset {
        /// The `SET NAMES` statement.
        place: Place,
        /// The name in it.
        charset: String,
    },
    /// Something stands where it cannot stand.
    #[error("the dump is damaged at {place}: {wanted} is expected, but {found} follows")]
    Syntax {
        /// Where.
        place: Place,
        /// What should be there.
        wanted: &'static str,
        /// The beginning of what is there.
        found: String,
    },
    /// The file ends too early.
    #[error(
        "the dump ends at {place} inside a statement that began at {began}; \
         it is cut off: make it again or copy it again"
    )]
    Truncated {
        /// The end of the file.
        place: Place,
        /// Where the unfinished statement began.
        began: Place,
    },
    /// Something is larger than the limits allow.
    #[error("{what} at {place} is larger than the limit of {limit}; leave it out of the dump or raise the limit")]
    TooLarge {
        /// The row or statement.
        place: Place,
        /// What is too large.
        what: String,
        /// The limit and its unit.
        limit: String,
    },
    /// A row does not fit its table.
    #[error("the row at {place} has {found} values, but table {table} has {wanted} columns")]
    Width {
        /// The row.
        place: Place,
        /// Its table.
        table: String,
        /// Columns of the table or of the statement's column list.
        wanted: usize,
        /// Values in the row.
        found: usize,
    },
    /// The program that made the dump reported an error in the middle of it.
    #[error("the dump is incomplete: at {place} the program that made it reports “{message}”")]
    Reported {
        /// The message.
        place: Place,
        /// Its text.
        message: String,
    },
}

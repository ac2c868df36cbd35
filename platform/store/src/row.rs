//! Values that go into a statement and rows that come out of it, the same for both databases.

use gp_kernel::{Error, Result};
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};

/// A value bound to `$n`. There is no NULL: columns that may be empty hold `''` or 0, which both databases sort alike.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// `bigint`
    Int(i64),
    /// `text`
    Text(String),
    /// `bytea` and `blob`
    Bytes(Vec<u8>),
}

impl From<i64> for Arg {
    fn from(v: i64) -> Self {
        Self::Int(v)
    }
}
impl From<usize> for Arg {
    fn from(v: usize) -> Self {
        Self::Int(i64::try_from(v).unwrap_or(i64::MAX))
    }
}
impl From<bool> for Arg {
    fn from(v: bool) -> Self {
        Self::Int(i64::from(v))
    }
}
impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Self::Text(clean(v.to_owned()))
    }
}
impl From<&String> for Arg {
    fn from(v: &String) -> Self {
        Self::Text(clean(v.clone()))
    }
}
impl From<String> for Arg {
    fn from(v: String) -> Self {
        Self::Text(clean(v))
    }
}
impl From<Vec<u8>> for Arg {
    fn from(v: Vec<u8>) -> Self {
        Self::Bytes(v)
    }
}
impl From<&[u8]> for Arg {
    fn from(v: &[u8]) -> Self {
        Self::Bytes(v.to_vec())
    }
}
macro_rules! from_id {
    ($($id:ty),*) => {$(
        impl From<$id> for Arg {
            fn from(v: $id) -> Self {
                Self::Int(v.0)
            }
        }
    )*};
}
from_id!(
    gp_kernel::ItemId,
    gp_kernel::UserId,
    gp_kernel::TermId,
    gp_kernel::TermTaxonomyId,
    gp_kernel::CommentId
);

/// PostgreSQL refuses U+0000 in text; a value that needs it belongs into a bytes column.
fn clean(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{FFFD}")
    } else {
        text
    }
}

/// A row of a result; columns are read by position.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

macro_rules! get {
    ($self:ident, $at:ident, $type:ty) => {
        match $self {
            Row::Sqlite(row) => row.try_get::<$type, _>($at),
            Row::Postgres(row) => row.try_get::<$type, _>($at),
        }
        .map_err(|e| Error::internal(format!("column {} of a result: {e}", $at)))
    };
}

impl Row {
    /// A number.
    ///
    /// # Errors
    /// When the column is missing or holds something else: a fault of the statement.
    pub fn int(&self, at: usize) -> Result<i64> {
        get!(self, at, i64)
    }

    /// A text.
    ///
    /// # Errors
    /// See [`Row::int`].
    pub fn text(&self, at: usize) -> Result<String> {
        get!(self, at, String)
    }

    /// Bytes.
    ///
    /// # Errors
    /// See [`Row::int`].
    pub fn bytes(&self, at: usize) -> Result<Vec<u8>> {
        get!(self, at, Vec<u8>)
    }
}

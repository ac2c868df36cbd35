//! A row of a table, lent out by the reader.

use crate::error::Place;
use crate::table::{Column, TableDef};

/// One value of a row, as the database held it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// `NULL`
    Null,
    /// A number, as written.
    Number(&'a str),
    /// A string or binary value, without quotes and escapes.
    Bytes(&'a [u8]),
    /// An SQL expression that the server would compute (`DEFAULT`, a function call). Strings in
    /// it are unescaped.
    Expression(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The bytes of the value; `None` for `NULL` and for expressions.
    pub fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Value::Number(text) => Some(text.as_bytes()),
            Value::Bytes(bytes) => Some(bytes),
            Value::Null | Value::Expression(_) => None,
        }
    }

    /// The value as a whole number, also when it is quoted.
    pub fn int(&self) -> Option<i64> {
        std::str::from_utf8(self.bytes()?).ok()?.trim().parse().ok()
    }
}

/// What a value in the row's store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Number,
    Bytes,
    Expression,
}

/// The values of the current row, one after the other in one piece of memory that is used again.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) bytes: Vec<u8>,
    /// Kind and end of each value.
    pub(crate) values: Vec<(Kind, usize)>,
}

impl Store {
    /// Memory kept from row to row.
    const KEPT: usize = 1 << 20;

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        if self.bytes.capacity() > 4 * Store::KEPT {
            self.bytes.shrink_to(Store::KEPT);
        }
        self.values.clear();
    }

    /// Where the value being read begins.
    pub(crate) fn start(&self) -> usize {
        self.values.last().map_or(0, |(_, end)| *end)
    }

    pub(crate) fn close(&mut self, kind: Kind) {
        self.values.push((kind, self.bytes.len()));
    }
}

/// One row. Valid until the reader goes on.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub(crate) table: &'a TableDef,
    pub(crate) listed: &'a [String],
    pub(crate) store: &'a Store,
    pub(crate) place: Place,
}

impl<'a> Row<'a> {
    /// The table. Without `CREATE TABLE` in the dump it has no columns.
    pub fn table(&self) -> &'a TableDef {
        self.table
    }

    /// Where the row begins in the dump.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.store.values.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.store.values.is_empty()
    }

    /// The value at a position.
    pub fn value(&self, position: usize) -> Option<Value<'a>> {
        let (kind, end) = *self.store.values.get(position)?;
        let start = if position == 0 {
            0
        } else {
            self.store.values[position - 1].1
        };
        let bytes = &self.store.bytes[start..end];
        Some(match kind {
            Kind::Null => Value::Null,
            Kind::Number => Value::Number(std::str::from_utf8(bytes).unwrap_or_default()),
            Kind::Bytes => Value::Bytes(bytes),
            Kind::Expression => Value::Expression(bytes),
        })
    }

    /// All values in order.
    pub fn values(&self) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let row = *self;
        (0..row.len()).filter_map(move |position| row.value(position))
    }

    /// Name of the column at a position: from the statement's column list, else from the table.
    /// `None` when the dump names no columns.
    pub fn name(&self, position: usize) -> Option<&'a str> {
        match self.listed {
            [] => self.table.columns.get(position).map(|column| column.name.as_str()),
            listed => listed.get(position).map(String::as_str),
        }
    }

    /// Position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        match self.listed {
            [] => self.table.columns.iter().position(|column| same(&column.name)),
            listed => listed.iter().position(|listed| same(listed)),
        }
    }

    /// The value of a column.
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        self.value(self.position(name)?)
    }

    /// Definition of the column at a position, if the dump has one.
    pub fn column(&self, position: usize) -> Option<&'a Column> {
        match self.listed {
            [] => self.table.columns.get(position),
            listed => self.table.column(listed.get(position)?),
        }
    }
}

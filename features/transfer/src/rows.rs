//! Rows on their way from a source (dump file, live database) to the tables: owned, in batches of one table.

use std::{fmt, sync::Arc};

use gp_sqldump::{Place, TableDef, Value};

/// What a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `NULL`
    Null,
    /// A number, as written.
    Number,
    /// Text or bytes.
    Bytes,
    /// Something that a server would compute.
    Expression,
}

/// Where a row stands in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// In a dump.
    Dump(Place),
    /// The how-manieth of its table in a live database.
    Row(u64),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dump(place) => place.fmt(f),
            Self::Row(number) => write!(f, "row {number}"),
        }
    }
}

/// One row: all cells in one piece of memory.
#[derive(Debug, Clone)]
pub struct OwnedRow {
    bytes: Vec<u8>,
    cells: Vec<(Kind, usize)>,
    /// Where it stands.
    pub at: At,
}

impl OwnedRow {
    /// An empty row, to be filled with [`OwnedRow::push`].
    pub fn new(at: At) -> Self {
        Self {
            bytes: Vec::new(),
            cells: Vec::new(),
            at,
        }
    }

    /// A copy of a row of a dump.
    pub fn of(row: &gp_sqldump::Row<'_>) -> Self {
        let size = row.values().filter_map(|v| v.bytes()).map(<[u8]>::len).sum();
        let mut owned = Self {
            bytes: Vec::with_capacity(size),
            cells: Vec::with_capacity(row.len()),
            at: At::Dump(row.place()),
        };
        for value in row.values() {
            match value {
                Value::Null => owned.push(Kind::Null, &[]),
                Value::Number(text) => owned.push(Kind::Number, text.as_bytes()),
                Value::Bytes(bytes) => owned.push(Kind::Bytes, bytes),
                Value::Expression(bytes) => owned.push(Kind::Expression, bytes),
            }
        }
        owned
    }

    /// Adds a cell.
    pub fn push(&mut self, kind: Kind, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.cells.push((kind, self.bytes.len()));
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// How much memory the values take.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// A cell with what it is.
    pub fn cell(&self, position: usize) -> Option<(Kind, &[u8])> {
        let (kind, end) = *self.cells.get(position)?;
        let start = if position == 0 { 0 } else { self.cells[position - 1].1 };
        Some((kind, &self.bytes[start..end]))
    }

    /// The bytes of a cell; `None` for `NULL` and for what a server would compute.
    pub fn value(&self, position: usize) -> Option<&[u8]> {
        match self.cell(position)? {
            (Kind::Number | Kind::Bytes, bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A cell as a whole number.
    pub fn int(&self, position: usize) -> Option<i64> {
        std::str::from_utf8(self.value(position)?).ok()?.trim().parse().ok()
    }

    /// The row as a tuple of SQL, always written the same way: `(1,'it\'s',NULL)`.
    pub fn tuple(&self) -> Vec<u8> {
        self.tuple_of((0..self.len()).map(Some))
    }

    /// The cells at these positions as a tuple of SQL; what the row does not hold is `DEFAULT`.
    pub fn tuple_of(&self, positions: impl Iterator<Item = Option<usize>>) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len() + self.cells.len() * 3 + 2);
        out.push(b'(');
        for (count, position) in positions.enumerate() {
            if count > 0 {
                out.push(b',');
            }
            match position.and_then(|position| self.cell(position)) {
                Some((Kind::Number, bytes)) if !bytes.is_empty() => out.extend_from_slice(bytes),
                Some((Kind::Number | Kind::Bytes, bytes)) => quote(&mut out, bytes),
                Some((Kind::Expression, bytes)) => out.extend_from_slice(bytes),
                Some((Kind::Null, _)) => out.extend_from_slice(b"NULL"),
                None => out.extend_from_slice(b"DEFAULT"),
            }
        }
        out.push(b')');
        out
    }
}

/// A string of SQL as mysqldump writes it.
pub(crate) fn quote(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'\'');
    for byte in bytes {
        match byte {
            0 => out.extend_from_slice(b"\\0"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x1a => out.extend_from_slice(b"\\Z"),
            b'\\' | b'\'' | b'"' => out.extend_from_slice(&[b'\\', *byte]),
            other => out.push(*other),
        }
    }
    out.push(b'\'');
}

/// Rows of one table, with the names of their columns.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The table.
    pub table: Arc<TableDef>,
    /// Column names in the order of the cells; empty when the source names none.
    pub columns: Arc<[String]>,
    /// The character set of the source's text (`SET NAMES`).
    pub charset: Option<Arc<str>>,
    /// The rows.
    pub rows: Vec<OwnedRow>,
}

/// What a source gives, in its order.
#[derive(Debug)]
pub enum Piece {
    /// A table is defined, with or without rows to come.
    Table(Arc<TableDef>),
    /// Rows.
    Rows(Batch),
}

/// A batch is handed on when it holds so many rows or so many bytes.
pub(crate) const BATCH_ROWS: usize = 1000;
/// See [`BATCH_ROWS`].
pub(crate) const BATCH_BYTES: usize = 512 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use gp_sqldump::{Event, Limits, Reader};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_tuple_reads_back_as_the_same_cells(
            cells in proptest::collection::vec(proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40)), 1..6)
        ) {
            let mut row = OwnedRow::new(At::Row(1));
            for cell in &cells {
                match cell {
                    None => row.push(Kind::Null, &[]),
                    Some(bytes) => row.push(Kind::Bytes, bytes),
                }
            }
            let mut sql = b"INSERT INTO `t` VALUES ".to_vec();
            sql.extend(row.tuple());
            sql.extend(b";\n");
            let mut reader = Reader::new(sql.as_slice(), Limits::default());
            let Some(Event::Row(read)) = reader.next().unwrap() else { panic!("a row") };
            let again = OwnedRow::of(&read);
            let found: Vec<Option<Vec<u8>>> = (0..again.len()).map(|i| again.value(i).map(<[u8]>::to_vec)).collect();
            prop_assert_eq!(found, cells);
        }
    }
}

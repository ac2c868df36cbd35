//! The reader: walks through the statements of a dump and lends out tables and rows.

use crate::error::{Error, Place};
use crate::lexer::Lexer;
use crate::literal::RowReader;
use crate::row::{Row, Store};
use crate::session::Session;
use crate::table::TableDef;
use std::io::Read;

/// How large single things may be. Together with the reader's window they bound its memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one value.
    pub max_value: usize,
    /// Bytes of all values of a row.
    pub max_row: usize,
    /// Bytes of a `CREATE TABLE` or `SET` statement.
    pub max_statement: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_value: 48 << 20,
            max_row: 64 << 20,
            max_statement: 1 << 20,
        }
    }
}

/// What the dump says next.
pub enum Event<'a> {
    /// A table is defined.
    CreateTable(&'a TableDef),
    /// A row of a table.
    Row(Row<'a>),
}

/// What [`Reader::step`] found.
pub(crate) enum Step {
    Table(usize),
    Row(Place),
}

/// Where the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Begin,
    /// Between statements.
    Top,
    /// Before a row of an `INSERT`; the flag says whether it is the first one.
    Rows(bool),
    /// After the end or an error.
    Done,
}

/// Reads a dump in one pass.
pub struct Reader<R> {
    pub(crate) lexer: Lexer<R>,
    pub(crate) limits: Limits,
    pub(crate) session: Session,
    pub(crate) state: State,
    pub(crate) database: Option<String>,
    pub(crate) tables: Vec<TableDef>,
    pub(crate) current: usize,
    pub(crate) listed: Vec<String>,
    store: Store,
    pub(crate) text: Vec<u8>,
}

impl<R: Read> Reader<R> {
    /// Begins to read.
    pub fn new(read: R, limits: Limits) -> Reader<R> {
        Reader {
            lexer: Lexer::new(read),
            limits,
            session: Session::default(),
            state: State::Begin,
            database: None,
            tables: Vec::new(),
            current: 0,
            listed: Vec::new(),
            store: Store::default(),
            text: Vec::new(),
        }
    }

    /// Makes a definition known that the dump may lack. A `CREATE TABLE` in the dump replaces it.
    pub fn supply(&mut self, table: TableDef) {
        self.tables.push(table);
    }

    /// The next table or row; `None` at the end. After an error there is nothing more.
    ///
    /// # Errors
    /// Whatever makes the dump unreadable, with its place.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, Error> {
        match self.step() {
            Ok(Some(Step::Table(at))) => Ok(Some(Event::CreateTable(&self.tables[at]))),
            Ok(Some(Step::Row(place))) => {
                let table = &self.tables[self.current];
                Ok(Some(Event::Row(Row {
                    table,
                    listed: &self.listed,
                    store: &self.store,
                    place,
                })))
            }
            Ok(None) => {
                self.state = State::Done;
                Ok(None)
            }
            Err(error) => {
                self.state = State::Done;
                Err(error)
            }
        }
    }

    /// Whether mysqldump's closing comment was seen. Other programs write none.
    pub fn completed(&self) -> bool {
        self.lexer.completed
    }

    /// The character set of the text, from `SET NAMES`.
    pub fn charset(&self) -> Option<&str> {
        self.session.charset.as_deref()
    }

    /// The tables defined or filled so far.
    pub fn tables(&self) -> &[TableDef] {
        &self.tables
    }

    /// Bytes read so far, to show progress.
    pub fn offset(&self) -> u64 {
        self.lexer.window.offset()
    }

    fn step(&mut self) -> Result<Option<Step>, Error> {
        loop {
            match self.state {
                State::Done => return Ok(None),
                State::Begin => {
                    self.begin()?;
                    self.state = State::Top;
                }
                State::Rows(first) => {
                    if let Some(place) = self.row(first)? {
                        self.state = State::Rows(false);
                        return Ok(Some(Step::Row(place)));
                    }
                    self.state = State::Top;
                }
                State::Top => {
                    self.lexer.condition = None;
                    self.lexer.space()?;
                    if self.lexer.window.peek()?.is_none() {
                        return Ok(None);
                    }
                    if let Some(step) = self.statement()? {
                        return Ok(Some(step));
                    }
                }
            }
        }
    }

    /// Reads the next row; `None` at the end of the statement.
    fn row(&mut self, first: bool) -> Result<Option<Place>, Error> {
        self.lexer.space()?;
        if !first {
            if self.lexer.delimiter()? {
                return Ok(None);
            }
            match self.lexer.window.peek()? {
                Some(b',') => self.lexer.window.skip(1),
                None => return Err(self.lexer.truncated()),
                _ if self.lexer.keyword("ON")? || self.lexer.keyword("AS")? => {
                    self.collect()?;
                    return Ok(None);
                }
                _ => return Err(self.lexer.unexpected("a comma or the end of the statement")),
            }
            self.lexer.space()?;
        }
        if self.lexer.window.peek()? != Some(b'(') {
            return Err(self.lexer.unexpected("a row in parentheses"));
        }
        let place = self.lexer.window.place();
        self.store.clear();
        let (lexer, store, limits) = (&mut self.lexer, &mut self.store, self.limits);
        RowReader {
            lexer,
            store,
            limits,
            place,
        }
        .row()?;
        self.check_width(place)?;
        Ok(Some(place))
    }

    fn check_width(&self, place: Place) -> Result<(), Error> {
        let table = &self.tables[self.current];
        let wanted = if self.listed.is_empty() {
            table.columns.len()
        } else {
            self.listed.len()
        };
        let found = self.store.values.len();
        if wanted == 0 || wanted == found {
            return Ok(());
        }
        Err(Error::Width {
            place,
            table: table.name.clone(),
            wanted,
            found,
        })
    }
}

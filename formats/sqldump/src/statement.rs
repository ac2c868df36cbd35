//! The statements of a dump: which ones matter, and what their beginnings say.

use crate::error::{Error, Place};
use crate::reader::{Reader, State, Step};
use crate::table::TableDef;
use std::io::Read;

impl<R: Read> Reader<R> {
    /// Looks at the first bytes: a byte order mark is skipped, other kinds of files are refused.
    pub(crate) fn begin(&mut self) -> Result<(), Error> {
        self.lexer.window.have(16)?;
        let utf16 = (
            "is UTF-16 text",
            "save it as UTF-8, or make it again without redirecting in PowerShell",
        );
        let packed = ("is compressed", "unpack it first");
        let (what, hint) = match self.lexer.window.rest() {
            [0xef, 0xbb, 0xbf, ..] => {
                self.lexer.window.skip(3);
                return Ok(());
            }
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=255, ..] | [1..=255, 0, ..] => utf16,
            [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..] | [b'B', b'Z', b'h', ..] => packed,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0xfd, b'7', b'z', b'X', b'Z', ..] => packed,
            rest if rest.starts_with(b"SQLite format 3") => {
                ("is an SQLite database", "export a mysqldump of the site's database")
            }
            [b'<', ..] => ("is XML or HTML", "export as SQL; WordPress exports are imported as WXR"),
            _ => return Ok(()),
        };
        Err(Error::NotADump {
            place: Place::default(),
            what,
            hint,
        })
    }

    /// Reads a statement up to its first row, its definition or its end.
    pub(crate) fn statement(&mut self) -> Result<Option<Step>, Error> {
        self.lexer.began = self.lexer.window.place();
        if self.lexer.delimiter()? {
            return Ok(None);
        }
        if self.lexer.window.peek()? == Some(b'(') {
            // SELECT in parentheses
            self.lexer.finish(None, 0)?;
            return Ok(None);
        }
        let word = self.lexer.word()?.to_ascii_uppercase();
        match word.as_str() {
            "INSERT" | "REPLACE" => {
                self.lexer.space()?;
                self.insert()?;
                Ok(None)
            }
            "CREATE" => {
                self.lexer.space()?;
                self.create()
            }
            "SET" => {
                let text = self.collect()?;
                self.session.set(&text);
                self.lexer.plain_backslash = self.session.plain_backslash;
                self.check_charset()?;
                Ok(None)
            }
            "USE" => {
                self.lexer.space()?;
                self.database = Some(self.lexer.name()?);
                self.lexer.finish(None, 0)?;
                Ok(None)
            }
            "DELIMITER" => {
                let line = self.lexer.line()?;
                let delimiter = line.split_ascii_whitespace().next().unwrap_or(";");
                self.lexer.delimiter = delimiter.as_bytes().to_vec();
                Ok(None)
            }
            "MYSQLDUMP" | "MARIADB" | "WARNING" | "ERROR" => self.message(&word).map(|()| None),
            known if IGNORED.contains(&known) => {
                self.lexer.finish(None, 0)?;
                Ok(None)
            }
            "" => Err(self.lexer.unexpected("an SQL statement")),
            _ if self.lexer.window.peek()?.is_none() => Err(self.lexer.truncated()),
            unknown => {
                let found = format!("the word “{unknown}”");
                Err(Error::Syntax {
                    place: self.lexer.began,
                    wanted: "an SQL statement",
                    found,
                })
            }
        }
    }

    /// Messages of the dump program that were written into the file. Warnings are harmless.
    fn message(&mut self, word: &str) -> Result<(), Error> {
        let line = format!("{}{}", word.to_ascii_lowercase(), self.lexer.line()?);
        let lower = line.to_ascii_lowercase();
        if lower.contains("warning") || lower.contains("deprecated") {
            return Ok(());
        }
        Err(Error::Reported {
            place: self.lexer.began,
            message: line,
        })
    }

    /// The rest of the statement as text.
    pub(crate) fn collect(&mut self) -> Result<String, Error> {
        self.text.clear();
        self.lexer.finish(Some(&mut self.text), self.limits.max_statement)?;
        Ok(String::from_utf8_lossy(&self.text).into_owned())
    }

    /// In some character sets a backslash can be half a character.
    fn check_charset(&self) -> Result<(), Error> {
        const UNSAFE: [&str; 10] = [
            "big5", "cp932", "gb18030", "gb2312", "gbk", "sjis", "ucs2", "utf16", "utf16le", "utf32",
        ];
        match self.session.charset.as_deref() {
            Some(name) if UNSAFE.contains(&name) => Err(Error::Charset {
                place: self.lexer.began,
                charset: name.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    fn create(&mut self) -> Result<Option<Step>, Error> {
        let condition = self.lexer.condition;
        self.lexer.keyword("TEMPORARY")?;
        let is_table = self.lexer.keyword("TABLE")?;
        /// Under this condition mysqldump writes tables that stand for views until the end.
        const VIEWS: Option<u32> = Some(50001);
        if !is_table || condition == VIEWS {
            self.lexer.finish(None, 0)?;
            return Ok(None);
        }
        if self.lexer.keyword("IF")? {
            self.lexer.keyword("NOT")?;
            self.lexer.keyword("EXISTS")?;
        }
        let (database, name) = self.table_name()?;
        let body = self.collect()?;
        let quoted = name.replace('`', "``");
        let definition = format!("CREATE TABLE `{quoted}` {}", body.trim());
        let Some(mut table) = TableDef::parse(name, &body, definition) else {
            let found = "its end".to_owned();
            let wanted = "the closing parenthesis of a table definition";
            return Err(Error::Syntax {
                place: self.lexer.began,
                wanted,
                found,
            });
        };
        table.database = database;
        match self.find(&table.database, &table.name) {
            Some(at) => {
                self.tables[at] = table;
                Ok(Some(Step::Table(at)))
            }
            None => {
                self.tables.push(table);
                Ok(Some(Step::Table(self.tables.len() - 1)))
            }
        }
    }

    /// A table's name, with its database if one is known.
    fn table_name(&mut self) -> Result<(Option<String>, String), Error> {
        let name = self.lexer.name()?;
        self.lexer.space()?;
        if self.lexer.window.peek()? != Some(b'.') {
            return Ok((self.database.clone(), name));
        }
        self.lexer.window.skip(1);
        let table = self.lexer.name()?;
        self.lexer.space()?;
        Ok((Some(name), table))
    }

    /// Position of a known table. One that was supplied fits every database.
    fn find(&self, database: &Option<String>, name: &str) -> Option<usize> {
        let same = |table: &TableDef| {
            let supplied = table.database.is_none() && table.definition.is_empty();
            table.name == name && (table.database == *database || supplied)
        };
        if self.tables.get(self.current).is_some_and(same) {
            return Some(self.current);
        }
        self.tables.iter().rposition(same)
    }

    /// Reads an `INSERT` up to its first row.
    fn insert(&mut self) -> Result<(), Error> {
        for word in ["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"] {
            self.lexer.keyword(word)?;
        }
        let (database, name) = self.table_name()?;
        self.current = match self.find(&database, &name) {
            Some(at) => at,
            None => {
                self.tables.push(TableDef {
                    database,
                    name,
                    ..TableDef::default()
                });
                self.tables.len() - 1
            }
        };
        self.listed.clear();
        if self.lexer.window.peek()? == Some(b'(') {
            self.column_list()?;
        }
        if !self.lexer.keyword("VALUES")? && !self.lexer.keyword("VALUE")? {
            return Err(self
                .lexer
                .unexpected("VALUES (rows that the server computes cannot be read)"));
        }
        self.state = State::Rows(true);
        Ok(())
    }

    fn column_list(&mut self) -> Result<(), Error> {
        /// MySQL allows 4,096 columns in a table.
        const MOST: usize = 4096;
        loop {
            self.lexer.window.skip(1);
            self.lexer.space()?;
            if self.listed.is_empty() && self.lexer.window.peek()? == Some(b')') {
                break;
            }
            let name = self.lexer.name()?;
            self.listed.push(name);
            self.lexer.space()?;
            match self.lexer.window.peek()? {
                Some(b',') if self.listed.len() < MOST => {}
                Some(b')') => break,
                _ => return Err(self.lexer.unexpected("a comma or a closing parenthesis")),
            }
        }
        self.lexer.window.skip(1);
        self.lexer.space()
    }
}

/// Statements without rows.
const IGNORED: [&str; 41] = [
    "ALTER",
    "ANALYZE",
    "BEGIN",
    "CALL",
    "CHANGE",
    "CHECK",
    "COMMIT",
    "DEALLOCATE",
    "DELETE",
    "DO",
    "DROP",
    "END",
    "EXECUTE",
    "FLUSH",
    "GRANT",
    "INSTALL",
    "KILL",
    "LOAD",
    "LOCK",
    "OPTIMIZE",
    "PREPARE",
    "PURGE",
    "RELEASE",
    "RENAME",
    "REPAIR",
    "RESET",
    "RESTART",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SHOW",
    "START",
    "STOP",
    "TRUNCATE",
    "UNINSTALL",
    "UNLOCK",
    "UPDATE",
    "WITH",
    "XA",
    "OPTION",
];

//! The small parts of SQL text: white space, comments, words, names, ends of statements.

use crate::error::{Error, Place};
use crate::window::Window;
use std::io::Read;

/// Longest word or name that can mean something (MySQL allows 64 characters).
const LONGEST_NAME: usize = 512;

pub(crate) struct Lexer<R> {
    pub(crate) window: Window<R>,
    /// What ends a statement; `;` unless a DELIMITER line changed it.
    pub(crate) delimiter: Vec<u8>,
    /// Whether a backslash in a string is an ordinary character.
    pub(crate) plain_backslash: bool,
    /// Whether the closing comment of mysqldump was seen.
    pub(crate) completed: bool,
    /// Version in the conditional comment (`/*!50001`) around the position.
    pub(crate) condition: Option<u32>,
    /// Where the current statement began.
    pub(crate) began: Place,
}

/// What may stand in an unquoted name.
pub(crate) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

impl<R: Read> Lexer<R> {
    pub(crate) fn new(source: R) -> Lexer<R> {
        Lexer {
            window: Window::new(source),
            delimiter: b";".to_vec(),
            plain_backslash: false,
            completed: false,
            condition: None,
            began: Place::default(),
        }
    }

    /// The error for a file that ends here.
    pub(crate) fn truncated(&mut self) -> Error {
        Error::Truncated {
            place: self.window.place(),
            began: self.began,
        }
    }

    /// The error for text that cannot stand here (or for a file that ends here).
    pub(crate) fn unexpected(&mut self, wanted: &'static str) -> Error {
        match self.window.have(24) {
            Err(error) => return error,
            Ok(false) if self.window.rest().is_empty() => return self.truncated(),
            Ok(_) => {}
        }
        let rest = self.window.rest();
        let found = format!("“{}”", rest[..rest.len().min(24)].escape_ascii());
        Error::Syntax {
            place: self.window.place(),
            wanted,
            found,
        }
    }

    /// Skips white space and comments. The content of conditional comments is SQL.
    #[inline]
    pub(crate) fn space(&mut self) -> Result<(), Error> {
        loop {
            match self.window.peek()? {
                Some(byte) if byte > b' ' && !matches!(byte, b'-' | b'#' | b'/' | b'*') => {
                    return Ok(());
                }
                None => return Ok(()),
                Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) => self.window.skip(1),
                Some(_) => {
                    if !self.comment()? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Skips a comment or the border of a conditional one, if there is one.
    pub(crate) fn comment(&mut self) -> Result<bool, Error> {
        self.window.have(3)?;
        match self.window.rest() {
            [b'#', ..] => self.line_comment(),
            [b'-', b'-', third, ..] if *third <= b' ' => self.line_comment(),
            [b'-', b'-'] => self.line_comment(),
            [b'/', b'*', ..] => self.block_comment(),
            [b'*', b'/', ..] => {
                self.window.skip(2);
                self.condition = None;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn line_comment(&mut self) -> Result<bool, Error> {
        const CLOSING: &[u8] = b"-- Dump completed";
        self.window.have(CLOSING.len())?;
        let start = self.window.rest().get(..CLOSING.len()).unwrap_or_default();
        if start.eq_ignore_ascii_case(CLOSING) {
            self.completed = true;
        }
        self.window.skip_until(b'\n')?;
        Ok(true)
    }

    fn block_comment(&mut self) -> Result<bool, Error> {
        /// MariaDB uses this version for what no server shall execute.
        const NEVER: u32 = 999_999;
        self.window.have(16)?;
        let rest = self.window.rest();
        let body = rest.strip_prefix(b"/*M!").or_else(|| rest.strip_prefix(b"/*!"));
        if let Some(body) = body {
            let digits = body.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
            let version = body[..digits].iter().fold(0, |sum, b| sum * 10 + u32::from(b - b'0'));
            if version < NEVER {
                let count = rest.len() - body.len() + digits;
                self.window.skip(count);
                self.condition = Some(version);
                return Ok(true);
            }
        }
        self.window.skip(2);
        while self.window.skip_until(b'*')? {
            self.window.skip(1);
            if self.window.peek()? == Some(b'/') {
                self.window.skip(1);
                return Ok(true);
            }
        }
        Err(self.truncated())
    }

    /// Reads an unquoted word; empty if none comes.
    pub(crate) fn word(&mut self) -> Result<String, Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = self.window.peek()?.filter(|byte| is_name_byte(*byte)) {
            if bytes.len() >= LONGEST_NAME {
                return Err(self.unexpected("a shorter name"));
            }
            bytes.push(byte);
            self.window.skip(1);
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Steps over the word if it comes next (in any case).
    pub(crate) fn keyword(&mut self, word: &str) -> Result<bool, Error> {
        let length = word.len();
        self.window.have(length + 1)?;
        let rest = self.window.rest();
        let same = rest.len() >= length && rest[..length].eq_ignore_ascii_case(word.as_bytes());
        if !same || rest.get(length).is_some_and(|byte| is_name_byte(*byte)) {
            return Ok(false);
        }
        self.window.skip(length);
        self.space()?;
        Ok(true)
    }

    /// Reads a name, quoted or not.
    pub(crate) fn name(&mut self) -> Result<String, Error> {
        let quote = match self.window.peek()? {
            Some(quote @ (b'`' | b'"')) => quote,
            _ => {
                let word = self.word()?;
                return if word.is_empty() {
                    Err(self.unexpected("a name"))
                } else {
                    Ok(word)
                };
            }
        };
        self.window.skip(1);
        let mut bytes = Vec::new();
        loop {
            let Some(byte) = self.window.peek()? else {
                return Err(self.truncated());
            };
            if bytes.len() >= LONGEST_NAME {
                return Err(self.unexpected("the end of a name"));
            }
            self.window.skip(1);
            if byte == quote {
                if self.window.peek()? != Some(quote) {
                    return Ok(String::from_utf8_lossy(&bytes).into_owned());
                }
                self.window.skip(1);
            }
            bytes.push(byte);
        }
    }

    /// Steps over the end of the statement if it comes next.
    pub(crate) fn delimiter(&mut self) -> Result<bool, Error> {
        self.window.have(self.delimiter.len())?;
        let ends = self.window.rest().starts_with(&self.delimiter);
        if ends {
            let count = self.delimiter.len();
            self.window.skip(count);
        }
        Ok(ends)
    }

    /// Steps over the rest of the line and returns its beginning.
    pub(crate) fn line(&mut self) -> Result<String, Error> {
        const LONGEST: usize = 200;
        self.window.have(LONGEST)?;
        let rest = self.window.rest();
        let line = rest[..rest.len().min(LONGEST)].split(|byte| *byte == b'\n').next();
        let text = String::from_utf8_lossy(line.unwrap_or_default()).trim().to_owned();
        self.window.skip_until(b'\n')?;
        Ok(text)
    }

    /// Steps over everything up to and with the end of the statement. Copies the text to `copy`,
    /// which must not become longer than `limit`.
    pub(crate) fn finish(&mut self, mut copy: Option<&mut Vec<u8>>, limit: usize) -> Result<(), Error> {
        let mut quote = None;
        loop {
            let Some(byte) = self.window.peek()? else {
                return Err(self.truncated());
            };
            let mut count = 1;
            match quote {
                None => {
                    if self.delimiter()? {
                        return Ok(());
                    }
                    if matches!(byte, b'-' | b'#' | b'/' | b'*') && self.comment()? {
                        // A comment separates words, as white space does.
                        self.copy(&mut copy, b" ", limit)?;
                        continue;
                    }
                    if matches!(byte, b'\'' | b'"' | b'`') {
                        quote = Some(byte);
                    }
                }
                Some(b'\'' | b'"') if byte == b'\\' && !self.plain_backslash => count = 2,
                Some(open) if open == byte => quote = None,
                Some(_) => {}
            }
            self.window.have(count)?;
            let count = count.min(self.window.rest().len());
            if let Some(copy) = copy.as_deref_mut() {
                copy.extend_from_slice(&self.window.rest()[..count]);
            }
            self.window.skip(count);
            self.copy(&mut copy, b"", limit)?;
        }
    }

    fn copy(&self, copy: &mut Option<&mut Vec<u8>>, more: &[u8], limit: usize) -> Result<(), Error> {
        let Some(copy) = copy.as_deref_mut() else {
            return Ok(());
        };
        copy.extend_from_slice(more);
        if copy.len() > limit {
            let what = "a statement".to_owned();
            return Err(Error::TooLarge {
                place: self.began,
                what,
                limit: format!("{limit} bytes"),
            });
        }
        Ok(())
    }
}

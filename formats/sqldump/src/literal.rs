//! Reads the values of a row from their SQL notation.

use crate::error::{Error, Place};
use crate::lexer::{Lexer, is_name_byte};
use crate::reader::Limits;
use crate::row::{Kind, Store};
use std::io::Read;

/// MySQL allows 4,096 columns in a table.
const MOST_COLUMNS: usize = 4096;

/// Reads one row into a store.
pub(crate) struct RowReader<'a, R> {
    pub(crate) lexer: &'a mut Lexer<R>,
    pub(crate) store: &'a mut Store,
    pub(crate) limits: Limits,
    /// Where the row begins.
    pub(crate) place: Place,
}

impl<R: Read> RowReader<'_, R> {
    /// Reads the values between the parentheses, the opening one included.
    pub(crate) fn row(&mut self) -> Result<(), Error> {
        self.lexer.window.skip(1);
        self.lexer.space()?;
        if self.lexer.window.peek()? == Some(b')') {
            self.lexer.window.skip(1);
            return Ok(());
        }
        loop {
            self.lexer.space()?;
            let kind = self.value()?;
            self.store.close(kind);
            self.lexer.space()?;
            match self.lexer.window.peek()? {
                Some(b',') if self.store.values.len() < MOST_COLUMNS => self.lexer.window.skip(1),
                Some(b',') => return Err(self.too_large("the row", MOST_COLUMNS, "columns")),
                Some(b')') => {
                    self.lexer.window.skip(1);
                    return Ok(());
                }
                _ => return Err(self.lexer.unexpected("a comma or a closing parenthesis")),
            }
        }
    }

    fn too_large(&self, what: &str, limit: usize, unit: &str) -> Error {
        let what = format!("{what} (column {})", self.store.values.len() + 1);
        Error::TooLarge {
            place: self.place,
            what,
            limit: format!("{limit} {unit}"),
        }
    }

    /// Adds bytes to the current value.
    fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.allow(bytes.len())?;
        self.store.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Whether so many bytes more are allowed.
    #[inline]
    fn allow(&self, more: usize) -> Result<(), Error> {
        let length = self.store.bytes.len() + more;
        if length - self.store.start() > self.limits.max_value {
            return Err(self.too_large("a value of the row", self.limits.max_value, "bytes"));
        }
        if length > self.limits.max_row {
            return Err(self.too_large("the row", self.limits.max_row, "bytes"));
        }
        Ok(())
    }

    /// Moves `count` bytes from the window to the current value.
    #[inline]
    fn take(&mut self, count: usize) -> Result<(), Error> {
        self.allow(count)?;
        self.store.bytes.extend_from_slice(&self.lexer.window.rest()[..count]);
        self.lexer.window.skip(count);
        Ok(())
    }

    fn value(&mut self) -> Result<Kind, Error> {
        self.lexer.window.have(2)?;
        match self.lexer.window.rest() {
            [quote @ (b'\'' | b'"'), ..] => {
                let quote = *quote;
                self.string(quote, self.lexer.plain_backslash)?;
                Ok(Kind::Bytes)
            }
            [b'0', b'x' | b'X', ..] => {
                self.lexer.window.skip(2);
                self.digits(16)?;
                Ok(Kind::Bytes)
            }
            [b'0', b'b' | b'B', ..] => {
                self.lexer.window.skip(2);
                self.digits(2)?;
                Ok(Kind::Bytes)
            }
            [b'0'..=b'9' | b'-' | b'+' | b'.', ..] => self.number(),
            [letter @ (b'x' | b'X' | b'b' | b'B'), b'\'', ..] => {
                let base = if letter.eq_ignore_ascii_case(&b'x') { 16 } else { 2 };
                self.lexer.window.skip(2);
                self.digits(base)?;
                if self.lexer.window.peek()? != Some(b'\'') {
                    return Err(self.lexer.unexpected("a digit or a quote"));
                }
                self.lexer.window.skip(1);
                Ok(Kind::Bytes)
            }
            [first, ..] if is_name_byte(*first) => {
                if self.lexer.keyword("NULL")? {
                    Ok(Kind::Null)
                } else {
                    self.word()
                }
            }
            _ => Err(self.lexer.unexpected("a value")),
        }
    }

    /// A number; a sign may stand before it.
    fn number(&mut self) -> Result<Kind, Error> {
        let start = self.store.bytes.len();
        loop {
            let rest = self.lexer.window.rest();
            let part = |b: &u8| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
            let count = rest.iter().take_while(|byte| part(byte)).count();
            let more = count == rest.len();
            self.take(count)?;
            if !more || !self.lexer.window.have(1)? {
                break;
            }
        }
        if !self.store.bytes[start..].iter().any(u8::is_ascii_digit) {
            return Err(self.lexer.unexpected("a number"));
        }
        Ok(Kind::Number)
    }

    /// A quoted string. The window stands on the opening quote.
    fn string(&mut self, quote: u8, plain_backslash: bool) -> Result<(), Error> {
        self.lexer.window.skip(1);
        loop {
            if !self.lexer.window.have(1)? {
                return Err(self.lexer.truncated());
            }
            let rest = self.lexer.window.rest();
            let found = if plain_backslash {
                memchr::memchr(quote, rest)
            } else {
                memchr::memchr2(quote, b'\\', rest)
            };
            let Some(count) = found else {
                self.take(rest.len())?;
                continue;
            };
            let special = rest[count];
            self.take(count)?;
            self.lexer.window.skip(1);
            let next = self.lexer.window.peek()?;
            match next {
                Some(next) if special == quote && next == quote => self.push(&[quote])?,
                _ if special == quote => return Ok(()),
                Some(next) => self.escape(next)?,
                None => return Err(self.lexer.truncated()),
            }
            self.lexer.window.skip(1);
        }
    }

    /// What a backslash and a byte mean. `\%` and `\_` keep their backslash, as in MySQL.
    fn escape(&mut self, byte: u8) -> Result<(), Error> {
        match byte {
            b'0' => self.push(&[0]),
            b'b' => self.push(&[8]),
            b'n' => self.push(b"\n"),
            b'r' => self.push(b"\r"),
            b't' => self.push(b"\t"),
            b'Z' => self.push(&[0x1a]),
            b'%' | b'_' => self.push(&[b'\\', byte]),
            other => self.push(&[other]),
        }
    }

    /// Hexadecimal or binary digits as bytes. An incomplete first byte is filled up with zeros.
    fn digits(&mut self, base: u32) -> Result<(), Error> {
        let start = self.store.bytes.len();
        let per_byte = if base == 16 { 2 } else { 8 };
        let (mut byte, mut count) = (0u32, 0);
        while let Some(digit) = self.lexer.window.peek()?.and_then(|b| char::from(b).to_digit(base)) {
            self.lexer.window.skip(1);
            byte = byte * base + digit;
            count += 1;
            if count == per_byte {
                self.push(&[byte as u8])?;
                (byte, count) = (0, 0);
            }
        }
        if count > 0 {
            self.push(&[byte as u8])?;
            let bits = count * if base == 16 { 4 } else { 1 };
            shift_right(&mut self.store.bytes[start..], bits);
        }
        Ok(())
    }

    /// A value that begins with a letter: a truth value, a character set before a string, a function.
    fn word(&mut self) -> Result<Kind, Error> {
        let word = self.lexer.word()?;
        let quote = self.lexer.window.peek()?;
        if word.eq_ignore_ascii_case("n") && quote == Some(b'\'') {
            return self.value();
        }
        if word.starts_with('_') {
            self.lexer.space()?;
            // Only literals can follow; anything else would not end.
            let follows = self.lexer.window.peek()?;
            if matches!(follows, Some(b'\'' | b'"' | b'0' | b'x' | b'X' | b'b' | b'B')) {
                return self.value();
            }
            return Err(self.lexer.unexpected("a string"));
        }
        match word.to_ascii_uppercase().as_str() {
            "TRUE" => self.push(b"1")?,
            "FALSE" => self.push(b"0")?,
            "DEFAULT" | "CURRENT_TIMESTAMP" if quote != Some(b'(') => {
                self.push(word.as_bytes())?;
                return Ok(Kind::Expression);
            }
            _ if quote == Some(b'(') => {
                self.push(word.as_bytes())?;
                return self.expression();
            }
            _ => return Err(self.lexer.unexpected("a value (a word cannot be one)")),
        }
        Ok(Kind::Number)
    }

    /// A function call, as written, up to its closing parenthesis.
    fn expression(&mut self) -> Result<Kind, Error> {
        let mut depth = 0usize;
        loop {
            let Some(byte) = self.lexer.window.peek()? else {
                return Err(self.lexer.truncated());
            };
            match byte {
                b'\'' | b'"' => {
                    self.push(&[byte])?;
                    self.string(byte, self.lexer.plain_backslash)?;
                    self.push(&[byte])?;
                    continue;
                }
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.take(1)?;
            if depth == 0 {
                return Ok(Kind::Expression);
            }
        }
    }
}

/// The digits before the last, incomplete byte were packed from the left: `0xABC` came in as
/// `AB 0C`. Moves them so that the first byte is the incomplete one: `0A BC`.
fn shift_right(bytes: &mut [u8], last_bits: u32) {
    let Some((last, full)) = bytes.split_last() else {
        return;
    };
    let mut carry = u32::from(*last);
    let mut out = Vec::with_capacity(bytes.len());
    for byte in full.iter().rev() {
        carry |= u32::from(*byte) << last_bits;
        out.push(carry as u8);
        carry >>= 8;
    }
    out.push(carry as u8);
    for (target, byte) in bytes.iter_mut().zip(out.iter().rev()) {
        *target = *byte;
    }
}

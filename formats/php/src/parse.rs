//! Reads PHP's serialised format, with limits for depth and size.

use crate::detect::trimmed;
use crate::repair::Repair;
use crate::value::{Key, Value};

/// Why a text is not a serialised value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid serialised PHP value: {what} at byte {offset}")]
pub struct Error {
    /// Where in the text, counted from 0.
    pub offset: usize,
    /// What is wrong there.
    pub what: &'static str,
}

/// How large a text may be before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Arrays and objects inside each other.
    pub depth: usize,
    /// Bytes of the text.
    pub bytes: usize,
    /// Values in the text, keys not counted.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            depth: 64,
            bytes: 64 << 20,
            values: 1_000_000,
        }
    }
}

/// Reads a text strictly: every length must be right and nothing may follow the value.
///
/// # Errors
/// The first place where the text breaks the format or a default limit.
pub fn parse(text: &[u8]) -> Result<Value, Error> {
    parse_with(text, Limits::default())
}

/// [`parse`] with limits of the caller.
///
/// # Errors
/// The first place where the text breaks the format or a limit.
pub fn parse_with(text: &[u8], limits: Limits) -> Result<Value, Error> {
    let mut parser = Parser::new(text, limits, None)?;
    let value = parser.value(0)?;
    if parser.at < text.len() {
        parser.fail("something follows the value")
    } else {
        Ok(value)
    }
}

/// Reads a text as generously as can be done without guessing wildly: white space around it is
/// ignored, text after the value is ignored (as PHP does), and wrong string lengths are
/// repaired when the end of the string can be found. Wrong lengths come from line ends that
/// were normalised, from converted character sets and from searching and replacing in a dump.
///
/// # Errors
/// The error of the strict reading when repair is impossible.
pub fn parse_lenient(text: &[u8]) -> Result<Value, Error> {
    let text = trimmed(text);
    let limits = Limits::default();
    let strict = match Parser::new(text, limits, None)?.value(0) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    for distrust in [false, true] {
        let repair = Repair::new(text.len(), distrust);
        let mut parser = Parser::new(text, limits, Some(repair))?;
        match parser.value(0) {
            Ok(value) if parser.at == text.len() => return Ok(value),
            _ => {}
        }
    }
    Err(strict)
}

/// What follows a string, needed to find its end when the length is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follows {
    /// The end of the text: the string is the whole value.
    End,
    /// A value: the string is a key.
    Value,
    /// Another key or the closing brace: the string is an element.
    KeyOrClose,
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    limits: Limits,
    values: usize,
    repair: Option<Repair>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a [u8], limits: Limits, repair: Option<Repair>) -> Result<Parser<'a>, Error> {
        if text.len() > limits.bytes {
            return Err(Error {
                offset: limits.bytes,
                what: "the text is too long",
            });
        }
        Ok(Parser {
            text,
            at: 0,
            limits,
            values: 0,
            repair,
        })
    }

    fn fail<T>(&self, what: &'static str) -> Result<T, Error> {
        Err(Error { offset: self.at, what })
    }

    fn expect(&mut self, wanted: &[u8], what: &'static str) -> Result<(), Error> {
        if !self.text[self.at..].starts_with(wanted) {
            return self.fail(what);
        }
        self.at += wanted.len();
        Ok(())
    }

    /// The bytes up to `end`, which is skipped.
    fn until(&mut self, end: u8, what: &'static str) -> Result<&'a [u8], Error> {
        /// Longer than any number that PHP writes.
        const LONGEST: usize = 400;
        let rest = &self.text[self.at..];
        let window = &rest[..rest.len().min(LONGEST)];
        match window.iter().position(|byte| *byte == end) {
            Some(length) => {
                self.at += length + 1;
                Ok(&window[..length])
            }
            None => self.fail(what),
        }
    }

    /// An unsigned number before `end`.
    fn count(&mut self, end: u8) -> Result<usize, Error> {
        let start = self.at;
        let digits = self.until(end, "a length is expected")?;
        let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        let number = std::str::from_utf8(digits)
            .ok()
            .filter(|_| plain)
            .and_then(|t| t.parse().ok());
        number.ok_or(Error {
            offset: start,
            what: "a length is expected",
        })
    }

    fn int(&mut self) -> Result<i64, Error> {
        let start = self.at;
        let text = self.until(b';', "a whole number is expected")?;
        let number = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
        number.ok_or(Error {
            offset: start,
            what: "a whole number is expected",
        })
    }

    fn float(&mut self) -> Result<f64, Error> {
        let start = self.at;
        let error = Error {
            offset: start,
            what: "a number is expected",
        };
        let text = self.until(b';', "a number is expected")?;
        match text {
            b"INF" => return Ok(f64::INFINITY),
            b"-INF" => return Ok(f64::NEG_INFINITY),
            b"NAN" => return Ok(f64::NAN),
            _ => {}
        }
        let allowed = |b: &u8| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let text = Some(text).filter(|text| text.iter().all(allowed));
        let number = text
            .and_then(|t| std::str::from_utf8(t).ok())
            .and_then(|t| t.parse().ok());
        number.ok_or(error)
    }

    fn value(&mut self, depth: usize) -> Result<Value, Error> {
        self.values += 1;
        if self.values > self.limits.values {
            return self.fail("there are too many values");
        }
        let start = self.at;
        let head = self.text.get(start..start + 2).unwrap_or_default();
        self.at = (start + 2).min(self.text.len());
        match head {
            b"N;" => Ok(Value::Null),
            b"b:" => self.bool(),
            b"i:" => Ok(Value::Int(self.int()?)),
            b"d:" => Ok(Value::Float(self.float()?)),
            b"s:" => {
                let follows = if depth == 0 { Follows::End } else { Follows::KeyOrClose };
                Ok(Value::Bytes(self.string(follows)?))
            }
            b"a:" => Ok(Value::Array(self.entries(depth)?)),
            b"O:" => {
                let class = self.name()?;
                self.expect(b":", "a colon is expected")?;
                Ok(Value::Object {
                    class,
                    fields: self.entries(depth)?,
                })
            }
            b"C:" => self.custom(),
            b"E:" => {
                let name = self.name()?;
                self.expect(b";", "a semicolon is expected")?;
                Ok(Value::Enum(name))
            }
            b"r:" | b"R:" => self.reference(head == b"R:"),
            _ => Err(Error {
                offset: start,
                what: "a value is expected",
            }),
        }
    }

    fn bool(&mut self) -> Result<Value, Error> {
        let value = match self.text.get(self.at) {
            Some(b'0') => Value::Bool(false),
            Some(b'1') => Value::Bool(true),
            _ => return self.fail("0 or 1 is expected"),
        };
        self.at += 1;
        self.expect(b";", "a semicolon is expected")?;
        Ok(value)
    }

    fn custom(&mut self) -> Result<Value, Error> {
        let class = self.name()?;
        self.expect(b":", "a colon is expected")?;
        let length = self.count(b':')?;
        self.expect(b"{", "an opening brace is expected")?;
        let data = self.take(length)?;
        self.expect(b"}", "a closing brace is expected")?;
        Ok(Value::Custom { class, data })
    }

    /// A reference may only point to a value that came before it.
    fn reference(&mut self, shared: bool) -> Result<Value, Error> {
        let start = self.at;
        let slot = self.count(b';')?;
        if slot == 0 || slot >= self.values {
            return Err(Error {
                offset: start,
                what: "the reference leads nowhere",
            });
        }
        Ok(Value::Reference { slot, shared })
    }

    fn take(&mut self, length: usize) -> Result<Vec<u8>, Error> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.text.len());
        let Some(end) = end else {
            return self.fail("the text ends too early");
        };
        let bytes = self.text[self.at..end].to_vec();
        self.at = end;
        Ok(bytes)
    }

    /// A length and a quoted name, without what follows.
    fn name(&mut self) -> Result<Vec<u8>, Error> {
        let length = self.count(b':')?;
        self.expect(b"\"", "a quote is expected")?;
        let bytes = self.take(length)?;
        self.expect(b"\"", "the length of the string is wrong: a quote is expected")?;
        Ok(bytes)
    }

    fn string(&mut self, follows: Follows) -> Result<Vec<u8>, Error> {
        let length = self.count(b':')?;
        self.expect(b"\"", "a quote is expected")?;
        let start = self.at;
        let end = start.checked_add(length).filter(|end| *end <= self.text.len());
        let distrust = self.repair.as_ref().is_some_and(|repair| repair.distrust);
        let right = end.filter(|end| !distrust && self.text[*end..].starts_with(b"\";"));
        let end = match (right, &mut self.repair) {
            (Some(end), _) => end,
            (None, Some(repair)) => match repair.string_end(self.text, start, length, follows) {
                Some(end) => end,
                None => return self.fail("the end of the string cannot be found"),
            },
            (None, None) => {
                self.at = end.unwrap_or(self.text.len());
                return self.fail("the length of the string is wrong: a quote is expected");
            }
        };
        self.at = end + 2;
        Ok(self.text[start..end].to_vec())
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<(Key, Value)>, Error> {
        if depth >= self.limits.depth {
            return self.fail("values are nested too deeply");
        }
        let count = self.count(b':')?;
        self.expect(b"{", "an opening brace is expected")?;
        /// An element takes at least this many bytes, as `i:0;N;` does.
        const SHORTEST: usize = 6;
        if count > (self.text.len() - self.at) / SHORTEST {
            return self.fail("fewer elements follow than announced");
        }
        let mut entries = Vec::with_capacity(count.min(self.limits.values));
        for _ in 0..count {
            let key = self.key()?;
            entries.push((key, self.value(depth + 1)?));
        }
        self.expect(b"}", "a closing brace is expected")?;
        Ok(entries)
    }

    fn key(&mut self) -> Result<Key, Error> {
        let start = self.at;
        let head = self.text.get(start..start + 2).unwrap_or_default();
        self.at = (start + 2).min(self.text.len());
        match head {
            b"i:" => Ok(Key::Int(self.int()?)),
            b"s:" => Ok(Key::Bytes(self.string(Follows::Value)?)),
            _ => Err(Error {
                offset: start,
                what: "a key is expected",
            }),
        }
    }
}

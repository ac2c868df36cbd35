//! Bytes of the file with a count of lines and a limit on every piece that is held.

use std::io::{BufRead, ErrorKind};

use crate::Error;

/// A single text value may not be larger than this.
pub const MAX_VALUE_BYTES: usize = 64 * 1024 * 1024;
/// A single item, with its meta and comments, may not take more of the file than this.
pub const MAX_ITEM_BYTES: u64 = 512 * 1024 * 1024;

/// A single item may not have more terms, meta rows and comments together.
pub const MAX_ITEM_PARTS: usize = 1_000_000;

pub(crate) struct Source<R> {
    input: R,
    /// Line of the next byte, from 1.
    pub(crate) line: u64,
    /// Bytes consumed.
    pub(crate) position: u64,
}

impl<R: BufRead> Source<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            line: 1,
            position: 0,
        }
    }

    fn fill(&mut self) -> Result<&[u8], Error> {
        loop {
            match self.input.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(source) => {
                    return Err(Error::Read {
                        line: self.line,
                        source,
                    });
                }
            }
        }
        // Asked again because a borrow cannot leave the loop; the buffer is filled by now.
        self.input.fill_buf().map_err(|source| Error::Read {
            line: self.line,
            source,
        })
    }

    fn consume(&mut self, count: usize, lines: usize) {
        self.input.consume(count);
        self.position += count as u64;
        self.line += lines as u64;
    }

    /// The next byte, left where it is; `None` at the end.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, Error> {
        Ok(self.fill()?.first().copied())
    }

    /// Takes the byte that `peek` showed.
    pub(crate) fn skip_one(&mut self) -> Result<(), Error> {
        if let Some(byte) = self.peek()? {
            self.consume(1, usize::from(byte == b'\n'));
        }
        Ok(())
    }

    /// Takes the next byte.
    pub(crate) fn take(&mut self) -> Result<Option<u8>, Error> {
        let byte = self.peek()?;
        self.skip_one()?;
        Ok(byte)
    }

    /// Appends bytes to `out` up to (not including) the byte `stop`; false at the end of the file.
    pub(crate) fn copy_until(&mut self, stop: u8, out: &mut Vec<u8>, limit: usize, what: &str) -> Result<bool, Error> {
        loop {
            let room = limit.saturating_sub(out.len());
            let line = self.line;
            let chunk = self.fill()?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let found = chunk.iter().position(|byte| *byte == stop);
            let count = found.unwrap_or(chunk.len());
            if count > room {
                let limit = format!("{limit} bytes");
                return Err(Error::TooLarge {
                    line,
                    what: what.to_owned(),
                    limit,
                });
            }
            let piece = &chunk[..count];
            let lines = piece.iter().filter(|byte| **byte == b'\n').count();
            out.extend_from_slice(piece);
            self.consume(count, lines);
            if found.is_some() {
                return Ok(true);
            }
        }
    }
}

//! A sliding window over the dump: fixed size, knows line and byte of its position.

use crate::error::{Error, Place};
use std::io::{ErrorKind, Read};

/// Bytes held at once.
const SIZE: usize = 256 * 1024;

pub(crate) struct Window<R> {
    source: R,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    /// Bytes of the dump before the buffer.
    before: u64,
    /// Line ends in the dump before `counted`.
    lines: u64,
    counted: usize,
    finished: bool,
}

impl<R: Read> Window<R> {
    pub(crate) fn new(source: R) -> Window<R> {
        Window {
            source,
            buffer: vec![0; SIZE],
            at: 0,
            end: 0,
            before: 0,
            lines: 0,
            counted: 0,
            finished: false,
        }
    }

    /// The bytes at hand.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.buffer[self.at..self.end]
    }

    /// Steps over bytes at hand.
    pub(crate) fn skip(&mut self, count: usize) {
        self.at = (self.at + count).min(self.end);
    }

    pub(crate) fn offset(&self) -> u64 {
        self.before + self.at as u64
    }

    pub(crate) fn place(&mut self) -> Place {
        self.count_lines();
        Place {
            line: self.lines + 1,
            offset: self.offset(),
        }
    }

    fn count_lines(&mut self) {
        if self.counted < self.at {
            let passed = &self.buffer[self.counted..self.at];
            self.lines += memchr::memchr_iter(b'\n', passed).count() as u64;
            self.counted = self.at;
        }
    }

    /// Tries to have `count` bytes at hand (a few; never more than the window holds).
    /// Returns whether they are there.
    #[inline]
    pub(crate) fn have(&mut self, count: usize) -> Result<bool, Error> {
        if self.end - self.at >= count {
            Ok(true)
        } else {
            self.fill(count)
        }
    }

    #[cold]
    fn fill(&mut self, count: usize) -> Result<bool, Error> {
        self.count_lines();
        self.buffer.copy_within(self.at..self.end, 0);
        self.before += self.at as u64;
        self.end -= self.at;
        self.at = 0;
        self.counted = 0;
        while self.end < count.min(SIZE) && !self.finished {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.finished = true,
                Ok(more) => self.end += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(source) => {
                    return Err(Error::Read {
                        place: self.place(),
                        source,
                    });
                }
            }
        }
        Ok(self.end >= count)
    }

    /// The next byte, unless the dump is at its end.
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, Error> {
        if self.have(1)? {
            Ok(Some(self.buffer[self.at]))
        } else {
            Ok(None)
        }
    }

    /// Steps over everything before the next `byte`; false when it does not come any more.
    pub(crate) fn skip_until(&mut self, byte: u8) -> Result<bool, Error> {
        while self.have(1)? {
            let rest = self.rest();
            let found = memchr::memchr(byte, rest);
            let count = found.unwrap_or(rest.len());
            self.skip(count);
            if found.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

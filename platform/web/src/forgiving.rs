//! Quotation marks in the query of an address, as careless programs send them: encoded before the parser sees them, which would
//! refuse the request. Only in the first lines of requests without a body; everything else passes as it is.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection whose requests are read forgivingly.
pub(crate) struct Forgiving<S> {
    stream: S,
    reader: Reader,
    /// What was mended and did not fit into the buffer of who reads.
    rest: Vec<u8>,
}

/// Longer lines have no address that could be answered.
const LONGEST: usize = 16 * 1024;
/// So much of a line tells a method or the name of a header.
const LONGEST_NAME: usize = 20;

/// Where in a request the reader is.
#[derive(Debug, Default)]
struct Reader {
    place: Place,
    /// The beginning of the line that is being read, in small letters.
    line: Vec<u8>,
    length: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the first line, before the query.
    #[default]
    Target,
    /// In the query.
    Query,
    /// In the headers.
    Headers,
    /// A body may follow: nothing is touched any more.
    Beyond,
}

impl Reader {
    fn end_line(&mut self) {
        let starts = |names: &[&str]| names.iter().any(|name| self.line.starts_with(name.as_bytes()));
        self.place = match self.place {
            Place::Headers if self.line.is_empty() => Place::Target,
            Place::Headers if starts(&["content-length", "transfer-encoding", "upgrade"]) => Place::Beyond,
            Place::Target | Place::Query if self.line.is_empty() => Place::Target,
            Place::Target | Place::Query if !starts(&["get ", "head "]) => Place::Beyond,
            _ => Place::Headers,
        };
        self.line.clear();
        self.length = 0;
    }

    /// Takes in a part of a line, and says where in it marks stand that must be encoded.
    fn part(&mut self, part: &[u8], marks: &mut impl FnMut(usize)) {
        let beginning = LONGEST_NAME.saturating_sub(self.line.len()).min(part.len());
        let small = part[..beginning].iter().filter(|byte| **byte != b'\r');
        self.line.extend(small.map(u8::to_ascii_lowercase));
        self.length += part.len();
        if self.length > LONGEST {
            self.place = Place::Beyond;
        }
        let mut query = 0;
        if self.place == Place::Target
            && let Some(at) = memchr::memchr(b'?', part)
        {
            self.place = Place::Query;
            query = at;
        }
        if self.place == Place::Query {
            memchr::memchr_iter(b'"', &part[query..]).for_each(|at| marks(query + at));
        }
    }

    /// What was read, mended; `None` when nothing had to be.
    fn mend(&mut self, read: &[u8]) -> Option<Vec<u8>> {
        let mut found: Vec<usize> = Vec::new();
        let mut begin = 0;
        while begin < read.len() && self.place != Place::Beyond {
            let end = memchr::memchr(b'\n', &read[begin..]).map(|at| begin + at);
            let part = &read[begin..end.unwrap_or(read.len())];
            self.part(part, &mut |at| found.push(begin + at));
            if end.is_some() && self.place != Place::Beyond {
                self.end_line();
            }
            begin += part.len() + 1;
        }
        if found.is_empty() {
            return None;
        }
        let mut mended = Vec::with_capacity(read.len() + 2 * found.len());
        let mut from = 0;
        for at in found {
            mended.extend_from_slice(&read[from..at]);
            mended.extend_from_slice(b"%22");
            from = at + 1;
        }
        mended.extend_from_slice(&read[from..]);
        Some(mended)
    }
}

impl<S> Forgiving<S> {
    /// Reads this connection forgivingly.
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            reader: Reader::default(),
            rest: Vec::new(),
        }
    }

    fn hand_out(&mut self, to: &mut ReadBuf<'_>) {
        let fits = self.rest.len().min(to.remaining());
        to.put_slice(&self.rest[..fits]);
        self.rest.drain(..fits);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Forgiving<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.rest.is_empty() {
            self.hand_out(to);
            return Poll::Ready(Ok(()));
        }
        let before = to.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, to))?;
        if let Some(mended) = self.reader.mend(&to.filled()[before..]) {
            to.set_filled(before);
            self.rest = mended;
            self.hand_out(to);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Forgiving<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    /// Reads through buffers of this size.
    async fn read(sent: &str, size: usize) -> String {
        let mut stream = Forgiving::new(sent.as_bytes());
        let (mut all, mut part) = (Vec::new(), vec![0; size]);
        loop {
            match stream.read(&mut part).await.unwrap() {
                0 => return String::from_utf8(all).unwrap(),
                n => all.extend_from_slice(&part[..n]),
            }
        }
    }

    #[tokio::test]
    async fn only_marks_in_queries_of_requests_without_a_body_change() {
        let get = "GET /a\"?p=3\"&s=\"x\" HTTP/1.1\r\nHost: \"a\"\r\n\r\n";
        let mended = "GET /a\"?p=3%22&s=%22x%22 HTTP/1.1\r\nHost: \"a\"\r\n\r\n";
        let post = "POST /?a=\" HTTP/1.1\r\nContent-Length: 22\r\n\r\nGET /?a=\" HTTP/1.1\r\n\r\n";
        let with_body = "GET /?x HTTP/1.1\r\nContent-Length: 22\r\n\r\nGET /?a=\" HTTP/1.1\r\n\r\n";
        for size in [1, 3, 7, 4096] {
            assert_eq!(read(get, size).await, mended);
            assert_eq!(read(&get.repeat(3), size).await, mended.repeat(3));
            assert_eq!(read(with_body, size).await, with_body);
            assert_eq!(read(post, size).await.replace("%22", "\""), post);
            assert!(read(post, size).await.ends_with("\r\n\r\nGET /?a=\" HTTP/1.1\r\n\r\n"));
        }
    }
}

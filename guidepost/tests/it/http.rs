//! A small HTTP client that can also say what no well-behaved client says.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A server that says nothing for this long is taken for hung.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Ask {
    /// `GET` of a path and query, as it is.
    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    /// Another method.
    pub fn new(method: &str, target: impl Into<String>) -> Self {
        Self {
            method: method.to_owned(),
            target: target.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A header more; `Host` replaces the usual one.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Signed in with an application password.
    pub fn signed_in(self, login: &str, password: &str) -> Self {
        let both = STANDARD.encode(format!("{login}:{password}"));
        self.header("Authorization", &format!("Basic {both}"))
    }

    /// A form as browsers send it; values are plain words.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> = fields.iter().map(|(n, v)| format!("{n}={v}")).collect();
        self.body = pairs.join("&").into_bytes();
        self.header("Content-Type", "application/x-www-form-urlencoded")
    }

    /// A value as JSON.
    pub fn json(self, value: &serde_json::Value) -> Self {
        self.body(value.to_string().into_bytes())
            .header("Content-Type", "application/json")
    }

    /// A body as it is.
    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = bytes.into();
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if !self.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case("host")) {
            head.push_str("Host: library.example\r\n");
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("Connection: close\r\n\r\n");
        [head.as_bytes(), &self.body].concat()
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names in small letters.
    headers: Vec<(String, String)>,
    /// The body, unpacked from its chunks.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Everything that a visitor can read: headers and body.
    pub fn everything(&self) -> String {
        let headers: Vec<String> = self.headers.iter().map(|(n, v)| format!("{n}: {v}")).collect();
        format!("{}\n{}", headers.join("\n"), self.text())
    }

    /// Where it leads, as a path and query of this site.
    pub fn leads_to(&self) -> Option<String> {
        let location = self.header("location")?;
        let after = location
            .split_once("://")
            .map_or(location, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
        Some(after.to_owned())
    }
}

/// Asks and waits for the whole answer; `None` when the connection ends without one.
pub fn ask(address: SocketAddr, what: &Ask) -> Option<Answer> {
    exchange(address, &what.bytes())
}

/// Sends bytes as they are.
pub fn exchange(address: SocketAddr, sent: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut listening = stream.try_clone().unwrap();
    // A server that refuses a long request answers before it has read it all; what it said is read all the same.
    let reading = std::thread::spawn(move || {
        let mut got = Vec::new();
        let ended = listening.read_to_end(&mut got);
        (got, ended)
    });
    let _ = stream.write_all(sent);
    let (got, ended) = reading.join().unwrap();
    if let Err(error) = ended {
        let reset = error.kind() == std::io::ErrorKind::ConnectionReset;
        assert!(reset, "the server hangs: {error}");
    }
    parse(&got)
}

fn parse(got: &[u8]) -> Option<Answer> {
    let end = got.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&got[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|l| l.split_once(':'))
        .map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_owned()))
        .collect();
    let body = &got[end + 4..];
    let chunked = headers.iter().any(|(n, v)| n == "transfer-encoding" && v == "chunked");
    let body = if chunked { unpack(body) } else { body.to_vec() };
    Some(Answer { status, headers, body })
}

fn unpack(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&body[..end]), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        let from = end + 2;
        whole.extend_from_slice(&body[from..(from + size).min(body.len())]);
        body = body.get(from + size + 2..).unwrap_or_default();
    }
    whole
}

/// A text percent-encoded for a place in a query or path segment.
pub fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

//! Text as the file has it turned into text as it is meant: line ends, references, Latin-1.

use crate::error::{Notice, NoticeKind};
use crate::raw::is_carried;

/// A reference (`&...;`) may not be longer; more is a lone `&`.
const MAX_REFERENCE_BYTES: usize = 32;
/// No more notices are kept between two calls for them.
const MAX_NOTICES: usize = 1000;

#[derive(Default)]
pub(crate) struct Decoder {
    /// The text decoded last.
    pub(crate) text: Vec<u8>,
    pub(crate) notices: Vec<Notice>,
    /// Every byte of the file is a Latin-1 character.
    pub(crate) latin1: bool,
}

impl Decoder {
    pub(crate) fn notice(&mut self, line: u64, kind: NoticeKind) {
        if self.notices.len() < MAX_NOTICES {
            self.notices.push(Notice { line, kind });
        }
    }

    /// Decodes the value of an attribute, in which blanks of every kind are spaces.
    pub(crate) fn attribute(&mut self, raw: &[u8], line: u64) -> String {
        let mut spaced = Vec::with_capacity(raw.len());
        let mut bytes = raw.iter().peekable();
        while let Some(byte) = bytes.next() {
            if *byte == b'\r' && bytes.peek() == Some(&&b'\n') {
                continue;
            }
            spaced.push(if byte.is_ascii_whitespace() { b' ' } else { *byte });
        }
        self.run(&spaced, line, false);
        latin1_where_not_utf8(&self.text)
    }

    /// Decodes text: line ends as XML says, and references outside CDATA.
    pub(crate) fn run(&mut self, raw: &[u8], mut line: u64, cdata: bool) {
        self.text.clear();
        let special = |byte: &u8| *byte == b'\r' || (*byte == b'&' && !cdata);
        let mut at = 0;
        while at < raw.len() {
            let rest = &raw[at..];
            let plain = rest.iter().position(special).unwrap_or(rest.len());
            self.push_text(&rest[..plain]);
            at += plain;
            match raw.get(at) {
                Some(b'\r') => {
                    self.text.push(b'\n');
                    at += if raw.get(at + 1) == Some(&b'\n') { 2 } else { 1 };
                }
                Some(_) => {
                    line += rest[..plain].iter().filter(|byte| **byte == b'\n').count() as u64;
                    at += self.reference(&raw[at..], line);
                }
                None => {}
            }
        }
    }

    fn push_text(&mut self, piece: &[u8]) {
        if self.latin1 {
            let mut bytes = [0; 4];
            for byte in piece {
                let character = char::from(*byte);
                self.text
                    .extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
            }
        } else {
            self.text.extend_from_slice(piece);
        }
    }

    /// Appends what a reference stands for; returns how many bytes it took.
    fn reference(&mut self, rest: &[u8], line: u64) -> usize {
        let name_length = rest[1..]
            .iter()
            .take(MAX_REFERENCE_BYTES)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#')
            .count();
        if name_length == 0 || rest.get(1 + name_length) != Some(&b';') {
            self.notice(line, NoticeKind::LoneMarkup('&'));
            self.text.push(b'&');
            return 1;
        }
        let written = String::from_utf8_lossy(&rest[..name_length + 2]);
        if let Some(character) = referenced(&written[1..=name_length]) {
            let mut bytes = [0; 4];
            self.text
                .extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
        } else {
            self.notice(line, NoticeKind::UnknownReference(written.to_string()));
            self.text.extend_from_slice(written.as_bytes());
        }
        name_length + 2
    }
}

/// The character for the inside of `&...;`.
fn referenced(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|character| is_carried(*character))
        }
    }
}

/// Bytes as text; each byte that is not UTF-8 is read as Latin-1, as WordPress's exporter does.
pub(crate) fn latin1_where_not_utf8(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    out
}

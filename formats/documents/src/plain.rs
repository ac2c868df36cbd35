//! Plain text of any encoding.
//!
//! Never in here: guesses of markup.

use crate::model::{Document, Limits, Status};
use crate::office::Collected;
use std::borrow::Cow;

pub(crate) const MIME: &str = "text/plain";

/// Text by its mark, as UTF-8, as declared, or by its look.
pub(crate) fn decode<'a>(bytes: &'a [u8], declared: Option<&'static encoding_rs::Encoding>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding
            .decode_without_bom_handling(bytes.get(mark..).unwrap_or_default())
            .0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let encoding = declared.unwrap_or_else(|| {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
        detector.feed(bytes.get(..200_000).unwrap_or(bytes), true);
        detector.guess(None, chardetng::Utf8Detection::Allow)
    });
    encoding.decode_without_bom_handling(bytes).0
}

/// Whether these bytes can be text.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..8192).unwrap_or(bytes);
    if encoding_rs::Encoding::for_bom(head).is_some() {
        return true;
    }
    let strange = head
        .iter()
        .filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31 | 127))
        .count();
    !head.contains(&0) && strange * 100 <= head.len()
}

/// Reads a text. Form feeds part pages, empty lines part paragraphs.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Document {
    let mut document = Document::empty(MIME);
    let text = decode(bytes, None);
    if text.len() > limits.max_text_chars.saturating_mul(4) {
        return Document::without_text(Status::TooBig, MIME, "The text is longer than is read.");
    }
    let mut out = Collected::default();
    for page in text
        .trim_end_matches(['\u{c}', '\n'])
        .split('\u{c}')
        .take(limits.max_pages + 1)
    {
        out.pages += 1;
        let mut part = String::new();
        for line in page.lines() {
            if line.trim().is_empty() || starts_number(line) {
                out.push(out.pages, &std::mem::take(&mut part), None);
            }
            part.push_str(line);
            part.push('\n');
        }
        out.push(out.pages, &part, None);
    }
    out.finish(&mut document, limits);
    document
}

fn starts_number(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits) && line[digits..].starts_with('.')
}

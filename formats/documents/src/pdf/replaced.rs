//! The characters of a page, with the text that the file gives beside some of them (`/ActualText`).
//!
//! Browsers and some typesetters give joined letters and rearranged vowels no characters of their own, but say beside them what
//! they read. The library underneath understands that for runs of text only, whose order it changes; here every such place
//! is marked by a number that no file uses, so that its glyphs can be found again.
//!
//! Never in here: lines and words.

use pdf_oxide::PdfDocument;
use pdf_oxide::extractors::TextExtractor;
use pdf_oxide::layout::TextChar;
use std::collections::HashSet;

const KEY: &[u8] = b"/ActualText";
/// The first of the numbers that stand for replacements.
const FIRST: u32 = 1_500_000_000;
/// Replacements on a page after which the rest is left as it is.
const MAX: usize = 100_000;

/// What a page shows.
#[derive(Default)]
pub(crate) struct Shown {
    pub chars: Vec<TextChar>,
    replacements: Vec<String>,
}

impl Shown {
    /// Reads a page, or nothing where it cannot be read.
    pub(crate) fn of_page(file: &PdfDocument, at: usize) -> Option<Shown> {
        let content = file.get_page_content_data(at).unwrap_or_default();
        if content.windows(KEY.len()).any(|window| window == KEY) {
            let (content, replacements) = marked(&content);
            if let Some(chars) = extract(file, at, &content).filter(|_| !replacements.is_empty()) {
                return Some(Shown { chars, replacements });
            }
        }
        let chars = file.extract_chars_filtered(at, HashSet::new(), HashSet::new()).ok()?;
        Some(Shown {
            chars,
            replacements: Vec::new(),
        })
    }

    /// The replacement to which a character belongs.
    pub(crate) fn replacement(&self, char: &TextChar) -> Option<(usize, &str)> {
        let key = char.mcid?.checked_sub(FIRST)? as usize;
        Some((key, self.replacements.get(key)?))
    }
}

fn extract(file: &PdfDocument, at: usize, content: &[u8]) -> Option<Vec<TextChar>> {
    let page = file.get_page(at).ok()?;
    let mut extractor = TextExtractor::new();
    extractor.set_page_index(u32::try_from(at).ok()?);
    if let Some(resources) = page.as_dict().and_then(|page| page.get("Resources")) {
        extractor.set_resources(resources.clone());
        extractor.set_document(file);
        file.load_fonts_public(resources, &mut extractor).ok()?;
    }
    extractor.extract_owned(content).ok()
}

/// The content with a number in place of each replacement, and the replacements.
fn marked(content: &[u8]) -> (Vec<u8>, Vec<String>) {
    let mut marked = Vec::with_capacity(content.len());
    let mut replacements = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = content[at..].windows(KEY.len()).position(|window| window == KEY) {
        let key = at + found;
        at = key + KEY.len();
        let Some((text, end)) = string(content, at) else {
            continue;
        };
        let near = copied.max(key.saturating_sub(4096));
        let start = content[near..key]
            .windows(2)
            .rposition(|window| window == b"<<")
            .map(|start| near + start);
        let close = content[end..]
            .windows(2)
            .take(4096)
            .position(|window| window == b">>")
            .map(|close| end + close + 2);
        let (Some(start), Some(close)) = (start, close) else {
            continue;
        };
        let is_scope = content[close..].trim_ascii_start().starts_with(b"BDC");
        if !is_scope || replacements.len() >= MAX {
            continue;
        }
        marked.extend_from_slice(&content[copied..start]);
        marked.extend_from_slice(format!("<</MCID {}>>", FIRST as usize + replacements.len()).as_bytes());
        replacements.push(text);
        (copied, at) = (close, close);
    }
    marked.extend_from_slice(&content[copied..]);
    (marked, replacements)
}

/// A text string, in angle or round brackets, and the place behind it.
fn string(content: &[u8], at: usize) -> Option<(String, usize)> {
    let start = at
        + content[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
    let (bytes, end) = match content.get(start)? {
        b'<' => {
            let end = start + content[start..].iter().take(65_536).position(|byte| *byte == b'>')?;
            let digits: Vec<u32> = content[start..end]
                .iter()
                .filter_map(|byte| char::from(*byte).to_digit(16))
                .collect();
            let byte = |pair: &[u32]| (pair[0] * 16 + pair.get(1).copied().unwrap_or(0)) as u8;
            (digits.chunks(2).map(byte).collect(), end + 1)
        }
        b'(' => literal(content, start + 1)?,
        _ => return None,
    };
    Some((super::objects::decoded(&bytes), end))
}

/// The bytes of a string in round brackets, up to its end.
fn literal(content: &[u8], start: usize) -> Option<(Vec<u8>, usize)> {
    let mut bytes = Vec::new();
    let (mut at, mut open) = (start, 1usize);
    while at < start + 65_536 {
        let byte = *content.get(at)?;
        at += 1;
        match byte {
            b'\\' => {
                let digits = content[at..]
                    .iter()
                    .take(3)
                    .take_while(|byte| (b'0'..=b'7').contains(byte))
                    .count();
                if digits > 0 {
                    let number = content[at..at + digits]
                        .iter()
                        .fold(0u32, |sum, digit| sum * 8 + u32::from(digit - b'0'));
                    bytes.push(number as u8);
                    at += digits;
                    continue;
                }
                match *content.get(at)? {
                    b'n' => bytes.push(b'\n'),
                    b'r' => bytes.push(b'\r'),
                    b't' => bytes.push(b'\t'),
                    b'\n' | b'\r' => {}
                    other => bytes.push(other),
                }
                at += 1;
            }
            b')' if open == 1 => return Some((bytes, at)),
            byte => {
                open = open + usize::from(byte == b'(') - usize::from(byte == b')');
                bytes.push(byte);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn replacements_are_marked_and_their_texts_kept() {
        let content = b"/P <</MCID 1>> BDC /Span<</ActualText <FEFF00660069>>> BDC <01> Tj EMC /Span <</Lang (en)/ActualText (a\\)\\050)>> BDC EMC /X <</ActualText (x)>> DP";
        let (content, texts) = marked(content);
        assert_eq!(texts, ["fi", "a)("]);
        let content = String::from_utf8_lossy(&content).into_owned();
        assert_eq!(
            content,
            "/P <</MCID 1>> BDC /Span<</MCID 1500000000>> BDC <01> Tj EMC /Span <</MCID 1500000001>> BDC EMC /X <</ActualText (x)>> DP"
        );
    }
}

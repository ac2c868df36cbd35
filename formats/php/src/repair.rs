//! Finds the true end of a string whose length is wrong.

use crate::parse::Follows;

/// Searches for string ends; remembers how much it may still search, so that a hostile text
/// cannot make it look through the whole text again and again.
pub(crate) struct Repair {
    budget: usize,
    /// Whether an end that explains a wrong length comes before the end that the length names.
    /// Needed where a wrong length happens to lead to another quote.
    pub(crate) distrust: bool,
}

/// How often each byte of the text may be looked at.
const LOOKS: usize = 32;

impl Repair {
    pub(crate) fn new(text_length: usize, distrust: bool) -> Repair {
        let budget = text_length.saturating_mul(LOOKS).saturating_add(4096);
        Repair { budget, distrust }
    }

    /// The offset of the closing quote of the string that begins at `start` and claims to have
    /// `length` bytes. An end that explains the wrong length wins, else the first plausible one.
    pub(crate) fn string_end(&mut self, text: &[u8], start: usize, length: usize, follows: Follows) -> Option<usize> {
        if follows == Follows::End {
            return text
                .len()
                .checked_sub(2)
                .filter(|end| *end >= start && text.ends_with(b"\";"));
        }
        let mut first = None;
        let mut seen = Seen::default();
        // Conversions make a text at most four times as long or as short.
        let longest = length.saturating_mul(4).saturating_add(4096);
        let window = text.len().min(start.saturating_add(longest));
        for at in start..window {
            self.budget = self.budget.checked_sub(1)?;
            let byte = text[at];
            if byte == b'"' && is_end(&text[at..], follows) {
                if seen.explains(length, at - start) {
                    return Some(at);
                }
                first = first.or(Some(at));
            }
            seen.add(byte, at > start && text[at - 1] == b'\r');
        }
        first
    }
}

/// What was counted in the string so far.
#[derive(Default)]
struct Seen {
    line_feeds: usize,
    pairs: usize,
    continuation: usize,
}

impl Seen {
    fn add(&mut self, byte: u8, after_return: bool) {
        self.line_feeds += usize::from(byte == b'\n');
        self.pairs += usize::from(byte == b'\n' && after_return);
        self.continuation += usize::from(byte & 0xc0 == 0x80);
    }

    /// Whether a known conversion turns `claimed` bytes into the `actual` ones: CR LF became LF
    /// (or the other way round), or a one-byte character set became UTF-8.
    fn explains(&self, claimed: usize, actual: usize) -> bool {
        let lone = self.line_feeds - self.pairs;
        claimed == actual
            || claimed == actual + lone
            || claimed + self.pairs == actual
            || claimed + self.continuation == actual
    }
}

/// Whether a string can end with the quote at the beginning of `rest`.
fn is_end(rest: &[u8], follows: Follows) -> bool {
    let Some(after) = rest.strip_prefix(b"\";") else {
        return false;
    };
    match follows {
        Follows::End => after.is_empty(),
        Follows::KeyOrClose => after.first() == Some(&b'}') || starts_like(after, b"is"),
        Follows::Value => after.starts_with(b"N;") || starts_like(after, b"bidsaOCErR"),
    }
}

/// One of the letters, a colon and something that can begin a number.
fn starts_like(text: &[u8], letters: &[u8]) -> bool {
    match text {
        [letter, b':', digit, ..] => {
            letters.contains(letter) && matches!(digit, b'0'..=b'9' | b'-' | b'+' | b'I' | b'N')
        }
        _ => false,
    }
}

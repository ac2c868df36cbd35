//! Cuts text into words: runs of letters and digits, or overlapping pairs of characters in scripts
//! written without spaces. Everything else separates, so `CRC/C/156`, `crc-c-156` and
//! `CRC_C_156` give the same three words.

use crate::fold::{continues_word, is_gram, is_ignorable};

/// Longer words are cut: nobody looks for them, and they are mostly encoded data.
const LONGEST_CHARS: usize = 60;

/// Letters before an apostrophe that are a word of their own and carry no meaning (l'enfant).
const ELIDED: [&str; 9] = ["l", "d", "j", "n", "s", "c", "m", "t", "qu"];

/// Where a word stands in the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// A pair of characters rather than a word.
    pub(crate) gram: bool,
    /// The last character of a run of pairs, on its own: makes single characters findable.
    pub(crate) tail: bool,
}

/// The words of a text in order.
pub(crate) struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Words { text, at: 0 }
    }

    fn gram(&mut self, first: char) -> Span {
        let start = self.at;
        let after = start + first.len_utf8();
        self.at = after;
        let next = self.text[after..]
            .char_indices()
            .find(|(_, c)| !is_ignorable(*c))
            .filter(|(_, c)| is_gram(*c));
        match next {
            Some((offset, c)) => {
                self.at = after + offset;
                Span {
                    start,
                    end: after + offset + c.len_utf8(),
                    gram: true,
                    tail: false,
                }
            }
            None => Span {
                start,
                end: after,
                gram: true,
                tail: true,
            },
        }
    }

    fn word(&mut self) -> Span {
        let mut start = self.at;
        loop {
            let end = self.run_end(start);
            self.at = end;
            if let Some(after) = self.after_apostrophe(end) {
                if is_elided(&self.text[start..end]) {
                    start = after;
                    continue;
                }
                let right = self.run_end(after);
                if self.text[after..right].eq_ignore_ascii_case("s") {
                    self.at = right;
                }
            }
            let end = cut(&self.text[start..end]) + start;
            return Span {
                start,
                end,
                gram: false,
                tail: false,
            };
        }
    }

    fn run_end(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        start + rest.find(|c| !continues_word(c)).unwrap_or(rest.len())
    }

    /// The place after an apostrophe at `end`, where a word goes on there.
    fn after_apostrophe(&self, end: usize) -> Option<usize> {
        let mut rest = self.text[end..].chars();
        let apostrophe = rest.next().filter(|c| matches!(c, '\'' | '’' | 'ʼ' | '＇'))?;
        rest.next().filter(|&c| c.is_alphanumeric() && !is_gram(c))?;
        Some(end + apostrophe.len_utf8())
    }
}

fn is_elided(word: &str) -> bool {
    ELIDED.iter().any(|elided| word.eq_ignore_ascii_case(elided))
}

/// The length in bytes of at most `LONGEST_CHARS` characters.
fn cut(word: &str) -> usize {
    word.char_indices().nth(LONGEST_CHARS).map_or(word.len(), |(at, _)| at)
}

impl Iterator for Words<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = &self.text[self.at..];
        let Some((offset, first)) = rest.char_indices().find(|(_, c)| c.is_alphanumeric() || is_gram(*c)) else {
            self.at = self.text.len();
            return None;
        };
        self.at += offset;
        Some(if is_gram(first) { self.gram(first) } else { self.word() })
    }
}

#[cfg(test)]
mod tests {
    use super::Words;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<&str> {
        Words::new(text).map(|span| &text[span.start..span.end]).collect()
    }

    #[test]
    fn symbols_and_apostrophes() {
        assert_eq!(
            cut("CRC/C/156, A_80_604_Add.1"),
            ["CRC", "C", "156", "A", "80", "604", "Add", "1"]
        );
        assert_eq!(
            cut("l’enfant d'abus children's O'Brien"),
            ["enfant", "abus", "children", "O", "Brien"]
        );
        assert_eq!(cut("\0 -- '"), Vec::<&str>::new());
    }

    #[test]
    fn pairs() {
        assert_eq!(cut("儿童权利 AB"), ["儿童", "童权", "权利", "利", "AB"]);
        assert_eq!(cut("ไทย"), ["ไท", "ทย", "ย"]);
        assert_eq!(cut("x儿"), ["x", "儿"]);
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(cut(&"é".repeat(500)), ["é".repeat(60)]);
    }

    proptest! {
        #[test]
        fn spans_are_ordered_and_inside(text in any::<String>()) {
            let mut last = 0;
            for span in Words::new(&text) {
                prop_assert!(span.start >= last && span.end > span.start && text.get(span.start..span.end).is_some());
                last = span.start;
            }
        }
    }
}

//! Decides for each straight quote what it is: apostrophe, opening or closing quote, or prime.
//!
//! All decisions look at the text as it was; only then are the quotes written.

use std::borrow::Cow;
use std::ops::Range;

use super::{ends_in_space, starts_with_space};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Undecided,
    Apostrophe,
    Open,
    Close,
    Prime,
    /// May close a quotation.
    Candidate,
}

struct Quotes<'a> {
    text: &'a str,
    /// The places of all single and double quotes.
    places: Vec<usize>,
    marks: Vec<Mark>,
}

/// Writes every quote in its typographic form.
pub(super) fn curl_quotes(text: &str) -> Cow<'_, str> {
    let places: Vec<usize> = text.match_indices(['\'', '"']).map(|(at, _)| at).collect();
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut quotes = Quotes {
        text,
        marks: vec![Mark::Undecided; places.len()],
        places,
    };
    if text.contains('\'') {
        quotes.years_in_quotes();
        quotes.each_undecided(b'\'', Quotes::is_year);
        quotes.quoted_numbers(b'\'');
        quotes.each_undecided(b'\'', Quotes::opens_single);
        quotes.each_undecided(b'\'', Quotes::is_apostrophe);
        quotes.close_or_prime(b'\'');
    }
    if text.contains('"') {
        quotes.quoted_numbers(b'"');
        quotes.each_undecided(b'"', Quotes::opens_double);
        quotes.close_or_prime(b'"');
    }
    Cow::Owned(quotes.render())
}

impl Quotes<'_> {
    fn byte(&self, index: usize) -> Option<u8> {
        self.places.get(index).map(|at| self.text.as_bytes()[*at])
    }

    fn undecided(&self, index: usize, quote: u8) -> bool {
        self.byte(index) == Some(quote) && self.marks[index] == Mark::Undecided
    }

    fn before(&self, index: usize) -> &str {
        &self.text[..self.places[index]]
    }

    fn after(&self, index: usize) -> &str {
        &self.text[self.places[index] + 1..]
    }

    /// Marks each undecided quote for which `decide` has an answer.
    fn each_undecided(&mut self, quote: u8, decide: fn(&Self, usize) -> Option<Mark>) {
        for index in 0..self.places.len() {
            if self.undecided(index, quote)
                && let Some(mark) = decide(self, index)
            {
                self.marks[index] = mark;
            }
        }
    }

    /// The text between a quote and the next one.
    fn between(&self, index: usize) -> Option<&str> {
        let end = *self.places.get(index + 1)?;
        Some(&self.text[self.places[index] + 1..end])
    }

    /// `'99'` and `'99"` at the end of a phrase: an abbreviated year that ends a quotation.
    fn years_in_quotes(&mut self) {
        for closer in [b'\'', b'"'] {
            for index in 0..self.places.len() {
                let is_year = self
                    .between(index)
                    .is_some_and(|year| year.len() == 2 && year.bytes().all(|byte| byte.is_ascii_digit()));
                if is_year
                    && self.undecided(index, b'\'')
                    && self.undecided(index + 1, closer)
                    && ends_phrase(self.after(index + 1))
                {
                    self.marks[index] = Mark::Apostrophe;
                    self.marks[index + 1] = Mark::Close;
                }
            }
        }
    }

    /// `'99`, but not `'9`, `'999`, `'99%` or `'99.9`.
    fn is_year(&self, index: usize) -> Option<Mark> {
        let after = self.after(index).as_bytes();
        let digit = |at: usize| after.get(at).is_some_and(u8::is_ascii_digit);
        let goes_on = digit(2) || after.get(2) == Some(&b'%') || matches!(after.get(2), Some(b'.' | b',')) && digit(3);
        (digit(0) && digit(1) && !goes_on).then_some(Mark::Apostrophe)
    }

    /// Numbers in quotes after a space: `'0.42'`.
    fn quoted_numbers(&mut self, quote: u8) {
        for index in 0..self.places.len() {
            let is_number = self.between(index).is_some_and(|number| {
                number.starts_with(|c: char| c.is_ascii_digit())
                    && number.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
            });
            let before = self.before(index);
            if is_number
                && self.undecided(index, quote)
                && self.undecided(index + 1, quote)
                && (before.is_empty() || ends_in_space(before))
            {
                self.marks[index] = Mark::Open;
                self.marks[index + 1] = Mark::Close;
            }
        }
    }

    fn opens_single(&self, index: usize) -> Option<Mark> {
        let before = self.before(index);
        let after_double = before.ends_with('"') && index > 0 && self.marks[index - 1] == Mark::Undecided;
        (after_double || opens_after(before)).then_some(Mark::Open)
    }

    /// Inside a word.
    fn is_apostrophe(&self, index: usize) -> Option<Mark> {
        let after = self.after(index);
        let ends = after.is_empty()
            || after.starts_with(|c| ".,:;!?\"'(){}[]-".contains(c))
            || after.starts_with("&lt;")
            || after.starts_with("&gt;")
            || starts_with_space(after);
        (!ends && !ends_in_space(self.before(index))).then_some(Mark::Apostrophe)
    }

    fn opens_double(&self, index: usize) -> Option<Mark> {
        let opens = opens_after(self.before(index)) && !starts_with_space(self.after(index));
        opens.then_some(Mark::Open)
    }

    /// Goes through the stretches between opening quotes.
    fn close_or_prime(&mut self, quote: u8) {
        let mut stretch = Vec::new();
        let (mut start, mut opened) = (0, false);
        for index in 0..self.places.len() {
            if self.byte(index) != Some(quote) {
                continue;
            }
            if self.marks[index] == Mark::Open {
                self.settle(quote, &stretch, start..self.places[index], opened);
                stretch.clear();
                (start, opened) = (self.places[index] + 1, true);
            } else {
                stretch.push(index);
            }
        }
        self.settle(quote, &stretch, start..self.text.len(), opened);
    }

    /// Settles the undecided quotes of one stretch.
    fn settle(&mut self, quote: u8, stretch: &[usize], range: Range<usize>, opened: bool) {
        let open: Vec<usize> = stretch
            .iter()
            .copied()
            .filter(|index| self.marks[*index] == Mark::Undecided)
            .collect();
        if open.is_empty() {
            return;
        }
        let closed = stretch.iter().any(|index| self.marks[*index] == Mark::Close)
            || self.text[range.clone()].contains(written(quote, Mark::Close));
        if opened && !closed {
            self.find_closer(&open, &range);
        } else {
            for &index in &open {
                if self.after_digit(index, &range) {
                    self.marks[index] = Mark::Prime;
                } else if self.ends_phrase(index, &range) {
                    self.marks[index] = Mark::Close;
                }
            }
        }
        if quote == b'"' {
            for index in open {
                if self.marks[index] == Mark::Undecided {
                    self.marks[index] = Mark::Close;
                }
            }
        }
    }

    /// A quotation is open: which of the quotes closes it, and which are primes?
    fn find_closer(&mut self, open: &[usize], range: &Range<usize>) {
        let candidates: Vec<usize> = open
            .iter()
            .copied()
            .filter(|index| self.ends_phrase(*index, range))
            .collect();
        for &index in &candidates {
            self.marks[index] = Mark::Candidate;
        }
        if candidates.len() > 1 {
            self.choose_closers(&candidates, range);
        } else if let [only] = candidates[..] {
            self.marks[only] = Mark::Close;
        }
        for &index in open {
            let pending = matches!(self.marks[index], Mark::Undecided | Mark::Candidate);
            if pending && self.after_digit(index, range) {
                self.marks[index] = Mark::Prime;
            } else if self.marks[index] == Mark::Candidate {
                self.marks[index] = Mark::Close;
            }
        }
    }

    /// Of several candidates those close that follow no digit; if all do, the last before a full
    /// stop does, or else the last.
    fn choose_closers(&mut self, candidates: &[usize], range: &Range<usize>) {
        let (clear, unclear): (Vec<usize>, Vec<usize>) =
            candidates.iter().partition(|index| !self.after_digit(**index, range));
        if clear.is_empty() {
            let before_stop = unclear
                .iter()
                .rfind(|index| self.after(**index).starts_with('.') && self.places[**index] + 1 < range.end);
            if let Some(&index) = before_stop.or(unclear.last()) {
                self.marks[index] = Mark::Close;
            }
        }
        for index in clear {
            self.marks[index] = Mark::Close;
        }
    }

    fn after_digit(&self, index: usize, range: &Range<usize>) -> bool {
        let at = self.places[index];
        at > range.start && self.text.as_bytes()[at - 1].is_ascii_digit()
    }

    fn ends_phrase(&self, index: usize, range: &Range<usize>) -> bool {
        ends_phrase(&self.text[self.places[index] + 1..range.end])
    }

    fn render(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + self.places.len() * 6);
        let mut copied = 0;
        for (&at, &mark) in self.places.iter().zip(&self.marks) {
            out.push_str(&self.text[copied..at]);
            out.push_str(written(self.text.as_bytes()[at], mark));
            copied = at + 1;
        }
        out.push_str(&self.text[copied..]);
        out
    }
}

fn written(quote: u8, mark: Mark) -> &'static str {
    match (quote, mark) {
        (b'"', Mark::Open) => "&#8220;",
        (b'"', Mark::Close) => "&#8221;",
        (b'"', Mark::Prime) => "&#8243;",
        (b'"', _) => "\"",
        (_, Mark::Open) => "&#8216;",
        (_, Mark::Close | Mark::Apostrophe) => "&#8217;",
        (_, Mark::Prime) => "&#8242;",
        (_, _) => "'",
    }
}

/// Whether a quotation may open after this text.
fn opens_after(before: &str) -> bool {
    before.is_empty() || before.ends_with(['[', '(', '{', '-']) || before.ends_with("&lt;") || ends_in_space(before)
}

/// Whether a quotation may close before this text.
fn ends_phrase(after: &str) -> bool {
    after.is_empty()
        || after.starts_with(|c| ".,:;!?)}-]".contains(c))
        || after.starts_with("&gt;")
        || starts_with_space(after)
}

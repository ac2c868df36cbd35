//! Matching a path against the rules: first the pieces that take as much as they can, then less, within a number of steps
//! that no address can exceed.

use super::{Matched, Piece, Rule, Rules, What};
use crate::address::url::decode;

/// Steps for one address over all rules. An address of usual length takes a few hundred.
const MOST_STEPS: usize = 300_000;

/// A walk through the rules for one path, resumed after each match.
pub(crate) struct Walk<'a> {
    rules: &'a [Rule],
    raw: &'a str,
    decoded: Option<String>,
    steps: usize,
}

impl Rules {
    /// Begins to match a path without slashes around it.
    pub(crate) fn walk<'a>(&'a self, path: &'a str) -> Walk<'a> {
        Walk {
            rules: &self.0,
            raw: path,
            decoded: path.contains(['%', '+']).then(|| decode(path)),
            steps: MOST_STEPS,
        }
    }

    /// All rules, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.iter()
    }
}

impl<'a> Walk<'a> {
    /// The next rule that matches, and what it gives.
    pub(crate) fn advance(&mut self) -> Option<(&'a Rule, Matched)> {
        while let Some((rule, rest)) = self.rules.split_first() {
            self.rules = rest;
            let mut found = Vec::new();
            let matched = take(&rule.pieces, self.raw, &mut self.steps, &mut found)
                || self
                    .decoded
                    .as_deref()
                    .is_some_and(|text| take(&rule.pieces, text, &mut self.steps, &mut found));
            if matched {
                let given = rule.given.iter().cloned();
                return Some((rule, found.into_iter().chain(given).collect()));
            }
        }
        None
    }
}

fn take(pieces: &[Piece], text: &str, steps: &mut usize, found: &mut Matched) -> bool {
    let Some((piece, rest)) = pieces.split_first() else {
        return text.is_empty();
    };
    if *steps == 0 {
        return false;
    }
    *steps -= 1;
    let mut cut = |at: usize| {
        let before = found.len();
        if let Some(into) = &piece.into {
            let value = text.get(..at).unwrap_or_default();
            found.push((into.clone(), value.trim_start_matches('/').to_owned()));
        }
        let fits = may_follow(rest, text.get(at..).unwrap_or_default())
            && take(rest, text.get(at..).unwrap_or_default(), steps, found);
        if !fits {
            found.truncate(before);
        }
        fits
    };
    match &piece.what {
        What::Text(wanted) => text.starts_with(wanted.as_str()) && cut(wanted.len()),
        What::Slash => (text.starts_with('/') && cut(1)) || cut(0),
        What::Feed => ["feed", "rdf", "rss2", "rss", "atom"]
            .iter()
            .any(|word| text.starts_with(word) && cut(word.len())),
        What::Part => (1..=part_length(text)).rev().any(|n| n > 1 && cut(n)) || take(rest, text, steps, found),
        What::Number => digits(text, usize::MAX, 1).rev().any(&mut cut),
        What::Digits(least, most) => digits(text, *most, *least).rev().any(&mut cut),
        What::Word => ends(text, '/').rev().any(&mut cut),
        What::Rest => ends(text, '\n').rev().any(&mut cut),
        What::Path => ends(text, '\n').any(&mut cut),
        What::PagePath => page_path(text).any(&mut cut),
    }
}

/// Whether the pieces can begin here at all: saves most of the steps.
fn may_follow(pieces: &[Piece], text: &str) -> bool {
    match pieces.first().map(|p| &p.what) {
        None => text.is_empty(),
        Some(What::Text(wanted)) => text.starts_with(wanted.as_str()),
        Some(What::Slash) if pieces.len() == 1 => text.is_empty() || text == "/",
        Some(What::Part) => text.is_empty() || text.starts_with('/'),
        Some(_) => true,
    }
}

fn part_length(text: &str) -> usize {
    let Some(rest) = text.strip_prefix('/') else { return 0 };
    1 + rest.bytes().take_while(u8::is_ascii_digit).count()
}

/// How many digits may be taken; none of these numbers when there are too few.
fn digits(text: &str, most: usize, least: usize) -> std::ops::RangeInclusive<usize> {
    let count = text.bytes().take_while(u8::is_ascii_digit).take(most).count();
    least..=count
}

/// Where letters end before `stop`, from the first letter on.
fn ends(text: &str, stop: char) -> impl DoubleEndedIterator<Item = usize> {
    let most = text.find(stop).unwrap_or(text.len());
    let inner = text.get(..most).unwrap_or_default();
    inner.char_indices().map(|(at, letter)| at + letter.len_utf8())
}

/// Two letters or more before a single one.
fn page_path(text: &str) -> impl Iterator<Item = usize> {
    let single = ends(text, '\n').take(1);
    ends(text, '\n').skip(1).chain(single)
}

//! Numbered paragraphs: found by a counter that takes only the number that comes next.
//!
//! Lists in tables, footnotes and contents also put numbers at the start of lines. They break the count sooner or
//! later; the longest unbroken count from 1 is the document's own. Lettered items stay in their paragraph.
//!
//! Never in here: where lines and pages come from.

use crate::model::Paragraph;
use crate::text;

/// More counts at a time than this are rubbish.
const MAX_CHAINS: usize = 64;

/// Fewer numbers are a list, not the paragraphs of a document.
const MIN_PARAGRAPHS: usize = 3;

/// A block of text on a page, as the pages have them between blank lines.
pub(crate) struct Block<'a> {
    pub page: u32,
    pub text: &'a str,
    /// Headings, running heads and feet end or interrupt a paragraph and are not part of it.
    pub outside: bool,
    /// Whether it is a heading: the last paragraph ends there.
    pub heading: bool,
}

/// A number at the start of a block: `12.`, or `24.1` with the part before the point.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Candidate {
    block: usize,
    major: Option<u32>,
    minor: u32,
}

/// The numbered paragraphs of a document.
pub(crate) fn paragraphs(blocks: &[Block<'_>]) -> Vec<Paragraph> {
    let candidates: Vec<Candidate> = blocks
        .iter()
        .enumerate()
        .filter(|(_, b)| !b.outside)
        .filter_map(|(at, b)| candidate(at, b.text))
        .collect();
    let plain = longest(candidates.iter().filter(|c| c.major.is_none()));
    let decimal = longest_decimal(&candidates);
    let best = if decimal.len() > plain.len() && !nested(&plain, &decimal) {
        decimal
    } else {
        with_decimals(&plain, &candidates)
    };
    if best.len() < MIN_PARAGRAPHS {
        Vec::new()
    } else {
        texts(blocks, &best)
    }
}

/// Reads `12. `, `24.1 ` or `24.1. ` at the start of a block.
fn candidate(block: usize, text: &str) -> Option<Candidate> {
    let text = text.trim_start();
    let (first, rest) = number(text)?;
    let rest = rest.strip_prefix('.')?;
    if rest.starts_with(char::is_whitespace) {
        return Some(Candidate {
            block,
            major: None,
            minor: first,
        });
    }
    let (second, rest) = number(rest)?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    rest.starts_with(char::is_whitespace).then_some(Candidate {
        block,
        major: Some(first),
        minor: second,
    })
}

/// A number of at most four digits without a leading zero.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 4 || text.starts_with('0') {
        return None;
    }
    Some((text[..digits].parse().ok()?, &text[digits..]))
}

/// The longest unbroken count from 1. Of equally long ones the last: a table of contents stands before what it lists.
fn longest<'a>(candidates: impl Iterator<Item = &'a Candidate>) -> Vec<Candidate> {
    let mut chains: Vec<Vec<Candidate>> = Vec::new();
    for candidate in candidates {
        let mut taken = false;
        for chain in &mut chains {
            if chain.last().is_some_and(|last| last.minor + 1 == candidate.minor) {
                chain.push(*candidate);
                taken = true;
            }
        }
        if candidate.minor == 1 && !taken {
            if chains.len() == MAX_CHAINS {
                chains.sort_by_key(|chain| std::cmp::Reverse(chain.len()));
                chains.truncate(MAX_CHAINS / 2);
            }
            chains.push(vec![*candidate]);
        }
    }
    let longest = chains.iter().map(Vec::len).max().unwrap_or(0);
    chains
        .into_iter()
        .rev()
        .find(|chain| chain.len() == longest)
        .unwrap_or_default()
}

/// The longest count of the form `24.1, 24.2 …`.
fn longest_decimal(candidates: &[Candidate]) -> Vec<Candidate> {
    let mut majors: Vec<u32> = candidates.iter().filter_map(|c| c.major).collect();
    majors.sort_unstable();
    majors.dedup();
    let mut best = Vec::new();
    for major in majors {
        let chain = longest(candidates.iter().filter(|c| c.major == Some(major)));
        if chain.len() > best.len() {
            best = chain;
        }
    }
    best
}

/// Whether the decimal count belongs under a paragraph of the plain one, as 26.1 to 26.321 belong under 26.
fn nested(plain: &[Candidate], decimal: &[Candidate]) -> bool {
    let Some(first) = decimal.first() else { return false };
    let parent = plain.iter().rposition(|c| c.block <= first.block);
    parent
        .and_then(|at| plain.get(at))
        .is_some_and(|c| Some(c.minor) == first.major)
}

/// The plain count with `26.1, 26.2 …` where they follow their own paragraph 26.
fn with_decimals(plain: &[Candidate], candidates: &[Candidate]) -> Vec<Candidate> {
    let mut all = Vec::new();
    for (at, parent) in plain.iter().enumerate() {
        all.push(*parent);
        let end = plain.get(at + 1).map_or(usize::MAX, |next| next.block);
        let mut expected = 1;
        for candidate in candidates.iter().filter(|c| c.block > parent.block && c.block < end) {
            if candidate.major == Some(parent.minor) && candidate.minor == expected {
                all.push(*candidate);
                expected += 1;
            }
        }
    }
    all
}

/// The texts from each number to the next, across pages, without what stands outside.
fn texts(blocks: &[Block<'_>], numbers: &[Candidate]) -> Vec<Paragraph> {
    let mut found = Vec::new();
    for (at, candidate) in numbers.iter().enumerate() {
        let end = numbers.get(at + 1).map_or(blocks.len(), |next| next.block);
        let mut text = String::new();
        let mut ended = false;
        for block in &blocks[candidate.block..end] {
            ended |= at + 1 == numbers.len() && block.heading;
            if !block.outside && !ended {
                let part = text::one_line(block.text);
                if !text.is_empty() {
                    text.push(if goes_on(&text, &part) { ' ' } else { '\n' });
                }
                text.push_str(&part);
            }
        }
        let printed = match candidate.major {
            Some(major) => format!("{major}.{}", candidate.minor),
            None => candidate.minor.to_string(),
        };
        let text = text
            .strip_prefix(&printed)
            .unwrap_or(&text)
            .trim_start_matches('.')
            .trim()
            .to_owned();
        found.push(Paragraph {
            number: printed,
            page: blocks[candidate.block].page,
            text,
        });
    }
    found
}

/// Whether a sentence goes on in the next block, as it does over the end of a page.
fn goes_on(before: &str, after: &str) -> bool {
    !before.ends_with(['.', ':', ';', '?', '!', ')', '。', '؟']) && after.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{Block, paragraphs};

    fn numbers(lines: &[&str]) -> Vec<String> {
        let blocks: Vec<Block> = lines
            .iter()
            .map(|text| Block {
                page: 1,
                text,
                outside: false,
                heading: false,
            })
            .collect();
        paragraphs(&blocks)
            .into_iter()
            .map(|p| format!("{}={}", p.number, p.text))
            .collect()
    }

    #[test]
    fn only_the_next_number_counts() {
        let lines = ["1. One", "7. a table", "2. Two", "(a) an item", "1. a note", "3. Three"];
        assert_eq!(
            numbers(&lines),
            ["1=One\n7. a table", "2=Two\n(a) an item\n1. a note", "3=Three"]
        );
    }

    #[test]
    fn contents_do_not_start_the_count() {
        let lines = ["1. Introduction", "2. Method", "1. First", "2. Second", "3. Third"];
        assert_eq!(numbers(&lines), ["1=First", "2=Second", "3=Third"]);
    }

    #[test]
    fn decimals_count_alone_or_under_their_paragraph() {
        assert_eq!(
            numbers(&["24.1 One", "24.2 Two", "1. x", "24.3 Three"]),
            ["24.1=One", "24.2=Two\n1. x", "24.3=Three"]
        );
        let lines = ["1. One", "2. Two:", "2.1 a", "2.3 no", "2.2 b", "3. Three"];
        assert_eq!(
            numbers(&lines),
            ["1=One", "2=Two:", "2.1=a\n2.3 no", "2.2=b", "3=Three"]
        );
    }
}

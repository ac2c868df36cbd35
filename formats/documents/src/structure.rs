//! What the parts of a document are: headings, running heads, numbered paragraphs; and what follows for the whole.
//!
//! Every format gives its text as a list of parts; from here on all formats are treated alike.
//!
//! Never in here: anything of one format.

use crate::model::{Document, Heading};
use crate::numbering::{self, Block};
use crate::{language, masthead, text};
use gp_symbols::Symbol;
use std::collections::{HashMap, HashSet};

/// The most symbols of others that are noted of one document.
const MAX_CITES: usize = 300;
/// Longer parts are not headings.
const MAX_HEADING: usize = 200;
/// Headings after which the rest is left out.
const MAX_HEADINGS: usize = 10_000;

/// A paragraph, heading or cell, in reading order.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub page: u32,
    pub text: String,
    /// The size of its letters, where the format has only that; else 0.
    pub size: f32,
    pub bold: bool,
    /// The level of a heading, where the format says so.
    pub level: Option<u8>,
}

/// All parts of a document.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    pub parts: Vec<Part>,
}

impl Structure {
    /// Fills in everything that follows from the pages and parts. An outline of the file itself goes before headings that
    /// are only seen.
    pub(crate) fn finish(self, document: &mut Document, outline: Vec<Heading>) {
        let mut running = self.running();
        running.extend(self.notes());
        let seen = self.headings(&running);
        let named: HashSet<String> = outline.iter().map(|heading| key(&heading.text)).collect();
        let mut blocks = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            let is_heading = seen.contains_key(&at) || (!named.is_empty() && named.contains(&key(&part.text)));
            blocks.push(Block {
                page: part.page,
                text: &part.text,
                outside: is_heading || running.contains(&at),
                heading: is_heading,
            });
        }
        document.paragraphs = numbering::paragraphs(&blocks);
        let from_outline = !outline.is_empty();
        document.headings = if outline.is_empty() {
            self.listed(&seen)
        } else {
            outline.into_iter().map(|heading| self.as_printed(heading)).collect()
        };
        for page in &mut document.pages {
            page.language = language::of_text(&page.text);
        }
        document.language = language::of_most(&document.pages).or_else(|| document.language.take());
        if let Some(first) = document.pages.first() {
            let head = masthead::read(&first.text);
            if head.symbol.is_some() && !from_outline {
                document
                    .headings
                    .retain(|heading| heading.page > 1 || !masthead::is_part(&heading.text));
            }
            document.symbol = head.symbol;
            document.job_number = head.job_number;
            document.issued = head.issued;
        }
        document.cites = cites(document);
    }

    /// A heading of the file's outline in the words of the page. Programs that write outlines lose blanks where a line ends, put
    /// words that are read from right to left in the order of their pieces, and repeat what goes over two pieces.
    fn as_printed(&self, heading: Heading) -> Heading {
        let (named, half) = (letters(&heading.text), letters(half(&heading.text)));
        let same = |part: &&Part| {
            let printed = letters(&part.text);
            part.page == heading.page && (printed == named || printed == half)
        };
        let printed = self.parts.iter().find(same).filter(|_| !named.is_empty());
        Heading {
            text: printed.map_or(heading.text, |part| text::one_line(&part.text)),
            ..heading
        }
    }

    fn listed(&self, levels: &HashMap<usize, u8>) -> Vec<Heading> {
        let mut at: Vec<usize> = levels.keys().copied().collect();
        at.sort_unstable();
        at.truncate(MAX_HEADINGS);
        let heading = |at: usize| Heading {
            level: levels[&at],
            text: text::one_line(&self.parts[at].text),
            page: self.parts[at].page,
        };
        at.into_iter().map(heading).collect()
    }

    /// Short parts at the top or foot of pages that come again and again, numbers aside.
    fn running(&self) -> HashSet<usize> {
        let mut pages: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, part) in self.parts.iter().enumerate() {
            pages.entry(part.page).or_default().push(at);
        }
        let mut times: HashMap<String, Vec<usize>> = HashMap::new();
        for parts in pages.values() {
            let edges: HashSet<usize> = parts
                .iter()
                .take(3)
                .chain(parts.iter().rev().take(4))
                .copied()
                .collect();
            for at in edges {
                let text = &self.parts[at].text;
                if self.parts[at].level.is_none() && text.len() < MAX_HEADING {
                    times.entry(key(text)).or_default().push(at);
                }
            }
        }
        let enough = (pages.len() / 4).max(3);
        times
            .into_values()
            .filter(|places| places.len() >= enough)
            .flatten()
            .collect()
    }

    /// Footnotes: what stands below a drawn line at the foot of a page, and small text that starts with a mark there.
    fn notes(&self) -> HashSet<usize> {
        let body = self.body_size();
        let mut notes = HashSet::new();
        let mut below: Option<u32> = None;
        for (at, part) in self.parts.iter().enumerate() {
            let text = part.text.trim();
            if text.len() >= 5 && text.chars().all(|c| c == '_') {
                below = Some(part.page);
            }
            if below == Some(part.page) {
                notes.insert(at);
            }
        }
        let mut foot: Vec<usize> = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            let is_note = part
                .text
                .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '*' | '†'));
            let is_small = part.size > 0.0 && part.size < 0.93 * body;
            if foot.first().is_some_and(|first| self.parts[*first].page != part.page) {
                notes.extend(foot.drain(..));
            }
            if is_small && (is_note || !foot.is_empty()) {
                foot.push(at);
            } else if part.size >= 0.93 * body && part.text.len() > 12 {
                foot.clear();
            }
        }
        notes.extend(foot);
        notes
    }

    /// The levels of the parts that are headings: as the format says, or by size and weight of the letters.
    fn headings(&self, running: &HashSet<usize>) -> HashMap<usize, u8> {
        let said: HashMap<usize, u8> = self
            .parts
            .iter()
            .enumerate()
            .filter_map(|(at, part)| part.level.map(|level| (at, level)))
            .collect();
        if !said.is_empty() || self.parts.iter().all(|part| part.size <= 0.0) {
            return said;
        }
        let body = self.body_size();
        let mut seen: Vec<(usize, i32)> = Vec::new();
        for (at, part) in self.parts.iter().enumerate().filter(|(at, _)| !running.contains(at)) {
            let big = part.size > 1.12 * body;
            let numbered = part.text.starts_with(|c: char| c.is_ascii_digit());
            let bold = part.bold
                && !numbered
                && part.size > 0.95 * body
                && part.text.len() <= 120
                && !part.text.trim_end().ends_with(['.', ':', ';', ',']);
            if (big || bold) && is_title(&part.text) {
                seen.push((at, if big { (part.size * 2.0).round() as i32 } else { 0 }));
            }
        }
        let mut sizes: Vec<i32> = seen.iter().map(|(_, size)| *size).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes.dedup();
        let level = |size: i32| {
            sizes
                .iter()
                .position(|s| *s == size)
                .map_or(6, |at| (at as u8).saturating_add(1).min(6))
        };
        seen.into_iter().map(|(at, size)| (at, level(size))).collect()
    }

    /// The size of most letters.
    fn body_size(&self) -> f32 {
        let mut letters: HashMap<i32, usize> = HashMap::new();
        for part in &self.parts {
            *letters.entry((part.size * 4.0).round() as i32).or_default() += part.text.len();
        }
        let most = letters.into_iter().max_by_key(|(size, letters)| (*letters, *size));
        most.map_or(10.0, |(size, _)| size as f32 / 4.0)
    }
}

/// Whether a text can be a heading: letters, and not many.
fn is_title(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    text.len() <= MAX_HEADING && letters >= 3
        || letters >= 2 && text.chars().any(|c| c > '\u{2e80}') && text.chars().count() <= 60
}

/// A text for comparison: small letters, numbers alike, no blanks.
/// Symbols of other documents. A document names itself at the head of every page, and its own parts.
fn cites(document: &Document) -> Vec<Symbol> {
    let own = document.symbol.as_ref().map(Symbol::base);
    let mut found: Vec<Symbol> = Vec::new();
    for page in &document.pages {
        for symbol in Symbol::standing_in(&page.text, MAX_CITES) {
            if found.len() < MAX_CITES && !found.contains(&symbol) && own != Some(symbol.base()) {
                found.push(symbol);
            }
        }
    }
    found
}

/// The letters and figures of a text whatever their order.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.sort_unstable();
    letters
}

/// The first half of a text that says the same twice, else all of it.
fn half(text: &str) -> &str {
    let text = text.trim();
    let middle = text.len() / 2;
    let twice = text
        .split_at_checked(middle)
        .filter(|(first, second)| first.trim() == second.trim());
    twice.map_or(text, |(first, _)| first)
}

fn key(text: &str) -> String {
    let mut key = String::new();
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if !(c == '0' && key.ends_with('0')) {
            key.extend(c.to_lowercase());
        }
    }
    key
}

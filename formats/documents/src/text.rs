//! Text in the form in which it is searched and quoted: one kind of blank, no invisible controls, no hyphens of lines.
//!
//! Never in here: changes of wording, case or accents.

use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// Characters that only steer the display, and the soft hyphen.
pub(crate) fn is_control(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        || (c.is_control() && !matches!(c, '\n' | '\t'))
}

/// Presentation forms and ligatures as the letters they show, and controls away. Other compatibility characters
/// (superscripts, circled numbers, full-width forms) stay, because they carry meaning in print.
pub(crate) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_control(*c)) {
        match c {
            '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => clean.extend(c.to_string().nfkc()),
            '\u{2f00}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' => clean.extend(c.to_string().nfkc()),
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\t' => clean.push(' '),
            '\u{e000}'..='\u{f8ff}' => clean.push(private_use(c)),
            c => clean.push(c),
        }
    }
    if clean.is_ascii() { clean } else { clean.nfc().collect() }
}

/// The bullets of symbol fonts; other letters of a private area have no meaning outside their font.
fn private_use(c: char) -> char {
    match c {
        '\u{f0b7}' | '\u{f0a7}' | '\u{f076}' | '\u{f06e}' | '\u{f0d8}' | '\u{f0fc}' => '•',
        c => c,
    }
}

/// All white space as single blanks.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Whether no blank belongs between these two, where a line ends after the first: Chinese and Japanese.
pub(crate) fn unspaced(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(is_unspaced) && after.is_some_and(is_unspaced)
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{0e00}'..='\u{0eff}' | '\u{1780}'..='\u{17ff}')
}

/// The words of a document, to tell a hyphen of spelling from one of a line's end.
#[derive(Default)]
pub(crate) struct Vocabulary(HashSet<String>);

impl Vocabulary {
    /// More words are not needed to decide.
    const MAX_WORDS: usize = 500_000;

    pub(crate) fn learn(&mut self, line: &str) {
        for word in line.split_whitespace() {
            let word = bare(word);
            if self.0.len() < Self::MAX_WORDS && !word.is_empty() && !word.ends_with('-') {
                self.0.insert(word);
            }
        }
    }

    /// Joins lines into one paragraph, word parts into words.
    pub(crate) fn join(&self, lines: &[String]) -> String {
        let mut joined = String::new();
        for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
            if joined.is_empty() {
                joined.push_str(line);
            } else if let Some(keep) = self.hyphen(&joined, line) {
                if !keep {
                    joined.pop();
                }
                joined.push_str(line);
            } else {
                if !unspaced(joined.chars().next_back(), line.chars().next()) {
                    joined.push(' ');
                }
                joined.push_str(line);
            }
        }
        joined
    }

    /// Whether a word goes on over the end of the line, and then whether its hyphen stays.
    fn hyphen(&self, before: &str, after: &str) -> Option<bool> {
        let stem = before.strip_suffix(['-', '\u{2010}'])?;
        if !stem.ends_with(char::is_alphabetic) || !after.starts_with(char::is_alphabetic) {
            return None;
        }
        let first = stem.rsplit(char::is_whitespace).next().unwrap_or(stem);
        let second = after.split(char::is_whitespace).next().unwrap_or(after);
        if self.0.contains(&bare(&format!("{first}{second}"))) {
            return Some(false);
        }
        let spelt = self.0.contains(&bare(&format!("{first}-{second}")));
        Some(spelt || first.contains('-') || second.starts_with(char::is_uppercase))
    }
}

/// A word in small letters without the punctuation around it.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-')
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Vocabulary, clean};

    fn joined(known: &str, lines: &[&str]) -> String {
        let mut words = Vocabulary::default();
        words.learn(known);
        words.join(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn hyphens_of_lines_go_and_hyphens_of_spelling_stay() {
        assert_eq!(joined("", &["an interna-", "tional rule"]), "an international rule");
        assert_eq!(
            joined("a child-friendly site", &["a child-", "friendly guide"]),
            "a child-friendly guide"
        );
        assert_eq!(joined("", &["Guinea-", "Bissau"]), "Guinea-Bissau");
        assert_eq!(joined("", &["pages 3-", "4 and", "5"]), "pages 3- 4 and 5");
        assert_eq!(joined("", &["儿童", "权利"]), "儿童权利");
    }

    #[test]
    fn presentation_forms_become_letters_and_controls_go() {
        assert_eq!(clean("ﻼ \u{202b}ﬁ\u{ad}x\u{a0}y²"), "لا fix y²");
    }
}

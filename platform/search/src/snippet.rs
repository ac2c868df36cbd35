//! Marks found words in a title, and picks the passage of a text that shows most of them.
//! Passages begin and end at words.

use crate::fold::fold;
use crate::stems::document_stem;
use crate::words::Words;
use std::collections::VecDeque;
use std::ops::Range;

/// How long a passage is, in characters.
const SNIPPET_CHARS: usize = 240;
/// How much of it stands before the first found word.
const LEAD_CHARS: usize = 60;
/// How far into a text found words are looked for, in bytes.
const SCANNED_BYTES: usize = 200_000;
/// How many found words of a text are weighed.
const MOST_MARKS: usize = 300;

/// Words in a row to be marked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Needle(pub(crate) Vec<Pattern>);

/// The tokens that count as one word of a needle.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pattern {
    pub(crate) tokens: Vec<String>,
    /// Also words that begin with the first token.
    pub(crate) prefix: bool,
}

impl Pattern {
    fn fits(&self, token: &Token) -> bool {
        let stem = token.stem.as_deref();
        self.tokens
            .iter()
            .any(|wanted| *wanted == token.word || Some(wanted.as_str()) == stem)
            || (self.prefix
                && self
                    .tokens
                    .first()
                    .is_some_and(|start| token.word.starts_with(start.as_str())))
    }
}

struct Token {
    span: Range<usize>,
    word: String,
    stem: Option<String>,
}

#[derive(Debug, Clone)]
struct Mark {
    span: Range<usize>,
    needle: usize,
}

/// A whole text with found words marked.
pub(crate) fn marked(text: &str, language: &str, needles: &[Needle]) -> String {
    let marks = marks(text, language, needles);
    render(text, 0..text.len(), &marks)
}

/// The best passage of a body; the excerpt, else the beginning, where no word is found in it.
pub(crate) fn snippet(body: &str, excerpt: &str, language: &str, needles: &[Needle]) -> String {
    let found = marks(body, language, needles);
    if let Some(best) = best_window(body, &found) {
        return passage(body, best, &found);
    }
    let text = if excerpt.trim().is_empty() { body } else { excerpt };
    let start = text.len() - text.trim_start().len();
    passage(text, start..start, &marks(floor(text, 2000), language, needles))
}

/// The text up to `bytes`, not inside a character.
fn floor(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

fn marks(text: &str, language: &str, needles: &[Needle]) -> Vec<Mark> {
    let longest = needles.iter().map(|needle| needle.0.len()).max().unwrap_or(0);
    let mut marks = Vec::new();
    if longest == 0 {
        return marks;
    }
    let text = floor(text, SCANNED_BYTES);
    let firsts: Vec<char> = needles
        .iter()
        .flat_map(|n| &n.0)
        .flat_map(|p| &p.tokens)
        .filter_map(|t| first_letter(t))
        .collect();
    let mut recent: VecDeque<Token> = VecDeque::with_capacity(longest + 1);
    for span in Words::new(text) {
        let written = &text[span.start..span.end];
        let mut token = Token {
            span: span.start..span.end,
            word: String::new(),
            stem: None,
        };
        // Most words can be passed over by their first letter, which is much faster.
        if !passes_over(written, &firsts) {
            token.word = fold(written);
            token.stem = if span.gram {
                None
            } else {
                document_stem(written, language)
            };
        }
        recent.push_back(token);
        if recent.len() > longest {
            recent.pop_front();
        }
        for (needle, Needle(patterns)) in needles.iter().enumerate() {
            let Some(skip) = recent.len().checked_sub(patterns.len()) else {
                continue;
            };
            if !patterns.is_empty()
                && recent
                    .iter()
                    .skip(skip)
                    .zip(patterns)
                    .all(|(token, pattern)| pattern.fits(token))
            {
                marks.push(Mark {
                    span: recent[skip].span.start..span.end,
                    needle,
                });
            }
        }
        if marks.len() >= MOST_MARKS {
            break;
        }
    }
    marks
}

fn first_letter(token: &str) -> Option<char> {
    token.trim_start_matches('~').chars().next()
}

/// Whether a word of basic Latin letters begins otherwise than every token looked for.
fn passes_over(written: &str, firsts: &[char]) -> bool {
    let first = written.chars().next().map(|c| c.to_ascii_lowercase());
    written.is_ascii() && first.is_some_and(|first| !firsts.contains(&first))
}

/// The run of marks within a passage's length that shows most different needles, then most marks.
fn best_window(text: &str, marks: &[Mark]) -> Option<Range<usize>> {
    let room = SNIPPET_CHARS - LEAD_CHARS;
    let mut best: Option<((usize, usize), Range<usize>)> = None;
    for (i, first) in marks.iter().enumerate() {
        let end = nth_char(text, first.span.start, room).max(first.span.end);
        let inside: Vec<&Mark> = marks[i..].iter().take_while(|mark| mark.span.end <= end).collect();
        let mut different: Vec<usize> = inside.iter().map(|mark| mark.needle).collect();
        different.sort_unstable();
        different.dedup();
        let worth = (different.len(), inside.len());
        if best.as_ref().is_none_or(|(known, _)| worth > *known) {
            let last = inside.iter().map(|mark| mark.span.end).max().unwrap_or(first.span.end);
            best = Some((worth, first.span.start..last));
        }
    }
    best.map(|(_, range)| range)
}

/// The place `chars` characters after `from`, or the end.
fn nth_char(text: &str, from: usize, chars: usize) -> usize {
    text[from..]
        .char_indices()
        .nth(chars)
        .map_or(text.len(), |(at, _)| from + at)
}

/// The text around `core`, cut at words, marked, with an ellipsis where something is left out.
fn passage(text: &str, core: Range<usize>, marks: &[Mark]) -> String {
    let start = start_before(text, core.start);
    let end = end_after(text, start, core.end);
    let mut html = String::new();
    if !text[..start].trim().is_empty() {
        html.push('…');
    }
    html.push_str(&render(text, start..end, marks));
    if !text[end..].trim().is_empty() {
        html.push('…');
    }
    html
}

/// A word's beginning at most the lead before `at`; `at` itself where there is no blank.
fn start_before(text: &str, at: usize) -> usize {
    let earliest = text[..at].char_indices().rev().nth(LEAD_CHARS).map(|(place, _)| place);
    let Some(earliest) = earliest else {
        return text[..at].len() - text[..at].trim_start().len();
    };
    let lead = &text[earliest..at];
    match lead.find(char::is_whitespace) {
        Some(blank) => earliest + blank + (lead[blank..].len() - lead[blank..].trim_start().len()),
        None => at,
    }
}

/// A word's end at most a passage after `start`, but not before `least`.
fn end_after(text: &str, start: usize, least: usize) -> usize {
    let latest = nth_char(text, start, SNIPPET_CHARS).max(least);
    if latest == text.len() {
        return text.trim_end().len().max(start);
    }
    if text[latest..].starts_with(char::is_whitespace) {
        return start + text[start..latest].trim_end().len();
    }
    match text[least.max(start)..latest].rfind(char::is_whitespace) {
        Some(blank) => start + text[start..least.max(start) + blank].trim_end().len(),
        // No blank: a script without blanks is cut between words or pairs, a giant word anywhere.
        None => Words::new(&text[start..])
            .map(|s| start + s.end)
            .take_while(|&end| end <= latest)
            .last()
            .unwrap_or(latest)
            .max(least),
    }
}

/// Part of a text as HTML: escaped, blanks collapsed, marks set.
fn render(text: &str, part: Range<usize>, marks: &[Mark]) -> String {
    let mut html = String::new();
    let mut at = part.start;
    for span in merged(marks) {
        if span.start < at || span.end > part.end {
            continue;
        }
        escape(&text[at..span.start], &mut html);
        html.push_str("<mark>");
        escape(&text[span.clone()], &mut html);
        html.push_str("</mark>");
        at = span.end;
    }
    escape(&text[at..part.end.max(at)], &mut html);
    html
}

/// The marks' places without overlap; pairs of characters that follow each other become one.
fn merged(marks: &[Mark]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = marks.iter().map(|mark| mark.span.clone()).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut out: Vec<Range<usize>> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

fn escape(text: &str, html: &mut String) {
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            if !blank {
                html.push(' ');
            }
            blank = true;
            continue;
        }
        blank = false;
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#039;"),
            c if c.is_control() => {}
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Needle, Pattern, marked, snippet};
    use proptest::prelude::*;

    fn needle(words: &[&str]) -> Needle {
        Needle(
            words
                .iter()
                .map(|word| Pattern {
                    tokens: vec![(*word).to_owned()],
                    prefix: false,
                })
                .collect(),
        )
    }

    #[test]
    fn marks_and_escapes() {
        assert_eq!(
            marked("Sale & <b>Children</b>", "en", &[needle(&["~child"])]),
            "Sale &amp; &lt;b&gt;<mark>Children</mark>&lt;/b&gt;"
        );
        assert_eq!(
            marked("a CRC/C/156 b", "", &[needle(&["crc", "c", "156"])]),
            "a <mark>CRC/C/156</mark> b"
        );
        assert_eq!(
            marked("保护儿童权利", "zh", &[needle(&["儿童"]), needle(&["童权"])]),
            "保护<mark>儿童权</mark>利"
        );
    }

    #[test]
    fn passage_shows_the_words_and_ends_at_words() {
        let body = format!(
            "{} the police protect children there {}",
            "filler words ".repeat(50),
            "other things ".repeat(50)
        );
        let html = snippet(&body, "", "en", &[needle(&["police"]), needle(&["children"])]);
        assert!(html.starts_with("…") && html.ends_with('…'));
        assert!(html.contains("the <mark>police</mark> protect <mark>children</mark> there"));
        let words: Vec<&str> = html.trim_matches('…').split(' ').collect();
        assert!(["filler", "words"].contains(&words[0]) && ["other", "things"].contains(words.last().unwrap()));
    }

    #[test]
    fn excerpt_where_nothing_is_found() {
        assert_eq!(
            snippet("Body text", "The excerpt", "en", &[needle(&["x"])]),
            "The excerpt"
        );
        assert_eq!(snippet("  Body text", " ", "en", &[]), "Body text");
    }

    proptest! {
        #[test]
        fn never_panics_and_is_balanced(body in "(\\PC|[ab<儿童\n ]){0,400}", word in "[ab儿]{1,2}") {
            let html = snippet(&body, "", "en", &[needle(&[&word])]);
            prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
            prop_assert!(html.chars().filter(|c| *c == '<').count() == 2 * html.matches("<mark>").count());
        }
    }
}

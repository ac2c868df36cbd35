//! Reads what a person typed. Nothing is an error: what is not understood is taken as words.
//!
//! Words must all be there; `"…"` is a phrase in exactly these words; `-` before a word or phrase
//! leaves items with it out; `title:` before one looks in titles only. Words joined without a blank
//! (`CRC/C/156`, `child-friendly`) belong together.

use crate::fold::fold;
use crate::stems::query_stems;
use crate::words::Words;

/// Longer queries are cut.
const LONGEST_CHARS: usize = 1000;

/// Only the first words count.
const MOST_WORDS: usize = 32;

/// A word of a query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// Where it stands in the text of [`Parsed`].
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// As typed.
    pub(crate) text: String,
    pub(crate) folded: String,
    /// The stems that it may have.
    pub(crate) stems: Vec<String>,
    /// A pair of characters.
    pub(crate) gram: bool,
}

/// How the words of a clause hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One word, or the pairs of one run of characters.
    Plain,
    /// Several words without a blank between them.
    Joined,
    /// In quotation marks.
    Quoted,
}

/// A part of the query that an item must (or must not) fulfil.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clause {
    pub(crate) words: Vec<Word>,
    pub(crate) form: Form,
    pub(crate) negative: bool,
    pub(crate) title_only: bool,
    /// The last word is perhaps unfinished.
    pub(crate) prefix: bool,
}

impl Clause {
    /// Whether the clause is a symbol, a number or a quotation: its words count only in a row.
    pub(crate) fn is_exact(&self) -> bool {
        let has_digit = |word: &Word| word.folded.chars().any(|c| c.is_ascii_digit());
        match self.form {
            Form::Quoted => true,
            Form::Joined => self.words.iter().any(has_digit),
            Form::Plain => false,
        }
    }
}

/// A query as it was understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Parsed {
    /// The text that the words' places refer to.
    pub(crate) text: String,
    pub(crate) clauses: Vec<Clause>,
}

/// Reads a query; `prefix` says that its last word is perhaps unfinished.
pub(crate) fn parse(text: &str, prefix: bool) -> Parsed {
    let text: String = text
        .chars()
        .take(LONGEST_CHARS)
        .collect::<String>()
        .replace("%2F", "/")
        .replace("%2f", "/");
    let mut clauses = Vec::new();
    let mut left = MOST_WORDS;
    for chunk in chunks(&text) {
        let mut words = words_of(&text, chunk.start, chunk.end);
        words.truncate(left);
        left -= words.len();
        if words.is_empty() {
            continue;
        }
        let grams = words.iter().all(|word| word.gram);
        let form = match chunk.quoted {
            true => Form::Quoted,
            false if words.len() == 1 || grams => Form::Plain,
            false => Form::Joined,
        };
        clauses.push(Clause {
            words,
            form,
            negative: chunk.negative,
            title_only: chunk.title_only,
            prefix: false,
        });
    }
    let open_end = text.ends_with(|c: char| !c.is_whitespace() && c != '"' && c != '”');
    if let Some(last) = clauses
        .last_mut()
        .filter(|last| prefix && open_end && left > 0 && last.form != Form::Quoted)
    {
        last.prefix = true;
    }
    Parsed { text, clauses }
}

/// The words between two places of a text, without the lone last characters that only the index needs.
fn words_of(text: &str, start: usize, end: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for span in Words::new(&text[start..end]) {
        let (from, to) = (start + span.start, start + span.end);
        if span.tail && words.last().is_some_and(|last| last.gram && last.end == to) {
            continue;
        }
        let word = &text[from..to];
        let stems = if span.gram { Vec::new() } else { query_stems(word) };
        words.push(Word {
            start: from,
            end: to,
            text: word.to_owned(),
            folded: fold(word),
            stems,
            gram: span.gram,
        });
        if words.len() > MOST_WORDS {
            break;
        }
    }
    words
}

/// The words of a text of our own (a synonym), as a query would have them.
pub(crate) fn words(text: &str) -> Vec<Word> {
    words_of(text, 0, text.len())
}

#[derive(Debug)]
struct Chunk {
    start: usize,
    end: usize,
    quoted: bool,
    negative: bool,
    title_only: bool,
}

/// Cuts at blanks and quotation marks, and takes the signs before a chunk off.
fn chunks(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(|c: char| !c.is_whitespace()) {
        at += offset;
        let (negative, title_only) = (take_minus(text, &mut at), take_title(text, &mut at));
        let closing = text[at..].chars().next().and_then(closing_mark);
        if let Some(closing) = closing {
            let start = at + text[at..].chars().next().map_or(0, char::len_utf8);
            let end = text[start..].find(closing).map_or(text.len(), |offset| start + offset);
            chunks.push(Chunk {
                start,
                end,
                quoted: true,
                negative,
                title_only,
            });
            at = text[end..].chars().next().map_or(end, |c| end + c.len_utf8());
        } else {
            let stops = |c: char| c.is_whitespace() || closing_mark(c).is_some();
            let end = text[at..].find(stops).map_or(text.len(), |offset| at + offset);
            chunks.push(Chunk {
                start: at,
                end,
                quoted: false,
                negative,
                title_only,
            });
            at = end;
        }
    }
    chunks
}

fn take_minus(text: &str, at: &mut usize) -> bool {
    let rest = &text[*at..];
    let Some(sign) = rest.chars().next().filter(|c| matches!(c, '-' | '−')) else {
        return false;
    };
    let follows = rest[sign.len_utf8()..]
        .chars()
        .next()
        .is_some_and(|c| !c.is_whitespace() && c != '-');
    if follows {
        *at += sign.len_utf8();
    }
    follows
}

fn take_title(text: &str, at: &mut usize) -> bool {
    let named = text[*at..]
        .get(..6)
        .is_some_and(|word| word.eq_ignore_ascii_case("title:"));
    if named {
        *at += 6;
    }
    named
}

fn closing_mark(opening: char) -> Option<char> {
    match opening {
        '"' => Some('"'),
        '“' | '„' => Some('”'),
        '«' => Some('»'),
        '「' => Some('」'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, parse};
    use proptest::prelude::*;

    fn shape(text: &str) -> Vec<(String, Form, bool, bool)> {
        let folded = |clause: &super::Clause| {
            clause
                .words
                .iter()
                .map(|word| word.folded.clone())
                .collect::<Vec<_>>()
                .join(" ")
        };
        parse(text, false)
            .clauses
            .iter()
            .map(|c| (folded(c), c.form, c.negative, c.title_only))
            .collect()
    }

    #[test]
    fn signs() {
        assert_eq!(
            shape("Child -sale title:guide \"best  interests\" CRC%2FC/156 - -\"no\" title:\"a b\""),
            [
                ("child".into(), Form::Plain, false, false),
                ("sale".into(), Form::Plain, true, false),
                ("guide".into(), Form::Plain, false, true),
                ("best interests".into(), Form::Quoted, false, false),
                ("crc c 156".into(), Form::Joined, false, false),
                ("no".into(), Form::Quoted, true, false),
                ("a b".into(), Form::Quoted, false, true),
            ]
        );
    }

    #[test]
    fn pairs_without_the_lone_last() {
        assert_eq!(shape("儿童权"), [("儿童 童权".into(), Form::Plain, false, false)]);
        assert_eq!(shape("儿"), [("儿".into(), Form::Plain, false, false)]);
    }

    #[test]
    fn unfinished_last_word() {
        assert!(parse("child traf", true).clauses[1].prefix);
        assert!(!parse("child traf ", true).clauses[1].prefix);
        assert!(!parse("\"child traf\"", true).clauses[0].prefix);
    }

    #[test]
    fn limits() {
        let parsed = parse(&"a/".repeat(50_000), true);
        assert_eq!(
            parsed.clauses.iter().map(|clause| clause.words.len()).sum::<usize>(),
            32
        );
        assert!(parse("\"\" - -- title: \0", true).clauses.is_empty());
    }

    proptest! {
        #[test]
        fn places_are_right(text in any::<String>(), prefix in any::<bool>()) {
            let parsed = parse(&text, prefix);
            for word in parsed.clauses.iter().flat_map(|clause| &clause.words) {
                prop_assert_eq!(&parsed.text[word.start..word.end], &word.text);
            }
        }
    }
}

//! "Did you mean": for words that stand nowhere in the index, the most frequent word of the index
//! that differs by one letter, else by two. The engine's word lists hold words of items that the
//! reader may not see, so a word is only suggested when it finds something under the reader's own
//! filters, and words to be avoided are suggested in today's form.

use crate::parse::{Clause, Parsed, Word, parse};
use crate::schema::Fields;
use crate::stems::is_stem;
use crate::synonyms;
use std::collections::HashMap;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

/// How many words of a query are corrected.
const MOST_WORDS: usize = 4;
/// How many corrections of a word are tried.
const MOST_TRIES: usize = 5;
/// How many similar words are weighed.
const MOST_CANDIDATES: usize = 1000;

/// Another spelling of a query that finds something, as told by `finds`.
pub(crate) fn suggestion(
    searcher: &Searcher,
    fields: &Fields,
    parsed: &Parsed,
    finds: impl Fn(&str) -> tantivy::Result<usize>,
) -> tantivy::Result<Option<String>> {
    let fields = [fields.items.title, fields.items.terms, fields.items.body];
    let mut text = parsed.text.clone();
    let mut corrected = 0;
    // From the end, so that earlier places stay right.
    for word in parsed
        .clauses
        .iter()
        .filter(|clause| !clause.negative)
        .flat_map(|clause| &clause.words)
        .rev()
    {
        if corrected == MOST_WORDS || !is_correctable(word) || is_known(searcher, &fields, word)? {
            continue;
        }
        if let Some(better) = correction(searcher, &fields, &word.folded, &finds)? {
            text.replace_range(word.start..word.end, &better);
            corrected += 1;
        }
    }
    if corrected == 0 {
        return Ok(None);
    }
    let text = in_todays_words(text);
    Ok((finds(&text)? > 0).then_some(text))
}

fn is_correctable(word: &Word) -> bool {
    !word.gram && word.folded.chars().count() >= 4 && !word.folded.chars().any(|c| c.is_ascii_digit())
}

fn is_known(searcher: &Searcher, fields: &[Field], word: &Word) -> tantivy::Result<bool> {
    for token in std::iter::once(&word.folded).chain(&word.stems) {
        for &field in fields {
            if searcher.doc_freq(&Term::from_field_text(field, token))? > 0 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn correction(
    searcher: &Searcher,
    fields: &[Field],
    word: &str,
    finds: &impl Fn(&str) -> tantivy::Result<usize>,
) -> tantivy::Result<Option<String>> {
    let furthest = if word.chars().count() >= 8 { 2 } else { 1 };
    for distance in 1..=furthest {
        for candidate in similar(searcher, fields, word, distance)?.into_iter().take(MOST_TRIES) {
            if finds(&candidate)? > 0 {
                return Ok(Some(candidate));
            }
        }
    }
    Ok(None)
}

/// Words of the index within a distance of `word`, the most frequent first.
fn similar(searcher: &Searcher, fields: &[Field], word: &str, distance: u8) -> tantivy::Result<Vec<String>> {
    let mut frequencies: HashMap<String, u64> = HashMap::new();
    for &field in fields {
        let automaton = FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true).automaton()?;
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut terms = index.terms().search(&automaton).into_stream()?;
            while terms.advance() {
                let Ok(term) = std::str::from_utf8(terms.key()) else {
                    continue;
                };
                if is_stem(term) || (frequencies.len() >= MOST_CANDIDATES && !frequencies.contains_key(term)) {
                    continue;
                }
                *frequencies.entry(term.to_owned()).or_default() += u64::from(terms.value().doc_freq);
            }
        }
    }
    let mut words: Vec<(String, u64)> = frequencies.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(words.into_iter().map(|(word, _)| word).collect())
}

/// Replaces words to be avoided.
fn in_todays_words(text: String) -> String {
    let mut parsed = parse(&text, false);
    for expansion in synonyms::expansions(&parsed.clauses).iter().rev() {
        let words: Vec<&Word> = parsed.clauses[expansion.clauses.clone()]
            .iter()
            .flat_map(|clause: &Clause| &clause.words)
            .collect();
        if let (Some(better), Some(first), Some(last)) = (expansion.better, words.first(), words.last()) {
            parsed.text.replace_range(first.start..last.end, better);
        }
    }
    parsed.text
}

//! Words that begin like an unfinished one.
//!
//! Each entry of an item names the beginnings of its words, so that a beginning is found as cheaply as a word. Passages are only looked at
//! one by one, below items that were found: there a beginning stands for the most frequent words that begin so.

use std::collections::HashMap;

use tantivy::Searcher;
use tantivy::schema::Field;

use crate::stems::is_stem;

/// Longest beginning that is named, in characters. What begins with more is begun by few words.
pub(crate) const LONGEST: usize = 7;
/// Words of passages that a beginning stands for.
const MOST: usize = 20;

/// The beginnings of a word.
pub(crate) fn of(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.char_indices().skip(1).map(|(at, _)| at).chain([word.len()]);
    ends.take(LONGEST).map(|end| &word[..end])
}

/// The most frequent words of a field that begin so; of equal ones the first by spelling.
pub(crate) fn words(searcher: &Searcher, field: Field, with: &str) -> tantivy::Result<Vec<String>> {
    let mut frequencies: HashMap<String, u64> = HashMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut terms = index.terms().range().ge(with.as_bytes()).into_stream()?;
        while terms.advance() && terms.key().starts_with(with.as_bytes()) {
            if let Ok(word) = std::str::from_utf8(terms.key())
                && !is_stem(word)
            {
                *frequencies.entry(word.to_owned()).or_default() += u64::from(terms.value().doc_freq);
            }
        }
    }
    let mut words: Vec<(String, u64)> = frequencies.into_iter().collect();
    words.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.truncate(MOST);
    Ok(words.into_iter().map(|(word, _)| word).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn beginnings_end_between_characters() {
        assert_eq!(super::of("été").collect::<Vec<_>>(), ["é", "ét", "été"]);
        assert_eq!(super::of("exploitation").last(), Some("exploit"));
        assert_eq!(super::of("").collect::<Vec<_>>(), [""]);
    }
}

//! The answers of one state of the index, as far as they find room: a word that stands everywhere is asked for often, and counting
//! what it finds costs most. Nothing here knows who asked.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

use crate::model::{Alike, Answer, Query};

/// Room for so many bytes, about.
const MOST_BYTES: u64 = 8_000_000;
/// How many answers that may be.
const ABOUT: usize = 1_000;

/// Of so many items is kept which others are alike.
const ALIKE: usize = 4_000;

/// Answers by what was asked.
pub(crate) struct Answers {
    answers: Cache<Query, Arc<Answer>, Bytes>,
    alike: Cache<i64, Arc<Vec<Alike>>>,
}

impl Default for Answers {
    fn default() -> Self {
        Answers {
            answers: Cache::with_weighter(ABOUT, MOST_BYTES, Bytes),
            alike: Cache::new(ALIKE),
        }
    }
}

impl Answers {
    /// What was answered before; else what `ask` says. Who asks the same at the same time waits for it.
    pub fn or_ask<E>(&self, query: &Query, ask: impl FnOnce() -> Result<Answer, E>) -> Result<Answer, E> {
        let kept = self.answers.get_or_insert_with(query, || ask().map(Arc::new))?;
        Ok(Answer::clone(&kept))
    }

    /// The items like one, as told before; else what `ask` says.
    pub fn alike<E>(&self, id: i64, ask: impl FnOnce() -> Result<Vec<Alike>, E>) -> Result<Arc<Vec<Alike>>, E> {
        self.alike.get_or_insert_with(&id, || ask().map(Arc::new))
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Query, Arc<Answer>> for Bytes {
    fn weight(&self, query: &Query, answer: &Arc<Answer>) -> u64 {
        let filters = query
            .filters
            .iter()
            .flat_map(|(field, values)| values.iter().chain([field]));
        let without = query.without.iter().flat_map(|(field, value)| [field, value]);
        let words = filters.chain(without).chain(&query.kinds);
        let asked = query.text.len()
            + query.exclude.len() * size_of::<i64>()
            + words.map(|word| word.len() + size_of::<String>()).sum::<usize>();
        let hits: usize = answer
            .hits
            .iter()
            .map(|hit| {
                let passages: usize = hit.passages.iter().map(|passage| passage.text_html.len() + 100).sum();
                hit.title_html.len() + hit.snippet_html.len() + hit.url.len() + passages + 200
            })
            .sum();
        let facets: usize = answer
            .facets
            .iter()
            .flat_map(|(_, values)| values)
            .map(|(value, _)| value.len() + 32)
            .sum();
        u64::try_from(asked + hits + facets + 500).unwrap_or(u64::MAX)
    }
}

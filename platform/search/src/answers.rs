//! The answers of one state of the index, as far as they find room: a word that stands everywhere is asked for often, and counting
//! what it finds costs most. Nothing here knows who asked.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

use crate::model::{Answer, Query};

/// Room for so many bytes, about.
const MOST_BYTES: u64 = 8_000_000;
/// How many answers that may be.
const ABOUT: usize = 1_000;

/// Answers by what was asked.
pub(crate) struct Answers(Cache<Query, Arc<Answer>, Bytes>);

impl Default for Answers {
    fn default() -> Self {
        Answers(Cache::with_weighter(ABOUT, MOST_BYTES, Bytes))
    }
}

impl Answers {
    /// What was answered before; else what `ask` says. Who asks the same at the same time waits for it.
    pub fn or_ask<E>(&self, query: &Query, ask: impl FnOnce() -> Result<Answer, E>) -> Result<Answer, E> {
        let kept = self.0.get_or_insert_with(query, || ask().map(Arc::new))?;
        Ok(Answer::clone(&kept))
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Query, Arc<Answer>> for Bytes {
    fn weight(&self, query: &Query, answer: &Arc<Answer>) -> u64 {
        let asked = query.text.len()
            + query.exclude.len() * size_of::<i64>()
            + query
                .filters
                .iter()
                .flat_map(|(_, values)| values)
                .map(String::len)
                .sum::<usize>();
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

//! Pages that were made before: kept for as long as nothing changed that they show, for visitors who are nobody in particular.
//!
//! A page is made once however many ask for it at the same time. Bounded in bytes; what is asked for seldom goes first, so
//! that a flood of new addresses does not push out what readers read. What must never be here: anything that was made for
//! somebody with an account or a password.

use std::sync::atomic::{AtomicU64, Ordering};

use gp_store::{Freshness, Kept};
use jiff::{SignedDuration, Timestamp};
use quick_cache::{Weighter, sync::Cache};

use crate::ready::Ready;

/// How long a page may say "today" or "next week" without being made again.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);

/// A page that is kept.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub ready: Ready,
    freshness: std::sync::Arc<Freshness>,
    until: Timestamp,
}

impl Page {
    pub(crate) fn new(ready: Ready, freshness: Freshness, now: Timestamp) -> Self {
        Self {
            ready,
            freshness: freshness.into(),
            until: now.checked_add(LONGEST).unwrap_or(now),
        }
    }

    /// Whether it may still be shown.
    pub(crate) fn holds(&self, kept: &Kept, now: Timestamp) -> bool {
        now < self.until && kept.holds(&self.freshness)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Bytes;

impl Weighter<String, Page> for Bytes {
    fn weight(&self, key: &String, page: &Page) -> u64 {
        (key.len() + page.ready.size() + page.freshness.reads().size() + 200) as u64
    }
}

/// The pages that are kept, by what was asked for.
#[derive(Debug)]
pub struct Pages {
    pub(crate) kept: Option<Cache<String, Page, Bytes>>,
    hits: AtomicU64,
    made: AtomicU64,
}

impl Pages {
    /// Whether pages are kept at all.
    pub fn are_kept(&self) -> bool {
        self.kept.is_some()
    }

    /// At most so many bytes; 0: none are kept.
    pub fn new(bytes: u64) -> Self {
        const A_PAGE: u64 = 30_000;
        let about = usize::try_from(bytes / A_PAGE).unwrap_or(usize::MAX).max(100);
        Self {
            kept: (bytes > 0).then(|| Cache::with_weighter(about, bytes, Bytes)),
            hits: AtomicU64::new(0),
            made: AtomicU64::new(0),
        }
    }

    pub(crate) fn count_hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    /// How many answers came from here, and how many had to be made.
    pub fn counts(&self) -> (u64, u64) {
        (self.hits.load(Ordering::Relaxed), self.made.load(Ordering::Relaxed))
    }

    /// Bytes that are kept, about.
    pub fn bytes(&self) -> u64 {
        self.kept.as_ref().map_or(0, Cache::weight)
    }
}

//! Counts what happens without watching anyone: in memory by day, kind and subject, and now and then into the database.
//!
//! What must never be here: an address of a visitor, a time of day, or two things of one visit together.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use gp_content::counts::{self, Count};
use gp_kernel::Result;

use crate::app::App;

/// Different things that wait at most; more are not counted. A flood of new words must not fill the memory.
const MOST_WAITING: usize = 5_000;
/// Longer subjects are cut.
const LONGEST: usize = 200;

/// What happened since it was last written down.
#[derive(Debug, Default)]
pub struct Tally(Mutex<HashMap<(&'static str, String), i64>>);

impl Tally {
    /// Something happened once more.
    pub(crate) fn count(&self, kind: &'static str, subject: &str) {
        let subject: String = subject.chars().take(LONGEST).collect();
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = waiting.len() < MOST_WAITING;
        if let Some(known) = waiting.get_mut(&(kind, subject.clone())) {
            *known += 1;
        } else if room {
            waiting.insert((kind, subject), 1);
        }
    }

    fn take(&self) -> HashMap<(&'static str, String), i64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl App {
    /// Writes down what was counted since the last time.
    ///
    /// # Errors
    /// When the database does not answer; what was counted since then is lost.
    pub async fn write_tally(&self) -> Result<()> {
        let taken = self.tally.take();
        if taken.is_empty() {
            return Ok(());
        }
        let mut counts: Vec<Count> = taken
            .into_iter()
            .map(|((kind, subject), count)| Count {
                kind: kind.to_owned(),
                subject,
                count,
            })
            .collect();
        // Servers that write at the same time must meet the same rows in the same order.
        counts.sort_by(|a, b| (&a.kind, &a.subject).cmp(&(&b.kind, &b.subject)));
        let day = self.clock.now().strftime("%Y-%m-%d").to_string();
        let mut tx = self.db.write().await?;
        counts::add(&mut tx, &day, &counts).await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_new_words_does_not_fill_the_memory() {
        let tally = Tally::default();
        for n in 0..MOST_WAITING * 2 {
            tally.count("miss", &format!("{n} {}", "x".repeat(1000)));
        }
        tally.count("miss", &format!("0 {}", "x".repeat(1000)));
        let taken = tally.take();
        assert_eq!(taken.len(), MOST_WAITING);
        assert!(taken.keys().all(|(_, subject)| subject.len() <= LONGEST));
        assert_eq!(taken.values().filter(|count| **count == 2).count(), 1);
        assert!(tally.take().is_empty());
    }
}

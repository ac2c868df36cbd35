//! Which ids were seen: a bit each, in pages, so that a million ids take little more than 100 kB.

use std::collections::HashMap;

/// A set of positive ids.
#[derive(Debug, Clone, Default)]
pub struct IdSet {
    pages: HashMap<u64, [u64; 8]>,
    /// The greatest id that was ever added.
    pub max: i64,
}

const PAGE: u64 = 512;

impl IdSet {
    /// Adds an id; `false` when it was there.
    pub fn insert(&mut self, id: i64) -> bool {
        let Ok(bits) = u64::try_from(id) else { return false };
        self.max = self.max.max(id);
        let page = self.pages.entry(bits / PAGE).or_default();
        let (word, bit) = place(bits);
        let fresh = page[word] & bit == 0;
        page[word] |= bit;
        fresh
    }

    /// Whether an id is in it.
    pub fn contains(&self, id: i64) -> bool {
        let Ok(bits) = u64::try_from(id) else { return false };
        let (word, bit) = place(bits);
        self.pages.get(&(bits / PAGE)).is_some_and(|page| page[word] & bit != 0)
    }
}

fn place(bits: u64) -> (usize, u64) {
    let within = bits % PAGE;
    (usize::try_from(within / 64).unwrap_or(0), 1 << (within % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn it_is_a_set() {
        let mut set = IdSet::default();
        let mut model = BTreeSet::new();
        for id in [1, 511, 512, 513, 1, 9_000_000_000, 64, 63, 511, i64::MAX] {
            assert_eq!(set.insert(id), model.insert(id), "{id}");
        }
        assert!(model.iter().all(|id| set.contains(*id)));
        assert!(!set.contains(2) && !set.contains(0) && !set.contains(-1));
        assert_eq!(set.max, i64::MAX);
    }
}

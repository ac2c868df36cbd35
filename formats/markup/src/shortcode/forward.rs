//! A search that goes forward through one text and never looks at the same stretch twice.

/// Remembers the last answer for one needle.
pub(super) struct ForwardSearch {
    needle: String,
    /// From where the last search went, and what it found.
    known: Option<(usize, Option<usize>)>,
}

impl ForwardSearch {
    pub(super) fn new(needle: String) -> Self {
        Self { needle, known: None }
    }

    /// The first place of the needle at or after `from`.
    pub(super) fn find(&mut self, text: &str, from: usize) -> Option<usize> {
        if let Some((searched_from, found)) = self.known
            && searched_from <= from
            && found.is_none_or(|at| at >= from)
        {
            return found;
        }
        let found = text[from..].find(&self.needle).map(|at| from + at);
        self.known = Some((from, found));
        found
    }
}

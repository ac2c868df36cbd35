//! Parts of a date, as archives ask for them: compared with dates as they are stored, in the site's own time.

/// Parts of a date; those that are absent may be anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the parts say themselves")]
pub struct Dates {
    pub year: Option<u32>,
    pub month: Option<u32>,
    pub day: Option<u32>,
    pub hour: Option<u32>,
    pub minute: Option<u32>,
    pub second: Option<u32>,
}

impl Dates {
    /// Year, month, day as far as all before are there: `2026-11`.
    pub fn prefix(&self) -> String {
        let mut prefix = self.year.map(|y| format!("{y:04}")).unwrap_or_default();
        for part in [self.month, self.day] {
            match part {
                Some(part) if !prefix.is_empty() => prefix.push_str(&format!("-{part:02}")),
                _ => break,
            }
        }
        prefix
    }

    /// From `2026`, `2026-11` or `2026-11-25`.
    pub fn of_prefix(prefix: &str) -> Self {
        let mut parts = prefix.split('-').map(|part| part.parse().ok());
        let mut next = || parts.next().flatten();
        Self {
            year: next(),
            month: next(),
            day: next(),
            ..Self::default()
        }
    }

    /// Whether nothing is said at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether nothing is said beyond [`Dates::prefix`].
    pub fn is_prefix(&self) -> bool {
        let clock = self.hour.or(self.minute).or(self.second);
        clock.is_none() && (self.month.is_none() || self.year.is_some()) && (self.day.is_none() || self.month.is_some())
    }

    /// Each part with its place in a stored date.
    pub(crate) fn places(&self) -> [(Option<u32>, std::ops::Range<usize>); 6] {
        [
            (self.year, 0..4),
            (self.month, 5..7),
            (self.day, 8..10),
            (self.hour, 11..13),
            (self.minute, 14..16),
            (self.second, 17..19),
        ]
    }

    /// Whether a stored date has these parts.
    pub fn fit(&self, date: &str) -> bool {
        let part = |range: std::ops::Range<usize>| date.get(range).and_then(|d| d.parse::<u32>().ok());
        self.places()
            .into_iter()
            .all(|(wanted, range)| wanted.is_none_or(|w| part(range) == Some(w)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_may_be_missing_anywhere() {
        let day = Dates {
            day: Some(5),
            ..Dates::default()
        };
        assert!(day.fit("2008-09-05 00:00:00") && !day.fit("2008-09-06 00:00:00") && !day.fit(""));
        assert_eq!((day.prefix().as_str(), day.is_prefix()), ("", false));
        let month = Dates::of_prefix("2008-09");
        assert_eq!((month.prefix().as_str(), month.is_prefix()), ("2008-09", true));
    }
}

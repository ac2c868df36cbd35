//! Time as an argument: whoever needs "now" is handed a clock. Also MySQL's way to write dates, which WordPress stores.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// What WordPress stores where there is no date yet (drafts, "floating" dates).
pub const ZERO_DATE: &str = "0000-00-00 00:00:00";

/// Tells the time. Handed on as an argument, never asked of the system in the middle of things.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still: for tests and for imports, which happen at one moment.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// `2026-11-25 22:30:00`, in the given zone.
pub fn mysql_date(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Reads MySQL's form of a date; `None` for the zero date and for anything that is no date.
pub fn parse_mysql_date(text: &str) -> Option<DateTime> {
    if text.len() < 19 || text.starts_with("0000") {
        return None;
    }
    text.get(..19)?.replacen(' ', "T", 1).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_round_trip_and_zero_is_none() {
        let at: Timestamp = "2026-11-25T22:30:00Z".parse().unwrap();
        assert_eq!(mysql_date(at, &TimeZone::UTC), "2026-11-25 22:30:00");
        assert_eq!(parse_mysql_date("1969-07-20 20:17:40").map(|d| d.year()), Some(1969));
        assert_eq!(parse_mysql_date(ZERO_DATE), None);
        assert_eq!(parse_mysql_date("soon"), None);
    }
}

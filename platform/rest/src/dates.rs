//! Dates as the API writes and reads them: `2026-11-27T10:00:00`, in the site's time or UTC.

use gp_kernel::{ZERO_DATE, mysql_date, parse_mysql_date};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;

/// A stored date as the API writes it; none for a date that is not set.
pub fn shown(stored: &str) -> Value {
    if stored.is_empty() || stored == ZERO_DATE {
        return Value::Null;
    }
    stored.replacen(' ', "T", 1).into()
}

/// A date in UTC; where it is not set yet, what the local one would be.
pub fn shown_gmt(gmt: &str, local: &str, zone: &TimeZone) -> Value {
    if gmt != ZERO_DATE {
        return shown(gmt);
    }
    match parse_mysql_date(local).and_then(|date| date.to_zoned(zone.clone()).ok()) {
        Some(zoned) => shown(&mysql_date(zoned.timestamp(), &TimeZone::UTC)),
        None => Value::Null,
    }
}

/// A date that somebody sent, as it is stored. Without an offset it is of `own`; with one it is turned into `own`.
pub(crate) fn read(sent: &str, own: &TimeZone) -> Option<String> {
    let sent = sent.trim();
    if let Ok(moment) = sent.parse::<Timestamp>() {
        return Some(mysql_date(moment, own));
    }
    let date: DateTime = sent.replacen(' ', "T", 1).parse().ok()?;
    Some(date.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_an_offset_are_turned() {
        let zone = TimeZone::get("Europe/Zurich").unwrap();
        assert_eq!(read("2026-07-01T10:00:00", &zone).unwrap(), "2026-07-01 10:00:00");
        assert_eq!(read("2026-07-01T10:00:00Z", &zone).unwrap(), "2026-07-01 12:00:00");
        assert_eq!(
            read("2026-07-01T10:00:00+05:30", &TimeZone::UTC).unwrap(),
            "2026-07-01 04:30:00"
        );
        assert_eq!(read("soon", &zone), None);
        assert_eq!(
            shown_gmt(ZERO_DATE, "2026-07-01 10:00:00", &zone),
            "2026-07-01T08:00:00"
        );
    }
}

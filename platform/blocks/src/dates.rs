//! Dates in PHP's letters (`j F Y`), as sites choose their format; English names.

use gp_kernel::parse_mysql_date;
use jiff::{Zoned, civil::DateTime, tz::TimeZone};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The name of a month from 1.
pub(crate) fn month_name(month: usize) -> &'static str {
    MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or_default()
}

/// A date as MySQL stores it, in the site's zone, written in PHP's letters; empty for no date.
pub(crate) fn format(mysql: &str, letters: &str, zone: &TimeZone) -> String {
    let Some(at) = parse_mysql_date(mysql) else {
        return String::new();
    };
    let zoned = at.to_zoned(zone.clone()).ok();
    let mut out = String::new();
    let mut rest = letters.chars();
    while let Some(c) = rest.next() {
        if c == '\\' {
            out.extend(rest.next());
        } else {
            letter(&mut out, c, at, zoned.as_ref());
        }
    }
    out
}

/// `2026-11-25T22:30:00+01:00` for `<time datetime>`.
pub(crate) fn machine(mysql: &str, zone: &TimeZone) -> String {
    let Some(at) = parse_mysql_date(mysql) else {
        return String::new();
    };
    match at.to_zoned(zone.clone()) {
        Ok(zoned) => zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        Err(_) => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
    }
}

fn letter(out: &mut String, c: char, at: DateTime, zoned: Option<&Zoned>) {
    let hour12 = match at.hour() % 12 {
        0 => 12,
        h => h,
    };
    let month = MONTHS[usize::try_from(at.month() - 1).unwrap_or(0) % 12];
    let day = DAYS[usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or(0) % 7];
    let suffix = match (at.day(), at.day() % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    let text = match c {
        'd' => format!("{:02}", at.day()),
        'j' => at.day().to_string(),
        'S' => suffix.to_owned(),
        'D' => day.get(..3).unwrap_or_default().to_owned(),
        'l' => day.to_owned(),
        'N' => (at.weekday().to_monday_zero_offset() + 1).to_string(),
        'w' => at.weekday().to_sunday_zero_offset().to_string(),
        'm' => format!("{:02}", at.month()),
        'n' => at.month().to_string(),
        'M' => month.get(..3).unwrap_or_default().to_owned(),
        'F' => month.to_owned(),
        't' => at.date().days_in_month().to_string(),
        'y' => format!("{:02}", at.year().rem_euclid(100)),
        'Y' | 'o' => at.year().to_string(),
        'z' => (at.date().day_of_year() - 1).to_string(),
        'a' => if at.hour() < 12 { "am" } else { "pm" }.to_owned(),
        'A' => if at.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        'g' => hour12.to_string(),
        'h' => format!("{hour12:02}"),
        'G' => at.hour().to_string(),
        'H' => format!("{:02}", at.hour()),
        'i' => format!("{:02}", at.minute()),
        's' => format!("{:02}", at.second()),
        'e' | 'T' => zoned.map(|z| z.strftime("%Z").to_string()).unwrap_or_default(),
        'P' => zoned.map(|z| z.strftime("%:z").to_string()).unwrap_or_default(),
        'O' => zoned.map(|z| z.strftime("%z").to_string()).unwrap_or_default(),
        'U' => zoned.map(|z| z.timestamp().as_second().to_string()).unwrap_or_default(),
        'c' => zoned
            .map(|z| z.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
            .unwrap_or_default(),
        'r' => zoned
            .map(|z| z.strftime("%a, %d %b %Y %H:%M:%S %z").to_string())
            .unwrap_or_default(),
        other => other.to_string(),
    };
    out.push_str(&text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn php_letters_are_read() {
        let date = "2026-11-25 22:30:05";
        assert_eq!(format(date, "j F Y", &TimeZone::UTC), "25 November 2026");
        assert_eq!(
            format(date, r"l, jS \o\f M y g:i a", &TimeZone::UTC),
            "Wednesday, 25th of Nov 26 10:30 pm"
        );
        assert_eq!(machine(date, &TimeZone::UTC), "2026-11-25T22:30:05+00:00");
        assert_eq!(format("0000-00-00 00:00:00", "Y", &TimeZone::UTC), "");
    }
}

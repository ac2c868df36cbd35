//! When an event takes place and how it repeats, from its meta `_guidepost_event`.

use gp_blocks::html;
use gp_content::Meta;
use jiff::{
    ToSpan,
    civil::{Date, DateTime, Weekday},
};
use serde_json::Value;

use crate::words::Words;

/// How many times a repeated event is carried on to find its next day.
const REPEATS: usize = 1500;

/// When and where an event takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occasion {
    pub start: DateTime,
    pub end: DateTime,
    zone: String,
    pub all_day: bool,
    pub venue: String,
    rule: String,
}

impl Occasion {
    /// From an event's meta; `None` when it says no day.
    pub(crate) fn read(meta: &Meta) -> Option<Self> {
        let json: Value = serde_json::from_slice(meta.bytes("_guidepost_event")?).ok()?;
        let text = |key: &str| {
            json.get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let start = moment(&text("start"))?;
        Some(Self {
            end: moment(&text("end")).filter(|end| *end >= start).unwrap_or(start),
            start,
            zone: text("timezone"),
            all_day: json
                .get("all_day")
                .and_then(Value::as_bool)
                .unwrap_or(text("start").len() <= 10),
            venue: text("venue"),
            rule: text("rrule"),
        })
    }

    /// Begin and end as other programs write them, and where: days, or moments in the event's own zone.
    pub(crate) fn moments(&self) -> (String, String, String) {
        let zone = jiff::tz::TimeZone::get(&self.zone).ok();
        let told = |at: DateTime| match (&zone, self.all_day) {
            (_, true) => at.date().to_string(),
            (Some(zone), _) => at
                .to_zoned(zone.clone())
                .map_or_else(|_| at.to_string(), |z| z.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            (None, _) => at.to_string(),
        };
        (told(self.start), told(self.end), self.venue.clone())
    }

    fn part(&self, name: &str) -> Option<&str> {
        self.rule
            .split(';')
            .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
    }

    /// How it repeats, in words.
    pub(super) fn repeats(&self) -> &'static str {
        match self.part("FREQ") {
            Some(_) if self.part("INTERVAL").is_some_and(|n| n != "1") => "at intervals",
            Some("YEARLY") => "every year",
            Some("MONTHLY") => "every month",
            Some("WEEKLY") => "every week",
            Some("DAILY") if self.part("COUNT").is_some() => "on several days",
            Some("DAILY") => "every day",
            _ => "",
        }
    }

    /// The next time, or the first when all are over.
    pub(super) fn coming(self, page: &gp_blocks::PageContext) -> Self {
        let today = page.now.to_zoned(page.site.zone.clone()).date();
        self.next(today).unwrap_or(self)
    }

    /// The first time that is not over on this day. A rule that we do not read whole gives its first time, never a wrong one.
    pub(super) fn next(&self, today: Date) -> Option<Self> {
        let length = self.start.duration_until(self.end);
        let number = |name: &str| self.part(name).and_then(|n| n.parse::<usize>().ok());
        let count = number("COUNT").unwrap_or(REPEATS).clamp(1, REPEATS);
        let every = number("INTERVAL").unwrap_or(1).clamp(1, 1000);
        let until = self
            .part("UNTIL")
            .and_then(|u| Date::strptime("%Y%m%d", u.get(..8)?).ok())
            .unwrap_or(Date::MAX);
        let whole = self.is_read_whole();
        (0..if whole { REPEATS } else { 1 })
            .map_while(|n| match whole {
                true => self.round(i32::try_from(n * every).ok()?),
                false => Some(vec![self.start]),
            })
            .flatten()
            .filter(|start| *start >= self.start)
            .take(count)
            .take_while(|start| start.date() <= until)
            .filter_map(|start| Some((start, start.checked_add(length).ok()?)))
            .find(|(_, end)| end.date() >= today)
            .map(|(start, end)| Self {
                start,
                end,
                ..self.clone()
            })
    }

    /// Whether every part of the rule is one that `round` follows.
    fn is_read_whole(&self) -> bool {
        let first = self.start.date();
        self.rule.split(';').filter(|p| !p.trim().is_empty()).all(|part| {
            let (name, value) = part.trim().split_once('=').unwrap_or((part, ""));
            match name {
                "FREQ" => ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"].contains(&value),
                "INTERVAL" | "COUNT" | "UNTIL" | "WKST" => true,
                "BYMONTH" => self.part("FREQ") == Some("YEARLY") && value == first.month().to_string(),
                "BYMONTHDAY" => value == first.day().to_string(),
                "BYDAY" => match self.part("FREQ") {
                    Some("WEEKLY") => value.split(',').all(|d| matches!(day_of(d), Some((0, _)))),
                    Some("MONTHLY") => value.split(',').all(|d| matches!(day_of(d), Some((n, _)) if n != 0)),
                    _ => false,
                },
                _ => false,
            }
        })
    }

    /// The times of the nth year, month, week or day after the first, in their order.
    fn round(&self, n: i32) -> Option<Vec<DateTime>> {
        let days: Vec<(i8, Weekday)> = self
            .part("BYDAY")
            .iter()
            .flat_map(|d| d.split(','))
            .filter_map(day_of)
            .collect();
        let first = self.start.date();
        let mut found: Vec<Date> = match self.part("FREQ") {
            Some("YEARLY") => return Some(vec![self.start.checked_add(n.years()).ok()?]),
            Some("MONTHLY") if !days.is_empty() => {
                let month = first.first_of_month().checked_add(n.months()).ok()?;
                // A month without a fifth Tuesday has none.
                days.iter()
                    .filter_map(|(nth, day)| month.nth_weekday_of_month(*nth, *day).ok())
                    .collect()
            }
            // A month without a 31st is left out.
            Some("MONTHLY") => {
                let next = first.checked_add(n.months()).ok()?;
                Some(next).filter(|d| d.day() == first.day()).into_iter().collect()
            }
            Some("WEEKLY") if !days.is_empty() => {
                let back = i32::from(first.weekday().to_monday_zero_offset());
                let monday = first.checked_sub(back.days()).ok()?.checked_add(n.weeks()).ok()?;
                let of = |day: &Weekday| monday.checked_add(i32::from(day.to_monday_zero_offset()).days()).ok();
                days.iter().filter_map(|(_, day)| of(day)).collect()
            }
            Some("WEEKLY") => vec![first.checked_add(n.weeks()).ok()?],
            Some("DAILY") => vec![first.checked_add(n.days()).ok()?],
            _ if n == 0 => vec![first],
            _ => return None,
        };
        found.sort_unstable();
        Some(
            found
                .into_iter()
                .map(|day| day.to_datetime(self.start.time()))
                .collect(),
        )
    }

    /// Day and hours in words, with the city of the zone.
    pub(super) fn when(&self, words: &Words) -> String {
        let day = |at: DateTime| words.date(&at.date().to_string());
        let first = day(self.start);
        if self.all_day {
            return if self.start.date() == self.end.date() {
                first
            } else {
                format!("{first} – {}", day(self.end))
            };
        }
        format!("{first}, {}", self.hours(words))
    }

    pub(super) fn month(&self, words: &Words) -> String {
        let day = self.start.date();
        words.date(&format!("{:04}-{:02}", day.year(), day.month()))
    }

    pub(super) fn hours(&self, words: &Words) -> String {
        let clock = |at: DateTime| words.figures(&at.strftime("%H:%M").to_string());
        let until = if self.end == self.start {
            String::new()
        } else {
            format!("–{}", clock(self.end))
        };
        let city = self.zone.rsplit('/').next().unwrap_or_default().replace('_', " ");
        format!("<bdi>{}{until}</bdi> {}", clock(self.start), html::esc(&city))
    }
}

/// `1TU` as the first Tuesday, `FR` as any Friday.
fn day_of(text: &str) -> Option<(i8, Weekday)> {
    let at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?;
    let (nth, name) = text.split_at(at);
    let day = match name {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    match nth {
        "" => Some((0, day)),
        nth => nth
            .parse()
            .ok()
            .filter(|n| (-5..=5).contains(n) && *n != 0)
            .map(|n| (n, day)),
    }
}

fn moment(text: &str) -> Option<DateTime> {
    let text = text.replace(' ', "T");
    text.parse::<DateTime>().ok().or_else(|| {
        text.parse::<Date>()
            .ok()
            .map(|day| day.to_datetime(jiff::civil::Time::midnight()))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn occasion(json: &str) -> Option<Occasion> {
        Occasion::read(&Meta(vec![("_guidepost_event".to_owned(), json.as_bytes().to_vec())]))
    }

    #[test]
    fn the_next_time_of_a_rule_is_found() {
        let yearly =
            occasion(r#"{"start":"2026-06-12","end":"2026-06-12","all_day":true,"rrule":"FREQ=YEARLY"}"#).unwrap();
        assert_eq!(yearly.next(date(2026, 11, 25)).unwrap().start.date(), date(2027, 6, 12));
        let twice =
            occasion(r#"{"start":"2026-12-08T09:00:00","end":"2026-12-08T13:00:00","rrule":"FREQ=DAILY;COUNT=2"}"#)
                .unwrap();
        assert_eq!(twice.next(date(2026, 12, 9)).unwrap().start.date(), date(2026, 12, 9));
        assert_eq!(twice.next(date(2026, 12, 10)), None);
        let once = occasion(r#"{"start":"2026-01-01T10:00:00"}"#).unwrap();
        assert_eq!(once.next(date(2026, 1, 2)), None);
    }

    #[test]
    fn days_of_weeks_and_months_are_kept_and_rules_of_other_kinds_never_give_a_wrong_day() {
        let next = |start: &str, rule: &str, today: Date| {
            let json = format!(r#"{{"start":"{start}T14:00:00","end":"{start}T15:00:00","rrule":"{rule}"}}"#);
            occasion(&json).unwrap().next(today).map(|o| o.start.date())
        };
        let today = date(2026, 11, 25);
        for (start, rule, expected) in [
            ("2026-11-03", "FREQ=MONTHLY;BYDAY=1TU", Some(date(2026, 12, 1))),
            ("2026-10-30", "FREQ=MONTHLY;BYDAY=-1FR", Some(date(2026, 11, 27))),
            ("2026-11-03", "FREQ=WEEKLY;BYDAY=TU,TH", Some(date(2026, 11, 26))),
            ("2026-11-03", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", Some(date(2026, 12, 1))),
            ("2026-08-31", "FREQ=MONTHLY", Some(date(2026, 12, 31))),
            ("2026-11-03", "FREQ=WEEKLY;UNTIL=20261120T120000Z", None),
            ("2026-11-03", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", None),
            (
                "2026-12-03",
                "FREQ=MONTHLY;BYSETPOS=2;BYDAY=MO,TU",
                Some(date(2026, 12, 3)),
            ),
            ("2026-11-03", "FREQ=MONTHLY;BYMONTHDAY=7", None),
        ] {
            assert_eq!(next(start, rule, today), expected, "{rule}");
        }
        assert_eq!(
            (day_of("é"), day_of("9TU"), day_of("XX"), day_of("")),
            (None, None, None, None)
        );
    }

    #[test]
    fn hours_name_the_city_and_days_do_not() {
        let en = Words::of("en");
        let hours =
            occasion(r#"{"start":"2026-12-08T09:00:00","end":"2026-12-08T13:00:00","timezone":"Europe/Zurich"}"#)
                .unwrap();
        assert_eq!(hours.when(en), "8 December 2026, <bdi>09:00–13:00</bdi> Zurich");
        let days = occasion(r#"{"start":"2026-12-08","end":"2026-12-09","all_day":true}"#).unwrap();
        assert_eq!(days.when(en), "8 December 2026 – 9 December 2026");
        assert_eq!(occasion(r#"{"start":"soon"}"#), None);
    }
}

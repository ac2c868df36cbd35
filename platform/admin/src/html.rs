//! The parts that screens are made of: notes, fields, tabs, tables, pages of a list. Every text is escaped here, unless it is named HTML.

use std::fmt::Write as _;

use gp_markup::text::{Quotes, esc_attr, esc_html, special_chars};

use crate::desk::Desk;

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Something is done.
    Done,
    /// Something is to be known.
    Know,
    /// Something went wrong.
    Stop,
}

/// A note at the top of the work.
pub fn note(kind: Note, text: &str) -> String {
    note_html(kind, &esc_html(text))
}

/// The same with HTML in it: a link to undo what was done.
pub fn note_html(kind: Note, html: &str) -> String {
    match kind {
        Note::Done => format!("<div class=\"a-note a-note--ok\" role=\"status\"><p>{html}</p></div>"),
        Note::Know => format!("<div class=\"a-note\"><p>{html}</p></div>"),
        Note::Stop => format!("<div class=\"a-note a-note--stop\" role=\"alert\"><p>{html}</p></div>"),
    }
}

/// Text for a part of an address.
pub fn part(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A query from its pairs, without those that say nothing: `a=b&c=d`.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let said = pairs.iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| format!("{name}={}", part(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// A text that comes back from a form exactly as it is: what looks like an entity in it is one to the reader too.
pub fn exact(text: &str) -> String {
    special_chars(text, Quotes::Both, true)
}

/// A hidden field.
pub fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
        esc_attr(name),
        exact(value)
    )
}

/// The hidden field without which nothing that is sent counts.
pub fn meant(desk: &Desk) -> String {
    hidden("_wpnonce", desk.nonce())
}

/// A field with its label; `rest` are attributes, `help` a sentence under the label or nothing.
pub fn field(name: &str, label: &str, value: &str, rest: &str, help: &str) -> String {
    let (described, help) = helped(name, help);
    format!(
        "<div class=\"a-field\"><label for=\"f-{name}\">{}</label>{help}<input id=\"f-{name}\" name=\"{name}\" value=\"{}\"{described} {rest}></div>",
        esc_html(label),
        exact(value)
    )
}

/// A field of several lines.
pub fn area(name: &str, label: &str, value: &str, rows: u32, help: &str) -> String {
    let (described, help) = helped(name, help);
    format!(
        "<div class=\"a-field\"><label for=\"f-{name}\">{}</label>{help}<textarea id=\"f-{name}\" name=\"{name}\" rows=\"{rows}\"{described}>\n{}</textarea></div>",
        esc_html(label),
        exact(value)
    )
}

fn helped(name: &str, help: &str) -> (String, String) {
    match help {
        "" => (String::new(), String::new()),
        help => (
            format!(" aria-describedby=\"h-{name}\""),
            format!("<p class=\"a-help\" id=\"h-{name}\">{}</p>", esc_html(help)),
        ),
    }
}

/// The options of a choice, with the chosen one; each is a value and what it is called.
pub fn options<'a>(chosen: &str, all: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    all.into_iter().fold(String::new(), |mut html, (value, label)| {
        let selected = if value == chosen { " selected" } else { "" };
        let _ = write!(
            html,
            "<option value=\"{}\"{selected}>{}</option>",
            exact(value),
            esc_html(label)
        );
        html
    })
}

/// A choice with its label; `options` is HTML.
pub fn choice(name: &str, label: &str, options: &str, help: &str) -> String {
    let (described, help) = helped(name, help);
    format!(
        "<div class=\"a-field\"><label for=\"f-{name}\">{}</label>{help}<select id=\"f-{name}\" name=\"{name}\"{described}>{options}</select></div>",
        esc_html(label)
    )
}

/// A box to tick.
pub fn tick(name: &str, value: &str, label: &str, ticked: bool) -> String {
    let checked = if ticked { " checked" } else { "" };
    format!(
        "<label class=\"a-check\"><input type=\"checkbox\" name=\"{}\" value=\"{}\"{checked}> {}</label>",
        esc_attr(name),
        esc_attr(value),
        esc_html(label)
    )
}

/// A state as shape and word; `kind`: ok, warn, stop, draft, or nothing.
pub fn state(kind: &str, word: &str) -> String {
    let class = if kind.is_empty() {
        String::new()
    } else {
        format!(" a-state--{kind}")
    };
    format!("<span class=\"a-state{class}\">{}</span>", esc_html(word))
}

/// Tabs above a list: address, label, how many there are, whether it is this one.
pub fn tabs(label: &str, all: &[(String, String, i64, bool)]) -> String {
    let mut html = format!("<nav class=\"a-tabs\" aria-label=\"{}\">", esc_attr(label));
    for (address, label, count, here) in all {
        let current = if *here { " aria-current=\"page\"" } else { "" };
        let _ = write!(
            html,
            "<a href=\"{}\"{current}>{} <span>{}</span></a>",
            esc_attr(address),
            esc_html(label),
            thousands(*count)
        );
    }
    html.push_str("</nav>");
    html
}

/// What a list says when it is empty: one sentence, and the one act that fills it (HTML).
pub fn empty(text: &str, act: &str) -> String {
    format!("<div class=\"a-empty\"><p>{}</p>{act}</div>", esc_html(text))
}

/// Which part of a list is shown, and the ways to the others. `address` makes the address of a page, from 1.
pub fn pages(page: i64, per_page: i64, total: i64, address: impl Fn(i64) -> String) -> String {
    if total <= 0 {
        return String::new();
    }
    let (first, last) = ((page - 1) * per_page + 1, (page * per_page).min(total));
    let way = |label: String, to: Option<i64>| match to {
        Some(to) => format!(
            "<a class=\"a-btn a-btn--small\" href=\"{}\">{label}</a>",
            esc_attr(&address(to))
        ),
        None => format!("<span class=\"a-btn a-btn--small\" aria-disabled=\"true\">{label}</span>"),
    };
    let ways = if total > per_page {
        let before = (page > 1).then(|| page - 1);
        let after = (page * per_page < total).then(|| page + 1);
        format!(
            "<span class=\"a-acts\">{}{}</span>",
            way("Earlier".to_owned(), before),
            way(format!("Next {per_page}"), after)
        )
    } else {
        String::new()
    };
    format!(
        "<div class=\"a-pages\"><span class=\"a-2\">{} to {} of {}</span>{ways}</div>",
        thousands(first),
        thousands(last),
        thousands(total)
    )
}

/// A number with commas between thousands.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// A size as people read it: `1.4 MB`.
pub fn size(bytes: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size for people")]
    let bytes_f = bytes.max(0) as f64;
    match bytes {
        ..1_000 => format!("{} bytes", bytes.max(0)),
        1_000..1_000_000 => format!("{:.0} KB", bytes_f / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes_f / 1e6),
        _ => format!("{:.1} GB", bytes_f / 1e9),
    }
}

/// A moment of the database (`2026-11-18 10:42:00`, in the zone of the site) as lists show it: today with the hour, else the day.
pub fn moment(desk: &Desk, date: &str) -> String {
    let Some(then) = gp_kernel::parse_mysql_date(date) else {
        return "no date".to_owned();
    };
    let today = desk.shown(desk.now).date();
    if then.date() == today {
        return then.strftime("Today, %H:%M").to_string();
    }
    then.strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes_are_read_by_people() {
        let said: Vec<String> = [0, 999, 1000, 1_234_567, -4_500].map(thousands).into();
        assert_eq!(said, ["0", "999", "1,000", "1,234,567", "-4,500"]);
        let said: Vec<String> = [-1, 12, 1_500, 2_340_000, 6_200_000_000].map(size).into();
        assert_eq!(said, ["0 bytes", "12 bytes", "2 KB", "2.3 MB", "6.2 GB"]);
    }

    #[test]
    fn nothing_that_is_shown_brings_markup() {
        let bad = "<b>\"'&";
        for html in [
            note(Note::Stop, bad),
            field("x", bad, bad, "", bad),
            area("x", bad, bad, 2, bad),
            options("", [(bad, bad)]),
            tick(bad, bad, bad, true),
            state("ok", bad),
            tabs(bad, &[(bad.into(), bad.into(), 1, true)]),
            empty(bad, ""),
        ] {
            assert!(!html.contains("<b>"), "{html}");
        }
    }

    #[test]
    fn a_list_says_where_it_is() {
        let html = pages(2, 20, 45, |page| format!("?paged={page}"));
        assert!(html.contains("21 to 40 of 45") && html.contains("?paged=1") && html.contains("?paged=3"));
        assert!(!pages(1, 20, 5, |_| String::new()).contains("a-btn"));
        assert_eq!(pages(1, 20, 0, |_| String::new()), "");
    }
}

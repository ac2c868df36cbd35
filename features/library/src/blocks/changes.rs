//! `guidepost/changes`: what happened to this page, newest first.

use gp_blocks::html;

use super::desk::Desk;
use crate::record;

pub(super) fn html(desk: &Desk<'_>) -> String {
    let Some(subject) = desk.subject.as_ref().filter(|s| !s.locked) else {
        return String::new();
    };
    let words = desk.inside();
    let mut log: Vec<(String, String)> = record::changes(&subject.meta)
        .into_iter()
        .map(|c| (c.date, html::esc(&c.text)))
        .collect();
    if log.is_empty() {
        return String::new();
    }
    let first = subject.item.date.get(..10).unwrap_or_default();
    if log.iter().all(|(date, _)| date.as_str() > first) {
        log.push((first.to_owned(), words.say("First published here.").to_owned()));
    }
    let rows: String = log
        .iter()
        .map(|(date, text)| {
            let (machine, date) = (html::attr(date), words.date(date));
            format!("<li><time datetime=\"{machine}\">{date}</time><span dir=\"auto\">{text}</span></li>")
        })
        .collect();
    format!(
        "<section class=\"g-sec\" aria-labelledby=\"log\"><h2 id=\"log\">{}</h2><ol class=\"g-log\">{rows}</ol></section>",
        words.say("Changes to this page")
    )
}

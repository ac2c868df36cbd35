//! `searches.php`: what readers looked for in vain, and what they fetched. Sums of days, never who.

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Page, Screen, html};
use gp_content::counts::{self, Count};
use gp_kernel::Result;
use gp_markup::text::{esc_attr, esc_html};

pub(crate) struct Searches;

/// Smaller sums might tell of one person.
const LEAST: i64 = 2;
const MOST: usize = 200;

impl Screen for Searches {
    fn paths(&self) -> &'static [&'static str] {
        &["searches.php"]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        match desk.can("edit_others_posts") {
            true => vec![Entry::new(Group::Readers, "Searches and downloads", "searches.php")],
            false => Vec::new(),
        }
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("edit_others_posts")?;
            let days = desk
                .query
                .int("days")
                .filter(|days| (1..=366).contains(days))
                .unwrap_or(30);
            let since = desk
                .shown(desk.now)
                .date()
                .checked_sub(jiff::Span::new().days(days))
                .ok();
            let since = since.map(|day| day.to_string()).unwrap_or_default();
            let mut conn = desk.read().await?;
            let misses = counts::since(&mut conn, &since, counts::MISS, LEAST, MOST).await?;
            let fetched = counts::since(&mut conn, &since, counts::DOWNLOAD, LEAST, MOST).await?;
            drop(conn);
            let spans = [(7, "7 days"), (30, "30 days"), (365, "A year")];
            let spans: String = spans.iter().fold(
                String::from("<nav class=\"a-tabs\" aria-label=\"Time\">"),
                |mut html, (n, label)| {
                    let here = if *n == days { " aria-current=\"page\"" } else { "" };
                    let _ = write!(html, "<a href=\"/wp-admin/searches.php?days={n}\"{here}>{label}</a>");
                    html
                },
            ) + "</nav>";
            let search = |count: &Count| {
                format!(
                    "<a href=\"/?s={}\">{}</a>",
                    html::part(&count.subject),
                    esc_html(&count.subject)
                )
            };
            let file = |count: &Count| {
                format!(
                    "<a href=\"/wp-content/uploads/{}\">{}</a>",
                    esc_attr(&count.subject),
                    esc_html(&count.subject)
                )
            };
            let body = format!(
                "{spans}<p class=\"a-s a-2\">Only sums of days are kept, from {LEAST} on. Nobody is followed, and no address is written down.</p>\
                 <div class=\"a-cols a-cols--half\">{}{}</div>",
                table(
                    "Searches that found nothing",
                    "Words",
                    &misses,
                    search,
                    "Every search found something."
                ),
                table(
                    "Files that were fetched",
                    "File",
                    &fetched,
                    file,
                    "No file was fetched twice yet."
                ),
            );
            Ok(Page::new("Searches and downloads", body).into())
        })
    }
}

fn table(title: &str, what: &str, counts: &[Count], shown: impl Fn(&Count) -> String, none: &str) -> String {
    if counts.is_empty() {
        return format!(
            "<section><h2 class=\"a-h\">{title}</h2>{}</section>",
            html::empty(none, "")
        );
    }
    let rows: String = counts
        .iter()
        .map(|count| {
            format!(
                "<tr><th scope=\"row\">{}</th><td class=\"a-end\">{}</td></tr>",
                shown(count),
                html::thousands(count.count)
            )
        })
        .collect();
    format!(
        "<section><h2 class=\"a-h\">{title}</h2><table><thead><tr><th scope=\"col\">{what}</th><th scope=\"col\" class=\"a-end\">Times</th></tr></thead>\
         <tbody>{rows}</tbody></table></section>"
    )
}

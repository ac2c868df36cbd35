//! `log.php`: what was done, and by whom, the newest first. It is read here; nobody can change it.

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Page, Screen, html};
use gp_content::{audit, items, users};
use gp_kernel::{ItemId, Result, UserId};
use gp_markup::text::{esc_attr, esc_html};

use crate::kinds;

pub(crate) struct Log;

const PER_PAGE: usize = 50;

impl Screen for Log {
    fn paths(&self) -> &'static [&'static str] {
        &["log.php"]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        match desk.can("manage_options") {
            true => vec![Entry::new(Group::Site, "Log", "log.php")],
            false => Vec::new(),
        }
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("manage_options")?;
            let before = desk.query.int("before").unwrap_or(0);
            let mut conn = desk.read().await?;
            let lines = audit::latest(&mut conn, before, PER_PAGE).await?;
            let rows = rows(&mut conn, desk, &lines).await?;
            drop(conn);
            let older = match lines.last().filter(|_| lines.len() == PER_PAGE) {
                Some(last) => format!(
                    "<a class=\"a-btn a-btn--small\" href=\"/wp-admin/log.php?before={}\">Older</a>",
                    last.id
                ),
                None => String::new(),
            };
            let body = match lines.is_empty() {
                true => html::empty("Nothing was done yet.", ""),
                false => format!(
                    "<table class=\"a-stack\"><caption class=\"a-vh\">What was done, the newest first</caption><thead><tr><th scope=\"col\">When</th>\
                     <th scope=\"col\">Who</th><th scope=\"col\">What</th><th scope=\"col\">To</th><th scope=\"col\">More</th></tr></thead><tbody>{rows}</tbody></table>\
                     <div class=\"a-pages\"><span></span>{older}</div>"
                ),
            };
            Ok(Page::new("Log", body).into())
        })
    }
}

async fn rows(conn: &mut gp_store::Conn, desk: &Desk, lines: &[audit::Entry]) -> Result<String> {
    let people: Vec<UserId> = lines.iter().map(|line| line.actor).collect();
    let people = users::by_ids(conn, &people).await?;
    let objects: Vec<ItemId> = lines
        .iter()
        .filter(|line| line.kind == "item")
        .map(|line| ItemId(line.object))
        .collect();
    let named = items::by_ids(conn, &objects).await?;
    let mut rows = String::new();
    for line in lines {
        let at = jiff::Timestamp::from_second(line.at).unwrap_or(desk.now);
        let who = people
            .get(&line.actor)
            .map_or("The program", |user| user.display_name.as_str());
        let to = match named.get(&ItemId(line.object)).filter(|_| line.kind == "item") {
            Some(item) => format!(
                "<a href=\"{}\">{}</a>",
                esc_attr(&kinds::edit_of(item)),
                esc_html(&kinds::title(item))
            ),
            None => format!("{} {}", esc_html(&line.kind), line.object),
        };
        let _ = write!(
            rows,
            "<tr><td class=\"a-nw\">{}</td><td data-l=\"Who\">{}</td><td data-l=\"What\">{}</td><td data-l=\"To\">{to}</td><td data-l=\"More\">{}</td></tr>",
            desk.shown(at).strftime("%-d %b %Y, %H:%M"),
            esc_html(who),
            esc_html(&line.verb),
            esc_html(&line.detail),
        );
    }
    Ok(rows)
}

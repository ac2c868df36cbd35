//! `redirects.php`: old addresses of the site that lead elsewhere for good.

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Page, Screen, html};
use gp_content::{Verb, actions, address::redirects};
use gp_kernel::{ErrorKind, Result};
use gp_markup::text::{esc_attr, esc_html};

pub(crate) struct Redirects;

/// Redirects that are shown at once.
const MOST: usize = 500;

impl Screen for Redirects {
    fn paths(&self) -> &'static [&'static str] {
        &["redirects.php"]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        match desk.can("manage_options") {
            true => vec![Entry::new(Group::Site, "Redirects", "redirects.php")],
            false => Vec::new(),
        }
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("manage_options")?;
            if !desk.post {
                return shown(desk, "").await.map(Answer::Page);
            }
            match done(desk).await {
                Ok(what) => Ok(Answer::Go(format!("redirects.php?{what}=1"))),
                Err(error)
                    if matches!(
                        error.kind,
                        ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::NotFound
                    ) =>
                {
                    let page = shown(desk, &html::note(html::Note::Stop, &error.message)).await?;
                    Ok(Page {
                        status: Some(422),
                        ..page
                    }
                    .into())
                }
                Err(error) => Err(error),
            }
        })
    }
}

async fn done(desk: &Desk) -> Result<&'static str> {
    let grant = desk.actor().may_manage(Verb::SetOption)?;
    let mut tx = desk.app.db.write().await?;
    let gone = desk.form.get("remove");
    let what = if gone.is_empty() {
        let (from, to) = (desk.form.get("from").trim(), desk.form.get("to").trim());
        actions::redirect(&mut desk.act(&mut tx), &grant, from, to).await?;
        "added"
    } else {
        actions::remove_redirect(&mut desk.act(&mut tx), &grant, gone).await?;
        "removed"
    };
    tx.commit().await?;
    Ok(what)
}

async fn shown(desk: &Desk, notes: &str) -> Result<Page> {
    let words = desk.query.get("s").trim().to_lowercase();
    let mut conn = desk.read().await?;
    let mut all = redirects::all(&mut conn).await?;
    drop(conn);
    all.retain(|(from, to)| {
        words.is_empty() || from.to_lowercase().contains(&words) || to.to_lowercase().contains(&words)
    });
    let total = all.len();
    let mut rows = String::new();
    for (from, to) in all.iter().take(MOST) {
        let _ = write!(
            rows,
            "<tr><th scope=\"row\"><a href=\"{0}\">{1}</a></th><td data-l=\"Leads to\">{2}</td><td><button class=\"a-link a-link--stop\" name=\"remove\" \
             value=\"{0}\">Remove<span class=\"a-vh\"> {1}</span></button></td></tr>",
            esc_attr(from),
            esc_html(from),
            esc_html(to),
        );
    }
    let list = match (rows.is_empty(), words.is_empty()) {
        (true, true) => html::empty(
            "No old address leads elsewhere yet. When the address of an item changes, the old one leads to the new one by itself.",
            "",
        ),
        (true, false) => html::empty(
            "No redirect has these words.",
            "<a class=\"a-btn\" href=\"/wp-admin/redirects.php\">Show all</a>",
        ),
        _ => format!(
            "<form method=\"post\" action=\"/wp-admin/redirects.php\">{}<table class=\"a-stack\"><caption class=\"a-vh\">Redirects</caption><thead><tr>\
             <th scope=\"col\">Old address</th><th scope=\"col\">Leads to</th><td></td></tr></thead><tbody>{rows}</tbody></table></form>\
             <p class=\"a-s a-2\">{} in all{}</p>",
            html::meant(desk),
            html::thousands(i64::try_from(total).unwrap_or(0)),
            if total > MOST {
                format!("; the first {MOST} are shown")
            } else {
                String::new()
            }
        ),
    };
    let note = match (desk.query.has("added"), desk.query.has("removed")) {
        (true, _) => html::note(html::Note::Done, "The old address leads there now."),
        (_, true) => html::note(html::Note::Done, "The old address leads nowhere any more."),
        _ => String::new(),
    };
    let typed = |name: &str| desk.form.get(name).to_owned();
    let body = format!(
        "{note}{notes}<form method=\"post\" action=\"/wp-admin/redirects.php\" class=\"a-filter\" aria-label=\"New redirect\">{}\
         <p><label for=\"r-f\">Old address</label><input id=\"r-f\" name=\"from\" value=\"{}\" placeholder=\"/old/page/\" required></p>\
         <p><label for=\"r-t\">Leads to</label><input id=\"r-t\" name=\"to\" value=\"{}\" placeholder=\"/new/page/\" required></p>\
         <button class=\"a-btn a-btn--main\">Add</button></form>\
         <form class=\"a-filter\" role=\"search\" aria-label=\"Redirects\" action=\"/wp-admin/redirects.php\"><p><label for=\"r-s\">Words</label>\
         <input id=\"r-s\" name=\"s\" type=\"search\" value=\"{}\"></p><button class=\"a-btn\">Find</button></form>{list}",
        html::meant(desk),
        html::exact(&typed("from")),
        html::exact(&typed("to")),
        html::exact(&words),
    );
    Ok(Page::new("Redirects", body))
}

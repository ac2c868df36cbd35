//! `jobs.php`: what the program has still to do, what it could not do and why; it can be tried again or dropped.

use std::{collections::HashMap, fmt::Write as _};

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Page, Screen, html};
use gp_content::{Item, actions, items};
use gp_kernel::{Error, ItemId, Result, UserId};
use gp_markup::text::{esc_attr, esc_html, plain_text};
use gp_store::Jobs as Queue;
use jiff::Timestamp;

use crate::{
    store::{self, Counts, Job, State},
    tools,
};

pub(crate) struct Jobs;

const HERE: &str = "jobs.php";
const PER_PAGE: i64 = 50;
/// Jobs that are tried again at once.
const MOST: i64 = 500;

const TABS: &[(&str, &str, Option<State>)] = &[
    ("", "All", None),
    ("given-up", "Given up", Some(State::GivenUp)),
    ("again", "Failed, tried again", Some(State::Again)),
    ("running", "Running", Some(State::Running)),
    ("waiting", "Waiting", Some(State::Waiting)),
];

impl Screen for Jobs {
    fn paths(&self) -> &'static [&'static str] {
        &[HERE]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("manage_options")?;
            match desk.post {
                true => done(desk).await.map(|what| Answer::Go(format!("{HERE}?{what}"))),
                false => shown(desk).await.map(Answer::Page),
            }
        })
    }
}

/// A job as buttons name it: `read 12`.
fn key(job: &Job) -> String {
    format!("{} {}", job.kind, job.subject)
}

/// What may be dropped: publishing is planned with the item, and is taken back there.
fn droppable(kind: &str) -> bool {
    kind != actions::PUBLISH_JOB
}

async fn done(desk: &Desk) -> Result<String> {
    let now = desk.now.as_second();
    let mut tx = desk.app.db.write().await?;
    let (again, dropped) = (desk.form.get("again"), desk.form.get("drop"));
    let (told, verb, detail) = if desk.form.get("do") == "all-again" {
        let all = store::jobs(&mut tx, Some(State::GivenUp), now, 0, MOST).await?;
        for job in &all {
            Queue::ask(&mut tx, &job.kind, &job.subject, now).await?;
        }
        (
            format!("again={}", all.len()),
            "jobs tried again",
            all.len().to_string(),
        )
    } else if let Some((kind, subject)) = again.split_once(' ') {
        known(&mut tx, now, again).await?;
        Queue::ask(&mut tx, kind, subject, now).await?;
        ("again=1".to_owned(), "job tried again", again.to_owned())
    } else if let Some((kind, subject)) = dropped.split_once(' ') {
        known(&mut tx, now, dropped).await?;
        if !droppable(kind) {
            return Err(Error::invalid(
                "What is scheduled is taken back where the item is edited.",
            ));
        }
        Queue::drop_job(&mut tx, kind, subject).await?;
        ("dropped=1".to_owned(), "job dropped", dropped.to_owned())
    } else {
        return Err(Error::invalid("This list knows no such deed."));
    };
    let who = desk.actor().user();
    actions::note(&mut desk.act(&mut tx), who, verb, UserId(0), &detail).await?;
    tx.commit().await?;
    Ok(told)
}

/// Nothing is asked for here that was not there: only what stands in the list.
async fn known(tx: &mut gp_store::Conn, now: i64, wanted: &str) -> Result<()> {
    let mut offset = 0;
    loop {
        let some = store::jobs(tx, None, now, offset, MOST).await?;
        if some.iter().any(|job| key(job) == wanted && job.state != State::Running) {
            return Ok(());
        }
        if some.is_empty() {
            return Err(Error::not_found(
                "That job is not waiting any more: it is done, or somebody is at it.",
            ));
        }
        offset += MOST;
    }
}

async fn shown(desk: &Desk) -> Result<Page> {
    let now = desk.now.as_second();
    let asked = desk.query.get("state");
    let (asked, _, state) = *TABS.iter().find(|(name, ..)| *name == asked).unwrap_or(&TABS[0]);
    let page = desk.query.int("paged").unwrap_or(1).clamp(1, 100_000);
    let mut conn = desk.read().await?;
    let counts = store::counts(&mut conn, now).await?;
    let list = store::jobs(&mut conn, state, now, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let ids: Vec<ItemId> = list
        .iter()
        .filter_map(|job| job.subject.parse().ok().map(ItemId))
        .collect();
    let about = items::by_ids(&mut conn, &ids).await?;
    drop(conn);
    let address = |page: i64| {
        let page = page.to_string();
        format!(
            "/wp-admin/{HERE}?{}",
            html::query(&[("state", asked), ("paged", &page)])
        )
    };
    let total = of_state(counts, state);
    let body = [
        notes(desk),
        tabs(asked, counts),
        match list.is_empty() {
            true => nothing(state),
            false => table(desk, &list, &about, counts),
        },
        html::pages(page, PER_PAGE, total, address),
    ]
    .concat();
    Ok(Page {
        entry: tools::ENTRY.to_owned(),
        ..Page::new("Jobs", body)
    })
}

fn of_state(counts: Counts, state: Option<State>) -> i64 {
    match state {
        None => counts.all(),
        Some(State::Waiting) => counts.waiting,
        Some(State::Running) => counts.running,
        Some(State::Again) => counts.again,
        Some(State::GivenUp) => counts.given_up,
    }
}

fn notes(desk: &Desk) -> String {
    match (desk.query.int("again"), desk.query.has("dropped")) {
        (Some(0), _) => html::note(html::Note::Know, "No job was given up, so none is tried again."),
        (Some(1), _) => html::note(html::Note::Done, "The job is tried again now."),
        (Some(n), _) => html::note(html::Note::Done, &format!("{n} jobs are tried again now.")),
        (None, true) => html::note(html::Note::Done, "The job is dropped: nobody will do it."),
        _ => String::new(),
    }
}

fn tabs(asked: &str, counts: Counts) -> String {
    let tabs: Vec<(String, String, i64, bool)> = TABS
        .iter()
        .filter(|(name, _, state)| state.is_none() || *name == asked || of_state(counts, *state) > 0)
        .map(|(name, label, state)| {
            let query = html::query(&[("state", name)]);
            let address = format!("/wp-admin/{HERE}{}{query}", if query.is_empty() { "" } else { "?" });
            (address, (*label).to_owned(), of_state(counts, *state), *name == asked)
        })
        .collect();
    html::tabs("State", &tabs)
}

fn nothing(state: Option<State>) -> String {
    let (text, act) = match state {
        None => (
            "Nothing is left to do. What is to be published later and files that are to be read stand here until it is done.",
            String::new(),
        ),
        Some(_) => (
            "No job stands like this now.",
            format!("<a class=\"a-btn\" href=\"/wp-admin/{HERE}\">Show all</a>"),
        ),
    };
    html::empty(text, &act)
}

fn table(desk: &Desk, list: &[Job], about: &HashMap<ItemId, Item>, counts: Counts) -> String {
    let rows: String = list.iter().map(|job| row(desk, job, about)).collect();
    let all = match counts.given_up {
        0 => String::new(),
        n => format!(
            "<div class=\"a-bulk\"><strong>{} given up</strong><button class=\"a-btn a-btn--small\" name=\"do\" value=\"all-again\">Try all of them again</button></div>",
            if n == 1 {
                "One job was".to_owned()
            } else {
                format!("{n} jobs were")
            }
        ),
    };
    format!(
        "<form method=\"post\" action=\"/wp-admin/{HERE}\">{}{all}<table class=\"a-stack\"><caption class=\"a-vh\">Jobs</caption><thead><tr>\
         <th scope=\"col\">What</th><th scope=\"col\">State</th><th scope=\"col\">Due</th><th scope=\"col\">Tries</th></tr></thead>\
         <tbody>{rows}</tbody></table></form>",
        html::meant(desk)
    )
}

fn row(desk: &Desk, job: &Job, about: &HashMap<ItemId, Item>) -> String {
    let what = match job.kind.as_str() {
        actions::PUBLISH_JOB => "Publish",
        actions::READ_JOB => "Read the files of",
        other => other,
    };
    let item = job.subject.parse().ok().and_then(|id| about.get(&ItemId(id)));
    let (title, to) = match item {
        Some(item) => {
            let title = plain_text(&item.title);
            let title = if title.trim().is_empty() {
                "(no title)".to_owned()
            } else {
                title
            };
            (
                format!("“{title}”"),
                Some(format!("/wp-admin/post.php?post={}&action=edit", item.id)),
            )
        }
        None => (job.subject.clone(), None),
    };
    let subject = match to {
        Some(to) => format!("<a href=\"{}\">{}</a>", esc_attr(&to), esc_html(&title)),
        None => esc_html(&title),
    };
    let (kind, word) = match job.state {
        State::Waiting => ("draft", "Waiting"),
        State::Running => ("ok", "Running"),
        State::Again => ("warn", "Failed, tried again"),
        State::GivenUp => ("stop", "Given up"),
    };
    let why = match job.failure.as_str() {
        "" => String::new(),
        why => format!("<br><span class=\"a-s a-said\">{}</span>", esc_html(why)),
    };
    let mut acts = String::new();
    if job.state != State::Running {
        let named = esc_attr(&key(job));
        let hidden = format!("<span class=\"a-vh\"> {} {}</span>", esc_html(what), esc_html(&title));
        let word = if job.failure.is_empty() {
            "Do it now"
        } else {
            "Try again"
        };
        // What is scheduled has its time; nobody means to be early by this button.
        if job.kind != actions::PUBLISH_JOB || !job.failure.is_empty() {
            let _ = write!(
                acts,
                "<button class=\"a-link\" name=\"again\" value=\"{named}\">{word}{hidden}</button>"
            );
        }
        if droppable(&job.kind) {
            let _ = write!(
                acts,
                "<button class=\"a-link a-link--stop\" name=\"drop\" value=\"{named}\">Drop{hidden}</button>"
            );
        }
    }
    let due = Timestamp::from_second(job.run_at).unwrap_or(desk.now);
    format!(
        "<tr><th scope=\"row\">{} {subject}{why}<span class=\"a-rowacts\">{acts}</span></th><td>{}</td><td data-l=\"Due\" class=\"a-nw\">{}</td><td data-l=\"Tries\">{}</td></tr>",
        esc_html(what),
        html::state(kind, word),
        desk.shown(due).strftime("%-d %b %Y, %H:%M"),
        job.attempts,
    )
}

//! `index.php`: what waits for somebody, what was done lately, what the library holds.

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Page, Screen, html};
use gp_content::{Item, ItemQuery, Order, audit, counts, documents, items, users};
use gp_kernel::{Result, UserId};
use gp_markup::text::{esc_attr, esc_html};
use gp_store::Conn;

use crate::kinds;

pub(crate) struct Today;

/// Lines of the log that are shown.
const LATELY: usize = 8;
/// Searches that found nothing are told from so many on; fewer might tell of one person.
const LEAST_MISSES: i64 = 2;

impl Screen for Today {
    fn paths(&self) -> &'static [&'static str] {
        &["index.php"]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        vec![Entry::new(Group::First, "Today", "")]
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move { Ok(shown(desk).await?.into()) })
    }
}

async fn shown(desk: &Desk) -> Result<Page> {
    let mut conn = desk.read().await?;
    let waiting = waiting(&mut conn, desk).await?;
    let lately = match desk.can("manage_options") {
        true => lately(&mut conn, desk).await?,
        false => String::new(),
    };
    let library = library(&mut conn, desk).await?;
    let body = format!("<div class=\"a-cols\"><div>{waiting}{lately}</div><div>{library}</div></div>");
    let act = match desk.can("edit_posts") {
        true => "<a class=\"a-btn a-btn--main a-push\" href=\"/wp-admin/post-new.php\">New resource</a>",
        false => "",
    };
    Ok(Page {
        act: act.to_owned(),
        ..Page::new(desk.shown(desk.now).strftime("%A, %-d %B").to_string(), body)
    })
}

/// Something that waits for somebody.
struct Waiting {
    count: i64,
    what: &'static str,
    more: String,
    act: &'static str,
    address: String,
}

async fn waiting(conn: &mut Conn, desk: &Desk) -> Result<String> {
    let mut all = Vec::new();
    for (status, what, act) in [
        ("pending", "waiting for review", "Review"),
        ("future", "scheduled", "See"),
        ("draft", "drafts", "Go on"),
    ] {
        let (count, first) = in_state(conn, desk, status).await?;
        let more = first.map(|item| match status {
            "future" => format!("Next on {}: “{}”", html::moment(desk, &item.date), kinds::title(&item)),
            "pending" => format!(
                "Longest: “{}”, since {}",
                kinds::title(&item),
                html::moment(desk, &item.modified)
            ),
            _ => format!("Last changed: “{}”", kinds::title(&item)),
        });
        all.push(Waiting {
            count,
            what,
            more: more.unwrap_or_default(),
            act,
            address: format!("edit.php?post_status={status}"),
        });
    }
    if desk.can("upload_files") {
        all.push(unread(conn).await?);
    }
    if desk.can("edit_others_posts") {
        all.extend(misses(conn, desk).await?);
    }
    all.retain(|waiting| waiting.count > 0);
    if all.is_empty() {
        let text = "Nothing waits for you. What is sent for review, scheduled, or cannot be read by the search will stand here.";
        return Ok(section("need", "Needs you", "", &html::empty(text, "")));
    }
    let mut list = String::from("<ul class=\"a-ledger\">");
    for (at, waiting) in all.iter().enumerate() {
        let now = if at == 0 { " class=\"is-now\"" } else { "" };
        let _ = write!(
            list,
            "<li{now}><span class=\"a-n\">{}</span><div><strong>{}</strong><p>{}</p></div><a href=\"/wp-admin/{}\">{}<span class=\"a-vh\"> {}</span></a></li>",
            html::thousands(waiting.count),
            waiting.what,
            esc_html(&waiting.more),
            esc_attr(&waiting.address),
            waiting.act,
            waiting.what
        );
    }
    list.push_str("</ul>");
    Ok(section("need", "Needs you", "", &list))
}

/// How many resources are in a state, and the one to begin with.
async fn in_state(conn: &mut Conn, desk: &Desk, status: &str) -> Result<(i64, Option<Item>)> {
    let Some(kind) = desk.app.types.get("post") else {
        return Ok((0, None));
    };
    let query = ItemQuery {
        types: vec![kind.name.to_owned()],
        shelves: Some(desk.scope.at_work(kind, &[status])),
        limit: 1,
        order: match status {
            "future" => Order::Oldest,
            "pending" => Order::ModifiedUp,
            _ => Order::Modified,
        },
        ..ItemQuery::default()
    };
    let page = items::list(conn, &desk.scope, &query).await?;
    Ok((page.total, page.items.into_iter().next()))
}

/// Documents that the search cannot read, by what is wrong with them.
async fn unread(conn: &mut Conn) -> Result<Waiting> {
    let mut states = documents::by_status(conn).await?;
    states.retain(|(state, ..)| !matches!(state.as_str(), "text" | "picture" | "other"));
    let said: Vec<String> = states
        .iter()
        .map(|(state, count, _)| format!("{count} {state}"))
        .collect();
    Ok(Waiting {
        count: states.iter().map(|(_, count, _)| count).sum(),
        what: "documents that no search can read",
        more: said.join(", "),
        act: "Open",
        address: "upload.php?reading=unread".to_owned(),
    })
}

async fn misses(conn: &mut Conn, desk: &Desk) -> Result<Option<Waiting>> {
    let week = desk.shown(desk.now).date().checked_sub(jiff::Span::new().days(7)).ok();
    let since = week.map(|day| day.to_string()).unwrap_or_default();
    let found = counts::since(conn, &since, counts::MISS, LEAST_MISSES, 100).await?;
    let Some(first) = found.first() else { return Ok(None) };
    Ok(Some(Waiting {
        count: i64::try_from(found.len()).unwrap_or(0),
        what: "searches that found nothing",
        more: format!("“{}” was asked {} times this week", first.subject, first.count),
        act: "Look",
        address: "searches.php".to_owned(),
    }))
}

async fn lately(conn: &mut Conn, desk: &Desk) -> Result<String> {
    let lines = audit::latest(conn, 0, LATELY).await?;
    let ids: Vec<UserId> = lines.iter().map(|line| line.actor).collect();
    let people = users::by_ids(conn, &ids).await?;
    let objects: Vec<gp_kernel::ItemId> = lines
        .iter()
        .filter(|l| l.kind == "item")
        .map(|l| gp_kernel::ItemId(l.object))
        .collect();
    let named = items::by_ids(conn, &objects).await?;
    let mut list = String::from("<ol class=\"a-log\">");
    for line in &lines {
        let who = people
            .get(&line.actor)
            .map_or("The program", |user| user.display_name.as_str());
        let what = match named
            .get(&gp_kernel::ItemId(line.object))
            .filter(|_| line.kind == "item")
        {
            Some(item) => format!("“{}”", kinds::title(item)),
            None => format!("{} {}", line.kind, line.object),
        };
        let at = jiff::Timestamp::from_second(line.at).unwrap_or(desk.now);
        let then = desk.shown(at);
        let shown = if then.date() == desk.shown(desk.now).date() {
            then.strftime("%H:%M")
        } else {
            then.strftime("%-d %b")
        };
        let _ = write!(
            list,
            "<li><time>{shown}</time><span>{}: {}, {}.</span></li>",
            esc_html(who),
            esc_html(&line.verb),
            esc_html(&what)
        );
    }
    list.push_str("</ol>");
    if lines.is_empty() {
        return Ok(String::new());
    }
    Ok(section(
        "lat",
        "Lately",
        "<a href=\"/wp-admin/log.php\">Whole log</a>",
        &list,
    ))
}

async fn library(conn: &mut Conn, desk: &Desk) -> Result<String> {
    let (published, _) = in_state(conn, desk, "publish").await?;
    let states = documents::by_status(conn).await?;
    let pages: i64 = states
        .iter()
        .filter(|(state, ..)| state == "text")
        .map(|(.., pages)| pages)
        .sum();
    let count: i64 = states.iter().map(|(_, count, _)| count).sum();
    let facts = [
        ("Resources published", html::thousands(published)),
        ("Files that were read", html::thousands(count)),
        ("Pages that the search can read", html::thousands(pages)),
    ];
    let mut list = String::from("<dl class=\"a-facts\">");
    for (name, value) in facts {
        let _ = write!(list, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    list.push_str("</dl>");
    Ok(section("lib", "The library", "", &list))
}

fn section(id: &str, title: &str, more: &str, body: &str) -> String {
    format!(
        "<section class=\"a-part\" aria-labelledby=\"{id}\"><h2 class=\"a-h\" id=\"{id}\">{title} {more}</h2>{body}</section>"
    )
}

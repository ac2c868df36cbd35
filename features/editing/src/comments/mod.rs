//! `edit-comments.php`: what readers wrote below items, held back, approved or thrown away. No link of a commenter can be followed here.

mod acts;
mod table;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Page, Screen, html};
use gp_content::comments::{self, CommentQuery};
use gp_kernel::{ItemId, Result};

pub(crate) struct Comments;

/// The states of comments, in the order of the tabs: WordPress's name in addresses, as it is kept, what it is called, its shape.
const STATES: &[(&str, &str, &str, &str)] = &[
    ("moderated", "0", "Pending", "draft"),
    ("approved", "1", "Approved", "ok"),
    ("spam", "spam", "Spam", "stop"),
    ("trash", "trash", "Trash", "stop"),
];

const ADDRESS: &str = "edit-comments.php";
const PER_PAGE: i64 = 20;
/// Longer words are nobody's.
const LONGEST: usize = 200;

impl Screen for Comments {
    fn paths(&self) -> &'static [&'static str] {
        &["edit-comments.php"]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        if !desk.can("moderate_comments") {
            return Vec::new();
        }
        vec![Entry::new(Group::Readers, "Comments", ADDRESS)]
    }

    fn waiting<'a>(&'a self, desk: &'a Desk) -> BoxFuture<'a, Result<Vec<(String, i64)>>> {
        Box::pin(async move {
            let mut conn = desk.read().await?;
            let (_, total) = comments::list(&mut conn, &desk.scope, &in_state("0")).await?;
            Ok(vec![(ADDRESS.to_owned(), total)])
        })
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("moderate_comments")?;
            if desk.post {
                return acts::done(desk).await.map(Answer::Go);
            }
            shown(desk).await.map(Answer::Page)
        })
    }
}

/// Everything in a state; only how many.
fn in_state(kept: &str) -> CommentQuery {
    CommentQuery {
        approved: vec![kept.to_owned()],
        kind: "comment".to_owned(),
        order_by: "date_gmt",
        down: true,
        ..CommentQuery::default()
    }
}

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Asked {
    words: String,
    /// As in addresses; empty: pending and approved ones.
    state: String,
    /// Only on this item.
    item: i64,
    page: i64,
}

impl Asked {
    fn of(desk: &Desk) -> Self {
        let query = &desk.query;
        let known = STATES.iter().find(|(name, ..)| *name == query.get("comment_status"));
        Self {
            words: query.get("s").trim().chars().take(LONGEST).collect(),
            state: known.map_or(String::new(), |(name, ..)| (*name).to_owned()),
            item: query.int("p").filter(|id| *id > 0).unwrap_or(0),
            page: query.int("paged").unwrap_or(1).clamp(1, 100_000),
        }
    }

    /// The address of this list with other values.
    fn address(&self, other: &[(&str, &str)]) -> String {
        let item = if self.item > 0 {
            self.item.to_string()
        } else {
            String::new()
        };
        let own = [
            ("comment_status", self.state.as_str()),
            ("s", &self.words),
            ("p", &item),
        ];
        let kept = own
            .into_iter()
            .filter(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
        let pairs: Vec<(&str, &str)> = kept.chain(other.iter().copied()).collect();
        match html::query(&pairs).as_str() {
            "" => "/wp-admin/edit-comments.php".to_owned(),
            query => format!("/wp-admin/edit-comments.php?{query}"),
        }
    }

    fn query(&self) -> CommentQuery {
        let kept = STATES
            .iter()
            .find(|(name, ..)| *name == self.state)
            .map(|(_, kept, ..)| *kept);
        let approved = kept.map_or_else(|| vec!["0", "1"], |kept| vec![kept]);
        CommentQuery {
            approved: approved.into_iter().map(str::to_owned).collect(),
            items: (self.item > 0).then_some(ItemId(self.item)).into_iter().collect(),
            search: self.words.clone(),
            offset: usize::try_from((self.page - 1) * PER_PAGE).unwrap_or(0),
            limit: usize::try_from(PER_PAGE).unwrap_or(20),
            ..in_state("")
        }
    }
}

async fn shown(desk: &Desk) -> Result<Page> {
    let asked = Asked::of(desk);
    let mut conn = desk.read().await?;
    let mut counts = Vec::new();
    for (name, kept, label, _) in STATES {
        let (_, total) = comments::list(&mut conn, &desk.scope, &in_state(kept)).await?;
        counts.push((*name, *label, total));
    }
    let (found, total) = comments::list(&mut conn, &desk.scope, &asked.query()).await?;
    let table = table::rows(&mut conn, desk, &asked, &found).await?;
    drop(conn);
    let body = [
        acts::told(desk),
        tabs(&asked, &counts),
        filters(&asked, counts.iter().map(|(.., total)| total).sum()),
        match found.is_empty() {
            true => nothing(&asked),
            false => table,
        },
        html::pages(asked.page, PER_PAGE, total, |page| {
            asked.address(&[("paged", &page.to_string())])
        }),
    ]
    .concat();
    Ok(Page {
        entry: "edit-comments.php".to_owned(),
        ..Page::new("Comments", body)
    })
}

fn tabs(asked: &Asked, counts: &[(&str, &str, i64)]) -> String {
    let address = |state: &str| Asked::default().address(&[("comment_status", state)]);
    let both = counts.iter().take(2).map(|(.., total)| total).sum();
    let all = (address(""), "All".to_owned(), both, asked.state.is_empty());
    let states = counts
        .iter()
        .map(|(name, label, total)| (address(name), (*label).to_owned(), *total, asked.state == *name));
    let tabs: Vec<(String, String, i64, bool)> = std::iter::once(all).chain(states).collect();
    html::tabs("State", &tabs)
}

fn filters(asked: &Asked, all: i64) -> String {
    if all == 0 {
        return String::new();
    }
    let kept = [
        ("comment_status", asked.state.clone()),
        (
            "p",
            if asked.item > 0 {
                asked.item.to_string()
            } else {
                String::new()
            },
        ),
    ];
    let kept: String = kept
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| html::hidden(name, value))
        .collect();
    format!(
        "<form class=\"a-filter\" role=\"search\" aria-label=\"Comments\" action=\"/wp-admin/edit-comments.php\">{kept}\
         <p><label for=\"c-s\">Words or name</label><input id=\"c-s\" name=\"s\" type=\"search\" value=\"{}\"></p><button class=\"a-btn\">Find</button></form>",
        html::exact(&asked.words)
    )
}

fn nothing(asked: &Asked) -> String {
    let all = "<a class=\"a-btn\" href=\"/wp-admin/edit-comments.php\">Show all</a>";
    if !asked.words.is_empty() || asked.item > 0 {
        return html::empty("No comment fits what you chose.", all);
    }
    match asked.state.as_str() {
        "" => html::empty(
            "Nobody has written a comment yet. What readers write below items where comments are open stands here.",
            "",
        ),
        "moderated" => html::empty("No comment waits for you.", all),
        "approved" => html::empty("No comment is public.", all),
        "spam" => html::empty("Nothing was taken for spam.", all),
        _ => html::empty("The trash is empty.", all),
    }
}

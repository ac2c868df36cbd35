//! `edit.php`: the items of a type, with search, filters, order, acts on many, quick edit, trash and undo.

mod acts;
mod query;
mod table;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Page, Screen, html};
use gp_content::{ContentType, ItemQuery, items};
use gp_kernel::{Error, Result};
use gp_store::Conn;

use crate::kinds;
use query::Asked;

pub(crate) struct Lists;

impl Screen for Lists {
    fn paths(&self) -> &'static [&'static str] {
        &["edit.php"]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        let kinds = kinds::LISTED
            .iter()
            .filter_map(|(name, group)| Some((desk.app.types.get(name)?, *group)));
        kinds
            .filter(|(kind, _)| kinds::works_with(desk, kind))
            .map(|(kind, group)| Entry::new(group, kind.plural, kinds::list_of(kind.name)))
            .collect()
    }

    /// What others sent for review.
    fn waiting<'a>(&'a self, desk: &'a Desk) -> BoxFuture<'a, Result<Vec<(String, i64)>>> {
        Box::pin(async move {
            let kinds = kinds::LISTED.iter().filter_map(|(name, _)| desk.app.types.get(name));
            let mut conn = desk.read().await?;
            let mut waiting = Vec::new();
            for kind in kinds.filter(|kind| kind.public && kinds::works_with(desk, kind)) {
                waiting.push((
                    kinds::list_of(kind.name),
                    in_state(&mut conn, desk, kind, "pending").await?,
                ));
            }
            Ok(waiting)
        })
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            let kind = kinds::listed(desk, desk.query.get("post_type")).cloned();
            let kind = kind.ok_or_else(|| Error::not_found("There is no list of such items."))?;
            if !kinds::works_with(desk, &kind) {
                return Err(Error::new(
                    gp_kernel::ErrorKind::Forbidden,
                    format!("may not edit {}", kind.name),
                ));
            }
            if desk.post {
                return acts::done(desk, &kind).await.map(Answer::Go);
            }
            shown(desk, &kind).await.map(Answer::Page)
        })
    }
}

async fn shown(desk: &Desk, kind: &ContentType) -> Result<Page> {
    let mut conn = desk.read().await?;
    let asked = Asked::of(desk);
    let counts = counts(&mut conn, desk, kind).await?;
    let query = asked.query(&mut conn, desk, kind).await?;
    let page = items::list(&mut conn, &desk.scope, &query).await?;
    let table = table::rows(&mut conn, desk, kind, &asked, &page.items).await?;
    let filters = query::filters(&mut conn, desk, kind, &asked).await?;
    drop(conn);
    let body = [
        acts::told(desk, kind),
        tabs(kind, &asked, &counts),
        filters,
        match page.items.is_empty() {
            true => nothing(kind, &asked),
            false => table,
        },
        html::pages(asked.page, query::PER_PAGE, page.total, |page| {
            asked.address(kind, &[("paged", &page.to_string())])
        }),
    ]
    .concat();
    let new = match kind.name.starts_with("wp_template") || !kinds::is_written_here(kind) {
        true => String::new(),
        false => format!(
            "<a class=\"a-btn a-btn--main a-push\" href=\"/wp-admin/post-new.php?post_type={}\">New {}</a>",
            kind.name,
            kind.singular.to_lowercase()
        ),
    };
    Ok(Page {
        act: new,
        entry: kinds::list_of(kind.name),
        ..Page::new(kind.plural, body)
    })
}

/// How many items there are in each state.
async fn counts(conn: &mut Conn, desk: &Desk, kind: &ContentType) -> Result<Vec<(&'static str, i64)>> {
    let mut counts = Vec::new();
    for (status, ..) in kinds::STATES {
        counts.push((*status, in_state(conn, desk, kind, status).await?));
    }
    Ok(counts)
}

async fn in_state(conn: &mut Conn, desk: &Desk, kind: &ContentType, status: &str) -> Result<i64> {
    let query = ItemQuery {
        types: vec![kind.name.to_owned()],
        shelves: Some(desk.scope.at_work(kind, &[status])),
        limit: 0,
        ..ItemQuery::default()
    };
    Ok(items::list(conn, &desk.scope, &query).await?.total)
}

fn tabs(kind: &ContentType, asked: &Asked, counts: &[(&'static str, i64)]) -> String {
    let all: i64 = counts
        .iter()
        .filter(|(status, _)| *status != "trash")
        .map(|(_, n)| n)
        .sum();
    let address = |status: &str| asked.only_state(kind, status);
    let mut tabs = vec![(address(""), "All".to_owned(), all, asked.status.is_empty())];
    for (status, label, _) in kinds::STATES {
        let count = counts.iter().find(|(name, _)| name == status).map_or(0, |(_, n)| *n);
        let here = asked.status == *status;
        if count > 0 || here {
            tabs.push((address(status), (*label).to_owned(), count, here));
        }
    }
    html::tabs("State", &tabs)
}

fn nothing(kind: &ContentType, asked: &Asked) -> String {
    if asked.narrows() {
        let all = format!(
            "<a class=\"a-btn\" href=\"/wp-admin/{}\">Show all</a>",
            kinds::list_of(kind.name)
        );
        return html::empty("Nothing here fits what you chose.", &all);
    }
    let text = format!("There are no {} yet.", kind.plural.to_lowercase());
    if !kinds::is_written_here(kind) {
        return html::empty(&text, "");
    }
    let new = format!(
        "<a class=\"a-btn a-btn--main\" href=\"/wp-admin/post-new.php?post_type={}\">Write the first one</a>",
        kind.name
    );
    html::empty(&text, &new)
}

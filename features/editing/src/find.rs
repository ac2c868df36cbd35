//! `find.php`: one box for items, screens and acts.

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Page, Screen, html};
use gp_content::{ItemQuery, Order, items};
use gp_kernel::{ItemId, Result};
use gp_markup::text::{esc_attr, esc_html};

use crate::kinds;

pub(crate) struct Find;

/// Found items of each type, at most.
const MOST: usize = 12;

impl Screen for Find {
    fn paths(&self) -> &'static [&'static str] {
        &["find.php"]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            let words = desk.query.get("s").trim().to_owned();
            if words.is_empty() {
                let body = html::empty(
                    "Type what you look for in the box above: a title, a screen such as “Settings”, or a number.",
                    "",
                );
                return Ok(Page::new("Find", body).into());
            }
            let screens = screens(desk, &words);
            let found = found(desk, &words).await?;
            let nothing = screens.is_empty() && found.is_empty();
            let body = match nothing {
                true => html::empty(&format!("No item and no screen is called “{words}”."), ""),
                false => format!("{screens}{found}"),
            };
            Ok(Page::new(format!("Find: {words}"), body).into())
        })
    }
}

/// Screens and acts whose name has all the words.
fn screens(desk: &Desk, words: &str) -> String {
    let wanted: Vec<String> = words.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let fits = |name: &str| wanted.iter().all(|word| name.to_lowercase().contains(word));
    let new = kinds::LISTED.iter().filter_map(|(name, _)| {
        let kind = desk
            .app
            .types
            .get(name)
            .filter(|kind| kinds::works_with(desk, kind) && kinds::is_written_here(kind))?;
        Some((
            format!("New {}", kind.singular.to_lowercase()),
            format!("post-new.php?post_type={name}"),
        ))
    });
    let all = desk
        .entries()
        .iter()
        .map(|entry| (entry.label.clone(), entry.address.clone()));
    let mut list = String::new();
    for (name, address) in all.chain(new).filter(|(name, _)| fits(name)) {
        let _ = write!(
            list,
            "<li><a href=\"/wp-admin/{}\">{}</a></li>",
            esc_attr(&address),
            esc_html(&name)
        );
    }
    match list.as_str() {
        "" => String::new(),
        list => format!("<section><h2 class=\"a-h\">Screens</h2><ul class=\"a-found\">{list}</ul></section>"),
    }
}

async fn found(desk: &Desk, words: &str) -> Result<String> {
    let mut conn = desk.read().await?;
    let mut html = String::new();
    for (name, _) in kinds::LISTED {
        let Some(kind) = desk.app.types.get(name).filter(|kind| kinds::works_with(desk, kind)) else {
            continue;
        };
        let mut query = ItemQuery {
            types: vec![kind.name.to_owned()],
            shelves: Some(desk.scope.at_work(kind, &kinds::living())),
            limit: MOST,
            order: Order::Fitting,
            ..ItemQuery::default()
        };
        match words.trim_start_matches('#').parse() {
            Ok(id) => query.ids = Some(vec![ItemId(id)]),
            Err(_) => {
                query.words = words.split_whitespace().take(10).map(str::to_owned).collect();
                query.word_columns = vec!["title"];
            }
        }
        let list = items::some(&mut conn, &desk.scope, &query).await?;
        if list.is_empty() {
            continue;
        }
        let _ = write!(
            html,
            "<section><h2 class=\"a-h\">{}</h2><ul class=\"a-found\">",
            esc_html(kind.plural)
        );
        for item in &list {
            let title = esc_html(&kinds::title(item));
            let _ = write!(
                html,
                "<li><a href=\"{}\">{title}</a> {}</li>",
                esc_attr(&kinds::edit_of(item)),
                kinds::state(item)
            );
        }
        html.push_str("</ul></section>");
    }
    Ok(html)
}

//! What is done with comments, through the API; told afterwards, with a way back.

use std::collections::HashMap;

use axum::http::Method;
use gp_admin::{Desk, html};
use gp_content::{Comment, MetaKind, comments, meta};
use gp_kernel::{CommentId, Error, Result};
use gp_rest::Request;
use serde_json::Map;

use super::Asked;

/// Most comments that are changed at once.
const MOST: usize = 100;

/// What is done, and how it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Approve,
    Unapprove,
    Spam,
    Trash,
    /// As it was before it was thrown away.
    Restore,
    Delete,
}

impl Deed {
    const ALL: [(&'static str, Self); 6] = [
        ("approve", Self::Approve),
        ("unapprove", Self::Unapprove),
        ("spam", Self::Spam),
        ("trash", Self::Trash),
        ("restore", Self::Restore),
        ("delete", Self::Delete),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, deed)| *deed)
    }

    fn told(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Unapprove => "held back",
            Self::Spam => "taken for spam",
            Self::Trash => "moved to the trash",
            Self::Restore => "put back",
            Self::Delete => "deleted for good",
        }
    }
}

/// Does what was sent, and gives the address to go on to, which tells what was done.
pub(super) async fn done(desk: &Desk) -> Result<String> {
    let form = &desk.form;
    if form.get("do") == "undo" {
        return undo(desk).await;
    }
    let one = Deed::ALL
        .iter()
        .find_map(|(name, deed)| Some((*name, *deed, form.int(name)?)));
    let (name, deed, ids) = match one {
        Some((name, deed, id)) => (name, deed, vec![id]),
        None => {
            let name = form.get("do");
            let deed = Deed::named(name).ok_or_else(|| Error::invalid("This list knows no such deed."))?;
            (name, deed, form.ints("comment[]").into_iter().take(MOST).collect())
        }
    };
    if ids.is_empty() {
        return Ok(back(desk, &[("none", "1")]));
    }
    let (before, kept) = read(desk, &ids).await?;
    let (mut did, mut refused) = (Vec::new(), 0_usize);
    for id in &ids {
        let Some(comment) = before.get(id) else {
            refused += 1;
            continue;
        };
        let earlier = kept.get(id).map(String::as_str).unwrap_or_default();
        match to_one(desk, comment, deed, earlier).await? {
            true => did.push((*id, comment.approved.clone())),
            false => refused += 1,
        }
    }
    let ids: Vec<String> = did.iter().map(|(id, was)| format!("{id}:{was}")).collect();
    let refused = if refused > 0 {
        refused.to_string()
    } else {
        String::new()
    };
    let told: &[(&str, &str)] = match ids.is_empty() {
        true => &[("refused", &refused)],
        false => &[("did", name), ("was", &ids.join(",")), ("refused", &refused)],
    };
    Ok(back(desk, told))
}

/// The list again, with what was done.
fn back(desk: &Desk, told: &[(&str, &str)]) -> String {
    let page = desk.query.get("paged").to_owned();
    let told: Vec<(&str, &str)> = told.iter().copied().chain([("paged", page.as_str())]).collect();
    Asked::of(desk).address(&told)
}

type Before = (HashMap<i64, Comment>, HashMap<i64, String>);

/// The comments, and what they were before they were thrown away.
async fn read(desk: &Desk, ids: &[i64]) -> Result<Before> {
    let mut conn = desk.read().await?;
    let mut found = HashMap::new();
    for id in ids {
        if let Some(comment) = comments::by_id(&mut conn, CommentId(*id)).await? {
            found.insert(*id, comment);
        }
    }
    let metas = meta::of_many(&mut conn, MetaKind::Comment, ids).await?;
    let kept = metas
        .into_iter()
        .map(|(id, meta)| (id, meta.text("_wp_trash_meta_status")));
    Ok((found, kept.collect()))
}

/// Whether it was done.
async fn to_one(desk: &Desk, comment: &Comment, deed: Deed, earlier: &str) -> Result<bool> {
    let address = format!("/wp/v2/comments/{}", comment.id);
    let status = match deed {
        Deed::Approve => "approve",
        Deed::Unapprove => "hold",
        Deed::Spam => "spam",
        Deed::Trash => "trash",
        Deed::Restore if earlier == "1" => "approve",
        Deed::Restore => "hold",
        Deed::Delete => {
            let mut request = Request::get(&address);
            request.method = Method::DELETE;
            request.body.insert("force".to_owned(), true.into());
            return Ok(desk.ask(request).await?.is_ok());
        }
    };
    let mut fields = Map::new();
    fields.insert("status".to_owned(), status.into());
    Ok(desk.send(Method::POST, &address, fields).await?.is_ok())
}

/// Comments with what they were: `5:0,6:1`.
fn pairs(text: &str) -> impl Iterator<Item = (i64, &str)> {
    let pairs = text.split(',').filter_map(|pair| pair.split_once(':'));
    pairs.filter_map(|(id, was)| Some((id.parse().ok()?, was))).take(MOST)
}

/// Everything as it was before the last deed.
async fn undo(desk: &Desk) -> Result<String> {
    let (mut did, mut refused) = (0_usize, 0_usize);
    for (id, was) in pairs(desk.form.get("was")) {
        let status = match was {
            "1" => "approve",
            "0" => "hold",
            "spam" => "spam",
            "trash" => "trash",
            _ => continue,
        };
        let mut fields = Map::new();
        fields.insert("status".to_owned(), status.into());
        match desk
            .send(Method::POST, &format!("/wp/v2/comments/{id}"), fields)
            .await?
        {
            Ok(_) => did += 1,
            Err(_) => refused += 1,
        }
    }
    let shown = |number: usize| if number > 0 { number.to_string() } else { String::new() };
    Ok(back(desk, &[("undone", &shown(did)), ("refused", &shown(refused))]))
}

fn counted(count: usize) -> String {
    match count {
        1 => "1 comment".to_owned(),
        n => format!("{n} comments"),
    }
}

/// What was done, as the address tells.
pub(super) fn told(desk: &Desk) -> String {
    let query = &desk.query;
    let number = |name: &str| query.int(name).filter(|n| *n > 0).and_then(|n| usize::try_from(n).ok());
    let mut notes = String::new();
    let was: Vec<String> = pairs(query.get("was")).map(|(id, was)| format!("{id}:{was}")).collect();
    if let (Some(deed), false) = (Deed::named(query.get("did")), was.is_empty()) {
        let text = format!("{} {}.", counted(was.len()), deed.told());
        let way_back = if deed == Deed::Delete {
            String::new()
        } else {
            format!(
                " <form method=\"post\" action=\"{}\" class=\"a-inline\">{}{}<button class=\"a-link\" name=\"do\" value=\"undo\">Undo</button></form>",
                gp_markup::text::esc_attr(&Asked::of(desk).address(&[])),
                html::meant(desk),
                html::hidden("was", &was.join(","))
            )
        };
        notes += &html::note_html(html::Note::Done, &format!("{text}{way_back}"));
    }
    if let Some(undone) = number("undone") {
        notes += &html::note(html::Note::Done, &format!("{} as it was before.", counted(undone)));
    }
    let mut stop = |text: &str| notes.push_str(&html::note(html::Note::Stop, text));
    if query.has("none") {
        stop("Nothing was picked, so nothing was changed. Tick the boxes in front of what you mean.");
    }
    if let Some(refused) = number("refused") {
        stop(&format!(
            "{} left as it was: it is not there any more, or your account may not do that to it.",
            counted(refused)
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_before_is_read_from_an_address() {
        let read: Vec<(i64, &str)> = pairs("5:0,6:spam,x:1,7,8:1").collect();
        assert_eq!(read, [(5, "0"), (6, "spam"), (8, "1")]);
    }
}

//! What is done from a list: to one item, to all that are picked, in the row of the quick edit; and how it is told afterwards.

use axum::http::Method;
use gp_admin::{Desk, html};
use gp_content::{ContentType, Item, Verb, actions, items, terms};
use gp_kernel::{Error, ItemId, Result};
use gp_markup::text::esc_html;
use serde_json::{Map, Value};

use super::query::{self, Asked};
use crate::kinds;

/// Most items that are changed at once.
const MOST: usize = 200;

/// Does what was sent, and gives the address to go on to, which tells what was done.
pub(super) async fn done(desk: &Desk, kind: &ContentType) -> Result<String> {
    let form = &desk.form;
    let one = |name: &str| form.int(name).map(|id| vec![ItemId(id)]);
    let picked = || -> Vec<ItemId> { form.ints("post[]").into_iter().map(ItemId).take(MOST).collect() };
    if let Some(id) = form.int("quick") {
        return quick(desk, kind, ItemId(id)).await;
    }
    for (name, deed) in [
        ("trash", Deed::Trash),
        ("untrash", Deed::Restore),
        ("delete", Deed::Delete),
    ] {
        if let Some(ids) = one(name) {
            return each(desk, kind, &ids, deed).await;
        }
    }
    let ids = picked();
    match form.get("do") {
        _ if ids.is_empty() => Ok(back(desk, kind, &[("none", "1")])),
        "trash" => each(desk, kind, &ids, Deed::Trash).await,
        "untrash" => each(desk, kind, &ids, Deed::Restore).await,
        "delete" => each(desk, kind, &ids, Deed::Delete).await,
        "edit" => together(desk, kind, &ids).await,
        _ => Err(Error::invalid("This list knows no such deed.")),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Trash,
    Restore,
    Delete,
}

impl Deed {
    fn verb(self) -> Verb {
        match self {
            Self::Trash => Verb::Trash,
            Self::Restore => Verb::Restore,
            Self::Delete => Verb::Delete,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Trash => "trashed",
            Self::Restore => "untrashed",
            Self::Delete => "deleted",
        }
    }
}

/// The list again, with what was done.
fn back(desk: &Desk, kind: &ContentType, told: &[(&str, &str)]) -> String {
    let page = desk.query.get("paged").to_owned();
    let told: Vec<(&str, &str)> = told.iter().copied().chain([("paged", page.as_str())]).collect();
    Asked::of(desk).address(kind, &told)
}

/// Each in a transaction of its own: where somebody may not, the others are done nevertheless.
async fn each(desk: &Desk, kind: &ContentType, ids: &[ItemId], deed: Deed) -> Result<String> {
    let (mut did, mut refused) = (Vec::new(), 0);
    for id in ids {
        match to_one(desk, kind, *id, deed).await {
            Ok(()) => did.push(id.0.to_string()),
            Err(error) if is_ours(&error) => return Err(error),
            Err(_) => refused += 1,
        }
    }
    let refused = if refused > 0 {
        refused.to_string()
    } else {
        String::new()
    };
    Ok(back(
        desk,
        kind,
        &[(deed.word(), &did.join(",")), ("refused", &refused)],
    ))
}

/// A failure that is nobody's fault who asked.
fn is_ours(error: &Error) -> bool {
    matches!(
        error.kind,
        gp_kernel::ErrorKind::Internal | gp_kernel::ErrorKind::Unavailable
    )
}

async fn to_one(desk: &Desk, kind: &ContentType, id: ItemId, deed: Deed) -> Result<()> {
    let item = item(desk, kind, id).await?;
    let grant = desk.actor().may(deed.verb(), &item, None, &desk.app.types)?;
    let mut tx = desk.app.db.write().await?;
    let mut act = desk.act(&mut tx);
    match deed {
        Deed::Trash => actions::trash(&mut act, &grant, id).await.map(drop)?,
        Deed::Restore => actions::restore(&mut act, &grant, id).await.map(drop)?,
        Deed::Delete => actions::delete(&mut act, &grant, id).await?,
    }
    tx.commit().await
}

async fn item(desk: &Desk, kind: &ContentType, id: ItemId) -> Result<Item> {
    let mut conn = desk.read().await?;
    let found = items::by_id(&mut conn, id).await?.filter(|item| item.kind == kind.name);
    found.ok_or_else(|| Error::not_found(format!("There is no {} {id} any more.", kind.singular.to_lowercase())))
}

/// The route of the API for an item.
fn route(kind: &ContentType, id: ItemId) -> Result<String> {
    let base = kind
        .rest_base
        .ok_or_else(|| Error::invalid("Such items are not changed in lists."))?;
    Ok(format!("/wp/v2/{base}/{id}"))
}

/// The same change to all that are picked.
async fn together(desk: &Desk, kind: &ContentType, ids: &[ItemId]) -> Result<String> {
    let (status, label) = (desk.form.get("status"), desk.form.get("label"));
    if status.is_empty() && label.is_empty() {
        return Ok(back(desk, kind, &[("unsaid", "1")]));
    }
    let tree = match label.is_empty() {
        true => None,
        false => labels(desk, kind, &[label]).await?.into_iter().next(),
    };
    let (mut did, mut refused) = (0, 0);
    for id in ids {
        let mut fields = Map::new();
        if !status.is_empty() {
            fields.insert("status".to_owned(), status.into());
        }
        if let Some((base, added)) = &tree {
            let mut all = own_labels(desk, kind, *id).await?;
            all.extend(added.iter().filter(|id| !all.contains(id)).copied().collect::<Vec<_>>());
            fields.insert(base.clone(), all.into());
        }
        match desk.send(Method::POST, &route(kind, *id)?, fields).await? {
            Ok(_) => did += 1,
            Err(_) => refused += 1,
        }
    }
    let refused = if refused > 0 {
        refused.to_string()
    } else {
        String::new()
    };
    Ok(back(
        desk,
        kind,
        &[("changed", &did.to_string()), ("refused", &refused)],
    ))
}

/// The name by which the API knows the labels of a type, with the ids of these; one entry, or none where there are no labels.
async fn labels(desk: &Desk, kind: &ContentType, slugs: &[&str]) -> Result<Option<(String, Vec<i64>)>> {
    let taxonomy = query::tree(desk, kind).and_then(|name| desk.app.types.taxonomy(&name));
    let Some(taxonomy) = taxonomy.filter(|taxonomy| !taxonomy.rest_base.is_empty()) else {
        return Ok(None);
    };
    let mut conn = desk.read().await?;
    let all = terms::all_of(&mut conn, &taxonomy.name).await?;
    let ids = all
        .iter()
        .filter(|term| slugs.contains(&term.slug.as_str()))
        .map(|term| term.term_id.0);
    Ok(Some((taxonomy.rest_base.to_owned(), ids.collect())))
}

async fn own_labels(desk: &Desk, kind: &ContentType, id: ItemId) -> Result<Vec<i64>> {
    let tree = query::tree(desk, kind).unwrap_or_default();
    let mut conn = desk.read().await?;
    let own = terms::of_items(&mut conn, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(own
        .iter()
        .filter(|term| term.taxonomy == tree)
        .map(|term| term.term_id.0)
        .collect())
}

/// What the row of the quick edit sends.
async fn quick(desk: &Desk, kind: &ContentType, id: ItemId) -> Result<String> {
    let form = &desk.form;
    let item = item(desk, kind, id).await?;
    if item.modified_gmt != form.get("quick_modified") {
        return Err(Error::new(
            gp_kernel::ErrorKind::Conflict,
            format!(
                "Somebody else has changed “{}” meanwhile. Nothing was saved; go back and open it again.",
                kinds::title(&item)
            ),
        ));
    }
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    set("title", form.get("quick_title").into());
    set("slug", form.get("quick_slug").into());
    if form.get("quick_status") != item.status {
        set("status", form.get("quick_status").into());
    }
    let date = form.get("quick_date");
    if !date.is_empty() && !item.date.replace(' ', "T").starts_with(date) {
        set("date", format!("{date}:00").into());
    }
    if form.has("quick_labels") {
        let chosen: Vec<&str> = form.all("quick_label[]").collect();
        if let Some((base, ids)) = labels(desk, kind, &chosen).await? {
            set(&base, ids.into());
        }
    }
    match desk.send(Method::POST, &route(kind, id)?, fields).await? {
        Ok(_) => Ok(back(desk, kind, &[("changed", "1")])),
        Err(failure) => Err(Error::invalid(failure.message.into_owned())),
    }
}

/// What was done, as the address tells.
pub(super) fn told(desk: &Desk, kind: &ContentType) -> String {
    let query = &desk.query;
    let ids = |name: &str| -> Vec<i64> {
        query
            .get(name)
            .split(',')
            .filter_map(|id| id.parse().ok())
            .take(MOST)
            .collect()
    };
    let mut notes = String::new();
    let mut say = |text: &str| notes.push_str(&html::note(html::Note::Done, text));
    let deleted = ids("deleted").len();
    if deleted > 0 {
        say(&format!("{} deleted for good.", kinds::counted(kind, deleted)));
    }
    let restored = ids("untrashed").len();
    if restored > 0 {
        say(&format!("{} put back, as drafts.", kinds::counted(kind, restored)));
    }
    if let Some(changed) = query.int("changed").filter(|n| *n > 0) {
        say(&format!(
            "{} changed.",
            kinds::counted(kind, usize::try_from(changed).unwrap_or(0))
        ));
    }
    let trashed = ids("trashed");
    if !trashed.is_empty() {
        notes += &undo(desk, kind, &trashed);
    }
    let mut stop = |text: &str| notes.push_str(&html::note(html::Note::Stop, text));
    if query.has("none") {
        stop("Nothing was picked, so nothing was changed. Tick the boxes in front of what you mean.");
    }
    if query.has("unsaid") {
        stop("Choose a state or a label first, then Change.");
    }
    if let Some(refused) = query.int("refused").filter(|n| *n > 0) {
        stop(&format!(
            "{} left as it was: your account may not do that to it, or it is not possible.",
            kinds::counted(kind, usize::try_from(refused).unwrap_or(0))
        ));
    }
    notes
}

/// Says that something went to the trash, with a button that takes it back.
fn undo(desk: &Desk, kind: &ContentType, ids: &[i64]) -> String {
    let fields: String = ids.iter().map(|id| html::hidden("post[]", &id.to_string())).collect();
    let form = format!(
        "<form method=\"post\" action=\"/wp-admin/{}\" class=\"a-inline\">{}{fields}<button class=\"a-link\" name=\"do\" value=\"untrash\">Undo</button></form>",
        esc_html(&kinds::list_of(kind.name)),
        html::meant(desk)
    );
    let text = format!("{} moved to the trash. {form}", kinds::counted(kind, ids.len()));
    html::note_html(html::Note::Done, &text)
}

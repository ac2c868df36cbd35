//! Changing an item's own columns.

use std::collections::BTreeSet;

use gp_kernel::{Error, ErrorKind, ItemId, Result, UserId, ZERO_DATE};
use gp_markup::sanitize;

use super::{Act, create::to_gmt, revisions};
use crate::{
    items::Item,
    permission::{Grant, Verb},
    slugs,
};

/// What is to be different; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Item")]
pub struct Changes {
    pub title: Option<String>,
    pub content: Option<String>,
    pub excerpt: Option<String>,
    pub name: Option<String>,
    pub author: Option<UserId>,
    pub parent: Option<ItemId>,
    pub menu_order: Option<i64>,
    pub password: Option<String>,
    pub mime_type: Option<String>,
    pub comment_status: Option<String>,
    pub ping_status: Option<String>,
    /// Published, private and scheduled need leave to publish. In and out of the trash lead verbs of their own.
    pub status: Option<String>,
    /// When it is published.
    pub date: Option<When>,
    /// Refuse when the item's version is another: somebody else was quicker.
    pub if_version: Option<i64>,
}

/// When something is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// At this moment, as the site's clock shows it (`2026-11-27 10:00:00`).
    Local(String),
    /// At this moment, in UTC.
    Gmt(String),
    /// When it comes to it.
    Floating,
}

/// Statuses that make something visible, now or later, to more than its editors.
const OUT: &[&str] = &["publish", "future", "private"];

/// Changes an item. The version before is kept as a revision; a changed slug leaves the old address behind.
///
/// # Errors
/// `Forbidden` without leave to update it (or, for a status that makes it visible, to publish it), `Invalid` when it would stand
/// below itself, `Conflict` when it changed meanwhile, `NotFound`.
pub async fn update(act: &mut Act<'_>, grant: &Grant, id: ItemId, mut changes: Changes) -> Result<Item> {
    let before = act.item(id).await?;
    grant.covers(&[Verb::Update, Verb::Publish], id, &before.kind)?;
    let mut item = before.clone();
    if let Some(version) = changes.if_version {
        item.version = version;
    }
    clean(grant, &mut changes);
    apply(&mut item, &changes);
    if item.parent != before.parent {
        no_loop(act, &item).await?;
    }
    if let Some(status) = changes.status.take().filter(|status| *status != before.status) {
        if OUT.contains(&status.as_str()) && grant.verb() != Verb::Publish {
            return Err(Error::new(
                ErrorKind::Forbidden,
                format!("leave to update does not reach to {status}"),
            )
            .hint("ask for leave to publish"));
        }
        item.status = status;
    }
    date(act, &mut item, &before, changes.date);
    let settled = OUT.contains(&item.status.as_str());
    let renamed = changes.name.as_ref().filter(|name| !name.is_empty() || settled);
    if renamed.is_some() || (settled && (item.status != before.status || item.parent != before.parent)) {
        let wanted = renamed.unwrap_or(&item.name).clone();
        item.name = slugs::unique(act.tx, act.types, &item, &wanted).await?;
    } else if changes.name.is_some() {
        item.name.clear();
    }
    item.modified = act.local();
    item.modified_gmt = act.gmt();
    act.store(&mut item).await?;
    if before.name != item.name && before.status == "publish" && item.kind != "page" && !before.name.is_empty() {
        remember_slug(act, &before).await?;
    }
    revisions::keep(act, grant, &before, &item).await?;
    act.plan(&item).await?;
    act.finish(grant, "item", id.0, &item.kind).await?;
    Ok(item)
}

/// What somebody writes who may not write any HTML.
fn clean(grant: &Grant, changes: &mut Changes) {
    if grant.allows_any_html() {
        return;
    }
    let of = |field: &mut Option<String>, clean: fn(&str) -> String| {
        if let Some(text) = field {
            *text = clean(text);
        }
    };
    of(&mut changes.title, sanitize::wp_kses_data);
    of(&mut changes.content, sanitize::kses_post);
    of(&mut changes.excerpt, sanitize::kses_post);
}

/// The dates of an item in its new status: floating until it is published, and what is still to come is scheduled.
fn date(act: &Act<'_>, item: &mut Item, before: &Item, when: Option<When>) {
    let floats = |item: &Item| item.date_gmt == ZERO_DATE;
    let draft = matches!(item.status.as_str(), "draft" | "pending" | "auto-draft");
    match when {
        Some(When::Local(local)) => {
            item.date_gmt = to_gmt(act, &local).unwrap_or_else(|| local.clone());
            item.date = local;
        }
        Some(When::Gmt(gmt)) => {
            item.date = to_local(act, &gmt).unwrap_or_else(|| gmt.clone());
            item.date_gmt = gmt;
        }
        Some(When::Floating) => {
            item.date = act.local();
            item.date_gmt = if draft { ZERO_DATE.to_owned() } else { act.gmt() };
        }
        None if floats(item) && !draft => {
            item.date = act.local();
            item.date_gmt = act.gmt();
        }
        // A date that has come to pass without publication says nothing.
        None if item.status == "publish" && before.status == "future" && item.date_gmt > act.gmt() => {
            item.date = act.local();
            item.date_gmt = act.gmt();
        }
        None => {}
    }
    match item.status.as_str() {
        "publish" if item.date_gmt > act.gmt() => "future".clone_into(&mut item.status),
        "future" if item.date_gmt <= act.gmt() => "publish".clone_into(&mut item.status),
        _ => {}
    }
}

fn to_local(act: &Act<'_>, gmt: &str) -> Option<String> {
    let zoned = gp_kernel::parse_mysql_date(gmt)?
        .to_zoned(jiff::tz::TimeZone::UTC)
        .ok()?;
    Some(gp_kernel::mysql_date(zoned.timestamp(), &act.zone))
}

fn apply(item: &mut Item, changes: &Changes) {
    let set = |field: &mut String, value: &Option<String>| {
        if let Some(value) = value {
            field.clone_from(value);
        }
    };
    set(&mut item.title, &changes.title);
    set(&mut item.content, &changes.content);
    set(&mut item.excerpt, &changes.excerpt);
    set(&mut item.password, &changes.password);
    set(&mut item.mime_type, &changes.mime_type);
    set(&mut item.comment_status, &changes.comment_status);
    set(&mut item.ping_status, &changes.ping_status);
    item.author = changes.author.unwrap_or(item.author);
    item.parent = changes.parent.unwrap_or(item.parent);
    item.menu_order = changes.menu_order.unwrap_or(item.menu_order);
}

/// Refuses an item that would stand below itself.
async fn no_loop(act: &mut Act<'_>, item: &Item) -> Result<()> {
    let (mut above, mut passed) = (item.parent, BTreeSet::from([item.id]));
    while above.0 != 0 {
        if above == item.id {
            return Err(
                Error::invalid(format!("Item {} cannot stand below itself.", item.id)).hint("choose another parent")
            );
        }
        // A loop further up was there before.
        if !passed.insert(above) {
            break;
        }
        above = crate::items::by_id(act.tx, above)
            .await?
            .map_or(ItemId(0), |parent| parent.parent);
    }
    Ok(())
}

/// `_wp_old_slug`, as WordPress keeps it, so that the old address leads to the new one.
async fn remember_slug(act: &mut Act<'_>, before: &Item) -> Result<()> {
    crate::meta::add(
        act.tx,
        crate::MetaKind::Item,
        before.id.0,
        "_wp_old_slug",
        before.name.as_bytes(),
    )
    .await?;
    act.tx
        .run(
            "insert into old_slugs (slug, item_id) values ($1, $2) on conflict (slug, item_id) do nothing",
            &[(&before.name).into(), before.id.into()],
        )
        .await
        .map(drop)
}

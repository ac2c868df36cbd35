//! Changing an item's own columns.

use gp_kernel::{ItemId, Result, UserId};

use super::{Act, revisions};
use crate::{
    items::Item,
    permission::{Grant, Verb},
    slugs,
};

/// What is to be different; `None` stays as it is. The status has verbs of its own.
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
    /// Refuse when the item's version is another: somebody else was quicker.
    pub if_version: Option<i64>,
}

/// Changes an item. The version before is kept as a revision; a changed slug leaves the old address behind.
///
/// # Errors
/// `Forbidden` without leave to update it, `Conflict` when it changed meanwhile, `NotFound`.
pub async fn update(act: &mut Act<'_>, grant: &Grant, id: ItemId, changes: Changes) -> Result<Item> {
    let before = act.item(id).await?;
    grant.covers(&[Verb::Update, Verb::Publish], id, &before.kind)?;
    let mut item = before.clone();
    if let Some(version) = changes.if_version {
        item.version = version;
    }
    apply(&mut item, &changes);
    if let Some(name) = &changes.name {
        item.name = slugs::unique(act.tx, act.types, &item, name).await?;
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
    item.author = changes.author.unwrap_or(item.author);
    item.parent = changes.parent.unwrap_or(item.parent);
    item.menu_order = changes.menu_order.unwrap_or(item.menu_order);
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

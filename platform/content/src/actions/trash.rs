//! Into the trash and out of it, as WordPress notes it: slug, status and comments are remembered in meta.

use std::collections::BTreeMap;

use gp_kernel::{Error, ItemId, Result};
use gp_php::{Key, Value};

use super::{Act, revisions};
use crate::{
    items::Item,
    meta::{self, Meta, MetaKind},
    permission::{Grant, Verb},
    slugs,
};

/// Puts an item into the trash: gone for visitors at once, restorable.
///
/// # Errors
/// `Forbidden` without leave, `Invalid` when it is there already, `NotFound`.
pub async fn trash(act: &mut Act<'_>, grant: &Grant, id: ItemId) -> Result<Item> {
    let mut item = act.item(id).await?;
    grant.covers(&[Verb::Trash], id, &item.kind)?;
    if item.status == "trash" {
        return Err(Error::invalid(format!("{} {id} is in the trash already", item.kind)));
    }
    revisions::first(act, grant, &item).await?;
    let now = act.now.as_second().to_string();
    remember(act, id, "_wp_trash_meta_status", item.status.as_bytes()).await?;
    remember(act, id, "_wp_trash_meta_time", now.as_bytes()).await?;
    remember(act, id, "_wp_desired_post_slug", item.name.as_bytes()).await?;
    trash_comments(act, id).await?;
    item.name = slugs::trashed(&item.name);
    item.modified = act.local();
    item.modified_gmt = act.gmt();
    "trash".clone_into(&mut item.status);
    act.store(&mut item).await?;
    act.plan(&item).await?;
    act.finish(grant, "item", id.0, "trash").await?;
    Ok(item)
}

/// Takes an item out of the trash, as a draft (an attachment as it was), like WordPress.
///
/// # Errors
/// `Forbidden` without leave, `Invalid` when it is not in the trash, `NotFound`.
pub async fn restore(act: &mut Act<'_>, grant: &Grant, id: ItemId) -> Result<Item> {
    let mut item = act.item(id).await?;
    grant.covers(&[Verb::Restore], id, &item.kind)?;
    if item.status != "trash" {
        return Err(Error::invalid(format!("{} {id} is not in the trash", item.kind)));
    }
    let remembered = meta::of(act.tx, MetaKind::Item, id.0).await?;
    let status = if item.kind == "attachment" { "inherit" } else { "draft" };
    status.clone_into(&mut item.status);
    let wanted = remembered.text("_wp_desired_post_slug");
    if !wanted.is_empty() {
        item.name = slugs::unique(act.tx, act.types, &item, &wanted).await?;
    }
    restore_comments(act, id, &remembered).await?;
    for key in [
        "_wp_trash_meta_status",
        "_wp_trash_meta_time",
        "_wp_desired_post_slug",
        "_wp_trash_meta_comments_status",
    ] {
        meta::set(act.tx, MetaKind::Item, id.0, key, &[]).await?;
    }
    act.store(&mut item).await?;
    act.finish(grant, "item", id.0, &item.status).await?;
    Ok(item)
}

async fn remember(act: &mut Act<'_>, id: ItemId, key: &str, value: &[u8]) -> Result<()> {
    meta::set(act.tx, MetaKind::Item, id.0, key, &[value]).await
}

async fn trash_comments(act: &mut Act<'_>, id: ItemId) -> Result<()> {
    let rows = act
        .tx
        .all(
            "select id, approved from comments where item_id = $1 order by id",
            &[id.into()],
        )
        .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut states: Vec<(i64, String)> = Vec::with_capacity(rows.len());
    for row in &rows {
        states.push((row.int(0)?, row.text(1)?));
    }
    let states = Value::Array(
        states
            .into_iter()
            .map(|(comment, state)| (Key::Int(comment), Value::Bytes(state.into_bytes())))
            .collect(),
    );
    remember(act, id, "_wp_trash_meta_comments_status", &gp_php::serialize(&states)).await?;
    act.tx
        .run(
            "update comments set approved = 'post-trashed' where item_id = $1",
            &[id.into()],
        )
        .await
        .map(drop)
}

async fn restore_comments(act: &mut Act<'_>, id: ItemId, remembered: &Meta) -> Result<()> {
    let Some(states) = remembered
        .bytes("_wp_trash_meta_comments_status")
        .and_then(|v| gp_php::parse_lenient(v).ok())
    else {
        return Ok(());
    };
    let mut by_state: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (comment, state) in states.iter() {
        if let (Some(comment), Some(state)) = (comment.as_int(), state.as_str()) {
            by_state.entry(state.into_owned()).or_default().push(comment);
        }
    }
    for (state, comments) in by_state {
        for comment in comments {
            act.tx
                .run(
                    "update comments set approved = $1 where id = $2 and item_id = $3",
                    &[state.as_str().into(), comment.into(), id.into()],
                )
                .await?;
        }
    }
    Ok(())
}

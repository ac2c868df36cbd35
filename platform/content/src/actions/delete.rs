//! For good: the item with all that hangs on it.

use gp_kernel::{ItemId, Result};
use gp_store::{Jobs, record_change};

use super::{Act, PUBLISH_JOB};
use crate::{
    meta::{self, MetaKind},
    permission::{Grant, Verb},
};

/// What belongs to an item and goes with it; `$1` is its id.
const HANGING: &[&str] = &[
    "delete from item_meta where item_id in (select id from items where parent = $1 and type = 'revision')",
    "delete from items where parent = $1 and type = 'revision'",
    "delete from item_terms where item_id = $1",
    "delete from comment_meta where comment_id in (select id from comments where item_id = $1)",
    "delete from comments where item_id = $1",
    "delete from old_slugs where item_id = $1",
    "delete from files where item_id = $1",
    "delete from originals where table_name = 'items' and row_id = $1",
];

/// Deletes an item, its revisions, meta, comments and files' names. Its children move up to its own parent; menu entries that
/// point to it go too, and it stops being anybody's featured image. The blobs stay until nothing names them.
///
/// # Errors
/// `Forbidden` without leave, `NotFound`.
pub async fn delete(act: &mut Act<'_>, grant: &Grant, id: ItemId) -> Result<()> {
    let item = act.item(id).await?;
    grant.covers(&[Verb::Delete], id, &item.kind)?;
    act.placed(Some(&item), None).await?;
    for sql in HANGING {
        act.tx.run(sql, &[id.into()]).await?;
    }
    meta::clear(act.tx, MetaKind::Item, id.0).await?;
    act.named(id, &[]).await?;
    act.tx
        .run(
            "update items set parent = $2 where parent = $1",
            &[id.into(), item.parent.into()],
        )
        .await?;
    let number = id.to_string();
    act.tx
        .run(
            "delete from item_meta where key = '_thumbnail_id' and value = $1",
            &[number.as_bytes().into()],
        )
        .await?;
    delete_menu_entries(act, &number).await?;
    act.tx.run("delete from items where id = $1", &[id.into()]).await?;
    Jobs::drop_job(act.tx, PUBLISH_JOB, &number).await?;
    // Menus, featured images and children of others may have gone with it.
    record_change(act.tx, "pages", 0, act.now.as_second()).await?;
    act.finish(grant, "item", id.0, &item.kind).await
}

async fn delete_menu_entries(act: &mut Act<'_>, number: &str) -> Result<()> {
    let entries = act
        .tx
        .all(
            "select m.item_id from item_meta m join item_meta t on t.item_id = m.item_id and t.key = '_menu_item_type' \
             where m.key = '_menu_item_object_id' and m.value = $1 and t.value = $2",
            &[number.as_bytes().into(), b"post_type".as_slice().into()],
        )
        .await?;
    for row in entries {
        let entry = row.int(0)?;
        meta::clear(act.tx, MetaKind::Item, entry).await?;
        act.tx
            .run("delete from item_terms where item_id = $1", &[entry.into()])
            .await?;
        act.tx
            .run(
                "delete from items where id = $1 and type = 'nav_menu_item'",
                &[entry.into()],
            )
            .await?;
    }
    Ok(())
}

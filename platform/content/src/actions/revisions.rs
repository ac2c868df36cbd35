//! Old versions: kept in the same transaction as the change that made them old.

use gp_kernel::{ItemId, Result};

use super::Act;
use crate::{
    items::{self, Item},
    permission::Grant,
};

/// Keeps what `after` says as a revision, when title, text or excerpt changed; before the first one also what `before` said,
/// so that the originally published text is never lost (WordPress loses it).
pub(super) async fn keep(act: &mut Act<'_>, grant: &Grant, before: &Item, after: &Item) -> Result<()> {
    let same = (&before.title, &before.content, &before.excerpt) == (&after.title, &after.content, &after.excerpt);
    if same || !act.types.get(&after.kind).is_some_and(|t| t.revisions) {
        return Ok(());
    }
    let kept = act
        .tx
        .number(
            "select count(*) from items where type = 'revision' and parent = $1 and name = $2",
            &[after.id.into(), name(after.id).into()],
        )
        .await?;
    if kept == 0 {
        insert(act, before, before.author).await?;
    }
    insert(act, after, grant.actor()).await
}

fn name(parent: ItemId) -> String {
    format!("{parent}-revision-v1")
}

async fn insert(act: &mut Act<'_>, of: &Item, author: gp_kernel::UserId) -> Result<()> {
    let id = ItemId(act.tx.next_id("items").await?);
    let revision = Item {
        id,
        kind: "revision".to_owned(),
        status: "inherit".to_owned(),
        name: name(of.id),
        parent: of.id,
        author,
        title: of.title.clone(),
        content: of.content.clone(),
        excerpt: of.excerpt.clone(),
        date: of.modified.clone(),
        date_gmt: of.modified_gmt.clone(),
        modified: of.modified.clone(),
        modified_gmt: of.modified_gmt.clone(),
        guid: format!("/?p={id}"),
        comment_status: "closed".to_owned(),
        ping_status: "closed".to_owned(),
        version: 1,
        ..Item::default()
    };
    let args = revision.args();
    act.tx.insert_many(items::INSERT, items::WIDTH, "", &args).await
}

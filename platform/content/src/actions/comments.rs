//! Comments: written by people with accounts, approved, held back, thrown away.

use gp_kernel::{CommentId, Error, ItemId, Result};
use gp_markup::sanitize;

use super::Act;
use crate::{
    comments::{self, Comment},
    meta::{self, MetaKind},
    permission::{Grant, Verb},
};

/// What `approved` says of a comment that everybody sees.
const APPROVED: &str = "1";

/// Makes a comment; id and dates that are missing are filled in.
///
/// # Errors
/// `Forbidden` without leave; `NotFound` for an unknown item; `Invalid` for no words.
pub async fn create_comment(act: &mut Act<'_>, grant: &Grant, mut new: Comment) -> Result<Comment> {
    grant.covers(&[Verb::Create], ItemId(0), "comment")?;
    act.item(new.item).await?;
    if !grant.allows_any_html() {
        new.content = sanitize::wp_kses_data(&new.content);
    }
    if new.content.trim().is_empty() {
        return Err(Error::invalid("Invalid comment content."));
    }
    new.id = CommentId(act.tx.next_id("comments").await?);
    if new.date.is_empty() {
        new.date = act.local();
        new.date_gmt = act.gmt();
    }
    let args = new.args();
    act.tx.insert_many(comments::INSERT, comments::WIDTH, "", &args).await?;
    recount(act, new.item).await?;
    act.finish(grant, "comment", new.id.0, &new.approved).await?;
    Ok(new)
}

/// Writes a comment anew.
///
/// # Errors
/// `Forbidden` without leave; `NotFound`.
pub async fn update_comment(act: &mut Act<'_>, grant: &Grant, mut comment: Comment) -> Result<Comment> {
    grant.covers(&[Verb::Update, Verb::Trash, Verb::Restore], ItemId(0), "comment")?;
    let before = comments::by_id(act.tx, comment.id)
        .await?
        .ok_or_else(|| Error::not_found(format!("there is no comment {}", comment.id)))?;
    if !grant.allows_any_html() && comment.content != before.content {
        comment.content = sanitize::wp_kses_data(&comment.content);
    }
    act.tx
        .run(
            "update comments set item_id = $2, author = $3, author_email = $4, author_url = $5, author_ip = $6, date = $7, \
             date_gmt = $8, content = $9, karma = $10, approved = $11, agent = $12, type = $13, parent = $14, user_id = $15 \
             where id = $1",
            &comment.args(),
        )
        .await?;
    if comment.approved != before.approved && matches!(comment.approved.as_str(), "trash" | "spam") {
        let status = before.approved.as_bytes();
        meta::set(
            act.tx,
            MetaKind::Comment,
            comment.id.0,
            "_wp_trash_meta_status",
            &[status],
        )
        .await?;
    }
    recount(act, before.item).await?;
    recount(act, comment.item).await?;
    act.finish(grant, "comment", comment.id.0, &comment.approved).await?;
    Ok(comment)
}

/// Deletes a comment for good; answers to it move up.
///
/// # Errors
/// `Forbidden` without leave; `NotFound`.
pub async fn delete_comment(act: &mut Act<'_>, grant: &Grant, id: CommentId) -> Result<()> {
    grant.covers(&[Verb::Delete], ItemId(0), "comment")?;
    let comment = comments::by_id(act.tx, id)
        .await?
        .ok_or_else(|| Error::not_found(format!("there is no comment {id}")))?;
    act.tx
        .run(
            "update comments set parent = $1 where parent = $2",
            &[comment.parent.0.into(), id.0.into()],
        )
        .await?;
    meta::clear(act.tx, MetaKind::Comment, id.0).await?;
    act.tx.run("delete from comments where id = $1", &[id.0.into()]).await?;
    recount(act, comment.item).await?;
    act.finish(grant, "comment", id.0, "delete").await
}

/// How many approved comments an item has.
async fn recount(act: &mut Act<'_>, item: ItemId) -> Result<()> {
    act.tx
        .run(
            "update items set comment_count = (select count(*) from comments where item_id = $1 and approved = $2) where id = $1",
            &[item.into(), APPROVED.into()],
        )
        .await?;
    gp_store::record_change(act.tx, "item", item.0, act.now.as_second()).await?;
    Ok(())
}

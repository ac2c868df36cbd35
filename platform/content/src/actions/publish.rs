//! Publishing now, or at a time to come.

use gp_kernel::{Error, ItemId, Result, ZERO_DATE, mysql_date};
use jiff::{Timestamp, tz::TimeZone};

use super::Act;
use crate::{
    items::Item,
    permission::{Grant, Verb},
    slugs,
};

/// Publishes an item now: it gets its final slug and, unless it had one, its date.
///
/// # Errors
/// `Forbidden` without leave to publish it, `Invalid` for one in the trash, `NotFound`.
pub async fn publish(act: &mut Act<'_>, grant: &Grant, id: ItemId) -> Result<Item> {
    let mut item = ready(act, grant, id).await?;
    if item.date_gmt == ZERO_DATE || item.date_gmt > act.gmt() {
        item.date = act.local();
        item.date_gmt = act.gmt();
    }
    "publish".clone_into(&mut item.status);
    settle(act, grant, item).await
}

/// Publishes an item at `at`; at once when that has passed.
///
/// # Errors
/// See [`publish`].
pub async fn schedule(act: &mut Act<'_>, grant: &Grant, id: ItemId, at: Timestamp) -> Result<Item> {
    let mut item = ready(act, grant, id).await?;
    item.date = mysql_date(at, &act.zone);
    item.date_gmt = mysql_date(at, &TimeZone::UTC);
    let status = if at > act.now { "future" } else { "publish" };
    status.clone_into(&mut item.status);
    settle(act, grant, item).await
}

async fn ready(act: &mut Act<'_>, grant: &Grant, id: ItemId) -> Result<Item> {
    let item = act.item(id).await?;
    grant.covers(&[Verb::Publish], id, &item.kind)?;
    if item.status == "trash" {
        return Err(Error::invalid(format!("{} {id} is in the trash", item.kind)).hint("restore it first"));
    }
    Ok(item)
}

async fn settle(act: &mut Act<'_>, grant: &Grant, mut item: Item) -> Result<Item> {
    let wanted = std::mem::take(&mut item.name);
    item.name = slugs::unique(act.tx, act.types, &item, &wanted).await?;
    item.modified = act.local();
    item.modified_gmt = act.gmt();
    act.store(&mut item).await?;
    act.plan(&item).await?;
    act.finish(grant, "item", item.id.0, &item.status).await?;
    Ok(item)
}

//! The verbs: create, update, publish, schedule, trash, restore, delete, set terms, set meta, set an option. One function each,
//! called by every door.
//!
//! Each asks for a [`Grant`] and works inside the caller's transaction; revision, audit entry and change event are written
//! there too, so they happen together or not at all. The change event is what the search index and every cache follow, on
//! every node; work that must happen once is asked of the job queue. What must never be here: a second way to write an item.

mod comments;
mod create;
mod delete;
mod exchange;
mod merge;
mod meta;
mod options;
mod people;
mod placing;
mod publish;
mod reading;
mod redirects;
mod revisions;
mod terms;
mod trash;
mod update;

use gp_kernel::{Error, ErrorKind, ItemId, Result, mysql_date};
use gp_store::{Arg, Conn, Jobs, record_change};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    items::{self, Item},
    permission::Grant,
    types::Types,
};

pub use comments::{create_comment, delete_comment, update_comment};
pub use create::{create, create_user, create_user_with, default_role, ensure_term};
pub use delete::delete;
pub use merge::merge_terms;
pub use meta::{remember_file, set_meta};
pub use options::set_option;
pub use people::{
    UserChanges, check_account, delete_user, note, rehash_password, set_activation_key, set_roles, set_user_meta,
    update_user,
};
pub use publish::{publish, schedule};
pub use reading::{forget_readings, keep_made, keep_reading};
pub use redirects::{redirect, remove_redirect};
pub use revisions::{Typed, autosave, delete_version, keep_beside, restore_version};
pub use terms::{create_term, delete_term, set_terms, update_term};
pub use trash::{restore, trash};
pub use update::{Changes, When, update};

/// The job that publishes a scheduled item when its time has come; its subject is the item's id.
pub const PUBLISH_JOB: &str = "publish";

/// The job that reads the files of an item which nobody has read yet; its subject is the item's id.
pub const READ_JOB: &str = "read";

/// What the verbs work with: an open transaction, the types, and the moment at which all of it happens.
#[derive(Debug)]
pub struct Act<'a> {
    /// The transaction; the caller commits it.
    pub tx: &'a mut Conn,
    /// The site's types.
    pub types: &'a Types,
    /// Now.
    pub now: Timestamp,
    /// The site's zone, in which dates are shown.
    pub zone: TimeZone,
}

impl Act<'_> {
    /// Now, as the site's clock shows it.
    fn local(&self) -> String {
        mysql_date(self.now, &self.zone)
    }

    /// Now, in UTC.
    fn gmt(&self) -> String {
        mysql_date(self.now, &TimeZone::UTC)
    }

    async fn item(&mut self, id: ItemId) -> Result<Item> {
        self.tx.queue().await?;
        items::by_id(self.tx, id)
            .await?
            .ok_or_else(|| Error::not_found(format!("there is no item {id}")))
    }

    /// Writes every column of an item that changed, and counts its version up; refuses when somebody else was quicker.
    async fn store(&mut self, item: &mut Item) -> Result<()> {
        let old = self.item(item.id).await?;
        let before = item.version;
        item.version += 1;
        let mut args: Vec<Arg> = item.args().to_vec();
        args.push(before.into());
        let touched = self
            .tx
            .run(
                "update items set type = $2, status = $3, name = $4, title = $5, content = $6, excerpt = $7, author = $8, \
                 parent = $9, menu_order = $10, date = $11, date_gmt = $12, modified = $13, modified_gmt = $14, password = $15, \
                 comment_status = $16, ping_status = $17, to_ping = $18, pinged = $19, content_filtered = $20, guid = $21, \
                 mime_type = $22, comment_count = $23, version = $24 where id = $1 and version = $25",
                &args,
            )
            .await?;
        if touched == 1 {
            return self.placed(Some(&old), Some(item)).await;
        }
        Err(Error::new(
            ErrorKind::Conflict,
            format!("{} {} was changed by somebody else", item.kind, item.id),
        )
        .hint("read it again and repeat the change"))
    }

    /// The end of every verb on an item: audit entry and change event, in the same transaction.
    async fn finish(&mut self, grant: &Grant, kind: &str, object: i64, detail: &str) -> Result<()> {
        let id = self.tx.next_id("audit").await?;
        self.tx
            .run(
                "insert into audit (id, at, actor, verb, kind, object, detail) values ($1, $2, $3, $4, $5, $6, $7)",
                &[
                    id.into(),
                    self.now.as_second().into(),
                    grant.actor().into(),
                    grant.verb().word().into(),
                    kind.into(),
                    object.into(),
                    detail.into(),
                ],
            )
            .await?;
        record_change(self.tx, kind, object, self.now.as_second()).await?;
        if kind == "item" {
            self.stamped(ItemId(object)).await?;
        }
        Ok(())
    }

    /// Keeps the job that will publish a scheduled item in step with its status and date.
    async fn plan(&mut self, item: &Item) -> Result<()> {
        let subject = item.id.to_string();
        if item.status != "future" {
            return Jobs::drop_job(self.tx, PUBLISH_JOB, &subject).await;
        }
        let due = gp_kernel::parse_mysql_date(&item.date_gmt)
            .and_then(|d| d.to_zoned(TimeZone::UTC).ok())
            .map_or(self.now, |z| z.timestamp());
        Jobs::ask(self.tx, PUBLISH_JOB, &subject, due.as_second()).await
    }
}

#[cfg(test)]
mod tests;

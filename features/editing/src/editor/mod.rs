//! `post.php` and `post-new.php`: the editors of an item. The block editor where there is a script, and a plain one for everybody.

mod blocks;
mod plain;
mod saving;
mod typed;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Screen};
use gp_content::{ContentType, Item, Verb, items};
use gp_kernel::{Error, ErrorKind, ItemId, Result};

use crate::kinds;

pub(crate) struct Editors;

impl Screen for Editors {
    fn paths(&self) -> &'static [&'static str] {
        &["post.php", "post-new.php"]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            let subject = Subject::of(desk).await?;
            if desk.post {
                return saving::answer(desk, &subject).await;
            }
            if !desk.query.has("plain")
                && let Some(page) = blocks::shown(desk, &subject).await?
            {
                return Ok(page.into());
            }
            plain::shown(desk, &subject).await.map(Answer::Page)
        })
    }
}

/// What is edited: an item of a type, or one that is yet to be.
pub(crate) struct Subject {
    pub kind: ContentType,
    pub item: Option<Item>,
}

impl Subject {
    async fn of(desk: &Desk) -> Result<Self> {
        let id = if desk.path == "post.php" {
            desk.query.int("post")
        } else {
            None
        };
        let Some(id) = id else {
            return Self::new(desk);
        };
        let mut conn = desk.read().await?;
        let item = items::by_id(&mut conn, ItemId(id)).await?;
        let item = item.ok_or_else(|| {
            Error::not_found(format!(
                "There is no item {id} any more. It may have been deleted for good."
            ))
        })?;
        let kind = kinds::listed(desk, &item.kind)
            .filter(|kind| kind.rest_base.is_some())
            .cloned();
        let kind = kind.ok_or_else(|| Error::not_found("Such items are not edited here."))?;
        if item.status == "trash" {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!(
                    "“{}” is in the trash. Put it back first; then it can be edited.",
                    kinds::title(&item)
                ),
            ));
        }
        desk.actor().may(Verb::Update, &item, None, &desk.app.types)?;
        Ok(Self { kind, item: Some(item) })
    }

    fn new(desk: &Desk) -> Result<Self> {
        let kind = kinds::listed(desk, desk.query.get("post_type")).filter(|kind| kind.rest_base.is_some());
        let kind = kind
            .cloned()
            .ok_or_else(|| Error::not_found("Such items are not made here."))?;
        if !kinds::works_with(desk, &kind) {
            return Err(Error::new(ErrorKind::Forbidden, format!("may not make {}", kind.name)));
        }
        Ok(Self { kind, item: None })
    }

    /// The route of the API for it.
    pub(crate) fn route(&self) -> String {
        let base = self.kind.rest_base.unwrap_or_default();
        match &self.item {
            Some(item) => format!("/wp/v2/{base}/{}", item.id),
            None => format!("/wp/v2/{base}"),
        }
    }

    /// Whether it has a record, files and a place in the library.
    pub(crate) fn is_document(&self) -> bool {
        matches!(self.kind.name, "post" | "page" | "ai1ec_event")
    }
}

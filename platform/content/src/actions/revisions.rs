//! Old versions: kept in the same transaction as the change that made them old.

use gp_kernel::{ItemId, Result};
use gp_store::record_change;

use super::Act;
use crate::{
    beside::{self, Beside},
    items::{self, Item},
    meta::{self, MetaKind},
    permission::{Grant, Verb},
    terms,
};

/// What somebody has typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Item")]
pub struct Typed {
    pub title: String,
    pub content: String,
    pub excerpt: String,
}

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

/// Keeps what stands beside the text of an item after terms or meta were changed: in the version of this moment, if there is one,
/// else in a new one. An item without versions gets none: WordPress keeps none of a change of terms either.
///
/// # Errors
/// `Forbidden` without leave to change the item.
pub async fn keep_beside(act: &mut Act<'_>, grant: &Grant, item: &Item) -> Result<()> {
    grant.covers(&[Verb::Create, Verb::Update, Verb::Publish], item.id, &item.kind)?;
    let versions = items::versions(act.tx, item.id).await?;
    let Some(newest) = versions.iter().rfind(|version| version.name == name(item.id)) else {
        return Ok(());
    };
    let now = Beside::now(act.tx, item.id).await?;
    let kept = Beside::kept(act.tx, newest).await?;
    if kept.is_none_or(|kept| kept == now) {
        return Ok(());
    }
    if newest.modified_gmt == item.modified_gmt {
        return meta::set(act.tx, MetaKind::Item, newest.id.0, beside::KEY, &[&now.stored()]).await;
    }
    insert(act, item, grant.actor()).await
}

fn name(parent: ItemId) -> String {
    format!("{parent}-revision-v1")
}

async fn insert(act: &mut Act<'_>, of: &Item, author: gp_kernel::UserId) -> Result<()> {
    let revision = version_of(act, of, author, name(of.id)).await?;
    let args = revision.args();
    act.tx.insert_many(items::INSERT, items::WIDTH, "", &args).await?;
    let beside = Beside::now(act.tx, of.id).await?.stored();
    meta::set(act.tx, MetaKind::Item, revision.id.0, beside::KEY, &[&beside]).await?;
    thin(act, of.id).await
}

/// A row for a version of an item.
async fn version_of(act: &mut Act<'_>, of: &Item, author: gp_kernel::UserId, name: String) -> Result<Item> {
    let id = ItemId(act.tx.next_id("items").await?);
    Ok(Item {
        id,
        kind: "revision".to_owned(),
        status: "inherit".to_owned(),
        name,
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
    })
}

/// How many revisions of an item are kept at most: the option `_guidepost_revisions`; without it, all.
async fn thin(act: &mut Act<'_>, of: ItemId) -> Result<()> {
    let limit = gp_store::settings::text(act.tx, "_guidepost_revisions").await?;
    let Ok(limit) = limit.trim().parse::<i64>() else {
        return Ok(());
    };
    // The first one stays: what was published originally is never lost.
    let rows = act
        .tx
        .all(
            "select id from items where type = 'revision' and parent = $1 and name = $2 order by id desc",
            &[of.into(), name(of).into()],
        )
        .await?;
    let keep = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
    let ids: Vec<i64> = rows.iter().map(|row| row.int(0)).collect::<Result<_>>()?;
    for id in ids.iter().skip(keep).rev().skip(1) {
        remove(act, ItemId(*id)).await?;
    }
    Ok(())
}

async fn remove(act: &mut Act<'_>, id: ItemId) -> Result<()> {
    meta::clear(act.tx, MetaKind::Item, id.0).await?;
    act.tx
        .run("delete from items where id = $1 and type = 'revision'", &[id.into()])
        .await?;
    // Whoever keeps it in memory must let it go.
    record_change(act.tx, "item", id.0, act.now.as_second()).await.map(drop)
}

/// Keeps a first revision of what an item says, where there is none: before it goes to the trash.
pub(super) async fn first(act: &mut Act<'_>, grant: &Grant, item: &Item) -> Result<()> {
    if !act.types.get(&item.kind).is_some_and(|t| t.revisions) {
        return Ok(());
    }
    let kept = act
        .tx
        .number(
            "select count(*) from items where type = 'revision' and parent = $1",
            &[item.id.into()],
        )
        .await?;
    if kept > 0 {
        Ok(())
    } else {
        insert(act, item, grant.actor()).await
    }
}

/// Keeps what somebody has typed of an item beside it: once for each person.
///
/// # Errors
/// `Forbidden` without leave to change the item, `NotFound`.
pub async fn autosave(act: &mut Act<'_>, grant: &Grant, id: ItemId, typed: Typed) -> Result<Item> {
    let item = act.item(id).await?;
    grant.covers(&[Verb::Update, Verb::Publish], id, &item.kind)?;
    let saved = name_of_autosave(id);
    let rows = act
        .tx
        .all(
            "select id from items where type = 'revision' and parent = $1 and name = $2 and author = $3",
            &[id.into(), saved.as_str().into(), grant.actor().into()],
        )
        .await?;
    for row in &rows {
        remove(act, ItemId(row.int(0)?)).await?;
    }
    let now = Item {
        title: typed.title,
        content: typed.content,
        excerpt: typed.excerpt,
        modified: act.local(),
        modified_gmt: act.gmt(),
        ..item
    };
    let version = version_of(act, &now, grant.actor(), saved).await?;
    let args = version.args();
    act.tx.insert_many(items::INSERT, items::WIDTH, "", &args).await?;
    act.finish(grant, "item", id.0, "autosave").await?;
    Ok(version)
}

fn name_of_autosave(of: ItemId) -> String {
    format!("{of}-autosave-v1")
}

/// Removes a version of an item.
///
/// # Errors
/// `Forbidden` without leave to delete the item itself.
pub async fn delete_version(act: &mut Act<'_>, grant: &Grant, of: &Item, version: &Item) -> Result<()> {
    grant.covers(&[Verb::Delete], of.id, &of.kind)?;
    remove(act, version.id).await?;
    act.finish(grant, "item", of.id.0, "delete revision").await
}

/// The item says again what a version says: text, terms and meta together. What it said until now is kept as a revision too.
///
/// # Errors
/// `Forbidden` without leave to change the item, `NotFound`.
pub async fn restore_version(act: &mut Act<'_>, grant: &Grant, id: ItemId, version: &Item) -> Result<Item> {
    let changes = super::Changes {
        title: Some(version.title.clone()),
        content: Some(version.content.clone()),
        excerpt: Some(version.excerpt.clone()),
        ..super::Changes::default()
    };
    let item = super::update(act, grant, id, changes).await?;
    let Some(beside) = Beside::kept(act.tx, version).await? else {
        return Ok(item);
    };
    restore_terms(act, grant, id, &beside.terms).await?;
    restore_meta(act, grant, id, beside).await?;
    act.item(id).await
}

async fn restore_terms(act: &mut Act<'_>, grant: &Grant, id: ItemId, wanted: &[i64]) -> Result<()> {
    let names: Vec<String> = act.types.taxonomies().iter().map(|t| t.name.clone()).collect();
    for taxonomy in names {
        let all = terms::all_of(act.tx, &taxonomy).await?;
        let own: Vec<_> = all
            .iter()
            .map(|t| t.id)
            .filter(|term| wanted.contains(&term.0))
            .collect();
        super::set_terms(act, grant, id, &taxonomy, &own).await?;
    }
    Ok(())
}

async fn restore_meta(act: &mut Act<'_>, grant: &Grant, id: ItemId, wanted: Beside) -> Result<()> {
    let now = Beside::now(act.tx, id).await?;
    for key in now.meta.keys().filter(|key| !wanted.meta.contains_key(*key)) {
        super::set_meta(act, grant, id, key, &[]).await?;
    }
    for (key, values) in wanted.meta {
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        super::set_meta(act, grant, id, &key, &values).await?;
    }
    Ok(())
}

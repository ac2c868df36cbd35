//! Meta of an item, and the names of its bytes.

use gp_kernel::{ItemId, Result};
use gp_store::{Dep, Digest};

use super::Act;
use crate::{
    files::File,
    meta::{self, MetaKind},
    permission::{Grant, Verb},
};

/// Makes these the values of a key; none removes it.
///
/// # Errors
/// `Forbidden` without leave to change the item, `NotFound`.
pub async fn set_meta(act: &mut Act<'_>, grant: &Grant, id: ItemId, key: &str, values: &[&[u8]]) -> Result<()> {
    let item = act.item(id).await?;
    grant.covers(
        &[Verb::SetMeta, Verb::Update, Verb::Publish, Verb::Create],
        id,
        &item.kind,
    )?;
    meta::set(act.tx, MetaKind::Item, id.0, key, values).await?;
    if key == crate::exchange::RECORD {
        act.named(id, values.first().copied().unwrap_or_default()).await?;
    }
    act.finish(grant, "item", id.0, key).await
}

/// Gives bytes a stable name below the uploads (`2026/11/guide.pdf`); asked for again, the name answers with the new bytes,
/// and those before stay reachable for editors.
///
/// # Errors
/// `Forbidden` without leave to change the item, `NotFound`.
pub async fn remember_file(
    act: &mut Act<'_>,
    grant: &Grant,
    id: ItemId,
    path: &str,
    digest: &Digest,
    size: u64,
    mime_type: &str,
) -> Result<()> {
    let item = act.item(id).await?;
    grant.covers(
        &[Verb::SetMeta, Verb::Update, Verb::Publish, Verb::Create],
        id,
        &item.kind,
    )?;
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    act.tx
        .run(
            "insert into file_versions (path, digest, size, mime_type, until_at) \
             select path, digest, size, mime_type, $1 from files where path = $2 and digest <> $3 \
             on conflict (path, digest) do update set until_at = excluded.until_at",
            &[act.now.as_second().into(), path.into(), (&digest.0).into()],
        )
        .await?;
    let file = File {
        path: path.to_owned(),
        item: id,
        digest: digest.0.clone(),
        size,
        mime_type: mime_type.to_owned(),
    };
    act.name_bytes(&file).await?;
    act.tell(vec![Dep::name(path)]).await?;
    act.finish(grant, "item", id.0, path).await
}

impl Act<'_> {
    /// The row of a named file.
    pub(super) async fn name_bytes(&mut self, file: &File) -> Result<()> {
        let sql = "insert into files (path, item_id, digest, size, mime_type, modified) values ($1, $2, $3, $4, $5, $6) \
                   on conflict (path) do update set item_id = excluded.item_id, digest = excluded.digest, size = excluded.size, \
                   mime_type = excluded.mime_type, modified = excluded.modified";
        let row = [
            (&file.path).into(),
            file.item.into(),
            (&file.digest).into(),
            file.size.into(),
            (&file.mime_type).into(),
            self.now.as_second().into(),
        ];
        self.tx.run(sql, &row).await.map(drop)
    }
}

//! A file gets other bytes: every address stays, what was there before stays reachable for editors, and the pages that offer it say
//! when it changed.

use std::collections::BTreeSet;

use gp_content::{
    Actor, MetaKind, Verb,
    actions::{self, Act},
    files, items, meta,
};
use gp_kernel::{Error, ItemId, Result};
use gp_store::Digest;
use serde_json::{Value, json};

use crate::{record::CHANGES, store};

/// The new bytes of a file.
#[derive(Debug, Clone)]
pub struct NewBytes {
    /// Their digest in the blob store.
    pub digest: Digest,
    /// How many there are.
    pub size: u64,
    /// A sentence for readers about what changed; empty: only that it did.
    pub note: String,
}

/// Gives the file of this name other bytes, and dates the change on the pages that offer it; how many these are.
///
/// # Errors
/// `NotFound` when there is no such file; `Conflict` when the bytes are the same.
pub async fn replace(act: &mut Act<'_>, actor: &Actor, path: &str, new: &NewBytes) -> Result<usize> {
    let file = files::by_path(act.tx, path).await?.ok_or_else(|| {
        Error::not_found(format!("there is no file {path:?} below the uploads")).hint("name it like 2026/11/guide.pdf")
    })?;
    if file.digest == new.digest.0 {
        return Err(Error::new(
            gp_kernel::ErrorKind::Conflict,
            format!("{path} has these bytes already"),
        ));
    }
    let mut offering: BTreeSet<ItemId> = store::items_listing(act.tx, path).await?.into_iter().collect();
    if let Some(own) = items::by_id(act.tx, file.item).await? {
        let grant = actor.may(Verb::Update, &own, None, act.types)?;
        actions::remember_file(act, &grant, own.id, path, &new.digest, new.size, &file.mime_type).await?;
        if own.parent.0 > 0 {
            offering.insert(own.parent);
        }
    } else {
        return Err(Error::invalid(format!(
            "the file {path:?} belongs to nothing that could be changed"
        )));
    }
    let mut dated = 0;
    for id in offering {
        let Some(item) = items::by_id(act.tx, id).await? else {
            continue;
        };
        let grant = actor.may(Verb::SetMeta, &item, None, act.types)?;
        let own = meta::of(act.tx, MetaKind::Item, id.0).await?;
        let known = own.bytes(CHANGES).and_then(|json| serde_json::from_slice(json).ok());
        let mut changes: Vec<Value> = known.unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        let text = match new.note.as_str() {
            "" => format!("The file {name} was replaced."),
            note => note.to_owned(),
        };
        let day = gp_kernel::mysql_date(act.now, &act.zone);
        changes.push(json!({ "date": day.get(..10).unwrap_or_default(), "text": text }));
        let json = Value::from(changes).to_string();
        actions::set_meta(act, &grant, id, CHANGES, &[json.as_bytes()]).await?;
        dated += 1;
    }
    Ok(dated)
}

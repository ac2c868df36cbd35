//! What an item has beside its text, and a version keeps of it: terms, and what people or the library wrote of it.

use std::collections::BTreeMap;

use gp_kernel::{ItemId, Result};
use gp_php::Value;
use gp_store::{Conn, Dep};

use crate::{
    items::Item,
    meta::{self, MetaKind},
};

/// Meta of a version that holds all this.
pub(crate) const KEY: &str = "_guidepost_besides";

/// What stands beside a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// Its terms, by the id of their place in a taxonomy, ascending.
    pub terms: Vec<i64>,
    /// Its meta: each key with its values.
    pub meta: BTreeMap<String, Vec<Vec<u8>>>,
}

/// Meta that a version keeps: what people write there, and what the library knows of the item; not the machine's own notes.
pub(crate) fn is_kept(key: &str) -> bool {
    const OWN: &[&str] = &[
        "_thumbnail_id",
        "_wp_page_template",
        "_guidepost_record",
        "_guidepost_files",
        "_guidepost_changes",
    ];
    OWN.contains(&key) || !key.starts_with('_')
}

impl Beside {
    /// What an item has now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(conn: &mut Conn, id: ItemId) -> Result<Self> {
        conn.reading([Dep::item(id.0)]);
        let rows = conn
            .all(
                "select term_taxonomy_id from item_terms where item_id = $1 order by term_taxonomy_id",
                &[id.into()],
            )
            .await?;
        let mut beside = Self {
            terms: rows.iter().map(|row| row.int(0)).collect::<Result<_>>()?,
            ..Self::default()
        };
        for (key, value) in meta::of(conn, MetaKind::Item, id.0).await?.0 {
            if is_kept(&key) {
                beside.meta.entry(key).or_default().push(value);
            }
        }
        Ok(beside)
    }

    /// What a version keeps; `None` for one that came from elsewhere and keeps nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn kept(conn: &mut Conn, version: &Item) -> Result<Option<Self>> {
        let stored = meta::of(conn, MetaKind::Item, version.id.0).await?;
        let kept = stored.bytes(KEY).and_then(|bytes| gp_php::parse_lenient(bytes).ok());
        Ok(kept.as_ref().map(Self::from_php))
    }

    fn from_php(kept: &Value) -> Self {
        let mut beside = Self {
            terms: kept.get("terms").map(Value::int_list).unwrap_or_default(),
            ..Self::default()
        };
        beside.terms.sort_unstable();
        for (_, pair) in kept.get("meta").iter().flat_map(|list| list.iter()) {
            let part = |at: usize| pair.iter().nth(at).map(|(_, value)| value);
            if let (Some(key), Some(Value::Bytes(value))) = (part(0).and_then(Value::as_str), part(1)) {
                beside.meta.entry(key.into_owned()).or_default().push(value.clone());
            }
        }
        beside
    }

    /// As a version keeps it.
    pub(crate) fn stored(&self) -> Vec<u8> {
        let pairs = self.meta.iter().flat_map(|(key, values)| {
            values
                .iter()
                .map(|value| Value::list([Value::from(key.as_str()), Value::Bytes(value.clone())]))
        });
        gp_php::serialize(&Value::map([
            ("terms", Value::list(self.terms.iter().copied())),
            ("meta", Value::list(pairs)),
        ]))
    }
}

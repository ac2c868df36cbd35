//! What harvesters are told of a change: the resource's new stamp, or that it is gone.

use gp_kernel::{ItemId, Result};
use gp_store::Dep;

use super::Act;
use crate::{
    exchange::{self, is_told},
    items::{self, Item},
};

impl Act<'_> {
    /// Something of this item changed: if everybody may read it, its stamp is of now.
    pub(super) async fn stamped(&mut self, id: ItemId) -> Result<()> {
        let Some(item) = items::by_id(self.tx, id).await?.filter(is_told) else {
            return Ok(());
        };
        let sql = "insert into exchange (item_id, stamp) values ($1, $2) \
             on conflict (item_id) do update set stamp = excluded.stamp, gone = 0, terms = ''";
        let now = self.gmt();
        self.tx.run(sql, &[item.id.into(), now.into()]).await?;
        self.tell(vec![Dep::stamps()]).await
    }

    /// An item that everybody could read is hidden, locked or deleted: that it was there is kept, with the terms it had.
    pub(super) async fn parted(&mut self, old: Option<&Item>, new: Option<&Item>) -> Result<()> {
        let Some(old) = old.filter(|old| is_told(old) && !new.is_some_and(is_told)) else {
            return Ok(());
        };
        let terms: Vec<String> = self.terms_of(old.id).await?.iter().map(i64::to_string).collect();
        let terms = format!(",{},", terms.join(","));
        let sql = "insert into exchange (item_id, stamp, gone, terms) values ($1, $2, 1, $3) \
             on conflict (item_id) do update set stamp = excluded.stamp, gone = 1, terms = excluded.terms";
        let now = self.gmt();
        self.tx.run(sql, &[old.id.into(), now.into(), terms.into()]).await?;
        self.tell(vec![Dep::stamps()]).await
    }

    /// The record of an item is another: it may be found by other symbols.
    pub(super) async fn named(&mut self, id: ItemId, record: &[u8]) -> Result<()> {
        let changed = exchange::set_keys(self.tx, id, &exchange::keys_of(record)).await?;
        self.tell(changed.iter().map(|key| Dep::name(key)).collect()).await
    }
}

//! What a change of an item means for lists: which of them may have it now, or have it elsewhere.
//!
//! A new word in a text changes the pages that show the item; a new status changes lists that did not show it before. The
//! feed tells the two apart, so that what is kept of everything else stays. See [`gp_store::Dep`].

use gp_kernel::{ItemId, Result};
use gp_store::{Dep, record_change};

use super::Act;
use crate::items::Item;

impl Act<'_> {
    /// Writes into the feed what changed about the place of an item; `None` where it was not or is no more.
    pub(super) async fn placed(&mut self, old: Option<&Item>, new: Option<&Item>) -> Result<()> {
        let Some(item) = new.or(old) else { return Ok(()) };
        self.parted(old, new).await?;
        let mut deps = vec![Dep::touched(&item.kind)];
        if old.map(place) != new.map(place) {
            for item in [old, new].into_iter().flatten() {
                deps.extend([Dep::list(&item.kind), Dep::name(&item.name), Dep::below(item.parent.0)]);
            }
            // A file is seen by whoever sees what it was uploaded to.
            deps.push(Dep::list("attachment"));
            deps.extend(self.terms_of(item.id).await?.into_iter().map(Dep::members));
        }
        if old.map(|item| &item.status) != new.map(|item| &item.status) {
            self.count_terms_of(item.id).await?;
        }
        self.tell(deps).await
    }

    /// Counts the published items of each term of an item.
    pub(super) async fn count_terms_of(&mut self, id: ItemId) -> Result<()> {
        self.tx
            .run(
                "update terms set count = (select count(*) from item_terms x join items i on i.id = x.item_id \
                 where x.term_taxonomy_id = terms.id and i.status = 'publish') \
                 where id in (select term_taxonomy_id from item_terms where item_id = $1)",
                &[id.into()],
            )
            .await
            .map(drop)
    }

    /// The terms of an item, whatever their taxonomy.
    pub(super) async fn terms_of(&mut self, id: ItemId) -> Result<Vec<i64>> {
        let sql = "select term_taxonomy_id from item_terms where item_id = $1";
        let rows = self.tx.all(sql, &[id.into()]).await?;
        rows.iter().map(|row| row.int(0)).collect()
    }

    /// Writes changes into the feed, each once.
    pub(super) async fn tell(&mut self, deps: Vec<Dep>) -> Result<()> {
        let mut changes: Vec<(&str, i64)> = deps.into_iter().map(Dep::change).collect();
        changes.sort_unstable();
        changes.dedup();
        for (kind, object) in changes {
            record_change(self.tx, kind, object, self.now.as_second()).await?;
        }
        Ok(())
    }
}

type Place<'a> = (&'a str, &'a str, &'a str, &'a str, i64, i64, i64, &'a str);

/// Everything that decides where an item stands and who sees it there.
fn place(item: &Item) -> Place<'_> {
    (
        &item.kind,
        &item.status,
        &item.name,
        &item.date,
        item.parent.0,
        item.menu_order,
        item.author.0,
        &item.password,
    )
}

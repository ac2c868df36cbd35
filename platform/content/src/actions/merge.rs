//! Several terms become one: what had any of them has the one that stays, and the others' addresses lead to its.

use gp_kernel::{Error, ErrorKind, ItemId, Result, TermId};
use gp_store::Dep;

use super::{Act, redirects, terms as own};
use crate::{
    address::links,
    meta::{self, MetaKind},
    options::Site,
    permission::{Grant, Verb},
    terms::{self, Term},
};

/// Merges `others` into `keep`: items move, what stood below the others stands below it, their addresses lead to its, and they are
/// gone. How many items had one of them.
///
/// # Errors
/// `Forbidden` without leave; `NotFound`; `Conflict` when the label of what has none would go.
pub async fn merge_terms(
    act: &mut Act<'_>,
    grant: &Grant,
    taxonomy: &str,
    keep: TermId,
    others: &[TermId],
) -> Result<usize> {
    grant.covers(&[Verb::Delete], ItemId(0), taxonomy)?;
    let site = Site::load(act.tx).await?;
    let mut moved = 0;
    for other in others.iter().filter(|other| **other != keep) {
        if taxonomy == "category" && *other == site.default_category {
            let text = "The label that everything without one gets cannot be merged into another. Let it be the one that stays.";
            return Err(Error::new(ErrorKind::Conflict, text));
        }
        moved += merge_one(act, grant, &site, (taxonomy, keep, *other)).await?;
    }
    own::count(act, taxonomy).await?;
    Ok(moved)
}

async fn merge_one(
    act: &mut Act<'_>,
    grant: &Grant,
    site: &Site,
    (taxonomy, keep, other): (&str, TermId, TermId),
) -> Result<usize> {
    let before = terms::fresh(act.tx, taxonomy).await?;
    let find = |id: TermId| {
        let found = before.iter().find(|term| term.term_id == id);
        found.ok_or_else(|| Error::not_found("One of these is not there any more. Nothing was merged."))
    };
    let (keep, other) = (find(keep)?, find(other)?);
    move_below(act, &before, keep, other).await?;
    let moved = move_items(act, keep, other).await?;
    meta::clear(act.tx, MetaKind::Term, other.term_id.0).await?;
    act.tx
        .run("delete from terms where id = $1", &[other.id.into()])
        .await?;
    let detail = format!("{} merged into {}", other.slug, keep.slug);
    act.finish(grant, "term", other.id.0, &detail).await?;
    let after = terms::fresh(act.tx, taxonomy).await?;
    if let Some(keep) = after.iter().find(|term| term.id == keep.id) {
        let old = links::of_term(site, act.types, other, &before);
        let new = links::of_term(site, act.types, keep, &after);
        // Plain addresses name terms by number or slug in a query; these cannot lead elsewhere.
        if !old.contains('?') {
            redirects::lead(act, grant, &old, &new).await?;
        }
    }
    Ok(moved)
}

/// What stands below `other` stands below `keep`; what `keep` itself stands below moves up, so that no circle comes of it.
async fn move_below(act: &mut Act<'_>, all: &[Term], keep: &Term, other: &Term) -> Result<()> {
    let above: Vec<TermId> = terms::with_ancestors(all, keep)
        .iter()
        .map(|term| term.term_id)
        .collect();
    for child in all.iter().filter(|term| term.parent == other.term_id) {
        let parent = if above.contains(&child.term_id) {
            other.parent
        } else {
            keep.term_id
        };
        let sql = "update terms set parent = $1 where id = $2";
        act.tx.run(sql, &[parent.0.into(), child.id.into()]).await?;
    }
    Ok(())
}

async fn move_items(act: &mut Act<'_>, keep: &Term, other: &Term) -> Result<usize> {
    let sql = "select item_id from item_terms where term_taxonomy_id = $1";
    let rows = act.tx.all(sql, &[other.id.into()]).await?;
    let sql = "insert into item_terms (item_id, term_taxonomy_id, term_order) \
         select x.item_id, $1, x.term_order from item_terms x where x.term_taxonomy_id = $2 \
         on conflict (item_id, term_taxonomy_id) do nothing";
    act.tx.run(sql, &[keep.id.into(), other.id.into()]).await?;
    let sql = "delete from item_terms where term_taxonomy_id = $1";
    act.tx.run(sql, &[other.id.into()]).await?;
    for row in &rows {
        let item = row.int(0)?;
        act.tell(vec![Dep::item(item)]).await?;
        act.stamped(ItemId(item)).await?;
    }
    act.tell(vec![Dep::members(keep.id.0), Dep::members(other.id.0)])
        .await?;
    Ok(rows.len())
}

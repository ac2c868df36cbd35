//! Which terms an item has.

use gp_kernel::{ItemId, Result, TermTaxonomyId};
use gp_store::{Arg, Dep};

use super::Act;
use crate::permission::{Grant, Verb};

/// Makes these the terms of an item in one taxonomy, and counts the terms anew.
///
/// # Errors
/// `Forbidden` without leave to change it, `NotFound`.
pub async fn set_terms(
    act: &mut Act<'_>,
    grant: &Grant,
    id: ItemId,
    taxonomy: &str,
    terms: &[TermTaxonomyId],
) -> Result<()> {
    let item = act.item(id).await?;
    grant.covers(
        &[Verb::SetTerms, Verb::Update, Verb::Publish, Verb::Create],
        id,
        &item.kind,
    )?;
    let before = act.terms_of(id).await?;
    let in_taxonomy = "select id from terms where taxonomy = $2";
    act.tx
        .run(
            &format!("delete from item_terms where item_id = $1 and term_taxonomy_id in ({in_taxonomy})"),
            &[id.into(), taxonomy.into()],
        )
        .await?;
    let mut args: Vec<Arg> = Vec::with_capacity(terms.len() * 3);
    for (position, term) in terms.iter().enumerate() {
        args.extend([id.into(), (*term).into(), position.into()]);
    }
    act.tx
        .insert_many(
            "insert into item_terms (item_id, term_taxonomy_id, term_order) values",
            3,
            "on conflict (item_id, term_taxonomy_id) do nothing",
            &args,
        )
        .await?;
    count(act, taxonomy).await?;
    let after = act.terms_of(id).await?;
    let mut deps: Vec<Dep> = before.into_iter().chain(after).map(Dep::members).collect();
    deps.push(Dep::list(&item.kind));
    act.tell(deps).await?;
    act.finish(grant, "item", id.0, taxonomy).await
}

/// Counts the published items of each term of a taxonomy.
async fn count(act: &mut Act<'_>, taxonomy: &str) -> Result<()> {
    act.tx
        .run(
            "update terms set count = (select count(*) from item_terms x join items i on i.id = x.item_id \
             where x.term_taxonomy_id = terms.id and i.status = 'publish') where taxonomy = $1",
            &[taxonomy.into()],
        )
        .await
        .map(drop)
}

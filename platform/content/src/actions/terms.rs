//! Terms: making, changing and removing them, and which of them an item has.

use gp_kernel::{Error, ErrorKind, ItemId, Result, TermId, TermTaxonomyId};
use gp_markup::{sanitize, text};
use gp_store::{Arg, Dep};

use super::Act;
use crate::{
    meta::{self, MetaKind},
    permission::{Grant, Verb},
    terms::{self, Term},
};

/// Makes a term. `wanted.slug` empty: from the name; taken: with the parent's slug, then a number behind it.
///
/// # Errors
/// `Forbidden` without leave; `Invalid` for an empty name or an unknown parent; `Conflict` when its parent has one of this name.
pub async fn create_term(act: &mut Act<'_>, grant: &Grant, mut wanted: Term) -> Result<Term> {
    grant.covers(&[Verb::Create], ItemId(0), &wanted.taxonomy)?;
    let all = terms::fresh(act.tx, &wanted.taxonomy).await?;
    wanted.name = clean_name(&wanted.name);
    if wanted.name.is_empty() {
        return Err(Error::invalid("A name is required for this term."));
    }
    wanted.description = sanitize::wp_kses_data(&wanted.description);
    if wanted.parent.0 != 0 && !all.iter().any(|t| t.term_id == wanted.parent) {
        return Err(Error::invalid("Parent term does not exist."));
    }
    let slug = match wanted.slug.as_str() {
        "" => text::sanitize_title(&text::decode_entities(&wanted.name)),
        own => text::sanitize_title(own),
    };
    let twin = all
        .iter()
        .find(|t| t.parent == wanted.parent && (t.name == wanted.name || t.slug == slug));
    if let Some(twin) = twin {
        return Err(Error::new(ErrorKind::Conflict, twin.term_id.to_string()));
    }
    wanted.slug = free_slug(&all, &wanted, slug);
    wanted.id = TermTaxonomyId(act.tx.next_id("term_taxonomy").await?);
    wanted.term_id = TermId(act.tx.next_id("terms").await?);
    let args = wanted.args();
    act.tx.insert_many(terms::INSERT, terms::WIDTH, "", &args).await?;
    act.finish(grant, "term", wanted.id.0, &wanted.taxonomy).await?;
    Ok(wanted)
}

/// Names are kept escaped, as WordPress keeps them.
fn clean_name(name: &str) -> String {
    let plain = text::sanitize_text_field(name);
    text::special_chars(&plain, text::Quotes::Neither, false)
}

fn free_slug(all: &[Term], wanted: &Term, slug: String) -> String {
    let taken = |slug: &str| all.iter().any(|t| t.slug == slug && t.id != wanted.id);
    if !taken(&slug) {
        return slug;
    }
    let parent = all.iter().find(|t| t.term_id == wanted.parent && wanted.parent.0 != 0);
    let base = match parent {
        Some(parent) => format!("{slug}-{}", parent.slug),
        None => slug,
    };
    let mut number = 2;
    let mut candidate = base.clone();
    while taken(&candidate) {
        candidate = format!("{base}-{number}");
        number += 1;
    }
    candidate
}

/// Writes a term anew: name, slug, description, parent.
///
/// # Errors
/// `Forbidden` without leave; `Invalid` for an empty name, an unknown parent or a loop; `Conflict` when another has the slug;
/// `NotFound`.
pub async fn update_term(act: &mut Act<'_>, grant: &Grant, mut term: Term) -> Result<Term> {
    grant.covers(&[Verb::Update], ItemId(0), &term.taxonomy)?;
    let all = terms::fresh(act.tx, &term.taxonomy).await?;
    let before = all
        .iter()
        .find(|t| t.id == term.id)
        .ok_or_else(|| Error::not_found(format!("there is no term {}", term.term_id)))?;
    if term.name != before.name {
        term.name = clean_name(&term.name);
    }
    term.description = sanitize::wp_kses_data(&term.description);
    if term.name.is_empty() {
        return Err(Error::invalid("A name is required for this term."));
    }
    if term.parent.0 != 0 && !all.iter().any(|t| t.term_id == term.parent) {
        return Err(Error::invalid("Parent term does not exist."));
    }
    if terms::with_descendants(&all, before)
        .iter()
        .any(|id| all.iter().any(|t| t.id.0 == *id && t.term_id == term.parent))
    {
        return Err(Error::invalid("A term cannot stand below itself."));
    }
    term.slug = match text::sanitize_title(&term.slug) {
        slug if slug.is_empty() => text::sanitize_title(&text::decode_entities(&term.name)),
        slug => slug,
    };
    if all.iter().any(|t| t.slug == term.slug && t.id != term.id) {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!(
                "The slug \u{201c}{}\u{201d} is already in use by another term.",
                term.slug
            ),
        ));
    }
    let row: [Arg; 5] = [
        (&term.name).into(),
        (&term.slug).into(),
        (&term.description).into(),
        term.parent.0.into(),
        term.id.into(),
    ];
    act.tx
        .run(
            "update terms set name = $1, slug = $2, description = $3, parent = $4 where id = $5",
            &row,
        )
        .await?;
    act.finish(grant, "term", term.id.0, &term.taxonomy).await?;
    Ok(term)
}

/// Removes a term: those below it move up, items lose it; a post that has no label then gets `fallback`.
///
/// # Errors
/// `Forbidden` without leave; `NotFound`.
pub async fn delete_term(
    act: &mut Act<'_>,
    grant: &Grant,
    term: &Term,
    fallback: Option<TermTaxonomyId>,
) -> Result<()> {
    grant.covers(&[Verb::Delete], ItemId(0), &term.taxonomy)?;
    act.tx
        .run(
            "update terms set parent = $1 where taxonomy = $2 and parent = $3",
            &[term.parent.0.into(), (&term.taxonomy).into(), term.term_id.0.into()],
        )
        .await?;
    let rows = act
        .tx
        .all(
            "select item_id from item_terms where term_taxonomy_id = $1",
            &[term.id.into()],
        )
        .await?;
    act.tx
        .run("delete from item_terms where term_taxonomy_id = $1", &[term.id.into()])
        .await?;
    for row in &rows {
        let item = row.int(0)?;
        if let Some(fallback) = fallback {
            act.tx
                .run(
                    "insert into item_terms (item_id, term_taxonomy_id, term_order) select $1, $2, 0 where not exists \
                     (select 1 from item_terms x join terms t on t.id = x.term_taxonomy_id where x.item_id = $1 and t.taxonomy = $3)",
                    &[item.into(), fallback.into(), (&term.taxonomy).into()],
                )
                .await?;
        }
        act.tell(vec![Dep::item(item)]).await?;
        act.stamped(ItemId(item)).await?;
    }
    meta::clear(act.tx, MetaKind::Term, term.term_id.0).await?;
    act.tx.run("delete from terms where id = $1", &[term.id.into()]).await?;
    count(act, &term.taxonomy).await?;
    act.tell(vec![Dep::members(term.id.0)]).await?;
    act.finish(grant, "term", term.id.0, &term.taxonomy).await
}

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
    let after = act.terms_of(id).await?;
    let mut changed: Vec<i64> = before.into_iter().chain(after).collect();
    changed.sort_unstable();
    changed.dedup();
    count_these(act, &changed).await?;
    let mut deps: Vec<Dep> = changed.into_iter().map(Dep::members).collect();
    deps.push(Dep::list(&item.kind));
    act.tell(deps).await?;
    act.finish(grant, "item", id.0, taxonomy).await
}

/// Counts the published items of these terms.
async fn count_these(act: &mut Act<'_>, terms: &[i64]) -> Result<()> {
    for term in terms {
        act.tx
            .run(
                "update terms set count = (select count(*) from item_terms x join items i on i.id = x.item_id \
                 where x.term_taxonomy_id = $1 and i.status = 'publish') where id = $1",
                &[(*term).into()],
            )
            .await?;
    }
    Ok(())
}

/// Counts the published items of each term of a taxonomy.
pub(super) async fn count(act: &mut Act<'_>, taxonomy: &str) -> Result<()> {
    act.tx
        .run(
            "update terms set count = (select count(*) from item_terms x join items i on i.id = x.item_id \
             where x.term_taxonomy_id = terms.id and i.status = 'publish') where taxonomy = $1",
            &[taxonomy.into()],
        )
        .await
        .map(drop)
}

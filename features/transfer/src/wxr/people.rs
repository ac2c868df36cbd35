//! Authors and terms of an export: found again here, or made.

use std::collections::{HashMap, HashSet};

use gp_content::{MetaKind, Term, User, meta, users as accounts};
use gp_kernel::{Result, TermId, TermTaxonomyId, UserId, mysql_date};
use gp_store::Conn;
use jiff::{Timestamp, tz::TimeZone};

use super::{plan::Plan, refs::Moved};
use crate::{
    report::{Fate, Report},
    store::wxr as store,
};

/// Makes the accounts of authors that are not here, without a password; login to id.
pub(crate) async fn users(
    tx: &mut Conn,
    plan: &Plan,
    moved: &mut Moved,
    report: &mut Report,
    now: Timestamp,
) -> Result<HashMap<String, UserId>> {
    let mut found: HashMap<String, UserId> = HashMap::new();
    let mut taken = HashSet::new();
    for user in accounts::all(tx).await? {
        taken.insert(user.id.0);
        found.entry(user.login).or_insert(user.id);
    }
    let greatest = plan
        .authors
        .iter()
        .map(|a| a.id)
        .chain(taken.iter().copied())
        .max()
        .unwrap_or(0);
    let mut next = store::next(tx, "users").await?.max(greatest + 1);
    let mut next_meta = store::next(tx, "user_meta").await?;
    let (mut new, mut metas) = (Vec::new(), Vec::new());
    let only_named = plan
        .creators
        .iter()
        .filter(|c| !plan.authors.iter().any(|a| a.login == **c));
    let named: Vec<gp_wxr::Author> = only_named
        .map(|login| gp_wxr::Author {
            login: login.clone(),
            display_name: login.clone(),
            ..Default::default()
        })
        .collect();
    for author in plan.authors.iter().chain(&named) {
        if let Some(id) = found.get(&author.login) {
            if author.id > 0 && author.id != id.0 {
                moved.users.insert(author.id, id.0);
            }
            report.count("users", Fate::Unchanged);
            continue;
        }
        let free = author.id > 0 && taken.insert(author.id);
        let id = if free { author.id } else { next };
        if !free {
            next += 1;
            taken.insert(id);
            if author.id > 0 {
                moved.users.insert(author.id, id);
            }
        }
        found.insert(author.login.clone(), UserId(id));
        new.push(account(author, id, now));
        for (key, value) in [("first_name", &author.first_name), ("last_name", &author.last_name)] {
            if !value.is_empty() {
                metas.push((next_meta, id, key.to_owned(), value.clone().into_bytes()));
                next_meta += 1;
            }
        }
        report.count("users", Fate::Imported);
    }
    store::add_users(tx, &new).await?;
    store::add_meta(tx, MetaKind::User, metas).await?;
    Ok(found)
}

fn account(author: &gp_wxr::Author, id: i64, now: Timestamp) -> User {
    User {
        id: UserId(id),
        login: author.login.clone(),
        nicename: gp_markup::text::sanitize_title(&author.login),
        email: author.email.clone(),
        registered: mysql_date(now, &TimeZone::UTC),
        display_name: author.display_name.clone(),
        ..User::default()
    }
}

/// (taxonomy, slug) to `term_taxonomy_id`.
pub(crate) type TermsBySlug = HashMap<(String, String), i64>;

/// Makes the terms that are not here, and brings the others up to date.
pub(crate) async fn terms(tx: &mut Conn, plan: &Plan, moved: &mut Moved, report: &mut Report) -> Result<TermsBySlug> {
    let mut all: HashMap<(String, String), Term> = HashMap::new();
    let (mut places, mut ids) = (HashSet::new(), HashSet::new());
    for term in store::all_terms(tx).await? {
        places.insert(term.id.0);
        ids.insert(term.term_id.0);
        all.entry((term.taxonomy.clone(), term.slug.clone())).or_insert(term);
    }
    let before = all.clone();
    let greatest = plan
        .terms
        .iter()
        .filter_map(|t| t.id)
        .chain(ids.iter().copied())
        .chain(places.iter().copied())
        .max()
        .unwrap_or(0);
    let mut next = (greatest + 1)
        .max(store::next(tx, "terms").await?)
        .max(store::next(tx, "term_taxonomy").await?);
    let mut own = HashSet::new();
    for term in &plan.terms {
        let key = (term.taxonomy.clone(), term.slug.clone());
        let wanted = term.id.filter(|id| *id > 0);
        let here = all.entry(key).or_insert_with(|| {
            // Terms of very old sites share an id between taxonomies; those of one file may do so here too.
            let own = wanted.filter(|id| !ids.contains(id) && own.insert((*id, term.taxonomy.clone())));
            let id = own.unwrap_or(next);
            let place = own.filter(|id| !places.contains(id)).unwrap_or(next);
            next += 1;
            places.insert(place);
            Term {
                id: TermTaxonomyId(place),
                term_id: TermId(id),
                taxonomy: term.taxonomy.clone(),
                slug: term.slug.clone(),
                name: term.name.clone(),
                ..Term::default()
            }
        });
        if let Some(old) = wanted.filter(|old| *old != here.term_id.0) {
            moved.terms.insert(old, here.term_id.0);
        }
        if term.id.is_some() {
            here.name.clone_from(&term.name);
            here.description.clone_from(&term.description);
        }
    }
    parents(plan, &mut all, report);
    let mut write = Vec::new();
    for term in &plan.terms {
        let key = (term.taxonomy.clone(), term.slug.clone());
        let Some(here) = all.get(&key) else { continue };
        let fate = match before.get(&key) {
            None => Fate::Imported,
            Some(old) if old == here => Fate::Unchanged,
            Some(_) => Fate::Updated,
        };
        report.count("terms", fate);
        if fate != Fate::Unchanged {
            write.push(here.clone());
        }
    }
    store::put_terms(tx, &write).await?;
    let mut next_meta = store::next(tx, "term_meta").await?;
    for term in plan.terms.iter().filter(|t| !t.meta.is_empty()) {
        let Some(here) = all.get(&(term.taxonomy.clone(), term.slug.clone())) else {
            continue;
        };
        let old = meta::of(tx, MetaKind::Term, here.term_id.0).await?;
        let owner = here.term_id.0;
        let new = super::write::Changes::between(&old, &term.meta, report, "termmeta");
        new.write(tx, MetaKind::Term, owner, &mut next_meta).await?;
    }
    Ok(all.into_iter().map(|(key, term)| (key, term.id.0)).collect())
}

fn parents(plan: &Plan, all: &mut HashMap<(String, String), Term>, report: &mut Report) {
    for term in plan.terms.iter().filter(|t| !t.parent_slug.is_empty()) {
        let parent = all
            .get(&(term.taxonomy.clone(), term.parent_slug.clone()))
            .map(|p| p.term_id);
        match (parent, all.get_mut(&(term.taxonomy.clone(), term.slug.clone()))) {
            (Some(parent), Some(here)) => here.parent = parent,
            _ => report.notes.push(format!(
                "term {}/{}: its parent {} is not in the file",
                term.taxonomy, term.slug, term.parent_slug
            )),
        }
    }
}

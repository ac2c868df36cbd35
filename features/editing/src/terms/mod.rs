//! `edit-tags.php` and `term.php`: the terms of a taxonomy, with those that are new, merged or deleted; one term.

mod acts;
mod list;
mod one;

use std::collections::{HashMap, HashSet};

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Screen, html};
use gp_content::{Taxonomy, Term, Verb};
use gp_kernel::{Error, Result, TermId};

pub(crate) struct Terms;

/// Taxonomies of the program's own: menus and themes have screens of their own.
const OWN: &[&str] = &[
    "nav_menu",
    "link_category",
    "wp_theme",
    "wp_template_part_area",
    "post_format",
];

impl Screen for Terms {
    fn paths(&self) -> &'static [&'static str] {
        &["edit-tags.php", "term.php"]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        let all = desk.app.types.taxonomies().iter();
        all.filter(|t| t.public && t.types.contains(&"post") && works_with(desk, t))
            .map(|t| Entry::new(Group::Library, t.plural.as_str(), list_of(&t.name)))
            .collect()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            let name = desk.query.get("taxonomy");
            let name = if name.is_empty() { "post_tag" } else { name };
            let taxonomy = desk
                .app
                .types
                .taxonomy(name)
                .filter(|t| !OWN.contains(&t.name.as_str()));
            let taxonomy = taxonomy
                .cloned()
                .ok_or_else(|| Error::not_found("There is no list of such terms."))?;
            desk.actor().may_on_terms(Verb::Update, &taxonomy)?;
            match (desk.path.as_str(), desk.post) {
                ("term.php", true) => one::saved(desk, &taxonomy).await,
                ("term.php", false) => one::shown(desk, &taxonomy).await.map(Answer::Page),
                (_, true) => acts::done(desk, &taxonomy).await,
                (_, false) => list::shown(desk, &taxonomy).await.map(Answer::Page),
            }
        })
    }
}

fn works_with(desk: &Desk, taxonomy: &Taxonomy) -> bool {
    !OWN.contains(&taxonomy.name.as_str()) && desk.actor().may_on_terms(Verb::Update, taxonomy).is_ok()
}

/// Where the list of a taxonomy is.
fn list_of(taxonomy: &str) -> String {
    format!("edit-tags.php?taxonomy={taxonomy}")
}

/// The same with more in the query.
fn address(taxonomy: &str, pairs: &[(&str, &str)]) -> String {
    match html::query(pairs).as_str() {
        "" => list_of(taxonomy),
        query => format!("{}&{query}", list_of(taxonomy)),
    }
}

/// The name of a term as plain text.
fn name(term: &Term) -> String {
    let name = gp_markup::text::plain_text(&term.name);
    if name.trim().is_empty() {
        "(no name)".to_owned()
    } else {
        name
    }
}

/// "1 topic", "3 topics".
fn counted(taxonomy: &Taxonomy, count: usize) -> String {
    let name = if count == 1 {
        &taxonomy.singular
    } else {
        &taxonomy.plural
    };
    format!("{count} {}", name.to_lowercase())
}

/// "1 item", "3 items".
fn items(count: i64) -> String {
    match count {
        1 => "1 item".to_owned(),
        n => format!("{} items", html::thousands(n)),
    }
}

/// Terms in the order of their tree, each with how deep it stands. What hangs in a circle, or on nothing, stands at the top.
fn tree(all: &[Term]) -> Vec<(&Term, usize)> {
    let mut below: HashMap<TermId, Vec<&Term>> = HashMap::new();
    for term in all.iter().rev() {
        below.entry(term.parent).or_default().push(term);
    }
    let (mut list, mut seen) = (Vec::with_capacity(all.len()), HashSet::new());
    let tops = all.iter().filter(|term| term.parent.0 == 0);
    for top in tops.chain(all) {
        let mut next = vec![(top, 0)];
        while let Some((term, depth)) = next.pop() {
            if seen.insert(term.id) {
                list.push((term, depth.min(DEEPEST)));
                let children = below.get(&term.term_id).into_iter().flatten();
                next.extend(children.map(|child| (*child, depth + 1)));
            }
        }
    }
    list
}

/// So deep terms are set in; deeper ones stand there too.
const DEEPEST: usize = 8;

/// The terms below which another may stand, as a choice: without itself and what is below it.
fn parents(all: &[Term], of: Option<&Term>, chosen: i64) -> String {
    let barred = of
        .map(|term| gp_content::terms::with_descendants(all, term))
        .unwrap_or_default();
    let named: Vec<(String, String)> = tree(all)
        .into_iter()
        .filter(|(term, _)| !barred.contains(&term.id.0))
        .map(|(term, depth)| {
            let name = format!("{}{}", "\u{2003}".repeat(depth), name(term));
            (term.term_id.to_string(), name)
        })
        .collect();
    let none = std::iter::once(("0", "None: it stands at the top"));
    html::options(
        &chosen.to_string(),
        none.chain(named.iter().map(|(id, name)| (id.as_str(), name.as_str()))),
    )
}

#[cfg(test)]
mod tests {
    use gp_kernel::TermTaxonomyId;

    use super::*;

    #[test]
    fn every_term_stands_in_the_tree_once() {
        let term = |id: i64, parent: i64| Term {
            id: TermTaxonomyId(id),
            term_id: TermId(id),
            parent: TermId(parent),
            ..Term::default()
        };
        // 4 and 5 hang in a circle, 6 on nothing.
        let all = [term(1, 0), term(2, 3), term(3, 1), term(4, 5), term(5, 4), term(6, 99)];
        let shown: Vec<(i64, usize)> = tree(&all).iter().map(|(t, depth)| (t.id.0, *depth)).collect();
        assert_eq!(shown, [(1, 0), (3, 1), (2, 2), (4, 0), (5, 1), (6, 0)]);
    }
}

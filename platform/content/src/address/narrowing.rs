//! What narrows a list: terms in any combination, and a person.

use gp_kernel::{Result, TermId, UserId};

use super::{
    Shape, links, list::Narrow, main_query::Main, page_path, resolve::Resolver, rules::variable_of,
    variables::Variables,
};
use crate::{items, terms, types::Types, users};

/// More terms than this are nobody's wish.
const MOST_TERMS: usize = 20;

/// One condition on terms.
pub(super) struct Clause {
    taxonomy: String,
    wanted: Wanted,
}

enum Wanted {
    Ids(Vec<i64>),
    NotIds(Vec<i64>),
    Slugs(Vec<String>),
}

impl Resolver<'_> {
    /// Terms of one clause; the first one known names the list.
    pub(super) async fn narrow_by(
        &mut self,
        main: &mut Main,
        narrow: &mut Narrow,
        shape: &mut Option<Shape>,
        clause: Clause,
    ) -> Result<()> {
        let hierarchical = self.types.taxonomy(&clause.taxonomy).is_some_and(|t| t.hierarchical);
        let mut found = Vec::new();
        match &clause.wanted {
            Wanted::Ids(ids) | Wanted::NotIds(ids) => {
                for id in ids {
                    found.extend(terms::by_term_id(self.conn, &clause.taxonomy, TermId(*id)).await?);
                }
            }
            Wanted::Slugs(slugs) => {
                for slug in slugs {
                    let same = terms::by_slug(self.conn, &clause.taxonomy, &page_path::slug(slug)).await?;
                    found.extend(same.into_iter().take(1));
                }
            }
        }
        let all = if found.is_empty() {
            Vec::new()
        } else {
            terms::of_taxonomy(self.conn, &clause.taxonomy).await?
        };
        let ids: Vec<i64> = found
            .iter()
            .flat_map(|term| {
                if hierarchical {
                    terms::with_descendants(&all, term)
                } else {
                    vec![term.id.0]
                }
            })
            .collect();
        if matches!(clause.wanted, Wanted::NotIds(_)) {
            narrow.without_terms.extend(ids);
            return Ok(());
        }
        main.terms += found.len();
        match found.into_iter().next() {
            Some(term) if shape.is_none() => {
                let link = links::of_term(self.site, self.types, &term, &all);
                *shape = Some(Shape::Term(Box::new(term.clone()), ids));
                main.term = Some((term, link));
            }
            _ => narrow.terms.push(ids),
        }
        Ok(())
    }

    /// A person is shown only when they have something public: names of accounts are not given away.
    pub(super) async fn narrow_by_author(&mut self, main: &mut Main, narrow: &mut Narrow) -> Result<bool> {
        let v = &main.variables;
        let name = v.get("author_name");
        let user = if name.is_empty() {
            let id = UserId(v.signed("author"));
            users::by_ids(self.conn, &[id]).await?.remove(&id)
        } else {
            users::by_nicename(self.conn, &page_path::slug(page_path::last(name))).await?
        };
        let Some(user) = user else { return Ok(false) };
        narrow.author = Some(user.id);
        main.author = Some(user);
        let query = items::ItemQuery {
            types: vec!["post".to_owned()],
            authors: narrow.author.into_iter().collect(),
            limit: 1,
            ..items::ItemQuery::default()
        };
        Ok(!items::some(self.conn, self.scope, &query).await?.is_empty())
    }
}

/// What is asked of terms; `a,b` is either, `a+b` is both.
pub(super) fn clauses(v: &Variables, types: &Types) -> Vec<Clause> {
    let mut found = Vec::new();
    if v.says("cat") {
        let ids: Vec<i64> = v.get("cat").split(',').filter_map(number).take(MOST_TERMS).collect();
        let (wanted, not): (Vec<i64>, Vec<i64>) = ids.into_iter().partition(|id| *id > 0);
        let taxonomy = || "category".to_owned();
        if !wanted.is_empty() {
            found.push(Clause {
                taxonomy: taxonomy(),
                wanted: Wanted::Ids(wanted),
            });
        }
        if !not.is_empty() {
            let wanted = Wanted::NotIds(not.into_iter().map(i64::abs).collect());
            found.push(Clause {
                taxonomy: taxonomy(),
                wanted,
            });
        }
    }
    for taxonomy in types.taxonomies().iter().filter(|t| t.public) {
        let value = v.get(variable_of(&taxonomy.name));
        if matches!(value, "" | "0") {
            continue;
        }
        let value = if taxonomy.hierarchical {
            page_path::last(value)
        } else {
            value
        };
        for both in value.split([' ', '+']).filter(|s| !s.is_empty()).take(MOST_TERMS) {
            let slugs = both.split(',').take(MOST_TERMS).map(str::to_owned).collect();
            found.push(Clause {
                taxonomy: taxonomy.name.clone(),
                wanted: Wanted::Slugs(slugs),
            });
        }
    }
    found
}

/// A number with its sign, among whatever else was typed.
fn number(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    digits.parse().ok().filter(|n| *n != 0)
}

//! What a list of items is asked for, and how that reads as SQL. What must never be here: who may see what (that is the scope's).

use gp_kernel::{ItemId, UserId};
use gp_store::{Arg, Dep};

use super::Order;
use crate::{
    dates::Dates,
    permission::{Scope, Shelf},
};

/// What a list is made of; empty conditions do not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemQuery {
    /// Types; the scope decides which of their items are seen.
    pub types: Vec<String>,
    /// By any of these authors; by anybody, when there are none.
    pub authors: Vec<UserId>,
    /// For each group: at least one of these term-taxonomy ids.
    pub terms: Vec<Vec<i64>>,
    /// None of these term-taxonomy ids.
    pub without_terms: Vec<i64>,
    /// Parts of the date.
    pub dates: Dates,
    /// Only these.
    pub ids: Option<Vec<ItemId>>,
    /// Not these.
    pub without_ids: Vec<ItemId>,
    /// Children of this item.
    pub parent: Option<ItemId>,
    /// Children of any of these items; of anything, when there are none.
    pub parents: Vec<ItemId>,
    /// Each of these words stands in the title, the excerpt or the content. Those with a password are left out then.
    pub words: Vec<String>,
    /// The columns to look for words in; none: title, excerpt and content.
    pub word_columns: Vec<&'static str>,
    /// What whoever works on the site may see, instead of what visitors may ([`Scope::at_work`]).
    pub shelves: Option<Vec<Shelf>>,
    /// In any group of terms instead of each.
    pub any_terms: bool,
    /// By none of these authors.
    pub without_authors: Vec<UserId>,
    /// Children of none of these items.
    pub without_parents: Vec<ItemId>,
    /// With one of these slugs; with any, when there are none.
    pub names: Vec<String>,
    /// With this `menu_order`.
    pub menu_order: Option<i64>,
    /// Published after and before this, in the site's time; changed after and before this. Empty: whenever.
    pub between: Between,
    /// Of these media types (`image/png`, or `image` for all of a kind).
    pub mime_types: Vec<String>,
    /// Order.
    pub order: Order,
    /// How many to leave out.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
}

/// Limits of dates as they are stored (`2026-11-27 10:00:00`, in the site's time); empty ones are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the limits say themselves")]
pub struct Between {
    pub after: String,
    pub before: String,
    pub modified_after: String,
    pub modified_before: String,
}

pub(super) struct Conditions {
    pub sql: String,
    pub args: Vec<Arg>,
    /// What decides which items there are, and in which order.
    pub deps: Vec<Dep>,
}

impl Conditions {
    pub fn arg(&mut self, arg: impl Into<Arg>) -> usize {
        self.args.push(arg.into());
        self.args.len()
    }

    pub fn list<T: Into<Arg>>(&mut self, values: impl IntoIterator<Item = T>) -> String {
        let numbers: Vec<String> = values.into_iter().map(|v| format!("${}", self.arg(v))).collect();
        if numbers.is_empty() {
            "''".to_owned()
        } else {
            numbers.join(",")
        }
    }

    pub fn ids(&mut self, ids: impl IntoIterator<Item = i64>) -> String {
        let numbers: Vec<String> = ids.into_iter().map(|v| format!("${}", self.arg(v))).collect();
        if numbers.is_empty() {
            "-1".to_owned()
        } else {
            numbers.join(",")
        }
    }

    fn dates(&mut self, dates: &Dates) {
        let prefix = dates.prefix();
        if !prefix.is_empty() {
            // A range, not LIKE: both databases use the index, and '~' follows every digit, blank and dash.
            let (from, to) = (self.arg(prefix.as_str()), self.arg(format!("{prefix}~")));
            self.add(&format!("i.date >= ${from} and i.date < ${to}"));
        }
        for (part, range) in dates.places() {
            if let Some(part) = part.filter(|_| range.start >= prefix.len()) {
                let value = self.arg(format!("{part:02}"));
                self.add(&format!("substr(i.date, {}, 2) = ${value}", range.start + 1));
            }
        }
    }

    fn words(&mut self, words: &[String], columns: &[&'static str]) {
        let columns = match columns {
            [] => &["title", "excerpt", "content"],
            some => some,
        };
        for word in words {
            // `!` before what would be a wildcard: both databases read it alike.
            let word = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
            let n = self.arg(format!("%{word}%"));
            let of = |column: &str| format!("lower(i.{column}) like lower(${n}) escape '!'");
            let ways: Vec<String> = columns.iter().map(|column| of(column)).collect();
            self.add(&format!("({})", ways.join(" or ")));
        }
        if !words.is_empty() {
            self.add("i.password = ''");
        }
    }

    fn between(&mut self, between: &Between) {
        let limits = [
            ("date >", &between.after),
            ("date <", &between.before),
            ("modified >", &between.modified_after),
            ("modified <", &between.modified_before),
        ];
        for (compared, limit) in limits {
            if !limit.is_empty() {
                let n = self.arg(limit.as_str());
                self.add(&format!("i.{compared} ${n}"));
            }
        }
    }

    fn terms(&mut self, groups: &[Vec<i64>], any: bool) {
        let mut ways = Vec::new();
        for group in groups {
            let ids = self.ids(group.iter().copied());
            ways.push(format!(
                "i.id in (select t.item_id from item_terms t where t.term_taxonomy_id in ({ids}))"
            ));
        }
        if !ways.is_empty() {
            let how = if any { " or " } else { " and " };
            self.add(&format!("({})", ways.join(how)));
        }
    }

    fn mime_types(&mut self, types: &[String]) {
        let mut ways = Vec::new();
        for kind in types {
            let (n, whole) = (self.arg(kind.as_str()), kind.contains('/'));
            // A range, for all of a kind: `image/` up to `image0`.
            ways.push(if whole {
                format!("i.mime_type = ${n}")
            } else {
                format!("(i.mime_type >= ${n} || '/' and i.mime_type < ${n} || '0')")
            });
        }
        if !ways.is_empty() {
            self.add(&format!("({})", ways.join(" or ")));
        }
    }

    /// The order; whoever looks for words gets those first that have them in the title.
    pub fn order(&mut self, query: &ItemQuery) -> String {
        let (Order::Fitting, false) = (query.order, query.words.is_empty()) else {
            return query.order.sql().into_owned();
        };
        let phrase = query
            .words
            .join(" ")
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        let n = self.arg(format!("%{phrase}%"));
        format!(
            "case when lower(i.title) like lower(${n}) escape '!' then 0 else 1 end, {}",
            query.order.sql()
        )
    }

    pub fn add(&mut self, condition: &str) {
        self.sql.push_str(" and ");
        self.sql.push_str(condition);
    }
}

/// A query as a condition on `items i`, with what decides its answer.
pub(super) fn conditions(scope: &Scope, query: &ItemQuery) -> Conditions {
    let mut c = Conditions {
        sql: String::new(),
        args: Vec::new(),
        deps: deps_of(scope, query),
    };
    let mut bind = |value| {
        c.args.push(value);
        c.args.len()
    };
    c.sql = match &query.shelves {
        Some(shelves) => scope.condition_of_shelves(shelves, &mut bind),
        None => scope.condition(&query.types, &mut bind),
    };
    if !query.authors.is_empty() {
        let ids = c.ids(query.authors.iter().map(|id| id.0));
        c.add(&format!("i.author in ({ids})"));
    }
    c.terms(&query.terms, query.any_terms);
    lesser_conditions(&mut c, query);
    if !query.without_terms.is_empty() {
        let ids = c.ids(query.without_terms.iter().copied());
        c.add(&format!(
            "not exists (select 1 from item_terms t where t.item_id = i.id and t.term_taxonomy_id in ({ids}))"
        ));
    }
    c.dates(&query.dates);
    if let Some(ids) = &query.ids {
        let ids = c.ids(ids.iter().map(|id| id.0));
        c.add(&format!("i.id in ({ids})"));
    }
    if !query.without_ids.is_empty() {
        let ids = c.ids(query.without_ids.iter().map(|id| id.0));
        c.add(&format!("i.id not in ({ids})"));
    }
    if let Some(parent) = query.parent {
        let n = c.arg(parent);
        c.add(&format!("i.parent = ${n}"));
    }
    if !query.parents.is_empty() {
        let ids = c.ids(query.parents.iter().map(|id| id.0));
        c.add(&format!("i.parent in ({ids})"));
    }
    c.words(&query.words, &query.word_columns);
    c
}

fn lesser_conditions(c: &mut Conditions, query: &ItemQuery) {
    if !query.without_authors.is_empty() {
        let ids = c.ids(query.without_authors.iter().map(|id| id.0));
        c.add(&format!("i.author not in ({ids})"));
    }
    if !query.without_parents.is_empty() {
        let ids = c.ids(query.without_parents.iter().map(|id| id.0));
        c.add(&format!("i.parent not in ({ids})"));
    }
    if !query.names.is_empty() {
        let names = c.list(query.names.iter());
        c.add(&format!("i.name in ({names})"));
    }
    if let Some(place) = query.menu_order {
        let n = c.arg(place);
        c.add(&format!("i.menu_order = ${n}"));
    }
    c.between(&query.between);
    c.mime_types(&query.mime_types);
}

/// What a list depends on besides the items that it shows.
fn deps_of(scope: &Scope, query: &ItemQuery) -> Vec<Dep> {
    let kinds = || -> Vec<&str> {
        match &query.shelves {
            Some(shelves) => shelves.iter().map(Shelf::kind).collect(),
            None => scope.listed(&query.types).collect(),
        }
    };
    let mut deps: Vec<Dep> = match (&query.ids, query.terms.first(), query.parent) {
        // Whatever happens to an item is a change of it.
        (Some(ids), ..) => ids.iter().map(|id| Dep::item(id.0)).collect(),
        (None, Some(_), _) if query.any_terms => query.terms.iter().flatten().copied().map(Dep::members).collect(),
        (None, Some(terms), _) => terms.iter().copied().map(Dep::members).collect(),
        (None, None, Some(parent)) => vec![Dep::below(parent.0)],
        (None, None, None) if !query.parents.is_empty() => query.parents.iter().map(|id| Dep::below(id.0)).collect(),
        (None, None, None) => kinds().into_iter().map(Dep::list).collect(),
    };
    let by_change = !query.between.modified_after.is_empty() || !query.between.modified_before.is_empty();
    if query.order.is_of_text()
        || !query.words.is_empty()
        || by_change
        || !query.names.is_empty()
        || !query.mime_types.is_empty()
    {
        deps.extend(kinds().into_iter().map(Dep::touched));
    }
    if !query.without_terms.is_empty() {
        deps.extend(query.without_terms.iter().copied().map(Dep::members));
    }
    deps
}

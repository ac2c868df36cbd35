//! What a search asks, said in our own words: `label=law,police` is either, `label=law+police` both, `label=-law` none of them.
//!
//! [`asked`] reads our own names and WordPress's, [`super::old_search`] those of plugins. Neither looks anything up; [`settled`] does.

use std::collections::BTreeSet;

use gp_kernel::{Result, TermId, UserId};
use gp_store::Conn;

use super::{List, Request, Shape, links, page_path, rules::variable_of, url};
use crate::{
    items,
    options::Site,
    permission::Scope,
    terms::{self, Term},
    types::Types,
    users,
};

/// What is no taxonomy and can be narrowed by.
const FACTS: &[&str] = &["type", "lang", "year", "status", "file", "author", "author_name"];
/// More conditions than this are nobody's wish.
const MOST_CONDITIONS: usize = 20;
/// Nor more values of one.
pub(super) const MOST_VALUES: usize = 50;
/// Terms below a term are named as long as the address stays short.
const LONGEST_VALUES: usize = 1500;

/// One condition of a search: at least one of the values, or none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    /// Its name in addresses: `label`, `type`, `year`.
    pub name: String,
    /// The values; with none of them nothing is found.
    pub values: Vec<String>,
    /// What has one of them is not wanted.
    pub without: bool,
    pub(super) kind: Kind,
}

/// What the values of a condition are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Themselves.
    #[default]
    Plain,
    /// Slugs, with all terms below them.
    Below,
    /// Numbers of terms, with all terms below them.
    Numbers,
}

impl Condition {
    pub(super) fn any(name: &str, values: Vec<String>, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            values,
            without: false,
            kind,
        }
    }
}

/// What a search asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// The reader's words.
    pub words: String,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
    /// `newest`, `oldest`, or empty: the best first.
    pub sort: String,
    /// The page of it that an old address asks for; 0: none in particular.
    pub(super) page: usize,
}

impl Sought {
    /// Its one address, on this site.
    pub fn address(&self) -> String {
        self.written("/?s=")
    }

    /// The same for programs.
    pub fn api_address(&self) -> String {
        self.written("/api/v1/search?q=")
    }

    fn written(&self, door: &str) -> String {
        let mut address = format!("{door}{}", url::form_encoded(&self.words));
        for (name, value) in self.pairs() {
            address.push_str(&format!("&{}={}", url::form_encoded(&name), encoded(&value)));
        }
        address
    }

    /// The same on the page that was asked for.
    pub(super) fn address_of_page(&self, site: &Site) -> String {
        links::of_page(site, &self.address(), self.page)
    }

    /// Name and value of each parameter besides the words, as they stand in the address.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for condition in &self.conditions {
            let sign = if condition.without { "-" } else { "" };
            let value = format!("{sign}{}", condition.values.join(","));
            match pairs.iter_mut().find(|(name, _)| *name == condition.name) {
                Some((_, all)) => all.push_str(&format!(" {value}")),
                None => pairs.push((condition.name.clone(), value)),
            }
        }
        if !self.sort.is_empty() {
            pairs.push(("sort".to_owned(), self.sort.clone()));
        }
        pairs
    }

    /// The same without one of its parameters.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut wider = self.clone();
        wider.conditions.retain(|condition| condition.name != name);
        wider
    }

    /// Adds a condition; what is said twice is said once.
    pub(super) fn add(&mut self, condition: Condition) {
        if !self.conditions.contains(&condition) && self.conditions.len() < MOST_CONDITIONS {
            self.conditions.push(condition);
        }
    }

    /// Adds types by their names; `any` and `all` are no condition, and what is no type finds nothing.
    pub(super) fn add_types(&mut self, types: &Types, given: impl IntoIterator<Item = String>) {
        let given: Vec<String> = given.into_iter().flat_map(|list| values(&list)).collect();
        let all = given.iter().any(|name| matches!(name.as_str(), "any" | "all"));
        if all || given.is_empty() || self.conditions.iter().any(|c| c.name == "type") {
            return;
        }
        let mut named: Vec<String> = Vec::new();
        for name in given {
            let name = types.searched_by(&name).map_or(name, |kind| kind.plural.to_lowercase());
            if !named.contains(&name) {
                named.push(name);
            }
        }
        self.add(Condition::any("type", named, Kind::Plain));
    }

    /// Adds terms as they are written in addresses: `a,b` is either, `a+b` both.
    pub(super) fn add_terms(&mut self, name: &str, written: &str, kind: Kind) {
        for both in written.split([' ', '+']).filter(|part| !part.is_empty()) {
            let (without, either) = match both.strip_prefix('-') {
                Some(rest) => (true, rest),
                None => (false, both),
            };
            let slugs: Vec<String> = values(either).into_iter().map(slug).collect();
            if !(slugs.is_empty() && without) {
                self.add(Condition {
                    without,
                    ..Condition::any(name, slugs, kind)
                });
            }
        }
    }
}

/// How many conditions a request for a search puts together: the more, the fewer people will ever ask for the same.
pub fn depth(types: &Types, request: &Request) -> usize {
    asked(types, request).conditions.len()
}

/// The name under which a taxonomy narrows.
pub fn name_of(taxonomy: &str) -> &str {
    match taxonomy {
        "category" => "label",
        "post_tag" => "topic",
        other => other,
    }
}

/// What the index calls a condition of this name.
pub fn field_of(name: &str) -> &str {
    match name {
        "label" => "category",
        "topic" => "post_tag",
        "author_name" => "author",
        other => other,
    }
}

/// The names that narrow or order a search, besides those of taxonomies.
pub(super) fn is_own_name(name: &str) -> bool {
    FACTS.contains(&name)
        || matches!(
            name,
            "label" | "topic" | "sort" | "orderby" | "order" | "post_type" | "post_types"
        )
}

/// Values with commas between them.
pub(super) fn values(list: &str) -> Vec<String> {
    let some = list.split(',').map(str::trim).filter(|value| !value.is_empty());
    some.take(MOST_VALUES).map(str::to_owned).collect()
}

/// A slug as it is stored; what is none stays, and finds nothing.
fn slug(written: String) -> String {
    match page_path::slug(&written) {
        slug if slug.is_empty() => written,
        slug => slug,
    }
}

/// Commas stay readable.
fn encoded(value: &str) -> String {
    url::form_encoded(value).replace("%2C", ",")
}

/// What a request asks under our own names and WordPress's.
pub fn asked(types: &Types, request: &Request) -> Sought {
    let text = |name: &str| request.parameter(name).unwrap_or_default();
    let mut sought = Sought {
        words: request.parameters.get("s").cloned().unwrap_or_default(),
        sort: order(request).to_owned(),
        ..Sought::default()
    };
    let kinds = match text("type") {
        "" => ["post_type", "post_types"].map(|name| request.all(name)).concat(),
        own => vec![own.to_owned()],
    };
    sought.add_types(types, kinds);
    for taxonomy in types.taxonomies().iter().filter(|t| t.public) {
        let name = name_of(&taxonomy.name);
        sought.add_terms(name, text(name), Kind::Plain);
        let variable = variable_of(&taxonomy.name);
        if variable != name {
            let written = text(variable);
            let written = if taxonomy.hierarchical {
                page_path::last(written)
            } else {
                written
            };
            sought.add_terms(name, if written == "0" { "" } else { written }, Kind::Below);
        }
    }
    categories(&mut sought, text("cat"));
    for name in ["lang", "status", "file", "author", "author_name"] {
        let written = values(text(name));
        if !written.is_empty() && written != ["0"] {
            sought.add(Condition::any(name, written, Kind::Plain));
        }
    }
    let year = match text("year") {
        "" => text("m").get(..4).unwrap_or_default(),
        year => year,
    };
    if !matches!(year, "" | "0") {
        sought.add(Condition::any("year", values(year), Kind::Plain));
    }
    sought
}

/// Our own word for the order, else WordPress's.
fn order(request: &Request) -> &'static str {
    match request.parameter("sort") {
        Some("newest") => return "newest",
        Some("oldest") => return "oldest",
        _ => {}
    }
    let rising = request
        .parameter("order")
        .is_some_and(|o| o.eq_ignore_ascii_case("asc"));
    match request.parameter("orderby").unwrap_or_default() {
        "date" | "post_date" if rising => "oldest",
        "date" | "post_date" => "newest",
        _ => "",
    }
}

/// `cat=3,-7`: numbers of categories, those with a minus not.
fn categories(sought: &mut Sought, written: &str) {
    let numbers: Vec<i64> = values(written)
        .iter()
        .filter_map(|n| n.parse().ok())
        .filter(|n| *n != 0)
        .collect();
    let (wanted, not): (Vec<i64>, Vec<i64>) = numbers.into_iter().partition(|n| *n > 0);
    for (numbers, without) in [(wanted, false), (not, true)] {
        if !numbers.is_empty() {
            let numbers = numbers.iter().map(|n| n.unsigned_abs().to_string()).collect();
            sought.add(Condition {
                without,
                ..Condition::any("label", numbers, Kind::Numbers)
            });
        }
    }
}

/// What was asked, with the slugs of the terms that numbers mean and of all terms below. A number that means nothing stays,
/// and finds nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn settled(conn: &mut Conn, types: &Types, mut sought: Sought) -> Result<Sought> {
    let mut settled = Vec::with_capacity(sought.conditions.len());
    for mut condition in std::mem::take(&mut sought.conditions) {
        if condition.kind != Kind::Plain {
            let taxonomy = field_of(&condition.name);
            let all = terms::all_of(conn, taxonomy).await?;
            let deep = types.taxonomy(taxonomy).is_some_and(|t| t.hierarchical);
            condition.values = slugs(&all, &condition, deep);
            condition.kind = Kind::Plain;
        }
        settled.push(condition);
    }
    for condition in settled {
        sought.add(condition);
    }
    Ok(sought)
}

fn slugs(all: &[Term], condition: &Condition, deep: bool) -> Vec<String> {
    let mut slugs: Vec<String> = Vec::new();
    let mut below: BTreeSet<i64> = BTreeSet::new();
    for value in &condition.values {
        let known = all.iter().find(|term| match condition.kind {
            Kind::Numbers => value.parse().is_ok_and(|id| term.term_id == TermId(id)),
            _ => term.slug == *value,
        });
        slugs.push(known.map_or_else(|| value.clone(), |term| term.slug.clone()));
        if let Some(term) = known.filter(|_| deep) {
            below.extend(terms::with_descendants(all, term));
        }
    }
    let mut length = 0;
    for term in all.iter().filter(|term| below.contains(&term.id.0)) {
        length += term.slug.len();
        if !slugs.contains(&term.slug) && length <= LONGEST_VALUES {
            slugs.push(term.slug.clone());
        }
    }
    slugs
}

/// The list of what a request asks besides its words, which stand elsewhere (`q=…`).
///
/// # Errors
/// When the database does not answer.
pub async fn list(conn: &mut Conn, types: &Types, request: &Request, words: &str, page: usize) -> Result<List> {
    let mut sought = settled(conn, types, asked(types, request)).await?;
    words.clone_into(&mut sought.words);
    Ok(List {
        shape: Shape::Search(words.to_owned()),
        page,
        first: sought.address(),
        sought: Box::new(sought),
        ..List::default()
    })
}

/// The people whom a condition names: those who have something public, names of accounts are not given away.
///
/// # Errors
/// When the database does not answer.
pub async fn people(conn: &mut Conn, scope: &Scope, condition: &Condition) -> Result<Vec<UserId>> {
    let mut found = Vec::new();
    for value in &condition.values {
        let user = if condition.name == "author" {
            let id = UserId(value.parse().unwrap_or(0));
            users::by_ids(conn, &[id]).await?.remove(&id)
        } else {
            users::by_nicename(conn, &page_path::slug(value)).await?
        };
        let Some(user) = user else { continue };
        let query = items::ItemQuery {
            types: vec!["post".to_owned()],
            authors: vec![user.id],
            limit: 1,
            ..items::ItemQuery::default()
        };
        if !items::some(conn, scope, &query).await?.is_empty() {
            found.push(user.id);
        }
    }
    Ok(found)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::types::ContentType;

    pub(in crate::address) fn types() -> Types {
        let kind = |name, plural| ContentType {
            public: true,
            searchable: true,
            ..ContentType::internal(name, "One", plural)
        };
        Types::new(vec![
            kind("post", "Resources"),
            kind("page", "Pages"),
            ContentType::internal("acf-field", "Field", "Fields"),
        ])
    }

    #[test]
    fn wordpress_and_our_own_names_are_read() {
        for (query, address) in [
            ("s=a+b", "/?s=a+b"),
            ("s=a&post_type=post", "/?s=a&type=resources"),
            ("s=a&post_type=any", "/?s=a"),
            ("s=a&post_type[]=post&post_type[]=page", "/?s=a&type=resources,pages"),
            ("s=a&post_type%5B0%5D=post", "/?s=a&type=resources"),
            ("s=a&post_types=post,page", "/?s=a&type=resources,pages"),
            ("s=a&post_types=all&post_type=", "/?s=a"),
            ("s=a&post_type=acf-field", "/?s=a&type=acf-field"),
            ("s=a&type=Resources&post_type=page", "/?s=a&type=resources"),
            ("s=a&category_name=top/law", "/?s=a&label=law"),
            (
                "s=a&category_name=law%2Bpolice&tag=x,y",
                "/?s=a&label=law+police&topic=x,y",
            ),
            ("s=a&label=law&label=-police", "/?s=a&label=-police"),
            (
                "s=a&region=africa&year=2019,2020&m=201805",
                "/?s=a&region=africa&year=2019,2020",
            ),
            ("s=a&m=201805", "/?s=a&year=2018"),
            ("s=a&cat=3,-7", "/?s=a&label=3+-7"),
            ("s=a&author_name=jo&author=0", "/?s=a&author_name=jo"),
            ("s=a&orderby=date&order=ASC", "/?s=a&sort=oldest"),
            ("s=a&orderby=date&sort=x", "/?s=a&sort=newest"),
            ("s=a&utm_source=x&posts_per_page=9", "/?s=a"),
            ("s=%22%3E%0d%0a&label=%3Cb%3E", "/?s=%22%3E%0D%0A&label=%3Cb%3E"),
        ] {
            let sought = asked(&types(), &Request::parse("/", query));
            assert_eq!(sought.address(), address, "{query}");
        }
        assert_eq!(
            depth(&types(), &Request::parse("/", "s=a&label=a+b&topic=c&sort=newest")),
            3
        );
    }

    #[test]
    fn an_address_asks_what_it_was_made_from() {
        let query = "s=a&type=resources,pages&label=law,police+-health&region=africa&lang=fr&year=2019&sort=newest";
        let sought = asked(&types(), &Request::parse("/", query));
        assert_eq!(sought.conditions.len(), 6);
        let again = asked(&types(), &Request::parse("/", &sought.address()[2..]));
        assert_eq!(again, sought);
        assert_eq!(sought.without("label").conditions.len(), 4);
    }
}

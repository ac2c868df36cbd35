//! Lists: what a list is a list of, what narrows it, and the query for it.

use gp_kernel::UserId;

use super::sought::Sought;
use crate::{
    dates::Dates,
    items::{Item, ItemQuery},
    terms::Term,
    users::User,
};

/// What a list is a list of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Shape {
    /// The front page, when it lists posts.
    #[default]
    Front,
    /// The page that lists posts.
    Posts(Box<Item>),
    /// A term's archive: the term, and the term-taxonomy ids it takes in.
    Term(Box<Term>, Vec<i64>),
    /// A person's archive.
    Author(Box<User>),
    /// `2026`, `2026-11` or `2026-11-25`; empty when only smaller parts of the date are known.
    Date(String),
    /// All items of a type, by its name.
    Kind(&'static str),
    /// What was searched for.
    Search(String),
}

/// What narrows a list besides its shape. All conditions hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    /// For each group: at least one of these term-taxonomy ids.
    pub terms: Vec<Vec<i64>>,
    /// None of these term-taxonomy ids.
    pub without_terms: Vec<i64>,
    /// By this person.
    pub author: Option<UserId>,
    /// Of this date.
    pub dates: Dates,
    /// Of these types instead of posts.
    pub kinds: Vec<String>,
}

/// A list and the page of it that was asked for, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// What it lists.
    pub shape: Shape,
    /// Which page.
    pub page: usize,
    /// The address of its first page.
    pub first: String,
    /// What narrows it further.
    pub narrow: Narrow,
    /// With a search: what it asks.
    pub sought: Box<Sought>,
}

impl List {
    /// The query for one page of it. A search is asked elsewhere.
    pub fn query(&self, per_page: usize) -> ItemQuery {
        let narrow = self.narrow.clone();
        let mut query = ItemQuery {
            types: vec!["post".to_owned()],
            authors: narrow.author.into_iter().collect(),
            terms: narrow.terms,
            without_terms: narrow.without_terms,
            dates: narrow.dates,
            offset: self.page.saturating_sub(1).saturating_mul(per_page),
            limit: per_page,
            ..ItemQuery::default()
        };
        if !narrow.kinds.is_empty() {
            query.types = narrow.kinds;
        }
        match &self.shape {
            Shape::Term(_, ids) => query.terms.push(ids.clone()),
            Shape::Author(user) => query.authors = vec![user.id],
            Shape::Date(date) if query.dates.is_empty() => query.dates = Dates::of_prefix(date),
            Shape::Kind(name) => query.types = vec![(*name).to_owned()],
            Shape::Date(_) | Shape::Front | Shape::Posts(_) | Shape::Search(_) => {}
        }
        query
    }
}

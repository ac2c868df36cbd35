//! What a feature brings: a screen, its entries in the menu, and what it answers.

use axum::{body::Body, http::Response};
use futures_util::future::BoxFuture;
use gp_kernel::Result;

use crate::Desk;

/// A screen, or a few that belong together.
pub trait Screen: Send + Sync {
    /// The addresses below `/wp-admin/`, as WordPress has them: `edit.php`.
    fn paths(&self) -> &'static [&'static str];

    /// What of it stands in the menu, for who is at the desk. Nothing that they may not open.
    fn entries(&self, desk: &Desk) -> Vec<Entry>;

    /// How many things wait behind its entries for who is at the desk: address and number. Where nothing can wait, nothing is said.
    fn waiting<'a>(&'a self, _desk: &'a Desk) -> BoxFuture<'a, Result<Vec<(String, i64)>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Answers a request, for who has signed in. Whether they may is asked here, or by what is called.
    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>>;
}

/// A group of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// At the top, under no heading.
    First,
    /// What readers come for.
    Library,
    /// What readers say and look for.
    Readers,
    /// How it looks.
    Design,
    /// The site itself.
    Site,
}

impl Group {
    pub(crate) const ALL: [Self; 5] = [Self::First, Self::Library, Self::Readers, Self::Design, Self::Site];

    /// Its heading.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::First => "",
            Self::Library => "Library",
            Self::Readers => "Readers",
            Self::Design => "Design",
            Self::Site => "Site",
        }
    }
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub group: Group,
    /// What it is called.
    pub label: String,
    /// Where it leads, below `/wp-admin/`: `edit.php?post_type=page`.
    pub address: String,
    /// How many things wait there for somebody; 0: none.
    pub waiting: i64,
}

impl Entry {
    /// Where nothing waits.
    pub fn new(group: Group, label: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            group,
            label: label.into(),
            address: address.into(),
            waiting: 0,
        }
    }
}

/// What a screen answers.
#[derive(Debug)]
pub enum Answer {
    /// A page, in the frame.
    Page(Page),
    /// Go there instead, below `/wp-admin/` or from the root: after something was done.
    Go(String),
    /// Something else.
    Other(Response<Body>),
}

/// A page in the frame. Everything is HTML but the title.
#[derive(Debug, Default)]
pub struct Page {
    /// What it is called.
    pub title: String,
    /// Beside the title: the one main act, or nothing.
    pub act: String,
    /// What stands in it.
    pub body: String,
    /// The entry of the menu that it belongs to, when that is not its own address: `edit.php?post_type=page`.
    pub entry: String,
    /// Scripts among the assets, as modules: `admin.js`.
    pub scripts: Vec<String>,
    /// Styles among the assets beside that of the frame.
    pub styles: Vec<String>,
    /// The policy for what the page may load, where the usual one is too narrow.
    pub policy: Option<String>,
    /// Without the frame, its style and its script: the body stands alone in the page.
    pub bare: bool,
    /// The HTTP status when it is not 200.
    pub status: Option<u16>,
}

impl Page {
    /// A page with a title and a body.
    pub fn new(title: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            body: body.into(),
            ..Self::default()
        }
    }
}

impl From<Page> for Answer {
    fn from(page: Page) -> Self {
        Self::Page(page)
    }
}

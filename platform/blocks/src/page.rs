//! What a page is made from, and how features bring blocks of their own.

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc};

use gp_content::{
    Item, Scope, Site, Types,
    address::{Address, Request},
};
use gp_kernel::{ItemId, Result};
use gp_markup::block::Block;
use gp_store::Conn;
use jiff::Timestamp;

/// Everything that is known about a request before its blocks are looked at.
#[derive(Debug, Clone)]
pub struct PageContext {
    /// The site's settings.
    pub site: Arc<Site>,
    /// Its types.
    pub types: Arc<Types>,
    /// What the visitor may see.
    pub scope: Scope,
    /// What was asked for.
    pub address: Address,
    /// In which words: blocks' own lists look for their page in it.
    pub request: Request,
    /// The items of a list, already found.
    pub listing: Listing,
    /// The password that the visitor gave for the item.
    pub password: Password,
    /// `https://library.example`, without a slash at the end.
    pub base_url: String,
    /// Now.
    pub now: Timestamp,
    /// The part of a file that is read here, instead of the item's own page.
    pub reading: Option<Arc<Reading>>,
    /// The items whose texts are most like the one that is shown, the most alike first, whoever may see them.
    pub alike: Vec<Alike>,
}

/// An item whose text is like another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Which.
    pub id: ItemId,
    /// Words that both have and few others.
    pub words: Vec<String>,
}

/// A part of a file as a page: what stands in it, taken apart, with the searched words marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The file's path below the uploads.
    pub path: String,
    /// Where reading it begins: `/SLUG/FILE.pdf/`.
    pub address: String,
    /// The file's size in bytes.
    pub size: i64,
    /// The language of the file; empty when unknown.
    pub language: String,
    /// The symbol in its masthead, or nothing.
    pub symbol: String,
    /// A sentence where its text could not be read.
    pub note: &'static str,
    /// A sentence where its text may be wrong.
    pub remark: &'static str,
    /// How many pages it has.
    pub pages: i64,
    /// The first page that is shown here, and the last.
    pub shown: (i64, i64),
    /// How many pages are shown at a time.
    pub span: i64,
    /// What stands on them, in order.
    pub parts: Vec<ReadingPart>,
    /// Its headings: level from 1, text, page.
    pub contents: Vec<(u8, String, i64)>,
    /// Where the shown pages lead outward: page, address.
    pub links: Vec<(i64, String)>,
    /// What is looked for in it.
    pub query: String,
    /// Where it was found: page, number of the paragraph or nothing, and a passage as HTML.
    pub found: Vec<(i64, String, String)>,
}

/// A part of a page of a file; the HTML is escaped text, with marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingPart {
    /// A page begins: its number, and the number printed on it where that is another.
    Page(i64, String),
    /// A heading: level from 1, HTML.
    Heading(u8, String),
    /// A numbered paragraph, one HTML for each block of it. One that goes on from the page before has no number.
    Paragraph(String, Vec<String>),
    /// Any other text.
    Text(String),
}

/// A password for a locked item, as it came with the request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Password {
    /// None was given.
    #[default]
    None,
    /// It opens the item, for this one answer.
    Right,
    /// It does not.
    Wrong,
}

impl PageContext {
    /// Whether the item of the page is open to whoever gave the password.
    pub fn unlocked(&self) -> bool {
        self.password == Password::Right
    }
}

/// The part of a list that a page shows.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The items, in order.
    pub items: Vec<Item>,
    /// How many the whole list has.
    pub total: i64,
    /// How many pages that makes.
    pub pages: usize,
    /// With a search: per item the passage found, as HTML with `<mark>`.
    pub passages: HashMap<ItemId, String>,
    /// With a search: per item the places in its files that fit best.
    pub places: HashMap<ItemId, Vec<Place>>,
    /// With a search: exact counts over everything found, by field and value.
    pub facets: Vec<(String, Vec<(String, usize)>)>,
    /// With a search: "did you mean".
    pub suggestion: Option<String>,
    /// With a search: other words that were looked for too.
    pub also: Vec<String>,
    /// With a search that found nothing: for each parameter that narrows it, how many results there are without it.
    pub wider: Vec<(String, i64)>,
}

/// A place in a file that a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Where it is read.
    pub url: String,
    /// The page of the file, from 1; 0 when it has none.
    pub page: u32,
    /// The number of the paragraph, as printed, or nothing.
    pub paragraph: String,
    /// The language of the passage; empty when unknown.
    pub lang: String,
    /// The passage as HTML with `<mark>`.
    pub html: String,
}

/// The HTML of a feature's blocks, one for each instance that was asked for, in the same order.
pub type Prepared<'a> = Pin<Box<dyn Future<Output = Result<Vec<String>>> + Send + 'a>>;

/// Blocks that a feature brings (`guidepost/citation`): it fetches what all instances on a page need in one go and renders them.
pub trait BlockSet: Send + Sync {
    /// The names of its blocks.
    fn names(&self) -> &'static [&'static str];

    /// The HTML of these instances on this page.
    fn prepare<'a>(&'a self, page: &'a PageContext, conn: &'a mut Conn, blocks: &'a [Block]) -> Prepared<'a>;
}

/// A finished page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RenderedPage {
    /// Everything inside `<body>` after the skip link.
    pub body: String,
    /// The page's CSS: what it needs of the theme's styles, and the layout of its containers.
    pub css: String,
    /// The address of the theme's own stylesheet, empty when it has none; nothing for the built-in theme.
    pub style: Option<String>,
    /// The classes of `<body>`.
    pub classes: String,
    /// The template that was used, `single-post`.
    pub template: String,
    /// The id of the `<main>` landmark, for the skip link; empty when the template has none.
    pub main: String,
    /// Blocks that nobody renders: they are shown as saved.
    pub notices: Vec<String>,
}

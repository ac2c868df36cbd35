//! Rendering: a tree and what was fetched for it become HTML. Nothing here waits or fails.

use std::collections::{BTreeMap, HashSet};

use gp_content::{Comment, Item, Term, address::Address};
use gp_kernel::ItemId;
use gp_markup::block::{self, Block};
use serde_json::{Map, Value};

use crate::{
    blocks, content,
    fetch::{Data, is_locked, main_item},
    finish,
    needs::INHERITED,
    page::PageContext,
    supports,
    theme::Theme,
    tree::DEEPEST,
};

/// A list and the part of it that is shown.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct List<'a> {
    pub items: &'a [Item],
    /// From 1.
    pub page: usize,
    pub pages: usize,
    /// How many items all its pages have.
    pub total: i64,
    pub turning: Turning<'a>,
    /// Columns of a grid as older editors wrote them, on the query; 0 is none.
    pub columns: u64,
}

/// Where the other pages of a list are.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Turning<'a> {
    /// It has no others.
    #[default]
    None,
    /// At addresses of their own; here is the first one's.
    Site(&'a str),
    /// On the same page of the site, by a parameter of this query block.
    Own(&'a Block),
}

/// Where rendering is: which item, list and comment a block speaks of.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct At<'a> {
    pub item: Option<&'a Item>,
    pub list: Option<List<'a>>,
    pub comment: Option<&'a Comment>,
    pub term: Option<&'a Term>,
    /// What the list of terms around asks for, in its block's words.
    pub terms: Option<Option<&'a Map<String, Value>>>,
    /// The arrow of the pagination around: `arrow`, `chevron` or nothing.
    pub arrow: &'a str,
    /// Inside a gallery, whose pictures carry their ids.
    pub gallery: bool,
    pub depth: usize,
}

/// The state of rendering one page.
pub(crate) struct Render<'a> {
    pub page: &'a PageContext,
    pub theme: &'a Theme,
    pub data: &'a Data,
    pub css: String,
    /// Filters that blocks bring of their own, by name.
    pub filters: BTreeMap<String, String>,
    pub notices: Vec<String>,
    /// Blocks only, without what is done to a content afterwards.
    pub bare: bool,
    /// Items whose contents are being rendered: a content never holds itself.
    open: Vec<ItemId>,
    /// The rules that are in the CSS.
    rules: HashSet<String>,
    counter: usize,
    /// How many blocks may still be rendered, and how much of their saved markup.
    left: usize,
    bytes: usize,
}

/// How many blocks one page renders: lists inside lists inside lists multiply, and would keep a server busy for ever. The
/// blanks between blocks do not count: a novel has some thousand paragraphs, so that no text by people is cut.
const MOST_RENDERED: usize = 100_000;

/// How many bytes of saved markup one page shows: what lists multiply may be long.
const MOST_BYTES: usize = 100_000_000;

/// How many notices a page keeps.
const MOST_NOTICES: usize = 50;

/// How many levels contents inside contents may add.
const MOST_OPEN: usize = 4;

impl<'a> Render<'a> {
    pub(crate) fn new(page: &'a PageContext, theme: &'a Theme, data: &'a Data) -> Self {
        Self {
            page,
            theme,
            data,
            css: String::new(),
            filters: BTreeMap::new(),
            notices: Vec::new(),
            bare: false,
            open: Vec::new(),
            rules: HashSet::new(),
            counter: 0,
            left: MOST_RENDERED,
            bytes: MOST_BYTES,
        }
    }

    /// A number that no other element of this page has.
    pub(crate) fn number(&mut self) -> usize {
        self.counter += 1;
        self.counter
    }

    /// Remembers once that a block is not rendered.
    pub(crate) fn notice(&mut self, text: String) {
        if self.notices.len() < MOST_NOTICES && !self.notices.contains(&text) {
            self.notices.push(text);
        }
    }

    /// Blocks one after another.
    pub(crate) fn blocks(&mut self, list: &'a [Block], at: At<'a>) -> String {
        list.iter().map(|b| self.block(b, at)).collect()
    }

    /// One block.
    pub(crate) fn block(&mut self, block: &'a Block, at: At<'a>) -> String {
        if is_blank(block) {
            return block
                .inner_content
                .iter()
                .flatten()
                .map(|piece| self.spend(piece))
                .collect();
        }
        if finish::is_hidden(block) {
            return String::new();
        }
        if self.left == 0 || self.bytes == 0 {
            self.notice(format!(
                "the page ends early: it has more than {MOST_RENDERED} blocks or {MOST_BYTES} bytes"
            ));
            return String::new();
        }
        self.left -= 1;
        if at.depth > DEEPEST {
            let raw = block::serialize(std::slice::from_ref(block));
            self.bytes = self.bytes.saturating_sub(raw.len());
            return raw;
        }
        let at = At {
            depth: at.depth + 1,
            ..at
        };
        let html = blocks::render(self, block, at);
        finish::finish(self, block, html)
    }

    /// Saved markup that is shown: all of it, and then no more blocks once there was too much.
    fn spend<'m>(&mut self, markup: &'m str) -> &'m str {
        self.bytes = self.bytes.saturating_sub(markup.len());
        markup
    }

    /// The saved markup of a block with its inner blocks rendered, and the classes of a container put in.
    pub(crate) fn saved(&mut self, block: &'a Block, at: At<'a>) -> String {
        let layout = self.layout(block);
        let mut inner = block.inner_blocks.iter();
        let holds_blocks = block.inner_content.len() > 1;
        let mut out = String::with_capacity(block.inner_html.len() + 64);
        for (index, piece) in block.inner_content.iter().enumerate() {
            match piece {
                Some(markup) if index == 0 && !layout.is_empty() => {
                    out.push_str(&with_layout(self.spend(markup), &layout, holds_blocks))
                }
                Some(markup) => out.push_str(self.spend(markup)),
                None => {
                    if let Some(b) = inner.next() {
                        out.push_str(&self.block(b, at));
                    }
                }
            }
        }
        out
    }

    /// The classes of a container; its rule goes to the page's CSS.
    pub(crate) fn layout(&mut self, block: &Block) -> String {
        let layout = supports::layout(block, self.theme);
        self.rule(layout.css);
        layout.classes
    }

    /// Adds a rule to the page's CSS, once.
    pub(crate) fn rule(&mut self, css: String) {
        if !css.is_empty() && !self.rules.contains(&css) {
            self.css.push_str(&css);
            self.rules.insert(css);
        }
    }

    /// The finished content of an item; empty when the visitor may not see it or it is being rendered already.
    pub(crate) fn content(&mut self, item: &'a Item, depth: usize) -> String {
        let Some(blocks) = self.data.contents.get(&item.id).filter(|_| !is_locked(self.page, item)) else {
            return String::new();
        };
        if self.open.contains(&item.id) || self.open.len() >= MOST_OPEN {
            return String::new();
        }
        self.open.push(item.id);
        let rendered = self.blocks(
            blocks,
            At {
                item: Some(item),
                depth,
                ..At::default()
            },
        );
        self.open.pop();
        let in_blocks = blocks.iter().any(|b| b.name.is_some());
        content::finish(&rendered, in_blocks, item, self.data)
    }

    /// The list of a query block, or the page's own.
    pub(crate) fn list(&self, key: &str) -> List<'a> {
        if key != INHERITED {
            let Some(found) = self.data.lists.get(key) else {
                return List::default();
            };
            return List {
                items: &found.items,
                page: found.page,
                pages: found.pages,
                total: found.total,
                ..List::default()
            };
        }
        match &self.page.address {
            Address::List(list) => List {
                items: &self.page.listing.items,
                page: list.page,
                pages: self.page.listing.pages,
                total: self.page.listing.total,
                turning: Turning::Site(&list.first),
                ..List::default()
            },
            _ => {
                let items = main_item(self.page).map(std::slice::from_ref).unwrap_or_default();
                List {
                    items,
                    page: 1,
                    pages: 1,
                    total: i64::from(!items.is_empty()),
                    ..List::default()
                }
            }
        }
    }

    /// The address of an item; that of the page when it is the page's own.
    pub(crate) fn link(&self, item: &Item) -> String {
        if let Some(link) = self.data.links.get(&item.id) {
            return link.clone();
        }
        match &self.page.address {
            Address::Item { item: main, link, .. } if main.id == item.id => link.clone(),
            _ => format!("/?p={}", item.id),
        }
    }

    /// Whether only the title of an item may be shown.
    pub(crate) fn locked(&self, item: &Item) -> bool {
        is_locked(self.page, item)
    }
}

/// What stands between two blocks: blanks and nothing else.
fn is_blank(block: &Block) -> bool {
    let mut pieces = block.inner_content.iter();
    block.name.is_none() && pieces.all(|piece| piece.as_ref().is_some_and(|markup| markup.trim().is_empty()))
}

/// Classes of a container go to the element that holds the inner blocks: the last one that is still open there.
fn with_layout(markup: &str, classes: &str, holds_blocks: bool) -> String {
    let tag = if holds_blocks {
        crate::html::Tag::last_open(markup)
    } else {
        crate::html::Tag::find(markup, 0)
    };
    tag.map_or_else(|| markup.to_owned(), |tag| tag.add_classes(classes))
}

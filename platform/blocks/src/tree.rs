//! Puts a tree together: template parts, patterns, synced patterns and menus are placed inside the block that names them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::OnceLock,
};

use gp_kernel::ItemId;
use gp_markup::block::Block;
use serde_json::{Map, Value};

use crate::{bindings, theme::Theme};

/// Deeper blocks are shown as saved. Editors reach about a dozen levels.
pub(crate) const DEEPEST: usize = 60;

/// How many blocks a page may have after everything was put in: patterns that name patterns grow fast.
const MOST_BLOCKS: usize = 20_000;

/// Templates and parts that the site keeps in its database; they come before the theme's files.
#[derive(Debug, Default)]
pub(crate) struct Custom {
    pub templates: BTreeMap<String, Piece>,
    pub parts: BTreeMap<String, Piece>,
}

/// A stored template or part; most pages need few of them, so they are parsed when they are.
#[derive(Debug)]
pub(crate) struct Piece {
    markup: String,
    parsed: OnceLock<Vec<Block>>,
}

impl Piece {
    pub(crate) fn new(markup: String) -> Self {
        Self {
            markup,
            parsed: OnceLock::new(),
        }
    }

    /// About how many bytes it takes in memory, parsed.
    pub(crate) fn size(&self) -> usize {
        self.markup.len() * 8 + 200
    }

    pub(crate) fn blocks(&self) -> &[Block] {
        self.parsed.get_or_init(|| gp_markup::block::parse(&self.markup))
    }
}

/// Where the pieces come from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub theme: &'a Theme,
    pub custom: &'a Custom,
    /// Synced patterns and menus by id; one that may not be shown is empty.
    pub rows: &'a HashMap<ItemId, Vec<Block>>,
}

/// What came of putting a tree together.
#[derive(Debug, Default)]
pub(crate) struct Expanded {
    pub blocks: Vec<Block>,
    /// Rows that were named and are not among the sources.
    pub missing: BTreeSet<ItemId>,
}

/// Puts a tree together as far as the sources reach.
pub(crate) fn expand(sources: Sources<'_>, blocks: &[Block]) -> Expanded {
    let mut work = Work {
        sources,
        missing: BTreeSet::new(),
        left: MOST_BLOCKS,
        open: Vec::new(),
    };
    let blocks = work.list(blocks, 0);
    Expanded {
        blocks,
        missing: work.missing,
    }
}

struct Work<'a> {
    sources: Sources<'a>,
    missing: BTreeSet<ItemId>,
    left: usize,
    /// What is being put in at the moment: a piece never holds itself.
    open: Vec<String>,
}

impl<'a> Work<'a> {
    fn list(&mut self, blocks: &[Block], depth: usize) -> Vec<Block> {
        blocks.iter().map(|b| self.block(b, depth)).collect()
    }

    fn block(&mut self, block: &Block, depth: usize) -> Block {
        self.left = self.left.saturating_sub(1);
        if depth > DEEPEST || self.left == 0 {
            return block.clone();
        }
        let text = |key: &str| block.attrs.get(key).and_then(Value::as_str).unwrap_or_default();
        let reference = || {
            block
                .attrs
                .get("ref")
                .and_then(Value::as_i64)
                .filter(|id| *id > 0)
                .map(ItemId)
        };
        match block.name.as_deref() {
            Some("core/template-part") => {
                let (slug, theme) = (text("slug"), text("theme"));
                let ours = theme.is_empty() || theme == self.sources.theme.name;
                let piece = ours.then(|| self.part(slug)).flatten();
                self.put(block, format!("part {slug}"), piece, depth)
            }
            Some("core/pattern") => {
                let slug = text("slug");
                self.put(
                    block,
                    format!("pattern {slug}"),
                    self.sources.theme.pattern(slug),
                    depth,
                )
            }
            Some("core/block") => {
                let Some(id) = reference() else { return block.clone() };
                let mut filled = self.put(block, format!("row {id}"), self.row(id), depth);
                if let Some(overrides) = block.attrs.get("content").and_then(Value::as_object) {
                    override_all(&mut filled.inner_blocks, overrides, 0);
                }
                filled
            }
            Some("core/navigation") if reference().is_some() => {
                let Some(id) = reference() else { return block.clone() };
                self.put(block, format!("row {id}"), self.row(id), depth)
            }
            _ => Block {
                inner_blocks: self.list(&block.inner_blocks, depth + 1),
                ..block.clone_shell()
            },
        }
    }

    fn part(&self, slug: &str) -> Option<&'a [Block]> {
        let sources = self.sources;
        sources
            .custom
            .parts
            .get(slug)
            .map(Piece::blocks)
            .or_else(|| sources.theme.part(slug))
    }

    fn row(&self, id: ItemId) -> Option<&'a [Block]> {
        self.sources.rows.get(&id).map(Vec::as_slice)
    }

    fn put(&mut self, block: &Block, key: String, piece: Option<&'a [Block]>, depth: usize) -> Block {
        let mut filled = Block {
            attrs: block.attrs.clone(),
            name: block.name.clone(),
            ..Block::default()
        };
        if self.open.contains(&key) {
            return filled;
        }
        let Some(piece) = piece else {
            if let Some(id) = key.strip_prefix("row ").and_then(|id| id.parse().ok()) {
                self.missing.insert(ItemId(id));
            }
            return filled;
        };
        self.open.push(key);
        filled.inner_blocks = self.list(piece, depth + 1);
        self.open.pop();
        filled.inner_content = vec![None; filled.inner_blocks.len()];
        filled
    }
}

/// A copy without the inner blocks, which are about to be replaced.
trait CloneShell {
    fn clone_shell(&self) -> Block;
}

impl CloneShell for Block {
    fn clone_shell(&self) -> Block {
        Block {
            name: self.name.clone(),
            attrs: self.attrs.clone(),
            inner_blocks: Vec::new(),
            inner_html: String::new(),
            inner_content: self.inner_content.clone(),
        }
    }
}

/// Puts a page's own words into the places that a synced pattern leaves open.
fn override_all(blocks: &mut [Block], overrides: &Map<String, Value>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    for block in blocks {
        let name = block.attrs.get("metadata").and_then(|m| m.get("name")?.as_str());
        if let Some(values) = name.and_then(|n| overrides.get(n)).and_then(Value::as_object) {
            override_one(block, values);
        }
        override_all(&mut block.inner_blocks, overrides, depth + 1);
    }
}

fn override_one(block: &mut Block, values: &Map<String, Value>) {
    // Only blocks that hold one run of markup can be overridden.
    let [Some(markup)] = block.inner_content.as_slice() else {
        return;
    };
    let name = block.name.as_deref().unwrap_or_default();
    let mut changed = markup.clone();
    for (attribute, value) in values {
        let value = value.as_str().filter(|_| bindings::is_overridable(block, attribute));
        if let Some(value) = value {
            changed = bindings::put(name, &changed, attribute, value);
        }
    }
    block.inner_content = vec![Some(changed)];
}

/// Calls `f` for every block of a tree, parents first.
pub(crate) fn walk<'a>(blocks: &'a [Block], f: &mut dyn FnMut(&'a Block)) {
    let mut stack: Vec<&Block> = blocks.iter().rev().collect();
    while let Some(block) = stack.pop() {
        f(block);
        stack.extend(block.inner_blocks.iter().rev());
    }
}

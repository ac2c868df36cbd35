//! Classic menus as navigation blocks: what a menu's entries point at, put into a tree.

use std::collections::{BTreeSet, HashMap};

use gp_content::{Item, Meta, Scope, Sight, Site, Term, Types, address::links};
use gp_kernel::{ItemId, TermId};
use gp_markup::block::Block;
use serde_json::{Map, Value};

/// Everything that a menu's entries point at.
pub(crate) struct Objects<'a> {
    pub site: &'a Site,
    pub types: &'a Types,
    pub scope: &'a Scope,
    pub meta: &'a HashMap<i64, Meta>,
    pub items: &'a HashMap<ItemId, Item>,
    pub links: &'a HashMap<ItemId, String>,
    pub taxonomies: &'a HashMap<String, Vec<Term>>,
}

/// How deep menus are followed.
const DEEPEST: usize = 10;

/// What an entry's meta says it is: `post_type`, `taxonomy`, `custom`.
pub(crate) fn kind_of(meta: &Meta) -> String {
    meta.text("_menu_item_type")
}

/// The blocks of a menu from its entries in order.
pub(crate) fn blocks(objects: &Objects<'_>, entries: &[Item]) -> Vec<Block> {
    let ids: BTreeSet<i64> = entries.iter().map(|e| e.id.0).collect();
    let mut below: HashMap<i64, Vec<&Item>> = HashMap::new();
    for entry in entries {
        let parent = objects
            .meta
            .get(&entry.id.0)
            .and_then(|m| m.int("_menu_item_menu_item_parent"))
            .unwrap_or(0);
        // An entry whose parent is gone stands at the top.
        let parent = if ids.contains(&parent) && parent != entry.id.0 {
            parent
        } else {
            0
        };
        below.entry(parent).or_default().push(entry);
    }
    level(objects, &below, 0, 0)
}

fn level(objects: &Objects<'_>, below: &HashMap<i64, Vec<&Item>>, parent: i64, depth: usize) -> Vec<Block> {
    if depth > DEEPEST {
        return Vec::new();
    }
    let entries = below.get(&parent).into_iter().flatten();
    entries
        .filter_map(|entry| {
            let attrs = attributes(objects, entry)?;
            let inner = level(objects, below, entry.id.0, depth + 1);
            let name = if inner.is_empty() {
                "core/navigation-link"
            } else {
                "core/navigation-submenu"
            };
            let mut block = Block::void(name, attrs);
            block.inner_content = vec![None; inner.len()];
            block.inner_blocks = inner;
            Some(block)
        })
        .collect()
}

/// Label and address of an entry; `None` when what it points at is gone or not to be seen.
fn attributes(objects: &Objects<'_>, entry: &Item) -> Option<Map<String, Value>> {
    let meta = objects.meta.get(&entry.id.0)?;
    let id = meta.int("_menu_item_object_id").unwrap_or(0);
    let object = meta.text("_menu_item_object");
    let (own, url) = match kind_of(meta).as_str() {
        "post_type" => {
            let item = objects.items.get(&ItemId(id))?;
            let floating = item.status == "inherit" && item.parent.0 != 0;
            if floating || objects.scope.sight(item, None) == Sight::Nothing {
                return None;
            }
            (crate::html::title(&item.title), objects.links.get(&item.id)?.clone())
        }
        "taxonomy" => {
            let all = objects.taxonomies.get(&object)?;
            let term = all.iter().find(|t| t.term_id == TermId(id))?;
            (
                term.name.clone(),
                links::of_term(objects.site, objects.types, term, all),
            )
        }
        "post_type_archive" => {
            let kind = objects.types.get(&object).filter(|t| t.public && !t.front.is_empty())?;
            (
                kind.plural.to_owned(),
                format!("/{}{}", kind.front, objects.site.trailing()),
            )
        }
        _ => (String::new(), meta.text("_menu_item_url")),
    };
    let label = if entry.title.trim().is_empty() {
        own
    } else {
        crate::html::title(&entry.title)
    };
    let mut attrs = Map::new();
    let mut set = |key: &str, value: String| {
        if !value.is_empty() {
            attrs.insert(key.to_owned(), Value::String(value));
        }
    };
    set("label", label);
    set("url", url);
    set("title", entry.excerpt.clone());
    set("rel", meta.text("_menu_item_xfn"));
    let classes = meta
        .bytes("_menu_item_classes")
        .and_then(|v| gp_php::parse_lenient(v).ok());
    let classes: Vec<String> = classes
        .iter()
        .flat_map(gp_php::Value::iter)
        .filter_map(|(_, v)| v.as_str().map(std::borrow::Cow::into_owned))
        .collect();
    set("className", classes.join(" ").trim().to_owned());
    if meta.text("_menu_item_target") == "_blank" {
        attrs.insert("opensInNewTab".to_owned(), Value::Bool(true));
    }
    Some(attrs)
}

//! Menus, without script: what folds away in WordPress is a plain list here, and the theme's CSS lays it out.

use gp_content::{Item, Sight, address::Address};
use gp_kernel::ItemId;
use gp_markup::{block::Block, text as words};

use super::{flag, number, text};
use crate::{
    bindings, html,
    needs::menu_location,
    render::{At, Render},
    supports::wrapper,
};

pub(super) fn menu<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let has_ref = block.attrs.contains_key("ref");
    let entries: &'a [Block] = if block.inner_blocks.is_empty() && !has_ref {
        r.data
            .menus
            .get(menu_location(block))
            .map(Vec::as_slice)
            .unwrap_or_default()
    } else {
        &block.inner_blocks
    };
    let inner = list(r, entries, at);
    if inner.is_empty() {
        return String::new();
    }
    let layout = r.layout(block);
    let label = match text(block, "ariaLabel") {
        "" if menu_location(block) == "footer" => "Footer".to_owned(),
        "" => match r.number() {
            1 => "Main".to_owned(),
            n => format!("Menu {n}"),
        },
        label => label.to_owned(),
    };
    format!(
        "<nav{} aria-label=\"{}\">{inner}</nav>",
        wrapper(block, &layout),
        html::attr(&label)
    )
}

/// Entries in lists, other blocks (a search form, a spacer) between them.
fn list<'a>(r: &mut Render<'a>, entries: &'a [Block], at: At<'a>) -> String {
    let mut out = String::new();
    let mut open = false;
    for entry in entries {
        let is_entry = matches!(
            entry.name.as_deref(),
            Some("core/navigation-link" | "core/navigation-submenu" | "core/home-link" | "core/page-list")
        );
        let inner = match entry.name.as_deref() {
            None => String::new(),
            Some("core/page-list") => page_entries(r, entry, true),
            Some(_) => r.block(entry, at),
        };
        if inner.trim().is_empty() {
            continue;
        }
        if is_entry != open {
            out.push_str(if is_entry {
                match entry.name.as_deref() {
                    Some("core/page-list") => "<ul class=\"wp-block-navigation__container wp-block-page-list\">",
                    _ => "<ul class=\"wp-block-navigation__container\">",
                }
            } else {
                "</ul>"
            });
            open = is_entry;
        }
        out.push_str(&inner);
    }
    if open {
        out.push_str("</ul>");
    }
    out
}

/// Whether an address is that of this page.
fn is_current(r: &Render<'_>, address: &str) -> bool {
    let here = match &r.page.address {
        Address::Item { link, .. } => link.as_str(),
        Address::List(list) => list.first.as_str(),
        _ => return false,
    };
    let path = [r.page.base_url.as_str(), r.page.site.home.as_str()]
        .into_iter()
        .filter(|base| !base.is_empty())
        .find_map(|base| address.strip_prefix(base))
        .unwrap_or(address);
    !path.is_empty() && path.trim_end_matches('/') == here.trim_end_matches('/')
}

/// Whether what a link points at may be seen; one that points at nothing by id stays.
fn target_is_shown(r: &Render<'_>, block: &Block) -> bool {
    let id = block
        .attrs
        .get("id")
        .and_then(serde_json::Value::as_i64)
        .filter(|id| *id > 0);
    match id.filter(|_| text(block, "kind") == "post-type") {
        Some(id) => match r.data.others.get(&ItemId(id)) {
            Some(item) => item.status == "inherit" || r.page.scope.sight(item, None) != Sight::Nothing,
            None => false,
        },
        None => true,
    }
}

pub(super) fn entry<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let label = html::title(text(block, "label"));
    if label.is_empty() || !target_is_shown(r, block) {
        return String::new();
    }
    let below = r.blocks(&block.inner_blocks, at);
    let submenu = block.name.as_deref() == Some("core/navigation-submenu");
    let bound = bindings::address(r, block, at);
    let address = bound.as_deref().unwrap_or_else(|| text(block, "url"));
    let current = is_current(r, address);
    let words = format!("<span class=\"wp-block-navigation-item__label\">{label}</span>");
    let mut attributes = String::new();
    let mut add = |key: &str, value: &str| attributes.push_str(&format!(" {key}=\"{value}\""));
    if !html::url(address).is_empty() {
        add("href", &html::url(address));
    }
    if current {
        add("aria-current", "page");
    }
    if flag(block, "opensInNewTab", false) {
        add("target", "_blank");
    }
    for (key, name) in [("rel", "rel"), ("title", "title")] {
        if !text(block, key).is_empty() {
            add(name, &html::attr(text(block, key)));
        }
    }
    let link = format!("<a class=\"wp-block-navigation-item__content\"{attributes}>{words}</a>");
    let mut classes = String::from("wp-block-navigation-item");
    if submenu && !below.trim().is_empty() {
        classes.push_str(" has-child");
    }
    if current {
        classes.push_str(" current-menu-item");
    }
    let below = if below.trim().is_empty() {
        String::new()
    } else {
        format!("<ul class=\"wp-block-navigation__submenu-container wp-block-navigation-submenu\">{below}</ul>")
    };
    format!("<li{}>{link}{below}</li>", wrapper(block, &classes))
}

pub(super) fn page_list(r: &mut Render<'_>, block: &Block) -> String {
    let entries = page_entries(r, block, false);
    if entries.is_empty() {
        entries
    } else {
        format!("<ul{}>{entries}</ul>", wrapper(block, ""))
    }
}

/// Entries of a list of pages; in a menu they carry the menu's classes too.
fn page_entries(r: &Render<'_>, block: &Block, in_menu: bool) -> String {
    let root = i64::try_from(number(block, "parentPageID", 0)).unwrap_or(0);
    page_level(r, ItemId(root), in_menu, 0)
}

/// How deep trees of pages are followed.
const DEEPEST: usize = 10;

fn page_level(r: &Render<'_>, parent: ItemId, in_menu: bool, depth: usize) -> String {
    if depth > DEEPEST {
        return String::new();
    }
    let here = r
        .data
        .pages
        .iter()
        .filter(|page| page.parent == parent && page.id != parent);
    here.map(|page| page_entry(r, page, in_menu, depth)).collect()
}

fn page_entry(r: &Render<'_>, page: &Item, in_menu: bool, depth: usize) -> String {
    let menu = |class: &'static str| if in_menu { class } else { "" };
    let mut below = page_level(r, page.id, in_menu, depth + 1);
    let mut item = String::from("wp-block-pages-list__item");
    if !below.is_empty() {
        item.push_str(" has-child");
        let class = menu(" wp-block-navigation__submenu-container");
        below = format!("<ul class=\"wp-block-page-list__submenu-container{class}\">{below}</ul>");
    }
    item.push_str(menu(" wp-block-navigation-item"));
    let address = r.link(page);
    let current = if is_current(r, &address) {
        " aria-current=\"page\""
    } else {
        ""
    };
    let title = Some(super::post::title_of(page)).filter(|t| !t.is_empty());
    let link = format!(
        "<a class=\"wp-block-pages-list__item__link{}\" href=\"{}\"{current}>{}</a>",
        menu(" wp-block-navigation-item__content"),
        html::url(&address),
        title.unwrap_or_else(|| "(no title)".to_owned())
    );
    format!("<li class=\"{item}\">{link}{below}</li>")
}

pub(super) fn home_link(r: &mut Render<'_>, block: &Block) -> String {
    let label = if text(block, "label").is_empty() {
        "Home"
    } else {
        text(block, "label")
    };
    let current = if is_current(r, "/") {
        " aria-current=\"page\""
    } else {
        ""
    };
    let label = words::normalize_entities(&html::title(label)).into_owned();
    format!(
        "<li{}><a class=\"wp-block-home-link__content wp-block-navigation-item__content\" href=\"/\" rel=\"home\"{current}>{label}</a></li>",
        wrapper(block, "wp-block-navigation-item")
    )
}

//! Menus of sites that have none at our locations: their navigation made of blocks, or the menu of an earlier theme.

use std::collections::HashMap;

use gp_blocks::html;
use gp_content::{Item, Sight, address::links, items};
use gp_kernel::{ItemId, Result, TermId};
use gp_markup::block::{self, Block};

use super::{
    desk::Desk,
    menu::{Entry, own_path},
};
use crate::store;

/// Entries of one level that are read.
const MOST: usize = 60;

/// The entries of the newest published navigation.
pub(super) async fn entries(desk: &mut Desk<'_>) -> Result<Vec<Entry>> {
    let Some(navigation) = store::newest_navigation(desk.conn).await? else {
        return Ok(Vec::new());
    };
    let blocks = block::parse(&navigation.content);
    let ids: Vec<ItemId> = blocks
        .iter()
        .flat_map(|b| std::iter::once(b).chain(&b.inner_blocks))
        .filter_map(target)
        .collect();
    let found = items::by_ids(desk.conn, &ids).await?;
    let seen: Vec<Item> = found
        .into_values()
        .filter(|i| desk.page.scope.sight(i, None) != Sight::Nothing)
        .collect();
    let addresses = links::of_items(desk.conn, &desk.page.site, &desk.page.types, &seen).await?;
    let home = desk.page.site.home.clone();
    Ok(level(&blocks, &addresses, &home, true))
}

/// The item that a link of a navigation names.
fn target(block: &Block) -> Option<ItemId> {
    let is_item = block.attrs.get("kind").and_then(serde_json::Value::as_str) == Some("post-type");
    let id = block
        .attrs
        .get("id")
        .and_then(serde_json::Value::as_i64)
        .filter(|id| *id > 0)?;
    is_item.then_some(ItemId(id))
}

fn level(blocks: &[Block], addresses: &HashMap<ItemId, String>, home: &str, top: bool) -> Vec<Entry> {
    let links = blocks.iter().filter(|b| {
        matches!(
            b.name.as_deref(),
            Some("core/navigation-link" | "core/navigation-submenu" | "core/home-link")
        )
    });
    let entries = links.take(MOST).filter_map(|block| {
        let text = |name: &str| {
            block
                .attrs
                .get(name)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
        };
        let url = match target(block) {
            // What it leads to is gone, or not for this reader.
            Some(id) => addresses.get(&id)?.clone(),
            None if block.name.as_deref() == Some("core/home-link") => "/".to_owned(),
            None => own_path(text("url"), home),
        };
        let label = html::title(&gp_markup::text::strip_all_tags(text("label"), true));
        (!label.trim().is_empty()).then(|| Entry {
            label,
            url,
            about: String::new(),
            below: if top {
                level(&block.inner_blocks, addresses, home, false)
            } else {
                Vec::new()
            },
        })
    });
    entries.collect()
}

/// The menu that any theme of the site had at this location: the site's own choice before it moved here.
pub(super) async fn location_elsewhere(desk: &mut Desk<'_>, location: &str) -> Result<Option<TermId>> {
    let mods = store::theme_mods(desk.conn).await?;
    let found = mods.iter().find_map(|bytes| {
        let mods = gp_php::parse_lenient(bytes).ok()?;
        mods.get("nav_menu_locations")?
            .get(location)?
            .as_int()
            .filter(|id| *id > 0)
    });
    Ok(found.map(TermId))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_navigation_of_two_levels_leaves_out_what_is_gone() {
        let markup = r#"<!-- wp:navigation-link {"label":"Gone","id":9,"kind":"post-type","url":"/gone/"} /-->
            <!-- wp:navigation-link {"label":"About <b>us</b>","id":7,"kind":"post-type","url":"/old/"} /-->
            <!-- wp:navigation-submenu {"label":"More","url":"https://site.example/more/","kind":"custom"} -->
            <!-- wp:navigation-link {"label":"Far","url":"https://far.example/","kind":"custom"} /-->
            <!-- /wp:navigation-submenu --><!-- wp:search /-->"#;
        let addresses = HashMap::from([(ItemId(7), "/about/".to_owned())]);
        let found = level(&block::parse(markup), &addresses, "https://site.example", true);
        let shown: Vec<_> = found
            .iter()
            .map(|e| (e.label.as_str(), e.url.as_str(), e.below.len()))
            .collect();
        assert_eq!(shown, [("About us", "/about/", 0), ("More", "/more/", 1)]);
        assert_eq!(found[1].below[0].url, "https://far.example/");
    }
}

//! The menus that navigation blocks without a menu of their own show.

use std::collections::BTreeSet;

use gp_content::{Item, ItemQuery, MetaKind, Order, address::links, items, meta, terms};
use gp_kernel::{ItemId, Result};
use gp_markup::block::{self, Block};

use super::Fetcher;
use crate::menu;

impl Fetcher<'_> {
    pub(super) async fn load_menus(&mut self) -> Result<()> {
        let wanted: Vec<String> = self
            .needs
            .menus
            .iter()
            .filter(|l| !self.data.menus.contains_key(*l))
            .cloned()
            .collect();
        for location in wanted {
            let blocks = match self.page.site.menu_locations.get(&location) {
                Some(term) => self.classic_menu(term.0).await?,
                None if location.is_empty() => self.fallback_menu().await?,
                None => Vec::new(),
            };
            self.needs.add(&blocks);
            self.data.menus.insert(location, blocks);
        }
        Ok(())
    }

    /// What WordPress shows when a navigation block names nothing: the newest menu of blocks, a classic menu, the pages.
    async fn fallback_menu(&mut self) -> Result<Vec<Block>> {
        let query = ItemQuery {
            types: vec!["wp_navigation".to_owned()],
            limit: 1,
            ..ItemQuery::default()
        };
        if let Some(item) = items::some(self.conn, &self.design, &query).await?.into_iter().next() {
            return self.tree(&block::parse(&item.content)).await;
        }
        let locations = &self.page.site.menu_locations;
        if let Some(term) = locations.get("primary").or_else(|| locations.values().next()).copied() {
            return self.classic_menu(term.0).await;
        }
        Ok(vec![Block::void("core/page-list", serde_json::Map::new())])
    }

    async fn classic_menu(&mut self, term_id: i64) -> Result<Vec<Block>> {
        let Some(term) = terms::by_term_id(self.conn, "nav_menu", term_id.into()).await? else {
            return Ok(Vec::new());
        };
        let query = ItemQuery {
            types: vec!["nav_menu_item".to_owned()],
            terms: vec![vec![term.id.0]],
            order: Order::Menu,
            limit: 500,
            ..ItemQuery::default()
        };
        let entries = items::some(self.conn, &self.design, &query).await?;
        let ids: Vec<i64> = entries.iter().map(|e| e.id.0).collect();
        let metas = meta::of_many(self.conn, MetaKind::Item, &ids).await?;
        let of_kind = |kind: &str| metas.values().filter(|m| menu::kind_of(m) == kind).collect::<Vec<_>>();
        let wanted: Vec<ItemId> = of_kind("post_type")
            .iter()
            .filter_map(|m| m.int("_menu_item_object_id"))
            .map(ItemId)
            .collect();
        let named: BTreeSet<String> = of_kind("taxonomy")
            .iter()
            .map(|m| m.text("_menu_item_object"))
            .collect();
        self.needs.taxonomies.extend(named);
        self.load_taxonomies().await?;
        let objects = items::by_ids(self.conn, &wanted).await?;
        let list: Vec<Item> = objects.values().cloned().collect();
        let addresses = links::of_items(self.conn, &self.page.site, &self.page.types, &list).await?;
        Ok(menu::blocks(
            &menu::Objects {
                site: &self.page.site,
                types: &self.page.types,
                scope: &self.page.scope,
                meta: &metas,
                items: &objects,
                links: &addresses,
                taxonomies: &self.data.taxonomies,
            },
            &entries,
        ))
    }
}

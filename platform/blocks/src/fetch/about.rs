//! What is shown of items (addresses, pictures, terms, people) and of the site as a whole.

use std::collections::{BTreeMap, BTreeSet};

use gp_content::{
    Item, ItemQuery, MetaKind, Order,
    address::{Address, links},
    comments, items, meta, terms,
};
use gp_kernel::{ItemId, Result};

use super::{Fetcher, is_locked, main_item};
use crate::{shortcodes, tree};

/// How many items above an item are followed.
const MOST_ANCESTORS: usize = 12;

impl Fetcher<'_> {
    /// What is shown of listed items: addresses, pictures, terms, people.
    pub(super) async fn load_about_items(&mut self) -> Result<BTreeMap<ItemId, Item>> {
        let mut all: BTreeMap<ItemId, Item> = main_item(self.page).map(|i| (i.id, i.clone())).into_iter().collect();
        if self.needs.inherited {
            all.extend(self.inherited().iter().map(|i| (i.id, i.clone())));
        }
        let listed = self.data.lists.values().flat_map(|list| &list.items);
        all.extend(listed.map(|i| (i.id, i.clone())));
        let ids: Vec<ItemId> = all.keys().copied().collect();
        if self.needs.terms {
            self.data.terms = terms::of_items(self.conn, &ids).await?;
            let used: BTreeSet<String> = self.data.terms.values().flatten().map(|t| t.taxonomy.clone()).collect();
            let hierarchical = used
                .into_iter()
                .filter(|t| self.page.types.taxonomy(t).is_some_and(|t| t.hierarchical));
            self.needs.taxonomies.extend(hierarchical);
            self.load_taxonomies().await?;
        }
        if self.needs.thumbnails || self.needs.fields {
            let missing: Vec<i64> = ids
                .iter()
                .map(|i| i.0)
                .filter(|i| !self.data.meta.contains_key(i))
                .collect();
            let found = meta::of_many(self.conn, MetaKind::Item, &missing).await?;
            self.data.meta.extend(found);
        }
        self.load_media(&ids).await?;
        let list: Vec<Item> = all.values().cloned().collect();
        let found = links::of_items(self.conn, &self.page.site, &self.page.types, &list).await?;
        self.data.links.extend(found);
        Ok(all)
    }

    async fn load_media(&mut self, ids: &[ItemId]) -> Result<()> {
        let mut wanted: BTreeSet<ItemId> = BTreeSet::new();
        if self.needs.thumbnails {
            let thumbnails = ids
                .iter()
                .filter_map(|id| self.data.meta.get(&id.0)?.int("_thumbnail_id"));
            wanted.extend(thumbnails.filter(|id| *id > 0).map(ItemId));
        }
        if self.needs.logo {
            wanted.extend(self.page.site.logo);
        }
        let (galleries, owners) = self.galleries();
        wanted.extend(galleries);
        for owner in owners {
            let own = items::children(self.conn, owner, "attachment").await?;
            wanted.extend(own.iter().filter(|i| i.mime_type.starts_with("image/")).map(|i| i.id));
        }
        wanted.extend(&self.needs.pictures);
        self.add_media(wanted).await
    }

    /// Uploads with what is known of their files.
    pub(super) async fn add_media(&mut self, wanted: BTreeSet<ItemId>) -> Result<()> {
        let known = |id: &ItemId| self.data.media.contains_key(id);
        let wanted: Vec<ItemId> = wanted.into_iter().filter(|id| !known(id)).collect();
        if !wanted.is_empty() {
            let mut media = items::by_ids(self.conn, &wanted).await?;
            media.retain(|_, item| item.kind == "attachment" && item.status != "trash");
            self.data.media.extend(media);
            let ids: Vec<i64> = wanted.iter().map(|i| i.0).collect();
            let found = meta::of_many(self.conn, MetaKind::Item, &ids).await?;
            self.data.meta.extend(found);
        }
        Ok(())
    }

    /// What stands above the page's item; parents are read one by one, and loops of them end.
    async fn load_ancestors(&mut self) -> Result<()> {
        let Address::Item { item, parent, .. } = &self.page.address else {
            return Ok(());
        };
        let mut next = match parent {
            Some(parent) => Some((**parent).clone()),
            None if item.parent.0 > 0 => items::by_id(self.conn, item.parent).await?,
            None => None,
        };
        while let Some(above) = next.filter(|_| self.data.ancestors.len() < MOST_ANCESTORS) {
            if above.id == item.id || self.data.ancestors.iter().any(|a| a.id == above.id) {
                break;
            }
            let parent = above.parent;
            self.data.ancestors.push(above);
            next = match parent.0 {
                0 => None,
                _ => items::by_id(self.conn, parent).await?,
            };
        }
        self.data.ancestors.reverse();
        Ok(())
    }

    /// Pictures that gallery shortcodes name, and the items whose uploads they show.
    fn galleries(&self) -> (Vec<ItemId>, Vec<ItemId>) {
        let (mut pictures, mut owners) = (Vec::new(), Vec::new());
        for (id, blocks) in &self.data.contents {
            tree::walk(blocks, &mut |b| {
                let (named, all) =
                    shortcodes::gallery_pictures(&b.inner_content.iter().flatten().cloned().collect::<String>());
                pictures.extend(named);
                if all && owners.len() < 5 {
                    owners.push(*id);
                }
            });
        }
        (pictures, owners)
    }

    /// Lists that do not belong to an item.
    pub(super) async fn load_site_wide(&mut self) -> Result<()> {
        let scope = &self.page.scope;
        let posts = ["post".to_owned()];
        let counted: Vec<String> = self.needs.counted.iter().cloned().collect();
        for taxonomy in counted {
            let counts = items::counts_by_term(self.conn, scope, &[], &taxonomy).await?;
            self.data.counts.insert(taxonomy, counts);
        }
        if self.needs.months {
            self.data.months = items::months(self.conn, scope, &posts).await?;
        }
        if self.needs.pages {
            let query = ItemQuery {
                types: vec!["page".to_owned()],
                order: Order::Menu,
                limit: 1000,
                ..ItemQuery::default()
            };
            self.data.pages = items::some(self.conn, scope, &query).await?;
            // Titles by letters, whatever their case, as WordPress's database compares them.
            self.data
                .pages
                .sort_by_cached_key(|page| (page.menu_order, page.title.to_lowercase(), page.id));
            let found = links::of_items(self.conn, &self.page.site, &self.page.types, &self.data.pages).await?;
            self.data.links.extend(found);
        }
        if self.needs.days {
            let month = crate::blocks::calendar_month(self.page);
            let query = ItemQuery {
                types: posts.to_vec(),
                dates: gp_content::Dates::of_prefix(&month),
                limit: 1000,
                ..ItemQuery::default()
            };
            self.data.days = items::some(self.conn, scope, &query).await?;
        }
        self.load_around().await
    }

    /// Comments, neighbours and what menu links point at.
    async fn load_around(&mut self) -> Result<()> {
        let mut wanted: BTreeSet<ItemId> = self.needs.targets.clone();
        let posts = self.page.site.posts_page.filter(|_| self.needs.trail);
        wanted.extend(posts);
        if self.needs.trail {
            self.load_ancestors().await?;
        }
        if let Some(item) = main_item(self.page) {
            if self.needs.comments && !is_locked(self.page, item) {
                self.data.comments = comments::public_of(self.conn, item.id).await?;
            }
            if self.needs.neighbours {
                self.data.neighbours = self.neighbours(item).await?;
            }
        }
        if self.needs.newest_comments > 0 {
            self.data.newest_comments = comments::newest_public(self.conn, self.needs.newest_comments).await?;
            wanted.extend(self.data.newest_comments.iter().map(|c| c.item));
        }
        self.data.others = items::by_ids(self.conn, &wanted.into_iter().collect::<Vec<_>>()).await?;
        let (before, after) = &self.data.neighbours;
        let mut list: Vec<Item> = before
            .iter()
            .chain(after)
            .chain(&self.data.ancestors)
            .cloned()
            .collect();
        let linked = self.needs.linked.iter().filter_map(|id| self.data.others.get(id));
        list.extend(linked.cloned());
        list.extend(posts.and_then(|id| self.data.others.get(&id)).cloned());
        list.extend(
            self.data
                .newest_comments
                .iter()
                .filter_map(|c| self.data.others.get(&c.item))
                .cloned(),
        );
        if !list.is_empty() {
            let found = links::of_items(self.conn, &self.page.site, &self.page.types, &list).await?;
            self.data.links.extend(found);
        }
        Ok(())
    }

    /// The items before and after; before a file comes what it was uploaded to.
    async fn neighbours(&mut self, item: &Item) -> Result<(Option<Item>, Option<Item>)> {
        match &self.page.address {
            Address::Item { parent, .. } if item.kind == "attachment" => Ok((parent.as_deref().cloned(), None)),
            _ => items::neighbours(self.conn, item).await,
        }
    }
}

//! Fetches what a page needs, in a number of queries that depends on its blocks and not on how many items they list.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gp_content::{
    Comment, ContentType, Item, ItemQuery, Meta, MetaKind, Order, Scope, Sight, Term, Types, User,
    address::{Address, links},
    comments, items, meta, terms, users,
};
use gp_kernel::{ItemId, Result, UserId};
use gp_markup::block::{self, Block};
use gp_store::Conn;

use crate::{
    content, menu,
    needs::{INHERITED, Needs},
    page::PageContext,
    query, shortcodes,
    theme::Theme,
    tree::{self, Custom, Piece, Sources},
};

/// Everything that rendering reads; nothing is fetched after this is made.
#[derive(Debug, Default)]
pub(crate) struct Data {
    /// The page's own tree.
    pub root: Vec<Block>,
    /// Contents of items that are shown whole.
    pub contents: HashMap<ItemId, Vec<Block>>,
    /// Lists of queries by key.
    pub lists: HashMap<String, Vec<Item>>,
    pub links: HashMap<ItemId, String>,
    pub meta: HashMap<i64, Meta>,
    pub terms: HashMap<ItemId, Vec<Term>>,
    pub users: HashMap<UserId, User>,
    /// Pictures by id.
    pub media: HashMap<ItemId, Item>,
    pub taxonomies: HashMap<String, Vec<Term>>,
    pub counts: HashMap<String, HashMap<i64, i64>>,
    pub pages: Vec<Item>,
    pub months: Vec<(String, i64)>,
    /// Items of the calendar's month.
    pub days: Vec<Item>,
    pub comments: Vec<Comment>,
    pub newest_comments: Vec<Comment>,
    /// Items that comments stand at and menu links point at.
    pub others: HashMap<ItemId, Item>,
    pub neighbours: (Option<Item>, Option<Item>),
    pub menus: HashMap<String, Vec<Block>>,
    /// The HTML of features' blocks, by set and instance.
    pub prepared: Vec<Vec<String>>,
}

/// How often contents may bring lists that bring contents.
const ROUNDS: usize = 3;

/// How often a synced pattern may name others that have to be fetched.
const REFERENCE_ROUNDS: usize = 8;

/// How many items one list may show whole.
const MOST_WHOLE: usize = 50;

/// The types that pages are made from: internal to readers, but what is published of them is shown inside pages.
fn design_scope() -> (Scope, Types) {
    let open = |name| ContentType {
        public: true,
        ..ContentType::internal(name, "", "")
    };
    let kinds = [
        "wp_template",
        "wp_template_part",
        "wp_navigation",
        "nav_menu_item",
        "wp_block",
    ];
    let types = Types::new(kinds.into_iter().map(open).collect());
    (Scope::public(&types), types)
}

/// The state of fetching for one page.
pub(crate) struct Fetcher<'a> {
    pub conn: &'a mut Conn,
    pub page: &'a PageContext,
    pub theme: &'a Theme,
    design: Scope,
    pub custom: Custom,
    rows: HashMap<ItemId, Vec<Block>>,
    needs: Needs,
    pub data: Data,
}

/// What the page's address is about, if it is one item.
pub(crate) fn main_item(page: &PageContext) -> Option<&Item> {
    match &page.address {
        Address::Item { item, .. } => Some(item),
        _ => None,
    }
}

/// Whether the visitor has to give a password before seeing more of an item than its title.
pub(crate) fn is_locked(page: &PageContext, item: &Item) -> bool {
    if item.password.is_empty() || (page.unlocked && main_item(page).is_some_and(|main| main.id == item.id)) {
        return false;
    }
    page.scope.sight(item, None) != Sight::Full
}

impl<'a> Fetcher<'a> {
    pub(crate) fn new(conn: &'a mut Conn, page: &'a PageContext, theme: &'a Theme) -> Self {
        Self {
            conn,
            page,
            theme,
            design: design_scope().0,
            custom: Custom::default(),
            rows: HashMap::new(),
            needs: Needs::default(),
            data: Data::default(),
        }
    }

    /// Templates and parts of the theme in use that the site keeps in its database.
    pub(crate) async fn load_custom(&mut self) -> Result<()> {
        let Some(term) = terms::by_slug(self.conn, "wp_theme", &self.theme.name)
            .await?
            .into_iter()
            .next()
        else {
            return Ok(());
        };
        let query = ItemQuery {
            types: vec!["wp_template".to_owned(), "wp_template_part".to_owned()],
            terms: vec![vec![term.id.0]],
            order: Order::Id,
            limit: 500,
            ..ItemQuery::default()
        };
        for item in items::some(self.conn, &self.design, &query).await? {
            let slug = percent_encoding::percent_decode_str(&item.name)
                .decode_utf8_lossy()
                .into_owned();
            let into = if item.kind == "wp_template" {
                &mut self.custom.templates
            } else {
                &mut self.custom.parts
            };
            into.insert(slug, Piece::new(item.content));
        }
        Ok(())
    }

    /// The meta of the page's own item, needed to choose its template.
    pub(crate) async fn load_main_meta(&mut self) -> Result<()> {
        if let Some(item) = main_item(self.page) {
            let own = meta::of(self.conn, MetaKind::Item, item.id.0).await?;
            self.data.meta.insert(item.id.0, own);
        }
        Ok(())
    }

    /// Fetches everything for a tree.
    pub(crate) async fn gather(&mut self, root: &[Block], part: usize) -> Result<()> {
        let root = self.tree(root).await?;
        self.needs.add(&root);
        self.data.root = root;
        let mut whole: BTreeSet<ItemId> = BTreeSet::new();
        for _ in 0..ROUNDS {
            self.load_menus().await?;
            self.load_lists().await?;
            let wanted: Vec<Item> = self.whole_items().into_iter().filter(|i| whole.insert(i.id)).collect();
            if wanted.is_empty() {
                break;
            }
            self.load_contents(wanted, part).await?;
        }
        self.load_about_items().await?;
        self.load_site_wide().await
    }

    /// Puts a tree together, fetching the rows it names.
    async fn tree(&mut self, blocks: &[Block]) -> Result<Vec<Block>> {
        for _ in 0..REFERENCE_ROUNDS {
            let sources = Sources {
                theme: self.theme,
                custom: &self.custom,
                rows: &self.rows,
            };
            let expanded = tree::expand(sources, blocks);
            let missing: Vec<ItemId> = expanded.missing.iter().copied().collect();
            if missing.is_empty() {
                return Ok(expanded.blocks);
            }
            let mut found = items::by_ids(self.conn, &missing).await?;
            for id in missing {
                let item = found
                    .remove(&id)
                    .filter(|i| matches!(i.kind.as_str(), "wp_block" | "wp_navigation"));
                let shown = item.filter(|i| i.status == "publish" && i.password.is_empty());
                self.rows
                    .insert(id, shown.map(|i| block::parse(&i.content)).unwrap_or_default());
            }
        }
        let sources = Sources {
            theme: self.theme,
            custom: &self.custom,
            rows: &self.rows,
        };
        Ok(tree::expand(sources, blocks).blocks)
    }

    async fn load_contents(&mut self, wanted: Vec<Item>, part: usize) -> Result<()> {
        let main = main_item(self.page).map(|i| i.id);
        for item in wanted {
            let part = if Some(item.id) == main { part } else { 1 };
            let blocks = content::blocks_of(&item, part);
            // Plain text names nothing that would have to be fetched.
            let blocks = if blocks.iter().all(|b| b.name.is_none()) {
                blocks
            } else {
                self.tree(&blocks).await?
            };
            self.needs.add(&blocks);
            self.data.contents.insert(item.id, blocks);
        }
        Ok(())
    }

    /// Items whose contents are shown whole and that the visitor may see in full.
    fn whole_items(&self) -> Vec<Item> {
        let mut found = Vec::new();
        if self.needs.main_content {
            found.extend(main_item(self.page).cloned());
        }
        for key in &self.needs.whole {
            let list = if key == INHERITED {
                self.inherited()
            } else {
                self.data.lists.get(key).map(Vec::as_slice).unwrap_or_default()
            };
            found.extend(list.iter().take(MOST_WHOLE).cloned());
        }
        found.retain(|item| !is_locked(self.page, item));
        found
    }

    /// The items of the page's own list.
    fn inherited(&self) -> &[Item] {
        match &self.page.address {
            Address::Item { item, .. } => std::slice::from_ref(&**item),
            _ => &self.page.listing.items,
        }
    }

    async fn load_lists(&mut self) -> Result<()> {
        self.load_taxonomies().await?;
        let wanted: Vec<_> = self
            .needs
            .queries
            .iter()
            .filter(|(key, _)| !self.data.lists.contains_key(*key))
            .collect();
        let queries: Vec<(String, ItemQuery)> = wanted
            .into_iter()
            .map(|(key, set)| {
                (
                    key.clone(),
                    query::of_block(set, &self.page.site, &self.data.taxonomies),
                )
            })
            .collect();
        for (key, query) in queries {
            let found = items::some(self.conn, &self.page.scope, &query).await?;
            self.data.lists.insert(key, found);
        }
        Ok(())
    }

    async fn load_taxonomies(&mut self) -> Result<()> {
        let wanted: Vec<String> = self
            .needs
            .taxonomies
            .iter()
            .filter(|t| !self.data.taxonomies.contains_key(*t))
            .cloned()
            .collect();
        for taxonomy in wanted {
            if !self.page.types.taxonomy(&taxonomy).is_some_and(|t| t.public) {
                self.data.taxonomies.insert(taxonomy, Vec::new());
                continue;
            }
            let all = terms::of_taxonomy(self.conn, &taxonomy).await?;
            self.data.taxonomies.insert(taxonomy, all);
        }
        Ok(())
    }

    async fn load_menus(&mut self) -> Result<()> {
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

    /// What is shown of listed items: addresses, pictures, terms, people.
    async fn load_about_items(&mut self) -> Result<()> {
        let mut all: BTreeMap<ItemId, Item> = main_item(self.page).map(|i| (i.id, i.clone())).into_iter().collect();
        if self.needs.inherited {
            all.extend(self.inherited().iter().map(|i| (i.id, i.clone())));
        }
        all.extend(self.data.lists.values().flatten().map(|i| (i.id, i.clone())));
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
        if self.needs.authors {
            let people: BTreeSet<UserId> = all.values().map(|i| i.author).filter(|a| a.0 > 0).collect();
            self.data.users = users::by_ids(self.conn, &people.into_iter().collect::<Vec<_>>()).await?;
        }
        if self.needs.thumbnails {
            let missing: Vec<i64> = ids
                .iter()
                .map(|i| i.0)
                .filter(|i| !self.data.meta.contains_key(i))
                .collect();
            let found = meta::of_many(self.conn, MetaKind::Item, &missing).await?;
            self.data.meta.extend(found);
        }
        self.load_media(&ids).await?;
        let list: Vec<Item> = all.into_values().collect();
        let found = links::of_items(self.conn, &self.page.site, &self.page.types, &list).await?;
        self.data.links.extend(found);
        Ok(())
    }

    async fn load_media(&mut self, ids: &[ItemId]) -> Result<()> {
        let mut wanted: BTreeSet<ItemId> = BTreeSet::new();
        if self.needs.thumbnails {
            let thumbnails = ids
                .iter()
                .filter_map(|id| self.data.meta.get(&id.0)?.int("_thumbnail_id"));
            wanted.extend(thumbnails.filter(|id| *id > 0).map(ItemId));
        }
        let mut logo = false;
        tree::walk(&self.data.root, &mut |b| {
            logo |= b.name.as_deref() == Some("core/site-logo")
        });
        if logo {
            wanted.extend(self.page.site.logo);
        }
        let (galleries, owners) = self.galleries();
        wanted.extend(galleries);
        for owner in owners {
            let own = items::children(self.conn, owner, "attachment").await?;
            wanted.extend(own.iter().filter(|i| i.mime_type.starts_with("image/")).map(|i| i.id));
        }
        let wanted: Vec<ItemId> = wanted.into_iter().collect();
        if !wanted.is_empty() {
            self.data.media = items::by_ids(self.conn, &wanted).await?;
            self.data
                .media
                .retain(|_, item| item.kind == "attachment" && item.status != "trash");
            let ids: Vec<i64> = wanted.iter().map(|i| i.0).collect();
            let found = meta::of_many(self.conn, MetaKind::Item, &ids).await?;
            self.data.meta.extend(found);
        }
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
    async fn load_site_wide(&mut self) -> Result<()> {
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
            let found = links::of_items(self.conn, &self.page.site, &self.page.types, &self.data.pages).await?;
            self.data.links.extend(found);
        }
        if self.needs.days {
            let month = crate::blocks::calendar_month(self.page);
            let query = ItemQuery {
                types: posts.to_vec(),
                date_prefix: Some(month),
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
        if let Some(item) = main_item(self.page).filter(|i| !is_locked(self.page, i)) {
            if self.needs.comments {
                self.data.comments = comments::public_of(self.conn, item.id).await?;
            }
            if self.needs.neighbours {
                self.data.neighbours = items::neighbours(self.conn, item).await?;
            }
        }
        if self.needs.newest_comments > 0 {
            self.data.newest_comments = comments::newest_public(self.conn, self.needs.newest_comments).await?;
            wanted.extend(self.data.newest_comments.iter().map(|c| c.item));
        }
        self.data.others = items::by_ids(self.conn, &wanted.into_iter().collect::<Vec<_>>()).await?;
        let (before, after) = &self.data.neighbours;
        let mut list: Vec<Item> = before.iter().chain(after).cloned().collect();
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
}

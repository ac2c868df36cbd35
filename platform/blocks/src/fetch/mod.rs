//! Fetches what a page needs, in a number of queries that depends on its blocks and not on how many items they list.

mod about;
mod menus;
mod people;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use gp_content::{
    Comment, ContentType, Item, ItemQuery, Meta, MetaKind, Order, Scope, Sight, Term, Types, User,
    address::{Address, List, Shape},
    items, meta, terms,
};
use gp_kernel::{ItemId, Result, UserId};
use gp_markup::block::{self, Block};
use gp_store::{Conn, Recall};

pub(crate) use people::Person;

use crate::{
    content,
    needs::{INHERITED, Needs, OwnQuery},
    page::PageContext,
    query,
    theme::Theme,
    tree::{self, Custom, Piece, Sources},
};

/// Everything that rendering reads; nothing is fetched after this is made.
#[derive(Debug, Default)]
pub(crate) struct Data {
    /// The page's own tree.
    pub plan: Arc<Plan>,
    /// Contents of items that are shown whole.
    pub contents: HashMap<ItemId, Vec<Block>>,
    /// Lists of queries by key.
    pub lists: HashMap<String, Found>,
    pub links: HashMap<ItemId, String>,
    pub meta: HashMap<i64, Meta>,
    pub terms: HashMap<ItemId, Vec<Term>>,
    pub users: HashMap<UserId, User>,
    pub people: HashMap<UserId, Person>,
    /// What stands above the page's item, topmost first.
    pub ancestors: Vec<Item>,
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

/// The page of a block's own list that is shown.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub items: Vec<Item>,
    /// From 1.
    pub page: usize,
    pub pages: usize,
    pub total: i64,
}

/// A template put together: the same for all pages that use it, for as long as nobody changes a piece of it.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The tree; where a feature renders a block, a mark stands for it.
    pub root: Vec<Block>,
    /// What has to be fetched for it.
    pub needs: Needs,
    /// The features' blocks, for each set of them.
    pub taken: Vec<Vec<Block>>,
}

/// How often contents may bring lists that bring contents.
const ROUNDS: usize = 3;

/// How often a synced pattern may name others that have to be fetched.
const REFERENCE_ROUNDS: usize = 8;

/// How many items one list may show whole.
const MOST_WHOLE: usize = 50;

/// How many sticky posts come before a list.
const MOST_STICKY: usize = 100;

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
    pub custom: Arc<Custom>,
    rows: HashMap<ItemId, Vec<Block>>,
    needs: Needs,
    sticky: Option<Vec<Item>>,
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
    match &page.address {
        // Found out with its parent: a file of a locked item is locked without a password of its own.
        Address::Item { item: main, sight, .. } if main.id == item.id => *sight != Sight::Full && !page.unlocked(),
        _ => !item.password.is_empty() && page.scope.sight(item, None) != Sight::Full,
    }
}

impl<'a> Fetcher<'a> {
    pub(crate) fn new(conn: &'a mut Conn, page: &'a PageContext, theme: &'a Theme) -> Self {
        Self {
            conn,
            page,
            theme,
            design: design_scope().0,
            custom: Arc::default(),
            rows: HashMap::new(),
            needs: Needs::default(),
            sticky: None,
            data: Data::default(),
        }
    }

    /// Templates and parts of the theme in use that the site keeps in its database.
    pub(crate) async fn load_custom(&mut self) -> Result<()> {
        let key = format!("templates {}", self.theme.name);
        self.custom = match self.conn.recall(key) {
            Recall::Found(custom) => custom,
            Recall::Missing(making) => {
                let custom = self.custom().await?;
                let bytes = custom
                    .templates
                    .values()
                    .chain(custom.parts.values())
                    .map(Piece::size)
                    .sum();
                making.keep(self.conn, custom, bytes)
            }
        };
        Ok(())
    }

    async fn custom(&mut self) -> Result<Custom> {
        let mut custom = Custom::default();
        let Some(term) = terms::by_slug(self.conn, "wp_theme", &self.theme.name)
            .await?
            .into_iter()
            .next()
        else {
            return Ok(custom);
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
                &mut custom.templates
            } else {
                &mut custom.parts
            };
            into.insert(slug, Piece::new(item.content));
        }
        Ok(custom)
    }

    /// The meta of the page's own item, needed to choose its template.
    pub(crate) async fn load_main_meta(&mut self) -> Result<()> {
        if let Some(item) = main_item(self.page) {
            let own = meta::of(self.conn, MetaKind::Item, item.id.0).await?;
            self.data.meta.insert(item.id.0, own);
        }
        Ok(())
    }

    /// Puts a template together; `take` takes the features' blocks out of it.
    pub(crate) async fn plan(
        &mut self,
        blocks: &[Block],
        take: impl FnOnce(&mut [Block]) -> Vec<Vec<Block>>,
    ) -> Result<Plan> {
        let mut plan = Plan {
            root: self.tree(blocks).await?,
            ..Plan::default()
        };
        plan.needs.add(&plan.root);
        plan.taken = take(&mut plan.root);
        Ok(plan)
    }

    /// Fetches everything for a page.
    pub(crate) async fn gather(&mut self, plan: Arc<Plan>, part: usize) -> Result<()> {
        self.needs = plan.needs.clone();
        self.data.plan = plan;
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
        self.load_archive_terms().await?;
        let shown = self.load_about_items().await?;
        self.load_site_wide().await?;
        self.load_people(&shown).await
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
                self.data.lists.get(key).map(|l| l.items.as_slice()).unwrap_or_default()
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
        let wanted: Vec<(String, OwnQuery)> = self
            .needs
            .queries
            .iter()
            .filter(|(key, _)| !self.data.lists.contains_key(*key))
            .map(|(key, own)| (key.clone(), own.clone()))
            .collect();
        for (key, own) in wanted {
            let found = self.own_list(&own).await?;
            self.data.lists.insert(key, found);
        }
        Ok(())
    }

    /// A page of a block's own list; counted only where somebody shows how many there are.
    async fn own_list(&mut self, own: &OwnQuery) -> Result<Found> {
        let site = &self.page.site;
        let page = query::page_asked(own, &self.page.request);
        let from = (site.as_ref(), self.page.types.as_ref(), self.page.now);
        let query = query::of_block(&own.set, page, from, &self.data.taxonomies);
        let (mut items, total) = if own.counted {
            let part = items::list(self.conn, &self.page.scope, &query).await?;
            (part.items, part.total)
        } else {
            let items = items::some(self.conn, &self.page.scope, &query).await?;
            let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
            (items, total)
        };
        if query::shows_sticky_first(own, &query, site) {
            let sticky = self.sticky().await?;
            items.retain(|item| sticky.iter().all(|s| s.id != item.id));
            items.splice(0..0, sticky);
        }
        Ok(Found {
            items,
            page,
            pages: query::pages_of(&own.set, total, query.limit),
            total,
        })
    }

    /// The terms beside the one whose archive this is.
    async fn load_archive_terms(&mut self) -> Result<()> {
        if let Address::List(List {
            shape: Shape::Term(term, _),
            ..
        }) = &self.page.address
            && self.needs.archive_terms
        {
            self.needs.taxonomies.insert(term.taxonomy.clone());
            self.needs.counted.insert(term.taxonomy.clone());
            self.load_taxonomies().await?;
        }
        Ok(())
    }

    /// The sticky posts, newest first; fetched once.
    async fn sticky(&mut self) -> Result<Vec<Item>> {
        if let Some(found) = &self.sticky {
            return Ok(found.clone());
        }
        let query = ItemQuery {
            types: vec!["post".to_owned()],
            ids: Some(self.page.site.sticky.clone()),
            limit: MOST_STICKY,
            ..ItemQuery::default()
        };
        let found = items::some(self.conn, &self.page.scope, &query).await?;
        self.sticky = Some(found.clone());
        Ok(found)
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
}

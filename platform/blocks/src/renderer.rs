//! The door of this crate: chooses theme and template, fetches, renders.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use gp_content::{
    Item, Scope, Site, Types,
    address::{Address, Request},
    permission::Sight,
};
use gp_kernel::Result;
use gp_markup::block::{self, Block};
use gp_store::{Conn, Recall};

use crate::{
    content,
    fetch::{Data, Fetcher, Plan, is_locked, main_item},
    page::Password,
    page::{BlockSet, Listing, PageContext, RenderedPage},
    render::{At, Render},
    styles::{self, Styles},
    theme::{Theme, ThemeJson, hierarchy},
    tree::{Custom, Piece},
};

/// Finds an installed theme by its name; `None` when there is none of this name.
pub type ThemeSource = Arc<dyn Fn(&str) -> Result<Option<Theme>> + Send + Sync>;

/// The option that says which themes are installed in which version, as JSON: name to checksum. A change of it is seen by every
/// server through the change feed.
pub const INSTALLED: &str = "guidepost_themes";

/// Renders pages: holds the themes and the features' blocks, and nothing of a single request.
pub struct Renderer {
    builtin: Arc<Theme>,
    source: Option<ThemeSource>,
    /// The theme in use, by what the site says of it.
    current: RwLock<Option<(String, Arc<Theme>)>>,
    sets: Vec<Arc<dyn BlockSet>>,
}

impl Renderer {
    /// With the built-in theme and the features' blocks.
    pub fn new(builtin: Theme, sets: Vec<Arc<dyn BlockSet>>) -> Self {
        Self {
            builtin: Arc::new(builtin),
            source: None,
            current: RwLock::new(None),
            sets,
        }
    }

    /// Also with installed themes.
    #[must_use]
    pub fn with_themes(self, source: ThemeSource) -> Self {
        Self {
            source: Some(source),
            ..self
        }
    }

    /// The theme that a site shows: the one it names, when it is installed, else the built-in one. Read once for each version.
    pub fn theme(&self, site: &Site) -> Arc<Theme> {
        let Some(source) = self.source.as_ref().filter(|_| site.stylesheet != self.builtin.name) else {
            return self.builtin.clone();
        };
        let key = format!("{}\n{}\n{}", site.stylesheet, site.template, site.text(INSTALLED));
        let kept = self.current.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, theme)) = &*kept
            && *known == key
        {
            return theme.clone();
        }
        drop(kept);
        let theme = find(source, site).unwrap_or_else(|| self.builtin.clone());
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some((key, theme.clone()));
        theme
    }

    /// The styles of the site as they are now, kept for as long as nothing changes that concerns them.
    async fn styles(&self, conn: &mut Conn, theme: &Arc<Theme>) -> Result<Arc<Styles>> {
        // Another version of a theme of the same name lies elsewhere in memory.
        let making = match conn.recall(format!("styles {} {:p}", theme.name, Arc::as_ptr(theme))) {
            Recall::Found(styles) => return Ok(styles),
            Recall::Missing(making) => making,
        };
        let styles = styles::load(conn, theme).await?;
        let bytes = styles.size();
        Ok(making.keep(conn, styles, bytes))
    }

    /// A whole page.
    ///
    /// # Errors
    /// When the database does not answer, or the theme has no template at all.
    pub async fn page(&self, conn: &mut Conn, page: &PageContext) -> Result<RenderedPage> {
        let theme = self.theme(&page.site);
        let styles = self.styles(conn, &theme).await?;
        let theme = &*theme;
        let mut fetcher = Fetcher::new(conn, page, theme);
        fetcher.load_main_meta().await?;
        fetcher.load_custom().await?;
        let chosen = main_item(page).and_then(|i| Some(fetcher.data.meta.get(&i.id.0)?.text("_wp_page_template")));
        let mut wanted = hierarchy::candidates(&page.site, &page.address, &chosen.unwrap_or_default());
        if page.reading.is_some() {
            wanted.insert(0, READING.to_owned());
        }
        let custom = fetcher.custom.clone();
        let (template, blocks) = choose(&wanted, &custom, theme);
        let plan = self.plan(&mut fetcher, template, blocks).await?;
        fetcher.gather(plan, part_of(page)).await?;
        let data = self.prepare(fetcher, page).await?;
        let mut render = Render::new(page, theme, &data);
        let at = At {
            item: main_item(page),
            ..At::default()
        };
        let body = render.blocks(&data.plan.root, at);
        let (body, main) = with_main(crate::pictures::fitted(body, &data));
        let classes = body_classes(page, template);
        let filters: String = render.filters.values().map(String::as_str).collect();
        let look = styles.look.of_page(&body, &classes, &render.css);
        Ok(RenderedPage {
            body: format!("<div class=\"wp-site-blocks\">{body}</div>{}{filters}", look.svg),
            css: look.css,
            classes,
            style: (theme.name != self.builtin.name).then(|| theme.style_address()),
            template: template.to_owned(),
            main,
            notices: render.notices,
        })
    }

    /// The content of one item as HTML, as on its page: for feeds, REST and search. Part 0 is all of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn content(&self, conn: &mut Conn, page: &PageContext, item: &Item, part: usize) -> Result<String> {
        // The item is the page's own for as long as its content is rendered; a password given for another item does not count.
        let own = main_item(page).is_some_and(|main| main.id == item.id);
        let sight = match &page.address {
            Address::Item { sight, .. } if own => *sight,
            _ if item.password.is_empty() => Sight::Full,
            _ => page.scope.sight(item, None),
        };
        let page = &PageContext {
            address: Address::Item {
                item: Box::new(item.clone()),
                parent: None,
                sight,
                part,
                embed: false,
                link: String::new(),
            },
            password: if own { page.password } else { Password::None },
            listing: Listing::default(),
            ..page.clone()
        };
        if is_locked(page, item) {
            return Ok(String::new());
        }
        let theme = &*self.theme(&page.site);
        let root = [Block::void("core/post-content", serde_json::Map::new())];
        let mut fetcher = Fetcher::new(conn, page, theme);
        let plan = fetcher.plan(&root, |root| self.take_all(root)).await?;
        fetcher.gather(Arc::new(plan), part).await?;
        let data = self.prepare(fetcher, page).await?;
        Ok(Render::new(page, theme, &data).content(item, 0))
    }

    /// Markup of its own, inside a site but on no page of it: what its blocks show of the site is fetched.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn fragment(&self, conn: &mut Conn, page: &PageContext, markup: &str) -> Result<String> {
        let theme = &*self.theme(&page.site);
        let mut fetcher = Fetcher::new(conn, page, theme);
        fetcher.load_custom().await?;
        let plan = fetcher.plan(&block::parse(markup), |root| self.take_all(root)).await?;
        fetcher.gather(Arc::new(plan), 1).await?;
        let data = self.prepare(fetcher, page).await?;
        let mut render = Render::new(page, theme, &data);
        render.bare = true;
        Ok(render.blocks(&data.plan.root, At::default()))
    }

    /// A short plain text that ends at a word: the item's excerpt, or the beginning of its content. Nothing of an item with a
    /// password.
    pub fn excerpt(&self, item: &Item) -> String {
        content::excerpt(item)
    }

    /// Lets the features render their blocks, each set once with all its instances.
    async fn prepare(&self, fetcher: Fetcher<'_>, page: &PageContext) -> Result<Data> {
        let Fetcher { conn, mut data, .. } = fetcher;
        let Data { plan, contents, .. } = &mut data;
        let mut found = plan.taken.clone();
        // Contents in the order of their ids, so that two renderings of a page are the same.
        let mut ids: Vec<_> = contents.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            contents
                .get_mut(&id)
                .into_iter()
                .for_each(|tree| self.take(tree, &mut found));
        }
        for (set, blocks) in self.sets.iter().zip(&found) {
            let html = if blocks.is_empty() {
                Vec::new()
            } else {
                set.prepare(page, conn, blocks).await?
            };
            data.prepared.push(html);
        }
        Ok(data)
    }

    /// A template put together, kept for the next page that uses it.
    async fn plan(&self, fetcher: &mut Fetcher<'_>, template: &str, blocks: &[Block]) -> Result<Arc<Plan>> {
        let key = format!("plan {} {template}", fetcher.theme.name);
        let making = match fetcher.conn.recall(key) {
            Recall::Found(plan) => return Ok(plan),
            Recall::Missing(making) => making,
        };
        // The templates are a part of it: read again, so that they count.
        fetcher.load_custom().await?;
        let plan = fetcher.plan(blocks, |root| self.take_all(root)).await?;
        let bytes = plan.root.iter().map(size_of_block).sum();
        Ok(making.keep(fetcher.conn, plan, bytes))
    }

    fn take_all(&self, blocks: &mut [Block]) -> Vec<Vec<Block>> {
        let mut found = vec![Vec::new(); self.sets.len()];
        self.take(blocks, &mut found);
        found
    }

    /// Takes the features' blocks out of a tree and leaves marks that name set and instance.
    fn take(&self, blocks: &mut [Block], found: &mut [Vec<Block>]) {
        let mut stack: Vec<&mut Block> = blocks.iter_mut().collect();
        while let Some(block) = stack.pop() {
            let set = self
                .sets
                .iter()
                .position(|s| block.name.as_deref().is_some_and(|n| s.names().contains(&n)));
            match set.and_then(|n| Some((n, found.get_mut(n)?))) {
                Some((number, list)) => {
                    let mark = serde_json::json!({ "set": number, "instance": list.len() });
                    let mark = Block::void(PREPARED, mark.as_object().cloned().unwrap_or_default());
                    list.push(std::mem::replace(block, mark));
                }
                None => stack.extend(block.inner_blocks.iter_mut()),
            }
        }
    }
}

/// The name of a mark that stands for a feature's finished block; no content can hold a block of this name.
pub(crate) const PREPARED: &str = "guidepost:prepared";

/// The theme that a site names, with what it takes from its parent.
fn find(source: &ThemeSource, site: &Site) -> Option<Arc<Theme>> {
    let read = |name: &str| match source(name) {
        Ok(theme) => theme,
        Err(error) => {
            tracing::warn!(%error, "the theme {name:?} cannot be read; the built-in one is shown");
            None
        }
    };
    let theme = read(&site.stylesheet)?;
    let parent = Some(&site.template).filter(|parent| !parent.is_empty() && **parent != site.stylesheet);
    let parent = parent.and_then(|parent| read(parent));
    Some(Arc::new(match parent {
        Some(parent) => theme.child_of(parent),
        None => theme,
    }))
}

/// The template of a page on which a file is read.
const READING: &str = "reading";

/// The first template that there is, by its slug.
fn choose<'a>(wanted: &'a [String], custom: &'a Custom, theme: &'a Theme) -> (&'a str, &'a [Block]) {
    static BARE: LazyLock<Vec<Block>> = LazyLock::new(|| {
        block::parse(
            "<!-- wp:group {\"tagName\":\"main\"} --><main class=\"wp-block-group\"><!-- wp:post-title {\"level\":1} /-->\
             <!-- wp:post-content /--></main><!-- /wp:group -->",
        )
    });
    static FOREIGN_READING: LazyLock<Vec<Block>> = LazyLock::new(|| {
        block::parse(
            "<!-- wp:template-part {\"slug\":\"header\",\"tagName\":\"header\"} /--><!-- wp:guidepost/reading /-->\
             <!-- wp:template-part {\"slug\":\"footer\",\"tagName\":\"footer\"} /-->",
        )
    });
    let of = |slug: &str| {
        custom
            .templates
            .get(slug)
            .map(Piece::blocks)
            .or_else(|| theme.template(slug))
    };
    let found = wanted.iter().find_map(|slug| match of(slug) {
        // Themes made elsewhere know no page for reading a file.
        None if slug == READING => Some((READING, FOREIGN_READING.as_slice())),
        found => Some((slug.as_str(), found?)),
    });
    // A theme without an index still shows something: title and content.
    found.unwrap_or_else(|| ("index", BARE.as_slice()))
}

/// About how many bytes a block takes in memory.
fn size_of_block(block: &Block) -> usize {
    let markup: usize = block.inner_content.iter().flatten().map(String::len).sum();
    let inner: usize = block.inner_blocks.iter().map(size_of_block).sum();
    size_of::<Block>() + markup + block.inner_html.len() + block.attrs.len() * 100 + inner
}

fn part_of(page: &PageContext) -> usize {
    match &page.address {
        Address::Item { part, .. } => (*part).max(1),
        _ => 1,
    }
}

/// Gives the main landmark an id to jump to, unless it has one.
fn with_main(body: String) -> (String, String) {
    let Some(tag) = crate::html::Tag::find_named(&body, 0, "main") else {
        return (body, String::new());
    };
    match tag.value("id").filter(|id| !id.is_empty()) {
        Some(id) => {
            let id = id.into_owned();
            (body, id)
        }
        None => (
            tag.set("id", "wp--skip-link--target"),
            "wp--skip-link--target".to_owned(),
        ),
    }
}

/// The classes that WordPress gives `<body>`, without those that only old themes ask for.
fn body_classes(page: &PageContext, template: &str) -> String {
    use gp_content::address::Shape;
    let mut classes: Vec<String> = match &page.address {
        Address::Item { item, .. } => {
            let front = Some(item.id) == page.site.front_page;
            let mut list = if front { vec!["home".to_owned()] } else { Vec::new() };
            list.extend(match item.kind.as_str() {
                "page" => vec!["page".to_owned(), format!("page-id-{}", item.id)],
                "attachment" => vec![
                    "single".to_owned(),
                    "attachment".to_owned(),
                    format!("attachmentid-{}", item.id),
                ],
                kind => vec![
                    "single".to_owned(),
                    format!("single-{kind}"),
                    format!("postid-{}", item.id),
                ],
            });
            list
        }
        Address::List(list) => match &list.shape {
            Shape::Front => vec!["home".to_owned(), "blog".to_owned()],
            Shape::Posts(_) => vec!["blog".to_owned()],
            Shape::Term(term, _) => {
                let word = match term.taxonomy.as_str() {
                    "category" => "category".to_owned(),
                    "post_tag" => "tag".to_owned(),
                    other => format!("tax-{other}"),
                };
                vec!["archive".to_owned(), word.clone(), format!("{word}-{}", term.term_id)]
            }
            Shape::Author(_) => vec!["archive".to_owned(), "author".to_owned()],
            Shape::Date(_) => vec!["archive".to_owned(), "date".to_owned()],
            Shape::Search(_) => vec!["search".to_owned()],
            Shape::Kind(kind) => vec![
                "archive".to_owned(),
                "post-type-archive".to_owned(),
                format!("post-type-archive-{kind}"),
            ],
        },
        _ => vec!["error404".to_owned()],
    };
    if matches!(&page.address, Address::List(list) if list.page > 1) {
        classes.push("paged".to_owned());
    }
    classes.push(format!(
        "template-{}",
        template.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "-")
    ));
    classes.join(" ")
}

/// Renders markup outside of any site, block by block and nothing more: no item, no settings, no database.
pub fn render_static(markup: &str) -> String {
    let types = Arc::new(Types::default());
    let page = PageContext {
        site: Arc::new(Site::from_options(BTreeMap::new())),
        scope: Scope::public(&types),
        types,
        address: Address::Missing,
        listing: Listing::default(),
        password: Password::None,
        base_url: String::new(),
        request: Request::default(),
        now: jiff::Timestamp::UNIX_EPOCH,
        reading: None,
        alike: Vec::new(),
    };
    let mut theme = Theme::default();
    theme.json = ThemeJson::new(serde_json::json!({ "settings": { "useRootPaddingAwareAlignments": true } }));
    let plan = Plan {
        root: block::parse(markup),
        ..Plan::default()
    };
    let data = Data {
        plan: Arc::new(plan),
        ..Data::default()
    };
    let mut render = Render::new(&page, &theme, &data);
    render.bare = true;
    render.blocks(&data.plan.root, At::default())
}

//! What a tree needs to be rendered, found before anything is fetched.

use std::collections::{BTreeMap, BTreeSet};

use gp_kernel::{ItemId, UserId};
use gp_markup::block::Block;
use serde_json::{Map, Value};

use crate::{bindings, pictures, tree};

/// Everything that has to be fetched for some trees.
#[derive(Debug, Clone, Default)]
pub(crate) struct Needs {
    /// Queries of their own, by key.
    pub queries: BTreeMap<String, OwnQuery>,
    /// Lists whose loop shows whole contents; the page's own list has the key [`INHERITED`].
    pub whole: BTreeSet<String>,
    /// The page's own list is shown.
    pub inherited: bool,
    pub main_content: bool,
    pub thumbnails: bool,
    /// Fields of listed items are shown.
    pub fields: bool,
    pub authors: bool,
    /// Pictures of people, and what they say of themselves.
    pub avatars: bool,
    pub biographies: bool,
    /// People whom blocks name.
    pub people: BTreeSet<UserId>,
    /// What stands above the page's item.
    pub trail: bool,
    /// Terms of the archive's taxonomy are listed.
    pub archive_terms: bool,
    /// Uploads that blocks show.
    pub pictures: BTreeSet<ItemId>,
    pub terms: bool,
    pub footnotes: bool,
    pub comments: bool,
    pub newest_comments: usize,
    pub neighbours: bool,
    pub logo: bool,
    pub pages: bool,
    pub months: bool,
    pub days: bool,
    /// Taxonomies whose terms are listed or asked for.
    pub taxonomies: BTreeSet<String>,
    /// Those that are listed with counts.
    pub counted: BTreeSet<String>,
    /// Menu locations shown by navigation blocks without a reference; empty is "whatever there is".
    pub menus: BTreeSet<String>,
    /// Items that menu links point at.
    pub targets: BTreeSet<ItemId>,
    /// Those whose addresses are not in the link.
    pub linked: BTreeSet<ItemId>,
}

/// What a query block asks for itself, whatever the page lists.
#[derive(Debug, Clone, Default)]
pub(crate) struct OwnQuery {
    /// In the block's words.
    pub set: Map<String, Value>,
    /// The parameter of an address that says which page of it is shown; empty for lists of one page.
    pub turned_by: String,
    /// Its pages or its items are counted somewhere.
    pub counted: bool,
}

/// The key of the page's own list.
pub(crate) const INHERITED: &str = "";

/// How many queries of their own a page may make.
const MOST_QUERIES: usize = 20;

/// The list of a loop outside of any query: WordPress's default query.
pub(crate) const UNASKED: &str = "unasked";

/// The parameter that turns the pages of a query block's own list.
pub(crate) fn turned_by(block: &Block) -> String {
    match block.attrs.get("queryId") {
        Some(Value::Number(id)) => format!("query-{id}-page"),
        _ => "query-page".to_owned(),
    }
}

/// The key of a query block's list.
pub(crate) fn query_key(block: &Block) -> String {
    match block.attrs.get("query").and_then(Value::as_object) {
        Some(query) if query.get("inherit").and_then(Value::as_bool) != Some(true) => {
            format!(
                "{} {}",
                turned_by(block),
                serde_json::to_string(query).unwrap_or_default()
            )
        }
        _ => INHERITED.to_owned(),
    }
}

/// The key of a latest-posts block's list, and what it asks for in a query block's words.
pub(crate) fn latest_query(block: &Block) -> (String, Map<String, Value>) {
    let mut query = Map::new();
    let attrs = &block.attrs;
    query.insert(
        "perPage".to_owned(),
        attrs.get("postsToShow").cloned().unwrap_or_else(|| 5.into()),
    );
    query.insert("postType".to_owned(), "post".into());
    for key in ["order", "orderBy"] {
        if let Some(value) = attrs.get(key) {
            query.insert(key.to_owned(), value.clone());
        }
    }
    if let Some(author) = attrs.get("selectedAuthor") {
        query.insert("author".to_owned(), author.clone());
    }
    let categories: Vec<Value> = match attrs.get("categories") {
        Some(Value::Array(list)) => list.iter().filter_map(|c| c.get("id")).cloned().collect(),
        Some(Value::String(id)) => id.parse::<i64>().ok().map(Value::from).into_iter().collect(),
        _ => Vec::new(),
    };
    if !categories.is_empty() {
        query.insert("taxQuery".to_owned(), serde_json::json!({ "category": categories }));
    }
    (
        format!("latest {}", serde_json::to_string(&query).unwrap_or_default()),
        query,
    )
}

/// The taxonomies named in a query, with the wanted and unwanted term ids.
pub(crate) fn query_terms(query: &Map<String, Value>) -> Vec<(String, Vec<i64>, bool)> {
    let ids = |value: &Value| {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_i64)
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    let mut take = |set: &Map<String, Value>, wanted: bool| {
        for (taxonomy, list) in set {
            let list = ids(list);
            if !list.is_empty() {
                found.push((taxonomy.clone(), list, wanted));
            }
        }
    };
    if let Some(set) = query.get("taxQuery").and_then(Value::as_object) {
        let (include, exclude) = (
            set.get("include").and_then(Value::as_object),
            set.get("exclude").and_then(Value::as_object),
        );
        if include.is_some() || exclude.is_some() {
            include.into_iter().for_each(|s| take(s, true));
            exclude.into_iter().for_each(|s| take(s, false));
        } else {
            take(set, true);
        }
    }
    for (old, taxonomy) in [("categoryIds", "category"), ("tagIds", "post_tag")] {
        let list = query.get(old).map(ids).unwrap_or_default();
        if !list.is_empty() {
            found.push((taxonomy.to_owned(), list, true));
        }
    }
    found
}

impl Needs {
    /// Adds what a tree needs.
    pub(crate) fn add(&mut self, blocks: &[Block]) {
        self.list(blocks, None);
    }

    fn list(&mut self, blocks: &[Block], within: Option<&str>) {
        for block in blocks {
            if block.name.as_deref() == Some("core/query") {
                let key = query_key(block);
                self.query(&key, block);
                self.list(&block.inner_blocks, Some(&key));
            } else {
                self.block(block, within);
                self.list(&block.inner_blocks, within);
            }
        }
    }

    fn query(&mut self, key: &str, block: &Block) {
        if key == INHERITED {
            self.inherited = true;
        } else if let Some(query) = block.attrs.get("query").and_then(Value::as_object) {
            let mut counted = false;
            tree::walk(&block.inner_blocks, &mut |b| {
                counted |= matches!(b.name.as_deref(), Some("core/query-pagination" | "core/query-total"));
            });
            let query = OwnQuery {
                set: query.clone(),
                turned_by: turned_by(block),
                counted,
            };
            self.own_query(key, query);
        }
    }

    fn own_query(&mut self, key: &str, query: OwnQuery) {
        if self.queries.len() < MOST_QUERIES {
            self.taxonomies
                .extend(query_terms(&query.set).into_iter().map(|(taxonomy, ..)| taxonomy));
            if query.set.contains_key("format") {
                self.taxonomies.insert("post_format".to_owned());
            }
            self.queries.insert(key.to_owned(), query);
        }
    }

    fn terms_query(&mut self, block: &Block) {
        let set = block.attrs.get("termQuery");
        let taxonomy = set.and_then(|s| s.get("taxonomy")?.as_str()).filter(|t| !t.is_empty());
        let taxonomy = taxonomy.unwrap_or("category");
        self.taxonomies.insert(taxonomy.to_owned());
        self.counted.insert(taxonomy.to_owned());
        self.archive_terms |= set.and_then(|s| s.get("inherit")?.as_bool()).unwrap_or(false);
    }

    fn block(&mut self, block: &Block, within: Option<&str>) {
        for own in block.inner_content.iter().flatten() {
            let free = pictures::MOST.saturating_sub(self.pictures.len());
            self.pictures.extend(pictures::ids_in(own).take(free).map(ItemId));
        }
        let Some(name) = block.name.as_deref().and_then(|n| n.strip_prefix("core/")) else {
            return;
        };
        let text = |key: &str| block.attrs.get(key).and_then(Value::as_str).unwrap_or_default();
        let yes = |key: &str| block.attrs.get(key).and_then(Value::as_bool).unwrap_or(false);
        self.fields |= bindings::sources(block).any(|source| source == "core/post-meta");
        match name {
            "post-content" => match within {
                Some(key) => drop(self.whole.insert(key.to_owned())),
                None => self.main_content = true,
            },
            "post-template" => {
                if within.is_none() {
                    let query = OwnQuery {
                        turned_by: "query-page".to_owned(),
                        ..OwnQuery::default()
                    };
                    self.own_query(UNASKED, query);
                }
                // Each entry carries its terms as classes, which styles are written for.
                self.terms = true;
            }
            "post-featured-image" => self.thumbnails = true,
            "cover" | "media-text" if yes("useFeaturedImage") => self.thumbnails = true,
            "post-author" | "post-author-name" => {
                self.authors = true;
                self.avatars |= name == "post-author";
                self.biographies |= yes("showBio");
            }
            "post-author-biography" => (self.authors, self.biographies) = (true, true),
            "avatar" | "comment-author-avatar" => {
                (self.authors, self.avatars) = (true, true);
                let named = block.attrs.get("userId").and_then(Value::as_i64);
                self.people.extend(named.map(UserId));
            }
            "post-terms" => self.terms = true,
            "breadcrumbs" => (self.terms, self.trail, self.archive_terms) = (true, true, true),
            "terms-query" => self.terms_query(block),
            "image" => {
                let lightbox = block.attrs.get("lightbox").and_then(|l| l.get("enabled"));
                let id = block.attrs.get("id").and_then(Value::as_i64).filter(|id| *id > 0);
                self.pictures
                    .extend(id.filter(|_| lightbox == Some(&Value::Bool(true))).map(ItemId));
            }
            "footnotes" => self.footnotes = true,
            "comments" | "post-comments" | "comment-template" | "comments-title" => self.comments = true,
            "latest-comments" => {
                let wanted = block.attrs.get("commentsToShow").and_then(Value::as_u64).unwrap_or(5);
                self.avatars |= block.attrs.get("displayAvatar") != Some(&Value::Bool(false));
                self.newest_comments = self.newest_comments.max(usize::try_from(wanted).unwrap_or(5).min(100));
            }
            "site-logo" => self.logo = true,
            "post-navigation-link" => self.neighbours = true,
            "page-list" => self.pages = true,
            "archives" => self.months = true,
            "calendar" => self.days = true,
            "categories" | "tag-cloud" => {
                let default = if name == "categories" { "category" } else { "post_tag" };
                let taxonomy = if text("taxonomy").is_empty() {
                    default
                } else {
                    text("taxonomy")
                };
                self.taxonomies.insert(taxonomy.to_owned());
                self.counted.insert(taxonomy.to_owned());
            }
            "latest-posts" => {
                let (key, set) = latest_query(block);
                let query = OwnQuery {
                    set,
                    ..OwnQuery::default()
                };
                self.own_query(&key, query);
                self.thumbnails |= yes("displayFeaturedImage");
                self.authors |= yes("displayAuthor");
            }
            "navigation" if block.inner_blocks.is_empty() && !block.attrs.contains_key("ref") => {
                self.menus.insert(menu_location(block).to_owned());
            }
            "navigation-link" | "navigation-submenu" if text("kind") == "post-type" => {
                let id = block.attrs.get("id").and_then(Value::as_i64).filter(|id| *id > 0);
                self.targets.extend(id.map(ItemId));
                let bound = bindings::sources(block).any(|source| source == "core/post-data");
                self.linked.extend(id.filter(|_| bound).map(ItemId));
            }
            "navigation-link" | "navigation-submenu"
                if bindings::sources(block).any(|source| source == "core/term-data") =>
            {
                self.taxonomies.insert(bindings::taxonomy_of_entry(block).to_owned());
            }
            _ => {}
        }
    }
}

/// The menu location that a navigation block names.
pub(crate) fn menu_location(block: &Block) -> &str {
    ["__unstableLocation", "location"]
        .iter()
        .find_map(|key| block.attrs.get(*key).and_then(Value::as_str))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_told_apart_and_loops_with_contents_are_seen() {
        let blocks = gp_markup::block::parse(
            r#"<!-- wp:query {"query":{"perPage":3,"inherit":false,"taxQuery":{"include":{"category":[7]}}}} --><div><!-- wp:post-template --><!-- wp:post-content /--><!-- /wp:post-template --></div><!-- /wp:query --><!-- wp:latest-posts {"categories":[{"id":2}]} /-->"#,
        );
        let mut needs = Needs::default();
        needs.add(&blocks);
        assert_eq!(
            (
                needs.queries.len(),
                needs.whole.len(),
                needs.inherited,
                needs.main_content
            ),
            (2, 1, false, false)
        );
        assert!(needs.taxonomies.contains("category"));
    }
}

//! From a request to what it asks for, or to the one address that should have been used, in four steps: the rules give
//! variables, the variables find something, what was found has one right address, and what was not found may have moved.

use std::collections::HashMap;

use gp_kernel::Result;
use gp_store::Conn;

use super::{
    FeedKind, List, Request, canonical, links,
    main_query::{Main, Seen},
    page_path,
    rules::{Matched, Rules},
    structure,
    url::Url,
    variables::Variables,
};
use crate::{
    items::Item,
    options::Site,
    permission::{Scope, Sight},
    types::Types,
};

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// One item, as far as the visitor sees it.
    Item {
        /// The item.
        item: Box<Item>,
        /// Its parent, when it has one.
        parent: Option<Box<Item>>,
        /// All of it, or its title only.
        sight: Sight,
        /// The part between page breaks, from 1.
        part: usize,
        /// The small page for other sites.
        embed: bool,
        /// Its address.
        link: String,
    },
    /// A list.
    List(List),
    /// A feed of a list, of an item's comments, of all comments, or of nothing.
    Feed(Box<Address>, FeedKind),
    /// All comments; only inside a feed.
    Comments,
    /// Go there for good.
    Moved(String),
    /// Go there this time.
    Elsewhere(String),
    /// A door that is closed to everybody.
    Closed,
    /// Nothing is there for this visitor.
    Missing,
}

/// What resolving needs to know.
pub(super) struct Resolver<'a> {
    pub conn: &'a mut Conn,
    pub site: &'a Site,
    pub types: &'a Types,
    pub scope: &'a Scope,
    pub request: &'a Request,
    /// Items looked for by path, by type and path.
    paths: HashMap<(String, String), Option<Item>>,
}

/// Finds what a request asks for.
///
/// # Errors
/// When the database does not answer.
pub async fn resolve(conn: &mut Conn, site: &Site, types: &Types, scope: &Scope, request: &Request) -> Result<Address> {
    let mut resolver = Resolver {
        conn,
        site,
        types,
        scope,
        request,
        paths: HashMap::new(),
    };
    resolver.resolve().await
}

impl Resolver<'_> {
    async fn resolve(&mut self) -> Result<Address> {
        if self.site.plain() && self.request.query.is_empty() && !matches!(self.path(), "" | "index.php") {
            return Ok(Address::Missing);
        }
        let rules = self.site.rules(self.types);
        let variables = self.variables(&rules).await?;
        if let Some(found) = self.special(&variables) {
            return Ok(found);
        }
        let mut main = self.main(variables).await?;
        if main.flags.missing
            && let Some(seen) = self.formerly(&main.variables).await?
        {
            return Ok(Address::Moved(self.formerly_link(&main.variables, &seen)));
        }
        if main.variables.says("tb")
            && let Some(seen) = &main.item
        {
            return Ok(Address::Elsewhere(seen.link.clone()));
        }
        if !main.flags.search && !self.previews(&main) {
            let plan = self.plan(&mut main).await?;
            let asked = Url {
                path: self.request.path.clone(),
                query: self.request.query.clone(),
            };
            if let Some(to) = canonical::redirect(&plan, &asked) {
                return Ok(Address::Moved(to));
            }
        }
        if main.flags.missing
            && let Some(door) = self.door_of_editors()
        {
            return Ok(Address::Elsewhere(door));
        }
        if main.variables.says("sitemap") {
            return Ok(Address::Missing);
        }
        Ok(self.address(main))
    }

    /// The path without slashes around it.
    fn path(&self) -> &str {
        self.request.path.trim_matches('/')
    }

    /// The first rule that matches, and the query. Where pages stand at the root beside posts, a rule for pages holds only
    /// when the page is there.
    async fn variables(&mut self, rules: &Rules) -> Result<Variables> {
        let path = self.path().to_owned();
        if self.site.plain() || matches!(path.as_str(), "" | "index.php") {
            return Ok(Variables::new(self.types, Vec::new(), self.request));
        }
        if let Some(matched) = fixed(&path) {
            return Ok(Variables::new(self.types, matched, self.request));
        }
        let verbose = structure::verbose(&self.site.permalinks);
        let mut walk = rules.walk(&path);
        while let Some((rule, matched)) = walk.advance() {
            if verbose && rule.is_page() {
                let name = matched.iter().find(|(name, _)| name == "pagename");
                let page = self.page_at(name.map_or("", |(_, path)| path)).await?;
                if page.is_none_or(|page| matches!(page.status.as_str(), "trash" | "auto-draft")) {
                    continue;
                }
            }
            let matched = self.numeric_name(matched).await?;
            return Ok(Variables::new(self.types, matched, self.request));
        }
        let mut variables = Variables::new(self.types, Vec::new(), self.request);
        variables.set("error", "404".to_owned());
        Ok(variables)
    }

    /// The page or file at a path.
    pub(super) async fn page_at(&mut self, path: &str) -> Result<Option<Item>> {
        self.item_at(path, "page").await
    }

    /// The item of a type, or the file, at a path; asked once only.
    pub(super) async fn item_at(&mut self, path: &str, kind: &str) -> Result<Option<Item>> {
        let key = (kind.to_owned(), path.to_owned());
        if let Some(found) = self.paths.get(&key) {
            return Ok(found.clone());
        }
        let found = page_path::find(self.conn, path, kind).await?;
        self.paths.insert(key, found.clone());
        Ok(found)
    }

    /// Old files of WordPress that are no pages.
    fn special(&self, variables: &Variables) -> Option<Address> {
        if variables.get("error") == "403" {
            return Some(Address::Closed);
        }
        if variables.get("register") == "true" {
            return Some(Address::Moved("/wp-login.php?action=register".to_owned()));
        }
        if variables.get("feed") != "old" {
            return None;
        }
        let file = page_path::last(self.path());
        let (of, kind) = match file {
            "wp-atom.php" => ("/", FeedKind::Atom),
            "wp-rdf.php" => ("/", FeedKind::Rdf),
            "wp-commentsrss2.php" => ("/comments/", FeedKind::Rss2),
            _ => ("/", FeedKind::Rss2),
        };
        Some(Address::Moved(links::of_feed(self.site, of, kind)))
    }

    /// Somebody looks at what is not published yet: nothing is redirected. What is published by now is no preview.
    fn previews(&self, main: &Main) -> bool {
        let published = |seen: &Seen| matches!(seen.item.status.as_str(), "publish" | "inherit");
        let by_number = Self::number_of(&main.variables) > 0 && main.item.as_ref().is_some_and(published);
        main.variables.says("preview") && !by_number
    }

    /// `/login` and `/admin`, which people type.
    fn door_of_editors(&self) -> Option<String> {
        if self.site.plain() || !self.request.query.is_empty() {
            return None;
        }
        match self.request.path.trim_end_matches('/') {
            "/login" | "/login.php" => Some("/wp-login.php".to_owned()),
            "/admin" | "/dashboard" => Some("/wp-admin/".to_owned()),
            _ => None,
        }
    }
}

/// Addresses of WordPress's own files, before all rules.
fn fixed(path: &str) -> Option<Matched> {
    let file = page_path::last(path);
    let set = |name: &str, value: &str| Some(vec![(name.to_owned(), value.to_owned())]);
    match file {
        "wp-atom.php" | "wp-rdf.php" | "wp-rss.php" | "wp-rss2.php" | "wp-feed.php" | "wp-commentsrss2.php" => {
            set("feed", "old")
        }
        "wp-register.php" => set("register", "true"),
        _ if path.split('/').any(|folder| folder == "wp-app.php") => set("error", "403"),
        _ => None,
    }
}

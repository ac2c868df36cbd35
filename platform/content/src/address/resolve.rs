//! From a request to what it asks for, or to the one address that should have been used.

use gp_kernel::{ItemId, Result, TermId, UserId};
use gp_store::Conn;

use super::{FeedKind, Request, links, structure};
use crate::{
    items::{self, Item, ItemQuery},
    options::Site,
    permission::{Scope, Sight},
    terms::{self, Term},
    types::Types,
    users::{self, User},
};

/// What a list is a list of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// The front page, when it lists posts.
    Front,
    /// The page that lists posts.
    Posts(Box<Item>),
    /// A term's archive: the term, and the term-taxonomy ids it takes in.
    Term(Box<Term>, Vec<i64>),
    /// A person's archive.
    Author(Box<User>),
    /// `2026`, `2026-11` or `2026-11-25`.
    Date(String),
    /// All items of a type, by its name.
    Kind(&'static str),
    /// What was searched for.
    Search(String),
}

/// A list and the page of it that was asked for, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What it lists.
    pub shape: Shape,
    /// Which page.
    pub page: usize,
    /// The address of its first page.
    pub first: String,
}

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
    /// A feed of a list, of an item's comments, or of all comments.
    Feed(Box<Address>, FeedKind),
    /// All comments; only inside a feed.
    Comments,
    /// Go there for good.
    Moved(String),
    /// Nothing is there for this visitor.
    Missing,
}

/// What resolving needs to know.
struct Resolver<'a> {
    conn: &'a mut Conn,
    site: &'a Site,
    types: &'a Types,
    scope: &'a Scope,
    request: &'a Request,
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
    };
    let found = resolver.find().await?;
    Ok(resolver.canonical(found))
}

impl Resolver<'_> {
    async fn find(&mut self) -> Result<Address> {
        if let Some(found) = self.by_query().await? {
            return Ok(found);
        }
        let segments = self.request.segments.clone();
        let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
        match parts.as_slice() {
            [] => return self.front().await,
            ["index.php"] => return Ok(Address::Moved("/".to_owned())),
            ["comments"] if self.request.feed.is_some() => return Ok(Address::Comments),
            ["search", words @ ..] if !words.is_empty() => {
                let words = self.request.path.split('/').nth(2).unwrap_or_default();
                let words = percent_encoding::percent_decode_str(words)
                    .decode_utf8_lossy()
                    .replace('+', " ");
                return Ok(self.search(words));
            }
            _ => {}
        }
        if self.site.plain() {
            return Ok(Address::Missing);
        }
        if let Some(found) = self.archive(&parts).await? {
            return Ok(found);
        }
        self.item_or_date(&parts).await
    }

    /// WordPress's query forms: `?p=`, `?cat=` and the others.
    async fn by_query(&mut self) -> Result<Option<Address>> {
        let request = self.request;
        if request.parameters.contains_key("s") {
            return Ok(Some(self.search(request.parameters["s"].clone())));
        }
        for name in ["p", "page_id", "attachment_id"] {
            if request.parameters.contains_key(name) {
                return Ok(Some(match request.id(name) {
                    Some(id) => self.item_by_id(ItemId(id)).await?,
                    None => Address::Missing,
                }));
            }
        }
        if let Some(id) = request.id("cat") {
            let term = terms::by_term_id(self.conn, "category", TermId(id)).await?;
            return self.term_or_missing(term).await.map(Some);
        }
        if let Some(id) = request.id("author") {
            let user = users::by_ids(self.conn, &[UserId(id)]).await?.remove(&UserId(id));
            return self.author(user).await.map(Some);
        }
        if let Some(name) = request.parameter("author_name") {
            let user = users::by_nicename(self.conn, name).await?;
            return self.author(user).await.map(Some);
        }
        if let Some(name) = request.parameter("name") {
            let found = items::by_name(self.conn, &super::slug_of(name), &["post"]).await?;
            return self
                .first_seen(found, 1)
                .await
                .map(|a| Some(a.unwrap_or(Address::Missing)));
        }
        if let Some(path) = request.parameter("pagename") {
            let slugs: Vec<String> = path.split('/').filter(|s| !s.is_empty()).map(super::slug_of).collect();
            let parts: Vec<&str> = slugs.iter().map(String::as_str).collect();
            return self.page(&parts, 1).await.map(|a| Some(a.unwrap_or(Address::Missing)));
        }
        if let Some(found) = self.term_by_query().await? {
            return Ok(Some(found));
        }
        Ok(self.date_by_query())
    }

    async fn term_by_query(&mut self) -> Result<Option<Address>> {
        let taxonomies: Vec<(String, String)> = self
            .types
            .taxonomies()
            .iter()
            .filter(|t| t.public)
            .map(|t| {
                let variable = match t.name.as_str() {
                    "category" => "category_name",
                    "post_tag" => "tag",
                    other => other,
                };
                (t.name.clone(), variable.to_owned())
            })
            .collect();
        for (taxonomy, variable) in taxonomies {
            if let Some(slug) = self.request.parameter(&variable) {
                let slug = super::slug_of(slug.rsplit('/').find(|s| !s.is_empty()).unwrap_or_default());
                let term = terms::by_slug(self.conn, &taxonomy, &slug).await?.into_iter().next();
                return self.term_or_missing(term).await.map(Some);
            }
        }
        Ok(None)
    }

    fn date_by_query(&self) -> Option<Address> {
        let request = self.request;
        if let Some(m) = request.parameter("m") {
            let digits: String = m.chars().filter(char::is_ascii_digit).take(8).collect();
            let parts: Vec<&str> = [0..4, 4..6, 6..8].into_iter().filter_map(|r| digits.get(r)).collect();
            return Some(self.date(&parts));
        }
        let year = request.parameter("year")?;
        let parts: Vec<&str> = [Some(year), request.parameter("monthnum"), request.parameter("day")]
            .into_iter()
            .map_while(|p| p)
            .collect();
        Some(self.date(&parts))
    }

    async fn front(&mut self) -> Result<Address> {
        if self.request.feed.is_some() {
            return Ok(self.list(Shape::Front, "/".to_owned()));
        }
        if let Some(id) = self.site.front_page
            && let Some(item) = items::by_id(self.conn, id).await?
            && self.scope.sight(&item, None) != Sight::Nothing
        {
            let part = self.request.page.max(1);
            return self.item(item, part).await;
        }
        Ok(self.list(Shape::Front, "/".to_owned()))
    }

    /// Categories, tags, formats, other taxonomies and people, below the structure's front.
    async fn archive(&mut self, parts: &[&str]) -> Result<Option<Address>> {
        let front = self.site.front().trim_matches('/').to_owned();
        let below = if front.is_empty() {
            parts
        } else {
            match parts.split_first() {
                Some((first, rest)) if *first == front => rest,
                _ => return Ok(None),
            }
        };
        let Some((base, rest)) = below.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return Ok(None);
        };
        if *base == "author" && rest.len() == 1 {
            let user = users::by_nicename(self.conn, rest[0]).await?;
            return self.author(user).await.map(Some);
        }
        let taxonomy = self
            .types
            .taxonomies()
            .iter()
            .find(|t| t.public && links::base_of(self.site, self.types, &t.name) == *base);
        let Some(taxonomy) = taxonomy.map(|t| t.name.clone()) else {
            return Ok(None);
        };
        let mut slug = rest.last().copied().unwrap_or_default().to_owned();
        if taxonomy == "post_format" {
            slug = format!("post-format-{slug}");
        }
        let term = terms::by_slug(self.conn, &taxonomy, &slug).await?.into_iter().next();
        self.term_or_missing(term).await.map(Some)
    }

    async fn item_or_date(&mut self, parts: &[&str]) -> Result<Address> {
        let verbose = structure::verbose(&self.site.permalinks);
        if verbose && let Some(found) = self.page(parts, 1).await? {
            return Ok(found);
        }
        if let Some(found) = self.date_archive(parts) {
            return Ok(found);
        }
        if let Some(found) = self.post(parts).await? {
            return Ok(found);
        }
        if !verbose && let Some(found) = self.page(parts, 1).await? {
            return Ok(found);
        }
        if let Some(found) = self.typed(parts).await? {
            return Ok(found);
        }
        if let Some(found) = self.attachment(parts).await? {
            return Ok(found);
        }
        // `/post/2/`: a part between page breaks.
        if let Some((last, before)) = parts.split_last()
            && let Ok(part) = last.parse::<usize>()
            && (1..10_000).contains(&part)
            && !before.is_empty()
            && let Some(found) = self.post_part(before, part).await?
        {
            return Ok(found);
        }
        self.guess(parts).await
    }

    async fn post_part(&mut self, parts: &[&str], part: usize) -> Result<Option<Address>> {
        let found = match self.page(parts, part).await? {
            Some(found) => Some(found),
            None => self.post(parts).await?,
        };
        Ok(found.map(|address| match address {
            Address::Item {
                item,
                parent,
                sight,
                embed,
                link,
                ..
            } => Address::Item {
                item,
                parent,
                sight,
                part,
                embed,
                link,
            },
            other => other,
        }))
    }

    fn date_archive(&self, parts: &[&str]) -> Option<Address> {
        let full = format!("{}{}", self.site.front(), structure::date_prefix(&self.site.permalinks));
        let prefix: Vec<&str> = full.split('/').filter(|s| !s.is_empty()).collect();
        let rest = parts.strip_prefix(prefix.as_slice())?;
        let digits = |s: &str, n: usize| s.len() <= n && !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        let dated = matches!(rest, [y, more @ ..] if y.len() == 4 && digits(y, 4) && more.len() <= 2 && more.iter().all(|p| digits(p, 2)));
        dated.then(|| self.date(rest))
    }

    fn date(&self, parts: &[&str]) -> Address {
        let numbers: Vec<u32> = parts.iter().filter_map(|p| p.parse().ok()).collect();
        let Some(year) = numbers.first().filter(|y| (1..=9999).contains(*y)) else {
            return Address::Missing;
        };
        let mut date = format!("{year:04}");
        for (n, most) in numbers.iter().skip(1).zip([12, 31]) {
            if !(1..=most).contains(n) {
                return Address::Moved(links::of_date(self.site, &date));
            }
            date = format!("{date}-{n:02}");
        }
        let first = links::of_date(self.site, &date);
        self.list(Shape::Date(date), first)
    }

    async fn post(&mut self, parts: &[&str]) -> Result<Option<Address>> {
        let Some(tags) = structure::matches(&self.site.permalinks, parts) else {
            return Ok(None);
        };
        let found = match (tags.get("post_id"), tags.get("postname")) {
            (Some(id), _) => {
                let id = ItemId(id.parse().unwrap_or(0));
                items::by_id(self.conn, id)
                    .await?
                    .into_iter()
                    .filter(|i| i.kind == "post")
                    .collect()
            }
            (None, Some(name)) => items::by_name(self.conn, name, &["post"]).await?,
            _ => return Ok(None),
        };
        let dated = |item: &Item| {
            [("year", 0..4), ("monthnum", 5..7), ("day", 8..10)]
                .into_iter()
                .all(|(tag, range)| {
                    let value = tags.get(tag).and_then(|v| v.parse::<u32>().ok());
                    value.is_none_or(|v| item.date.get(range).and_then(|d| d.parse().ok()) == Some(v))
                })
        };
        self.first_seen(found.into_iter().filter(dated).collect(), 1).await
    }

    /// A page by its whole path.
    async fn page(&mut self, parts: &[&str], part: usize) -> Result<Option<Address>> {
        let Some(name) = parts.last() else { return Ok(None) };
        for item in items::by_name(self.conn, name, &["page"]).await? {
            if self.chain_fits(&item, parts).await? && self.scope.sight(&item, None) != Sight::Nothing {
                if Some(item.id) == self.site.posts_page {
                    let first = links::of_item(self.conn, self.site, self.types, &item).await?;
                    return Ok(Some(self.list(Shape::Posts(Box::new(item)), first)));
                }
                return self.item(item, part.max(self.request.page.max(1))).await.map(Some);
            }
        }
        Ok(None)
    }

    async fn chain_fits(&mut self, item: &Item, parts: &[&str]) -> Result<bool> {
        let mut parent = item.parent;
        for slug in parts.iter().rev().skip(1) {
            match items::by_id(self.conn, parent).await? {
                Some(above) if above.name == **slug => parent = above.parent,
                _ => return Ok(false),
            }
        }
        Ok(parent.0 == 0)
    }

    /// Items of other public types: `/front/slug/`.
    async fn typed(&mut self, parts: &[&str]) -> Result<Option<Address>> {
        let Some(front) = parts.first() else { return Ok(None) };
        let Some(kind) = self.types.public().find(|t| !t.front.is_empty() && t.front == *front) else {
            return Ok(None);
        };
        let [_, .., name] = parts else {
            let first = format!("{}{}{}", self.site.front(), kind.front, self.site.trailing());
            return Ok(Some(self.list(Shape::Kind(kind.name), first)));
        };
        let found = items::by_name(self.conn, name, &[kind.name]).await?;
        self.first_seen(found, 1).await
    }

    /// A file's page, below what it was uploaded to, or at the root.
    async fn attachment(&mut self, parts: &[&str]) -> Result<Option<Address>> {
        let Some((name, before)) = parts.split_last() else {
            return Ok(None);
        };
        let before: Vec<&str> = before.iter().copied().filter(|s| *s != "attachment").collect();
        for item in items::by_name(self.conn, name, &["attachment"]).await? {
            let parent = match item.parent {
                ItemId(0) => None,
                id => items::by_id(self.conn, id).await?,
            };
            let fits = match (&parent, before.last()) {
                (None, None) => true,
                (Some(parent), Some(slug)) => parent.name == *slug || parent.id.to_string() == *slug,
                _ => false,
            };
            if fits && self.scope.sight(&item, parent.as_ref()) != Sight::Nothing {
                return self.item(item, 1).await.map(Some);
            }
        }
        Ok(None)
    }

    /// Nothing is there: an old slug, or a name that begins like this.
    async fn guess(&mut self, parts: &[&str]) -> Result<Address> {
        let Some(name) = parts.last().filter(|n| !n.is_empty()) else {
            return Ok(Address::Missing);
        };
        let tags = structure::matches(&self.site.permalinks, parts).unwrap_or_default();
        if !tags.contains_key("postname") {
            return Ok(Address::Missing);
        }
        for item in items::by_old_slug(self.conn, name).await? {
            if self.scope.sight(&item, None) != Sight::Nothing {
                return Ok(Address::Moved(
                    links::of_item(self.conn, self.site, self.types, &item).await?,
                ));
            }
        }
        for item in self.begins_with(name).await? {
            if self.scope.sight(&item, None) != Sight::Nothing {
                return Ok(Address::Moved(
                    links::of_item(self.conn, self.site, self.types, &item).await?,
                ));
            }
        }
        Ok(Address::Missing)
    }

    async fn begins_with(&mut self, name: &str) -> Result<Vec<Item>> {
        let kinds: Vec<&str> = self
            .types
            .public()
            .filter(|t| t.name != "attachment")
            .map(|t| t.name)
            .collect();
        items::begins_with(self.conn, name, &kinds, 5).await
    }

    async fn item_by_id(&mut self, id: ItemId) -> Result<Address> {
        let Some(item) = items::by_id(self.conn, id).await? else {
            return Ok(Address::Missing);
        };
        self.first_seen(vec![item], 1)
            .await
            .map(|a| a.unwrap_or(Address::Missing))
    }

    async fn first_seen(&mut self, found: Vec<Item>, part: usize) -> Result<Option<Address>> {
        for item in found {
            let parent = match item.parent {
                ItemId(0) => None,
                id => items::by_id(self.conn, id).await?,
            };
            if self.scope.sight(&item, parent.as_ref()) != Sight::Nothing {
                return self.item(item, part).await.map(Some);
            }
        }
        Ok(None)
    }

    async fn item(&mut self, item: Item, part: usize) -> Result<Address> {
        let parent = match item.parent {
            ItemId(0) => None,
            id => items::by_id(self.conn, id).await?,
        };
        let sight = self.scope.sight(&item, parent.as_ref());
        if sight == Sight::Nothing {
            return Ok(Address::Missing);
        }
        let link = links::of_item(self.conn, self.site, self.types, &item).await?;
        Ok(Address::Item {
            item: Box::new(item),
            parent: parent.map(Box::new),
            sight,
            part: part.max(1),
            embed: self.request.embed,
            link,
        })
    }

    async fn term_or_missing(&mut self, term: Option<Term>) -> Result<Address> {
        let Some(term) = term else { return Ok(Address::Missing) };
        let all = terms::of_taxonomy(self.conn, &term.taxonomy).await?;
        let hierarchical = self.types.taxonomy(&term.taxonomy).is_some_and(|t| t.hierarchical);
        let ids = if hierarchical {
            terms::with_descendants(&all, &term)
        } else {
            vec![term.id.0]
        };
        let first = links::of_term(self.site, self.types, &term, &all);
        Ok(self.list(Shape::Term(Box::new(term), ids), first))
    }

    /// A person is shown only when they have something public: names of accounts are not given away.
    async fn author(&mut self, user: Option<User>) -> Result<Address> {
        let Some(user) = user else { return Ok(Address::Missing) };
        let query = ItemQuery {
            types: vec!["post".to_owned()],
            author: Some(user.id),
            limit: 1,
            ..ItemQuery::default()
        };
        if items::some(self.conn, self.scope, &query).await?.is_empty() {
            return Ok(Address::Missing);
        }
        let first = links::of_author(self.site, &user);
        Ok(self.list(Shape::Author(Box::new(user)), first))
    }

    /// A search keeps what narrows it, on every page of it.
    fn search(&self, words: String) -> Address {
        let mut first = format!("/?s={}", url_query(&words));
        for name in NARROWING {
            if let Some(value) = self.request.parameter(name) {
                first.push_str(&format!("&{name}={}", url_query(value)));
            }
        }
        self.list(Shape::Search(words), first)
    }

    fn list(&self, shape: Shape, first: String) -> Address {
        Address::List(List {
            shape,
            page: self.request.page.max(1),
            first,
        })
    }

    /// Sends to the one right address, and wraps feeds.
    fn canonical(&self, found: Address) -> Address {
        if let Some(kind) = self.request.feed {
            return match found {
                Address::List(_) | Address::Item { .. } | Address::Comments => Address::Feed(Box::new(found), kind),
                other => other,
            };
        }
        let right = match &found {
            Address::Item { link, part, embed, .. } => self.item_path(link, *part, *embed),
            Address::List(list) if !matches!(list.shape, Shape::Search(_)) => {
                links::of_page(self.site, &list.first, list.page)
            }
            Address::Comments => return Address::Missing,
            _ => return found,
        };
        if self.is_asked(&right) {
            found
        } else {
            Address::Moved(self.with_foreign_parameters(right))
        }
    }

    fn item_path(&self, link: &str, part: usize, embed: bool) -> String {
        let trailing = self.site.trailing();
        let base = link.trim_end_matches('/');
        match (embed, part, link.contains('?')) {
            (true, _, false) => format!("{base}/embed{trailing}"),
            (false, part, false) if part > 1 && link != "/" => format!("{base}/{part}{trailing}"),
            (false, part, false) if part > 1 => format!("/page/{part}{trailing}"),
            _ => link.to_owned(),
        }
    }

    /// Whether the request already is this address; case and percent-encoding do not matter.
    fn is_asked(&self, right: &str) -> bool {
        let plain = |text: &str| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .to_lowercase()
        };
        let (path, query) = right.split_once('?').unwrap_or((right, ""));
        if plain(path) != plain(&self.request.path) {
            return false;
        }
        let own = Request::parse(path, query).parameters;
        let asks_in_query = self
            .request
            .parameters
            .keys()
            .any(|name| MEANT.contains(&name.as_str()));
        if own.is_empty() {
            !asks_in_query
                || self.request.parameters.contains_key("author_name")
                || self.request.parameters.contains_key("pagename")
        } else {
            own.iter().all(|(k, v)| self.request.parameters.get(k) == Some(v))
        }
    }

    /// Parameters that mean nothing to us (`utm_source`) travel along.
    fn with_foreign_parameters(&self, mut right: String) -> String {
        let foreign: Vec<&str> = self
            .request
            .query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .filter(|pair| !MEANT.contains(&pair.split('=').next().unwrap_or_default()))
            .collect();
        if !foreign.is_empty() {
            right.push(if right.contains('?') { '&' } else { '?' });
            right.push_str(&foreign.join("&"));
        }
        right
    }
}

/// Parameters that narrow or order a search.
pub(crate) const NARROWING: &[&str] = &[
    "type",
    "post_type",
    "label",
    "topic",
    "publisher",
    "region",
    "lang",
    "sort",
];

/// Parameters that say what is asked for.
pub(crate) const MEANT: &[&str] = &[
    "p",
    "page_id",
    "attachment_id",
    "cat",
    "tag",
    "category_name",
    "author",
    "author_name",
    "m",
    "year",
    "monthnum",
    "day",
    "name",
    "pagename",
    "paged",
    "feed",
    "post_format",
    "region",
    "publisher",
    "post_type",
];

fn url_query(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%20", "+")
}

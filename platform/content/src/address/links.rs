//! Addresses of items, terms, people and dates, as paths below the site's home. One query for a whole list.

use std::collections::{BTreeSet, HashMap};

use gp_kernel::{ItemId, Result, UserId};
use gp_store::Conn;

use super::structure;
use crate::{
    items::{self, Item},
    options::Site,
    terms::{self, Term},
    types::Types,
    users::{self, User},
};

/// The addresses of many items: paths with a leading slash (`/about/team/`), or `/?p=12` where there is no better one.
///
/// # Errors
/// When the database does not answer.
pub async fn of_items(conn: &mut Conn, site: &Site, types: &Types, list: &[Item]) -> Result<HashMap<ItemId, String>> {
    let above = ancestors(conn, list).await?;
    let everything = || list.iter().chain(above.values());
    let posts: Vec<ItemId> = everything().filter(|i| i.kind == "post").map(|i| i.id).collect();
    let (mut categories, mut all_categories) = (HashMap::new(), Vec::new());
    if structure::uses(&site.permalinks, "category") && !posts.is_empty() {
        categories = terms::of_items(conn, &posts).await?;
        all_categories = terms::of_taxonomy(conn, "category").await?;
    }
    let mut authors = HashMap::new();
    if structure::uses(&site.permalinks, "author") {
        let ids: BTreeSet<UserId> = everything().map(|i| i.author).collect();
        authors = users::by_ids(conn, &ids.into_iter().collect::<Vec<_>>()).await?;
    }
    let maker = Maker {
        site,
        types,
        above,
        categories,
        all_categories,
        authors,
    };
    Ok(list.iter().map(|item| (item.id, maker.path(item, 0))).collect())
}

/// The address of one item.
///
/// # Errors
/// When the database does not answer.
pub async fn of_item(conn: &mut Conn, site: &Site, types: &Types, item: &Item) -> Result<String> {
    Ok(of_items(conn, site, types, std::slice::from_ref(item))
        .await?
        .remove(&item.id)
        .unwrap_or_default())
}

/// How deep a tree of pages may be; a loop of parents ends here.
const DEEPEST: usize = 20;

/// All parents of these items, level by level.
async fn ancestors(conn: &mut Conn, list: &[Item]) -> Result<HashMap<ItemId, Item>> {
    let mut found: HashMap<ItemId, Item> = HashMap::new();
    let mut wanted: BTreeSet<ItemId> = list.iter().map(|i| i.parent).filter(|p| p.0 > 0).collect();
    for _ in 0..DEEPEST {
        wanted.retain(|id| !found.contains_key(id));
        if wanted.is_empty() {
            break;
        }
        let level = items::by_ids(conn, &wanted.iter().copied().collect::<Vec<_>>()).await?;
        wanted = level.values().map(|i| i.parent).filter(|p| p.0 > 0).collect();
        found.extend(level);
    }
    Ok(found)
}

struct Maker<'a> {
    site: &'a Site,
    types: &'a Types,
    above: HashMap<ItemId, Item>,
    categories: HashMap<ItemId, Vec<Term>>,
    all_categories: Vec<Term>,
    authors: HashMap<UserId, User>,
}

impl Maker<'_> {
    fn path(&self, item: &Item, depth: usize) -> String {
        let plain = || match item.kind.as_str() {
            "page" => format!("/?page_id={}", item.id),
            "attachment" => format!("/?attachment_id={}", item.id),
            "post" => format!("/?p={}", item.id),
            kind => format!("/?post_type={kind}&p={}", item.id),
        };
        let floating = matches!(
            item.status.as_str(),
            "draft" | "pending" | "auto-draft" | "future" | "trash"
        );
        if Some(item.id) == self.site.front_page {
            return "/".to_owned();
        }
        if self.site.plain() || floating || item.name.is_empty() || depth > DEEPEST {
            return plain();
        }
        match item.kind.as_str() {
            "post" => self.post(item).unwrap_or_else(plain),
            "page" => format!("{}/{}{}", root(self.site), self.chain(item), self.site.trailing()),
            "attachment" => self.attachment(item, depth).unwrap_or_else(plain),
            kind => match self.types.get(kind) {
                Some(t) if t.public => {
                    let tail = if t.hierarchical {
                        self.chain(item)
                    } else {
                        item.name.clone()
                    };
                    let front = self.site.front().trim_end_matches('/');
                    format!("{front}/{}/{tail}{}", t.front, self.site.trailing())
                }
                _ => plain(),
            },
        }
    }

    /// By the structure; `None` when it asks for something that the post has not, as an author.
    fn post(&self, item: &Item) -> Option<String> {
        structure::fill(&self.site.permalinks, |tag| {
            Some(match tag {
                "postname" => item.name.clone(),
                "post_id" => item.id.to_string(),
                "year" => item.date.get(0..4)?.to_owned(),
                "monthnum" => item.date.get(5..7)?.to_owned(),
                "day" => item.date.get(8..10)?.to_owned(),
                "hour" => item.date.get(11..13)?.to_owned(),
                "minute" => item.date.get(14..16)?.to_owned(),
                "second" => item.date.get(17..19)?.to_owned(),
                "author" => self.authors.get(&item.author)?.nicename.clone(),
                "category" => self.category(item)?,
                _ => return None,
            })
        })
    }

    /// The category with the lowest id, its parents before it.
    fn category(&self, item: &Item) -> Option<String> {
        let own = self.categories.get(&item.id).into_iter().flatten();
        let first = own.filter(|t| t.taxonomy == "category").min_by_key(|t| t.term_id);
        let first = first.or_else(|| {
            self.all_categories
                .iter()
                .find(|t| t.term_id == self.site.default_category)
        })?;
        let line = terms::with_ancestors(&self.all_categories, first);
        Some(line.iter().map(|t| t.slug.as_str()).collect::<Vec<_>>().join("/"))
    }

    /// The slugs of an item and its parents of the same type, topmost first.
    fn chain(&self, item: &Item) -> String {
        let mut slugs = vec![item.name.as_str()];
        let mut parent = item.parent;
        while slugs.len() <= DEEPEST
            && let Some(above) = self.above.get(&parent)
            && above.kind == item.kind
        {
            slugs.push(&above.name);
            parent = above.parent;
        }
        slugs.reverse();
        slugs.join("/")
    }

    fn attachment(&self, item: &Item, depth: usize) -> Option<String> {
        let trailing = self.site.trailing();
        if item.parent.0 == 0 {
            return Some(format!("{}/{}{trailing}", root(self.site), item.name));
        }
        let parent = self.above.get(&item.parent)?;
        let base = self.path(parent, depth + 1);
        if base.contains('?') {
            return None;
        }
        let numeric = item.name.bytes().all(|b| b.is_ascii_digit());
        let between = if numeric || structure::uses(&self.site.permalinks, "category") {
            "/attachment"
        } else {
            ""
        };
        Some(format!(
            "{}{between}/{}{trailing}",
            base.trim_end_matches('/'),
            item.name
        ))
    }
}

/// The archive of a term; `all` are the terms of its taxonomy, for the parents of a category.
pub fn of_term(site: &Site, types: &Types, term: &Term, all: &[Term]) -> String {
    if site.plain() {
        return match term.taxonomy.as_str() {
            "category" => format!("/?cat={}", term.term_id),
            "post_tag" => format!("/?tag={}", term.slug),
            other => format!("/?{other}={}", term.slug),
        };
    }
    let slug = match term.taxonomy.as_str() {
        "category" => {
            let line = terms::with_ancestors(all, term);
            line.iter().map(|t| t.slug.as_str()).collect::<Vec<_>>().join("/")
        }
        "post_format" => term.slug.trim_start_matches("post-format-").to_owned(),
        _ => term.slug.clone(),
    };
    format!("{}/{slug}{}", base_of(site, types, &term.taxonomy), site.trailing())
}

/// What stands before a term's slug. A base of the site's own for categories or tags stands at the root, every other below
/// the front of the structure.
pub(crate) fn base_of(site: &Site, types: &Types, taxonomy: &str) -> String {
    let (base, own) = match taxonomy {
        "category" => (site.category_base.as_str(), site.text("category_base")),
        "post_tag" => (site.tag_base.as_str(), site.text("tag_base")),
        other => (types.taxonomy(other).map_or(other, |t| t.base.as_str()), String::new()),
    };
    if own.is_empty() {
        format!("{}{base}", site.front())
    } else {
        format!("{}/{base}", structure::root(&site.permalinks))
    }
}

/// The archive of a person.
pub fn of_author(site: &Site, user: &User) -> String {
    if site.plain() {
        return format!("/?author={}", user.id);
    }
    format!("{}author/{}{}", site.front(), user.nicename, site.trailing())
}

/// The archive of a year, month or day: `2026`, `2026-11`, `2026-11-25`.
pub fn of_date(site: &Site, date: &str) -> String {
    if site.plain() {
        return format!("/?m={}", date.replace('-', ""));
    }
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let filled = structure::fill(&structure::of_dates(&site.permalinks, site.front()), |tag| {
        let part = match tag {
            "year" => year,
            "monthnum" => month,
            _ => day,
        };
        Some(part.unwrap_or_default().to_owned())
    });
    let path = filled.unwrap_or_default();
    let path: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    format!("/{}{}", path.join("/"), site.trailing())
}

/// What stands before every address but the front's own: nothing, or `/index.php`.
fn root(site: &Site) -> &'static str {
    structure::root(&site.permalinks)
}

/// What stands before the pages and feeds of `first`.
fn below<'a>(site: &Site, first: &'a str) -> &'a str {
    match first.trim_end_matches('/') {
        "" => root(site),
        other => other,
    }
}

/// Where an uploaded file is, by its path below the uploads folder.
pub(crate) fn of_file(path: &str) -> String {
    const OTHERS: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'/');
    format!(
        "/wp-content/uploads/{}",
        percent_encoding::utf8_percent_encode(path, OTHERS)
    )
}

/// Page `n` of a list whose first page is at `first`.
pub fn of_page(site: &Site, first: &str, n: usize) -> String {
    if n <= 1 {
        return first.to_owned();
    }
    let (path, query) = first.split_once('?').map_or((first, ""), |(p, q)| (p, q));
    if site.plain() {
        let query = if query.is_empty() {
            String::new()
        } else {
            format!("{query}&")
        };
        return format!("{path}?{query}paged={n}");
    }
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{query}")
    };
    format!("{}/page/{n}{}{query}", below(site, path), site.trailing())
}

/// The small page of the item at `link`, for other sites.
pub fn of_embed(site: &Site, link: &str) -> String {
    if link.contains('?') {
        format!("{link}&embed=true")
    } else {
        format!("{}/embed{}", link.trim_end_matches('/'), site.trailing())
    }
}

/// Where the API of a site begins.
pub fn of_api(site: &Site) -> &'static str {
    if site.plain() {
        "/index.php?rest_route=/"
    } else {
        "/wp-json/"
    }
}

/// A comment on the item at `link`; `page` is its page of comments, 0 where they have none.
pub fn of_comment(site: &Site, link: &str, page: usize, id: gp_kernel::CommentId) -> String {
    let first = page == 1 && site.text("default_comments_page") == "oldest";
    if page == 0 || first {
        format!("{link}#comment-{id}")
    } else if link.contains('?') {
        format!("{link}&cpage={page}#comment-{id}")
    } else {
        let base = link.trim_end_matches('/');
        format!("{base}/comment-page-{page}{}#comment-{id}", site.trailing())
    }
}

/// The feed of an item's comments, by the name of its kind.
pub(crate) fn of_item_feed(site: &Site, item: &Item, link: &str, kind: &str) -> String {
    let named = if matches!(kind, "feed" | "rss2" | "") { "" } else { kind };
    let loose = item.kind == "attachment" && item.parent.0 == 0;
    if site.plain() {
        let kind = if kind.is_empty() { "rss2" } else { kind };
        return match item.kind.as_str() {
            _ if loose => format!("/?feed={kind}&attachment_id={}", item.id),
            "page" => format!("/?feed={kind}&page_id={}", item.id),
            _ => format!("/?feed={kind}&p={}", item.id),
        };
    }
    if loose {
        let named = if named.is_empty() {
            String::new()
        } else {
            format!("{named}/")
        };
        return format!("/feed/{named}?attachment_id={}", item.id);
    }
    let named = if named.is_empty() {
        String::new()
    } else {
        format!("/{named}")
    };
    format!("{}/feed{named}{}", link.trim_end_matches('/'), site.trailing())
}

/// The feed of a list or item at `of`.
pub fn of_feed(site: &Site, of: &str, kind: super::FeedKind) -> String {
    let word = match kind {
        super::FeedKind::Rss2 => "",
        super::FeedKind::Atom => "atom/",
        super::FeedKind::Rdf => "rdf/",
    };
    if site.plain() || of.contains('?') {
        let word = if word.is_empty() {
            "rss2"
        } else {
            word.trim_end_matches('/')
        };
        let join = if of.contains('?') { '&' } else { '?' };
        return format!("{of}{join}feed={word}");
    }
    let path = format!("{}/feed/{word}", below(site, of));
    if site.trailing().is_empty() {
        path.trim_end_matches('/').to_owned()
    } else {
        path
    }
}

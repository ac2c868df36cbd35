//! The main query: from variables to the item or list that they mean, or to nothing. Whatever is found here, this visitor
//! may see; what is hidden is as absent as what never was.

use gp_kernel::{ItemId, Result};

use super::{
    Address, List, Request, Shape, flags::Flags, links, narrowing::clauses, page_path, resolve::Resolver, sought, url,
    variables::Variables,
};
use crate::{
    address::{FeedKind, list::Narrow},
    items::{self, Item},
    permission::Sight,
    terms::Term,
    users::{self, User},
};

/// An item that the visitor may see.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub item: Item,
    pub parent: Option<Item>,
    pub sight: Sight,
    pub link: String,
}

/// What the variables found.
#[derive(Debug, Clone, Default)]
pub(super) struct Main {
    pub variables: Variables,
    pub flags: Flags,
    /// The item; after a part too many still the item that has not so many.
    pub item: Option<Seen>,
    /// The list.
    pub list: Option<List>,
    /// The first term asked for, with the address of its archive, and how many terms were asked for.
    pub term: Option<(Term, String)>,
    pub terms: usize,
    /// The person asked for.
    pub author: Option<User>,
    /// The site's front page itself.
    pub front_page: bool,
}

impl Resolver<'_> {
    pub(super) async fn main(&mut self, variables: Variables) -> Result<Main> {
        let mut main = Main {
            flags: Flags::of(&variables, self.types),
            variables,
            ..Main::default()
        };
        if main.flags.is_front_page(self.site, &main.variables) {
            self.front_page(&mut main).await?;
        }
        self.posts_page(&mut main).await?;
        match (&main.item, &main.list) {
            _ if main.flags.missing => {}
            (None, None) if main.flags.singular() => self.one(&mut main).await?,
            (None, None) => self.many(&mut main).await?,
            _ => {}
        }
        Ok(main)
    }

    /// The front shows a page, if this visitor may see it; `/page/2` is its second part.
    async fn front_page(&mut self, main: &mut Main) -> Result<()> {
        let Some(id) = self.site.front_page else { return Ok(()) };
        let found = items::by_id(self.conn, id).await?;
        main.item = self.first_seen(found.into_iter().collect()).await?;
        if main.item.is_some() {
            main.front_page = true;
            main.flags.home = false;
            main.flags.page = true;
            let paged = main.variables.get("paged").to_owned();
            if !paged.is_empty() {
                main.variables.set("page", paged);
                main.variables.set("paged", String::new());
            }
            self.check_part(main);
        }
        Ok(())
    }

    /// The page for posts lists them.
    async fn posts_page(&mut self, main: &mut Main) -> Result<()> {
        let Some(id) = self.site.posts_page.filter(|_| main.flags.page && main.item.is_none()) else {
            return Ok(());
        };
        let path = main.variables.get("pagename").to_owned();
        let found = if path.is_empty() {
            items::by_id(self.conn, ItemId(main.variables.number("page_id"))).await?
        } else {
            self.page_at(&path).await?
        };
        let found = found.filter(|page| page.id == id).into_iter().collect();
        if let Some(seen) = self.first_seen(found).await? {
            main.flags.page = false;
            main.flags.home = true;
            main.flags.posts_page = true;
            // Its own name is no name to guess by.
            main.variables.set("pagename", String::new());
            let list = self.list_of(main, Shape::Posts(Box::new(seen.item)), seen.link, Narrow::default());
            if main.variables.says("page") || (list.page > 1 && !self.has_any(&list, main.flags.feed).await?) {
                main.flags = main.flags.nothing();
            } else {
                main.list = Some(list);
            }
        }
        Ok(())
    }

    /// Finds one item, and checks that it has the part asked for.
    async fn one(&mut self, main: &mut Main) -> Result<()> {
        let candidates = self.candidates(&main.variables, main.flags).await?;
        main.item = self.first_seen(candidates).await?;
        main.front_page = main
            .item
            .as_ref()
            .is_some_and(|s| Some(s.item.id) == self.site.front_page);
        if let Some(seen) = &main.item
            && seen.item.kind == "attachment"
        {
            main.flags.attachment = true;
        }
        if main.item.is_none() && !(main.flags.feed && main.variables.page() == 1) {
            main.flags = main.flags.nothing();
        }
        self.check_part(main);
        Ok(())
    }

    fn check_part(&mut self, main: &mut Main) {
        let part = main.variables.number("page");
        if let Some(seen) = &main.item
            && part > 0
            && usize::try_from(part).is_ok_and(|part| part > parts_of(&seen.item))
        {
            main.flags = main.flags.nothing();
        }
        if let Some(seen) = &main.item
            && main.variables.says("page")
            && parts_of(&seen.item) == 1
            && !main.front_page
        {
            main.flags = main.flags.nothing();
        }
    }

    /// The items that fit all that the variables say of one, newest first.
    async fn candidates(&mut self, v: &Variables, flags: Flags) -> Result<Vec<Item>> {
        let id = [v.number("attachment_id"), v.number("page_id"), v.signed("p")]
            .into_iter()
            .find(|id| *id > 0);
        let (name, path) = (v.get("name").trim(), v.get("pagename").trim());
        let mut kinds: Vec<&str> = match (flags.attachment, flags.page) {
            _ if !v.types.is_empty() => v.types.clone(),
            (true, _) => vec!["attachment"],
            (_, true) => vec!["page"],
            _ => vec!["post"],
        };
        let mut found: Vec<Item> = if !name.is_empty() {
            items::by_name(self.conn, &page_path::slug(name), &kinds).await?
        } else if !path.is_empty() {
            let kind = v.types.first().copied().unwrap_or("page");
            let found = self.item_at(path, kind).await?;
            kinds.push("attachment");
            found.into_iter().collect()
        } else if !v.get("attachment").is_empty() {
            let slug = page_path::slug(page_path::last(v.get("attachment")));
            items::by_name(self.conn, &slug, &kinds).await?
        } else {
            let id = ItemId(id.unwrap_or(0));
            items::by_id(self.conn, id).await?.into_iter().collect()
        };
        let dates = v.dates();
        found.retain(|item| {
            id.is_none_or(|id| item.id.0 == id)
                && kinds.contains(&item.kind.as_str())
                && dates.fit(&item.date)
                && !item.name.is_empty() | id.is_some()
        });
        if !v.get("author_name").is_empty() && !found.is_empty() {
            let author = users::by_nicename(self.conn, &page_path::slug(v.get("author_name"))).await?;
            found.retain(|item| author.as_ref().is_some_and(|a| a.id == item.author));
        }
        found.sort_by(|a, b| b.date.cmp(&a.date));
        Ok(found)
    }

    /// The first that the visitor may see.
    pub(super) async fn first_seen(&mut self, found: Vec<Item>) -> Result<Option<Seen>> {
        for item in found.into_iter().take(MOST_SAME) {
            if let Some(seen) = self.seen(item).await? {
                return Ok(Some(seen));
            }
        }
        Ok(None)
    }

    /// The item with its address, if the visitor may see it.
    pub(super) async fn seen(&mut self, item: Item) -> Result<Option<Seen>> {
        let parent = match item.parent {
            ItemId(0) => None,
            id => items::by_id(self.conn, id).await?,
        };
        let sight = self.scope.sight(&item, parent.as_ref());
        if sight == Sight::Nothing {
            return Ok(None);
        }
        let link = links::of_item(self.conn, self.site, self.types, &item).await?;
        Ok(Some(Seen {
            item,
            parent,
            sight,
            link,
        }))
    }

    /// Finds a list, and checks that the page asked for has anything.
    async fn many(&mut self, main: &mut Main) -> Result<()> {
        if main.flags.search {
            main.list = Some(self.search(&main.variables).await?);
            return Ok(());
        }
        let mut narrow = Narrow::default();
        let mut shape = None;
        let clauses = clauses(&main.variables, self.types);
        let single = clauses.len();
        for clause in clauses {
            self.narrow_by(main, &mut narrow, &mut shape, clause).await?;
        }
        if main.flags.author && !self.narrow_by_author(main, &mut narrow).await? {
            main.flags = main.flags.nothing();
            return Ok(());
        }
        narrow.dates = main.variables.dates();
        narrow.kinds = main.variables.types.iter().map(|kind| (*kind).to_owned()).collect();
        let simple = self.simple(main, &narrow, single);
        let shape = shape.unwrap_or_else(|| self.shape_of(main, &narrow));
        let first = match simple {
            Some(first) => first,
            None => self.asked_without_page(),
        };
        if let Shape::Kind(_) = shape {
            narrow.kinds.clear();
        }
        let list = self.list_of(main, shape, first, narrow);
        let term = main.term.is_some();
        let certain = main.flags.home || main.flags.feed || term || main.flags.kind;
        if (certain && list.page == 1) || self.has_any(&list, main.flags.feed).await? {
            main.list = Some(list);
        } else {
            main.flags = main.flags.nothing();
        }
        Ok(())
    }

    fn list_of(&self, main: &Main, shape: Shape, first: String, narrow: Narrow) -> List {
        List {
            shape,
            page: main.variables.page(),
            first,
            narrow,
            ..List::default()
        }
    }

    /// A search keeps what narrows it, whether path or query says so, on every page of it.
    async fn search(&mut self, v: &Variables) -> Result<List> {
        let mut query = self.request.query.clone();
        for name in &v.from_path {
            query.push_str(&format!("&{name}={}", url::form_encoded(v.get(name))));
        }
        let request = Request::parse(&self.request.path, &query);
        sought::list(self.conn, self.types, &request, v.get("s"), v.page()).await
    }

    async fn has_any(&mut self, list: &List, feed: bool) -> Result<bool> {
        let per_page = if feed { self.site.per_feed } else { self.site.per_page };
        let mut query = list.query(per_page);
        query.limit = 1;
        Ok(!items::some(self.conn, self.scope, &query).await?.is_empty())
    }

    fn shape_of(&self, main: &Main, narrow: &Narrow) -> Shape {
        let flags = main.flags;
        let kind = main.variables.types.iter().copied().find(|_| flags.kind);
        match (kind, &main.author) {
            (Some(kind), _) => Shape::Kind(kind),
            (None, Some(author)) => Shape::Author(Box::new(author.clone())),
            _ if flags.date => Shape::Date(narrow.dates.prefix()),
            _ => Shape::Front,
        }
    }

    /// The list's own address, when it is asked for in one way only.
    fn simple(&self, main: &Main, narrow: &Narrow, clauses: usize) -> Option<String> {
        let flags = main.flags;
        let conditions = clauses + usize::from(flags.author) + usize::from(flags.date) + usize::from(flags.kind);
        match &main.term {
            _ if conditions > 1 || main.terms > 1 => None,
            Some((_, link)) => Some(link.clone()),
            None if flags.kind => {
                let kind = self.types.get(main.variables.types.first()?)?;
                let front = self.site.front();
                Some(match self.site.plain() {
                    true => format!("/?post_type={}", kind.name),
                    false => format!("{front}{}{}", kind.front, self.site.trailing()),
                })
            }
            None if flags.author => main.author.as_ref().map(|a| links::of_author(self.site, a)),
            None if flags.date => {
                let prefix = narrow.dates.prefix();
                (narrow.dates.is_prefix() && !prefix.is_empty()).then(|| links::of_date(self.site, &prefix))
            }
            None if conditions == 0 && main.variables.types.is_empty() => Some("/".to_owned()),
            None => None,
        }
    }

    /// What was asked, without the number of the page and without what means nothing.
    fn asked_without_page(&self) -> String {
        let path = self.request.path.trim_end_matches('/');
        let path = match path.rsplit_once("/page/") {
            Some((before, number)) if number.bytes().all(|b| b.is_ascii_digit()) => before,
            _ => path,
        };
        let known = Variables::new(self.types, Vec::new(), self.request);
        let kept = self.request.query.split('&').filter(|part| {
            let name = url::decode(part.split('=').next().unwrap_or_default());
            let name = name.split('[').next().unwrap_or_default();
            name != "paged" && (known.has(name) || name == "post_type")
        });
        let query = kept.collect::<Vec<_>>().join("&");
        let slash = if path.is_empty() { "/" } else { self.site.trailing() };
        if query.is_empty() {
            format!("{path}{slash}")
        } else {
            format!("{path}{slash}?{query}")
        }
    }

    pub(super) fn address(&self, main: Main) -> Address {
        if main.flags.missing {
            return Address::Missing;
        }
        let v = &main.variables;
        let found = match (main.item, main.list) {
            (Some(seen), _) => Address::Item {
                item: Box::new(seen.item),
                parent: seen.parent.map(Box::new),
                sight: seen.sight,
                part: usize::try_from(v.number("page")).unwrap_or(1).max(1),
                embed: !v.get("embed").is_empty(),
                link: seen.link,
            },
            (None, Some(list)) if v.says("withcomments") && list.shape == Shape::Front => Address::Comments,
            (None, Some(list)) => Address::List(list),
            (None, None) => Address::Missing,
        };
        match FeedKind::parse(v.get("feed")) {
            _ if !main.flags.feed && found == Address::Comments => Address::Missing,
            _ if !main.flags.feed => found,
            Some(kind) => Address::Feed(Box::new(found), kind),
            None => Address::Missing,
        }
    }
}

/// So many items may share a slug.
const MOST_SAME: usize = 20;

/// How many parts the page breaks of an item make.
fn parts_of(item: &Item) -> usize {
    item.content.matches("<!--nextpage-->").count() + 1
}

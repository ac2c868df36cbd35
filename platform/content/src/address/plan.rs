//! From what was found, or not found, to the plan of its right address: the questions of WordPress's canonical redirects in
//! their order, the first that holds decides.

use gp_kernel::{ItemId, Result};

use super::{
    canonical::{Paging, Plan},
    flags, links,
    main_query::Main,
    page_path,
    resolve::Resolver,
    rules::variable_of,
    structure, url,
    variables::Variables,
};
use crate::{
    items::{self, Item},
    meta::{self, MetaKind},
    terms,
};

/// Parameters that a permalink says.
const OF_ITEM: &[&str] = &["p", "page_id", "attachment_id", "pagename", "name", "post_type"];

impl Resolver<'_> {
    pub(super) async fn plan(&mut self, main: &mut Main) -> Result<Plan> {
        let flags = main.flags;
        let front =
            !flags.missing && (main.front_page || (flags.home && !flags.posts_page && self.site.front_page.is_none()));
        let mut plan = Plan {
            pretty: !self.site.plain(),
            slash: !self.site.trailing().is_empty(),
            index: !structure::root(&self.site.permalinks).is_empty(),
            missing: flags.missing,
            any_front: front,
            front: front && main.variables.page() < 2,
            ..Plan::default()
        };
        if main.variables.says("preview") {
            plan.remove.push("preview".to_owned());
        }
        self.by_number_in_feed(main, &mut plan).await?;
        if flags.missing {
            self.plan_missing(main, &mut plan).await?;
        } else if plan.pretty {
            self.plan_found(main, &mut plan).await?;
            plan_paging(main, &mut plan, self);
        }
        if !flags.missing && main.flags.attachment && !self.site.attachment_pages {
            self.plan_file(main, &mut plan).await?;
        }
        Ok(plan)
    }

    /// The number that the query was made for: of a file, of a page, or any.
    pub(super) fn number_of(v: &Variables) -> i64 {
        let numbers = [v.number("attachment_id"), v.number("page_id"), v.signed("p").max(0)];
        numbers.into_iter().find(|n| *n > 0).unwrap_or(0)
    }

    /// `?p=1&feed=rss2` leads to the feed below the item; without it, to the item.
    async fn by_number_in_feed(&mut self, main: &Main, plan: &mut Plan) -> Result<()> {
        let id = Self::number_of(&main.variables);
        if !main.flags.feed || id == 0 {
            return Ok(());
        }
        let Some(item) = items::by_id(self.conn, ItemId(id)).await? else {
            return Ok(());
        };
        let Some(seen) = self.seen(item).await? else {
            plan.hidden = true;
            return Ok(());
        };
        let link = links::of_item_feed(self.site, &seen.item, &seen.link, main.variables.get("feed"));
        self.go(
            plan,
            link.clone(),
            &["p", "page_id", "attachment_id", "pagename", "name", "post_type", "feed"],
        );
        plan.path = Some(url::Url::parse(&link).path);
        Ok(())
    }

    /// Sends to an address; parameters that it does not itself have are said by it.
    fn go(&self, plan: &mut Plan, to: String, said: &[&str]) {
        let own = url::Url::parse(&to).query;
        let gone = said.iter().filter(|name| !url::has(&own, name));
        plan.remove.extend(gone.map(|name| (*name).to_owned()));
        plan.to = Some(to);
    }

    async fn go_to_item(&mut self, plan: &mut Plan, item: Item, said: &[&str]) -> Result<()> {
        match self.seen(item).await? {
            Some(seen) => self.go(plan, seen.link, said),
            None => plan.hidden = true,
        }
        Ok(())
    }

    /// Nothing was found: by number, by a smaller date, by a guess, or what has not so many parts.
    async fn plan_missing(&mut self, main: &Main, plan: &mut Plan) -> Result<()> {
        let v = &main.variables;
        let numbers = [v.signed("p"), v.number("page_id"), v.number("attachment_id")];
        let id = numbers.into_iter().max().unwrap_or(0);
        let item = match id {
            1.. => items::by_id(self.conn, ItemId(id)).await?,
            _ => None,
        };
        let public =
            |item: &Item| item.status != "auto-draft" && self.types.get(&item.kind).is_some_and(|kind| kind.public);
        if let Some(item) = item.filter(public) {
            self.go_to_item(plan, item, OF_ITEM).await?;
        }
        let (year, month, day) = (v.number("year"), v.number("monthnum"), v.number("day"));
        if year > 0 && month > 0 && day > 0 {
            if !flags::is_date(year, month, day) {
                let to = links::of_date(self.site, &format!("{year:04}-{month:02}"));
                self.go(plan, to, &["year", "monthnum", "day"]);
            }
        } else if year > 0 && month > 12 {
            let to = links::of_date(self.site, &format!("{year:04}"));
            self.go(plan, to, &["year", "monthnum"]);
        }
        if plan.to.is_none()
            && !plan.hidden
            && let Some(seen) = self.guess(v).await?
        {
            let to = self.guess_link(v, &seen);
            self.go(plan, to, &[&["page", "feed"], OF_ITEM].concat());
        }
        if v.says("page")
            && !plan.hidden
            && !main.front_page
            && let Some(link) = self.first_of_query(main).await?
        {
            plan.to = Some(link);
            plan.remove.push("page".to_owned());
        }
        Ok(())
    }

    /// The address of the first item that the query finds all the same, when it has no parts.
    async fn first_of_query(&mut self, main: &Main) -> Result<Option<String>> {
        let whole = |item: &Item| !item.content.contains("<!--nextpage-->");
        if let Some(seen) = &main.item {
            return Ok(whole(&seen.item).then(|| seen.link.clone()));
        }
        let names = [
            "p",
            "page_id",
            "attachment_id",
            "name",
            "pagename",
            "attachment",
            "s",
            "author_name",
            "author",
        ];
        if main.variables.get("error") != "404" || names.iter().any(|name| main.variables.says(name)) {
            return Ok(None);
        }
        let list = super::List {
            page: main.variables.page(),
            narrow: super::list::Narrow {
                dates: main.variables.dates(),
                ..super::list::Narrow::default()
            },
            ..super::List::default()
        };
        let per_page = if main.flags.feed {
            self.site.per_feed
        } else {
            self.site.per_page
        };
        let mut query = list.query(per_page);
        query.limit = 1;
        let found = items::some(self.conn, self.scope, &query).await?;
        let first = self.first_seen(found).await?;
        Ok(first.filter(|seen| whole(&seen.item)).map(|seen| seen.link))
    }

    /// Something was found; the first question that holds decides.
    async fn plan_found(&mut self, main: &Main, plan: &mut Plan) -> Result<()> {
        if !self.plan_item(main, plan) {
            self.plan_other(main, plan).await?;
        }
        if let Some(seen) = main.item.as_ref().filter(|_| main.variables.says("page")) {
            plan.part = Some((seen.link.clone(), part_asked(&main.variables)));
        }
        Ok(())
    }

    /// Dates, people, terms, and items below the wrong category.
    async fn plan_other(&mut self, main: &Main, plan: &mut Plan) -> Result<()> {
        let flags = main.flags;
        let by_number = self.request.parameter("author").is_some_and(is_number);
        if flags.date {
            self.plan_date(main, plan);
        } else if let Some(author) = main.author.as_ref().filter(|_| by_number) {
            plan.to = Some(links::of_author(self.site, author));
            plan.remove.push("author".to_owned());
        } else if flags.terms {
            self.plan_term(main, plan);
        } else if let Some(seen) = main.item.as_ref().filter(|_| flags.single)
            && !self.is_in_category(main).await?
        {
            plan.to = Some(seen.link.clone());
        }
        Ok(())
    }

    /// An item that the query names is said by its path; false when the query names none.
    fn plan_item(&self, main: &Main, plan: &mut Plan) -> bool {
        let (flags, asked) = (main.flags, |name: &str| self.request.says(name));
        let only_file = || {
            main.variables
                .names()
                .all(|n| matches!(n, "attachment" | "attachment_id"))
        };
        let link = main.item.as_ref().map(|seen| seen.link.as_str());
        let (to, said): (&str, &[&str]) = match (link, &main.list) {
            _ if plan.to.is_some() => return false,
            (Some(link), _) if flags.attachment && only_file() => (link, &["attachment_id"]),
            (Some(link), _) if flags.single && asked("p") => (link, &["p", "post_type"]),
            (Some(link), _) if flags.single && asked("name") => (link, &["name"]),
            (Some(link), _) if flags.page && asked("page_id") => (link, &["page_id"]),
            (Some(_), _) if main.front_page && flags.page && !flags.feed => ("/", &[]),
            (None, Some(list)) if flags.posts_page && asked("page_id") => (&list.first, &["page_id"]),
            _ => return false,
        };
        // Pages of comments and feeds go on from the item's own address: WordPress forgets it here and leads nowhere.
        plan.path = Some(url::Url::parse(to).path);
        plan.to = Some(to.to_owned());
        plan.remove.extend(said.iter().map(|name| (*name).to_owned()));
        true
    }

    /// Dates that the query says are said by the path.
    fn plan_date(&self, main: &Main, plan: &mut Plan) {
        let (v, flags, request) = (&main.variables, main.flags, self.request);
        let (year, month, day) = (v.number("year"), v.number("monthnum"), v.number("day"));
        let m = v.digits_of_m();
        let (date, said): (String, &[&str]) = if request.says("m") && (flags.year || flags.month || flags.day) {
            let parts = [m.get(0..4), m.get(4..6), m.get(6..8)];
            if !matches!(m.len(), 4 | 6 | 8) {
                return;
            }
            (parts.into_iter().flatten().collect::<Vec<_>>().join("-"), &["m"])
        } else if flags.day && year > 0 && month > 0 && request.says("day") {
            (format!("{year:04}-{month:02}-{day:02}"), &["year", "monthnum", "day"])
        } else if flags.month && year > 0 && request.says("monthnum") {
            (format!("{year:04}-{month:02}"), &["year", "monthnum"])
        } else if flags.year && request.says("year") {
            (format!("{year:04}"), &["year"])
        } else {
            return;
        };
        plan.to = Some(links::of_date(self.site, &date));
        plan.remove.extend(said.iter().map(|name| (*name).to_owned()));
    }

    /// A term that only the query says is said by the path.
    fn plan_term(&self, main: &Main, plan: &mut Plan) {
        let Some((term, link)) = main.term.as_ref().filter(|_| main.terms <= 1) else {
            return;
        };
        if !main.variables.from_path.is_empty() {
            return;
        }
        let mut said = vec!["term".to_owned(), "taxonomy".to_owned()];
        said.push(variable_of(&term.taxonomy).to_owned());
        match term.taxonomy.as_str() {
            "category" => said.push("cat".to_owned()),
            "post_tag" => said.push("tag_id".to_owned()),
            _ => {}
        }
        plan.term = Some((link.clone(), said));
    }

    /// Whether the categories in the path lead to one of the post's own.
    async fn is_in_category(&mut self, main: &Main) -> Result<bool> {
        let path = main.variables.get("category_name");
        let named = !path.is_empty() && structure::uses(&self.site.permalinks, "category");
        let Some(seen) = main.item.as_ref().filter(|_| named) else {
            return Ok(true);
        };
        let wanted: Vec<String> = path.split('/').filter(|p| !p.is_empty()).map(page_path::slug).collect();
        let own = terms::of_items(self.conn, &[seen.item.id]).await?.remove(&seen.item.id);
        let own = own.unwrap_or_default();
        let all = terms::of_taxonomy(self.conn, "category").await?;
        Ok(own.iter().filter(|t| t.taxonomy == "category").any(|term| {
            let line = terms::with_ancestors(&all, term);
            line.iter().map(|t| &t.slug).eq(wanted.iter())
        }))
    }

    /// The file itself, where files have no pages.
    async fn plan_file(&mut self, main: &Main, plan: &mut Plan) -> Result<()> {
        let Some(seen) = &main.item else { return Ok(()) };
        let meta = meta::of(self.conn, MetaKind::Item, seen.item.id.0).await?;
        let path = meta.text("_wp_attached_file");
        if !path.is_empty() {
            plan.file = Some(links::of_file(&path));
            plan.remove.push("attachment_id".to_owned());
        }
        Ok(())
    }

    /// The address of a sitemap, when there is such a kind.
    fn sitemap(&self, v: &Variables) -> Option<String> {
        let (name, kind) = (v.get("sitemap"), v.get("sitemap-subtype"));
        let page = v.number("paged").max(1);
        let known = match name {
            "index" => return Some("/wp-sitemap.xml".to_owned()),
            "posts" => self.types.public().any(|t| t.name == kind && kind != "attachment"),
            "taxonomies" => self.types.taxonomy(kind).is_some_and(|t| t.public),
            "users" => kind.is_empty(),
            _ => return None,
        };
        let kind = match kind {
            "" => String::new(),
            kind => format!("{kind}-"),
        };
        (known || kind.is_empty()).then(|| format!("/wp-sitemap-{name}-{kind}{page}.xml"))
    }
}

/// Pages of lists, feeds and comments at the end of the path.
fn plan_paging(main: &Main, plan: &mut Plan, resolver: &Resolver<'_>) {
    let (v, flags, site) = (&main.variables, main.flags, resolver.site);
    if v.says("sitemap") {
        plan.sitemap = Some(resolver.sitemap(v));
        return;
    }
    if !v.says("paged") && !flags.feed && !v.says("cpage") {
        return;
    }
    let kind = v.get("feed");
    let known = matches!(kind, "feed" | "rdf" | "rss" | "rss2" | "atom");
    let format = match kind {
        "feed" | "rss2" | "rss" => String::new(),
        other => other.to_owned(),
    };
    let page = v.number("cpage");
    let counted = site.page_comments && (page > 1 || (page > 0 && newest_first(site)));
    plan.paging = Some(Paging {
        feed: (flags.feed && known).then(|| (format, !flags.singular() && v.says("withcomments"))),
        is_feed: flags.feed,
        page: usize::try_from(v.number("paged")).unwrap_or(0),
        single: flags.single,
        comments: usize::try_from(page).unwrap_or(0) * usize::from(counted),
    });
}

/// Whether the last page of comments is shown first, so that the first has a number.
fn newest_first(site: &crate::options::Site) -> bool {
    site.text("default_comments_page") != "oldest"
}

/// The number of a part as it was written, if it was a number.
fn part_asked(v: &Variables) -> String {
    let text = v.get("page");
    if is_number(text) {
        text.to_owned()
    } else {
        v.number("page").to_string()
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

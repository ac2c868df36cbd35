//! What becomes of the addresses of a site that makes them otherwise, and the change itself: no old address is lost.

use std::collections::{BTreeMap, HashMap, HashSet};

use gp_admin::Desk;
use gp_content::{
    Item, ItemQuery, Order, Scope, Site, Term, Verb, actions,
    address::{Address, Request, links, redirects, resolve},
    items, terms,
};
use gp_kernel::{Error, ItemId, Result};
use gp_markup::text::plain_text;
use gp_store::{Conn, settings};

use super::structure::Wish;

/// Items that are looked at together.
const TOGETHER: usize = 500;
/// As many redirects are made at most. Where more old addresses would lead nowhere, another form is the better way.
const MOST: usize = 5_000;
/// Items of each type that are shown, resources first.
const SHOWN: [(&str, usize); 3] = [("post", 6), ("page", 1), ("ai1ec_event", 1)];
/// The trees of terms whose addresses change with the site's.
const TAXONOMIES: [&str; 2] = ["category", "post_tag"];

/// What becomes of an old address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is the new one.
    Same,
    /// It leads to the new one by itself.
    Leads,
    /// It would lead nowhere, so that a redirect is made for it.
    Redirect,
    /// Something else has it then.
    Taken,
}

/// An address of the site before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) title: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) fate: Fate,
}

/// The site as it would be.
async fn next(conn: &mut Conn, wish: &Wish) -> Result<Site> {
    let mut options: BTreeMap<String, Vec<u8>> = settings::autoloaded(conn).await?.into_iter().collect();
    for (name, value) in wish.options() {
        options.insert(name.to_owned(), value.as_bytes().to_vec());
    }
    let mut site = Site::from_options(options);
    // Redirects that there are say nothing of what the rules say.
    site.redirects = false;
    Ok(site)
}

/// Looks from the site as it is to the site as it would be.
struct Looking<'a> {
    desk: &'a Desk,
    next: &'a Site,
    scope: Scope,
}

impl<'a> Looking<'a> {
    fn new(desk: &'a Desk, next: &'a Site) -> Self {
        Self {
            desk,
            next,
            scope: Scope::public(&desk.app.types),
        }
    }

    /// What becomes of the old address of something that then has another.
    async fn fate(&self, conn: &mut Conn, before: &str, after: &str) -> Result<Fate> {
        if before == after {
            return Ok(Fate::Same);
        }
        // Only the slash at the end is another: the rules see to that.
        if !before.contains('?') && redirects::same_path(before, after) {
            return Ok(Fate::Leads);
        }
        let (path, query) = before.split_once('?').unwrap_or((before, ""));
        let request = Request::parse(path, query);
        let found = resolve(conn, self.next, &self.desk.app.types, &self.scope, &request).await?;
        let leads = |to: &str| {
            let to = to
                .strip_prefix(self.next.home.as_str())
                .filter(|_| !self.next.home.is_empty())
                .unwrap_or(to);
            redirects::same_path(to, after)
        };
        Ok(match found {
            Address::Moved(to) | Address::Elsewhere(to) if leads(&to) => Fate::Leads,
            Address::Item { link, .. } if leads(&link) => Fate::Leads,
            Address::Item { .. } => Fate::Taken,
            // Only a path can be led elsewhere.
            _ if before.contains('?') => Fate::Leads,
            _ => Fate::Redirect,
        })
    }

    /// The addresses of items before and after.
    async fn of_items(&self, conn: &mut Conn, list: &[Item]) -> Result<Vec<(String, String)>> {
        let types = &self.desk.app.types;
        let before = links::of_items(conn, &self.desk.site, types, list).await?;
        let after = links::of_items(conn, self.next, types, list).await?;
        let one = |all: &HashMap<ItemId, String>, item: &Item| all.get(&item.id).cloned().unwrap_or_default();
        Ok(list
            .iter()
            .map(|item| (one(&before, item), one(&after, item)))
            .collect())
    }

    fn of_term(&self, term: &Term, all: &[Term]) -> (String, String) {
        let types = &self.desk.app.types;
        (
            links::of_term(&self.desk.site, types, term, all),
            links::of_term(self.next, types, term, all),
        )
    }
}

/// Ten addresses of the site before and after: of new resources, a page, an event, a label, a topic.
pub(super) async fn samples(desk: &Desk, wish: &Wish) -> Result<Vec<Sample>> {
    let mut conn = desk.read().await?;
    let next = next(&mut conn, wish).await?;
    let looking = Looking::new(desk, &next);
    let mut found = Vec::new();
    for (kind, limit) in SHOWN {
        let query = ItemQuery {
            types: vec![kind.to_owned()],
            limit,
            ..ItemQuery::default()
        };
        let list = items::some(&mut conn, &looking.scope, &query).await?;
        let addresses = looking.of_items(&mut conn, &list).await?;
        found.extend(list.iter().map(|item| plain_text(&item.title)).zip(addresses));
    }
    for taxonomy in TAXONOMIES {
        let all = terms::all_of(&mut conn, taxonomy).await?;
        let first = all.iter().max_by_key(|term| term.count);
        found.extend(first.map(|term| (plain_text(&term.name), looking.of_term(term, &all))));
    }
    let mut samples = Vec::new();
    for (title, (before, after)) in found {
        let fate = looking.fate(&mut conn, &before, &after).await?;
        let title = if title.trim().is_empty() {
            "(no title)".to_owned()
        } else {
            title
        };
        samples.push(Sample {
            title,
            before,
            after,
            fate,
        });
    }
    Ok(samples)
}

/// What has to be done so that no address is lost.
#[derive(Debug, Default)]
struct Plan {
    /// Old addresses with the new ones that they would not lead to by themselves.
    add: Vec<(String, String)>,
    /// Redirects that stand where something is to be found from now on.
    remove: HashSet<String>,
}

impl Plan {
    fn add(&mut self, before: String, after: String) -> Result<()> {
        if self.add.len() >= MOST {
            return Err(Error::invalid(format!(
                "More than {MOST} old addresses would lead nowhere with this form. Nothing was changed. Choose one with %postname%, or one \
                 that keeps what the present one holds."
            )));
        }
        self.add.push((before, after));
        Ok(())
    }
}

async fn plan(conn: &mut Conn, desk: &Desk, looking: &Looking<'_>) -> Result<Plan> {
    let mut plan = Plan::default();
    let sources: HashMap<String, String> = redirects::all(conn)
        .await?
        .into_iter()
        .map(|(source, _)| (source.trim_end_matches('/').to_owned(), source))
        .collect();
    let free = |after: &str, plan: &mut Plan| {
        if let Some(source) = sources.get(after.trim_end_matches('/')) {
            plan.remove.insert(source.clone());
        }
    };
    for taxonomy in TAXONOMIES {
        let all = terms::all_of(conn, taxonomy).await?;
        for term in all.iter() {
            let (before, after) = looking.of_term(term, &all);
            free(&after, &mut plan);
            if looking.fate(conn, &before, &after).await? == Fate::Redirect {
                plan.add(before, after)?;
            }
        }
    }
    for kind in desk.app.types.public().map(|kind| kind.name) {
        let mut query = ItemQuery {
            types: vec![kind.to_owned()],
            order: Order::Id,
            limit: TOGETHER,
            ..ItemQuery::default()
        };
        // One form makes the addresses of all items of a type: what leads by itself for the first hundreds does for the others.
        let mut ask = true;
        loop {
            let list = items::some(conn, &looking.scope, &query).await?;
            if list.is_empty() || (!ask && sources.is_empty()) {
                break;
            }
            query.offset += list.len();
            let mut led = 0;
            for (before, after) in looking.of_items(conn, &list).await? {
                free(&after, &mut plan);
                if ask && looking.fate(conn, &before, &after).await? == Fate::Redirect {
                    plan.add(before, after)?;
                    led += 1;
                }
            }
            ask = ask && led > 0;
        }
    }
    Ok(plan)
}

/// Makes addresses otherwise from now on; how many redirects were made for old ones.
pub(super) async fn keep(desk: &Desk, wish: &Wish) -> Result<usize> {
    let grant = desk.actor().may_manage(Verb::SetOption)?;
    let mut conn = desk.read().await?;
    let next = next(&mut conn, wish).await?;
    let plan = plan(&mut conn, desk, &Looking::new(desk, &next)).await?;
    drop(conn);
    let mut tx = desk.app.db.write().await?;
    let mut act = desk.act(&mut tx);
    for (name, value) in wish.options() {
        if desk.site.text(name) != value {
            actions::set_option(&mut act, &grant, name, value.as_bytes()).await?;
        }
    }
    for source in &plan.remove {
        actions::remove_redirect(&mut act, &grant, source).await?;
    }
    let mut made = 0;
    for (before, after) in &plan.add {
        match actions::redirect(&mut act, &grant, before, after).await {
            Ok(()) => made += 1,
            // Letters that an address of a redirect cannot hold: it leads nowhere, and everything else is right.
            Err(error) if error.kind == gp_kernel::ErrorKind::Invalid => {
                tracing::warn!(%error, before, after, "no redirect was made for an old address");
            }
            Err(error) => return Err(error),
        }
    }
    tx.commit().await?;
    Ok(made)
}

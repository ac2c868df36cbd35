//! `guidepost/menu`: a classic menu by its location; without one, the site's navigation, an earlier theme's menu, pages or labels.

use std::{collections::HashMap, sync::Arc};

use gp_blocks::html;
use gp_content::{Item, ItemQuery, Meta, MetaKind, Order, Sight, Term, address::links, items, meta, terms};
use gp_kernel::{ItemId, Result, TermId};
use gp_markup::block::Block;
use gp_store::Recall;

use super::{desk::Desk, navigation, word};
use crate::store;

/// How many pages stand in for a missing menu.
const FALLBACK: usize = 5;

/// An entry with those below it; label and address are ready for HTML and for links.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub label: String,
    pub url: String,
    /// The excerpt of the page it leads to.
    pub about: String,
    pub below: Vec<Entry>,
}

pub(super) async fn html(desk: &mut Desk<'_>, block: &Block) -> Result<String> {
    let footer = word(block, "location") == "footer";
    let found = shown(desk, footer).await?;
    Ok(if footer {
        columns(desk, &found)
    } else {
        bar(desk, &found)
    })
}

/// The entries of the bar or of the foot; what everybody sees is kept.
async fn shown(desk: &mut Desk<'_>, footer: bool) -> Result<Arc<Vec<Entry>>> {
    if !desk.page.scope.actor().is_anonymous() {
        return Ok(Arc::new(all(desk, footer).await?));
    }
    let making = match desk.conn.recall(format!("menu {footer}")) {
        Recall::Found(entries) => return Ok(entries),
        Recall::Missing(making) => making,
    };
    let entries = all(desk, footer).await?;
    Ok(making.keep(desk.conn, entries, 10_000))
}

async fn all(desk: &mut Desk<'_>, footer: bool) -> Result<Vec<Entry>> {
    desk.load_categories().await?;
    let location = if footer { "footer" } else { "primary" };
    let mut found = entries(desk, location).await?;
    if found.is_empty() && !footer {
        found = navigation::entries(desk).await?;
    }
    if found.is_empty()
        && let Some(menu) = navigation::location_elsewhere(desk, location).await?
    {
        found = of_menu(desk, menu).await?;
    }
    if found.is_empty() {
        found = if footer {
            footer_instead(desk).await?
        } else {
            pages(desk).await?
        };
    }
    Ok(found)
}

/// The entries of the menu at a location of the theme.
pub(super) async fn entries(desk: &mut Desk<'_>, location: &str) -> Result<Vec<Entry>> {
    match desk.page.site.menu_locations.get(location).copied() {
        Some(menu) => of_menu(desk, menu).await,
        None => Ok(Vec::new()),
    }
}

async fn of_menu(desk: &mut Desk<'_>, menu: TermId) -> Result<Vec<Entry>> {
    let rows = store::menu_entries(desk.conn, menu).await?;
    let ids: Vec<i64> = rows.iter().map(|r| r.id.0).collect();
    let metas = meta::of_many(desk.conn, MetaKind::Item, &ids).await?;
    let targets = Targets::load(desk, &metas).await?;
    let mut below: HashMap<i64, Vec<&Item>> = HashMap::new();
    for row in &rows {
        let parent = metas
            .get(&row.id.0)
            .and_then(|m| m.int("_menu_item_menu_item_parent"))
            .unwrap_or(0);
        let known = parent != row.id.0 && ids.contains(&parent);
        below.entry(if known { parent } else { 0 }).or_default().push(row);
    }
    let empty = Meta::default();
    let entry = |row: &Item| targets.entry(desk, row, metas.get(&row.id.0).unwrap_or(&empty));
    let level = |parent: i64| below.get(&parent).into_iter().flatten().copied();
    // Two levels: what lies deeper is reached from the page above it.
    let top = level(0).filter_map(|row| {
        let mut top = entry(row)?;
        top.below = level(row.id.0).filter_map(entry).collect();
        Some(top)
    });
    Ok(top.collect())
}

/// What the entries of a menu point at.
struct Targets {
    items: HashMap<ItemId, Item>,
    links: HashMap<ItemId, String>,
    terms: Vec<Term>,
}

impl Targets {
    async fn load(desk: &mut Desk<'_>, metas: &HashMap<i64, Meta>) -> Result<Self> {
        let of_type = |kind: &str| -> Vec<i64> {
            let wanted = metas.values().filter(|m| m.text("_menu_item_type") == kind);
            wanted
                .filter_map(|m| m.int("_menu_item_object_id"))
                .filter(|id| *id > 0)
                .collect()
        };
        let ids: Vec<ItemId> = of_type("post_type").into_iter().map(ItemId).collect();
        let items = items::by_ids(desk.conn, &ids).await?;
        let list: Vec<Item> = items.values().cloned().collect();
        Ok(Self {
            links: links::of_items(desk.conn, &desk.page.site, &desk.page.types, &list).await?,
            terms: store::terms_by_id(desk.conn, &of_type("taxonomy")).await?,
            items,
        })
    }

    /// `None` when what it points at is gone, or not for this reader.
    fn entry(&self, desk: &Desk<'_>, row: &Item, meta: &Meta) -> Option<Entry> {
        let id = meta.int("_menu_item_object_id").unwrap_or(0);
        let object = meta.text("_menu_item_object");
        let (own, url, about) = match meta.text("_menu_item_type").as_str() {
            "post_type" => {
                let item = self.items.get(&ItemId(id))?;
                if desk.page.scope.sight(item, None) == Sight::Nothing {
                    return None;
                }
                let about = super::cards::excerpt(item, 110);
                (html::title(&item.title), self.links.get(&item.id)?.clone(), about)
            }
            "taxonomy" => {
                let term = self.terms.iter().find(|t| t.term_id.0 == id && t.taxonomy == object)?;
                let about = gp_markup::text::excerpt_plain(&term.description, 110);
                (html::stored(&term.name), desk.term_link(term), about)
            }
            "post_type_archive" => {
                let kind = desk
                    .page
                    .types
                    .get(&object)
                    .filter(|t| t.public && !t.front.is_empty())?;
                (
                    html::esc(kind.plural),
                    format!("/{}{}", kind.front, desk.page.site.trailing()),
                    String::new(),
                )
            }
            _ => (String::new(), meta.text("_menu_item_url"), String::new()),
        };
        let label = if row.title.trim().is_empty() {
            own
        } else {
            html::title(&row.title)
        };
        (!label.trim().is_empty()).then(|| Entry {
            label,
            url: own_path(&url, &desk.page.site.home),
            about,
            below: Vec::new(),
        })
    }
}

/// Addresses of the site itself as paths, whatever host they were written with.
pub(super) fn own_path(url: &str, home: &str) -> String {
    match url.strip_prefix(home) {
        Some(path) if !home.is_empty() && path.starts_with('/') => path.to_owned(),
        Some("") if !home.is_empty() => "/".to_owned(),
        _ => url.to_owned(),
    }
}

/// The topmost pages, in their order.
async fn pages(desk: &mut Desk<'_>) -> Result<Vec<Entry>> {
    let query = ItemQuery {
        types: vec!["page".to_owned()],
        parent: Some(ItemId(0)),
        order: Order::Menu,
        limit: FALLBACK + 1,
        ..ItemQuery::default()
    };
    let mut found = items::some(desk.conn, &desk.page.scope, &query).await?;
    found.retain(|i| Some(i.id) != desk.page.site.front_page);
    found.truncate(FALLBACK);
    let addresses = links::of_items(desk.conn, &desk.page.site, &desk.page.types, &found).await?;
    let entry = |item: &Item| Entry {
        label: html::title(&item.title),
        url: addresses.get(&item.id).cloned().unwrap_or_default(),
        ..Entry::default()
    };
    Ok(found.iter().map(entry).collect())
}

/// A foot for a site that has no menu for it: labels and pages under their headings.
async fn footer_instead(desk: &mut Desk<'_>) -> Result<Vec<Entry>> {
    let counts = items::counts_by_term(desk.conn, &desk.page.scope, &["post".to_owned()], "category").await?;
    let mut labels = terms::of_taxonomy(desk.conn, "category").await?;
    labels.retain(|t| counts.get(&t.id.0).copied().unwrap_or(0) > 0);
    labels.sort_by_key(|t| std::cmp::Reverse(counts.get(&t.id.0).copied().unwrap_or(0)));
    let all = Entry {
        label: desk.words.say("All resources").to_owned(),
        url: "/?s=".to_owned(),
        ..Entry::default()
    };
    let labels = labels.iter().take(FALLBACK).map(|t| Entry {
        label: html::stored(&t.name),
        url: desk.term_link(t),
        ..Entry::default()
    });
    let library = Entry {
        label: desk.words.say("Library").to_owned(),
        below: std::iter::once(all).chain(labels).collect(),
        ..Entry::default()
    };
    let about = Entry {
        label: desk.words.say("About").to_owned(),
        below: pages(desk).await?,
        ..Entry::default()
    };
    Ok([library, about].into_iter().filter(|e| !e.below.is_empty()).collect())
}

fn is_link(entry: &Entry) -> bool {
    entry.url.trim() != "#" && !html::url(entry.url.trim()).is_empty()
}

fn link(desk: &Desk<'_>, entry: &Entry) -> String {
    if !is_link(entry) {
        return format!("<span>{}</span>", entry.label);
    }
    let here = match desk.here() {
        here if here == entry.url => " aria-current=\"page\"",
        // Every search is a part of the list that an entry of the menu opens whole.
        here if entry.url == "/?s=" && here.starts_with("/?s=") => " aria-current=\"true\"",
        _ => "",
    };
    format!("<a href=\"{}\"{here}>{}</a>", html::url(&entry.url), entry.label)
}

fn bar(desk: &Desk<'_>, entries: &[Entry]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let rows: String = entries
        .iter()
        .map(|e| format!("<li>{}</li>", branch(desk, e)))
        .collect();
    format!(
        "<nav class=\"g-nav\" aria-label=\"{}\"><ul>{rows}</ul></nav>",
        desk.words.say("Main")
    )
}

/// An entry with others below it opens them; its own page stands first among them.
fn branch(desk: &Desk<'_>, entry: &Entry) -> String {
    if entry.below.is_empty() {
        return link(desk, entry);
    }
    let own = if is_link(entry) {
        format!("<li>{}</li>", link(desk, entry))
    } else {
        String::new()
    };
    let rows: String = entry
        .below
        .iter()
        .map(|e| format!("<li>{}</li>", link(desk, e)))
        .collect();
    let within = std::iter::once(entry)
        .chain(&entry.below)
        .any(|e| is_link(e) && e.url == desk.here());
    let here = if within { " class=\"g-within\"" } else { "" };
    format!(
        "<details class=\"g-lang g-drop\"><summary{here}>{}</summary><ul>{own}{rows}</ul></details>",
        entry.label
    )
}

fn columns(desk: &Desk<'_>, entries: &[Entry]) -> String {
    let (groups, single): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|e| !e.below.is_empty());
    let list = |entries: &mut dyn Iterator<Item = &Entry>| -> String {
        entries.map(|e| format!("<li>{}</li>", link(desk, e))).collect()
    };
    let mut out: String = groups
        .iter()
        .map(|group| {
            let own = if is_link(group) {
                link(desk, group)
            } else {
                group.label.clone()
            };
            format!(
                "<div><h2>{own}</h2><ul class=\"g-plain\">{}</ul></div>",
                list(&mut group.below.iter())
            )
        })
        .collect();
    if !single.is_empty() {
        let rows = list(&mut single.into_iter());
        out.push_str(&format!("<div><ul class=\"g-plain\">{rows}</ul></div>"));
    }
    if out.is_empty() {
        return out;
    }
    format!(
        "<nav class=\"g-cols4\" aria-label=\"{}\">{out}</nav>",
        desk.words.say("Site")
    )
}

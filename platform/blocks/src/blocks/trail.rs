//! Breadcrumbs: what stands above this page, from the home page down.

use gp_content::{
    Item, Sight, Term,
    address::{Address, List, Shape, links},
    terms::with_ancestors,
};
use gp_markup::block::Block;

use super::{flag, post::title_of, terms, text};
use crate::{
    dates, html,
    render::{At, Render},
    supports::wrapper_with,
};

/// One place of the trail: its name as HTML, and where it leads unless it is this page.
struct Place {
    label: String,
    address: Option<String>,
}

fn here(label: String) -> Place {
    Place { label, address: None }
}

fn above(label: String, address: String) -> Place {
    Place {
        label,
        address: Some(address),
    }
}

pub(super) fn breadcrumbs<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let front = is_front(r);
    if front && !flag(block, "showOnHomePage", false) {
        return String::new();
    }
    let mut trail = Vec::new();
    if flag(block, "showHomeItem", true) {
        let paged = part_of(r) > 1 || list_of(r).is_some_and(|list| list.page > 1);
        trail.push(match front && !paged {
            true => here("Home".to_owned()),
            false => above("Home".to_owned(), "/".to_owned()),
        });
    }
    match &r.page.address {
        Address::Item { part, .. } if front => trail.extend((*part > 1).then(|| here(format!("Page {part}")))),
        Address::Item { item, link, .. } => of_item(r, block, at.item.unwrap_or(item), link, &mut trail),
        Address::List(list) => of_list(r, list, &mut trail),
        _ if r.bare => return String::new(),
        _ => trail.push(here("Page not found".to_owned())),
    }
    if !flag(block, "showCurrentItem", true) {
        trail.pop();
    }
    if trail.is_empty() {
        return String::new();
    }
    let entries: String = trail.iter().map(entry).collect();
    let separator = match block.attrs.get("separator") {
        None => "/",
        Some(_) => text(block, "separator"),
    };
    let plain: String = separator.chars().filter(|c| !c.is_control()).take(40).collect();
    let style = format!("--separator: \"{}\";", plain.replace('\\', "\\\\").replace('"', "\\\""));
    format!(
        "<nav{} aria-label=\"Breadcrumbs\"><ol>{entries}</ol></nav>",
        wrapper_with(block, "", &style)
    )
}

fn entry(place: &Place) -> String {
    match &place.address {
        Some(address) => format!("<li>{}</li>", html::link(address, &place.label)),
        None => format!("<li><span aria-current=\"page\">{}</span></li>", place.label),
    }
}

fn is_front(r: &Render<'_>) -> bool {
    match &r.page.address {
        Address::Item { item, .. } => Some(item.id) == r.page.site.front_page,
        Address::List(list) => matches!(list.shape, Shape::Front),
        _ => false,
    }
}

fn list_of<'a>(r: &Render<'a>) -> Option<&'a List> {
    match &r.page.address {
        Address::List(list) => Some(list),
        _ => None,
    }
}

fn part_of(r: &Render<'_>) -> usize {
    match &r.page.address {
        Address::Item { part, .. } => *part,
        _ => 1,
    }
}

fn named(item: &Item) -> String {
    match title_of(item) {
        title if title.is_empty() => "(no title)".to_owned(),
        title => title,
    }
}

/// A list, then its page when it is not the first.
fn of_list(r: &Render<'_>, list: &List, trail: &mut Vec<Place>) {
    let paged = list.page > 1;
    let label = match &list.shape {
        Shape::Front => String::new(),
        Shape::Posts(item) => named(item),
        Shape::Search(words) => {
            let words = gp_markup::text::wp_trim_words(&html::esc(words), 10, "&hellip;");
            format!("Search results for: &quot;{words}&quot;")
        }
        Shape::Term(term, _) => {
            of_terms(r, term, false, trail);
            html::stored(&term.name)
        }
        Shape::Kind(kind) => html::esc(r.page.types.get(kind).map(|t| t.plural).unwrap_or_default()),
        Shape::Author(user) => html::esc(&user.display_name),
        Shape::Date(date) => of_date(r, date, trail),
    };
    if !label.is_empty() {
        trail.push(match paged {
            true => above(label, list.first.clone()),
            false => here(label),
        });
    }
    if paged {
        trail.push(here(format!("Page {}", list.page)));
    }
}

/// Year and month above a date; gives the name of its smallest part.
fn of_date(r: &Render<'_>, date: &str, trail: &mut Vec<Place>) -> String {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let Some(month) = month else { return html::esc(year) };
    trail.push(above(html::esc(year), links::of_date(&r.page.site, year)));
    let name = dates::month_name(month.parse().unwrap_or(0)).to_owned();
    let Some(day) = day else { return name };
    let address = links::of_date(&r.page.site, &format!("{year}-{month}"));
    trail.push(above(name, address));
    html::esc(day.trim_start_matches('0'))
}

/// The terms above one, and with `itself` the term too.
fn of_terms(r: &Render<'_>, term: &Term, itself: bool, trail: &mut Vec<Place>) {
    let all = r
        .data
        .taxonomies
        .get(&term.taxonomy)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let line = with_ancestors(all, term);
    let shown = line.len() - usize::from(!itself);
    for above_it in line.into_iter().take(shown) {
        if let Some(address) = terms::address_of(r, above_it) {
            trail.push(above(html::stored(&above_it.name), address));
        }
    }
}

/// What an item stands below: the archive of its type, then its parents or one of its terms.
fn of_item(r: &Render<'_>, block: &Block, item: &Item, link: &str, trail: &mut Vec<Place>) {
    let ancestors: Vec<&Item> = r.data.ancestors.iter().collect();
    let hierarchical = |kind: &str| r.page.types.get(kind).is_some_and(|t| t.hierarchical);
    // The trail of a file is that of what it was uploaded to.
    let subject = match ancestors.last() {
        Some(parent) if !hierarchical(&item.kind) => parent,
        _ => item,
    };
    trail.extend(archive_of(r, &subject.kind));
    let of_terms_first = match hierarchical(&subject.kind) {
        true => flag(block, "prefersTaxonomy", false),
        false => subject.id == item.id,
    };
    if of_terms_first {
        let own = r.data.terms.get(&subject.id).map(Vec::as_slice).unwrap_or_default();
        let public = r.page.types.taxonomies().iter().filter(|t| t.public);
        let first = public
            .filter_map(|t| own.iter().find(|term| term.taxonomy == t.name))
            .next();
        first.into_iter().for_each(|term| of_terms(r, term, true, trail));
    } else {
        let seen = |item: &&&Item| r.page.scope.sight(item, None) != Sight::Nothing;
        trail.extend(
            ancestors
                .iter()
                .filter(seen)
                .map(|item| above(named(item), r.link(item))),
        );
    }
    let part = part_of(r);
    if part > 1 {
        trail.push(above(named(item), link.to_owned()));
        trail.push(here(format!("Page {part}")));
    } else {
        trail.push(here(named(item)));
    }
}

/// The page that lists all items of a type, unless that is the home page.
fn archive_of(r: &Render<'_>, kind: &str) -> Option<Place> {
    if kind == "post" {
        let page = r.data.others.get(&r.page.site.posts_page?)?;
        return Some(above(named(page), r.link(page)));
    }
    let kind = r.page.types.get(kind).filter(|t| t.public && !t.front.is_empty())?;
    let address = format!("/{}{}", kind.front, r.page.site.trailing());
    Some(above(html::esc(kind.plural), address))
}

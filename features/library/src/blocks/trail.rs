//! `guidepost/trail`: the way from the start of the site to this page.

use gp_blocks::html;
use gp_content::{
    Item,
    address::{Address, Shape, links},
    items, terms,
};
use gp_kernel::Result;

use super::desk::Desk;

/// How many parents are looked for.
const DEEPEST: usize = 10;

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    desk.load_categories().await?;
    let steps = match &desk.page.address {
        Address::Item { item, .. } if Some(item.id) == desk.page.site.front_page => return Ok(String::new()),
        Address::Item { item, .. } if item.kind == "post" => labels(desk),
        Address::Item { item, .. } => parents(desk, item).await?,
        Address::List(list) => match &list.shape {
            Shape::Front => return Ok(String::new()),
            Shape::Term(term, _) => {
                let line = terms::with_ancestors(desk.categories(), term);
                let above = line
                    .iter()
                    .filter(|t| t.term_id != term.term_id && term.taxonomy == "category");
                let names = desk.page.types.taxonomy(&term.taxonomy).map(|t| html::esc(&t.plural));
                names.into_iter().chain(above.map(|t| desk.term(t))).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let words = desk.words;
    let home = html::link("/", words.say("Home"));
    let steps: String = std::iter::once(home)
        .chain(steps)
        .map(|s| format!("<li>{s}</li>"))
        .collect();
    Ok(format!(
        "<div class=\"g-wrap\"><nav class=\"g-trail\" aria-label=\"{}\"><ol>{steps}</ol></nav></div>",
        html::attr(words.say("You are here"))
    ))
}

/// A resource stands under its first label.
fn labels(desk: &Desk<'_>) -> Vec<String> {
    let Some(subject) = desk.subject.as_ref() else {
        return Vec::new();
    };
    let first = subject.terms.iter().find(|t| t.taxonomy == "category");
    let line = first
        .map(|term| terms::with_ancestors(desk.categories(), term))
        .unwrap_or_default();
    line.into_iter().map(|t| desk.term(t)).collect()
}

async fn parents(desk: &mut Desk<'_>, item: &Item) -> Result<Vec<String>> {
    let mut line: Vec<Item> = Vec::new();
    let mut next = item.parent;
    while next.0 > 0 && line.len() < DEEPEST && line.iter().all(|i| i.id != next) {
        let Some(parent) = items::by_id(desk.conn, next).await? else {
            break;
        };
        if desk.page.scope.sight(&parent, None) == gp_content::Sight::Nothing {
            break;
        }
        next = parent.parent;
        line.push(parent);
    }
    line.reverse();
    let addresses = links::of_items(desk.conn, &desk.page.site, &desk.page.types, &line).await?;
    let kind = desk
        .page
        .types
        .get(&item.kind)
        .filter(|t| !matches!(t.name, "page" | "post" | "attachment"));
    let plural = kind.map(|t| {
        let name = html::esc(
            desk.words
                .say(if t.name == "ai1ec_event" { "Calendar" } else { t.plural }),
        );
        match t.front {
            "" => name,
            front => html::link(&format!("/{front}{}", desk.page.site.trailing()), &name),
        }
    });
    let steps = line
        .iter()
        .filter_map(|i| Some(html::link(addresses.get(&i.id)?, &html::title(&i.title))));
    Ok(plural.into_iter().chain(steps).collect())
}

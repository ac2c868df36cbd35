//! `guidepost/facets`: ways to narrow a search, or to go on from an archive, by labels, topics, regions.

use std::collections::{BTreeSet, HashMap};

use gp_blocks::html;
use gp_content::{
    address::{Address, Shape},
    items, terms,
};
use gp_kernel::{ItemId, Result};

use super::{cards, desk::Desk, search_form::Asked};
use crate::words::{own_name, primary};

/// Parameter, taxonomy, heading, how many are shown.
const GROUPS: &[(&str, &str, &str, usize)] = &[
    ("label", "category", "Label", 12),
    ("topic", "post_tag", "Topic", 12),
    ("publisher", "publisher", "Publisher", 8),
    ("region", "region", "Region", 8),
];

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    desk.load_categories().await?;
    let Address::List(list) = &desk.page.address else {
        return Ok(String::new());
    };
    let asked = matches!(list.shape, Shape::Search(_)).then(|| Asked::of(desk));
    let here = match &list.shape {
        Shape::Term(term, _) => term.id.0,
        _ => 0,
    };
    // Of nothing nothing is left; what was chosen is taken back above the list.
    if asked.is_some() && desk.page.listing.total == 0 {
        return Ok(String::new());
    }
    let exact = exact_counts(desk).await?.filter(|_| asked.is_some());
    let mut groups = String::new();
    if let Some(asked) = &asked {
        groups.push_str(&types(desk, asked, exact.is_some()));
    }
    for (parameter, taxonomy, heading, most) in GROUPS {
        let counts = match &exact {
            Some(counts) => counts.clone(),
            None => items::counts_by_term(desk.conn, &desk.page.scope, &["post".to_owned()], taxonomy).await?,
        };
        let mut all = terms::of_taxonomy(desk.conn, taxonomy).await?;
        let count = |id: i64| counts.get(&id).copied().unwrap_or(0);
        all.retain(|t| count(t.id.0) > 0 || t.id.0 == here);
        all.sort_by(|a, b| count(b.id.0).cmp(&count(a.id.0)).then_with(|| a.name.cmp(&b.name)));
        let rows: String = all
            .iter()
            .take(*most)
            .map(|term| {
                let name = html::stored(&term.name);
                let number = desk.words.figures(&count(term.id.0).to_string());
                match &asked {
                    Some(asked) => {
                        // Numbers of the whole library would mislead beside a search.
                        let number = if exact.is_some() { number.as_str() } else { "" };
                        choice(
                            &asked.with(parameter, &term.slug),
                            &asked.with(parameter, ""),
                            asked.value(parameter) == term.slug,
                            &name,
                            number,
                        )
                    }
                    None => choice(&desk.term_link(term), "", term.id.0 == here, &name, &number),
                }
            })
            .collect();
        groups.push_str(&group(desk, heading, &rows));
    }
    if let Some(asked) = &asked {
        let spoken = match exact {
            Some(_) => Some(languages_here(desk).await?),
            None => None,
        };
        groups.push_str(&languages(desk, asked, spoken.as_ref()));
    }
    let label = desk.words.say(if asked.is_some() {
        "Narrow the results"
    } else {
        "Other lists"
    });
    Ok(format!(
        "<aside class=\"g-facets\" id=\"narrow\" aria-label=\"{label}\">{groups}</aside>"
    ))
}

/// How many of the results have each term, when all of them are on this page; terms without results then fall away.
async fn exact_counts(desk: &mut Desk<'_>) -> Result<Option<HashMap<i64, i64>>> {
    let listing = &desk.page.listing;
    let all_here = usize::try_from(listing.total).is_ok_and(|total| total <= listing.items.len()) && listing.total > 0;
    if !all_here {
        return Ok(None);
    }
    let ids: Vec<ItemId> = listing.items.iter().map(|i| i.id).collect();
    let mut counts = HashMap::new();
    for term in terms::of_items(desk.conn, &ids).await?.values().flatten() {
        *counts.entry(term.id.0).or_insert(0) += 1;
    }
    Ok(Some(counts))
}

fn group(desk: &Desk<'_>, heading: &'static str, rows: &str) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"g-facet\"><h2>{}</h2><ul class=\"g-plain\">{rows}</ul></section>",
        desk.words.say(heading)
    )
}

fn choice(address: &str, back: &str, here: bool, name: &str, number: &str) -> String {
    let number = if number.is_empty() {
        String::new()
    } else {
        format!("<span>{number}</span>")
    };
    match here {
        true if back.is_empty() => format!(
            "<li><a href=\"{}\" aria-current=\"page\">{name}</a>{number}</li>",
            html::url(address)
        ),
        true => format!(
            "<li><a href=\"{}\" aria-current=\"true\">{name}</a>{number}</li>",
            html::url(back)
        ),
        false => format!("<li><a href=\"{}\">{name}</a>{number}</li>", html::url(address)),
    }
}

/// How many of the results on this page are in each language, by themselves or by an edition of their document.
async fn languages_here(desk: &mut Desk<'_>) -> Result<HashMap<String, i64>> {
    let mut counts = HashMap::new();
    for card in cards::load(desk, desk.page.listing.items.clone()).await? {
        let editions = card.documents.languages();
        let spoken: BTreeSet<String> = editions.into_iter().chain([card.lang.as_str()]).map(primary).collect();
        for lang in spoken {
            *counts.entry(lang).or_insert(0) += 1;
        }
    }
    Ok(counts)
}

fn types(desk: &Desk<'_>, asked: &Asked, exact: bool) -> String {
    let chosen = asked.value("type");
    let count = |name: &str| desk.page.listing.items.iter().filter(|i| i.kind == name).count();
    let rows: String = desk
        .page
        .types
        .public()
        .filter(|t| t.searchable && (!exact || count(t.name) > 0))
        .map(|t| {
            let number = if exact {
                desk.words.figures(&count(t.name).to_string())
            } else {
                String::new()
            };
            let value = t.plural.to_lowercase();
            let here = chosen.eq_ignore_ascii_case(&value) || chosen.eq_ignore_ascii_case(t.singular);
            choice(
                &asked.with("type", &value),
                &asked.with("type", ""),
                here,
                &html::esc(desk.words.say(t.plural)),
                &number,
            )
        })
        .collect();
    group(desk, "Type", &rows)
}

fn languages(desk: &Desk<'_>, asked: &Asked, spoken: Option<&HashMap<String, i64>>) -> String {
    let count = |lang: &str| spoken.map(|s| s.get(lang).copied().unwrap_or(0));
    let rows: String = ["ar", "en", "es", "fr", "ru", "zh"]
        .iter()
        .filter(|lang| count(lang) != Some(0) || asked.value("lang") == **lang)
        .map(|lang| {
            let number = count(lang).map_or(String::new(), |n| desk.words.figures(&n.to_string()));
            let name = format!("<span class=\"g-ln\" lang=\"{lang}\">{}</span>", own_name(lang));
            choice(
                &asked.with("lang", lang),
                &asked.with("lang", ""),
                asked.value("lang") == *lang,
                &name,
                &number,
            )
        })
        .collect();
    group(desk, "Language", &rows)
}

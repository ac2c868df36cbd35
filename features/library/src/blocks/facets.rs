//! `guidepost/facets`: ways to narrow a search, or to go on from an archive, by labels, topics, regions.

use std::collections::{BTreeMap, HashMap};

use gp_blocks::html;
use gp_content::{
    address::{Address, Shape},
    items, terms,
};
use gp_kernel::Result;

use super::{desk::Desk, search_form::Asked};
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
    if matches!(list.shape, Shape::Search(_)) {
        let asked = Asked::of(desk);
        // Of nothing nothing is left; what was chosen is taken back above the list.
        return match desk.page.listing.total {
            0 => Ok(String::new()),
            _ => of_search(desk, &asked).await,
        };
    }
    let here = match &list.shape {
        Shape::Term(term, _) => term.id.0,
        _ => 0,
    };
    let mut groups = String::new();
    for (_, taxonomy, heading, most) in GROUPS {
        let counts = items::counts_by_term(desk.conn, &desk.page.scope, &["post".to_owned()], taxonomy).await?;
        let mut all = terms::of_taxonomy(desk.conn, taxonomy).await?;
        let count = |id: i64| counts.get(&id).copied().unwrap_or(0);
        all.retain(|t| count(t.id.0) > 0 || t.id.0 == here);
        all.sort_by(|a, b| count(b.id.0).cmp(&count(a.id.0)).then_with(|| a.name.cmp(&b.name)));
        let rows: String = all
            .iter()
            .take(*most)
            .map(|term| {
                let number = desk.words.figures(&count(term.id.0).to_string());
                let name = html::stored(&term.name);
                choice(&desk.term_link(term), "", "", term.id.0 == here, &name, &number)
            })
            .collect();
        groups.push_str(&group(desk, heading, &rows));
    }
    Ok(aside(desk, "Other lists", &groups))
}

fn aside(desk: &Desk<'_>, label: &'static str, groups: &str) -> String {
    let label = desk.words.say(label);
    format!("<aside class=\"g-facets\" id=\"narrow\" aria-label=\"{label}\">{groups}</aside>")
}

/// Ways to narrow a search, each with how many results it leaves, exactly.
async fn of_search(desk: &mut Desk<'_>, asked: &Asked) -> Result<String> {
    let mut groups = types(desk, asked);
    for (parameter, taxonomy, heading, most) in GROUPS {
        let mut all = terms::of_taxonomy(desk.conn, taxonomy).await?;
        let counts = counts(desk, taxonomy);
        let count = |slug: &str| counts.get(slug).copied().unwrap_or(0);
        all.retain(|t| count(&t.slug) > 0 || asked.value(parameter) == t.slug);
        all.sort_by(|a, b| count(&b.slug).cmp(&count(&a.slug)).then_with(|| a.name.cmp(&b.name)));
        let rows: String = all
            .iter()
            .take(*most)
            .map(|term| {
                row(
                    desk,
                    asked,
                    parameter,
                    &term.slug,
                    &html::stored(&term.name),
                    count(&term.slug),
                )
            })
            .collect();
        groups.push_str(&group(desk, heading, &rows));
    }
    groups.push_str(&facts(desk, asked));
    groups.push_str(&languages(desk, asked));
    groups.push_str(&years(desk, asked));
    Ok(aside(desk, "Narrow the results", &groups))
}

/// How many results have each value of a field.
fn counts<'a>(desk: &Desk<'a>, field: &str) -> HashMap<&'a str, usize> {
    let found = desk.page.listing.facets.iter().find(|(name, _)| name == field);
    let values = found.map(|(_, values)| values.as_slice()).unwrap_or_default();
    values.iter().map(|(value, count)| (value.as_str(), *count)).collect()
}

/// A value that can be chosen, or taken back.
fn row(desk: &Desk<'_>, asked: &Asked, parameter: &str, value: &str, name: &str, count: usize) -> String {
    choice(
        &asked.with(parameter, value),
        &asked.with(parameter, ""),
        asked.rel_with(parameter),
        asked.value(parameter).eq_ignore_ascii_case(value),
        name,
        &desk.words.figures(&count.to_string()),
    )
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

fn choice(address: &str, back: &str, rel: &str, here: bool, name: &str, number: &str) -> String {
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
        false => format!("<li><a href=\"{}\"{rel}>{name}</a>{number}</li>", html::url(address)),
    }
}

fn types(desk: &Desk<'_>, asked: &Asked) -> String {
    let counts = counts(desk, "type");
    let rows: String = desk
        .page
        .types
        .public()
        .filter(|t| t.searchable)
        .filter_map(|t| {
            let value = t.plural.to_lowercase();
            let name = html::esc(desk.words.say(t.plural));
            let count = counts.get(t.name).copied()?;
            Some(row(desk, asked, "type", &value, &name, count))
        })
        .collect();
    group(desk, "Type", &rows)
}

/// Whether it holds, and whether there is a file.
fn facts(desk: &Desk<'_>, asked: &Asked) -> String {
    let states = [
        ("in-force", "In force"),
        ("superseded", "Replaced"),
        ("withdrawn", "Withdrawn"),
        ("draft", "Draft"),
    ];
    let known = counts(desk, "status");
    let state = |(value, name): &(&'static str, &'static str)| {
        let count = known.get(value).copied()?;
        Some(row(desk, asked, "status", value, desk.words.say(name), count))
    };
    let states: String = states.iter().filter_map(state).collect();
    let file = counts(desk, "file").get("yes").copied();
    let file = file.map(|count| row(desk, asked, "file", "yes", desk.words.say("With a file"), count));
    group(desk, "Status", &states) + &group(desk, "File", &file.unwrap_or_default())
}

fn languages(desk: &Desk<'_>, asked: &Asked) -> String {
    let mut by_language: BTreeMap<String, usize> = BTreeMap::new();
    for (tag, count) in counts(desk, "lang") {
        let known = by_language.entry(primary(tag)).or_default();
        *known = (*known).max(count);
    }
    let rows: String = by_language
        .iter()
        .map(|(lang, count)| {
            let name = format!(
                "<span class=\"g-ln\" lang=\"{}\">{}</span>",
                html::attr(lang),
                html::esc(&own_name(lang))
            );
            row(desk, asked, "lang", lang, &name, *count)
        })
        .collect();
    group(desk, "Language", &rows)
}

/// Years, the newest first.
fn years(desk: &Desk<'_>, asked: &Asked) -> String {
    const MOST: usize = 8;
    let known = counts(desk, "year");
    let mut years: Vec<(&str, usize)> = known.into_iter().collect();
    years.sort_unstable_by(|a, b| b.0.cmp(a.0));
    let rows: String = years
        .iter()
        .take(MOST)
        .map(|(year, count)| row(desk, asked, "year", year, &html::esc(&desk.words.figures(year)), *count))
        .collect();
    group(desk, "Year", &rows)
}

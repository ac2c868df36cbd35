//! What stands in the title bar: WordPress's document titles, part by part.

use gp_blocks::PageContext;
use gp_content::address::{Address, List, Shape};
use gp_markup::text::{decode_entities, esc_html, strip_all_tags, wptexturize};
use jiff::civil::Date;

/// The document title as HTML text, and whether the page is the site's front.
pub(crate) fn document_title(page: &PageContext) -> String {
    let site = [page.site.name.clone()];
    let mut parts: Vec<String> = Vec::new();
    let mut number = 1;
    match &page.address {
        Address::Item { item, part, .. } => {
            if Some(item.id) == page.site.front_page {
                return front(page, *part);
            }
            if let Some(reading) = &page.reading {
                let (first, last) = reading.shown;
                parts.push(format!("Pages {first}–{last}"));
            }
            parts.push(item.title.clone());
            number = *part;
        }
        Address::List(List {
            shape: Shape::Front,
            page: n,
            ..
        }) => return front(page, *n),
        Address::List(list) => {
            parts.push(list_title(page, list));
            number = list.page;
        }
        _ => parts.push("Page not found".to_owned()),
    }
    if number > 1 {
        parts.push(format!("Page {number}"));
    }
    join(parts.into_iter().chain(site))
}

fn front(page: &PageContext, number: usize) -> String {
    let number = (number > 1).then(|| format!("Page {number}"));
    let parts = [
        Some(page.site.name.clone()),
        number.clone(),
        Some(page.site.description.clone()).filter(|_| number.is_none()),
    ];
    join(parts.into_iter().flatten())
}

fn join(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.map(|p| text(&p)).filter(|p| !p.is_empty()).collect();
    parts.join(" – ")
}

/// A stored title as HTML text: tags out, typography in, escaped once.
pub(crate) fn text(title: &str) -> String {
    let plain = strip_all_tags(title, true);
    esc_html(&decode_entities(&wptexturize(&plain)))
}

/// The name of a list.
pub(crate) fn list_title(page: &PageContext, list: &List) -> String {
    match &list.shape {
        Shape::Front => page.site.name.clone(),
        Shape::Posts(item) => item.title.clone(),
        Shape::Term(term, _) if term.taxonomy == "post_format" => capital(term.slug.trim_start_matches("post-format-")),
        Shape::Term(term, _) => term.name.clone(),
        Shape::Author(user) => user.display_name.clone(),
        Shape::Date(date) => date_title(date),
        Shape::Kind(name) => page.types.get(name).map_or_else(String::new, |t| t.plural.to_owned()),
        Shape::Search(words) => format!("Search Results for “{}”", esc_html(words)),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|c| c.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// `2019`, `May 2023`, `May 5, 2023`.
fn date_title(date: &str) -> String {
    let padded = format!("{date}{}", if date.len() == 7 { "-01" } else { "" });
    match (date.len(), padded.parse::<Date>()) {
        (7, Ok(d)) => d.strftime("%B %Y").to_string(),
        (10, Ok(d)) => format!("{} {}, {}", d.strftime("%B"), d.day(), d.year()),
        _ => date.to_owned(),
    }
}

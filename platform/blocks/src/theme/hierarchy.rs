//! Which templates a page would like, best first: WordPress's template hierarchy.

use gp_content::{
    Item, Site,
    address::{Address, Shape},
};

/// The slugs of the templates for an address, best first; the last is always `index`. `chosen` is the template that the item
/// itself names (`_wp_page_template`).
pub fn candidates(site: &Site, address: &Address, chosen: &str) -> Vec<String> {
    let mut names = match address {
        Address::Item { item, .. } => of_item(site, item, chosen),
        // Whoever asks for the second page of the front wants the list, not its opening once more.
        Address::List(list) if list.shape == Shape::Front && list.page > 1 => {
            vec!["home".to_owned(), "front-page".to_owned()]
        }
        Address::List(list) => of_shape(&list.shape),
        Address::Feed(inner, _) => return candidates(site, inner, chosen),
        Address::Missing | Address::Comments | Address::Moved(_) | Address::Elsewhere(_) | Address::Closed => {
            vec!["404".to_owned()]
        }
    };
    names.push("index".to_owned());
    names
}

fn of_item(site: &Site, item: &Item, chosen: &str) -> Vec<String> {
    let mut names = Vec::new();
    if Some(item.id) == site.front_page {
        names.push("front-page".to_owned());
    }
    if item.kind == "page" && site.text("wp_page_for_privacy_policy") == item.id.to_string() {
        names.push("privacy-policy".to_owned());
    }
    // Older themes named a PHP file; its base name is what a block theme would call it.
    let chosen = chosen.trim_end_matches(".php").rsplit('/').next().unwrap_or_default();
    if !chosen.is_empty() && chosen != "default" {
        names.push(chosen.to_owned());
    }
    let slug = percent_encoding::percent_decode_str(&item.name)
        .decode_utf8_lossy()
        .into_owned();
    match item.kind.as_str() {
        "page" => {
            if !slug.is_empty() {
                names.push(format!("page-{slug}"));
            }
            names.push(format!("page-{}", item.id));
            names.push("page".to_owned());
        }
        "attachment" => {
            let (main, sub) = item.mime_type.split_once('/').unwrap_or((item.mime_type.as_str(), ""));
            if !sub.is_empty() {
                names.extend([format!("{main}-{sub}"), sub.to_owned()]);
            }
            names.extend([main.to_owned(), "attachment".to_owned()]);
            names.push(format!("single-attachment-{slug}"));
            names.extend(["single-attachment".to_owned(), "single".to_owned()]);
        }
        kind => names.extend([
            format!("single-{kind}-{slug}"),
            format!("single-{kind}"),
            "single".to_owned(),
        ]),
    }
    names.push("singular".to_owned());
    names.retain(|name| !name.is_empty());
    names
}

fn of_shape(shape: &Shape) -> Vec<String> {
    let list = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    match shape {
        Shape::Front => list(&["front-page", "home"]),
        Shape::Posts(_) => list(&["home"]),
        Shape::Term(term, _) => {
            let (id, tax) = (term.term_id, term.taxonomy.as_str());
            let slug = percent_encoding::percent_decode_str(&term.slug)
                .decode_utf8_lossy()
                .into_owned();
            match tax {
                "category" | "post_tag" => {
                    let word = if tax == "category" { "category" } else { "tag" };
                    vec![
                        format!("{word}-{slug}"),
                        format!("{word}-{id}"),
                        word.to_owned(),
                        "archive".to_owned(),
                    ]
                }
                _ => vec![
                    format!("taxonomy-{tax}-{slug}"),
                    format!("taxonomy-{tax}"),
                    "taxonomy".to_owned(),
                    "archive".to_owned(),
                ],
            }
        }
        Shape::Author(user) => vec![
            format!("author-{}", user.nicename),
            format!("author-{}", user.id),
            "author".to_owned(),
            "archive".to_owned(),
        ],
        Shape::Date(_) => list(&["date", "archive"]),
        Shape::Search(_) => list(&["search"]),
        Shape::Kind(kind) => vec![format!("archive-{kind}"), "archive".to_owned()],
    }
}

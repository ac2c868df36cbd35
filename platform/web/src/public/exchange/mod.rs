//! The doors for other programs: OAI-PMH, documents and citations as data, symbols, files below their page.
//!
//! Everything here is what an anonymous visitor may see, whoever asks. What must never be here: how a form is written (that is
//! `gp_citation`), what a record means (that comes from the feature that knows it).

mod documents;
pub(super) mod files;
pub(super) mod head;
mod oai;
mod symbols;

use std::collections::HashMap;

use gp_citation::{File, Place, Work};
use gp_content::{Item, Scope, Sight, documents as readings, exchange::Asking};
use gp_kernel::{ItemId, Result};
use gp_store::Conn;

use super::{Visit, reading};
use crate::answer::Answer;

const JSON: &str = "application/json; charset=utf-8";

/// The answer for these doors; `None` for all others.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn) -> Result<Option<Answer>> {
    let path = visit.request.path.as_str();
    if path.trim_end_matches('/') == oai::PATH {
        return oai::answer(visit, conn).await.map(Some);
    }
    if let Some(rest) = path.strip_prefix(documents::PATH) {
        return documents::answer(visit, conn, rest).await.map(Some);
    }
    match path.strip_prefix("/s/") {
        Some(symbol) => symbols::answer(visit, conn, symbol).await,
        None => Ok(None),
    }
}

/// Whether an answer at this path depends on the whole query, whatever its parameters mean elsewhere.
pub(crate) fn takes_any_query(path: &str) -> bool {
    path.starts_with("/oai") || path.starts_with("/api/")
}

/// Whether an answer at this path is for one visitor's languages, or too large to be kept.
pub(crate) fn is_never_kept(path: &str) -> bool {
    path.starts_with("/s/") || gp_content::files::is_offered(path)
}

/// The platform's own API as OpenAPI, for a site at this address. Whoever answers at `/api/openapi.json` adds what it has.
pub fn openapi(base_url: &str) -> String {
    const DESCRIPTION: &str = include_str!("openapi.json");
    let base = serde_json::Value::String(base_url.to_owned()).to_string();
    DESCRIPTION.replacen("\"SERVER\"", &base, 1)
}

/// The works that items are, for those of them that a scope sees in full.
pub(super) async fn works(
    visit: &Visit<'_>,
    conn: &mut Conn,
    scope: &Scope,
    items: &[Item],
) -> Result<HashMap<ItemId, Work>> {
    let seen: Vec<Item> = items
        .iter()
        .filter(|item| scope.sight(item, None) == Sight::Full)
        .cloned()
        .collect();
    let asking = Asking {
        site: &visit.site,
        types: &visit.app.types,
        scope,
        base: &visit.base_url,
    };
    let mut works = (visit.app.works_of)(conn, asking, &seen).await?;
    for item in &seen {
        if let Some(work) = works.get_mut(&item.id) {
            work.description = visit.app.renderer.excerpt(item);
        }
    }
    Ok(works)
}

/// Where a passage is read: in the first edition that has it, a reader's language first; else on the page of the work.
async fn place(conn: &mut Conn, work: &Work, languages: &[String], (paragraph, page): (&str, &str)) -> Result<Place> {
    const MOST_FILES: usize = 8;
    let mut place = Place {
        paragraph: paragraph.to_owned(),
        page: page.to_owned(),
        url: String::new(),
    };
    if paragraph.is_empty() && page.is_empty() {
        return Ok(place);
    }
    for file in editions(work, languages).into_iter().take(MOST_FILES) {
        let found = match paragraph {
            "" => page.parse().ok(),
            number => readings::page_of_paragraph(conn, &file.sha256, number).await?,
        };
        let known = readings::by_digests(conn, std::slice::from_ref(&file.sha256)).await?;
        let pages = known.get(&file.sha256).map_or(0, |reading| reading.pages);
        if let Some(found) = found.filter(|n| (1..=pages).contains(n))
            && file.url != file.upload
        {
            place.url = reading::place_in(&format!("{}/", file.url), found, paragraph);
            return Ok(place);
        }
    }
    if !paragraph.is_empty() {
        place.url = format!("{}#para-{paragraph}", work.url);
    }
    Ok(place)
}

/// The editions of a work, those in these languages first, then its own language, then the original.
fn editions<'a>(work: &'a Work, languages: &[String]) -> Vec<&'a File> {
    let mut editions: Vec<&File> = work.files.iter().filter(|f| f.is_edition()).collect();
    editions.sort_by_key(|f| {
        let wish = languages.iter().position(|l| same_language(l, &f.lang));
        (
            wish.unwrap_or(usize::MAX),
            !same_language(&f.lang, &work.lang),
            f.kind != "original",
        )
    });
    editions
}

fn same_language(a: &str, b: &str) -> bool {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    !a.is_empty() && primary(a) == primary(b)
}

/// The number of a paragraph or page as people write it; anything else is none.
fn is_number(text: &str) -> bool {
    text.len() <= 20 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
}

/// The addresses of a work's other forms: ending, media type, name.
const FORMS: &[(&str, &str, &str)] = &[
    ("citation.bib", "application/x-bibtex", "BibTeX"),
    ("citation.ris", "application/x-research-info-systems", "RIS"),
    ("citation.json", "application/vnd.citationstyles.csl+json", "CSL-JSON"),
];

/// The address of one form of a work.
fn form_address(visit: &Visit<'_>, id: ItemId, form: &str) -> String {
    format!("{}{}{id}/{form}", visit.base_url, documents::PATH)
}

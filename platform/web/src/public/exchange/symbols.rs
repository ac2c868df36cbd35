//! `/s/CRC/C/156`: from a symbol to the page of the resource that bears it; `…/para/62` and `…/page/7`: to that passage. Where
//! there are several languages, by the reader's.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use gp_citation::Work;
use gp_content::{Item, Sight, exchange, items};
use gp_kernel::{Error, ItemId, Result};
use gp_store::Conn;

use super::{is_number, place, same_language};
use crate::{answer::Answer, public::Visit, router::text_of};

/// What stands behind `/s/`, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    key: String,
    paragraph: String,
    page: String,
}

fn wanted(path: &str) -> Wanted {
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let path = path.trim_matches('/');
    let mut parts = path.rsplitn(3, '/');
    let (last, word, rest) = (parts.next(), parts.next(), parts.next());
    let (rest, paragraph, page) = match (rest, word, last) {
        (Some(rest), Some("para"), Some(number)) if is_number(number) => (rest, number, ""),
        (Some(rest), Some("page"), Some(number)) if is_number(number) => (rest, "", number),
        _ => (path, "", ""),
    };
    Wanted {
        key: gp_symbols::key(rest),
        paragraph: paragraph.to_owned(),
        page: page.to_owned(),
    }
}

/// Where a symbol leads; `None`: nowhere, for this visitor.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn, path: &str) -> Result<Option<Answer>> {
    let wanted = wanted(path);
    if wanted.key.is_empty() {
        return Ok(None);
    }
    let languages = languages(visit);
    let found = bearers(visit, conn, &wanted.key).await?;
    let Some(work) = chosen(&found, &wanted.key, &languages) else {
        return Ok(None);
    };
    let passage = (wanted.paragraph.as_str(), wanted.page.as_str());
    let place = place(conn, work, &languages, passage).await?;
    let to = if place.url.is_empty() { &work.url } else { &place.url };
    redirect(to).map(Some)
}

/// The works that bear a symbol and that this visitor may read in full, in the order of their numbers.
async fn bearers(visit: &Visit<'_>, conn: &mut Conn, key: &str) -> Result<Vec<Work>> {
    let keys = [key.to_owned()];
    let ids: Vec<ItemId> = exchange::bearers(conn, &keys)
        .await?
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    let mut seen: Vec<Item> = items::by_ids(conn, &ids).await?.into_values().collect();
    seen.retain(|item| item.kind == "post" && visit.scope.sight(item, None) == Sight::Full);
    seen.sort_by_key(|item| item.id);
    let mut works = super::works(visit, conn, &visit.scope, &seen).await?;
    Ok(seen.iter().filter_map(|item| works.remove(&item.id)).collect())
}

/// The languages that a reader wants, best first: by the address, else by the browser.
fn languages(visit: &Visit<'_>) -> Vec<String> {
    if let Some(lang) = visit.request.parameter("lang") {
        return vec![lang.to_owned()];
    }
    accepted(&text_of(visit.headers, header::ACCEPT_LANGUAGE).unwrap_or_default())
}

fn accepted(header: &str) -> Vec<String> {
    let mut all: Vec<(f32, String)> = header
        .split(',')
        .take(30)
        .filter_map(|part| {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            let weight = weight.trim().parse().ok().filter(|w| *w > 0.0)?;
            Some((weight, tag.trim().to_owned()))
        })
        .filter(|(_, tag)| !tag.is_empty() && tag != "*")
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().map(|(_, tag)| tag).collect()
}

/// Of those whose own symbol it is, or else of all: the one in a language that is wanted, or with a file in it, or the original.
fn chosen<'a>(found: &'a [Work], key: &str, languages: &[String]) -> Option<&'a Work> {
    let own = |work: &&Work| gp_symbols::keys(&work.symbol).iter().any(|own| own == key);
    let mut works: Vec<&Work> = found.iter().filter(own).collect();
    if works.is_empty() {
        works = found.iter().collect();
    }
    for lang in languages {
        let has = |work: &&&Work| {
            work.files
                .iter()
                .any(|f| f.is_edition() && same_language(&f.lang, lang))
        };
        let page = works.iter().find(|work| same_language(&work.lang, lang));
        if let Some(work) = page.or_else(|| works.iter().find(has)) {
            return Some(work);
        }
    }
    let original = works.iter().find(|work| same_language(&work.original, &work.lang));
    original.or(works.first()).copied()
}

fn redirect(to: &str) -> Result<Answer> {
    let to = percent_encoding::utf8_percent_encode(to, percent_encoding::CONTROLS).to_string();
    let location = HeaderValue::from_str(&to).map_err(|e| Error::internal(format!("redirect to {to}: {e}")))?;
    Response::builder()
        .status(StatusCode::FOUND)
        .header(header::LOCATION, location)
        .header(header::VARY, "accept-language")
        .header(header::CACHE_CONTROL, "public, max-age=0, must-revalidate")
        .body(Body::empty())
        .map(Answer::Raw)
        .map_err(|e| Error::internal(format!("redirect to {to}: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_may_name_a_passage() {
        let of = |path: &str| {
            let wanted = wanted(path);
            (wanted.key, wanted.paragraph, wanted.page)
        };
        let is = |key: &str, paragraph: &str, page: &str| (key.to_owned(), paragraph.to_owned(), page.to_owned());
        assert_eq!(of("CRC/C/156"), is("CRC/C/156", "", ""));
        assert_eq!(of("crc%2Fc%2F156/para/62/"), is("CRC/C/156", "62", ""));
        assert_eq!(of("A/81/6 (Sect. 24)/para/24.1"), is("A/81/6/SECT/24", "24.1", ""));
        assert_eq!(of("CRC/C/156/page/7"), is("CRC/C/156", "", "7"));
        assert_eq!(of("/"), is("", "", ""));
    }

    #[test]
    fn languages_are_asked_for_in_order() {
        assert_eq!(
            accepted("de;q=0.1, fr-CH, ar;q=0.9, *;q=0.5, en;q=0"),
            ["fr-CH", "ar", "de"]
        );
        assert!(accepted("").is_empty());
    }

    #[test]
    fn the_page_in_a_wanted_language_comes_before_a_file_in_it() {
        let work = |lang: &str, url: &str| Work {
            lang: lang.to_owned(),
            url: url.to_owned(),
            symbol: "A/1/2".to_owned(),
            original: "en".to_owned(),
            ..Work::default()
        };
        let found = [work("fr", "f"), work("en", "e")];
        let url = |langs: &[&str]| {
            let langs: Vec<String> = langs.iter().map(|l| (*l).to_owned()).collect();
            chosen(&found, "A/1/2", &langs).map(|w| w.url.clone())
        };
        assert_eq!(url(&["fr-CH"]).as_deref(), Some("f"));
        assert_eq!(url(&["ar"]).as_deref(), Some("e"), "the original");
        assert_eq!(url(&[]).as_deref(), Some("e"));
    }
}

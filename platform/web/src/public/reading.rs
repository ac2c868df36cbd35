//! The reading view: a file as pages of HTML, at `/SLUG/FILE.pdf/` and `/SLUG/FILE.pdf/PAGE/`, below the item that offers it.
//!
//! A few pages of the file make one page here. What must never be here: text of a file whose item the visitor may not read.

use std::sync::Arc;

use gp_blocks::{Listing, Reading, ReadingPart};
use gp_content::{
    Meta, MetaKind, Sight,
    address::{self, Address, Request},
    documents::{self, Page, Paragraph},
    files, meta,
};
use gp_kernel::Result;
use gp_search::Marker;
use gp_store::Conn;

use super::Visit;
use crate::{
    answer::Answer,
    document::document,
    passages::{after_number, begins, squeezed, stands_in},
};

/// Pages of a file on one page here.
const SPAN: i64 = 4;
/// Entries of a table of contents.
const MOST_HEADINGS: usize = 80;
/// Places that a search in a file lists.
const MOST_FOUND: usize = 20;
/// Files that can be read as pages.
const READABLE: &[&str] = &[
    "pdf", "docx", "odt", "rtf", "txt", "pptx", "odp", "xlsx", "epub", "html", "htm",
];

/// A path taken apart: the item's path, the file's name, the page.
#[derive(Debug, PartialEq, Eq)]
struct Wanted<'a> {
    item: &'a str,
    name: &'a str,
    page: Option<&'a str>,
}

/// `/a/b/file.pdf/` and `/a/b/file.pdf/7/`.
fn wanted(path: &str) -> Option<Wanted<'_>> {
    let inner = path.strip_suffix('/')?;
    let (rest, last) = inner.rsplit_once('/')?;
    let digits = !last.is_empty() && last.len() < 7 && last.bytes().all(|b| b.is_ascii_digit());
    let (item, name, page) = if digits {
        let (item, name) = rest.rsplit_once('/')?;
        (item, name, Some(last))
    } else {
        (rest, last, None)
    };
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let readable = READABLE.contains(&ending.as_str()) && !item.is_empty() && !item.starts_with("/wp-");
    readable.then_some(Wanted { item, name, page })
}

/// The reading view of an address; `None`: it is none, or nothing is there for this visitor.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn) -> Result<Option<Answer>> {
    let Some(wanted) = wanted(&visit.request.path) else {
        return Ok(None);
    };
    let found = item_at(visit, conn, wanted.item).await?;
    let Address::Item {
        item,
        sight: Sight::Full,
        link,
        ..
    } = &found
    else {
        return Ok(None);
    };
    let own = meta::of(conn, MetaKind::Item, item.id.0).await?;
    let Some(file) = file_of(visit, conn, item, &own, wanted.name).await? else {
        return Ok(None);
    };
    let reading = documents::by_digests(conn, std::slice::from_ref(&file.digest))
        .await?
        .remove(&file.digest)
        .unwrap_or_default();
    let address = format!("{}/{}/", link.trim_end_matches('/'), encoded(wanted.name));
    let page = wanted.page.map_or(1, |page| page.parse().unwrap_or(0));
    if page < 1 || page > reading.pages.max(1) {
        return Ok(None);
    }
    let first = (page - 1) / SPAN * SPAN + 1;
    let right = if first == 1 { None } else { Some(first) };
    if right != wanted.page.map(|_| page) {
        let query = match visit.request.query.as_str() {
            "" => String::new(),
            query => format!("?{query}"),
        };
        let place = if page == first {
            String::new()
        } else {
            format!("#page-{page}")
        };
        let to = format!("{}{}{query}{place}", visit.base_url, page_address(&address, first));
        return Ok(Some(Answer::moved(to)));
    }
    if visit.glance {
        return Ok(Some(Answer::glance(axum::http::StatusCode::OK)));
    }
    let view = view(visit, conn, &file, &reading, address, first).await?;
    let mut context = visit.context(found, Listing::default());
    context.reading = Some(Arc::new(view));
    let rendered = visit.app.renderer.page(conn, &context).await?;
    let html = document(visit.app, &context, &rendered, "", "");
    let mut answer = Answer::page(axum::http::StatusCode::OK, html);
    if let Answer::Text { cacheable, .. } = &mut answer {
        *cacheable &= visit.scope.actor().is_anonymous() && visit.sent.is_none();
    }
    Ok(Some(answer))
}

/// What stands at a path that is given without a slash at its end.
pub(super) async fn item_at(visit: &Visit<'_>, conn: &mut Conn, path: &str) -> Result<Address> {
    let request = Request::parse(&format!("{path}/"), "");
    let found = address::resolve(conn, &visit.site, &visit.app.types, &visit.scope, &request).await?;
    match found {
        // The permalinks of the site end without a slash.
        Address::Moved(to) if to.ends_with(path) => {
            let request = Request::parse(path, "");
            address::resolve(conn, &visit.site, &visit.app.types, &visit.scope, &request).await
        }
        found => Ok(found),
    }
}

/// Where a page of a file is read.
pub(crate) fn page_address(address: &str, page: i64) -> String {
    if page <= 1 {
        return address.to_owned();
    }
    format!("{address}{page}/")
}

/// Where a passage of a file is read: below the item that offers it, in the view that shows its page.
pub(crate) fn place(link: &str, path: &str, page: u32, paragraph: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let address = format!(
        "{}/{}/",
        link.trim_end_matches('/'),
        gp_content::files::encoded_name(name)
    );
    place_in(&address, i64::from(page), paragraph)
}

/// The same, by the address of the reading view.
pub(super) fn place_in(address: &str, page: i64, paragraph: &str) -> String {
    let page = page.max(1);
    let first = (page - 1) / SPAN * SPAN + 1;
    let place = match paragraph {
        "" => format!("page-{page}"),
        number => format!("para-{number}"),
    };
    format!("{}#{place}", page_address(address, first))
}

fn encoded(name: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    gp_content::files::encoded_name(&decoded)
}

/// The file of this name among those that readers of the item are offered.
pub(super) async fn file_of(
    visit: &Visit<'_>,
    conn: &mut Conn,
    item: &gp_content::Item,
    own: &Meta,
    name: &str,
) -> Result<Option<files::File>> {
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    let paths = (visit.app.files_of)(conn, &[(item, own)]).await?;
    let path = paths
        .into_values()
        .flatten()
        .find(|path| path.rsplit('/').next() == Some(&*name));
    match path {
        Some(path) => files::by_path(conn, &path).await,
        None => Ok(None),
    }
}

async fn view(
    visit: &Visit<'_>,
    conn: &mut Conn,
    file: &files::File,
    known: &documents::Reading,
    address: String,
    first: i64,
) -> Result<Reading> {
    let query = visit.request.parameters.get("find").cloned().unwrap_or_default();
    let query: String = query.chars().take(300).collect();
    let marker = Marker::new(&query);
    let last = (first + SPAN - 1).min(known.pages);
    let pages = documents::pages(conn, &known.digest, first, last).await?;
    // A paragraph may have begun on the page before.
    let paragraphs = documents::paragraphs(conn, &known.digest, first - 1, last).await?;
    let contents = contents(&known.facts);
    let found = if marker.is_empty() {
        Vec::new()
    } else {
        found(conn, known, &marker).await?
    };
    let mut parts = Vec::new();
    for page in &pages {
        parts.push(ReadingPart::Page(page.number, page.label.clone()));
        let language = if page.language.is_empty() {
            &known.language
        } else {
            &page.language
        };
        parts.extend(parts_of(page, &paragraphs, &contents, &|text| {
            marker.html(text, language)
        }));
        // The mark says it already.
        let said = |text: &str| text == page.number.to_string() || (!page.label.is_empty() && text == page.label);
        if matches!(parts.last(), Some(ReadingPart::Text(text)) if said(text.trim())) {
            parts.pop();
        }
    }
    Ok(Reading {
        path: file.path.clone(),
        address,
        size: file.size,
        language: known.language.clone(),
        symbol: known.symbol.clone(),
        note: note(known),
        pages: known.pages,
        shown: (first, last.max(first)),
        span: SPAN,
        parts,
        contents,
        links: outward(&known.facts, first, last),
        query,
        found,
    })
}

/// Where these pages lead outward.
fn outward(facts: &str, first: i64, last: i64) -> Vec<(i64, String)> {
    const MOST_LINKS: usize = 100;
    let facts: serde_json::Value = serde_json::from_str(facts).unwrap_or_default();
    let links = facts.get("links").and_then(serde_json::Value::as_array);
    let link = |value: &serde_json::Value| {
        let page = value.get("page")?.as_i64()?;
        let url = value.get("url")?.as_str()?.to_owned();
        (first..=last).contains(&page).then_some((page, url))
    };
    links.into_iter().flatten().filter_map(link).take(MOST_LINKS).collect()
}

/// For readers, where there is no text to show.
fn note(known: &documents::Reading) -> &'static str {
    match known.status.as_str() {
        "text" => "",
        "" => "This file has not been read yet. Please try again in a few minutes, or open the file itself.",
        "scanned" => "This file is a picture of paper: it holds no text that could be shown here.",
        "locked" => "This file is locked by a password: its text cannot be shown here.",
        _ => "The text of this file cannot be shown here.",
    }
}

/// The headings, as the reader of files told them.
fn contents(facts: &str) -> Vec<(u8, String, i64)> {
    let facts: serde_json::Value = serde_json::from_str(facts).unwrap_or_default();
    let headings = facts.get("headings").and_then(serde_json::Value::as_array);
    let heading = |value: &serde_json::Value| {
        let level = u8::try_from(value.get("level")?.as_i64()?.clamp(1, 6)).ok()?;
        let text = value.get("text")?.as_str()?.trim().to_owned();
        let page = value.get("page")?.as_i64()?;
        (!text.is_empty()).then_some((level, text, page))
    };
    headings
        .into_iter()
        .flatten()
        .filter_map(heading)
        .take(MOST_HEADINGS)
        .collect()
}

/// Where the words of a query stand in a file, in its order.
async fn found(conn: &mut Conn, known: &documents::Reading, marker: &Marker) -> Result<Vec<(i64, String, String)>> {
    let mut found = Vec::new();
    let mut from = 1;
    const AT_ONCE: i64 = 50;
    while from <= known.pages && found.len() < MOST_FOUND {
        let to = from + AT_ONCE - 1;
        let pages = documents::pages(conn, &known.digest, from, to).await?;
        let paragraphs = documents::paragraphs(conn, &known.digest, from, to).await?;
        for part in crate::passages::parts(&pages, &paragraphs) {
            let language = if part.language.is_empty() {
                &known.language
            } else {
                &part.language
            };
            if let Some(html) = marker.passage(&part.text, language) {
                found.push((part.page, part.paragraph, html));
            }
        }
        from += AT_ONCE;
    }
    found.truncate(MOST_FOUND);
    Ok(found)
}

/// What stands on a page, taken apart.
fn parts_of(
    page: &Page,
    paragraphs: &[Paragraph],
    contents: &[(u8, String, i64)],
    html: &dyn Fn(&str) -> String,
) -> Vec<ReadingPart> {
    let inside: Vec<(&Paragraph, String)> = paragraphs
        .iter()
        .filter(|p| p.page == page.number || p.page == page.number - 1)
        .map(|p| (p, squeezed(&p.text)))
        .collect();
    let headings: Vec<(u8, String)> = contents
        .iter()
        .filter(|(_, _, at)| *at == page.number)
        .map(|(level, text, _)| (*level, squeezed(text)))
        .collect();
    let mut parts: Vec<ReadingPart> = Vec::new();
    let mut open: Option<&str> = None;
    for block in page.text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        let flat = squeezed(block);
        if let Some((level, _)) = headings.iter().find(|(_, text)| *text == flat) {
            parts.push(ReadingPart::Heading(*level, html(block)));
            open = None;
            continue;
        }
        let begun = inside
            .iter()
            .find(|(p, text)| p.page == page.number && begins(block, p, text));
        let going_on = || inside.iter().find(|(p, text)| stands_in(block, p, text));
        let Some((paragraph, _)) = begun.or_else(going_on) else {
            parts.push(ReadingPart::Text(html(block)));
            open = None;
            continue;
        };
        if let (Some(number), Some(ReadingPart::Paragraph(_, blocks))) = (open, parts.last_mut())
            && number == paragraph.number
        {
            blocks.push(html(block));
            continue;
        }
        let begun = begun.is_some();
        let number = if begun { paragraph.number.clone() } else { String::new() };
        let own = if begun {
            after_number(block, &paragraph.number)
        } else {
            block
        };
        parts.push(ReadingPart::Paragraph(number, vec![html(own)]));
        open = Some(&paragraph.number);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_readings_are_taken_apart() {
        let some = |item, name, page| Some(Wanted { item, name, page });
        assert_eq!(wanted("/a/b/x.pdf/"), some("/a/b", "x.pdf", None));
        assert_eq!(wanted("/a/x.PDF/12/"), some("/a", "x.PDF", Some("12")));
        for other in [
            "/a/x.pdf",
            "/x.pdf/",
            "/a/x.png/",
            "/a/12/",
            "/a/x.pdf/y/",
            "/wp-content/x.pdf/",
            "/",
            "",
        ] {
            assert_eq!(wanted(other), None, "{other}");
        }
    }

    #[test]
    fn a_page_is_taken_apart_into_headings_paragraphs_and_text() {
        let page = Page {
            number: 2,
            text: "goes on here.\n\nB. Next\n\n98. Time limits:\n\n(a) One;\n\nA note".to_owned(),
            ..Page::default()
        };
        let paragraph = |number: &str, page, text: &str| Paragraph {
            number: number.to_owned(),
            page,
            text: text.to_owned(),
        };
        let paragraphs = [
            paragraph("97", 1, "It begins and\ngoes on here."),
            paragraph("98", 2, "98. Time limits: (a) One;"),
        ];
        let contents = [(2, "B. Next".to_owned(), 2)];
        let parts = parts_of(&page, &paragraphs, &contents, &str::to_owned);
        assert_eq!(
            parts,
            [
                ReadingPart::Paragraph(String::new(), vec!["goes on here.".to_owned()]),
                ReadingPart::Heading(2, "B. Next".to_owned()),
                ReadingPart::Paragraph("98".to_owned(), vec!["Time limits:".to_owned(), "(a) One;".to_owned()]),
                ReadingPart::Text("A note".to_owned()),
            ]
        );
    }
}

//! What stands in the objects of a PDF beside the content of its pages: description, outline, labels, links.
//!
//! Every walk is bounded and remembers where it has been: files exist in which these lists end in themselves.
//!
//! Never in here: the content of pages.

use super::Outline;
use crate::model::{Document, Heading, Limits, Link};
use crate::text::{clean, one_line};
use pdf_oxide::PdfDocument;
use pdf_oxide::extractors::page_labels::PageLabelExtractor;
use pdf_oxide::object::{Object, ObjectRef};
use std::collections::{HashMap, HashSet};

type Dict = HashMap<String, Object>;

/// Entries of an outline, and links, after which the rest is left out.
const MAX_ENTRIES: usize = 10_000;

/// Fills in title, author, date, language, tags and links.
pub(crate) fn describe(file: &PdfDocument, document: &mut Document) {
    let info = file
        .trailer()
        .as_dict()
        .and_then(|trailer| trailer.get("Info"))
        .and_then(|info| resolve(file, info));
    let info = info.as_ref().and_then(Object::as_dict);
    let entry = |key: &str| {
        info.and_then(|info| text(file, info.get(key)?))
            .filter(|text| !text.is_empty())
    };
    let catalog = file.catalog().ok();
    let catalog = catalog.as_ref().and_then(Object::as_dict);
    let packet = catalog.and_then(|catalog| metadata(file, catalog)).unwrap_or_default();
    document.title = crate::xmp::title(&packet)
        .or_else(|| entry("Title"))
        .and_then(|title| meant(&title));
    document.author = crate::xmp::creators(&packet).or_else(|| entry("Author"));
    document.created = entry("CreationDate")
        .and_then(|date| iso_date(&date))
        .or_else(|| crate::xmp::created(&packet));
    document.language = catalog
        .and_then(|catalog| text(file, catalog.get("Lang")?))
        .filter(|tag| !tag.is_empty());
    document.tagged = catalog
        .and_then(|catalog| resolve(file, catalog.get("MarkInfo")?))
        .is_some_and(|mark| {
            mark.as_dict()
                .and_then(|mark| resolve(file, mark.get("Marked")?))
                .and_then(|marked| marked.as_bool())
                == Some(true)
        });
    document.links = links(file);
}

/// Whether the file says that it has fewer than no pages or more than it has bytes: no slip of a program, but files made to
/// bring readers down.
pub(crate) fn has_impossible_count(file: &PdfDocument, bytes: usize) -> bool {
    let catalog = file.catalog().ok();
    let pages = catalog
        .as_ref()
        .and_then(Object::as_dict)
        .and_then(|catalog| resolve(file, catalog.get("Pages")?));
    let count = pages
        .as_ref()
        .and_then(Object::as_dict)
        .and_then(|pages| resolve(file, pages.get("Count")?)?.as_integer());
    count.is_some_and(|count| usize::try_from(count).map_or(true, |count| count > bytes))
}

/// A title that somebody meant, not the name of the file or program that a printer driver put there.
fn meant(title: &str) -> Option<String> {
    let title = title.strip_prefix("Microsoft Word - ").unwrap_or(title).trim();
    let lower = title.to_lowercase();
    let of_a_file = [".doc", ".docx", ".pdf", ".indd", ".qxd", ".rtf", ".odt", ".p65"]
        .iter()
        .any(|end| lower.ends_with(end));
    let none = ["untitled", "title", "document", "none"].contains(&lower.as_str());
    (!title.is_empty() && !of_a_file && !none).then(|| title.to_owned())
}

fn metadata(file: &PdfDocument, catalog: &Dict) -> Option<String> {
    let stream = resolve(file, catalog.get("Metadata")?)?;
    let bytes = stream.decode_stream_data().ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn resolve(file: &PdfDocument, object: &Object) -> Option<Object> {
    match object {
        Object::Reference(reference) => file.load_object(*reference).ok(),
        other => Some(other.clone()),
    }
}

/// A text string in one line.
fn text(file: &PdfDocument, object: &Object) -> Option<String> {
    let object = resolve(file, object)?;
    let bytes = object.as_string()?;
    Some(one_line(&clean(&decoded(bytes))))
}

/// A text string: UTF-16 or UTF-8 with a mark, else by its look.
pub(crate) fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        other => match std::str::from_utf8(other) {
            Ok(utf8) => utf8.to_owned(),
            Err(_) => encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(other)
                .0
                .into_owned(),
        },
    }
}

/// `D:20190910143000+02'00'` as `2019-09-10T14:30:00`.
fn iso_date(date: &str) -> Option<String> {
    let digits: Vec<u32> = date
        .trim_start_matches("D:")
        .chars()
        .map_while(|c| c.to_digit(10))
        .collect();
    let part = |from: usize, to: usize| {
        digits
            .get(from..to)
            .map(|part| part.iter().fold(0, |sum, digit| sum * 10 + digit))
    };
    let year = part(0, 4).filter(|year| (1900..2200).contains(year))?;
    let month = part(4, 6).unwrap_or(1);
    let day = part(6, 8).unwrap_or(1);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let time = part(8, 10)
        .zip(part(10, 12))
        .map(|(hour, minute)| format!("T{hour:02}:{minute:02}:{:02}", part(12, 14).unwrap_or(0)));
    Some(format!("{year:04}-{month:02}-{day:02}{}", time.unwrap_or_default()))
}

/// The label of every page, where the file has labels.
pub(crate) fn labels(file: &PdfDocument, count: usize) -> Vec<Option<String>> {
    let ranges = PageLabelExtractor::extract(file).unwrap_or_default();
    if ranges.is_empty() {
        return vec![None; count];
    }
    let label =
        |at| Some(PageLabelExtractor::get_label(&ranges, at)).filter(|label| !label.is_empty() && label.len() < 64);
    (0..count).map(label).collect()
}

/// The outline as headings. Entries without a page in this file are left out.
pub(crate) fn outline(file: &PdfDocument, limits: &Limits) -> Outline {
    let catalog = file.catalog().ok();
    let root = catalog
        .as_ref()
        .and_then(Object::as_dict)
        .and_then(|catalog| resolve(file, catalog.get("Outlines")?));
    let Some(first) = root
        .as_ref()
        .and_then(Object::as_dict)
        .and_then(|root| root.get("First")?.as_reference())
    else {
        return Vec::new();
    };
    let pages = page_numbers(file, limits);
    let mut headings = Vec::new();
    let mut seen = HashSet::new();
    let mut waiting = vec![(first, 1u8)];
    while let Some((reference, level)) = waiting.pop() {
        if !seen.insert(reference) || headings.len() >= MAX_ENTRIES {
            continue;
        }
        let Some(entry) = file.load_object(reference).ok() else {
            continue;
        };
        let Some(entry) = entry.as_dict() else { continue };
        if let Some(next) = entry.get("Next").and_then(Object::as_reference) {
            waiting.push((next, level));
        }
        if let Some(child) = entry.get("First").and_then(Object::as_reference) {
            waiting.push((child, level.saturating_add(1).min(9)));
        }
        let title = entry
            .get("Title")
            .and_then(|title| text(file, title))
            .unwrap_or_default();
        if let Some(page) = destination(file, entry, &pages).filter(|_| !title.is_empty()) {
            headings.push(Heading {
                level,
                text: title,
                page,
            });
        }
    }
    headings
}

/// The page to which an entry of the outline leads.
fn destination(file: &PdfDocument, entry: &Dict, pages: &HashMap<ObjectRef, u32>) -> Option<u32> {
    let place = match entry.get("Dest") {
        Some(place) => resolve(file, place)?,
        None => {
            let action = resolve(file, entry.get("A")?)?;
            resolve(file, action.as_dict()?.get("D")?)?
        }
    };
    match &place {
        Object::Array(parts) => match parts.first()? {
            Object::Reference(page) => pages.get(page).copied(),
            Object::Integer(at) => u32::try_from(*at).ok()?.checked_add(1),
            _ => None,
        },
        Object::String(name) => named(file, &String::from_utf8_lossy(name)),
        Object::Name(name) => named(file, name),
        _ => None,
    }
}

fn named(file: &PdfDocument, name: &str) -> Option<u32> {
    let at = file.resolve_named_destination(name).ok()??;
    u32::try_from(at).ok()?.checked_add(1)
}

/// The number of every page by its object.
fn page_numbers(file: &PdfDocument, limits: &Limits) -> HashMap<ObjectRef, u32> {
    let mut numbers = HashMap::new();
    let catalog = file.catalog().ok();
    let root = catalog
        .as_ref()
        .and_then(Object::as_dict)
        .and_then(|catalog| catalog.get("Pages")?.as_reference());
    let mut seen = HashSet::new();
    let mut waiting: Vec<ObjectRef> = root.into_iter().collect();
    let mut number = 0;
    while let Some(reference) = waiting.pop() {
        if !seen.insert(reference) || numbers.len() > limits.max_pages {
            continue;
        }
        let Some(node) = file.load_object(reference).ok() else {
            continue;
        };
        let kids = node.as_dict().and_then(|node| resolve(file, node.get("Kids")?));
        match kids.as_ref().and_then(Object::as_array) {
            Some(kids) => waiting.extend(kids.iter().rev().filter_map(Object::as_reference)),
            None => {
                number += 1;
                numbers.insert(reference, number);
            }
        }
    }
    numbers
}

/// Addresses outside the file, in the order of the pages.
fn links(file: &PdfDocument) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let mut seen = HashSet::new();
    for at in 0..file.page_count().unwrap_or(0).min(MAX_ENTRIES) {
        let Some(page) = file.get_page(at).ok() else { continue };
        let notes = page.as_dict().and_then(|page| resolve(file, page.get("Annots")?));
        for note in notes
            .as_ref()
            .and_then(Object::as_array)
            .into_iter()
            .flatten()
            .take(MAX_ENTRIES)
        {
            let url = link_target(file, note).filter(|url| links.len() < MAX_ENTRIES && seen.insert(url.clone()));
            links.extend(url.map(|url| Link {
                url,
                page: at as u32 + 1,
            }));
        }
    }
    links
}

fn link_target(file: &PdfDocument, note: &Object) -> Option<String> {
    let note = resolve(file, note)?;
    let action = resolve(file, note.as_dict()?.get("A")?)?;
    let url = text(file, action.as_dict()?.get("URI")?)?;
    crate::links::outward(&url).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::{iso_date, meant};

    #[test]
    fn dates_and_titles_are_read_or_refused() {
        assert_eq!(
            iso_date("D:20190910143005+02'00'").as_deref(),
            Some("2019-09-10T14:30:05")
        );
        assert_eq!(iso_date("D:2019").as_deref(), Some("2019-01-01"));
        assert_eq!(iso_date("D:20191301"), None);
        assert_eq!(iso_date("yesterday"), None);
        assert_eq!(meant("Microsoft Word - 1915447E.docx"), None);
        assert_eq!(meant("Safe practices").as_deref(), Some("Safe practices"));
    }
}

//! E-books (EPUB): one page for each chapter, in the order of reading.
//!
//! Never in here: fonts, pictures, scripts.

use crate::archive::{Archive, Fault, path_from};
use crate::html;
use crate::model::{Document, Limits};
use crate::office::{Collected, describe};
use crate::xml::{Event, Reader};
use std::collections::HashMap;

pub(crate) const MIME: &str = "application/epub+zip";

/// Reads a book.
pub(crate) fn read(archive: &mut Archive<'_>, limits: &Limits) -> Result<Document, Fault> {
    let mut document = Document::empty(MIME);
    if is_locked(&archive.text("META-INF/encryption.xml")?) {
        return Ok(Fault::Locked.document(MIME));
    }
    let package = package(&archive.text("META-INF/container.xml")?).ok_or(Fault::Damaged)?;
    let text = String::from_utf8_lossy(&archive.read(&package)?).into_owned();
    describe(archive, &package, &mut document)?;
    let mut out = Collected::default();
    for chapter in chapters(&text, &package) {
        if out.pages as usize > limits.max_pages {
            break;
        }
        out.pages += 1;
        let page = archive.text(&chapter)?;
        html::add_page(&page, out.pages, &mut out, &mut document, limits);
    }
    out.finish(&mut document, limits);
    Ok(document)
}

/// Whether chapters are encrypted. Fonts that are only made unusable elsewhere do not count.
fn is_locked(text: &str) -> bool {
    text.contains("EncryptedData")
        && !text.contains("http://www.idpf.org/2008/embedding")
        && !text.contains("http://ns.adobe.com/pdf/enc#RC")
}

fn package(container: &str) -> Option<String> {
    let mut reader = Reader::new(container, 20);
    while let Some(event) = reader.next() {
        if let Event::Start(element) = event
            && element.name == "rootfile"
        {
            return element.get("full-path").map(str::to_owned);
        }
    }
    None
}

/// The paths of the chapters in their order.
fn chapters(text: &str, package: &str) -> Vec<String> {
    let mut items = HashMap::new();
    let mut order = Vec::new();
    let mut reader = Reader::new(text, 50);
    while let Some(event) = reader.next() {
        let Event::Start(element) = event else { continue };
        match element.name.as_str() {
            "item" => {
                let kind = element.get("media-type").unwrap_or_default();
                if let (Some(id), Some(href), true) = (element.get("id"), element.get("href"), kind.contains("html")) {
                    let href = href.split('#').next().unwrap_or(href).replace("%20", " ");
                    items.insert(id.to_owned(), path_from(package, &href));
                }
            }
            "itemref" => order.extend(element.get("idref").map(str::to_owned)),
            _ => {}
        }
    }
    order.iter().filter_map(|id| items.get(id).cloned()).collect()
}

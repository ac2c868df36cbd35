//! PDF: text of pages in reading order, what the file says about itself, outline, labels, links.
//!
//! The library underneath reads objects, fonts and glyphs; lines, words, columns, paragraphs and the direction of reading
//! are made here, because the mapping from paper to text is what search and citation stand on.
//!
//! Never in here: pictures of pages, text recognition, and passwords other than the empty one.

mod direction;
mod glyphs;
mod layout;
mod objects;
mod replaced;

use crate::model::{Document, Heading, Limits, Page, Status};
use crate::structure::{Part, Structure};
use crate::text::Vocabulary;
use layout::Block;
use pdf_oxide::PdfDocument;
use replaced::Shown;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) const MIME: &str = "application/pdf";
const BROKEN: &str = "The PDF file is damaged and cannot be read. Ask for it again or make it anew.";
const LOCKED: &str = "The PDF file needs a password. Put up a copy without one.";
const SCANNED: &str = "The pages are pictures without text. Put up a copy with recognised text, so that it can be searched and read aloud.";

/// Reads a PDF. The library underneath has had faults on broken files; one of them is no reason to fall.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Document {
    let reading = catch_unwind(AssertUnwindSafe(|| read_file(bytes, limits)));
    reading.unwrap_or_else(|_| Document::without_text(Status::Damaged, MIME, BROKEN))
}

fn read_file(bytes: &[u8], limits: &Limits) -> Document {
    let file = match PdfDocument::from_bytes(bytes.to_vec()) {
        Ok(file) => file,
        Err(pdf_oxide::Error::EncryptedPdf) => return locked(),
        Err(_) => return Document::without_text(Status::Damaged, MIME, BROKEN),
    };
    if file.is_encrypted() && !file.is_authenticated() {
        return locked();
    }
    if objects::has_impossible_count(&file, bytes.len()) {
        return Document::without_text(Status::Damaged, MIME, BROKEN);
    }
    let count = match file.page_count() {
        Ok(count) if count > 0 => count,
        Err(pdf_oxide::Error::EncryptedPdf) => return locked(),
        _ => return Document::without_text(Status::Damaged, MIME, BROKEN),
    };
    if count > limits.max_pages {
        let reason = format!(
            "The PDF file has {count} pages; no more than {} are read.",
            limits.max_pages
        );
        return Document::without_text(Status::TooBig, MIME, reason);
    }
    let mut document = Document {
        encrypted: file.is_encrypted(),
        ..Document::empty(MIME)
    };
    objects::describe(&file, &mut document);
    let pages = pages(&file, count, limits, &mut document);
    if document.status == Status::TooBig {
        return document;
    }
    fill(&file, pages, limits, &mut document);
    document
}

fn locked() -> Document {
    Document {
        encrypted: true,
        ..Document::without_text(Status::Locked, MIME, LOCKED)
    }
}

/// The blocks of every page. A page that cannot be read is empty.
fn pages(file: &PdfDocument, count: usize, limits: &Limits, document: &mut Document) -> Vec<Vec<Block>> {
    let mut pages = Vec::new();
    let mut chars = 0usize;
    let mut unread = 0usize;
    for at in 0..count {
        // A fault on one page, a broken font say, is no reason to lose the others.
        let shown = catch_unwind(AssertUnwindSafe(|| Shown::of_page(file, at)))
            .ok()
            .flatten();
        unread += usize::from(shown.is_none());
        let shown = shown.unwrap_or_default();
        chars += shown.chars.len();
        if chars > limits.max_text_chars {
            document.status = Status::TooBig;
            document.reason = Some(format!(
                "The PDF file has more than {} characters of text.",
                limits.max_text_chars
            ));
            return Vec::new();
        }
        let lines = glyphs::lines(&shown, limits.keep_lines);
        pages.push(layout::blocks(lines, limits.keep_lines));
    }
    if unread == count {
        document.status = Status::Damaged;
        document.reason = Some(BROKEN.to_owned());
    } else if unread > 0 {
        document.reason = Some(format!("{unread} of {count} pages are damaged and were left out."));
    }
    pages
}

/// Makes text, headings and paragraphs of the blocks.
fn fill(file: &PdfDocument, pages: Vec<Vec<Block>>, limits: &Limits, document: &mut Document) {
    let mut words = Vocabulary::default();
    pages
        .iter()
        .flatten()
        .flat_map(|block| &block.lines)
        .for_each(|line| words.learn(line));
    let mut structure = Structure::default();
    let labels = objects::labels(file, pages.len());
    for (at, blocks) in pages.iter().enumerate() {
        let number = at as u32 + 1;
        let mut texts = Vec::new();
        for block in blocks {
            let text = words.join(&block.lines);
            texts.push(if limits.keep_lines {
                block.lines.join("\n")
            } else {
                text.clone()
            });
            structure.parts.push(Part {
                page: number,
                text,
                size: block.size,
                bold: block.bold,
                level: None,
            });
        }
        let label = labels.get(at).cloned().flatten();
        document.pages.push(Page {
            number,
            label,
            language: None,
            text: texts.join("\n\n"),
        });
    }
    let outline = objects::outline(file, limits);
    structure.finish(document, outline);
    if document.status == Status::Text && is_scanned(&document.pages) {
        document.status = Status::Scanned;
        document.reason = Some(SCANNED.to_owned());
    }
}

/// Whether nearly all pages are without text: a stamp or a cover sheet that was put before a scan does not make it text.
fn is_scanned(pages: &[Page]) -> bool {
    let letters = |page: &Page| page.text.chars().filter(|c| c.is_alphabetic()).count();
    let with_text = pages.iter().filter(|page| letters(page) >= 20).count();
    let all: usize = pages.iter().map(letters).sum();
    all == 0 || (pages.len() >= 5 && with_text * 10 < pages.len())
}

/// An entry of the outline, before its heading is looked for in the text.
pub(crate) type Outline = Vec<Heading>;

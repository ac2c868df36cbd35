//! What stands in the files of items, cut into the passages that a search finds: numbered paragraphs, and what is left of each page.
//!
//! Files that nobody has read yet are asked for: a job reads them, and the items that show them come back into the index.

use std::collections::{BTreeSet, HashMap};

use gp_content::{
    Item,
    actions::READ_JOB,
    documents::{self, Page, Paragraph, READER, Reading},
    files,
    meta::Meta,
};
use gp_kernel::{ItemId, Result};
use gp_store::{Conn, Jobs};
use sha2::{Digest as _, Sha256};

use crate::app::App;

/// Less is no passage: a page number, a running title.
const SHORTEST: usize = 25;

/// A part of a file that can be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// See [`file_key`].
    pub file: i64,
    /// From 1.
    pub page: i64,
    /// The number of the paragraph, as printed; empty: it has none.
    pub paragraph: String,
    /// Its language; empty when unknown.
    pub language: String,
    /// Its text.
    pub text: String,
}

impl Part {
    /// As the index takes it.
    pub(crate) fn indexed(self) -> gp_search::Passage {
        gp_search::Passage {
            document: self.file,
            page: u32::try_from(self.page).unwrap_or(0),
            paragraph: self.paragraph,
            text: self.text,
            language: self.language,
        }
    }
}

/// What was read in the files of an item.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// The passages.
    pub parts: Vec<Part>,
    /// The symbols in their mastheads.
    pub symbols: Vec<String>,
    /// At least one file is there.
    pub any: bool,
}

/// By what the index knows a file: its path below the uploads, as a number.
pub(crate) fn file_key(path: &str) -> i64 {
    let digest = Sha256::digest(path.as_bytes());
    digest.iter().take(8).fold(0, |key, byte| key << 8 | i64::from(*byte))
}

/// What was read in the files of these items; for files that are unread, jobs are asked for.
pub(crate) async fn of_items(
    app: &App,
    conn: &mut Conn,
    items: &[Item],
    metas: &HashMap<i64, Meta>,
) -> Result<HashMap<ItemId, Read>> {
    let none = Meta::default();
    let pairs: Vec<(&Item, &Meta)> = items
        .iter()
        .map(|item| (item, metas.get(&item.id.0).unwrap_or(&none)))
        .collect();
    let paths = (app.files_of)(conn, &pairs).await?;
    let pictures = pictures(&pairs);
    let all: BTreeSet<String> = paths.values().flatten().chain(pictures.values()).cloned().collect();
    let all: Vec<String> = all.into_iter().collect();
    let known = files::by_paths(conn, &all).await?;
    let digests: HashMap<&str, &str> = known.iter().map(|f| (f.path.as_str(), f.digest.as_str())).collect();
    let wanted: BTreeSet<String> = known.iter().map(|f| f.digest.clone()).collect();
    let readings = documents::by_digests(conn, &wanted.into_iter().collect::<Vec<_>>()).await?;
    let mut found = HashMap::new();
    let mut unread = Vec::new();
    for (item, own) in &paths {
        let mut read = Read::default();
        let mut late = false;
        for path in own {
            let Some(digest) = digests.get(path.as_str()) else {
                continue;
            };
            read.any = true;
            match readings.get(*digest) {
                Some(reading) => {
                    late |= reading.reader < READER;
                    of_file(conn, path, reading, &mut read).await?;
                }
                None => late = true,
            }
        }
        if late {
            unread.push(*item);
        }
        found.insert(*item, read);
    }
    unread.extend(pictures.iter().filter_map(|(item, path)| {
        let digest = digests.get(path.as_str())?;
        let made = metas.get(&item.0).map(|own| own.text(files::MADE)).unwrap_or_default();
        (made != files::made_of(digest)).then_some(*item)
    }));
    app.unread().extend(unread);
    Ok(found)
}

/// The paths of those among the items that are pictures: the same job makes their sizes.
fn pictures(items: &[(&Item, &Meta)]) -> HashMap<ItemId, String> {
    let pictures = items.iter().filter(|(item, _)| item.kind == "attachment");
    pictures
        .map(|(item, own)| {
            (
                item.id,
                own.text("_wp_attached_file").trim_start_matches('/').to_owned(),
            )
        })
        .filter(|(_, path)| files::is_picture(path))
        .collect()
}

impl App {
    /// Asks for the files to be read that were found unread meanwhile. Never while a visitor waits: somebody may be writing.
    ///
    /// # Errors
    /// When the database does not answer; they are asked for another time.
    pub async fn ask_for_reading(&self) -> Result<()> {
        let items = std::mem::take(&mut *self.unread());
        if items.is_empty() {
            return Ok(());
        }
        let asked = ask(self, &items).await;
        if asked.is_err() {
            self.unread().extend(items);
        }
        asked
    }
}

async fn ask(app: &App, items: &BTreeSet<ItemId>) -> Result<()> {
    let now = app.clock.now().as_second();
    let mut tx = app.db.write().await?;
    for item in items {
        Jobs::ask(&mut tx, READ_JOB, &item.to_string(), now).await?;
    }
    tx.commit().await
}

async fn of_file(conn: &mut Conn, path: &str, reading: &Reading, read: &mut Read) -> Result<()> {
    if !reading.symbol.is_empty() {
        read.symbols.push(reading.symbol.clone());
    }
    if reading.status != "text" {
        return Ok(());
    }
    let pages = documents::pages(conn, &reading.digest, 1, i64::MAX).await?;
    let paragraphs = documents::paragraphs(conn, &reading.digest, 1, i64::MAX).await?;
    let file = file_key(path);
    read.parts.extend(parts(&pages, &paragraphs).into_iter().map(|part| {
        Part {
            file,
            language: Some(part.language)
                .filter(|l| !l.is_empty())
                .unwrap_or_else(|| reading.language.clone()),
            ..part
        }
    }));
    Ok(())
}

/// The passages of a file.
pub(crate) fn parts(pages: &[Page], paragraphs: &[Paragraph]) -> Vec<Part> {
    let mut found = Vec::new();
    for page in pages {
        let own: Vec<&Paragraph> = paragraphs.iter().filter(|p| p.page == page.number).collect();
        let rest = without(&page.text, &own);
        let part = |paragraph: &str, text: String| Part {
            file: 0,
            page: page.number,
            paragraph: paragraph.to_owned(),
            language: page.language.clone(),
            text,
        };
        if rest.trim().len() >= SHORTEST || (own.is_empty() && !rest.trim().is_empty()) {
            found.push(part("", rest));
        }
        found.extend(own.iter().map(|p| part(&p.number, p.text.clone())));
    }
    found
}

/// A page's text without what stands in its numbered paragraphs. A paragraph that begins here and ends on the next page is
/// taken out as far as it reaches.
fn without(text: &str, paragraphs: &[&Paragraph]) -> String {
    let mut blocks: Vec<&str> = text.split("\n\n").collect();
    let inside: Vec<(&Paragraph, String)> = paragraphs.iter().map(|p| (*p, squeezed(&p.text))).collect();
    blocks.retain(|block| {
        let blank = block.trim().is_empty();
        blank || !inside.iter().any(|(paragraph, text)| stands_in(block, paragraph, text))
    });
    blocks.join("\n\n")
}

/// Without blanks: what comes from the same place compares equal however its lines were broken.
pub(crate) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Whether a block of a page belongs to a paragraph, whose text without blanks is `text`.
pub(crate) fn stands_in(block: &str, paragraph: &Paragraph, text: &str) -> bool {
    text.contains(&squeezed(block)) || begins(block, paragraph, text)
}

/// Whether a block is the beginning of a paragraph, with its number or without.
pub(crate) fn begins(block: &str, paragraph: &Paragraph, text: &str) -> bool {
    let rest = after_number(block, &paragraph.number);
    let flat = squeezed(rest);
    let own = squeezed(after_number(&paragraph.text, &paragraph.number));
    !flat.is_empty()
        && (text.starts_with(&squeezed(block)) || (rest.len() < block.trim_start().len() && own.starts_with(&flat)))
}

/// A text without the number that stands before it.
pub(crate) fn after_number<'a>(text: &'a str, number: &str) -> &'a str {
    let text = text.trim_start();
    match text.strip_prefix(number) {
        Some(rest) if rest.starts_with(['.', ')', ' ', '\u{a0}', '\n']) => {
            rest.trim_start_matches(['.', ')']).trim_start()
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_passages_and_what_is_left_of_a_page_is_another() {
        let page = |number, text: &str| Page {
            number,
            text: text.to_owned(),
            language: "en".to_owned(),
            ..Page::default()
        };
        let paragraph = |number: &str, page, text: &str| Paragraph {
            number: number.to_owned(),
            page,
            text: text.to_owned(),
        };
        let pages = [
            page(
                1,
                "A title that stands above everything\n\n1. The first one says a lot.\n\n2. The second",
            ),
            page(2, "goes on here.\n\nA table with many figures in it"),
            page(3, "7"),
        ];
        let paragraphs = [
            paragraph("1", 1, "1. The first one says a lot."),
            paragraph("2", 1, "2. The second goes on here."),
        ];
        let found = parts(&pages, &paragraphs);
        let told: Vec<(i64, &str, &str)> = found
            .iter()
            .map(|p| (p.page, p.paragraph.as_str(), p.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (1, "", "A title that stands above everything"),
                (1, "1", "1. The first one says a lot."),
                (1, "2", "2. The second goes on here."),
                (2, "", "goes on here.\n\nA table with many figures in it"),
                (3, "", "7"),
            ]
        );
        assert!(file_key("a.pdf") != file_key("b.pdf"));
    }
}

//! Documents of office programs: Word, PowerPoint and Excel since 2007, OpenDocument.
//!
//! Never in here: reviewers' comments, deleted text, speakers' notes, macros, pictures.

pub(crate) mod docx;
mod docx_lists;
mod docx_styles;
pub(crate) mod odf;
pub(crate) mod pptx;
pub(crate) mod xlsx;

use crate::archive::{Archive, Fault, path_from};
use crate::model::{Document, Limits, Page, Status};
use crate::structure::{Part, Structure};
use crate::text;
use crate::xml::{Event, Reader};
use std::collections::HashMap;

const PICTURES: &str =
    "The document has pictures but hardly any text. If the text is in the pictures, put up a copy with real text.";
const EMPTY: &str = "The document has no text.";
/// Fewer letters beside pictures are captions.
const FEW_LETTERS: usize = 60;

/// What a reader of a format collects: pages of parts.
#[derive(Default)]
pub(crate) struct Collected {
    /// Parts, each with the page on which it stands.
    pub parts: Vec<Part>,
    /// How many pages there are, also those without parts.
    pub pages: u32,
    /// Names of pages, as of sheets.
    pub labels: HashMap<u32, String>,
    pub pictures: usize,
    /// Whether a fault in the XML cut the reading short.
    pub broken: bool,
}

impl Collected {
    pub(crate) fn push(&mut self, page: u32, text: &str, level: Option<u8>) {
        let text = text::clean(text);
        let lines: Vec<String> = text
            .lines()
            .map(text::one_line)
            .filter(|line| !line.is_empty())
            .collect();
        if !lines.is_empty() {
            let level = level.map(|level| level.clamp(1, 9));
            self.parts.push(Part {
                page,
                text: lines.join("\n"),
                size: 0.0,
                bold: false,
                level,
            });
        }
    }

    pub(crate) fn chars(&self) -> usize {
        self.parts.iter().map(|part| part.text.len()).sum()
    }

    /// Makes pages of the parts and finds out what the document is.
    pub(crate) fn finish(self, document: &mut Document, limits: &Limits) {
        let pages = self.pages.max(1);
        if pages as usize > limits.max_pages || self.chars() > limits.max_text_chars.saturating_mul(4) {
            document.status = Status::TooBig;
            document.reason = Some("The document has more pages or more text than is read.".to_owned());
            return;
        }
        let mut texts: Vec<String> = vec![String::new(); pages as usize];
        for part in &self.parts {
            if let Some(text) = texts.get_mut((part.page as usize).saturating_sub(1)) {
                if !text.is_empty() {
                    text.push_str("\n\n");
                }
                text.push_str(&part.text);
            }
        }
        for (number, text) in (1..).zip(texts) {
            document.pages.push(Page {
                number,
                label: self.labels.get(&number).cloned(),
                language: None,
                text,
            });
        }
        let letters: usize = self
            .parts
            .iter()
            .map(|part| part.text.chars().filter(|c| c.is_alphanumeric()).count())
            .sum();
        Structure { parts: self.parts }.finish(document, Vec::new());
        if self.pictures > 0 && letters < FEW_LETTERS {
            document.status = Status::Scanned;
            document.reason = Some(PICTURES.to_owned());
        } else if letters == 0 {
            document.status = Status::Damaged;
            document.reason = Some(EMPTY.to_owned());
        } else if self.broken {
            document.reason = Some("The document is damaged; what follows the damage was left out.".to_owned());
        }
    }
}

/// The relations of an entry: id to path inside the archive or to an outside address.
pub(crate) fn relations(archive: &mut Archive<'_>, entry: &str) -> Result<HashMap<String, Relation>, Fault> {
    let (folder, name) = entry.rsplit_once('/').unwrap_or(("", entry));
    let slash = if folder.is_empty() { "" } else { "/" };
    let text = archive.text(&format!("{folder}{slash}_rels/{name}.rels"))?;
    let mut relations = HashMap::new();
    let mut reader = Reader::new(&text, 20);
    while let Some(event) = reader.next() {
        let Event::Start(element) = event else { continue };
        let (Some(id), Some(target)) = (element.get("Id"), element.get("Target")) else {
            continue;
        };
        let outside = element.get("TargetMode") == Some("External");
        let target = if outside {
            target.to_owned()
        } else {
            path_from(entry, target)
        };
        let kind = element
            .get("Type")
            .unwrap_or_default()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        relations.insert(id.to_owned(), Relation { target, outside, kind });
    }
    Ok(relations)
}

/// What an id in an entry stands for.
pub(crate) struct Relation {
    pub target: String,
    pub outside: bool,
    pub kind: String,
}

/// The main entry of an Office document.
pub(crate) fn main_entry(archive: &mut Archive<'_>, usual: &str) -> Result<String, Fault> {
    let relations = relations(archive, "")?;
    let main = relations
        .into_values()
        .find(|relation| relation.kind == "officeDocument" && !relation.outside);
    Ok(main
        .map(|relation| relation.target)
        .filter(|path| archive.has(path))
        .unwrap_or_else(|| usual.to_owned()))
}

/// Title, author, date and language from `docProps/core.xml` or `meta.xml`, which use the same names.
pub(crate) fn describe(archive: &mut Archive<'_>, entry: &str, document: &mut Document) -> Result<(), Fault> {
    let text = archive.text(entry)?;
    let mut reader = Reader::new(&text, 20);
    while let Some(event) = reader.next() {
        let Event::Start(element) = event else { continue };
        let field = match element.name.as_str() {
            "title" => &mut document.title,
            "creator" => &mut document.author,
            "created" | "creation-date" => &mut document.created,
            "language" => &mut document.language,
            _ => continue,
        };
        let value = text::one_line(&text::clean(&reader.inner_text()));
        if !value.is_empty() && value.len() < 2000 && field.is_none() {
            *field = Some(value);
        }
    }
    document.created = document.created.take().map(|date| date.chars().take(19).collect());
    Ok(())
}

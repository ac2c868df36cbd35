//! Word since 2007: the text as it would be printed, automatic numbers and footnotes included.
//!
//! Never in here: reviewers' comments, deleted or moved-away text, field codes, hidden alternatives of drawings.

use super::docx_lists::Lists;
use super::docx_styles::{Properties, Styles};
use super::{Collected, describe, main_entry, relations};
use crate::archive::{Archive, Fault};
use crate::model::{Document, Limits};
use crate::xml::{Element, Event, Reader};
use std::collections::HashMap;

pub(crate) const MIME: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A paragraph that is being read. Text boxes put paragraphs into paragraphs.
#[derive(Default)]
struct Open {
    text: String,
    properties: Properties,
    page_after: bool,
    in_note: Option<String>,
}

/// The walk through one part of the document.
struct Walk<'a> {
    styles: &'a Styles,
    lists: &'a mut Lists,
    notes: &'a HashMap<String, String>,
    links: &'a HashMap<String, super::Relation>,
    limits: &'a Limits,
    page: u32,
    open: Vec<Open>,
    /// Notes to be put at the foot of the page.
    foot: Vec<String>,
    notes_seen: usize,
    out: Collected,
    found: Vec<(String, u32)>,
}

/// Reads a Word document.
pub(crate) fn read(archive: &mut Archive<'_>, limits: &Limits) -> Result<Document, Fault> {
    let mut document = Document::empty(MIME);
    let main = main_entry(archive, "word/document.xml")?;
    let body = String::from_utf8(archive.read(&main)?)
        .unwrap_or_else(|fault| crate::xml::decode(fault.as_bytes()).into_owned());
    let links = relations(archive, &main)?;
    let part = |kind: &str, usual: &str| {
        let relation = links
            .values()
            .find(|relation| relation.kind == kind && !relation.outside);
        relation.map_or_else(|| usual.to_owned(), |relation| relation.target.clone())
    };
    let styles = Styles::read(&archive.text(&part("styles", "word/styles.xml"))?, limits.max_depth);
    let mut lists = Lists::read(
        &archive.text(&part("numbering", "word/numbering.xml"))?,
        limits.max_depth,
    );
    let mut notes = HashMap::new();
    for (kind, mark) in [("footnotes", "f"), ("endnotes", "e")] {
        let text = archive.text(&part(kind, &format!("word/{kind}.xml")))?;
        read_notes(&text, mark, limits, &mut notes);
    }
    describe(archive, "docProps/core.xml", &mut document)?;
    let mut walk = Walk {
        styles: &styles,
        lists: &mut lists,
        notes: &notes,
        links: &links,
        limits,
        page: 1,
        open: Vec::new(),
        foot: Vec::new(),
        notes_seen: 0,
        out: Collected::default(),
        found: Vec::new(),
    };
    walk.body(&body);
    let Walk {
        mut out, page, found, ..
    } = walk;
    out.pages = page;
    found
        .iter()
        .for_each(|(url, page)| crate::links::add(&mut document.links, url, *page));
    out.finish(&mut document, limits);
    Ok(document)
}

/// The texts of footnotes or endnotes by their ids.
fn read_notes(text: &str, mark: &str, limits: &Limits, notes: &mut HashMap<String, String>) {
    let mut reader = Reader::new(text, limits.max_depth);
    let mut id = String::new();
    let mut note = String::new();
    while let Some(event) = reader.next() {
        match event {
            Event::Start(element) => match element.name.as_str() {
                "footnote" | "endnote" => {
                    id = format!("{mark}{}", element.get("id").unwrap_or_default());
                    note.clear();
                }
                "del" | "moveFrom" | "instrText" | "Fallback" | "pPr" | "rPr" => reader.skip(),
                "t" => note.push_str(&reader.inner_text()),
                "tab" | "br" => note.push(' '),
                "p" if !note.is_empty() => note.push(' '),
                _ => {}
            },
            Event::End(name) if name == "footnote" || name == "endnote" => {
                let note = crate::text::one_line(&note);
                if !note.is_empty() {
                    notes.insert(id.clone(), note);
                }
            }
            _ => {}
        }
    }
}

impl Walk<'_> {
    fn body(&mut self, body: &str) {
        let mut reader = Reader::new(body, self.limits.max_depth);
        while let Some(event) = reader.next() {
            if self.page as usize > self.limits.max_pages || self.out.parts.len() > self.limits.max_text_chars {
                break;
            }
            match event {
                Event::Start(element) => self.start(&element, &mut reader),
                Event::End(name) if name == "p" => self.close(),
                _ => {}
            }
        }
        self.out.broken = reader.broken;
        while !self.open.is_empty() {
            self.close();
        }
        self.put_notes();
    }

    fn start(&mut self, element: &Element, reader: &mut Reader<'_>) {
        if element.prefix == "a" || element.prefix == "m" && element.name != "t" {
            match element.name.as_str() {
                "blip" => self.out.pictures += 1,
                "t" => self.text(&reader.inner_text()),
                _ => {}
            }
            return;
        }
        match element.name.as_str() {
            "p" => self.open.push(Open::default()),
            "pPr" => {
                let (properties, page_after) = Properties::read(reader);
                if let Some(open) = self.open.last_mut() {
                    (open.properties, open.page_after) = (properties, page_after);
                }
            }
            "del" | "moveFrom" | "instrText" | "delText" | "Fallback" | "rPr" | "sectPr" | "tblPr" | "tcPr"
            | "trPr" => reader.skip(),
            "t" => self.text(&reader.inner_text()),
            "tab" | "ptab" => self.text(" "),
            "noBreakHyphen" => self.text("-"),
            "br" if element.get("type") == Some("page") => self.new_page(),
            "lastRenderedPageBreak" => self.new_page(),
            "br" | "cr" => self.text("\n"),
            "sym" => self.text(&symbol(element)),
            "imagedata" | "blip" | "object" => self.out.pictures += 1,
            "hyperlink" => {
                let target = element
                    .get("id")
                    .and_then(|id| self.links.get(id))
                    .filter(|relation| relation.outside);
                self.found
                    .extend(target.map(|relation| (relation.target.clone(), self.page)));
            }
            "footnoteReference" => self.note("f", element),
            "endnoteReference" => self.note("e", element),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.text.push_str(text);
        }
    }

    fn note(&mut self, mark: &str, element: &Element) {
        let id = format!("{mark}{}", element.get("id").unwrap_or_default());
        if let Some(note) = self.notes.get(&id) {
            self.notes_seen += 1;
            let number = self.notes_seen;
            self.foot.push(format!("{number} {note}"));
            self.text(&format!("[{number}]"));
        }
    }

    /// Ends the paragraph with its number before it and the break after it.
    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let whole = self.styles.resolve(&open.properties, self.limits.max_depth);
        if whole.break_before && open.in_note.is_none() {
            self.break_page();
        }
        if !open.text.trim().is_empty() {
            let number = self.lists.next(whole.place, whole.style.as_deref());
            let text = number.map_or_else(|| open.text.clone(), |number| format!("{number} {}", open.text));
            let level = whole
                .outline
                .filter(|level| (0..9).contains(level))
                .map(|level| level as u8 + 1);
            self.out.push(self.page, &text, level);
        }
        if open.page_after {
            self.break_page();
        }
    }

    /// A break within a paragraph: what was read of it stays before the break.
    fn new_page(&mut self) {
        let part = self
            .open
            .last_mut()
            .map(|open| (std::mem::take(&mut open.text), open.properties.clone()));
        if let Some((text, properties)) = part.filter(|(text, _)| !text.trim().is_empty()) {
            let whole = self.styles.resolve(&properties, self.limits.max_depth);
            let number = self.lists.next(whole.place, whole.style.as_deref());
            let text = number.map_or_else(|| text.clone(), |number| format!("{number} {text}"));
            self.out.push(self.page, &text, None);
            if let Some(open) = self.open.last_mut() {
                open.properties.place.list = Some(0);
            }
        }
        self.break_page();
    }

    /// A new page, unless this one has nothing on it yet: several marks may stand for one break.
    fn break_page(&mut self) {
        if self.out.parts.last().is_some_and(|part| part.page == self.page) {
            self.put_notes();
            self.page = self.page.saturating_add(1);
        }
    }

    fn put_notes(&mut self) {
        for note in std::mem::take(&mut self.foot) {
            self.out.push(self.page, &note, None);
        }
    }
}

/// A character of a symbol font, as bullets and boxes are written.
fn symbol(element: &Element) -> String {
    let code = element.get("char").and_then(|code| u32::from_str_radix(code, 16).ok());
    code.and_then(char::from_u32).map(String::from).unwrap_or_default()
}

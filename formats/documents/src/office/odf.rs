//! OpenDocument text and presentations.
//!
//! Never in here: annotations, deleted text that is kept for tracking, speakers' notes.

use super::docx_lists::formatted;
use super::{Collected, describe};
use crate::archive::{Archive, Fault};
use crate::model::{Document, Limits, Status};
use crate::xml::{Element, Event, Reader};
use std::collections::HashMap;

pub(crate) const TEXT: &str = "application/vnd.oasis.opendocument.text";
/// Sheets and drawings, which are not read.
pub(crate) const OTHER: &str = "application/vnd.oasis.opendocument";
pub(crate) const SLIDES: &str = "application/vnd.oasis.opendocument.presentation";

/// How a level of a list counts: format, what stands before and after, first number, how many levels are shown.
#[derive(Debug, Clone, Default)]
struct Level {
    format: String,
    prefix: String,
    suffix: String,
    start: i64,
    shown: usize,
    bullet: bool,
}

/// A list that is open, with its style and count.
struct OpenList {
    style: Option<String>,
    count: Option<i64>,
    numbered: bool,
}

/// Reads a document of one of the two kinds.
pub(crate) fn read(archive: &mut Archive<'_>, mime: &'static str, limits: &Limits) -> Result<Document, Fault> {
    let manifest = archive.text("META-INF/manifest.xml")?;
    if manifest.contains("encryption-data") {
        return Ok(Fault::Locked.document(mime));
    }
    let mut document = Document::empty(mime);
    let content = archive.read("content.xml")?;
    let content = crate::xml::decode(&content).into_owned();
    let mut styles = HashMap::new();
    let mut breaks = Vec::new();
    for text in [archive.text("styles.xml")?.as_str(), &content] {
        read_styles(text, limits, &mut styles, &mut breaks);
    }
    describe(archive, "meta.xml", &mut document)?;
    let walk = Walk {
        styles: &styles,
        breaks: &breaks,
        slides: mime == SLIDES,
        limits,
        ..Walk::new(&styles, &breaks, limits)
    };
    let (mut out, links) = walk.content(&content);
    out.pictures = archive.names().filter(|name| name.starts_with("Pictures/")).count();
    links
        .iter()
        .for_each(|(url, page)| crate::links::add(&mut document.links, url, *page));
    if out.pages as usize > limits.max_pages {
        document.status = Status::TooBig;
    }
    out.finish(&mut document, limits);
    Ok(document)
}

/// Styles of lists by name, and names of paragraph styles that start a page.
fn read_styles(text: &str, limits: &Limits, styles: &mut HashMap<String, Vec<Level>>, breaks: &mut Vec<String>) {
    let mut reader = Reader::new(text, limits.max_depth);
    let (mut list, mut style) = (String::new(), String::new());
    while let Some(event) = reader.next() {
        let Event::Start(element) = event else { continue };
        match element.name.as_str() {
            "body" => return,
            "list-style" | "outline-style" => {
                list = element.get("name").unwrap_or("Outline").to_owned();
                styles.insert(list.clone(), Vec::new());
            }
            "list-level-style-number" | "list-level-style-bullet" | "outline-level-style" => {
                let levels = styles.entry(list.clone()).or_default();
                let at = element
                    .number("level")
                    .and_then(|at| usize::try_from(at).ok())
                    .unwrap_or(1)
                    .clamp(1, 10);
                if levels.len() < at {
                    levels.resize(at, Level::default());
                }
                levels[at - 1] = level(&element);
            }
            "style" => style = element.get("name").unwrap_or_default().to_owned(),
            "paragraph-properties" if element.get("break-before") == Some("page") => breaks.push(style.clone()),
            _ => {}
        }
    }
}

fn level(element: &Element) -> Level {
    let value = |name: &str| {
        element
            .get(name)
            .unwrap_or_default()
            .chars()
            .take(20)
            .collect::<String>()
    };
    Level {
        format: match element.get("num-format") {
            Some("1") => "decimal",
            Some("a") => "lowerLetter",
            Some("A") => "upperLetter",
            Some("i") => "lowerRoman",
            Some("I") => "upperRoman",
            _ => "none",
        }
        .to_owned(),
        prefix: value("num-prefix"),
        suffix: value("num-suffix"),
        start: element.number("start-value").unwrap_or(1),
        shown: element
            .number("display-levels")
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(1)
            .clamp(1, 10),
        bullet: element.name == "list-level-style-bullet",
    }
}

/// The walk through the content.
struct Walk<'a> {
    styles: &'a HashMap<String, Vec<Level>>,
    breaks: &'a [String],
    limits: &'a Limits,
    slides: bool,
    page: u32,
    lists: Vec<OpenList>,
    /// Where the outermost list of each style stopped, for lists that go on.
    last: HashMap<String, i64>,
    number: Option<String>,
    out: Collected,
    links: Vec<(String, u32)>,
}

impl<'a> Walk<'a> {
    fn new(styles: &'a HashMap<String, Vec<Level>>, breaks: &'a [String], limits: &'a Limits) -> Walk<'a> {
        Walk {
            styles,
            breaks,
            limits,
            slides: false,
            page: 1,
            lists: Vec::new(),
            last: HashMap::new(),
            number: None,
            out: Collected::default(),
            links: Vec::new(),
        }
    }

    fn content(mut self, text: &str) -> (Collected, Vec<(String, u32)>) {
        let mut reader = Reader::new(text, self.limits.max_depth);
        let (mut slides, mut heads) = (0u32, Vec::new());
        while let Some(event) = reader.next() {
            if self.page as usize > self.limits.max_pages {
                break;
            }
            match event {
                Event::Start(element) => match element.name.as_str() {
                    "tracked-changes" | "annotation" | "notes" | "font-face-decls" | "automatic-styles" => {
                        reader.skip()
                    }
                    "page" if self.slides => {
                        slides += 1;
                        self.page = slides;
                    }
                    "frame" => heads.push(element.get("class") == Some("title")),
                    "h" | "p" => {
                        let said = if element.name == "h" {
                            element.number("outline-level").or(Some(1))
                        } else {
                            None
                        };
                        let level = said.or_else(|| heads.last().is_some_and(|title| *title).then_some(1));
                        self.paragraph(&element, level, &mut reader);
                    }
                    "list" => self.open_list(&element),
                    "list-item" | "list-header" => self.item(&element),
                    _ => {}
                },
                Event::End(name) if name == "list" => self.close_list(),
                Event::End(name) if name == "frame" => drop(heads.pop()),
                _ => {}
            }
        }
        self.out.broken = reader.broken;
        self.out.pages = self.page.max(slides);
        (self.out, self.links)
    }

    fn open_list(&mut self, element: &Element) {
        let inherited = self.lists.last().and_then(|list| list.style.clone());
        let style = element.get("style-name").map(str::to_owned).or(inherited);
        let goes_on = element.get("continue-numbering") == Some("true") || element.get("continue-list").is_some();
        let count = style
            .as_ref()
            .filter(|_| goes_on)
            .and_then(|style| self.last.get(style))
            .copied();
        self.lists.push(OpenList {
            style,
            count,
            numbered: false,
        });
    }

    fn close_list(&mut self) {
        let Some(list) = self.lists.pop() else { return };
        if let (Some(style), Some(count), true) = (list.style, list.count, self.lists.is_empty()) {
            self.last.insert(style, count);
        }
    }

    /// Counts an item and keeps what stands before its first paragraph.
    fn item(&mut self, element: &Element) {
        let depth = self.lists.len();
        let Some(list) = self.lists.last_mut() else { return };
        let levels = list.style.as_ref().and_then(|style| self.styles.get(style));
        let Some(level) = levels.and_then(|levels| levels.get(depth - 1)).cloned() else {
            return;
        };
        list.numbered = element.name == "list-item";
        if !list.numbered {
            return;
        }
        let next = list.count.map_or(level.start, |count| count.saturating_add(1));
        list.count = Some(element.number("start-value").unwrap_or(next));
        if level.bullet {
            self.number = Some("•".to_owned());
            return;
        }
        let mut parts = Vec::new();
        for (at, open) in self.lists.iter().enumerate().skip(depth.saturating_sub(level.shown)) {
            let format = levels
                .and_then(|levels| levels.get(at))
                .map_or("none", |level| level.format.as_str());
            let part = formatted(open.count.unwrap_or(1), format);
            if !part.is_empty() {
                parts.push(part);
            }
        }
        let number = parts.join(".");
        self.number = (!number.is_empty()).then(|| format!("{}{number}{}", level.prefix, level.suffix));
    }

    fn paragraph(&mut self, element: &Element, level: Option<i64>, reader: &mut Reader<'_>) {
        let style = element.get("style-name").unwrap_or_default();
        if !self.slides && self.breaks.iter().any(|name| name == style) && !self.out.parts.is_empty() {
            self.page += 1;
        }
        let mut text = String::new();
        let mut notes = Vec::new();
        let start = self.page;
        self.inline(reader, &mut text, &mut notes);
        if !text.trim().is_empty() {
            let number = self
                .number
                .take()
                .map(|number| format!("{} ", number.trim_end()))
                .unwrap_or_default();
            let level = level.map(|level| level.clamp(1, 9) as u8);
            self.out.push(start, &format!("{number}{text}"), level);
        }
        for note in notes {
            self.out.push(start, &note, None);
        }
    }

    /// The text of a paragraph up to its end. Notes are put behind it. The reader bounds how deep elements stand.
    fn inline(&mut self, reader: &mut Reader<'_>, text: &mut String, notes: &mut Vec<String>) {
        while let Some(event) = reader.next() {
            match event {
                Event::Text(part) => text.push_str(&part.replace(['\n', '\r', '\t'], " ")),
                Event::End(_) => return,
                Event::Start(element) => {
                    match element.name.as_str() {
                        "annotation" | "tracked-changes" | "ruby-text" => {
                            reader.skip();
                            continue;
                        }
                        "s" => text.push(' '),
                        "tab" => text.push(' '),
                        "line-break" => text.push('\n'),
                        "soft-page-break" if !self.slides => self.page += 1,
                        "a" => self
                            .links
                            .extend(element.get("href").map(|url| (url.to_owned(), self.page))),
                        "note" => {
                            let mut note = String::new();
                            self.inline(reader, &mut note, &mut Vec::new());
                            notes.push(note);
                            continue;
                        }
                        "note-citation" => {
                            let mark = reader.inner_text();
                            text.push_str(&format!("{mark} "));
                            continue;
                        }
                        _ => {}
                    }
                    self.inline(reader, text, notes);
                }
            }
        }
    }
}

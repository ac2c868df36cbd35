//! Excel since 2007: one page for each sheet, one line for each row.
//!
//! Never in here: formulas, formats of numbers, charts, comments.

use super::{Collected, describe, main_entry, relations};
use crate::archive::{Archive, Fault};
use crate::model::{Document, Limits};
use crate::xml::{Event, Reader};

pub(crate) const MIME: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Rows after which the rest of a sheet is left out.
const MAX_ROWS: usize = 100_000;

/// Reads a workbook.
pub(crate) fn read(archive: &mut Archive<'_>, limits: &Limits) -> Result<Document, Fault> {
    let mut document = Document::empty(MIME);
    let main = main_entry(archive, "xl/workbook.xml")?;
    let book = String::from_utf8_lossy(&archive.read(&main)?).into_owned();
    let sheets = relations(archive, &main)?;
    let shared = sheets
        .values()
        .find(|relation| relation.kind == "sharedStrings")
        .map(|relation| relation.target.clone());
    let strings = shared_strings(
        &archive.text(shared.as_deref().unwrap_or("xl/sharedStrings.xml"))?,
        limits,
    );
    describe(archive, "docProps/core.xml", &mut document)?;
    let mut out = Collected::default();
    let mut reader = Reader::new(&book, limits.max_depth);
    while let Some(event) = reader.next() {
        let Event::Start(element) = event else { continue };
        let hidden = element.get("state").is_some_and(|state| state != "visible");
        if element.name != "sheet" || hidden {
            continue;
        }
        let Some(sheet) = element
            .get("id")
            .and_then(|id| sheets.get(id))
            .filter(|sheet| !sheet.outside)
        else {
            continue;
        };
        out.pages += 1;
        if out.pages as usize > limits.max_pages {
            break;
        }
        if let Some(name) = element.get("name").filter(|name| !name.is_empty()) {
            out.labels.insert(out.pages, name.to_owned());
        }
        let text = archive.text(&sheet.target)?;
        read_sheet(&text, &strings, limits, &mut out);
    }
    out.finish(&mut document, limits);
    Ok(document)
}

/// The texts that cells refer to by number.
fn shared_strings(text: &str, limits: &Limits) -> Vec<String> {
    let mut strings = Vec::new();
    let mut reader = Reader::new(text, limits.max_depth);
    let mut string = String::new();
    while let Some(event) = reader.next() {
        match event {
            Event::Start(element) => match element.name.as_str() {
                "si" => string.clear(),
                "t" => string.push_str(&reader.inner_text()),
                "rPh" => reader.skip(),
                _ => {}
            },
            Event::End(name) if name == "si" => strings.push(std::mem::take(&mut string)),
            _ => {}
        }
    }
    strings
}

fn read_sheet(text: &str, strings: &[String], limits: &Limits, out: &mut Collected) {
    let mut reader = Reader::new(text, limits.max_depth);
    let page = out.pages;
    let (mut rows, mut chars) = (0usize, out.chars());
    let (mut cells, mut kind): (Vec<String>, String) = (Vec::new(), String::new());
    while let Some(event) = reader.next() {
        match event {
            Event::Start(element) => match element.name.as_str() {
                "row" => cells.clear(),
                "c" => kind = element.get("t").unwrap_or_default().to_owned(),
                "f" => reader.skip(),
                "v" => {
                    let value = reader.inner_text();
                    let shared = || {
                        value
                            .trim()
                            .parse::<usize>()
                            .ok()
                            .and_then(|at| strings.get(at))
                            .cloned()
                    };
                    let cell = if kind == "s" {
                        shared().unwrap_or_default()
                    } else {
                        value.clone()
                    };
                    cells.push(cell);
                }
                "t" => cells.push(reader.inner_text()),
                _ => {}
            },
            Event::End(name) if name == "row" => {
                let line = cells
                    .iter()
                    .map(|cell| crate::text::one_line(cell))
                    .filter(|cell| !cell.is_empty())
                    .collect::<Vec<_>>();
                let line = line.join(" | ");
                (rows, chars) = (rows + 1, chars + line.len());
                // Shared texts may be named by any number of cells: what they come to is measured, too.
                if rows > MAX_ROWS || chars > limits.max_text_chars {
                    return;
                }
                out.push(page, &line, None);
            }
            _ => {}
        }
    }
    out.broken |= reader.broken;
}

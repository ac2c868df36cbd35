//! PowerPoint since 2007: one page for each slide, in the order in which they are shown.
//!
//! Never in here: speakers' notes and comments, which were not meant for readers; masters and layouts.

use super::{Collected, describe, main_entry, relations};
use crate::archive::{Archive, Fault};
use crate::model::{Document, Limits};
use crate::xml::{Event, Reader};

pub(crate) const MIME: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// Reads a presentation.
pub(crate) fn read(archive: &mut Archive<'_>, limits: &Limits) -> Result<Document, Fault> {
    let mut document = Document::empty(MIME);
    let main = main_entry(archive, "ppt/presentation.xml")?;
    let order = String::from_utf8_lossy(&archive.read(&main)?).into_owned();
    let slides = relations(archive, &main)?;
    describe(archive, "docProps/core.xml", &mut document)?;
    let mut out = Collected::default();
    let mut reader = Reader::new(&order, limits.max_depth);
    while let Some(event) = reader.next() {
        let Event::Start(element) = event else { continue };
        if element.name != "sldId" {
            continue;
        }
        // The attribute `id` is there twice, once as a number and once as the id of a relation.
        let Some(slide) = element
            .values("id")
            .find_map(|id| slides.get(id))
            .filter(|slide| !slide.outside)
        else {
            continue;
        };
        out.pages += 1;
        if out.pages as usize > limits.max_pages {
            break;
        }
        let text = archive.text(&slide.target)?;
        let links = relations(archive, &slide.target)?;
        for link in links.values().filter(|link| link.outside) {
            crate::links::add(&mut document.links, &link.target, out.pages);
        }
        read_slide(&text, limits, &mut out);
    }
    out.finish(&mut document, limits);
    Ok(document)
}

fn read_slide(text: &str, limits: &Limits, out: &mut Collected) {
    let mut reader = Reader::new(text, limits.max_depth);
    let page = out.pages;
    let (mut paragraph, mut title) = (String::new(), false);
    while let Some(event) = reader.next() {
        match event {
            Event::Start(element) => match element.name.as_str() {
                "sp" | "graphicFrame" => title = false,
                "ph" => title = matches!(element.get("type"), Some("title" | "ctrTitle")),
                "p" => paragraph.clear(),
                "t" => paragraph.push_str(&reader.inner_text()),
                "br" => paragraph.push('\n'),
                "tab" => paragraph.push(' '),
                "blip" => out.pictures += 1,
                "Fallback" => reader.skip(),
                _ => {}
            },
            Event::End(name) if name == "p" => out.push(page, &paragraph, title.then_some(1)),
            _ => {}
        }
    }
    out.broken |= reader.broken;
}

//! What styles of a Word document say about a paragraph: level of heading, list, break before it.
//!
//! Never in here: how anything looks.

use crate::xml::{Event, Reader};
use std::collections::HashMap;

/// A list and the level in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ListPlace {
    pub list: Option<i64>,
    pub level: Option<i64>,
}

/// What a style or a paragraph itself says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Properties {
    pub style: Option<String>,
    pub outline: Option<i64>,
    pub place: ListPlace,
    pub break_before: bool,
}

impl Properties {
    /// Reads the properties of a paragraph up to their end.
    pub(crate) fn read(reader: &mut Reader<'_>) -> (Properties, bool) {
        let mut properties = Properties::default();
        let mut new_page_after = false;
        let mut inside = 1usize;
        while inside > 0 {
            match reader.next() {
                Some(Event::Start(element)) => {
                    inside += 1;
                    match element.name.as_str() {
                        "pStyle" => properties.style = element.get("val").map(str::to_owned),
                        "outlineLvl" => properties.outline = element.number("val"),
                        "ilvl" => properties.place.level = element.number("val"),
                        "numId" => properties.place.list = element.number("val"),
                        "pageBreakBefore" => properties.break_before = !is_off(element.get("val")),
                        "sectPr" => new_page_after = true,
                        "type" if new_page_after => new_page_after = element.get("val") != Some("continuous"),
                        // What was there before a tracked change does not count.
                        "pPrChange" | "sectPrChange" | "rPr" => {
                            reader.skip();
                            inside -= 1;
                        }
                        _ => {}
                    }
                }
                Some(Event::End(_)) => inside -= 1,
                Some(Event::Text(_)) => {}
                None => break,
            }
        }
        (properties, new_page_after)
    }
}

pub(crate) fn is_off(value: Option<&str>) -> bool {
    matches!(value, Some("0" | "false" | "off"))
}

/// All styles of paragraphs, and which stands in for none.
#[derive(Default)]
pub(crate) struct Styles {
    styles: HashMap<String, Properties>,
    default: Option<String>,
}

impl Styles {
    /// Reads `styles.xml`.
    pub(crate) fn read(text: &str, max_depth: usize) -> Styles {
        let mut styles = Styles::default();
        let mut reader = Reader::new(text, max_depth);
        let mut id = String::new();
        let mut style = Properties::default();
        while let Some(event) = reader.next() {
            match event {
                Event::Start(element) => match element.name.as_str() {
                    "style" => {
                        id = element.get("styleId").unwrap_or_default().to_owned();
                        style = Properties::default();
                        let is_default = element.get("default").is_some_and(|value| !is_off(Some(value)));
                        if is_default && element.get("type") == Some("paragraph") {
                            styles.default = Some(id.clone());
                        }
                    }
                    "name" => {
                        let name = element.get("val").unwrap_or_default().to_ascii_lowercase();
                        let level = name
                            .strip_prefix("heading ")
                            .and_then(|level| level.parse::<i64>().ok());
                        let level = level.map(|level| level - 1).or((name == "title").then_some(0));
                        style.outline = style.outline.or(level);
                    }
                    "basedOn" => style.style = element.get("val").map(str::to_owned),
                    "pPr" => {
                        let (own, _) = Properties::read(&mut reader);
                        style.outline = own.outline.or(style.outline);
                        style.place = own.place;
                        style.break_before = own.break_before;
                    }
                    _ => {}
                },
                Event::End(name) if name == "style" => {
                    styles
                        .styles
                        .insert(std::mem::take(&mut id), std::mem::take(&mut style));
                }
                _ => {}
            }
        }
        styles
    }

    /// What a paragraph is by its own properties and those of its styles.
    pub(crate) fn resolve(&self, own: &Properties, max_depth: usize) -> Properties {
        let mut whole = own.clone();
        let mut next = own.style.clone().or_else(|| self.default.clone());
        let own_style = next.clone();
        for _ in 0..max_depth {
            let Some(style) = next.as_ref().and_then(|id| self.styles.get(id)) else {
                break;
            };
            whole.outline = whole.outline.or(style.outline);
            whole.place.list = whole.place.list.or(style.place.list);
            whole.place.level = whole.place.level.or(style.place.level);
            whole.break_before |= style.break_before;
            next = style.style.clone();
        }
        whole.style = own_style;
        whole
    }
}

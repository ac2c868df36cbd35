//! XML as events, for documents that come from anywhere.
//!
//! Entities of a document type are never expanded, elements may stand in each other only so deep, and a fault ends the
//! reading at what was read so far.
//!
//! Never in here: what any element means.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event as Raw};
use std::borrow::Cow;

/// The start of an element; its names are without the prefix.
#[derive(Debug, Clone, Default)]
pub(crate) struct Element {
    pub prefix: String,
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of an attribute, whatever its prefix.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The values of all attributes of this name, which may be there with several prefixes.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.attributes
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of an attribute as a number.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.trim().parse().ok()
    }
}

/// What comes next in a document. An empty element gives both its start and its end.
#[derive(Debug)]
pub(crate) enum Event {
    Start(Element),
    End(String),
    Text(String),
}

/// Reads a document from its start to its end or to its first fault.
pub(crate) struct Reader<'a> {
    inner: quick_xml::Reader<&'a [u8]>,
    max_depth: usize,
    depth: usize,
    pending_end: Option<String>,
    /// Whether a fault ended the reading.
    pub broken: bool,
}

/// The text of an XML file, by its byte order mark or as UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let (encoding, mark) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    encoding
        .decode_without_bom_handling(bytes.get(mark..).unwrap_or_default())
        .0
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str, max_depth: usize) -> Reader<'a> {
        let mut inner = quick_xml::Reader::from_str(text);
        let config = inner.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Reader {
            inner,
            max_depth,
            depth: 0,
            pending_end: None,
            broken: false,
        }
    }

    /// The next event, or nothing at the end.
    pub(crate) fn next(&mut self) -> Option<Event> {
        if let Some(name) = self.pending_end.take() {
            return Some(Event::End(name));
        }
        loop {
            match self.inner.read_event() {
                Ok(Raw::Start(start)) => {
                    self.depth += 1;
                    if self.depth > self.max_depth {
                        return self.fault();
                    }
                    return Some(Event::Start(element(&start)));
                }
                Ok(Raw::Empty(start)) => {
                    let element = element(&start);
                    self.pending_end = Some(element.name.clone());
                    return Some(Event::Start(element));
                }
                Ok(Raw::End(end)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Some(Event::End(end.local_name().as_ref().to_owned()));
                }
                Ok(Raw::Text(text)) => return Some(Event::Text(text.into_inner().into_owned())),
                Ok(Raw::CData(text)) => return Some(Event::Text(text.into_inner().into_owned())),
                Ok(Raw::GeneralRef(reference)) => {
                    let known = match reference.resolve_char_ref() {
                        Ok(Some(c)) => Some(c.to_string()),
                        Ok(None) => resolve_predefined_entity(&reference.into_inner()).map(str::to_owned),
                        Err(_) => None,
                    };
                    if let Some(text) = known {
                        return Some(Event::Text(text));
                    }
                }
                Ok(Raw::Eof) => return None,
                Ok(Raw::Decl(_) | Raw::PI(_) | Raw::DocType(_) | Raw::Comment(_)) => {}
                Err(_) => return self.fault(),
            }
        }
    }

    fn fault(&mut self) -> Option<Event> {
        self.broken = true;
        None
    }

    /// Goes on behind the end of the element whose start was just read.
    pub(crate) fn skip(&mut self) {
        let mut inside = 1usize;
        while inside > 0 {
            match self.next() {
                Some(Event::Start(_)) => inside += 1,
                Some(Event::End(_)) => inside -= 1,
                Some(Event::Text(_)) => {}
                None => return,
            }
        }
    }

    /// The text up to the end of the element whose start was just read.
    pub(crate) fn inner_text(&mut self) -> String {
        let mut text = String::new();
        let mut inside = 1usize;
        while inside > 0 {
            match self.next() {
                Some(Event::Start(_)) => inside += 1,
                Some(Event::End(_)) => inside -= 1,
                Some(Event::Text(part)) => text.push_str(&part),
                None => break,
            }
        }
        text
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false).flatten().take(256) {
        let value: Cow<'_, str> = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_default();
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    let prefix = start
        .name()
        .prefix()
        .map(|prefix| prefix.as_ref().to_owned())
        .unwrap_or_default();
    Element {
        prefix,
        name: start.local_name().as_ref().to_owned(),
        attributes,
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Reader, decode};

    #[test]
    fn entities_of_a_document_type_are_not_expanded() {
        let bomb = "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;'>]><a>1&y;&amp;&#50;</a>";
        let mut reader = Reader::new(bomb, 10);
        let mut text = String::new();
        while let Some(event) = reader.next() {
            if let Event::Text(part) = event {
                text.push_str(&part);
            }
        }
        assert_eq!(text, "1&2");
    }

    #[test]
    fn depth_is_bounded_and_encodings_are_read() {
        let deep = "<a>".repeat(50);
        let mut reader = Reader::new(&deep, 10);
        while reader.next().is_some() {}
        assert!(reader.broken);
        assert_eq!(decode(b"\xff\xfe<\0a\0>\0"), "<a>");
    }
}

//! The description packet of a PDF (XMP): title, creators, date.
//!
//! Never in here: anything that is shown on a page.

use crate::text::{clean, one_line};
use crate::xml::{Event, Reader};

/// The title, of several languages the one that is marked as the default.
pub(crate) fn title(packet: &str) -> Option<String> {
    let titles = items(packet, "title");
    let default = titles
        .iter()
        .find(|(language, _)| language == "x-default")
        .or_else(|| titles.first());
    default.map(|(_, title)| title.clone())
}

/// The creators, separated by semicolons.
pub(crate) fn creators(packet: &str) -> Option<String> {
    let names: Vec<String> = items(packet, "creator").into_iter().map(|(_, name)| name).collect();
    (!names.is_empty()).then(|| names.join("; "))
}

/// When the file was made.
pub(crate) fn created(packet: &str) -> Option<String> {
    let date = items(packet, "CreateDate").into_iter().next()?.1;
    let sound = date.len() >= 10 && date.is_ascii() && date.as_bytes()[4] == b'-';
    sound.then(|| date.chars().take(19).collect())
}

/// The texts in an element of this name, each with its language.
fn items(packet: &str, name: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut reader = Reader::new(packet, 100);
    let (mut depth, mut language, mut text) = (0usize, String::new(), String::new());
    while let Some(event) = reader.next() {
        match event {
            Event::Start(element) => {
                if depth > 0 || element.name == name {
                    depth += 1;
                    text.clear();
                    language = element.get("lang").unwrap_or_default().to_owned();
                } else if let Some(value) = element.get(name) {
                    found.push((String::new(), one_line(&clean(value))));
                }
            }
            Event::End(_) if depth > 0 => {
                depth -= 1;
                let item = one_line(&clean(&text));
                text.clear();
                if !item.is_empty() {
                    found.push((language.clone(), item));
                }
            }
            Event::Text(part) if depth > 0 => text.push_str(&part),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{creators, title};

    #[test]
    fn the_default_of_several_titles_counts() {
        let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description><dc:title><rdf:Alt>\
            <rdf:li xml:lang='fr'>Bonjour</rdf:li><rdf:li xml:lang='x-default'>Hello &amp; all</rdf:li></rdf:Alt></dc:title>\
            <dc:creator><rdf:Seq><rdf:li>A</rdf:li><rdf:li>B</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>";
        assert_eq!(title(packet).as_deref(), Some("Hello & all"));
        assert_eq!(creators(packet).as_deref(), Some("A; B"));
        assert_eq!(title("<broken"), None);
    }
}

//! Linked data in the words of schema.org.

use serde_json::{Map, Value, json};

use crate::{
    licence_address,
    work::{Body, Event, File, Kind, Work},
};

/// A work as a value of JSON-LD.
pub fn value(work: &Work) -> Value {
    let mut all = Entry::new(work.kind.name());
    all.text("@id", &work.url);
    all.text("url", &work.url);
    all.text("name", &work.title);
    all.text("inLanguage", &work.lang);
    match &work.event {
        Some(event) => taking_place(&mut all, work, event),
        None => published(&mut all, work),
    }
    all.list("about", work.topics.iter().map(|t| named("DefinedTerm", t)));
    all.list("keywords", work.labels.iter().map(|l| json!(l)));
    all.list(
        "audience",
        work.audience
            .iter()
            .map(|a| json!({"@type": "Audience", "audienceType": a})),
    );
    if work.kind != Kind::Event {
        all.list("spatialCoverage", work.regions.iter().map(|r| named("Place", r)));
    }
    let mut object = Map::new();
    object.insert("@context".to_owned(), json!("https://schema.org"));
    object.extend(all.0);
    Value::Object(object)
}

/// The value as the text of a `<script type="application/ld+json">`: nothing in it can end the element or begin another.
pub fn for_script(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

struct Entry(Map<String, Value>);

impl Entry {
    fn new(kind: &str) -> Self {
        Self(Map::from_iter([("@type".to_owned(), json!(kind))]))
    }

    fn text(&mut self, name: &str, value: &str) {
        if !value.trim().is_empty() {
            self.0.insert(name.to_owned(), json!(value));
        }
    }

    fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// One value as it is, several as a list.
    fn list(&mut self, name: &str, values: impl Iterator<Item = Value>) {
        let mut values: Vec<Value> = values.collect();
        match values.len() {
            0 => {}
            1 => self.put(name, values.remove(0)),
            _ => self.put(name, Value::Array(values)),
        }
    }
}

fn named(kind: &str, name: &str) -> Value {
    json!({"@type": kind, "name": name})
}

fn organization(body: &Body) -> Value {
    let mut all = Entry::new("Organization");
    all.text("name", &body.name);
    all.text("url", &body.url);
    Value::Object(all.0)
}

fn taking_place(all: &mut Entry, work: &Work, event: &Event) {
    all.text("startDate", &event.start);
    all.text("endDate", &event.end);
    all.text("description", &work.description);
    if !event.venue.is_empty() {
        all.put("location", named("Place", &event.venue));
    }
    all.put("organizer", organization(&work.library));
}

fn published(all: &mut Entry, work: &Work) {
    all.text("abstract", &work.description);
    all.list("alternateName", work.also_known_as.iter().map(|n| json!(n)));
    all.list("author", work.authors.iter().map(organization));
    if work.authors.is_empty() {
        all.put("publisher", organization(&work.library));
    } else {
        all.list("publisher", work.authors.iter().map(organization));
    }
    all.text("datePublished", &work.issued);
    all.text("dateModified", &work.modified);
    if !work.symbol.is_empty() {
        let scheme = if gp_symbols::is_un(&work.symbol) {
            "UN symbol"
        } else {
            "symbol"
        };
        all.put(
            "identifier",
            json!({"@type": "PropertyValue", "propertyID": scheme, "value": work.symbol}),
        );
        if work.kind == Kind::Report {
            all.text("reportNumber", &work.symbol);
        }
    }
    if !work.series.is_empty() {
        all.put("isPartOf", named("CreativeWorkSeries", &work.series));
    }
    if !work.explains.is_empty() {
        all.put("isBasedOn", named("CreativeWork", &work.explains));
    }
    all.text("creativeWorkStatus", &work.status);
    let licence = licence_address(&work.licence);
    all.text("license", licence.as_deref().unwrap_or_default());
    if licence.is_none() {
        all.text("copyrightNotice", &work.licence);
    }
    all.list("encoding", work.files.iter().map(media));
    all.text("sameAs", &work.elsewhere);
    translations(all, work);
    all.put("isAccessibleForFree", json!(true));
}

fn translations(all: &mut Entry, work: &Work) {
    let others: Vec<_> = work.versions.iter().filter(|v| v.url != work.url).collect();
    let told =
        |v: &crate::work::Version| json!({"@type": work.kind.name(), "@id": v.url, "url": v.url, "inLanguage": v.lang});
    let original = others.iter().find(|v| v.original);
    if let Some(original) = original {
        all.put("translationOfWork", told(original));
    } else {
        all.list("workTranslation", others.iter().map(|v| told(v)));
    }
}

fn media(file: &File) -> Value {
    let mut all = Entry::new("MediaObject");
    all.text("contentUrl", &file.url);
    all.text("name", &file.title);
    all.text("encodingFormat", &file.mime);
    if file.size > 0 {
        all.text("contentSize", &file.size.to_string());
    }
    all.text("sha256", &file.sha256);
    all.text("inLanguage", &file.lang);
    all.text("datePublished", &file.published);
    Value::Object(all.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::{Version, example};

    #[test]
    fn a_report_names_its_symbol_its_bodies_and_its_files() {
        let v = value(&example());
        assert_eq!(
            (v["@type"].as_str(), v["datePublished"].as_str()),
            (Some("Report"), Some("2019-09-10"))
        );
        assert_eq!(v["identifier"]["propertyID"], "UN symbol");
        assert_eq!(v["author"][1]["name"], "Body B & Sons");
        assert_eq!(v["encoding"]["sha256"], "00ff");
        assert_eq!(v["license"], "https://creativecommons.org/licenses/by/4.0/");
    }

    #[test]
    fn nothing_ends_the_element() {
        let work = Work {
            title: "</script><script>alert(1)</script><!--".to_owned(),
            ..example()
        };
        let text = for_script(&value(&work));
        assert!(!text.contains(['<', '>', '&']));
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["name"], work.title.as_str());
    }

    #[test]
    fn versions_name_each_other() {
        let version = |lang: &str, url: &str, original| Version {
            lang: lang.to_owned(),
            url: url.to_owned(),
            original,
        };
        let mut work = example();
        work.versions = vec![
            version("en", &work.url, true),
            version("fr", "https://library.example/y/", false),
        ];
        assert_eq!(value(&work)["workTranslation"]["inLanguage"], "fr");
        work.url = "https://library.example/y/".to_owned();
        assert_eq!(value(&work)["translationOfWork"]["@id"], "https://library.example/x/");
    }

    #[test]
    fn an_event_says_when_and_where() {
        let work = Work {
            kind: Kind::Event,
            event: Some(Event {
                start: "2026-11-20".to_owned(),
                end: "2026-11-20".to_owned(),
                venue: "Geneva".to_owned(),
            }),
            ..example()
        };
        let v = value(&work);
        assert_eq!(
            (v["@type"].as_str(), v["location"]["name"].as_str()),
            (Some("Event"), Some("Geneva"))
        );
        assert_eq!(v["author"], Value::Null);
    }
}

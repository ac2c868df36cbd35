//! What is known of a resource as a publication: record, list of files, list of changes, as they stand in its meta.
//!
//! Broken or missing meta gives an empty record: an imported post has none, and its page shows what its row says.

use gp_content::{Described, Item, Meta};
use serde_json::Value;

/// The meta that holds the record.
pub const RECORD: &str = "_guidepost_record";
/// The meta that holds the list of files.
pub const FILES: &str = "_guidepost_files";
/// The meta that holds the list of changes.
pub const CHANGES: &str = "_guidepost_changes";
/// The meta that holds the language of the item.
pub const LANG: &str = "_guidepost_lang";

/// Whether a document holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Status {
    /// Nothing is said.
    #[default]
    Unknown,
    /// In force.
    InForce,
    /// Another one has taken its place.
    Superseded,
    /// Taken back.
    Withdrawn,
    /// Not final.
    Draft,
    /// Said in the publisher's own word.
    Other(String),
}

impl Status {
    /// As an address says it; empty when nothing is known.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
            Self::Draft => "draft",
            Self::Unknown | Self::Other(_) => "",
        }
    }

    fn parse(word: &str) -> Self {
        match word.trim().to_lowercase().replace(['-', '_'], " ").as_str() {
            "" => Self::Unknown,
            "in force" | "current" => Self::InForce,
            "superseded" | "replaced" => Self::Superseded,
            "withdrawn" => Self::Withdrawn,
            "draft" => Self::Draft,
            _ => Self::Other(word.trim().to_owned()),
        }
    }
}

/// A document that lies with its publisher.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct External {
    /// Where.
    pub url: String,
    /// What is found there.
    pub note: String,
}

/// The facts of a publication. Dates are a year, a month or a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// There is a record, not only a post.
    pub given: bool,
    /// Who published it; several together.
    pub publisher: Vec<String>,
    /// When.
    pub issued: String,
    /// Its symbol.
    pub symbol: String,
    /// The series it belongs to.
    pub series: String,
    /// When it was adopted.
    pub adopted: String,
    /// The language it was written in.
    pub original: String,
    /// When somebody last checked this entry.
    pub verified: String,
    /// For whom it was written.
    pub audience: Vec<String>,
    /// Whether it holds.
    pub status: Status,
    /// The slug of what replaces it.
    pub superseded_by: String,
    /// Why it was withdrawn.
    pub withdrawn_reason: String,
    /// What a reader may do with it.
    pub licence: String,
    /// What it explains.
    pub explains: String,
    /// Other names and symbols.
    pub also_known_as: Vec<String>,
    /// Where the document lies, when not here.
    pub external: Option<External>,
    /// Who wrote the text of this page.
    pub summary_note: String,
    /// The language of this page; empty: the site's.
    pub lang: String,
}

impl Record {
    /// The record of an item. Without one, the date is the item's own.
    pub fn of(item: &Item, meta: &Meta) -> Self {
        let json = object(meta, RECORD);
        let lang = Some(meta.text(LANG))
            .filter(|l| !l.is_empty())
            .unwrap_or_else(|| text(&json, "lang"));
        let issued = Some(text(&json, "issued")).filter(|d| !d.is_empty());
        Self {
            given: json.as_object().is_some_and(|o| !o.is_empty()),
            publisher: list(&json, "publisher"),
            issued: issued.unwrap_or_else(|| item.date.get(..10).unwrap_or_default().to_owned()),
            symbol: text(&json, "symbol"),
            series: text(&json, "series"),
            adopted: text(&json, "adopted"),
            original: text(&json, "original"),
            verified: text(&json, "verified"),
            audience: list(&json, "audience"),
            status: Status::parse(&text(&json, "status")),
            superseded_by: text(&json, "superseded_by"),
            withdrawn_reason: text(&json, "withdrawn_reason"),
            licence: text(&json, "licence"),
            explains: text(&json, "explains"),
            also_known_as: list(&json, "also_known_as"),
            external: external(&json),
            summary_note: text(&json, "summary_note"),
            lang: lang.replace('_', "-"),
        }
    }

    /// The year in which it was published.
    pub fn year(&self) -> &str {
        self.issued.get(..4).unwrap_or_default()
    }
}

/// A file as listed in the meta.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListedFile {
    /// The path below uploads.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub lang: String,
    /// `original`, `translation`, `annex`, `child-friendly` or another word.
    pub kind: String,
    /// How many pages.
    pub pages: i64,
    /// When it was published.
    pub published: String,
}

/// The files listed in the meta.
pub fn files(meta: &Meta) -> Vec<ListedFile> {
    entries(meta, FILES)
        .iter()
        .map(|file| ListedFile {
            path: text(file, "path").trim_start_matches('/').to_owned(),
            title: text(file, "title"),
            lang: text(file, "lang"),
            kind: text(file, "kind"),
            pages: file.get("pages").and_then(Value::as_i64).unwrap_or(0).max(0),
            published: text(file, "published"),
        })
        .filter(|file| !file.path.is_empty())
        .collect()
}

/// What a search may know of an item: symbols and other names, and facts to narrow by.
pub fn described(item: &Item, meta: &Meta) -> Described {
    let record = Record::of(item, meta);
    let mut facets = Vec::new();
    let mut add = |field: &str, value: &str| {
        if !value.is_empty() {
            facets.push((field.to_owned(), value.to_owned()));
        }
    };
    if item.kind == "post" {
        add("year", record.year());
    }
    add("status", record.status.slug());
    for file in files(meta) {
        add("lang", &crate::words::primary(&file.lang));
    }
    let (symbols, names): (Vec<String>, Vec<String>) = std::iter::once(record.symbol)
        .chain(record.also_known_as)
        .filter(|name| !name.is_empty())
        .partition(|name| name.contains('/') && !name.contains("://"));
    Described { names, symbols, facets }
}

/// Something that changed on the page of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// When.
    pub date: String,
    /// What.
    pub text: String,
}

/// The changes listed in the meta, newest first.
pub fn changes(meta: &Meta) -> Vec<Change> {
    let mut found: Vec<Change> = entries(meta, CHANGES)
        .iter()
        .map(|change| Change {
            date: text(change, "date"),
            text: text(change, "text"),
        })
        .filter(|change| !change.text.is_empty())
        .collect();
    found.sort_by(|a, b| b.date.cmp(&a.date));
    found
}

fn object(meta: &Meta, key: &str) -> Value {
    meta.bytes(key)
        .and_then(|bytes| serde_json::from_slice(bytes).ok())
        .unwrap_or(Value::Null)
}

fn entries(meta: &Meta, key: &str) -> Vec<Value> {
    match object(meta, key) {
        Value::Array(list) => list.into_iter().take(500).collect(),
        _ => Vec::new(),
    }
}

fn text(json: &Value, key: &str) -> String {
    match json.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn list(json: &Value, key: &str) -> Vec<String> {
    let words = match json.get(key) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text.as_str()],
        _ => Vec::new(),
    };
    words
        .into_iter()
        .map(|w| w.trim().to_owned())
        .filter(|w| !w.is_empty())
        .collect()
}

fn external(json: &Value) -> Option<External> {
    let external = json.get("external")?;
    let url = match external {
        Value::String(url) => url.trim().to_owned(),
        _ => text(external, "url"),
    };
    (url.starts_with("http://") || url.starts_with("https://")).then(|| External {
        url,
        note: text(external, "note"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(key: &str, value: &str) -> Meta {
        Meta(vec![(key.to_owned(), value.as_bytes().to_vec())])
    }

    fn item() -> Item {
        Item {
            date: "2024-02-29 10:00:00".to_owned(),
            ..Item::default()
        }
    }

    #[test]
    fn a_post_without_record_is_dated_by_its_row() {
        for meta in [Meta::default(), meta(RECORD, "no JSON"), meta(RECORD, "[1]")] {
            let record = Record::of(&item(), &meta);
            assert_eq!((record.issued.as_str(), record.given), ("2024-02-29", false));
            assert_eq!(record.status, Status::Unknown);
        }
    }

    #[test]
    fn one_wrong_field_does_not_lose_the_others() {
        let json = r#"{"publisher":"One body","issued":2019,"audience":[1,"States"],"status":"In force","external":{"url":"javascript:x"}}"#;
        let record = Record::of(&item(), &meta(RECORD, json));
        assert_eq!(record.publisher, ["One body"]);
        assert_eq!(record.audience, ["States"]);
        assert_eq!((record.issued.as_str(), record.year()), ("2019", "2019"));
        assert_eq!(record.status, Status::InForce);
        assert_eq!(record.external, None);
    }

    #[test]
    fn files_need_a_path_and_changes_a_text() {
        let listed = files(&meta(FILES, r#"[{"path":"/2026/11/a.pdf","pages":3},{"title":"x"}]"#));
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].path.as_str(), listed[0].pages), ("2026/11/a.pdf", 3));
        let log = changes(&meta(
            CHANGES,
            r#"[{"date":"2025","text":"old"},{"date":"2026-01","text":"new"},{"date":"2027"}]"#,
        ));
        assert_eq!(log.iter().map(|c| c.text.as_str()).collect::<Vec<_>>(), ["new", "old"]);
    }
}

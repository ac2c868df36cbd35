//! CSL-JSON: a list with one entry, as citation processors read it.

use serde_json::{Map, Value, json};

use crate::work::{Kind, Place, Work};

impl Work {
    /// The entry for citation processors; `place` names a passage, if one is cited.
    pub fn csl_json(&self, place: &Place) -> String {
        let mut entry = Map::new();
        let kind = if self.kind == Kind::Report {
            "report"
        } else {
            "document"
        };
        entry.insert("id".to_owned(), json!(self.key()));
        entry.insert("type".to_owned(), json!(kind));
        let authors: Vec<Value> = self.authors.iter().map(|b| json!({ "literal": b.name })).collect();
        entry.insert("author".to_owned(), Value::Array(authors));
        entry.insert("title".to_owned(), json!(self.title));
        let note = place.words();
        let publisher = self.authors.first().map(|b| b.name.clone()).unwrap_or_default();
        let texts = [
            ("publisher", publisher.as_str()),
            ("number", &self.symbol),
            ("collection-title", &self.series),
            ("abstract", &self.description),
            ("note", &note),
            ("language", &self.lang),
            ("URL", self.address(place)),
        ];
        for (name, value) in texts.into_iter().filter(|(_, value)| !value.is_empty()) {
            entry.insert(name.to_owned(), json!(value));
        }
        let date = self.date_parts();
        if !date.is_empty() {
            entry.insert("issued".to_owned(), json!({ "date-parts": [date] }));
        }
        Value::Array(vec![Value::Object(entry)]).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::example;

    #[test]
    fn dates_keep_their_precision() {
        let issued = |date: &str| {
            let work = Work {
                issued: date.to_owned(),
                ..example()
            };
            let csl: Value = serde_json::from_str(&work.csl_json(&Place::default())).unwrap();
            csl[0]["issued"]["date-parts"].clone()
        };
        assert_eq!(issued("2019-09-10"), json!([[2019, 9, 10]]));
        assert_eq!(issued("2019-09"), json!([[2019, 9]]));
        assert_eq!(issued(""), Value::Null);
    }
}

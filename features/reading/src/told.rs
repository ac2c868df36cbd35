//! What a worker tells of a file: the JSON of `documents extract --format json`.

use gp_content::documents::{Page, Paragraph, Reading};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What was found in a file. Fields that only people read are kept as they are told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    missing_docs,
    reason = "the fields are those of `documents extract`; see docs/guides/documents.md"
)]
pub struct Told {
    pub status: String,
    pub reason: Option<String>,
    pub mime: String,
    pub language: Option<String>,
    pub title: Option<String>,
    pub symbol: Option<String>,
    pub cites: Vec<String>,
    pub page_count: Option<i64>,
    pub pages: Vec<ToldPage>,
    pub paragraphs: Vec<ToldParagraph>,
    #[serde(flatten)]
    pub facts: Map<String, Value>,
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToldPage {
    pub number: i64,
    pub label: Option<String>,
    pub language: Option<String>,
    pub text: String,
}

/// A numbered paragraph.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToldParagraph {
    pub number: String,
    pub page: i64,
    pub text: String,
}

impl Told {
    /// A file of which nothing can be told but its state, and why.
    pub fn only(status: &str, reason: &str) -> Self {
        Self {
            status: status.to_owned(),
            reason: Some(reason.to_owned()),
            ..Self::default()
        }
    }

    /// As it is kept.
    pub(crate) fn rows(&self, digest: &str, reader: i64) -> (Reading, Vec<Page>, Vec<Paragraph>) {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let count = i64::try_from(self.pages.len()).unwrap_or(i64::MAX);
        let reading = Reading {
            digest: digest.to_owned(),
            reader,
            status: self.status.clone(),
            reason: text(&self.reason),
            mime: self.mime.clone(),
            language: text(&self.language),
            title: text(&self.title),
            symbol: text(&self.symbol),
            cites: self.cites.clone(),
            pages: self.page_count.unwrap_or(count),
            facts: Value::Object(self.facts.clone()).to_string(),
        };
        let pages = self.pages.iter().map(|page| Page {
            number: page.number,
            label: text(&page.label),
            language: text(&page.language),
            text: page.text.clone(),
        });
        let paragraphs = self.paragraphs.iter().map(|paragraph| Paragraph {
            number: paragraph.number.clone(),
            page: paragraph.page,
            text: paragraph.text.clone(),
        });
        (reading, pages.collect(), paragraphs.collect())
    }
}

//! What stands in the fields of the plain editor: of an item as it is, or as somebody typed it and could not save it.

use std::collections::BTreeMap;

use gp_admin::{Desk, Fields};
use gp_content::{Taxonomy, Term, terms};
use gp_kernel::Result;
use gp_store::Conn;
use serde_json::Value;

use super::Subject;

/// Facts of the record that are one line.
pub(super) const LINES: &[(&str, &str, &str)] = &[
    (
        "issued",
        "Issued",
        "A year, a month or a day: 2024, 2024-06 or 2024-06-30.",
    ),
    ("symbol", "Symbol", "As printed: CRC/C/156."),
    ("series", "Series", ""),
    ("original", "Original language", "en, fr, ar …"),
    ("licence", "Licence", ""),
    (
        "superseded_by",
        "Replaced by",
        "The last part of the address of what replaces it.",
    ),
    ("withdrawn_reason", "Why it was withdrawn", ""),
];

/// Facts of the record that are several, one in each line.
pub(super) const LISTS: &[(&str, &str)] = &[
    ("publisher", "Publishers, one in each line"),
    ("audience", "Written for, one in each line"),
];

/// The values of the fields.
#[derive(Debug, Default, Clone)]
pub(super) struct Typed {
    pub title: String,
    pub content: String,
    pub excerpt: String,
    pub slug: String,
    pub status: String,
    pub date: String,
    pub password: String,
    pub parent: i64,
    /// By taxonomy: the ids of its terms.
    pub ticked: BTreeMap<String, Vec<i64>>,
    /// By taxonomy: names with commas between them.
    pub named: BTreeMap<String, String>,
    /// By fact of the record.
    pub facts: BTreeMap<String, String>,
    pub language: String,
    pub change: String,
}

/// The taxonomies of a type that people order it by.
pub(super) fn taxonomies<'a>(desk: &'a Desk, subject: &Subject) -> Vec<&'a Taxonomy> {
    let kind = subject.kind.name;
    let all = desk.app.types.taxonomies().iter();
    all.filter(|t| t.types.contains(&kind) && t.public && !t.rest_base.is_empty())
        .collect()
}

impl Typed {
    /// An item as it is.
    pub(super) async fn of_item(conn: &mut Conn, desk: &Desk, subject: &Subject) -> Result<Self> {
        let Some(item) = &subject.item else {
            return Ok(Self {
                status: "draft".to_owned(),
                ..Self::default()
            });
        };
        let own = terms::of_items(conn, &[item.id])
            .await?
            .remove(&item.id)
            .unwrap_or_default();
        let mut typed = Self {
            title: item.title.clone(),
            content: item.content.clone(),
            excerpt: item.excerpt.clone(),
            slug: item.name.clone(),
            status: item.status.clone(),
            date: as_field(&item.date),
            password: item.password.clone(),
            parent: item.parent.0,
            ..Self::default()
        };
        for taxonomy in taxonomies(desk, subject) {
            let of: Vec<&Term> = own.iter().filter(|term| term.taxonomy == taxonomy.name).collect();
            if taxonomy.hierarchical {
                typed
                    .ticked
                    .insert(taxonomy.name.clone(), of.iter().map(|term| term.term_id.0).collect());
            } else {
                let names: Vec<String> = of.iter().map(|term| gp_markup::text::plain_text(&term.name)).collect();
                typed.named.insert(taxonomy.name.clone(), names.join(", "));
            }
        }
        Ok(typed)
    }

    /// The record, as the API tells it.
    pub(super) fn with_record(&mut self, told: &Value) {
        let record = &told["record"];
        let several = |name: &str| -> String {
            match &record[name] {
                Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
                Value::String(one) => one.clone(),
                _ => String::new(),
            }
        };
        for (name, ..) in LINES {
            self.facts.insert((*name).to_owned(), several(name));
        }
        for (name, _) in LISTS {
            self.facts.insert((*name).to_owned(), several(name));
        }
        self.facts.insert("status".to_owned(), several("status"));
        self.language = told["language"].as_str().unwrap_or_default().to_owned();
    }

    /// What was sent.
    pub(super) fn of_form(desk: &Desk, subject: &Subject) -> Self {
        let form = &desk.form;
        let text = |name: &str| lines(form, name);
        let mut typed = Self {
            title: text("title"),
            content: text("content"),
            excerpt: text("excerpt"),
            slug: text("slug"),
            status: text("status"),
            date: text("date"),
            password: text("password"),
            parent: form.int("parent").unwrap_or(0),
            language: text("language"),
            change: text("change"),
            ..Self::default()
        };
        for taxonomy in taxonomies(desk, subject) {
            let name = format!("tax_{}", taxonomy.name);
            if taxonomy.hierarchical {
                typed
                    .ticked
                    .insert(taxonomy.name.clone(), form.ints(&format!("{name}[]")));
            } else {
                typed.named.insert(taxonomy.name.clone(), text(&name));
            }
        }
        let facts = LINES
            .iter()
            .map(|(name, ..)| *name)
            .chain(LISTS.iter().map(|(name, _)| *name))
            .chain(["status"]);
        for fact in facts {
            typed.facts.insert(fact.to_owned(), text(&format!("fact_{fact}")));
        }
        typed
    }
}

/// A text of several lines as it was: browsers send line ends of two characters.
fn lines(form: &Fields, name: &str) -> String {
    form.get(name).replace("\r\n", "\n")
}

/// A date of the database as a field has it; empty for none.
fn as_field(date: &str) -> String {
    if date.starts_with("0000") {
        return String::new();
    }
    date.get(..16).unwrap_or_default().replace(' ', "T")
}

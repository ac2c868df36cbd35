//! The fields of the index, and an item as an entry of it.
//!
//! An item is one entry, keyed by `id`, which holds every word of it: what is found and counted are items. Its passages are
//! further entries with the same `id`, deleted and excluded together with it. The words of items and those of passages stand in
//! fields of their own: who looks for items does not walk through ten times as many passages.

use std::collections::{BTreeSet, HashSet};

use crate::alike::{self, Named};
use crate::beginning;
use crate::fold::fold;
use crate::model::{Doc, Passage};
use crate::stems::document_stem;
use crate::tokens::{self, GuidepostTokenizer};
use crate::words::Words;
use tantivy::query::TermQuery;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

/// Raised by hand when fields, the treatment of text, or what the program puts in change.
const VERSION: u32 = 6;

/// Separates field and value in a facet; taken out of both.
const SEPARATOR: char = '\u{1F}';

/// What an entry is.
pub(crate) const ITEM: &str = "item";
const PASSAGE: &str = "passage";

/// Longer facet values are left out: they are not something to choose from.
const LONGEST_FACET: usize = 1000;

/// The fields that hold the words of items.
#[derive(Clone, Copy)]
pub(crate) struct Texts {
    pub(crate) title: Field,
    pub(crate) terms: Field,
    pub(crate) body: Field,
}

/// The handles of the fields.
#[derive(Clone)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) date: Field,
    pub(crate) facet: Field,
    pub(crate) items: Texts,
    /// The words of passages.
    pub(crate) passage: Field,
    pub(crate) kind: Field,
    pub(crate) language: Field,
    pub(crate) url: Field,
    pub(crate) excerpt: Field,
    pub(crate) title_text: Field,
    pub(crate) body_text: Field,
    /// `item` or `passage`.
    pub(crate) part: Field,
    /// Words that stand often in an item, to find others that are alike; and the same as lines, with their forms and counts.
    pub(crate) telling: Field,
    pub(crate) named: Field,
    /// The beginnings of the words of an item.
    pub(crate) starts: Field,
    pub(crate) document: Field,
    pub(crate) page: Field,
    pub(crate) paragraph: Field,
}

/// The schema and its fields.
pub(crate) fn build() -> (Schema, Fields) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokens::NAME)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let searched = TextOptions::default().set_indexing_options(indexing);
    let mut schema = Schema::builder();
    let mut words = |name: &str| schema.add_text_field(name, searched.clone());
    let items = Texts {
        title: words("title"),
        terms: words("terms"),
        body: words("body"),
    };
    let passage = words("passage");
    let basic = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic),
    );
    let fields = Fields {
        id: schema.add_i64_field("id", INDEXED | FAST),
        date: schema.add_i64_field("date", FAST),
        facet: schema.add_text_field("facet", STRING | FAST),
        items,
        passage,
        kind: schema.add_text_field("kind", STORED),
        language: schema.add_text_field("language", STORED),
        url: schema.add_text_field("url", STORED),
        excerpt: schema.add_text_field("excerpt", STORED),
        title_text: schema.add_text_field("title_text", STORED),
        body_text: schema.add_text_field("body_text", STORED),
        part: schema.add_text_field("part", STRING),
        telling: schema.add_text_field("telling", STRING),
        named: schema.add_text_field("named", STORED),
        starts: schema.add_text_field("starts", basic),
        document: schema.add_i64_field("document", STORED),
        page: schema.add_i64_field("page", STORED),
        paragraph: schema.add_text_field("paragraph", STRING | STORED),
    };
    (schema.build(), fields)
}

/// Makes the tokenizer known to an index.
pub(crate) fn register(index: &tantivy::Index) {
    index.tokenizers().register(tokens::NAME, GuidepostTokenizer);
}

/// What the entries of an index depend on besides the items: the engine's version and the
/// analyser's output on sample words (which changes when a stemmer does).
pub(crate) fn fingerprint() -> String {
    const SAMPLES: [(&str, &str); 5] = [
        (
            "en",
            "trafficking children exploitation generously police studies committed relating news women",
        ),
        (
            "fr",
            "enfants exploitation protéger l'éducation victimes généralement nationaux droits",
        ),
        (
            "es",
            "niños explotación protección rápidamente derechos víctimas leyes trabajadores",
        ),
        ("ar", "الأطفال والاستغلال حماية حقوق المدرسة كتابات ومعلمون"),
        (
            "ru",
            "детей ребёнка эксплуатация защиты правами торговля несовершеннолетних",
        ),
    ];
    let mut out = format!("guidepost-search {VERSION}\n{}\n", tantivy::version_string());
    for (language, words) in SAMPLES {
        for word in words.split(' ') {
            out.push_str(&fold(word));
            out.push_str(&document_stem(word, language).unwrap_or_default());
            out.push(' ');
        }
        out.push('\n');
    }
    out
}

impl Fields {
    /// The entries of an item: its own, and one for each passage.
    pub(crate) fn entries(&self, mut doc: Doc) -> Vec<TantivyDocument> {
        let passages = std::mem::take(&mut doc.passages);
        let mut entries: Vec<TantivyDocument> = passages
            .iter()
            .filter(|passage| !passage.text.trim().is_empty())
            .map(|passage| self.passage(&doc, passage))
            .collect();
        entries.push(self.entry(doc, &passages));
        entries
    }

    /// A passage: found by its own words, below an item that was found.
    fn passage(&self, doc: &Doc, passage: &Passage) -> TantivyDocument {
        let language = match passage.language.as_str() {
            "" => &doc.language,
            own => own,
        };
        let mut entry = TantivyDocument::default();
        entry.add_i64(self.id, doc.id);
        entry.add_text(self.part, PASSAGE);
        entry.add_text(self.passage, tokens::value(language, &passage.text));
        entry.add_text(self.body_text, &passage.text);
        entry.add_text(self.language, language);
        entry.add_i64(self.document, passage.document);
        entry.add_i64(self.page, i64::from(passage.page));
        if !passage.paragraph.is_empty() {
            entry.add_text(self.paragraph, &passage.paragraph);
        }
        entry
    }

    /// The entries of items, or those of passages.
    pub(crate) fn of_part(&self, passages: bool) -> TermQuery {
        let part = if passages { PASSAGE } else { ITEM };
        TermQuery::new(Term::from_field_text(self.part, part), IndexRecordOption::Basic)
    }

    /// The item's own entry, with the words of its passages.
    fn entry(&self, doc: Doc, passages: &[Passage]) -> TantivyDocument {
        let mut entry = TantivyDocument::default();
        entry.add_text(self.part, ITEM);
        let named = alike::named(&doc, passages);
        for word in &named {
            entry.add_text(self.telling, &word.token);
        }
        for beginning in beginnings(&doc, passages) {
            entry.add_text(self.starts, beginning);
        }
        entry.add_text(self.named, named.iter().map(Named::line).collect::<Vec<_>>().join("\n"));
        for passage in passages {
            let language = match passage.language.as_str() {
                "" => &doc.language,
                own => own,
            };
            entry.add_text(self.items.body, tokens::value(language, &passage.text));
        }
        for symbol in &doc.symbols {
            entry.add_text(self.items.terms, tokens::value("", symbol));
        }
        entry.add_i64(self.id, doc.id);
        entry.add_i64(self.date, doc.date);
        entry.add_text(self.items.title, tokens::value(&doc.language, &doc.title));
        entry.add_text(self.items.body, tokens::value(&doc.language, &doc.body));
        for term in &doc.terms {
            entry.add_text(self.items.terms, tokens::value(&doc.language, term));
        }
        let own = [
            ("type".to_owned(), doc.kind.clone()),
            ("lang".to_owned(), doc.language.clone()),
        ];
        let mut facets: Vec<String> = own.iter().chain(&doc.facets).filter_map(|(f, v)| facet(f, v)).collect();
        facets.sort();
        facets.dedup();
        for facet in &facets {
            entry.add_text(self.facet, facet);
        }
        entry.add_text(self.kind, doc.kind);
        entry.add_text(self.language, doc.language);
        entry.add_text(self.url, doc.url);
        entry.add_text(self.excerpt, doc.excerpt);
        entry.add_text(self.title_text, doc.title);
        entry.add_text(self.body_text, doc.body);
        entry
    }

    /// The term that stands for an item's entries.
    pub(crate) fn id_term(&self, id: i64) -> Term {
        Term::from_field_i64(self.id, id)
    }

    /// The term of a facet; none when no item can have it.
    pub(crate) fn facet_term(&self, field: &str, value: &str) -> Option<Term> {
        Some(Term::from_field_text(self.facet, &facet(field, value)?))
    }
}

/// The beginnings of all words of an item, as they are looked for.
fn beginnings(doc: &Doc, passages: &[Passage]) -> BTreeSet<String> {
    let own = [doc.title.as_str(), doc.body.as_str()].into_iter();
    let texts = own
        .chain(doc.terms.iter().map(String::as_str))
        .chain(doc.symbols.iter().map(String::as_str))
        .chain(passages.iter().map(|passage| passage.text.as_str()));
    let mut words: HashSet<&str> = HashSet::new();
    for text in texts {
        words.extend(Words::new(text).map(|span| &text[span.start..span.end]));
    }
    let mut all = BTreeSet::new();
    for word in words {
        all.extend(beginning::of(&fold(word)).map(str::to_owned));
    }
    all
}

/// A facet as one string; none for empty or very long values.
fn facet(field: &str, value: &str) -> Option<String> {
    let clean = |text: &str| text.replace(SEPARATOR, " ");
    let usable = !field.is_empty() && !value.is_empty() && field.len() + value.len() <= LONGEST_FACET;
    usable.then(|| format!("{}{SEPARATOR}{}", clean(field), clean(value)))
}

/// Takes a facet string apart again.
pub(crate) fn split_facet(facet: &str) -> Option<(&str, &str)> {
    facet.split_once(SEPARATOR)
}

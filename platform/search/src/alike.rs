//! Items whose texts are alike: they share words that few other items have.
//!
//! Each entry of an item names the words that stand in it most often. Which of them tell it from others is decided when
//! it is asked for, by how many items name the same word: so the same content gives the same answer, in whatever order it came.

use std::collections::HashMap;

use tantivy::collector::TopDocs;
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Order, Searcher, TantivyDocument, Term};

use crate::fold::fold;
use crate::model::{Alike, Doc, Passage};
use crate::schema::Fields;
use crate::stems::document_stem;
use crate::words::Words;

/// Words that an entry names.
const NAMED: usize = 96;
/// Of these, so many are looked for in other items.
const ASKED: usize = 24;
/// An item is alike when it shares so many of them.
const SHARED: usize = 4;
/// A word that stands only once says nothing of what a longer text is about.
const LONG_TEXT: usize = 400;
/// What a word of the title is worth, by one of the text.
const TITLE: u32 = 4;
/// Names of so many words are given as the reason.
const REASONS: usize = 4;

/// A word of a text: as others share it, as it is shown, and how often it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) token: String,
    pub(crate) shown: String,
    pub(crate) times: u32,
}

impl Named {
    /// As it is kept in an entry.
    pub(crate) fn line(&self) -> String {
        format!("{}\t{}\t{}", self.token, self.shown, self.times)
    }

    fn of_line(line: &str) -> Option<Named> {
        let mut parts = line.split('\t');
        let (token, shown, times) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Named {
            token: token.to_owned(),
            shown: shown.to_owned(),
            times: times.parse().ok()?,
        })
    }
}

/// The words that stand most often in an item and its passages; of equal ones the first by spelling.
pub(crate) fn named(doc: &Doc, passages: &[Passage]) -> Vec<Named> {
    let mut words: HashMap<(&str, &str), u32> = HashMap::new();
    let mut all = 0;
    let mut count = |text, language, worth| {
        for span in Words::new(text).filter(|span| !span.gram) {
            all += 1;
            let word = &text[span.start..span.end];
            if may_tell(word) {
                *words.entry((word, language)).or_default() += worth;
            }
        }
    };
    count(&doc.title, doc.language.as_str(), TITLE);
    count(&doc.body, doc.language.as_str(), 1);
    for passage in passages {
        let language = if passage.language.is_empty() {
            &doc.language
        } else {
            &passage.language
        };
        count(&passage.text, language.as_str(), 1);
    }
    let least = if all > LONG_TEXT { 2 } else { 1 };
    // One entry for each stem, shown in its most frequent form.
    let mut stems: HashMap<String, (Named, u32)> = HashMap::new();
    let mut forms: Vec<((&str, &str), u32)> = words.into_iter().collect();
    forms.sort_unstable();
    for ((word, language), times) in forms {
        let token = document_stem(word, language).unwrap_or_else(|| fold(word));
        let shown = || Named {
            token: token.clone(),
            shown: word.to_lowercase(),
            times: 0,
        };
        let (known, most) = stems.entry(token.clone()).or_insert_with(|| (shown(), times));
        known.times += times;
        if times > *most {
            (known.shown, *most) = (word.to_lowercase(), times);
        }
    }
    let mut named: Vec<Named> = stems
        .into_values()
        .map(|(named, _)| named)
        .filter(|n| n.times >= least)
        .collect();
    named.sort_unstable_by(|a, b| b.times.cmp(&a.times).then_with(|| a.token.cmp(&b.token)));
    named.truncate(NAMED);
    named
}

/// Short words and numbers tell nothing.
fn may_tell(word: &str) -> bool {
    let least = if word.is_ascii() { 5 } else { 4 };
    word.chars().count() >= least && word.chars().all(char::is_alphabetic)
}

/// The items most like this one among those of its kind, the most alike first; of equal ones the newest.
pub(crate) fn alike(searcher: &Searcher, fields: &Fields, id: i64, limit: usize) -> tantivy::Result<Vec<Alike>> {
    let Some(own) = entry(searcher, fields, id)? else {
        return Ok(Vec::new());
    };
    let asked = telling(searcher, fields, named_in(fields, &own))?;
    let kind = own
        .get_first(fields.kind)
        .and_then(|value| value.as_str())
        .unwrap_or_default();
    let (Some(kind), true) = (fields.facet_term("type", kind), asked.len() >= SHARED) else {
        return Ok(Vec::new());
    };
    let ways = asked.iter().map(|(named, value)| -> Box<dyn Query> {
        let term = Term::from_field_text(fields.telling, &named.token);
        let has = ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 1.0);
        Box::new(BoostQuery::new(Box::new(has), *value))
    });
    let shared = BooleanQuery::union_with_minimum_required_clauses(ways.collect(), SHARED);
    let same_kind = ConstScoreQuery::new(Box::new(TermQuery::new(kind, IndexRecordOption::Basic)), 0.0);
    let whole = BooleanQuery::new(vec![
        (Occur::Must, Box::new(shared)),
        (Occur::Must, Box::new(same_kind)),
        (Occur::MustNot, Box::new(TermSetQuery::new([fields.id_term(id)]))),
    ]);
    let newest = |name: &str| (SortByStaticFastValue::<i64>::for_field(name), Order::Desc);
    let order = ((SortBySimilarityScore, Order::Desc), newest("date"), newest("id"));
    let found = searcher.search(&whole, &TopDocs::with_limit(limit.max(1)).order_by(order))?;
    found
        .into_iter()
        .map(|((.., id), address)| {
            let theirs = named_in(fields, &searcher.doc::<TantivyDocument>(address)?);
            let both = asked
                .iter()
                .filter(|(own, _)| theirs.iter().any(|named| named.token == own.token));
            let words = both.map(|(own, _)| own.shown.clone()).take(REASONS).collect();
            Ok(Alike {
                id: id.unwrap_or_default(),
                words,
            })
        })
        .collect()
}

fn entry(searcher: &Searcher, fields: &Fields, id: i64) -> tantivy::Result<Option<TantivyDocument>> {
    let own = TermQuery::new(fields.id_term(id), IndexRecordOption::Basic);
    let item = BooleanQuery::intersection(vec![Box::new(own), Box::new(fields.of_part(false))]);
    let found: Vec<(f32, DocAddress)> = searcher.search(&item, &TopDocs::with_limit(1).order_by_score())?;
    found.first().map(|(_, address)| searcher.doc(*address)).transpose()
}

fn named_in(fields: &Fields, entry: &TantivyDocument) -> Vec<Named> {
    let text = entry
        .get_first(fields.named)
        .and_then(|value| value.as_str())
        .unwrap_or_default();
    text.lines().filter_map(Named::of_line).collect()
}

/// The words by which an item is told from most others, with what each is worth, the most telling first. What nobody else names
/// finds nothing, and what many name tells nothing.
fn telling(searcher: &Searcher, fields: &Fields, named: Vec<Named>) -> tantivy::Result<Vec<(Named, f32)>> {
    let all = searcher.doc_freq(&Term::from_field_text(fields.part, crate::schema::ITEM))?;
    let mut weighed = Vec::with_capacity(named.len());
    for word in named {
        let having = searcher.doc_freq(&Term::from_field_text(fields.telling, &word.token))?;
        if having < 2 || having * 3 > all.max(12) {
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of words and items")]
        let value = (1.0 + (word.times as f32).ln()) * (1.0 + all as f32 / having as f32).ln();
        weighed.push((word, value));
    }
    weighed.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| a.token.cmp(&b.token)));
    weighed.truncate(ASKED);
    Ok(weighed)
}

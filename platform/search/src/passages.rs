//! The passages of items: entries of their own beside the item's, from which the best are picked for each item that is listed.
//!
//! What is found and how often is decided by the items' entries alone, which hold all their passages' words; passages decide
//! in what order the first items come, and where in them a reader should look.

use crate::model::PassageHit;
use crate::schema::Fields;
use crate::snippet::{self, Needle};
use std::collections::HashMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument, Term};

/// Passages of one item that are shown.
const SHOWN: usize = 2;

/// A passage's place and how well it fits.
type Fit = (Score, DocAddress);

/// Collects the best passages of each item.
struct BestPerItem {
    most: usize,
}

struct SegmentBest {
    most: usize,
    segment: SegmentOrdinal,
    ids: Column<i64>,
    best: HashMap<i64, Vec<Fit>>,
}

/// Keeps the best few; of equal ones the first.
fn keep(best: &mut Vec<Fit>, fit: Fit, most: usize) {
    let at = best.partition_point(|known| known.0 > fit.0 || (known.0 == fit.0 && known.1 < fit.1));
    if at < most {
        best.insert(at, fit);
        best.truncate(most);
    }
}

impl Collector for BestPerItem {
    type Fruit = HashMap<i64, Vec<Fit>>;
    type Child = SegmentBest;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentBest> {
        Ok(SegmentBest {
            most: self.most,
            segment,
            ids: reader.fast_fields().i64("id")?,
            best: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<HashMap<i64, Vec<Fit>>>) -> tantivy::Result<Self::Fruit> {
        let mut all: HashMap<i64, Vec<Fit>> = HashMap::new();
        for (id, fits) in segments.into_iter().flatten() {
            let best = all.entry(id).or_default();
            fits.into_iter().for_each(|fit| keep(best, fit, self.most));
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentBest {
    type Fruit = HashMap<i64, Vec<Fit>>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let Some(id) = self.ids.first(doc) else { return };
        let fit = (score, DocAddress::new(self.segment, doc));
        keep(self.best.entry(id).or_default(), fit, self.most);
    }

    fn harvest(self) -> Self::Fruit {
        self.best
    }
}

fn constant(query: impl Query) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

/// A query among the passages of these items.
fn within(fields: &Fields, wanted: Box<dyn Query>, ids: &[i64]) -> BooleanQuery {
    let ids = TermSetQuery::new(ids.iter().map(|id| fields.id_term(*id)));
    BooleanQuery::new(vec![
        (Occur::Must, wanted),
        (Occur::Must, constant(ids)),
        (Occur::Must, constant(fields.of_part(true))),
    ])
}

/// How well the best passage of each of these items fits; items without one that fits are missing.
pub(crate) fn scores(
    searcher: &Searcher,
    fields: &Fields,
    wanted: Box<dyn Query>,
    ids: &[i64],
) -> tantivy::Result<HashMap<i64, Score>> {
    let best = searcher.search(&within(fields, wanted, ids), &BestPerItem { most: 1 })?;
    let score = |fits: Vec<Fit>| fits.first().map(|(score, _)| *score);
    Ok(best
        .into_iter()
        .filter_map(|(id, fits)| Some((id, score(fits)?)))
        .collect())
}

/// The best passages of these items, with found words marked. `paragraph`: the reader named one; it comes first.
pub(crate) fn best(
    searcher: &Searcher,
    fields: &Fields,
    wanted: Box<dyn Query>,
    ids: &[i64],
    needles: &[Needle],
    paragraph: Option<&str>,
) -> tantivy::Result<HashMap<i64, Vec<PassageHit>>> {
    let mut found: HashMap<i64, Vec<PassageHit>> = HashMap::new();
    if let Some(number) = paragraph {
        let term = Term::from_field_text(fields.paragraph, number);
        let named = constant(TermQuery::new(term, IndexRecordOption::Basic));
        let places = searcher.search(&within(fields, named, ids), &BestPerItem { most: 1 })?;
        for (id, fits) in places {
            for fit in fits {
                found.entry(id).or_default().push(hit(searcher, fields, fit, needles)?);
            }
        }
    }
    let places = searcher.search(&within(fields, wanted, ids), &BestPerItem { most: SHOWN })?;
    for (id, fits) in places {
        let own = found.entry(id).or_default();
        for fit in fits {
            let hit = hit(searcher, fields, fit, needles)?;
            let same = own.iter().any(|known| {
                (known.document, known.page, &known.paragraph) == (hit.document, hit.page, &hit.paragraph)
            });
            // One that fits only by its item's title shows nothing that was looked for.
            if own.len() < SHOWN && !same && hit.text_html.contains("<mark>") {
                own.push(hit);
            }
        }
    }
    found.retain(|_, hits| !hits.is_empty());
    Ok(found)
}

fn hit(searcher: &Searcher, fields: &Fields, (score, address): Fit, needles: &[Needle]) -> tantivy::Result<PassageHit> {
    let entry: TantivyDocument = searcher.doc(address)?;
    let text = |field| {
        entry
            .get_first(field)
            .and_then(|value| value.as_str())
            .unwrap_or_default()
    };
    let number = |field| {
        entry
            .get_first(field)
            .and_then(|value| value.as_i64())
            .unwrap_or_default()
    };
    Ok(PassageHit {
        document: number(fields.document),
        page: u32::try_from(number(fields.page)).unwrap_or(0),
        paragraph: text(fields.paragraph).to_owned(),
        text_html: snippet::snippet(text(fields.body_text), "", text(fields.language), needles),
        score,
    })
}

/// Takes `para 62` off the end of a query that says more than that.
pub(crate) fn paragraph_named(text: &str) -> (String, Option<String>) {
    const WORDS: &[&str] = &[
        "para",
        "para.",
        "paras",
        "paras.",
        "paragraph",
        "paragraphs",
        "par.",
        "párr.",
        "párrafo",
        "paragraphe",
        "п.",
        "пункт",
        "¶",
        "§",
        "الفقرة",
    ];
    let trimmed = text.trim_end_matches(['.', ' ']);
    let Some((before, last)) = trimmed.rsplit_once(char::is_whitespace) else {
        return (text.to_owned(), None);
    };
    let is_number = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let (rest, number) = match last.trim_start_matches(['¶', '§']) {
        number if number.len() < last.len() && is_number(number) => (before, number),
        number if is_number(number) => {
            let Some((rest, word)) = before.trim_end().rsplit_once(char::is_whitespace) else {
                return (text.to_owned(), None);
            };
            if !WORDS.contains(&word.to_lowercase().as_str()) {
                return (text.to_owned(), None);
            }
            (rest, number)
        }
        _ => return (text.to_owned(), None),
    };
    let rest = rest.trim_end_matches([' ', ',']);
    if rest.is_empty() {
        return (text.to_owned(), None);
    }
    (rest.to_owned(), Some(number.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::paragraph_named;

    #[test]
    fn a_paragraph_is_named_after_something_else() {
        for (typed, rest, number) in [
            ("CRC/C/156 para 62", "CRC/C/156", Some("62")),
            ("CRC/C/156, para. 62.", "CRC/C/156", Some("62")),
            ("crc c 156 ¶62", "crc c 156", Some("62")),
            ("A/81/6 paragraph 24.1", "A/81/6", Some("24.1")),
            ("para 62", "para 62", None),
            ("article 5", "article 5", None),
            ("¶ 62", "¶ 62", None),
            ("", "", None),
        ] {
            assert_eq!(
                paragraph_named(typed),
                (rest.to_owned(), number.map(str::to_owned)),
                "{typed}"
            );
        }
    }
}

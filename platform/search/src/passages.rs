//! The passages of items: entries of their own beside the item's, from which the best are picked for each item that is listed.
//!
//! What is found and how often is decided by the items' entries alone, which hold all their passages' words; passages decide
//! in what order the first items come, and where in them a reader should look.

use crate::model::PassageHit;
use crate::plan::Way;
use crate::schema::Fields;
use crate::snippet::{self, Needle};
use std::collections::BTreeMap;
use tantivy::query::{EnableScoring, TermQuery, Weight};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument, Term};

/// Passages of one item that are shown.
const SHOWN: usize = 2;

/// A passage's place and how well it fits.
pub(crate) type Fit = (Score, DocAddress);

/// Keeps the best few; of equal ones the first.
fn keep(best: &mut Vec<Fit>, fit: Fit) {
    let at = best.partition_point(|known| known.0 > fit.0 || (known.0 == fit.0 && known.1 < fit.1));
    if at < SHOWN {
        best.insert(at, fit);
        best.truncate(SHOWN);
    }
}

/// The best passages of each of these items, whose own entries stand at these places. An item's passages are written right
/// before it, and merging keeps the order: so they are found without asking the whole index, and each way is only asked about these.
pub(crate) fn best(searcher: &Searcher, groups: &[Vec<Way>], items: &[DocAddress]) -> tantivy::Result<Vec<Vec<Fit>>> {
    let mut by_segment: BTreeMap<SegmentOrdinal, Vec<(DocId, usize)>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        let ids = searcher.segment_reader(item.segment_ord).fast_fields().i64("id")?;
        let id = ids.first(item.doc_id);
        let before = (0..item.doc_id).rev().take_while(|doc| ids.first(*doc) == id);
        by_segment
            .entry(item.segment_ord)
            .or_default()
            .extend(before.map(|doc| (doc, at)));
    }
    let scoring = EnableScoring::enabled_from_searcher(searcher);
    let weighed: Vec<Vec<(Box<dyn Weight>, f32)>> = groups
        .iter()
        .map(|ways| {
            ways.iter()
                .map(|way| Ok((way.query.weight(scoring)?, way.worth)))
                .collect()
        })
        .collect::<tantivy::Result<_>>()?;
    let mut best = vec![Vec::new(); items.len()];
    for (segment, mut docs) in by_segment {
        docs.sort_unstable();
        let reader = searcher.segment_reader(segment);
        let mut scores = vec![0.0; docs.len()];
        for ways in &weighed {
            for (score, own) in scores.iter_mut().zip(group(reader, ways, &docs)?) {
                *score += own;
            }
        }
        for ((doc, at), score) in docs.into_iter().zip(scores) {
            if score > 0.0 {
                keep(&mut best[at], (score, DocAddress::new(segment, doc)));
            }
        }
    }
    Ok(best)
}

/// What the best way of a group is worth for each of these documents of a segment.
fn group(
    reader: &SegmentReader,
    ways: &[(Box<dyn Weight>, f32)],
    docs: &[(DocId, usize)],
) -> tantivy::Result<Vec<Score>> {
    let mut scores: Vec<Score> = vec![0.0; docs.len()];
    for (weight, worth) in ways {
        let mut scorer = weight.scorer(reader, *worth)?;
        for ((doc, _), score) in docs.iter().zip(&mut scores) {
            let reached = if scorer.doc() < *doc {
                scorer.seek(*doc)
            } else {
                scorer.doc()
            };
            if reached == *doc {
                *score = score.max(scorer.score());
            }
        }
    }
    Ok(scores)
}

/// The paragraphs of this number in these items.
pub(crate) fn named(
    searcher: &Searcher,
    fields: &Fields,
    number: &str,
    items: &[DocAddress],
) -> tantivy::Result<Vec<Vec<Fit>>> {
    let term = Term::from_field_text(fields.paragraph, number);
    let query = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
    best(searcher, &[vec![Way { query, worth: 1.0 }]], items)
}

/// The passages at these places as they are shown, with found words marked. `named` come first, marked or not.
pub(crate) fn hits(
    searcher: &Searcher,
    fields: &Fields,
    named: &[Fit],
    best: &[Fit],
    needles: &[Needle],
) -> tantivy::Result<Vec<PassageHit>> {
    let mut shown: Vec<PassageHit> = Vec::new();
    for fit in named.iter().take(1) {
        shown.push(hit(searcher, fields, *fit, needles)?);
    }
    for fit in best
        .iter()
        .filter(|fit| named.iter().take(1).all(|named| named.1 != fit.1))
    {
        let hit = hit(searcher, fields, *fit, needles)?;
        // One that fits only by its item's title shows nothing that was looked for.
        if shown.len() < SHOWN && hit.text_html.contains("<mark>") {
            shown.push(hit);
        }
    }
    Ok(shown)
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
        language: text(fields.language).to_owned(),
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

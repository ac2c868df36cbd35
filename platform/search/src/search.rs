//! Answers a query on one state of the index.

use crate::facets::{CountFacets, grouped};
use crate::model::{Answer, Hit, Order, PassageHit, Query};
use crate::parse::{Parsed, parse};
use crate::passages::{self, Fit};
use crate::plan::{self, Mode, Way, plan};
use crate::schema::Fields;
use crate::snippet::{self, Needle};
use crate::suggest;
use std::collections::HashMap;
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Collector, Count, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query as EngineQuery, TermSetQuery};
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

/// The most hits of one answer.
const MOST_HITS: usize = 1000;
/// Hits further down are counted, but not listed.
const FURTHEST: usize = 100_000;

/// What the engine found.
struct Found {
    total: usize,
    top: Vec<(f32, DocAddress)>,
    facets: HashMap<String, usize>,
}

/// Answers a query. When no item has all the words, items with some of them are given instead.
pub(crate) fn answer(searcher: &Searcher, fields: &Fields, query: &Query) -> tantivy::Result<Answer> {
    let (text, paragraph) = passages::paragraph_named(&query.text);
    let mut parsed = parse(&text, query.prefix);
    if parsed.clauses.iter().all(|clause| clause.negative) {
        return answer_by_date(searcher, fields, query, &parsed);
    }
    let strict = plan(fields, &parsed, Mode::All);
    let mut found = find(searcher, fields, query, strict.query, query.order)?;
    let mut answer = Answer {
        also: strict.also,
        ..Answer::default()
    };
    let mut needles = strict.needles;
    if found.total == 0 {
        let finds = |text: &str| count(searcher, fields, query, text);
        answer.suggestion = suggest::suggestion(searcher, fields, &parsed, finds)?;
        // What the reader meant, most likely; the answer says so.
        if let Some(better) = &answer.suggestion {
            let corrected = parse(better, false);
            let plan = plan(fields, &corrected, Mode::All);
            found = find(searcher, fields, query, plan.query, query.order)?;
            if found.total > 0 {
                (parsed, needles) = (corrected, plan.needles);
            }
        }
    }
    if found.total == 0 {
        let loose = plan(fields, &parsed, Mode::Any);
        if loose.parts > 1 || parsed.clauses.iter().any(|clause| clause.words.len() > 1) {
            found = find(searcher, fields, query, loose.query, query.order)?;
            answer.relaxed = found.total > 0;
        }
    }
    let mut passages = Passages::new(searcher, fields, &parsed, paragraph)?;
    if query.order == Order::Relevance && query.offset < RERANKED {
        found.top = reranked(searcher, query, &mut passages, found.top)?;
    }
    let places: Vec<DocAddress> = found.top.iter().map(|(_, address)| *address).collect();
    let mut answer = fill(searcher, fields, found, &needles, query, answer)?;
    for (hit, shown) in answer
        .hits
        .iter_mut()
        .zip(passages.of(searcher, fields, &places, &needles)?)
    {
        hit.passages = shown;
    }
    Ok(answer)
}

/// So many of the first items are put in order by their best passages.
const RERANKED: usize = 100;
/// What the best passage is worth, by what the whole item is.
const PASSAGE_WEIGHT: f32 = 2.0;

/// The passages that fit a query, as far as they were looked for.
struct Passages {
    wanted: Vec<Vec<Way>>,
    /// The number of a paragraph that the reader named.
    paragraph: Option<String>,
    known: HashMap<DocAddress, Vec<Fit>>,
}

impl Passages {
    fn new(
        searcher: &Searcher,
        fields: &Fields,
        parsed: &Parsed,
        paragraph: Option<String>,
    ) -> tantivy::Result<Passages> {
        Ok(Passages {
            wanted: plan::passages(searcher, fields, parsed)?,
            paragraph,
            known: HashMap::new(),
        })
    }

    fn look(&mut self, searcher: &Searcher, items: &[DocAddress]) -> tantivy::Result<()> {
        let new: Vec<DocAddress> = items
            .iter()
            .filter(|item| !self.known.contains_key(item))
            .copied()
            .collect();
        let best = passages::best(searcher, &self.wanted, &new)?;
        self.known.extend(new.into_iter().zip(best));
        Ok(())
    }

    /// The passages of these items as they are shown.
    fn of(
        &mut self,
        searcher: &Searcher,
        fields: &Fields,
        items: &[DocAddress],
        needles: &[Needle],
    ) -> tantivy::Result<Vec<Vec<PassageHit>>> {
        self.look(searcher, items)?;
        let named = match &self.paragraph {
            Some(number) => passages::named(searcher, fields, number, items)?,
            None => vec![Vec::new(); items.len()],
        };
        let best = |item: &DocAddress| self.known.get(item).map(Vec::as_slice).unwrap_or_default();
        items
            .iter()
            .zip(named)
            .map(|(item, named)| passages::hits(searcher, fields, &named, best(item), needles))
            .collect()
    }
}

/// The page of a list that was asked for, once its first items are ordered by their best passages too: an item whose words stand
/// together comes before one where they are strewn.
fn reranked(
    searcher: &Searcher,
    query: &Query,
    passages: &mut Passages,
    mut top: Vec<(f32, DocAddress)>,
) -> tantivy::Result<Vec<(f32, DocAddress)>> {
    let first = top.len().min(RERANKED);
    let places: Vec<DocAddress> = top.iter().take(first).map(|(_, address)| *address).collect();
    passages.look(searcher, &places)?;
    for (score, address) in top.iter_mut().take(first) {
        let best = passages.known.get(address).and_then(|fits| fits.first());
        *score += PASSAGE_WEIGHT * best.map_or(0.0, |(score, _)| *score);
    }
    top[..first].sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(top.into_iter().skip(query.offset).take(query.limit).collect())
}

/// A query without words to look for: everything, or everything without something, the newest first.
fn answer_by_date(searcher: &Searcher, fields: &Fields, query: &Query, parsed: &Parsed) -> tantivy::Result<Answer> {
    let all: Box<dyn EngineQuery> = match parsed.clauses.is_empty() {
        true => plan::all(fields.of_part(false), 0.0),
        false => plan(fields, parsed, Mode::All).query,
    };
    let order = if query.order == Order::Oldest {
        Order::Oldest
    } else {
        Order::Newest
    };
    let found = find(searcher, fields, query, all, order)?;
    fill(searcher, fields, found, &[], query, Answer::default())
}

/// How many items have all words of a text, under the query's own filters.
fn count(searcher: &Searcher, fields: &Fields, query: &Query, text: &str) -> tantivy::Result<usize> {
    let parsed = parse(text, false);
    if parsed.clauses.iter().all(|clause| clause.negative) {
        return Ok(0);
    }
    let whole = filtered(fields, query, plan(fields, &parsed, Mode::All).query);
    searcher.search(&whole, &Count)
}

/// Adds kinds, filters and exclusions, which do not change scores.
fn filtered(fields: &Fields, query: &Query, wanted: Box<dyn EngineQuery>) -> BooleanQuery {
    let mut whole = vec![(Occur::Must, wanted)];
    let kinds = (!query.kinds.is_empty()).then_some(("type", &query.kinds));
    let filters = query.filters.iter().map(|(field, values)| (field.as_str(), values));
    for (field, values) in kinds.into_iter().chain(filters) {
        let any = one_of(fields, values.iter().map(|value| (field, value.as_str())));
        whole.push((Occur::Must, Box::new(ConstScoreQuery::new(any, 0.0))));
    }
    if !query.without.is_empty() {
        let pairs = query
            .without
            .iter()
            .map(|(field, value)| (field.as_str(), value.as_str()));
        whole.push((Occur::MustNot, one_of(fields, pairs)));
    }
    if !query.exclude.is_empty() {
        let terms = query.exclude.iter().map(|&id| fields.id_term(id));
        whole.push((Occur::MustNot, Box::new(TermSetQuery::new(terms))));
    }
    BooleanQuery::new(whole)
}

/// What has at least one of these facets.
fn one_of<'a>(fields: &Fields, facets: impl Iterator<Item = (&'a str, &'a str)>) -> Box<dyn EngineQuery> {
    let terms: Vec<Term> = facets
        .filter_map(|(field, value)| fields.facet_term(field, value))
        .collect();
    if terms.is_empty() {
        Box::new(EmptyQuery)
    } else {
        Box::new(TermSetQuery::new(terms))
    }
}

fn find(
    searcher: &Searcher,
    fields: &Fields,
    query: &Query,
    wanted: Box<dyn EngineQuery>,
    order: Order,
) -> tantivy::Result<Found> {
    use tantivy::Order as Way;
    let whole = filtered(fields, query, wanted);
    let limit = query.limit.clamp(1, MOST_HITS);
    let top = if order == Order::Relevance && query.offset < RERANKED {
        // Enough to be put in another order; the page is cut out of it afterwards.
        TopDocs::with_limit((query.offset + limit).max(RERANKED))
    } else {
        TopDocs::with_limit(limit).and_offset(query.offset.min(FURTHEST))
    };
    let date = || SortByStaticFastValue::<i64>::for_field("date");
    let id = || SortByStaticFastValue::<i64>::for_field("id");
    let mut found = match order {
        Order::Relevance => {
            let key = (
                (SortBySimilarityScore, Way::Desc),
                (date(), Way::Desc),
                (id(), Way::Desc),
            );
            run(searcher, &whole, top.order_by(key), |(score, _, _)| score)?
        }
        Order::Newest => run(
            searcher,
            &whole,
            top.order_by(((date(), Way::Desc), (id(), Way::Desc))),
            |_| 0.0,
        )?,
        Order::Oldest => run(
            searcher,
            &whole,
            top.order_by(((date(), Way::Asc), (id(), Way::Asc))),
            |_| 0.0,
        )?,
    };
    if query.limit == 0 || query.offset > FURTHEST {
        found.top.clear();
    }
    Ok(found)
}

fn run<Key: Send + Sync + 'static>(
    searcher: &Searcher,
    query: &dyn EngineQuery,
    top: impl Collector<Fruit = Vec<(Key, DocAddress)>>,
    score: impl Fn(Key) -> f32,
) -> tantivy::Result<Found> {
    let (top, total, facets) = searcher.search(query, &(top, Count, CountFacets))?;
    Ok(Found {
        total,
        top: top.into_iter().map(|(key, address)| (score(key), address)).collect(),
        facets,
    })
}

fn fill(
    searcher: &Searcher,
    fields: &Fields,
    found: Found,
    needles: &[Needle],
    query: &Query,
    answer: Answer,
) -> tantivy::Result<Answer> {
    debug_assert!(found.top.len() <= query.limit);
    let mut hits = Vec::with_capacity(found.top.len());
    for (score, address) in found.top {
        let id = searcher
            .segment_reader(address.segment_ord)
            .fast_fields()
            .i64("id")?
            .first(address.doc_id);
        let entry: TantivyDocument = searcher.doc(address)?;
        let text = |field: Field| {
            entry
                .get_first(field)
                .and_then(|value| value.as_str())
                .unwrap_or_default()
        };
        let language = text(fields.language);
        hits.push(Hit {
            id: id.unwrap_or_default(),
            kind: text(fields.kind).to_owned(),
            score,
            language: language.to_owned(),
            url: text(fields.url).to_owned(),
            title_html: snippet::marked(text(fields.title_text), language, needles),
            snippet_html: snippet::snippet(text(fields.body_text), text(fields.excerpt), language, needles),
            passages: Vec::new(),
        });
    }
    Ok(Answer {
        total: found.total,
        hits,
        facets: grouped(found.facets),
        ..answer
    })
}

/// The ids of all items, ascending.
pub(crate) fn ids(searcher: &Searcher) -> tantivy::Result<Vec<i64>> {
    let mut ids = Vec::with_capacity(searcher.num_docs() as usize);
    for segment in searcher.segment_readers() {
        let column = segment.fast_fields().i64("id")?;
        ids.extend(segment.doc_ids_alive().filter_map(|doc| column.first(doc)));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

//! Counts the facets of everything that a query finds, exactly.

use crate::model::FacetCounts;
use crate::schema::split_facet;
use std::collections::{BTreeMap, HashMap};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// Collects counts by facet string.
pub(crate) struct CountFacets;

pub(crate) struct SegmentCounts {
    column: Option<StrColumn>,
    counts: Vec<usize>,
}

impl Collector for CountFacets {
    type Fruit = HashMap<String, usize>;
    type Child = SegmentCounts;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        let column = segment.fast_fields().str("facet")?;
        let values = column.as_ref().map_or(0, |column| column.num_terms());
        Ok(SegmentCounts {
            column,
            counts: vec![0; values],
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<HashMap<String, usize>>>) -> tantivy::Result<Self::Fruit> {
        let mut all = HashMap::new();
        for segment in segments {
            for (facet, count) in segment? {
                *all.entry(facet).or_default() += count;
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = tantivy::Result<HashMap<String, usize>>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let Some(column) = &self.column else { return };
        for ord in column.term_ords(doc) {
            if let Some(count) = self.counts.get_mut(ord as usize) {
                *count += 1;
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut named = HashMap::new();
        let Some(column) = self.column else { return Ok(named) };
        let found = |(_, count): &(u64, usize)| *count > 0;
        let (ords, counts): (Vec<u64>, Vec<usize>) = (0u64..).zip(self.counts).filter(found).unzip();
        let mut counts = counts.into_iter();
        column.dictionary().sorted_ords_to_term_cb(&ords, |facet| {
            if let Some(count) = counts.next() {
                named.insert(String::from_utf8_lossy(facet).into_owned(), count);
            }
        })?;
        Ok(named)
    }
}

/// Groups counts by field; the most frequent value first.
pub(crate) fn grouped(counts: HashMap<String, usize>) -> Vec<FacetCounts> {
    let mut fields: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
    for (facet, count) in counts {
        if let Some((field, value)) = split_facet(&facet) {
            fields
                .entry(field.to_owned())
                .or_default()
                .push((value.to_owned(), count));
        }
    }
    for values in fields.values_mut() {
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    }
    fields.into_iter().collect()
}

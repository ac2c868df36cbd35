//! What else a reader may want: resources that share terms, rare terms first, each with the reason in words.

use std::collections::HashMap;

use gp_content::{Item, ItemQuery, Meta, MetaKind, Scope, Term, items, meta};
use gp_kernel::{ItemId, Result};
use gp_store::Conn;

use crate::{
    record::{Record, Status},
    store,
    words::Words,
};

/// How many are shown.
pub const SHOWN: usize = 4;
/// How many of the best are looked at more closely: some may not be for this reader, or no longer hold.
const CLOSER: usize = 16;
/// Rows of shared terms that are read at most; the rarest terms come first.
const MOST_ROWS: i64 = 4000;
/// Terms in which sharing means something, with their weight.
const TAXONOMIES: &[(&str, f64)] = &[
    ("post_tag", 1.0),
    ("category", 0.5),
    ("region", 0.4),
    ("publisher", 0.4),
];

/// A related resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The resource.
    pub item: Item,
    /// The terms that both have, rarest first.
    pub shared: Vec<Term>,
}

/// The resources nearest to one, in five queries whatever the size of the library.
///
/// # Errors
/// When the database does not answer.
pub async fn to_item(conn: &mut Conn, scope: &Scope, item: &Item, terms: &[Term]) -> Result<Vec<Related>> {
    let own: Vec<&Term> = terms.iter().filter(|t| weight_of(&t.taxonomy) > 0.0).collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = own.iter().map(|t| t.id.0).collect();
    let all = store::open_posts(conn).await?;
    let frequencies = store::frequencies(conn, &ids).await?;
    let asked = rare_enough(&own, &frequencies);
    let rows = store::sharing(conn, &asked, item.id, MOST_ROWS).await?;
    let best = ranked(&rows, &own, &frequencies, all);
    let query = ItemQuery {
        types: vec!["post".to_owned()],
        ids: Some(best.iter().map(|(id, _)| *id).collect()),
        limit: CLOSER,
        ..ItemQuery::default()
    };
    let mut found: HashMap<ItemId, Item> = items::some(conn, scope, &query)
        .await?
        .into_iter()
        .map(|i| (i.id, i))
        .collect();
    let metas = meta::of_many(conn, MetaKind::Item, &found.keys().map(|id| id.0).collect::<Vec<_>>()).await?;
    let empty = Meta::default();
    let holds = |item: &Item| {
        let status = Record::of(item, metas.get(&item.id.0).unwrap_or(&empty)).status;
        !matches!(status, Status::Superseded | Status::Withdrawn)
    };
    let related = best.into_iter().filter_map(|(id, shared)| {
        let item = found.remove(&id).filter(|i| i.password.is_empty() && holds(i))?;
        let shared = shared.into_iter().cloned().collect();
        Some(Related { item, shared })
    });
    Ok(related.take(SHOWN).collect())
}

fn weight_of(taxonomy: &str) -> f64 {
    TAXONOMIES
        .iter()
        .find(|(name, _)| *name == taxonomy)
        .map_or(0.0, |(_, weight)| *weight)
}

/// The rarest terms whose rows together stay within bounds; one at least.
fn rare_enough(terms: &[&Term], frequencies: &HashMap<i64, i64>) -> Vec<i64> {
    let mut sorted: Vec<(i64, i64)> = terms
        .iter()
        .map(|t| (frequencies.get(&t.id.0).copied().unwrap_or(0), t.id.0))
        .collect();
    sorted.sort_unstable();
    let mut rows = 0;
    let mut kept = Vec::new();
    for (frequency, id) in sorted {
        rows += frequency;
        if rows > MOST_ROWS && !kept.is_empty() {
            break;
        }
        kept.push(id);
    }
    kept
}

/// Each item's score is the sum of its shared terms' rareness; equal scores stand by date, newest first.
fn ranked<'a>(
    rows: &[(ItemId, i64, String)],
    terms: &[&'a Term],
    frequencies: &HashMap<i64, i64>,
    all: i64,
) -> Vec<(ItemId, Vec<&'a Term>)> {
    let value = |term: &Term| {
        let frequency = frequencies.get(&term.id.0).copied().unwrap_or(1).max(1);
        #[expect(clippy::cast_precision_loss, reason = "counts of items")]
        let rareness = (1.0 + all.max(1) as f64 / frequency as f64).ln();
        weight_of(&term.taxonomy) * rareness
    };
    let mut found: HashMap<ItemId, (f64, &str, Vec<&'a Term>)> = HashMap::new();
    for (id, term, date) in rows {
        let Some(term) = terms.iter().find(|t| t.id.0 == *term) else {
            continue;
        };
        let entry = found.entry(*id).or_insert((0.0, date.as_str(), Vec::new()));
        entry.0 += value(term);
        entry.2.push(term);
    }
    let mut sorted: Vec<_> = found.into_iter().collect();
    sorted.sort_by(|(a_id, a), (b_id, b)| {
        b.0.total_cmp(&a.0)
            .then_with(|| b.1.cmp(a.1))
            .then_with(|| b_id.cmp(a_id))
    });
    sorted.truncate(CLOSER);
    sorted
        .into_iter()
        .map(|(id, (.., mut shared))| {
            shared.sort_by(|a, b| value(b).total_cmp(&value(a)).then_with(|| a.name.cmp(&b.name)));
            (id, shared)
        })
        .collect()
}

/// The reason in words, as HTML (names of terms are stored escaped): "Shares two topics: Recruitment, Child labour".
pub fn reason(shared: &[Term], words: &Words) -> String {
    let names = |taxonomy: &str| -> Vec<String> {
        let of = shared.iter().filter(|t| t.taxonomy == taxonomy);
        of.map(|t| match (words.lang, gp_blocks::html::stored(&t.name)) {
            ("ar", name) => format!("<bdi class=\"g-long\">{name}</bdi>"),
            (_, name) => name,
        })
        .collect()
    };
    let comma = if words.lang == "ar" { "، " } else { ", " };
    let topics = names("post_tag");
    let listed = topics.iter().take(4).cloned().collect::<Vec<_>>().join(comma);
    match topics.len() {
        0 => {}
        1 => return words.fill("Shares one topic: {}", &listed),
        2 => return words.fill("Shares two topics: {}", &listed),
        3 => return words.fill("Shares three topics: {}", &listed),
        n => {
            let counted = words
                .say("Shares {n} topics: {}")
                .replace("{n}", &words.figures(&n.to_string()));
            return counted.replacen("{}", &listed, 1);
        }
    }
    let others = [
        ("publisher", "Same publisher: {}"),
        ("region", "Same region: {}"),
        ("category", "Same label: {}"),
    ];
    let rarest = shared.first().map(|t| t.taxonomy.as_str()).unwrap_or_default();
    let sentence = others.iter().find(|(taxonomy, _)| *taxonomy == rarest);
    sentence.map_or_else(String::new, |(taxonomy, sentence)| {
        words.fill(sentence, &names(taxonomy).join(comma))
    })
}

#[cfg(test)]
mod tests;

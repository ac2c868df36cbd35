//! What else a reader may want: resources that this one cites or is cited by, those that share topics, rare ones first, those whose
//! texts are alike, and last those that share a publisher, region or label; each with the reason in words.

use std::{collections::HashMap, sync::Arc};

use gp_blocks::Alike;
use gp_content::{Item, Meta, MetaKind, Scope, Sight, Term, documents, exchange, items, meta};
use gp_kernel::{ItemId, Result};
use gp_store::{Conn, Recall};

use crate::{
    record::{Record, Status},
    store::{self, Bearer},
    words::Words,
};

/// How many are shown.
pub const SHOWN: usize = 4;
/// How many of them may stand there because they are cited, and as many because they cite.
const CITED: usize = 2;
/// How many of the best are looked at more closely: some may not be for this reader, or no longer hold.
const CLOSER: usize = 16;
/// Bearers of shared terms that are looked at, at most; the rarest terms come first.
const MOST_ROWS: usize = 4000;
/// Terms in which sharing means something, with their weight.
const TAXONOMIES: &[(&str, f64)] = &[(TOPICS, 1.0), ("category", 0.5), ("region", 0.4), ("publisher", 0.4)];

/// The taxonomy that says what a resource is about.
const TOPICS: &str = "post_tag";

/// A related resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The resource.
    pub item: Item,
    /// The terms that both have, rarest first.
    pub shared: Vec<Term>,
    /// Whether one names the other.
    pub citation: Option<Citation>,
    /// Words that both texts have and few others, where that is why it stands here.
    pub words: Vec<String>,
}

impl Related {
    fn of(item: Item) -> Self {
        Self {
            item,
            shared: Vec::new(),
            citation: None,
            words: Vec::new(),
        }
    }
}

/// Which of two resources names the symbol of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Citation {
    /// The related one.
    CitesThis,
    /// The one that is read.
    CitedHere,
}

/// A resource by what others may cite it by, and by where it may cite others.
#[derive(Debug, Clone, Default)]
pub struct Citable {
    /// Its symbols and other names.
    pub symbols: Vec<String>,
    /// The digests of its files.
    pub digests: Vec<String>,
}

/// The resources nearest to one, in a few queries whatever the size of the library.
///
/// # Errors
/// When the database does not answer.
pub async fn to_item(
    conn: &mut Conn,
    scope: &Scope,
    item: &Item,
    terms: &[Term],
    citable: &Citable,
    alike: &[Alike],
) -> Result<Vec<Related>> {
    let own: Vec<&Term> = terms.iter().filter(|t| weight_of(&t.taxonomy) > 0.0).collect();
    let mut related = by_citation(conn, scope, item.id, citable).await?;
    let best = match own.is_empty() {
        true => Arc::default(),
        false => nearest(conn, item.id, &own).await?,
    };
    let in_common = |ids: &[i64]| -> Vec<Term> {
        let terms = ids.iter().filter_map(|id| own.iter().find(|t| t.id.0 == *id));
        terms.map(|t| (*t).clone()).collect()
    };
    for cited in &mut related {
        if let Some((_, shared)) = best.iter().find(|(id, _)| *id == cited.item.id) {
            cited.shared = in_common(shared);
        }
    }
    let topical = |near: &&Near| {
        near.1
            .iter()
            .any(|id| own.iter().any(|t| t.id.0 == *id && t.taxonomy == TOPICS))
    };
    let (topics, rest): (Vec<&Near>, Vec<&Near>) = best.iter().partition(topical);
    let by_terms = |near: &Near| Candidate {
        id: near.0,
        shared: in_common(&near.1),
        words: Vec::new(),
    };
    let by_text = |alike: &Alike| Candidate {
        id: alike.id,
        shared: Vec::new(),
        words: alike.words.clone(),
    };
    let candidates: Vec<Candidate> = topics
        .into_iter()
        .map(by_terms)
        .chain(alike.iter().map(by_text))
        .chain(rest.into_iter().map(by_terms))
        .collect();
    take(conn, scope, candidates, &mut related).await?;
    Ok(related)
}

/// Who may stand among the related, and why.
struct Candidate {
    id: ItemId,
    shared: Vec<Term>,
    words: Vec<String>,
}

/// Fills the list up with those of the candidates that this reader may read; a few at a time, because a page depends on every
/// item that it looks at.
async fn take(conn: &mut Conn, scope: &Scope, candidates: Vec<Candidate>, related: &mut Vec<Related>) -> Result<()> {
    let mut candidates = candidates.into_iter().peekable();
    while related.len() < SHOWN && candidates.peek().is_some() {
        let some: Vec<Candidate> = candidates.by_ref().take(SHOWN).collect();
        let ids: Vec<ItemId> = some.iter().map(|candidate| candidate.id).collect();
        let mut found = holding(conn, scope, &ids).await?;
        for Candidate { id, shared, words } in some {
            let known = related.iter().any(|known| known.item.id == id);
            if let Some(item) = found.remove(&id).filter(|_| !known) {
                related.push(Related {
                    shared,
                    words,
                    ..Related::of(item)
                });
            }
        }
    }
    related.truncate(SHOWN);
    Ok(())
}

/// The resources that are cited in the files of this one, and those whose files cite it: a few of each.
async fn by_citation(conn: &mut Conn, scope: &Scope, but: ItemId, citable: &Citable) -> Result<Vec<Related>> {
    let wanted = citations(conn, but, citable).await?;
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ItemId> = wanted.iter().map(|(id, _)| *id).collect();
    let mut found = holding(conn, scope, &ids).await?;
    let mut related: Vec<Related> = Vec::new();
    for (id, citation) in wanted.iter() {
        let citation = Some(*citation);
        let alike = related.iter().filter(|known| known.citation == citation).count();
        if alike < CITED
            && let Some(item) = found.remove(id)
        {
            related.push(Related {
                citation,
                ..Related::of(item)
            });
        }
    }
    Ok(related)
}

/// Who is cited and who cites, whoever may see them; kept for as long as nobody begins to or ceases.
async fn citations(conn: &mut Conn, but: ItemId, citable: &Citable) -> Result<Arc<Vec<(ItemId, Citation)>>> {
    let key = format!("citations {but} {:?} {:?}", citable.symbols, citable.digests);
    let making = match conn.recall::<Vec<(ItemId, Citation)>>(key) {
        Recall::Found(known) => return Ok(known),
        Recall::Missing(making) => making,
    };
    let cited = documents::cited(conn, &citable.digests).await?;
    let cited = exchange::bearers(conn, &cited).await?;
    let cited = cited.into_iter().map(|(_, id)| (id, Citation::CitedHere));
    let keys: Vec<String> = citable.symbols.iter().flat_map(|s| gp_symbols::keys(s)).collect();
    let files = documents::citing(conn, &keys, CLOSER).await?;
    let files = items::by_ids(conn, &files).await?;
    let owner = |file: &Item| if file.parent.0 > 0 { file.parent } else { file.id };
    let mut citing: Vec<ItemId> = files.values().map(owner).collect();
    citing.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    let citing = citing.into_iter().map(|id| (id, Citation::CitesThis));
    let mut found: Vec<(ItemId, Citation)> = Vec::new();
    for (id, citation) in cited.take(CLOSER).chain(citing) {
        if id != but && found.iter().all(|(known, _)| *known != id) {
            found.push((id, citation));
        }
    }
    let bytes = found.len() * 16 + 100;
    Ok(making.keep(conn, found, bytes))
}

/// Those of them that this scope may read in full and that still hold.
async fn holding(conn: &mut Conn, scope: &Scope, ids: &[ItemId]) -> Result<HashMap<ItemId, Item>> {
    let mut found: Vec<Item> = items::by_ids(conn, ids).await?.into_values().collect();
    found.retain(|item| item.kind == "post" && scope.sight(item, None) == Sight::Full);
    let metas = meta::of_many(conn, MetaKind::Item, &found.iter().map(|i| i.id.0).collect::<Vec<_>>()).await?;
    let empty = Meta::default();
    found.retain(|item| {
        let status = Record::of(item, metas.get(&item.id.0).unwrap_or(&empty)).status;
        item.password.is_empty() && !matches!(status, Status::Superseded | Status::Withdrawn)
    });
    Ok(found.into_iter().map(|item| (item.id, item)).collect())
}

/// An item and the terms that it shares with another, the most telling first.
type Near = (ItemId, Vec<i64>);

/// The items that share most with one that has these terms; kept for as long as nobody gets or loses one of them.
async fn nearest(conn: &mut Conn, but: ItemId, own: &[&Term]) -> Result<Arc<Vec<Near>>> {
    let making = match conn.recall::<Vec<Near>>(format!("nearest {but} {:?}", ids(own))) {
        Recall::Found(best) => return Ok(best),
        Recall::Missing(making) => making,
    };
    let mut bearers = HashMap::new();
    for term in own {
        bearers.insert(term.id.0, store::bearers(conn, term.id.0).await?);
    }
    let all = store::open_posts(conn).await?;
    let best = ranked(&bearers, own, but, all);
    let bytes = best.iter().map(|(_, shared)| shared.len() * 8 + 40).sum();
    Ok(making.keep(conn, best, bytes))
}

fn ids(terms: &[&Term]) -> Vec<i64> {
    terms.iter().map(|t| t.id.0).collect()
}

fn weight_of(taxonomy: &str) -> f64 {
    TAXONOMIES
        .iter()
        .find(|(name, _)| *name == taxonomy)
        .map_or(0.0, |(_, weight)| *weight)
}

/// The rarest terms whose bearers together stay within bounds; one at least.
fn rare_enough(mut frequencies: Vec<(usize, i64)>) -> Vec<i64> {
    frequencies.sort_unstable();
    let mut rows = 0;
    let mut kept = Vec::new();
    for (frequency, id) in frequencies {
        rows += frequency;
        if rows > MOST_ROWS && !kept.is_empty() {
            break;
        }
        kept.push(id);
    }
    kept
}

/// Each item's score is the sum of its shared terms' rareness; equal scores stand by date, newest first.
fn ranked(bearers: &HashMap<i64, Arc<Vec<Bearer>>>, own: &[&Term], but: ItemId, all: i64) -> Vec<Near> {
    let frequency = |term: i64| bearers.get(&term).map_or(0, |list| list.len());
    let value = |term: &Term| {
        #[expect(clippy::cast_precision_loss, reason = "counts of items")]
        let rareness = (1.0 + all.max(1) as f64 / frequency(term.id.0).max(1) as f64).ln();
        weight_of(&term.taxonomy) * rareness
    };
    let asked = rare_enough(own.iter().map(|t| (frequency(t.id.0), t.id.0)).collect());
    let mut by_value: Vec<(f64, &Term)> = own
        .iter()
        .filter(|t| asked.contains(&t.id.0))
        .map(|t| (value(t), *t))
        .collect();
    by_value.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.name.cmp(&y.name)));
    let mut found: HashMap<ItemId, (f64, i64, Vec<i64>)> = HashMap::new();
    for (value, term) in &by_value {
        let newest = bearers
            .get(&term.id.0)
            .into_iter()
            .flat_map(|list| list.iter().take(MOST_ROWS));
        for (date, id) in newest.filter(|(_, id)| *id != but) {
            let entry = found.entry(*id).or_insert((0.0, *date, Vec::new()));
            entry.0 += value;
            entry.2.push(term.id.0);
        }
    }
    let mut sorted: Vec<_> = found.into_iter().collect();
    sorted.sort_by(|(a_id, a), (b_id, b)| {
        b.0.total_cmp(&a.0)
            .then_with(|| b.1.cmp(&a.1))
            .then_with(|| b_id.cmp(a_id))
    });
    sorted.truncate(CLOSER);
    sorted.into_iter().map(|(id, (.., shared))| (id, shared)).collect()
}

/// The reason in words, as HTML (names of terms are stored escaped): "Shares two topics: Recruitment, Child labour".
pub fn reason(related: &Related, words: &Words) -> String {
    let shared = related.shared.as_slice();
    match related.citation {
        Some(Citation::CitesThis) => return words.say("Cites this document").to_owned(),
        Some(Citation::CitedHere) => return words.say("Cited in this document").to_owned(),
        None => {}
    }
    let names = |taxonomy: &str| -> Vec<String> {
        let of = shared.iter().filter(|t| t.taxonomy == taxonomy);
        of.map(|t| match (words.lang, gp_blocks::html::stored(&t.name)) {
            ("ar", name) => format!("<bdi class=\"g-long\">{name}</bdi>"),
            (_, name) => name,
        })
        .collect()
    };
    let comma = if words.lang == "ar" { "، " } else { ", " };
    let topics = names(TOPICS);
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
    if !related.words.is_empty() {
        let listed: Vec<String> = related.words.iter().map(|word| gp_blocks::html::esc(word)).collect();
        return words.fill("Similar text: {}", &listed.join(comma));
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

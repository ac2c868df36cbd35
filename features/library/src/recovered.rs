//! Facts about publications that an old site kept only in words: `TITLE - PUBLISHER, YEAR DOWNLOAD` in the text of links, symbol and
//! date in the mastheads of files. Each comes with where it was found; what is not sure waits for an editor.
//!
//! What must never be here: a fact that is written without having been asked for.

use std::collections::BTreeMap;

use gp_content::{
    Actor, Item, Meta, MetaKind, Verb,
    actions::{self, Act},
    documents as readings, files, items, meta, terms,
};
use gp_kernel::{Error, ItemId, Result};
use gp_store::Conn;
use serde_json::{Map, Value, json};

use crate::{
    documents,
    record::{RECORD, Record},
};

/// A value, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The field of the record: `publisher`, `issued`, `symbol`.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// Where it stood.
    pub from: String,
    /// Nothing speaks against it; else an editor should look.
    pub sure: bool,
    /// Another value that may be meant.
    pub meant: Option<String>,
}

/// What was recovered of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The item.
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// The citation in the text of a link: title, publisher, year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The title.
    pub title: String,
    /// Who published it; as it was written.
    pub publisher: String,
    /// The year.
    pub year: String,
}

/// Takes `TITLE - PUBLISHER, YEAR DOWNLOAD` apart: at the last dash between blanks, and the last comma before a year.
pub fn cited(text: &str) -> Option<Cited> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let text = match lower.strip_suffix("download") {
        Some(rest) if text.is_char_boundary(rest.len()) => text[..rest.len()].trim_end(),
        _ => text,
    };
    let (rest, year) = text.rsplit_once(',')?;
    let year = year.trim();
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) && ("1900".."2101").contains(&year);
    let dash = [" - ", " – ", " — "]
        .iter()
        .filter_map(|dash| Some((rest.rfind(dash)?, dash.len())))
        .max()?;
    let (title, publisher) = (rest[..dash.0].trim(), rest[dash.0 + dash.1..].trim());
    let whole = is_year && !title.is_empty() && !publisher.is_empty() && publisher.chars().count() <= 150;
    whole.then(|| Cited {
        title: title.to_owned(),
        publisher: publisher.to_owned(),
        year: year.to_owned(),
    })
}

/// The name in a list that a misspelt one most likely means; none when it stands there itself, or nothing is near.
pub fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const SHORTEST: usize = 6;
    const FURTHEST: f64 = 0.9;
    if name.chars().count() < SHORTEST {
        return None;
    }
    let name = name.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for other in known {
        let lower = other.to_lowercase();
        if lower == name {
            return None;
        }
        let near = strsim::normalized_damerau_levenshtein(&name, &lower);
        if near >= FURTHEST && best.is_none_or(|(known, _)| near > known) {
            best = Some((near, other));
        }
    }
    best.map(|(_, name)| name)
}

/// What can be recovered of all resources that have no record yet.
///
/// # Errors
/// When the database does not answer.
pub async fn survey(conn: &mut Conn) -> Result<Vec<Recovered>> {
    const AT_ONCE: usize = 500;
    let mut found = Vec::new();
    let mut last = ItemId(0);
    loop {
        let page = items::after(conn, last, AT_ONCE).await?;
        let Some((newest, _)) = page.last() else { break };
        last = *newest;
        let posts: Vec<ItemId> = page
            .iter()
            .filter(|(_, kind)| kind == "post")
            .map(|(id, _)| *id)
            .collect();
        let mut items: Vec<Item> = items::by_ids(conn, &posts).await?.into_values().collect();
        items.retain(|item| !matches!(item.status.as_str(), "trash" | "auto-draft"));
        items.sort_by_key(|item| item.id);
        let ids: Vec<i64> = items.iter().map(|item| item.id.0).collect();
        let metas = meta::of_many(conn, MetaKind::Item, &ids).await?;
        let none = Meta::default();
        let pairs: Vec<(&Item, &Meta)> = items
            .iter()
            .map(|item| (item, metas.get(&item.id.0).unwrap_or(&none)))
            .filter(|(item, meta)| !Record::of(item, meta).given)
            .collect();
        let mut mastheads = mastheads(conn, &pairs).await?;
        for (item, _) in &pairs {
            let mut facts = of_links(item);
            facts.extend(mastheads.remove(&item.id).unwrap_or_default());
            if !facts.is_empty() {
                found.push(Recovered {
                    id: item.id,
                    title: gp_markup::text::plain_text(&item.title),
                    facts,
                });
            }
        }
    }
    let known = terms::of_taxonomy(conn, "publisher").await?;
    judge(
        &mut found,
        &known.iter().map(|term| term.name.as_str()).collect::<Vec<_>>(),
    );
    Ok(found)
}

fn of_links(item: &Item) -> Vec<Fact> {
    let Some((text, cited)) = documents::texts_of_links(&item.content)
        .into_iter()
        .find_map(|text| Some((text.clone(), cited(&text)?)))
    else {
        return Vec::new();
    };
    let fact = |field, value: &str, sure| Fact {
        field,
        value: value.to_owned(),
        from: format!("link text: {text}"),
        sure,
        meant: None,
    };
    vec![
        fact("publisher", &cited.publisher, false),
        fact("issued", &cited.year, true),
    ]
}

/// Symbol and date that the first pages of files say.
async fn mastheads(conn: &mut Conn, pairs: &[(&Item, &Meta)]) -> Result<BTreeMap<ItemId, Vec<Fact>>> {
    let paths = documents::paths_of(conn, pairs).await?;
    let all: Vec<String> = paths.values().flatten().cloned().collect();
    let known = files::by_paths(conn, &all).await?;
    let digests: Vec<String> = known.iter().map(|file| file.digest.clone()).collect();
    let read = readings::by_digests(conn, &digests).await?;
    let mut found = BTreeMap::new();
    for (item, own) in paths {
        for path in own {
            let file = known.iter().find(|file| file.path == path);
            let Some(reading) = file.and_then(|file| read.get(&file.digest)) else {
                continue;
            };
            let facts: Value = serde_json::from_str(&reading.facts).unwrap_or_default();
            let date = facts.get("issued").and_then(Value::as_str).unwrap_or_default();
            let said = [("symbol", reading.symbol.as_str()), ("issued", date)];
            let told: Vec<Fact> = said
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(field, value)| Fact {
                    field,
                    value: value.to_owned(),
                    from: format!("masthead of {path}"),
                    sure: true,
                    meant: None,
                })
                .collect();
            if !told.is_empty() {
                found.insert(item, told);
                break;
            }
        }
    }
    Ok(found)
}

/// A publisher is sure when the library knows it, or at least three entries name it alike and none that is more frequent is meant.
fn judge(found: &mut [Recovered], known: &[&str]) {
    const OFTEN: usize = 3;
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for fact in found.iter().flat_map(|r| &r.facts).filter(|f| f.field == "publisher") {
        *named.entry(fact.value.clone()).or_default() += 1;
    }
    for fact in found
        .iter_mut()
        .flat_map(|r| &mut r.facts)
        .filter(|f| f.field == "publisher")
    {
        let count = named.get(&fact.value).copied().unwrap_or(0);
        let others = named.iter().filter(|(_, n)| **n > count).map(|(name, _)| name.as_str());
        fact.meant = meant(&fact.value, known.iter().copied().chain(others)).map(str::to_owned);
        let is_known = known.iter().any(|name| name.eq_ignore_ascii_case(&fact.value));
        fact.sure = is_known || (count >= OFTEN && fact.meant.is_none());
    }
}

/// Writes recovered facts into the record of an item. What the masthead says goes before what a link says.
///
/// # Errors
/// `NotFound` when the item is gone; when the database does not answer.
pub async fn accept(act: &mut Act<'_>, recovered: &Recovered, facts: &[&Fact]) -> Result<()> {
    let Some(item) = items::by_id(act.tx, recovered.id).await? else {
        return Err(Error::not_found(format!("there is no item {}", recovered.id)));
    };
    let mut record = Map::new();
    let mut sources = Map::new();
    for fact in facts {
        let value = match fact.field {
            "publisher" => json!([fact.value]),
            _ => json!(fact.value),
        };
        record.insert(fact.field.to_owned(), value);
        sources.insert(fact.field.to_owned(), json!(fact.from));
    }
    record.insert("recovered_from".to_owned(), Value::Object(sources));
    let grant = Actor::system().may(Verb::SetMeta, &item, None, act.types)?;
    let json = Value::Object(record).to_string();
    actions::set_meta(act, &grant, item.id, RECORD, &[json.as_bytes()]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_in_a_link_is_taken_apart() {
        let told = |text| cited(text).map(|c| (c.title, c.publisher, c.year));
        let some =
            |title: &str, publisher: &str, year: &str| Some((title.to_owned(), publisher.to_owned(), year.to_owned()));
        assert_eq!(
            told("COVID-19 health and safety checklist - Ethical Trading Initiatiwe, 2020 DOWNLOAD"),
            some(
                "COVID-19 health and safety checklist",
                "Ethical Trading Initiatiwe",
                "2020"
            )
        );
        assert_eq!(told("A – B – IOM, UNODC, 2019"), some("A – B", "IOM, UNODC", "2019"));
        for text in [
            "DOWNLOAD",
            "Title, 2020",
            "A - B, someday",
            "A - , 2020",
            " - B, 2020",
            "A - B, 20201",
            "",
            "İ - B, 2020 download",
        ] {
            let found = told(text);
            assert!(found.is_none() || text.starts_with('İ'), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_misspelt_publisher_is_recognised() {
        let known = ["Ethical Trading Initiative", "International Labour Organization"];
        assert_eq!(meant("Ethical Trading Initiatiwe", known), Some(known[0]));
        assert_eq!(meant("ethical trading initiative", known), None, "it stands there");
        assert_eq!(meant("Another Body", known), None);
        assert_eq!(meant("ILO", ["IOM"]), None, "short names are all near each other");
    }

    #[test]
    fn what_is_sure_is_known_or_said_often() {
        let one = |id, publisher: &str| Recovered {
            id: ItemId(id),
            title: String::new(),
            facts: vec![Fact {
                field: "publisher",
                value: publisher.to_owned(),
                from: String::new(),
                sure: false,
                meant: None,
            }],
        };
        let mut found = vec![
            one(1, "Walk Free Foundation"),
            one(2, "Walk Free Foundation"),
            one(3, "Walk Free Foundation"),
            one(4, "Walk Free Foundatiom"),
            one(5, "Once Only"),
            one(6, "known body"),
        ];
        judge(&mut found, &["Known Body"]);
        let told: Vec<(bool, Option<&str>)> = found
            .iter()
            .map(|r| (r.facts[0].sure, r.facts[0].meant.as_deref()))
            .collect();
        let sure = (true, None);
        assert_eq!(
            told,
            [
                sure,
                sure,
                sure,
                (false, Some("Walk Free Foundation")),
                (false, None),
                sure
            ]
        );
    }
}

//! `/oai`: the repository for harvesters (OAI-PMH 2.0), by GET and POST. Only what everybody may read; every fault is answered
//! with 200, as the protocol wants it.

use std::collections::HashMap;

use axum::http::StatusCode;
use gp_citation::oai::{Asked, Body, Cursor, Fault, Header, Identify, Record, Selection, Set, Told, parse, respond};
use gp_content::{
    Item, Term,
    exchange::{self, Entry, Wanted, is_told},
    items, terms,
};
use gp_kernel::{ItemId, Result};
use gp_markup::text::plain_text;
use gp_store::Conn;

use crate::{answer::Answer, public::Visit};

pub(super) const PATH: &str = "/oai";

const RECORDS_AT_ONCE: usize = 100;
const HEADERS_AT_ONCE: usize = 500;

pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn) -> Result<Answer> {
    let query = visit
        .sent
        .as_ref()
        .map_or(visit.request.query.as_str(), |sent| &sent.query);
    let arguments = pairs(query);
    let parsed = parse(&arguments);
    let mut desk = Desk {
        visit,
        labels: terms::of_taxonomy(conn, "category").await?,
        conn,
    };
    let body = match &parsed {
        Ok(asked) => desk.answer(asked).await?,
        Err(fault) => Err(*fault),
    };
    let told = Told {
        now: &moment_now(visit),
        base_url: &format!("{}{PATH}", visit.base_url),
        arguments: &arguments,
        asked: parsed.as_ref().ok(),
    };
    Ok(Answer::data(
        StatusCode::OK,
        "text/xml; charset=UTF-8",
        respond(&told, &body),
    ))
}

/// Names and values in their order, repeated ones too.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text)
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .take(50)
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn moment_now(visit: &Visit<'_>) -> String {
    visit.app.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-11-26 10:00:00` as the protocol writes it.
fn outside(stamp: &str) -> String {
    format!("{}Z", stamp.replace(' ', "T"))
}

/// And back.
fn inside(moment: &str) -> String {
    moment.replace('T', " ").trim_end_matches('Z').to_owned()
}

/// The host without its port: what identifiers are made of.
fn host(base_url: &str) -> &str {
    let host = base_url.split_once("://").map_or(base_url, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

struct Desk<'v, 'c> {
    visit: &'v Visit<'v>,
    conn: &'c mut Conn,
    labels: Vec<Term>,
}

type Answered<T> = Result<std::result::Result<T, Fault>>;

impl Desk<'_, '_> {
    async fn answer(&mut self, asked: &Asked) -> Answered<Body> {
        Ok(match asked {
            Asked::Identify => Ok(Body::Identify(self.identify().await?)),
            Asked::ListMetadataFormats(None) => Ok(Body::Formats),
            Asked::ListMetadataFormats(Some(name)) => self.entry(name).await?.map(|_| Body::Formats),
            Asked::ListSets if self.labels.is_empty() => Err(Fault::NoSetHierarchy),
            Asked::ListSets => Ok(Body::Sets(self.sets())),
            Asked::GetRecord(name) => match self.entry(name).await? {
                Ok(entry) => {
                    let mut records = self.records(&[entry]).await?;
                    records
                        .pop()
                        .map(|r| Body::Record(Box::new(r)))
                        .ok_or(Fault::IdDoesNotExist)
                }
                Err(fault) => Err(fault),
            },
            Asked::ListRecords(selection) => match self.list(selection, RECORDS_AT_ONCE).await? {
                Ok((entries, next)) => Ok(Body::Records(self.records(&entries).await?, next)),
                Err(fault) => Err(fault),
            },
            Asked::ListIdentifiers(selection) => match self.list(selection, HEADERS_AT_ONCE).await? {
                Ok((entries, next)) => Ok(Body::Headers(self.headers(&entries).await?, next)),
                Err(fault) => Err(fault),
            },
        })
    }

    async fn identify(&mut self) -> Result<Identify> {
        let site = &self.visit.site;
        let earliest = exchange::earliest(self.conn).await?;
        // The address that WordPress keeps for its own letters is nobody's business; this one is given on purpose.
        let email = match site.text("guidepost_contact_email").trim() {
            email if email.contains('@') => email.to_owned(),
            _ => format!("postmaster@{}", host(&self.visit.base_url)),
        };
        Ok(Identify {
            name: match plain_text(&site.name).as_str() {
                "" => "Guidepost".to_owned(),
                name => name.to_owned(),
            },
            email,
            earliest: match earliest.as_str() {
                "" => moment_now(self.visit),
                stamp => outside(stamp),
            },
        })
    }

    fn identifier(&self, id: ItemId) -> String {
        format!("oai:{}:{id}", host(&self.visit.base_url))
    }

    /// The name of a label as a set, with those above it: `guidance:toolkits`.
    fn spec(&self, label: &Term) -> String {
        let word = |term: &&Term| {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            match !term.slug.is_empty() && term.slug.chars().all(plain) {
                true => term.slug.clone(),
                false => format!("label-{}", term.term_id),
            }
        };
        let line = terms::with_ancestors(&self.labels, label);
        line.iter().map(word).collect::<Vec<_>>().join(":")
    }

    fn sets(&self) -> Vec<Set> {
        let mut sets: Vec<Set> = self
            .labels
            .iter()
            .map(|label| Set {
                spec: self.spec(label),
                name: plain_text(&label.name),
            })
            .collect();
        sets.sort_by(|a, b| a.spec.cmp(&b.spec));
        sets
    }

    /// The entry of a name.
    async fn entry(&mut self, name: &str) -> Answered<Entry> {
        let start = self.identifier(ItemId(0));
        let id = name
            .strip_prefix(start.trim_end_matches('0'))
            .and_then(|id| id.parse().ok());
        let Some(id) = id.map(ItemId) else {
            return Ok(Err(Fault::IdDoesNotExist));
        };
        Ok(exchange::of(self.conn, id).await?.ok_or(Fault::IdDoesNotExist))
    }

    async fn list(&mut self, selection: &Selection, at_once: usize) -> Answered<(Vec<Entry>, Option<Cursor>)> {
        let mut wanted = Wanted {
            from: inside(&selection.from),
            until: inside(&selection.until),
            ..Wanted::default()
        };
        if !selection.set.is_empty() {
            if self.labels.is_empty() {
                return Ok(Err(Fault::NoSetHierarchy));
            }
            let label = self.labels.iter().find(|label| self.spec(label) == selection.set);
            let Some(label) = label else {
                return Ok(Err(Fault::NoRecordsMatch));
            };
            wanted.terms = Some(terms::with_descendants(&self.labels, label));
        }
        let (shown, total) = match &selection.cursor {
            Some(cursor) => (cursor.shown, cursor.total),
            None => (0, exchange::count(self.conn, &wanted).await?),
        };
        wanted.after = selection.cursor.as_ref().map(|c| (inside(&c.stamp), c.id));
        let mut entries = exchange::next(self.conn, &wanted, at_once + 1).await?;
        if entries.is_empty() {
            return Ok(Err(Fault::NoRecordsMatch));
        }
        let more = entries.len() > at_once;
        entries.truncate(at_once);
        let next = entries.last().filter(|_| more).map(|last| Cursor {
            stamp: outside(&last.stamp),
            id: last.item.0,
            shown: shown + entries.len(),
            total,
        });
        Ok(Ok((entries, next)))
    }

    /// The items of these entries that everybody may read now; whatever else is said of them, the others are gone.
    async fn items(&mut self, entries: &[Entry]) -> Result<HashMap<ItemId, Item>> {
        let ids: Vec<ItemId> = entries.iter().filter(|e| !e.gone).map(|e| e.item).collect();
        let mut found = items::by_ids(self.conn, &ids).await?;
        found.retain(|_, item| is_told(item));
        Ok(found)
    }

    async fn headers(&mut self, entries: &[Entry]) -> Result<Vec<Header>> {
        let found = self.items(entries).await?;
        let ids: Vec<ItemId> = found.keys().copied().collect();
        let of_items = terms::of_items(self.conn, &ids).await?;
        let header = |entry: &Entry| {
            let there = found.contains_key(&entry.item);
            let labels: Vec<i64> = match there {
                true => of_items
                    .get(&entry.item)
                    .into_iter()
                    .flatten()
                    .map(|t| t.id.0)
                    .collect(),
                false => entry.terms.clone(),
            };
            let own = self.labels.iter().filter(|label| labels.contains(&label.id.0));
            let mut sets: Vec<String> = own.map(|label| self.spec(label)).collect();
            sets.sort();
            Header {
                identifier: self.identifier(entry.item),
                stamp: outside(&entry.stamp),
                sets,
                deleted: !there,
            }
        };
        Ok(entries.iter().map(header).collect())
    }

    async fn records(&mut self, entries: &[Entry]) -> Result<Vec<Record>> {
        let headers = self.headers(entries).await?;
        let found: Vec<Item> = self.items(entries).await?.into_values().collect();
        let scope = self.visit.app.public_scope();
        let works = super::works(self.visit, self.conn, &scope, &found).await?;
        Ok(headers
            .into_iter()
            .zip(entries)
            .map(|(header, entry)| {
                let work = works.get(&entry.item);
                Record {
                    header: Header {
                        deleted: work.is_none(),
                        ..header
                    },
                    elements: work.map(gp_citation::Work::dublin_core).unwrap_or_default(),
                }
            })
            .collect())
    }
}

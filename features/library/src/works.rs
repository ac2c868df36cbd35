//! Resources and events as works: what citations, linked data, harvesters and the API for programs are told of them.
//!
//! Any number of items costs a bounded number of queries. Items that the reader may not read in full must not be among them.

use std::collections::{BTreeMap, HashMap, HashSet};

use gp_citation::{Body, Event, File, Kind, Place, Version, Wording, Work};
use gp_content::{
    Item, Meta, MetaKind, Sight, Term,
    address::links,
    exchange::{self, Asking},
    files, items, meta, terms,
};
use gp_kernel::{ItemId, Result};
use gp_markup::text::plain_text;
use gp_store::Conn;

use crate::{
    blocks::{Occasion, language_of},
    documents::{self, Document, Documents},
    record::{Record, Status},
    words::{Words, same_language},
};

/// The works that these items are; an item that is none is missing.
///
/// # Errors
/// When the database does not answer.
pub async fn of_items(conn: &mut Conn, asking: Asking<'_>, list: &[Item]) -> Result<HashMap<ItemId, Work>> {
    let list: Vec<&Item> = list
        .iter()
        .filter(|i| matches!(i.kind.as_str(), "post" | "ai1ec_event"))
        .collect();
    if list.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = list.iter().map(|i| i.id.0).collect();
    let metas = meta::of_many(conn, MetaKind::Item, &ids).await?;
    let none = Meta::default();
    let of = |item: &Item| metas.get(&item.id.0).unwrap_or(&none);
    let owned: Vec<Item> = list.iter().map(|i| (*i).clone()).collect();
    let paths = links::of_items(conn, asking.site, asking.types, &owned).await?;
    let resources: Vec<(&Item, &Meta)> = list.iter().filter(|i| i.kind == "post").map(|i| (*i, of(i))).collect();
    let mut documents = documents::of_items(conn, &resources).await?;
    let item_ids: Vec<ItemId> = list.iter().map(|i| i.id).collect();
    let mut of_terms = terms::of_items(conn, &item_ids).await?;
    let mut versions = versions(conn, asking, &resources).await?;
    let mut works = HashMap::with_capacity(list.len());
    for item in list {
        let found = Found {
            item,
            own: of(item),
            link: paths.get(&item.id).map_or("/", String::as_str),
            terms: of_terms.remove(&item.id).unwrap_or_default(),
            documents: documents.remove(&item.id).unwrap_or_default(),
            versions: versions.remove(&item.id).unwrap_or_default(),
        };
        works.extend(found.work(asking).map(|work| (item.id, work)));
    }
    Ok(works)
}

/// Everything that is known of one item.
struct Found<'a> {
    item: &'a Item,
    own: &'a Meta,
    link: &'a str,
    terms: Vec<Term>,
    documents: Documents,
    versions: Vec<Version>,
}

impl Found<'_> {
    fn work(self, asking: Asking<'_>) -> Option<Work> {
        let record = Record::of(self.item, self.own);
        let event = match self.item.kind.as_str() {
            "ai1ec_event" => {
                let (start, end, venue) = Occasion::read(self.own)?.moments();
                Some(Event { start, end, venue })
            }
            _ => None,
        };
        let lang = lang_of(&record, self.item, self.own, asking);
        let url = format!("{}{}", asking.base, self.link);
        let library = plain_text(&asking.site.name);
        let mut work = of_record(&record, plain_text(&self.item.title), &library, url, &lang);
        work.library.url = format!("{}/", asking.base);
        work.kind = match (&event, record.given) {
            (Some(_), _) => Kind::Event,
            (None, true) => Kind::Report,
            (None, false) => Kind::Document,
        };
        work.event = event;
        work.modified = moment(&self.item.modified_gmt);
        work.labels = self.names(&["category", "events_categories"]);
        work.topics = self.names(&["post_tag"]);
        work.regions = self.names(&["region"]);
        self.link_authors(&mut work, asking);
        if work.authors.is_empty() && !work.library.name.is_empty() {
            work.authors = vec![work.library.clone()];
        }
        work.files = files_of(asking, self.link, &self.documents);
        work.elsewhere = self.documents.elsewhere.map(|e| e.url).unwrap_or_default();
        work.versions = self.versions;
        Some(work)
    }

    fn names(&self, taxonomies: &[&str]) -> Vec<String> {
        let own = self.terms.iter().filter(|t| taxonomies.contains(&t.taxonomy.as_str()));
        own.map(|t| plain_text(&t.name)).collect()
    }

    /// Bodies that are terms have archives; where the record names none, the terms do.
    fn link_authors(&self, work: &mut Work, asking: Asking<'_>) {
        let bodies: Vec<Body> = self
            .terms
            .iter()
            .filter(|t| t.taxonomy == "publisher")
            .map(|t| Body {
                name: plain_text(&t.name),
                url: format!("{}{}", asking.base, links::of_term(asking.site, asking.types, t, &[])),
            })
            .collect();
        if work.authors.is_empty() && !bodies.is_empty() {
            work.authors = bodies;
            return;
        }
        for author in &mut work.authors {
            if let Some(body) = bodies.iter().find(|b| b.name == author.name) {
                author.url.clone_from(&body.url);
            }
        }
    }
}

/// What a record says; the rest is to be filled in.
pub(crate) fn of_record(record: &Record, title: String, library: &str, url: String, lang: &str) -> Work {
    let body = |name: &String| Body {
        name: name.clone(),
        url: String::new(),
    };
    let status = match &record.status {
        Status::Other(word) => word.clone(),
        status => status.slug().replace('-', " "),
    };
    Work {
        url,
        title,
        authors: record.publisher.iter().map(body).collect(),
        library: Body {
            name: library.to_owned(),
            url: String::new(),
        },
        symbol: record.symbol.clone(),
        also_known_as: record.also_known_as.clone(),
        series: record.series.clone(),
        issued: record.issued.clone(),
        adopted: record.adopted.clone(),
        lang: lang.to_owned(),
        original: record.original.clone(),
        licence: record.licence.clone(),
        status,
        explains: record.explains.clone(),
        audience: record.audience.clone(),
        ..Work::default()
    }
}

/// One sentence that names the work, or a passage of it, in a language that we speak.
pub fn sentence(work: &Work, lang: &str, place: &Place) -> String {
    let words = Words::of(lang);
    let authors: Vec<String> = work.authors.iter().map(|b| b.name.clone()).collect();
    let wording = Wording {
        authors: words.and(&authors),
        date: match work.issued.as_str() {
            "" => String::new(),
            date => words.date(date),
        },
        quotes: match words.lang {
            "ar" | "es" => ("«", "»"),
            "fr" => ("«\u{a0}", "\u{a0}»"),
            _ => ("“", "”"),
        },
        comma: if words.lang == "ar" { "، " } else { ", " },
    };
    work.sentence(&wording, place)
}

/// The language of an entry: as it says, else as its letters do.
fn lang_of(record: &Record, item: &Item, own: &Meta, asking: Asking<'_>) -> String {
    match record.lang.as_str() {
        "" => language_of(item, own, &asking.site.language, false),
        lang => lang.to_owned(),
    }
}

/// A moment in UTC as other programs write it; empty for the zero date.
fn moment(gmt: &str) -> String {
    match gp_kernel::parse_mysql_date(gmt) {
        Some(date) => date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        None => String::new(),
    }
}

/// The files of a work. Each has an address below its page, but for the second of two with the same name.
fn files_of(asking: Asking<'_>, link: &str, documents: &Documents) -> Vec<File> {
    let mut seen = HashSet::new();
    let mut file = |document: &Document| {
        let name = document.path.rsplit('/').next().unwrap_or_default();
        let upload = format!("{}{}", asking.base, document.url);
        let own = files::own_address(link, name).filter(|_| seen.insert(name.to_owned()));
        File {
            url: own.map_or_else(|| upload.clone(), |own| format!("{}{own}", asking.base)),
            upload,
            title: document.title.clone(),
            lang: document.lang.clone(),
            kind: document.kind.clone(),
            mime: document.mime.clone(),
            size: document.size,
            pages: document.pages,
            sha256: document.digest.clone(),
            published: document.published.clone(),
        }
    };
    // A file that is named and not there is offered to nobody.
    let here = documents.here.iter().filter(|d| !d.digest.is_empty());
    here.map(&mut file).collect()
}

/// Language versions: resources with the same symbol in other languages, that the reader may read in full.
async fn versions(
    conn: &mut Conn,
    asking: Asking<'_>,
    resources: &[(&Item, &Meta)],
) -> Result<HashMap<ItemId, Vec<Version>>> {
    let key_of = |item: &Item, own: &Meta| gp_symbols::key(&Record::of(item, own).symbol);
    let keys: BTreeMap<ItemId, String> = resources
        .iter()
        .map(|(item, own)| (item.id, key_of(item, own)))
        .filter(|(_, key)| !key.is_empty())
        .collect();
    let wanted: Vec<String> = keys.values().cloned().collect::<HashSet<_>>().into_iter().collect();
    let mut bearers: HashMap<String, Vec<ItemId>> = HashMap::new();
    for (key, id) in exchange::bearers(conn, &wanted).await? {
        bearers.entry(key).or_default().push(id);
    }
    bearers.retain(|_, ids| ids.len() > 1);
    let ids: Vec<ItemId> = bearers.values().flatten().copied().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let all = items::by_ids(conn, &ids).await?;
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let metas = meta::of_many(conn, MetaKind::Item, &numbers).await?;
    let seen: Vec<Item> = all
        .into_values()
        .filter(|i| i.kind == "post" && asking.scope.sight(i, None) == Sight::Full)
        .collect();
    let paths = links::of_items(conn, asking.site, asking.types, &seen).await?;
    let none = Meta::default();
    let mut found = HashMap::new();
    for (id, key) in keys {
        let mut own: Vec<(ItemId, Version)> = seen
            .iter()
            .filter(|i| bearers.get(&key).is_some_and(|ids| ids.contains(&i.id)))
            .filter_map(|i| {
                let meta = metas.get(&i.id.0).unwrap_or(&none);
                (key_of(i, meta) == key).then(|| (i.id, version(asking, i, meta, paths.get(&i.id))))
            })
            .collect();
        // One for each language: this one before others, then the oldest.
        own.sort_by_key(|(other, _)| (*other != id, *other));
        let mut versions: Vec<Version> = Vec::new();
        for (_, one) in own {
            if !versions.iter().any(|v| same_language(&v.lang, &one.lang)) {
                versions.push(one);
            }
        }
        if versions.len() > 1 {
            versions.sort_by(|a, b| a.lang.cmp(&b.lang));
            found.insert(id, versions);
        }
    }
    Ok(found)
}

fn version(asking: Asking<'_>, item: &Item, own: &Meta, link: Option<&String>) -> Version {
    let record = Record::of(item, own);
    let lang = lang_of(&record, item, own, asking);
    Version {
        original: !record.original.is_empty() && same_language(&record.original, &lang),
        lang,
        url: format!("{}{}", asking.base, link.map_or("/", String::as_str)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_who_what_symbol_when_and_where() {
        let body = |name: &str| Body {
            name: name.to_owned(),
            url: String::new(),
        };
        let work = Work {
            title: "What {50%} of States do".to_owned(),
            authors: vec![body("Body A"), body("Body B & Sons")],
            symbol: "CRC/C/156".to_owned(),
            issued: "2019-09-10".to_owned(),
            url: "https://library.example/x/".to_owned(),
            ..Work::default()
        };
        let place = Place {
            paragraph: "62".to_owned(),
            ..Place::default()
        };
        assert_eq!(
            sentence(&work, "en", &Place::default()),
            "Body A and Body B & Sons, “What {50%} of States do”, CRC/C/156, 10 September 2019."
        );
        assert!(sentence(&work, "en", &place).ends_with("10 September 2019, para. 62."));
        let bare = Work {
            authors: Vec::new(),
            symbol: String::new(),
            issued: "2019".to_owned(),
            ..work
        };
        assert_eq!(
            sentence(&bare, "en", &Place::default()),
            "“What {50%} of States do”, 2019, https://library.example/x/."
        );
    }
}

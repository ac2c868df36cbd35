//! The documents of items: from their list of files, from links in their text, from files attached to them.
//!
//! Any number of items costs three queries: attachments, their paths, and what is kept of the files.

use std::collections::{BTreeSet, HashMap, HashSet};

use gp_blocks::html::Tag;
use gp_content::{Item, Meta, MetaKind, files, meta};
use gp_kernel::{ItemId, Result};
use gp_store::Conn;

use crate::{
    record::{self, External, ListedFile},
    store, words,
};

/// Below this every upload is served.
const UPLOADS: &str = "/wp-content/uploads/";
/// Endings of files that are documents, not pictures inside a text.
const ENDINGS: &[&str] = &[
    "pdf", "doc", "docx", "odt", "rtf", "txt", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "epub", "zip", "mp3",
    "mp4",
];
/// More documents than this are not listed on one page.
const MOST: usize = 100;

/// One document of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The path below uploads.
    pub path: String,
    /// Its address, a path.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its language; empty when unknown.
    pub lang: String,
    /// `original`, `translation`, `annex`, `child-friendly`, another word, or nothing.
    pub kind: String,
    /// How many pages; 0 when unknown.
    pub pages: i64,
    /// When it was published; empty when unknown.
    pub published: String,
    /// Bytes; 0 when unknown.
    pub size: i64,
    /// Media type; empty when unknown.
    pub mime: String,
    /// SHA-256 of its bytes; empty when they are not here.
    pub digest: String,
    /// The address of a picture of its first page.
    pub thumb: Option<String>,
    /// Its text has been read: it can be shown as pages.
    pub readable: bool,
}

impl Document {
    /// `PDF`, `DOCX`: the ending in capitals.
    pub fn format(&self) -> String {
        ending(&self.path).to_uppercase()
    }

    /// Whether it is an edition of the document itself, in whatever language.
    pub fn is_edition(&self) -> bool {
        matches!(self.kind.as_str(), "original" | "translation") || (self.kind.is_empty() && !self.lang.is_empty())
    }
}

/// The documents of one item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Documents {
    /// Those that are here.
    pub here: Vec<Document>,
    /// Where the document lies, when not here.
    pub elsewhere: Option<External>,
}

impl Documents {
    /// The document that this page offers first: in the page's language, else the original, else the first.
    pub fn main(&self, lang: &str) -> Option<&Document> {
        let editions = || self.here.iter().filter(|d| d.is_edition());
        editions()
            .find(|d| words::same_language(&d.lang, lang))
            .or_else(|| editions().find(|d| d.kind == "original"))
            .or_else(|| editions().next())
            .or_else(|| self.here.first())
    }

    /// The languages in which the document can be had, each once.
    pub fn languages(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        let editions = self.here.iter().filter(|d| d.is_edition() && !d.lang.is_empty());
        editions
            .map(|d| d.lang.as_str())
            .filter(|lang| seen.insert(*lang))
            .collect()
    }
}

/// The documents of many items. Items that the reader has not unlocked must not be among them.
///
/// # Errors
/// When the database does not answer.
pub async fn of_items(conn: &mut Conn, items: &[(&Item, &Meta)]) -> Result<HashMap<ItemId, Documents>> {
    let mut listed: HashMap<ItemId, Vec<ListedFile>> = HashMap::new();
    let mut links: HashMap<ItemId, Vec<Link>> = HashMap::new();
    let mut poor = Vec::new();
    for (item, meta) in items {
        let files = record::files(meta);
        if files.is_empty() && !record::Record::of(item, meta).given {
            links.insert(item.id, links_in(&item.content));
            poor.push(item.id);
        }
        listed.insert(item.id, files);
    }
    let attached = attached(conn, &poor).await?;
    let wanted: BTreeSet<String> = listed
        .values()
        .flatten()
        .map(|f| f.path.clone())
        .chain(links.values().flatten().filter_map(|l| l.path.clone()))
        .chain(attached.values().flatten().map(|f| f.path.clone()))
        .flat_map(|path| files::first_pages_of(&path).into_iter().chain([path]))
        .collect();
    let stored = store::files_at(conn, &wanted.into_iter().collect::<Vec<_>>()).await?;
    let mut found = HashMap::new();
    for (item, meta) in items {
        let given = listed.remove(&item.id).unwrap_or_default();
        let own = links.remove(&item.id).unwrap_or_default();
        let below = attached.get(&item.id).map(Vec::as_slice).unwrap_or_default();
        let mut documents = assemble(given, &own, below, &stored);
        if let Some(external) = record::Record::of(item, meta).external {
            documents.elsewhere = Some(external);
        }
        found.insert(item.id, documents);
    }
    Ok(found)
}

/// The files that readers are offered with these items, as paths below the uploads. A file that belongs to an item is found
/// there; only one that stands alone is found by itself.
///
/// # Errors
/// When the database does not answer.
pub async fn paths_of(conn: &mut Conn, items: &[(&Item, &Meta)]) -> Result<HashMap<ItemId, Vec<String>>> {
    let mut paths: HashMap<ItemId, Vec<String>> = HashMap::new();
    let (files, others): (Vec<_>, Vec<_>) = items.iter().copied().partition(|(item, _)| item.kind == "attachment");
    for (item, meta) in files.into_iter().filter(|(item, _)| item.parent.0 == 0) {
        let path = meta.text("_wp_attached_file").trim_start_matches('/').to_owned();
        if is_document(&path) {
            paths.insert(item.id, vec![path]);
        }
    }
    for (id, documents) in of_items(conn, &others).await? {
        let own: Vec<String> = documents.here.into_iter().map(|document| document.path).collect();
        if !own.is_empty() {
            paths.insert(id, own);
        }
    }
    Ok(paths)
}

/// Documents attached to items, by item.
async fn attached(conn: &mut Conn, parents: &[ItemId]) -> Result<HashMap<ItemId, Vec<ListedFile>>> {
    let mut found: HashMap<ItemId, Vec<ListedFile>> = HashMap::new();
    if parents.is_empty() {
        return Ok(found);
    }
    let children: Vec<Item> = store::attachments_of(conn, parents)
        .await?
        .into_iter()
        .filter(|a| !a.mime_type.starts_with("image/"))
        .collect();
    let ids: Vec<i64> = children.iter().map(|a| a.id.0).collect();
    let metas = meta::of_many(conn, MetaKind::Item, &ids).await?;
    for child in children {
        let path = metas
            .get(&child.id.0)
            .map(|m| m.text("_wp_attached_file"))
            .unwrap_or_default();
        let path = path.trim_start_matches('/').to_owned();
        if !path.is_empty() && is_document(&path) {
            found.entry(child.parent).or_default().push(ListedFile {
                title: child.title,
                lang: lang_in_name(&path),
                path,
                ..ListedFile::default()
            });
        }
    }
    Ok(found)
}

fn assemble(
    given: Vec<ListedFile>,
    links: &[Link],
    attached: &[ListedFile],
    stored: &HashMap<String, store::StoredFile>,
) -> Documents {
    let mut documents = Documents::default();
    let mut seen = HashSet::new();
    let linked = links.iter().filter_map(|link| {
        let path = link.path.clone()?;
        // A file of another site has the same form of address; ours are known, or the address has no host.
        (link.local || stored.contains_key(&path)).then(|| ListedFile {
            title: title_of(link, &path, attached),
            lang: lang_in_name(&path),
            path,
            ..ListedFile::default()
        })
    });
    let all = given.into_iter().chain(linked).chain(attached.iter().cloned());
    for file in all.filter(|f| seen.insert(f.path.clone())).take(MOST) {
        documents.here.push(document(file, stored));
    }
    if documents.here.is_empty() {
        documents.elsewhere = links.iter().find(|l| !l.local && l.offers).map(|link| External {
            url: link.href.clone(),
            note: String::new(),
        });
    }
    documents
}

fn document(file: ListedFile, stored: &HashMap<String, store::StoredFile>) -> Document {
    let kept = stored.get(&file.path);
    let thumb = files::first_pages_of(&file.path)
        .into_iter()
        .find(|t| stored.contains_key(t));
    let title = if file.title.is_empty() {
        name_in_words(&file.path)
    } else {
        file.title
    };
    Document {
        url: address(&file.path),
        title,
        lang: file.lang,
        kind: file.kind,
        pages: match file.pages {
            0 => kept.map_or(0, |k| k.pages),
            said => said,
        },
        published: file.published,
        readable: kept.is_some_and(|k| k.readable),
        size: kept.map_or(0, |k| k.size),
        mime: kept.map(|k| k.mime.clone()).unwrap_or_default(),
        digest: kept.map(|k| k.digest.clone()).unwrap_or_default(),
        thumb: thumb.map(|t| address(&t)),
        path: file.path,
    }
}

/// The address of a file below uploads.
pub fn address(path: &str) -> String {
    const KEEP: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'`');
    format!("{UPLOADS}{}", percent_encoding::utf8_percent_encode(path, KEEP))
}

/// A link in a text that may lead to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Link {
    href: String,
    text: String,
    /// The path below uploads.
    path: Option<String>,
    /// The address names no other host.
    local: bool,
    /// It says that a document is there.
    offers: bool,
}

/// The words of the links to documents in a text, in order.
pub(crate) fn texts_of_links(html: &str) -> Vec<String> {
    links_in(html).into_iter().map(|link| link.text).collect()
}

/// The links to documents in a text, in order.
fn links_in(html: &str) -> Vec<Link> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(tag) = Tag::find_named(html, at, "a") {
        at = tag.end;
        let Some(href) = tag.value("href") else { continue };
        let rest = html.get(tag.end..).unwrap_or_default();
        let inner = rest.split_once("</a").map_or("", |(inner, _)| inner);
        let text = gp_markup::text::plain_text(inner.get(..2000).unwrap_or(inner));
        if let Some(link) = link(href.trim(), text) {
            found.push(link);
        }
        if found.len() >= MOST {
            break;
        }
    }
    found
}

fn link(href: &str, text: String) -> Option<Link> {
    let plain = href.split(['?', '#']).next().unwrap_or_default();
    let local = href.starts_with('/') && !href.starts_with("//");
    let web = href.starts_with("http://") || href.starts_with("https://");
    if !local && !web {
        return None;
    }
    let path = plain
        .split_once(UPLOADS)
        .map(|(_, path)| {
            percent_encoding::percent_decode_str(path)
                .decode_utf8_lossy()
                .into_owned()
        })
        .filter(|path| is_document(path));
    let offers = is_document(plain) || (web && says_download(&text));
    (path.is_some() || (web && offers)).then(|| Link {
        href: href.to_owned(),
        text,
        path,
        local,
        offers,
    })
}

fn says_download(text: &str) -> bool {
    let text = text.to_lowercase();
    ["download", "télécharger", "descargar", "تنزيل", "скачать", "下载"]
        .iter()
        .any(|word| text.contains(word))
}

fn ending(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn is_document(path: &str) -> bool {
    ENDINGS.contains(&ending(path).to_ascii_lowercase().as_str())
}

/// A link's own words, unless they only say "download"; then those of the attachment, then the file's name.
fn title_of(link: &Link, path: &str, attached: &[ListedFile]) -> String {
    let lower = link.text.to_lowercase();
    let empty = [
        "",
        "download",
        "here",
        "click here",
        "pdf",
        "link",
        "download pdf",
        "télécharger",
        "descargar",
    ];
    if !empty.contains(&lower.trim()) {
        let end = lower.trim_end().strip_suffix("download").map(str::len);
        return end
            .and_then(|n| link.text.get(..n))
            .unwrap_or(&link.text)
            .trim()
            .to_owned();
    }
    let known = attached.iter().find(|a| a.path == path).map(|a| a.title.clone());
    known.filter(|t| !t.is_empty()).unwrap_or_else(|| name_in_words(path))
}

/// `2026/11/my_report-en.pdf` as `my report en`.
fn name_in_words(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.split(['-', '_', ' '])
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The language that a file's name ends with: `guide-fr.pdf`, `guide_EN.pdf`.
fn lang_in_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let last = stem
        .rsplit(['-', '_', '.'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if last.len() == 2 && last.len() < stem.len() && words::is_language(&last) {
        last
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests;

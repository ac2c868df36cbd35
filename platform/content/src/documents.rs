//! What was read in files: state, facts, text page by page, numbered paragraphs. Keyed by the digest of the bytes, so that the
//! same file under two names is read once, and a replaced file anew.
//!
//! Who may see a file decides who may see what stands in it: ask for the file first. What must never be here: how bytes are read.

use std::collections::{BTreeMap, HashMap};

use gp_kernel::{ItemId, Result};
use gp_store::{Arg, Conn, Dep, Row};

use crate::{files, meta::placeholders};

/// Which state of the reader this is; raised when it got so much better that everything is read again.
pub const READER: i64 = 3;

/// What is known of a file's content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// SHA-256 of the bytes.
    pub digest: String,
    /// Which state of the reader read it; a later one reads it again.
    pub reader: i64,
    /// `text`, `scanned`, `locked`, `damaged`, `too big`, `unsupported`; `picture` for one that was cleaned and made smaller.
    pub status: String,
    /// A sentence for editors, wherever the status is not `text`.
    pub reason: String,
    /// The media type by its bytes.
    pub mime: String,
    /// Most of its pages are in this language (BCP 47); empty when unknown.
    pub language: String,
    /// The title that it names itself.
    pub title: String,
    /// The UN symbol in its masthead.
    pub symbol: String,
    /// The symbols of other documents in its text. Written with the reading, and asked for by [`cited`] and [`citing`].
    pub cites: Vec<String>,
    /// How many pages it has.
    pub pages: i64,
    /// Everything else, as a JSON object.
    pub facts: String,
}

/// The text of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: i64,
    /// The number printed on it, where it is another.
    pub label: String,
    /// Its language (BCP 47); empty when unknown.
    pub language: String,
    /// In reading order; empty lines between paragraphs.
    pub text: String,
}

/// A numbered paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// As printed: `62`, `24.1`.
    pub number: String,
    /// The page where it begins, from 1.
    pub page: i64,
    /// Its text with the lettered items that belong to it.
    pub text: String,
}

const COLUMNS: &str = "digest, reader, status, reason, mime, language, title, symbol, pages, facts";

fn from_row(row: &Row) -> Result<Reading> {
    Ok(Reading {
        digest: row.text(0)?,
        reader: row.int(1)?,
        status: row.text(2)?,
        reason: row.text(3)?,
        mime: row.text(4)?,
        language: row.text(5)?,
        title: row.text(6)?,
        symbol: row.text(7)?,
        cites: Vec::new(),
        pages: row.int(8)?,
        facts: row.text(9)?,
    })
}

/// What is read of these bytes changes with this.
pub fn dependency(digest: &str) -> Dep {
    Dep::name(digest)
}

/// What is known of these files, by digest; what was not read yet is missing.
///
/// # Errors
/// When the database does not answer.
pub async fn by_digests(conn: &mut Conn, digests: &[String]) -> Result<HashMap<String, Reading>> {
    let mut found = HashMap::new();
    for chunk in digests.chunks(500) {
        let sql = format!(
            "select {COLUMNS} from documents where digest in ({})",
            placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(Arg::from).collect();
        conn.reading(chunk.iter().map(|digest| dependency(digest)));
        for row in conn.all(&sql, &args).await? {
            let reading = from_row(&row)?;
            found.insert(reading.digest.clone(), reading);
        }
    }
    Ok(found)
}

/// The pages of a file in their order, from one page to another (both counted).
///
/// # Errors
/// When the database does not answer.
pub async fn pages(conn: &mut Conn, digest: &str, from: i64, to: i64) -> Result<Vec<Page>> {
    conn.reading([dependency(digest)]);
    let sql = "select number, label, language, text from document_pages where digest = $1 and number between $2 and $3 order by number";
    let rows = conn.all(sql, &[digest.into(), from.into(), to.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Page {
                number: row.int(0)?,
                label: row.text(1)?,
                language: row.text(2)?,
                text: row.text(3)?,
            })
        })
        .collect()
}

/// The numbered paragraphs of a file in their order, of all pages or of those from one to another.
///
/// # Errors
/// When the database does not answer.
pub async fn paragraphs(conn: &mut Conn, digest: &str, from: i64, to: i64) -> Result<Vec<Paragraph>> {
    conn.reading([dependency(digest)]);
    let sql = "select number, page, text from document_paragraphs where digest = $1 and page between $2 and $3 order by position";
    let rows = conn.all(sql, &[digest.into(), from.into(), to.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Paragraph {
                number: row.text(0)?,
                page: row.int(1)?,
                text: row.text(2)?,
            })
        })
        .collect()
}

/// What is said of a symbol changes with this: somebody cites it now, or no longer.
pub(crate) fn citation(key: &str) -> Dep {
    Dep::name(&format!("cites {key}"))
}

/// The symbols that stand in these files, by key ([`gp_symbols::key`]).
///
/// # Errors
/// When the database does not answer.
pub async fn cited(conn: &mut Conn, digests: &[String]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for chunk in digests.chunks(500) {
        let sql = format!(
            "select distinct symbol from document_citations where digest in ({}) order by symbol",
            placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(Arg::from).collect();
        conn.reading(chunk.iter().map(|digest| dependency(digest)));
        for row in conn.all(&sql, &args).await? {
            found.push(row.text(0)?);
        }
    }
    Ok(found)
}

/// The items whose files name one of these symbols, by key: the attachments themselves. At most so many, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn citing(conn: &mut Conn, keys: &[String], most: usize) -> Result<Vec<ItemId>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let keys = &keys[..keys.len().min(100)];
    let sql = format!(
        "select distinct f.item_id from document_citations c join files f on f.digest = c.digest \
         where c.symbol in ({}) and f.item_id > 0 order by f.item_id desc limit {most}",
        placeholders(1, keys.len())
    );
    let args: Vec<Arg> = keys.iter().map(Arg::from).collect();
    conn.reading(keys.iter().map(|key| citation(key)));
    conn.all(&sql, &args)
        .await?
        .iter()
        .map(|row| row.int(0).map(ItemId))
        .collect()
}

/// The page on which a numbered paragraph begins.
///
/// # Errors
/// When the database does not answer.
pub async fn page_of_paragraph(conn: &mut Conn, digest: &str, number: &str) -> Result<Option<i64>> {
    conn.reading([dependency(digest)]);
    let sql = "select page from document_paragraphs where digest = $1 and number = $2 order by position limit 1";
    let row = conn.one(sql, &[digest.into(), number.into()]).await?;
    row.map(|row| row.int(0)).transpose()
}

/// A file of the site, and what became of reading it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// Below the uploads.
    pub path: String,
    /// As [`Reading::status`]; `unread` before it was read.
    pub status: String,
    /// As [`Reading::reason`].
    pub reason: String,
    /// Most of its pages are in this language; empty when unknown.
    pub language: String,
    /// How many pages it has.
    pub pages: i64,
}

/// How many files, and how many pages, there are of each state; files that nobody has read are not counted. Who asks must be allowed
/// to see all of the site.
///
/// # Errors
/// When the database does not answer.
pub async fn by_status(conn: &mut Conn) -> Result<Vec<(String, i64, i64)>> {
    conn.reading([]);
    let sql = "select d.status, count(*), cast(coalesce(sum(d.pages), 0) as bigint) from files f join documents d on d.digest = f.digest \
               group by d.status order by d.status";
    let rows = conn.all(sql, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?, row.int(2)?)))
        .collect()
}

/// The items whose files were looked at and in which no search can read, newest first. Who asks must be allowed to see all files.
///
/// # Errors
/// When the database does not answer.
pub async fn unreadable(conn: &mut Conn, most: usize) -> Result<Vec<ItemId>> {
    let states = unreadable_by_state(conn, most).await?;
    let mut all: Vec<ItemId> = states.into_values().flatten().collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    all.dedup();
    all.truncate(most);
    Ok(all)
}

/// The same by state, as [`Reading::status`].
///
/// # Errors
/// When the database does not answer.
pub async fn unreadable_by_state(conn: &mut Conn, most: usize) -> Result<BTreeMap<String, Vec<ItemId>>> {
    conn.reading([]);
    let sql = "select distinct f.item_id, d.status from files f join documents d on d.digest = f.digest \
               where d.status not in ('text', 'picture', 'other') and f.item_id > 0 order by f.item_id desc limit $1";
    let mut found: BTreeMap<String, Vec<ItemId>> = BTreeMap::new();
    for row in conn.all(sql, &[most.into()]).await? {
        found.entry(row.text(1)?).or_default().push(ItemId(row.int(0)?));
    }
    Ok(found)
}

/// The items whose files wait to be read, newest first. Who asks must be allowed to see all files.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(conn: &mut Conn, most: usize) -> Result<Vec<ItemId>> {
    conn.reading([]);
    // Sizes of pictures are many, and no documents: they are left out before they are read.
    let endings: Vec<String> = (1..=files::OFFERED.len())
        .map(|n| format!("lower(f.path) like ${n}"))
        .collect();
    let mut args: Vec<Arg> = files::OFFERED
        .iter()
        .map(|ending| format!("%.{ending}").into())
        .collect();
    args.push(most.into());
    let sql = format!(
        "select distinct f.item_id from files f where f.item_id > 0 and ({}) \
         and not exists (select 1 from documents d where d.digest = f.digest) order by f.item_id desc limit ${}",
        endings.join(" or "),
        args.len()
    );
    let rows = conn.all(&sql, &args).await?;
    rows.iter().map(|row| row.int(0).map(ItemId)).collect()
}

/// Every file that is read or made smaller, by path. Who asks must be allowed to see all of the site.
///
/// # Errors
/// When the database does not answer.
pub async fn list(conn: &mut Conn) -> Result<Vec<Listed>> {
    let sql = "select f.path, coalesce(d.status, ''), coalesce(d.reason, ''), coalesce(d.language, ''), coalesce(d.pages, 0) from files f left join documents d on d.digest = f.digest \
               order by f.path";
    let mut found = Vec::new();
    for row in conn.all(sql, &[]).await? {
        let path = row.text(0)?;
        let status = row.text(1)?;
        if status.is_empty() && !files::is_offered(&path) {
            continue;
        }
        found.push(Listed {
            path,
            status: Some(status)
                .filter(|s| !s.is_empty())
                .unwrap_or_else(|| "unread".to_owned()),
            reason: row.text(2)?,
            language: row.text(3)?,
            pages: row.int(4)?,
        });
    }
    Ok(found)
}

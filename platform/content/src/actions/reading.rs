//! What was read in a file is kept.

use std::collections::BTreeSet;

use gp_kernel::{ItemId, Result};
use gp_store::{Arg, Dep};

use super::Act;
use crate::{
    documents::{Page, Paragraph, Reading, citation, dependency},
    files::File,
    permission::{Grant, Verb},
};

/// Rows of one statement.
const AT_ONCE: usize = 200;

/// Keeps what was read in a file, instead of what was read in it before.
///
/// # Errors
/// `Forbidden` without leave to import.
pub async fn keep_reading(
    act: &mut Act<'_>,
    grant: &Grant,
    reading: &Reading,
    pages: &[Page],
    paragraphs: &[Paragraph],
) -> Result<()> {
    grant.covers(&[Verb::Import], ItemId(0), "")?;
    let digest = reading.digest.as_str();
    for table in ["documents", "document_pages", "document_paragraphs"] {
        let sql = format!("delete from {table} where digest = $1");
        act.tx.run(&sql, &[digest.into()]).await?;
    }
    let row = [
        digest.into(),
        reading.reader.into(),
        Arg::from(&reading.status),
        clean(&reading.reason),
        clean(&reading.mime),
        clean(&reading.language),
        clean(&reading.title),
        clean(&reading.symbol),
        reading.pages.into(),
        clean(&reading.facts),
        act.now.as_second().into(),
    ];
    let insert = "insert into documents (digest, reader, status, reason, mime, language, title, symbol, pages, facts, read_at) values";
    act.tx.insert_many(insert, row.len(), "", &row).await?;
    let insert = "insert into document_pages (digest, number, label, language, text) values";
    for chunk in pages.chunks(AT_ONCE) {
        let rows: Vec<Arg> = chunk
            .iter()
            .flat_map(|p| {
                [
                    digest.into(),
                    p.number.into(),
                    clean(&p.label),
                    clean(&p.language),
                    clean(&p.text),
                ]
            })
            .collect();
        act.tx.insert_many(insert, 5, "", &rows).await?;
    }
    let insert = "insert into document_paragraphs (digest, position, number, page, text) values";
    let mut position = 0_i64;
    for chunk in paragraphs.chunks(AT_ONCE) {
        let mut rows: Vec<Arg> = Vec::with_capacity(chunk.len() * 5);
        for paragraph in chunk {
            position += 1;
            rows.extend([
                digest.into(),
                position.into(),
                clean(&paragraph.number),
                paragraph.page.into(),
                clean(&paragraph.text),
            ]);
        }
        act.tx.insert_many(insert, 5, "", &rows).await?;
    }
    let mut told = vec![dependency(digest)];
    told.extend(keep_citations(act, reading).await?);
    act.tell(told).await
}

/// Notes the symbols that stand in a file; what is said of those that came or went changes.
async fn keep_citations(act: &mut Act<'_>, reading: &Reading) -> Result<Vec<Dep>> {
    let digest = reading.digest.as_str();
    let sql = "select symbol from document_citations where digest = $1";
    let before = act.tx.all(sql, &[digest.into()]).await?;
    let before: BTreeSet<String> = before.iter().map(|row| row.text(0)).collect::<Result<_>>()?;
    let now: BTreeSet<String> = reading
        .cites
        .iter()
        .flat_map(|symbol| gp_symbols::keys(symbol))
        .collect();
    for gone in before.difference(&now) {
        let sql = "delete from document_citations where digest = $1 and symbol = $2";
        act.tx.run(sql, &[digest.into(), gone.into()]).await?;
    }
    let new: Vec<Arg> = now
        .difference(&before)
        .flat_map(|symbol| [symbol.into(), digest.into()])
        .collect();
    let sql = "insert into document_citations (symbol, digest) values";
    act.tx.insert_many(sql, 2, "", &new).await?;
    Ok(before.symmetric_difference(&now).map(|key| citation(key)).collect())
}

/// Gives a name to what was made out of a file: a size of a picture, the picture of a first page. Made again, it is simply another;
/// whose the file is decides who may have it.
///
/// # Errors
/// `Forbidden` without leave to import.
pub async fn keep_made(act: &mut Act<'_>, grant: &Grant, made: &File) -> Result<()> {
    grant.covers(&[Verb::Import], ItemId(0), "")?;
    act.name_bytes(made).await?;
    act.tell(vec![Dep::name(&made.path)]).await
}

/// A text that every database takes: PostgreSQL knows no null characters.
fn clean(text: &str) -> Arg {
    if text.contains('\0') {
        return Arg::from(text.replace('\0', ""));
    }
    Arg::from(text)
}

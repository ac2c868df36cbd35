//! Reads the files of a site, and makes smaller pictures: everything that search, reading view and editors know of a document comes
//! from here, and the pictures that pages ask for. Each file is looked at once by its bytes, in the box (`gp_sandbox`), as a job of a
//! running server or by `reindex`; what was read is kept in `gp_content::documents`.
//!
//! What must never be here: a parser in the server's own process, or a file whose reading can stop the queue.

mod drawing;
mod ocr;
pub mod pictures;
mod reader;
mod told;

use gp_content::{
    Actor, Verb,
    actions::{self, Act},
    documents::{self, READER},
};
use gp_kernel::{ItemId, Result};
use gp_store::{Conn, Digest};

pub use drawing::{Change, Drawn, Wish, draw};
pub use ocr::Ocr;
pub use reader::{LINES, Reader, inside, read_file};
pub use told::Told;

/// A file that may have to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its bytes.
    pub digest: String,
    /// How many there are.
    pub size: u64,
    /// Its path below the uploads.
    pub path: String,
    /// Whose it is.
    pub item: ItemId,
}

/// Which of these files nobody has read yet.
///
/// # Errors
/// When the database does not answer.
pub async fn unread(conn: &mut Conn, files: Vec<Unread>) -> Result<Vec<Unread>> {
    let digests: Vec<String> = files.iter().map(|file| file.digest.clone()).collect();
    let known = documents::by_digests(conn, &digests).await?;
    let is_read = |file: &Unread| known.get(&file.digest).is_some_and(|r| r.reader >= READER);
    Ok(files.into_iter().filter(|file| !is_read(file)).collect())
}

/// Reads a file of the site. Whatever the file is, this ends well: in a state that editors understand.
///
/// # Errors
/// When blobs or machine do not answer: the file is read another time.
pub async fn read(reader: &Reader, file: &Unread) -> Result<Told> {
    let told = match Digest::parse(&file.digest) {
        Some(digest) => reader.read(&digest, file.size).await?,
        None => return Ok(Told::only("damaged", "The file has lost its bytes: upload it again.")),
    };
    match &reader.ocr {
        Some(ocr) if told.status == "scanned" && told.mime == "application/pdf" => ocr.read(reader, file, told).await,
        _ => Ok(told),
    }
}

/// Keeps what was found in a file.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(act: &mut Act<'_>, digest: &str, told: &Told) -> Result<()> {
    let (reading, pages, paragraphs) = told.rows(digest, READER);
    let grant = Actor::system().may_manage(Verb::Import)?;
    actions::keep_reading(act, &grant, &reading, &pages, &paragraphs).await
}

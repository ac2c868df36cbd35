//! The uploads folder of an old site: each file gets its blob and its stable name, and belongs to the item that names it.

mod names;
pub(crate) mod source;

use std::path::Path;

use bytes::Bytes;
use gp_kernel::{Error, Result};
use gp_store::{BlobStore, Db, Digest};

pub(crate) use names::Names;
use source::{Content, Found, Seen};

use crate::{
    progress::Progress,
    report::{Report, Uploads},
    store::files::{self, Named},
};

/// The folder in which WordPress leaves exports of personal data: never named, so never served.
pub(crate) const WITHHELD: &str = "wp-personal-data-exports";

/// Whether a path lies in such a folder, at whatever depth; some disks do not tell capitals apart.
fn is_withheld(path: &str) -> bool {
    path.split(['/', '\\'])
        .any(|part| part.trim().eq_ignore_ascii_case(WITHHELD))
}

/// How many files a report lists by name.
const MOST_LISTED: usize = 1000;

/// Files written in one transaction.
const TOGETHER: usize = 100;

/// Looks whether the folder or archive is there at all, before anything is done.
pub(crate) fn probe(path: &Path) -> Result<()> {
    let meta = std::fs::metadata(path).map_err(|e| Error::from(e).at(path.display()))?;
    if meta.is_dir() || meta.is_file() {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{}: this is neither a folder nor a tar archive",
        path.display()
    )))
}

/// Brings all files; without a store it only looks and counts.
pub(crate) async fn bring(
    path: &Path,
    names: &Names,
    to: Option<(&Db, &BlobStore)>,
    report: &mut Report,
    progress: &dyn Progress,
) -> Result<Uploads> {
    progress.begin("Importing files", None);
    let mut counts = Uploads::default();
    let mut seen = std::collections::HashSet::new();
    let mut together: Vec<Named> = Vec::new();
    let mut files = source::read(path, to.is_some())?;
    while let Some(next) = files.recv().await {
        counts.files += 1;
        progress.at(counts.files);
        let found = match next? {
            Seen::Refused(name, reason) => {
                counts.refused += 1;
                report.list_refused("uploads", name, reason);
                continue;
            }
            Seen::File(found) => found,
        };
        counts.bytes += found.size;
        if is_withheld(&found.path) {
            counts.withheld += 1;
            if counts.withheld_names.len() < MOST_LISTED {
                counts.withheld_names.push(found.path);
            }
            continue;
        }
        let owner = names.owner(&found.path);
        seen.insert(names::hash(&found.path));
        if owner.is_none() {
            counts.unowned += 1;
        }
        let Some((db, blobs)) = to else {
            counts.imported += 1;
            continue;
        };
        let digest = store(blobs, &found).await.map_err(|e| e.at(&found.path))?;
        let (item, role) = owner.unwrap_or((0, "loose"));
        together.push(Named {
            item,
            role,
            digest: digest.0,
            size: i64::try_from(found.size).unwrap_or(i64::MAX),
            mime: mime_type(&found.path).to_owned(),
            modified: found.modified,
            path: found.path,
        });
        if together.len() >= TOGETHER {
            settle(db, std::mem::take(&mut together), &mut counts).await?;
        }
    }
    if let Some((db, _)) = to {
        settle(db, together, &mut counts).await?;
    }
    if counts.withheld > 0 {
        let note = format!(
            "{} files of {WITHHELD} were left out: they hold personal data and must not be served",
            counts.withheld
        );
        report.notes.push(note);
    }
    let missing = names.originals().filter(|(hash, ..)| !seen.contains(hash));
    for (_, item, path) in missing {
        counts.missing_count += 1;
        if counts.missing.len() < MOST_LISTED {
            counts.missing.push((item, path.to_owned()));
        }
    }
    counts.missing.sort();
    Ok(counts)
}

async fn store(blobs: &BlobStore, found: &Found) -> Result<Digest> {
    match &found.content {
        Content::Memory(bytes) => blobs.put(bytes.clone()).await,
        Content::File(path) => Ok(blobs.put_file(path).await?.0),
        Content::Spool(file) => Ok(blobs.put_file(&file.0).await?.0),
        Content::Unread => blobs.put(Bytes::new()).await,
    }
}

async fn settle(db: &Db, together: Vec<Named>, counts: &mut Uploads) -> Result<()> {
    if together.is_empty() {
        return Ok(());
    }
    let all = together.len() as u64;
    let mut tx = db.write().await?;
    let written = files::name(&mut tx, together).await?;
    tx.commit().await?;
    counts.imported += written;
    counts.unchanged += all - written;
    Ok(())
}

/// What a file is by its ending, as WordPress tells it; bytes of any other kind are a download.
pub(crate) fn mime_type(path: &str) -> &'static str {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "jpg" | "jpeg" | "jpe" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        "rtf" => "application/rtf",
        "epub" => "application/epub+zip",
        "zip" => "application/zip",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "ics" => "text/calendar",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "m4a" => "audio/mp4",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "mov" => "video/quicktime",
        "vtt" => "text/vtt",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::is_withheld;

    #[test]
    fn personal_data_is_withheld_wherever_it_lies() {
        for path in [
            "wp-personal-data-exports/x.zip",
            "sites/2/wp-personal-data-exports/x.zip",
            "WP-Personal-Data-Exports/x.zip",
            "a\\wp-personal-data-exports\\x.zip",
        ] {
            assert!(is_withheld(path), "{path}");
        }
        assert!(!is_withheld("2026/11/about-wp-personal-data-exports.pdf"));
    }
}

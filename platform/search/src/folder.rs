//! The folder of an index: opened when it is whole and made by this analyser, else emptied and made
//! anew. Only files that the engine makes are ever removed from it.

use crate::error::{Error, Result};
use crate::schema;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tantivy::directory::error::{LockError, OpenReadError};
use tantivy::directory::{INDEX_WRITER_LOCK, Lock, MmapDirectory};
use tantivy::{Directory, SegmentReader, TantivyDocument, TantivyError};

/// Says which analyser and engine made the index.
const FINGERPRINT: &str = "fingerprint";

/// Opens the index in `dir`, making it anew where that is needed.
pub(crate) fn open(dir: &Path) -> Result<tantivy::Index> {
    std::fs::create_dir_all(dir).map_err(|source| io("create", dir, source))?;
    match open_whole(dir)? {
        Some(index) => Ok(index),
        None => make_anew(dir),
    }
}

/// Whether the folder still belongs to this analyser.
pub(crate) fn is_ours(dir: &Path) -> bool {
    std::fs::read_to_string(dir.join(FINGERPRINT)).is_ok_and(|text| text == schema::fingerprint())
}

/// The index, if it is whole and ours; none if it must be made anew.
fn open_whole(dir: &Path) -> Result<Option<tantivy::Index>> {
    if !is_ours(dir) {
        return Ok(None);
    }
    let opened = tantivy::Index::open_in_dir(dir).and_then(|index| {
        schema::register(&index);
        let whole = index.schema() == schema::build().0;
        let reader: tantivy::IndexReader = index
            .reader_builder()
            .reload_policy(tantivy::ReloadPolicy::Manual)
            .try_into()?;
        reader.searcher().segment_readers().iter().try_for_each(touch)?;
        Ok(whole.then_some(index))
    });
    match opened {
        Ok(index) => Ok(index),
        Err(error) if is_damage(&error) => {
            tracing::warn!(dir = %dir.display(), %error, "the search index is damaged and will be made anew");
            Ok(None)
        }
        Err(source) => Err(engine("open", dir, source)),
    }
}

/// Opens every part of a segment, so that missing or cut files show at once.
fn touch(segment: &SegmentReader) -> tantivy::Result<()> {
    for (field, entry) in segment.schema().fields().filter(|(_, entry)| entry.is_indexed()) {
        let index = segment.inverted_index(field)?;
        index.terms().stream()?.advance();
        if entry.is_fast() {
            segment.fast_fields().dynamic_column_handles(entry.name())?;
        }
    }
    if segment.max_doc() > 0 {
        segment.get_store_reader(1)?.get::<TantivyDocument>(0)?;
    }
    Ok(())
}

/// Whether the files are at fault, rather than rights, limits or the disk.
fn is_damage(error: &TantivyError) -> bool {
    let kind = match error {
        TantivyError::IoError(error) => error.kind(),
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => io_error.kind(),
        TantivyError::LockFailure(..) => return false,
        _ => return true,
    };
    matches!(
        kind,
        ErrorKind::UnexpectedEof
            | ErrorKind::InvalidData
            | ErrorKind::InvalidInput
            | ErrorKind::NotFound
            | ErrorKind::Other
    )
}

fn make_anew(dir: &Path) -> Result<tantivy::Index> {
    let directory = MmapDirectory::open(dir).map_err(|error| engine("open", dir, error.into()))?;
    // Two processes that start at once: the second waits here, then finds the first one's work.
    let turn = Lock {
        filepath: PathBuf::from(".guidepost-make.lock"),
        is_blocking: true,
    };
    let _turn = directory.acquire_lock(&turn).map_err(|error| lock_error(dir, error))?;
    if let Some(index) = open_whole(dir)? {
        return Ok(index);
    }
    let _writer = directory
        .acquire_lock(&INDEX_WRITER_LOCK)
        .map_err(|error| lock_error(dir, error))?;
    remove_files(dir)?;
    let index = tantivy::Index::create(directory, schema::build().0, tantivy::IndexSettings::default())
        .map_err(|source| engine("create", dir, source))?;
    schema::register(&index);
    // Written last: a folder without it is made anew at the next start.
    let path = dir.join(FINGERPRINT);
    std::fs::write(&path, schema::fingerprint()).map_err(|source| io("write", &path, source))?;
    Ok(index)
}

fn lock_error(dir: &Path, error: LockError) -> Error {
    match error {
        LockError::LockBusy => Error::Busy { dir: dir.to_owned() },
        LockError::IoError(source) => io("lock", dir, std::io::Error::new(source.kind(), source.to_string())),
    }
}

fn remove_files(dir: &Path) -> Result<()> {
    // The fingerprint goes first, so that a half-emptied folder is never taken for whole.
    remove(&dir.join(FINGERPRINT))?;
    for entry in std::fs::read_dir(dir).map_err(|source| io("list", dir, source))? {
        let entry = entry.map_err(|source| io("list", dir, source))?;
        if entry.file_name().to_str().is_some_and(is_engine_file) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(io("remove", path, source)),
        _ => Ok(()),
    }
}

fn is_engine_file(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    matches!(name, "meta.json" | ".managed.json") || (stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn io(action: &'static str, path: &Path, source: std::io::Error) -> Error {
    Error::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

/// An engine error, told with what was tried and where.
pub(crate) fn engine(action: &'static str, dir: &Path, source: TantivyError) -> Error {
    match source {
        TantivyError::LockFailure(LockError::LockBusy, _) => Error::Busy { dir: dir.to_owned() },
        source => Error::Engine {
            action,
            dir: dir.to_owned(),
            source: Box::new(source),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::is_engine_file;

    #[test]
    fn only_engine_files_are_removed() {
        assert!(is_engine_file("meta.json"));
        assert!(is_engine_file("0123456789abcdef0123456789abcdef.store"));
        assert!(!is_engine_file("letters.docx"));
        assert!(!is_engine_file("guidepost.db"));
    }
}

//! What can go wrong with the index, said so that an operator knows what to do.

use std::path::PathBuf;

/// The result of an operation on the index.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the index.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process writes to this index.
    #[error("the search index {dir} is being written by another process; try again when it is done")]
    Busy {
        /// The folder of the index.
        dir: PathBuf,
    },
    /// The index already holds later changes than the ones offered.
    #[error(
        "the search index {dir} already stands at change {index}, later than the offered {offered}; \
         read the checkpoint again, or run `guidepost reindex` when the database was restored from a backup"
    )]
    Behind {
        /// The folder of the index.
        dir: PathBuf,
        /// The checkpoint that the index holds.
        index: i64,
        /// The checkpoint that was offered.
        offered: i64,
    },
    /// Another program version rebuilt the folder with another schema.
    #[error("the search index {dir} was rebuilt by another version of the program; restart this process")]
    Replaced {
        /// The folder of the index.
        dir: PathBuf,
    },
    /// The folder cannot be read or written.
    #[error("cannot {action} {path}: {source}; check that the folder exists, is writable and the disk is not full")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The search engine failed.
    #[error("cannot {action} the search index {dir}: {source}; run `guidepost reindex` when it stays so")]
    Engine {
        /// What was tried.
        action: &'static str,
        /// The folder of the index.
        dir: PathBuf,
        /// What the engine said.
        source: Box<tantivy::TantivyError>,
    },
}

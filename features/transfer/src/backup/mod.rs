//! One file with everything: a consistent copy of all tables and the bytes of all files, and the way back from it.
//!
//! The file is a tar archive, packed with gzip: `backup.json` (what is in it), `tables/NAME/NUMBER` (rows), `blobs/DIGEST`,
//! `themes/NAME/…` (the installed themes), and at last `end.json` with the counts. Rows are written alike for both databases, so a site may change from one to the other.

mod pack;
mod restore;
mod rows;
mod themes;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use pack::backup;
pub use restore::restore;

use crate::store::tables::Table;

/// What a backup holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    /// Rows by table.
    pub tables: BTreeMap<String, u64>,
    /// Files (different bytes).
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files of installed themes.
    #[serde(default)]
    pub themes: u64,
}

/// The first member of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    program: String,
    made: String,
    migrations: Vec<String>,
    tables: Vec<Table>,
}

/// Changes when older programs could not read a backup any more; this one reads all before it. 2: with themes.
const FORMAT: u32 = 2;
const MANIFEST: &str = "backup.json";
const END: &str = "end.json";

//! Database handle, migrations, blobs, jobs, settings, change feed: everything that is kept, and the only place that opens it.
//!
//! Knows tables and bytes. What must never be here: what a post is, who may see it, HTTP.

mod blobs;
mod db;
mod feed;
mod jobs;
mod kept;
mod migrate;
mod reads;
mod row;
pub mod settings;
mod size;
#[cfg(feature = "testing")]
pub mod testing;

pub use blobs::{BlobStore, Digest};
pub use db::{Conn, DATABASE_FILE, Db, Dialect};
pub use feed::{Change, Feed, changes_after, latest_change, record_change};
pub use jobs::{Job, Jobs};
pub use kept::{Freshness, Kept, Making, Recall};
pub use migrate::{MIGRATIONS, Migration, migrate};
pub use reads::{Dep, Ledger, Reads, next_changes};
pub use row::{Arg, Row};
pub use size::size;

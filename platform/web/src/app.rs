//! What every request needs: database, blobs, types, renderer, index and clock, made once at start.

use std::{
    collections::{BTreeSet, HashMap},
    future::Future,
    path::PathBuf,
    pin::Pin,
    sync::Arc,
};

use gp_blocks::Renderer;
use gp_citation::{Place, Work};
use gp_content::{Described, Item, Meta, Site, Types, exchange::Asking};
use gp_kernel::{Clock, ItemId, Result};
use gp_search::Index;
use gp_store::{BlobStore, Conn, Db, Recall};
use tokio::sync::{Mutex, Semaphore};

use crate::{
    assets::Assets,
    deep,
    door::{Door, Identify},
    metrics::Metrics,
    pages::Pages,
    rates::Rates,
    tally::Tally,
};

/// Finds the files of items, as paths below the uploads: those that their readers are offered there. Comes from the feature that
/// knows documents.
pub type FilesOf = Arc<
    dyn for<'a> Fn(
            &'a mut Conn,
            &'a [(&'a Item, &'a Meta)],
        ) -> Pin<Box<dyn Future<Output = Result<HashMap<ItemId, Vec<String>>>> + Send + 'a>>
        + Send
        + Sync,
>;

/// Finds the works that items are, with their files. Comes from the feature that knows records. Items that the reader may not
/// read in full must not be asked for.
pub type WorksOf = Arc<
    dyn for<'a> Fn(
            &'a mut Conn,
            Asking<'a>,
            &'a [Item],
        ) -> Pin<Box<dyn Future<Output = Result<HashMap<ItemId, Work>>> + Send + 'a>>
        + Send
        + Sync,
>;

/// The parts of an [`App`].
#[expect(missing_docs, reason = "each part says itself by its type")]
pub struct NewApp {
    pub db: Db,
    pub blobs: BlobStore,
    pub types: Arc<Types>,
    pub renderer: Arc<Renderer>,
    pub index: Arc<Index>,
    pub assets: Assets,
    /// The folder of the installed themes.
    pub themes: PathBuf,
    pub identify: Identify,
    /// Doors beside the public pages.
    pub doors: Vec<Door>,
    pub files_of: FilesOf,
    pub works_of: WorksOf,
    /// A work, or a passage of it, as one sentence in a language.
    pub sentence: fn(&Work, &str, &Place) -> String,
    /// What is known of an item as a document.
    pub describe: fn(&Item, &Meta) -> Described,
    pub clock: Arc<dyn Clock>,
    /// The public address; empty: as the Host header says.
    pub url: String,
    /// Pages that were made before.
    pub pages: Pages,
    /// How often the API is asked.
    pub rates: Arc<Rates>,
    /// What is counted.
    pub tally: Tally,
    /// What the operator is told in figures.
    pub metrics: Metrics,
}

/// The running site. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: NewApp,
    indexing: Mutex<()>,
    deep: Semaphore,
    /// Items whose files nobody has read, until jobs are asked for.
    unread: std::sync::Mutex<BTreeSet<ItemId>>,
}

impl std::ops::Deref for App {
    type Target = NewApp;

    fn deref(&self) -> &NewApp {
        &self.0.parts
    }
}

impl App {
    /// The site made of these parts.
    pub fn new(parts: NewApp) -> Self {
        Self(Arc::new(Inner {
            parts,
            indexing: Mutex::new(()),
            deep: Semaphore::new(deep::AT_ONCE),
            unread: std::sync::Mutex::default(),
        }))
    }

    /// The settings as they are now, whichever server changed them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn site(&self, conn: &mut Conn) -> Result<Arc<Site>> {
        let making = match conn.recall("site") {
            Recall::Found(site) => return Ok(site),
            Recall::Missing(making) => making,
        };
        let site = Site::load(conn).await?;
        Ok(making.keep(conn, site, 20_000))
    }

    /// Items whose files nobody has read: noticed in passing, perhaps while somebody else writes, and asked for a little later.
    pub(crate) fn unread(&self) -> std::sync::MutexGuard<'_, BTreeSet<ItemId>> {
        self.0.unread.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The door behind which an address lies, when it is none of the public pages.
    pub(crate) fn door(&self, path: &str, query: &str) -> Option<&Door> {
        self.doors.iter().find(|door| (door.opens)(path, query))
    }

    /// Turns of searches with many conditions.
    pub(crate) fn deep(&self) -> &Semaphore {
        &self.0.deep
    }

    /// Held by whoever brings the index up to date.
    pub(crate) fn indexing(&self) -> &Mutex<()> {
        &self.0.indexing
    }
}

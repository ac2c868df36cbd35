//! What every request needs: database, blobs, types, renderer, index and clock, made once at start.

use std::{future::Future, path::PathBuf, pin::Pin, sync::Arc};

use axum::http::HeaderMap;
use gp_blocks::Renderer;
use gp_content::{Actor, Site, Types};
use gp_kernel::{Clock, Result};
use gp_search::Index;
use gp_store::{BlobStore, Conn, Db, latest_change};
use tokio::sync::{Mutex, RwLock};

use crate::assets::Assets;

/// Finds out who asks, by the headers of a request. Comes from the feature that knows accounts.
pub type Identify = Arc<
    dyn for<'a> Fn(&'a mut Conn, &'a Site, &'a HeaderMap) -> Pin<Box<dyn Future<Output = Result<Actor>> + Send + 'a>>
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
    pub clock: Arc<dyn Clock>,
    /// The public address; empty: as the Host header says.
    pub url: String,
}

/// The running site. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: NewApp,
    site: RwLock<(i64, Arc<Site>)>,
    indexing: Mutex<()>,
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
        let empty = Arc::new(Site::from_options(std::collections::BTreeMap::new()));
        Self(Arc::new(Inner {
            parts,
            site: RwLock::new((-1, empty)),
            indexing: Mutex::new(()),
        }))
    }

    /// The settings as they are now: read again when anything changed since, by whichever server.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn site(&self, conn: &mut Conn) -> Result<Arc<Site>> {
        let version = latest_change(conn).await?;
        {
            let kept = self.0.site.read().await;
            if kept.0 == version {
                return Ok(kept.1.clone());
            }
        }
        let site = Arc::new(Site::load(conn).await?);
        *self.0.site.write().await = (version, site.clone());
        Ok(site)
    }

    /// Held by whoever brings the index up to date.
    pub(crate) fn indexing(&self) -> &Mutex<()> {
        &self.0.indexing
    }
}

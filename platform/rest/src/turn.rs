//! One request's turn: connection, settings, who asks. Handed from route to route, for what is embedded too.

use std::sync::Arc;

use gp_content::{
    Actor, Item, Scope, Site, Types,
    actions::Act,
    address::{Address, Request as Visited},
};
use gp_kernel::Result;
use gp_store::Conn;
use gp_web::{App, Caller};
use jiff::Timestamp;

use crate::{
    reply::Failure,
    routes::{Kit, Registry},
};

/// One request's turn.
pub struct Turn {
    /// The running site.
    pub app: App,
    /// The connection: a transaction, when something may be written. It is committed when the answer is good.
    pub conn: Conn,
    /// The settings.
    pub site: Arc<Site>,
    /// What whoever asks may see.
    pub scope: Scope,
    /// Who asks.
    pub caller: Caller,
    /// `https://host`.
    pub base_url: String,
    /// Now.
    pub now: Timestamp,
    /// All routes.
    pub registry: Arc<Registry>,
    /// What features lend to routes.
    pub kit: Arc<Kit>,
}

impl Turn {
    /// Who asks.
    pub fn actor(&self) -> &Actor {
        self.scope.actor()
    }

    /// The types of the site.
    pub fn types(&self) -> Arc<Types> {
        self.app.types.clone()
    }

    /// Whether whoever asks holds a capability.
    pub fn can(&self, capability: &str) -> bool {
        self.actor().can(capability)
    }

    /// 401 for visitors, 403 for others.
    pub fn refusal_status(&self) -> u16 {
        if self.actor().is_anonymous() { 401 } else { 403 }
    }

    /// A refusal with this code.
    pub fn refusal(&self, code: &'static str, message: &'static str) -> Box<Failure> {
        Failure::new(self.refusal_status(), code, message)
    }

    /// The address of a route: `/wp/v2/posts/5`, perhaps with a query.
    pub fn href(&self, route: &str) -> String {
        rest_url(&self.site, &self.base_url, route)
    }

    /// The address of a page, by its path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// What verbs work with.
    pub fn act(&mut self) -> Act<'_> {
        Act {
            tx: &mut self.conn,
            types: &self.app.types,
            now: self.now,
            zone: self.site.zone.clone(),
        }
    }

    /// What the renderer needs to know, for an item that is shown by itself.
    pub fn context(&self, address: Address) -> gp_blocks::PageContext {
        gp_blocks::PageContext {
            site: self.site.clone(),
            types: self.app.types.clone(),
            scope: self.scope.clone(),
            address,
            listing: gp_blocks::Listing::default(),
            password: gp_blocks::Password::None,
            base_url: self.base_url.clone(),
            request: Visited::parse("/", ""),
            now: self.now,
            reading: None,
            alike: Vec::new(),
        }
    }

    /// Lets the connection go, and with it a transaction in which nothing was written yet: what takes long must keep nobody else from
    /// reading or writing. [`Turn::resume`] takes one again.
    pub fn pause(&mut self) {
        self.conn.give_back();
    }

    /// Takes a connection again, for reading; `writing`: a transaction. What was found out before may have changed: leave is then to be
    /// asked for once more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn resume(&mut self, writing: bool) -> Result<()> {
        if !writing {
            return self.app.db.read_in_place(&mut self.conn).await;
        }
        self.app.db.write_in_place(&mut self.conn).await?;
        self.conn.queue().await?;
        self.reload().await
    }

    /// The settings anew, after one was changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reload(&mut self) -> Result<()> {
        self.site = Arc::new(Site::load(&mut self.conn).await?);
        Ok(())
    }

    /// The parent of an item, where its rights may follow it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn parent_of(&mut self, item: &Item) -> Result<Option<Item>> {
        if item.parent.0 == 0 {
            return Ok(None);
        }
        gp_content::items::by_id(&mut self.conn, item.parent).await
    }
}

/// The address of a route on a site: below `/wp-json`, or by `rest_route` where addresses are plain.
pub fn rest_url(site: &Site, base_url: &str, route: &str) -> String {
    if !site.plain() {
        return format!("{base_url}/wp-json{route}");
    }
    let (path, query) = route.split_once('?').unwrap_or((route, ""));
    let path = percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC);
    let more = if query.is_empty() {
        String::new()
    } else {
        format!("&{query}")
    };
    format!("{base_url}/index.php?rest_route={path}{more}")
}

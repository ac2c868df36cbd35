//! Somebody at work: who, on which site, and what they sent.

use std::sync::Arc;

use axum::http::{HeaderMap, Method};
use gp_content::{Actor, Scope, Site, actions::Act};
use gp_kernel::{Error, ErrorKind, Result};
use gp_rest::{Api, Request, Upload};
use gp_store::Conn;
use gp_web::{App, By, Caller};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{forms::Fields, screen::Entry};

/// Somebody at work, with all that is known of their request.
pub struct Desk {
    /// The running site.
    pub app: App,
    /// The API, by which most is written.
    pub api: Arc<Api>,
    /// The settings.
    pub site: Arc<Site>,
    /// Who it is: always somebody with a session.
    pub caller: Caller,
    /// What they may see.
    pub scope: Scope,
    /// Now.
    pub now: Timestamp,
    /// `https://host`.
    pub base_url: String,
    /// Below `/wp-admin/`: `edit.php`.
    pub path: String,
    /// The query, and as it came.
    pub query: Fields,
    /// The query as it came.
    pub query_text: String,
    /// What was sent; only with a nonce of the session.
    pub form: Fields,
    /// Files that were sent.
    pub files: Vec<Upload>,
    /// Something was sent.
    pub post: bool,
    /// The headers.
    pub headers: HeaderMap,
    /// The menu, for this person.
    pub(crate) menu: Vec<Entry>,
}

/// What the API said: the value, or why not.
pub type Told = std::result::Result<Value, Box<gp_rest::Failure>>;

impl Desk {
    /// Who is at work.
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// Whether they hold a capability.
    pub fn can(&self, capability: &str) -> bool {
        self.actor().can(capability)
    }

    /// Says no when they do not hold a capability.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn needs(&self, capability: &str) -> Result<()> {
        if self.can(capability) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Forbidden, format!("this needs {capability}")))
    }

    /// The nonce that forms of this session carry as `_wpnonce`, and programs as `X-WP-Nonce`.
    pub fn nonce(&self) -> &str {
        match &self.caller.by {
            By::Session { nonces, .. } => &nonces[0],
            _ => "",
        }
    }

    /// A field of the form, else of the query.
    pub fn asked(&self, name: &str) -> &str {
        if self.form.has(name) {
            self.form.get(name)
        } else {
            self.query.get(name)
        }
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self) -> Result<Conn> {
        self.app.db.read().await
    }

    /// What verbs work with.
    pub fn act<'a>(&'a self, tx: &'a mut Conn) -> Act<'a> {
        Act {
            tx,
            types: &self.app.types,
            now: self.now,
            zone: self.site.zone.clone(),
        }
    }

    /// Asks the API to read something: `/wp/v2/posts?context=edit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn get(&self, address: &str) -> Result<Told> {
        self.ask(Request::get(address)).await
    }

    /// Asks the API to write something. `method`: POST makes or changes, DELETE takes away.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn send(&self, method: Method, address: &str, fields: Map<String, Value>) -> Result<Told> {
        let request = Request {
            method,
            body: fields,
            ..Request::get(address)
        };
        self.ask(request).await
    }

    /// Asks the API anything.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask(&self, request: Request) -> Result<Told> {
        Ok(self.ask_whole(request).await?.reply.map(|reply| reply.data))
    }

    /// The same, with the headers of the answer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask_whole(&self, request: Request) -> Result<gp_rest::Told> {
        self.api.ask(&self.app, &self.caller, &self.base_url, request).await
    }

    /// The menu, as this person has it.
    pub fn entries(&self) -> &[Entry] {
        &self.menu
    }

    /// Where this request went: `/wp-admin/edit.php?post_type=page`.
    pub fn here(&self) -> String {
        let mark = if self.query_text.is_empty() { "" } else { "?" };
        format!("/wp-admin/{}{mark}{}", self.path, self.query_text)
    }

    /// A moment as it is shown here: by the zone of the site.
    pub fn shown(&self, moment: Timestamp) -> jiff::Zoned {
        moment.to_zoned(self.site.zone.clone())
    }
}

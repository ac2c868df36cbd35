//! The public doors: pages, feeds, sitemaps, files. Each is handed a [`Visit`], with the scope of whoever asks.

mod embed;
pub(crate) mod exchange;
mod feeds;
pub(crate) mod listing;
pub(crate) mod oembed;
mod page;
pub(crate) mod preview;
pub(crate) mod reading;
mod search_api;
mod sitemap;
pub(crate) mod uploads;

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use gp_blocks::{Listing, PageContext, Password};
use gp_content::{
    Scope, Site,
    address::{self, Address, Request},
};
use gp_kernel::{Error, ErrorKind, Result};
use gp_store::Conn;

use crate::{answer::Answer, app::App};

pub use exchange::openapi;
pub use listing::found;
pub use oembed::oembed;
pub use search_api::told;

/// One request, taken apart.
pub struct Visit<'a> {
    /// The site.
    pub app: &'a App,
    /// Only whether something is there is asked (HEAD): the page is not made.
    pub glance: bool,
    /// Its settings.
    pub site: Arc<Site>,
    /// What the visitor may see.
    pub scope: Scope,
    /// What was asked.
    pub request: Request,
    /// `https://host`.
    pub base_url: String,
    /// A form that was sent.
    pub sent: Option<Request>,
    /// The headers.
    pub headers: &'a HeaderMap,
}

impl Visit<'_> {
    /// A password for an item, when one was sent.
    pub fn password(&self) -> Option<&str> {
        let sent = self.sent.as_ref()?;
        sent.parameters.get("post_password").map(String::as_str)
    }

    /// What the renderer needs to know.
    pub fn context(&self, address: Address, listing: Listing) -> PageContext {
        PageContext {
            site: self.site.clone(),
            types: self.app.types.clone(),
            scope: self.scope.clone(),
            address,
            listing,
            password: Password::None,
            base_url: self.base_url.clone(),
            request: self.request.clone(),
            now: self.app.clock.now(),
            reading: None,
            alike: Vec::new(),
        }
    }
}

/// Answers a visit.
///
/// # Errors
/// When database, blobs or index do not answer, or the address is nonsense.
pub async fn answer(visit: &Visit<'_>, conn: &mut Conn) -> Result<Answer> {
    let path = visit.request.path.as_str();
    if let Some(file) = path.strip_prefix("/wp-content/uploads/") {
        return uploads::answer(visit, conn, file).await;
    }
    if let Some(found) = sitemap::answer(visit, conn).await? {
        return Ok(found);
    }
    if let Some(found) = exchange::answer(visit, conn).await? {
        return Ok(found);
    }
    if let Some(found) = search_api::answer(visit, conn).await? {
        return Ok(found);
    }
    if let Some(found) = oembed::answer(visit, conn).await? {
        return Ok(found);
    }
    if visit.site.redirects
        && let Some(target) = redirected(conn, path).await?
    {
        return Ok(Answer::moved(target));
    }
    if let Some(found) = exchange::files::answer(visit, conn).await? {
        return Ok(found);
    }
    if let Some(found) = reading::answer(visit, conn).await? {
        return Ok(found);
    }
    if let Some(to) = old_search(visit, conn).await? {
        return Ok(to);
    }
    if let Some(found) = preview::answer(visit, conn).await? {
        return Ok(found);
    }
    match address::resolve(conn, &visit.site, &visit.app.types, &visit.scope, &visit.request).await? {
        Address::Moved(to) => Ok(Answer::moved(absolute(&visit.base_url, &to))),
        Address::Elsewhere(to) => Ok(Answer::Redirect(StatusCode::FOUND, absolute(&visit.base_url, &to))),
        Address::Closed => Err(Error::new(ErrorKind::Forbidden, "this door of WordPress is closed")),
        Address::Feed(of, kind) => feeds::answer(visit, conn, *of, kind).await,
        Address::Item {
            embed: true,
            item,
            sight,
            link,
            ..
        } => Ok(embed::answer(visit, &item, sight, &link)),
        // On sites without pages for files the address of such a page leads to the file; this one has none.
        Address::Item { item, .. } if item.kind == "attachment" && !visit.site.attachment_pages => {
            page::answer(visit, conn, Address::Missing).await
        }
        other => page::answer(visit, conn, other).await,
    }
}

/// Where the address of a plugin for searches leads, for good; and a form of one, which was sent, this time.
async fn old_search(visit: &Visit<'_>, conn: &mut Conn) -> Result<Option<Answer>> {
    let (request, sent) = (&visit.request, visit.sent.as_ref());
    let to = address::of_old_search(conn, &visit.site, &visit.app.types, request, sent).await?;
    let status = if sent.is_some() {
        StatusCode::SEE_OTHER
    } else {
        StatusCode::MOVED_PERMANENTLY
    };
    Ok(to.map(|to| Answer::Redirect(status, absolute(&visit.base_url, &to))))
}

fn absolute(base_url: &str, to: &str) -> String {
    if to.starts_with('/') {
        format!("{base_url}{to}")
    } else {
        to.to_owned()
    }
}

/// The site's own redirects.
async fn redirected(conn: &mut Conn, path: &str) -> Result<Option<String>> {
    address::redirects::of(conn, path).await
}

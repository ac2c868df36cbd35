//! The public doors: pages, feeds, sitemaps, files. Each is handed a [`Visit`], with the scope of whoever asks.

mod embed;
mod feeds;
mod listing;
mod page;
mod sitemap;
mod uploads;

use std::sync::Arc;

use axum::http::HeaderMap;
use gp_blocks::{Listing, PageContext, Password};
use gp_content::{
    Item, MetaKind, Scope, Site,
    address::{self, Address, Request},
    meta,
};
use gp_kernel::Result;
use gp_store::Conn;

use crate::{answer::Answer, app::App};

pub use listing::found;

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
    /// A password for an item, when one was sent.
    pub password: Option<String>,
    /// The headers.
    pub headers: &'a HeaderMap,
}

impl Visit<'_> {
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
            now: self.app.clock.now(),
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
    if visit.site.redirects
        && let Some(target) = redirected(conn, path).await?
    {
        return Ok(Answer::moved(target));
    }
    match address::resolve(conn, &visit.site, &visit.app.types, &visit.scope, &visit.request).await? {
        Address::Moved(to) => Ok(Answer::moved(absolute(&visit.base_url, &to))),
        Address::Feed(of, kind) => feeds::answer(visit, conn, *of, kind).await,
        Address::Item {
            embed: true,
            item,
            sight,
            link,
            ..
        } => Ok(embed::answer(visit, &item, sight, &link)),
        Address::Item { item, part, link, .. } if part > parts_of(&item) => match link.as_str() {
            "/" => page::answer(visit, conn, Address::Missing).await,
            link => Ok(Answer::moved(absolute(&visit.base_url, link))),
        },
        Address::Item { item, .. } if item.kind == "attachment" && !visit.site.attachment_pages => {
            file_instead(visit, conn, &item).await
        }
        other => page::answer(visit, conn, other).await,
    }
}

/// On sites without pages for files the address of such a page leads to the file.
async fn file_instead(visit: &Visit<'_>, conn: &mut Conn, item: &Item) -> Result<Answer> {
    let path = meta::of(conn, MetaKind::Item, item.id.0)
        .await?
        .text("_wp_attached_file");
    if path.is_empty() {
        return page::answer(visit, conn, Address::Missing).await;
    }
    let path: Vec<String> = path
        .split('/')
        .map(|s| percent_encoding::utf8_percent_encode(s, percent_encoding::NON_ALPHANUMERIC).to_string())
        .collect();
    // Letters that WordPress leaves as they are stay readable.
    let path = path
        .join("/")
        .replace("%2D", "-")
        .replace("%5F", "_")
        .replace("%2E", ".");
    Ok(Answer::moved(absolute(
        &visit.base_url,
        &format!("/wp-content/uploads/{path}"),
    )))
}

/// How many parts the page breaks of an item make.
fn parts_of(item: &Item) -> usize {
    gp_markup::more::split_pages(&item.content).len().max(1)
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
    gp_content::address::redirect_of(conn, path).await
}

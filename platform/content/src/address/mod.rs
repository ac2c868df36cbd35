//! Addresses: from an item to its address ([`links`]), and from a request to what it asks for ([`resolve`]), by
//! WordPress's permalink structures. What must never be here: answers; this says *what* is meant, not how it looks.
//!
//! Resolving goes through four steps, each in files of its own: [`rules`] and `variables` (what a path and query say),
//! `flags`, `main_query` and `narrowing` (what they find), `plan` and `canonical` (the one right address), `moved` (where it was before).
//! A search is read by [`sought`], also under the names that plugins gave it (`old_search`).

mod canonical;
mod flags;
pub mod links;
mod list;
mod main_query;
mod moved;
mod narrowing;
mod old_search;
mod page_path;
mod plan;
pub mod redirects;
mod request;
pub mod resolve;
pub(crate) mod rules;
pub mod sought;
mod structure;
#[cfg(test)]
mod tests;
mod url;
mod variables;

use gp_kernel::Result;
use gp_store::Conn;

use crate::{Site, Types};

pub use list::{List, Narrow, Shape};
pub use request::{FeedKind, Request};
pub use resolve::{Address, resolve};
pub use sought::{Condition, Sought};
pub use variables::{is_page_of_query, means_something};

/// The site's rules as WordPress writes them, in their order: to compare with those of another site.
pub fn rules_of(site: &Site, types: &Types) -> Vec<String> {
    site.rules(types).iter().map(ToString::to_string).collect()
}

/// The address of ours to which the address of a plugin for searches leads, or the form of one that was sent.
///
/// # Errors
/// When the database does not answer.
pub async fn of_old_search(
    conn: &mut Conn,
    site: &Site,
    types: &Types,
    request: &Request,
    sent: Option<&Request>,
) -> Result<Option<String>> {
    let found = match sent {
        Some(sent) => old_search::of_form(types, sent),
        None => old_search::of_address(types, request),
    };
    let Some(found) = found else { return Ok(None) };
    let settled = sought::settled(conn, types, found).await?;
    let address = settled.address_of_page(site);
    let feed = request.parameter("feed").and_then(FeedKind::parse);
    Ok(Some(match feed {
        Some(kind) => links::of_feed(site, &settled.address(), kind),
        None => address,
    }))
}

/// A path segment as slugs are stored: decoded, then percent-encoded in lower case as `sanitize_title` does.
pub fn slug_of(segment: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
    gp_markup::text::sanitize_title(&decoded)
}

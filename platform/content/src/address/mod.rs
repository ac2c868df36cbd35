//! Addresses: from an item to its address ([`links`]), and from a request to what it asks for ([`resolve`]), by
//! WordPress's permalink structures. What must never be here: answers; this says *what* is meant, not how it looks.
//!
//! Resolving goes through four steps, each in files of its own: [`rules`] and `variables` (what a path and query say),
//! `flags`, `main_query` and `narrowing` (what they find), `plan` and `canonical` (the one right address), `moved` (where it was before).

mod canonical;
mod flags;
pub mod links;
mod list;
mod main_query;
mod moved;
mod narrowing;
mod page_path;
mod plan;
pub mod redirects;
mod request;
pub mod resolve;
pub(crate) mod rules;
mod structure;
#[cfg(test)]
mod tests;
mod url;
mod variables;

pub use list::{List, Narrow, Shape};
pub use request::{FeedKind, Request};
pub use resolve::{Address, resolve};
pub use variables::{is_page_of_query, means_something};

/// The site's rules as WordPress writes them, in their order: to compare with those of another site.
pub fn rules_of(site: &crate::Site, types: &crate::Types) -> Vec<String> {
    site.rules(types).iter().map(ToString::to_string).collect()
}

/// A path segment as slugs are stored: decoded, then percent-encoded in lower case as `sanitize_title` does.
pub fn slug_of(segment: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
    gp_markup::text::sanitize_title(&decoded)
}

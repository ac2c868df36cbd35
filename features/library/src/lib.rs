//! Resources, pages, files: what a reader comes for.
//!
//! What must never be here: SQL outside of `store.rs`, HTTP of its own, a word that only an editor understands.

pub mod attachment;
mod blocks;
pub mod documents;
pub mod oembed_cache;
pub mod page;
pub mod post;
pub mod record;
pub mod recovered;
pub mod related;
pub mod replaced;
pub mod rest;
pub mod revision;
#[cfg(test)]
mod site_for_tests;
mod store;
pub mod words;
pub mod works;

pub use blocks::LibraryBlocks;

use gp_content::ContentType;

/// The content types of this feature.
pub fn types() -> Vec<ContentType> {
    vec![
        attachment::TYPE,
        oembed_cache::TYPE,
        page::TYPE,
        post::TYPE,
        revision::TYPE,
    ]
}

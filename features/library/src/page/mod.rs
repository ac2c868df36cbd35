//! `page`: a page of the site itself: about, help, contact; pages stand below pages.
//!
//! Kept of WordPress:
//! - an address is the path of slugs from the topmost page; a slug is unique among siblings and attachments;
//! - `menu_order` is the order among siblings; children of a deleted page move up to its parent;
//! - front page and page of posts are the options `page_on_front` and `page_for_posts`;
//! - a renamed page has no old slug: its old address is only guessed.

use gp_content::{
    ContentType,
    types::{Rights, SlugScope},
};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    public: true,
    searchable: true,
    hierarchical: true,
    revisions: true,
    exported: true,
    rest_base: Some("pages"),
    rights: Rights::PerItem("pages"),
    slugs: SlugScope::Siblings,
    ..ContentType::internal("page", "Page", "Pages")
};

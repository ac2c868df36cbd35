//! `post`: a resource or a piece of news: what most readers come for.
//!
//! Kept of WordPress:
//! - labels (`category`), topics (`post_tag`), regions and publishers as terms; at least the default label on
//!   everything published;
//! - slugs are unique among resources; a changed slug stays known as an old one and leads to the new address;
//! - a password hides everything but the title; sticky resources are the option `sticky_posts`;
//! - citation data, files and changes are post meta (`_guidepost_record`, `_guidepost_files`, `_guidepost_changes`);
//!   an imported post has none and is shown from its text and its attachments.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    public: true,
    searchable: true,
    revisions: true,
    exported: true,
    rest_base: Some("posts"),
    rights: Rights::PerItem("posts"),
    ..ContentType::internal("post", "Resource", "Resources")
};

//! `wp_block`: a pattern: blocks that can be used in many items.
//!
//! Kept of WordPress:
//! - synced unless the meta `wp_pattern_sync_status` is `unsynced`; a synced one is rendered where a block refers to
//!   it, from its present text;
//! - one that is not published, or has a password, renders nothing; one that contains itself renders nothing;
//! - categories are terms of `wp_pattern_category`; who may write posts may write patterns.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    revisions: true,
    exported: true,
    rest_base: Some("blocks"),
    read: Some("edit_posts"),
    rights: Rights::PerItem("posts"),
    ..ContentType::internal("wp_block", "Pattern", "Patterns")
};

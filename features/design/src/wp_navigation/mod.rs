//! `wp_navigation`: a menu made of blocks.
//!
//! Kept of WordPress:
//! - links are shown with the address as stored; a link to something that is not published is left out;
//! - a navigation block without a reference takes the newest published one.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    revisions: true,
    exported: true,
    rest_base: Some("navigation"),
    read: Some(""),
    rights: Rights::One("edit_theme_options"),
    ..ContentType::internal("wp_navigation", "Navigation", "Navigations")
};

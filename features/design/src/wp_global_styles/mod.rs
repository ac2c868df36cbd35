//! `wp_global_styles`: what editors changed of the theme's `theme.json`: colours, type, space.
//!
//! Kept of WordPress:
//! - one row for each theme; of several the newest published one counts;
//! - the JSON must carry `isGlobalStylesUserThemeJSON`, or the row is not used.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    revisions: true,
    exported: true,
    rest_base: Some("global-styles"),
    read: Some("edit_posts"),
    rights: Rights::One("edit_theme_options"),
    ..ContentType::internal("wp_global_styles", "Global styles", "Global styles")
};

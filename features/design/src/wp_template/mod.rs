//! `wp_template`: a template of a block theme, changed or made by editors.
//!
//! Kept of WordPress:
//! - goes before the theme's file of the same slug, when it is published and carries the term of the active theme in
//!   `wp_theme`;
//! - a slug may exist once for each theme; deleting it brings the theme's file back;
//! - rows of themes that are not active are kept and not used.

use gp_content::{
    ContentType,
    types::{Rights, SlugScope},
};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    revisions: true,
    exported: true,
    rest_base: Some("templates"),
    read: Some("edit_posts"),
    rights: Rights::One("edit_theme_options"),
    slugs: SlugScope::Theme,
    ..ContentType::internal("wp_template", "Template", "Templates")
};

//! `wp_template_part`: a part of templates, such as head and foot.
//!
//! Kept of WordPress:
//! - as a template, with the term of its area in `wp_template_part_area`;
//! - a part that a block asks of another theme is not found, and nothing is shown in its place.

use gp_content::{
    ContentType,
    types::{Rights, SlugScope},
};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    revisions: true,
    exported: true,
    rest_base: Some("template-parts"),
    read: Some("edit_posts"),
    rights: Rights::One("edit_theme_options"),
    slugs: SlugScope::Theme,
    ..ContentType::internal("wp_template_part", "Template part", "Template parts")
};

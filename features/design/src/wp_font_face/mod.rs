//! `wp_font_face`: a face of a font family, which is its parent.
//!
//! Kept of WordPress:
//! - the title is its identity (`family;style;weight;stretch;range`); files lie in `uploads/fonts/`, each named by a
//!   meta `_wp_font_face_file`;
//! - made and deleted, never changed.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    exported: true,
    rest_base: Some("font-families/{id}/font-faces"),
    read: Some("edit_theme_options"),
    rights: Rights::One("edit_theme_options"),
    ..ContentType::internal("wp_font_face", "Font face", "Font faces")
};

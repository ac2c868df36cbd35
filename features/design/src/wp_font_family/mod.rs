//! `wp_font_family`: a family of the font library.
//!
//! Kept of WordPress:
//! - title is the name, the text JSON with `fontFamily` and `preview`; it does nothing until global styles name it;
//! - deleting it deletes its faces and their files.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    exported: true,
    rest_base: Some("font-families"),
    read: Some("edit_theme_options"),
    rights: Rights::One("edit_theme_options"),
    ..ContentType::internal("wp_font_family", "Font family", "Font families")
};

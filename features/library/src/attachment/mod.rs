//! `attachment`: a file that was uploaded: the row describes it, the bytes lie below `/wp-content/uploads/`.
//!
//! Kept of WordPress:
//! - status `inherit`: seen as its parent is seen; without a parent, by everybody;
//! - the slug is unique among all items, since an attachment may stand at the root of the site;
//! - title is the name, excerpt the caption, content the description, `_wp_attachment_image_alt` the alternative
//!   text, `_wp_attached_file` the path below uploads;
//! - its own page exists only when `wp_attachment_pages_enabled` says so; else its address leads to the file.

use gp_content::{
    ContentType,
    types::{Rights, SlugScope},
};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    public: true,
    searchable: true,
    exported: true,
    rest_base: Some("media"),
    rights: Rights::PerItem("posts"),
    slugs: SlugScope::Everything,
    ..ContentType::internal("attachment", "File", "Files")
};

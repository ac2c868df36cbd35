//! `custom_css`: CSS that a site adds to its theme; one row for each theme.
//!
//! Kept of WordPress:
//! - title and slug are the name of the theme; the text is kept to the byte; it must not hold `</style`;
//! - a version is kept from the first saving on; there is no REST route.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    revisions: true,
    exported: true,
    rights: Rights::One("edit_theme_options"),
    ..ContentType::internal("custom_css", "Additional CSS", "Additional CSS")
};

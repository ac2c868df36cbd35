//! `customize_changeset`: changes of settings, styles and menus that are published at once or not at all.
//!
//! Kept of WordPress:
//! - the slug is a UUID, the text JSON by setting; who has the link sees the preview;
//! - after publishing it lies in the trash; not exported, no REST route.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    rights: Rights::One("edit_theme_options"),
    ..ContentType::internal("customize_changeset", "Staged change", "Staged changes")
};

//! `acf-field-group`: a group of fields, and the rules that say where it appears.
//!
//! Kept of WordPress:
//! - the slug is the key (`group_…`); `menu_order` is the order of groups on a form;
//! - the fields are items below it; trashed with it.

use gp_content::ContentType;

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    exported: true,
    ..ContentType::internal("acf-field-group", "Field group", "Field groups")
};

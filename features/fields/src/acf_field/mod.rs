//! `acf-field`: one field of a group, or of another field.
//!
//! Kept of WordPress:
//! - the slug is the key (`field_…`), the title its label, the excerpt its name in meta, the parent its group or
//!   field;
//! - values lie in meta under the name; a second meta with `_` before the name says which field it is.

use gp_content::ContentType;

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    exported: true,
    ..ContentType::internal("acf-field", "Field", "Fields")
};

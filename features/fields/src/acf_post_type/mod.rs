//! `acf-post-type`: a content type that the site defines for itself.
//!
//! Kept of WordPress:
//! - the slug is the key (`post_type_…`), the text a PHP-serialised array of settings, kept to the byte;
//! - `publish` is active, `acf-disabled` is not; a name that exists already is not registered a second time.

use gp_content::ContentType;

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    exported: true,
    ..ContentType::internal("acf-post-type", "Post type", "Post types")
};

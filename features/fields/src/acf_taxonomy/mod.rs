//! `acf-taxonomy`: a taxonomy that the site defines for itself.
//!
//! Kept of WordPress:
//! - the slug is the key (`taxonomy_…`), the text a PHP-serialised array of settings, kept to the byte;
//! - it belongs to the types that it names and to those that name it.

use gp_content::ContentType;

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    exported: true,
    ..ContentType::internal("acf-taxonomy", "Taxonomy", "Taxonomies")
};

//! The site's own types, taxonomies and fields.
//!
//! What must never be here: SQL outside of a `store.rs`, a field whose meaning depends on one site.

pub mod acf_field;
pub mod acf_field_group;
pub mod acf_post_type;
pub mod acf_taxonomy;

use gp_content::ContentType;

/// The content types of this feature.
pub fn types() -> Vec<ContentType> {
    vec![
        acf_field::TYPE,
        acf_field_group::TYPE,
        acf_post_type::TYPE,
        acf_taxonomy::TYPE,
    ]
}

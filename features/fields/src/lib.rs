//! The site's own types, taxonomies and fields.

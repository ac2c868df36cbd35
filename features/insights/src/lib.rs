//! Notes on the site's own statistics.
//!
//! What must never be here: a reader's address, a cookie, another feature.

pub mod exactmetrics_note;

use gp_content::ContentType;

/// The content types of this feature.
pub fn types() -> Vec<ContentType> {
    vec![exactmetrics_note::TYPE]
}

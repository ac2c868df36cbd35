//! The calendar.
//!
//! What must never be here: SQL outside of a `store.rs`, another feature.

pub mod ai1ec_event;

use gp_content::ContentType;

/// The content types of this feature.
pub fn types() -> Vec<ContentType> {
    vec![ai1ec_event::TYPE]
}

//! Accounts, roles, requests for one's own data.
//!
//! What must never be here: SQL outside of a `store.rs`, another feature.

pub mod accounts;
pub mod user_request;

use gp_content::ContentType;

/// The content types of this feature.
pub fn types() -> Vec<ContentType> {
    vec![user_request::TYPE]
}

//! Accounts, signing in, roles, requests for one's own data.
//!
//! What must never be here: SQL outside of a `store.rs`, another feature.

pub mod accounts;
mod agents;
mod doors;
pub mod mail;
pub mod operators;
mod passkeys;
pub mod passwords;
mod qr;
pub mod rest;
mod screens;
mod second;
mod sessions;
mod start;
mod store;
mod throttle;
pub mod user_request;

pub use doors::{Outside, Random, doors};
pub use screens::screens;
pub use start::start;

use gp_content::ContentType;

/// The content types of this feature.
pub fn types() -> Vec<ContentType> {
    vec![user_request::TYPE]
}

//! `user_request`: a person's request to see or to erase what is kept about them.
//!
//! Kept of WordPress:
//! - the slug is what is asked (`export_personal_data`, `remove_personal_data`) and need not be unique; the title is
//!   the e-mail address; the password column holds the hash of the key that confirms it;
//! - statuses `request-pending`, `request-confirmed`, `request-completed`, `request-failed`;
//! - never indexed, never public, never exported.

use gp_content::{ContentType, types::SlugScope};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    slugs: SlugScope::Free,
    ..ContentType::internal("user_request", "Personal data request", "Personal data requests")
};

//! `revision`: an earlier state of an item, or an autosave of one person.
//!
//! Kept of WordPress:
//! - who may edit the parent may see its versions; nobody else, at no door;
//! - the slug is `PARENT-revision-v1` for every version and `PARENT-autosave-v1` for autosaves, and need not be
//!   unique;
//! - made after an update that changed title, text, excerpt or a meta that is versioned; never exported in a WXR;
//!   deleted with its parent.

use gp_content::{
    ContentType,
    types::{Rights, SlugScope},
};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    rights: Rights::OfParent,
    slugs: SlugScope::Free,
    ..ContentType::internal("revision", "Version", "Versions")
};

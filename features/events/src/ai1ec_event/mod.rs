//! `ai1ec_event`: an event of the calendar.
//!
//! Kept of WordPress:
//! - addresses begin with `/event/`; own capabilities (`edit_ai1ec_events` and the others); kinds are terms of
//!   `events_categories`;
//! - the row's date is when it was published, never when it takes place; that is the meta `_guidepost_event`: JSON
//!   with `start`, `end`, `timezone`, `all_day`, `venue`, `rrule`;
//! - not in REST under `wp/v2`, as with the plugin.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    public: true,
    searchable: true,
    exported: true,
    rights: Rights::PerItem("ai1ec_events"),
    front: "event",
    ..ContentType::internal("ai1ec_event", "Event", "Events")
};

//! `exactmetrics_note`: a note on the site's own statistics: what happened on a day.
//!
//! Kept of WordPress:
//! - the text is the title, the day is the date; a note for a day to come waits with status `future`;
//! - a category is a term of `exactmetrics_note_category`; never public, not in REST.

use gp_content::ContentType;

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    exported: true,
    ..ContentType::internal("exactmetrics_note", "Note on statistics", "Notes on statistics")
};

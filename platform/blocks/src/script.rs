//! The one script of the public site: titles that go on like what is typed into a large search field. The field works without.
//!
//! It stands in the page itself, and the site's policy names it by its hash: no other script runs. What must never be here: a
//! second one.

/// The script, as it stands between its tags.
pub const SUGGEST: &str = include_str!("suggest.js");

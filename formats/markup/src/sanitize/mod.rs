//! Makes HTML from people safe to show: what is not on the list goes.
//!
//! Two filters: [`Kses`] gives byte for byte what WordPress gives ([`wp_kses_post`], [`wp_kses_data`], ...), and
//! [`kses_post`] puts a parser behind it, so that what a page shows is also well formed.

mod allowed;
mod attributes;
mod cost;
mod filter;
mod protocol;
mod style;
mod tree;

#[cfg(test)]
mod tests;

pub use allowed::{Allowed, Attributes, Check, Rule};
pub(crate) use attributes::{is_address_attribute, read_attributes};
pub use filter::Kses;
pub use protocol::bad_protocol;
pub use style::safecss_filter_attr;

/// What a post may hold, as WordPress filters it: nothing runs, but elements may be left open.
pub fn wp_kses_post(html: &str) -> String {
    Kses::new(Allowed::post()).clean(html)
}

/// What a comment may hold, as WordPress filters it: nothing runs, but elements may be left open.
pub fn wp_kses_data(html: &str) -> String {
    Kses::new(Allowed::data()).clean(html)
}

/// What a post may hold, for a page: filtered as WordPress does, then parsed and written anew, so that the result is
/// well formed, whatever the author left open. Comments go, except block comments, `more` and `nextpage`. Markup that no
/// person writes and whose tree could take minutes to build comes out as plain text.
pub fn kses_post(html: &str) -> String {
    tree::well_formed(&wp_kses_post(html), html)
}

//! WordPress's text functions: slugs, paragraphs, typography, escaping, plain text.
//!
//! Each function gives what WordPress 7.1 gives with its English defaults, unless its doc says
//! otherwise, and takes time in proportion to the text.

mod accents;
mod autop;
mod balance;
mod clickable;
mod elements;
mod entities;
mod entity_table;
mod escape;
mod excerpt;
mod file_name;
mod links;
mod plain;
mod serialized;
mod slug;
mod texturize;

#[cfg(test)]
mod tests;

pub use accents::{remove_accents, remove_accents_in};
pub use autop::{wpautop, wpautop_without_breaks};
pub use balance::balance_tags;
pub use clickable::make_clickable;
pub(crate) use elements::{Piece, pieces, tag_name};
pub(crate) use entities::escape_lone_ampersands;
pub use entities::{decode_entities, normalize_entities};
pub use escape::{esc_attr, esc_html, esc_xml};
pub use excerpt::{excerpt_plain, wp_trim_words};
pub use file_name::sanitize_file_name;
pub use links::{ALLOWED_PROTOCOLS, esc_url, esc_url_for, sanitize_url};
pub use plain::{plain_text, strip_all_tags, strip_tags};
pub use serialized::is_serialized;
pub use slug::{sanitize_key, sanitize_title, sanitize_title_with_dashes, utf8_uri_encode};
pub use texturize::{wptexturize, wptexturize_with};

pub use crate::shortcode::shortcode_unautop;

/// The white space that PHP's `\s` and `trim` know: ASCII only.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Like PHP's `trim`: ASCII white space and NUL at both ends.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\0' || c.is_ascii() && is_space(c as u8) && c != '\u{c}')
}

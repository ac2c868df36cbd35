//! WordPress's text functions: slugs, paragraphs, typography, escaping, plain text.
//!
//! Each function gives what WordPress 7.1 gives with its English defaults, unless its doc says
//! otherwise, and takes time in proportion to the text.

mod accents;
mod address;
mod autop;
mod balance;
mod clickable;
mod convert;
mod elements;
mod entities;
mod entity_table;
mod escape;
mod excerpt;
mod fields;
mod file_name;
mod file_type;
mod link_tags;
mod links;
mod measures;
mod plain;
mod serialized;
mod slug;
mod texturize;

#[cfg(test)]
mod tests;

pub use accents::{remove_accents, remove_accents_in, remove_accents_latin1};
pub use address::{
    Address, absolute_link, first_link, parse_list, parse_url, relative_link, trailingslashit, untrailingslashit,
    url_shorten, validate_file, validated, with_query, wp_normalize_path,
};
pub use autop::{wpautop, wpautop_without_breaks};
pub use balance::balance_tags;
pub use clickable::make_clickable;
pub use convert::{add_slashes, convert_chars, ent2ncr, esc_js, normalize_whitespace, strip_slashes, wp_encode_emoji};
pub(crate) use elements::tag_name;
pub use elements::{Piece, pieces};
pub(crate) use entities::escape_lone_ampersands;
pub use entities::{decode_entities, normalize_entities};
pub(crate) use escape::escape_open_brackets;
pub use escape::{Quotes, esc_attr, esc_html, esc_xml, special_chars};
pub use excerpt::{excerpt_plain, wp_html_excerpt, wp_trim_words};
pub use fields::{
    is_email, sanitize_hex_color, sanitize_hex_color_no_hash, sanitize_locale_name, sanitize_mime_type,
    sanitize_text_field, sanitize_textarea_field, sanitize_trackback_urls, sanitize_user,
};
pub use file_name::sanitize_file_name;
pub use file_type::{FILE_TYPES, file_type};
pub use link_tags::{links_add_base_url, links_add_target, wp_rel_nofollow, wp_rel_ugc};
pub(crate) use links::split_colon;
pub use links::{ALLOWED_PROTOCOLS, esc_url, esc_url_for, sanitize_url};
pub use measures::{human_time_diff, number_format, size_format};
pub use plain::{plain_text, strip_all_tags, strip_tags};
pub use serialized::is_serialized;
pub use slug::{sanitize_key, sanitize_title, sanitize_title_with_dashes, utf8_uri_encode};
pub use texturize::{wptexturize, wptexturize_with};

pub use crate::shortcode::shortcode_unautop;

/// Bytes as text, without those that are no UTF-8.
pub fn without_broken_bytes(bytes: &[u8]) -> String {
    bytes.utf8_chunks().map(|chunk| chunk.valid()).collect()
}

/// The white space that PHP's `\s` and `trim` know: ASCII only.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Like PHP's `trim`: ASCII white space and NUL at both ends.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\0' || c.is_ascii() && is_space(c as u8) && c != '\u{c}')
}

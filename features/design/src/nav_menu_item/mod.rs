//! `nav_menu_item`: an entry of a classic menu; the menu is a term of `nav_menu`.
//!
//! Kept of WordPress:
//! - what it points at stands in `_menu_item_type`, `_menu_item_object`, `_menu_item_object_id` and `_menu_item_url`;
//!   its parent in the menu is `_menu_item_menu_item_parent`, not `post_parent`;
//! - an empty title follows the title of what it points at; an entry whose target is gone is not shown; one whose
//!   parent is gone moves to the top;
//! - which menu stands where is `nav_menu_locations` in `theme_mods_THEME`.

use gp_content::{ContentType, types::Rights};

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType {
    exported: true,
    rest_base: Some("menu-items"),
    rights: Rights::One("edit_theme_options"),
    ..ContentType::internal("nav_menu_item", "Menu entry", "Menu entries")
};

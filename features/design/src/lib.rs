//! Themes, templates, patterns, menus, fonts, additional CSS.
//!
//! What must never be here: SQL outside of a `store.rs`, another feature.

pub mod custom_css;
pub mod customize_changeset;
pub mod nav_menu_item;
pub mod rest;
pub mod themes;
pub mod wp_block;
pub mod wp_font_face;
pub mod wp_font_family;
pub mod wp_global_styles;
pub mod wp_navigation;
pub mod wp_template;
pub mod wp_template_part;

use gp_content::ContentType;

/// The content types of this feature.
pub fn types() -> Vec<ContentType> {
    vec![
        custom_css::TYPE,
        customize_changeset::TYPE,
        nav_menu_item::TYPE,
        wp_block::TYPE,
        wp_font_face::TYPE,
        wp_font_family::TYPE,
        wp_global_styles::TYPE,
        wp_navigation::TYPE,
        wp_template::TYPE,
        wp_template_part::TYPE,
    ]
}

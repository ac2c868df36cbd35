//! The 22 content types of a site, in the order of the alphabet. One explicit list; nothing registers itself.

use gp_content::{ContentType, Types};

/// Every content type, by its folder.
pub const TYPES: [ContentType; 22] = [
    gp_fields::acf_field::TYPE,
    gp_fields::acf_field_group::TYPE,
    gp_fields::acf_post_type::TYPE,
    gp_fields::acf_taxonomy::TYPE,
    gp_events::ai1ec_event::TYPE,
    gp_library::attachment::TYPE,
    gp_design::custom_css::TYPE,
    gp_design::customize_changeset::TYPE,
    gp_insights::exactmetrics_note::TYPE,
    gp_design::nav_menu_item::TYPE,
    gp_library::oembed_cache::TYPE,
    gp_library::page::TYPE,
    gp_library::post::TYPE,
    gp_library::revision::TYPE,
    gp_people::user_request::TYPE,
    gp_design::wp_block::TYPE,
    gp_design::wp_font_face::TYPE,
    gp_design::wp_font_family::TYPE,
    gp_design::wp_global_styles::TYPE,
    gp_design::wp_navigation::TYPE,
    gp_design::wp_template::TYPE,
    gp_design::wp_template_part::TYPE,
];

/// The types of a site.
pub fn types() -> Types {
    Types::new(TYPES.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_names_wordpress_and_plugin_types_once_each() {
        let names: Vec<&str> = TYPES.iter().map(|t| t.name).collect();
        let expected = [
            "acf-field",
            "acf-field-group",
            "acf-post-type",
            "acf-taxonomy",
            "ai1ec_event",
            "attachment",
            "custom_css",
            "customize_changeset",
            "exactmetrics_note",
            "nav_menu_item",
            "oembed_cache",
            "page",
            "post",
            "revision",
            "user_request",
            "wp_block",
            "wp_font_face",
            "wp_font_family",
            "wp_global_styles",
            "wp_navigation",
            "wp_template",
            "wp_template_part",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn only_what_readers_come_for_is_public() {
        let public: Vec<&str> = TYPES.iter().filter(|t| t.public).map(|t| t.name).collect();
        assert_eq!(public, ["ai1ec_event", "attachment", "page", "post"]);
        let bases: Vec<&str> = TYPES.iter().filter_map(|t| t.rest_base).collect();
        let unique: std::collections::BTreeSet<&&str> = bases.iter().collect();
        assert_eq!(bases.len(), unique.len(), "REST bases clash: {bases:?}");
    }
}

//! What buttons and notices say of the things of a type: WordPress's words, which editors show as they are.

use gp_content::ContentType;
use serde_json::{Map, Value, json};

use super::facts::Facts;
use crate::schema::{members, properties};

/// What types say otherwise than the rule does.
const OWN: &str = include_str!("../schemas/labels.json");

/// The labels of a type. Posts and pages are called by their own names throughout; what a type does not say itself, it takes from
/// posts, or from pages where it nests.
pub(crate) fn of_type(kind: &ContentType, facts: &Facts) -> Value {
    let (one, several) = (facts.singular, facts.plural);
    if matches!(kind.name, "post" | "page") {
        return Value::Object(full(one, several, kind.hierarchical));
    }
    let mut out = match kind.hierarchical {
        true => full("Page", "Pages", true),
        false => full("Post", "Posts", false),
    };
    let own = properties(OWN).remove(kind.name).map(members).unwrap_or_default();
    let all = own.get("all_items").and_then(Value::as_str).unwrap_or(several);
    out.extend(members(json!({
        "name": several, "singular_name": one, "menu_name": several, "name_admin_bar": one,
        "all_items": all, "archives": all, "template_name": format!("Single item: {one}"),
    })));
    out.extend(own);
    Value::Object(out)
}

fn full(one: &str, several: &str, nests: bool) -> Map<String, Value> {
    let (small, smalls) = (one.to_lowercase(), several.to_lowercase());
    let above = nests.then(|| format!("Parent {one}:"));
    members(json!({
        "name": several, "singular_name": one, "add_new": "Add", "add_new_item": format!("Add {one}"),
        "edit_item": format!("Edit {one}"), "new_item": format!("New {one}"), "view_item": format!("View {one}"),
        "view_items": format!("View {several}"), "search_items": format!("Search {several}"),
        "not_found": format!("No {smalls} found."), "not_found_in_trash": format!("No {smalls} found in Trash."),
        "parent_item_colon": above, "all_items": format!("All {several}"), "archives": format!("{one} Archives"),
        "attributes": format!("{one} Attributes"), "insert_into_item": format!("Insert into {small}"),
        "uploaded_to_this_item": format!("Uploaded to this {small}"), "featured_image": "Featured image",
        "set_featured_image": "Set featured image", "remove_featured_image": "Remove featured image",
        "use_featured_image": "Use as featured image", "filter_items_list": format!("Filter {smalls} list"),
        "filter_by_date": "Filter by date", "items_list_navigation": format!("{several} list navigation"),
        "items_list": format!("{several} list"), "item_published": format!("{one} published."),
        "item_published_privately": format!("{one} published privately."),
        "item_reverted_to_draft": format!("{one} reverted to draft."), "item_trashed": format!("{one} trashed."),
        "item_scheduled": format!("{one} scheduled."), "item_updated": format!("{one} updated."),
        "item_link": format!("{one} Link"), "item_link_description": format!("A link to a {small}."),
        "menu_name": several, "name_admin_bar": one,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_file_is_a_map_of_texts() {
        let all = properties(OWN);
        assert!(!all.is_empty());
        assert!(
            all.values()
                .all(|own| own.as_object().is_some_and(|own| own.values().all(Value::is_string)))
        );
    }
}

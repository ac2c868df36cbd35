//! `types`, `taxonomies` and `statuses`: what there is, for whoever writes clients.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{ContentType, Site, Taxonomy, types::Rights};
use serde_json::{Map, Value, json};

use super::{facts, labels};
use crate::{
    links::Links,
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::{Deed, READ, Resource, Route},
    schema::{context, members, titled},
    turn::Turn,
};

fn args() -> Map<String, Value> {
    members(json!({"context": context(&["view", "embed", "edit"])}))
}

fn named(name: &str, description: &str) -> Map<String, Value> {
    let mut out = members(json!({name: {"description": description, "type": "string"}}));
    out.extend(args());
    out
}

/// The routes of all three.
pub(crate) fn routes() -> Vec<Route> {
    let (types, taxonomies, statuses): (Arc<dyn Resource>, Arc<dyn Resource>, Arc<dyn Resource>) =
        (Arc::new(Types), Arc::new(Taxonomies), Arc::new(Statuses));
    let by_type = json!({"description": "Limit results to taxonomies associated with a specific post type.",
        "type": "string"});
    let mut taxonomy_list = args();
    taxonomy_list.insert("type".to_owned(), by_type);
    vec![
        Route::new("wp/v2", "/types", types.clone()).on(READ, Deed::List, args()),
        Route::new("wp/v2", "/types/(?P<type>[\\w-]+)", types).on(
            READ,
            Deed::Get,
            named("type", "An alphanumeric identifier for the post type."),
        ),
        Route::new("wp/v2", "/statuses", statuses.clone()).on(READ, Deed::List, args()),
        Route::new("wp/v2", "/statuses/(?P<status>[\\w-]+)", statuses).on(
            READ,
            Deed::Get,
            named("status", "An alphanumeric identifier for the status."),
        ),
        Route::new("wp/v2", "/taxonomies", taxonomies.clone()).on(READ, Deed::List, taxonomy_list),
        Route::new("wp/v2", "/taxonomies/(?P<taxonomy>[\\w-]+)", taxonomies).on(
            READ,
            Deed::Get,
            named("taxonomy", "An alphanumeric identifier for the taxonomy."),
        ),
    ]
}

struct Types;

impl Resource for Types {
    fn schema(&self, _site: &Site, _base_url: &str) -> Option<Value> {
        Some(titled("type", type_schema()))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let editing = request.context() == "edit";
            if deed == Deed::List && editing && !turn.can("edit_posts") {
                let message = "Sorry, you are not allowed to edit posts in this post type.";
                return Err(turn.refusal("rest_cannot_view", message));
            }
            Ok(())
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let editing = request.context() == "edit";
            let all = turn.types();
            if deed == Deed::Get {
                let name = request.text("type").unwrap_or_default();
                let kind = all
                    .get(name)
                    .ok_or_else(|| Failure::new(404, "rest_type_invalid", "Invalid post type."))?;
                if kind.rest_base.is_none() {
                    return Err(turn.refusal("rest_cannot_read_type", "Cannot view post type."));
                }
                if editing && !turn.can(&facts::capability(kind, "edit")) {
                    let message = "Sorry, you are not allowed to edit posts in this post type.";
                    return Err(turn.refusal("rest_forbidden_context", message));
                }
                return Ok(Reply::ok(type_shown(turn, kind, editing)));
            }
            let mut shown: Vec<&ContentType> = all.all().filter(|t| t.rest_base.is_some()).collect();
            shown.sort_by_key(|kind| facts::of(kind).place);
            let shown = shown
                .into_iter()
                .filter(|kind| !editing || turn.can(&facts::capability(kind, "edit")))
                .map(|kind| (kind.name.to_owned(), type_shown(turn, kind, editing)));
            Ok(Reply::ok(Value::Object(shown.collect())))
        })
    }
}

fn type_schema() -> Map<String, Value> {
    let text = |description: &str| json!({"description": description, "type": "string", "context": ["view", "edit", "embed"], "readonly": true});
    members(json!({
        "name": text("The title for the post type."),
        "slug": text("An alphanumeric identifier for the post type."),
        "description": text("A human-readable description of the post type."),
        "rest_base": text("REST base route for the post type."),
        "rest_namespace": text("REST route's namespace for the post type."),
        "hierarchical": {"description": "Whether or not the post type should have children.", "type": "boolean",
            "context": ["view", "edit"], "readonly": true},
        "taxonomies": {"description": "Taxonomies associated with post type.", "type": "array",
            "items": {"type": "string"}, "context": ["view", "edit"], "readonly": true},
    }))
}

fn rest_base(kind: &ContentType) -> String {
    match kind.name {
        "wp_font_face" => "font-families/(?P<font_family_id>[\\d]+)/font-faces".to_owned(),
        _ => kind.rest_base.unwrap_or_default().to_owned(),
    }
}

fn type_shown(turn: &Turn, kind: &ContentType, editing: bool) -> Value {
    let facts = facts::of(kind);
    let taxonomies = turn.registry.taxonomies.iter().filter(|t| t.types.contains(&kind.name));
    let taxonomies: Vec<&str> = taxonomies.map(|t| t.name.as_str()).collect();
    let mut links = Links::default();
    links.plain("collection", turn.href("/wp/v2/types"));
    links.plain("wp:items", turn.href(&format!("/wp/v2/{}", rest_base(kind))));
    let mut out = members(json!({
        "description": description(kind.name),
        "hierarchical": kind.hierarchical,
        "has_archive": false,
        "name": facts.plural,
        "slug": kind.name,
        "icon": facts.icon,
        "taxonomies": taxonomies,
        "rest_base": rest_base(kind),
        "rest_namespace": "wp/v2",
        "template": [],
        "template_lock": false,
        "_links": links.value(),
    }));
    if editing {
        let menus = matches!(kind.name, "post" | "page") || (kind.public && kind.name != "attachment");
        let hidden = [
            "nav_menu_item",
            "wp_template",
            "wp_template_part",
            "wp_global_styles",
            "wp_font_family",
            "wp_font_face",
        ];
        out.extend(members(json!({
            "capabilities": capabilities(kind),
            "viewable": kind.public,
            "visibility": {"show_in_nav_menus": menus, "show_ui": !hidden.contains(&kind.name)},
            "supports": facts.supports(),
            "labels": labels::of_type(kind, &facts),
        })));
    }
    Value::Object(out)
}

fn description(kind: &str) -> &'static str {
    match kind {
        "wp_template" => "Templates to include in your theme.",
        "wp_template_part" => "Template parts to include in your templates.",
        "wp_global_styles" => "Global styles to include in themes.",
        "wp_navigation" => "Navigation menus that can be inserted into your site.",
        _ => "",
    }
}

/// Which capability each deed needs.
fn capabilities(kind: &ContentType) -> Value {
    let one = match kind.name {
        "page" => "page",
        "wp_block" => "block",
        "wp_template" => "template",
        _ => "post",
    };
    // Where WordPress names a capability that nothing here is decided by, it is named all the same.
    let of = |deed: &str| match (kind.name, deed) {
        ("wp_block", "publish" | "read_private" | "delete_private" | "edit_private") => format!("{deed}_blocks"),
        ("wp_global_styles", "delete" | "publish" | "read_private" | "delete_private" | "edit_private")
        | ("wp_font_family" | "wp_font_face", "delete_private" | "edit_private") => format!("{deed}_posts"),
        _ => facts::capability(kind, deed),
    };
    let read = match kind.rights {
        _ if kind.name == "wp_block" || kind.name == "wp_global_styles" => "edit_posts",
        Rights::One(_) if !matches!(kind.name, "nav_menu_item" | "wp_navigation") => "edit_theme_options",
        _ => "read",
    };
    let create = match kind.name {
        "attachment" => "upload_files".to_owned(),
        "wp_block" => "publish_posts".to_owned(),
        _ => of("edit"),
    };
    json!({
        "edit_post": format!("edit_{one}"),
        "read_post": format!("read_{one}"),
        "delete_post": format!("delete_{one}"),
        "edit_posts": of("edit"),
        "edit_others_posts": of("edit_others"),
        "delete_posts": of("delete"),
        "publish_posts": of("publish"),
        "read_private_posts": of("read_private"),
        "read": read,
        "delete_private_posts": of("delete_private"),
        "delete_published_posts": of("delete_published"),
        "delete_others_posts": of("delete_others"),
        "edit_private_posts": of("edit_private"),
        "edit_published_posts": of("edit_published"),
        "create_posts": create,
    })
}

struct Taxonomies;

impl Resource for Taxonomies {
    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if request.context() == "edit" && deed == Deed::List && !turn.can("edit_posts") {
                let message = "Sorry, you are not allowed to manage terms in this taxonomy.";
                return Err(turn.refusal("rest_cannot_view", message));
            }
            Ok(())
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let editing = request.context() == "edit";
            let registry = turn.registry.clone();
            if deed == Deed::Get {
                let name = request.text("taxonomy").unwrap_or_default();
                let known = registry.taxonomies.iter().find(|t| t.name == name);
                let Some(taxonomy) = known else {
                    if turn.types().taxonomy(name).is_some() {
                        let message = "Sorry, you are not allowed to view this taxonomy.";
                        return Err(turn.refusal("rest_forbidden", message));
                    }
                    return Err(Failure::new(404, "rest_taxonomy_invalid", "Invalid taxonomy."));
                };
                if editing && !turn.can("edit_posts") {
                    let message = "Sorry, you are not allowed to manage terms in this taxonomy.";
                    return Err(turn.refusal("rest_forbidden_context", message));
                }
                return Ok(Reply::ok(taxonomy_shown(turn, taxonomy, editing)));
            }
            let of = request.text("type");
            let shown = registry
                .taxonomies
                .iter()
                .filter(|t| of.is_none_or(|kind| t.types.contains(&kind)));
            let shown: Map<String, Value> = shown
                .map(|t| (t.name.clone(), taxonomy_shown(turn, t, editing)))
                .collect();
            // PHP writes an empty map as a list.
            Ok(Reply::ok(if shown.is_empty() {
                json!([])
            } else {
                Value::Object(shown)
            }))
        })
    }
}

fn taxonomy_shown(turn: &Turn, taxonomy: &Taxonomy, editing: bool) -> Value {
    let (several, one) = facts::taxonomy_names(taxonomy);
    let mut links = Links::default();
    links.plain("collection", turn.href("/wp/v2/taxonomies"));
    links.plain("wp:items", turn.href(&format!("/wp/v2/{}", taxonomy.rest_base)));
    let mut out = members(json!({
        "name": several,
        "slug": taxonomy.name,
        "description": "",
        "types": taxonomy.types,
        "hierarchical": taxonomy.hierarchical,
        "rest_base": taxonomy.rest_base,
        "rest_namespace": "wp/v2",
        "_links": links.value(),
    }));
    if editing {
        let small = several.to_lowercase();
        out.extend(members(json!({
            "capabilities": {"manage_terms": "manage_categories", "edit_terms": "manage_categories",
                "delete_terms": "manage_categories", "assign_terms": "edit_posts"},
            "labels": {
                "name": several, "singular_name": one, "search_items": format!("Search {several}"),
                "popular_items": if taxonomy.hierarchical { Value::Null } else { json!(format!("Popular {several}")) },
                "all_items": format!("All {several}"),
                "parent_item": if taxonomy.hierarchical { json!(format!("Parent {one}")) } else { Value::Null },
                "edit_item": format!("Edit {one}"), "view_item": format!("View {one}"),
                "update_item": format!("Update {one}"), "add_new_item": format!("Add {one}"),
                "new_item_name": format!("New {one} Name"), "not_found": format!("No {small} found."),
                "no_terms": format!("No {small}"), "items_list": format!("{several} list"),
                "most_used": "Most Used", "back_to_items": format!("← Go to {several}"), "menu_name": several,
                "name_admin_bar": taxonomy.name,
                "separate_items_with_commas": format!("Separate {small} with commas"),
                "add_or_remove_items": format!("Add or remove {small}"),
                "choose_from_most_used": format!("Choose from the most used {small}"),
            },
            "show_cloud": taxonomy.public,
            "visibility": {"public": taxonomy.public, "publicly_queryable": taxonomy.public,
                "show_admin_column": taxonomy.public, "show_in_nav_menus": taxonomy.public,
                "show_in_quick_edit": taxonomy.public, "show_ui": taxonomy.name != "nav_menu"},
        })));
    }
    Value::Object(out)
}

struct Statuses;

/// Status, its name, whether its date floats.
const STATUSES: &[(&str, &str, bool)] = &[
    ("publish", "Published", false),
    ("future", "Scheduled", false),
    ("draft", "Draft", true),
    ("pending", "Pending", true),
    ("private", "Private", false),
    ("trash", "Trash", false),
];

impl Resource for Statuses {
    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if request.context() == "edit" && deed == Deed::List && !turn.can("edit_posts") {
                let message = "Sorry, you are not allowed to manage post statuses.";
                return Err(turn.refusal("rest_cannot_view", message));
            }
            if deed == Deed::Get {
                let name = request.text("status").unwrap_or_default();
                let known = STATUSES.iter().any(|(status, ..)| *status == name);
                if !known {
                    return Err(Failure::new(404, "rest_status_invalid", "Invalid status."));
                }
                if name != "publish" && !turn.can("edit_posts") {
                    return Err(turn.refusal("rest_cannot_read_status", "Cannot view status."));
                }
            }
            Ok(())
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let works = turn.can("edit_posts");
            if deed == Deed::Get {
                let name = request.text("status").unwrap_or_default();
                let known = STATUSES.iter().find(|(status, ..)| *status == name);
                let known = known.ok_or_else(|| Failure::new(404, "rest_status_invalid", "Invalid status."))?;
                return Ok(Reply::ok(status_shown(turn, known)));
            }
            let shown = STATUSES.iter().filter(|(status, ..)| works || *status == "publish");
            let shown = shown.map(|status| (status.0.to_owned(), status_shown(turn, status)));
            Ok(Reply::ok(Value::Object(shown.collect())))
        })
    }
}

fn status_shown(turn: &Turn, (status, name, floats): &(&str, &str, bool)) -> Value {
    let public = *status == "publish";
    let query = if public {
        String::new()
    } else {
        format!("?status={status}")
    };
    json!({
        "name": name,
        "public": public,
        "queryable": public,
        "slug": status,
        "date_floating": floats,
        "_links": {"archives": [{"href": turn.href(&format!("/wp/v2/posts{query}"))}]},
    })
}

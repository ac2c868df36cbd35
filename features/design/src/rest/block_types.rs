//! `block-types`: WordPress's own blocks as its editor registers them. The data are those of `@wordpress/block-library` 11.1.0
//! (GPL-2.0-or-later), a line for each block, without examples.

use std::sync::{Arc, LazyLock};

use futures_util::future::BoxFuture;
use gp_rest::{
    Answer, Deed, Failure, Links, Outcome, READ, Reply, Request, Resource, Route, Turn,
    schema::{context, joined, members},
};
use serde_json::{Map, Value, json};

static KNOWN: LazyLock<Vec<Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("block-types.json")).unwrap_or_default());

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let resource: Arc<dyn Resource> = Arc::new(BlockTypes);
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let text = |name: &str, description: &str| members(json!({name: {"description": description, "type": "string"}}));
    let space = || text("namespace", "Block namespace.");
    let of = "(?P<namespace>[a-zA-Z0-9_-]+)";
    vec![
        Route::new("wp/v2", "/block-types", resource.clone()).on(READ, Deed::List, joined([shown(), space()])),
        Route::new("wp/v2", &format!("/block-types/{of}"), resource.clone()).on(
            READ,
            Deed::List,
            joined([shown(), space()]),
        ),
        Route::new(
            "wp/v2",
            &format!("/block-types/{of}/(?P<name>[a-zA-Z0-9_-]+)"),
            resource,
        )
        .on(READ, Deed::Get, joined([text("name", "Block name."), space(), shown()])),
    ]
}

struct BlockTypes;

impl Resource for BlockTypes {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if turn.can("edit_posts") {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to manage block types.";
            Err(turn.refusal("rest_block_type_cannot_view", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let space = request.text("namespace").unwrap_or_default();
            if deed == Deed::Get {
                let full = format!("{space}/{}", request.text("name").unwrap_or_default());
                let found = KNOWN.iter().find(|block| name(block) == full);
                let invalid = || Failure::new(404, "rest_block_type_invalid", "Invalid block type.");
                return Ok(Reply::ok(shown(turn, found.ok_or_else(invalid)?)));
            }
            let of = |block: &&Value| space.is_empty() || name(block).split('/').next() == Some(space);
            Ok(Reply::ok(
                KNOWN.iter().filter(of).map(|block| shown(turn, block)).collect(),
            ))
        })
    }
}

fn name(block: &Value) -> &str {
    block["name"].as_str().unwrap_or_default()
}

/// What a block's file says, under WordPress's names for it; an empty map is an empty list, as PHP writes it.
fn shown(turn: &Turn, block: &Value) -> Value {
    let full = name(block);
    let dynamic = block["dynamic"] == true;
    let map = |key: &str| match &block[key] {
        Value::Object(members) if !members.is_empty() => block[key].clone(),
        _ => json!([]),
    };
    let list = |key: &str| block.get(key).cloned().unwrap_or_else(|| json!([]));
    let mut attributes = match &block["attributes"] {
        Value::Object(own) => own.clone(),
        _ => Map::new(),
    };
    // Every block can be locked and named.
    for general in ["lock", "metadata"] {
        attributes.entry(general).or_insert_with(|| json!({"type": "object"}));
    }
    let space = full.split('/').next().unwrap_or_default();
    let mut links = Links::default();
    links.plain("collection", turn.href("/wp/v2/block-types"));
    links.own(turn, &format!("/wp/v2/block-types/{full}"), &["GET"]);
    links.plain("up", turn.href(&format!("/wp/v2/block-types/{space}")));
    if dynamic {
        let route = format!("/wp/v2/block-renderer/{full}?context=edit");
        links.plain("wp:render-block", turn.href(&route));
    }
    json!({
        "api_version": block["apiVersion"].as_i64().unwrap_or(1),
        "title": block["title"],
        "name": full,
        "is_dynamic": dynamic,
        "icon": null,
        "attributes": attributes,
        "provides_context": map("providesContext"),
        "uses_context": list("usesContext"),
        "selectors": map("selectors"),
        "supports": map("supports"),
        "category": block["category"],
        "description": block["description"],
        "keywords": list("keywords"),
        "parent": block["parent"],
        "ancestor": block["ancestor"],
        "allowed_blocks": block["allowedBlocks"],
        "styles": list("styles"),
        "variations": list("variations"),
        "textdomain": block["textdomain"],
        "example": null,
        "block_hooks": map("blockHooks"),
        "editor_script_handles": [],
        "script_handles": [],
        "view_script_handles": [],
        "view_script_module_ids": [],
        "editor_style_handles": [],
        "style_handles": [],
        "view_style_handles": [],
        "_links": links.value(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_of_the_file_has_a_name_of_its_own() {
        let mut names: Vec<&str> = KNOWN.iter().map(name).collect();
        assert!(names.len() > 90 && names.iter().all(|name| name.starts_with("core/")));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KNOWN.len());
    }
}

//! What clients ask for that this site does not have, or has in one fixed form: plugins, icons, the block directory, pattern lists of
//! elsewhere. Each answers as a site without any would.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_markup::block;
use gp_rest::{
    Answer, Deed, EDIT, Failure, MAKE, Outcome, READ, REMOVE, Reply, Request, Resource, Route, Turn, listing,
    schema::{context, members, ordering, paging},
};
use serde_json::{Map, Value, json};

/// A list that is empty here, for those who hold a capability.
#[derive(Clone, Copy)]
struct Nothing {
    capability: &'static str,
    /// Code and message for those who do not.
    refused: (&'static str, &'static str),
    /// Code and message for one of them, which is not there.
    missing: (&'static str, &'static str),
}

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let patterns: Arc<dyn Resource> = Arc::new(Patterns);
    let mut out = plugins();
    out.extend([
        Route::new("wp/v2", "/block-directory/search", Arc::new(BLOCKS)).on(READ, Deed::List, block_search()),
        Route::new("wp/v2", "/pattern-directory/patterns", Arc::new(PATTERNS)).on(READ, Deed::List, pattern_search()),
        Route::new("wp/v2", "/block-patterns/patterns", patterns.clone()).on(READ, Deed::List, Map::new()),
        Route::new("wp/v2", "/block-patterns/categories", patterns).on(READ, Deed::Other("categories"), Map::new()),
        Route::new(
            "wp/v2",
            "/block-renderer/(?P<name>[a-z0-9-]+/[a-z0-9-]+)",
            Arc::new(Rendered),
        )
        .on(&["GET", "POST"], Deed::Get, Rendered::args()),
        Route::new("wp/v2", "/view-config", Arc::new(VIEWS)).on(READ, Deed::Get, {
            let text = |description: &str| json!({"description": description, "type": "string", "required": true});
            members(json!({"kind": text("Entity kind."), "name": text("Entity name.")}))
        }),
        Route::new("wp/v2", "/font-collections", Arc::new(COLLECTIONS)).on(READ, Deed::List, {
            let mut args = paging();
            args.remove("search");
            args
        }),
        Route::new("wp/v2", "/font-collections/(?P<slug>[\\/\\w-]+)", Arc::new(COLLECTIONS)).on(
            READ,
            Deed::Get,
            shown(),
        ),
    ]);
    out
}

const PLUGINS: Nothing = Nothing {
    capability: "activate_plugins",
    refused: (
        "rest_cannot_view_plugins",
        "Sorry, you are not allowed to manage plugins for this site.",
    ),
    missing: ("rest_plugin_not_found", "Plugin not found."),
};

const BLOCKS: Nothing = Nothing {
    capability: "install_plugins",
    refused: (
        "rest_block_directory_cannot_view",
        "Sorry, you are not allowed to browse the block directory.",
    ),
    missing: ("rest_block_directory_not_found", "No such block."),
};

const PATTERNS: Nothing = Nothing {
    capability: "edit_posts",
    refused: (
        "rest_pattern_directory_cannot_view",
        "Sorry, you are not allowed to browse the local block pattern directory.",
    ),
    missing: ("rest_pattern_directory_not_found", "No such pattern."),
};

const COLLECTIONS: Nothing = Nothing {
    capability: "edit_theme_options",
    refused: (
        "rest_cannot_read",
        "Sorry, you are not allowed to access font collections.",
    ),
    missing: ("rest_font_collection_not_found", "Font collection not found."),
};

/// How lists of an editor are laid out: that is the editor's own business here.
const VIEWS: Nothing = Nothing {
    capability: "edit_posts",
    refused: (
        "rest_cannot_read",
        "Sorry, you are not allowed to read the view configuration.",
    ),
    missing: (
        "rest_view_config_not_found",
        "No view configuration exists for this entity.",
    ),
};

/// This program has no plugins, and can install none.
fn plugins() -> Vec<Route> {
    let plugins: Arc<dyn Resource> = Arc::new(PLUGINS);
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let status = json!({"description": "The plugin activation status.", "type": "string",
        "enum": ["inactive", "active"]});
    let mut searched = shown();
    searched.extend(members(json!({
        "search": {"description": "Limit results to those matching a string.", "type": "string"},
        "status": {"description": "Limits results to plugins with the given status.", "type": "array",
            "items": {"type": "string", "enum": ["inactive", "active"]}},
    })));
    let mut made = members(json!({"slug": {"type": "string", "required": true,
        "description": "WordPress.org plugin directory slug.", "pattern": "[\\w\\-]+"}}));
    made.insert("status".to_owned(), {
        let mut status = status.clone();
        status["default"] = "inactive".into();
        status
    });
    let one = || {
        let mut out = shown();
        out.extend(members(
            json!({"plugin": {"type": "string", "pattern": "[^.\\/]+(?:\\/[^.\\/]+)?"}}),
        ));
        out
    };
    let mut changed = one();
    changed.insert("status".to_owned(), status);
    vec![
        Route::new("wp/v2", "/plugins", plugins.clone())
            .on(READ, Deed::List, searched)
            .on(MAKE, Deed::Create, made),
        Route::new("wp/v2", "/plugins/(?P<plugin>[^.\\/]+(?:\\/[^.\\/]+)?)", plugins)
            .on(READ, Deed::Get, one())
            .on(EDIT, Deed::Update, changed)
            .on(REMOVE, Deed::Delete, one()),
    ]
}

fn block_search() -> Map<String, Value> {
    let mut args = paging();
    args.remove("search");
    args.insert("context".to_owned(), context(&["view"]));
    args.insert(
        "term".to_owned(),
        json!({"description": "Limit result set to blocks matching the search term.", "type": "string",
            "minLength": 1, "required": true}),
    );
    args
}

fn pattern_search() -> Map<String, Value> {
    let by = [listing::ORDERS, &["favorite_count"]].concat();
    let mut args = paging();
    args["per_page"]["default"] = 100.into();
    args["search"]["minLength"] = 1.into();
    let number = |description: &str| json!({"description": description, "type": "integer", "minimum": 1});
    args.extend(members(json!({
        "category": number("Limit results to those matching a category ID."),
        "keyword": number("Limit results to those matching a keyword ID."),
        "slug": {"description": "Limit results to those matching a pattern (slug).", "type": "array"},
        "offset": {"description": "Offset the result set by a specific number of items.", "type": "integer"},
    })));
    args.extend(ordering("desc", "date", "post", &by));
    args
}

impl Resource for Nothing {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            match turn.can(self.capability) {
                true => Ok(()),
                false => Err(turn.refusal(self.refused.0, self.refused.1)),
            }
        })
    }

    fn answer<'a>(&'a self, _turn: &'a mut Turn, _request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => Ok(Reply::ok(json!([]))),
                Deed::Create => {
                    let message = "This site runs no plugins; nothing was installed.";
                    Err(Failure::new(400, "rest_plugins_not_supported", message))
                }
                _ => Err(Failure::new(404, self.missing.0, self.missing.1)),
            }
        })
    }
}

/// The patterns of the theme, for an editor.
struct Patterns;

impl Resource for Patterns {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if turn.can("edit_posts") {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to view the registered block patterns.";
            Err(turn.refusal("rest_cannot_view", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let theme = turn.app.renderer.theme(&turn.site);
            if deed != Deed::List {
                let mut names: Vec<&str> = theme.patterns().flat_map(|p| p.categories()).collect();
                names.sort_unstable();
                names.dedup();
                let all = names
                    .into_iter()
                    .map(|name| json!({"name": name, "label": title_of(name), "description": ""}));
                return Ok(Reply::ok(Value::Array(all.collect())));
            }
            let all = theme.patterns().map(|pattern| {
                let said = |name: &str| pattern.about.get(name).cloned();
                json!({
                    "name": pattern.name,
                    "title": said("title").unwrap_or_else(|| title_of(pattern.name).into()),
                    "content": block::serialize(pattern.blocks),
                    "description": said("description").unwrap_or_else(|| "".into()),
                    "viewport_width": said("viewportWidth"),
                    "inserter": said("inserter").unwrap_or(Value::Bool(true)),
                    "categories": pattern.categories(),
                    "keywords": said("keywords").unwrap_or_else(|| json!([])),
                    "block_types": said("blockTypes").unwrap_or_else(|| json!([])),
                    "post_types": said("postTypes").unwrap_or_else(|| json!([])),
                    "template_types": said("templateTypes").unwrap_or_else(|| json!([])),
                    "source": "theme",
                })
            });
            Ok(Reply::ok(Value::Array(all.collect())))
        })
    }
}

/// `call-to-action` as people read it.
fn title_of(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name).replace('-', " ");
    let mut letters = last.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// One block as its page shows it, for an editor that cannot draw it itself.
struct Rendered;

impl Rendered {
    fn args() -> Map<String, Value> {
        members(json!({
            "name": {"description": "Unique registered name for the block.", "type": "string"},
            "attributes": {"description": "Attributes for the block.", "type": "object", "default": [], "unchecked": true},
            "context": {"description": "Scope under which the request is made; determines fields present in response.",
                "type": "string", "enum": ["edit"], "default": "view", "unchecked": true},
            "post_id": {"description": "ID of the post context.", "type": "integer"},
        }))
    }
}

impl Resource for Rendered {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if turn.can("edit_posts") {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to read blocks as this user.";
            Err(turn.refusal("block_cannot_read", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let name = request.text("name").unwrap_or_default();
            if !name.starts_with("core/") && !name.starts_with("guidepost/") {
                return Err(Failure::new(404, "block_invalid", "Invalid block."));
            }
            let attributes = match request.param("attributes") {
                Some(Value::Object(attributes)) => attributes.clone(),
                _ => Map::new(),
            };
            let markup = block::serialize(&[block::Block::void(name, attributes)]);
            let address = gp_content::address::Address::Missing;
            let (app, page) = (turn.app.clone(), turn.context(address));
            let html = app.renderer.fragment(&mut turn.conn, &page, &markup).await?;
            Ok(Reply::ok(json!({ "rendered": html })))
        })
    }
}

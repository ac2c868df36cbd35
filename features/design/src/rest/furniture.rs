//! What clients ask for that this site does not have, or has in one fixed form: sidebars and widgets of classic themes, plugins, the block
//! directory, pattern lists of elsewhere. Each answers as a site without any would.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_markup::block;
use gp_rest::{
    Answer, Deed, Failure, Outcome, READ, Reply, Request, Resource, Route, Turn,
    schema::{context, members},
};
use serde_json::{Map, Value, json};

/// A list that is empty here, for those who hold a capability.
struct Nothing {
    capability: &'static str,
    code: &'static str,
    message: &'static str,
}

const WIDGETS: Nothing = Nothing {
    capability: "edit_theme_options",
    code: "rest_cannot_manage_widgets",
    message: "Sorry, you are not allowed to manage widgets on this site.",
};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let nothing = |pattern: &str, what: Nothing| {
        Route::new("wp/v2", pattern, Arc::new(what)).on(
            READ,
            Deed::List,
            members(json!({"context": context(&["view", "embed", "edit"])})),
        )
    };
    vec![
        nothing(
            "/plugins",
            Nothing {
                capability: "activate_plugins",
                code: "rest_cannot_view_plugins",
                message: "Sorry, you are not allowed to manage plugins for this site.",
            },
        ),
        nothing("/sidebars", WIDGETS),
        nothing("/widgets", WIDGETS),
        nothing("/widget-types", WIDGETS),
        nothing(
            "/block-directory/search",
            Nothing {
                capability: "install_plugins",
                code: "rest_block_directory_cannot_view",
                message: "Sorry, you are not allowed to browse the block directory.",
            },
        ),
        nothing(
            "/pattern-directory/patterns",
            Nothing {
                capability: "edit_posts",
                code: "rest_pattern_directory_cannot_view",
                message: "Sorry, you are not allowed to browse the local block pattern directory.",
            },
        ),
        Route::new("wp/v2", "/block-patterns/patterns", Arc::new(Patterns)).on(READ, Deed::List, Map::new()),
        Route::new("wp/v2", "/block-patterns/categories", Arc::new(Patterns)).on(
            READ,
            Deed::Other("categories"),
            Map::new(),
        ),
        Route::new(
            "wp/v2",
            "/block-renderer/(?P<name>[a-z0-9-]+/[a-z0-9-]+)",
            Arc::new(Rendered),
        )
        .on(&["GET", "POST"], Deed::Get, Rendered::args()),
        Route::new(
            "wp/v2",
            "/font-collections",
            Arc::new(Nothing {
                capability: "edit_theme_options",
                code: "rest_cannot_read",
                message: "Sorry, you are not allowed to access font collections.",
            }),
        )
        .on(READ, Deed::List, shown()),
    ]
}

impl Resource for Nothing {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            match turn.can(self.capability) {
                true => Ok(()),
                false => Err(turn.refusal(self.code, self.message)),
            }
        })
    }

    fn answer<'a>(&'a self, _turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async { Ok(Reply::ok(json!([]))) })
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
            "attributes": {"description": "Attributes for the block.", "type": "object", "default": {}, "unchecked": true},
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

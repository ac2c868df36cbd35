//! `icons` and `icon-collections`: what the icon block can draw. There is one collection, WordPress's own.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_blocks::icons::{self, Icon};
use gp_rest::{
    Answer, Deed, Failure, Outcome, READ, Reply, Request, Resource, Route, Turn,
    schema::{context, joined, members, paging},
};
use serde_json::{Map, Value, json};

const SLUG: &str = "[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?";

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Icons,
    Collections,
}

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let text = |name: &str, description: &str| members(json!({name: {"description": description, "type": "string"}}));
    let within = || {
        members(
            json!({"collection": {"description": "Limit results to icons belonging to the given collection slug.",
            "type": "string", "pattern": "^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$"}}),
        )
    };
    let icons: Arc<dyn Resource> = Arc::new(Of::Icons);
    let collections: Arc<dyn Resource> = Arc::new(Of::Collections);
    vec![
        Route::new("wp/v2", "/icons", icons.clone()).on(READ, Deed::List, joined([paging(), within()])),
        Route::new("wp/v2", &format!("/icons/(?P<collection>{SLUG})"), icons.clone()).on(
            READ,
            Deed::List,
            joined([within(), paging()]),
        ),
        Route::new("wp/v2", &format!("/icons/(?P<name>{SLUG}/{SLUG})"), icons).on(
            READ,
            Deed::Get,
            joined([text("name", "Icon name."), shown()]),
        ),
        Route::new("wp/v2", "/icon-collections", collections.clone()).on(READ, Deed::List, paging()),
        Route::new("wp/v2", &format!("/icon-collections/(?P<slug>{SLUG})"), collections).on(
            READ,
            Deed::Get,
            joined([text("slug", "Icon collection slug."), shown()]),
        ),
    ]
}

impl Resource for Of {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if turn.can("edit_posts") {
                return Ok(());
            }
            let message = match self {
                Self::Icons => "Sorry, you are not allowed to view the registered icons.",
                Self::Collections => "Sorry, you are not allowed to view the registered icon collections.",
            };
            Err(turn.refusal("rest_cannot_view", message))
        })
    }

    fn answer<'a>(&'a self, _turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let asked = |name: &str| request.text(name).unwrap_or_default();
            match (self, deed) {
                (Self::Icons, Deed::Get) => one(asked("name")),
                (Self::Icons, _) => several(asked("collection"), request),
                (Self::Collections, Deed::Get) => {
                    known(asked("slug"))?;
                    Ok(Reply::ok(collection()))
                }
                (Self::Collections, _) => Ok(Reply::ok(part(vec![collection()], request))),
            }
        })
    }
}

fn collection() -> Value {
    json!({"slug": "core", "label": "WordPress", "description": "Default icon collection."})
}

fn known(slug: &str) -> Outcome<()> {
    if slug == "core" {
        return Ok(());
    }
    let message = format!("Icon collection not found: \"{slug}\".");
    Err(Failure::new(404, "rest_icon_collection_not_found", message))
}

fn one(name: &str) -> Answer {
    match icons::by_name(name) {
        Some(icon) => Ok(Reply::ok(shown(name, icon))),
        None => {
            let message = format!("Icon not found: \"{name}\".");
            Err(Failure::new(404, "rest_icon_not_found", message))
        }
    }
}

fn several(within: &str, request: &Request) -> Answer {
    if !within.is_empty() {
        known(within)?;
    }
    let mut all: Vec<(&String, &Icon)> = icons::core().iter().collect();
    // By the names of their files, as WordPress lists them.
    all.sort_by_key(|(name, _)| format!("{name}."));
    let all = all.into_iter().map(|(name, icon)| shown(&format!("core/{name}"), icon));
    Ok(Reply::ok(part(all.collect(), request)))
}

/// The page of a list that was asked for, of those that have the words.
fn part(mut all: Vec<Value>, request: &Request) -> Value {
    let words = request.text("search").unwrap_or_default().to_lowercase();
    let has = |value: &Value| {
        let said = value
            .as_object()
            .into_iter()
            .flat_map(Map::iter)
            .filter(|(key, _)| *key != "content");
        let mut said = said.filter_map(|(_, text)| text.as_str());
        said.any(|text| text.to_lowercase().contains(&words))
    };
    all.retain(has);
    let number = |name: &str, default: i64| usize::try_from(request.int(name).unwrap_or(default)).unwrap_or(1);
    let size = number("per_page", 10);
    let skip = number("page", 1).saturating_sub(1).saturating_mul(size);
    Value::Array(all.into_iter().skip(skip).take(size).collect())
}

/// As WordPress writes its files out.
fn shown(name: &str, icon: &Icon) -> Value {
    let drawing = icon.drawing.replace("/><", "/>\n\t<");
    let content = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewbox=\"0 0 24 24\">\n\t{drawing}\n</svg>\n");
    json!({"name": name, "label": icon.label, "content": content, "collection": "core"})
}

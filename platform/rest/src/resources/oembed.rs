//! `oembed/1.0`: what another site needs to show an item of this one.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};

use crate::{
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::{Deed, READ, Resource, Route},
    schema::members,
    turn::Turn,
};

struct Embed;

/// The route.
pub(crate) fn routes() -> Vec<Route> {
    let args: Map<String, Value> = members(json!({
        "url": {"description": "The URL of the resource for which to fetch oEmbed data.", "type": "string",
            "format": "uri", "required": true},
        "format": {"default": "json"},
        "maxwidth": {"default": 600},
    }));
    vec![Route::new("oembed/1.0", "/embed", Arc::new(Embed)).on(READ, Deed::Get, args)]
}

impl Resource for Embed {
    fn permit<'a>(&'a self, _turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async { Ok(()) })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let url = request.text("url").unwrap_or_default();
            let width = request.int("maxwidth");
            let app = turn.app.clone();
            let found = gp_web::oembed(&app, &mut turn.conn, &turn.site, &turn.base_url, url, width).await?;
            let data = found.ok_or_else(|| Failure::new(404, "oembed_invalid_url", "Not Found"))?;
            Ok(Reply::ok(data))
        })
    }
}

//! The index of all routes, those of a namespace, and several requests in one.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, Method};
use futures_util::future::BoxFuture;
use gp_markup::text::decode_entities;
use serde_json::{Map, Value, json};

use crate::{
    dispatch,
    door::headers_as_value,
    reply::{Answer, Failure, Outcome, Reply},
    request::{Request, parse_query, trimmed},
    routes::{Deed, MAKE, READ, Resource, Route},
    schema::members,
    turn::Turn,
};

struct Index;

/// The routes: of the whole API, and of each of these namespaces.
pub(crate) fn routes(namespaces: &[&'static str]) -> Vec<Route> {
    let resource: Arc<dyn Resource> = Arc::new(Index);
    let mut out = vec![
        Route::new("", "/", resource.clone()).on(READ, Deed::Get, members(json!({"context": {"default": "view"}}))),
        Route::new("", "/batch/v1", resource.clone()).on(MAKE, Deed::Other("batch"), batch_args()),
    ];
    for namespace in namespaces {
        let own = members(json!({"namespace": {"default": namespace}, "context": {"default": "view"}}));
        out.push(Route::new(namespace, "", resource.clone()).on(READ, Deed::List, own));
    }
    out
}

fn batch_args() -> Map<String, Value> {
    members(json!({
        "validation": {"type": "string", "enum": ["require-all-validate", "normal"], "default": "normal"},
        "requests": {"required": true, "type": "array", "maxItems": 25, "items": {"type": "object", "properties": {
            "method": {"type": "string", "enum": ["POST", "PUT", "PATCH", "DELETE"], "default": "POST"},
            "path": {"type": "string", "required": true},
            "body": {"type": "object", "properties": [], "additionalProperties": true},
            "headers": {"type": "object", "properties": [],
                "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}}},
        }}},
    }))
}

impl Resource for Index {
    fn permit<'a>(&'a self, _turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async { Ok(()) })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::Other(_) => batch(turn, request).await,
                Deed::List => {
                    let namespace = request.route.trim_start_matches('/').to_owned();
                    let routes = turn.registry.described(&namespace, &turn.site, &turn.base_url);
                    let up = json!({"up": [{"href": turn.href("/")}]});
                    Ok(Reply::ok(
                        json!({"namespace": namespace, "routes": routes, "_links": up}),
                    ))
                }
                _ => Ok(Reply::ok(index(turn))),
            }
        })
    }
}

fn index(turn: &Turn) -> Value {
    let site = &turn.site;
    let offset = site.zone.to_offset(turn.now).seconds();
    let hours = f64::from(offset) / 3600.0;
    let icon = site.icon.map_or(0, |id| id.0);
    let authorize = json!({"application-passwords": {"endpoints": {
        "authorization": turn.url("/wp-admin/authorize-application.php")}}});
    let mut out = members(json!({
        "name": decode_entities(&site.name),
        "description": decode_entities(&site.description),
        "url": turn.base_url,
        "home": turn.base_url,
        "gmt_offset": hours.to_string(),
        "timezone_string": site.text("timezone_string"),
        "page_for_posts": site.posts_page.map_or(0, |id| id.0),
        "page_on_front": site.front_page.map_or(0, |id| id.0),
        "show_on_front": if site.front_page.is_some() || site.posts_page.is_some() { "page" } else { "posts" },
        "namespaces": turn.registry.namespaces(),
        "authentication": if turn.base_url.starts_with("https") { authorize } else { json!([]) },
        "routes": turn.registry.described("", site, &turn.base_url),
        "site_logo": site.logo.map_or(0, |id| id.0),
        "site_icon": icon,
        "site_icon_url": "",
        "image_sizes": {
            "thumbnail": {"width": 150, "height": 150, "crop": true},
            "medium": {"width": 300, "height": 300, "crop": false},
            "medium_large": {"width": 768, "height": 0, "crop": false},
            "large": {"width": 1024, "height": 1024, "crop": false},
        },
        "image_size_threshold": 2560,
    }));
    let mut links = members(json!({"help": [{"href": "https://developer.wordpress.org/rest-api/"}]}));
    if icon > 0 {
        let href = turn.href(&format!("/wp/v2/media/{icon}"));
        links.insert(
            "wp:featuredmedia".to_owned(),
            json!([{"embeddable": true, "type": "site_icon", "href": href}]),
        );
    }
    out.insert("_links".to_owned(), Value::Object(links));
    Value::Object(out)
}

/// Several requests, one after the other, each good or not on its own.
async fn batch(turn: &mut Turn, request: &Request) -> Answer {
    let asked = request
        .param("requests")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut requests = Vec::new();
    let mut faults = Vec::new();
    for one in &asked {
        let prepared = single(turn, request, one);
        faults.push(prepared.as_ref().err().cloned());
        requests.push(prepared);
    }
    if request.text("validation") == Some("require-all-validate") {
        for (prepared, fault) in requests.iter_mut().zip(&mut faults) {
            if let Ok(one) = prepared {
                *fault = dispatch::check(turn, one).err();
            }
        }
        if faults.iter().any(Option::is_some) {
            let responses: Vec<Value> = faults
                .iter()
                .map(|fault| fault.as_ref().map_or(Value::Null, |f| response(Err(f.clone()), &[])))
                .collect();
            let mut reply = Reply::ok(json!({"failed": "validation", "responses": responses}));
            reply.status = 207;
            return Ok(reply);
        }
    }
    let mut responses = Vec::new();
    for prepared in requests {
        let (answer, allow) = match prepared {
            Ok(mut one) => {
                turn.conn.savepoint("savepoint batch").await?;
                let answer = dispatch::one(turn, &mut one, false).await;
                let end = if answer.is_ok() {
                    "release savepoint batch"
                } else {
                    "rollback to savepoint batch"
                };
                turn.conn.savepoint(end).await?;
                let allow = if answer.is_ok() {
                    dispatch::allow(turn, &one).await
                } else {
                    Vec::new()
                };
                (answer, allow)
            }
            Err(failure) => (Err(failure), Vec::new()),
        };
        responses.push(response(answer, &allow));
    }
    let mut reply = Reply::ok(json!({ "responses": responses }));
    reply.status = 207;
    Ok(reply)
}

/// One of the requests, if it may stand in a batch.
fn single(turn: &Turn, whole: &Request, one: &Value) -> Outcome<Request> {
    let path = one.get("path").and_then(Value::as_str).unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let method = one.get("method").and_then(Value::as_str).unwrap_or("POST");
    let mut request = Request {
        method: Method::from_bytes(method.as_bytes()).unwrap_or(Method::POST),
        route: trimmed(path),
        query: parse_query(query),
        body: one.get("body").and_then(Value::as_object).cloned().unwrap_or_default(),
        headers: whole.headers.clone(),
        ..Request::default()
    };
    for (name, value) in one.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            request.headers.insert(name, value);
        }
    }
    let allowed = turn
        .registry
        .endpoint(&request.route, &request.method)
        .is_none_or(|(_, endpoint, _)| endpoint.batch == Some(true));
    if !allowed {
        let message = "The requested route does not support batch requests.";
        return Err(Failure::new(400, "rest_batch_not_allowed", message));
    }
    Ok(request)
}

fn response(answer: Answer, allow: &[&'static str]) -> Value {
    match answer {
        Ok(reply) => {
            let mut headers = reply.headers;
            if !allow.is_empty() {
                headers.push(("allow", allow.join(", ")));
            }
            json!({"body": reply.data, "status": reply.status, "headers": headers_as_value(&headers)})
        }
        Err(failure) => json!({"body": failure.body(), "status": failure.status, "headers": []}),
    }
}

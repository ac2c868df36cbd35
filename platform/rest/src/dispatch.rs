//! From a request to a reply: the route, its parameters, leave, the deed, and what is embedded.

use axum::http::Method;
use futures_util::future::BoxFuture;
use gp_kernel::Result;
use serde_json::{Map, Value};

use crate::{
    args, fields,
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::Route,
    turn::Turn,
};

/// What became of a request.
#[derive(Debug)]
pub(crate) struct Done {
    /// The answer.
    pub reply: Answer,
    /// What whoever asks may do there.
    pub allow: Vec<&'static str>,
    /// Somebody asked.
    pub signed_in: bool,
    /// The nonce for what they ask next.
    pub nonce: String,
    /// Seconds after which they may ask again.
    pub wait: Option<i64>,
}

impl Done {
    pub(crate) fn of(reply: Answer) -> Self {
        Self {
            reply,
            allow: Vec::new(),
            signed_in: false,
            nonce: String::new(),
            wait: None,
        }
    }

    /// Somebody asks too often.
    pub(crate) fn too_often(seconds: i64) -> Self {
        let unit = if seconds == 1 { "second" } else { "seconds" };
        let message = format!("Too many requests. Please wait {seconds} {unit} before you ask again.");
        Self {
            wait: Some(seconds),
            ..Self::of(Err(Failure::new(429, "rest_too_many_requests", message)))
        }
    }
}

fn no_route() -> Box<Failure> {
    Failure::new(
        404,
        "rest_no_route",
        "No route was found matching the URL and request method.",
    )
}

/// Answers a request as it came from outside, with what is to be embedded.
pub(crate) async fn whole(turn: &mut Turn, request: &mut Request) -> Result<Done> {
    let registry = turn.registry.clone();
    if request.method == Method::OPTIONS {
        return Ok(options(turn, request).await);
    }
    let mut done = Done::of(one(turn, request, true).await);
    if let Some((route, _)) = registry.find(&request.route) {
        done.allow = allowed(turn, request, route).await;
    }
    if let (Some(rels), Ok(reply)) = (embedded_rels(&request.query), &mut done.reply) {
        let wanted = fields::asked_of(&request.query);
        let links = wanted
            .as_deref()
            .is_none_or(|w| w.iter().any(|f| f == "_links" || f == "_embedded"));
        if links {
            embed(turn, &mut reply.data, &rels).await;
        }
    }
    Ok(done)
}

/// What a route is for.
async fn options(turn: &mut Turn, request: &Request) -> Done {
    let registry = turn.registry.clone();
    let Some((route, captured)) = registry.find(&request.route) else {
        return Done::of(Err(no_route()));
    };
    let described = route.described(&turn.site, &turn.base_url, true);
    let mut probe = Request {
        route: request.route.clone(),
        ..Request::default()
    };
    probe.params.extend(captured);
    Done {
        allow: allowed(turn, &probe, route).await,
        ..Done::of(Ok(Reply::ok(described)))
    }
}

/// The methods that whoever asks may use where a request went.
pub(crate) async fn allow(turn: &mut Turn, request: &Request) -> Vec<&'static str> {
    let registry = turn.registry.clone();
    match registry.find(&request.route) {
        Some((route, _)) => allowed(turn, request, route).await,
        None => Vec::new(),
    }
}

/// Whether the parameters of a request fit its route, without doing anything.
pub(crate) fn check(turn: &Turn, request: &mut Request) -> Outcome<()> {
    let registry = turn.registry.clone();
    let found = registry.endpoint(&request.route, &request.method);
    let (_, endpoint, captured) = found.ok_or_else(no_route)?;
    args::settle(request, captured, &endpoint.args)
}

/// The methods that whoever asks may use on a route. Nothing is said to visitors but what everybody may do.
async fn allowed(turn: &mut Turn, request: &Request, route: &Route) -> Vec<&'static str> {
    let mut all = Vec::new();
    for endpoint in &route.endpoints {
        if route.resource.permit(turn, request, endpoint.deed).await.is_ok() {
            all.extend(
                endpoint
                    .methods
                    .iter()
                    .filter(|m| !all.contains(*m))
                    .copied()
                    .collect::<Vec<_>>(),
            );
        }
    }
    all
}

/// Answers one request. When something is to be written (`opening`), leave is asked for before a transaction is opened, and again in it.
pub(crate) fn one<'a>(turn: &'a mut Turn, request: &'a mut Request, opening: bool) -> BoxFuture<'a, Answer> {
    Box::pin(async move {
        let registry = turn.registry.clone();
        let Some((route, endpoint, captured)) = registry.endpoint(&request.route, &request.method) else {
            return Err(no_route());
        };
        args::settle(request, captured, &endpoint.args)?;
        let (resource, deed) = (route.resource.clone(), endpoint.deed);
        resource.permit(turn, request, deed).await?;
        if opening && !matches!(request.method, Method::GET | Method::HEAD) {
            turn.app.db.write_in_place(&mut turn.conn).await?;
            // A request may do several deeds, whose locks come after this one.
            turn.conn.queue().await?;
            turn.reload().await?;
            resource.permit(turn, request, deed).await?;
        }
        resource.answer(turn, request, deed).await
    })
}

/// The relations that are to be embedded; none named: all.
fn embedded_rels(query: &Map<String, Value>) -> Option<Vec<String>> {
    let list = match query.get("_embed")? {
        Value::String(text) => text.split(',').map(|rel| rel.trim().to_owned()).collect(),
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let list: Vec<String> = list;
    let all = list.iter().all(|rel| matches!(rel.as_str(), "" | "1" | "true"));
    match list.as_slice() {
        [one] if one == "0" || one == "false" => None,
        _ if all => Some(Vec::new()),
        _ => Some(list),
    }
}

/// Most things that are fetched for one answer.
const MOST: usize = 1000;

/// Puts what the links of an object, or of each object of a list, lead to into it.
async fn embed(turn: &mut Turn, data: &mut Value, rels: &[String]) {
    let mut left = MOST;
    let mut known: std::collections::HashMap<String, Value> = std::collections::HashMap::new();
    let objects: Vec<&mut Value> = match data {
        Value::Array(items) => items.iter_mut().collect(),
        one => vec![one],
    };
    for object in objects {
        let Some(links) = object.get("_links").and_then(Value::as_object).cloned() else {
            continue;
        };
        let mut embedded = Map::new();
        for (rel, list) in &links {
            if !rels.is_empty() && !rels.contains(rel) {
                continue;
            }
            let mut found = Vec::new();
            let mut any = false;
            for link in list.as_array().into_iter().flatten() {
                let href = link.get("href").and_then(Value::as_str).unwrap_or_default();
                if link.get("embeddable") != Some(&Value::Bool(true)) || left == 0 {
                    found.push(Value::Array(Vec::new()));
                    continue;
                }
                any = true;
                left -= 1;
                let value = match known.get(href) {
                    Some(value) => value.clone(),
                    None => {
                        let value = fetched(turn, href).await;
                        known.insert(href.to_owned(), value.clone());
                        value
                    }
                };
                found.push(value);
            }
            let empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
            if any && !found.iter().all(empty) {
                embedded.insert(rel.clone(), Value::Array(found));
            }
        }
        if let (false, Some(members)) = (embedded.is_empty(), object.as_object_mut()) {
            members.insert("_embedded".to_owned(), Value::Object(embedded));
        }
    }
}

/// What a link leads to, as it is embedded.
async fn fetched(turn: &mut Turn, href: &str) -> Value {
    let home = turn.href("/");
    let home = home.trim_end_matches('/').trim_end_matches("%2F");
    let Some(rest) = href.strip_prefix(home) else {
        return Value::Null;
    };
    let mut request = Request::get(rest);
    let full = Value::from("embed");
    request.query.entry("context").or_insert(full);
    let most = turn
        .registry
        .endpoint(&request.route, &Method::GET)
        .and_then(|(_, endpoint, _)| endpoint.args.get("per_page")?.get("maximum").cloned());
    if let Some(most) = most {
        request.query.entry("per_page").or_insert(most);
    }
    match one(turn, &mut request, false).await {
        Ok(reply) => reply.data,
        Err(failure) => failure.body(),
    }
}

//! The door: takes an HTTP request apart, finds out who asks, lets a route answer, and writes the answer as WordPress does.
//!
//! What must never be here: anything about one route.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header},
};
use bytes::Bytes;
use gp_content::{Actor, Scope, Site, terms};
use gp_kernel::Result;
use gp_store::{Conn, Freshness, Reads};
use gp_web::{App, Asking, By, Caller, Door, Knock, session_cookie};
use serde_json::{Map, Value, json};

use crate::{
    body::{self, Limits, Sent},
    dispatch::{self, Done},
    fields, openapi,
    reply::{Answer, Failure, Outcome, Reply},
    request::{Request, parse_query, trimmed},
    routes::{Kit, Registry},
    turn::{Turn, rest_url},
};

/// The door of the API.
pub fn door(api: Arc<Api>) -> Door {
    Door {
        opens: is_ours,
        answer: Arc::new(move |app, knock| {
            let api = api.clone();
            Box::pin(async move { api.answer(app, knock).await })
        }),
    }
}

/// Whether an address is one of the API: below `/wp-json`, or with `rest_route`.
fn is_ours(path: &str, query: &str) -> bool {
    let xml = path.starts_with("/wp-json/oembed/") && query.contains("format=xml");
    path == DESCRIPTION
        || path == "/wp-json"
        || (path.starts_with("/wp-json/") && !xml)
        || (query.contains("rest_route=")
            && matches!(path, "/" | "/index.php")
            && parse_query(query).contains_key("rest_route"))
}

/// Where the API is described.
const DESCRIPTION: &str = "/api/openapi.json";

/// The API: its routes, and what the features lend them.
pub struct Api {
    kit: Arc<Kit>,
    /// By the state of the site that routes depend on.
    registries: Mutex<HashMap<String, Arc<Registry>>>,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

/// What the API said to a part of the program.
#[derive(Debug)]
pub struct Told {
    /// The answer.
    pub reply: Answer,
    /// The methods that whoever asks may use there.
    pub allow: Vec<&'static str>,
}

impl Told {
    /// The headers by which clients go on: names with capitals, numbers as numbers.
    pub fn headers(&self) -> Value {
        let mut own = self
            .reply
            .as_ref()
            .map(|reply| reply.headers.clone())
            .unwrap_or_default();
        if !self.allow.is_empty() {
            own.push(("allow", self.allow.join(", ")));
        }
        headers_as_value(&own)
    }
}

/// How long a body may take that is no file.
const SENDING: Duration = Duration::from_secs(120);

impl Api {
    /// With what the features lend it.
    pub fn new(kit: Kit) -> Arc<Self> {
        Arc::new(Self {
            kit: Arc::new(kit),
            registries: Mutex::default(),
        })
    }

    /// Answers a part of the program that knows who asks, and that they meant to: pages of forms, which write by the same routes as
    /// everybody.
    ///
    /// # Errors
    /// When the database does not answer; what a route refuses is in the reply.
    pub async fn ask(&self, app: &App, caller: &Caller, base_url: &str, mut request: Request) -> Result<Told> {
        let mut turn = self.turn(app, app.db.read().await?, caller.clone(), base_url).await?;
        let mut done = dispatch::whole(&mut turn, &mut request).await?;
        if let (Some(wanted), Ok(reply)) = (fields::asked_of(&request.query), &mut done.reply) {
            reply.data = fields::pick(std::mem::take(&mut reply.data), &wanted);
        }
        if turn.conn.is_transaction() && done.reply.is_ok() {
            turn.conn.commit().await?;
        }
        Ok(Told {
            reply: done.reply,
            allow: done.allow,
        })
    }

    async fn turn(&self, app: &App, mut conn: Conn, caller: Caller, base_url: &str) -> Result<Turn> {
        let site = app.site(&mut conn).await?;
        let registry = self.registry(app, &mut conn, &site).await?;
        Ok(Turn {
            app: app.clone(),
            conn,
            site,
            scope: Scope::new(caller.actor.clone(), &app.types),
            caller,
            base_url: base_url.to_owned(),
            now: app.clock.now(),
            registry,
            kit: self.kit.clone(),
        })
    }

    /// The API as OpenAPI.
    async fn description(&self, app: &App, conn: &mut Conn, base_url: &str) -> Result<Response<Bytes>> {
        let site = app.site(conn).await?;
        let registry = self.registry(app, conn, &site).await?;
        let described = openapi::described(&gp_web::openapi(base_url), &registry, &site, base_url);
        Ok(data(&described))
    }

    async fn answer(&self, app: App, knock: Knock) -> Response<Body> {
        let wished = Wished::of(&knock);
        // Whoever shows nothing that could be an account is counted before anything is opened for them.
        if let Some(seconds) = wished.visit(&app, &knock) {
            return too_often(&wished, seconds).map(Body::from);
        }
        let description = knock.uri.path() == DESCRIPTION;
        if !description && !wished.is_alike_for_all(&knock) {
            let conn = app.db.read().await;
            return self.responded(&app, &wished, knock, conn).await.0.map(Body::from);
        }
        let (headers, about, base_url) = (knock.headers.clone(), about(&knock), knock.base_url.clone());
        let make = async {
            let mut conn = app.db.read().await?;
            let position = app.db.kept().position();
            conn.watch();
            let (response, conn) = match description {
                true => (self.description(&app, &mut conn, &base_url).await?, Some(conn)),
                false => self.responded(&app, &wished, knock, Ok(conn)).await,
            };
            let mut reads = Reads::default();
            match conn {
                Some(mut conn) => reads = conn.watched(),
                None => reads.pass(),
            }
            Ok((response, Freshness::new(reads, position)))
        };
        match gp_web::alike(&app, about, &headers, make).await {
            Ok(response) => response,
            Err(error) => failed(&wished, error).map(Body::from),
        }
    }

    /// The answer, and the connection that it was made with.
    async fn responded(
        &self,
        app: &App,
        wished: &Wished,
        knock: Knock,
        conn: Result<Conn>,
    ) -> (Response<Bytes>, Option<Conn>) {
        let answered = match conn {
            Ok(conn) => self.answered(app, wished, knock, conn).await,
            Err(error) => Err(error),
        };
        match answered {
            Ok((done, site, conn)) => (respond(wished, done, &site), conn),
            Err(error) => (failed(wished, error), None),
        }
    }

    /// Who asks is looked at first: a visitor's body is read as far as a visitor may send one, and no further.
    async fn answered(
        &self,
        app: &App,
        wished: &Wished,
        knock: Knock,
        mut conn: Conn,
    ) -> Result<(Done, Arc<Site>, Option<Conn>)> {
        let site = app.site(&mut conn).await?;
        let refused = |failure| Ok((Done::of(Err(failure)), site.clone(), None));
        if wished.query.contains_key("_jsonp") {
            let message = "JSONP support is disabled on this site.";
            return refused(Failure::new(400, "rest_callback_disabled", message));
        }
        let asking = asking(app, &knock);
        let known = self.known(app, &mut conn, &site, wished, asking).await?;
        if let By::Waiting(seconds) = known.by {
            return Ok((Done::too_often(seconds), site.clone(), None));
        }
        if let By::Refused(code, message) = known.by {
            return refused(Failure::new(401, code, message));
        }
        // Visitors were counted at the door.
        let shown = shows_something(&knock.headers);
        if let Some(seconds) = shown.then(|| wished.take(app, asking, &known.actor)).flatten() {
            return Ok((Done::too_often(seconds), site.clone(), None));
        }
        let ip = knock.ip;
        let mut request = wished.request(knock.headers);
        if !reads(&knock.method) {
            // Whoever sends slowly holds no connection meanwhile.
            drop(conn);
            if let Err(failure) = receive(&mut request, knock.body, Limits::of(&known.actor)).await {
                return refused(failure);
            }
            // The body may say that it is to be written after all.
            if let Some(seconds) = wished.take_more(app, &request, ip, &known.actor) {
                return Ok((Done::too_often(seconds), site.clone(), None));
            }
            conn = app.db.read().await?;
        }
        let caller = match counted(known, &request) {
            Ok(caller) => caller,
            Err(failure) => return refused(failure),
        };
        let mut turn = self.turn(app, conn, caller, &wished.base_url).await?;
        let mut done = dispatch::whole(&mut turn, &mut request).await?;
        done.signed_in = !turn.actor().is_anonymous();
        if let By::Session { nonces, .. } = &turn.caller.by {
            done.nonce.clone_from(&nonces[0]);
        }
        // What a transaction read was not written down.
        if !turn.conn.is_transaction() {
            return Ok((done, site, Some(turn.conn)));
        }
        if !reads(&request.method) && done.reply.is_ok() {
            turn.conn.commit().await?;
        }
        Ok((done, site, None))
    }

    /// Who asks, as the headers say.
    async fn known(
        &self,
        app: &App,
        conn: &mut Conn,
        site: &Site,
        wished: &Wished,
        asking: Asking<'_>,
    ) -> Result<Caller> {
        if !wished.private {
            return Ok(Caller::nobody());
        }
        (app.identify)(conn, site, asking).await
    }

    /// The routes of the site as it is now.
    async fn registry(&self, app: &App, conn: &mut Conn, site: &Site) -> Result<Arc<Registry>> {
        let mut used = Vec::new();
        for taxonomy in app.types.taxonomies() {
            if taxonomy.when_used && !terms::all_of(conn, &taxonomy.name).await?.is_empty() {
                used.push(taxonomy.name.clone());
            }
        }
        let key = format!("{}\n{}\n{}", site.stylesheet, site.text("WPLANG"), used.join(","));
        let mut kept = self.registries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(registry) = kept.get(&key) {
            return Ok(registry.clone());
        }
        // A site changes its theme now and then, not a thousand times.
        if kept.len() > 20 {
            kept.clear();
        }
        let registry = Arc::new(crate::registry(site, &app.types, &used, &self.kit));
        kept.insert(key, registry.clone());
        Ok(registry)
    }
}

/// Whether a request shows something that could be an account.
fn shows_something(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION) || session_cookie(headers).is_some()
}

fn asking<'k>(app: &App, knock: &'k Knock) -> Asking<'k> {
    Asking {
        headers: &knock.headers,
        now: app.clock.now().as_second(),
        ip: knock.ip,
    }
}

/// All that an answer for everybody depends on besides what is stored.
fn about(knock: &Knock) -> String {
    let query = knock.uri.query().unwrap_or_default();
    format!("{}\n{}?{query}", knock.base_url, knock.uri.path())
}

/// A value that programs may read wherever they run.
fn data(value: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(value.to_string()));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=UTF-8"),
    );
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// Reads the body of a request into it.
async fn receive(request: &mut Request, body: Body, limits: Limits) -> Outcome<()> {
    let sent = tokio::time::timeout(SENDING, body::read(&request.headers, body, limits))
        .await
        .map_err(|_| Failure::new(408, "rest_body_too_slow", "The body of the request came too slowly."))??;
    match sent {
        Sent::Fields(fields, files) => (request.body, request.files) = (fields, files),
        Sent::Raw(bytes) => request.raw = bytes,
        Sent::Broken => request.broken_json = true,
    }
    if let Some(Value::String(method)) = request.body.get("_method")
        && let Some(method) = known_method(method)
    {
        request.method = method;
    }
    Ok(())
}

/// Who counts as asking. A session counts only with a nonce, which a page of another site does not know.
fn counted(known: Caller, request: &Request) -> Outcome<Caller> {
    let By::Session { nonces, .. } = &known.by else {
        return Ok(known);
    };
    match nonce(request) {
        None => Ok(Caller::nobody()),
        Some(given) if nonces.contains(&given) => Ok(known),
        Some(_) => Err(Failure::new(403, "rest_cookie_invalid_nonce", "Cookie check failed")),
    }
}

fn nonce(request: &Request) -> Option<String> {
    let header = request.headers.get("x-wp-nonce").and_then(|v| v.to_str().ok());
    let own = |map: &Map<String, Value>| map.get("_wpnonce").and_then(Value::as_str).map(str::to_owned);
    header
        .map(str::to_owned)
        .or_else(|| own(&request.body))
        .or_else(|| own(&request.query))
        .filter(|nonce| !nonce.is_empty())
}

/// What a request wishes, besides its route.
struct Wished {
    method: Method,
    route: String,
    query: Map<String, Value>,
    base_url: String,
    private: bool,
    origin: Option<HeaderValue>,
}

impl Wished {
    fn of(knock: &Knock) -> Self {
        let mut query = parse_query(knock.uri.query().unwrap_or_default());
        let route = match query.remove("rest_route") {
            Some(Value::String(route)) if !knock.uri.path().starts_with("/wp-json") => trimmed(&route),
            _ => trimmed(knock.uri.path().strip_prefix("/wp-json").unwrap_or_default()),
        };
        let stands_in = |name: &str| knock.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let given = match query.remove("_method") {
            Some(Value::String(method)) => Some(method),
            _ => stands_in("x-http-method-override"),
        };
        let method = given
            .filter(|_| knock.method == Method::POST)
            .and_then(|method| known_method(&method))
            .unwrap_or_else(|| knock.method.clone());
        Self {
            method,
            route: if route.is_empty() { "/".to_owned() } else { route },
            query,
            base_url: knock.base_url.clone(),
            private: knock.private,
            origin: knock.headers.get(header::ORIGIN).cloned(),
        }
    }

    /// Whether everybody who is nobody in particular gets the same: it is read, and nothing in it says who asks or from where.
    fn is_alike_for_all(&self, knock: &Knock) -> bool {
        let somebody = shows_something(&knock.headers) || knock.headers.contains_key(header::ORIGIN);
        let secret = ["password", "_wpnonce"]
            .iter()
            .any(|name| self.query.contains_key(*name));
        knock.method == Method::GET && !somebody && !secret
    }

    /// The same for a visitor, who is known by showing nothing.
    fn visit(&self, app: &App, knock: &Knock) -> Option<i64> {
        let visits = !shows_something(&knock.headers);
        visits
            .then(|| self.take(app, asking(app, knock), &Actor::anonymous()))
            .flatten()
    }

    /// Takes a turn for whoever asks; `Some`: they have to wait so many seconds.
    fn take(&self, app: &App, asking: Asking<'_>, actor: &Actor) -> Option<i64> {
        let turn = match (actor.is_anonymous(), reads(&self.method)) {
            (false, _) => gp_web::Turn::Work(actor.user()),
            (true, true) => gp_web::Turn::Visit,
            (true, false) => gp_web::Turn::Send,
        };
        let from = gp_web::visitor(asking.ip, asking.headers);
        app.rates.take(from, turn, app.clock.now().as_millisecond()).err()
    }

    /// The same for a visitor whose request turned out to be no reading.
    fn take_more(&self, app: &App, request: &Request, ip: IpAddr, actor: &Actor) -> Option<i64> {
        if !actor.is_anonymous() || !reads(&self.method) || reads(&request.method) {
            return None;
        }
        let from = gp_web::visitor(ip, &request.headers);
        app.rates
            .take(from, gp_web::Turn::Send, app.clock.now().as_millisecond())
            .err()
    }

    /// The request, without its body.
    fn request(&self, headers: HeaderMap) -> Request {
        Request {
            method: self.method.clone(),
            route: self.route.clone(),
            query: self.query.clone(),
            headers,
            ..Request::default()
        }
    }
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn known_method(name: &str) -> Option<Method> {
    match name.to_ascii_uppercase().as_str() {
        "GET" => Some(Method::GET),
        "HEAD" => Some(Method::HEAD),
        "POST" => Some(Method::POST),
        "PUT" => Some(Method::PUT),
        "PATCH" => Some(Method::PATCH),
        "DELETE" => Some(Method::DELETE),
        "OPTIONS" => Some(Method::OPTIONS),
        _ => None,
    }
}

fn too_often(wished: &Wished, seconds: i64) -> Response<Bytes> {
    let nothing = Site::from_options(Default::default());
    respond(wished, Done::too_often(seconds), &nothing)
}

fn failed(wished: &Wished, error: gp_kernel::Error) -> Response<Bytes> {
    let nothing = Site::from_options(Default::default());
    respond(wished, Done::of(Err(error.into())), &nothing)
}

fn respond(wished: &Wished, done: Done, site: &Site) -> Response<Bytes> {
    let (mut status, data, mut own) = match done.reply {
        Ok(Reply { status, data, headers }) => (status, data, headers),
        Err(failure) => (failure.status, failure.body(), Vec::new()),
    };
    if !done.allow.is_empty() {
        own.push(("allow", done.allow.join(", ")));
    }
    let data = match fields::asked_of(&wished.query).filter(|_| status < 400) {
        Some(wanted) => fields::pick(data, &wanted),
        None => data,
    };
    let data = if wished.query.contains_key("_envelope") {
        let envelope = json!({"body": data, "status": status, "headers": headers_as_value(&own)});
        status = 200;
        own.clear();
        envelope
    } else {
        data
    };
    let text = serde_json::to_vec(&data).unwrap_or_default();
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    common(headers, wished, site);
    if done.signed_in {
        let never = "no-cache, must-revalidate, max-age=0, no-store, private";
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(never));
        headers.insert(
            header::EXPIRES,
            HeaderValue::from_static("Wed, 11 Jan 1984 05:00:00 GMT"),
        );
    }
    if let Some(seconds) = done.wait {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Ok(nonce) = HeaderValue::from_str(&done.nonce)
        && !done.nonce.is_empty()
    {
        headers.insert("x-wp-nonce", nonce);
    }
    write_own(headers, own);
    response
}

/// Headers of a reply's own; links of one are sent in one line.
fn write_own(headers: &mut HeaderMap, own: Vec<(&'static str, String)>) {
    let (links, others): (Vec<_>, Vec<_>) = own.into_iter().partition(|(name, _)| *name == "link");
    let links: Vec<String> = links.into_iter().map(|(_, link)| link).collect();
    if let Ok(links) = HeaderValue::from_str(&links.join(", "))
        && !links.is_empty()
    {
        headers.insert(header::LINK, links);
    }
    for (name, value) in others {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

fn common(headers: &mut HeaderMap, wished: &Wished, site: &Site) {
    let mut set = |name: &'static str, value: &'static str| {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    };
    set("content-type", "application/json; charset=UTF-8");
    set("x-robots-tag", "noindex");
    set("access-control-expose-headers", "X-WP-Total, X-WP-TotalPages, Link");
    set(
        "access-control-allow-headers",
        "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type",
    );
    set("vary", "origin, authorization, cookie");
    let index = format!(
        "<{}>; rel=\"https://api.w.org/\"",
        rest_url(site, &wished.base_url, "/")
    );
    if let Ok(index) = HeaderValue::from_str(&index) {
        headers.insert(header::LINK, index);
    }
    // Programs in pages of other sites may ask; a cookie is worth nothing without its nonce, which they do not have.
    if let Some(origin) = &wished.origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("OPTIONS, GET, POST, PUT, PATCH, DELETE"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
    }
}

/// Headers as they stand in envelopes and batches: with capitals, numbers as numbers; none is an empty list.
pub(crate) fn headers_as_value(own: &[(&'static str, String)]) -> Value {
    let mut out = Map::new();
    for (name, value) in own {
        let name = match *name {
            "x-wp-total" => "X-WP-Total".to_owned(),
            "x-wp-totalpages" => "X-WP-TotalPages".to_owned(),
            other => {
                let mut letters = other.chars();
                let first = letters.next().map(|c| c.to_ascii_uppercase());
                first.into_iter().chain(letters).collect()
            }
        };
        let value = value
            .parse::<i64>()
            .map_or_else(|_| Value::from(value.as_str()), Value::from);
        match out.get_mut(&name) {
            Some(Value::String(text)) => text.push_str(&format!(", {}", value.as_str().unwrap_or_default())),
            _ => drop(out.insert(name, value)),
        }
    }
    if out.is_empty() { json!([]) } else { Value::Object(out) }
}

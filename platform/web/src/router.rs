//! One way in: every request is taken apart here, answered by a public door, and every failure becomes a plain page.

use axum::{
    Router,
    body::Body,
    extract::{Request as HttpRequest, State},
    http::{HeaderMap, Method, Response, StatusCode, Uri, header},
    routing::any,
};
use gp_content::{Actor, Scope, address::Request};
use gp_kernel::{Error, Result};

use crate::{
    answer::{Answer, error_page},
    app::App,
    public,
};

/// The routes. Pages have no fixed routes: permalinks decide.
pub fn router(app: App) -> Router {
    Router::new().fallback(any(serve)).with_state(app)
}

/// Longer addresses are nobody's.
const LONGEST: usize = 8 * 1024;
/// Most that a visitor may send: a password.
const MOST_SENT: usize = 16 * 1024;

async fn serve(State(app): State<App>, request: HttpRequest) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let seen = text_of(&parts.headers, header::IF_NONE_MATCH);
    let head = parts.method == Method::HEAD;
    let answer = match answer(&app, &parts.method, &parts.uri, &parts.headers, body).await {
        Ok(answer) => answer,
        Err(error) => error_page(&error),
    };
    let mut response = answer.into_response_for(seen.as_deref());
    if head {
        *response.body_mut() = Body::empty();
    }
    response
}

pub(crate) fn text_of(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

async fn answer(app: &App, method: &Method, uri: &Uri, headers: &HeaderMap, body: Body) -> Result<Answer> {
    let path = uri.path();
    let query = uri.query().unwrap_or_default();
    check_address(path, query)?;
    match path {
        "/health" => return Ok(Answer::text("text/plain; charset=utf-8", "ok\n".to_owned())),
        "/ready" => return ready(app).await,
        _ => {}
    }
    if let Some(response) = app.assets.answer(path) {
        return Ok(Answer::Raw(response));
    }
    if !matches!(*method, Method::GET | Method::HEAD | Method::POST) {
        return Err(Error::invalid(format!("the method {method} is not known here")));
    }
    let mut conn = app.db.read().await?;
    let site = app.site(&mut conn).await?;
    let actor = (app.identify)(&mut conn, &site, headers).await?;
    let visit = public::Visit {
        app,
        glance: *method == Method::HEAD,
        site,
        scope: Scope::new(actor, &app.types),
        request: Request::parse(path, query),
        base_url: base_url(app, headers, uri),
        password: password(method, headers, body).await?,
        headers,
    };
    public::answer(&visit, &mut conn).await
}

/// Whether the database answers.
async fn ready(app: &App) -> Result<Answer> {
    let mut conn = app.db.read().await?;
    gp_store::latest_change(&mut conn).await?;
    Ok(Answer::text("text/plain; charset=utf-8", "ready\n".to_owned()))
}

fn check_address(path: &str, query: &str) -> Result<()> {
    if path.len() + query.len() > LONGEST {
        return Err(Error::invalid("the address is too long"));
    }
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8();
    match decoded {
        Err(_) => Err(Error::invalid("the address is not UTF-8")),
        Ok(text) if text.contains('\0') => Err(Error::invalid("the address holds a null byte")),
        Ok(_) => Ok(()),
    }
}

/// The password that a visitor sent for an item. It unlocks this one answer; no cookie is set.
async fn password(method: &Method, headers: &HeaderMap, body: Body) -> Result<Option<String>> {
    if *method != Method::POST {
        return Ok(None);
    }
    let form =
        text_of(headers, header::CONTENT_TYPE).is_some_and(|t| t.starts_with("application/x-www-form-urlencoded"));
    let bytes = axum::body::to_bytes(body, MOST_SENT)
        .await
        .map_err(|_| Error::invalid("what was sent is too much"))?;
    if !form {
        return Ok(None);
    }
    let sent = Request::parse("/", &String::from_utf8_lossy(&bytes));
    Ok(sent.parameters.get("post_password").cloned())
}

/// `https://host`: as configured, else as the visitor's Host header says.
fn base_url(app: &App, headers: &HeaderMap, uri: &Uri) -> String {
    if !app.url.is_empty() {
        return app.url.clone();
    }
    let host = text_of(headers, header::HOST).or_else(|| uri.authority().map(ToString::to_string));
    let host = host
        .filter(|h| h.len() < 256 && h.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b)))
        .unwrap_or_else(|| "localhost".to_owned());
    format!("http://{host}")
}

impl App {
    /// Asks the site for an address as a visitor would, without a network: for proofs after an import. Unless `whole`, pages
    /// are found but not made.
    pub async fn ask(&self, path_and_query: &str, base_url: &str, whole: bool) -> (StatusCode, Option<String>) {
        let Ok(uri) = path_and_query.parse::<Uri>() else {
            return (StatusCode::BAD_REQUEST, None);
        };
        let mut headers = HeaderMap::new();
        if let Some(host) = base_url.split("://").nth(1).and_then(|h| h.parse().ok()) {
            headers.insert(header::HOST, host);
        }
        let method = if whole { Method::GET } else { Method::HEAD };
        let answered = answer(self, &method, &uri, &headers, Body::empty()).await;
        let response = answered.unwrap_or_else(|e| error_page(&e)).into_response_for(None);
        (response.status(), text_of(response.headers(), header::LOCATION))
    }

    /// A visitor's own scope.
    pub fn public_scope(&self) -> Scope {
        Scope::new(Actor::anonymous(), &self.types)
    }
}

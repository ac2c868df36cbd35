//! One way in: every request is taken apart here, answered by a public door, and every failure becomes a plain page.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, HttpBody as _},
    extract::{Request as HttpRequest, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header},
    routing::any,
};
use gp_content::{Actor, Scope, Site, address::Request};
use gp_kernel::{Error, Result};
use gp_store::Conn;

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
/// How long sending it may take.
const SENDING: Duration = Duration::from_secs(20);

async fn serve(State(app): State<App>, request: HttpRequest) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let seen = text_of(&parts.headers, header::IF_NONE_MATCH);
    let head = parts.method == Method::HEAD;
    let peer = parts.extensions.get::<Peer>().copied();
    let secret = is_private_line(peer, &parts.headers, &app.url);
    let answer = match answer(&app, &parts.method, &parts.uri, &parts.headers, body, secret).await {
        Ok(answer) => answer,
        Err(error) => error_page(&error),
    };
    let mut response = answer.into_response_for(seen.as_deref());
    if parts.headers.contains_key(header::AUTHORIZATION) || parts.method == Method::POST {
        keep_private(&mut response);
    }
    if head {
        without_body(&mut response);
    }
    response
}

/// Where a connection comes from, as the listener saw it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub IpAddr);

/// Whether nobody between here and the visitor can read along, so that a password in the request may count: the same computer,
/// or https up to the proxy in front. Without a connection the program asks itself.
fn is_private_line(peer: Option<Peer>, headers: &HeaderMap, url: &str) -> bool {
    let here = peer.is_none_or(|p| p.0.to_canonical().is_loopback());
    match headers.get("x-forwarded-proto") {
        Some(scheme) => scheme == "https" && (here || url.starts_with("https://")),
        None => here,
    }
}

/// What somebody sees with a password must not be kept by a proxy for others.
fn keep_private(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    if let Some(caching) = headers.get_mut(header::CACHE_CONTROL)
        && caching.as_bytes().starts_with(b"public, max-age=0")
    {
        *caching = HeaderValue::from_static("private, max-age=0, must-revalidate");
    }
}

/// HEAD: the headers of the answer alone. The length stands there only when it is known: that of no text would be a lie.
fn without_body(response: &mut Response<Body>) {
    let length = response.body().size_hint().exact().filter(|n| *n > 0);
    if let Some(length) = length {
        response
            .headers_mut()
            .entry(header::CONTENT_LENGTH)
            .or_insert(length.into());
    }
    *response.body_mut() = if response.headers().contains_key(header::CONTENT_LENGTH) {
        Body::empty()
    } else {
        Body::from_stream(futures_util::stream::empty::<
            Result<bytes::Bytes, std::convert::Infallible>,
        >())
    };
}

pub(crate) fn text_of(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// `secret`: a password of an account may count, see [`is_private_line`].
async fn answer(
    app: &App,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
    secret: bool,
) -> Result<Answer> {
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
    if let Some(response) = crate::assets::of_theme(&app.themes, path).await {
        return Ok(Answer::Raw(response));
    }
    if !matches!(*method, Method::GET | Method::HEAD | Method::POST) {
        return Err(Error::invalid(format!("the method {method} is not known here")));
    }
    // First what the visitor sends: whoever sends slowly must not hold a connection of the database meanwhile.
    let password = password(method, headers, body).await?;
    let mut conn = app.db.read().await?;
    let site = app.site(&mut conn).await?;
    let actor = if secret {
        (app.identify)(&mut conn, &site, headers).await?
    } else {
        Actor::anonymous()
    };
    let visit = public::Visit {
        app,
        glance: *method == Method::HEAD,
        site,
        scope: Scope::new(actor, &app.types),
        request: Request::parse(path, query),
        base_url: base_url(app, headers, uri),
        password,
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
    let bytes = tokio::time::timeout(SENDING, axum::body::to_bytes(body, MOST_SENT))
        .await
        .map_err(|_| Error::invalid("what was sent came too slowly"))?
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
    /// Asks the site for an address as a visitor would, without a network: for proofs after an import, many on one connection
    /// with the settings of one moment. Unless `whole`, pages are found but not made.
    pub async fn ask(
        &self,
        conn: &mut Conn,
        site: &Arc<Site>,
        address: &str,
        whole: bool,
    ) -> (StatusCode, Option<String>) {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let visit = public::Visit {
            app: self,
            glance: !whole,
            site: site.clone(),
            scope: self.public_scope(),
            request: Request::parse(path, query),
            base_url: site.home.clone(),
            password: None,
            headers: &HeaderMap::new(),
        };
        let answered = match check_address(path, query) {
            Ok(()) => public::answer(&visit, conn).await,
            Err(error) => Err(error),
        };
        let response = answered.unwrap_or_else(|e| error_page(&e)).into_response_for(None);
        (response.status(), text_of(response.headers(), header::LOCATION))
    }

    /// A visitor's own scope.
    pub fn public_scope(&self) -> Scope {
        Scope::new(Actor::anonymous(), &self.types)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_counts_only_where_nobody_reads_along() {
        let said = |scheme: &'static str| {
            HeaderMap::from_iter([(
                header::HeaderName::from_static("x-forwarded-proto"),
                HeaderValue::from_static(scheme),
            )])
        };
        let (none, https, http) = (HeaderMap::new(), said("https"), said("http"));
        let peer = |ip: &str| Some(Peer(ip.parse().unwrap()));
        for here in [None, peer("127.0.0.1"), peer("::1"), peer("::ffff:127.0.0.1")] {
            assert!(is_private_line(here, &none, ""));
            assert!(is_private_line(here, &https, ""));
            assert!(
                !is_private_line(here, &http, ""),
                "the proxy says that the line is open"
            );
        }
        let elsewhere = peer("192.0.2.7");
        assert!(!is_private_line(elsewhere, &none, "https://library.example"));
        assert!(!is_private_line(elsewhere, &https, "http://library.example"));
        assert!(is_private_line(elsewhere, &https, "https://library.example"));
    }

    #[test]
    fn what_a_password_shows_is_kept_by_no_proxy() {
        let caching = |given: &'static str| {
            let mut response = Response::new(Body::empty());
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static(given));
            keep_private(&mut response);
            response.headers()[header::CACHE_CONTROL].to_str().unwrap().to_owned()
        };
        assert_eq!(
            caching("public, max-age=0, must-revalidate"),
            "private, max-age=0, must-revalidate"
        );
        assert_eq!(caching("no-store"), "no-store");
        assert_eq!(
            caching("public, max-age=31536000, immutable"),
            "public, max-age=31536000, immutable"
        );
    }

    #[test]
    fn head_says_the_length_or_nothing_of_it() {
        let length = |body: &'static str| {
            let mut response = Response::new(Body::from(body));
            without_body(&mut response);
            assert_eq!(response.body().size_hint().lower(), 0);
            response
                .headers()
                .get(header::CONTENT_LENGTH)
                .map(|v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(length("four"), Some("4".to_owned()));
        assert_eq!(length(""), None);
    }
}

//! One way in: every request is taken apart here, answered by a public door, and every failure becomes a plain page.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, HttpBody},
    http::{HeaderMap, HeaderValue, Method, Request as HttpRequest, Response, StatusCode, Uri, header, request::Parts},
};
use bytes::Bytes;
use futures_util::future::{self, BoxFuture, Either, Ready};
use gp_content::{Actor, Scope, Site, address::Request};
use gp_kernel::{Error, Result};
use gp_store::Conn;

use crate::{
    answer::{Answer, Sent, error_page, secure},
    app::App,
    assets, deep,
    door::{Asking, Door, Knock, session_cookie},
    keeping, public,
    ready::Wish,
};

/// Where a request would have been answered by HTTPS. `peer.secure` says that the answer is to be an address of HTTPS.
pub(crate) fn to_https<B>(app: &App, peer: Peer, request: &HttpRequest<B>) -> Response<Body> {
    let base = base_url(app, peer, request.headers(), request.uri());
    // The port of the plain listener is not that of the other.
    let base = if app.url.is_empty() { without_port(&base) } else { &base };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    Answer::Redirect(StatusCode::PERMANENT_REDIRECT, format!("{base}{path}"))
        .ready()
        .respond(&Wish::default())
}

fn without_port(base: &str) -> &str {
    match base.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => base,
    }
}

/// Longer addresses are nobody's.
const LONGEST: usize = 8 * 1024;
/// Most that a visitor may send: a password.
const MOST_SENT: usize = 16 * 1024;
/// How long sending it may take.
const SENDING: Duration = Duration::from_secs(20);

/// The answer to a request: there at once, where it is kept, else when it is made.
pub(crate) type Answering = Either<Ready<Response<Body>>, BoxFuture<'static, Response<Body>>>;

/// Answers a request of this peer.
pub(crate) fn serve<B>(app: &App, peer: Peer, request: HttpRequest<B>) -> Answering
where
    B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    let begun = Instant::now();
    let (parts, body) = request.into_parts();
    if let Some(mut response) = at_once(app, peer, &parts) {
        if peer.secure {
            stay_secure(&mut response);
        }
        app.metrics.count(response.status().as_u16(), begun.elapsed());
        return Either::Left(future::ready(response));
    }
    let (app, body) = (app.clone(), Body::new(body));
    Either::Right(Box::pin(async move {
        let mut response = respond(&app, peer, &parts, body).await;
        if peer.secure {
            stay_secure(&mut response);
        }
        app.metrics.count(response.status().as_u16(), begun.elapsed());
        response
    }))
}

/// Tells browsers for 30 days to come by HTTPS only (RFC 6797): short enough that who gives it up again loses nobody for long.
fn stay_secure(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=2592000"),
    );
}

/// What is in memory already: the theme's files, and pages that are kept.
fn at_once(app: &App, peer: Peer, parts: &Parts) -> Option<Response<Body>> {
    let wish = Wish::of(&parts.headers, parts.method == Method::HEAD);
    if let Some(file) = app.assets.answer(parts.uri.path(), parts.uri.query()) {
        return Some(file.respond(&wish));
    }
    if app
        .door(parts.uri.path(), parts.uri.query().unwrap_or_default())
        .is_some()
    {
        return None;
    }
    let key = keeping::key(app, &parts.method, &asked(app, peer, parts))?;
    let (ready, status) = keeping::at_once(app, &key)?;
    Some(kept(Sent::Ready(ready), status, &wish))
}

/// A page that is kept, or could be, as it is sent.
fn kept(sent: Sent, status: keeping::Status, wish: &Wish) -> Response<Body> {
    let mut response = keeping::with_status(sent.respond(wish), status);
    if wish.head {
        without_body(&mut response);
    }
    response
}

async fn knock(app: &App, door: &Door, peer: Peer, parts: &Parts, body: Body) -> Response<Body> {
    let knock = Knock {
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        headers: parts.headers.clone(),
        body,
        base_url: base_url(app, peer, &parts.headers, &parts.uri),
        ip: peer.ip,
        private: is_private_line(peer, &parts.headers, &app.url),
    };
    let mut response = (door.answer)(app.clone(), knock).await;
    secure(response.headers_mut());
    if parts.method == Method::HEAD {
        without_body(&mut response);
    }
    response
}

fn asked<'a>(app: &App, peer: Peer, parts: &'a Parts) -> Asked<'a> {
    Asked {
        base_url: base_url(app, peer, &parts.headers, &parts.uri),
        ip: peer.ip,
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
    }
}

async fn respond(app: &App, peer: Peer, parts: &Parts, body: Body) -> Response<Body> {
    let wish = Wish::of(&parts.headers, parts.method == Method::HEAD);
    if let Some(file) = assets::of_theme(&app.themes, parts.uri.path()).await {
        return file.respond(&wish);
    }
    if let Some(door) = app.door(parts.uri.path(), parts.uri.query().unwrap_or_default()) {
        return knock(app, door, peer, parts, body).await;
    }
    let asked = asked(app, peer, parts);
    if let Some(key) = keeping::key(app, &parts.method, &asked) {
        return match keeping::page(app, key, &asked).await {
            Ok((sent, status)) => kept(sent, status, &wish),
            Err(error) => error_page(&error).ready().respond(&wish),
        };
    }
    let secret = is_private_line(peer, &parts.headers, &app.url);
    let answer = match answer(app, &parts.method, &asked, body, secret).await {
        Ok(answer) => answer,
        Err(error) => error_page(&error),
    };
    let mut response = answer.ready().respond(&wish);
    if session_cookie(&parts.headers).is_some() {
        let caching = HeaderValue::from_static("private, no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, caching);
    } else if parts.headers.contains_key(header::AUTHORIZATION) || parts.method == Method::POST {
        keep_private(&mut response);
    }
    if wish.head {
        without_body(&mut response);
    }
    response
}

/// What a request asks for, whoever sent it.
pub(crate) struct Asked<'a> {
    pub base_url: String,
    pub ip: IpAddr,
    pub path: &'a str,
    pub query: &'a str,
    pub headers: &'a HeaderMap,
}

/// Where a connection comes from, as the listener saw it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    pub ip: IpAddr,
    /// The connection is encrypted up to here.
    pub secure: bool,
}

/// Whether nobody between here and the visitor can read along, so that a password in the request may count: the same computer,
/// or https up to the proxy in front.
fn is_private_line(peer: Peer, headers: &HeaderMap, url: &str) -> bool {
    let here = peer.ip.to_canonical().is_loopback();
    if peer.secure {
        return true;
    }
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
async fn answer(app: &App, method: &Method, asked: &Asked<'_>, body: Body, secret: bool) -> Result<Answer> {
    check_address(asked.path, asked.query)?;
    match asked.path {
        "/health" => return Ok(Answer::text("text/plain; charset=utf-8", "ok\n".to_owned())),
        "/ready" => return ready(app).await,
        _ => {}
    }
    if !matches!(*method, Method::GET | Method::HEAD | Method::POST) {
        return Err(Error::invalid(format!("the method {method} is not known here")));
    }
    // First what the visitor sends: whoever sends slowly must not hold a connection of the database meanwhile.
    let sent = sent(method, asked.headers, body).await?;
    let _turn = match deep::turn(app, asked).await {
        Ok(turn) => turn,
        Err(busy) => return Ok(Answer::Raw(busy)),
    };
    let mut conn = app.db.read().await?;
    let site = app.site(&mut conn).await?;
    let actor = if secret {
        let asking = Asking {
            headers: asked.headers,
            now: app.clock.now().as_second(),
            ip: asked.ip,
        };
        (app.identify)(&mut conn, &site, asking).await?.actor
    } else {
        Actor::anonymous()
    };
    let glance = *method == Method::HEAD;
    let visit = visit(app, asked, site, Scope::new(actor, &app.types), glance, sent);
    public::answer(&visit, &mut conn).await
}

/// The answer for a visitor who is nobody in particular.
pub(crate) async fn anonymous(app: &App, asked: &Asked<'_>, conn: &mut Conn) -> Result<Answer> {
    check_address(asked.path, asked.query)?;
    let site = app.site(conn).await?;
    let visit = visit(app, asked, site, app.public_scope(), false, None);
    public::answer(&visit, conn).await
}

fn visit<'a>(
    app: &'a App,
    asked: &Asked<'a>,
    site: Arc<Site>,
    scope: Scope,
    glance: bool,
    sent: Option<Request>,
) -> public::Visit<'a> {
    public::Visit {
        app,
        glance,
        site,
        scope,
        request: Request::parse(asked.path, asked.query),
        base_url: asked.base_url.clone(),
        sent,
        headers: asked.headers,
    }
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

/// The form that a visitor sent: a password for an item, which unlocks this one answer (no cookie is set), or what a harvester asks.
async fn sent(method: &Method, headers: &HeaderMap, body: Body) -> Result<Option<Request>> {
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
    Ok(Some(Request::parse("/", &String::from_utf8_lossy(&bytes))))
}

/// `https://host`: as configured, else as the visitor's Host header says.
fn base_url(app: &App, peer: Peer, headers: &HeaderMap, uri: &Uri) -> String {
    if !app.url.is_empty() {
        return app.url.clone();
    }
    let host = text_of(headers, header::HOST).or_else(|| uri.authority().map(ToString::to_string));
    let host = host
        .filter(|h| h.len() < 256 && h.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b)))
        .unwrap_or_else(|| "localhost".to_owned());
    let scheme = if peer.secure { "https" } else { "http" };
    format!("{scheme}://{host}")
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
            sent: None,
            headers: &HeaderMap::new(),
        };
        let answered = match check_address(path, query) {
            Ok(()) => public::answer(&visit, conn).await,
            Err(error) => Err(error),
        };
        let sent = answered.unwrap_or_else(|e| error_page(&e)).ready();
        let response = sent.respond(&Wish::default());
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
        let peer = |ip: &str| Peer {
            ip: ip.parse().unwrap(),
            secure: false,
        };
        for here in [peer("127.0.0.1"), peer("::1"), peer("::ffff:127.0.0.1")] {
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

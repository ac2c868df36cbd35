//! Requests that many readers send alike: answered by a page that is kept, or by one that is made now for all of them.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header},
};
use bytes::Bytes;
use gp_content::{address, files};
use gp_kernel::Result;
use gp_store::Freshness;

use crate::{
    answer::{Answer, Sent},
    app::App,
    door::session_cookie,
    pages::Page,
    public::{self, exchange},
    ready::{Effort, Ready, Wish},
    router::{Asked, anonymous},
};

/// What became of a request, as `Cache-Status` says it (RFC 9211).
pub(crate) type Status = &'static str;

const HIT: Status = "guidepost; hit";

/// What a page is kept under.
pub(crate) struct Key {
    text: String,
    /// The address has parameters that mean nothing; a redirect takes them along.
    foreign: bool,
}

/// `None`: the answer is for this visitor only, or is no page.
pub(crate) fn key(app: &App, method: &Method, asked: &Asked<'_>) -> Option<Key> {
    app.pages.kept.as_ref()?;
    let reading = matches!(*method, Method::GET | Method::HEAD);
    let somebody = asked.headers.contains_key(header::AUTHORIZATION) || session_cookie(asked.headers).is_some();
    let file = asked.path.starts_with("/wp-content/uploads/");
    let picture = file && files::is_picture(asked.path) && asked.query.is_empty();
    let picture = picture && !asked.headers.contains_key(header::RANGE);
    // Searches are ever new, and the index follows the content a little later.
    let search = asked.path.starts_with("/search/")
        || asked.path.starts_with("/api/v1/s")
        || asked.query.split('&').any(|pair| {
            ["s=", "find=", "beside", public::preview::KEY]
                .iter()
                .any(|name| pair.starts_with(name))
        });
    let own = exchange::is_never_kept(asked.path);
    if !reading || somebody || (file && !picture) || own || search || matches!(asked.path, "/health" | "/ready") {
        return None;
    }
    let mut text = format!("{}\n{}", asked.base_url, asked.path);
    if picture && public::uploads::takes_webp(asked.headers) {
        text.push_str("\nwebp");
    }
    let mut foreign = false;
    let mut meant: Vec<&str> = Vec::new();
    for pair in asked.query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap_or_default().replace('+', " ");
        let name = percent_encoding::percent_decode_str(&name).decode_utf8_lossy();
        // However it is written.
        if matches!(&*name, "s" | "find") {
            return None;
        }
        if exchange::takes_any_query(asked.path) || address::means_something(&app.types, &name) {
            meant.push(pair);
        } else {
            foreign = true;
        }
    }
    if !meant.is_empty() {
        text.push('?');
        text.push_str(&meant.join("&"));
    }
    Some(Key { text, foreign })
}

/// The page of this key, where it is kept and nothing of it can have changed: without a wait, for that is most of all requests.
pub(crate) fn at_once(app: &App, key: &Key) -> Option<(Ready, Status)> {
    let pages = app.pages.kept.as_ref()?;
    let kept = app.db.kept();
    if !kept.is_current() {
        return None;
    }
    let page = pages.get(&key.text)?;
    let fits = page.holds(kept, app.clock.now()) && !(key.foreign && page.ready.status().is_redirection());
    fits.then(|| {
        app.pages.count_hit();
        (page.ready, HIT)
    })
}

/// The page of this key: kept, or made.
pub(crate) async fn page(app: &App, key: Key, asked: &Asked<'_>) -> Result<(Sent, Status)> {
    kept_or_made(app, &key, made(app, asked)).await
}

/// An answer of a door that everybody gets alike who is nobody in particular: kept, or made by `make`. What it is made from decides how
/// long it holds; `about` is all that it depends on besides, `base_url` among it.
///
/// # Errors
/// Those of `make`.
pub async fn alike(
    app: &App,
    about: String,
    headers: &HeaderMap,
    make: impl Future<Output = Result<(Response<Bytes>, Freshness)>> + Send,
) -> Result<Response<Body>> {
    let key = Key {
        text: format!("door\n{about}"),
        foreign: false,
    };
    let wish = Wish::of(headers, false);
    if let Some((ready, status)) = at_once(app, &key) {
        return Ok(with_status(ready.respond(&wish), status));
    }
    let ready = async {
        app.pages.count_made();
        let (answer, freshness) = make.await?;
        let (parts, bytes) = answer.into_parts();
        let ready = Ready::new(parts.status, parts.headers, bytes, String::new(), Some(Effort::Often));
        Ok((Sent::Ready(ready), freshness))
    };
    let (sent, status) = kept_or_made(app, &key, ready).await?;
    Ok(with_status(sent.respond(&wish), status))
}

/// With the word of what became of the request.
pub(crate) fn with_status(mut response: Response<Body>, status: Status) -> Response<Body> {
    let name = HeaderName::from_static("cache-status");
    response.headers_mut().insert(name, HeaderValue::from_static(status));
    response
}

async fn kept_or_made(
    app: &App,
    key: &Key,
    make: impl Future<Output = Result<(Sent, Freshness)>> + Send,
) -> Result<(Sent, Status)> {
    let Some(pages) = &app.pages.kept else {
        return Ok((make.await?.0, "guidepost; fwd=bypass"));
    };
    let kept = app.db.kept();
    if !kept.is_current() {
        drop(app.db.read().await?);
    }
    let mut status = "guidepost; fwd=uri-miss";
    loop {
        match pages.get_value_or_guard_async(&key.text).await {
            Ok(page) if page.holds(kept, app.clock.now()) => {
                if key.foreign && page.ready.status().is_redirection() {
                    return Ok((make.await?.0, "guidepost; fwd=bypass"));
                }
                app.pages.count_hit();
                return Ok((Sent::Ready(page.ready), HIT));
            }
            Ok(_) => {
                status = "guidepost; fwd=stale";
                pages.remove(&key.text);
            }
            Err(guard) => {
                let (sent, freshness) = make.await?;
                if let Sent::Ready(ready) = &sent
                    && freshness.reads().may_be_kept()
                    && is_kept(ready.status())
                    && !(key.foreign && ready.status().is_redirection())
                {
                    let page = Page::new(ready.clone(), freshness, app.clock.now());
                    let _ = guard.insert(page);
                }
                return Ok((sent, status));
            }
        }
    }
}

fn is_kept(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::OK | StatusCode::NOT_FOUND | StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND
    )
}

/// Makes the answer, and says what it was made from.
async fn made(app: &App, asked: &Asked<'_>) -> Result<(Sent, Freshness)> {
    app.pages.count_made();
    let mut conn = app.db.read().await?;
    let position = app.db.kept().position();
    conn.watch();
    let answer: Answer = anonymous(app, asked, &mut conn).await?;
    let freshness = Freshness::new(conn.watched(), position);
    Ok((answer.ready(), freshness))
}

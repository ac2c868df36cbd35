//! The door of `/wp-admin/`: who has signed in is led to a screen, whoever has not to the sign-in page.
//!
//! What is sent counts only with a nonce of the session and from a page of this site. Nothing here may be kept by anybody.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, StatusCode, header},
};
use gp_content::Scope;
use gp_kernel::{Error, ErrorKind, Result};
use gp_rest::Api;
use gp_web::{App, Asking, By, Caller, Door, Knock};

use crate::{
    desk::Desk,
    forms::{self, Fields, Sent},
    frame, html,
    screen::{Answer, Entry, Page, Screen},
};

/// Most bytes of the fields of a form: a long text with its blocks.
const MOST: usize = 16 << 20;

/// The door for scripts, which follow no redirect.
const AJAX: &str = "admin-ajax.php";

/// All screens.
pub struct Room {
    /// The API, by which most is written.
    pub api: Arc<Api>,
    /// The screens, in the order of the menu.
    pub screens: Vec<Arc<dyn Screen>>,
}

/// The door.
pub fn door(room: Room) -> Door {
    let room = Arc::new(room);
    Door {
        opens: is_ours,
        answer: Arc::new(move |app, knock| {
            let room = room.clone();
            Box::pin(async move { answered(&room, app, knock).await })
        }),
    }
}

fn is_ours(path: &str, _: &str) -> bool {
    path == "/wp-admin" || path.starts_with("/wp-admin/")
}

async fn answered(room: &Room, app: App, knock: Knock) -> Response<Body> {
    if !matches!(knock.method, Method::GET | Method::HEAD | Method::POST) {
        let mut response = plain(
            StatusCode::METHOD_NOT_ALLOWED,
            "This page is read, or a form is sent to it.\n",
        );
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
        return response;
    }
    match entered(room, app, knock).await {
        Ok(response) => response,
        Err(error) => {
            log(&error);
            plain(status_of(&error), &format!("{}\n", told(&error)))
        }
    }
}

async fn entered(room: &Room, app: App, mut knock: Knock) -> Result<Response<Body>> {
    let path = knock.uri.path().strip_prefix("/wp-admin/").unwrap_or_default();
    let path = if path.is_empty() { "index.php" } else { path }.to_owned();
    let query_text = knock.uri.query().unwrap_or_default().to_owned();
    let asking = Asking {
        headers: &knock.headers,
        now: app.clock.now().as_second(),
        ip: knock.ip,
    };
    let (caller, site) = known(&app, asking, knock.private).await?;
    if !matches!(caller.by, By::Session { .. }) {
        return Ok(if path == AJAX {
            nothing_for_visitors(&query_text)
        } else {
            to_sign_in(&knock)
        });
    }
    let Some(screen) = room
        .screens
        .iter()
        .find(|screen| screen.paths().contains(&path.as_str()))
        .cloned()
    else {
        let mut desk = desk(room, app, &caller, site, path, query_text, knock);
        desk.menu = menu(room, &desk).await;
        return Ok(framed(&desk, Err(Error::not_found("There is no such screen."))));
    };
    let post = knock.method == Method::POST;
    let body = std::mem::take(&mut knock.body);
    let files = caller.actor.can("upload_files");
    let headers = knock.headers.clone();
    let base_url = knock.base_url.clone();
    let mut desk = desk(room, app, &caller, site, path, query_text, knock);
    desk.post = post;
    desk.menu = menu(room, &desk).await;
    if post {
        // Nobody who sends slowly holds a connection of the database.
        match forms::read(&headers, body, MOST, files).await {
            Ok(Sent { fields, files }) => (desk.form, desk.files) = (fields, files),
            Err(error) => return Ok(framed(&desk, Err(error))),
        }
        if !forms::from_here(&headers, &base_url) || !is_meant(&desk) {
            return Ok(foreign(&desk));
        }
    }
    let answer = screen.answer(&mut desk).await;
    Ok(framed(&desk, answer))
}

async fn known(app: &App, asking: Asking<'_>, private: bool) -> Result<(Caller, Arc<gp_content::Site>)> {
    let mut conn = app.db.read().await?;
    let site = app.site(&mut conn).await?;
    let caller = match private {
        true => (app.identify)(&mut conn, &site, asking).await?,
        false => Caller::nobody(),
    };
    Ok((caller, site))
}

fn desk(
    room: &Room,
    app: App,
    caller: &Caller,
    site: Arc<gp_content::Site>,
    path: String,
    query_text: String,
    knock: Knock,
) -> Desk {
    Desk {
        api: room.api.clone(),
        scope: Scope::new(caller.actor.clone(), &app.types),
        now: app.clock.now(),
        base_url: knock.base_url,
        query: Fields::parse(query_text.as_bytes()),
        headers: knock.headers,
        caller: caller.clone(),
        form: Fields::default(),
        files: Vec::new(),
        post: false,
        menu: Vec::new(),
        app,
        site,
        path,
        query_text,
    }
}

/// What was sent holds a nonce of the session.
fn is_meant(desk: &Desk) -> bool {
    let By::Session { nonces, .. } = &desk.caller.by else {
        return false;
    };
    // WordPress's heartbeat has a name of its own for it.
    let said = ["_wpnonce", "_nonce"]
        .map(|name| desk.asked(name))
        .into_iter()
        .find(|said| !said.is_empty());
    let Some(said) = said else { return false };
    nonces.iter().any(|nonce| nonce == said)
}

fn to_sign_in(knock: &Knock) -> Response<Body> {
    let wanted = match (&knock.method, knock.uri.query()) {
        (&Method::POST, _) => "/wp-admin/".to_owned(),
        (_, Some(query)) => format!("{}?{query}", knock.uri.path()),
        (_, None) => knock.uri.path().to_owned(),
    };
    go(&format!("/wp-login.php?redirect_to={}", html::part(&wanted)))
}

/// As WordPress says no to scripts: in one figure.
fn nothing_for_visitors(query: &str) -> Response<Body> {
    let asks_who = Fields::parse(query.as_bytes()).get("action") == "rest-nonce";
    plain(
        if asks_who {
            StatusCode::FORBIDDEN
        } else {
            StatusCode::BAD_REQUEST
        },
        "0",
    )
}

fn framed(desk: &Desk, answer: Result<Answer>) -> Response<Body> {
    match answer {
        Ok(Answer::Go(path)) if path.starts_with('/') => go(&path),
        Ok(Answer::Go(path)) => go(&format!("/wp-admin/{path}")),
        Ok(Answer::Other(response)) => response,
        Ok(Answer::Page(page)) => shown(desk, &page),
        Err(error) => {
            log(&error);
            let page = Page {
                status: Some(status_of(&error).as_u16()),
                ..Page::new("That did not work", html::note(html::Note::Stop, told(&error)))
            };
            shown(desk, &page)
        }
    }
}

/// The menu, as who is at the desk has it. A number that cannot be told keeps nobody from working.
async fn menu(room: &Room, desk: &Desk) -> Vec<Entry> {
    let mut menu = Vec::new();
    for screen in &room.screens {
        let mut entries = screen.entries(desk);
        if entries.is_empty() {
            continue;
        }
        let waiting = screen.waiting(desk).await.unwrap_or_else(|error| {
            log(&error);
            Vec::new()
        });
        for entry in &mut entries {
            let own = waiting.iter().find(|(address, _)| *address == entry.address);
            entry.waiting = own.map_or(0, |(_, count)| *count);
        }
        menu.extend(entries);
    }
    menu
}

fn shown(desk: &Desk, page: &Page) -> Response<Body> {
    frame::response(desk, page)
}

fn foreign(desk: &Desk) -> Response<Body> {
    let text = "This form did not come from a page of this library, or it lay open for too long. Nothing was changed; \
        open the page again and repeat it.";
    let page = Page {
        status: Some(403),
        ..Page::new("Nothing was done", html::note(html::Note::Stop, text))
    };
    shown(desk, &page)
}

pub(crate) fn answer(status: StatusCode, mime: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let mut set = |name, value| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, mime);
    set(header::CACHE_CONTROL, "private, no-store");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    );
    set(header::HeaderName::from_static("x-robots-tag"), "noindex");
    response
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    answer(status, "text/plain; charset=utf-8", text.to_owned())
}

/// Go there: what was sent is not sent again by going back or renewing the page.
fn go(path: &str) -> Response<Body> {
    let mut response = plain(StatusCode::SEE_OTHER, "");
    let safe = percent_encoding::utf8_percent_encode(path, percent_encoding::CONTROLS).to_string();
    let value = HeaderValue::from_str(&safe).unwrap_or(HeaderValue::from_static("/wp-admin/"));
    response.headers_mut().insert(header::LOCATION, value);
    response
}

fn status_of(error: &Error) -> StatusCode {
    match error.kind {
        ErrorKind::Invalid => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthenticated | ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What is told of a failure: not what only the operator should know.
fn told(error: &Error) -> &str {
    match error.kind {
        ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::NotFound => &error.message,
        ErrorKind::Unauthenticated | ErrorKind::Forbidden => {
            "Your account may not do this. An administrator can give it the role for it."
        }
        ErrorKind::Unavailable => "The library cannot be reached right now; please try again in a minute.",
        ErrorKind::Internal => "The fault is ours and has been written down.",
    }
}

fn log(error: &Error) {
    match error.kind {
        ErrorKind::Internal => tracing::error!(%error, "a screen failed"),
        ErrorKind::Unavailable => tracing::warn!(%error, "not available"),
        _ => tracing::debug!(%error, "a screen refused"),
    }
}

//! The doors of people: signing in and out, the first start, a forgotten password, one's own account.
//!
//! The addresses are WordPress's. What must never be here: a page that a script is needed for (but for
//! passkeys, which browsers give to scripts only), an answer that a proxy may keep.

mod authorize;
mod forms;
mod page;
mod passkeys;
mod profile;
pub(crate) mod reset;
mod second_step;
mod setup;
mod signin;

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
};
use gp_content::{Actor, Grant, Site, actions::Act};
use gp_kernel::{Error, ErrorKind, Result, UserId};
use gp_store::Conn;
use gp_web::{App, Asking, By, Caller, Door, Knock};
use jiff::Timestamp;

use crate::{
    mail::Mailer,
    sessions::{self, Device},
};
use gp_admin::Fields;
use page::{answer as plain, go, page};

/// Bytes that nobody can guess, into a buffer.
pub type Random = Arc<dyn Fn(&mut [u8]) -> Result<()> + Send + Sync>;

/// What these doors need of the world outside.
#[derive(Clone)]
pub struct Outside {
    /// Bytes that nobody can guess.
    pub random: Random,
    /// Takes mail.
    pub mailer: Arc<Mailer>,
}

/// The doors.
pub fn doors(outside: Outside) -> Vec<Door> {
    let answer = Arc::new(move |app: App, knock: Knock| {
        let outside = outside.clone();
        let answered: futures_util::future::BoxFuture<'static, Response<Body>> =
            Box::pin(async move { let_in(app, knock, outside).await });
        answered
    });
    vec![Door {
        opens: |path, _| PATHS.contains(&path),
        answer,
    }]
}

const SIGN_IN: &str = "/wp-login.php";
const PROFILE: &str = "/wp-admin/profile.php";
const PATHS: &[&str] = &[SIGN_IN, PROFILE, authorize::PATH];

/// Somebody at one of these doors, with all that is known of them.
pub(crate) struct Guest {
    app: App,
    outside: Outside,
    post: bool,
    path: String,
    /// The query as it came.
    query_text: String,
    query: Fields,
    form: Fields,
    headers: HeaderMap,
    base_url: String,
    network: String,
    private: bool,
    site: Arc<Site>,
    caller: Caller,
    now: Timestamp,
}

impl Guest {
    fn seconds(&self) -> i64 {
        self.now.as_second()
    }

    /// A field of the form, else of the query.
    fn asked(&self, name: &str) -> &str {
        match self.form.get(name) {
            "" => self.query.get(name),
            value => value,
        }
    }

    fn random<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        (self.outside.random)(&mut bytes)?;
        Ok(bytes)
    }

    fn act<'a>(&'a self, tx: &'a mut Conn) -> Act<'a> {
        Act {
            tx,
            types: &self.app.types,
            now: self.now,
            zone: self.site.zone.clone(),
        }
    }

    fn device(&self) -> Device {
        Device {
            network: self.network.clone(),
            agent: sessions::agent(&self.headers),
            https: self.https(),
        }
    }

    /// The visitor came by https, as far as can be known.
    fn https(&self) -> bool {
        let said = self
            .headers
            .get("x-forwarded-proto")
            .is_some_and(|scheme| scheme == "https");
        self.base_url.starts_with("https://") || (self.private && said)
    }

    /// The session and its owner.
    fn session(&self) -> Option<(&str, UserId)> {
        match &self.caller.by {
            By::Session { id, .. } => Some((id, self.caller.actor.user())),
            _ => None,
        }
    }

    /// The nonce of the present session for something.
    fn nonce(&self, what: &str) -> String {
        let known = self
            .session()
            .and_then(|(id, user)| sessions::nonces(&self.site, id, user, what, self.seconds()));
        known.map(|[now, _]| now).unwrap_or_default()
    }

    /// Whether what was sent holds such a nonce.
    fn has_nonce(&self, what: &str) -> bool {
        let said = self.asked("_wpnonce");
        let known = self
            .session()
            .and_then(|(id, user)| sessions::nonces(&self.site, id, user, what, self.seconds()));
        known.is_some_and(|nonces| {
            nonces
                .iter()
                .any(|good| crate::passwords::same(good.as_bytes(), said.as_bytes()))
        })
    }

    /// Where to go on to.
    fn onward(&self) -> Option<String> {
        gp_admin::own_path(self.asked("redirect_to"), &self.base_url)
    }

    /// The hidden field of a form for visitors.
    fn seal(&self, what: &str) -> String {
        let seal = forms::seal(&self.site, what, self.seconds()).unwrap_or_default();
        page::hidden("_guidepost_form", &seal)
    }

    /// Whether a form for visitors was sent as it was given out, by a page of this site.
    fn is_sealed(&self, what: &str) -> bool {
        let field = self.form.get("_guidepost_form");
        forms::is_sealed(&self.site, what, field, self.seconds(), forms::OPEN_FOR)
    }
}

/// Leave for somebody's own account who has just proved who they are.
fn own(user: UserId) -> Result<Grant> {
    Actor::with_capabilities(user, []).may_change_own_account()
}

async fn let_in(app: App, knock: Knock, outside: Outside) -> Response<Body> {
    if !matches!(knock.method, Method::GET | Method::HEAD | Method::POST) {
        let mut response = plain(
            StatusCode::METHOD_NOT_ALLOWED,
            "text/plain; charset=utf-8",
            String::new(),
        );
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
        return response;
    }
    let guest = match received(app, knock, outside).await {
        Ok(guest) => guest,
        Err(error) => return without_page(&error),
    };
    match answered(&guest).await {
        Ok(response) => response,
        Err(error) => failed(&guest, &error),
    }
}

async fn received(app: App, knock: Knock, outside: Outside) -> Result<Guest> {
    let post = knock.method == Method::POST;
    // First what is sent: whoever sends slowly must not hold a connection of the database meanwhile.
    let form = match post {
        true => {
            gp_admin::read(&knock.headers, knock.body, forms::MOST, false)
                .await?
                .fields
        }
        false => Fields::default(),
    };
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let site = app.site(&mut conn).await?;
    let asking = Asking {
        headers: &knock.headers,
        now: now.as_second(),
        ip: knock.ip,
    };
    let caller = match knock.private {
        true => (app.identify)(&mut conn, &site, asking).await?,
        false => Caller::nobody(),
    };
    drop(conn);
    let query_text = knock.uri.query().unwrap_or_default().to_owned();
    Ok(Guest {
        post,
        path: knock.uri.path().to_owned(),
        query: Fields::parse(query_text.as_bytes()),
        query_text,
        form,
        base_url: knock.base_url,
        network: gp_web::network(gp_web::visitor(knock.ip, &knock.headers)),
        private: knock.private,
        headers: knock.headers,
        site,
        caller,
        now,
        outside,
        app,
    })
}

async fn answered(guest: &Guest) -> Result<Response<Body>> {
    if guest.post && !gp_admin::from_here(&guest.headers, &guest.base_url) {
        return Ok(foreign(guest));
    }
    match guest.path.as_str() {
        SIGN_IN => at_sign_in(guest).await,
        _ if guest.session().is_none() => Ok(go(&format!("{SIGN_IN}?redirect_to={}", encoded(&wanted(guest))))),
        PROFILE => profile::answer(guest).await,
        authorize::PATH => authorize::answer(guest).await,
        _ => Ok(go(PROFILE)),
    }
}

async fn at_sign_in(guest: &Guest) -> Result<Response<Body>> {
    if guest.post && !guest.private {
        return Ok(page(
            guest,
            StatusCode::FORBIDDEN,
            "This line is open",
            false,
            "<p>Somebody between here and you could read your password. Please come by an address that begins with https.</p>",
        ));
    }
    match (guest.asked("action"), guest.post) {
        ("logout", _) => signin::leave(guest).await,
        ("lostpassword" | "retrievepassword", false) => Ok(reset::ask(guest, "")),
        ("lostpassword" | "retrievepassword", true) => reset::send(guest).await,
        ("rp" | "resetpass", false) => reset::form(guest).await,
        ("rp" | "resetpass", true) => reset::set(guest).await,
        ("setup", false) => setup::form(guest).await,
        ("setup", true) => setup::make(guest).await,
        ("second", true) => second_step::enter(guest).await,
        ("passkey-options", true) => passkeys::options(guest).await,
        ("passkey", true) => passkeys::enter(guest).await,
        (_, false) => Ok(signin::form(guest)),
        (_, true) => signin::enter(guest).await,
    }
}

/// The address that somebody wanted, to come back to.
fn wanted(guest: &Guest) -> String {
    match guest.query_text.as_str() {
        "" => guest.path.clone(),
        query => format!("{}?{query}", guest.path),
    }
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A form that another site's page sent, or that was not given out here.
fn foreign(guest: &Guest) -> Response<Body> {
    page(
        guest,
        StatusCode::FORBIDDEN,
        "Nothing was done",
        false,
        "<p>This form did not come from a page of this library, or it lay open for too long. \
         Please <a href=\"/wp-login.php\">open the page again</a> and repeat it.</p>",
    )
}

/// Somebody has to wait.
fn wait(guest: &Guest, seconds: i64) -> Response<Body> {
    let minutes = (seconds + 59) / 60;
    let text = match minutes {
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    let body = format!("<p>Too many tries in a row. Please wait {text} and try again.</p>");
    let mut response = page(guest, StatusCode::TOO_MANY_REQUESTS, "Please wait", false, &body);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
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
        ErrorKind::Unauthenticated | ErrorKind::Forbidden => "Your account may not do this.",
        ErrorKind::Unavailable => "The library cannot be reached right now; please try again in a minute.",
        ErrorKind::Internal => "The fault is ours and has been written down.",
    }
}

fn log(error: &Error) {
    match error.kind {
        ErrorKind::Internal => tracing::error!(%error, "a request failed"),
        ErrorKind::Unavailable => tracing::warn!(%error, "not available"),
        _ => tracing::debug!(%error, "a request was refused"),
    }
}

fn failed(guest: &Guest, error: &Error) -> Response<Body> {
    log(error);
    let body = page::note(page::Note::Stop, told(error));
    retry(page(guest, status_of(error), "That did not work", false, &body))
}

fn without_page(error: &Error) -> Response<Body> {
    log(error);
    let text = format!("{}\n", told(error));
    retry(plain(status_of(error), "text/plain; charset=utf-8", text))
}

fn retry(mut response: Response<Body>) -> Response<Body> {
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    }
    response
}

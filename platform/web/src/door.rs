//! Doors that features bring beside the public pages: the REST API, signing in, the editing room.
//!
//! A door is handed the request as it came and answers all of it. What must never be here: who may do what (that is
//! `gp_content::permission`), or a door's own rules.

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderMap, Method, Response, Uri, header},
};
use futures_util::future::BoxFuture;
use gp_content::{Actor, Site};
use gp_kernel::Result;
use gp_store::Conn;

use crate::app::App;

/// Somebody at a door.
#[derive(Debug)]
pub struct Knock {
    /// What is to be done.
    pub method: Method,
    /// Where.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// What is sent; nothing of it has been read.
    pub body: Body,
    /// `https://host`, without a slash at the end.
    pub base_url: String,
    /// Where the connection comes from.
    pub ip: IpAddr,
    /// Nobody between here and there can read along: a password or cookie may count.
    pub private: bool,
}

/// A door.
#[derive(Clone)]
pub struct Door {
    /// Whether an address is behind it, by path and query.
    pub opens: fn(&str, &str) -> bool,
    /// Answers.
    pub answer: Answering,
}

/// What answers at a door.
pub type Answering = Arc<dyn Fn(App, Knock) -> BoxFuture<'static, Response<Body>> + Send + Sync>;

/// Who asks, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who, with what they may do.
    pub actor: Actor,
    /// How it is known.
    pub by: By,
}

/// How it is known who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// It is not.
    Nothing,
    /// A password came, and it is wrong: WordPress's code and sentence for it.
    Refused(&'static str, &'static str),
    /// A password came from where too many wrong ones came, and was not looked at: the seconds to wait.
    Waiting(i64),
    /// An application password (HTTP Basic), by its UUID.
    Application(String),
    /// A session (cookie). What changes anything has to say one of the nonces too, the present one first: a page of another site
    /// can send the cookie along, but not these.
    Session {
        /// What the session is known by, to end it; not the secret.
        id: String,
        /// Values that are good now.
        nonces: [String; 2],
    },
}

impl Caller {
    /// A visitor.
    pub fn nobody() -> Self {
        Self {
            actor: Actor::anonymous(),
            by: By::Nothing,
        }
    }
}

/// The cookie of a session. No other cookie means anything here.
pub const SESSION_COOKIE: &str = "guidepost_session";

/// What the cookie of a session says, whether it is true or not.
pub fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == SESSION_COOKIE && !value.is_empty()).then_some(value)
    })
}

/// The headers of a request.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// They.
    pub headers: &'a HeaderMap,
    /// Seconds since 1970.
    pub now: i64,
    /// Where the connection comes from.
    pub ip: IpAddr,
}

/// Finds out who asks. Comes from the feature that knows accounts.
pub type Identify =
    Arc<dyn for<'a> Fn(&'a mut Conn, &'a Site, Asking<'a>) -> BoxFuture<'a, Result<Caller>> + Send + Sync>;

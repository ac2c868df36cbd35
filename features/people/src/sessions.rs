//! Sessions: a secret in a cookie, of which only the SHA-256 is kept here, and the nonces that a page of the session's own knows.
//!
//! What must never be here: the secret in a log, an address in the table.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gp_content::{Actor, Site, signed::sign};
use gp_kernel::{Result, UserId};
use gp_store::Conn;
use gp_web::{By, Caller, SESSION_COOKIE, session_cookie};
use sha2::{Digest as _, Sha256};

use crate::{
    passwords::hex,
    store::{self, Session},
};

/// How long a session lasts that is to last, and one that is not.
const LASTING: i64 = 14 * 86_400;
const SHORT: i64 = 2 * 86_400;
/// A nonce is good for one to two of these.
const TICK: i64 = 12 * 3600;
/// How exactly it is kept when a session was used last.
const SEEN_EVERY: i64 = 300;

/// What a session is known by: the SHA-256 of its secret.
pub(crate) fn id_of(token: &[u8; 32]) -> String {
    hex(&Sha256::digest(token))
}

/// The session that a request speaks of, whether it exists or not.
pub(crate) fn named(headers: &HeaderMap) -> Option<String> {
    let token = URL_SAFE_NO_PAD.decode(session_cookie(headers)?).ok()?;
    Some(id_of(&token.try_into().ok()?))
}

/// The nonces of a session for something: the present one, and the one before.
pub(crate) fn nonces(site: &Site, id: &str, user: UserId, what: &str, now: i64) -> Option<[String; 2]> {
    let tick = now.div_euclid(TICK);
    let nonce = |tick: i64| {
        let mut nonce = sign(site, &["nonce", id, &user.to_string(), what, &tick.to_string()])?;
        nonce.truncate(20);
        Some(nonce)
    };
    Some([nonce(tick)?, nonce(tick - 1)?])
}

/// Who a session's cookie says it is; `None` when there is none, or it has ended.
pub(crate) async fn caller(conn: &mut Conn, site: &Site, headers: &HeaderMap, now: i64) -> Result<Option<Caller>> {
    let Some(id) = named(headers) else {
        return Ok(None);
    };
    let Some(session) = store::session(conn, &id, now).await? else {
        return Ok(None);
    };
    let Some(nonces) = nonces(site, &session.id, session.user, "wp_rest", now) else {
        return Ok(None);
    };
    if gp_content::users::by_ids(conn, &[session.user]).await?.is_empty() {
        return Ok(None);
    }
    Ok(Some(Caller {
        actor: Actor::load(conn, site, session.user).await?,
        by: By::Session { id, nonces },
    }))
}

/// Whether it is time to keep that a session was used.
pub(crate) fn stale(session: &Session, now: i64) -> bool {
    now - session.seen >= SEEN_EVERY
}

/// A device that somebody signs in on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Device {
    /// Its network.
    pub network: String,
    /// What the browser calls itself.
    pub agent: String,
    /// It was reached by https.
    pub https: bool,
}

/// Begins a session and gives the cookie for it.
pub(crate) async fn begin(
    tx: &mut Conn,
    user: UserId,
    device: &Device,
    lasting: bool,
    now: i64,
    token: &[u8; 32],
) -> Result<HeaderValue> {
    let lasts = if lasting { LASTING } else { SHORT };
    let session = Session {
        id: id_of(token),
        user,
        created: now,
        seen: now,
        expires: now + lasts,
        address: device.network.clone(),
        agent: device.agent.chars().filter(|c| !c.is_control()).take(200).collect(),
    };
    store::add_session(tx, &session).await?;
    let age = lasting.then_some(lasts);
    Ok(cookie(&URL_SAFE_NO_PAD.encode(token), age, device.https))
}

/// The cookie as it is set. Without an age the browser forgets it when it is closed.
fn cookie(value: &str, age: Option<i64>, https: bool) -> HeaderValue {
    let age = age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The cookie that takes it away.
pub(crate) fn no_cookie(https: bool) -> HeaderValue {
    cookie("", Some(0), https)
}

/// What the browser calls itself.
pub(crate) fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use gp_content::signed::SECRET_OPTION;

    use super::*;

    fn site(secret: &str) -> Site {
        Site::from_options([(SECRET_OPTION.to_owned(), secret.as_bytes().to_vec())].into())
    }

    #[test]
    fn nonces_are_of_one_session_and_one_half_day() {
        let site = site(&"s".repeat(32));
        let of = |id: &str, now| nonces(&site, id, UserId(1), "wp_rest", now).unwrap();
        assert_eq!(of("a", 0)[0].len(), 20);
        assert_eq!(of("a", 0)[0], of("a", TICK - 1)[0]);
        assert_eq!(of("a", 0)[0], of("a", TICK)[1]);
        assert_ne!(of("a", 0)[0], of("b", 0)[0]);
        assert!(!of("a", 2 * TICK).contains(&of("a", 0)[0]));
    }

    #[test]
    fn without_a_secret_nothing_is_signed() {
        assert_eq!(sign(&site(""), &["x"]), None);
        assert_eq!(sign(&site("short"), &["x"]), None);
    }

    #[test]
    fn cookies_are_for_this_site_only() {
        let token = URL_SAFE_NO_PAD.encode([7; 32]);
        let set = cookie(&token, Some(60), true);
        let set = set.to_str().unwrap();
        for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age=60"] {
            assert!(set.contains(part), "{set}");
        }
        let said = format!("other=1; {SESSION_COOKIE}={token}");
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&said).unwrap())]);
        assert_eq!(named(&headers), Some(id_of(&[7; 32])));
        assert_eq!(named(&HeaderMap::new()), None);
    }
}

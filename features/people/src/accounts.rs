//! Accounts: making them, their application passwords, and who a request comes from.
//!
//! Application passwords are stored as WordPress stores them (`_application_passwords`), so imported ones keep working.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use blake2::digest::{KeyInit as _, Mac as _};
use gp_content::{
    Actor, Grant, MetaKind, Site, Types, User,
    actions::{self, Act},
    meta, permission, users,
};
use gp_kernel::{Error, Result, UserId};
use gp_php::Value;
use gp_store::{Conn, Db};
use gp_web::{Asking, By, Caller, Rates};
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest as _, Sha256};

use crate::{
    passkeys,
    passwords::{Fit, in_turn, old_fits, same},
    second, sessions, store,
};

const KEY: &str = "_application_passwords";

/// WordPress's hash for random secrets: BLAKE2b of 30 bytes under a fixed key.
pub fn fast_hash(secret: &str) -> String {
    type Blake2b240 = blake2::Blake2bMac<blake2::digest::consts::U30>;
    let mac = Blake2b240::new_from_slice(b"wp_fast_hash_6.8+");
    let bytes = mac.map(|m| m.chain_update(secret.as_bytes()).finalize().into_bytes().to_vec());
    format!("$generic${}", URL_SAFE_NO_PAD.encode(bytes.unwrap_or_default()))
}

/// 24 letters and digits from random bytes.
fn letters(random: &[u8; 24]) -> String {
    const ALPHABET: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    random
        .iter()
        .map(|b| char::from(ALPHABET[usize::from(*b) % 62]))
        .collect()
}

/// An application password, without what it opens with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationPassword {
    /// What it is known by.
    pub uuid: String,
    /// The UUID of the application, where it told one.
    pub app_id: String,
    /// What its owner calls it.
    pub name: String,
    /// Seconds since 1970.
    pub created: i64,
    /// When it was used last, to a day.
    pub last_used: Option<i64>,
    /// From where.
    pub last_ip: Option<String>,
}

fn shown(stored: &Value) -> ApplicationPassword {
    let text = |name| {
        stored
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .into_owned()
    };
    ApplicationPassword {
        uuid: text("uuid"),
        app_id: text("app_id"),
        name: text("name"),
        created: stored.get("created").and_then(Value::as_int).unwrap_or_default(),
        last_used: stored.get("last_used").and_then(Value::as_int).filter(|at| *at > 0),
        last_ip: Some(text("last_ip")).filter(|ip| !ip.is_empty()),
    }
}

async fn kept(conn: &mut Conn, user: UserId) -> Result<Vec<Value>> {
    let stored = meta::of(conn, MetaKind::User, user.0).await?;
    Ok(passwords(&stored).unwrap_or_default())
}

async fn keep(act: &mut Act<'_>, grant: &Grant, user: UserId, all: Vec<Value>) -> Result<()> {
    let value = gp_php::serialize(&Value::list(all));
    actions::set_user_meta(act, grant, user, KEY, &[&value]).await
}

/// The application passwords of an account.
///
/// # Errors
/// When the database does not answer.
pub async fn application_passwords(conn: &mut Conn, user: UserId) -> Result<Vec<ApplicationPassword>> {
    Ok(kept(conn, user).await?.iter().map(shown).collect())
}

/// Makes an application password for an account and gives it back: it is shown once and kept as a hash. `wanted` says name and
/// application.
///
/// # Errors
/// `Forbidden` without leave; `Invalid` without a name.
pub async fn new_application_password(
    act: &mut Act<'_>,
    grant: &Grant,
    user: UserId,
    wanted: ApplicationPassword,
    random: &[u8; 24],
) -> Result<(ApplicationPassword, String)> {
    if wanted.name.trim().is_empty() {
        return Err(Error::invalid("an application password needs a name"));
    }
    let password = letters(random);
    let mut all = kept(act.tx, user).await?;
    let uuid = uuid(random);
    all.push(Value::map([
        ("uuid", Value::from(uuid.as_str())),
        ("app_id", Value::from(wanted.app_id.as_str())),
        ("name", Value::from(wanted.name.as_str())),
        ("password", Value::from(fast_hash(&password).as_str())),
        ("created", Value::from(act.now.as_second())),
        ("last_used", Value::Null),
        ("last_ip", Value::Null),
    ]));
    keep(act, grant, user, all).await?;
    let made = ApplicationPassword {
        uuid,
        created: act.now.as_second(),
        last_used: None,
        last_ip: None,
        ..wanted
    };
    Ok((made, password))
}

/// An UUID that tells nothing of the password that is made from the same bytes.
fn uuid(random: &[u8; 24]) -> String {
    let digest = Sha256::new().chain_update(b"uuid").chain_update(random).finalize();
    let id: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
    let (time, middle) = (&id[..8], &id[8..12]);
    format!("{time}-{middle}-4{}-8{}-{}", &id[13..16], &id[17..20], &id[20..])
}

/// Calls an application password something else; what it was used for stays.
///
/// # Errors
/// `Forbidden` without leave; `NotFound`.
pub async fn rename_application_password(
    act: &mut Act<'_>,
    grant: &Grant,
    user: UserId,
    uuid: &str,
    name: &str,
) -> Result<ApplicationPassword> {
    change(act, grant, user, uuid, &[("name", Value::from(name))]).await
}

/// Changes fields of one application password.
async fn change(
    act: &mut Act<'_>,
    grant: &Grant,
    user: UserId,
    uuid: &str,
    fields: &[(&str, Value)],
) -> Result<ApplicationPassword> {
    let mut all = kept(act.tx, user).await?;
    let found = all.iter_mut().find(|p| shown(p).uuid == uuid);
    let found = found.ok_or_else(|| Error::not_found("there is no such application password"))?;
    let given = |key: &str| {
        fields
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value.clone())
    };
    let changed: Vec<(String, Value)> = found
        .iter()
        .map(|(key, value)| {
            let key = key.as_str().into_owned();
            let value = given(&key).unwrap_or_else(|| value.clone());
            (key, value)
        })
        .collect();
    *found = Value::map(changed.iter().map(|(key, value)| (key.as_str(), value.clone())));
    let now = shown(found);
    keep(act, grant, user, all).await?;
    Ok(now)
}

/// Makes an application password open nothing any more; without a UUID, all of the account. What it was.
///
/// # Errors
/// `Forbidden` without leave; `NotFound` for an unknown UUID.
pub async fn revoke_application_password(
    act: &mut Act<'_>,
    grant: &Grant,
    user: UserId,
    uuid: Option<&str>,
) -> Result<Vec<ApplicationPassword>> {
    let all = kept(act.tx, user).await?;
    let gone = |p: &Value| uuid.is_none_or(|uuid| shown(p).uuid == uuid);
    let revoked: Vec<ApplicationPassword> = all.iter().filter(|p| gone(p)).map(shown).collect();
    if revoked.is_empty() && uuid.is_some() {
        return Err(Error::not_found("there is no such application password"));
    }
    let left = all.into_iter().filter(|p| !gone(p)).collect();
    keep(act, grant, user, left).await?;
    Ok(revoked)
}

fn passwords(stored: &meta::Meta) -> Option<Vec<Value>> {
    let value = gp_php::parse_lenient(stored.bytes(KEY)?).ok()?;
    Some(value.iter().map(|(_, v)| v.clone()).collect())
}

/// What is written down behind an answer: that a session or an application password was used.
#[derive(Debug, Clone)]
pub struct Behind {
    /// Where.
    pub db: Db,
    /// The types that a verb wants to know.
    pub types: Arc<Types>,
    /// How many wrong passwords came, and from where.
    pub rates: Arc<Rates>,
}

impl Behind {
    fn session_used(&self, id: String, now: i64) {
        let db = self.db.clone();
        tokio::spawn(async move {
            let done = async {
                let mut tx = db.write().await?;
                store::touch_session(&mut tx, &id, now).await?;
                tx.commit().await
            };
            if let Err(error) = done.await {
                tracing::debug!(%error, "the use of a session was not written down");
            }
        });
    }

    fn application_used(&self, actor: &Actor, uuid: String, better: Option<String>, now: i64) {
        let (behind, user) = (self.clone(), actor.user());
        let (Ok(grant), Ok(at)) = (actor.may_change_own_account(), Timestamp::from_second(now)) else {
            return;
        };
        tokio::spawn(async move {
            let done = async {
                let mut tx = behind.db.write().await?;
                let mut act = Act {
                    tx: &mut tx,
                    types: &behind.types,
                    now: at,
                    zone: TimeZone::UTC,
                };
                let mut fields = vec![("last_used", Value::from(now))];
                fields.extend(better.map(|hash| ("password", Value::from(hash.as_str()))));
                change(&mut act, &grant, user, &uuid, &fields).await?;
                tx.commit().await
            };
            if let Err(error) = done.await {
                tracing::debug!(%error, "the use of an application password was not written down");
            }
        });
    }
}

/// Who a request comes from: the account of its application password (HTTP Basic), else of its session (cookie), else a visitor.
/// A wrong password makes a visitor too, who is told so where that matters: public pages stay public.
///
/// # Errors
/// When the database does not answer.
pub async fn identify(conn: &mut Conn, site: &Site, asking: Asking<'_>, behind: &Behind) -> Result<Caller> {
    let Some((login, password)) = credentials(asking.headers) else {
        return by_session(conn, site, asking, behind).await;
    };
    let (from, now) = (gp_web::visitor(asking.ip, asking.headers), asking.now * 1000);
    if let Err(seconds) = behind.rates.may_try(from, now) {
        return Ok(Caller {
            by: By::Waiting(seconds),
            ..Caller::nobody()
        });
    }
    // One sentence for both: who has an account here is nobody's business.
    let wrong = || {
        behind.rates.refused(from, now);
        Caller {
            by: By::Refused(
                "incorrect_password",
                "The provided password is an invalid application password.",
            ),
            ..Caller::nobody()
        }
    };
    let Some(user) = users::by_login(conn, &login).await? else {
        return Ok(wrong());
    };
    let Some((known, old)) = opened(&kept(conn, user.id).await?, &password).await? else {
        return Ok(wrong());
    };
    let actor = Actor::load(conn, site, user.id).await?;
    if old || known.last_used.is_none_or(|at| asking.now - at >= USED_EVERY) {
        behind.application_used(
            &actor,
            known.uuid.clone(),
            old.then(|| fast_hash(&password)),
            asking.now,
        );
    }
    Ok(Caller {
        actor,
        by: By::Application(known.uuid),
    })
}

/// The application password that this is, and whether its hash is of an old kind: before WordPress 6.8 they were hashed like others.
async fn opened(all: &[Value], password: &str) -> Result<Option<(ApplicationPassword, bool)>> {
    let hash = fast_hash(password);
    for stored in all {
        let kept = stored
            .get("password")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .into_owned();
        if same(kept.as_bytes(), hash.as_bytes()) {
            return Ok(Some((shown(stored), false)));
        }
        if kept.is_empty() || kept.starts_with("$generic$") {
            continue;
        }
        let typed = password.to_owned();
        if in_turn(move || old_fits(&typed, &kept)).await? == Fit::Old {
            return Ok(Some((shown(stored), true)));
        }
    }
    Ok(None)
}

/// How exactly it is kept when an application password was used last: to a day, as in WordPress.
const USED_EVERY: i64 = 86_400;

async fn by_session(conn: &mut Conn, site: &Site, asking: Asking<'_>, behind: &Behind) -> Result<Caller> {
    let Some(caller) = sessions::caller(conn, site, asking.headers, asking.now).await? else {
        return Ok(Caller::nobody());
    };
    if let By::Session { id, .. } = &caller.by
        && let Some(session) = store::session(conn, id, asking.now).await?
        && sessions::stale(&session, asking.now)
    {
        behind.session_used(id.clone(), asking.now);
    }
    Ok(caller)
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let decoded = STANDARD.decode(header.strip_prefix("Basic ")?.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (login, password) = text.split_once(':')?;
    // They are shown in groups; whatever stands between is no part of them.
    let password = password.chars().filter(char::is_ascii_alphanumeric).collect();
    Some((login.to_owned(), password))
}

/// Takes the second factor and the passkeys of an account away, for whoever lost device and recovery codes.
///
/// # Errors
/// `Forbidden` without leave.
pub async fn switch_second_step_off(act: &mut Act<'_>, grant: &Grant, user: UserId) -> Result<()> {
    second::keep(act, grant, user, None).await?;
    actions::note(act, grant.actor(), "second step switched off", user, "by an operator").await?;
    let removed = passkeys::remove_all(act, grant, user).await?;
    if removed > 0 {
        let detail = format!("all {removed}, by an operator");
        actions::note(act, grant.actor(), "passkeys removed", user, &detail).await?;
    }
    Ok(())
}

/// The roles of an account on this site.
///
/// # Errors
/// When the database does not answer.
pub async fn roles_of(conn: &mut Conn, site: &Site, user: &User) -> Result<Vec<String>> {
    let stored = meta::of(conn, MetaKind::User, user.id.0).await?;
    Ok(permission::granted(site, &stored))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hashed_as_wordpress_does() {
        let hash = fast_hash("abcdEFGHijklMNOPqrstUVWX");
        assert!(hash.starts_with("$generic$") && hash.len() == 9 + 40, "{hash}");
        assert_ne!(hash, fast_hash("abcdEFGHijklMNOPqrstUVWY"));
    }

    #[test]
    fn a_uuid_tells_nothing_of_its_password() {
        let id = uuid(&[0x41; 24]);
        assert_eq!(id.len(), 36);
        assert!(!id.contains("4141"), "{id}");
    }
}

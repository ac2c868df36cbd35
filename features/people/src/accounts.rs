//! Accounts: making them, their application passwords, and who a request comes from.
//!
//! Application passwords are stored as WordPress stores them (`_application_passwords`), so imported ones keep working.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use blake2::digest::{KeyInit as _, Mac as _};
use gp_content::{
    Actor, Grant, MetaKind, Site, User,
    actions::{self, Act},
    meta, users,
};
use gp_kernel::{Error, Result};
use gp_php::Value;
use gp_store::Conn;
use gp_web::{Asking, By, Caller};

const KEY: &str = "_application_passwords";

/// Argon2id over a password, as it is stored. `salt` is 16 random bytes.
///
/// # Errors
/// `Invalid` for an empty password.
pub fn hash_password(password: &str, salt: &[u8; 16]) -> Result<String> {
    use argon2::password_hash::{PasswordHasher, phc::PasswordHash};
    if password.is_empty() {
        return Err(Error::invalid("the password is empty"));
    }
    let hasher = argon2::Argon2::default();
    PasswordHasher::<PasswordHash>::hash_password_with_salt(&hasher, password.as_bytes(), salt)
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|e| Error::internal(format!("password: {e}")))
}

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

/// Makes an application password for an account and gives it back: it is shown once and kept as a hash.
///
/// # Errors
/// `NotFound` for an unknown account, `Forbidden` without leave.
pub async fn add_application_password(
    act: &mut Act<'_>,
    grant: &Grant,
    login: &str,
    name: &str,
    random: &[u8; 24],
) -> Result<String> {
    let user = users::by_login(act.tx, login).await?.ok_or_else(|| {
        Error::not_found(format!("there is no account {login:?}")).hint("`guidepost users list` shows them")
    })?;
    let password = letters(random);
    let stored = meta::of(act.tx, MetaKind::User, user.id.0).await?;
    let mut all: Vec<Value> = passwords(&stored).unwrap_or_default();
    let id: String = random.iter().take(16).map(|b| format!("{b:02x}")).collect();
    let uuid = format!(
        "{}-{}-4{}-8{}-{}",
        &id[..8],
        &id[8..12],
        &id[13..16],
        &id[17..20],
        &id[20..]
    );
    all.push(Value::map([
        ("uuid", Value::from(uuid.as_str())),
        ("app_id", Value::from("")),
        ("name", Value::from(name)),
        ("password", Value::from(fast_hash(&password).as_str())),
        ("created", Value::from(act.now.as_second())),
        ("last_used", Value::Null),
        ("last_ip", Value::Null),
    ]));
    let value = gp_php::serialize(&Value::list(all));
    actions::set_user_meta(act, grant, user.id, KEY, &[&value]).await?;
    Ok(password)
}

fn passwords(stored: &meta::Meta) -> Option<Vec<Value>> {
    let value = gp_php::parse_lenient(stored.bytes(KEY)?).ok()?;
    Some(value.iter().map(|(_, v)| v.clone()).collect())
}

/// Who a request comes from: the account of its application password (HTTP Basic), else a visitor. A wrong password makes a
/// visitor too, who is told so where that matters: public pages stay public.
///
/// # Errors
/// When the database does not answer.
pub async fn identify(conn: &mut Conn, site: &Site, asking: Asking<'_>) -> Result<Caller> {
    let Some((login, password)) = credentials(asking.headers) else {
        return Ok(Caller::nobody());
    };
    let refused = |code, message| Caller {
        by: By::Refused(code, message),
        ..Caller::nobody()
    };
    let hash = fast_hash(&password);
    // One sentence for both: who has an account here is nobody's business.
    let wrong = || {
        refused(
            "incorrect_password",
            "The provided password is an invalid application password.",
        )
    };
    let Some(user) = users::by_login(conn, &login).await? else {
        return Ok(wrong());
    };
    let stored = meta::of(conn, MetaKind::User, user.id.0).await?;
    let known = passwords(&stored).into_iter().flatten().find(|p| {
        p.get("password")
            .and_then(Value::as_str)
            .is_some_and(|h| same(h.as_bytes(), hash.as_bytes()))
    });
    let Some(known) = known else {
        return Ok(wrong());
    };
    let uuid = known
        .get("uuid")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .into_owned();
    Ok(Caller {
        actor: Actor::load(conn, site, user.id).await?,
        by: By::Application(uuid),
    })
}

fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (x, y)| difference | (x ^ y)) == 0
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let decoded = STANDARD.decode(header.strip_prefix("Basic ")?.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (login, password) = text.split_once(':')?;
    Some((login.to_owned(), password.replace(' ', "")))
}

/// One line of `users list`.
///
/// # Errors
/// When the database does not answer.
pub async fn roles_of(conn: &mut Conn, user: &User) -> Result<Vec<String>> {
    let stored = meta::of(conn, MetaKind::User, user.id.0).await?;
    let own = stored.0.iter().find(|(key, _)| key.ends_with("capabilities"));
    let value = own.and_then(|(_, v)| gp_php::parse_lenient(v).ok());
    Ok(value
        .iter()
        .flat_map(Value::iter)
        .filter(|(_, allowed)| allowed.as_bool())
        .map(|(name, _)| name.as_str().into_owned())
        .collect())
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
    fn passwords_are_argon2id() {
        assert!(hash_password("secret", &[7; 16]).unwrap().starts_with("$argon2id$"));
        assert!(hash_password("", &[7; 16]).is_err());
    }
}

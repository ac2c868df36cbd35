//! Passwords: made into Argon2id, and checked against every hash that a site of WordPress may bring along.
//!
//! What must never be here: a password in a message or a log; work on a password outside of [`in_turn`] while others wait.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gp_kernel::{Error, Result};
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use sha2::Sha384;
use tokio::sync::Semaphore;

/// Longer ones are refused, as in WordPress: hashing them would be a way to keep the server busy.
pub const LONGEST: usize = 4096;

/// Each takes 19 MB and a core.
static TURNS: Semaphore = Semaphore::const_new(4);

/// What an unknown account is checked against, so that it takes as long as a known one. Nobody's passwords.
const NOBODYS_ARGON: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$0000000000000000000000000000000000000000000";
const NOBODYS_BCRYPT: &str = "$2y$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

/// How a password fits a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It is another one.
    Not,
    /// It is this one.
    Good,
    /// It is this one, and its hash should be made anew: an old way, or weak by now.
    Old,
}

/// Argon2id over a password, as it is stored. `salt` is 16 random bytes.
///
/// # Errors
/// `Invalid` for an empty password, or one that is too long.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String> {
    use argon2::password_hash::{PasswordHasher, phc::PasswordHash};
    if password.is_empty() || password.len() > LONGEST {
        return Err(Error::invalid("the password is empty or too long"));
    }
    let hasher = argon2::Argon2::default();
    PasswordHasher::<PasswordHash>::hash_password_with_salt(&hasher, password.as_bytes(), salt)
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|e| Error::internal(format!("password: {e}")))
}

/// Runs work on passwords where it holds up nobody else, a few at a time.
///
/// # Errors
/// When the work itself fails, or the program ends.
pub async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let ending = |_| Error::internal("the program is ending");
    let turn = TURNS.acquire().await.map_err(ending)?;
    // The turn lasts as long as the work, even when whoever asked has gone meanwhile.
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    done.await
        .map_err(|e| Error::internal(format!("work on a password was lost: {e}")))
}

/// Checks a password against what is stored; `None`: there is no such account. A wrong password and an unknown account cost the
/// same: Argon2 once, and bcrypt once where the site has any (`mixed`).
pub fn check(password: &str, stored: Option<&str>, mixed: bool) -> Fit {
    if password.len() > LONGEST {
        return Fit::Not;
    }
    let stored = stored.unwrap_or_default();
    let argon = stored.starts_with("$argon2");
    let bcrypt = stored.starts_with("$2") || stored.starts_with("$wp$2");
    let fit = match stored {
        "" => Fit::Not,
        _ if argon => argon_fits(password, stored),
        _ => old_fits(password, stored),
    };
    if fit == Fit::Not {
        if !argon {
            std::hint::black_box(argon_fits(password, NOBODYS_ARGON));
        }
        if mixed && !bcrypt {
            std::hint::black_box(bcrypt_fits(password.as_bytes(), NOBODYS_BCRYPT));
        }
    }
    fit
}

fn argon_fits(password: &str, stored: &str) -> Fit {
    use argon2::password_hash::{PasswordVerifier, phc::PasswordHash};
    let Ok(hash) = PasswordHash::new(stored) else {
        return Fit::Not;
    };
    match argon2::Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Fit::Good,
        Err(_) => Fit::Not,
    }
}

/// WordPress trims what is typed, and until today hashes it with the backslashes that it puts before quotes when it comes from a form.
pub(crate) fn old_fits(password: &str, stored: &str) -> Fit {
    let trimmed = password.trim_matches([' ', '\t', '\n', '\r', '\0', '\x0b']);
    let slashed = slashed(trimmed);
    let fits = |p: &str| old_way(p.as_bytes(), stored);
    if fits(trimmed) || (slashed != trimmed && fits(&slashed)) {
        return Fit::Old;
    }
    Fit::Not
}

fn slashed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\'' | '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn old_way(password: &[u8], stored: &str) -> bool {
    if let Some(hash) = stored.strip_prefix("$wp").filter(|hash| hash.starts_with("$2")) {
        let Ok(mac) = Hmac::<Sha384>::new_from_slice(b"wp-sha384") else {
            return false;
        };
        let digest = mac.chain_update(password).finalize().into_bytes();
        return bcrypt_fits(STANDARD.encode(digest).as_bytes(), hash);
    }
    if stored.starts_with("$2") {
        return bcrypt_fits(password, stored);
    }
    if stored.starts_with("$P$") || stored.starts_with("$H$") {
        return phpass(password, stored).is_some_and(|hash| same(hash.as_bytes(), stored.as_bytes()));
    }
    let md5 = stored.len() == 32 && stored.bytes().all(|b| b.is_ascii_hexdigit());
    md5 && same(
        hex(&Md5::digest(password)).as_bytes(),
        stored.to_ascii_lowercase().as_bytes(),
    )
}

fn bcrypt_fits(password: &[u8], stored: &str) -> bool {
    // More rounds than this would be minutes: nobody's hash.
    let cost: Option<u32> = stored.split('$').nth(2).and_then(|cost| cost.parse().ok());
    cost.is_some_and(|cost| cost <= 16) && bcrypt::verify(password, stored).unwrap_or(false)
}

const ITOA64: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The portable hash of phpass with the salt and rounds of another.
fn phpass(password: &[u8], setting: &str) -> Option<String> {
    let head = setting.get(..12)?;
    let rounds = ITOA64.iter().position(|c| *c == head.as_bytes()[3])?;
    if !(7..=20).contains(&rounds) {
        return None;
    }
    let mut hash = Md5::new()
        .chain_update(&head.as_bytes()[4..])
        .chain_update(password)
        .finalize();
    for _ in 0..1_u32 << rounds {
        hash = Md5::new().chain_update(hash).chain_update(password).finalize();
    }
    Some(format!("{head}{}", encode64(&hash)))
}

fn encode64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let value = group.iter().rev().fold(0_u32, |value, b| (value << 8) | u32::from(*b));
        for step in 0..=group.len() {
            out.push(char::from(ITOA64[(value >> (6 * step) & 0x3f) as usize]));
        }
    }
    out
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Compares without telling by its time how much was alike.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (x, y)| difference | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wordpress(password: &str) -> String {
        let mac = Hmac::<Sha384>::new_from_slice(b"wp-sha384").unwrap();
        let digest = mac.chain_update(password.as_bytes()).finalize().into_bytes();
        format!("$wp{}", bcrypt::hash(STANDARD.encode(digest), 4).unwrap())
    }

    #[test]
    fn ours_is_argon2id() {
        let stored = hash("secret", &[7; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$"), "{stored}");
        assert_eq!(check("secret", Some(&stored), false), Fit::Good);
        assert_eq!(check("Secret", Some(&stored), false), Fit::Not);
        assert!(hash("", &[7; 16]).is_err() && hash(&"x".repeat(LONGEST + 1), &[7; 16]).is_err());
    }

    #[test]
    fn what_nobody_has_is_worked_on_all_the_same() {
        use argon2::password_hash::phc::PasswordHash;
        assert!(PasswordHash::new(NOBODYS_ARGON).is_ok());
        assert_eq!(bcrypt::verify("x", NOBODYS_BCRYPT).ok(), Some(false));
        assert_eq!(check("x", None, true), Fit::Not);
        assert_eq!(check("x", Some(""), true), Fit::Not);
    }

    #[test]
    fn known_hashes_fit() {
        for (password, stored) in [
            // The vector of phpass's own test.
            ("test12345", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"),
            ("test12345", "$H$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"),
            ("password", "5f4dcc3b5aa765d61d8327deb882cf99"),
            // Of crypt_blowfish.
            ("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ] {
            assert_eq!(check(password, Some(stored), false), Fit::Old, "{stored}");
            assert_eq!(check("another", Some(stored), false), Fit::Not, "{stored}");
        }
        let stored = wordpress("a secret");
        assert_eq!(check(" a secret\n", Some(&stored), false), Fit::Old);
        assert_eq!(check("a secreT", Some(&stored), false), Fit::Not);
    }

    #[test]
    fn what_wordpress_hashed_with_backslashes_fits_as_it_was_typed() {
        let stored = wordpress(r"it\'s");
        assert_eq!(check("it's", Some(&stored), false), Fit::Old);
    }

    #[test]
    fn broken_hashes_fit_nothing() {
        for stored in [
            "$P$",
            "$P$9",
            "$P$zIQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
            "$wp$2y$",
            "$2y$99$x",
            "$argon2id$",
            "*",
            "é$P$9IQRaTwm",
        ] {
            assert_eq!(check("test12345", Some(stored), false), Fit::Not, "{stored}");
        }
    }
}

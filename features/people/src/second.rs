//! The second factor of an account: codes that change every 30 seconds (RFC 6238), and recovery codes that work once.
//!
//! What must never be here: HTTP.

use gp_content::{
    Grant, MetaKind,
    actions::{self, Act},
    meta,
};
use gp_kernel::{Error, Result, UserId};
use gp_store::Conn;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha1::Sha1;

use crate::{accounts::fast_hash, passwords::same};

const KEY: &str = "_guidepost_second_factor";
const STEP: i64 = 30;
/// How many recovery codes there are.
pub(crate) const RECOVERY: usize = 10;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What is kept of a second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Second {
    /// The device's secret, in Base32; empty where it is a passkey that is asked for.
    pub(crate) secret: String,
    /// The step of the last code: none works twice.
    step: i64,
    /// Hashes of recovery codes that were not used.
    pub(crate) recovery: Vec<String>,
}

/// Whether a code is a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passed {
    Not,
    Code,
    Recovery,
}

impl Second {
    /// With a device that has shown a code, and new recovery codes.
    pub(crate) fn new(secret: &str, code: &str, now: i64, recovery: &[String]) -> Option<Self> {
        let mut second = Self {
            secret: secret.to_owned(),
            step: 0,
            recovery: Vec::new(),
        };
        second.replace_recovery(recovery);
        (second.pass(code, now) == Passed::Code).then_some(second)
    }

    /// With the account's passkeys instead of a device that shows codes.
    pub(crate) fn with_passkeys(recovery: &[String]) -> Self {
        let mut second = Self {
            secret: String::new(),
            step: 0,
            recovery: Vec::new(),
        };
        second.replace_recovery(recovery);
        second
    }

    /// Whether there is a device that shows codes.
    pub(crate) fn has_device(&self) -> bool {
        !self.secret.is_empty()
    }

    /// These codes instead of the old ones.
    pub(crate) fn replace_recovery(&mut self, codes: &[String]) {
        self.recovery = codes.iter().map(|code| fast_hash(&plain(code))).collect();
    }

    /// Takes a code; it must be kept afterwards, so that it does not work again.
    pub(crate) fn pass(&mut self, code: &str, now: i64) -> Passed {
        let code = plain(code);
        if let Some(step) = self.step_of(&code, now) {
            self.step = step;
            return Passed::Code;
        }
        let hash = fast_hash(&code);
        let before = self.recovery.len();
        self.recovery.retain(|kept| !same(kept.as_bytes(), hash.as_bytes()));
        if self.recovery.len() < before {
            Passed::Recovery
        } else {
            Passed::Not
        }
    }

    /// The present code, or that of the half minute before or after: clocks differ.
    fn step_of(&self, code: &str, now: i64) -> Option<i64> {
        // Anybody could make the codes of no secret.
        let secret = unbase32(&self.secret).filter(|secret| !secret.is_empty())?;
        let here = now.div_euclid(STEP);
        [here - 1, here, here + 1].into_iter().find(|step| {
            let good = code_at(&secret, *step).is_some_and(|good| same(good.as_bytes(), code.as_bytes()));
            good && *step > self.step
        })
    }
}

/// As it is compared: without the spaces and dashes that make it readable.
fn plain(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .take(32)
        .collect()
}

fn code_at(secret: &[u8], step: i64) -> Option<String> {
    let mac = Hmac::<Sha1>::new_from_slice(secret)
        .ok()?
        .chain_update(step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest.last()? & 0xf);
    let four: [u8; 4] = digest.get(at..at + 4)?.try_into().ok()?;
    Some(format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000))
}

/// Base32 without padding (RFC 4648).
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(5) {
        let mut buffer = [0; 8];
        buffer[3..3 + group.len()].copy_from_slice(group);
        let value = u64::from_be_bytes(buffer);
        for n in 0..(group.len() * 8).div_ceil(5) {
            out.push(char::from(ALPHABET[(value >> (35 - 5 * n) & 31) as usize]));
        }
    }
    out
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut value, mut bits) = (Vec::new(), 0_u32, 0);
    for c in text.bytes() {
        let digit = ALPHABET.iter().position(|a| *a == c)?;
        value = (value << 5 | u32::try_from(digit).ok()?) & 0xffff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((value >> bits & 0xff) as u8);
        }
    }
    Some(out)
}

/// New recovery codes: ten letters and digits each.
pub(crate) fn recovery_codes(random: &[u8; RECOVERY * 7]) -> Vec<String> {
    random
        .chunks(7)
        .map(|bytes| {
            let code = base32(bytes).to_lowercase();
            format!("{}-{}", &code[..5], &code[5..10])
        })
        .collect()
}

/// The second factor of an account, when it has one.
pub(crate) async fn of(conn: &mut Conn, user: UserId) -> Result<Option<Second>> {
    let stored = meta::of(conn, MetaKind::User, user.0).await?;
    let Some(bytes) = stored.bytes(KEY) else {
        return Ok(None);
    };
    serde_json::from_slice(bytes)
        .map(Some)
        .map_err(|e| Error::internal(format!("the second factor of account {user} cannot be read: {e}")))
}

/// Keeps it; `None` takes it away.
pub(crate) async fn keep(act: &mut Act<'_>, grant: &Grant, user: UserId, second: Option<&Second>) -> Result<()> {
    let Some(second) = second else {
        return actions::set_user_meta(act, grant, user, KEY, &[]).await;
    };
    let bytes = serde_json::to_vec(second).map_err(|e| Error::internal(format!("second factor: {e}")))?;
    actions::set_user_meta(act, grant, user, KEY, &[&bytes]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (now, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(code_at(secret, now / STEP).as_deref(), Some(code));
        }
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(unbase32("MZXW6YTBOI").as_deref(), Some(b"foobar".as_slice()));
        assert_eq!(unbase32("1"), None);
    }

    #[test]
    fn no_code_works_twice() {
        let secret = base32(b"12345678901234567890");
        let codes = recovery_codes(&std::array::from_fn(|n| u8::try_from(n).unwrap()));
        assert!(Second::new(&secret, "000000", 59, &codes).is_none());
        let mut second = Second::new(&secret, "287 082", 59, &codes).unwrap();
        assert_eq!(second.pass("287082", 59), Passed::Not);
        assert_eq!(second.pass(&codes[3].to_uppercase(), 59), Passed::Recovery);
        assert_eq!(second.pass(&codes[3], 59), Passed::Not);
        assert_eq!(second.recovery.len(), RECOVERY - 1);
        assert_eq!(second.pass("", 59), Passed::Not);
    }

    #[test]
    fn without_a_device_only_recovery_codes_are_good() {
        let codes = recovery_codes(&std::array::from_fn(|n| u8::try_from(n).unwrap()));
        let mut second = Second::with_passkeys(&codes);
        let of_nothing = code_at(b"", 59 / STEP).unwrap();
        assert_eq!(second.pass(&of_nothing, 59), Passed::Not);
        assert_eq!(second.pass(&codes[0], 59), Passed::Recovery);
    }
}

//! What only this site can have made: signatures with its secret, and links by which somebody may look at one item before it is published.
//!
//! What must never be here: a comparison that tells by its time where the difference is.

use gp_kernel::ItemId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::options::Site;

/// The option that holds the secret.
pub const SECRET_OPTION: &str = "_guidepost_secret";
/// How long a link for looking is good, in seconds.
pub const LOOKING: i64 = 7 * 86_400;

fn mac(site: &Site, parts: &[&str]) -> Option<Hmac<Sha256>> {
    let secret = site.bytes(SECRET_OPTION).filter(|secret| secret.len() >= 32)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for part in parts {
        mac.update(part.as_bytes());
        mac.update(b"\n");
    }
    Some(mac)
}

/// A signature over parts, in hexadecimal figures; `None` on a site without a secret, where nothing can be signed.
pub fn sign(site: &Site, parts: &[&str]) -> Option<String> {
    let bytes = mac(site, parts)?.finalize().into_bytes();
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The key of a link by which whoever has it may look at an item, whatever its state, until a moment (seconds since 1970).
pub fn key_for_looking(site: &Site, item: ItemId, until: i64) -> Option<String> {
    let signature = sign(site, &["look", &item.0.to_string(), &until.to_string()])?;
    Some(format!("{until}.{signature}"))
}

/// Whether a key lets look at an item now.
pub fn lets_look(site: &Site, item: ItemId, key: &str, now: i64) -> bool {
    let Some((until, signature)) = key.split_once('.') else {
        return false;
    };
    let in_time = until
        .parse()
        .is_ok_and(|until: i64| (now..=now + LOOKING).contains(&until));
    let Some(mac) = mac(site, &["look", &item.0.to_string(), until]) else {
        return false;
    };
    let bytes: Option<Vec<u8>> = (0..signature.len())
        .step_by(2)
        .map(|at| {
            signature
                .get(at..at + 2)
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        })
        .collect();
    in_time && bytes.is_some_and(|bytes| mac.verify_slice(&bytes).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_for_one_item_and_ends() {
        let site = Site::from_options([(SECRET_OPTION.to_owned(), vec![7; 32])].into());
        let key = key_for_looking(&site, ItemId(5), 1000).unwrap();
        assert!(lets_look(&site, ItemId(5), &key, 1000));
        assert!(!lets_look(&site, ItemId(6), &key, 1000));
        assert!(!lets_look(&site, ItemId(5), &key, 1001));
        let later = key.replacen("1000", "2000", 1);
        for bad in ["", "1000.", "1000.zz", "x.00", later.as_str(), "1000.é"] {
            assert!(!lets_look(&site, ItemId(5), bad, 900), "{bad}");
        }
        let long = key_for_looking(&site, ItemId(5), 1000 + LOOKING + 1).unwrap();
        assert!(!lets_look(&site, ItemId(5), &long, 1000), "no link is good for longer");
        let bare = Site::from_options([].into());
        assert!(key_for_looking(&bare, ItemId(5), 1000).is_none() && !lets_look(&bare, ItemId(5), &key, 1000));
    }
}

//! Forms for visitors, who have no session: only this site can make them, and they end.
//!
//! What must never be here: what the fields mean.

use gp_content::{Site, signed::sign};

use crate::passwords::same;

/// Most that a form of these doors may be, in bytes.
pub(super) const MOST: usize = 32 * 1024;
/// How long a form may lie open before it is sent.
pub(super) const OPEN_FOR: i64 = 24 * 3600;

/// A field that only this site can make, for forms of visitors.
pub(super) fn seal(site: &Site, what: &str, now: i64) -> Option<String> {
    let mac = sign(site, &["form", what, &now.to_string()])?;
    Some(format!("{now}.{mac}"))
}

/// Whether such a field is ours, and not older than so many seconds.
pub(super) fn is_sealed(site: &Site, what: &str, field: &str, now: i64, lasts: i64) -> bool {
    let Some((at, mac)) = field.split_once('.') else {
        return false;
    };
    let fresh = at.parse().is_ok_and(|at: i64| (0..lasts).contains(&(now - at)));
    let ours = sign(site, &["form", what, at]).is_some_and(|ours| same(ours.as_bytes(), mac.as_bytes()));
    fresh && ours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_of_one_form_and_ends() {
        let site = Site::from_options([("_guidepost_secret".to_owned(), vec![7; 32])].into());
        let field = seal(&site, "sign in", 1000).unwrap();
        assert!(
            is_sealed(&site, "sign in", &field, 1000, OPEN_FOR) && is_sealed(&site, "sign in", &field, 5000, OPEN_FOR)
        );
        assert!(!is_sealed(&site, "reset", &field, 1000, OPEN_FOR));
        assert!(
            !is_sealed(&site, "sign in", &field, 1000 + OPEN_FOR, OPEN_FOR)
                && !is_sealed(&site, "sign in", &field, 999, OPEN_FOR)
        );
        assert!(!is_sealed(&site, "sign in", "1000.", 1000, 9) && !is_sealed(&site, "sign in", "", 1000, 9));
    }
}

//! What is sent to these doors: fields of a form, from a page of this site and no other.
//!
//! What must never be here: what the fields mean.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use gp_content::Site;
use gp_kernel::{Error, Result};

use crate::{passwords::same, sessions::sign};

/// Most that a form may be.
const MOST: usize = 32 * 1024;
/// How long sending it may take.
const SENDING: Duration = Duration::from_secs(20);
/// How long a form may lie open before it is sent.
pub(super) const OPEN_FOR: i64 = 24 * 3600;

/// Fields by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// From a query or a body in its form.
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// A field; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

/// Reads what was sent.
///
/// # Errors
/// `Invalid` when it is too much, too slow, or no form.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Fields> {
    let mime = headers.get(header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok());
    if !mime.is_some_and(|mime| mime.starts_with("application/x-www-form-urlencoded")) {
        return Err(Error::invalid("what was sent is no form"));
    }
    let bytes = tokio::time::timeout(SENDING, axum::body::to_bytes(body, MOST))
        .await
        .map_err(|_| Error::invalid("what was sent came too slowly"))?
        .map_err(|_| Error::invalid("what was sent is too much"))?;
    Ok(Fields::parse(&bytes))
}

/// Whether a page of this site sent it, as far as the browser tells. Programs tell nothing.
pub(super) fn from_here(headers: &HeaderMap, base_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site");
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    match text("origin") {
        None => true,
        Some("null") => site == Some("same-origin"),
        Some(origin) => {
            let host = origin.split_once("://").map_or("", |(_, host)| host);
            let own = base_url.split_once("://").map(|(_, host)| host);
            !host.is_empty() && (own == Some(host) || text("host") == Some(host))
        }
    }
}

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

/// A path of this site to go on to; nothing that a browser could take for another place.
pub(super) fn own_path(wanted: &str, base_url: &str) -> Option<String> {
    let path = match wanted.strip_prefix(base_url) {
        Some(rest) if !base_url.is_empty() => rest,
        _ => wanted,
    };
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let odd = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    let own = [path, &*decoded].iter().all(|path| {
        let starts = path.starts_with('/') && !path.starts_with("//");
        starts && !path.contains("/\\") && !path.contains('\\')
    });
    (own && !path.chars().any(odd) && !decoded.chars().any(|c| c.is_control()) && path.len() < 2000)
        .then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_on_to() {
        let base = "https://library.example";
        for (wanted, path) in [
            ("/wp-admin/", Some("/wp-admin/")),
            ("/a?b=c", Some("/a?b=c")),
            ("https://library.example/a", Some("/a")),
            ("https://library.example", None),
            ("https://library.example.evil.example/", None),
            ("https://evil.example/", None),
            ("//evil.example", None),
            ("/\\evil.example", None),
            ("/%5cevil.example", None),
            ("/%2fevil.example", None),
            ("\\\\evil.example", None),
            ("javascript:alert(1)", None),
            ("/\t/evil.example", None),
            ("/a\r\nSet-Cookie: b=c", None),
            ("/a%0d%0aSet-Cookie: b=c", None),
            ("", None),
        ] {
            assert_eq!(own_path(wanted, base).as_deref(), path, "{wanted:?}");
        }
    }

    #[test]
    fn pages_of_others_send_nothing() {
        let said = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs
                .iter()
                .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)));
            from_here(&pairs.collect(), "https://library.example")
        };
        assert!(said(&[]));
        assert!(said(&[
            ("origin", "https://library.example"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(said(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!said(&[("origin", "https://evil.example")]));
        assert!(!said(&[("origin", "null")]));
        assert!(!said(&[("sec-fetch-site", "cross-site")]));
        assert!(!said(&[
            ("sec-fetch-site", "same-site"),
            ("origin", "https://library.example")
        ]));
    }

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

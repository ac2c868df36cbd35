//! What is sent to pages of forms: fields, and files where they are wanted, from a page of this site and no other.
//!
//! What must never be here: what the fields mean.

use std::{io::Write as _, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use gp_kernel::{Error, Result};
use gp_rest::Upload;

/// How long sending a form without files may take, and one with files.
const SENDING: Duration = Duration::from_secs(20);
const SENDING_FILES: Duration = Duration::from_secs(3600);
/// Most that a file may be.
const LARGEST: usize = 512 << 20;
/// Most fields of a form.
const FIELDS: usize = 2000;

/// Fields by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// From a query or a body in its form.
    pub fn parse(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// A field, the last of its name as in PHP; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .rev()
            .find(|(n, _)| n == name)
            .map_or("", |(_, value)| value)
    }

    /// Whether a field is there at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// All values of a field: of `post[]`, say.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// A whole number.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.get(name).trim().parse().ok()
    }

    /// The whole numbers of a field with several values.
    pub fn ints(&self, name: &str) -> Vec<i64> {
        self.all(name).filter_map(|value| value.trim().parse().ok()).collect()
    }

    /// Names and values in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// What was sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// The fields.
    pub fields: Fields,
    /// The files; only of whoever may send some.
    pub files: Vec<Upload>,
}

/// Reads what was sent, at most `most` bytes of fields; files only when they are wanted.
///
/// # Errors
/// `Invalid` when it is too much, too slow, or no form.
pub async fn read(headers: &HeaderMap, body: Body, most: usize, files: bool) -> Result<Sent> {
    let mime = headers
        .get(header::CONTENT_TYPE)
        .and_then(|mime| mime.to_str().ok())
        .unwrap_or_default();
    if mime.starts_with("application/x-www-form-urlencoded") {
        let bytes = tokio::time::timeout(SENDING, axum::body::to_bytes(body, most))
            .await
            .map_err(|_| slow())?
            .map_err(|_| Error::invalid("what was sent is too much"))?;
        return Ok(Sent {
            fields: Fields::parse(&bytes),
            files: Vec::new(),
        });
    }
    let boundary = multer::parse_boundary(mime).map_err(|_| Error::invalid("what was sent is no form"))?;
    let time = if files { SENDING_FILES } else { SENDING };
    tokio::time::timeout(time, parts(body, boundary, most, files))
        .await
        .map_err(|_| slow())?
}

fn slow() -> Error {
    Error::invalid("what was sent came too slowly")
}

fn cut_off(_: multer::Error) -> Error {
    Error::invalid("the form that was sent is broken or was cut off")
}

async fn parts(body: Body, boundary: String, most: usize, files: bool) -> Result<Sent> {
    let mut form = multer::Multipart::new(body.into_data_stream(), boundary);
    let mut sent = Sent::default();
    let mut left = most;
    while let Some(mut part) = form.next_field().await.map_err(cut_off)? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file) if !file.is_empty() && files => sent.files.extend(kept(name, file, &mut part).await?),
            Some(_) => while part.chunk().await.map_err(cut_off)?.is_some() {},
            None => {
                let mut value = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(cut_off)? {
                    left = left
                        .checked_sub(chunk.len())
                        .ok_or_else(|| Error::invalid("what was sent is too much"))?;
                    value.extend_from_slice(&chunk);
                }
                sent.fields.0.push((name, String::from_utf8_lossy(&value).into_owned()));
            }
        }
        if sent.fields.0.len() + sent.files.len() > FIELDS {
            return Err(Error::invalid("the form that was sent has too many fields"));
        }
    }
    Ok(sent)
}

/// A file of a form, in a file of the system's folder for such.
async fn kept(field: String, name: String, part: &mut multer::Field<'_>) -> Result<Option<Upload>> {
    let mut bytes = tempfile::NamedTempFile::new().map_err(Error::from)?;
    let mut size = 0;
    while let Some(chunk) = part.chunk().await.map_err(cut_off)? {
        size += chunk.len();
        if size > LARGEST {
            return Err(Error::invalid(format!("{name} is larger than {} MB", LARGEST >> 20)));
        }
        bytes.write_all(&chunk).map_err(Error::from)?;
    }
    Ok((size > 0).then_some(Upload { field, name, bytes }))
}

/// Whether a page of this site sent it, as far as the browser tells. Programs tell nothing.
pub fn from_here(headers: &HeaderMap, base_url: &str) -> bool {
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

/// A path of this site to go on to; nothing that a browser could take for another place.
pub fn own_path(wanted: &str, base_url: &str) -> Option<String> {
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
}

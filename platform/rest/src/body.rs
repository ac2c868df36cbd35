//! Bodies: JSON, forms, forms with files, or bytes as they are. Nothing is kept in memory that may be large.

use std::io::Write as _;

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use bytes::Bytes;
use futures_util::StreamExt as _;
use gp_content::Actor;
use serde_json::{Map, Value};

use crate::{
    reply::{Failure, Outcome},
    request::{Upload, parse_query, put},
};

/// A body, taken apart.
pub(crate) enum Sent {
    /// Fields, and files of a form.
    Fields(Map<String, Value>, Vec<Upload>),
    /// Something else, small.
    Raw(Bytes),
    /// It says that it is JSON, and is not.
    Broken,
}

/// How much somebody may send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Most bytes of a body that is no file, or of a field of a form.
    text: usize,
    /// Whether files are kept.
    files: bool,
}

impl Limits {
    /// Visitors have little to say here. Files are for those who may upload them: pictures and documents, or fonts.
    pub(crate) fn of(actor: &Actor) -> Self {
        Self {
            text: if actor.is_anonymous() { 1 << 20 } else { 16 << 20 },
            files: actor.can("upload_files") || actor.can("edit_theme_options"),
        }
    }
}

/// Most bytes of a file.
pub(crate) const LARGEST: usize = 512 << 20;
/// Most fields of a form.
const FIELDS: usize = 1000;

/// Reads a body. Files of whoever may send none are read past: the route says why.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limits: Limits) -> Outcome<Sent> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let disposed = headers.contains_key(header::CONTENT_DISPOSITION);
    if essence == "multipart/form-data" {
        let original = headers
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        return form(original, body, limits).await;
    }
    if essence == "application/x-www-form-urlencoded" {
        let bytes = whole(body, limits.text).await?;
        return Ok(Sent::Fields(parse_query(&String::from_utf8_lossy(&bytes)), Vec::new()));
    }
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        let bytes = whole(body, limits.text).await?;
        return Ok(json(&bytes));
    }
    if disposed {
        return Ok(Sent::Fields(Map::new(), file(headers, body, limits).await?));
    }
    Ok(Sent::Raw(whole(body, limits.text).await?))
}

fn json(bytes: &[u8]) -> Sent {
    if bytes.is_empty() {
        return Sent::Fields(Map::new(), Vec::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Sent::Fields(fields, Vec::new()),
        // PHP takes a list or a lone value for a body without fields.
        Ok(_) => Sent::Fields(Map::new(), Vec::new()),
        Err(_) => Sent::Broken,
    }
}

async fn whole(body: Body, most: usize) -> Outcome<Bytes> {
    axum::body::to_bytes(body, most).await.map_err(|_| {
        Failure::new(
            413,
            "rest_body_too_large",
            "The body of the request is too large, or was cut off.",
        )
    })
}

fn broken() -> Box<Failure> {
    Failure::new(
        400,
        "rest_upload_unknown_error",
        "The form that was sent is broken or was cut off.",
    )
}

/// The body as a file, named by its header.
async fn file(headers: &HeaderMap, body: Body, limits: Limits) -> Outcome<Vec<Upload>> {
    let disposition = headers
        .get(header::CONTENT_DISPOSITION)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let name = disposition
        .split(';')
        .filter_map(|part| part.trim().strip_prefix("filename="))
        .map(|name| name.trim_matches(['"', ' ']).to_owned())
        .next()
        .unwrap_or_default();
    let mut bytes = limits.files.then(new_file).transpose()?;
    let (mut stream, mut size) = (body.into_data_stream(), 0);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| broken())?;
        size += chunk.len();
        write(bytes.as_mut(), &chunk, size)?;
    }
    let upload = |bytes| Upload {
        field: String::new(),
        name,
        bytes,
    };
    Ok(bytes.map(upload).into_iter().collect())
}

fn new_file() -> Outcome<tempfile::NamedTempFile> {
    tempfile::NamedTempFile::new().map_err(|e| Box::<Failure>::from(gp_kernel::Error::from(e)))
}

fn write(file: Option<&mut tempfile::NamedTempFile>, chunk: &[u8], size: usize) -> Outcome<()> {
    if size > LARGEST {
        return Err(Failure::new(413, "rest_upload_file_too_big", "This file is too large."));
    }
    file.map_or(Ok(()), |file| file.write_all(chunk))
        .map_err(|e| Box::<Failure>::from(gp_kernel::Error::from(e)))
}

async fn form(kind: &str, body: Body, limits: Limits) -> Outcome<Sent> {
    let boundary = multer::parse_boundary(kind).map_err(|_| broken())?;
    let mut parts = multer::Multipart::new(body.into_data_stream(), boundary);
    let (mut fields, mut files, mut count, mut size) = (Map::new(), Vec::new(), 0, 0);
    while let Some(mut part) = parts.next_field().await.map_err(|_| broken())? {
        count += 1;
        if count > FIELDS {
            return Err(Failure::new(
                413,
                "rest_body_too_large",
                "The form has too many fields.",
            ));
        }
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file_name) => {
                let mut bytes = limits.files.then(new_file).transpose()?;
                while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                    size += chunk.len();
                    write(bytes.as_mut(), &chunk, size)?;
                }
                files.extend(bytes.map(|bytes| Upload {
                    field: name,
                    name: file_name,
                    bytes,
                }));
            }
            None => {
                let mut text = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                    text.extend_from_slice(&chunk);
                    if text.len() > limits.text {
                        return Err(Failure::new(
                            413,
                            "rest_body_too_large",
                            "A field of the form is too large.",
                        ));
                    }
                }
                put(&mut fields, &name, String::from_utf8_lossy(&text).into_owned().into());
            }
        }
    }
    Ok(Sent::Fields(fields, files))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nwords\r\n\
        --B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nAfter it\r\n--B--\r\n";

    async fn sent(kind: &str, more: &[(&'static str, &str)], body: &'static str, limits: Limits) -> Outcome<Sent> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        for (name, value) in more {
            headers.insert(*name, value.parse().unwrap());
        }
        read(&headers, Body::from(body), limits).await
    }

    #[tokio::test]
    async fn files_are_kept_for_those_who_may_send_them_and_read_past_for_others() {
        let named = [("content-disposition", "attachment; filename=\"a.txt\"")];
        for files in [true, false] {
            let limits = Limits { text: 100, files };
            let form = sent("multipart/form-data; boundary=B", &[], FORM, limits)
                .await
                .unwrap();
            let Sent::Fields(fields, kept) = form else {
                panic!("a form has fields")
            };
            assert_eq!(fields["title"], "After it");
            assert_eq!(kept.len(), usize::from(files));
            let whole = sent("text/plain", &named, "words", limits).await.unwrap();
            assert!(matches!(whole, Sent::Fields(_, kept) if kept.len() == usize::from(files)));
        }
    }

    #[tokio::test]
    async fn a_visitor_says_less_than_somebody_with_an_account() {
        let visitor = Limits::of(&Actor::anonymous());
        assert!(!visitor.files && Limits::of(&Actor::system()).files);
        assert!(visitor.text < Limits::of(&Actor::system()).text);
        let little = Limits { text: 5, files: false };
        assert!(sent("text/plain", &[], "words", little).await.is_ok());
        let refused = sent("application/json", &[], "[1, 2]", little).await;
        assert_eq!(refused.err().map(|failure| failure.status), Some(413));
    }
}

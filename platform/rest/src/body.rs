//! Bodies: JSON, forms, forms with files, or bytes as they are. Nothing is kept in memory that may be large.

use std::io::Write as _;

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use bytes::Bytes;
use futures_util::StreamExt as _;
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

/// Most bytes of a body that is no file.
const MOST: usize = 16 << 20;
/// Most bytes of a file.
pub(crate) const LARGEST: usize = 512 << 20;
/// Most fields of a form.
const FIELDS: usize = 1000;

/// Reads a body.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Outcome<Sent> {
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
        return form(original, body).await;
    }
    if essence == "application/x-www-form-urlencoded" {
        let bytes = whole(body, MOST).await?;
        return Ok(Sent::Fields(parse_query(&String::from_utf8_lossy(&bytes)), Vec::new()));
    }
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        let bytes = whole(body, MOST).await?;
        return Ok(json(&bytes));
    }
    if disposed {
        return Ok(Sent::Fields(Map::new(), vec![file(headers, body).await?]));
    }
    Ok(Sent::Raw(whole(body, MOST).await?))
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
async fn file(headers: &HeaderMap, body: Body) -> Outcome<Upload> {
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
    let mut bytes = new_file()?;
    let (mut stream, mut size) = (body.into_data_stream(), 0);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| broken())?;
        size += chunk.len();
        write(&mut bytes, &chunk, size)?;
    }
    Ok(Upload {
        field: String::new(),
        name,
        bytes,
    })
}

fn new_file() -> Outcome<tempfile::NamedTempFile> {
    tempfile::NamedTempFile::new().map_err(|e| Box::<Failure>::from(gp_kernel::Error::from(e)))
}

fn write(file: &mut tempfile::NamedTempFile, chunk: &[u8], size: usize) -> Outcome<()> {
    if size > LARGEST {
        return Err(Failure::new(413, "rest_upload_file_too_big", "This file is too large."));
    }
    file.write_all(chunk)
        .map_err(|e| Box::<Failure>::from(gp_kernel::Error::from(e)))
}

async fn form(kind: &str, body: Body) -> Outcome<Sent> {
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
                let mut bytes = new_file()?;
                while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                    size += chunk.len();
                    write(&mut bytes, &chunk, size)?;
                }
                files.push(Upload {
                    field: name,
                    name: file_name,
                    bytes,
                });
            }
            None => {
                let mut text = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                    text.extend_from_slice(&chunk);
                    if text.len() > MOST {
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

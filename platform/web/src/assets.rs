//! Style, fonts and marks of the theme in use: named by their content, kept for ever by readers.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::{
    answer::{digest, secure},
    ready::{Effort, Ready},
};

/// The files below `/assets/VERSION/`.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    files: BTreeMap<String, Bytes>,
    /// The answers under the present version.
    ready: BTreeMap<String, Ready>,
    version: String,
}

impl Assets {
    /// From names like `style.css` and `fonts/x.woff2`.
    pub fn new(files: BTreeMap<String, Vec<u8>>) -> Self {
        let mut hash = Sha256::new();
        for (name, bytes) in &files {
            hash.update(name.as_bytes());
            hash.update(bytes);
        }
        let version = hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect();
        let files: BTreeMap<String, Bytes> = files.into_iter().map(|(name, bytes)| (name, bytes.into())).collect();
        let forever = "public, max-age=31536000, immutable";
        let ready = files
            .iter()
            .filter(|(name, _)| !name.ends_with(PACKED))
            .map(|(name, bytes)| {
                let ready = ready(name, bytes, forever, Effort::Once);
                if let Some(packed) = files.get(&format!("{name}{PACKED}")) {
                    ready.have_brotli(packed.clone());
                }
                (name.clone(), ready)
            })
            .collect();
        Self { files, ready, version }
    }

    /// The address of a file; changes when any file changes.
    pub fn address(&self, name: &str) -> String {
        format!("/assets/{}/{name}", self.version)
    }

    /// A file's bytes.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(|bytes| &**bytes)
    }

    /// Answers `/assets/VERSION/NAME`.
    pub(crate) fn answer(&self, path: &str, query: Option<&str>) -> Option<Ready> {
        let (version, name) = path.strip_prefix("/assets/")?.split_once('/')?;
        if version == self.version {
            return self.ready.get(name).cloned();
        }
        // Of another version, or of none: whoever asks is led to the present one.
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let mut address = self.files.contains_key(name).then(|| self.address(name))?;
        if let Some(query) = query {
            address = format!("{address}?{query}");
        }
        headers.insert(header::LOCATION, HeaderValue::from_str(&address).ok()?);
        secure(&mut headers);
        Some(Ready::new(
            StatusCode::FOUND,
            headers,
            Bytes::new(),
            String::new(),
            None,
        ))
    }
}

/// The ending of a file that is packed already, beside the one that it stands for.
const PACKED: &str = ".br";

/// The page in which a PDF of the site is shown as it was set, in a frame beside its text.
const VIEWER: &str = "viewer/index.html";
/// What that page may do: run its own scripts, and ask this site.
const OF_VIEWER: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; \
    img-src 'self' data: blob:; font-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'";

/// Kinds of file of installed themes that readers may fetch.
const OF_THEMES: &[&str] = &[
    "css", "woff2", "woff", "ttf", "otf", "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico",
];

/// Answers `/wp-content/themes/NAME/…` from the folder of the installed themes: styles, fonts and pictures, nothing else.
pub(crate) async fn of_theme(themes: &std::path::Path, path: &str) -> Option<Ready> {
    let path = path.strip_prefix("/wp-content/themes/")?;
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0']);
    let ending = path.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase())?;
    if !path.contains('/') || !path.split('/').all(plain) || !OF_THEMES.contains(&ending.as_str()) {
        return None;
    }
    let bytes = tokio::fs::read(themes.join(&*path)).await.ok()?;
    Some(ready(&path, &bytes.into(), "public, max-age=86400", Effort::Often))
}

fn ready(name: &str, bytes: &Bytes, caching: &'static str, effort: Effort) -> Ready {
    let mime = mime_of(name);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if name == VIEWER {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(OF_VIEWER));
    }
    secure(&mut headers);
    let text = mime.starts_with("text/") || matches!(mime, "image/svg+xml" | "application/wasm");
    // What is kept for ever is never asked for again.
    let tag = if caching.contains("immutable") {
        String::new()
    } else {
        digest(bytes)
    };
    Ready::new(StatusCode::OK, headers, bytes.clone(), tag, text.then_some(effort))
}

/// The media type of a file by its ending; what is unknown is a download.
pub fn mime_of(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "txt" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "ogg" => "audio/ogg",
        "zip" => "application/zip",
        "epub" => "application/epub+zip",
        "rtf" => "application/rtf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "html" | "htm" => "text/html; charset=utf-8",
        "xml" => "application/xml",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

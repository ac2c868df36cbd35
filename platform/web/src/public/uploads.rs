//! Files at their old addresses (`/wp-content/uploads/…`), byte for byte, to those who may have them.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use gp_content::{Verb, counts, files, items};
use gp_kernel::{Error, ItemId, Result};
use gp_store::{Conn, Digest};

use super::Visit;
use crate::{answer::Answer, assets::mime_of, router::text_of};

/// Pictures up to so many bytes are kept in memory like pages, whose parts they are.
const SMALL: u64 = 256 << 10;

/// Whether a browser could run a file of this type as part of the site: it is handed out as a download, in a sandbox. Types come
/// from imported sites and are written in any case.
fn is_active(mime: &str) -> bool {
    let plain = mime
        .split([';', ','])
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let (kind, name) = plain.split_once('/').unwrap_or((&plain, ""));
    let running = ["html", "xml", "svg", "xsl", "script", "wasm"];
    let office = name.starts_with("vnd.");
    matches!(kind, "multipart" | "message")
        || (!office && running.iter().any(|word| name.contains(word)))
        || (office && name.ends_with("+xml"))
}

/// The file of this name below the uploads.
///
/// # Errors
/// When database or blobs do not answer.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn, name: &str) -> Result<Answer> {
    let name = percent_encoding::percent_decode_str(name)
        .decode_utf8_lossy()
        .into_owned();
    let mut answer = of_path(visit, conn, &name).await?;
    if files::is_offered(&name)
        && matches!(answer, Answer::Raw(_))
        && let Some(file) = files::by_path(conn, &name).await?
    {
        super::exchange::files::sign_upload(visit, conn, &file, &mut answer).await?;
    }
    Ok(answer)
}

/// The file at this path below the uploads, to those who may have it.
pub(super) async fn of_path(visit: &Visit<'_>, conn: &mut Conn, name: &str) -> Result<Answer> {
    let found = files::by_path(conn, name).await?;
    let given = match &found {
        Some(file) => file.item.0 == 0 || may_have(visit, conn, file.item).await?,
        None => false,
    };
    // The same answer whether there is no such file or one that is not for this visitor.
    let Some(file) = found.filter(|_| given) else {
        return super::page::answer(visit, conn, gp_content::address::Address::Missing).await;
    };
    let file = match visit.request.parameter("version") {
        None => file,
        Some(wanted) => match earlier(visit, conn, &file, wanted).await? {
            Some(file) => file,
            None => return super::page::answer(visit, conn, gp_content::address::Address::Missing).await,
        },
    };
    let file = smaller(visit, conn, file).await?;
    let digest =
        Digest::parse(&file.digest).ok_or_else(|| Error::internal(format!("the name {name:?} has no digest")))?;
    let tag = file.digest[..32].to_owned();
    let quoted = format!("\"{tag}\"");
    if text_of(visit.headers, header::IF_NONE_MATCH).is_some_and(|t| t.contains(&quoted)) {
        return respond(StatusCode::NOT_MODIFIED, &file, &tag, Body::empty(), None);
    }
    let size = u64::try_from(file.size).unwrap_or(0);
    count(visit, &file, text_of(visit.headers, header::RANGE).as_deref());
    let same = text_of(visit.headers, header::IF_RANGE).is_none_or(|t| t == quoted);
    let range = text_of(visit.headers, header::RANGE).filter(|_| same);
    match range.as_deref().map_or(Part::Whole, |r| part(r, size)) {
        Part::Nothing => respond(
            StatusCode::RANGE_NOT_SATISFIABLE,
            &file,
            &tag,
            Body::empty(),
            Some(format!("bytes */{size}")),
        ),
        Part::Whole if files::is_picture(&file.path) && size <= SMALL => Ok(Answer::Bytes {
            headers: headers_of(&file),
            bytes: visit.app.blobs.get(&digest).await?,
            tag,
        }),
        Part::Whole => {
            let stream = visit.app.blobs.stream(&digest, 0, size).await?;
            respond(StatusCode::OK, &file, &tag, Body::from_stream(stream), None)
        }
        Part::Some(start, end) => {
            let stream = visit.app.blobs.stream(&digest, start, end).await?;
            let range = format!("bytes {start}-{}/{size}", end - 1);
            respond(
                StatusCode::PARTIAL_CONTENT,
                &file,
                &tag,
                Body::from_stream(stream),
                Some(range),
            )
        }
    }
}

/// The same picture in fewer bytes, to those who say that they can show it.
async fn smaller(visit: &Visit<'_>, conn: &mut Conn, file: files::File) -> Result<files::File> {
    if !takes_webp(visit.headers) || !has_kinds(&file.path) || visit.request.parameter("version").is_some() {
        return Ok(file);
    }
    let found = files::by_path(conn, &files::webp_of(&file.path)).await?;
    Ok(match found {
        Some(webp) if webp.item == file.item && webp.item.0 > 0 && webp.size < file.size => files::File {
            path: file.path,
            ..webp
        },
        _ => file,
    })
}

/// Whether a visitor says that WebP can be shown.
pub(crate) fn takes_webp(headers: &HeaderMap) -> bool {
    text_of(headers, header::ACCEPT).is_some_and(|accept| accept.contains("image/webp"))
}

/// Whether a file of this name may be answered in two kinds.
fn has_kinds(path: &str) -> bool {
    files::is_picture(path) && !path.to_ascii_lowercase().ends_with(".webp")
}

/// What the name answered before, for those who may change the file.
async fn earlier(visit: &Visit<'_>, conn: &mut Conn, file: &files::File, wanted: &str) -> Result<Option<files::File>> {
    const SHORTEST: usize = 12;
    let Some(item) = items::by_id(conn, file.item).await? else {
        return Ok(None);
    };
    let actor = visit.scope.actor();
    let parent = items::by_id(conn, item.parent).await?;
    if actor
        .may(Verb::Update, &item, parent.as_ref(), &visit.app.types)
        .is_err()
        || wanted.len() < SHORTEST
    {
        return Ok(None);
    }
    let versions = files::versions(conn, &file.path).await?;
    let found = versions
        .into_iter()
        .map(|(file, _)| file)
        .find(|file| file.digest.starts_with(wanted));
    Ok(found.map(|earlier| files::File {
        item: file.item,
        ..earlier
    }))
}

/// Counts that a document was fetched: once, however many parts a browser asks for. Pictures are parts of pages.
fn count(visit: &Visit<'_>, file: &files::File, range: Option<&str>) {
    let beginning = range.is_none_or(|range| range.starts_with("bytes=0-"));
    let picture = file.mime_type.starts_with("image/") || mime_of(&file.path).starts_with("image/");
    if !visit.glance && beginning && !picture {
        visit.app.tally.count(counts::DOWNLOAD, &file.path);
    }
}

/// Whose the file is decides who may have it.
async fn may_have(visit: &Visit<'_>, conn: &mut Conn, id: ItemId) -> Result<bool> {
    let Some(item) = items::by_id(conn, id).await? else {
        return Ok(false);
    };
    let parent = match item.parent {
        ItemId(0) => None,
        id => items::by_id(conn, id).await?,
    };
    Ok(visit.scope.may_have_files(&item, parent.as_ref()))
}

enum Part {
    Whole,
    Some(u64, u64),
    Nothing,
}

/// One range of bytes; several at once get the whole.
fn part(header: &str, size: u64) -> Part {
    let Some(spec) = header.strip_prefix("bytes=").filter(|s| !s.contains(',')) else {
        return Part::Whole;
    };
    let Some((from, to)) = spec.trim().split_once('-') else {
        return Part::Whole;
    };
    let (start, end) = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(start), Ok(last)) if last >= start => (start, last.saturating_add(1).min(size)),
        (Ok(start), Err(_)) if to.is_empty() => (start, size),
        (Err(_), Ok(count)) if from.is_empty() => (size.saturating_sub(count), size),
        _ => return Part::Whole,
    };
    if start >= end {
        Part::Nothing
    } else {
        Part::Some(start, end)
    }
}

/// What every answer with this file says of it.
fn headers_of(file: &files::File) -> HeaderMap {
    let mime = if file.mime_type.is_empty() {
        mime_of(&file.path)
    } else {
        &file.mime_type
    };
    let active = is_active(mime);
    let mut headers = HeaderMap::new();
    let mut set = |name, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, "application/octet-stream");
    set(header::ACCEPT_RANGES, "bytes");
    set(header::CACHE_CONTROL, "public, max-age=0, must-revalidate");
    set(
        header::CONTENT_DISPOSITION,
        if active { "attachment" } else { "inline" },
    );
    if active {
        set(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'");
    } else if mime == "application/pdf" {
        set(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
        );
    }
    if has_kinds(&file.path) {
        set(header::VARY, "accept");
    }
    if let Ok(mime) = HeaderValue::from_str(mime) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    headers
}

fn respond(status: StatusCode, file: &files::File, tag: &str, body: Body, range: Option<String>) -> Result<Answer> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let mut headers = headers_of(file);
    let told =
        |text: &str| HeaderValue::from_str(text).map_err(|e| Error::internal(format!("answer for {}: {e}", file.path)));
    headers.insert(header::ETAG, told(&format!("\"{tag}\""))?);
    if status == StatusCode::OK {
        headers.insert(header::CONTENT_LENGTH, file.size.into());
    }
    if let Some(range) = range {
        headers.insert(header::CONTENT_RANGE, told(&range)?);
    }
    *response.headers_mut() = headers;
    Ok(Answer::Raw(response))
}

#[cfg(test)]
mod tests {
    use super::is_active;

    #[test]
    fn what_could_run_is_a_download() {
        for mime in [
            "text/html",
            "Text/HTML; charset=utf-8",
            " image/SVG+xml",
            "application/xhtml+xml",
            "application/rss+xml",
            "text/xsl",
            "text/javascript",
            "application/x-javascript",
            "multipart/x-mixed-replace",
            "application/vnd.mozilla.xul+xml",
        ] {
            assert!(is_active(mime), "{mime}");
        }
        for mime in [
            "application/pdf",
            "image/png",
            "text/plain",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "",
        ] {
            assert!(!is_active(mime), "{mime}");
        }
    }
}

//! Which kind of file this is, by its content.
//!
//! Never in here: names and endings of files.

use crate::archive::{Archive, Fault};
use crate::model::{Document, Limits, Status};
use crate::office::{docx, odf, pptx, xlsx};
use crate::{epub, html, ole, pdf, plain, rtf};

const ANY: &str = "application/octet-stream";
const ZIP: &str = "application/zip";
const PICTURE: &str = "This is a picture, not a document. If it shows a text, put up a PDF with recognised text.";

/// All types that reading can give.
pub(crate) const MIMES: [&str; 22] = [
    pdf::MIME,
    docx::MIME,
    pptx::MIME,
    xlsx::MIME,
    odf::TEXT,
    odf::SLIDES,
    odf::OTHER,
    epub::MIME,
    html::MIME,
    plain::MIME,
    rtf::MIME,
    ole::WORD,
    ole::SLIDES,
    ole::SHEETS,
    ole::ANY,
    ZIP,
    ANY,
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/tiff",
    "image/webp",
];

/// Reads a file of any kind.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Document {
    if bytes.is_empty() {
        return Document::without_text(Status::Damaged, ANY, "The file is empty. Put it up again.");
    }
    if bytes.len() > limits.max_bytes {
        let reason = format!(
            "The file has {} MB; no more than {} MB are read.",
            bytes.len() >> 20,
            limits.max_bytes >> 20
        );
        return Document::without_text(Status::TooBig, ANY, reason);
    }
    let head = bytes.get(..1024).unwrap_or(bytes);
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return archive(bytes, limits);
    }
    if bytes.starts_with(&ole::MAGIC) {
        return ole::read(bytes, limits);
    }
    if head.windows(5).any(|window| window == b"%PDF-") {
        return pdf::read(bytes, limits);
    }
    if bytes.starts_with(b"{\\rtf") {
        return rtf::read(bytes, limits);
    }
    if let Some(mime) = picture(bytes) {
        return Document::without_text(Status::Unsupported, mime, PICTURE);
    }
    if !plain::is_text(bytes) {
        return Document::without_text(
            Status::Unsupported,
            ANY,
            "The file is of a kind that is not read. Put up a PDF or a Word document.",
        );
    }
    if is_html(head) {
        html::read(bytes, limits)
    } else {
        plain::read(bytes, limits)
    }
}

fn archive(bytes: &[u8], limits: &Limits) -> Document {
    let mut archive = match Archive::open(bytes, limits) {
        Ok(archive) => archive,
        Err(fault) => return fault.document(by_names(bytes)),
    };
    let mime = match mime_of(&mut archive) {
        Ok(mime) => mime,
        Err(fault) => return fault.document(ZIP),
    };
    let read = match mime {
        docx::MIME => docx::read(&mut archive, limits),
        pptx::MIME => pptx::read(&mut archive, limits),
        xlsx::MIME => xlsx::read(&mut archive, limits),
        odf::TEXT | odf::SLIDES => odf::read(&mut archive, mime, limits),
        epub::MIME => epub::read(&mut archive, limits),
        _ => {
            let reason = "This is an archive, not a document. Unpack it and put up the documents in it.";
            return Document::without_text(Status::Unsupported, mime, reason);
        }
    };
    read.unwrap_or_else(|fault| fault.document(mime))
}

/// The type that an archive says it has, or that follows from its entries.
fn mime_of(archive: &mut Archive<'_>) -> Result<&'static str, Fault> {
    if archive.has("mimetype") {
        let said = archive.text("mimetype")?;
        for mime in [odf::TEXT, odf::SLIDES, epub::MIME] {
            if said.trim() == mime || said.trim() == format!("{mime}-template") {
                return Ok(mime);
            }
        }
        if said.starts_with("application/vnd.oasis") {
            return Ok(odf::OTHER);
        }
    }
    let starts = |start: &str| archive.names().any(|name| name.starts_with(start));
    for (start, mime) in [("word/", docx::MIME), ("ppt/", pptx::MIME), ("xl/", xlsx::MIME)] {
        if starts(start) {
            return Ok(mime);
        }
    }
    Ok(if archive.has("META-INF/container.xml") {
        epub::MIME
    } else {
        ZIP
    })
}

/// The type of an archive that cannot be opened, by the names at its start.
fn by_names(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..65_536).unwrap_or(bytes);
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    let of_office = |mime| {
        if has(b"word/") || has(b"[Content_Types].xml") {
            docx::MIME
        } else {
            mime
        }
    };
    if has(b"ppt/") {
        pptx::MIME
    } else if has(b"xl/") {
        xlsx::MIME
    } else {
        of_office(ZIP)
    }
}

fn picture(bytes: &[u8]) -> Option<&'static str> {
    let starts = |start: &[u8]| bytes.starts_with(start);
    match () {
        () if starts(b"\x89PNG") => Some("image/png"),
        () if starts(b"\xff\xd8\xff") => Some("image/jpeg"),
        () if starts(b"GIF8") => Some("image/gif"),
        () if starts(b"II*\0") || starts(b"MM\0*") => Some("image/tiff"),
        () if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Some("image/webp"),
        () => None,
    }
}

fn is_html(head: &[u8]) -> bool {
    let text = plain::decode(head, Some(encoding_rs::WINDOWS_1252)).to_ascii_lowercase();
    let text = text.trim_start();
    let starts = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<meta",
        "<title",
        "<h1",
        "<p>",
        "<div",
    ];
    starts.iter().any(|start| text.starts_with(start))
        || (text.starts_with("<?xml") || text.starts_with("<!--")) && text.contains("<html")
}

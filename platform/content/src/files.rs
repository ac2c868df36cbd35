//! Names of bytes: what stands below the uploads, whose it is, and which blob answers.

use gp_kernel::{ItemId, Result};
use gp_store::{Arg, Conn, Dep, Row};

use crate::meta::placeholders;

/// A named file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// Below the uploads: `2026/11/guide.pdf`.
    pub path: String,
    /// Whose it is; 0 is nobody's.
    pub item: ItemId,
    /// SHA-256 of its bytes: the blob.
    pub digest: String,
    /// In bytes.
    pub size: i64,
    /// Its media type; empty: by its ending.
    pub mime_type: String,
}

const COLUMNS: &str = "path, item_id, digest, size, mime_type";

fn from_row(row: &Row) -> Result<File> {
    Ok(File {
        path: row.text(0)?,
        item: ItemId(row.int(1)?),
        digest: row.text(2)?,
        size: row.int(3)?,
        mime_type: row.text(4)?,
    })
}

/// The file of this name, whoever may have it: ask [`crate::Scope::file_sight`] before giving it.
///
/// # Errors
/// When the database does not answer.
pub async fn by_path(conn: &mut Conn, path: &str) -> Result<Option<File>> {
    let sql = format!("select {COLUMNS} from files where path = $1");
    conn.reading([Dep::name(path)]);
    conn.one(&sql, &[path.into()]).await?.as_ref().map(from_row).transpose()
}

/// How many files there are, and how many bytes they have together. Bytes that two files share count twice.
///
/// # Errors
/// When the database does not answer.
pub async fn total(conn: &mut Conn) -> Result<(i64, i64)> {
    conn.reading([]);
    let sql = "select count(*), cast(coalesce(sum(size), 0) as bigint) from files";
    let row = conn.one(sql, &[]).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

/// Many files by name, in one query for every 500.
///
/// # Errors
/// When the database does not answer.
pub async fn by_paths(conn: &mut Conn, paths: &[String]) -> Result<Vec<File>> {
    let mut found = Vec::new();
    for chunk in paths.chunks(500) {
        let sql = format!(
            "select {COLUMNS} from files where path in ({})",
            placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(Arg::from).collect();
        conn.reading(chunk.iter().map(|path| Dep::name(path)));
        for row in conn.all(&sql, &args).await? {
            found.push(from_row(&row)?);
        }
    }
    Ok(found)
}

/// What a name answered before, newest first: digest, bytes, media type, until when (Unix seconds).
///
/// # Errors
/// When the database does not answer.
pub async fn versions(conn: &mut Conn, path: &str) -> Result<Vec<(File, i64)>> {
    conn.reading([Dep::name(path)]);
    let sql = "select path, cast(0 as bigint), digest, size, mime_type, until_at from file_versions where path = $1 order by until_at desc, digest";
    let rows = conn.all(sql, &[path.into()]).await?;
    rows.iter().map(|row| Ok((from_row(row)?, row.int(5)?))).collect()
}

/// Where the files of an item are listed; see the record in `features/library`.
const LISTED: &str = "_guidepost_files";

/// The items that use a file: whose text names it or one of its sizes, whose list of files has it, whose picture it is. Newest change
/// first, whoever may see them: ask [`crate::Scope::sight_at_work`] before showing one.
///
/// # Errors
/// When the database does not answer.
pub async fn used_by(conn: &mut Conn, item: ItemId, path: &str, most: usize) -> Result<Vec<ItemId>> {
    conn.reading([]);
    let (stem, _) = path.rsplit_once('.').unwrap_or((path, ""));
    let like = stem.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let sql = "select i.id, i.content from items i where i.type <> 'revision' and i.status not in ('trash', 'auto-draft') \
               and i.id <> $1 and i.content like $2 escape '!' order by i.modified desc, i.id desc limit $3";
    let args: [Arg; 3] = [item.into(), format!("%{like}%").into(), (most * 4).into()];
    let mut found = Vec::new();
    for row in conn.all(sql, &args).await? {
        if names(&row.text(1)?, path) {
            found.push(ItemId(row.int(0)?));
        }
    }
    let sql = "select m.item_id, m.key, m.value from item_meta m join items i on i.id = m.item_id \
               where m.key in ($1, '_thumbnail_id') and i.type <> 'revision' and i.status <> 'trash' order by m.item_id desc";
    for row in conn.all(sql, &[LISTED.into()]).await? {
        let (own, value) = (ItemId(row.int(0)?), row.bytes(2)?);
        let uses = match row.text(1)?.as_str() {
            LISTED => lists(&value, path),
            _ => std::str::from_utf8(&value).is_ok_and(|id| id.trim() == item.to_string()),
        };
        if uses && own != item && !found.contains(&own) {
            found.push(own);
        }
    }
    found.truncate(most);
    Ok(found)
}

/// Whether a text names a file, or a size that was made of it (`photo-300x200.jpg`).
fn names(text: &str, path: &str) -> bool {
    let (stem, ending) = path.rsplit_once('.').unwrap_or((path, ""));
    text.match_indices(stem).any(|(at, _)| {
        let rest = &text[at + stem.len()..];
        let size = rest
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | 'x'))
            .unwrap_or(rest.len());
        let made = rest[..size].starts_with('-') && rest[..size].contains('x');
        let rest = if made { &rest[size..] } else { rest };
        let Some(rest) = rest.strip_prefix('.').and_then(|rest| rest.strip_prefix(ending)) else {
            return false;
        };
        !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
    })
}

/// Whether a list of files has a path.
fn lists(json: &[u8], path: &str) -> bool {
    let list: serde_json::Value = serde_json::from_slice(json).unwrap_or_default();
    let mut files = list.as_array().into_iter().flatten();
    files.any(|file| {
        file["path"]
            .as_str()
            .is_some_and(|own| own.trim_start_matches('/') == path)
    })
}

/// Pictures without a text that says what they show, newest first. Who asks must be allowed to see all files.
///
/// # Errors
/// When the database does not answer.
pub async fn without_words(conn: &mut Conn, most: usize) -> Result<Vec<ItemId>> {
    conn.reading([]);
    let sql = "select i.id from items i where i.type = 'attachment' and i.mime_type like 'image/%' and not exists \
               (select 1 from item_meta m where m.item_id = i.id and m.key = '_wp_attachment_image_alt' and length(m.value) > 0) \
               order by i.id desc limit $1";
    let rows = conn.all(sql, &[most.into()]).await?;
    rows.iter().map(|row| row.int(0).map(ItemId)).collect()
}

/// Whether a file of this name may be a picture of which sizes are made.
pub fn is_picture(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["jpg", "jpeg", "jpe", "png", "gif", "webp"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(ending))
}

/// The note on an attachment that everything was made of its picture: of which bytes, and by which state of the maker.
pub const MADE: &str = "_guidepost_made";

/// What [`MADE`] says when all was made of these bytes. The number goes up when more is made of a picture.
pub fn made_of(digest: &str) -> String {
    format!("1 {digest}")
}

/// Where the WebP of a picture of another kind stands: `photo-jpg.webp` beside `photo.jpg`.
pub fn webp_of(path: &str) -> String {
    match path.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && !ending.contains('/') => format!("{stem}-{ending}.webp"),
        _ => format!("{path}.webp"),
    }
}

/// Where a picture of the first page of a document may stand, ours first, then those that WordPress makes; none when the document
/// is no PDF.
pub fn first_pages_of(path: &str) -> Vec<String> {
    match path.strip_suffix(".pdf").or_else(|| path.strip_suffix(".PDF")) {
        Some(stem) => ["-thumb.webp", "-pdf-212x300.jpg", "-pdf-232x300.jpg", "-pdf.jpg"]
            .iter()
            .map(|end| format!("{stem}{end}"))
            .collect(),
        None => Vec::new(),
    }
}

/// The name of a file as a part of an address.
pub fn encoded_name(name: &str) -> String {
    const KEEP: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'`')
        .add(b'/');
    percent_encoding::utf8_percent_encode(name, KEEP).to_string()
}

/// Files that have an address below the page of the item that offers them.
pub(crate) const OFFERED: &[&str] = &[
    "pdf", "doc", "docx", "odt", "rtf", "txt", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "epub", "zip", "mp3",
    "mp4",
];

/// Whether a file of this name may have an address below the page of its item.
pub fn is_offered(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    OFFERED.iter().any(|offered| offered.eq_ignore_ascii_case(ending))
}

/// The address of a file below the page of its item (`/slug/file.pdf`); `None` where the page has no path of its own.
pub fn own_address(link: &str, name: &str) -> Option<String> {
    let fits = is_offered(name) && !link.contains('?') && !link.trim_matches('/').is_empty();
    fits.then(|| format!("{}/{}", link.trim_end_matches('/'), encoded_name(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_a_file_and_its_sizes_and_no_other() {
        let path = "2026/11/photo.jpg";
        for text in [
            "<img src=\"/wp-content/uploads/2026/11/photo.jpg\">",
            "x 2026/11/photo-300x200.jpg y",
            "2026/11/photo-2.jpg and 2026/11/photo.jpg?x",
        ] {
            assert!(names(text, path), "{text}");
        }
        for text in [
            "2026/11/photo-2.jpg",
            "2026/11/photo.jpgx",
            "2026/11/photo",
            "photo.jpg",
            "",
        ] {
            assert!(!names(text, path), "{text}");
        }
        assert!(lists(br#"[{"path":"2026\/11\/photo.jpg"}]"#, path) && !lists(b"{", path));
    }
}

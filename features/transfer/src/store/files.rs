//! Names of files, and the meta in which WordPress notes them.

use std::collections::HashMap;

use gp_kernel::Result;
use gp_store::{Arg, Conn};

/// A row of `files`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub path: String,
    pub item: i64,
    pub role: &'static str,
    pub digest: String,
    pub size: i64,
    pub mime: String,
    pub modified: i64,
}

/// Names files; how many of them are new or different.
pub(crate) async fn name(conn: &mut Conn, files: Vec<Named>) -> Result<u64> {
    let marks: Vec<String> = (1..=files.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "select path, item_id, role, digest, size from files where path in ({})",
        marks.join(",")
    );
    let paths: Vec<Arg> = files.iter().map(|f| (&f.path).into()).collect();
    let mut there = HashMap::new();
    for row in conn.all(&sql, &paths).await? {
        there.insert(row.text(0)?, (row.int(1)?, row.text(2)?, row.text(3)?, row.int(4)?));
    }
    let mut args: Vec<Arg> = Vec::new();
    let mut written = 0;
    for file in files {
        let now = (file.item, file.role.to_owned(), file.digest.clone(), file.size);
        if there.get(&file.path) == Some(&now) {
            continue;
        }
        there.insert(file.path.clone(), now);
        written += 1;
        args.extend([
            file.path.into(),
            file.item.into(),
            file.role.into(),
            file.digest.into(),
            file.size.into(),
            file.mime.into(),
            file.modified.into(),
        ]);
    }
    conn.insert_many(
        "insert into files (path, item_id, role, digest, size, mime_type, modified) values",
        7,
        "on conflict (path) do update set item_id = excluded.item_id, role = excluded.role, digest = excluded.digest, \
         size = excluded.size, mime_type = excluded.mime_type, modified = excluded.modified",
        &args,
    )
    .await?;
    Ok(written)
}

/// A meta in which a file is named.
#[derive(Debug)]
pub(crate) struct InMeta {
    pub id: i64,
    pub item: i64,
    pub key: String,
    pub value: Vec<u8>,
}

/// The next metas after an id in which files are named.
pub(crate) async fn named_in_meta(conn: &mut Conn, after: i64) -> Result<Vec<InMeta>> {
    conn.all(
        "select id, item_id, key, value from item_meta where id > $1 and key in \
         ('_wp_attached_file', '_wp_attachment_metadata', '_wp_attachment_backup_sizes', '_wp_font_face_file') \
         order by id limit 500",
        &[after.into()],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(InMeta {
            id: row.int(0)?,
            item: row.int(1)?,
            key: row.text(2)?,
            value: row.bytes(3)?,
        })
    })
    .collect()
}

/// The path of the main file of each item.
pub(crate) async fn attached(conn: &mut Conn, items: &[i64]) -> Result<HashMap<i64, String>> {
    let mut found = HashMap::new();
    for chunk in items.chunks(500) {
        let marks: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select item_id, value from item_meta where key = '_wp_attached_file' and item_id in ({}) order by id",
            marks.join(",")
        );
        let args: Vec<Arg> = chunk.iter().map(|id| Arg::from(*id)).collect();
        for row in conn.all(&sql, &args).await? {
            found
                .entry(row.int(0)?)
                .or_insert(String::from_utf8_lossy(&row.bytes(1)?).into_owned());
        }
    }
    Ok(found)
}

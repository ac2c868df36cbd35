//! Writes a backup, from one picture of the database, while the site goes on.

use std::{
    fs::File,
    io::{BufWriter, Read, Seek as _, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use futures_util::TryStreamExt as _;
use gp_kernel::{Clock, Error, Result};
use gp_store::{Arg, BlobStore, Conn, Db, Digest};

use super::{BackedUp, END, FORMAT, MANIFEST, Manifest, rows, themes};
use crate::{
    progress::Progress,
    store::{
        snapshot,
        tables::{self, Table},
    },
};

/// Bytes of rows in one member of the archive, about.
const PART: usize = 4 << 20;

type Archive = tar::Builder<GzEncoder<BufWriter<File>>>;

/// Writes everything into one file: tables, files, and the themes installed in the folder `themes`. It gets its name when it is whole.
///
/// # Errors
/// When the file cannot be written, or the database or the blobs do not answer; then there is no file.
pub async fn backup(
    db: &Db,
    blobs: &BlobStore,
    themes: &Path,
    file: &Path,
    progress: &dyn Progress,
    clock: &dyn Clock,
) -> Result<BackedUp> {
    let told = |e: std::io::Error| Error::from(e).at(file.display());
    let part = Part(file.with_extension("part"));
    let out = BufWriter::with_capacity(1 << 16, own_file(&part.0).map_err(told)?);
    let mut archive = tar::Builder::new(GzEncoder::new(out, Compression::fast()));
    let mut conn = snapshot::begin(db).await?;
    let done = whole(&mut conn, blobs, themes, &mut archive, progress, clock).await;
    snapshot::end(&mut conn).await?;
    let done = done.map_err(|e| e.at(file.display()))?;
    let out = archive.into_inner().and_then(GzEncoder::finish).map_err(told)?;
    let out = out.into_inner().map_err(|e| told(e.into_error()))?;
    out.sync_all().map_err(told)?;
    std::fs::rename(&part.0, file).map_err(told)?;
    Ok(done)
}

/// A new file that nobody else may read: it holds hashes of passwords and what is not published. What stands there already goes
/// first, so that no link laid there beforehand is followed.
fn own_file(path: &Path) -> std::io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The file while it is written; gone when it was not finished.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn whole(
    conn: &mut Conn,
    blobs: &BlobStore,
    installed: &Path,
    archive: &mut Archive,
    progress: &dyn Progress,
    clock: &dyn Clock,
) -> Result<BackedUp> {
    let tables = tables::all(conn).await?;
    let manifest = Manifest {
        format: FORMAT,
        program: format!("guidepost {}", env!("CARGO_PKG_VERSION")),
        made: clock.now().to_string(),
        migrations: tables::migrations(conn).await?,
        tables: tables.clone(),
    };
    add_json(archive, MANIFEST, &manifest)?;
    let mut done = BackedUp::default();
    for table in &tables {
        progress.begin(&format!("Backing up {}", table.name), None);
        let count = add_table(conn, archive, table, progress).await?;
        done.tables.insert(table.name.clone(), count);
    }
    progress.begin("Backing up files", None);
    let mut after = String::new();
    loop {
        let page = tables::digests(conn, &after).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.0);
        for (digest, size) in page {
            done.bytes += add_blob(blobs, archive, &digest, size).await?;
            done.files += 1;
            progress.at(done.files);
        }
    }
    for path in themes::files(installed)? {
        let name = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let bytes = std::fs::read(installed.join(&path)).map_err(|e| Error::from(e).at(&name))?;
        add(
            archive,
            &format!("{}/{name}", themes::MEMBER),
            bytes.len() as u64,
            bytes.as_slice(),
        )?;
        done.themes += 1;
    }
    add_json(archive, END, &done)?;
    Ok(done)
}

fn add(archive: &mut Archive, name: &str, size: u64, content: impl Read) -> Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    archive.append_data(&mut header, name, content).map_err(Error::from)
}

fn add_json(archive: &mut Archive, name: &str, value: &impl serde::Serialize) -> Result<()> {
    let bytes = serde_json::to_vec_pretty(value).map_err(|e| Error::internal(e.to_string()))?;
    add(archive, name, bytes.len() as u64, bytes.as_slice())
}

async fn add_table(conn: &mut Conn, archive: &mut Archive, table: &Table, progress: &dyn Progress) -> Result<u64> {
    let (mut count, mut number, mut limit) = (0, 0, 100);
    let mut after: Option<Vec<Arg>> = None;
    let mut part = Vec::new();
    loop {
        let page = table.page(conn, after.as_deref(), limit).await?;
        let before = part.len();
        for row in &page {
            rows::write(&mut part, row);
        }
        count += page.len() as u64;
        let last = page.len() < limit;
        // Pages of about the size of a part, however large the rows are.
        let average = (part.len() - before) / page.len().max(1) + 1;
        limit = (PART / average).clamp(1, 1000);
        if part.len() >= PART || (last && !part.is_empty()) {
            number += 1;
            add(
                archive,
                &format!("tables/{}/{number:08}", table.name),
                part.len() as u64,
                part.as_slice(),
            )?;
            part.clear();
        }
        progress.at(count);
        match page.last() {
            Some(row) if !last => after = Some(table.key_of(row)),
            _ => return Ok(count),
        }
    }
}

/// Adds the bytes of a file; how many there are. Large ones go by way of the disk: the archive wants their size first.
async fn add_blob(blobs: &BlobStore, archive: &mut Archive, digest: &str, size: i64) -> Result<u64> {
    let Some(known) = Digest::parse(digest) else {
        return Err(Error::internal(format!("{digest} is no digest")));
    };
    let name = format!("blobs/{digest}");
    let missing = |e: Error| e.at(format!("blob {digest}")).hint("run `guidepost check`");
    if size <= 8 << 20 {
        let bytes = blobs.get(&known).await.map_err(missing)?;
        add(archive, &name, bytes.len() as u64, bytes.as_ref())?;
        return Ok(bytes.len() as u64);
    }
    let path = Part(std::env::temp_dir().join(format!("guidepost-{}-{digest}.part", std::process::id())));
    let mut file = own_file(&path.0)?;
    let mut stream = std::pin::pin!(
        blobs
            .stream(&known, 0, u64::try_from(size).unwrap_or(0))
            .await
            .map_err(missing)?
    );
    let mut length = 0;
    while let Some(bytes) = stream.try_next().await? {
        length += bytes.len() as u64;
        file.write_all(&bytes)?;
    }
    file.rewind()?;
    add(archive, &name, length, file)?;
    Ok(length)
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn a_backup_is_for_its_owner_and_follows_no_link() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = std::env::temp_dir().join(format!("guidepost-own-file-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (other, path) = (folder.join("other"), folder.join("site.part"));
        std::fs::write(&other, "kept").unwrap();
        symlink(&other, &path).unwrap();
        let file = super::own_file(&path).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "kept");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

//! Brings a backup back into an empty site: all of it, or nothing.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read as _},
    path::Path,
};

use gp_kernel::{Error, ErrorKind, Result};
use gp_store::{BlobStore, Conn, Db, MIGRATIONS};
use tokio::sync::mpsc;

use super::{
    BackedUp, END, FORMAT, MANIFEST, Manifest, rows,
    themes::{MEMBER, Returning},
};
use crate::{
    progress::Progress,
    store::tables::{self, Table},
    uploads::source::{Content, content},
};

/// Restores a backup into an empty site, whose tables are up to date and whose themes belong into the folder `themes`.
///
/// # Errors
/// When the file cannot be read, is cut off or was made by a newer program, or the site is not empty; then nothing is kept.
pub async fn restore(
    db: &Db,
    blobs: &BlobStore,
    themes: &Path,
    file: &Path,
    progress: &dyn Progress,
) -> Result<BackedUp> {
    let mut members = read(file)?;
    let mut themes = Returning::to(themes)?;
    let mut tx = db.write().await?;
    if !tables::is_empty(&mut tx).await? {
        return Err(Error::new(ErrorKind::Conflict, "this site is not empty")
            .hint("restore into an empty data folder or database"));
    }
    progress.begin("Restoring", std::fs::metadata(file).ok().map(|m| m.len()));
    let at = |e: Error| e.at(file.display());
    let wanted = load(&mut tx, blobs, &mut themes, &mut members, progress)
        .await
        .map_err(at)?;
    themes.settle()?;
    tx.commit().await?;
    Ok(wanted)
}

type Members = mpsc::Receiver<Result<(String, Content)>>;

fn read(file: &Path) -> Result<Members> {
    let input = File::open(file).map_err(|e| Error::from(e).at(file.display()))?;
    let (sender, receiver) = mpsc::channel(1);
    let name = file.display().to_string();
    let told = move |e: std::io::Error| {
        Error::invalid(format!("{name}: this is no whole backup: {e}")).hint("use another copy of the file")
    };
    let run = move |sender: &mpsc::Sender<Result<(String, Content)>>| -> std::io::Result<()> {
        let input = flate2::read::GzDecoder::new(BufReader::with_capacity(1 << 16, input));
        let mut archive = tar::Archive::new(input);
        for entry in archive.entries()? {
            let mut entry = entry?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let size = entry.size();
            if sender.blocking_send(Ok((name, content(&mut entry, size)?))).is_err() {
                break;
            }
        }
        Ok(())
    };
    std::thread::Builder::new()
        .name("restore".to_owned())
        .spawn(move || {
            if let Err(error) = run(&sender) {
                let _ = sender.blocking_send(Err(told(error)));
            }
        })
        .map_err(Error::from)?;
    Ok(receiver)
}

fn bytes_of(content: Content) -> Result<Vec<u8>> {
    match content {
        Content::Memory(bytes) => Ok(bytes.to_vec()),
        Content::Spool(spool) => {
            let mut bytes = Vec::new();
            File::open(&spool.0)?.read_to_end(&mut bytes)?;
            Ok(bytes)
        }
        Content::File(_) | Content::Unread => Ok(Vec::new()),
    }
}

fn not_one(why: &str) -> Error {
    Error::invalid(format!("this is no whole backup: {why}")).hint("use another copy of the file")
}

fn json<T: serde::de::DeserializeOwned>(content: Content) -> Result<T> {
    serde_json::from_slice(&bytes_of(content)?).map_err(|e| not_one(&e.to_string()))
}

async fn load(
    tx: &mut Conn,
    blobs: &BlobStore,
    themes: &mut Returning,
    members: &mut Members,
    progress: &dyn Progress,
) -> Result<BackedUp> {
    let first = members.recv().await.ok_or_else(|| not_one("it is empty"))??;
    if first.0 != MANIFEST {
        return Err(not_one("it does not begin with its own description"));
    }
    let manifest: Manifest = json(first.1)?;
    let known = tables_here(tx, &manifest).await?;
    for table in known.values() {
        table.clear(tx).await?;
    }
    let mut done = BackedUp {
        tables: known.keys().map(|name| (name.clone(), 0)).collect(),
        ..BackedUp::default()
    };
    while let Some(member) = members.recv().await {
        let (name, content) = member?;
        let parts: Vec<&str> = name.split('/').collect();
        match parts[..] {
            [END] => {
                let wanted: BackedUp = json(content)?;
                return if wanted == done {
                    Ok(done)
                } else {
                    Err(not_one("the counts at its end differ from what is in it"))
                };
            }
            ["tables", table, _] => {
                let table = known
                    .get(table)
                    .ok_or_else(|| not_one("it holds a table that it does not describe"))?;
                let count = add_rows(tx, table, &bytes_of(content)?)
                    .await
                    .map_err(|e| e.at(&name))?;
                *done.tables.entry(table.name.clone()).or_default() += count;
            }
            ["blobs", digest] => {
                let (found, size) = match content {
                    Content::Memory(bytes) => {
                        let size = bytes.len() as u64;
                        (blobs.put(bytes).await?, size)
                    }
                    Content::Spool(spool) => blobs.put_file(&spool.0).await?,
                    Content::File(_) | Content::Unread => return Err(not_one("a file is missing in it")),
                };
                if found.0 != digest {
                    return Err(not_one(&format!("the file {digest} has other bytes")));
                }
                done.files += 1;
                done.bytes += size;
            }
            [MEMBER, ..] => {
                let below = name.split_once('/').map_or("", |(_, below)| below);
                themes.add(below, &bytes_of(content)?)?;
                done.themes += 1;
            }
            _ => return Err(not_one(&format!("{name:?} does not belong in it"))),
        }
        progress.at(done.bytes);
    }
    Err(not_one("it ends too early"))
}

/// The tables of the backup, which must all be here; this program may have more.
async fn tables_here(tx: &mut Conn, manifest: &Manifest) -> Result<BTreeMap<String, Table>> {
    if manifest.format > FORMAT
        || manifest
            .migrations
            .iter()
            .any(|step| MIGRATIONS.iter().all(|m| m.name != step))
    {
        return Err(
            Error::invalid(format!("the backup was made by {}, which is newer", manifest.program))
                .hint("restore it with that version or a later one"),
        );
    }
    let here = tables::all(tx).await?;
    let mut known = BTreeMap::new();
    for table in &manifest.tables {
        let own = here.iter().find(|t| t.name == table.name);
        if !own.is_some_and(|own| table.columns.iter().all(|column| own.columns.contains(column))) {
            return Err(not_one(&format!(
                "the table {} has columns that are unknown here",
                table.name
            )));
        }
        known.insert(table.name.clone(), table.clone());
    }
    Ok(known)
}

async fn add_rows(tx: &mut Conn, table: &Table, mut input: &[u8]) -> Result<u64> {
    let (mut args, mut size, mut count) = (Vec::new(), 0, 0);
    while !input.is_empty() {
        let before = input.len();
        for _ in &table.columns {
            args.push(rows::read(&mut input)?);
        }
        size += before - input.len();
        count += 1;
        if size > 1 << 20 {
            table.add(tx, &args).await?;
            args.clear();
            size = 0;
        }
    }
    table.add(tx, &args).await?;
    Ok(count)
}

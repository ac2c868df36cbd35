//! `files`: other bytes for a file, and what it was before.

use std::path::Path;

use gp_content::{Actor, files};
use gp_kernel::{Error, Result};
use gp_library::replaced::{self, NewBytes};

use super::act;
use crate::{app::Site, cli::Files};

/// What is done with files.
pub(super) async fn files(site: &Site, what: Files) -> Result<()> {
    match what {
        Files::Replace { path, file, note } => replace(site, &path, &file, note).await,
        Files::Versions { path } => versions(site, &path).await,
    }
}

async fn replace(site: &Site, path: &str, file: &Path, note: String) -> Result<()> {
    if !file.is_file() {
        return Err(Error::not_found("this is no file").at(file.display()));
    }
    let (digest, size) = site.blobs.put_file(file).await?;
    let mut tx = site.db.write().await?;
    let new = NewBytes { digest, size, note };
    let dated = replaced::replace(&mut act(site, &mut tx).await?, &Actor::system(), path, &new).await?;
    tx.commit().await?;
    println!("{path} has {size} new bytes; {dated} pages say so");
    Ok(())
}

async fn versions(site: &Site, path: &str) -> Result<()> {
    let mut conn = site.db.read().await?;
    let Some(now) = files::by_path(&mut conn, path).await? else {
        return Err(Error::not_found(format!("there is no file {path:?} below the uploads")));
    };
    println!("now\t{}\t{}", now.size, now.digest);
    for (file, until) in files::versions(&mut conn, path).await? {
        let until = jiff::Timestamp::from_second(until)
            .map(|t| t.to_string())
            .unwrap_or_default();
        println!(
            "until {until}\t{}\t{}\t/wp-content/uploads/{path}?version={}",
            file.size,
            file.digest,
            &file.digest[..16]
        );
    }
    Ok(())
}

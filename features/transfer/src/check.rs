//! Database and blobs against each other: everything that no verb and no import ever leaves behind is a fault.

use gp_kernel::Result;
use gp_store::{BlobStore, Db};

use crate::store::{check as store, snapshot};

/// Something that should not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Table, file or sequence.
    pub place: String,
    /// What is wrong with it, and what to do.
    pub what: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

fn fault(place: impl Into<String>, what: impl Into<String>) -> Fault {
    Fault {
        place: place.into(),
        what: what.into(),
    }
}

/// All faults; an empty list is good.
///
/// # Errors
/// When the database or the blobs do not answer.
pub async fn check(db: &Db, blobs: &BlobStore) -> Result<Vec<Fault>> {
    // Blobs are written before they are named: what is listed first may only be too little for files that came meanwhile.
    let mut conn = snapshot::begin(db).await?;
    let found = look(&mut conn, blobs).await;
    snapshot::end(&mut conn).await?;
    found
}

async fn look(conn: &mut gp_store::Conn, blobs: &BlobStore) -> Result<Vec<Fault>> {
    let mut faults: Vec<Fault> = store::integrity(conn)
        .await?
        .into_iter()
        .map(|line| fault("database file", line))
        .collect();
    for (what, count, first) in store::orphans(conn).await? {
        let (table, what) = what.split_once(": ").unwrap_or(("database", &what));
        faults.push(fault(table, format!("{what} ({count} times, first {first})")));
    }
    for (name, next, greatest) in store::sequences_behind(conn).await? {
        faults.push(fault(
            format!("sequence {name}"),
            format!("the next number is {next}, and {greatest} is taken"),
        ));
    }
    for (id, source) in store::unfinished_imports(conn).await? {
        faults.push(fault(
            format!("import {id}"),
            format!("the import of {source} never came to an end: run it again"),
        ));
    }
    let sizes = blobs.list().await?;
    let mut after = String::new();
    loop {
        let page = store::files_after(conn, &after).await?;
        let Some(last) = page.last() else { return Ok(faults) };
        after.clone_from(&last.0);
        for (path, digest, size) in page {
            match sizes.get(&digest) {
                None => faults.push(fault(
                    path,
                    format!("its bytes ({digest}) are missing: bring them back from a backup"),
                )),
                Some(found) if i64::try_from(*found).ok() != Some(size) => {
                    faults.push(fault(
                        path,
                        format!("it has {found} bytes and should have {size}: bring it back from a backup"),
                    ));
                }
                Some(_) => {}
            }
        }
    }
}

//! WordPress's own export format (WXR): files in, and the whole site out.

mod export;
mod people;
mod plan;
mod refs;
mod write;

use std::path::{Path, PathBuf};

use gp_content::{Grant, Verb};
use gp_kernel::{Clock, Error, ErrorKind, Result, ZERO_DATE};
use gp_store::{BlobStore, Db, record_change};

pub use export::{Exported, export_wxr};

use crate::{progress::Progress, report::Report, store, uploads};

/// What to import, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WxrImport {
    /// The export files, in the order in which they are read.
    pub files: Vec<PathBuf>,
    /// The uploads folder (or archive) with the files of the media library.
    pub media: Option<PathBuf>,
    /// Do everything, report it, and keep nothing.
    pub dry_run: bool,
}

/// Imports export files, each in one transaction: of a file that cannot be read nothing is kept.
///
/// # Errors
/// When a file cannot be read (with name and line) or the store does not answer; files before it are kept.
pub async fn import_wxr(
    db: &Db,
    blobs: &BlobStore,
    grant: &Grant,
    options: &WxrImport,
    progress: &dyn Progress,
    clock: &dyn Clock,
) -> Result<Report> {
    if grant.verb() != Verb::Import {
        return Err(Error::new(ErrorKind::Forbidden, "leave to import is needed"));
    }
    if let Some(path) = &options.media {
        uploads::probe(path)?;
    }
    let names: Vec<String> = options.files.iter().map(|f| f.display().to_string()).collect();
    let mut report = Report {
        source: names.join(", "),
        dry_run: options.dry_run,
        ..Report::default()
    };
    let mut moved = refs::Moved::default();
    for file in &options.files {
        progress.begin(
            &format!("Importing {}", file.display()),
            std::fs::metadata(file).ok().map(|m| m.len()),
        );
        one(
            db,
            grant,
            file,
            options.dry_run,
            &mut moved,
            &mut report,
            progress,
            clock,
        )
        .await?;
    }
    if let Some(path) = &options.media {
        let names = uploads::Names::load(&mut db.read().await?).await?;
        let to = (!options.dry_run).then_some((db, blobs));
        report.uploads = Some(uploads::bring(path, &names, to, &mut report, progress).await?);
    }
    Ok(report)
}

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one import, taken apart for one file"
)]
async fn one(
    db: &Db,
    grant: &Grant,
    file: &Path,
    dry_run: bool,
    moved: &mut refs::Moved,
    report: &mut Report,
    progress: &dyn Progress,
    clock: &dyn Clock,
) -> Result<()> {
    let started = clock.now();
    let mut tx = db.write().await?;
    let plan = plan::plan(&mut tx, file).await?;
    report.notes.extend(plan.notes.iter().cloned());
    moved.learn(&plan.targets);
    let people = people::users(&mut tx, &plan, moved, report, started).await?;
    let terms = people::terms(&mut tx, &plan, moved, report).await?;
    let mut writer = write::Writer::new(tx, people, terms, started).await?;
    let mut reader = plan::open(file)?;
    let mut targets = plan.targets.iter().copied();
    while let Some(entry) = reader.next().map_err(|e| plan::told(file, &e))? {
        if let gp_wxr::Entry::Item(item) = entry {
            let target = targets
                .next()
                .ok_or_else(|| Error::invalid(format!("{}: the file changed while it was read", file.display())))?;
            writer.take(*item, target, moved, report).await?;
        }
        progress.at(reader.position());
    }
    let mut tx = writer.finish(moved, report).await?;
    store::site::settle_sequences(&mut tx).await?;
    if dry_run {
        return Ok(());
    }
    let source = file.display().to_string();
    let json = report.to_json();
    let now = clock.now().as_second();
    let import = store::site::record_import(&mut tx, &source, started.as_second(), now, &json).await?;
    store::site::audit(&mut tx, now, grant.actor().0, grant.verb().word(), import, &source).await?;
    record_change(&mut tx, "all", 0, now).await?;
    gp_content::exchange::settle(&mut tx, clock.now()).await?;
    store::site::count_anew(&mut tx).await?;
    tx.commit().await
}

/// A date as our tables hold it.
pub(crate) fn date_or_zero(date: &str) -> String {
    if date.is_empty() {
        ZERO_DATE.to_owned()
    } else {
        date.to_owned()
    }
}

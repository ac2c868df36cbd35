//! Import of a whole site: from a dump of its database (or the database itself) and its uploads folder.

mod dump;
mod idset;
mod keep;
mod mysql;
pub(crate) mod spec;
mod survey;
mod take;
mod terms;
mod write;

use std::{path::PathBuf, sync::atomic::Ordering};

use gp_content::{Grant, Verb};
use gp_kernel::{Clock, Error, ErrorKind, Result};
use gp_store::{BlobStore, Conn, Db, record_change};

use crate::{
    progress::Progress,
    report::{Count, Report},
    rows::Piece,
    store, uploads,
};
use survey::Survey;
use write::Writer;

/// Where a site's rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// A dump, plain or gzip.
    Dump(PathBuf),
    /// A live database, `mysql://USER:PASSWORD@HOST/NAME`.
    Mysql(String),
}

/// What to import, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteImport {
    /// The rows.
    pub from: From,
    /// The uploads folder, or a tar archive of it.
    pub uploads: Option<PathBuf>,
    /// The tables' prefix; found out when it is not given.
    pub prefix: Option<String>,
    /// Do everything, report it, and keep nothing.
    pub dry_run: bool,
}

impl From {
    fn flow(&self) -> Result<dump::Flow> {
        match self {
            Self::Dump(path) => dump::read(path),
            Self::Mysql(url) => mysql::read(url),
        }
    }

    /// The source's name for people; never with a password.
    fn name(&self) -> String {
        match self {
            Self::Dump(path) => path.display().to_string(),
            Self::Mysql(url) => url::Url::parse(url).map_or_else(
                |_| "the MySQL database".to_owned(),
                |url| format!("mysql://{}{}", url.host_str().unwrap_or_default(), url.path()),
            ),
        }
    }
}

/// Imports a site. All rows become visible together at the end, or none; files follow one by one, and a second run goes on
/// where the first was interrupted.
///
/// # Errors
/// When the source cannot be read (with the place), is no WordPress site, or the store does not answer; nothing is kept then.
pub async fn import_site(
    db: &Db,
    blobs: &BlobStore,
    grant: &Grant,
    options: &SiteImport,
    progress: &dyn Progress,
    clock: &dyn Clock,
) -> Result<(i64, Report)> {
    if grant.verb() != Verb::Import {
        return Err(Error::new(ErrorKind::Forbidden, "leave to import is needed"));
    }
    let name = options.from.name();
    if let Some(path) = &options.uploads {
        uploads::probe(path)?;
    }
    let started = clock.now().as_second();
    let survey = survey::survey(options.from.flow()?, options.prefix.as_deref(), &name, progress).await?;
    let report = Report {
        source: name,
        dry_run: options.dry_run,
        prefix: survey.prefix.clone(),
        notes: survey.notes.clone(),
        tables: survey
            .tables
            .keys()
            .map(|label| (label.clone(), Count::default()))
            .collect(),
        ..Report::default()
    };
    let mut writer = Writer::new(db.write().await?, &survey, report, started).await?;
    walk(&mut writer, options, progress).await?;
    let (mut tx, mut report) = finish(writer, options).await?;
    if options.dry_run {
        if let Some(path) = &options.uploads {
            let names = uploads::Names::load(&mut tx).await?;
            report.uploads = Some(uploads::bring(path, &names, None, &mut report, progress).await?);
        }
        return Ok((0, report));
    }
    let source = report.source.clone();
    let json = report.to_json();
    let import = store::site::record_import(&mut tx, &source, started, clock.now().as_second(), &json).await?;
    store::site::audit(&mut tx, started, grant.actor().0, grant.verb().word(), import, &source).await?;
    record_change(&mut tx, "all", 0, clock.now().as_second()).await?;
    gp_content::exchange::settle(&mut tx, clock.now()).await?;
    store::site::count_anew(&mut tx).await?;
    tx.commit().await?;
    if let Some(path) = &options.uploads {
        let names = uploads::Names::load(&mut db.read().await?).await?;
        report.uploads = Some(uploads::bring(path, &names, Some((db, blobs)), &mut report, progress).await?);
        keep_report(db, import, &report, clock).await?;
    }
    Ok((import, report))
}

/// Writes the report of an import again, for instance with the answers at the old addresses.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_report(db: &Db, import: i64, report: &Report, clock: &dyn Clock) -> Result<()> {
    let mut tx = db.write().await?;
    let now = clock.now().as_second();
    store::site::keep_report(&mut tx, import, now, &report.to_json()).await?;
    record_change(&mut tx, "all", 0, now).await?;
    tx.commit().await
}

/// The second walk through the source.
async fn walk(writer: &mut Writer<'_>, options: &SiteImport, progress: &dyn Progress) -> Result<()> {
    terms::write(writer).await?;
    let mut flow = options.from.flow()?;
    progress.begin("Importing rows", flow.total);
    while let Some(piece) = flow.pieces.recv().await {
        if let Piece::Rows(batch) = piece? {
            writer.batch(&batch).await?;
        }
        progress.at(flow.done.load(Ordering::Relaxed));
    }
    Ok(())
}

/// What follows from all rows together.
async fn finish(mut writer: Writer<'_>, options: &SiteImport) -> Result<(Conn, Report)> {
    let survey: &Survey = writer.survey;
    for (label, (table, _)) in &survey.tables {
        let known = survey
            .standard(table)
            .is_some_and(|n| spec::spec(n).is_some() || n == "terms" || n == "term_taxonomy");
        if !known && !writer.keepers.contains_key(label) {
            let keeper = keep::Keeper::new(&mut writer.tx, label, table.clone(), &[]).await?;
            writer.keepers.insert(label.clone(), keeper);
        }
    }
    for keeper in std::mem::take(&mut writer.keepers).into_values() {
        keeper.close(&mut writer.tx).await?;
    }
    if survey.prefix != "wp_" {
        let roles = format!("{}user_roles", survey.prefix);
        store::site::copy_option(&mut writer.tx, &roles, "wp_user_roles").await?;
    }
    store::site::settle_sequences(&mut writer.tx).await?;
    for (label, (_, rows)) in &survey.tables {
        let count = writer.report.tables.get(label).copied().unwrap_or_default();
        if count.rows != *rows && matches!(options.from, From::Mysql(_)) {
            let note = format!(
                "table {label} had {rows} rows when it was read first, and {} a moment later",
                count.rows
            );
            writer.report.notes.push(note);
        } else if count.rows != *rows || !count.adds_up() {
            return Err(Error::invalid(format!(
                "{}: table {label} had {rows} rows when it was read first, and {} now",
                writer.report.source, count.rows
            ))
            .hint("the source changed during the import: start again"));
        }
    }
    Ok((writer.tx, writer.report))
}

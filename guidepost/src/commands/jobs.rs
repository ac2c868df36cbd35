//! What is done once, later: publishing what was planned, reading files, making smaller pictures. By a running server, or by `reindex` until nothing is due.

use std::time::Duration;

use gp_content::{
    Actor, Verb, actions,
    files::{self, File},
    items, meta,
};
use gp_kernel::{Clock as _, Error, ItemId, Result, SystemClock};
use gp_reading::{Reader, Unread, pictures};
use gp_store::{Job, Jobs, record_change};
use gp_web::App;

use super::act;
use crate::app::Site;

/// How often the queue is looked at when nothing is due.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long a worker may keep a job, in seconds: as long as the files of an item may take.
const LEASE: i64 = 600;

/// Does what is due, for ever.
pub(super) async fn work(site: &Site, app: &App, reader: &Reader) {
    loop {
        match work_off(site, app, reader).await {
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the job queue does not answer"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Does what is due now; how many jobs that were.
pub(super) async fn work_off(site: &Site, app: &App, reader: &Reader) -> Result<usize> {
    let jobs = Jobs::new(site.db.clone());
    let mut count = 0;
    while let Some(job) = jobs.lease(SystemClock.now().as_second(), LEASE).await? {
        count += 1;
        match perform(site, app, reader, &job).await {
            Ok(()) => jobs.done(&job).await?,
            Err(error) => {
                tracing::warn!(%error, job.kind, job.subject, "a job failed; it is tried again later");
                let now = SystemClock.now().as_second();
                jobs.failed(&job, &error.to_string(), now).await?;
            }
        }
    }
    Ok(count)
}

async fn perform(site: &Site, app: &App, reader: &Reader, job: &Job) -> Result<()> {
    let number = job.subject.parse();
    let id = ItemId(number.map_err(|_| Error::invalid(format!("{:?} is no item", job.subject)))?);
    match job.kind.as_str() {
        actions::PUBLISH_JOB => publish(site, id).await,
        actions::READ_JOB => read(site, app, reader, id).await,
        other => Err(Error::invalid(format!("nobody knows how to do the job {other:?}"))),
    }
}

/// Reads the files of an item that nobody has read yet, and tells everybody that the item says more now.
async fn read(site: &Site, app: &App, reader: &Reader, id: ItemId) -> Result<()> {
    let unread = unread(site, app, id).await?;
    for file in &unread {
        tracing::debug!(file.path, "reading");
        let told = gp_reading::read(reader, file).await?;
        let page = first_page(site, reader, file).await?;
        let mut tx = site.db.write().await?;
        let mut act = act(site, &mut tx).await?;
        gp_reading::keep(&mut act, &file.digest, &told).await?;
        if let Some(page) = page {
            pictures::keep_first_page(&mut act, &page).await?;
        }
        tx.commit().await?;
    }
    picture(site, reader, id).await?;
    let mut tx = site.db.write().await?;
    record_change(&mut tx, "item", id.0, SystemClock.now().as_second()).await?;
    tx.commit().await
}

/// The picture of a document's first page, where one is wanted.
async fn first_page(site: &Site, reader: &Reader, file: &Unread) -> Result<Option<File>> {
    let wanted = pictures::wants_first_page(&mut site.db.read().await?, &file.path).await?;
    match wanted {
        true => pictures::first_page(reader, file).await,
        false => Ok(None),
    }
}

/// Makes the sizes of a picture, where the item is one.
async fn picture(site: &Site, reader: &Reader, id: ItemId) -> Result<()> {
    let plan = {
        let mut conn = site.db.read().await?;
        let Some(item) = items::by_id(&mut conn, id).await? else {
            return Ok(());
        };
        let own = meta::of(&mut conn, meta::MetaKind::Item, id.0).await?;
        pictures::plan(&mut conn, &item, &own).await?
    };
    let Some(plan) = plan else { return Ok(()) };
    let made = pictures::make(reader, &plan).await?;
    let mut tx = site.db.write().await?;
    pictures::keep(&mut act(site, &mut tx).await?, &plan, made).await?;
    tx.commit().await
}

async fn unread(site: &Site, app: &App, id: ItemId) -> Result<Vec<Unread>> {
    let mut conn = site.db.read().await?;
    let Some(item) = items::by_id(&mut conn, id).await? else {
        return Ok(Vec::new());
    };
    let metas = meta::of_many(&mut conn, meta::MetaKind::Item, &[id.0]).await?;
    let none = meta::Meta::default();
    let own = metas.get(&id.0).unwrap_or(&none);
    let paths = (app.files_of)(&mut conn, &[(&item, own)]).await?;
    let paths: Vec<String> = paths.into_values().flatten().collect();
    let known = files::by_paths(&mut conn, &paths).await?;
    let files = known.into_iter().map(|file| Unread {
        digest: file.digest,
        size: u64::try_from(file.size).unwrap_or(0),
        path: file.path,
        item: file.item,
    });
    gp_reading::unread(&mut conn, files.collect()).await
}

async fn publish(site: &Site, id: ItemId) -> Result<()> {
    let mut tx = site.db.write().await?;
    let now = gp_kernel::mysql_date(SystemClock.now(), &jiff::tz::TimeZone::UTC);
    // Moved to a later time since the job was taken, it has a job of its own for that.
    let due = |item: &gp_content::Item| item.status == "future" && item.date_gmt <= now;
    let Some(item) = items::by_id(&mut tx, id).await?.filter(due) else {
        return Ok(());
    };
    let grant = Actor::system().may(Verb::Publish, &item, None, &site.types)?;
    // The date it was planned for stays its date.
    actions::publish(&mut act(site, &mut tx).await?, &grant, id).await?;
    tx.commit().await
}

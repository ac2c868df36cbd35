//! Imports a dump into a data folder and says how fast: `import DATA DUMP.sql [UPLOADS]`; twice, to see the second time.

use std::{path::Path, time::Instant};

use gp_content::{Actor, Verb};
use gp_kernel::{Error, SystemClock};
use gp_store::{BlobStore, Db, migrate};
use gp_transfer::{Silent, SiteImport, SiteSource, import_site};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, dump, rest @ ..] = &arguments[..] else {
        return Err(Error::invalid("usage: import DATA DUMP.sql [UPLOADS]"));
    };
    let url = std::env::var("GUIDEPOST_DATABASE").unwrap_or_default();
    let db = Db::open(&url, Path::new(data)).await?;
    migrate(&db).await?;
    let blobs = BlobStore::open("", Path::new(data))?;
    let options = SiteImport {
        from: SiteSource::Dump(dump.into()),
        uploads: rest.first().map(Into::into),
        prefix: None,
        dry_run: false,
    };
    let grant = Actor::system().may_manage(Verb::Import)?;
    let began = Instant::now();
    let (_, report) = import_site(&db, &blobs, &grant, &options, &Silent, &SystemClock).await?;
    let seconds = began.elapsed().as_secs_f64();
    let items: u64 = report.types.values().map(|c| c.rows).sum();
    println!("{}", report.to_text());
    println!("{items} items, {} rows in {seconds:.1} s", report.total().rows);
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = items as f64 / seconds;
    println!("{rate:.0} items/s; {}", memory());
    db.close().await;
    Ok(())
}

/// The most memory that this process ever had, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM"));
    line.unwrap_or("memory unknown").to_owned()
}

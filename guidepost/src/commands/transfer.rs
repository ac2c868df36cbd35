//! `import`, `export`, `check`, `backup`, `restore`.

use std::{path::Path, process::ExitCode};

use gp_content::{Actor, Verb};
use gp_kernel::{Error, Result, SystemClock};
use gp_transfer::{Bar, Report, SiteImport, SiteSource};

use crate::{
    app::Site,
    cli::{Export, Format, Import, Place},
};

/// Brings a site in.
pub(super) async fn import(site: &Site, what: Import) -> Result<ExitCode> {
    match what {
        Import::Site {
            dump,
            mysql,
            uploads,
            prefix,
            dry_run,
            report,
            format,
        } => {
            let from = match (dump, mysql) {
                (Some(file), _) => SiteSource::Dump(file),
                (None, Some(url)) => SiteSource::Mysql(url),
                (None, None) => return Err(Error::invalid("name a dump, or a database with --mysql")),
            };
            let options = SiteImport {
                from,
                uploads,
                prefix,
                dry_run,
            };
            let grant = Actor::system().may_manage(Verb::Import)?;
            let bar = Bar::new();
            let (_, made) =
                gp_transfer::import_site(&site.db, &site.blobs, &grant, &options, &bar, &SystemClock).await?;
            drop(bar);
            tell(&made, report.as_deref(), format)
        }
        Import::Wxr { .. } => Err(Error::invalid("not yet")),
    }
}

fn tell(made: &Report, file: Option<&Path>, format: Format) -> Result<ExitCode> {
    if let Some(file) = file {
        let text = format!("{:#}\n", made.to_json());
        std::fs::write(file, text).map_err(|e| Error::from(e).at(file.display()))?;
    }
    match format {
        Format::Text => print!("{}", made.to_text()),
        Format::Json => println!("{:#}", made.to_json()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes the site out.
pub(super) async fn export(_site: &Site, _what: Export) -> Result<()> {
    Err(Error::invalid("not yet"))
}

/// Everything against everything.
pub(super) async fn check(_site: &Site) -> Result<ExitCode> {
    Err(Error::invalid("not yet"))
}

/// The whole site into a file.
pub(super) async fn backup(_site: &Site, _file: &Path) -> Result<()> {
    Err(Error::invalid("not yet"))
}

/// A backup into an empty place.
pub(super) async fn restore(_place: &Place, _file: &Path) -> Result<()> {
    Err(Error::invalid("not yet"))
}

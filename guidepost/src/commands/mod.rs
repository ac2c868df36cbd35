//! The commands, one file a subject. Each opens what it needs, does one thing and says what it did.

mod audit;
mod demo;
mod documents;
mod files;
mod insights;
mod jobs;
mod people;
mod records;
mod redirects;
mod search;
mod serve;
mod settings;
mod text;
mod themes;
mod transfer;

use std::process::ExitCode;

use gp_content::{Site as Options, actions::Act};
use gp_kernel::{Clock as _, Result, SystemClock};
use gp_store::Conn;

use crate::{
    app::{self, Site},
    cli::{Cli, Command, Documents},
};

/// Runs a command.
///
/// # Errors
/// Whatever went wrong, in words for a person.
pub async fn run(cli: Cli) -> Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match cli.command {
        Command::Blocks(what) => return text::blocks(&cli.place, what).await.map(done),
        Command::Text { function } => return text::function(&function).map(done),
        Command::Documents(Documents::Extract { file, format }) => return documents::extract(&file, format).await,
        Command::Restore { file } => return transfer::restore(&cli.place, &file).await.map(done),
        _ => {}
    }
    let site = app::open(&cli.place).await?;
    let result = match cli.command {
        Command::Serve => serve::serve(&site).await.map(done),
        Command::Demo => demo::demo(&site).await.map(done),
        Command::Import(what) => transfer::import(&site, what).await,
        Command::Export(what) => transfer::export(&site, what).await.map(done),
        Command::Users(what) => people::users(&site, what).await.map(done),
        Command::Settings(what) => settings::settings(&site, what).await.map(done),
        Command::Documents(Documents::List { status, format }) => {
            documents::list(&site, status.as_deref(), format).await.map(done)
        }
        Command::Files(what) => files::files(&site, what).await.map(done),
        Command::Records(what) => records::records(&site, what).await.map(done),
        Command::Redirects(what) => redirects::redirects(&site, what).await.map(done),
        Command::Themes(what) => themes::themes(&site, what).await.map(done),
        Command::Search {
            query,
            kind,
            lang,
            limit,
            format,
        } => search::search(&site, &query, kind, lang, limit, format).await.map(done),
        Command::Reindex => search::reindex(&site).await.map(done),
        Command::Insights { days, format } => insights::insights(&site, days, format).await.map(done),
        Command::Audit { limit, format } => audit::audit(&site, limit, format).await.map(done),
        Command::Check => transfer::check(&site).await,
        Command::Backup { file } => transfer::backup(&site, &file).await.map(done),
        Command::Blocks(_)
        | Command::Documents(Documents::Extract { .. })
        | Command::Text { .. }
        | Command::Restore { .. } => Ok(ExitCode::SUCCESS),
    };
    site.db.close().await;
    result
}

/// Logs go to stderr: readable on a terminal, JSON with `GUIDEPOST_LOG_FORMAT=json`; what, by `GUIDEPOST_LOG` (default `info`).
pub fn start_logging() {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter =
        EnvFilter::try_from_env("GUIDEPOST_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,tantivy=warn"));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let json = std::env::var("GUIDEPOST_LOG_FORMAT").is_ok_and(|f| f == "json");
    // A second start in one process (tests) changes nothing.
    let _ = if json {
        builder.json().try_init()
    } else {
        builder.with_target(false).try_init()
    };
}

/// The verbs' surroundings for a command: now, in the site's zone.
pub(crate) async fn act<'a>(site: &'a Site, tx: &'a mut Conn) -> Result<Act<'a>> {
    let options = Options::load(tx).await?;
    Ok(Act {
        tx,
        types: &site.types,
        now: SystemClock.now(),
        zone: options.zone,
    })
}

//! `import`, `export`, `check`, `backup`, `restore`.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use gp_content::{Actor, Grant, Item, ItemQuery, Order, Scope, Site as Options, Verb, items};
use gp_design::themes::Folder;
use gp_kernel::{Error, Result, SystemClock};
use gp_search::Index;
use gp_store::{Conn, latest_change};
use gp_transfer::{AddressAnswer, Bar, OldAddresses, Progress as _, Report, SiteImport, SiteSource, WxrImport};
use gp_web::App;

use crate::{
    app,
    app::Site,
    cli::{Export, Format, Import, Place},
};

/// Brings a site in.
pub(super) async fn import(site: &Site, what: Import) -> Result<ExitCode> {
    let grant = Actor::system().may_manage(Verb::Import)?;
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
            let made = import_site(site, &grant, &options).await?;
            tell(&made, report.as_deref(), format)
        }
        Import::Wxr {
            files,
            media,
            dry_run,
            report,
            format,
        } => {
            let options = WxrImport { files, media, dry_run };
            let bar = Bar::new();
            let mut made = gp_transfer::import_wxr(&site.db, &site.blobs, &grant, &options, &bar, &SystemClock).await?;
            if !dry_run {
                prove(site, &mut made, &bar).await?;
            }
            drop(bar);
            tell(&made, report.as_deref(), format)
        }
    }
}

async fn import_site(site: &Site, grant: &Grant, options: &SiteImport) -> Result<Report> {
    let bar = Bar::new();
    let (import, mut made) =
        gp_transfer::import_site(&site.db, &site.blobs, grant, options, &bar, &SystemClock).await?;
    if !options.dry_run {
        prove(site, &mut made, &bar).await?;
        gp_transfer::keep_report(&site.db, import, &made, &SystemClock).await?;
    }
    Ok(made)
}

/// Up to so many addresses each page is really made; beyond, it is only found out what would be.
const WHOLE_PAGES: u64 = 5_000;

/// So many addresses are asked for at once, each lane with a connection of its own.
const LANES: usize = 4;

/// Asks the site for every old public address, and writes the answers into the report.
async fn prove(site: &Site, made: &mut Report, bar: &Bar) -> Result<()> {
    let app = app::assemble(site)?;
    let mut conn = site.db.read().await?;
    let options = app.site(&mut conn).await?;
    let mut old = OldAddresses::new(&options, &site.types);
    let total = old.estimate(&mut conn).await?;
    let whole = total <= WHOLE_PAGES;
    if !whole {
        made.notes
            .push("addresses were resolved without making each page, since there are many".to_owned());
    }
    bar.begin("Asking for every old address", Some(total));
    while let Some(addresses) = old.next(&mut conn).await? {
        let lanes: Vec<_> = addresses
            .chunks(addresses.len().div_ceil(LANES).max(1))
            .map(|part| tokio::spawn(ask_all(app.clone(), options.clone(), part.to_vec(), whole)))
            .collect();
        for lane in lanes {
            let asked = lane
                .await
                .map_err(|e| Error::internal(format!("asking for addresses: {e}")))?;
            made.addresses.add(asked?)?;
        }
        bar.at(made.addresses.asked());
    }
    Ok(())
}

async fn ask_all(app: App, options: Arc<Options>, urls: Vec<String>, whole: bool) -> Result<Vec<AddressAnswer>> {
    let mut conn = app.db.read().await?;
    if !whole {
        conn.keep_nothing();
    }
    let mut answers = Vec::with_capacity(urls.len());
    for url in urls {
        answers.push(ask(&app, &mut conn, &options, url, whole).await);
    }
    Ok(answers)
}

async fn ask(app: &App, conn: &mut Conn, options: &Arc<Options>, url: String, whole: bool) -> AddressAnswer {
    let (status, location) = app.ask(conn, options, &url, whole).await;
    let why = match status.as_u16() {
        200 => "",
        301 | 302 => "the address has another form now, or the item another name",
        404 if url.starts_with("/wp-content/") => "the file belongs to something that visitors may not see",
        404 => "nothing that visitors may see is at this address",
        _ => "the page could not be made",
    };
    AddressAnswer {
        url,
        status: status.as_u16(),
        location,
        why: why.to_owned(),
    }
}

fn tell(made: &Report, file: Option<&Path>, format: Format) -> Result<ExitCode> {
    if let Some(file) = file {
        let failed = |e: std::io::Error| Error::from(e).at(file.display());
        let out = BufWriter::new(File::create(file).map_err(failed)?);
        made.write_json(out).map_err(failed)?;
    }
    match format {
        Format::Text => print!("{}", made.to_text()),
        Format::Json => made.write_json(BufWriter::new(std::io::stdout()))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes the site out.
pub(super) async fn export(site: &Site, what: Export) -> Result<()> {
    let Export::Wxr { out } = what;
    let bar = Bar::new();
    let made = match &out {
        None => {
            let stdout = BufWriter::new(std::io::stdout());
            gp_transfer::export_wxr(&site.db, &site.types, stdout, &bar, &SystemClock).await?
        }
        Some(path) => {
            // Written beside it and moved into place: a file of this name is always whole.
            let beside = beside(path);
            let file = File::create(&beside).map_err(|e| Error::from(e).at(beside.display()))?;
            let mut writer = BufWriter::new(file);
            let made = gp_transfer::export_wxr(&site.db, &site.types, &mut writer, &bar, &SystemClock).await?;
            writer.flush()?;
            std::fs::rename(&beside, path).map_err(|e| Error::from(e).at(path.display()))?;
            made
        }
    };
    drop(bar);
    eprintln!(
        "{} items, {} terms, {} comments, {} authors are in the export",
        made.items, made.terms, made.comments, made.authors
    );
    for value in &made.uncarried {
        eprintln!("XML cannot carry {} of {} as it is", value.path, value.entry);
    }
    Ok(())
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

/// Everything against everything: a line for every fault.
pub(super) async fn check(site: &Site) -> Result<ExitCode> {
    let mut faults: Vec<String> = gp_transfer::check(&site.db, &site.blobs)
        .await?
        .iter()
        .map(ToString::to_string)
        .collect();
    faults.extend(check_index(site).await?);
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() {
        println!("No fault: database, files and search index agree");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// An index that is behind is no fault: it follows. One that says it is up to date must be.
async fn check_index(site: &Site) -> Result<Vec<String>> {
    let folder = site.config.data.join("index");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let broken = |e: gp_search::Error| Error::internal(format!("search index: {e}"));
    let index = Index::open(&folder).map_err(broken)?;
    let mut faults: Vec<String> = index
        .damaged_files()
        .map_err(broken)?
        .into_iter()
        .map(|file| format!("search index: {file} is damaged: run `guidepost reindex`"))
        .collect();
    let mut conn = site.db.read().await?;
    if index.checkpoint() != latest_change(&mut conn).await? {
        return Ok(faults);
    }
    let indexed: BTreeSet<i64> = index.ids().map_err(broken)?.collect();
    let mut expected = BTreeSet::new();
    let scope = Scope::public(&site.types);
    let mut query = ItemQuery {
        types: site
            .types
            .public()
            .filter(|t| t.searchable)
            .map(|t| t.name.to_owned())
            .collect(),
        order: Order::Id,
        limit: 500,
        ..ItemQuery::default()
    };
    loop {
        let found: Vec<Item> = items::some(&mut conn, &scope, &query).await?;
        if found.is_empty() {
            break;
        }
        query.offset += found.len();
        expected.extend(found.iter().filter(|i| i.password.is_empty()).map(|i| i.id.0));
    }
    for id in expected.difference(&indexed) {
        faults.push(format!("search index: item {id} is missing: run `guidepost reindex`"));
    }
    for id in indexed.difference(&expected) {
        faults.push(format!(
            "search index: item {id} is not public and must not be there: run `guidepost reindex`"
        ));
    }
    Ok(faults)
}

/// The whole site into a file.
pub(super) async fn backup(site: &Site, file: &Path) -> Result<()> {
    let bar = Bar::new();
    let themes = Folder::below(&site.config.data);
    let made = gp_transfer::backup(&site.db, &site.blobs, themes.path(), file, &bar, &SystemClock).await?;
    drop(bar);
    let rows: u64 = made.tables.values().sum();
    println!(
        "{rows} rows, {} files and {} files of themes are in {}",
        made.files,
        made.themes,
        file.display()
    );
    Ok(())
}

/// A backup into an empty place.
pub(super) async fn restore(place: &Place, file: &Path) -> Result<()> {
    let site = app::open(place).await?;
    let bar = Bar::new();
    let themes = Folder::below(&site.config.data);
    let made = gp_transfer::restore(&site.db, &site.blobs, themes.path(), file, &bar).await?;
    drop(bar);
    // The index belongs to what was there before; it is made anew.
    let index = site.config.data.join("index");
    if index.exists() {
        std::fs::remove_dir_all(&index).map_err(|e| Error::from(e).at(index.display()))?;
    }
    let rows: u64 = made.tables.values().sum();
    println!(
        "{rows} rows, {} files and {} files of themes are back",
        made.files, made.themes
    );
    site.db.close().await;
    Ok(())
}

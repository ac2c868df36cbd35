//! Composition: configuration in, running parts out.

use std::{io::Write as _, path::Path, sync::Arc};

use gp_blocks::Renderer;
use gp_content::Types;
use gp_fetch::{Allowed, Fetcher};
use gp_kernel::{Config, Error, Layer, Result, SystemClock};
use gp_people::{
    Outside,
    accounts::{self, Behind},
    mail::Mailer,
};
use gp_reading::{Change, Reader, Wish};
use gp_search::Index;
use gp_store::{BlobStore, Db};
use gp_web::{Acme, App, Identify, Metrics, NewApp, Pages, Rates, Tally, Tls};

use crate::{builtin, cli::Place, registry};

/// The configuration of this call.
///
/// # Errors
/// When guidepost.toml is wrong.
pub fn config(place: &Place) -> Result<Config> {
    let file = Path::new("guidepost.toml");
    let text = match std::fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::from(error).at(file.display())),
    };
    let options = Layer {
        data: place.data.clone(),
        database: place.database.clone(),
        blobs: place.blobs.clone(),
        listen: place.listen.clone(),
        url: place.url.clone(),
        page_cache: place.page_cache.clone(),
        metrics: place.metrics.clone(),
        listen_http: place.listen_http.clone(),
        connections: place.connections.clone(),
        patience: place.patience.clone(),
        ocr: place.ocr.clone(),
        smtp: place.smtp.clone(),
        mail_from: place.mail_from.clone(),
        api_rates: place.api_rates.clone(),
        fetch_allow: place.fetch_allow.clone(),
        tls_certificate: place.tls_certificate.clone(),
        tls_key: place.tls_key.clone(),
        acme: place.acme.clone(),
        acme_contact: place.acme_contact.clone(),
        acme_directory: place.acme_directory.clone(),
        acme_roots: place.acme_roots.clone(),
    };
    Config::merge(
        options,
        |name| std::env::var(name).ok(),
        text.as_deref().map(|t| ("guidepost.toml", t)),
    )
    .map_err(|e| Error::invalid(e.to_string()))
}

/// The store and the types: what every command needs.
#[derive(Clone)]
pub struct Site {
    /// The configuration.
    pub config: Config,
    /// The database, up to date.
    pub db: Db,
    /// The files.
    pub blobs: BlobStore,
    /// The types.
    pub types: Arc<Types>,
}

/// Opens the store and brings its schema up to date.
///
/// # Errors
/// When database or files cannot be opened.
pub async fn open(place: &Place) -> Result<Site> {
    let config = config(place)?;
    let db = Db::open(&config.database, &config.data).await?;
    gp_store::migrate(&db).await?;
    let blobs = BlobStore::open(&config.blobs, &config.data)?;
    Ok(Site {
        config,
        db,
        blobs,
        types: Arc::new(registry::types()),
    })
}

/// How the listener is encrypted, when it is.
///
/// # Errors
/// When files cannot be read, or half of what is needed is missing.
pub fn tls(config: &Config) -> Result<Option<Tls>> {
    let tls = &config.tls;
    let names: Vec<String> = tls.acme.split(',').map(|name| name.trim().to_owned()).collect();
    match (tls.certificate.as_str(), tls.key.as_str(), tls.acme.as_str()) {
        ("", "", "") => Ok(None),
        ("", "", _) => Tls::from_acme(Acme {
            domains: names.into_iter().filter(|name| !name.is_empty()).collect(),
            contact: tls.acme_contact.clone(),
            directory: tls.acme_directory.clone(),
            roots: (!tls.acme_roots.is_empty()).then(|| tls.acme_roots.clone().into()),
            folder: config.data.join("certificates"),
        })
        .map(Some),
        (certificate, key, "") if !certificate.is_empty() && !key.is_empty() => {
            Tls::from_files(Path::new(certificate), Path::new(key)).map(Some)
        }
        _ => Err(Error::invalid("the settings for HTTPS do not fit together")
            .hint("give --tls-certificate and --tls-key, or --acme alone")),
    }
}

/// Who asks.
fn identify(site: &Site, rates: Arc<Rates>) -> Identify {
    let behind = Arc::new(Behind {
        db: site.db.clone(),
        types: site.types.clone(),
        rates,
    });
    Arc::new(move |conn, site, asking| {
        let behind = behind.clone();
        Box::pin(async move { accounts::identify(conn, site, asking, &behind).await })
    })
}

/// What the doors of people need.
fn people(site: &Site) -> Result<Outside> {
    let config = &site.config;
    let mailer = Mailer::new(&config.smtp, &config.mail_from, &config.url, &config.data.join("mail"))?;
    Ok(Outside {
        random: random(),
        mailer: Arc::new(mailer),
    })
}

/// The whole site, ready to answer.
///
/// # Errors
/// When theme or index cannot be opened.
pub fn assemble(site: &Site) -> Result<App> {
    let folder = site.config.data.join("index");
    std::fs::create_dir_all(&folder).map_err(|e| Error::from(e).at(folder.display()))?;
    let index = Index::open(&folder).map_err(|e| Error::internal(format!("search index: {e}")))?;
    let themes = gp_design::themes::Folder::below(&site.config.data);
    let installed = themes.clone();
    let renderer = Renderer::new(builtin::theme()?, vec![Arc::new(gp_library::LibraryBlocks)])
        .with_themes(Arc::new(move |name| installed.read(name)));
    let rates = Arc::new(Rates::new(site.config.api_rates));
    Ok(App::new(NewApp {
        db: site.db.clone(),
        blobs: site.blobs.clone(),
        types: site.types.clone(),
        renderer: Arc::new(renderer),
        index: Arc::new(index),
        assets: builtin::assets(),
        themes: themes.path().to_owned(),
        identify: identify(site, rates.clone()),
        doors: doors(site)?,
        files_of: Arc::new(|conn, items| Box::pin(gp_library::documents::paths_of(conn, items))),
        works_of: Arc::new(|conn, asking, items| Box::pin(gp_library::works::of_items(conn, asking, items))),
        sentence: gp_library::works::sentence,
        describe: gp_library::record::described,
        clock: Arc::new(SystemClock),
        url: site.config.url.clone(),
        pages: Pages::new(site.config.page_cache << 20),
        rates,
        tally: Tally::default(),
        metrics: Metrics::default(),
    }))
}

/// The doors beside the public pages.
fn doors(site: &Site) -> Result<Vec<gp_web::Door>> {
    let mut doors = gp_people::doors(people(site)?);
    let api = gp_rest::Api::new(kit(site)?);
    doors.push(gp_rest::door(api.clone()));
    let mut screens = gp_editing::screens();
    screens.extend(gp_people::screens(people(site)?));
    screens.extend(gp_settings::screens());
    screens.extend(gp_upkeep::screens(upkeep(site)));
    doors.push(gp_admin::door(gp_admin::Room { api, screens }));
    Ok(doors)
}

/// What the screens of upkeep need.
fn upkeep(site: &Site) -> gp_upkeep::Outside {
    let (export, check) = (site.clone(), site.clone());
    gp_upkeep::Outside {
        mails: site.config.smtp.is_empty().then(|| site.config.data.join("mail")),
        mail_from: site.config.mail_from.clone(),
        export: Arc::new(move |file| {
            let site = export.clone();
            Box::pin(async move {
                let mut out = std::io::BufWriter::new(file);
                gp_transfer::export_wxr(&site.db, &site.types, &mut out, &gp_transfer::Silent, &SystemClock).await?;
                Ok(out.flush()?)
            })
        }),
        check: Arc::new(move || {
            let site = check.clone();
            Box::pin(async move {
                let faults = gp_transfer::check(&site.db, &site.blobs).await?;
                Ok(faults.iter().map(ToString::to_string).collect())
            })
        }),
    }
}

/// Bytes that nobody can guess, from the system.
fn random() -> gp_people::Random {
    Arc::new(|bytes| {
        getrandom::fill(bytes).map_err(|e| Error::internal(format!("the system gives no random bytes: {e}")))
    })
}

/// What the features lend to the API.
fn kit(site: &Site) -> Result<gp_rest::Kit> {
    Ok(gp_rest::Kit {
        fetcher: Fetcher::new(Allowed::parse(&site.config.fetch_allow)?),
        edit_picture: Some(edit_picture(Reader::new(site.blobs.clone(), None)?)),
        hash_password: Some(Arc::new(|password| Box::pin(hash_password(password)))),
        routes: vec![
            Arc::new(|_, types| gp_design::rest::routes(types)),
            Arc::new(|_, _| gp_people::rest::routes(random())),
            Arc::new(|_, _| gp_library::rest::routes()),
        ],
    })
}

/// Edits pictures in the box that reads files.
fn edit_picture(reader: Reader) -> gp_rest::EditPicture {
    Arc::new(move |digest, size, edits| {
        let reader = reader.clone();
        Box::pin(async move {
            let thousandths = |hundredths: f64| (hundredths.clamp(0.0, 100.0) * 1000.0).round() as u32;
            let changes = edits.into_iter().map(|edit| match edit {
                gp_rest::Edit::Flip { horizontal, vertical } => Change::Flip(horizontal, vertical),
                gp_rest::Edit::Rotate(degrees) => Change::Rotate(degrees),
                gp_rest::Edit::Crop(part) => {
                    let [left, top, width, height] = part.map(thousandths);
                    Change::Crop(left, top, width, height)
                }
            });
            let drawn = reader.draw(&digest, size, &Wish::Edited(changes.collect())).await?;
            let file = drawn.files.into_iter().next().map(|file| file.bytes);
            Ok(file.ok_or_else(|| drawn.refused.unwrap_or_else(|| "Nothing came of it.".to_owned())))
        })
    })
}

/// A password as it is kept; hashing takes its time, and is done where nobody waits for it.
async fn hash_password(password: String) -> Result<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|e| Error::internal(format!("the system gives no random bytes: {e}")))?;
    gp_people::passwords::in_turn(move || gp_people::passwords::hash(&password, &salt)).await?
}

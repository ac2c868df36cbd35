//! `search` and `reindex`.

use std::time::Duration;

use gp_content::{
    Actor, Verb, actions,
    address::{Request, sought},
};
use gp_kernel::{Clock as _, Error, ErrorKind, Result, SystemClock};
use gp_reading::{Ocr, Reader};
use gp_web::{
    App,
    public::{self, Visit},
};

use super::{act, jobs};

use crate::{app, app::Site, cli::Format};

/// Searches as a visitor does.
pub(super) async fn search(
    site: &Site,
    query: &str,
    kind: Option<String>,
    lang: Option<String>,
    limit: usize,
    format: Format,
) -> Result<()> {
    let app = app::assemble(site)?;
    match app.catch_up().await {
        // A running server writes to the index; it follows by itself.
        Err(error) if error.kind == ErrorKind::Conflict => {}
        done => done?,
    }
    let mut conn = site.db.read().await?;
    let options = app.site(&mut conn).await?;
    let mut request = Request::parse("/", "");
    for (name, value) in [("type", kind), ("lang", lang)] {
        if let Some(value) = value {
            request.parameters.insert(name.to_owned(), value);
        }
    }
    let headers = axum::http::HeaderMap::new();
    let visit = Visit {
        app: &app,
        glance: false,
        site: options.clone(),
        scope: app.public_scope(),
        request,
        base_url: site.config.url.clone(),
        sent: None,
        headers: &headers,
    };
    let list = sought::list(&mut conn, &site.types, &visit.request, query, 1).await?;
    let found = public::found(&visit, &mut conn, &list, limit).await?;
    let links = gp_content::address::links::of_items(&mut conn, &options, &site.types, &found.items).await?;
    match format {
        Format::Text => {
            println!("{} found", found.total);
            for item in &found.items {
                println!("{}\n    {}", item.title, links.get(&item.id).map_or("", String::as_str));
                for place in found.places.get(&item.id).into_iter().flatten() {
                    let text = gp_markup::text::plain_text(&place.html);
                    println!("    page {}: {}\n        {text}", place.page, place.url);
                }
            }
        }
        Format::Json => {
            let address = |id| links.get(&id).map_or("", String::as_str);
            println!("{}", public::told(&found, &site.config.url, &address));
        }
    }
    Ok(())
}

/// How often a server that holds the index is asked whether it is done.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Makes the index anew. A running server that holds it is told to, by a change of everything; this waits for it.
pub(super) async fn reindex(site: &Site) -> Result<()> {
    let app = app::assemble(site)?;
    let ocr = Ocr::of(&site.config.ocr).await?;
    if ocr.is_some() {
        read_scanned_again(site).await?;
    }
    let mut asked = None;
    loop {
        match app.reindex().await {
            Err(error) if error.kind == ErrorKind::Conflict => {}
            done => break done?,
        }
        let wanted = match asked {
            Some(change) => change,
            None => *asked.insert(everything_changed(site).await?),
        };
        tokio::time::sleep(LOOK_EVERY).await;
        app.index
            .refresh()
            .map_err(|e| Error::new(ErrorKind::Unavailable, format!("search index: {e}")))?;
        if app.index.checkpoint() >= wanted {
            break;
        }
    }
    read_files(site, &app, ocr).await?;
    settle_exchange(site).await?;
    println!("{} items are in the index", app.index.count());
    Ok(())
}

/// Reads the files that nobody has read yet, and brings what stands in them into the index.
async fn read_files(site: &Site, app: &App, ocr: Option<Ocr>) -> Result<()> {
    let reader = Reader::new(site.blobs.clone(), ocr)?;
    if jobs::work_off(site, app, &reader).await? == 0 {
        return Ok(());
    }
    loop {
        match app.catch_up().await {
            Err(error) if error.kind == ErrorKind::Conflict => {}
            done => break done,
        }
        // A running server holds the index, and follows by itself.
        let latest = gp_store::latest_change(&mut site.db.read().await?).await?;
        app.index
            .refresh()
            .map_err(|e| Error::new(ErrorKind::Unavailable, format!("search index: {e}")))?;
        if app.index.checkpoint() >= latest {
            break Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// What was found to be pictures of paper, before somebody could read these.
async fn read_scanned_again(site: &Site) -> Result<()> {
    let grant = Actor::system().may_manage(Verb::Import)?;
    let mut tx = site.db.write().await?;
    actions::forget_readings(&mut act(site, &mut tx).await?, &grant, "scanned").await?;
    tx.commit().await
}

/// Symbols and harvesters' stamps are made from the rows, too; a folder from before there were any gets them here.
async fn settle_exchange(site: &Site) -> Result<()> {
    let mut tx = site.db.write().await?;
    gp_content::exchange::settle(&mut tx, SystemClock.now()).await?;
    tx.commit().await
}

async fn everything_changed(site: &Site) -> Result<i64> {
    let mut tx = site.db.write().await?;
    let change = gp_store::record_change(&mut tx, "all", 0, SystemClock.now().as_second()).await?;
    tx.commit().await?;
    Ok(change)
}

//! `serve`: the listener, the worker of jobs, the follower of changes, and a graceful end.

use std::time::Duration;

use gp_kernel::{Clock as _, Error, Result, SystemClock};
use gp_reading::{Ocr, Reader};
use gp_store::Feed;
use gp_web::{App, Limits};
use tokio::net::TcpListener;

use super::{jobs, people::random};
use crate::{app, app::Site};

/// Serves until it is told to end.
pub(super) async fn serve(site: &Site) -> Result<()> {
    let app = app::assemble(site)?;
    let ocr = Ocr::of(&site.config.ocr).await?;
    let listener = TcpListener::bind(&site.config.listen).await.map_err(|e| {
        Error::from(e)
            .at(format!("listening on {}", site.config.listen))
            .hint("is another server running there?")
    })?;
    let address = listener.local_addr()?;
    let tls = app::tls(&site.config)?;
    let figures = second_listener(&site.config.metrics).await?;
    let limits = Limits {
        connections: site.config.connections,
        patience: Duration::from_secs(site.config.patience),
    };
    make_room(site.config.connections);
    let plain = second_listener(&site.config.listen_http).await?;
    if plain.is_some() && tls.is_none() {
        return Err(
            Error::invalid("there is no https to lead to from GUIDEPOST_LISTEN_HTTP")
                .hint("name a certificate (GUIDEPOST_TLS_CERTIFICATE) or have one ordered (GUIDEPOST_ACME)"),
        );
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    let first = gp_people::start(&site.db, &site.types, SystemClock.now(), &random()?).await?;
    println!("Guidepost answers at {scheme}://{address}/");
    if let Some(path) = first {
        let base = match site.config.url.as_str() {
            "" => format!("{scheme}://{address}"),
            url => url.to_owned(),
        };
        println!("Nobody can sign in yet. Make the first account here, once: {base}{path}");
    }
    let leading = tokio::spawn(lead(plain, limits, app.clone()));
    let measuring = tokio::spawn(measure(figures, app.clone()));
    let following = tokio::spawn(follow(app.clone()));
    let counting = tokio::spawn(count(app.clone()));
    let working = tokio::spawn(work(site.clone(), app.clone(), ocr));
    gp_web::serve(listener, tls, limits, app.clone(), ended()).await?;
    counting.abort();
    write_tally(&app).await;
    following.abort();
    working.abort();
    measuring.abort();
    leading.abort();
    Ok(())
}

/// Every connection is an open file, and what it asks for may be others; the system's first allowance is often 1,024.
fn make_room(connections: usize) {
    const A_CONNECTION: u64 = 2;
    const BESIDES: u64 = 256;
    let wanted = u64::try_from(connections)
        .unwrap_or(u64::MAX)
        .saturating_mul(A_CONNECTION)
        .saturating_add(BESIDES);
    match rlimit::increase_nofile_limit(wanted) {
        Ok(given) if given < wanted => tracing::warn!(given, wanted, "few files may be open: raise `ulimit -n`"),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, wanted, "how many files may be open could not be raised"),
    }
}

/// A second listener, where somebody asked for one.
async fn second_listener(address: &str) -> Result<Option<TcpListener>> {
    if address.is_empty() {
        return Ok(None);
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|e| Error::from(e).at(format!("listening on {address} too")))?;
    Ok(Some(listener))
}

/// From http to https.
async fn lead(listener: Option<TcpListener>, limits: Limits, app: App) {
    if let Some(listener) = listener
        && let Err(error) = gp_web::serve_redirect(listener, limits, app).await
    {
        tracing::error!(%error, "nobody is led to https any more");
    }
}

/// Figures for the operator.
async fn measure(listener: Option<TcpListener>, app: App) {
    if let Some(listener) = listener
        && let Err(error) = gp_web::serve_metrics(listener, app, std::future::pending()).await
    {
        tracing::error!(%error, "the figures can no longer be told");
    }
}

/// SIGTERM or Ctrl-C.
async fn ended() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! { _ = interrupt => (), _ = terminate.recv() => () }
        }
        Err(_) => drop(interrupt.await),
    }
    tracing::info!("ending: open answers are finished first");
}

/// Keeps the index in step with the change feed.
async fn follow(app: App) {
    let mut feed = loop {
        match Feed::follow(&app.db).await {
            Ok(feed) => break feed,
            Err(error) => {
                tracing::warn!(%error, "the change feed cannot be followed yet");
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    };
    loop {
        if let Err(error) = app.catch_up().await {
            tracing::warn!(%error, "the search index is behind; trying again soon");
        }
        if tokio::time::timeout(IDLE, feed.moved()).await.is_err() {
            // Nothing changed for a while: the writer's memory and lock are given back.
            let index = app.index.clone();
            match tokio::task::spawn_blocking(move || index.rest(IDLE)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::debug!(%error, "the index's writer stays"),
                Err(error) => tracing::warn!(%error, "the index's writer was lost"),
            }
        }
    }
}

/// After so long without a change the index rests; after a failure it is tried again.
const IDLE: Duration = Duration::from_secs(30);

/// Writes down now and then what was counted.
async fn count(app: App) {
    loop {
        tokio::time::sleep(WRITE_EVERY).await;
        write_tally(&app).await;
    }
}

async fn write_tally(app: &App) {
    if let Err(error) = app.write_tally().await {
        tracing::warn!(%error, "what was counted could not be written down");
    }
}

/// How often what was counted is written down.
const WRITE_EVERY: Duration = Duration::from_secs(60);

/// Does what is due. Without a reader the server answers all the same.
async fn work(site: Site, app: App, ocr: Option<Ocr>) {
    match Reader::new(site.blobs.clone(), ocr) {
        Ok(reader) => jobs::work(&site, &app, &reader).await,
        Err(error) => tracing::error!(%error, "no jobs are done"),
    }
}

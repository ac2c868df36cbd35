//! The listener: HTTP/1.1 and HTTP/2, with patience for slow lines but not for endless headers, and an end that lets open answers finish.

use std::{future::Future, time::Duration};

use gp_kernel::Result;
use hyper::{
    Request,
    body::Incoming,
    server::conn::{http1, http2},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::{
    app::App,
    router::{Peer, router},
};

/// A request must have arrived within this time, however slowly its bytes come.
const HEADER_PATIENCE: Duration = Duration::from_secs(30);
/// The wait before the next try when connections cannot be taken; without one a full table of files would cost a whole core.
const BREATH: Duration = Duration::from_millis(50);
/// How long open answers may take once the end is asked for.
const FAREWELL: Duration = Duration::from_secs(20);

/// Answers until `ended` is done.
///
/// # Errors
/// When the listener is lost.
pub async fn serve(listener: TcpListener, app: App, ended: impl Future<Output = ()>) -> Result<()> {
    let router = router(app);
    let (one, two) = (http1(), http2());
    let graceful = GracefulShutdown::new();
    tokio::pin!(ended);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ended => break,
        };
        let (stream, peer) = match accepted {
            Ok((stream, address)) => (stream, Peer(address.ip())),
            Err(error) => {
                // Too many open files, or a visitor who left already: neither ends the server.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let service = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request
        });
        let (one, two, watcher) = (one.clone(), two.clone(), graceful.watcher());
        tokio::spawn(async move {
            let service = TowerToHyperService::new(service);
            let ended = match tokio::time::timeout(HEADER_PATIENCE, begins_as_http2(&stream)).await {
                Ok(Ok(true)) => watcher.watch(two.serve_connection(TokioIo::new(stream), service)).await,
                Ok(Ok(false)) => watcher.watch(one.serve_connection(TokioIo::new(stream), service)).await,
                Ok(Err(_)) | Err(_) => return,
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished in time");
    }
    Ok(())
}

fn http1() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_PATIENCE);
    builder
}

/// How many requests of one connection are answered at the same time.
const MOST_STREAMS: u32 = 100;
/// Headers of one request, in bytes.
const MOST_HEADERS: u32 = 32 * 1024;

fn http2() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(MOST_STREAMS)
        .max_header_list_size(MOST_HEADERS)
        // A visitor who is gone, or never says anything, is noticed.
        .keep_alive_interval(HEADER_PATIENCE)
        .keep_alive_timeout(HEADER_PATIENCE);
    builder
}

/// The first bytes that a client of HTTP/2 sends when it knows that the server speaks it (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Looks at the first bytes without taking them.
async fn begins_as_http2(stream: &TcpStream) -> std::io::Result<bool> {
    let mut seen = [0; PREFACE.len()];
    loop {
        let n = stream.peek(&mut seen).await?;
        if n == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if n == PREFACE.len() || !PREFACE.starts_with(&seen[..n]) {
            return Ok(seen == PREFACE);
        }
        // The rest of a beginning that fits is on its way.
        tokio::time::sleep(BREATH).await;
    }
}

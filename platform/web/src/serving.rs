//! The listener: HTTP/1.1 with patience for slow lines but not for endless headers, and an end that lets open answers finish.

use std::{future::Future, time::Duration};

use gp_kernel::Result;
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::{
    app::App,
    forgiving::Forgiving,
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
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_PATIENCE);
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
        let connection =
            builder.serve_connection(TokioIo::new(Forgiving::new(stream)), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
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

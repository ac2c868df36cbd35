//! The listener: HTTP/1.1 with patience for slow lines but not for endless headers, and an end that lets open answers finish.

use std::{future::Future, time::Duration};

use gp_kernel::Result;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;

use crate::{app::App, router::router};

/// A request must have arrived within this time, however slowly its bytes come.
const HEADER_PATIENCE: Duration = Duration::from_secs(30);
/// How long open answers may take once the end is asked for.
const FAREWELL: Duration = Duration::from_secs(20);

/// Answers until `ended` is done.
///
/// # Errors
/// When the listener is lost.
pub async fn serve(listener: TcpListener, app: App, ended: impl Future<Output = ()>) -> Result<()> {
    let service = TowerToHyperService::new(router(app));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_PATIENCE);
    let graceful = GracefulShutdown::new();
    tokio::pin!(ended);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ended => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Too many open files, or a visitor who left already: neither ends the server.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::task::yield_now().await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let connection = builder.serve_connection(TokioIo::new(stream), service.clone());
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

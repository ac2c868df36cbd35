//! The listener: HTTP/1.1 and HTTP/2, with patience for slow lines but not for endless headers, and an end that lets open answers finish.

use std::{convert::Infallible, future::Future, sync::Arc, time::Duration};

use axum::body::Body;
use futures_util::{FutureExt as _, future::ready};
use gp_kernel::Result;
use hyper::{
    Request, Response,
    body::Incoming,
    server::conn::{http1, http2},
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutWriter;

use crate::{
    app::App,
    forgiving::Forgiving,
    router::{Peer, serve as serve_one, to_https},
    tls::Tls,
};

/// What one visitor, or all of them together, may take of the server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at the same time; more wait until one ends.
    pub connections: usize,
    /// The head of a request must have arrived within this time, however slowly its bytes come; and whoever takes nothing of an
    /// answer for so long is let go.
    pub patience: Duration,
}

/// The wait before the next try when connections cannot be taken; without one a full table of files would cost a whole core.
const BREATH: Duration = Duration::from_millis(50);
/// How long open answers may take once the end is asked for.
const FAREWELL: Duration = Duration::from_secs(20);

/// Answers within these limits until `ended` is done; encrypted, where there is a `tls`.
///
/// # Errors
/// When the listener is lost.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    limits: Limits,
    app: App,
    ended: impl Future<Output = ()>,
) -> Result<()> {
    let talk = Talk {
        one: http1(limits.patience),
        two: http2(limits.patience),
        patience: limits.patience,
    };
    let room = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    let secure = tls.is_some();
    let graceful = GracefulShutdown::new();
    tokio::pin!(ended);
    loop {
        let next = async {
            let place = room.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut ended => break,
        };
        let (stream, peer) = match accepted {
            Ok((stream, address)) => (
                stream,
                Peer {
                    ip: address.ip(),
                    secure,
                },
            ),
            Err(error) => {
                // Too many open files, or a visitor who left already: neither ends the server.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let app = app.clone();
        let service = service_fn(move |request: Request<Incoming>| serve_one(&app, peer, request).map(Ok));
        let (talk, tls, watcher) = (talk.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            if let Err(error) = talk.begin(stream, tls, service, watcher).await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished in time");
    }
    Ok(())
}

/// Sends everybody who comes by plain HTTP to the same address by HTTPS, until the program ends.
///
/// # Errors
/// When the listener is lost.
pub async fn serve_redirect(listener: TcpListener, limits: Limits, app: App) -> Result<()> {
    let talk = http1(limits.patience);
    let room = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    loop {
        let place = room.clone().acquire_owned().await;
        let Ok((stream, address)) = listener.accept().await else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let peer = Peer {
            ip: address.ip(),
            secure: true,
        };
        let app = app.clone();
        let service =
            service_fn(move |request: Request<Incoming>| ready(Ok::<_, Infallible>(to_https(&app, peer, &request))));
        let talking = talk.serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            if let Err(error) = talking.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
}

/// How connections are talked over.
#[derive(Clone)]
struct Talk {
    one: http1::Builder,
    two: http2::Builder<TokioExecutor>,
    patience: Duration,
}

/// Why a connection ended.
type Ended = Box<dyn std::error::Error + Send + Sync>;

impl Talk {
    async fn begin<S>(
        self,
        stream: TcpStream,
        tls: Option<Tls>,
        service: S,
        watcher: Watcher,
    ) -> std::result::Result<(), Ended>
    where
        S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible> + Send + 'static,
        S::Future: Send,
    {
        let Some(tls) = tls else {
            let two = tokio::time::timeout(self.patience, begins_as_http2(&stream)).await??;
            return self.answer(stream, two, service, watcher).await;
        };
        let Some(stream) = tokio::time::timeout(self.patience, tls.accept(stream)).await?? else {
            return Ok(());
        };
        let two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        self.answer(stream, two, service, watcher).await
    }

    async fn answer<I, S>(self, stream: I, two: bool, service: S, watcher: Watcher) -> std::result::Result<(), Ended>
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible> + Send + 'static,
        S::Future: Send,
    {
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(self.patience));
        let stream = Box::pin(stream);
        if two {
            let stream = TokioIo::new(stream);
            watcher.watch(self.two.serve_connection(stream, service)).await?;
        } else {
            let stream = TokioIo::new(Forgiving::new(stream));
            watcher.watch(self.one.serve_connection(stream, service)).await?;
        }
        Ok(())
    }
}

fn http1(patience: Duration) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience);
    builder
}

/// How many requests of one connection are answered at the same time.
const MOST_STREAMS: u32 = 100;
/// Headers of one request, in bytes.
const MOST_HEADERS: u32 = 32 * 1024;

fn http2(patience: Duration) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(MOST_STREAMS)
        .max_header_list_size(MOST_HEADERS)
        // A visitor who is gone, or never says anything, is noticed.
        .keep_alive_interval(patience)
        .keep_alive_timeout(patience);
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

//! The listener: HTTP/1.1 and HTTP/2, with patience for slow lines but not for endless headers, and an end that lets open answers finish.

use std::{convert::Infallible, future::Future, time::Duration};

use axum::body::Body;
use gp_kernel::Result;
use hyper::{
    Request, Response,
    body::Incoming,
    server::conn::{http1, http2},
    service::Service,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tower::ServiceExt as _;

use crate::{
    app::App,
    forgiving::Forgiving,
    router::{Peer, router},
    tls::Tls,
};

/// A request must have arrived within this time, however slowly its bytes come.
const HEADER_PATIENCE: Duration = Duration::from_secs(30);
/// The wait before the next try when connections cannot be taken; without one a full table of files would cost a whole core.
const BREATH: Duration = Duration::from_millis(50);
/// How long open answers may take once the end is asked for.
const FAREWELL: Duration = Duration::from_secs(20);

/// Answers until `ended` is done; encrypted, where there is a `tls`.
///
/// # Errors
/// When the listener is lost.
pub async fn serve(listener: TcpListener, tls: Option<Tls>, app: App, ended: impl Future<Output = ()>) -> Result<()> {
    let router = router(app);
    let talk = Talk {
        one: http1(),
        two: http2(),
    };
    let secure = tls.is_some();
    let graceful = GracefulShutdown::new();
    tokio::pin!(ended);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
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
        let service = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request
        });
        let service = TowerToHyperService::new(service);
        let (talk, tls, watcher) = (talk.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            if let Err(error) = talk.begin(stream, tls, service, watcher).await {
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

/// How connections are talked over.
#[derive(Clone)]
struct Talk {
    one: http1::Builder,
    two: http2::Builder<TokioExecutor>,
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
            let two = tokio::time::timeout(HEADER_PATIENCE, begins_as_http2(&stream)).await??;
            return self.answer(stream, two, service, watcher).await;
        };
        let Some(stream) = tokio::time::timeout(HEADER_PATIENCE, tls.accept(stream)).await?? else {
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

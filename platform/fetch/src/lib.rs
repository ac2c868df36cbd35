//! Fetches what people name by an address: a page to link to, a video to embed, a picture to keep. The one place from which this program
//! asks other sites for what somebody typed.
//!
//! Whoever types an address must not reach through this program what only this program can reach: the database beside it, another
//! container, the cloud's own metadata. So the name is resolved here, every address it has is judged, and the connection goes to those
//! addresses and no others; each redirect begins anew. What must never be here: a cookie, a proxy, a second try with less care.

mod allowed;
mod public;

use std::{io::Write, net::SocketAddr, sync::Arc, time::Duration};

use reqwest::{
    Client, Response,
    dns::{Name, Resolve, Resolving},
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION},
    redirect::Policy,
};
use tokio::sync::Semaphore;
use url::{Host, Url};

pub use allowed::Allowed;
pub use public::is_public;

/// How many redirects are followed.
const HOPS: usize = 4;
/// How long a connection may take to be there.
const CONNECTING: Duration = Duration::from_secs(5);

/// Limits of one fetch.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most bytes of a body.
    pub bytes: u64,
    /// Whether a body with more is refused; else it is read so far, and no further.
    pub whole: bool,
    /// How long everything may take: names, redirects, the body.
    pub time: Duration,
}

/// Fetches by rules that were set once.
#[derive(Debug, Clone)]
pub struct Fetcher {
    allowed: Allowed,
    /// One for each fetch that may be on its way.
    places: Arc<Semaphore>,
}

/// How many fetches may be on their way at the same time: others wait for their answers too.
const PLACES: usize = 8;

impl Default for Fetcher {
    fn default() -> Self {
        Self::new(Allowed::default())
    }
}

/// What came, besides the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it was in the end.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// What the other side says it is, without parameters: `text/html`.
    pub kind: String,
    /// How many bytes.
    pub size: u64,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is no address that may be asked.
    #[error("{0}")]
    Address(String),
    /// The name leads into a network that is nobody's business outside.
    #[error(
        "{host} is not public ({address}); an operator allows single hosts with GUIDEPOST_FETCH_ALLOW=HOST or HOST:PORT"
    )]
    Private {
        /// The host of the address.
        host: String,
        /// One of its addresses.
        address: std::net::IpAddr,
    },
    /// Nobody answers.
    #[error("{host} does not answer: {reason}")]
    Silent {
        /// The host of the address.
        host: String,
        /// What went wrong.
        reason: String,
    },
    /// Redirects without an end.
    #[error("{0} leads on more than {HOPS} times")]
    Circle(String),
    /// More than was wanted.
    #[error("{url} has more than {most} bytes")]
    Large {
        /// What was asked for.
        url: String,
        /// The limit.
        most: u64,
    },
    /// Slower than was wanted.
    #[error("{0} took longer than {1} seconds")]
    Slow(String, u64),
    /// Others are being waited for.
    #[error("{PLACES} addresses are being fetched already; try again in a moment")]
    Busy,
    /// What came could not be kept.
    #[error("what was fetched could not be kept: {0}")]
    Keeping(#[from] std::io::Error),
}

impl Fetcher {
    /// With these hosts allowed whatever their addresses are.
    pub fn new(allowed: Allowed) -> Self {
        Self {
            allowed,
            places: Arc::new(Semaphore::new(PLACES)),
        }
    }

    /// Fetches into memory.
    ///
    /// # Errors
    /// A [`Refusal`] says why not.
    pub async fn bytes(&self, url: &str, accept: &'static str, limits: Limits) -> Result<(Fetched, Vec<u8>), Refusal> {
        let mut bytes = Vec::new();
        let fetched = self.fetch_into(url, accept, limits, &mut bytes).await?;
        Ok((fetched, bytes))
    }

    /// Fetches into a file or whatever else takes bytes.
    ///
    /// # Errors
    /// A [`Refusal`] says why not; what was written until then is of no use.
    pub async fn fetch_into(
        &self,
        url: &str,
        accept: &'static str,
        limits: Limits,
        to: &mut (impl Write + Send),
    ) -> Result<Fetched, Refusal> {
        let _place = self.places.try_acquire().map_err(|_| Refusal::Busy)?;
        tokio::time::timeout(limits.time, self.follow(url, accept, limits, to))
            .await
            .unwrap_or_else(|_| Err(Refusal::Slow(url.to_owned(), limits.time.as_secs())))
    }

    async fn follow(
        &self,
        url: &str,
        accept: &'static str,
        limits: Limits,
        to: &mut (impl Write + Send),
    ) -> Result<Fetched, Refusal> {
        let mut at = parsed(url)?;
        for _ in 0..=HOPS {
            let response = self.ask(&at, accept).await?;
            match led_on(&at, &response)? {
                Some(next) => at = next,
                None => return body(at, response, limits, to).await,
            }
        }
        Err(Refusal::Circle(url.to_owned()))
    }

    /// One request, to addresses that were judged just now and to nothing else.
    async fn ask(&self, url: &Url, accept: &'static str) -> Result<Response, Refusal> {
        let host = host_of(url);
        let silent = |reason: String| Refusal::Silent {
            host: host.clone(),
            reason,
        };
        let addresses = self.addresses(url).await?;
        // With several providers compiled in, the client needs to be told which one; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .dns_resolver(Arc::new(NoOthers))
            .resolve_to_addrs(&host, &addresses)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECTING)
            .pool_max_idle_per_host(0)
            .user_agent(concat!("Guidepost/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers(accept))
            .build()
            .map_err(|e| silent(told(&e)))?;
        client.get(url.clone()).send().await.map_err(|e| silent(told(&e)))
    }

    /// The addresses that a host may be asked at. A name with one private address among public ones is refused whole: which of them
    /// answers is the choice of whoever owns the name.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, Refusal> {
        let (host, port) = (host_of(url), url.port_or_known_default().unwrap_or(0));
        let by_name = self.allowed.holds(&host, port);
        if !by_name && !matches!(port, 80 | 443) {
            let message =
                format!("{url}: only the ports 80 and 443 are asked; others by GUIDEPOST_FETCH_ALLOW={host}:{port}");
            return Err(Refusal::Address(message));
        }
        let found: Vec<SocketAddr> = match url.host() {
            Some(Host::Ipv4(ip)) => vec![(ip, port).into()],
            Some(Host::Ipv6(ip)) => vec![(ip, port).into()],
            _ => tokio::net::lookup_host((host.as_str(), port))
                .await
                .map_err(|e| Refusal::Silent {
                    host: host.clone(),
                    reason: e.to_string(),
                })?
                .collect(),
        };
        if found.is_empty() {
            let reason = "its name has no address".to_owned();
            return Err(Refusal::Silent { host, reason });
        }
        match found.iter().find(|address| !by_name && !is_public(address.ip())) {
            Some(private) => Err(Refusal::Private {
                address: private.ip(),
                host,
            }),
            None => Ok(found),
        }
    }
}

/// The client's own way to find addresses: none. It knows those that were judged, and no others.
struct NoOthers;

impl Resolve for NoOthers {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move { Err(format!("{} was not judged before it was asked", name.as_str()).into()) })
    }
}

/// An address that may be asked at all.
fn parsed(text: &str) -> Result<Url, Refusal> {
    let wrong = |why: &str| Refusal::Address(format!("{text:?} {why}; give an address that begins with https://"));
    let url = Url::parse(text.trim()).map_err(|_| wrong("is no address"))?;
    checked(url, wrong)
}

fn checked(mut url: Url, wrong: impl Fn(&str) -> Refusal) -> Result<Url, Refusal> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("holds a user name or password"));
    }
    // `localhost.` and `localhost` are one name, and it is asked for as it was judged.
    let host = host_of(&url);
    if host.is_empty() || url.set_host(Some(&host)).is_err() {
        return Err(wrong("has no host"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// The host in small letters, without the dot that may end a name.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Where a redirect leads, when it is one.
fn led_on(from: &Url, response: &Response) -> Result<Option<Url>, Refusal> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(to) = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()) else {
        return Ok(None);
    };
    let wrong = |why: &str| Refusal::Address(format!("{from} leads on to {to:?}, which {why}"));
    let next = from.join(to).map_err(|_| wrong("is no address"))?;
    checked(next, wrong).map(Some)
}

fn headers(accept: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    // Nothing packed: what it says it has is what it has.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers
}

/// An error with its causes; without the address, which is named beside it.
fn told(error: &reqwest::Error) -> String {
    let mut reasons = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        reasons.push(error.to_string());
        cause = error.source();
    }
    reasons.pop().unwrap_or_else(|| "it could not be asked".to_owned())
}

async fn body(
    url: Url,
    mut response: Response,
    limits: Limits,
    to: &mut (impl Write + Send),
) -> Result<Fetched, Refusal> {
    let most = limits.bytes;
    let large = || Refusal::Large {
        url: url.to_string(),
        most,
    };
    if limits.whole && response.content_length().is_some_and(|size| size > most) {
        return Err(large());
    }
    let said = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = said.unwrap_or_default().split(';').next().unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    let status = response.status().as_u16();
    let mut size = 0;
    while let Some(chunk) = response.chunk().await.map_err(|e| Refusal::Silent {
        host: host_of(&url),
        reason: told(&e),
    })? {
        let room = usize::try_from(most - size).unwrap_or(usize::MAX);
        if chunk.len() > room && limits.whole {
            return Err(large());
        }
        let part = &chunk[..chunk.len().min(room)];
        to.write_all(part)?;
        size += part.len() as u64;
        if size >= most && !limits.whole {
            break;
        }
    }
    Ok(Fetched {
        url,
        status,
        kind,
        size,
    })
}

#[cfg(test)]
mod tests;

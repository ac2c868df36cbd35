//! Answers: every one with the same safety headers, and error pages that need neither database nor theme.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use bytes::Bytes;
use gp_kernel::{Error, ErrorKind};
use gp_markup::text::esc_html;
use sha2::{Digest as _, Sha256};

use crate::ready::{Effort, Ready, Wish};

/// No script but the one of [`gp_blocks::script`], by its hash; nothing from elsewhere; block supports need `style` attributes.
const POLICY: &str = "default-src 'none'; script-src 'sha256-Uw3wJVmoogZKLy+K/50lBo3ewhuGq5PcxNEHTb7GylM='; connect-src 'self'; frame-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; \
    media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; object-src 'none'; manifest-src 'self'";

/// What a door gives back.
#[derive(Debug)]
pub enum Answer {
    /// A page, feed or other text, with its media type.
    Text {
        /// The status.
        status: StatusCode,
        /// Content-Type.
        mime: &'static str,
        /// The text.
        body: String,
        /// May be kept by browsers and proxies, if asked again first.
        cacheable: bool,
        /// `Link` headers.
        links: Vec<String>,
        /// Pages of other sites may read it: it is made for programs, and nothing in it is for one visitor.
        open: bool,
    },
    /// Go there.
    Redirect(StatusCode, String),
    /// Bytes that may be sent again and again as they are.
    Bytes {
        /// What is said of them.
        headers: HeaderMap,
        /// They.
        bytes: Bytes,
        /// The ETag, without quotes.
        tag: String,
    },
    /// Anything else.
    Raw(Response<Body>),
}

impl Answer {
    /// An HTML page.
    pub fn page(status: StatusCode, body: String) -> Self {
        Self::Text {
            status,
            mime: "text/html; charset=UTF-8",
            body,
            cacheable: status == StatusCode::OK,
            links: Vec::new(),
            open: false,
        }
    }

    /// An HTML page whose text nobody asked for.
    pub fn glance(status: StatusCode) -> Self {
        let mut answer = Self::page(status, String::new());
        if let Self::Text { cacheable, .. } = &mut answer {
            *cacheable = false;
        }
        answer
    }

    /// Another kind of text.
    pub fn text(mime: &'static str, body: String) -> Self {
        Self::Text {
            status: StatusCode::OK,
            mime,
            body,
            cacheable: true,
            links: Vec::new(),
            open: false,
        }
    }

    /// What is made for programs, also for those in pages of other sites.
    pub fn data(status: StatusCode, mime: &'static str, body: String) -> Self {
        Self::Text {
            status,
            mime,
            body,
            cacheable: status == StatusCode::OK,
            links: Vec::new(),
            open: true,
        }
    }

    /// Moved for good.
    pub fn moved(location: String) -> Self {
        Self::Redirect(StatusCode::MOVED_PERMANENTLY, location)
    }

    /// A page that other sites may show in a frame.
    pub fn framed(self) -> Self {
        let mut response = self.ready().respond(&Wish::default());
        let policy = POLICY.replace("frame-ancestors 'self'", "frame-ancestors *");
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            response.headers_mut().remove(header::X_FRAME_OPTIONS);
        }
        Self::Raw(response)
    }

    /// Ready to be sent: as often as one likes, or only once what was made for one request.
    pub(crate) fn ready(self) -> Sent {
        let (status, mut headers, body, tag) = match self {
            Self::Raw(mut response) => {
                secure(response.headers_mut());
                return Sent::Once(response);
            }
            Self::Bytes {
                mut headers,
                bytes,
                tag,
            } => {
                secure(&mut headers);
                return Sent::Ready(Ready::new(StatusCode::OK, headers, bytes, tag, None));
            }
            Self::Redirect(status, location) => {
                let (status, headers) = redirect(status, &location);
                (status, headers, String::new(), String::new())
            }
            Self::Text {
                status,
                mime,
                body,
                cacheable,
                links,
                open,
            } => {
                let tag = if cacheable {
                    digest(body.as_bytes())
                } else {
                    String::new()
                };
                let mut headers = headers_of_text(mime, cacheable, &links);
                if open {
                    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
                }
                (status, headers, body, tag)
            }
        };
        secure(&mut headers);
        // What is for one visitor is not packed: see `ready`.
        let shared = !tag.is_empty() || status == StatusCode::NOT_FOUND;
        Sent::Ready(Ready::new(
            status,
            headers,
            body.into(),
            tag,
            shared.then_some(Effort::Often),
        ))
    }
}

/// An answer on its way.
pub(crate) enum Sent {
    /// It can be sent again.
    Ready(Ready),
    /// It is a stream.
    Once(Response<Body>),
}

impl Sent {
    pub(crate) fn respond(self, wish: &Wish) -> Response<Body> {
        match self {
            Self::Ready(ready) => ready.respond(wish),
            Self::Once(response) => response,
        }
    }
}

fn redirect(status: StatusCode, location: &str) -> (StatusCode, HeaderMap) {
    let mut headers = HeaderMap::new();
    // A header holds ASCII; whatever else an address has is percent-encoded, and line ends cannot split the header.
    let safe = percent_encoding::utf8_percent_encode(location, percent_encoding::CONTROLS).to_string();
    match HeaderValue::from_str(&safe) {
        Ok(value) => {
            headers.insert(header::LOCATION, value);
            (status, headers)
        }
        Err(_) => (StatusCode::NOT_FOUND, headers),
    }
}

/// The ETag of these bytes, without quotes.
pub(crate) fn digest(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    digest.iter().take(12).map(|b| format!("{b:02x}")).collect()
}

fn headers_of_text(mime: &'static str, cacheable: bool, links: &[String]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    let caching = if cacheable {
        "public, max-age=0, must-revalidate"
    } else {
        "no-store"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    // One line for all of them: every line of a kept page is copied and counted at each answer.
    let sound: Vec<&str> = links
        .iter()
        .map(String::as_str)
        .filter(|l| HeaderValue::from_str(l).is_ok())
        .collect();
    if let Ok(links) = HeaderValue::from_str(&sound.join(", "))
        && !sound.is_empty()
    {
        headers.insert(header::LINK, links);
    }
    headers
}

/// The headers that every answer has.
pub(crate) fn secure(headers: &mut HeaderMap) {
    // Old browsers know only this one, and would not show what another policy lets be shown.
    let framed = headers.contains_key(header::CONTENT_SECURITY_POLICY);
    let mut set = |name: header::HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    if !framed {
        set(header::X_FRAME_OPTIONS, "SAMEORIGIN");
    }
    set(
        header::HeaderName::from_static("permissions-policy"),
        "interest-cohort=(), geolocation=(), camera=(), microphone=()",
    );
}

/// The page for an error: plain, complete in itself, with a way on.
pub fn error_page(error: &Error) -> Answer {
    let (status, title, text) = match error.kind {
        ErrorKind::Invalid => (
            StatusCode::BAD_REQUEST,
            "This address cannot be read",
            error.message.as_str(),
        ),
        ErrorKind::Unauthenticated => (
            StatusCode::UNAUTHORIZED,
            "Please sign in",
            "This page is for people with an account.",
        ),
        ErrorKind::Forbidden => (
            StatusCode::FORBIDDEN,
            "Not for you",
            "Your account does not open this page.",
        ),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, "Page not found", "Nothing is at this address."),
        ErrorKind::Conflict => (StatusCode::CONFLICT, "Somebody was quicker", error.message.as_str()),
        ErrorKind::Unavailable => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The library cannot be read right now",
            "Its database or disk does not answer. Nothing is lost; please try again in a minute.",
        ),
        ErrorKind::Internal => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "This page could not be made",
            "The fault is ours and has been written down.",
        ),
    };
    match error.kind {
        ErrorKind::Internal => tracing::error!(%error, "a request failed"),
        ErrorKind::Unavailable => tracing::warn!(%error, "not available"),
        _ => tracing::debug!(%error, "a request was refused"),
    }
    let body = plain_page(title, text);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let mut response = text_response(status, body);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
        return Answer::Raw(response);
    }
    Answer::page(status, body)
}

pub(crate) fn text_response(status: StatusCode, body: String) -> Response<Body> {
    (
        status,
        [
            (header::CONTENT_TYPE, "text/html; charset=UTF-8"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response()
}

pub(crate) fn plain_page(title: &str, text: &str) -> String {
    let (title, text) = (esc_html(title), esc_html(text));
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>:root{{color-scheme:light dark}}body{{font:1.125rem/1.6 Georgia,serif;max-inline-size:36rem;\
         margin:15vh auto;padding:0 1.25rem;border-block-start:3px solid}}p{{margin-block:1em}}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p><p><a href=\"/\">To the start of the library</a></p></main></body></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest as _, Sha256};

    use super::POLICY;

    #[test]
    fn the_one_script_is_named_by_its_hash() {
        let hash = STANDARD.encode(Sha256::digest(gp_blocks::script::SUGGEST));
        assert!(POLICY.contains(&format!("script-src 'sha256-{hash}';")), "{hash}");
    }
}

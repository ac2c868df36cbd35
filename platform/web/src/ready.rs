//! An answer that is ready to be sent, again and again: its headers, its bytes, and the same bytes packed.
//!
//! Packing happens when somebody first asks for it, and is kept with the answer. What must never be here: what only one
//! visitor may see (packed, the length of a secret beside words of the visitor's choice would tell it).

use std::{
    io::Write as _,
    sync::{Arc, OnceLock},
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

/// Below this, packing saves less than it costs.
const SMALL: usize = 600;

/// How bytes may be packed on the way, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Brotli,
    Zstd,
    Gzip,
}

impl Packing {
    const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// The best that an `Accept-Encoding` allows; `None`: as it is.
    pub(crate) fn chosen(accepted: Option<&HeaderValue>) -> Option<Self> {
        let accepted = accepted?.to_str().ok()?;
        let allows = |packing: Self| {
            accepted.split(',').any(|part| {
                let (name, weight) = part.split_once(';').unwrap_or((part, ""));
                let refused = weight
                    .trim()
                    .strip_prefix("q=")
                    .is_some_and(|q| q.parse() == Ok(0.0_f32));
                name.trim().eq_ignore_ascii_case(packing.name()) && !refused
            })
        };
        Self::ALL.into_iter().find(|packing| allows(*packing))
    }

    fn pack(self, bytes: &[u8], effort: Effort) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Brotli => {
                let params = brotli::enc::BrotliEncoderParams {
                    quality: match effort {
                        Effort::Once if bytes.len() <= HARD => 11,
                        Effort::Once => 9,
                        Effort::Often => 5,
                    },
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                let mut out = Vec::with_capacity(bytes.len() / 3);
                brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
                Ok(out)
            }
            Self::Zstd => zstd::bulk::compress(bytes, if effort == Effort::Once { 15 } else { 3 }),
            Self::Gzip => {
                let level = Compression::new(if effort == Effort::Once { 9 } else { 5 });
                let mut out = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
                out.write_all(bytes)?;
                out.finish()
            }
        }
    }
}

/// Up to so many bytes are packed as hard as can be; more would keep the first who asks waiting.
const HARD: usize = 256 << 10;

/// How hard to pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// It will be sent for as long as the program runs.
    Once,
    /// It may change tomorrow.
    Often,
}

/// An answer, ready to be sent. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Ready(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    /// Without quotes; empty: it must not be kept.
    tag: String,
    effort: Option<Effort>,
    plain: Form,
    packed: [OnceLock<Option<Form>>; 3],
}

/// The same answer in one of its packings.
#[derive(Debug)]
struct Form {
    headers: HeaderMap,
    bytes: Bytes,
}

/// What a visitor's headers say about the form of the answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    pub packing: Option<Packing>,
    /// `If-None-Match`: what the visitor has already.
    pub seen: Option<HeaderValue>,
    /// Only the headers (HEAD).
    pub head: bool,
}

impl Wish {
    pub(crate) fn of(headers: &HeaderMap, head: bool) -> Self {
        Self {
            packing: Packing::chosen(headers.get(header::ACCEPT_ENCODING)),
            seen: headers.get(header::IF_NONE_MATCH).cloned(),
            head,
        }
    }

    fn has(&self, tag: &str) -> bool {
        let Some(seen) = self.seen.as_ref().and_then(|seen| seen.to_str().ok()) else {
            return false;
        };
        // Whatever it was packed in, it says the same.
        let same = |one: &str| {
            let one = one.trim().trim_start_matches("W/").trim_matches('"');
            one == tag || one.strip_prefix(tag).is_some_and(|rest| rest.starts_with('-'))
        };
        !tag.is_empty() && seen.split(',').any(same)
    }
}

impl Ready {
    /// `effort`: how hard to pack, if at all. `tag`: the ETag without quotes, or nothing.
    pub(crate) fn new(
        status: StatusCode,
        headers: HeaderMap,
        bytes: Bytes,
        tag: String,
        effort: Option<Effort>,
    ) -> Self {
        let effort = effort.filter(|_| bytes.len() >= SMALL);
        let mut headers = headers;
        if effort.is_some() {
            headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if let Some(tag) = quoted(&tag, None) {
            headers.insert(header::ETAG, tag);
        }
        Self(Arc::new(Inner {
            status,
            tag,
            effort,
            plain: Form { headers, bytes },
            packed: Default::default(),
        }))
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    /// About how many bytes it takes in memory, packed forms included.
    pub(crate) fn size(&self) -> usize {
        self.0.plain.bytes.len() * 3 / 2 + 3000
    }

    /// The answer in this packing, where packing it is allowed and saves something.
    fn packed(&self, packing: Packing) -> Option<&Form> {
        let inner = &*self.0;
        let effort = inner.effort?;
        let slot = inner.packed.get(packing as usize)?;
        slot.get_or_init(|| {
            let bytes = packing.pack(&inner.plain.bytes, effort).ok()?;
            (bytes.len() < inner.plain.bytes.len()).then(|| self.form(packing, bytes.into()))
        })
        .as_ref()
    }

    /// The same in a packing.
    fn form(&self, packing: Packing, bytes: Bytes) -> Form {
        let inner = &*self.0;
        let mut headers = inner.plain.headers.clone();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(packing.name()));
        if let Some(tag) = quoted(&inner.tag, Some(packing)) {
            headers.insert(header::ETAG, tag);
        }
        Form { headers, bytes }
    }

    /// Takes what was packed before, so that it need not be done here.
    pub(crate) fn have_brotli(&self, packed: Bytes) {
        let packing = Packing::Brotli;
        if let Some(slot) = self.0.packed.get(packing as usize) {
            let _ = slot.set(Some(self.form(packing, packed)));
        }
    }

    /// The response to a visitor with these wishes.
    pub(crate) fn respond(&self, wish: &Wish) -> Response<Body> {
        let inner = &*self.0;
        let form = wish.packing.and_then(|p| self.packed(p)).unwrap_or(&inner.plain);
        let unchanged = wish.has(&inner.tag);
        let length = if unchanged { 0 } else { form.bytes.len() };
        let body = if wish.head || unchanged {
            Body::empty()
        } else {
            Body::from(form.bytes.clone())
        };
        let mut response = Response::new(body);
        *response.status_mut() = if unchanged {
            StatusCode::NOT_MODIFIED
        } else {
            inner.status
        };
        *response.headers_mut() = form.headers.clone();
        if wish.head && length > 0 {
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
        response
    }
}

/// The ETag of an answer in a packing; each has its own.
fn quoted(tag: &str, packing: Option<Packing>) -> Option<HeaderValue> {
    if tag.is_empty() {
        return None;
    }
    let text = packing.map_or_else(|| format!("\"{tag}\""), |p| format!("\"{tag}-{}\"", p.name()));
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(value: &'static str) -> Option<Packing> {
        Packing::chosen(Some(&HeaderValue::from_static(value)))
    }

    fn ready(bytes: &[u8]) -> Ready {
        let bytes = Bytes::copy_from_slice(bytes);
        Ready::new(
            StatusCode::OK,
            HeaderMap::new(),
            bytes,
            "abc".to_owned(),
            Some(Effort::Often),
        )
    }

    fn length(response: &Response<Body>) -> Option<u64> {
        use hyper::body::Body as _;
        response.body().size_hint().exact()
    }

    #[test]
    fn the_best_packing_that_is_accepted() {
        assert_eq!(accepts("gzip, deflate, br, zstd"), Some(Packing::Brotli));
        assert_eq!(accepts("gzip;q=1.0, zstd"), Some(Packing::Zstd));
        assert_eq!(accepts("br;q=0, GZIP"), Some(Packing::Gzip));
        assert_eq!(accepts("identity"), None);
        assert_eq!(Packing::chosen(None), None);
    }

    #[test]
    fn every_packing_gives_the_bytes_back() {
        let text = "Guidance for those who protect children. ".repeat(100);
        for effort in [Effort::Once, Effort::Often] {
            for packing in Packing::ALL {
                let packed = packing.pack(text.as_bytes(), effort).unwrap();
                assert!(packed.len() < text.len() / 10, "{packing:?}");
                let mut out = Vec::new();
                match packing {
                    Packing::Brotli => brotli::BrotliDecompress(&mut &*packed, &mut out).unwrap(),
                    Packing::Zstd => out = zstd::bulk::decompress(&packed, text.len()).unwrap(),
                    Packing::Gzip => {
                        use std::io::Read as _;
                        flate2::read::GzDecoder::new(&*packed)
                            .read_to_end(&mut out)
                            .map(drop)
                            .unwrap();
                    }
                }
                assert_eq!(out, text.as_bytes());
            }
        }
    }

    #[test]
    fn who_has_it_already_gets_no_bytes_whatever_they_were_packed_in() {
        let page = ready(&b"x".repeat(1000));
        let wish = |seen: &'static str| Wish {
            seen: Some(HeaderValue::from_static(seen)),
            ..Wish::default()
        };
        for seen in ["\"abc\"", "W/\"abc-br\"", "\"other\", \"abc-gzip\""] {
            let response = page.respond(&wish(seen));
            assert_eq!(
                (response.status(), length(&response)),
                (StatusCode::NOT_MODIFIED, Some(0))
            );
        }
        assert_eq!(page.respond(&wish("\"abcd\"")).status(), StatusCode::OK);
    }

    #[test]
    fn packed_bytes_have_their_own_tag_and_say_on_what_they_depend() {
        let page = ready(&b"x".repeat(1000));
        let wish = Wish {
            packing: Some(Packing::Gzip),
            ..Wish::default()
        };
        let response = page.respond(&wish);
        assert_eq!(response.headers()[header::ETAG], "\"abc-gzip\"");
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        assert_eq!(response.headers()[header::VARY], "accept-encoding");
        assert!(length(&response).unwrap() < 100);
        let small = ready(b"short").respond(&wish);
        assert!(!small.headers().contains_key(header::CONTENT_ENCODING));
        let head = page.respond(&Wish { head: true, ..wish });
        assert_eq!(length(&head), Some(0));
        assert!(head.headers().contains_key(header::CONTENT_LENGTH));
    }
}

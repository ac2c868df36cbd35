//! What an editor asks of other sites: what a link leads to (`url-details`), and how something is embedded (`oembed/1.0/proxy`).
//!
//! Everything goes through the guarded fetcher. What its refusals know of the network inside is for the operator's log, not for whoever asked.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use gp_fetch::{Fetched, Limits, Refusal};
use gp_markup::{
    head::Head,
    sanitize::{Allowed, Kses},
    text,
};
use serde_json::{Map, Value, json};
use url::Url;

use crate::{
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::{Deed, READ, Resource, Route},
    schema::members,
    turn::Turn,
};

/// Of a page only its head is of interest.
const PAGE: Limits = Limits {
    bytes: 150 << 10,
    whole: false,
    time: Duration::from_secs(8),
};
/// What a provider says of something that can be embedded.
const TOLD: Limits = Limits {
    bytes: 512 << 10,
    whole: true,
    time: Duration::from_secs(8),
};

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let url = |description: &str| {
        members(json!({"url": {"description": description, "type": "string", "format": "uri", "required": true}}))
    };
    let mut proxied = url("The URL of the resource for which to fetch oEmbed data.");
    proxied.extend(members(json!({
        "format": {"description": "The oEmbed format to use.", "type": "string", "default": "json",
            "enum": ["json", "xml"]},
        "maxwidth": {"description": "The maximum width of the embed frame in pixels.", "type": "integer",
            "default": 600},
        "maxheight": {"description": "The maximum height of the embed frame in pixels.", "type": "integer"},
        "discover": {"description": "Whether to perform an oEmbed discovery request for unsanctioned providers.",
            "type": "boolean", "default": true},
    })));
    vec![
        Route::new("wp-block-editor/v1", "/url-details", Arc::new(Details)).on(
            READ,
            Deed::Get,
            url("The URL to process."),
        ),
        Route::new("oembed/1.0", "/proxy", Arc::new(Proxy)).on(READ, Deed::Get, proxied),
    ]
}

/// Says in the operator's log why something was not fetched.
pub(crate) fn noted(url: &str, refusal: &Refusal) {
    tracing::info!(url, %refusal, "not fetched");
}

/// Too many at the same time is the one refusal that time mends.
fn busy(refusal: &Refusal) -> Option<Box<Failure>> {
    matches!(refusal, Refusal::Busy).then(|| {
        let message = "Other addresses are being fetched; try again in a moment.";
        Failure::new(429, "rest_fetch_busy", message)
    })
}

/// What a link leads to.
struct Details;

impl Resource for Details {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if turn.can("edit_posts") {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to process remote URLs.";
            Err(turn.refusal("rest_cannot_view_url_details", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let url = request.text("url").unwrap_or_default().trim_end_matches('/');
            if url.is_empty() {
                return Err(Failure::new(404, "rest_invalid_url", "Invalid URL"));
            }
            let (at, html) = page(turn, url).await?;
            let head = Head::read(&html);
            let description = head.meta(&["description", "og:description"]).unwrap_or_default();
            let absolute = |address: Option<&str>| address.and_then(|address| at.join(address).ok());
            let shown = |address: Option<&str>| {
                let found = absolute(address).filter(|url| matches!(url.scheme(), "http" | "https"));
                found.map(String::from).unwrap_or_default()
            };
            Ok(Reply::ok(json!({
                "title": text::sanitize_text_field(&head.title),
                "icon": shown(head.link("icon")),
                "description": text::sanitize_text_field(description),
                "image": shown(head.meta(&["og:image", "og:image:url"])),
            })))
        })
    }
}

/// What another site answers. Nobody waits for it but whoever asked: it may take seconds, and connections to the database are few.
async fn asked(
    turn: &mut Turn,
    url: &str,
    accept: &'static str,
    limits: Limits,
    missing: impl Fn() -> Box<Failure>,
) -> Outcome<(Fetched, Vec<u8>)> {
    turn.pause();
    let fetched = turn.kit.fetcher.bytes(url, accept, limits).await;
    turn.resume(false).await?;
    fetched.map_err(|refusal| {
        noted(url, &refusal);
        busy(&refusal).unwrap_or_else(missing)
    })
}

/// The text of a page, and where it was in the end.
async fn page(turn: &mut Turn, url: &str) -> Outcome<(Url, String)> {
    let message = "URL not found. Response returned a non-200 status code for this URL.";
    let missing = || Failure::new(404, "no_response", message);
    let (fetched, bytes) = asked(turn, url, "text/html,application/xhtml+xml", PAGE, missing).await?;
    if fetched.status != 200 {
        return Err(missing());
    }
    if bytes.is_empty() {
        let message = "Unable to retrieve body from response at this URL.";
        return Err(Failure::new(404, "no_content", message));
    }
    Ok((fetched.url, String::from_utf8_lossy(&bytes).into_owned()))
}

/// How something of another site is embedded.
struct Proxy;

/// Well-known providers: the end of the host, and where they say how something of theirs is embedded.
const PROVIDERS: &[(&str, &str)] = &[
    ("youtube.com", "https://www.youtube.com/oembed"),
    ("youtu.be", "https://www.youtube.com/oembed"),
    ("vimeo.com", "https://vimeo.com/api/oembed.json"),
    ("dailymotion.com", "https://www.dailymotion.com/services/oembed"),
    ("dai.ly", "https://www.dailymotion.com/services/oembed"),
    ("flickr.com", "https://www.flickr.com/services/oembed/"),
    ("soundcloud.com", "https://soundcloud.com/oembed"),
    ("spotify.com", "https://open.spotify.com/oembed"),
    ("mixcloud.com", "https://app.mixcloud.com/oembed/"),
    ("ted.com", "https://www.ted.com/services/v1/oembed.json"),
    ("speakerdeck.com", "https://speakerdeck.com/oembed.json"),
    ("issuu.com", "https://issuu.com/oembed"),
    ("reddit.com", "https://www.reddit.com/oembed"),
    ("tiktok.com", "https://www.tiktok.com/oembed"),
    ("twitter.com", "https://publish.twitter.com/oembed"),
    ("x.com", "https://publish.twitter.com/oembed"),
    ("bsky.app", "https://embed.bsky.app/oembed"),
    ("wordpress.tv", "https://wordpress.tv/oembed/"),
];

impl Resource for Proxy {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if turn.can("edit_posts") {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to make proxied oEmbed requests.";
            Err(turn.refusal("rest_forbidden", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let url = request.text("url").unwrap_or_default().to_owned();
            let width = request.int("maxwidth");
            let app = turn.app.clone();
            let own = gp_web::oembed(&app, &mut turn.conn, &turn.site, &turn.base_url, &url, width).await?;
            if let Some(own) = own {
                return Ok(Reply::ok(own));
            }
            let missing = || Failure::new(404, "oembed_invalid_url", "Not Found");
            let (endpoint, known) = match provider(&url) {
                Some(endpoint) => (endpoint_for(endpoint, &url, request).ok_or_else(missing)?, true),
                None if request.flag("discover") => (discovered(turn, &url, request).await?, false),
                None => return Err(missing()),
            };
            let (fetched, bytes) = asked(turn, endpoint.as_str(), "application/json", TOLD, missing).await?;
            let told: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            let shown = embeddable(&told, known).filter(|_| fetched.status == 200);
            Ok(Reply::ok(shown.ok_or_else(missing)?))
        })
    }
}

/// Where a well-known provider is asked about an address of it.
fn provider(url: &str) -> Option<&'static str> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    let found = PROVIDERS.iter().find(|(end, _)| {
        let before = host.strip_suffix(end);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    found.map(|(_, endpoint)| *endpoint)
}

fn endpoint_for(endpoint: &str, url: &str, request: &Request) -> Option<Url> {
    let mut endpoint = Url::parse(endpoint).ok()?;
    let mut query = endpoint.query_pairs_mut();
    query.append_pair("url", url).append_pair("format", "json");
    sized(&mut query, request);
    drop(query);
    Some(endpoint)
}

fn sized(query: &mut url::form_urlencoded::Serializer<'_, url::UrlQuery<'_>>, request: &Request) {
    for name in ["maxwidth", "maxheight"] {
        if let Some(number) = request.int(name).filter(|number| *number > 0) {
            query.append_pair(name, &number.to_string());
        }
    }
}

/// Where the page itself says that it can be asked.
async fn discovered(turn: &mut Turn, url: &str, request: &Request) -> Outcome<Url> {
    let missing = || Failure::new(404, "oembed_invalid_url", "Not Found");
    let (at, html) = match page(turn, url).await {
        Ok(page) => page,
        Err(failure) if failure.status == 429 => return Err(failure),
        Err(_) => return Err(missing()),
    };
    let head = Head::read(&html);
    let link = head
        .links
        .iter()
        .find(|link| matches!(link.kind.as_str(), "application/json+oembed" | "text/json+oembed"));
    let mut endpoint = link.and_then(|link| at.join(&link.href).ok()).ok_or_else(missing)?;
    let mut query = endpoint.query_pairs_mut();
    sized(&mut query, request);
    drop(query);
    Ok(endpoint)
}

/// What clients know of something that can be embedded.
const TEXTS: &[&str] = &[
    "version",
    "type",
    "title",
    "author_name",
    "author_url",
    "provider_name",
    "provider_url",
    "thumbnail_url",
    "url",
];
const NUMBERS: &[&str] = &["width", "height", "thumbnail_width", "thumbnail_height", "cache_age"];

/// What a provider told, as far as it is to be believed: texts as texts, markup without anything that runs here.
fn embeddable(told: &Value, known: bool) -> Option<Value> {
    let told = told.as_object()?;
    let mut out = Map::new();
    for name in TEXTS {
        if let Some(said) = told.get(*name).and_then(Value::as_str) {
            let said = match name.ends_with("url") {
                true => text::sanitize_url(said),
                false => text::sanitize_text_field(said),
            };
            out.insert((*name).to_owned(), said.into());
        }
    }
    for name in NUMBERS {
        let number = told.get(*name).and_then(|number| match number {
            Value::String(text) => text.trim().parse::<u64>().ok(),
            number => number.as_u64(),
        });
        if let Some(number) = number {
            out.insert((*name).to_owned(), number.into());
        }
    }
    let html = told.get("html").and_then(Value::as_str).unwrap_or_default();
    match out.get("type").and_then(Value::as_str)? {
        "video" | "rich" => {
            let html = safe(html, known);
            if html.trim().is_empty() {
                return None;
            }
            out.insert("html".to_owned(), html.into());
        }
        "photo" if out.contains_key("url") => {}
        "link" => {}
        _ => return None,
    }
    Some(Value::Object(out))
}

/// Markup with frames, quotations and links, and nothing else. The frame of somebody unknown is a closed one.
fn safe(html: &str, known: bool) -> String {
    let mut allowed = Allowed::from_json(&json!({}));
    allowed.add("a", &["href"]);
    allowed.add("blockquote", &["class", "cite", "lang"]);
    allowed.add("p", &["lang", "dir"]);
    allowed.add("br", &[]);
    let frame = [
        "src",
        "width",
        "height",
        "title",
        "frameborder",
        "scrolling",
        "allowfullscreen",
        "referrerpolicy",
        "loading",
    ];
    allowed.add("iframe", &frame);
    let clean = Kses::new(&allowed).clean(&without_scripts(html));
    if known {
        return clean;
    }
    clean.replace("<iframe", "<iframe sandbox=\"allow-scripts\" security=\"restricted\"")
}

/// Markup without its scripts and styles: their text would stand there as words.
fn without_scripts(html: &str) -> String {
    without(&without(html, "script"), "style")
}

fn without(html: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    // In small letters every byte is where it was.
    let small = html.to_ascii_lowercase();
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    while let Some(from) = small[at..].find(&open).map(|n| at + n) {
        out.push_str(&html[at..from]);
        at = small[from..]
            .find(&close)
            .map_or(html.len(), |n| from + n + close.len());
    }
    out.push_str(&html[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_known_by_the_end_of_their_host() {
        assert_eq!(
            provider("https://www.youtube.com/watch?v=1"),
            Some("https://www.youtube.com/oembed")
        );
        assert!(provider("https://youtu.be/1").is_some() && provider("https://x.com/a/status/1").is_some());
        for other in [
            "https://notyoutube.com/",
            "https://youtube.com.evil.example/",
            "nonsense",
            "https://netflix.com/",
        ] {
            assert_eq!(provider(other), None, "{other}");
        }
    }

    #[test]
    fn nothing_that_is_embedded_runs_here() {
        let html = "<iframe src=\"https://a.example/v\" onload=\"x()\" width=\"5\"></iframe><script>x()</script>\
                    <img src=x onerror=x()><a href=\"javascript:y()\">a</a>";
        for known in [true, false] {
            let clean = safe(html, known);
            assert!(
                clean.contains("<iframe") && clean.contains("https://a.example/v"),
                "{clean}"
            );
            for bad in ["onload", "script>", "onerror", "javascript", "x()"] {
                assert!(!clean.contains(bad), "{bad}: {clean}");
            }
            assert_eq!(clean.contains("sandbox"), !known, "{clean}");
        }
    }

    #[test]
    fn only_what_clients_know_is_handed_on() {
        let told = json!({"type": "video", "html": "<iframe src=\"https://a.example/\"></iframe>", "width": "480",
            "title": "A <b>film</b>", "thumbnail_url": "javascript:x()", "evil": {"deep": 1}});
        let shown = embeddable(&told, true).unwrap();
        assert_eq!((&shown["width"], &shown["title"]), (&json!(480), &json!("A film")));
        assert_eq!((&shown["thumbnail_url"], shown.get("evil")), (&json!(""), None));
        for wrong in [
            json!([]),
            json!({"type": "video"}),
            json!({"type": "rich", "html": "<script>1</script>"}),
            json!({"html": "x"}),
            json!({"type": "photo"}),
        ] {
            assert_eq!(embeddable(&wrong, true), None, "{wrong}");
        }
    }
}

//! Searches that put many conditions together: hardly anybody asks for them but programs that follow every link. So few of them
//! are worked on at a time that everybody else's searches do not wait for them. Nothing is known of who asks.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use gp_content::{
    Types,
    address::{Request, sought},
};
use tokio::sync::SemaphorePermit;

use crate::{
    answer::{plain_page, text_response},
    app::App,
    router::Asked,
};

/// From so many conditions on a search is one of these; the links and `robots.txt` agree on it.
const DEEP: usize = 3;
/// So many are worked on at the same time.
pub(crate) const AT_ONCE: usize = 2;
/// So long one waits for its turn, before it holds anything that others need.
const PATIENCE: Duration = Duration::from_millis(200);

/// The turn of a request, where it needs one: held until the answer is made. Without a turn, the answer that says so.
pub(crate) async fn turn<'a>(app: &'a App, asked: &Asked<'_>) -> Result<Option<SemaphorePermit<'a>>, Response<Body>> {
    if !is_deep(&app.types, asked.path, asked.query) {
        return Ok(None);
    }
    match tokio::time::timeout(PATIENCE, app.deep().acquire()).await {
        Ok(Ok(turn)) => Ok(Some(turn)),
        _ => Err(busy()),
    }
}

fn is_deep(types: &Types, path: &str, query: &str) -> bool {
    // Most requests have few parameters: no need to read them.
    if query.matches(['&', '+', ' ']).count() + query.matches('%').count() + 1 < DEEP {
        return false;
    }
    let request = Request::parse(path, query);
    let search = request.parameters.contains_key("s")
        || path.starts_with("/search/")
        || matches!(path, "/api/v1/search" | "/api/v1/suggest");
    search && sought::depth(types, &request) >= DEEP
}

fn busy() -> Response<Body> {
    let text = "Many people search with many conditions at this moment. Please try again in a few seconds, or with fewer conditions.";
    let mut response = text_response(StatusCode::TOO_MANY_REQUESTS, plain_page("One moment, please", text));
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_searches_with_many_conditions_need_a_turn() {
        let types = Types::new(Vec::new());
        for (target, deep) in [
            ("/?s=a&label=b&topic=c&lang=fr", true),
            ("/?lang=fr&s=&label=b%20c", true),
            ("/?label=b+c+d&%73=x", true),
            ("/?s=a&cat=3,-4&year=2019", true),
            ("/search/a/?label=b&topic=c&year=2019", true),
            ("/api/v1/search?q=a&label=b&topic=c&year=2019", true),
            ("/?s=a&label=b&topic=c&sort=newest", false),
            ("/?s=a+b+c+d+e", false),
            ("/?s=a&label=b,c,d,e", false),
            ("/?s=a&x=1&y=2&z=3", false),
            ("/about/?label=b&topic=c&lang=fr", false),
            ("/", false),
        ] {
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            assert_eq!(is_deep(&types, path, query), deep, "{target}");
        }
    }
}

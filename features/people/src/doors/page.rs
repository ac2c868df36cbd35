//! The pages of these doors: HTML made here, complete in itself but for the fonts. A few have the one script, for passkeys.
//!
//! What must never be here: a text that was not escaped.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use gp_markup::text::{esc_attr, esc_html};
use sha2::{Digest as _, Sha256};

use super::{Guest, passkeys};

const STYLE: &str = include_str!("door.css");
const MARK: &str = "<svg viewBox=\"0 0 32 32\" width=\"28\" height=\"28\" aria-hidden=\"true\"><path fill=\"currentColor\" \
    d=\"M12 2h4v29h-4zM8 29h12v2H8z\"/><path fill=\"#ffc62b\" d=\"M3 5h19l8 6.5-8 6.5H3z\"/><path fill=\"#14232a\" \
    d=\"M7 8.6h13v1.8H7zM7 12.4h9v1.8H7z\"/></svg>";

/// What a page says first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    /// Something went wrong.
    Stop,
    /// Something is done.
    Done,
}

/// A note as it stands in a page.
pub(super) fn note(kind: Note, text: &str) -> String {
    let text = esc_html(text);
    match kind {
        Note::Stop => format!("<p class=\"note stop\" role=\"alert\">{text}</p>"),
        Note::Done => format!("<p class=\"note ok\" role=\"status\">{text}</p>"),
    }
}

/// A field with its label. `rest` are attributes.
pub(super) fn field(name: &str, label: &str, value: &str, rest: &str) -> String {
    format!(
        "<div class=\"field\"><label for=\"{name}\">{}</label><input id=\"{name}\" name=\"{name}\" value=\"{}\" {rest}></div>",
        esc_html(label),
        esc_attr(value)
    )
}

/// A hidden field.
pub(super) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", esc_attr(value))
}

fn fonts(guest: &Guest) -> String {
    let face = |family: &str, file: &str| {
        let address = guest.app.assets.address(&format!("fonts/{file}"));
        format!(
            "@font-face{{font-family:{family};src:url({address}) format(\"woff2\");font-weight:400 700;font-display:swap}}"
        )
    };
    face("Literata", "literata-basic.woff2") + &face("\"Guidepost Sans\"", "gpsans-basic.woff2")
}

/// A whole page without a script. `body` is HTML; `wide` for more than one form.
pub(super) fn page(guest: &Guest, status: StatusCode, title: &str, wide: bool, body: &str) -> Response<Body> {
    whole(guest, (status, title, wide), body, "", "")
}

/// A whole page whose form leads to these places, as content policies name them.
pub(super) fn page_that_leads_to(guest: &Guest, title: &str, body: &str, places: &str) -> Response<Body> {
    whole(guest, (StatusCode::OK, title, false), body, "", places)
}

/// A whole page whose buttons for passkeys work.
pub(super) fn page_with_passkeys(
    guest: &Guest,
    status: StatusCode,
    title: &str,
    wide: bool,
    body: &str,
) -> Response<Body> {
    whole(guest, (status, title, wide), body, passkeys::SCRIPT, "")
}

fn sha256(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

fn whole(
    guest: &Guest,
    (status, title, wide): (StatusCode, &str, bool),
    body: &str,
    script: &str,
    places: &str,
) -> Response<Body> {
    let library = if guest.site.name.is_empty() {
        "Guidepost".to_owned()
    } else {
        // The setting is escaped already, as WordPress keeps it; what is not HTML in it stays harmless.
        esc_html(&guest.site.name)
    };
    let heading = esc_html(title);
    let style = format!("{}{STYLE}", fonts(guest));
    let (written, allowed) = match script {
        "" => (String::new(), String::new()),
        script => (
            format!("<script>{script}</script>\n"),
            format!("script-src {}; connect-src 'self'; ", sha256(script)),
        ),
    };
    let html = format!(
        "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{heading} - {library}</title>\n<link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\">\n\
         <style>{style}</style>\n</head>\n<body>\n<main{wide}>\n<a class=\"brand\" href=\"/\">{MARK}<span>{library}</span></a>\n\
         <h1>{heading}</h1>\n{body}\n<p class=\"small\"><a href=\"/\">Back to the library</a></p>\n</main>\n{written}</body>\n</html>\n",
        icon = esc_attr(&guest.app.assets.address("favicon.svg")),
        wide = if wide { " class=\"wide\"" } else { "" },
    );
    let mut response = answer(status, "text/html; charset=UTF-8", html);
    let policy = format!(
        "default-src 'none'; style-src {}; {allowed}font-src 'self'; img-src 'self'; form-action 'self'{space}{places}; base-uri 'none'; \
         frame-ancestors 'none'",
        sha256(&style),
        space = if places.is_empty() { "" } else { " " },
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Any text, for this visitor alone.
pub(super) fn answer(status: StatusCode, mime: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // Addresses of these pages may hold keys.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    let robots = header::HeaderName::from_static("x-robots-tag");
    headers.insert(robots, HeaderValue::from_static("noindex"));
    response
}

/// Go there: a path of this site.
pub(super) fn go(path: &str) -> Response<Body> {
    let mut response = answer(StatusCode::FOUND, "text/plain; charset=utf-8", String::new());
    let safe = percent_encoding::utf8_percent_encode(path, percent_encoding::CONTROLS).to_string();
    let value = HeaderValue::from_str(&safe).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, value);
    response
}

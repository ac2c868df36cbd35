//! The frame around every screen: contents at the start side, one box to find everything, then the work.

use std::fmt::Write as _;

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use gp_markup::text::{esc_attr, esc_html};

use crate::{
    desk::Desk,
    door,
    screen::{Entry, Group, Page},
};

/// What pages may load: their own styles, pictures and the small scripts of the frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const MARK: &str = "<svg viewBox=\"0 0 32 32\" width=\"28\" height=\"28\" aria-hidden=\"true\"><path fill=\"currentColor\" \
    d=\"M12 2h4v29h-4zM8 29h12v2H8z\"/><path fill=\"#ffc62b\" d=\"M3 5h19l8 6.5-8 6.5H3z\"/><path fill=\"#14232a\" \
    d=\"M7 8.6h13v1.8H7zM7 12.4h9v1.8H7z\"/></svg>";

pub(crate) fn response(desk: &Desk, page: &Page) -> Response<Body> {
    let status = page
        .status
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::OK);
    let mut response = door::answer(status, "text/html; charset=UTF-8", html(desk, page));
    let policy = page.policy.as_deref().unwrap_or(POLICY);
    if let Ok(policy) = HeaderValue::from_str(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn html(desk: &Desk, page: &Page) -> String {
    let library = esc_html(&desk.site.name);
    let title = esc_html(&page.title);
    let asset = |name: &str| esc_attr(&desk.app.assets.address(name));
    let own = |name: &'static str| (!page.bare).then_some(name).into_iter();
    let styles: String = own("admin.css")
        .chain(page.styles.iter().map(String::as_str))
        .map(|name| format!("<link rel=\"stylesheet\" href=\"{}\">\n", asset(name)))
        .collect();
    let scripts: String = own("admin.js")
        .chain(page.scripts.iter().map(String::as_str))
        .map(|name| format!("<script type=\"module\" src=\"{}\"></script>\n", asset(name)))
        .collect();
    let body = if page.bare {
        page.body.clone()
    } else {
        framed(desk, page, &title)
    };
    format!(
        "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{title} - {library}</title>\n<link rel=\"icon\" href=\"{}\" type=\"image/svg+xml\">\n{styles}{scripts}</head>\n\
         <body>\n{body}\n</body>\n</html>\n",
        asset("favicon.svg"),
    )
}

fn framed(desk: &Desk, page: &Page, title: &str) -> String {
    format!(
        "<a class=\"a-skip\" href=\"#main\">Skip to the work</a>\n<div class=\"a-frame\">\n<div class=\"a-side\"><nav aria-label=\"Admin\">\
         <a class=\"a-brand\" href=\"/wp-admin/\">{MARK}<span>{}</span></a>\n{}</nav></div>\n<div>\n\
         <header class=\"a-top\"><form class=\"a-any\" role=\"search\" action=\"/wp-admin/find.php\"><label class=\"a-vh\" for=\"any\">\
         Find items, screens and commands</label><input id=\"any\" name=\"s\" type=\"search\" autocomplete=\"off\" \
         placeholder=\"Find items, screens, commands\"><kbd aria-hidden=\"true\">Ctrl K</kbd></form>\
         <a class=\"a-push\" href=\"/\">View site</a><a href=\"/wp-admin/profile.php\">Your account</a>\
         <a href=\"/wp-login.php?action=logout&amp;_wpnonce={}\">Sign out</a></header>\n\
         <main class=\"a-main\" id=\"main\"><div class=\"a-head\"><h1>{title}</h1>{}</div>\n{}</main></div></div>",
        esc_html(&desk.site.name),
        menu(desk, page),
        esc_attr(desk.nonce()),
        page.act,
        page.body,
    )
}

fn menu(desk: &Desk, page: &Page) -> String {
    let here = current(desk, page);
    let mut html = String::from("<details class=\"a-menu\"><summary>Menu</summary>");
    for group in Group::ALL {
        let entries: Vec<&Entry> = desk.menu.iter().filter(|entry| entry.group == group).collect();
        if entries.is_empty() {
            continue;
        }
        let label = group.label();
        if label.is_empty() {
            html.push_str("<ul>");
        } else {
            let _ = write!(
                html,
                "<h2 id=\"m-{label}\">{label}</h2><ul aria-labelledby=\"m-{label}\">"
            );
        }
        for entry in entries {
            let current = if entry.address == here {
                " aria-current=\"page\""
            } else {
                ""
            };
            let waiting = match entry.waiting {
                0 => String::new(),
                n => format!("<b>{n}<span class=\"a-vh\"> to look at</span></b>"),
            };
            let _ = write!(
                html,
                "<li><a href=\"/wp-admin/{}\"{current}>{}{waiting}</a></li>",
                esc_attr(&entry.address),
                esc_html(&entry.label)
            );
        }
        html.push_str("</ul>");
    }
    html.push_str("</details>");
    html
}

/// The entry that a page belongs to: as it says, else the longest address that its own begins with.
fn current(desk: &Desk, page: &Page) -> String {
    if !page.entry.is_empty() {
        return page.entry.clone();
    }
    let own = desk.here();
    let own = own.strip_prefix("/wp-admin/").unwrap_or_default();
    let fits = |address: &str| {
        own.strip_prefix(address)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['&', '?']))
            || (address.is_empty() && own == "index.php")
    };
    let best = desk
        .menu
        .iter()
        .filter(|entry| fits(&entry.address))
        .max_by_key(|entry| entry.address.len());
    best.map(|entry| entry.address.clone()).unwrap_or_default()
}

//! The small page of an item for other sites (`/embed/`): title, first words and a link; no script.

use gp_content::{Item, Sight};
use gp_markup::text::esc_attr;

use super::Visit;
use crate::{answer::Answer, titles::text};

/// The small page.
pub(super) fn answer(visit: &Visit<'_>, item: &Item, sight: Sight, link: &str) -> Answer {
    let (title, site) = (text(&item.title), text(&visit.site.name));
    // A file of a locked item has no password of its own, and is locked all the same.
    let full = if sight == Sight::Full && item.password.is_empty() {
        visit.app.renderer.excerpt(item)
    } else {
        String::new()
    };
    let style = visit.app.assets.address("style.css");
    let href = esc_attr(&format!("{}{link}", visit.base_url));
    Answer::page(
        axum::http::StatusCode::OK,
        format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{title} – {site}</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
             <link rel=\"canonical\" href=\"{href}\"><link rel=\"stylesheet\" href=\"{style}\"></head>\
             <body><main class=\"g-wrap\"><h1><a href=\"{href}\" target=\"_top\">{title}</a></h1><p>{}</p><p>{site}</p></main></body></html>\n",
            esc_attr(&visit.site.language),
            gp_markup::text::esc_html(&full)
        ),
    )
    .framed()
}

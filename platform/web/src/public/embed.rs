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
    let home = esc_attr(&visit.base_url);
    Answer::page(
        axum::http::StatusCode::OK,
        format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{title} – {site}</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
             <link rel=\"canonical\" href=\"{href}\"><link rel=\"stylesheet\" href=\"{style}\"></head>\
             <body class=\"wp-embed-responsive\"><div class=\"wp-embed g-wrap\"><p class=\"wp-embed-heading\">\
             <a href=\"{href}\" target=\"_top\">{title}</a></p><div class=\"wp-embed-excerpt\"><p>{}</p></div>\
             <div class=\"wp-embed-footer\"><div class=\"wp-embed-site-title\"><a href=\"{home}\" target=\"_top\">\
             <span>{site}</span></a></div>{}</div></div></body></html>\n",
            esc_attr(&visit.site.language),
            gp_markup::text::esc_html(&full),
            comments(item, &href)
        ),
    )
    .framed()
}

/// How many comments there are, when there are any.
fn comments(item: &Item, href: &str) -> String {
    if item.comment_count < 1 {
        return String::new();
    }
    let word = if item.comment_count == 1 { "Comment" } else { "Comments" };
    format!(
        "<div class=\"wp-embed-meta\"><div class=\"wp-embed-comments\"><a href=\"{href}#comments\" target=\"_top\">{} {word}</a></div></div>",
        item.comment_count
    )
}

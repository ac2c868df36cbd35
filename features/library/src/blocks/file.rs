//! `guidepost/file`: the page of one file: what it is, how large, to open or to keep, and where it belongs.

use gp_blocks::html;
use gp_content::{Sight, address::links};
use gp_kernel::Result;

use super::desk::Desk;
use crate::{
    documents::{Document, address},
    store,
};

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    let Some(subject) = desk
        .subject
        .as_ref()
        .filter(|s| !s.locked && s.item.kind == "attachment")
    else {
        return Ok(String::new());
    };
    let path = subject
        .meta
        .text("_wp_attached_file")
        .trim_start_matches('/')
        .to_owned();
    let kept = store::files_at(desk.conn, std::slice::from_ref(&path))
        .await?
        .remove(&path)
        .unwrap_or_default();
    let words = desk.inside();
    let document = Document {
        url: address(&path),
        size: kept.size,
        path,
        ..Document::default()
    };
    let home = belongs(desk).await?;
    let Some(subject) = desk.subject.as_ref() else {
        return Ok(String::new());
    };
    if document.path.is_empty() {
        return Ok(format!(
            "<div class=\"g-wrap\"><p class=\"g-note\">{}</p>{home}</div>",
            words.say("The file is not here.")
        ));
    }
    let url = html::url(&document.url);
    let alt = html::attr(&subject.meta.text("_wp_attachment_image_alt"));
    let picture = if subject.item.mime_type.starts_with("image/") {
        format!(
            "<figure class=\"g-figure\"><a href=\"{url}\"><img src=\"{url}\" alt=\"{alt}\" decoding=\"async\"></a></figure>"
        )
    } else {
        String::new()
    };
    let caption = gp_markup::text::plain_text(&subject.item.excerpt);
    let caption = if caption.is_empty() {
        String::new()
    } else {
        format!("<p dir=\"auto\">{}</p>", html::esc(&caption))
    };
    let facts = super::cards::file_facts(&document, words);
    Ok(format!(
        "<div class=\"g-wrap g-file\">{picture}{caption}<p class=\"g-acts\"><a class=\"g-btn g-btn--way\" href=\"{url}\"><span>{}</span></a> \
         <a class=\"g-btn g-btn--plain\" href=\"{url}\" download><span>{}</span></a></p>{home}</div>",
        words.fill("Open the {}", &format!("<bdi>{}</bdi>", html::esc(&document.format()))),
        words.fill("Download {}", &facts)
    ))
}

/// A line that leads to the item this file was uploaded to.
async fn belongs(desk: &mut Desk<'_>) -> Result<String> {
    let parent = desk.subject.as_ref().and_then(|s| s.parent.clone());
    let Some(parent) = parent.filter(|p| desk.page.scope.sight(p, None) != Sight::Nothing) else {
        return Ok(String::new());
    };
    let address = links::of_item(desk.conn, &desk.page.site, &desk.page.types, &parent).await?;
    let link = html::link(&address, &html::title(&parent.title));
    Ok(format!(
        "<p class=\"g-s\">{}</p>",
        desk.inside().fill("Belongs to {}", &link)
    ))
}

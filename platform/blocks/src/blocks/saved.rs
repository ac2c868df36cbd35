//! Blocks that are shown as they were saved, with the classes that WordPress adds when it shows them.

use gp_markup::{block::Block, text};

use super::{media, scriptless};
use crate::{
    bindings,
    html::{self, Tag},
    render::{At, Render},
};

/// A block of WordPress that needs nothing but its own markup.
pub(super) fn block<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>, name: &str) -> String {
    let markup = r.saved(
        block,
        At {
            gallery: name == "gallery",
            ..at
        },
    );
    let markup = bindings::filled(r, block, at, markup);
    match name {
        "paragraph" => html::add_classes(&markup, "wp-block-paragraph"),
        "heading" => html::add_classes(&markup, "wp-block-heading"),
        "list" => html::add_classes(&markup, "wp-block-list"),
        "shortcode" => text::wpautop(&markup),
        "gallery" => gallery(r, &markup),
        "image" => scriptless::enlarged(r, block, image(block, &markup, at.gallery)),
        "accordion-item" => scriptless::accordion_item(r, markup),
        "tabs" => scriptless::tabs(r, block, markup),
        "cover" => media::cover(r, block, at, markup),
        "media-text" => media::media_text(r, block, at, markup),
        "button" => button(&markup),
        "file" => file(markup),
        _ => markup,
    }
}

/// A block that nobody here knows: its saved markup, and a note for the people who look after the site.
pub(super) fn unknown<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let name = block.name.as_deref().unwrap_or_default();
    let what = if block.inner_content.is_empty() {
        "it has no saved text"
    } else {
        "its saved text is shown"
    };
    r.notice(format!("{name} is not known here: {what}"));
    r.saved(block, at)
}

fn gallery(r: &mut Render<'_>, markup: &str) -> String {
    html::add_classes(markup, &format!("wp-block-gallery-{}", r.number()))
}

/// Pictures in a gallery carry their id; one without an address is not shown.
fn image(block: &Block, markup: &str, in_gallery: bool) -> String {
    let Some(tag) = Tag::find_named(markup, 0, "img") else {
        return String::new();
    };
    if tag.value("src").is_none_or(|src| src.is_empty()) {
        return String::new();
    }
    match block.attrs.get("id").and_then(serde_json::Value::as_i64) {
        Some(id) if in_gallery => tag.set("data-id", &id.to_string()),
        _ => markup.to_owned(),
    }
}

/// The frame that shows a file says what it is.
fn file(markup: String) -> String {
    let frame = Tag::find_class(&markup, 0, "wp-block-file__embed");
    let named = frame.and_then(|frame| {
        let name = frame.value("aria-label")?;
        let own = name.is_empty() || name == "PDF embed" || name.starts_with("Embed of ");
        (!own).then(|| frame.set("aria-label", &format!("Embed of {name}.")))
    });
    named.unwrap_or(markup)
}

/// A button without words is no button.
fn button(markup: &str) -> String {
    let has_words = !text::strip_tags(markup).trim().is_empty() || markup.contains("<img") || markup.contains("<svg");
    if has_words { markup.to_owned() } else { String::new() }
}

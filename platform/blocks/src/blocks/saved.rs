//! Blocks that are shown as they were saved, with the classes that WordPress adds when it shows them.

use gp_markup::{block::Block, text};

use super::media::picture_of;
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
        "image" => enlarged(r, block, image(block, &markup, at.gallery)),
        "accordion-item" => accordion_item(r, markup),
        "button" => button(&markup),
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

/// A picture that can be looked at in full: without a script it is a link to the file.
fn enlarged(r: &Render<'_>, block: &Block, markup: String) -> String {
    let wanted = block.attrs.get("lightbox").and_then(|l| l.get("enabled"));
    if wanted != Some(&serde_json::Value::Bool(true)) || Tag::find_named(&markup, 0, "a").is_some() {
        return markup;
    }
    let Some(tag) = Tag::find_named(&markup, 0, "img") else {
        return markup;
    };
    let media = block.attrs.get("id").and_then(serde_json::Value::as_i64);
    let media = media.and_then(|id| r.data.media.get(&id.into()));
    let full = media.and_then(|m| picture_of(m, r.data)).map(|(address, _)| address);
    let shown = tag.value("src").unwrap_or_default().into_owned();
    let address = html::url(&full.unwrap_or(shown));
    if address.is_empty() {
        return markup;
    }
    let label = match tag.value("alt").filter(|alt| !alt.trim().is_empty()) {
        Some(alt) => format!("Enlarge: {alt}"),
        None => "Enlarge".to_owned(),
    };
    let linked = format!(
        "{}<a class=\"lightbox-trigger\" href=\"{address}\" aria-label=\"{}\">{}</a>{}",
        &markup[..tag.start],
        html::attr(&label),
        &markup[tag.start..tag.end],
        &markup[tag.end..]
    );
    html::add_classes(&linked, "wp-lightbox-container")
}

/// A part of an accordion. No script runs here, so that its panel is open, and its heading says that it cannot be closed.
fn accordion_item(r: &mut Render<'_>, markup: String) -> String {
    let id = format!("accordion-item-{}", r.number());
    let panel_id = format!("{id}-panel");
    let toggle = Tag::find_class(&markup, 0, "wp-block-accordion-heading__toggle");
    let panel = toggle.and_then(|t| Tag::find_class(&markup, t.end, "wp-block-accordion-panel"));
    let Some(panel) = panel else {
        return html::add_classes(&markup, "is-open");
    };
    // From the end to the beginning, so that places found stay where they are.
    let mut markup = with(&markup, panel.start, &[("id", &panel_id), ("aria-labelledby", &id)]);
    if let Some(toggle) = Tag::find_class(&markup, 0, "wp-block-accordion-heading__toggle") {
        let said = [
            ("id", id.as_str()),
            ("aria-controls", &panel_id),
            ("aria-expanded", "true"),
            ("aria-disabled", "true"),
        ];
        markup = with(&markup, toggle.start, &said);
    }
    html::add_classes(&markup, "is-open")
}

/// The text with attributes set on the tag at a place.
fn with(markup: &str, at: usize, attributes: &[(&str, &str)]) -> String {
    let mut out = markup.to_owned();
    for (key, value) in attributes {
        out = Tag::at(&out, at).map_or_else(|| out.clone(), |tag| tag.set(key, value));
    }
    out
}

/// A button without words is no button.
fn button(markup: &str) -> String {
    let has_words = !text::strip_tags(markup).trim().is_empty() || markup.contains("<img") || markup.contains("<svg");
    if has_words { markup.to_owned() } else { String::new() }
}

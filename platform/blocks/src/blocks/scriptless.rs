//! What WordPress moves with a script and what stands here without one: nothing is hidden that only a script could show.

use gp_markup::block::Block;
use serde_json::Value;

use super::{media::picture_of, text};
use crate::{
    html::{self, Tag},
    render::Render,
    supports::wrapper,
};

/// A picture that can be looked at in full: without a script it is a link to the file.
pub(super) fn enlarged(r: &Render<'_>, block: &Block, markup: String) -> String {
    let wanted = block.attrs.get("lightbox").and_then(|l| l.get("enabled"));
    if wanted != Some(&Value::Bool(true)) || Tag::find_named(&markup, 0, "a").is_some() {
        return markup;
    }
    let Some(tag) = Tag::find_named(&markup, 0, "img") else {
        return markup;
    };
    let media = block.attrs.get("id").and_then(Value::as_i64);
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
pub(super) fn accordion_item(r: &mut Render<'_>, markup: String) -> String {
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

/// The ids of the panels of a block of tabs: those that editors gave them, or numbers.
fn panel_ids(block: &Block, prefix: &str) -> Vec<String> {
    let panels = block
        .inner_blocks
        .iter()
        .find(|b| b.name.as_deref() == Some("core/tab-panels"));
    let panels = panels.into_iter().flat_map(|b| &b.inner_blocks);
    let panels = panels.filter(|b| b.name.as_deref() == Some("core/tab-panel"));
    panels
        .enumerate()
        .map(|(n, panel)| match text(panel, "anchor") {
            "" => format!("{prefix}-tab-{n}"),
            anchor => anchor.to_owned(),
        })
        .collect()
}

/// Tabs: all panels are open, and the tabs are links to them.
pub(super) fn tabs(r: &mut Render<'_>, block: &Block, markup: String) -> String {
    let prefix = match text(block, "anchor") {
        "" => format!("tabs_{}", r.number()),
        anchor => anchor.to_owned(),
    };
    let ids = panel_ids(block, &prefix);
    let Some(list) = Tag::find_class(&markup, 0, "wp-block-tab-list").filter(|_| !ids.is_empty()) else {
        return markup;
    };
    let first_panel = Tag::find_class(&markup, list.end, "wp-block-tab-panel").map_or(markup.len(), |p| p.start);
    let head = linked_tabs(&markup[list.start..first_panel], &ids);
    let mut out = format!("{}{head}", &markup[..list.start]);
    // Tabs inside of panels were done before: their panels have ids.
    let mut at = first_panel;
    let mut numbered = ids.iter().filter(|id| id.starts_with(&prefix));
    while let Some(tag) = Tag::find_class(&markup, at, "wp-block-tab-panel") {
        let own = tag.value("id").map(std::borrow::Cow::into_owned).unwrap_or_default();
        let id = match own.as_str() {
            "" => numbered.next(),
            own => ids.iter().find(|id| *id == own),
        };
        out.push_str(&markup[at..tag.start]);
        let opening = &markup[tag.start..tag.end];
        match id {
            Some(id) => {
                let label = format!("tab__{id}");
                let said = [("id", id.as_str()), ("role", "region"), ("aria-labelledby", &label)];
                out.push_str(&with(opening, 0, &said));
            }
            None => out.push_str(opening),
        }
        at = tag.end;
    }
    out.push_str(&markup[at..]);
    out
}

/// The list of tabs with links instead of buttons.
fn linked_tabs(markup: &str, ids: &[String]) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut at = 0;
    for id in ids {
        let Some(tag) = Tag::find_named(markup, at, "button") else {
            break;
        };
        out.push_str(&markup[at..tag.start]);
        let mut link = format!(
            "<a id=\"{}\" href=\"{}\"",
            html::attr(&format!("tab__{id}")),
            html::url(&format!("#{id}"))
        );
        for key in ["class", "style"] {
            if let Some(value) = tag.value(key) {
                link.push_str(&format!(" {key}=\"{}\"", html::attr(&value)));
            }
        }
        out.push_str(&link);
        out.push('>');
        at = tag.end;
        if let Some(end) = markup[at..].find("</button") {
            let close = markup[at + end..].find('>').map_or(markup.len(), |n| at + end + n + 1);
            out.push_str(&markup[at..at + end]);
            out.push_str("</a>");
            at = close;
        }
    }
    out.push_str(&markup[at..]);
    let list = with(&out, 0, &[("role", "navigation")]);
    match Tag::at(&list, 0) {
        Some(tag) if !tag.has("aria-label") => tag.set("aria-label", "Tabbed content"),
        _ => list,
    }
}

/// A piece of a list of music: WordPress plays it by a script, a browser by itself.
pub(super) fn track(block: &Block) -> String {
    let address = html::url(text(block, "src"));
    let id = block.attrs.get("id").and_then(Value::as_i64);
    if id.is_none_or(|id| id <= 0) || address.is_empty() {
        return String::new();
    }
    const CLASS: &str = "wp-block-playlist-track";
    let title = match text(block, "title") {
        "" => "Unknown title",
        title => title,
    };
    let span = |name: &str, words: &str| match words {
        "" => String::new(),
        words => format!("<span class=\"{CLASS}__{name}\">{}</span>", html::esc(words)),
    };
    let length = match text(block, "length") {
        "" => String::new(),
        length => format!(
            "<span class=\"{CLASS}__length\"><span class=\"screen-reader-text\">Duration: </span>{}</span>",
            html::esc(length)
        ),
    };
    format!(
        "<li{}><span class=\"{CLASS}__content\">{}{}</span>{length}\
         <audio controls preload=\"none\" src=\"{address}\" aria-label=\"{}\"></audio></li>",
        wrapper(block, ""),
        span("title", title),
        span("artist", text(block, "artist")),
        html::attr(title)
    )
}

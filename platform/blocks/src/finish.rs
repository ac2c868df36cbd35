//! What is done to every block after it was rendered: colours of what stands inside it, a filter of two colours, an aspect
//! ratio, and on which screens it is not shown.

use gp_markup::block::Block;
use serde_json::Value;

use crate::{
    html::{self, Tag},
    inline::{declarations, is_harmless},
    render::Render,
    supports::checksum,
    theme::{duotone_selector, duotone_svg, kebab, preset_value},
};

/// Whether a block is not shown anywhere.
pub(crate) fn is_hidden(block: &Block) -> bool {
    visibility(block) == Some(&Value::Bool(false))
}

fn visibility(block: &Block) -> Option<&Value> {
    block.attrs.get("metadata")?.get("blockVisibility")
}

/// Finishes the markup of a block.
pub(crate) fn finish(r: &mut Render<'_>, block: &Block, html: String) -> String {
    if block.attrs.is_empty() || html.is_empty() {
        return html;
    }
    let mut classes: Vec<String> = Vec::new();
    if let Some(style) = block.attrs.get("style") {
        classes.extend(elements(r, style));
        classes.extend(duotone(r, block, style));
    }
    let html = aspect_ratio(block, html);
    classes.extend(screens(r, block));
    if classes.is_empty() {
        return html;
    }
    html::add_classes(&html, &classes.join(" "))
}

const HEADINGS: &[&str] = &["h1", "h2", "h3", "h4", "h5", "h6"];

/// The colours of links, buttons and headings inside a block, as a class and its rules.
fn elements(r: &mut Render<'_>, style: &Value) -> Option<String> {
    let set = style.get("elements")?.as_object()?;
    let mut rules = String::new();
    let mut add = |selector: &str, place: Option<&Value>| {
        let declared = colours(place);
        if !declared.is_empty() {
            rules.push_str(&format!("{selector}{{{declared}}}"));
        }
    };
    let link = set.get("link");
    add("SELF a:where(:not(.wp-element-button))", link);
    add(
        "SELF a:where(:not(.wp-element-button)):hover",
        link.and_then(|l| l.get(":hover")),
    );
    let all = "SELF h1, SELF h2, SELF h3, SELF h4, SELF h5, SELF h6";
    add(all, set.get("heading"));
    for name in HEADINGS {
        add(&format!("SELF {name}"), set.get(*name));
    }
    add(
        "SELF .wp-element-button, SELF .wp-block-button__link",
        set.get("button"),
    );
    if rules.is_empty() {
        return None;
    }
    let class = format!("wp-elements-{:08x}", checksum(&rules));
    r.rule(rules.replace("SELF", &format!(".{class}")));
    Some(class)
}

fn colours(place: Option<&Value>) -> String {
    let mut out = String::new();
    for (key, property) in [
        ("text", "color"),
        ("background", "background-color"),
        ("gradient", "background"),
    ] {
        let value = place.and_then(|p| p.get("color")?.get(key)?.as_str());
        if let Some(value) = value.filter(|v| is_harmless(v)) {
            out.push_str(&format!("{property}:{};", preset_value(value)));
        }
    }
    out
}

/// How many filters of their own the blocks of a page may have.
const MOST_FILTERS: usize = 50;

/// The filter of two colours that a block asks for: one of the theme by its name, colours of its own, or none.
fn duotone(r: &mut Render<'_>, block: &Block, style: &Value) -> Option<String> {
    let selector = duotone_selector(block.name.as_deref()?)?;
    let (slug, value) = match style.pointer("/color/duotone")? {
        Value::String(word) if word == "unset" => ("unset".to_owned(), "none".to_owned()),
        Value::String(name) => {
            let slug = kebab(name.rsplit('|').next().unwrap_or_default());
            let plain = !slug.is_empty() && slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            let slug = Some(slug).filter(|_| plain)?;
            let value = format!("var(--wp--preset--duotone--{slug})");
            (slug, value)
        }
        Value::Array(list) => {
            let colours: Vec<&str> = list.iter().map(|c| c.as_str().unwrap_or_default()).collect();
            let slug = format!("{:08x}", checksum(&colours.join(" ")));
            if !r.filters.contains_key(&slug) && r.filters.len() < MOST_FILTERS {
                r.filters.insert(slug.clone(), duotone_svg(&slug, &colours)?);
            }
            r.filters.get(&slug)?;
            let value = format!("url(#wp-duotone-{slug})");
            (slug, value)
        }
        _ => return None,
    };
    let class = format!("wp-duotone-{slug}");
    let scoped: Vec<String> = selector
        .split(',')
        .map(|one| format!(".{class}{}", one.trim()))
        .collect();
    r.rule(format!("{}{{filter:{value}}}", scoped.join(", ")));
    Some(class)
}

/// Only covers take an aspect ratio; it wins over a least height, and without one the height wins.
fn aspect_ratio(block: &Block, html: String) -> String {
    if block.name.as_deref() != Some("core/cover") {
        return html;
    }
    let dimensions = block.attrs.get("style").and_then(|s| s.get("dimensions"));
    let ratio = dimensions.and_then(|d| d.get("aspectRatio")).and_then(Value::as_str);
    let high = block.attrs.contains_key("minHeight") || dimensions.is_some_and(|d| d.get("minHeight").is_some());
    let (css, classes) = match ratio.filter(|r| is_harmless(r)) {
        Some(ratio) => (
            declarations(&[("aspect-ratio", &preset_value(ratio)), ("min-height", "unset")]),
            "has-aspect-ratio",
        ),
        None if high => ("aspect-ratio:unset;".to_owned(), ""),
        None => return html,
    };
    let Some(tag) = Tag::find(&html, 0) else { return html };
    let own = tag
        .value("style")
        .map(|s| s.trim_end_matches(';').to_owned())
        .unwrap_or_default();
    let own = if own.is_empty() { own } else { format!("{own};") };
    let styled = tag.set("style", &format!("{own}{css}"));
    html::add_classes(&styled, classes)
}

/// Screens by name, from the widest, and when they are meant.
const SCREENS: &[(&str, &str)] = &[
    ("desktop", "(width > 782px)"),
    ("mobile", "(width <= 480px)"),
    ("tablet", "(480px < width <= 782px)"),
];

/// The screens on which a block is not shown.
fn screens(r: &mut Render<'_>, block: &Block) -> Vec<String> {
    let Some(set) = visibility(block).and_then(|v| v.get("viewport")) else {
        return Vec::new();
    };
    let hidden = SCREENS
        .iter()
        .filter(|(name, _)| set.get(*name) == Some(&Value::Bool(false)));
    hidden
        .map(|(name, query)| {
            let class = format!("wp-block-hidden-{name}");
            r.rule(format!("@media {query}{{.{class}{{display:none !important}}}}"));
            class
        })
        .collect()
}

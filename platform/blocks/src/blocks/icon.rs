//! The icon block: a drawing that takes its colour from the text.

use gp_markup::block::Block;
use serde_json::{Map, Value, json};

use super::{flag, text};
use crate::{
    html, icons, inline,
    render::Render,
    supports::{colour_classes, wrapper},
};

/// Attributes that belong to the element around the drawing.
const AROUND: &[&str] = &["align", "className", "anchor"];

pub(super) fn icon(r: &mut Render<'_>, block: &Block) -> String {
    let name = text(block, "icon");
    let Some(icon) = icons::by_name(name) else {
        if !name.is_empty() {
            r.notice(format!("core/icon: there is no icon {name:?}"));
        }
        return String::new();
    };
    let said = attributes(block);
    let said: Vec<(&str, &str)> = said.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let svg = html::element("svg", &said, &icon.drawing);
    format!("<div{}>{svg}</div>", wrapper(&around(block), ""))
}

fn around(block: &Block) -> Block {
    let mut attrs: Map<String, Value> = AROUND
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), block.attrs.get(*key)?.clone())))
        .collect();
    if let Some(margin) = block.attrs.get("style").and_then(|s| s.pointer("/spacing/margin")) {
        attrs.insert("style".to_owned(), json!({"spacing": {"margin": margin}}));
    }
    Block::void("core/icon", attrs)
}

/// The drawing's own: a name, or the word that it is decoration.
fn attributes(block: &Block) -> Vec<(&'static str, String)> {
    let label = text(block, "ariaLabel").trim();
    let mut said = match label {
        "" => vec![("aria-hidden", "true".to_owned()), ("focusable", "false".to_owned())],
        label => vec![("role", "img".to_owned()), ("aria-label", label.to_owned())],
    };
    let mut style = vec![inline::drawn(block)];
    if let Some(degrees) = turned(block) {
        style.push(format!("rotate:{degrees}deg"));
    }
    style.retain(|css| !css.is_empty());
    said.push(("class", classes(block).join(" ")));
    said.push(("style", style.join(";")));
    said.push(("xmlns", "http://www.w3.org/2000/svg".to_owned()));
    said.push(("viewBox", "0 0 24 24".to_owned()));
    said
}

fn classes(block: &Block) -> Vec<String> {
    let mut painted = Block::void("core/icon", block.attrs.clone());
    painted.attrs.remove("gradient");
    let colour = painted
        .attrs
        .get_mut("style")
        .and_then(|style| style.pointer_mut("/color"));
    if let Some(colour) = colour.and_then(Value::as_object_mut) {
        colour.remove("gradient");
    }
    let mut classes = colour_classes(&painted);
    for (key, class) in [
        ("flipHorizontal", "is-flip-horizontal"),
        ("flipVertical", "is-flip-vertical"),
    ] {
        if flag(block, key, false) {
            classes.push(class.to_owned());
        }
    }
    classes
}

/// By how many whole degrees; older editors wrote the number as text.
fn turned(block: &Block) -> Option<i64> {
    let rotation = block.attrs.get("rotation")?;
    #[expect(clippy::cast_possible_truncation, reason = "whole degrees")]
    let degrees = rotation
        .as_f64()
        .map(|degrees| degrees as i64)
        .or_else(|| rotation.as_str()?.trim().parse().ok())?;
    Some(degrees).filter(|degrees| *degrees != 0)
}

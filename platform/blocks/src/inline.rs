//! The inline style that a dynamic block's attributes ask for, property by property in the order in which WordPress writes them.

use gp_markup::block::Block;
use serde_json::Value;

use crate::theme::{is_plain, preset_value};

/// Where a property is found, and its name.
type Properties = &'static [(&'static str, &'static str)];

const COLOURS: Properties = &[
    ("/color/text", "color"),
    ("/color/background", "background-color"),
    ("/color/gradient", "background"),
];

const TYPOGRAPHY: Properties = &[
    ("/typography/fontSize", "font-size"),
    ("/typography/fontFamily", "font-family"),
    ("/typography/fontStyle", "font-style"),
    ("/typography/fontWeight", "font-weight"),
    ("/typography/lineHeight", "line-height"),
    ("/typography/textColumns", "column-count"),
    ("/typography/textDecoration", "text-decoration"),
    ("/typography/textTransform", "text-transform"),
    ("/typography/letterSpacing", "letter-spacing"),
    ("/typography/textIndent", "text-indent"),
    ("/typography/writingMode", "writing-mode"),
];

const OTHERS: Properties = &[("/dimensions/minHeight", "min-height"), ("/shadow", "box-shadow")];

const SIDES: &[&str] = &["top", "right", "bottom", "left"];

/// A value that may stand in a declaration: it cannot leave it, runs nothing and asks nobody.
pub(crate) fn is_harmless(value: &str) -> bool {
    let small = value.to_ascii_lowercase();
    !value.is_empty() && is_plain(value) && !small.contains("expression(") && !small.contains("javascript:")
}

/// Declarations one after another.
#[derive(Debug, Default)]
struct Style(Vec<String>);

impl Style {
    fn add(&mut self, property: &str, value: &Value) {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        if !is_harmless(&value) {
            return;
        }
        // Older editors wrote words of CSS as presets that no theme has.
        let word = value.strip_prefix("var:preset|").and_then(|v| v.split_once('|'));
        let value = match word {
            Some((kind, word)) if kind == property || kind.starts_with("text-") => word.to_owned(),
            _ => preset_value(&value),
        };
        self.0.push(format!("{property}:{value}"));
    }

    fn all(&mut self, set: &Value, properties: &[(&str, &str)]) {
        for (pointer, property) in properties {
            set.pointer(pointer)
                .into_iter()
                .for_each(|value| self.add(property, value));
        }
    }

    /// The border of all sides, or of each side its own; `slug` is the colour by its name in the theme.
    fn border(&mut self, set: &Value, slug: Option<&str>) {
        let Some(border) = set.get("border") else { return };
        if let Some(colour) = border.get("color").filter(|_| slug.is_none()) {
            self.add("border-color", colour);
        }
        match border.get("radius") {
            Some(Value::Object(corners)) => {
                for (corner, value) in corners {
                    let corner = crate::theme::kebab(corner);
                    if matches!(
                        corner.as_str(),
                        "top-left" | "top-right" | "bottom-left" | "bottom-right"
                    ) {
                        self.add(&format!("border-{corner}-radius"), &in_pixels(value));
                    }
                }
            }
            Some(value) => self.add("border-radius", &in_pixels(value)),
            None => {}
        }
        border
            .get("style")
            .into_iter()
            .for_each(|value| self.add("border-style", value));
        if let Some(value) = border.get("width") {
            self.add("border-width", &in_pixels(value));
        }
        for side in SIDES {
            for (key, value) in border.get(*side).and_then(Value::as_object).into_iter().flatten() {
                if matches!(key.as_str(), "color" | "style" | "width") {
                    self.add(&format!("border-{side}-{key}"), value);
                }
            }
        }
    }

    fn boxes(&mut self, set: &Value, names: &[&str]) {
        for name in names {
            match set.pointer(&format!("/spacing/{name}")) {
                Some(Value::Object(sides)) => sides
                    .iter()
                    .filter(|(side, _)| SIDES.contains(&side.as_str()))
                    .for_each(|(side, value)| self.add(&format!("{name}-{side}"), value)),
                Some(value) => self.add(name, value),
                None => {}
            }
        }
    }
}

/// A number alone is one of pixels.
fn in_pixels(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::String(format!("{number}px")),
        Value::String(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
            Value::String(format!("{text}px"))
        }
        other => other.clone(),
    }
}

/// The inline style of a block's own element.
pub(crate) fn style(block: &Block) -> String {
    let Some(set) = block.attrs.get("style") else {
        return String::new();
    };
    let mut style = Style::default();
    style.all(set, COLOURS);
    style.all(set, TYPOGRAPHY);
    style.border(set, border_colour(block));
    style.boxes(set, &["padding", "margin"]);
    style.all(set, OTHERS);
    style.0.join(";")
}

fn border_colour(block: &Block) -> Option<&str> {
    block
        .attrs
        .get("borderColor")
        .and_then(Value::as_str)
        .filter(|slug| !slug.is_empty())
}

/// The border alone, for blocks that put it on what is inside them.
pub(crate) fn borders(block: &Block) -> String {
    let mut style = Style::default();
    if let Some(slug) = border_colour(block) {
        style.add("border-color", &Value::String(format!("var:preset|color|{slug}")));
    }
    if let Some(set) = block.attrs.get("style") {
        style.border(set, border_colour(block));
    }
    style.0.join(";")
}

/// What is drawn of an icon: its colours, by name in the theme too, its border, width and padding.
pub(crate) fn drawn(block: &Block) -> String {
    let mut style = Style::default();
    let empty = Value::Null;
    let set = block.attrs.get("style").unwrap_or(&empty);
    for (key, pointer, property) in [
        ("textColor", "/color/text", "color"),
        ("backgroundColor", "/color/background", "background-color"),
    ] {
        let slug = block
            .attrs
            .get(key)
            .and_then(Value::as_str)
            .filter(|slug| !slug.is_empty());
        match slug {
            Some(slug) => {
                let value = preset_value(&format!("var:preset|color|{slug}"));
                if is_harmless(&value) {
                    style.0.push(format!("{property}:{value}"));
                }
            }
            None => style.all(set, &[(pointer, property)]),
        }
    }
    style.border(set, border_colour(block));
    style.all(set, &[("/dimensions/width", "width")]);
    style.boxes(set, &["padding"]);
    style.0.join(";")
}

/// Declarations of attributes that stand beside `style`: `("aspect-ratio", "16/9")`; what is not harmless is left out.
pub(crate) fn declarations(pairs: &[(&str, &str)]) -> String {
    let kept = pairs.iter().filter(|(_, value)| is_harmless(value));
    kept.map(|(property, value)| format!("{property}:{value};")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(style_json: &str) -> String {
        let attrs: Value = serde_json::from_str(style_json).unwrap_or_default();
        style(&Block::void(
            "core/avatar",
            attrs.as_object().cloned().unwrap_or_default(),
        ))
    }

    #[test]
    fn each_side_has_its_border() {
        let css = of(
            r#"{"style":{"border":{"radius":{"topLeft":"4px","bottomRight":2},"top":{"color":"var:preset|color|accent","width":"1px"},"left":{"style":"dotted","x":"1"}},"shadow":"var:preset|shadow|natural","dimensions":{"minHeight":"50vh"}}}"#,
        );
        assert_eq!(
            css,
            "border-top-left-radius:4px;border-bottom-right-radius:2px;border-top-color:var(--wp--preset--color--accent);\
             border-top-width:1px;border-left-style:dotted;min-height:50vh;box-shadow:var(--wp--preset--shadow--natural)"
        );
        assert_eq!(
            of(r#"{"style":{"border":{"width":"3","radius":0}}}"#),
            "border-radius:0px;border-width:3px"
        );
    }

    #[test]
    fn what_leaves_its_declaration_is_left_out() {
        for evil in [
            "red;}x{",
            "url(//x.example/a)",
            "EXPRESSION(1)",
            "javascript:1",
            "</style>",
            "a\\\\22",
        ] {
            let css = of(&format!(
                r#"{{"style":{{"shadow":"{evil}","border":{{"top":{{"color":"{evil}"}},"radius":"{evil}"}},"dimensions":{{"minHeight":"{evil}"}}}}}}"#
            ));
            assert_eq!(css, "", "{evil}");
            assert_eq!(declarations(&[("height", evil), ("width", "1px")]), "width:1px;");
        }
    }
}

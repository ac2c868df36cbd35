//! Inline styles: which declarations may stay.

use super::has_safe_scheme;

/// Properties that may stay by name.
const PROPERTIES: [&str; 53] = [
    "align-content",
    "align-items",
    "align-self",
    "aspect-ratio",
    "background",
    "border",
    "bottom",
    "box-shadow",
    "clear",
    "color",
    "column-count",
    "column-gap",
    "column-rule",
    "column-width",
    "cursor",
    "direction",
    "display",
    "filter",
    "flex",
    "float",
    "font",
    "gap",
    "grid",
    "height",
    "inset",
    "justify-content",
    "justify-items",
    "justify-self",
    "left",
    "letter-spacing",
    "line-height",
    "list-style",
    "margin",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "object-fit",
    "object-position",
    "opacity",
    "order",
    "outline",
    "overflow",
    "padding",
    "position",
    "right",
    "row-gap",
    "text-align",
    "top",
    "vertical-align",
    "width",
    "writing-mode",
    "z-index",
];

/// Beginnings of names of families of properties.
const FAMILIES: [&str; 12] = [
    "background-",
    "border-",
    "column-",
    "flex-",
    "font-",
    "grid-",
    "list-style-",
    "margin-",
    "outline-",
    "overflow-",
    "padding-",
    "text-",
];

/// Properties that may show an image.
const WITH_IMAGE: [&str; 6] = [
    "background",
    "background-image",
    "cursor",
    "filter",
    "list-style",
    "list-style-image",
];

/// The declarations that are safe, as `name: value;name: value`.
pub(super) fn safe_style(style: &str) -> String {
    let mut out = String::with_capacity(style.len());
    for declaration in split_declarations(style) {
        let Some((name, value)) = declaration.split_once(':') else {
            continue;
        };
        let (name, value) = (name.trim(), value.trim());
        if is_safe_name(name) && is_safe_value(name, value) {
            if !out.is_empty() {
                out.push(';');
            }
            out.push_str(name);
            out.push_str(": ");
            out.push_str(value);
        }
    }
    out
}

/// Cuts at semicolons outside quotes and brackets.
fn split_declarations(style: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    for (at, byte) in style.bytes().enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            (_, Some(_)) => {}
            (b'(', None) => depth += 1,
            (b')', None) => depth = depth.saturating_sub(1),
            (b';', None) if depth == 0 => {
                parts.push(&style[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&style[start..]);
    parts
}

fn is_safe_name(name: &str) -> bool {
    if let Some(custom) = name.strip_prefix("--") {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        return !custom.is_empty() && custom.bytes().all(fits);
    }
    let name = name.to_ascii_lowercase();
    let letters = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    letters && (PROPERTIES.contains(&name.as_str()) || FAMILIES.iter().any(|family| name.starts_with(family)))
}

/// Functions that a value may call.
const FUNCTIONS: [&str; 38] = [
    "blur",
    "brightness",
    "calc",
    "circle",
    "clamp",
    "conic-gradient",
    "contrast",
    "cubic-bezier",
    "drop-shadow",
    "ellipse",
    "fit-content",
    "grayscale",
    "hsl",
    "hsla",
    "hue-rotate",
    "inset",
    "invert",
    "lab",
    "lch",
    "linear-gradient",
    "max",
    "min",
    "minmax",
    "oklch",
    "opacity",
    "polygon",
    "radial-gradient",
    "repeat",
    "repeating-conic-gradient",
    "repeating-linear-gradient",
    "repeating-radial-gradient",
    "rgb",
    "rgba",
    "saturate",
    "sepia",
    "url",
    "var",
    "color-mix",
];

fn is_safe_value(name: &str, value: &str) -> bool {
    let strange = |c: char| c.is_control() || matches!(c, '\\' | '<' | '>' | '{' | '}' | '@');
    if value.is_empty() || value.contains(strange) || value.contains("/*") {
        return false;
    }
    let mut depth = 0_usize;
    for (at, bracket) in value.match_indices(['(', ')']) {
        if bracket == ")" {
            let Some(less) = depth.checked_sub(1) else {
                return false;
            };
            depth = less;
            continue;
        }
        depth += 1;
        let function = called(&value[..at]);
        if function.is_empty() {
            // Grouping in a calculation.
            if depth == 1 {
                return false;
            }
        } else if !FUNCTIONS.contains(&function.as_str()) || function == "url" && !is_safe_image(name, &value[at + 1..])
        {
            return false;
        }
    }
    depth == 0
}

/// The name before a bracket.
fn called(before: &str) -> String {
    let start = before
        .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    before[start..].to_ascii_lowercase()
}

/// Whether an image may stand here, and its address is a web or local one.
fn is_safe_image(name: &str, after: &str) -> bool {
    let custom = name.starts_with("--");
    if !custom && !WITH_IMAGE.contains(&name.to_ascii_lowercase().as_str()) {
        return false;
    }
    let Some((inside, _)) = after.split_once(')') else {
        return false;
    };
    let inside = inside.trim();
    let quoted = ['"', '\'']
        .iter()
        .find_map(|quote| inside.strip_prefix(*quote).map(|rest| rest.strip_suffix(*quote)));
    let address = quoted.unwrap_or(Some(inside)).unwrap_or_default().trim();
    !address.is_empty() && !address.contains(['"', '\'']) && has_safe_scheme(address)
}

//! `theme.json`: what pages need of it, and its presets as CSS custom properties under WordPress's names.

use serde_json::Value;

/// A theme's settings and styles.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ThemeJson(Value);

/// Kinds of preset: where they stand in the settings, the key of the value, and the word in the name.
const PRESETS: &[(&str, &str, &str)] = &[
    ("/color/palette", "color", "color"),
    ("/color/gradients", "gradient", "gradient"),
    ("/typography/fontSizes", "size", "font-size"),
    ("/typography/fontFamilies", "fontFamily", "font-family"),
    ("/spacing/spacingSizes", "size", "spacing"),
    ("/shadow/presets", "shadow", "shadow"),
];

/// How deep `settings.custom` is followed.
const DEEPEST: usize = 8;

impl ThemeJson {
    /// From the file's JSON.
    pub fn new(json: Value) -> Self {
        Self(json)
    }

    fn setting(&self, pointer: &str) -> Option<&Value> {
        self.0.get("settings")?.pointer(pointer)
    }

    /// Whether containers get `has-global-padding`.
    pub fn root_padding_aware(&self) -> bool {
        self.setting("/useRootPaddingAwareAlignments")
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// The area of a template part (`header`, `footer`), when the theme says.
    pub fn area(&self, part: &str) -> Option<&str> {
        let parts = self.0.get("templateParts")?.as_array()?;
        let found = parts
            .iter()
            .find(|p| p.get("name").and_then(Value::as_str) == Some(part))?;
        found.get("area").and_then(Value::as_str)
    }

    /// The presets, custom values and sizes as one rule for `:root`, and the classes that blocks' saved markup uses.
    pub fn css(&self) -> String {
        let mut variables = String::new();
        let mut classes = String::new();
        for (pointer, key, word) in PRESETS {
            for preset in self.setting(pointer).and_then(Value::as_array).into_iter().flatten() {
                let text = |name: &str| preset.get(name).and_then(Value::as_str).filter(|v| is_plain(v));
                let (Some(slug), Some(value)) = (text("slug").map(kebab), text(key)) else {
                    continue;
                };
                variables.push_str(&format!("--wp--preset--{word}--{slug}:{value};"));
                classes.push_str(&preset_classes(word, &slug));
            }
        }
        if let Some(custom) = self.setting("/custom") {
            custom_variables(custom, "--wp--custom", 0, &mut variables);
        }
        for (key, name) in [("contentSize", "content-size"), ("wideSize", "wide-size")] {
            if let Some(size) = self
                .setting(&format!("/layout/{key}"))
                .and_then(Value::as_str)
                .filter(|v| is_plain(v))
            {
                variables.push_str(&format!("--wp--style--global--{name}:{size};"));
            }
        }
        let gap = self
            .0
            .pointer("/styles/spacing/blockGap")
            .and_then(Value::as_str)
            .filter(|v| is_plain(v));
        if let Some(gap) = gap {
            variables.push_str(&format!("--wp--style--block-gap:{};", preset_value(gap)));
        }
        if variables.is_empty() {
            String::new()
        } else {
            format!(":root{{{variables}}}{classes}")
        }
    }
}

/// A value that cannot leave its declaration.
pub(crate) fn is_plain(value: &str) -> bool {
    value.len() < 500 && !value.contains(['{', '}', ';', '<', '\\']) && !value.to_ascii_lowercase().contains("url(")
}

/// `var:preset|spacing|40` as CSS; anything else as it is.
pub(crate) fn preset_value(value: &str) -> String {
    match value.strip_prefix("var:") {
        Some(path) => format!(
            "var(--wp--{})",
            path.split('|').map(kebab).collect::<Vec<_>>().join("--")
        ),
        None => value.to_owned(),
    }
}

/// WordPress's names in CSS: `wideSize` is `wide-size`, `h1` is `h-1` only between letter and digit of a longer word.
pub(crate) fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            out.push('-');
        }
        match c {
            _ if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ if out.ends_with('-') => {}
            _ => out.push('-'),
        }
        before = c;
    }
    out.trim_matches('-').to_owned()
}

fn preset_classes(word: &str, slug: &str) -> String {
    let rule = |class: &str, property: &str| {
        format!(".has-{slug}-{class}{{{property}:var(--wp--preset--{word}--{slug})!important}}")
    };
    match word {
        "color" => [
            ("color", "color"),
            ("background-color", "background-color"),
            ("border-color", "border-color"),
        ]
        .into_iter()
        .map(|(class, property)| rule(class, property))
        .collect(),
        "gradient" => rule("gradient-background", "background"),
        "font-size" => rule("font-size", "font-size"),
        "font-family" => rule("font-family", "font-family"),
        _ => String::new(),
    }
}

fn custom_variables(value: &Value, name: &str, depth: usize, out: &mut String) {
    match value {
        Value::Object(entries) if depth < DEEPEST => {
            for (key, inner) in entries {
                custom_variables(inner, &format!("{name}--{}", kebab(key)), depth + 1, out);
            }
        }
        Value::String(text) if is_plain(text) => out.push_str(&format!("{name}:{};", preset_value(text))),
        Value::Number(number) => out.push_str(&format!("{name}:{number};")),
        _ => {}
    }
}

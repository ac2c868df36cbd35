//! `theme.json`: what pages need of it directly. Its settings and styles are merged in `merge` and compiled in `sheet`.

use serde_json::Value;

/// A theme's settings and styles.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ThemeJson(Value);

impl ThemeJson {
    /// From the file's JSON.
    pub fn new(json: Value) -> Self {
        Self(json)
    }

    /// The file's JSON.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// Whether containers get `has-global-padding`.
    pub fn root_padding_aware(&self) -> bool {
        self.0.pointer("/settings/useRootPaddingAwareAlignments") == Some(&Value::Bool(true))
    }

    /// Whether the theme builds on WordPress's styles and layouts. One whose `style.css` does it all says
    /// `"guidepost": {"baseStyles": false}`.
    pub(crate) fn builds_on_core(&self) -> bool {
        self.0.pointer("/guidepost/baseStyles") != Some(&Value::Bool(false))
    }

    /// The area of a template part (`header`, `footer`), when the theme says.
    pub fn area(&self, part: &str) -> Option<&str> {
        let parts = self.0.get("templateParts")?.as_array()?;
        let found = parts
            .iter()
            .find(|p| p.get("name").and_then(Value::as_str) == Some(part))?;
        found.get("area").and_then(Value::as_str)
    }
}

/// A value that cannot leave its declaration, of an attribute of a block.
pub(crate) fn is_plain(value: &str) -> bool {
    value.len() < 500 && !value.contains(['{', '}', ';', '<', '\\']) && !value.to_ascii_lowercase().contains("url(")
}

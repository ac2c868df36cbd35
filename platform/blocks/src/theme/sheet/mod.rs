//! A theme's settings and styles compiled to CSS, as `wp_get_global_stylesheet()` writes it.
//!
//! What must never be here: which of it a page needs (that is `served`), and CSS that was not checked by `guard`.

mod presets;
pub(crate) mod selectors;
mod styles;

use super::merge::Tree;

/// What a rule is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Variables.
    Variables,
    /// How containers lay out.
    Layout,
    /// Elements and blocks.
    Styles,
    /// Styles that editors choose for single blocks (`is-style-…`).
    Variations,
    /// Classes made of presets.
    Classes,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    /// `@media …`, or empty.
    pub media: String,
    pub selector: String,
    pub declarations: Vec<(String, String)>,
}

impl Rule {
    pub(crate) fn new(selector: impl Into<String>, declarations: Vec<(String, String)>) -> Self {
        Self {
            media: String::new(),
            selector: selector.into(),
            declarations,
        }
    }

    /// As text: with blanks as WordPress writes them, or `tight`.
    pub(crate) fn write(&self, tight: bool, out: &mut String) {
        if !self.media.is_empty() {
            out.push_str(&self.media);
            out.push('{');
        }
        out.push_str(&self.selector);
        out.push('{');
        let colon = if tight { ":" } else { ": " };
        for (at, (name, value)) in self.declarations.iter().enumerate() {
            if tight && at > 0 {
                out.push(';');
            }
            out.push_str(name);
            out.push_str(colon);
            out.push_str(value);
            if !tight {
                out.push(';');
            }
        }
        out.push('}');
        if !self.media.is_empty() {
            out.push('}');
        }
    }
}

/// Rules in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub rules: Vec<(Part, Rule)>,
}

impl Sheet {
    fn push(&mut self, part: Part, rule: Rule) {
        if !rule.declarations.is_empty() {
            self.rules.push((part, rule));
        }
    }

    /// The whole stylesheet.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for (_, rule) in &self.rules {
            rule.write(false, &mut out);
        }
        out
    }
}

/// What is compiled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// The name of the theme, whose files `file:./…` means.
    pub theme: &'a str,
    /// How containers lay out, and what stands at the root.
    pub layout: bool,
    /// Styles that editors choose for single blocks.
    pub variations: bool,
}

/// Compiles.
pub(crate) fn compile(tree: &Tree, scope: Scope<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    presets::variables(tree, &mut sheet);
    styles::styles(tree, scope, &mut sheet);
    presets::classes(tree, &mut sheet);
    sheet
}

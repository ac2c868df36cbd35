//! Block themes: templates, parts and patterns, read and parsed once from files.
//!
//! What must never be here: one theme's own names; a file system (the files come as bytes).

mod defaults;
mod facts;
pub mod fluid;
mod guard;
pub mod hierarchy;
mod json;
mod merge;
mod names;
pub(crate) mod served;
mod sheet;

use std::collections::BTreeMap;

use gp_kernel::{Error, Result};
use gp_markup::block::{self, Block};
use serde_json::Value;

pub(crate) use facts::duotone as duotone_selector;
pub use guard::clean as clean_css;
pub use json::ThemeJson;
pub(crate) use json::is_plain;
pub(crate) use names::{kebab, preset_value};
pub(crate) use served::duotone_svg;

use merge::{Origin, Tree};

/// A block theme, parsed.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    /// Its folder's name: what the option `stylesheet` holds.
    pub name: String,
    templates: BTreeMap<String, Vec<Block>>,
    parts: BTreeMap<String, Vec<Block>>,
    patterns: BTreeMap<String, Vec<Block>>,
    /// What patterns say of themselves: title, categories.
    about: BTreeMap<String, Value>,
    /// Its settings and styles.
    pub json: ThemeJson,
    /// `style.css`, when it has one.
    pub style: String,
    /// The style variations by name.
    pub variations: BTreeMap<String, Value>,
    parent: Option<Box<ThemeJson>>,
}

/// How large one file of a theme may be.
const MOST_BYTES: usize = 4 << 20;

impl Theme {
    /// Reads a theme from its files by path (`templates/single.html`); others than the known ones are left alone.
    ///
    /// # Errors
    /// When a file is no UTF-8, no JSON where it should be, or too large.
    pub fn from_files(name: &str, files: BTreeMap<String, Vec<u8>>) -> Result<Self> {
        let mut theme = Self {
            name: name.to_owned(),
            ..Self::default()
        };
        for (path, bytes) in files {
            let wanted = path.ends_with(".html") || path.ends_with(".json") || path == "style.css";
            if !wanted {
                continue;
            }
            if bytes.len() > MOST_BYTES {
                return Err(Error::invalid(format!(
                    "theme {name}: {path} has {} bytes, at most {MOST_BYTES} are read",
                    bytes.len()
                )));
            }
            let text =
                String::from_utf8(bytes).map_err(|_| Error::invalid(format!("theme {name}: {path} is no UTF-8")))?;
            theme
                .take(&path, &text)
                .map_err(|e| e.at(format!("theme {name}: {path}")))?;
        }
        Ok(theme)
    }

    fn take(&mut self, path: &str, text: &str) -> Result<()> {
        let html = path.strip_suffix(".html");
        // The two older names are what block themes used before WordPress 5.9.
        let below = |folders: [&str; 2]| folders.iter().find_map(|f| html?.strip_prefix(f)).map(str::to_owned);
        if let Some(slug) = below(["templates/", "block-templates/"]) {
            self.templates.insert(slug, block::parse(text));
        } else if let Some(slug) = below(["parts/", "block-template-parts/"]) {
            self.parts.insert(slug, block::parse(text));
        } else if let Some(slug) = below(["patterns/", "patterns/"]) {
            self.patterns
                .insert(format!("{}/{slug}", self.name), block::parse(text));
        } else if path == "patterns.json" {
            self.take_patterns(&json(text)?);
        } else if path == "theme.json" {
            self.json = ThemeJson::new(json(text)?);
        } else if let Some(variation) = path.strip_prefix("styles/").and_then(|p| p.strip_suffix(".json")) {
            self.variations.insert(variation.to_owned(), json(text)?);
        } else if path == "style.css" {
            text.clone_into(&mut self.style);
        }
        Ok(())
    }

    /// Its theme.json with the styles for single blocks that stand in files of their own (`blockTypes`).
    fn with_variations(&self) -> Value {
        let mut json = self.json.value().clone();
        for (path, variation) in &self.variations {
            let Some(blocks) = variation.get("blockTypes").and_then(Value::as_array) else {
                continue;
            };
            let name = ["slug", "title"]
                .into_iter()
                .find_map(|key| variation.get(key)?.as_str());
            let name = kebab(name.unwrap_or(path.rsplit('/').next().unwrap_or_default()));
            let styles = variation.get("styles").cloned().unwrap_or_default();
            for block in blocks.iter().filter_map(Value::as_str) {
                let path = ["styles", "blocks", block, "variations", &name];
                merge::set_if_missing(&mut json, &path, styles.clone());
            }
        }
        json
    }

    /// A list of `{name or slug, content}`, or an object from name to content.
    fn take_patterns(&mut self, list: &Value) {
        let mut add = |name: &str, content: &str, about: &Value| {
            self.patterns.insert(name.to_owned(), block::parse(content));
            let mut about = about.clone();
            if let Value::Object(members) = &mut about {
                members.remove("content");
                self.about.insert(name.to_owned(), about);
            }
        };
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        match list {
            Value::Array(entries) => {
                for entry in entries {
                    if let (Some(name), Some(content)) = (
                        text(entry, "name").or_else(|| text(entry, "slug")),
                        text(entry, "content"),
                    ) {
                        add(&name, &content, entry);
                    }
                }
            }
            Value::Object(entries) => {
                for (name, entry) in entries {
                    if let Some(content) = entry.as_str().map(str::to_owned).or_else(|| text(entry, "content")) {
                        add(name, &content, entry);
                    }
                }
            }
            _ => {}
        }
    }

    /// This theme over its parent: what it has not itself it takes from there.
    #[must_use]
    pub fn child_of(mut self, parent: Self) -> Self {
        fn under<T>(own: &mut BTreeMap<String, T>, parent: BTreeMap<String, T>) {
            for (key, value) in parent {
                own.entry(key).or_insert(value);
            }
        }
        under(&mut self.templates, parent.templates);
        under(&mut self.parts, parent.parts);
        under(&mut self.patterns, parent.patterns);
        under(&mut self.variations, parent.variations);
        self.parent = Some(Box::new(parent.json));
        self
    }

    /// Where its own stylesheet is served; empty when it has none.
    pub fn style_address(&self) -> String {
        if self.style.contains('{') {
            format!("/wp-content/themes/{}/style.css", self.name)
        } else {
            String::new()
        }
    }

    /// The site's stylesheet as `wp_get_global_stylesheet()` gives it; `user` is the content of the site's `wp_global_styles`.
    pub fn stylesheet(&self, user: &Value) -> String {
        let scope = sheet::Scope {
            theme: &self.name,
            layout: self.json.builds_on_core(),
            variations: false,
        };
        sheet::compile(&self.tree(user), scope).text()
    }

    /// The merged settings as `wp_get_global_settings()` gives them.
    pub fn settings(&self, user: &Value) -> Value {
        self.tree(user).settings().clone()
    }

    /// Defaults, blocks, the theme, and what the site changed, in this order.
    fn tree(&self, user: &Value) -> Tree {
        let mut core = defaults::core();
        let base = self.json.builds_on_core();
        if !base && let Some(entries) = core.as_object_mut() {
            entries.remove("styles");
        }
        let mut tree = Tree::new(&core, Origin::Default);
        if base {
            tree.merge(Tree::new(&defaults::blocks(), Origin::Blocks));
        }
        if let Some(parent) = &self.parent {
            tree.merge(Tree::new(parent.value(), Origin::Theme));
        }
        tree.merge(Tree::new(&self.with_variations(), Origin::Theme));
        if user.get("isGlobalStylesUserThemeJSON") == Some(&Value::Bool(true)) {
            tree.merge(Tree::new(user, Origin::Custom));
        }
        tree
    }

    /// A template by slug.
    pub fn template(&self, slug: &str) -> Option<&[Block]> {
        self.templates.get(slug).map(Vec::as_slice)
    }

    /// The slugs of its templates.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        self.templates.keys().map(String::as_str)
    }

    /// A template part by slug.
    pub fn part(&self, slug: &str) -> Option<&[Block]> {
        self.parts.get(slug).map(Vec::as_slice)
    }

    /// The slugs of its parts.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    /// Its patterns by name.
    pub fn patterns(&self) -> impl Iterator<Item = Pattern<'_>> {
        static NOTHING: Value = Value::Null;
        self.patterns.iter().map(|(name, blocks)| Pattern {
            name,
            blocks,
            about: self.about.get(name).unwrap_or(&NOTHING),
        })
    }

    /// A line of the head of its stylesheet, `Version: 1.2`.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.style.split("*/").next()?;
        let line = head.lines().find_map(|line| {
            let (key, value) = line.trim_start_matches([' ', '*', '/']).split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        line.filter(|value| !value.is_empty())
    }

    /// What people call it.
    pub fn title(&self) -> String {
        let said = || self.json.value().get("title")?.as_str().map(str::to_owned);
        self.header("Theme Name")
            .or_else(said)
            .or_else(|| names::of_default_theme(&self.name))
            .unwrap_or_else(|| self.name.clone())
    }

    /// The styles of the theme over those of everything below it, as an editor wants them.
    pub fn styles(&self) -> Value {
        self.json
            .value()
            .get("styles")
            .cloned()
            .unwrap_or_else(|| Value::Object(serde_json::Map::new()))
    }

    /// A pattern by its full name, `theme/slug`.
    pub fn pattern(&self, name: &str) -> Option<&[Block]> {
        self.patterns.get(name).map(Vec::as_slice)
    }
}

/// A pattern of a theme.
#[derive(Debug, Clone, Copy)]
pub struct Pattern<'t> {
    /// `theme/slug`.
    pub name: &'t str,
    /// What it stands for.
    pub blocks: &'t [Block],
    /// What it says of itself, as in `patterns.json`; nothing for one that says nothing.
    pub about: &'t Value,
}

impl<'t> Pattern<'t> {
    /// What it is counted among.
    pub fn categories(&self) -> Vec<&'t str> {
        let list = self.about.get("categories").and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|e| Error::invalid(format!("is no JSON: {e}")))
}

#[cfg(test)]
mod tests;

//! Presets and custom values: variables for `:root` and for single blocks, and the classes that blocks' markup names.

use serde_json::{Value, json};

use super::{Part, Rule, Sheet};
use crate::theme::{
    facts::{self, Preset},
    fluid, guard,
    merge::{Origin, Tree},
    names::kebab,
};

/// How deep `settings.custom` is followed.
const DEEPEST: usize = 16;

/// Settings and the selector that they are for; the root has none.
struct Node<'a> {
    settings: &'a Value,
    block: Option<(&'a str, String)>,
}

fn nodes(tree: &Tree) -> Vec<Node<'_>> {
    let mut found = vec![Node {
        settings: tree.settings(),
        block: None,
    }];
    let blocks = tree.settings().get("blocks").and_then(Value::as_object);
    for (name, settings) in blocks.into_iter().flatten() {
        if let Some(selector) = facts::root(name) {
            found.push(Node {
                settings,
                block: Some((name, selector)),
            });
        }
    }
    found
}

/// The variables.
pub(super) fn variables(tree: &Tree, sheet: &mut Sheet) {
    for node in nodes(tree) {
        let selector = node.block.as_ref().map_or(":root", |(_, s)| s);
        let mut rules: Vec<(String, Vec<(String, String)>)> = vec![(selector.to_owned(), Vec::new())];
        let mut add = |selector: &str, name: String, value: String| {
            if !guard::is_safe_value(&value) || !guard::is_property(&name) {
                return;
            }
            let at = rules
                .iter()
                .position(|(known, _)| known == selector)
                .unwrap_or_else(|| {
                    rules.push((selector.to_owned(), Vec::new()));
                    rules.len() - 1
                });
            if let Some((_, list)) = rules.get_mut(at) {
                // A theme's preset takes the place of a default one of the same slug.
                list.retain(|(known, _)| *known != name);
                list.push((name, value));
            }
        };
        let sizes = sizing(tree.settings(), node.settings);
        for preset in facts::PRESETS.iter().filter(|p| !p.value.is_empty()) {
            let target = feature_selector(&node, preset).unwrap_or(selector);
            for (slug, one) in presets(node.settings, preset) {
                if let Some(value) = value(preset, one, &sizes) {
                    add(target, format!("--wp--preset--{}--{slug}", preset.word), value);
                }
            }
        }
        if let Some(custom) = node.settings.get("custom") {
            flatten(custom, "--wp--custom", 0, &mut |name, value| add(selector, name, value));
        }
        for (selector, declarations) in rules {
            sheet.push(Part::Variables, Rule::new(selector, declarations));
        }
    }
}

/// Where the variables of a feature stand when it has a selector of its own.
fn feature_selector(node: &Node<'_>, preset: &Preset) -> Option<&'static str> {
    let (block, _) = node.block.as_ref()?;
    facts::features(block)
        .find(|(feature, style, _)| *feature == preset.path[0] && style.is_empty())
        .map(|(_, _, selector)| selector)
}

/// The classes.
pub(super) fn classes(tree: &Tree, sheet: &mut Sheet) {
    for node in nodes(tree) {
        for preset in facts::PRESETS {
            let mut slugs: Vec<String> = Vec::new();
            for (slug, _) in presets(node.settings, preset) {
                if !slugs.contains(&slug) {
                    slugs.push(slug);
                }
            }
            for (class, property) in preset.classes {
                for slug in &slugs {
                    let class = format!(".has-{slug}-{class}");
                    let selector = match &node.block {
                        Some((_, block)) => format!(":where({block}){class}"),
                        None => class,
                    };
                    let value = format!("var(--wp--preset--{}--{slug}) !important", preset.word);
                    sheet.push(
                        Part::Classes,
                        Rule::new(selector, vec![((*property).to_owned(), value)]),
                    );
                }
            }
        }
    }
}

/// The presets of a kind with their slugs, defaults first; one without a usable slug is none.
fn presets<'a>(settings: &'a Value, preset: &Preset) -> Vec<(String, &'a Value)> {
    let kept = settings.get(preset.path[0]).and_then(|group| group.get(preset.path[1]));
    let mut found = Vec::new();
    for origin in Origin::ALL {
        let list = kept.and_then(|k| k.get(origin.name())).and_then(Value::as_array);
        for one in list.into_iter().flatten() {
            let slug = match one.get("slug") {
                Some(Value::String(slug)) => kebab(slug),
                Some(Value::Number(slug)) => slug.to_string(),
                _ => continue,
            };
            if !slug.is_empty()
                && slug
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || !b.is_ascii())
            {
                found.push((slug, one));
            }
        }
    }
    found
}

fn value(preset: &Preset, one: &Value, sizes: &Value) -> Option<String> {
    let found = if preset.path[1] == "fontSizes" {
        fluid::font_size(one, sizes)
    } else {
        one.get(preset.value).cloned()
    };
    match found? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What font sizes depend on: a block's own settings before the root's.
pub(super) fn sizing(root: &Value, own: &Value) -> Value {
    let pick = |key: &str| own.get(key).or_else(|| root.get(key)).and_then(Value::as_object);
    let fluid = pick("typography").and_then(|t| t.get("fluid"));
    let wide = pick("layout").and_then(|l| l.get("wideSize"));
    json!({ "typography": { "fluid": fluid }, "layout": { "wideSize": wide } })
}

fn flatten(value: &Value, name: &str, depth: usize, add: &mut impl FnMut(String, String)) {
    match value {
        Value::Object(entries) if depth < DEEPEST => {
            for (key, inner) in entries {
                flatten(
                    inner,
                    &format!("{name}--{}", kebab(&key.replace('/', "-"))),
                    depth + 1,
                    add,
                );
            }
        }
        Value::Array(list) if depth < DEEPEST => {
            for (key, inner) in list.iter().enumerate() {
                flatten(inner, &format!("{name}--{key}"), depth + 1, add);
            }
        }
        Value::String(text) => add(name.to_owned(), text.clone()),
        Value::Number(number) => add(name.to_owned(), number.to_string()),
        _ => {}
    }
}

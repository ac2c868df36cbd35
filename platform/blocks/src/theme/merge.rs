//! Settings and styles from several hands become one tree: WordPress's defaults, the blocks' own, the theme's, the site's.
//!
//! Presets stay apart by their origin, `palette: {default: […], theme: […]}`, as WordPress keeps them.

use serde_json::{Map, Value, json};

use super::{facts, fluid::number};

/// Who says it; later ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Default,
    Blocks,
    Theme,
    Custom,
}

impl Origin {
    /// In the order in which they win.
    pub(crate) const ALL: [Self; 4] = [Self::Default, Self::Blocks, Self::Theme, Self::Custom];

    /// The name in presets.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Blocks => "blocks",
            Self::Theme => "theme",
            Self::Custom => "custom",
        }
    }
}

/// `{settings, styles}` of one or several hands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tree(Value);

impl Tree {
    /// What one hand says, in any version of theme.json, brought to the newest.
    pub(crate) fn new(json: &Value, origin: Origin) -> Self {
        let part = |name: &str| {
            json.get(name)
                .filter(|v| v.is_object())
                .cloned()
                .unwrap_or_else(|| json!({}))
        };
        let (mut settings, mut styles) = (part("settings"), part("styles"));
        let version = json.get("version").and_then(Value::as_u64).unwrap_or(1);
        if version < 2 {
            rename_old_settings(&mut settings);
        }
        if version < 3 && origin != Origin::Custom {
            keep_old_presets(&mut settings);
        }
        expand_names(&mut settings);
        expand_names(&mut styles);
        each_node(&mut settings, |node| {
            switch_on_appearance(node);
            for preset in facts::PRESETS {
                key_by_origin(node, preset.path, origin);
            }
        });
        key_by_origin(&mut settings, SCALE, origin);
        let mut tree = Self(json!({ "settings": settings, "styles": styles }));
        tree.make_sizes(&Map::new(), origin);
        tree
    }

    /// Lays what another hand says over this.
    pub(crate) fn merge(&mut self, mut incoming: Self) {
        let mut scale = Map::new();
        for origin in Origin::ALL {
            if let Some(Value::Object(base)) = get(self.settings(), &[SCALE[0], SCALE[1], origin.name()]) {
                scale.extend(base.clone());
            }
            if let Some(Value::Object(own)) = get(incoming.settings(), &[SCALE[0], SCALE[1], origin.name()]) {
                scale.extend(own.clone());
                incoming.make_sizes(&scale, origin);
            }
        }
        incoming.drop_overridden(self);
        replace(&mut self.0, incoming.0);
    }

    /// The settings.
    pub(crate) fn settings(&self) -> &Value {
        self.0.get("settings").unwrap_or(&Value::Null)
    }

    /// The styles.
    pub(crate) fn styles(&self) -> &Value {
        self.0.get("styles").unwrap_or(&Value::Null)
    }

    /// Looks up `styles.elements.button.border.radius`.
    pub(crate) fn at(&self, path: &str) -> Option<&Value> {
        get(&self.0, &path.split('.').collect::<Vec<_>>())
    }

    /// Makes the sizes of a scale and puts the sizes that are given over them.
    fn make_sizes(&mut self, scale: &Map<String, Value>, origin: Origin) {
        let Some(settings) = self.0.get_mut("settings") else {
            return;
        };
        let path = [SCALE[0], SCALE[1], origin.name()];
        let Some(own) = get(settings, &path).and_then(Value::as_object) else {
            return;
        };
        let mut whole = scale.clone();
        whole.extend(own.clone());
        let made = spacing_sizes(&Value::Object(whole));
        let given = get(settings, &["spacing", "spacingSizes", origin.name()]);
        let given = given.and_then(Value::as_array).cloned().unwrap_or_default();
        set(
            settings,
            &["spacing", "spacingSizes", origin.name()],
            Value::Array(with_sizes(made, given)),
        );
    }

    /// Presets of the theme that are called like a default one fall away where the defaults may not be changed; the others
    /// get the names of the defaults when they have none.
    fn drop_overridden(&mut self, base: &Self) {
        let base_settings = base.settings();
        let Some(settings) = self.0.get_mut("settings") else {
            return;
        };
        let root = settings.clone();
        let names = block_names(settings);
        for block in std::iter::once(None).chain(names.iter().map(Some)) {
            let Some(node) = node_mut(settings, block.map(String::as_str)) else {
                continue;
            };
            let base_node = node_of(base_settings, block.map(String::as_str));
            for preset in facts::PRESETS {
                let path = [preset.path[0], preset.path[1], Origin::Theme.name()];
                let Some(mut own) = get(node, &path).and_then(Value::as_array).cloned() else {
                    continue;
                };
                let defaults = |settings: &Value| slugs(get(settings, &[preset.path[0], preset.path[1], "default"]));
                if preset.named {
                    let known = get(base_settings, &[preset.path[0], preset.path[1], "default"]);
                    own.iter_mut().for_each(|one| name_like(one, known));
                }
                let switch = [preset.path[0], preset.defaults];
                let fixed = [Some(&*node), base_node, Some(&root), Some(base_settings)]
                    .into_iter()
                    .flatten()
                    .find_map(|n| get(n, &switch))
                    .is_some_and(|v| v == &Value::Bool(true));
                if fixed && !preset.defaults.is_empty() {
                    let mut taken = defaults(base_settings);
                    taken.extend(base_node.map(defaults).unwrap_or_default());
                    own.retain(|one| !slug(one).is_some_and(|s| taken.contains(&s)));
                }
                set(node, &path, Value::Array(own));
            }
        }
    }
}

const SCALE: [&str; 2] = ["spacing", "spacingScale"];

fn get<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter()
        .try_fold(value, |value, key| value.get(key))
        .filter(|v| !v.is_null())
}

fn set(value: &mut Value, path: &[&str], new: Value) {
    let Some((key, rest)) = path.split_first() else {
        *value = new;
        return;
    };
    if !value.is_object() {
        *value = json!({});
    }
    if let Value::Object(entries) = value {
        set(entries.entry(*key).or_insert(Value::Null), rest, new);
    }
}

/// Sets a value where nothing stands yet.
pub(crate) fn set_if_missing(value: &mut Value, path: &[&str], new: Value) {
    if get(value, path).is_none() {
        set(value, path, new);
    }
}

fn slug(preset: &Value) -> Option<String> {
    match preset.get("slug")? {
        Value::String(slug) => Some(slug.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn slugs(list: Option<&Value>) -> Vec<String> {
    list.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(slug)
        .collect()
}

fn name_like(preset: &mut Value, known: Option<&Value>) {
    if preset.get("name").is_some() {
        return;
    }
    let same = known
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .find(|one| slug(one) == slug(preset));
    if let (Some(name), Value::Object(entries)) = (same.and_then(|s| s.get("name")), preset) {
        entries.insert("name".to_owned(), name.clone());
    }
}

fn block_names(settings: &Value) -> Vec<String> {
    let blocks = settings.get("blocks").and_then(Value::as_object);
    blocks.map(|b| b.keys().cloned().collect()).unwrap_or_default()
}

fn node_of<'a>(settings: &'a Value, block: Option<&str>) -> Option<&'a Value> {
    block.map_or(Some(settings), |name| settings.get("blocks")?.get(name))
}

fn node_mut<'a>(settings: &'a mut Value, block: Option<&str>) -> Option<&'a mut Value> {
    match block {
        None => Some(settings),
        Some(name) => settings.get_mut("blocks")?.get_mut(name).filter(|n| n.is_object()),
    }
}

/// Does something to the settings of each block and to the root's own.
fn each_node(settings: &mut Value, change: impl Fn(&mut Value)) {
    if let Some(Value::Object(blocks)) = settings.get_mut("blocks") {
        blocks.values_mut().filter(|b| b.is_object()).for_each(&change);
    }
    change(settings);
}

fn rename_old_settings(settings: &mut Value) {
    let renamed = [
        ("border", "customRadius", "radius"),
        ("spacing", "customMargin", "margin"),
        ("spacing", "customPadding", "padding"),
        ("typography", "customLineHeight", "lineHeight"),
    ];
    let rename = |node: &mut Value| {
        for (group, old, new) in renamed {
            let Some(Value::Object(entries)) = node.get_mut(group) else {
                continue;
            };
            if let Some(value) = entries.remove(old) {
                entries.entry(new).or_insert(value);
            }
        }
    };
    each_node(settings, rename);
}

/// Before version 3 a theme's sizes always went before the defaults, and a scale did not count beside sizes.
fn keep_old_presets(settings: &mut Value) {
    if get(settings, &["typography", "fontSizes"]).is_some() {
        set(settings, &["typography", "defaultFontSizes"], json!(false));
    }
    let sizes = get(settings, &["spacing", "spacingSizes"]).is_some();
    if sizes || get(settings, &SCALE).is_some() {
        set(settings, &["spacing", "defaultSpacingSizes"], json!(false));
    }
    if sizes && let Some(Value::Object(spacing)) = settings.get_mut("spacing") {
        spacing.shift_remove("spacingScale");
    }
}

/// `var:preset|color|x` to `var(--wp--preset--color--x)`, everywhere.
fn expand_names(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(path) = text.strip_prefix("var:") {
                *text = format!("var(--wp--{})", path.replace('|', "--"));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(expand_names),
        Value::Object(entries) => entries.values_mut().for_each(expand_names),
        _ => {}
    }
}

fn switch_on_appearance(settings: &mut Value) {
    if settings.get("appearanceTools") != Some(&Value::Bool(true)) {
        return;
    }
    for path in facts::APPEARANCE {
        if settings.get(path[0]).and_then(|group| group.get(path[1])).is_none() {
            set(settings, path, json!(true));
        }
    }
    if let Value::Object(entries) = settings {
        entries.shift_remove("appearanceTools");
    }
}

/// A list of presets, or a scale, becomes `{origin: …}`, unless it is already.
fn key_by_origin(settings: &mut Value, path: [&str; 2], origin: Origin) {
    let Some(found) = get(settings, &path) else { return };
    let keyed = found
        .as_object()
        .is_some_and(|o| Origin::ALL.iter().any(|origin| o.contains_key(origin.name())));
    let usable = found.is_array() || (path == SCALE && found.is_object());
    if !keyed && usable {
        let found = found.clone();
        set(settings, &path, json!({ origin.name(): found }));
    }
}

/// Lays one tree over another: objects entry by entry, except pictures, which are whole or not at all.
fn replace(base: &mut Value, incoming: Value) {
    match (base, incoming) {
        (Value::Object(base), Value::Object(incoming)) => {
            for (key, value) in incoming {
                match base.get_mut(&key) {
                    Some(old) if key != "backgroundImage" => replace(old, value),
                    _ => {
                        base.insert(key, value);
                    }
                }
            }
        }
        // An empty list and an empty object are the same to WordPress, and change nothing.
        (Value::Object(_), Value::Array(list)) if list.is_empty() => {}
        (base, incoming) => *base = incoming,
    }
}

/// How many steps a scale may have.
const MOST_STEPS: f64 = 100.0;

/// The sizes of a scale: from the medium one down and up by its increment.
fn spacing_sizes(scale: &Value) -> Vec<Value> {
    let count = |key: &str| match scale.get(key) {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    let (Some(steps), Some(medium), Some(increment)) = (count("steps"), count("mediumStep"), count("increment")) else {
        return Vec::new();
    };
    let operator = scale.get("operator").and_then(Value::as_str).unwrap_or_default();
    let unit = scale.get("unit").and_then(Value::as_str).unwrap_or_default();
    let unit: String = unit
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '%')
        .collect();
    let countable = steps > 0.0 && steps <= MOST_STEPS && matches!(operator, "+" | "*");
    if !countable || unit.is_empty() {
        return Vec::new();
    }
    let size = |name: String, slug: usize, value: f64| json!({ "name": name, "slug": slug.to_string(), "size": format!("{}{unit}", number(value)) });
    let middle = (steps / 2.0).round();
    let mut sizes = Vec::new();
    let mut value = medium;
    let mut left = if steps > 1.0 { middle - 1.0 } else { 0.0 };
    let mut slug = 40usize;
    while left > 0.0 && slug > 0 {
        value = match operator {
            "+" => value - increment,
            _ if increment > 1.0 => value / increment,
            _ => value * increment,
        };
        if value <= 0.0 {
            break;
        }
        sizes.push(size(shirt(sizes.len(), "Small"), slug, hundredths(value)));
        slug -= 10;
        left -= 1.0;
    }
    sizes.reverse();
    sizes.push(size("Medium".to_owned(), 50, medium));
    let mut value = medium;
    let mut above = steps - middle + if value_ran_out(left, slug) { left } else { 0.0 };
    let mut done = 0usize;
    while above > 0.0 {
        value = match operator {
            "+" => value + increment,
            _ if increment >= 1.0 => value * increment,
            _ => value / increment,
        };
        sizes.push(size(shirt(done, "Large"), 60 + 10 * done, hundredths(value)));
        done += 1;
        above -= 1.0;
    }
    sizes
}

/// Steps that could not be made below because nothing was left come above instead.
fn value_ran_out(left: f64, slug: usize) -> bool {
    left > 0.0 && slug > 0
}

/// `Small`, `X-Small`, `2X-Small`.
fn shirt(number: usize, word: &str) -> String {
    match number {
        0 => word.to_owned(),
        1 => format!("X-{word}"),
        n => format!("{n}X-{word}"),
    }
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Given sizes over made ones, in the order of their slugs as numbers.
fn with_sizes(made: Vec<Value>, given: Vec<Value>) -> Vec<Value> {
    if made.is_empty() {
        return given;
    }
    let mut all = made;
    for one in given {
        match all.iter_mut().find(|known| slug(known) == slug(&one)) {
            Some(known) => *known = one,
            None => all.push(one),
        }
    }
    let rank = |one: &Value| slug(one).and_then(|s| s.parse::<f64>().ok()).unwrap_or(0.0);
    all.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::defaults;

    fn merged(theme: &Value) -> Tree {
        let mut tree = Tree::new(&defaults::core(), Origin::Default);
        tree.merge(Tree::new(&defaults::blocks(), Origin::Blocks));
        tree.merge(Tree::new(theme, Origin::Theme));
        tree
    }

    fn sizes(tree: &Tree, origin: &str) -> Vec<String> {
        let list = tree.at(&format!("settings.spacing.spacingSizes.{origin}"));
        let list = list.and_then(Value::as_array).cloned().unwrap_or_default();
        list.iter()
            .map(|one| format!("{}={}", slug(one).unwrap(), one["size"].as_str().unwrap()))
            .collect()
    }

    #[test]
    fn the_default_scale_has_seven_steps() {
        let tree = merged(&json!({"version": 3}));
        assert_eq!(
            sizes(&tree, "default"),
            [
                "20=0.44rem",
                "30=0.67rem",
                "40=1rem",
                "50=1.5rem",
                "60=2.25rem",
                "70=3.38rem",
                "80=5.06rem"
            ]
        );
    }

    #[test]
    fn a_part_of_a_scale_takes_the_rest_from_the_default() {
        let scale = json!({"version": 3, "settings": {"spacing": {"defaultSpacingSizes": false, "spacingScale": {"steps": 3}}}});
        assert_eq!(sizes(&merged(&scale), "theme"), ["40=1rem", "50=1.5rem", "60=2.25rem"]);
        let mad = json!({"version": 3, "settings": {"spacing": {"spacingScale": {"steps": 1e9}}}});
        assert!(sizes(&merged(&mad), "theme").is_empty());
    }

    #[test]
    fn default_colours_cannot_be_changed_unless_they_are_switched_off() {
        let palette = json!([{"slug": "black", "color": "#111"}, {"slug": "own", "color": "#222"}]);
        let kept = merged(&json!({"version": 2, "settings": {"color": {"palette": palette}}}));
        assert_eq!(
            kept.at("settings.color.palette.theme")
                .and_then(Value::as_array)
                .unwrap()
                .len(),
            1
        );
        let off = json!({"version": 2, "settings": {"color": {"defaultPalette": false, "palette": palette}}});
        let kept = merged(&off);
        assert_eq!(
            kept.at("settings.color.palette.theme")
                .and_then(Value::as_array)
                .unwrap()
                .len(),
            2
        );
    }

    #[test]
    fn appearance_tools_open_what_the_theme_does_not_close() {
        let tree = merged(&json!({"version": 3, "settings": {"appearanceTools": true, "border": {"color": false}}}));
        assert_eq!(tree.at("settings.border.color"), Some(&json!(false)));
        assert_eq!(tree.at("settings.border.radius"), Some(&json!(true)));
        assert_eq!(tree.at("settings.spacing.blockGap"), Some(&json!(true)));
        assert_eq!(tree.at("settings.appearanceTools"), Some(&json!(false)));
    }

    #[test]
    fn old_versions_keep_their_meaning() {
        let first = json!({"version": 1, "settings": {"border": {"customRadius": true}}});
        assert_eq!(merged(&first).at("settings.border.radius"), Some(&json!(true)));
        let second =
            json!({"version": 2, "settings": {"typography": {"fontSizes": [{"slug": "small", "size": "1rem"}]}}});
        let tree = merged(&second);
        assert_eq!(
            tree.at("settings.typography.fontSizes.theme"),
            Some(&json!([{"slug": "small", "size": "1rem", "name": "Small"}]))
        );
        let third =
            json!({"version": 3, "settings": {"typography": {"fontSizes": [{"slug": "small", "size": "1rem"}]}}});
        assert_eq!(
            merged(&third).at("settings.typography.fontSizes.theme"),
            Some(&json!([]))
        );
    }
}

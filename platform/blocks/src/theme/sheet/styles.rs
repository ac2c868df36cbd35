//! The styles of the root, of elements and of blocks, with their states, windows and layouts.

use serde_json::{Map, Value};

use super::{
    Part, Rule, Scope, Sheet,
    presets::sizing,
    selectors::{append, in_style, inside, split},
};
use crate::theme::{
    facts, fluid, guard,
    merge::{Origin, Tree},
};

/// How deep blocks stand in styles of blocks.
const DEEPEST: usize = 4;

type Declarations = Vec<(String, String)>;

/// All styles of a tree.
pub(super) fn styles(tree: &Tree, scope: Scope<'_>, sheet: &mut Sheet) {
    let mut writer = Writer {
        tree,
        scope,
        sheet,
        media: media_queries(tree),
        sizes: sizing(tree.settings(), &Value::Null),
        part: Part::Styles,
    };
    if scope.layout {
        writer.root_layout();
    }
    writer.root();
    writer.elements(tree.styles(), None, "");
    let blocks = tree.styles().get("blocks").and_then(Value::as_object);
    for (name, node) in blocks.into_iter().flatten() {
        writer.block(name, node, &|selector| selector.to_owned());
    }
    if scope.variations {
        writer.variations();
    }
}

/// `@mobile` and `@tablet` as media queries.
fn media_queries(tree: &Tree) -> Vec<(&'static str, String)> {
    let size = |key: &str| {
        let text = tree.at(&format!("settings.viewport.{key}"))?.as_str()?.trim();
        let digits = ["px", "rem", "em"]
            .into_iter()
            .find_map(|unit| text.strip_suffix(unit))?;
        let value: f64 = digits.parse().ok().filter(|_| !digits.starts_with(['+', '-']))?;
        let pixels = if text.ends_with("px") { value } else { value * 16.0 };
        Some((text.to_owned(), pixels))
    };
    let (mobile, tablet) = match (size("mobile"), size("tablet")) {
        (None, None) => (Some("480px".to_owned()), Some("782px".to_owned())),
        (Some((mobile, small)), Some((tablet, large))) => (Some(mobile), (small < large).then_some(tablet)),
        (mobile, tablet) => (mobile.map(|m| m.0), tablet.map(|t| t.0)),
    };
    let mut queries = Vec::new();
    if let Some(mobile) = &mobile {
        queries.push(("@mobile", format!("@media (width <= {mobile})")));
    }
    if let Some(tablet) = tablet {
        let from = mobile.map(|m| format!("{m} < ")).unwrap_or_default();
        queries.push(("@tablet", format!("@media ({from}width <= {tablet})")));
    }
    queries
}

/// One place that styles are written for.
struct Place<'a> {
    selector: String,
    /// Features with selectors of their own.
    features: Vec<(&'static str, &'static str, String)>,
    block: Option<&'a str>,
    duotone: Option<String>,
    css: String,
    /// Kept as weak as it is.
    bare: bool,
    media: String,
}

struct Writer<'a> {
    tree: &'a Tree,
    scope: Scope<'a>,
    sheet: &'a mut Sheet,
    media: Vec<(&'static str, String)>,
    sizes: Value,
    part: Part,
}

impl<'a> Writer<'a> {
    fn push(&mut self, media: &str, selector: String, declarations: Declarations) {
        let rule = Rule {
            media: media.to_owned(),
            selector,
            declarations,
        };
        self.sheet.push(self.part, rule);
    }

    fn fixed(&mut self, selector: &str, declarations: &[(&str, &str)]) {
        let owned = declarations
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        self.sheet.push(Part::Layout, Rule::new(selector, owned));
    }

    /// Sizes, paddings and gaps of the whole page.
    fn root_layout(&mut self) {
        let size = |key: &str| self.tree.at(&format!("settings.layout.{key}")).and_then(text);
        let (content, wide) = (size("contentSize"), size("wideSize"));
        if let Some(first) = content.clone().or_else(|| wide.clone()) {
            let safe = |value: &str| {
                if guard::is_safe_value(value) {
                    value.to_owned()
                } else {
                    "initial".to_owned()
                }
            };
            let wide = wide.unwrap_or_else(|| first.clone());
            let declarations = vec![
                (
                    "--wp--style--global--content-size".to_owned(),
                    safe(&content.unwrap_or(first)),
                ),
                ("--wp--style--global--wide-size".to_owned(), safe(&wide)),
            ];
            self.sheet.push(Part::Variables, Rule::new(":root", declarations));
        }
        self.fixed(":where(body)", &[("margin", "0")]);
        if self.pads_root() {
            self.root_padding();
        }
        self.fixed(
            ".wp-site-blocks > .alignleft",
            &[("float", "left"), ("margin-right", "2em")],
        );
        self.fixed(
            ".wp-site-blocks > .alignright",
            &[("float", "right"), ("margin-left", "2em")],
        );
        self.fixed(
            ".wp-site-blocks > .aligncenter",
            &[
                ("justify-content", "center"),
                ("margin-left", "auto"),
                ("margin-right", "auto"),
            ],
        );
        if self.has_gaps() {
            let gap = self.value(self.tree.styles(), "/spacing/blockGap").unwrap_or_default();
            if guard::is_safe_value(&gap) && !gap.is_empty() {
                let all = ":where(.wp-site-blocks) > *";
                self.fixed(all, &[("margin-block-start", gap.as_str()), ("margin-block-end", "0")]);
                self.fixed(":where(.wp-site-blocks) > :first-child", &[("margin-block-start", "0")]);
                self.fixed(":where(.wp-site-blocks) > :last-child", &[("margin-block-end", "0")]);
                let gap = vec![("--wp--style--block-gap".to_owned(), gap)];
                self.sheet.push(Part::Variables, Rule::new(":root", gap));
            }
        }
        self.gaps(self.tree.styles(), None, "");
        self.layouts();
    }

    fn root_padding(&mut self) {
        let [top, right, bottom, left] =
            ["top", "right", "bottom", "left"].map(|side| format!("var(--wp--style--root--padding-{side})"));
        self.fixed(".wp-site-blocks", &[("padding-top", &top), ("padding-bottom", &bottom)]);
        self.fixed(
            ".has-global-padding",
            &[("padding-right", &right), ("padding-left", &left)],
        );
        let (out_right, out_left) = (format!("calc({right} * -1)"), format!("calc({left} * -1)"));
        self.fixed(
            ".has-global-padding > .alignfull",
            &[("margin-right", &out_right), ("margin-left", &out_left)],
        );
        let nested = ".has-global-padding :where(:not(.alignfull.is-layout-flow) > \
                      .has-global-padding:not(.wp-block-block, .alignfull))";
        self.fixed(nested, &[("padding-right", "0"), ("padding-left", "0")]);
        self.fixed(
            &format!("{nested} > .alignfull"),
            &[("margin-left", "0"), ("margin-right", "0")],
        );
    }

    fn pads_root(&self) -> bool {
        self.tree.at("settings.useRootPaddingAwareAlignments") == Some(&Value::Bool(true))
    }

    fn has_gaps(&self) -> bool {
        self.tree.at("settings.spacing.blockGap").is_some()
    }

    /// The gaps between the blocks of containers: of all (without a block), or of one kind.
    fn gaps(&mut self, node: &Value, block: Option<&str>, selector: &str) {
        let spaced = self.has_gaps();
        let gap = match block {
            _ if spaced => self.gap_value(node),
            None => Some("0.5em".to_owned()),
            Some(name) => facts::gap(name).map(str::to_owned),
        };
        let Some(gap) = gap.filter(|g| !g.is_empty() && guard::is_safe_value(g)) else {
            return;
        };
        for layout in facts::LAYOUTS {
            if !spaced && layout.display.is_empty() {
                continue;
            }
            for (ending, rules) in layout.gaps {
                let class = layout.class;
                let selector = match (spaced, block) {
                    (true, None) => format!(":root :where(.{class}){ending}"),
                    (true, Some(_)) => format!(":root :where({selector}-{class}){ending}"),
                    (false, None) => format!(":where(.{class}{ending})"),
                    (false, Some(_)) => format!(":where({selector}.{class}{ending})"),
                };
                let rules: Vec<(&str, &str)> = rules
                    .iter()
                    .map(|(name, value)| (*name, if value.is_empty() { gap.as_str() } else { *value }))
                    .collect();
                self.fixed(&selector, &rules);
            }
        }
    }

    /// A gap, or one of rows and one of columns.
    fn gap_value(&self, node: &Value) -> Option<String> {
        if !matches!(node.pointer("/spacing/blockGap"), Some(Value::Object(o)) if !o.contains_key("ref")) {
            return self.value(node, "/spacing/blockGap");
        }
        let row = self.value(node, "/spacing/blockGap/top")?;
        let column = self.value(node, "/spacing/blockGap/left")?;
        Some(if row == column { row } else { format!("{row} {column}") })
    }

    fn layouts(&mut self) {
        let sized = ["contentSize", "wideSize"]
            .iter()
            .any(|key| self.tree.at(&format!("settings.layout.{key}")).is_some());
        for layout in facts::LAYOUTS {
            if !layout.display.is_empty() {
                self.fixed(&format!("body .{}", layout.class), &[("display", layout.display)]);
            }
            for (ending, rules) in layout.base {
                let rules: Vec<(&str, &str)> = rules
                    .iter()
                    .copied()
                    .filter(|(_, value)| sized || !value.contains("--global--"))
                    .collect();
                self.fixed(&format!(".{}{ending}", layout.class), &rules);
            }
        }
    }

    /// The page itself.
    fn root(&mut self) {
        let mut declarations = self.declarations(self.tree.styles(), true);
        declarations.retain(|(name, _)| name != "filter");
        if declarations
            .iter()
            .any(|(name, _)| name == "background" || name == "background-image")
        {
            let full = "calc(100% - var(--wp-admin--admin-bar--height, 0px))".to_owned();
            self.push("", "html".to_owned(), vec![("min-height".to_owned(), full)]);
        }
        self.push("", "body".to_owned(), declarations);
    }

    /// Elements: of the page, or inside of a selector.
    fn elements(&mut self, node: &Value, outer: Option<&str>, media: &str) {
        let Some(styles) = node.get("elements") else { return };
        for (element, selector) in facts::ELEMENTS {
            let Some(node) = styles.get(element) else { continue };
            let selector = outer.map_or_else(|| (*selector).to_owned(), |outer| inside(outer, selector));
            let place = |selector: String, bare: bool| Place {
                css: selector.clone(),
                selector,
                features: Vec::new(),
                block: None,
                duotone: None,
                bare,
                media: media.to_owned(),
            };
            let weak = outer.is_none() && !facts::CLASSED.contains(element);
            self.place(node, &place(selector.clone(), weak));
            for state in facts::element_states(element) {
                if let Some(node) = node.get(state) {
                    self.place(node, &place(append(&selector, state), false));
                }
            }
        }
    }

    /// A block: itself, its states, in small windows, its elements. `change` is done to every selector.
    fn block(&mut self, name: &'a str, node: &Value, change: &dyn Fn(&str) -> String) {
        let Some(selector) = facts::root(name).map(|s| change(&s)) else {
            return;
        };
        let base = |ending: &str, media: &str| Place {
            selector: append(&selector, ending),
            features: facts::features(name)
                .map(|(feature, style, s)| (feature, style, append(&change(s), ending)))
                .collect(),
            block: Some(name).filter(|_| ending.is_empty()),
            duotone: facts::duotone(name).map(change),
            css: facts::css_selector(name).map_or_else(|| append(&selector, ending), change),
            bare: false,
            media: media.to_owned(),
        };
        let queries = self.media.clone();
        self.place(node, &base("", ""));
        for (key, query) in &queries {
            if let Some(node) = node.get(key) {
                self.place(node, &base("", query));
            }
        }
        for state in facts::block_states(name) {
            if let Some(node) = node.get(state) {
                self.place(node, &base(state, ""));
            }
            for (key, query) in &queries {
                if let Some(node) = node.get(key).and_then(|n| n.get(state)) {
                    self.place(node, &base(state, query));
                }
            }
        }
        for (key, selector) in facts::class_states(name) {
            let Some(node) = node.get(key) else { continue };
            let place = |ending: &str| Place {
                selector: append(&change(selector), ending),
                css: append(&change(selector), ending),
                block: None,
                ..base("", "")
            };
            self.place(node, &place(""));
            for state in facts::block_states(name) {
                if let Some(node) = node.get(state) {
                    self.place(node, &place(state));
                }
            }
        }
        self.elements(node, Some(&selector), "");
        for (key, query) in &queries {
            if let Some(node) = node.get(key) {
                self.elements(node, Some(&selector), query);
            }
        }
    }

    /// Styles that editors choose for single blocks, with the blocks inside of those.
    fn variations(&mut self) {
        self.part = Part::Variations;
        let blocks = self.tree.styles().get("blocks").and_then(Value::as_object);
        for (name, node) in blocks.into_iter().flatten() {
            let styles = node.get("variations").and_then(Value::as_object);
            for (style, node) in styles.into_iter().flatten() {
                if !style
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                {
                    continue;
                }
                self.block(name, node, &|selector| in_style(selector, style));
                let Some(outer) = facts::root(name).map(|root| in_style(&root, style)) else {
                    continue;
                };
                self.inner_blocks(node, &outer, 0);
            }
        }
        self.part = Part::Styles;
    }

    fn inner_blocks(&mut self, node: &'a Value, outer: &str, depth: usize) {
        let blocks = node
            .get("blocks")
            .and_then(Value::as_object)
            .filter(|_| depth < DEEPEST);
        for (name, node) in blocks.into_iter().flatten() {
            self.block(name, node, &|selector| inside(outer, selector));
            if let Some(root) = facts::root(name) {
                self.inner_blocks(node, &inside(outer, &root), depth + 1);
            }
        }
    }

    /// All rules of one place.
    fn place(&mut self, node: &Value, place: &Place<'_>) {
        let (node, features) = self.features(node, place);
        let mut declarations = self.declarations(&node, false);
        let filters: Declarations = declarations.extract_if(.., |(name, _)| name == "filter").collect();
        if place.selector.starts_with(".wp-block-separator") {
            separate(&mut declarations);
        }
        let weak = |selector: &str| format!(":root :where({selector})");
        let selector = if place.bare {
            place.selector.clone()
        } else {
            weak(&place.selector)
        };
        self.push(&place.media, selector, declarations);
        let filters: Declarations = filters.into_iter().filter(|(_, value)| value != "unset").collect();
        if let Some(duotone) = &place.duotone {
            self.push(&place.media, duotone.clone(), filters);
        }
        if let Some(block) = place.block.filter(|b| facts::is_container(b)) {
            self.gaps(&node, Some(block), &place.selector);
        }
        for (selector, declarations) in features {
            self.push(&place.media, weak(&selector), declarations);
        }
        if let Some(css) = node.get("css").and_then(Value::as_str) {
            self.own_css(css, &place.css, &place.media);
        }
    }

    /// Takes the features that have selectors of their own out of a node.
    fn features(&self, node: &Value, place: &Place<'_>) -> (Value, Vec<(String, Declarations)>) {
        let mut node = node.clone();
        let mut found: Vec<(String, Declarations)> = Vec::new();
        for (feature, style, selector) in &place.features {
            let Some(group) = node.get_mut(*feature).filter(|g| !g.is_null()) else {
                continue;
            };
            let taken = match (style.is_empty(), group) {
                (true, group) => std::mem::take(group),
                (false, Value::Object(entries)) => match entries.shift_remove(*style) {
                    Some(value) => Value::Object(Map::from_iter([((*style).to_owned(), value)])),
                    None => continue,
                },
                _ => continue,
            };
            let part = Value::Object(Map::from_iter([((*feature).to_owned(), taken)]));
            let mut declarations = self.declarations(&part, false);
            if *feature == "dimensions" {
                declarations.iter_mut().for_each(|d| self.share_of_row(d));
            }
            let selector = self.indented(style, selector);
            match found.iter_mut().find(|(known, _)| *known == selector) {
                Some((_, list)) => list.extend(declarations),
                None => found.push((selector, declarations)),
            }
        }
        (node, found)
    }

    /// Paragraphs are indented after another one, or all of them.
    fn indented(&self, style: &str, selector: &str) -> String {
        let setting = self
            .tree
            .settings()
            .get("blocks")
            .and_then(|b| b.get("core/paragraph")?.pointer("/typography/textIndent"))
            .or_else(|| self.tree.at("settings.typography.textIndent"));
        if style == "textIndent" && setting.and_then(Value::as_str) == Some("all") {
            ".wp-block-paragraph".to_owned()
        } else {
            selector.to_owned()
        }
    }

    /// A button's width in hundredths leaves room for the gaps of its row.
    fn share_of_row(&self, declaration: &mut (String, String)) {
        if declaration.0 != "width" {
            return;
        }
        let value = &declaration.1;
        let slug = value
            .strip_prefix("var(--wp--preset--dimension--")
            .and_then(|v| v.strip_suffix(')'));
        let size = slug.map_or_else(|| Some(value.clone()), |slug| self.dimension(slug));
        let share = size.and_then(|s| s.strip_suffix('%')?.trim().parse::<f64>().ok());
        if let Some(share) = share {
            let share = fluid::number(share);
            declaration.1 = format!("calc({share} * 1% - (var(--wp--style--block-gap, 0.5em) * (1 - {share} / 100)))");
        }
    }

    fn dimension(&self, slug: &str) -> Option<String> {
        let settings = self.tree.settings();
        let own = settings.get("blocks").and_then(|b| b.get("core/button"));
        let places = own.into_iter().chain(std::iter::once(settings));
        let lists = places.filter_map(|s| s.pointer("/dimensions/dimensionSizes"));
        let mut sizes = lists.flat_map(|kept| {
            Origin::ALL
                .iter()
                .filter_map(|o| kept.get(o.name())?.as_array())
                .flatten()
                .collect::<Vec<_>>()
        });
        sizes
            .find(|one| one.get("slug").and_then(Value::as_str) == Some(slug))
            .and_then(|one| text(one.get("size")?))
    }

    /// The `css` of a block: declarations for itself, and after each `&` rules inside it.
    fn own_css(&mut self, css: &str, selector: &str, media: &str) {
        for part in css.split('&').filter(|p| !p.is_empty()) {
            let Some((inner, body)) = part.split_once('{') else {
                self.push(
                    media,
                    format!(":root :where({})", selector.trim()),
                    guard::declarations(part),
                );
                continue;
            };
            // More than one rule in a part has no meaning.
            if body.contains('{') {
                continue;
            }
            let (inner, element) = without_pseudo_element(inner);
            let whole = if inner.starts_with(' ') {
                inside(selector, &inner)
            } else {
                append(selector, &inner)
            };
            if guard::is_safe_selector(&whole) && !split(&whole).iter().any(|s| s.trim().is_empty()) {
                let declarations = guard::declarations(&body.replace('}', ""));
                self.push(media, format!(":root :where({}){element}", whole.trim()), declarations);
            }
        }
    }

    /// The declarations of a node.
    fn declarations(&self, styles: &Value, root: bool) -> Declarations {
        let mut found: Declarations = Vec::new();
        for (property, pointer) in facts::PROPERTIES {
            let mut name = (*property).to_owned();
            let mut value = self.value(styles, pointer);
            if *property == "background-image" {
                value = self.picture(styles);
            }
            if value.is_none() && !root {
                value = beside_picture(styles, property);
            }
            let Some(mut value) = value else { continue };
            if *property == "font-size" {
                let size = Value::Object(Map::from_iter([("size".to_owned(), Value::from(value.clone()))]));
                value = fluid::font_size(&size, &self.sizes)
                    .and_then(|v| text(&v))
                    .unwrap_or(value);
            }
            if root && property.starts_with("padding-") && self.pads_root() {
                name = format!("--wp--style--root--{property}");
            }
            if !guard::is_safe_value(&value) {
                continue;
            }
            if *property == "aspect-ratio" {
                found.push(("min-height".to_owned(), "unset".to_owned()));
            }
            found.push((name, value));
        }
        found
    }

    /// The value at a place, or at the place that is named there (`{ref: "styles.…"}`); `None` when it says nothing.
    fn value(&self, styles: &Value, pointer: &str) -> Option<String> {
        let found = styles.pointer(pointer)?;
        let found = match found.get("ref").and_then(Value::as_str) {
            Some(path) => self.tree.at(path)?,
            None => found,
        };
        text(found).filter(|t| !t.is_empty())
    }

    /// The background picture, with a gradient over it.
    fn picture(&self, styles: &Value) -> Option<String> {
        let gradient = self.value(styles, "/background/gradient");
        let found = styles.pointer("/background/backgroundImage");
        let found = match found.and_then(|f| f.get("ref")).and_then(Value::as_str) {
            Some(path) => self.tree.at(path),
            None => found,
        };
        let picture = match found {
            Some(Value::String(text)) => Some(text.clone()).filter(|t| !t.is_empty()),
            Some(Value::Object(entries)) => {
                let url = entries.get("url").and_then(Value::as_str)?;
                let url = url.replace('\'', "%27").replace('\\', "%5C");
                Some(format!("url('{}')", self.file(&url)))
            }
            _ => None,
        };
        match (gradient, picture) {
            (Some(gradient), Some(picture)) => Some(format!("{gradient}, {picture}")),
            (one, other) => one.or(other),
        }
    }

    /// `file:./assets/x.webp` as the site serves it.
    fn file(&self, url: &str) -> String {
        match url.strip_prefix("file:./") {
            Some(path) => format!("/wp-content/themes/{}/{path}", self.scope.theme),
            None => url.to_owned(),
        }
    }
}

/// Only texts and numbers are values.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A picture from the library covers its block, unless it says otherwise.
fn beside_picture(styles: &Value, property: &str) -> Option<String> {
    styles
        .pointer("/background/backgroundImage/id")
        .filter(|id| !id.is_null())?;
    let contained = styles.pointer("/background/backgroundSize").and_then(Value::as_str) == Some("contain");
    match property {
        "background-size" => Some("cover".to_owned()),
        "background-position" if contained => Some("50% 50%".to_owned()),
        _ => None,
    }
}

/// A separator is drawn in its text colour: one that has only a background takes that.
fn separate(declarations: &mut Declarations) {
    let has = |name: &str| declarations.iter().any(|(known, _)| known == name);
    if has("color") || has("border-color") {
        return;
    }
    let background = declarations.iter().find(|(name, _)| name == "background-color");
    if let Some((_, colour)) = background.cloned() {
        declarations.push(("color".to_owned(), colour));
    }
}

/// `::before` cannot stand inside `:where()`: it goes behind it, with the combinator in front of it.
fn without_pseudo_element(selector: &str) -> (String, String) {
    let Some(at) = selector.find("::") else {
        return (selector.to_owned(), String::new());
    };
    let start = selector[..at]
        .trim_end_matches([' ', '>', '+', '~', '\n', '\t', '\r'])
        .len();
    let end = selector[at + 2..]
        .find(|c: char| !(c.is_ascii_alphabetic() || c == '-'))
        .map_or(selector.len(), |n| at + 2 + n);
    let element = selector[start..end].to_owned();
    (format!("{}{}", &selector[..start], &selector[end..]), element)
}

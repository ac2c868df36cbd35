//! A theme's look as pages get it: of the compiled stylesheet only the rules that a page's markup can match, of the presets only
//! those that are named, of the fonts only those that are used.
//!
//! What must never be here: a database, a page's own making. A [`Look`] is made once for each version of a theme and of the
//! site's styles, and kept.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    Theme, guard,
    sheet::{self, Part, Rule, Scope, selectors},
};

/// The rules of blocks' structure, for themes that build on them.
const BLOCKS: &str = include_str!("blocks.css");

/// How deep selectors stand inside selectors.
const DEEPEST: usize = 6;

/// What a page gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageLook {
    pub css: String,
    /// Filters that the CSS names, as hidden SVG.
    pub svg: String,
}

/// A theme's look, ready.
#[derive(Debug, Default)]
pub(crate) struct Look {
    rules: Vec<Ready>,
    /// Variables in their order: where they stand, their name, their value.
    variables: Vec<Variable>,
    by_name: HashMap<String, Vec<usize>>,
    /// Classes (`.x`) and elements that rules ask for.
    tokens: HashMap<String, usize>,
    /// Variables that the theme's own stylesheet and the site's CSS name.
    always: Vec<usize>,
    fonts: Vec<Font>,
    /// Checked CSS of the theme and the site, for every page.
    own: String,
    duotones: HashMap<String, String>,
}

#[derive(Debug)]
struct Ready {
    text: String,
    needs: Vec<Vec<Need>>,
    names: Vec<String>,
}

#[derive(Debug)]
struct Variable {
    selector: String,
    needs: Vec<Vec<Need>>,
    text: String,
    names: Vec<String>,
}

/// What must be on a page for a selector to match.
#[derive(Debug)]
enum Need {
    Token(usize),
    /// One of several selectors.
    Any(Vec<Vec<Need>>),
}

#[derive(Debug)]
struct Font {
    /// The variable that names the family.
    name: String,
    css: String,
    always: bool,
}

impl Look {
    /// Of a theme with what the site changed of it (`wp_global_styles`) and added to it (`custom_css`).
    pub(crate) fn new(theme: &Theme, user: &Value, custom_css: &str) -> Self {
        let tree = theme.tree(user);
        let base = theme.json.builds_on_core();
        let scope = Scope {
            theme: &theme.name,
            layout: base,
            variations: true,
        };
        let mut look = Self::default();
        // What the theme's own stylesheet sets (differently at night, perhaps) stands, unless the site changed the settings.
        let set: HashSet<&str> = match user.get("settings") {
            None => declared(&theme.style),
            Some(_) => HashSet::new(),
        };
        let sheet = sheet::compile(&tree, scope);
        for (part, rule) in &sheet.rules {
            if *part == Part::Variables {
                look.add_variables(rule, &set);
            }
        }
        let blocks = if base { guard::flat_rules(BLOCKS) } else { Vec::new() };
        for (media, selector, declarations) in blocks {
            look.add_rule(&Rule {
                media,
                selector,
                declarations,
            });
        }
        for (part, rule) in &sheet.rules {
            if *part != Part::Variables {
                look.add_rule(rule);
            }
        }
        let css = tree.at("styles.css").and_then(Value::as_str).unwrap_or_default();
        look.own = guard::clean(css) + &guard::clean(custom_css);
        let named = names(&theme.style).into_iter().chain(names(&look.own));
        look.always = named
            .filter_map(|name| look.by_name.get(name))
            .flatten()
            .copied()
            .collect();
        look.add_fonts(tree.settings(), theme);
        look.add_duotones(tree.settings());
        look
    }

    /// The look of a page: its markup, the classes of its `<body>`, and its own CSS.
    pub(crate) fn of_page(&self, body: &str, classes: &str, css: &str) -> PageLook {
        let present = self.present(body, classes);
        let mut wanted = vec![false; self.variables.len()];
        let mut open: Vec<usize> = self.always.clone();
        let mut duotones: HashSet<&str> = HashSet::new();
        let mut note = |name: &str, open: &mut Vec<usize>| {
            open.extend(self.by_name.get(name).into_iter().flatten());
            if let Some((slug, _)) = name
                .strip_prefix("--wp--preset--duotone--")
                .and_then(|slug| self.duotones.get_key_value(slug))
            {
                duotones.insert(slug);
            }
        };
        names(body)
            .into_iter()
            .chain(names(css))
            .for_each(|name| note(name, &mut open));
        let mut rules = String::new();
        for rule in self.rules.iter().filter(|r| can_match(&r.needs, &present)) {
            rules.push_str(&rule.text);
            rule.names.iter().for_each(|name| note(name, &mut open));
        }
        while let Some(at) = open.pop() {
            let Some(variable) = self.variables.get(at).filter(|v| can_match(&v.needs, &present)) else {
                continue;
            };
            if let Some(known) = wanted.get_mut(at).filter(|known| !**known) {
                *known = true;
                variable.names.iter().for_each(|name| note(name, &mut open));
            }
        }
        let mut slugs: Vec<&str> = duotones.into_iter().collect();
        slugs.sort_unstable();
        let mut out = self.fonts_of(&wanted);
        self.write_variables(&wanted, &slugs, &mut out);
        out.push_str(&rules);
        out.push_str(css);
        out.push_str(&self.own);
        PageLook {
            css: out,
            svg: slugs
                .iter()
                .filter_map(|slug| self.duotones.get(*slug))
                .map(String::as_str)
                .collect(),
        }
    }

    fn write_variables(&self, wanted: &[bool], duotones: &[&str], out: &mut String) {
        let mut selector = "";
        for (variable, _) in self.variables.iter().zip(wanted).filter(|(_, wanted)| **wanted) {
            if variable.selector == selector {
                out.push(';');
            } else {
                if !selector.is_empty() {
                    out.push('}');
                }
                out.push_str(&variable.selector);
                out.push('{');
                selector = &variable.selector;
            }
            out.push_str(&variable.text);
        }
        if !selector.is_empty() {
            out.push('}');
        }
        for slug in duotones {
            out.push_str(&format!(
                ":root{{--wp--preset--duotone--{slug}:url(#wp-duotone-{slug})}}"
            ));
        }
    }

    fn fonts_of(&self, wanted: &[bool]) -> String {
        let used = |font: &Font| {
            let places = self.by_name.get(&font.name).into_iter().flatten();
            font.always || places.into_iter().any(|at| wanted.get(*at) == Some(&true))
        };
        self.fonts.iter().filter(|f| used(f)).map(|f| f.css.as_str()).collect()
    }

    fn add_variables(&mut self, rule: &Rule, set: &HashSet<&str>) {
        for (name, value) in rule
            .declarations
            .iter()
            .filter(|(name, _)| !set.contains(name.as_str()))
        {
            let needs = self.needs(&rule.selector, 0);
            self.by_name.entry(name.clone()).or_default().push(self.variables.len());
            self.variables.push(Variable {
                selector: rule.selector.clone(),
                needs,
                text: format!("{name}:{value}"),
                names: names(value).into_iter().map(str::to_owned).collect(),
            });
        }
    }

    fn add_rule(&mut self, rule: &Rule) {
        let mut text = String::new();
        rule.write(true, &mut text);
        let needs = self.needs(&rule.selector, 0);
        let names = names(&text).into_iter().map(str::to_owned).collect();
        self.rules.push(Ready { text, needs, names });
    }

    fn add_fonts(&mut self, settings: &Value, theme: &Theme) {
        let families = settings.pointer("/typography/fontFamilies").and_then(Value::as_object);
        for family in families
            .into_iter()
            .flat_map(|f| f.values())
            .filter_map(Value::as_array)
            .flatten()
        {
            let slug = family
                .get("slug")
                .and_then(Value::as_str)
                .map(super::kebab)
                .unwrap_or_default();
            for face in family.get("fontFace").and_then(Value::as_array).into_iter().flatten() {
                let name = face.get("fontFamily").and_then(Value::as_str).unwrap_or_default();
                if let Some(css) = font_face(face, &theme.name) {
                    self.fonts.push(Font {
                        name: format!("--wp--preset--font-family--{slug}"),
                        css,
                        always: !name.is_empty() && (theme.style.contains(name) || self.own.contains(name)),
                    });
                }
            }
        }
    }

    fn add_duotones(&mut self, settings: &Value) {
        let kept = settings.pointer("/color/duotone").and_then(Value::as_object);
        for one in kept
            .into_iter()
            .flat_map(|k| k.values())
            .filter_map(Value::as_array)
            .flatten()
        {
            let slug = one
                .get("slug")
                .and_then(Value::as_str)
                .map(super::kebab)
                .unwrap_or_default();
            let colours = one.get("colors").and_then(Value::as_array).into_iter().flatten();
            let colours: Option<Vec<[f64; 3]>> = colours.map(|c| hex(c.as_str()?)).collect();
            if let Some(colours) = colours.filter(|c| c.len() >= 2 && !slug.is_empty() && slug.is_ascii()) {
                self.duotones.insert(slug.clone(), filter(&slug, &colours));
            }
        }
    }

    /// What the selectors of a list ask for. What cannot be judged by looking at markup asks for nothing.
    fn needs(&mut self, list: &str, depth: usize) -> Vec<Vec<Need>> {
        if depth > DEEPEST {
            return vec![Vec::new()];
        }
        selectors::split(list)
            .into_iter()
            .map(|one| self.needs_of_one(one.trim(), depth))
            .collect()
    }

    fn needs_of_one(&mut self, selector: &str, depth: usize) -> Vec<Need> {
        let mut found = Vec::new();
        let mut rest = selector;
        let word_end = |text: &str| {
            text.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
                .unwrap_or(text.len())
        };
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            match c {
                '.' => {
                    let (class, left) = after.split_at(word_end(after));
                    found.push(Need::Token(self.token(format!(".{class}"))));
                    rest = left;
                }
                ':' => {
                    let (name, left) = after.split_at(word_end(after));
                    rest = left;
                    if let Some(inner) = left.strip_prefix('(') {
                        let end = closing(inner);
                        if matches!(name, "where" | "is") {
                            found.push(Need::Any(self.needs(&inner[..end], depth + 1)));
                        }
                        rest = inner.get(end + 1..).unwrap_or_default();
                    }
                }
                '[' => rest = after.split_once(']').map_or("", |(_, left)| left),
                '#' => rest = &after[word_end(after)..],
                _ if c.is_ascii_alphabetic() => {
                    let (tag, left) = rest.split_at(word_end(rest));
                    if !matches!(tag, "html" | "body" | "root") {
                        found.push(Need::Token(self.token(tag.to_ascii_lowercase())));
                    }
                    rest = left;
                }
                _ => rest = after,
            }
        }
        found
    }

    fn token(&mut self, token: String) -> usize {
        let next = self.tokens.len();
        *self.tokens.entry(token).or_insert(next)
    }

    /// Which of the tokens are on a page.
    fn present(&self, body: &str, classes: &str) -> Vec<bool> {
        let mut present = vec![false; self.tokens.len()];
        let mut key = String::new();
        let mut note = |prefix: &str, word: &str| {
            key.clear();
            key.push_str(prefix);
            key.push_str(word);
            if let Some(here) = self.tokens.get(&key).and_then(|at| present.get_mut(*at)) {
                *here = true;
            }
        };
        classes.split_ascii_whitespace().for_each(|class| note(".", class));
        // The link before everything stands outside of the body's markup.
        note(".", "g-skip");
        note(".", "wp-site-blocks");
        note("", "a");
        let mut rest = body;
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            let end = tag_end(rest);
            let (tag, left) = rest.split_at(end);
            rest = left;
            let name_end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
            if name_end == 0 {
                continue;
            }
            note("", &tag[..name_end]);
            for class in class_of(&tag[name_end..]).split_ascii_whitespace() {
                note(".", class);
            }
        }
        present
    }
}

fn can_match(needs: &[Vec<Need>], present: &[bool]) -> bool {
    needs.iter().any(|one| {
        one.iter().all(|need| match need {
            Need::Token(at) => present.get(*at) == Some(&true),
            Need::Any(inner) => can_match(inner, present),
        })
    })
}

/// Where the bracket closes that was opened just before.
fn closing(text: &str) -> usize {
    let mut depth = 1usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Where a tag ends, minding quotes.
fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(q), byte) if q == byte => quote = None,
            _ => {}
        }
    }
    rest.len()
}

/// The value of a tag's `class`.
fn class_of(attributes: &str) -> &str {
    let mut rest = attributes;
    while let Some(at) = rest.find("class=") {
        let own = rest[..at].ends_with(|c: char| c.is_ascii_whitespace());
        rest = &rest[at + "class=".len()..];
        if own {
            return match rest.chars().next() {
                Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next().unwrap_or_default(),
                _ => rest.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default(),
            };
        }
    }
    ""
}

/// The next variable of WordPress that a text names, and what follows it.
fn next_name(text: &str) -> Option<(&str, &str)> {
    let name = &text[text.find("--wp--")?..];
    let end = name
        .find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
        .unwrap_or(name.len());
    Some(name.split_at(end))
}

/// The variables of WordPress that a text names.
fn names(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, left)) = next_name(rest) {
        found.push(name);
        rest = left;
    }
    found
}

/// The variables of WordPress that a stylesheet sets itself.
fn declared(css: &str) -> HashSet<&str> {
    let mut found = HashSet::new();
    let mut rest = css;
    while let Some((name, left)) = next_name(rest) {
        if left.trim_start().starts_with(':') {
            found.insert(name);
        }
        rest = left;
    }
    found
}

/// Descriptors of a font face and their keys.
const FACE: &[(&str, &str)] = &[
    ("font-style", "fontStyle"),
    ("font-weight", "fontWeight"),
    ("font-stretch", "fontStretch"),
    ("font-feature-settings", "fontFeatureSettings"),
    ("font-variation-settings", "fontVariationSettings"),
    ("unicode-range", "unicodeRange"),
    ("ascent-override", "ascentOverride"),
    ("descent-override", "descentOverride"),
    ("line-gap-override", "lineGapOverride"),
    ("size-adjust", "sizeAdjust"),
];

/// `@font-face` of a face whose files the site serves itself.
fn font_face(face: &Value, theme: &str) -> Option<String> {
    let text = |key: &str| {
        face.get(key)
            .and_then(Value::as_str)
            .filter(|v| guard::is_safe_value(v))
    };
    let family = text("fontFamily")?.trim_matches(['"', '\'']);
    let sources: Vec<&str> = match face.get("src")? {
        Value::String(one) => vec![one],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let mut urls = Vec::new();
    for source in sources {
        let path = match source.strip_prefix("file:./") {
            Some(path) => format!("/wp-content/themes/{theme}/{path}"),
            None => source.to_owned(),
        };
        let plain = |c: char| c.is_alphanumeric() || "/-_.,~%+=@ ".contains(c);
        let format = match path.rsplit('.').next()? {
            "woff2" => "woff2",
            "woff" => "woff",
            "ttf" => "truetype",
            "otf" => "opentype",
            _ => continue,
        };
        if path.starts_with('/') && !path.starts_with("//") && path.chars().all(plain) {
            urls.push(format!("url(\"{path}\") format(\"{format}\")"));
        }
    }
    if urls.is_empty() {
        return None;
    }
    let mut css = format!("@font-face{{font-family:\"{}\"", family.replace(['"', '\\'], ""));
    css.push_str(&format!(";font-display:{}", text("fontDisplay").unwrap_or("fallback")));
    for (name, key) in FACE {
        if let Some(value) = text(key) {
            css.push_str(&format!(";{name}:{value}"));
        }
    }
    css.push_str(&format!(";src:{}}}", urls.join(",")));
    Some(css)
}

/// A colour as `#rgb` or `#rrggbb`, each part from 0 to 1.
fn hex(colour: &str) -> Option<[f64; 3]> {
    let digits = colour.strip_prefix('#')?;
    let part = |at: usize| match digits.len() {
        3 => u8::from_str_radix(&digits.get(at..=at)?.repeat(2), 16).ok(),
        6 | 8 => u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok(),
        _ => None,
    };
    Some([part(0)?, part(1)?, part(2)?].map(|p| f64::from(p) / 255.0))
}

/// The filter for these colours; nothing when one is none, or there are too few or too many.
pub(crate) fn duotone_svg(slug: &str, colours: &[&str]) -> Option<String> {
    let colours: Option<Vec<[f64; 3]>> = colours.iter().map(|c| hex(c)).collect();
    let colours = colours.filter(|c| (2..=10).contains(&c.len()))?;
    Some(filter(slug, &colours))
}

/// Shades of grey become the colours between the first and the last.
fn filter(slug: &str, colours: &[[f64; 3]]) -> String {
    let table = |part: usize| {
        let values: Vec<String> = colours.iter().map(|c| format!("{:.4}", c[part])).collect();
        values.join(" ")
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"0\" focusable=\"false\" aria-hidden=\"true\" \
         style=\"position:absolute\"><filter id=\"wp-duotone-{slug}\" color-interpolation-filters=\"sRGB\">\
         <feColorMatrix values=\".299 .587 .114 0 0 .299 .587 .114 0 0 .299 .587 .114 0 0 .299 .587 .114 0 0\"/>\
         <feComponentTransfer><feFuncR type=\"table\" tableValues=\"{}\"/><feFuncG type=\"table\" tableValues=\"{}\"/>\
         <feFuncB type=\"table\" tableValues=\"{}\"/><feFuncA type=\"table\" tableValues=\"1 1\"/></feComponentTransfer>\
         <feComposite in2=\"SourceGraphic\" operator=\"in\"/></filter></svg>",
        table(0),
        table(1),
        table(2)
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::theme::ThemeJson;

    fn look(json: Value, custom: &str) -> Look {
        let mut theme = Theme {
            name: "tiny".to_owned(),
            ..Theme::default()
        };
        theme.json = ThemeJson::new(json);
        Look::new(&theme, &Value::Null, custom)
    }

    #[test]
    fn only_what_a_page_can_match_is_sent() {
        let json = json!({"version": 3, "settings": {"color": {"palette": [
                {"slug": "ink", "color": "#111"}, {"slug": "paper", "color": "#fff"}, {"slug": "unused", "color": "#0f0"}]}},
            "styles": {"color": {"background": "var:preset|color|paper"}, "blocks": {
                "core/quote": {"typography": {"fontStyle": "italic"}, "variations": {"plain": {"border": {"width": "0"}}}},
                "core/code": {"color": {"text": "red"}}}}});
        let look = look(json, "@import url(//x.example/a.css);.x{color:blue}");
        let page = look
            .of_page(
                "<blockquote class=\"wp-block-quote has-ink-color\"><p>x</p></blockquote>",
                "home",
                "",
            )
            .css;
        assert!(
            page.contains("--wp--preset--color--ink:#111") && page.contains(".has-ink-color"),
            "{page}"
        );
        assert!(
            page.contains("body{") && page.contains("--wp--preset--color--paper:#fff"),
            "{page}"
        );
        assert!(page.contains(".wp-block-quote){font-style:italic}"), "{page}");
        assert!(page.ends_with(".x{color:blue;}"), "{page}");
        for absent in [
            "unused",
            "wp-block-code",
            "is-style-plain",
            "vivid",
            "x.example",
            "is-layout-grid",
        ] {
            assert!(!page.contains(absent), "{absent}: {page}");
        }
        let plain = look
            .of_page(
                "<blockquote class=\"wp-block-quote is-style-plain\"></blockquote>",
                "",
                "",
            )
            .css;
        assert!(
            plain.contains(".wp-block-quote.is-style-plain){border-width:0}"),
            "{plain}"
        );
    }

    #[test]
    fn fonts_and_filters_come_when_they_are_named() {
        let json = json!({"version": 3, "settings": {
            "color": {"duotone": [{"slug": "two", "colors": ["#000", "#ff0000"]}]},
            "typography": {"fontFamilies": [
                {"slug": "own", "fontFamily": "Own, serif", "fontFace": [{"fontFamily": "Own", "src": ["file:./assets/own.woff2"]}]},
                {"slug": "far", "fontFamily": "Far", "fontFace": [{"fontFamily": "Far", "src": ["https://x.example/far.woff2"]}]}]}},
            "styles": {"blocks": {"core/image": {"filter": {"duotone": "var:preset|duotone|two"}}}}});
        let look = look(json, "");
        let nothing = look.of_page("<p>x</p>", "", "");
        assert!(
            !nothing.css.contains("@font-face") && nothing.svg.is_empty(),
            "{nothing:?}"
        );
        let page = look.of_page(
            "<p class=\"has-own-font-family has-far-font-family\"><i class=\"wp-block-image\"></i><img></p>",
            "",
            "",
        );
        assert!(
            page.css.contains("/wp-content/themes/tiny/assets/own.woff2"),
            "{}",
            page.css
        );
        assert!(!page.css.contains("x.example"), "{}", page.css);
        assert!(
            page.css.contains("url(#wp-duotone-two)") && page.svg.contains("wp-duotone-two"),
            "{page:?}"
        );
    }

    #[test]
    fn what_the_stylesheet_of_the_theme_sets_is_not_sent_again() {
        let mut theme = Theme {
            style: ":root{--wp--preset--color--ink:var(--ink)}b{color:var(--wp--preset--color--red)}".to_owned(),
            ..Theme::default()
        };
        let palette = json!([{"slug": "ink", "color": "#111"}, {"slug": "red", "color": "#f00"}]);
        theme.json = ThemeJson::new(json!({"version": 3, "settings": {"color": {"palette": palette}}}));
        let css = Look::new(&theme, &Value::Null, "")
            .of_page("<i class=\"has-ink-color\">", "", "")
            .css;
        assert!(
            css.contains("color--red:#f00") && !css.contains("color--ink:#111"),
            "{css}"
        );
        assert!(css.contains(".has-ink-color"), "{css}");
    }

    #[test]
    fn a_theme_that_does_it_all_itself_gets_nothing_of_wordpress() {
        let json = json!({"version": 3, "guidepost": {"baseStyles": false}});
        let page = look(json, "").of_page(
            "<div class=\"is-layout-flow wp-block-group\"><a class=\"wp-element-button\">x</a></div>",
            "",
            "",
        );
        assert_eq!(page, PageLook::default());
    }
}

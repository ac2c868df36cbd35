//! What blocks have in common: the classes of containers, and the attributes of a dynamic block's own element.

use gp_markup::block::Block;
use serde_json::{Map, Value};

pub(crate) use crate::inline::{borders, declarations as plain_declarations};
use crate::{
    html,
    inline::style,
    theme::{Theme, is_plain, preset_value},
};

/// The layout that a container has when it does not say; `None` for blocks that are none.
fn default_layout(name: &str) -> Option<&'static str> {
    Some(match name {
        "core/group" | "core/details" | "core/column" | "core/quote" | "core/query" | "core/post-template"
        | "core/post-content" | "core/cover" | "core/latest-posts" | "core/term-template" => "flow",
        "core/columns"
        | "core/buttons"
        | "core/gallery"
        | "core/navigation"
        | "core/social-links"
        | "core/query-pagination"
        | "core/comments-pagination" => "flex",
        _ => return None,
    })
}

/// The classes of a container and, for what its classes do not say, its own rule.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    pub classes: String,
    pub css: String,
}

/// The layout of a block; empty for blocks that are no containers.
pub(crate) fn layout(block: &Block, theme: &Theme) -> Layout {
    let Some((name, default)) = block.name.as_deref().and_then(|n| Some((n, default_layout(n)?))) else {
        return Layout::default();
    };
    let empty = Map::new();
    let set = block.attrs.get("layout").and_then(Value::as_object).unwrap_or(&empty);
    let text = |key: &str| set.get(key).and_then(Value::as_str).unwrap_or_default();
    let kind = match text("type") {
        "constrained" => "constrained",
        "flex" => "flex",
        "grid" => "grid",
        "default" | "flow" => "flow",
        _ if set.get("inherit").and_then(Value::as_bool) == Some(true) || set.contains_key("contentSize") => {
            "constrained"
        }
        _ => default,
    };
    let mut classes = Vec::new();
    if kind == "constrained" && theme.json.root_padding_aware() {
        classes.push("has-global-padding".to_owned());
    }
    if text("orientation") == "vertical" {
        classes.push("is-vertical".to_owned());
    }
    if !text("justifyContent").is_empty() {
        classes.push(format!(
            "is-content-justification-{}",
            crate::theme::kebab(text("justifyContent"))
        ));
    }
    if text("flexWrap") == "nowrap" {
        classes.push("is-nowrap".to_owned());
    }
    classes.push(format!("is-layout-{kind}"));
    let css = declarations(block, kind, set);
    let css = if css.is_empty() {
        css
    } else {
        let class = format!(
            "wp-container-{}-is-layout-{:08x}",
            class_name(name, true),
            checksum(&css)
        );
        let rule = css.replace("SELF", &format!(".{class}"));
        classes.push(class);
        rule
    };
    classes.push(format!("{}-is-layout-{kind}", block_class(name)));
    Layout {
        classes: classes.join(" "),
        css,
    }
}

/// The CSS that a layout needs beyond its classes, with SELF for its selector.
fn declarations(block: &Block, kind: &str, set: &Map<String, Value>) -> String {
    let text = |key: &str| {
        set.get(key)
            .and_then(Value::as_str)
            .filter(|v| !v.is_empty() && is_plain(v))
            .unwrap_or_default()
    };
    let mut own = String::new();
    let mut after = String::new();
    match kind {
        "flex" => {
            let vertical = text("orientation") == "vertical";
            if text("flexWrap") == "nowrap" {
                own.push_str("flex-wrap:nowrap;");
            }
            if vertical {
                own.push_str("flex-direction:column;");
            }
            let place = match text("justifyContent") {
                "left" => "flex-start",
                "right" => "flex-end",
                "center" => "center",
                "space-between" => "space-between",
                "stretch" if vertical => "stretch",
                _ => "",
            };
            if !place.is_empty() {
                let property = if vertical { "align-items" } else { "justify-content" };
                own.push_str(&format!("{property}:{place};"));
            } else if vertical {
                own.push_str("align-items:flex-start;");
            }
        }
        "grid" => {
            let columns = set
                .get("columnCount")
                .and_then(Value::as_u64)
                .filter(|n| (1..=16).contains(n));
            let width = if text("minimumColumnWidth").is_empty() {
                "12rem"
            } else {
                text("minimumColumnWidth")
            };
            own.push_str(&match columns {
                Some(n) => format!("grid-template-columns:repeat({n},minmax(0,1fr));"),
                None => format!("grid-template-columns:repeat(auto-fill,minmax(min({width},100%),1fr));"),
            });
        }
        "constrained" => {
            for (key, tail) in [
                (
                    "contentSize",
                    ":where(:not(.alignleft):not(.alignright):not(.alignfull))",
                ),
                ("wideSize", ".alignwide"),
            ] {
                if !text(key).is_empty() {
                    after.push_str(&format!("SELF>{tail}{{max-width:{}}}", text(key)));
                }
            }
        }
        _ => {}
    }
    let gap = block.attrs.get("style").and_then(|s| s.pointer("/spacing/blockGap"));
    if let Some(gap) = gap.and_then(Value::as_str).filter(|g| is_plain(g)) {
        let gap = preset_value(gap);
        if matches!(kind, "flex" | "grid") {
            own.push_str(&format!("gap:{gap};"));
        } else {
            after.push_str(&format!("SELF>*+*{{margin-block-start:{gap}}}"));
        }
    }
    let own = if own.is_empty() {
        own
    } else {
        format!("SELF{{{}}}", own.trim_end_matches(';'))
    };
    own + &after
}

pub(crate) fn checksum(text: &str) -> u32 {
    text.bytes()
        .fold(0x811c_9dc5, |sum, b| (sum ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

fn class_name(name: &str, with_core: bool) -> String {
    let name = if with_core {
        name
    } else {
        name.strip_prefix("core/").unwrap_or(name)
    };
    name.replace('/', "-")
}

/// `wp-block-group`.
pub(crate) fn block_class(name: &str) -> String {
    format!("wp-block-{}", class_name(name, false))
}

/// Classes that say that a colour of its own is set.
const MARKS: &[(&str, &str)] = &[
    ("/color/text", "has-text-color"),
    ("/color/background", "has-background"),
    ("/color/gradient", "has-background"),
    ("/border/color", "has-border-color"),
    ("/elements/link/color/text", "has-link-color"),
];

/// The classes for a block's own colours: text, background, border, links.
pub(crate) fn colour_classes(block: &Block) -> Vec<String> {
    let text = |key: &str| block.attrs.get(key).and_then(Value::as_str).filter(|v| !v.is_empty());
    let mut classes = Vec::new();
    for (key, class, also) in [
        ("textColor", "color", "has-text-color"),
        ("backgroundColor", "background-color", "has-background"),
        ("gradient", "gradient-background", "has-background"),
    ] {
        if let Some(slug) = text(key) {
            classes.push(also.to_owned());
            classes.push(format!("has-{}-{class}", crate::theme::kebab(slug)));
        }
    }
    for (pointer, class) in MARKS {
        let set = block
            .attrs
            .get("style")
            .and_then(|s| s.pointer(pointer))
            .and_then(Value::as_str);
        if set.is_some_and(|value| !value.is_empty()) {
            classes.push((*class).to_owned());
        }
    }
    if let Some(slug) = text("borderColor") {
        classes.push("has-border-color".to_owned());
        classes.push(format!("has-{}-border-color", crate::theme::kebab(slug)));
    }
    classes
}

/// The attributes of a dynamic block's own element, with a blank before them: its classes (`extra` first) and style.
pub(crate) fn wrapper(block: &Block, extra: &str) -> String {
    wrapper_with(block, extra, "")
}

/// The same with a style of its own before what the attributes ask for.
pub(crate) fn wrapper_with(block: &Block, extra: &str, css: &str) -> String {
    let text = |key: &str| block.attrs.get(key).and_then(Value::as_str).filter(|v| !v.is_empty());
    let mut classes: Vec<String> = extra.split_whitespace().map(str::to_owned).collect();
    let mut add = |class: String| {
        if !classes.contains(&class) {
            classes.push(class);
        }
    };
    if let Some(align) = text("align") {
        add(format!("align{align}"));
    }
    if let Some(align) =
        text("textAlign").or_else(|| block.attrs.get("style")?.pointer("/typography/textAlign")?.as_str())
    {
        add(format!("has-text-align-{align}"));
    }
    colour_classes(block).into_iter().for_each(&mut add);
    for (key, class) in [("fontSize", "font-size"), ("fontFamily", "font-family")] {
        if let Some(slug) = text(key) {
            add(format!("has-{}-{class}", crate::theme::kebab(slug)));
        }
    }
    if let Some(own) = text("className") {
        own.split_whitespace().for_each(|c| add(c.to_owned()));
    }
    if let Some(name) = &block.name {
        add(block_class(name));
    }
    let style = style(block);
    let style = if css.is_empty() || style.is_empty() {
        format!("{css}{style}")
    } else {
        format!("{css} {style}")
    };
    let id = text("anchor")
        .map(|a| format!(" id=\"{}\"", html::attr(a)))
        .unwrap_or_default();
    let style = if style.is_empty() {
        style
    } else {
        format!(" style=\"{}\"", html::attr(&style))
    };
    format!("{id}{style} class=\"{}\"", html::attr(&classes.join(" ")))
}

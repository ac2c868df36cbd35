//! What is fixed about WordPress's own blocks and elements as far as styles are concerned: selectors, containers, states.
//!
//! What must never be here: anything of one theme.

/// Blocks that themes may style. Others are left out, except those of Guidepost itself.
const BLOCKS: &str = "accordion accordion-heading accordion-item accordion-panel archives audio avatar block breadcrumbs button \
    buttons calendar categories code column columns comment-author-name comment-content comment-date comment-edit-link \
    comment-reply-link comment-template comments comments-pagination comments-pagination-next comments-pagination-numbers \
    comments-pagination-previous comments-title cover details embed file footnotes freeform gallery group heading home-link \
    html icon image latest-comments latest-posts legacy-widget list list-item loginout math media-text missing more navigation \
    navigation-link navigation-overlay-close navigation-submenu nextpage page-list page-list-item paragraph pattern post-author \
    post-author-biography post-author-name post-comments post-comments-count post-comments-form post-comments-link post-content \
    post-date post-excerpt post-featured-image post-navigation-link post-template post-terms post-time-to-read post-title \
    preformatted pullquote query query-no-results query-pagination query-pagination-next query-pagination-numbers \
    query-pagination-previous query-title query-total quote read-more rss search separator shortcode site-logo site-tagline \
    site-title social-link social-links spacer table tag-cloud template-part term-count term-description term-name \
    term-template terms-query text-columns verse video widget-group";

/// Blocks that lay out the blocks inside them.
const CONTAINERS: &str = "accordion accordion-item accordion-panel buttons column columns comments-pagination cover details gallery \
    group navigation post-content post-template query query-pagination quote social-links term-template terms-query";

/// Blocks whose styles go elsewhere than to `.wp-block-NAME`.
const ROOTS: &[(&str, &str)] = &[
    ("button", ".wp-block-button .wp-block-button__link"),
    ("icon", ".wp-block-icon svg"),
    ("list-item", ".wp-block-list > li"),
    ("paragraph", "p"),
    ("table", ".wp-block-table > table"),
];

const IMAGE: &str =
    ".wp-block-image img, .wp-block-image .wp-block-image__crop-area, .wp-block-image .components-placeholder";
const SEARCH_BUTTON: &str =
    ".wp-block-search .wp-block-search__button, .wp-block-search.wp-block-search__no-button .wp-block-search__input";
const SEARCH_BORDER: &str = ".wp-block-search.wp-block-search__button-outside .wp-block-search__input, \
    .wp-block-search.wp-block-search__button-outside .wp-block-search__button, \
    .wp-block-search.wp-block-search__no-button .wp-block-search__input, \
    .wp-block-search.wp-block-search__button-only .wp-block-search__input, \
    .wp-block-search.wp-block-search__button-only .wp-block-search__button, \
    .wp-block-search.wp-block-search__button-inside .wp-block-search__inside-wrapper";

/// Features of a block that have a selector of their own: block, feature, one style of it or all (empty), selector. Single
/// styles come before the feature they belong to.
const FEATURES: &[(&str, &str, &str, &str)] = &[
    (
        "accordion-heading",
        "typography",
        "letterSpacing",
        ".wp-block-accordion-heading .wp-block-accordion-heading__toggle-title",
    ),
    (
        "accordion-heading",
        "typography",
        "textDecoration",
        ".wp-block-accordion-heading .wp-block-accordion-heading__toggle-title",
    ),
    ("avatar", "border", "", ".wp-block-avatar img"),
    ("button", "typography", "writingMode", ".wp-block-button"),
    ("button", "dimensions", "", ".wp-block-button"),
    (
        "calendar",
        "color",
        "",
        ".wp-block-calendar table, .wp-block-calendar th",
    ),
    ("icon", "spacing", "margin", ".wp-block-icon"),
    ("image", "border", "", IMAGE),
    ("image", "shadow", "", IMAGE),
    (
        "list",
        "border",
        "",
        ".wp-block-list:not(.wp-block-list .wp-block-list)",
    ),
    (
        "list-item",
        "border",
        "",
        ".wp-block-list:not(.wp-block-list .wp-block-list) > li",
    ),
    (
        "paragraph",
        "typography",
        "textIndent",
        ".wp-block-paragraph + .wp-block-paragraph",
    ),
    (
        "post-featured-image",
        "border",
        "",
        ".wp-block-post-featured-image img, .wp-block-post-featured-image .block-editor-media-placeholder, \
         .wp-block-post-featured-image .wp-block-post-featured-image__overlay",
    ),
    (
        "post-featured-image",
        "shadow",
        "",
        ".wp-block-post-featured-image img, .wp-block-post-featured-image .components-placeholder",
    ),
    ("search", "color", "", SEARCH_BUTTON),
    ("search", "border", "", SEARCH_BORDER),
    ("table", "spacing", "", ".wp-block-table"),
];

/// Where a block's own `css` goes, when not to its root.
const CSS: &[(&str, &str)] = &[("icon", ".wp-block-icon")];

/// What a two-coloured filter is put on.
const DUOTONE: &[(&str, &str)] = &[
    ("avatar", ".wp-block-avatar img"),
    (
        "cover",
        ".wp-block-cover > .wp-block-cover__image-background, .wp-block-cover > .wp-block-cover__video-background",
    ),
    ("image", ".wp-block-image img, .wp-block-image .components-placeholder"),
    ("post-author", ".wp-block-post-author .wp-block-post-author__avatar img"),
    (
        "post-featured-image",
        ".wp-block-post-featured-image img, .wp-block-post-featured-image .wp-block-post-featured-image__placeholder, \
         .wp-block-post-featured-image .components-placeholder__illustration, \
         .wp-block-post-featured-image .components-placeholder::before",
    ),
    (
        "site-logo",
        ".wp-block-site-logo img, .wp-block-site-logo .components-placeholder__illustration, \
         .wp-block-site-logo .components-placeholder::before",
    ),
];

/// The gap between the blocks of a container when the theme does without gaps of its own.
const GAPS: &[(&str, &str)] = &[
    ("columns", "2em"),
    ("post-template", "1.25em"),
    ("term-template", "1.25em"),
];

/// States that a block may be styled in.
const BLOCK_STATES: &[&str] = &[":hover", ":focus", ":focus-visible", ":active"];

/// Elements that may be styled everywhere, and inside of blocks.
pub(crate) const ELEMENTS: &[(&str, &str)] = &[
    ("link", "a:where(:not(.wp-element-button))"),
    ("heading", "h1, h2, h3, h4, h5, h6"),
    ("h1", "h1"),
    ("h2", "h2"),
    ("h3", "h3"),
    ("h4", "h4"),
    ("h5", "h5"),
    ("h6", "h6"),
    ("button", ".wp-element-button, .wp-block-button__link"),
    (
        "caption",
        ".wp-element-caption, .wp-block-audio figcaption, .wp-block-embed figcaption, .wp-block-gallery figcaption, \
         .wp-block-image figcaption, .wp-block-table figcaption, .wp-block-video figcaption",
    ),
    ("cite", "cite"),
    (
        "textInput",
        "textarea, input:where([type=email],[type=number],[type=password],[type=search],[type=text],[type=tel],[type=url])",
    ),
    ("select", "select"),
];

/// Elements that are known by a class: their selectors are kept weak.
pub(crate) const CLASSED: &[&str] = &["button", "caption"];

/// States of links and buttons.
const ELEMENT_STATES: &[&str] = &[
    ":link",
    ":any-link",
    ":visited",
    ":hover",
    ":focus",
    ":focus-visible",
    ":active",
];

/// The states that an element may be styled in.
pub(crate) fn element_states(element: &str) -> &'static [&'static str] {
    if matches!(element, "link" | "button") {
        ELEMENT_STATES
    } else {
        &[]
    }
}

/// The states that a block may be styled in.
pub(crate) fn block_states(block: &str) -> &'static [&'static str] {
    if matches!(block, "core/button" | "core/navigation-link") {
        BLOCK_STATES
    } else {
        &[]
    }
}

/// States of a block that are classes: their key and selector.
pub(crate) fn class_states(block: &str) -> &'static [(&'static str, &'static str)] {
    if block == "core/navigation-link" {
        &[("-current", ".wp-block-navigation .current-menu-item")]
    } else {
        &[]
    }
}

/// The selector of a block's styles; `None` for blocks that nobody knows.
pub(crate) fn root(block: &str) -> Option<String> {
    let Some(name) = block.strip_prefix("core/") else {
        let own = block.strip_prefix("guidepost/")?;
        let plain = own
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        return plain.then(|| format!(".wp-block-guidepost-{own}"));
    };
    if let Some((_, selector)) = ROOTS.iter().find(|(known, _)| *known == name) {
        return Some((*selector).to_owned());
    }
    is_listed(BLOCKS, name).then(|| format!(".wp-block-{name}"))
}

/// The features of a block with selectors of their own: feature, one style of it or empty, selector.
pub(crate) fn features(block: &str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let name = core(block);
    FEATURES
        .iter()
        .filter(move |(known, ..)| Some(*known) == name)
        .map(|(_, feature, style, selector)| (*feature, *style, *selector))
}

/// Where a block's own `css` goes, when not to its root.
pub(crate) fn css_selector(block: &str) -> Option<&'static str> {
    find(CSS, block)
}

/// What a two-coloured filter of a block is put on.
pub(crate) fn duotone(block: &str) -> Option<&'static str> {
    find(DUOTONE, block)
}

/// The gap of a container when the theme does without.
pub(crate) fn gap(block: &str) -> Option<&'static str> {
    find(GAPS, block)
}

/// Whether a block lays out the blocks inside it.
pub(crate) fn is_container(block: &str) -> bool {
    core(block).is_some_and(|name| is_listed(CONTAINERS, name))
}

fn core(block: &str) -> Option<&str> {
    block.strip_prefix("core/")
}

fn find(table: &'static [(&'static str, &'static str)], block: &str) -> Option<&'static str> {
    let name = core(block)?;
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn is_listed(list: &str, name: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == name)
}

/// How a container lays out: its class, how it is displayed, its rules, and the rules of its gaps. A value that is empty is
/// the gap.
pub(crate) struct Layout {
    pub class: &'static str,
    pub display: &'static str,
    pub base: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    pub gaps: &'static [(&'static str, &'static [(&'static str, &'static str)])],
}

const FLOATS: [(&str, &[(&str, &str)]); 3] = [
    (
        " > .alignleft",
        &[
            ("float", "left"),
            ("margin-inline-start", "0"),
            ("margin-inline-end", "2em"),
        ],
    ),
    (
        " > .alignright",
        &[
            ("float", "right"),
            ("margin-inline-start", "2em"),
            ("margin-inline-end", "0"),
        ],
    ),
    (
        " > .aligncenter",
        &[("margin-left", "auto !important"), ("margin-right", "auto !important")],
    ),
];

const FLOW_GAPS: &[(&str, &[(&str, &str)])] = &[
    (" > :first-child", &[("margin-block-start", "0")]),
    (" > :last-child", &[("margin-block-end", "0")]),
    (" > *", &[("margin-block-start", ""), ("margin-block-end", "0")]),
];

/// WordPress's four layouts.
pub(crate) const LAYOUTS: &[Layout] = &[
    Layout {
        class: "is-layout-flow",
        display: "",
        base: &FLOATS,
        gaps: FLOW_GAPS,
    },
    Layout {
        class: "is-layout-constrained",
        display: "",
        base: &[
            FLOATS[0],
            FLOATS[1],
            FLOATS[2],
            (
                " > :where(:not(.alignleft):not(.alignright):not(.alignfull))",
                &[
                    ("max-width", "var(--wp--style--global--content-size)"),
                    ("margin-left", "auto !important"),
                    ("margin-right", "auto !important"),
                ],
            ),
            (" > .alignwide", &[("max-width", "var(--wp--style--global--wide-size)")]),
        ],
        gaps: FLOW_GAPS,
    },
    Layout {
        class: "is-layout-flex",
        display: "flex",
        base: &[
            ("", &[("flex-wrap", "wrap"), ("align-items", "center")]),
            (" > :is(*, div)", &[("margin", "0")]),
        ],
        gaps: &[("", &[("gap", "")])],
    },
    Layout {
        class: "is-layout-grid",
        display: "grid",
        base: &[(" > :is(*, div)", &[("margin", "0")])],
        gaps: &[("", &[("gap", "")])],
    },
];

/// A kind of preset: where it stands in the settings, which setting keeps the defaults apart, the key of its value (empty:
/// none in CSS), the word in the names, whether a nameless one is called as the default of the same slug.
pub(crate) struct Preset {
    pub path: [&'static str; 2],
    pub defaults: &'static str,
    pub value: &'static str,
    pub word: &'static str,
    pub named: bool,
    /// Classes made of it: what follows `has-SLUG-`, and the property.
    pub classes: &'static [(&'static str, &'static str)],
}

const fn preset(
    path: [&'static str; 2],
    defaults: &'static str,
    value: &'static str,
    word: &'static str,
    classes: &'static [(&'static str, &'static str)],
) -> Preset {
    Preset {
        path,
        defaults,
        value,
        word,
        named: false,
        classes,
    }
}

/// The kinds of preset in the order of their variables.
pub(crate) const PRESETS: &[Preset] = &[
    preset(
        ["dimensions", "aspectRatios"],
        "defaultAspectRatios",
        "ratio",
        "aspect-ratio",
        &[],
    ),
    preset(
        ["color", "palette"],
        "defaultPalette",
        "color",
        "color",
        &[
            ("color", "color"),
            ("background-color", "background-color"),
            ("border-color", "border-color"),
        ],
    ),
    preset(
        ["color", "gradients"],
        "defaultGradients",
        "gradient",
        "gradient",
        &[("gradient-background", "background")],
    ),
    preset(["color", "duotone"], "defaultDuotone", "", "duotone", &[]),
    Preset {
        named: true,
        ..preset(
            ["typography", "fontSizes"],
            "defaultFontSizes",
            "size",
            "font-size",
            &[("font-size", "font-size")],
        )
    },
    preset(
        ["typography", "fontFamilies"],
        "",
        "fontFamily",
        "font-family",
        &[("font-family", "font-family")],
    ),
    Preset {
        named: true,
        ..preset(
            ["spacing", "spacingSizes"],
            "defaultSpacingSizes",
            "size",
            "spacing",
            &[],
        )
    },
    preset(["shadow", "presets"], "defaultPresets", "shadow", "shadow", &[]),
    preset(["border", "radiusSizes"], "", "size", "border-radius", &[]),
    preset(["dimensions", "dimensionSizes"], "", "size", "dimension", &[]),
];

/// CSS properties and where their values stand in styles.
pub(crate) const PROPERTIES: &[(&str, &str)] = &[
    ("aspect-ratio", "/dimensions/aspectRatio"),
    ("background", "/color/gradient"),
    ("background-color", "/color/background"),
    ("background-image", "/background/backgroundImage"),
    ("background-position", "/background/backgroundPosition"),
    ("background-repeat", "/background/backgroundRepeat"),
    ("background-size", "/background/backgroundSize"),
    ("background-attachment", "/background/backgroundAttachment"),
    ("border-radius", "/border/radius"),
    ("border-top-left-radius", "/border/radius/topLeft"),
    ("border-top-right-radius", "/border/radius/topRight"),
    ("border-bottom-left-radius", "/border/radius/bottomLeft"),
    ("border-bottom-right-radius", "/border/radius/bottomRight"),
    ("border-color", "/border/color"),
    ("border-width", "/border/width"),
    ("border-style", "/border/style"),
    ("border-top-color", "/border/top/color"),
    ("border-top-width", "/border/top/width"),
    ("border-top-style", "/border/top/style"),
    ("border-right-color", "/border/right/color"),
    ("border-right-width", "/border/right/width"),
    ("border-right-style", "/border/right/style"),
    ("border-bottom-color", "/border/bottom/color"),
    ("border-bottom-width", "/border/bottom/width"),
    ("border-bottom-style", "/border/bottom/style"),
    ("border-left-color", "/border/left/color"),
    ("border-left-width", "/border/left/width"),
    ("border-left-style", "/border/left/style"),
    ("color", "/color/text"),
    ("text-align", "/typography/textAlign"),
    ("column-count", "/typography/textColumns"),
    ("font-family", "/typography/fontFamily"),
    ("font-size", "/typography/fontSize"),
    ("font-style", "/typography/fontStyle"),
    ("font-weight", "/typography/fontWeight"),
    ("letter-spacing", "/typography/letterSpacing"),
    ("line-height", "/typography/lineHeight"),
    ("margin", "/spacing/margin"),
    ("margin-top", "/spacing/margin/top"),
    ("margin-right", "/spacing/margin/right"),
    ("margin-bottom", "/spacing/margin/bottom"),
    ("margin-left", "/spacing/margin/left"),
    ("min-height", "/dimensions/minHeight"),
    ("min-width", "/dimensions/minWidth"),
    ("outline-color", "/outline/color"),
    ("outline-offset", "/outline/offset"),
    ("outline-style", "/outline/style"),
    ("outline-width", "/outline/width"),
    ("padding", "/spacing/padding"),
    ("padding-top", "/spacing/padding/top"),
    ("padding-right", "/spacing/padding/right"),
    ("padding-bottom", "/spacing/padding/bottom"),
    ("padding-left", "/spacing/padding/left"),
    ("text-decoration", "/typography/textDecoration"),
    ("text-shadow", "/typography/textShadow"),
    ("text-transform", "/typography/textTransform"),
    ("text-indent", "/typography/textIndent"),
    ("filter", "/filter/duotone"),
    ("box-shadow", "/shadow"),
    ("height", "/dimensions/height"),
    ("width", "/dimensions/width"),
    ("writing-mode", "/typography/writingMode"),
];

/// Settings that `appearanceTools` switches on.
pub(crate) const APPEARANCE: &[[&str; 2]] = &[
    ["background", "backgroundImage"],
    ["background", "backgroundSize"],
    ["background", "gradient"],
    ["border", "color"],
    ["border", "radius"],
    ["border", "style"],
    ["border", "width"],
    ["color", "link"],
    ["color", "heading"],
    ["color", "button"],
    ["color", "caption"],
    ["dimensions", "aspectRatio"],
    ["dimensions", "height"],
    ["dimensions", "minHeight"],
    ["dimensions", "minWidth"],
    ["dimensions", "width"],
    ["position", "sticky"],
    ["spacing", "blockGap"],
    ["spacing", "margin"],
    ["spacing", "padding"],
    ["typography", "lineHeight"],
    ["typography", "textColumns"],
];

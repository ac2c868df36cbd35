//! What the API says of types of its own: WordPress's names and what each type has. Facts of WordPress 7.1.

use gp_content::{ContentType, Taxonomy, types::Rights};
use serde_json::{Map, Value, json};

/// What items of a type have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The type.
    pub kind: &'static str,
    /// What WordPress calls several of them.
    pub plural: &'static str,
    /// What WordPress calls one of them.
    pub singular: &'static str,
    /// `title`, `editor` and so on.
    pub supports: &'static [&'static str],
    /// Its icon in WordPress.
    pub icon: Option<&'static str>,
    /// The order in which WordPress names it.
    pub place: usize,
}

const TABLE: &[Facts] = &[
    facts(
        0,
        "post",
        ("Posts", "Post"),
        Some("dashicons-admin-post"),
        &[
            "title",
            "editor",
            "author",
            "thumbnail",
            "excerpt",
            "trackbacks",
            "custom-fields",
            "comments",
            "revisions",
            "post-formats",
            "autosave",
        ],
    ),
    facts(
        1,
        "page",
        ("Pages", "Page"),
        Some("dashicons-admin-page"),
        &[
            "title",
            "editor",
            "author",
            "thumbnail",
            "page-attributes",
            "custom-fields",
            "comments",
            "revisions",
            "autosave",
        ],
    ),
    facts(
        2,
        "attachment",
        ("Media", "Media"),
        Some("dashicons-admin-media"),
        &["title", "author", "comments"],
    ),
    facts(
        3,
        "nav_menu_item",
        ("Navigation Menu Items", "Navigation Menu Item"),
        None,
        &["title", "editor", "autosave"],
    ),
    facts(
        4,
        "wp_block",
        ("Patterns", "Pattern"),
        None,
        &["title", "excerpt", "editor", "revisions", "custom-fields", "autosave"],
    ),
    facts(5, "wp_template", ("Templates", "Template"), None, TEMPLATE),
    facts(
        6,
        "wp_template_part",
        ("Template Parts", "Template Part"),
        None,
        TEMPLATE,
    ),
    facts(
        7,
        "wp_global_styles",
        ("Global Styles", "Global Styles"),
        None,
        &["title", "editor", "revisions"],
    ),
    facts(
        8,
        "wp_navigation",
        ("Navigation Menus", "Navigation Menu"),
        None,
        &["title", "editor", "revisions", "autosave"],
    ),
    facts(9, "wp_font_family", ("Font Families", "Font Family"), None, &["title"]),
    facts(10, "wp_font_face", ("Font Faces", "Font Face"), None, &["title"]),
];

const TEMPLATE: &[&str] = &["title", "slug", "excerpt", "editor", "revisions", "author", "autosave"];

const fn facts(
    place: usize,
    kind: &'static str,
    (plural, singular): (&'static str, &'static str),
    icon: Option<&'static str>,
    supports: &'static [&'static str],
) -> Facts {
    Facts {
        kind,
        plural,
        singular,
        supports,
        icon,
        place,
    }
}

/// The facts of a type; of one that WordPress does not have, what its descriptor says.
pub(crate) fn of(kind: &ContentType) -> Facts {
    let known = TABLE.iter().find(|facts| facts.kind == kind.name);
    known.copied().unwrap_or(Facts {
        kind: kind.name,
        plural: kind.plural,
        singular: kind.singular,
        supports: if kind.revisions {
            &[
                "title",
                "editor",
                "author",
                "thumbnail",
                "excerpt",
                "revisions",
                "autosave",
            ]
        } else {
            &["title", "editor", "author", "thumbnail", "excerpt", "autosave"]
        },
        icon: None,
        place: TABLE.len(),
    })
}

impl Facts {
    /// Whether items of the type have something.
    pub fn has(&self, what: &str) -> bool {
        self.supports.contains(&what)
    }

    /// What they have, as the API says it.
    pub fn supports(&self) -> Value {
        let all = self.supports.iter().map(|what| {
            let value = match (*what, self.kind) {
                ("editor", "post" | "page") => json!([{"notes": true}]),
                _ => Value::Bool(true),
            };
            ((*what).to_owned(), value)
        });
        Value::Object(all.collect::<Map<_, _>>())
    }
}

/// What WordPress calls the terms of a taxonomy: several and one.
pub(crate) fn taxonomy_names(taxonomy: &Taxonomy) -> (&str, &str) {
    match taxonomy.name.as_str() {
        "category" => ("Categories", "Category"),
        "post_tag" => ("Tags", "Tag"),
        "nav_menu" => ("Navigation Menus", "Navigation Menu"),
        "wp_pattern_category" => ("Pattern Categories", "Pattern Category"),
        _ => (&taxonomy.plural, &taxonomy.singular),
    }
}

/// A capability of a type: `edit_posts` for the deed `edit`.
pub(crate) fn capability(kind: &ContentType, deed: &str) -> String {
    match kind.rights {
        Rights::PerItem(plural) => format!("{deed}_{plural}"),
        Rights::One(capability) => capability.to_owned(),
        Rights::OfParent => "do_not_allow".to_owned(),
    }
}

/// Names of post formats, the plain one first.
pub(crate) const FORMATS: &[&str] = &[
    "standard", "aside", "chat", "gallery", "link", "image", "quote", "status", "video", "audio",
];

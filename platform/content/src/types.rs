//! What a content type says of itself: names, who may see it, how its slugs and revisions work. The list of types is
//! composed by the binary from the features; nothing here knows a type by name.

use std::collections::BTreeMap;

/// Whose capabilities decide over items of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// `edit_posts`, `edit_others_posts`, `publish_posts` … with this plural (`posts`, `pages`).
    PerItem(&'static str),
    /// One capability for everything (`edit_theme_options`, `manage_options`).
    One(&'static str),
    /// Whoever may edit the parent.
    OfParent,
}

/// Among which items a slug must be unique (reference: WordPress's `wp_unique_post_slug`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlugScope {
    /// Items of the same type.
    Type,
    /// Same type (or attachment) under the same parent.
    Siblings,
    /// Every item.
    Everything,
    /// Items of the same type and theme.
    Theme,
    /// Not unique at all.
    Free,
}

/// One content type's descriptor; a feature's folder holds one each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentType {
    /// WordPress's name, `post`.
    pub name: &'static str,
    /// What a reader calls one, "Resource".
    pub singular: &'static str,
    /// What a reader calls several, "Resources".
    pub plural: &'static str,
    /// Visitors may see published ones, each at an address of its own.
    pub public: bool,
    /// Public ones are found by the search.
    pub searchable: bool,
    /// Items have parents of their own type.
    pub hierarchical: bool,
    /// Old versions are kept.
    pub revisions: bool,
    /// A WordPress export carries it.
    pub exported: bool,
    /// Name below `/wp-json/wp/v2/`.
    pub rest_base: Option<&'static str>,
    /// Of a type that is not public: with which capability published ones are read through the API. The empty one is everybody's.
    pub read: Option<&'static str>,
    /// Who may edit.
    pub rights: Rights,
    /// Slugs.
    pub slugs: SlugScope,
    /// The first part of its addresses (`/events/…`), empty for the root.
    pub front: &'static str,
}

impl ContentType {
    /// An internal type: not public, not hierarchical, no REST; the features change what differs.
    pub const fn internal(name: &'static str, singular: &'static str, plural: &'static str) -> Self {
        Self {
            name,
            singular,
            plural,
            public: false,
            searchable: false,
            hierarchical: false,
            revisions: false,
            exported: false,
            rest_base: None,
            read: None,
            rights: Rights::One("manage_options"),
            slugs: SlugScope::Type,
            front: "",
        }
    }
}

/// A way to order items by terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// WordPress's name, `category`.
    pub name: String,
    /// What a reader calls one term, "Label".
    pub singular: String,
    /// What a reader calls several, "Labels".
    pub plural: String,
    /// Visitors may see archives of its terms.
    pub public: bool,
    /// Terms have parents.
    pub hierarchical: bool,
    /// The first part of its archives' addresses.
    pub base: String,
    /// Name below `/wp-json/wp/v2/`; empty: the API does not show it.
    pub rest_base: &'static str,
    /// The API shows it only where there are terms of it: a site that moves in does not have it.
    pub when_used: bool,
    /// The types whose items it orders.
    pub types: &'static [&'static str],
}

impl Taxonomy {
    fn new(name: &str, (singular, plural): (&str, &str), types: &'static [&'static str]) -> Self {
        Self {
            name: name.to_owned(),
            singular: singular.to_owned(),
            plural: plural.to_owned(),
            public: false,
            hierarchical: false,
            base: String::new(),
            rest_base: "",
            when_used: false,
            types,
        }
    }

    /// Visitors see archives of its terms below this.
    fn at(mut self, base: &str) -> Self {
        self.public = true;
        base.clone_into(&mut self.base);
        self
    }

    fn tree(mut self) -> Self {
        self.hierarchical = true;
        self
    }

    fn rest(mut self, base: &'static str) -> Self {
        self.rest_base = base;
        self
    }

    fn when_used(mut self) -> Self {
        self.when_used = true;
        self
    }
}

/// All types and taxonomies of a site.
#[derive(Debug, Clone, Default)]
pub struct Types {
    types: BTreeMap<&'static str, ContentType>,
    taxonomies: Vec<Taxonomy>,
}

impl Types {
    /// From the binary's explicit list.
    pub fn new(types: Vec<ContentType>) -> Self {
        const POSTS: &[&str] = &["post"];
        let taxonomies = vec![
            Taxonomy::new("category", ("Label", "Labels"), POSTS)
                .at("category")
                .tree()
                .rest("categories"),
            Taxonomy::new("post_tag", ("Topic", "Topics"), POSTS)
                .at("tag")
                .rest("tags"),
            Taxonomy::new("region", ("Region", "Regions"), POSTS)
                .at("region")
                .tree()
                .rest("region")
                .when_used(),
            Taxonomy::new("publisher", ("Publisher", "Publishers"), POSTS)
                .at("publisher")
                .rest("publisher")
                .when_used(),
            Taxonomy::new("post_format", ("Format", "Formats"), POSTS).at("type"),
            Taxonomy::new(
                "events_categories",
                ("Kind of event", "Kinds of events"),
                &["ai1ec_event"],
            )
            .tree(),
            Taxonomy::new("nav_menu", ("Menu", "Menus"), &["nav_menu_item"]).rest("menus"),
            Taxonomy::new("link_category", ("Link category", "Link categories"), &[]),
            Taxonomy::new(
                "wp_theme",
                ("Theme", "Themes"),
                &["wp_template", "wp_template_part", "wp_global_styles"],
            ),
            Taxonomy::new("wp_template_part_area", ("Area", "Areas"), &["wp_template_part"]),
            Taxonomy::new(
                "wp_pattern_category",
                ("Pattern category", "Pattern categories"),
                &["wp_block"],
            )
            .rest("wp_pattern_category"),
        ];
        Self {
            types: types.into_iter().map(|t| (t.name, t)).collect(),
            taxonomies,
        }
    }

    /// The type that a search may look in, by its name or by what readers call it.
    pub fn searched_by(&self, name: &str) -> Option<&ContentType> {
        self.public()
            .filter(|t| t.searchable)
            .find(|t| t.name == name || t.singular.eq_ignore_ascii_case(name) || t.plural.eq_ignore_ascii_case(name))
    }

    /// The type of this name, unless the site does not know it.
    pub fn get(&self, name: &str) -> Option<&ContentType> {
        self.types.get(name)
    }

    /// All types by name.
    pub fn all(&self) -> impl Iterator<Item = &ContentType> {
        self.types.values()
    }

    /// Types that visitors may see.
    pub fn public(&self) -> impl Iterator<Item = &ContentType> {
        self.types.values().filter(|t| t.public)
    }

    /// The taxonomy of this name.
    pub fn taxonomy(&self, name: &str) -> Option<&Taxonomy> {
        self.taxonomies.iter().find(|t| t.name == name)
    }

    /// All taxonomies.
    pub fn taxonomies(&self) -> &[Taxonomy] {
        &self.taxonomies
    }
}

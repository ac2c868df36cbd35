//! How an item of a type looks, and what lists of them can be asked for.

use gp_content::{ContentType, Site, Taxonomy};
use serde_json::{Map, Value, json};

use super::super::facts::{self, FORMATS, Facts};
use crate::{
    schema::{self, by_ids, joined, members, ordering, paging, properties},
    turn::rest_url,
};

const POST: &str = include_str!("../../schemas/post.json");

/// The properties of items of a type, in WordPress's order.
pub(crate) fn of_type(kind: &ContentType, taxonomies: &[Taxonomy]) -> Map<String, Value> {
    let facts = facts::of(kind);
    let mut all = properties(POST);
    let meta = meta_properties(&facts);
    all.insert(
        "meta".to_owned(),
        json!({"description": "Meta fields.", "type": "object", "context": ["view", "edit"], "properties": meta,
            "unchecked": true}),
    );
    let mut out = Map::new();
    let mut take = |names: &[&str]| {
        for name in names {
            if let Some(property) = all.get(*name) {
                out.insert((*name).to_owned(), property.clone());
            }
        }
    };
    take(&[
        "date",
        "date_gmt",
        "guid",
        "id",
        "link",
        "modified",
        "modified_gmt",
        "slug",
        "status",
        "type",
    ]);
    if kind.name != "attachment" {
        take(&["password"]);
    }
    if kind.public {
        take(&["permalink_template", "generated_slug", "class_list"]);
    }
    let parts: &[(&str, &[&str])] = &[
        ("title", &["title"]),
        ("editor", &["content"]),
        ("author", &["author"]),
        ("excerpt", &["excerpt"]),
        ("thumbnail", &["featured_media"]),
        ("comments", &["comment_status", "ping_status"]),
        ("page-attributes", &["menu_order"]),
        ("post-formats", &["format"]),
    ];
    if kind.hierarchical {
        take(&["parent"]);
    }
    for (what, names) in parts {
        let media = kind.name == "attachment" && *what == "author";
        // Pages have excerpts here, though WordPress does not offer them in its editor.
        if facts.has(what) || (*what == "excerpt" && has_excerpt(&facts)) {
            take(names);
        }
        if media {
            take(&["featured_media"]);
        }
    }
    if facts.has("custom-fields") || kind.name == "attachment" {
        take(&["meta"]);
    }
    if kind.name == "post" {
        take(&["sticky"]);
    }
    take(&["template"]);
    for taxonomy in taxonomies {
        let property = json!({
            "description": format!("The terms assigned to the post in the {} taxonomy.", taxonomy.name),
            "type": "array", "items": {"type": "integer"}, "context": ["view", "edit"],
        });
        out.insert(taxonomy.rest_base.to_owned(), property);
    }
    match kind.name {
        "wp_block" => patterns(&mut out),
        "wp_navigation" => navigation(&mut out),
        _ => {}
    }
    out
}

/// A navigation brings its text along where it is embedded: an editor needs no second request.
fn navigation(out: &mut Map<String, Value>) {
    let shown: &[(&str, &[&str])] = &[("title", &["raw"]), ("content", &["raw", "rendered", "block_version"])];
    for (name, parts) in shown {
        let Some(property) = out.get_mut(*name) else { continue };
        if let Some(contexts) = property.get_mut("context").and_then(Value::as_array_mut)
            && !contexts.contains(&json!("embed"))
        {
            contexts.push("embed".into());
        }
        for part in *parts {
            let contexts = property.pointer_mut(&format!("/properties/{part}/context"));
            if let Some(contexts) = contexts.and_then(Value::as_array_mut) {
                contexts.push("embed".into());
            }
        }
    }
}

/// Patterns carry their text raw only, and say whether they are synced.
fn patterns(out: &mut Map<String, Value>) {
    for name in ["title", "content"] {
        if let Some(Value::Object(property)) = out.get_mut(name)
            && let Some(Value::Object(inner)) = property.get_mut("properties")
        {
            inner.retain(|name, _| name == "raw" || name == "protected" || name == "block_version");
            if let Some(Value::Object(raw)) = inner.get_mut("raw") {
                raw.insert("context".to_owned(), json!(["view", "edit"]));
            }
        }
    }
    out.insert(
        "wp_pattern_sync_status".to_owned(),
        json!({"description": "Whether the pattern is synced.", "type": "string", "enum": ["partial", "unsynced", ""],
            "context": ["view", "edit", "embed"], "readonly": true}),
    );
}

/// Meta that programs may read and write.
fn meta_properties(facts: &Facts) -> Value {
    let text = json!({"type": "string", "title": "", "description": "", "default": ""});
    match facts.kind {
        "wp_block" => json!({
            "wp_pattern_sync_status": {"type": "string", "title": "", "description": "", "default": "",
                "enum": ["partial", "unsynced"]},
            "footnotes": text,
        }),
        _ if facts.has("editor") && facts.has("custom-fields") && facts.has("revisions") => json!({"footnotes": text}),
        _ => json!([]),
    }
}

/// The schema with its links, as OPTIONS shows it.
pub(crate) fn shown(
    kind: &ContentType,
    taxonomies: &[Taxonomy],
    properties: Map<String, Value>,
    site: &Site,
    base_url: &str,
) -> Value {
    let mut whole = schema::titled(kind.name, properties);
    let facts = facts::of(kind);
    let href = rest_url(
        site,
        base_url,
        &format!("/wp/v2/{}/{{id}}", kind.rest_base.unwrap_or_default()),
    );
    let link = |rel: &str, title: &str, target: Value| {
        json!({"rel": format!("https://api.w.org/{rel}"), "title": title, "href": href,
            "targetSchema": {"type": "object", "properties": target}})
    };
    let mut links = Vec::new();
    if kind.name != "attachment" {
        links.push(link(
            "action-publish",
            "The current user can publish this post.",
            json!({"status": {"type": "string", "enum": ["publish", "future"]}}),
        ));
    }
    links.push(link(
        "action-unfiltered-html",
        "The current user can post unfiltered HTML markup and JavaScript.",
        json!({"content": {"raw": {"type": "string"}}}),
    ));
    if kind.name == "post" {
        links.push(link(
            "action-sticky",
            "The current user can sticky this post.",
            json!({"sticky": {"type": "boolean"}}),
        ));
    }
    if facts.has("author") {
        links.push(link(
            "action-assign-author",
            "The current user can change the author on this post.",
            json!({"author": {"type": "integer"}}),
        ));
    }
    for taxonomy in taxonomies {
        let (base, name) = (taxonomy.rest_base, &taxonomy.name);
        let target = json!({base: {"type": "array", "items": {"type": "integer"}}});
        links.push(link(
            &format!("action-assign-{base}"),
            &format!("The current user can assign terms in the {name} taxonomy."),
            target.clone(),
        ));
        links.push(link(
            &format!("action-create-{base}"),
            &format!("The current user can create terms in the {name} taxonomy."),
            target,
        ));
    }
    whole["links"] = links.into();
    whole
}

/// What lists of items are ordered by, of whatever type.
pub const ORDERS: &[&str] = &[
    "author",
    "date",
    "id",
    "include",
    "modified",
    "parent",
    "relevance",
    "slug",
    "include_slugs",
    "title",
];

/// The parameters of a list.
pub fn list_args(kind: &ContentType, taxonomies: &[Taxonomy]) -> Map<String, Value> {
    let facts = facts::of(kind);
    let date = |what: &str, when: &str| {
        json!({"description": format!("Limit response to posts {what} {when} a given ISO8601 compliant date."),
            "type": "string", "format": "date-time"})
    };
    let ids = |description: &str| json!({"description": description, "type": "array", "items": {"type": "integer"}, "default": []});
    let mut out = paging();
    out.extend(members(json!({
        "after": date("published", "after"),
        "modified_after": date("modified", "after"),
    })));
    if facts.has("author") {
        out.insert(
            "author".to_owned(),
            ids("Limit result set to posts assigned to specific authors."),
        );
        out.insert(
            "author_exclude".to_owned(),
            ids("Ensure result set excludes posts assigned to specific authors."),
        );
    }
    out.extend(members(json!({
        "before": date("published", "before"),
        "modified_before": date("modified", "before"),
    })));
    out.extend(by_ids());
    if facts.has("page-attributes") {
        out.extend(members(json!({"menu_order": {
            "description": "Limit result set to posts with a specific menu_order value.", "type": "integer"}})));
    }
    let mut choices = ORDERS.to_vec();
    if facts.has("page-attributes") {
        choices.push("menu_order");
    }
    out.extend(members(json!({
        "search_semantics": {"description": "How to interpret the search input.", "type": "string", "enum": ["exact"]},
        "offset": {"description": "Offset the result set by a specific number of items.", "type": "integer"},
    })));
    out.extend(ordering("desc", "date", "post", &choices));
    if kind.hierarchical || kind.name == "attachment" {
        out.insert(
            "parent".to_owned(),
            ids("Limit result set to items with particular parent IDs."),
        );
        out.insert(
            "parent_exclude".to_owned(),
            ids("Limit result set to all items except those of a particular parent ID."),
        );
    }
    out.extend(members(json!({
        "search_columns": {"default": [], "description": "Array of column names to be searched.", "type": "array",
            "items": {"enum": ["post_title", "post_content", "post_excerpt"], "type": "string"}},
        "slug": {"description": "Limit result set to posts with one or more specific slugs.", "type": "array",
            "items": {"type": "string"}},
    })));
    out.extend(statuses(kind));
    out.extend(term_args(taxonomies));
    if kind.name == "post" {
        out.extend(members(json!({
            "sticky": {"description": "Limit result set to items that are sticky.", "type": "boolean"},
            "ignore_sticky": {"description": "Whether to ignore sticky posts or not.", "type": "boolean", "default": true},
            "format": {"description": "Limit result set to items assigned one or more given formats.", "type": "array",
                "uniqueItems": true, "items": {"enum": FORMATS, "type": "string"}},
        })));
    }
    out
}

/// The statuses of a list; of files others.
fn statuses(kind: &ContentType) -> Map<String, Value> {
    let (default, choices): (&str, &[&str]) = match kind.name {
        "attachment" => ("inherit", &["inherit", "private", "trash"]),
        _ => ("publish", STATUSES),
    };
    members(json!({"status": {
        "default": default,
        "description": "Limit result set to posts assigned one or more statuses.",
        "type": "array", "items": {"enum": choices, "type": "string"},
    }}))
}

/// All statuses that WordPress registers, and `any`.
pub(crate) const STATUSES: &[&str] = &[
    "publish",
    "future",
    "draft",
    "pending",
    "private",
    "trash",
    "auto-draft",
    "inherit",
    "request-pending",
    "request-confirmed",
    "request-failed",
    "request-completed",
    "any",
];

fn term_args(taxonomies: &[Taxonomy]) -> Map<String, Value> {
    let mut out = Map::new();
    if taxonomies.is_empty() {
        return out;
    }
    out.insert(
        "tax_relation".to_owned(),
        json!({"description": "Limit result set based on relationship between multiple taxonomies.", "type": "string",
            "enum": ["AND", "OR"]}),
    );
    for taxonomy in taxonomies {
        let base = taxonomy.rest_base;
        let with = format!("Limit result set to items with specific terms assigned in the {base} taxonomy.");
        let without =
            format!("Limit result set to items except those with specific terms assigned in the {base} taxonomy.");
        out.insert(base.to_owned(), term_arg(taxonomy, &with, true));
        out.insert(format!("{base}_exclude"), term_arg(taxonomy, &without, false));
    }
    out
}

fn term_arg(taxonomy: &Taxonomy, description: &str, with_operator: bool) -> Value {
    let mut query = members(json!({"terms": {"description": "Term IDs.", "type": "array",
        "items": {"type": "integer"}, "default": []}}));
    if taxonomy.hierarchical {
        query.insert(
            "include_children".to_owned(),
            json!({"description": "Whether to include child terms in the terms limiting the result set.",
                "type": "boolean", "default": false}),
        );
    }
    if with_operator {
        query.insert(
            "operator".to_owned(),
            json!({"description": "Whether items must be assigned all or any of the specified terms.", "type": "string",
                "enum": ["AND", "OR"], "default": "OR"}),
        );
    }
    json!({
        "description": description, "type": ["object", "array"],
        "oneOf": [
            {"title": "Term ID List", "description": "Match terms with the listed IDs.", "type": "array",
                "items": {"type": "integer"}},
            {"title": "Term ID Taxonomy Query", "description": "Perform an advanced term query.", "type": "object",
                "properties": query, "additionalProperties": false},
        ],
    })
}

/// Whether items of a type have excerpts.
pub(crate) fn has_excerpt(facts: &Facts) -> bool {
    facts.has("excerpt") || facts.kind == "page"
}

/// The parameters of one item.
pub(crate) fn one_args(facts: &Facts) -> Map<String, Value> {
    let mut out = joined([
        schema::id("Unique identifier for the post."),
        members(json!({"context": schema::context(&["view", "embed", "edit"])})),
    ]);
    if has_excerpt(facts) {
        let length = json!({"description": "Override the default excerpt length.", "type": "integer"});
        out.insert("excerpt_length".to_owned(), length);
    }
    if facts.has("editor") {
        out.insert(
            "password".to_owned(),
            json!({"description": "The password for the post if it is password protected.", "type": "string"}),
        );
    }
    out
}

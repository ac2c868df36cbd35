//! `global-styles` and `themes`: what the theme says, and what the site changed of it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{
    Item, Verb,
    actions::{self, Changes},
    items, terms,
};
use gp_kernel::ItemId;
use gp_rest::{
    Answer, Deed, EDIT, Failure, Links, Outcome, READ, Reply, Request, Resource, Route, Turn, listing,
    schema::{context, joined, members},
};
use serde_json::{Map, Value, json};

use super::hierarchy;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let styles: Arc<dyn Resource> = Arc::new(Styles);
    let themes: Arc<dyn Resource> = Arc::new(Themes);
    let named = || members(json!({"stylesheet": {"description": "The theme identifier", "type": "string"}}));
    let of_row = members(json!({"id": {"description": "ID of global styles config.", "type": "integer"}}));
    let write = members(json!({
        "styles": {"description": "Global styles.", "type": ["object"], "unchecked": true},
        "settings": {"description": "Global settings.", "type": ["object"], "unchecked": true},
        "title": {"description": "Title of the global styles variation.", "type": ["object", "string"], "unchecked": true,
            "properties": {
                "raw": {"description": "Title for the global styles variation, as it exists in the database.",
                    "type": "string", "context": ["view", "edit", "embed"]},
                "rendered": {"description": "HTML title for the post, transformed for display.", "type": "string",
                    "context": ["view", "edit", "embed"], "readonly": true},
            }},
    }));
    let theme = "[^\\/:<>\\*\\?\"\\|]+(?:\\/[^\\/:<>\\*\\?\"\\|]+)?";
    let mut list = Map::new();
    list.insert(
        "status".to_owned(),
        json!({"description": "Limit result set to themes assigned one or more statuses.", "type": "array",
            "items": {"enum": ["active", "inactive"], "type": "string"}}),
    );
    let mut versions = gp_rest::versions::list_args();
    versions.retain(|name, _| matches!(name.as_str(), "context" | "page" | "per_page" | "offset"));
    let number =
        |name: &str, description: &str| members(json!({name: {"description": description, "type": "integer"}}));
    let shown = members(json!({"context": context(&["view", "embed", "edit"])}));
    vec![
        Route::new(
            "wp/v2",
            "/global-styles/(?P<parent>[\\d]+)/revisions",
            Arc::new(Versions),
        )
        .on(
            READ,
            Deed::List,
            joined([number("parent", "The ID for the parent of the revision."), versions]),
        ),
        Route::new(
            "wp/v2",
            "/global-styles/(?P<parent>[\\d]+)/revisions/(?P<id>[\\d]+)",
            Arc::new(Versions),
        )
        .on(
            READ,
            Deed::Get,
            joined([
                number("parent", "The ID for the parent of the global styles revision."),
                number("id", "Unique identifier for the global styles revision."),
                shown,
            ]),
        ),
        Route::new(
            "wp/v2",
            "/global-styles/themes/(?P<stylesheet>[\\/\\s%\\w\\.\\(\\)\\[\\]\\@_\\-]+)/variations",
            styles.clone(),
        )
        .on(READ, Deed::Other("variations"), named())
        .alone(),
        Route::new(
            "wp/v2",
            &format!("/global-styles/themes/(?P<stylesheet>{theme})"),
            styles.clone(),
        )
        .on(READ, Deed::Other("theme"), named())
        .alone(),
        Route::new("wp/v2", "/global-styles/(?P<id>[\\/\\d+]+)", styles)
            .on(READ, Deed::Get, of_row)
            .on(EDIT, Deed::Update, write)
            .alone(),
        Route::new("wp/v2", "/themes", themes.clone()).on(READ, Deed::List, list),
        Route::new("wp/v2", &format!("/themes/(?P<stylesheet>{theme})"), themes).on(
            READ,
            Deed::Get,
            members(json!({"stylesheet": {"type": "string",
                "description": "The theme's stylesheet. This uniquely identifies the theme."}})),
        ),
    ]
}

struct Styles;

fn unknown() -> Box<Failure> {
    let message = "No global styles config exists with that ID.";
    Failure::new(404, "rest_global_styles_not_found", message)
}

impl Resource for Styles {
    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if let Deed::Get | Deed::Update = deed {
                row(turn, request).await?;
            }
            let allowed = match deed {
                Deed::Update => turn.can("edit_theme_options"),
                _ => turn.can("edit_theme_options") || turn.can("edit_posts"),
            };
            if allowed {
                return Ok(());
            }
            let code = match deed {
                Deed::Update => "rest_cannot_edit",
                Deed::Get => "rest_cannot_view",
                _ => "rest_cannot_read_global_styles",
            };
            Err(turn.refusal(
                code,
                "Sorry, you are not allowed to access the global styles on this site.",
            ))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::Get => {
                    let row = row(turn, request).await?;
                    Ok(Reply::ok(row_shown(turn, &row).await?))
                }
                Deed::Update => update(turn, request).await,
                _ => of_theme(turn, request, deed),
            }
        })
    }
}

async fn row(turn: &mut Turn, request: &Request) -> Outcome<Item> {
    let found = items::by_id(&mut turn.conn, ItemId(request.int("id").unwrap_or(0))).await?;
    found.filter(|item| item.kind == "wp_global_styles").ok_or_else(unknown)
}

/// A part of what a row says, `styles` or `settings`.
fn part(row: &Item, name: &str) -> Value {
    let config: Value = serde_json::from_str(&row.content).unwrap_or_default();
    // PHP writes an empty map as a list; clients take either for nothing.
    match config.get(name) {
        Some(Value::Object(members)) if !members.is_empty() => written_out(&json!(members)),
        _ => json!({}),
    }
}

async fn row_shown(turn: &mut Turn, row: &Item) -> Outcome<Value> {
    let known = items::revisions_of(&mut turn.conn, &[row.id]).await?;
    let (count, _) = known.get(&row.id).copied().unwrap_or_default();
    let own = format!("/wp/v2/global-styles/{}", row.id);
    let mut links = Links::default();
    let edits = turn.can("edit_theme_options");
    let allow: &[&str] = if edits {
        &["GET", "POST", "PUT", "PATCH"]
    } else {
        &["GET"]
    };
    links.own(turn, &own, allow);
    links.plain("about", turn.href("/wp/v2/types/wp_global_styles"));
    let href = turn.href(&format!("{own}/revisions"));
    links.add("version-history", href, json!({"count": count}));
    if edits {
        links.plain("wp:action-publish", turn.href(&own));
        if turn.can("unfiltered_html") {
            links.plain("wp:action-edit-css", turn.href(&own));
        }
    }
    Ok(json!({
        "id": row.id,
        "styles": part(row, "styles"),
        "settings": part(row, "settings"),
        "title": {"raw": row.title, "rendered": row.title},
        "_links": links.value(),
    }))
}

/// What the site's changes to its theme were before.
struct Versions;

impl Resource for Versions {
    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let parent = styles_of(turn, request).await?;
            let types = turn.types();
            if turn.actor().may(Verb::Update, &parent, None, &types).is_ok() {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to view revisions of this post.";
            Err(turn.refusal("rest_cannot_read", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let parent = styles_of(turn, request).await?;
            let all = items::versions(&mut turn.conn, parent.id).await?;
            if deed == Deed::Get {
                let id = ItemId(request.int("id").unwrap_or(0));
                let found = all.iter().find(|version| version.id == id);
                let unknown = || Failure::new(404, "rest_post_invalid_id", "Invalid revision ID.");
                return Ok(Reply::ok(version_shown(turn, found.ok_or_else(unknown)?)));
            }
            let (some, total, per_page) = gp_rest::versions::chosen(all, request)?;
            let data = some.iter().map(|version| version_shown(turn, version)).collect();
            let route = format!("/wp/v2/global-styles/{}/revisions", parent.id);
            Ok(listing::paged(turn, request, data, total, per_page, &route))
        })
    }
}

async fn styles_of(turn: &mut Turn, request: &Request) -> Outcome<Item> {
    let found = items::by_id(&mut turn.conn, ItemId(request.int("parent").unwrap_or(0))).await?;
    let found = found.filter(|item| item.kind == "wp_global_styles");
    found.ok_or_else(|| Failure::new(404, "rest_post_invalid_parent", "Invalid post parent ID."))
}

fn version_shown(turn: &Turn, version: &Item) -> Value {
    let moment = |stored: &str| gp_rest::shown_date(stored);
    let gmt = |gmt: &str, local: &str| gp_rest::shown_gmt(gmt, local, &turn.site.zone);
    json!({
        "settings": part(version, "settings"),
        "styles": part(version, "styles"),
        "author": version.author,
        "date": moment(&version.date),
        "date_gmt": gmt(&version.date_gmt, &version.date),
        "id": version.id,
        "modified": moment(&version.modified),
        "modified_gmt": gmt(&version.modified_gmt, &version.modified),
        "parent": version.parent,
    })
}

/// `var:preset|color|base` as CSS has it.
fn written_out(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix("var:") {
            Some(path) => format!("var(--wp--{})", path.replace('|', "--")).into(),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(written_out).collect(),
        Value::Object(members) => members.iter().map(|(name, v)| (name.clone(), written_out(v))).collect(),
        other => other.clone(),
    }
}

async fn update(turn: &mut Turn, request: &Request) -> Answer {
    let row = row(turn, request).await?;
    let mut config: Value = serde_json::from_str(&row.content).unwrap_or_else(|_| json!({}));
    if !config.is_object() {
        config = json!({});
    }
    for name in ["styles", "settings"] {
        if let Some(value) = request.param(name) {
            let value = if value.is_object() { value.clone() } else { json!({}) };
            config[name] = value;
        }
    }
    let css = config
        .pointer("/styles/css")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if css.contains("</") || css.contains("<!--") {
        let message = "Markup is not allowed in CSS.";
        return Err(Failure::new(400, "rest_custom_css_illegal_markup", message));
    }
    if !css.is_empty() && !turn.can("unfiltered_html") {
        return Err(turn.refusal("rest_cannot_edit_css", "Sorry, you are not allowed to edit custom CSS."));
    }
    config["version"] = 3.into();
    config["isGlobalStylesUserThemeJSON"] = true.into();
    let types = turn.types();
    let grant = turn.actor().may(Verb::Update, &row, None, &types)?;
    let changes = Changes {
        content: Some(config.to_string()),
        ..Changes::default()
    };
    let row = actions::update(&mut turn.act(), &grant, row.id, changes).await?;
    Ok(Reply::ok(row_shown(turn, &row).await?))
}

/// The theme in use; others are not opened for this.
fn of_theme(turn: &Turn, request: &Request, deed: Deed) -> Answer {
    let name = request.text("stylesheet").unwrap_or_default();
    let theme = turn.app.renderer.theme(&turn.site);
    if theme.name != name {
        return Err(Failure::new(404, "rest_theme_not_found", "Theme not found."));
    }
    let own = json!({"self": [{"href": turn.href(&format!("/wp/v2/global-styles/themes/{name}"))}]});
    if deed == Deed::Other("variations") {
        let all = theme.variations.iter().map(|(name, variation)| {
            let mut variation = variation.clone();
            if variation.get("title").is_none() && variation.is_object() {
                variation["title"] = name.as_str().into();
            }
            variation
        });
        return Ok(Reply::ok(Value::Array(all.collect())));
    }
    let nothing = json!({});
    let (settings, styles) = (theme.settings(&nothing), theme.styles());
    Ok(Reply::ok(
        json!({"settings": settings, "styles": styles, "_links": own}),
    ))
}

/// The row that an editor needs before anything is changed, in a transaction of its own: asking for themes only reads.
async fn first_styles(turn: &mut Turn, theme: &str) -> Outcome<ItemId> {
    turn.conn.give_back();
    let mut tx = turn.app.db.write().await?;
    let mut act = actions::Act {
        tx: &mut tx,
        types: &turn.app.types,
        now: turn.now,
        zone: turn.site.zone.clone(),
    };
    let row = user_styles(&mut act, theme).await?;
    tx.commit().await?;
    turn.conn = turn.app.db.read().await?;
    Ok(row)
}

/// The row of the site's changes to a theme, made where there is none.
async fn user_styles(act: &mut actions::Act<'_>, theme: &str) -> gp_kernel::Result<ItemId> {
    let name = format!("wp-global-styles-{}", gp_markup::text::sanitize_title(theme));
    let known = items::by_name(act.tx, &name, &["wp_global_styles"]).await?;
    if let Some(row) = known.into_iter().rfind(|row| row.status == "publish") {
        return Ok(row.id);
    }
    let system = gp_content::Actor::system();
    let new = Item {
        kind: "wp_global_styles".to_owned(),
        status: "publish".to_owned(),
        title: "Custom Styles".to_owned(),
        name,
        content: "{\"version\":3,\"isGlobalStylesUserThemeJSON\":true}".to_owned(),
        ..Item::default()
    };
    let grant = system.may(Verb::Publish, &new, None, act.types)?;
    let made = actions::create(act, &grant, new).await?;
    let grant = system.may(Verb::Update, &made, None, act.types)?;
    let known = terms::by_slug(act.tx, "wp_theme", theme).await?.into_iter().next();
    let term = match known {
        Some(term) => term,
        None => {
            let options = system.may_manage(Verb::SetOption)?;
            let wanted = gp_content::Term {
                taxonomy: "wp_theme".to_owned(),
                name: theme.to_owned(),
                slug: theme.to_owned(),
                ..gp_content::Term::default()
            };
            actions::ensure_term(act, &options, wanted).await?
        }
    };
    actions::set_terms(act, &grant, made.id, "wp_theme", &[term.id]).await?;
    Ok(made.id)
}

struct Themes;

impl Resource for Themes {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if turn.can("switch_themes") || turn.can("edit_posts") {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to view the active theme.";
            Err(turn.refusal("rest_cannot_view_active_theme", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let shown = theme_shown(turn).await?;
            match deed {
                Deed::Get if request.text("stylesheet") != shown["stylesheet"].as_str() => {
                    Err(Failure::new(404, "rest_theme_not_found", "Theme not found."))
                }
                Deed::Get => Ok(Reply::ok(shown)),
                _ => {
                    let wanted = request.texts("status");
                    let active = wanted.is_empty() || wanted.iter().any(|status| status == "active");
                    let data = if active { vec![shown] } else { Vec::new() };
                    let count = data.len().to_string();
                    Ok(Reply::ok(Value::Array(data))
                        .with("x-wp-total", count.clone())
                        .with("x-wp-totalpages", count))
                }
            }
        })
    }
}

/// What WordPress says every block theme has.
fn supports() -> Value {
    let all: Map<String, Value> = [
        "align-wide",
        "automatic-feed-links",
        "block-templates",
        "block-template-parts",
        "custom-background",
        "custom-header",
        "custom-logo",
        "customize-selective-refresh-widgets",
        "dark-editor-style",
        "disable-custom-colors",
        "disable-custom-font-sizes",
        "disable-custom-gradients",
        "disable-layout-styles",
        "editor-color-palette",
        "editor-font-sizes",
        "editor-gradient-presets",
        "editor-spacing-sizes",
        "editor-styles",
        "html5",
        "formats",
        "post-thumbnails",
        "responsive-embeds",
        "title-tag",
        "wp-block-styles",
    ]
    .into_iter()
    .map(|name| {
        let value = match name {
            "automatic-feed-links" | "block-templates" | "editor-styles" | "post-thumbnails" | "responsive-embeds" => {
                true.into()
            }
            "html5" => json!([
                "comment-form",
                "comment-list",
                "search-form",
                "gallery",
                "caption",
                "style",
                "script"
            ]),
            "formats" => json!(["standard"]),
            _ => false.into(),
        };
        (name.to_owned(), value)
    })
    .collect();
    Value::Object(all)
}

async fn theme_shown(turn: &mut Turn) -> Outcome<Value> {
    let theme = turn.app.renderer.theme(&turn.site);
    let header = |name: &str| theme.header(name).unwrap_or_default();
    let text = |name: &str| json!({"raw": header(name), "rendered": header(name)});
    let author = match (header("Author"), header("Author URI")) {
        (name, address) if !name.is_empty() && !address.is_empty() => {
            let (href, name) = (gp_markup::text::esc_url(&address), gp_markup::text::esc_html(&name));
            format!("<a href=\"{href}\">{name}</a>")
        }
        (name, _) => name,
    };
    let tags = header("Tags");
    let tags: Vec<&str> = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect();
    let name = format!("wp-global-styles-{}", gp_markup::text::sanitize_title(&theme.name));
    let known = items::by_name(&mut turn.conn, &name, &["wp_global_styles"]).await?;
    let mut row = known.into_iter().rfind(|row| row.status == "publish").map(|row| row.id);
    if row.is_none() && turn.can("edit_theme_options") {
        row = Some(first_styles(turn, &theme.name).await?);
    }
    let mut links = Links::default();
    links.own(turn, &format!("/wp/v2/themes/{}", theme.name), &["GET"]);
    links.plain("collection", turn.href("/wp/v2/themes"));
    if let Some(row) = row {
        links.plain(
            "wp:user-global-styles",
            turn.href(&format!("/wp/v2/global-styles/{row}")),
        );
    }
    Ok(json!({
        "stylesheet": theme.name,
        "template": turn.site.template,
        "stylesheet_uri": turn.url(&format!("/wp-content/themes/{}", theme.name)),
        "template_uri": turn.url(&format!("/wp-content/themes/{}", turn.site.template)),
        "requires_php": header("Requires PHP"),
        "requires_wp": header("Requires at least"),
        "textdomain": header("Text Domain"),
        "version": header("Version"),
        "screenshot": "",
        "author": {"raw": header("Author"), "rendered": author},
        "author_uri": text("Author URI"),
        "description": text("Description"),
        "name": {"raw": theme.title(), "rendered": theme.title()},
        "tags": {"raw": tags, "rendered": tags.join(", ")},
        "theme_uri": text("Theme URI"),
        "status": "active",
        "is_block_theme": true,
        "theme_supports": supports(),
        "default_template_types": hierarchy::templates(),
        "default_template_part_areas": hierarchy::areas(),
        "_links": links.value(),
    }))
}

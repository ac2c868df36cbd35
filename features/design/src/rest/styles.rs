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
    Answer, Deed, EDIT, Failure, Links, Outcome, READ, Reply, Request, Resource, Route, Turn,
    schema::{context, members},
};
use serde_json::{Map, Value, json};

use super::templates;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let styles: Arc<dyn Resource> = Arc::new(Styles);
    let themes: Arc<dyn Resource> = Arc::new(Themes);
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let named = || members(json!({"stylesheet": {"description": "The theme identifier", "type": "string"}}));
    let write = members(json!({
        "id": {"type": "integer"},
        "styles": {"description": "Global styles.", "type": ["object"], "unchecked": true},
        "settings": {"description": "Global settings.", "type": ["object"], "unchecked": true},
        "title": {"description": "Title of the global styles variation.", "type": ["object", "string"], "unchecked": true},
    }));
    let theme = "[^\\/:<>\\*\\?\"\\|]+(?:\\/[^\\/:<>\\*\\?\"\\|]+)?";
    let mut list = Map::new();
    list.insert(
        "status".to_owned(),
        json!({"description": "Limit result set to themes assigned one or more statuses.", "type": "array",
            "items": {"enum": ["active", "inactive"], "type": "string"}}),
    );
    vec![
        Route::new(
            "wp/v2",
            "/global-styles/themes/(?P<stylesheet>[\\/\\s%\\w\\.\\(\\)\\[\\]\\@_\\-]+)/variations",
            styles.clone(),
        )
        .on(READ, Deed::Other("variations"), named()),
        Route::new(
            "wp/v2",
            &format!("/global-styles/themes/(?P<stylesheet>{theme})"),
            styles.clone(),
        )
        .on(READ, Deed::Other("theme"), named()),
        Route::new("wp/v2", "/global-styles/(?P<id>[\\/\\d+]+)", styles)
            .on(READ, Deed::Get, members(json!({"id": {"type": "integer"}})))
            .on(EDIT, Deed::Update, write),
        Route::new("wp/v2", "/themes", themes.clone()).on(READ, Deed::List, list),
        Route::new("wp/v2", &format!("/themes/(?P<stylesheet>{theme})"), themes).on(READ, Deed::Get, {
            let mut args = named();
            args.extend(shown());
            args
        }),
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
                    Ok(Reply::ok(row_shown(turn, &row)))
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

fn row_shown(turn: &Turn, row: &Item) -> Value {
    let config: Value = serde_json::from_str(&row.content).unwrap_or_default();
    // PHP writes an empty map as a list; clients take either for nothing.
    let part = |name: &str| match config.get(name) {
        Some(Value::Object(members)) if !members.is_empty() => written_out(&json!(members)),
        _ => json!({}),
    };
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
    if edits {
        links.plain("wp:action-publish", turn.href(&own));
        if turn.can("unfiltered_html") {
            links.plain("wp:action-edit-css", turn.href(&own));
        }
    }
    json!({
        "id": row.id,
        "styles": part("styles"),
        "settings": part("settings"),
        "title": {"raw": row.title, "rendered": row.title},
        "_links": links.value(),
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
    Ok(Reply::ok(row_shown(turn, &row)))
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
    let mut tx = turn.app.db.write().await?;
    let mut act = actions::Act {
        tx: &mut tx,
        types: &turn.app.types,
        now: turn.now,
        zone: turn.site.zone.clone(),
    };
    let row = user_styles(&mut act, theme).await?;
    tx.commit().await?;
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

async fn theme_shown(turn: &mut Turn) -> Outcome<Value> {
    let theme = turn.app.renderer.theme(&turn.site);
    let header = |name: &str| theme.header(name).unwrap_or_default();
    let text = |name: &str| json!({"raw": header(name), "rendered": header(name)});
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
    let areas = [
        ("uncategorized", "General", "layout", "div"),
        ("header", "Header", "header", "header"),
        ("footer", "Footer", "footer", "footer"),
    ];
    let areas: Vec<Value> = areas
        .iter()
        .map(|(area, label, icon, tag)| json!({"area": area, "label": label, "description": "", "icon": icon, "area_tag": tag}))
        .collect();
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
        "author": text("Author"),
        "author_uri": text("Author URI"),
        "description": text("Description"),
        "name": {"raw": theme.title(), "rendered": theme.title()},
        "tags": {"raw": [], "rendered": ""},
        "theme_uri": text("Theme URI"),
        "status": "active",
        "is_block_theme": true,
        "theme_supports": {
            "align-wide": true, "automatic-feed-links": true, "block-templates": true, "block-template-parts": true,
            "editor-styles": true, "formats": ["standard"], "html5": [], "post-thumbnails": true,
            "responsive-embeds": true, "title-tag": true, "wp-block-styles": true,
        },
        "default_template_types": templates::named_templates(),
        "default_template_part_areas": areas,
        "_links": links.value(),
    }))
}

//! `font-families` and their faces: fonts that the site keeps itself.
//!
//! A font is told by its first bytes, not by its name. What must never be here: a font that is fetched from elsewhere.

use std::{io::Read as _, sync::Arc};

use futures_util::future::BoxFuture;
use gp_content::{Item, ItemQuery, Order, Verb, actions, items};
use gp_kernel::ItemId;
use gp_markup::text::{sanitize_file_name, sanitize_title};
use gp_rest::{
    Answer, Deed, EDIT, Failure, Links, MAKE, Outcome, READ, REMOVE, Reply, Request, Resource, Route, Turn, Upload,
    schema::{by_ids, context, force, id, joined, members, ordering, paging},
};
use serde_json::{Map, Value, json};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let families: Arc<dyn Resource> = Arc::new(Fonts { faces: false });
    let faces: Arc<dyn Resource> = Arc::new(Fonts { faces: true });
    let version = json!({"description": "Version of the theme.json schema used for the typography settings.",
        "type": "integer", "default": 3, "minimum": 2, "maximum": 3});
    let settings = |name: &str, description: &str| {
        let mut out = members(json!({ "theme_json_version": version }));
        out.insert(
            name.to_owned(),
            json!({"description": description, "type": "string", "required": true}),
        );
        out
    };
    let list = || {
        let mut out = paging();
        out.remove("search");
        out.extend(by_ids());
        out.extend(members(json!({
            "search_semantics": {"description": "How to interpret the search input.", "type": "string",
                "enum": ["exact"]},
            "offset": {"description": "Offset the result set by a specific number of items.", "type": "integer"},
        })));
        out.extend(ordering("desc", "id", "post", &["id", "include"]));
        out
    };
    let named = members(json!({"slug": {"type": "array", "items": {"type": "string"},
        "description": "Limit result set to posts with one or more specific slugs."}}));
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let gone = || force("Whether to bypass Trash and force deletion.");
    let family = || {
        members(
            json!({"font_family_id": {"description": "The ID for the parent font family of the font face.",
        "type": "integer", "required": true}}),
        )
    };
    let one = || id("Unique identifier for the post.");
    let face = || {
        members(
            json!({"id": {"description": "Unique identifier for the font face.", "type": "integer",
            "required": true}}),
        )
    };
    vec![
        Route::new("wp/v2", "/font-families", families.clone())
            .on(READ, Deed::List, joined([list(), named]))
            .on(
                MAKE,
                Deed::Create,
                settings(
                    "font_family_settings",
                    "font-family declaration in theme.json format, encoded as a string.",
                ),
            ),
        Route::new("wp/v2", "/font-families/(?P<id>[\\d]+)", families)
            .on(READ, Deed::Get, joined([one(), shown()]))
            .on(
                EDIT,
                Deed::Update,
                joined([
                    one(),
                    settings(
                        "font_family_settings",
                        "font-family declaration in theme.json format, encoded as a string.",
                    ),
                ]),
            )
            .on(REMOVE, Deed::Delete, joined([one(), gone()])),
        Route::new(
            "wp/v2",
            "/font-families/(?P<font_family_id>[\\d]+)/font-faces",
            faces.clone(),
        )
        .on(READ, Deed::List, joined([family(), list()]))
        .on(
            MAKE,
            Deed::Create,
            joined([
                family(),
                settings(
                    "font_face_settings",
                    "font-face declaration in theme.json format, encoded as a string.",
                ),
            ]),
        ),
        Route::new(
            "wp/v2",
            "/font-families/(?P<font_family_id>[\\d]+)/font-faces/(?P<id>[\\d]+)",
            faces,
        )
        .on(READ, Deed::Get, joined([family(), face(), shown()]))
        .on(REMOVE, Deed::Delete, joined([family(), face(), gone()])),
    ]
}

struct Fonts {
    faces: bool,
}

fn unknown() -> Box<Failure> {
    Failure::new(404, "rest_post_invalid_id", "Invalid post ID.")
}

impl Resource for Fonts {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if turn.can("edit_theme_options") {
                return Ok(());
            }
            let code = match deed {
                Deed::Create => "rest_cannot_create",
                Deed::Delete => "rest_cannot_delete",
                Deed::Update => "rest_cannot_edit",
                _ => "rest_cannot_read",
            };
            Err(turn.refusal(code, "Sorry, you are not allowed to access font families."))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => self.list(turn, request).await,
                Deed::Create if self.faces => create_face(turn, request).await,
                Deed::Create => create_family(turn, request).await,
                Deed::Delete => self.delete(turn, request).await,
                Deed::Update => self.update(turn, request).await,
                _ => {
                    let item = self.by_id(turn, request).await?;
                    Ok(Reply::ok(shown(turn, &item).await?))
                }
            }
        })
    }
}

/// The family of a route.
async fn family(turn: &mut Turn, request: &Request) -> Outcome<Item> {
    let found = items::by_id(&mut turn.conn, ItemId(request.int("font_family_id").unwrap_or(0))).await?;
    let found = found.filter(|item| item.kind == "wp_font_family");
    found.ok_or_else(|| Failure::new(404, "rest_post_invalid_parent", "Invalid post parent ID."))
}

impl Fonts {
    fn kind(&self) -> &'static str {
        if self.faces { "wp_font_face" } else { "wp_font_family" }
    }

    async fn by_id(&self, turn: &mut Turn, request: &Request) -> Outcome<Item> {
        let found = items::by_id(&mut turn.conn, ItemId(request.int("id").unwrap_or(0))).await?;
        let item = found.filter(|item| item.kind == self.kind()).ok_or_else(unknown)?;
        if self.faces && item.parent != family(turn, request).await?.id {
            return Err(unknown());
        }
        Ok(item)
    }

    async fn list(&self, turn: &mut Turn, request: &Request) -> Answer {
        let types = turn.types();
        let kind = types.get(self.kind()).ok_or_else(unknown)?;
        // As WordPress lists them: the faces of every family. Each says whose it is.
        if self.faces {
            family(turn, request).await?;
        }
        let per_page = usize::try_from(request.int("per_page").unwrap_or(10)).unwrap_or(10);
        let page = usize::try_from(request.int("page").unwrap_or(1)).unwrap_or(1);
        let offset = request.int("offset").and_then(|offset| usize::try_from(offset).ok());
        let ids = |name: &str| request.ints(name).into_iter().map(ItemId).collect::<Vec<_>>();
        let include = ids("include");
        let query = ItemQuery {
            types: vec![kind.name.to_owned()],
            shelves: Some(turn.scope.at_work(kind, &["publish"])),
            names: request.texts("slug"),
            ids: (!include.is_empty()).then_some(include),
            without_ids: ids("exclude"),
            order: match request.text("order") {
                Some("asc") => Order::Id,
                _ => Order::IdDown,
            },
            offset: offset.unwrap_or(page.saturating_sub(1).saturating_mul(per_page)),
            limit: per_page,
            ..ItemQuery::default()
        };
        let found = items::list(&mut turn.conn, &turn.scope, &query).await?;
        let mut data = Vec::new();
        for item in &found.items {
            data.push(shown(turn, item).await?);
        }
        let total = usize::try_from(found.total).unwrap_or(0);
        Ok(Reply::ok(Value::Array(data))
            .with("x-wp-total", total.to_string())
            .with("x-wp-totalpages", total.div_ceil(per_page.max(1)).to_string()))
    }

    /// A family has other settings from now on; its slug is what it is known by, and stays.
    async fn update(&self, turn: &mut Turn, request: &Request) -> Answer {
        let item = self.by_id(turn, request).await?;
        let name = "font_family_settings";
        let sent = settings(request, name)?;
        if sent.contains_key("slug") {
            let message = "font_family_settings[slug] cannot be updated.";
            return Err(Failure::param(name, "rest_invalid_param", message));
        }
        let text = |key: &str| sent.get(key).and_then(Value::as_str).map(|v| v.trim().to_owned());
        for key in ["name", "fontFamily"] {
            if text(key).is_some_and(|value| value.is_empty()) {
                let message = format!("{name}[{key}] cannot be empty.");
                return Err(Failure::param(name, "rest_invalid_param", &message));
            }
        }
        let mut content: Value = serde_json::from_str(&item.content).unwrap_or_else(|_| json!({}));
        for key in ["fontFamily", "preview"] {
            if let Some(value) = text(key) {
                content[key] = value.into();
            }
        }
        let types = turn.types();
        let grant = turn.actor().may(Verb::Update, &item, None, &types)?;
        let changes = actions::Changes {
            title: text("name"),
            content: Some(content.to_string()),
            ..actions::Changes::default()
        };
        let item = actions::update(&mut turn.act(), &grant, item.id, changes).await?;
        Ok(Reply::ok(shown(turn, &item).await?))
    }

    async fn delete(&self, turn: &mut Turn, request: &Request) -> Answer {
        let item = self.by_id(turn, request).await?;
        if !request.flag("force") {
            let message = "Font faces do not support trashing. Set 'force=true' to delete.";
            return Err(Failure::new(501, "rest_trash_not_supported", message));
        }
        let previous = shown(turn, &item).await?;
        let types = turn.types();
        let faces = items::children(&mut turn.conn, item.id, "wp_font_face").await?;
        for one in faces.iter().chain([&item]) {
            let grant = turn.actor().may(Verb::Delete, one, None, &types)?;
            actions::delete(&mut turn.act(), &grant, one.id).await?;
        }
        Ok(Reply::deleted(previous))
    }
}

async fn shown(turn: &mut Turn, item: &Item) -> Outcome<Value> {
    let settings: Value = serde_json::from_str(&item.content).unwrap_or_else(|_| json!({}));
    let mut links = Links::default();
    let all = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    if item.kind == "wp_font_face" {
        let base = format!("/wp/v2/font-families/{}", item.parent);
        links.own(turn, &format!("{base}/font-faces/{}", item.id), &all);
        links.plain("collection", turn.href(&format!("{base}/font-faces")));
        links.plain("parent", turn.href(&base));
        return Ok(json!({"id": item.id, "theme_json_version": 3, "parent": item.parent,
            "font_face_settings": settings, "_links": links.value()}));
    }
    let faces = items::children(&mut turn.conn, item.id, "wp_font_face").await?;
    let mut faces: Vec<i64> = faces.iter().map(|face| face.id.0).collect();
    faces.sort_unstable();
    links.own(turn, &format!("/wp/v2/font-families/{}", item.id), &all);
    links.plain("collection", turn.href("/wp/v2/font-families"));
    for face in &faces {
        let href = turn.href(&format!("/wp/v2/font-families/{}/font-faces/{face}", item.id));
        links.embeddable("font_faces", href);
    }
    let text = |name: &str| settings.get(name).and_then(Value::as_str).unwrap_or_default();
    Ok(json!({
        "id": item.id,
        "theme_json_version": 3,
        "font_faces": faces,
        "font_family_settings": {"name": item.title, "slug": item.name, "fontFamily": text("fontFamily"),
            "preview": text("preview")},
        "_links": links.value(),
    }))
}

/// Settings that came as a text of JSON.
fn settings(request: &Request, name: &str) -> Outcome<Map<String, Value>> {
    let text = request.text(name).unwrap_or_default();
    match serde_json::from_str(text) {
        Ok(Value::Object(settings)) => Ok(settings),
        _ => {
            let message = format!("{name} parameter must be a valid JSON string.");
            Err(Failure::param(name, "rest_invalid_param", &message))
        }
    }
}

async fn create_family(turn: &mut Turn, request: &Request) -> Answer {
    let name = "font_family_settings";
    let settings = settings(request, name)?;
    let text = |key: &str| {
        settings
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    for key in ["name", "slug", "fontFamily"] {
        if text(key).is_empty() {
            let message = format!("{name}[{key}] cannot be empty.");
            return Err(Failure::param(name, "rest_invalid_param", &message));
        }
    }
    let slug = sanitize_title(&text("slug"));
    let known = items::by_name(&mut turn.conn, &slug, &["wp_font_family"]).await?;
    if known.iter().any(|item| item.status == "publish") {
        let message = format!("A font family with slug \"{slug}\" already exists.");
        return Err(Failure::new(400, "rest_duplicate_font_family", message));
    }
    let content = json!({"fontFamily": text("fontFamily"), "preview": text("preview")});
    let new = Item {
        kind: "wp_font_family".to_owned(),
        status: "publish".to_owned(),
        title: text("name"),
        name: slug,
        content: content.to_string(),
        author: turn.actor().user(),
        ..Item::default()
    };
    let types = turn.types();
    let grant = turn.actor().may(Verb::Publish, &new, None, &types)?;
    let made = actions::create(&mut turn.act(), &grant, new).await?;
    let location = turn.href(&format!("/wp/v2/font-families/{}", made.id));
    Ok(Reply::created(shown(turn, &made).await?, location))
}

/// A font by its first bytes: ending and media type.
fn kind_of(upload: &Upload) -> Option<(&'static str, &'static str)> {
    let mut head = [0; 4];
    std::fs::File::open(upload.bytes.path())
        .ok()?
        .read_exact(&mut head)
        .ok()?;
    match &head {
        b"wOF2" => Some(("woff2", "font/woff2")),
        b"wOFF" => Some(("woff", "font/woff")),
        b"OTTO" => Some(("otf", "application/vnd.ms-opentype")),
        [0, 1, 0, 0] | b"true" => Some(("ttf", "font/sfnt")),
        _ => None,
    }
}

/// What tells one face from another.
fn identity(settings: &Map<String, Value>) -> String {
    let text = |name: &str, default: &str| {
        let value = settings.get(name).and_then(Value::as_str).unwrap_or(default);
        value.replace(['"', '\''], "").trim().to_lowercase()
    };
    let weight = match text("fontWeight", "400").as_str() {
        "normal" => "400".to_owned(),
        "bold" => "700".to_owned(),
        other => other.to_owned(),
    };
    format!(
        "{};{};{weight};{};{}",
        text("fontFamily", ""),
        text("fontStyle", "normal"),
        text("fontStretch", "100%").replace("normal", "100%"),
        text("unicodeRange", "U+0-10FFFF").to_uppercase()
    )
}

async fn create_face(turn: &mut Turn, request: &Request) -> Answer {
    let family = family(turn, request).await?;
    let name = "font_face_settings";
    let mut settings = settings(request, name)?;
    if settings
        .get("fontFamily")
        .and_then(Value::as_str)
        .is_none_or(str::is_empty)
    {
        let message = format!("{name}[fontFamily] cannot be empty.");
        return Err(Failure::param(name, "rest_invalid_param", &message));
    }
    let title = identity(&settings);
    let slug = sanitize_title(&title);
    let known = items::by_name(&mut turn.conn, &slug, &["wp_font_face"]).await?;
    if known.iter().any(|face| face.title == title) {
        let message = "A font face matching those settings already exists.";
        return Err(Failure::new(400, "rest_duplicate_font_face", message));
    }
    let new = Item {
        kind: "wp_font_face".to_owned(),
        status: "publish".to_owned(),
        title,
        name: slug,
        parent: family.id,
        author: turn.actor().user(),
        ..Item::default()
    };
    let types = turn.types();
    let grant = turn.actor().may(Verb::Publish, &new, None, &types)?;
    let made = actions::create(&mut turn.act(), &grant, new).await?;
    let grant = turn.actor().may(Verb::Update, &made, None, &types)?;
    let mut kept = Vec::new();
    let mut addresses = Vec::new();
    for upload in &request.files {
        let (ending, mime) = kind_of(upload).ok_or_else(|| {
            let message = "Sorry, you are not allowed to upload this file type.";
            Failure::new(400, "rest_font_upload_invalid_file_type", message)
        })?;
        let stem = sanitize_file_name(upload.name.rsplit(['/', '\\']).next().unwrap_or_default());
        let stem = stem.rsplit_once('.').map_or(stem.as_str(), |(stem, _)| stem);
        let path = format!("fonts/{stem}-{}-{}.{ending}", made.id, kept.len());
        let (digest, size) = turn.app.blobs.put_file(upload.bytes.path()).await?;
        actions::remember_file(&mut turn.act(), &grant, made.id, &path, &digest, size, mime).await?;
        addresses.push((upload.field.clone(), turn.url(&format!("/wp-content/uploads/{path}"))));
        kept.push(path);
    }
    let source = sources(&settings, &addresses)?;
    settings.insert("src".to_owned(), source);
    let values: Vec<&[u8]> = kept
        .iter()
        .map(|path| path.strip_prefix("fonts/").unwrap_or(path).as_bytes())
        .collect();
    actions::set_meta(&mut turn.act(), &grant, made.id, "_wp_font_face_file", &values).await?;
    let changes = actions::Changes {
        content: Some(Value::Object(settings).to_string()),
        ..actions::Changes::default()
    };
    let made = actions::update(&mut turn.act(), &grant, made.id, changes).await?;
    let location = turn.href(&format!("/wp/v2/font-families/{}/font-faces/{}", family.id, made.id));
    Ok(Reply::created(shown(turn, &made).await?, location))
}

/// Where a face's bytes are: each name of a field becomes the address of its file; everything that was sent must be used.
fn sources(settings: &Map<String, Value>, sent: &[(String, String)]) -> Outcome<Value> {
    let wrong = |message: &str| Failure::param("font_face_settings", "rest_invalid_param", message);
    let listed: Vec<String> = match settings.get("src") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    if listed.is_empty() {
        return Err(wrong("font_face_settings[src] cannot be empty."));
    }
    let mut out = Vec::new();
    for source in &listed {
        match sent.iter().find(|(field, _)| field == source) {
            Some((_, address)) => out.push(Value::from(address.as_str())),
            None if source.starts_with("https://") || source.starts_with("http://") || source.starts_with('/') => {
                out.push(Value::from(source.as_str()));
            }
            None => return Err(wrong("font_face_settings[src] must be a valid URL or file reference.")),
        }
    }
    if let Some((field, _)) = sent.iter().find(|(field, _)| !listed.contains(field)) {
        return Err(wrong(&format!("File {field} must be used in font_face_settings[src].")));
    }
    Ok(if out.len() == 1 {
        out.remove(0)
    } else {
        Value::Array(out)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_is_told_by_what_it_looks_like() {
        let settings = members(json!({"fontFamily": "\"Open Sans\"", "fontWeight": "bold"}));
        assert_eq!(identity(&settings), "open sans;normal;700;100%;U+0-10FFFF");
    }

    #[test]
    fn every_file_is_used_and_every_source_is_known() {
        let sent = [("file-0".to_owned(), "http://x/a.woff2".to_owned())];
        let of = |src: Value| sources(&members(json!({ "src": src })), &sent);
        assert_eq!(of(json!("file-0")).unwrap(), "http://x/a.woff2");
        assert!(
            of(json!("https://elsewhere/a.woff2")).is_err(),
            "the file that was sent is not used"
        );
        assert!(of(json!(["file-0", "nonsense"])).is_err());
    }
}

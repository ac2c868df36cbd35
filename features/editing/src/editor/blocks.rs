//! The block editor: a page with the item, its settings, and answers of the API that it would ask for at its start.
//!
//! The editor itself is WordPress's, built from `editor/`. What must never be here: a rule that the API does not know.

use axum::http::Method;
use gp_admin::{Desk, Page, html};
use gp_content::{Item, ItemQuery, Order, Verb, actions, items};
use gp_kernel::Result;
use gp_rest::Request;
use serde_json::{Map, Value, json};

use super::Subject;
use crate::{ajax, kinds};

/// What names the files of the editor, among the assets.
const MANIFEST: &str = "editor/manifest.json";
/// What the page may load: its own scripts and the frame of the text; pictures that stand in a text, wherever they are.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; \
    media-src 'self' blob: https:; font-src 'self' data:; connect-src 'self'; frame-src 'self' blob:; worker-src 'self' blob:; \
    form-action 'self'; base-uri 'self'; frame-ancestors 'none'";
/// Largest file that may be sent, in bytes.
const LARGEST: i64 = 512 << 20;

/// The files of the editor: script, its styles, the styles of the frame in which the text is written.
struct Files {
    script: String,
    styles: Vec<String>,
    canvas: Vec<String>,
}

fn files(desk: &Desk) -> Option<Files> {
    let manifest: Value = serde_json::from_slice(desk.app.assets.get(MANIFEST)?).ok()?;
    let styles = |entry: &Value| -> Vec<String> {
        let all = entry["css"].as_array().into_iter().flatten();
        all.filter_map(Value::as_str)
            .map(|name| format!("editor/{name}"))
            .collect()
    };
    let main = &manifest["src/main.js"];
    Some(Files {
        script: format!("editor/{}", main["file"].as_str()?),
        styles: styles(main),
        canvas: styles(&manifest["src/canvas.js"]),
    })
}

/// Whether the block editor is built in.
pub(super) fn are_there(desk: &Desk) -> bool {
    desk.app.assets.get(MANIFEST).is_some()
}

/// The editor as a page.
pub(super) async fn shown(desk: &Desk, subject: &Subject) -> Result<Option<Page>> {
    let Some(files) = files(desk) else { return Ok(None) };
    let item = match &subject.item {
        Some(item) => item.clone(),
        None => begun(desk, subject).await?,
    };
    let mut conn = desk.read().await?;
    let other = ajax::other_editor(&mut conn, desk, item.id).await?;
    drop(conn);
    let lock = match &other {
        None => ajax::take(desk, &item).await?,
        Some(_) => String::new(),
    };
    let preload = preload(desk, subject, &item).await?;
    let told = json!({
        "root": "/wp-json/",
        "nonce": desk.nonce(),
        "nonceAddress": "/wp-admin/admin-ajax.php?action=rest-nonce",
        "heartbeat": "/wp-admin/admin-ajax.php",
        "postType": subject.kind.name,
        "postId": id_of(desk, &item),
        "documents": subject.is_document(),
        "settings": settings(desk, subject, &item, &files, &preload, other.as_deref(), &lock),
        "preload": preload,
        "locale": null,
        "dateSettings": dates(desk),
    });
    // In a script element only the way out of it has to be closed.
    let told = told.to_string().replace('<', "\\u003c");
    let plain = format!("/wp-admin/post.php?post={}&action=edit&plain=1", item.id);
    let plain = gp_markup::text::esc_attr(&plain);
    let body = format!(
        "<div id=\"editor\" class=\"block-editor\"></div>\n<script type=\"application/json\" id=\"guidepost-editor\">{told}</script>\n\
         <noscript>{}</noscript>",
        html::note_html(
            html::Note::Know,
            &format!(
                "The block editor needs a script, and your browser runs none. <a href=\"{plain}\">Use the plain editor</a>, which can do the same."
            )
        )
    );
    Ok(Some(Page {
        bare: true,
        scripts: vec![files.script],
        styles: files.styles,
        policy: Some(POLICY.to_owned()),
        ..Page::new(format!("Edit: {}", kinds::title(&item)), body)
    }))
}

/// Templates are known by their theme and slug, everything else by its number.
fn id_of(desk: &Desk, item: &Item) -> Value {
    match item.kind.as_str() {
        "wp_template" | "wp_template_part" => format!("{}//{}", desk.site.stylesheet, item.name).into(),
        _ => item.id.0.into(),
    }
}

/// A new item without a word in it: one that was begun and left before, else another. It is in no list until it is saved.
async fn begun(desk: &Desk, subject: &Subject) -> Result<Item> {
    let kind = &subject.kind;
    let query = ItemQuery {
        types: vec![kind.name.to_owned()],
        shelves: Some(desk.scope.at_work(kind, &["auto-draft"])),
        authors: vec![desk.actor().user()],
        order: Order::IdDown,
        limit: 5,
        ..ItemQuery::default()
    };
    let mut conn = desk.read().await?;
    let left = items::some(&mut conn, &desk.scope, &query).await?;
    drop(conn);
    let empty = |item: &&Item| item.content.is_empty() && item.excerpt.is_empty();
    if let Some(item) = left.iter().find(empty) {
        return Ok(item.clone());
    }
    let new = Item {
        kind: kind.name.to_owned(),
        author: desk.actor().user(),
        status: "auto-draft".to_owned(),
        title: "Auto Draft".to_owned(),
        ..Item::default()
    };
    let grant = desk.actor().may(Verb::Create, &new, None, &desk.app.types)?;
    let mut tx = desk.app.db.write().await?;
    let item = actions::create(&mut desk.act(&mut tx), &grant, new).await?;
    tx.commit().await?;
    Ok(item)
}

/// What the editor asks for at its start, answered already.
async fn preload(desk: &Desk, subject: &Subject, item: &Item) -> Result<Map<String, Value>> {
    let base = subject.kind.rest_base.unwrap_or_default();
    let kind = subject.kind.name;
    let theme = &desk.site.stylesheet;
    let id = match id_of(desk, item) {
        Value::String(id) => id,
        id => id.to_string(),
    };
    let index = "description,gmt_offset,home,image_max_bit_depth,image_sizes,image_size_threshold,image_strip_meta,name,site_icon,\
        site_icon_url,site_logo,timezone_string,url,page_for_posts,page_on_front,show_on_front";
    let index = format!("/?_fields={}", index.replace(',', "%2C"));
    let slug = match kind {
        "page" => format!("page-{}", item.name),
        kind => format!("single-{kind}-{}", item.name),
    };
    let mut reads = vec![
        index,
        "/wp/v2/users/me".to_owned(),
        "/wp/v2/types?context=view".to_owned(),
        format!("/wp/v2/types/{kind}?context=edit"),
        "/wp/v2/taxonomies?context=view".to_owned(),
        "/wp/v2/taxonomies?context=edit".to_owned(),
        "/wp/v2/themes?context=edit&status=active".to_owned(),
        format!("/wp/v2/global-styles/themes/{theme}?context=view"),
        format!("/wp/v2/global-styles/themes/{theme}/variations?context=view"),
        "/wp/v2/block-patterns/categories".to_owned(),
        "/wp/v2/settings".to_owned(),
        "/wp/v2/templates/lookup?slug=front-page".to_owned(),
        format!("/wp/v2/templates/lookup?slug={}", html::part(&slug)),
        format!("/wp/v2/{base}/{id}?context=edit"),
        format!("/wp/v2/{base}/{id}/autosaves?context=edit"),
        format!("/wp/v2/users/{}?context=view&_fields=id,name", item.author),
    ];
    let mut known = Map::new();
    let mut styles = String::new();
    let mut at = 0;
    while at < reads.len() {
        let address = std::mem::take(&mut reads[at]);
        at += 1;
        let told = desk.ask_whole(Request::get(&address)).await?;
        let headers = told.headers();
        let Ok(reply) = told.reply else { continue };
        if address.starts_with("/wp/v2/themes?") {
            // Where the styles of the people are stands in the theme's links only.
            let href = reply.data[0]["_links"]["wp:user-global-styles"][0]["href"]
                .as_str()
                .unwrap_or_default();
            styles = href.rsplit('/').next().unwrap_or_default().to_owned();
            if !styles.is_empty() {
                reads.push(format!("/wp/v2/global-styles/{styles}?context=edit"));
                reads.push(format!("/wp/v2/global-styles/{styles}?context=view"));
            }
        }
        known.insert(address, json!({"body": reply.data, "headers": headers}));
    }
    let mut asked = vec![
        "/wp/v2/settings".to_owned(),
        "/wp/v2/media".to_owned(),
        "/wp/v2/pages".to_owned(),
        "/wp/v2/blocks".to_owned(),
        "/wp/v2/templates".to_owned(),
        format!("/wp/v2/{base}"),
    ];
    if !styles.is_empty() {
        asked.push(format!("/wp/v2/global-styles/{styles}"));
    }
    let mut options = Map::new();
    for address in asked {
        let request = Request {
            method: Method::OPTIONS,
            ..Request::get(&address)
        };
        let told = desk.ask_whole(request).await?;
        let headers = told.headers();
        if let Ok(reply) = told.reply {
            options.insert(address, json!({"body": reply.data, "headers": headers}));
        }
    }
    known.insert("OPTIONS".to_owned(), options.into());
    Ok(known)
}

/// The settings of the editor, under WordPress's names.
fn settings(
    desk: &Desk,
    subject: &Subject,
    item: &Item,
    files: &Files,
    preload: &Map<String, Value>,
    other: Option<&str>,
    lock: &str,
) -> Value {
    let theme = format!("/wp/v2/global-styles/themes/{}?context=view", desk.site.stylesheet);
    let features = preload
        .get(&theme)
        .map_or(Value::Null, |told| told["body"]["settings"].clone());
    let link = |name: &str| {
        format!(
            "<link rel=\"stylesheet\" href=\"{}\">",
            gp_markup::text::esc_attr(&desk.app.assets.address(name))
        )
    };
    let canvas: String = std::iter::once("style.css")
        .chain(files.canvas.iter().map(String::as_str))
        .map(link)
        .collect();
    let sizes: Vec<Value> = [
        ("thumbnail", "Small"),
        ("medium", "Medium"),
        ("large", "Large"),
        ("full", "As it is"),
    ]
    .iter()
    .map(|(slug, name)| json!({"slug": slug, "name": name}))
    .collect();
    json!({
        "alignWide": true,
        "supportsLayout": true,
        "supportsTemplateMode": true,
        "__experimentalFeatures": features,
        "__unstableResolvedAssets": {"styles": canvas, "scripts": ""},
        "__unstableIsBlockBasedTheme": true,
        "styles": [],
        "defaultEditorStyles": [],
        "isRTL": false,
        "imageEditing": true,
        "imageSizes": sizes,
        "imageDefaultSize": "large",
        "maxUploadFileSize": LARGEST,
        "allowedMimeTypes": mime_types(),
        "titlePlaceholder": "Title",
        "bodyPlaceholder": "Write here, or type / for a block",
        "autosaveInterval": 60,
        "localAutosaveInterval": 10,
        "richEditingEnabled": true,
        "codeEditingEnabled": true,
        "canLockBlocks": desk.can("edit_theme_options"),
        "enableCustomFields": false,
        "keepCaretInsideBlock": false,
        "availableTemplates": {"": "As its type"},
        "defaultTemplatePartAreas": [],
        "postLock": {"isLocked": other.is_some(), "user": other.map(|name| json!({"name": name, "avatar": ""})), "activePostLock": lock},
        "postLockUtils": {"nonce": desk.nonce(), "unlockNonce": desk.nonce(), "ajaxUrl": "/wp-admin/admin-ajax.php"},
        "__experimentalDiscussionSettings": {},
        "fontLibraryEnabled": desk.can("edit_theme_options"),
        "disableCustomSpacingSizes": false,
        "postId": item.id.0,
        "defaultStatus": "draft",
        "postType": subject.kind.name,
    })
}

/// The zone of the site and how it writes dates.
fn dates(desk: &Desk) -> Value {
    let now = desk.shown(desk.now);
    let hours = f64::from(now.offset().seconds()) / 3600.0;
    let name = desk.site.text("timezone_string");
    let format = |option: &str, usual: &str| match desk.site.text(option) {
        own if own.is_empty() => usual.to_owned(),
        own => own,
    };
    let (date, time) = (format("date_format", "j F Y"), format("time_format", "H:i"));
    json!({
        "timezone": {"offset": hours, "offsetFormatted": hours.to_string(), "string": name, "abbr": now.strftime("%Z").to_string()},
        "formats": {"date": date, "time": time, "datetime": format!("{date} {time}"), "datetimeAbbreviated": format!("j M Y {time}")},
    })
}

/// What may be uploaded, by endings.
fn mime_types() -> Value {
    let endings = [
        "jpg|jpeg", "png", "gif", "webp", "avif", "svg", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt",
        "ods", "odp", "csv", "txt", "rtf", "epub", "zip", "mp3", "mp4", "webm", "ogg",
    ];
    let all: Map<String, Value> = endings
        .iter()
        .map(|endings| {
            let first = endings.split('|').next().unwrap_or_default();
            let mime = gp_web::mime_of(first).split(';').next().unwrap_or_default().to_owned();
            ((*endings).to_owned(), mime.into())
        })
        .collect();
    all.into()
}

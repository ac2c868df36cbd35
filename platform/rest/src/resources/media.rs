//! `media`: files with what is said of them, uploaded as a form or as the body itself.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{ContentType, Item, Meta, Site, Verb, actions, files, items};
use gp_kernel::ItemId;
use gp_markup::text;
use gp_store::Digest;
use serde_json::{Map, Value, json};

use super::{
    facts,
    items::{
        self as things, list,
        read::{self, Around, Shown},
        schema, write,
    },
    media_made,
};
use crate::{
    fields,
    links::Links,
    php,
    reply::{Answer, Failure, Outcome, Reply},
    request::{Request, Upload},
    routes::{Deed, EDIT, MAKE, READ, REMOVE, Resource, Route},
    schema::{context, force, id, in_context, joined, members, properties, writable},
    turn::Turn,
};

/// Files.
pub(super) struct Media {
    pub kind: ContentType,
}

/// A file in the store.
pub(super) struct Kept<'a> {
    pub path: &'a str,
    pub digest: &'a Digest,
    pub size: u64,
    pub mime: &'a str,
}

const OWN: &str = include_str!("../schemas/media.json");
/// The parameters of editing a picture.
const EDITING: &str = include_str!("../schemas/media-edit.json");

/// The properties of a file.
fn all_properties(kind: &ContentType) -> Map<String, Value> {
    joined([schema::of_type(kind, &[]), properties(OWN)])
}

/// The routes.
pub(crate) fn routes(kind: &ContentType) -> Vec<Route> {
    let resource: Arc<dyn Resource> = Arc::new(Media { kind: kind.clone() });
    let properties = all_properties(kind);
    let mut args = schema::list_args(kind, &[]);
    args.extend(members(json!({
        "media_type": {"default": null, "type": "array",
            "description": "Limit result set to attachments of a particular media type or media types.",
            "items": {"type": "string", "enum": ["image", "video", "text", "application", "audio"]}},
        "mime_type": {"default": null, "type": "array", "items": {"type": "string"},
            "description": "Limit result set to attachments of a particular MIME type or MIME types."},
    })));
    let mut create = writable(&properties, true);
    create.extend(members(json!({
        "generate_sub_sizes": {"type": "boolean", "default": true, "description": "Whether to generate image sub sizes."},
        "convert_format": {"type": "boolean", "default": true, "description": "Whether to convert image formats."},
        "url": {"type": "string", "format": "uri",
            "description": "URL of an external image to sideload into the media library, instead of uploading a file."},
    })));
    let identity = || id("Unique identifier for the post.");
    let unnamed = || id("Unique identifier for the attachment.");
    vec![
        Route::new("wp/v2", "/media", resource.clone())
            .on(READ, Deed::List, args)
            .on(MAKE, Deed::Create, create),
        Route::new("wp/v2", "/media/(?P<id>[\\d]+)", resource.clone())
            .on(
                READ,
                Deed::Get,
                joined([
                    identity(),
                    members(json!({"context": context(&["view", "embed", "edit"])})),
                ]),
            )
            .on(EDIT, Deed::Update, joined([identity(), writable(&properties, false)]))
            .on(
                REMOVE,
                Deed::Delete,
                joined([identity(), force("Whether to bypass Trash and force deletion.")]),
            ),
        Route::new("wp/v2", "/media/(?P<id>[\\d]+)/edit", resource.clone()).on(
            MAKE,
            Deed::Other("edit"),
            self::properties(EDITING),
        ),
        Route::new("wp/v2", "/media/(?P<id>[\\d]+)/post-process", resource).on(
            MAKE,
            Deed::Other("post-process"),
            joined([
                unnamed(),
                members(json!({"action": {"type": "string", "enum": ["create-image-subsizes"], "required": true}})),
            ]),
        ),
    ]
}

impl Resource for Media {
    fn schema(&self, site: &Site, base_url: &str) -> Option<Value> {
        Some(schema::shown(
            &self.kind,
            &[],
            all_properties(&self.kind),
            site,
            base_url,
        ))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            match deed {
                Deed::Create if turn.can("upload_files") => self.permit_parent(turn, request).await,
                Deed::Create => {
                    let message = "Sorry, you are not allowed to upload media on this site.";
                    Err(turn.refusal("rest_cannot_create", message))
                }
                Deed::Other("edit") if !turn.can("upload_files") => {
                    let message = "Sorry, you are not allowed to upload media on this site.";
                    Err(turn.refusal("rest_cannot_edit_image", message))
                }
                Deed::Other(_) => things::permit(turn, &self.kind, request, Deed::Update).await,
                _ => things::permit(turn, &self.kind, request, deed).await,
            }
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => {
                    let found = list::found(turn, &self.kind, request).await?;
                    let data = self.several(turn, &found.items, &things::shown_for(request)).await?;
                    Ok(things::paged(
                        turn,
                        request,
                        data,
                        found.total,
                        found.per_page,
                        "/wp/v2/media",
                    ))
                }
                Deed::Create => self.create(turn, request).await,
                Deed::Update => self.update(turn, request).await,
                Deed::Delete => self.delete(turn, request).await,
                Deed::Other("edit") => media_made::edit(self, turn, request).await,
                // Sizes are made by a job, which asks for itself; whoever waits for them asks again.
                _ => self.get(turn, request).await,
            }
        })
    }
}

impl Media {
    /// A file is uploaded to something that whoever uploads may change.
    async fn permit_parent(&self, turn: &mut Turn, request: &Request) -> Outcome<()> {
        let Some(id) = request.int("post").filter(|id| *id > 0) else {
            return Ok(());
        };
        let parent = items::by_id(&mut turn.conn, ItemId(id)).await?;
        let types = turn.types();
        let may = parent.is_some_and(|parent| turn.actor().may(Verb::Update, &parent, None, &types).is_ok());
        if may {
            return Ok(());
        }
        let message = "Sorry, you are not allowed to upload media to this post.";
        Err(turn.refusal("rest_cannot_edit", message))
    }

    async fn get(&self, turn: &mut Turn, request: &Request) -> Answer {
        let item = things::by_id(turn, &self.kind, request.int("id").unwrap_or(0)).await?;
        let data = self
            .several(turn, std::slice::from_ref(&item), &things::shown_for(request))
            .await?;
        let data = data.into_iter().next().unwrap_or_default();
        let link = data.get("link").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Reply::ok(data)
            .with("etag", write::etag(&item))
            .with("link", format!("<{link}>; rel=\"alternate\"; type=text/html")))
    }

    async fn several(&self, turn: &mut Turn, list: &[Item], shown: &Shown) -> Outcome<Vec<Value>> {
        let around = Around::of(turn, list).await?;
        let properties = all_properties(&self.kind);
        let mut out = Vec::new();
        for item in list {
            let value = self.shown(turn, item, &around, shown);
            out.push(in_context(value, &properties, &shown.context));
        }
        Ok(out)
    }

    fn shown(&self, turn: &Turn, item: &Item, around: &Around, shown: &Shown) -> Value {
        let facts = facts::of(&self.kind);
        let stored = around.meta(item);
        let path = stored.text("_wp_attached_file");
        let source = source_url(turn, item, &path);
        let about = stored
            .bytes("_wp_attachment_metadata")
            .and_then(|bytes| gp_php::parse_lenient(bytes).ok());
        let about = about.as_ref().map(php::to_json).unwrap_or_else(|| json!({}));
        let picture = item.mime_type.starts_with("image/");
        let mut out = read::common(turn, item, around);
        out.remove("password");
        out.extend(members(json!({
            "class_list": read::classes(turn, &facts, item, around),
            "title": read::title(item),
            "author": item.author,
            "featured_media": stored.int("_thumbnail_id").unwrap_or(0),
            "comment_status": item.comment_status,
            "ping_status": item.ping_status,
            "template": stored.text("_wp_page_template"),
            "meta": [],
            "permalink_template": around.links.get(&item.id).map(|link| turn.url(link)),
            "generated_slug": item.name,
            "alt_text": stored.text("_wp_attachment_image_alt"),
            "caption": {"raw": item.excerpt, "rendered": caption(item)},
            "description": {"raw": item.content, "rendered": description(item, &source, &about, &stored)},
            "media_type": if picture { "image" } else { "file" },
            "mime_type": item.mime_type,
            "media_details": details(&about, &source, &item.mime_type),
            "post": if item.parent.0 > 0 { json!(item.parent) } else { Value::Null },
            "source_url": source,
            "missing_image_sizes": [],
            "filename": path.rsplit('/').next().unwrap_or_default(),
            "filesize": about.get("filesize").cloned().unwrap_or(Value::Null),
        })));
        if fields::wants(shown.fields.as_deref(), "_links") {
            out.insert("_links".to_owned(), self.links(turn, item, around, shown).value());
        }
        Value::Object(out)
    }

    fn links(&self, turn: &Turn, item: &Item, around: &Around, shown: &Shown) -> Links {
        let own = format!("/wp/v2/media/{}", item.id);
        let parent = around.parents.get(&item.parent);
        let mut links = Links::default();
        links.own(turn, &own, &read::allowed(turn, item, parent));
        links.plain("collection", turn.href("/wp/v2/media"));
        links.plain("about", turn.href("/wp/v2/types/attachment"));
        if item.author.0 > 0 {
            links.embeddable("author", turn.href(&format!("/wp/v2/users/{}", item.author)));
        }
        links.embeddable("replies", turn.href(&format!("/wp/v2/comments?post={}", item.id)));
        let types = turn.types();
        if let Some(parent) = parent
            && let Some(base) = types.get(&parent.kind).and_then(|kind| kind.rest_base)
        {
            let href = turn.href(&format!("/wp/v2/{base}/{}", parent.id));
            let more = json!({"embeddable": true, "post_type": parent.kind, "id": parent.id});
            links.add("wp:attached-to", href, more);
        }
        if shown.context == "edit" {
            read::actions(turn, &self.kind, &facts::of(&self.kind), &own, &mut links);
        }
        links
    }

    pub(super) async fn written(&self, turn: &mut Turn, id: ItemId) -> Outcome<Value> {
        let item = things::by_id(turn, &self.kind, id.0).await?;
        let shown = Shown {
            context: "edit".to_owned(),
            ..Shown::default()
        };
        let data = self.several(turn, &[item], &shown).await?;
        Ok(data.into_iter().next().unwrap_or_default())
    }

    async fn create(&self, turn: &mut Turn, request: &Request) -> Answer {
        let fetched;
        let upload = match request.files.iter().find(|f| f.field == "file" || f.field.is_empty()) {
            Some(upload) => upload,
            None if request.text("url").is_some() => {
                fetched = media_made::fetched(turn, request).await?;
                self.permit(turn, request, Deed::Create).await?;
                &fetched
            }
            None => return Err(nothing_uploaded(request)),
        };
        let (name, mime) = checked_name(upload)?;
        let size = upload.bytes.as_file().metadata().map_or(0, |about| about.len());
        if size == 0 {
            return Err(Failure::new(400, "rest_upload_no_data", "No data supplied."));
        }
        let path = free_path(turn, &name).await?;
        let (digest, size) = turn.app.blobs.put_file(upload.bytes.path()).await?;
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
        let new = Item {
            kind: self.kind.name.to_owned(),
            status: "inherit".to_owned(),
            title: stem.clone(),
            name: text::sanitize_title(&stem),
            author: turn.actor().user(),
            parent: ItemId(request.int("post").unwrap_or(0)),
            mime_type: mime.to_owned(),
            guid: format!("/wp-content/uploads/{}", path),
            comment_status: "closed".to_owned(),
            ping_status: "closed".to_owned(),
            ..Item::default()
        };
        let changes = self.changes(turn, request, &new).await?;
        let id = things::make(turn, new, changes).await?;
        let kept = Kept {
            path: &path,
            digest: &digest,
            size,
            mime,
        };
        let grant = self.keep(turn, id, &kept, Vec::new()).await?;
        self.alt(turn, request, &grant, id).await?;
        let location = turn.href(&format!("/wp/v2/media/{id}"));
        Ok(Reply::created(self.written(turn, id).await?, location))
    }

    /// Writes down that an attachment has a file, and what is known of it.
    pub(super) async fn keep(
        &self,
        turn: &mut Turn,
        id: ItemId,
        file: &Kept<'_>,
        more: Vec<(&str, gp_php::Value)>,
    ) -> Outcome<gp_content::Grant> {
        let item = things::by_id(turn, &self.kind, id.0).await?;
        let types = turn.types();
        let grant = turn.actor().may(Verb::Create, &item, None, &types)?;
        let act = &mut turn.act();
        actions::remember_file(act, &grant, id, file.path, file.digest, file.size, file.mime).await?;
        actions::set_meta(act, &grant, id, "_wp_attached_file", &[file.path.as_bytes()]).await?;
        let size = gp_php::Value::from(i64::try_from(file.size).unwrap_or(i64::MAX));
        let about = gp_php::Value::map([("filesize", size)].into_iter().chain(more));
        let about = gp_php::serialize(&about);
        actions::set_meta(act, &grant, id, "_wp_attachment_metadata", &[&about]).await?;
        Ok(grant)
    }

    pub(super) async fn alt(
        &self,
        turn: &mut Turn,
        request: &Request,
        grant: &gp_content::Grant,
        id: ItemId,
    ) -> Outcome<()> {
        if let Some(alt) = request.text("alt_text") {
            let alt = text::sanitize_text_field(alt);
            let values = [alt.as_bytes()];
            actions::set_meta(&mut turn.act(), grant, id, "_wp_attachment_image_alt", &values).await?;
        }
        Ok(())
    }

    pub(super) async fn changes(&self, turn: &mut Turn, request: &Request, before: &Item) -> Outcome<actions::Changes> {
        let mut changes = write::changes(turn, &self.kind, request, before).await?;
        changes.excerpt = write::raw(request.param("caption"));
        changes.content = write::raw(request.param("description"));
        Ok(changes)
    }

    async fn update(&self, turn: &mut Turn, request: &Request) -> Answer {
        let before = things::by_id(turn, &self.kind, request.int("id").unwrap_or(0)).await?;
        self.permit_parent(turn, request).await?;
        let mut changes = self.changes(turn, request, &before).await?;
        changes.parent = request.int("post").map(ItemId);
        let types = turn.types();
        let parent = turn.parent_of(&before).await?;
        let grant = turn.actor().may(Verb::Update, &before, parent.as_ref(), &types)?;
        actions::update(&mut turn.act(), &grant, before.id, changes).await?;
        self.alt(turn, request, &grant, before.id).await?;
        Ok(Reply::ok(self.written(turn, before.id).await?))
    }

    async fn delete(&self, turn: &mut Turn, request: &Request) -> Answer {
        if !request.flag("force") {
            let message = "The post does not support trashing. Set 'force=true' to delete.";
            return Err(Failure::new(501, "rest_trash_not_supported", message));
        }
        let item = things::by_id(turn, &self.kind, request.int("id").unwrap_or(0)).await?;
        let previous = self.written(turn, item.id).await?;
        let parent = turn.parent_of(&item).await?;
        let types = turn.types();
        let grant = turn.actor().may(Verb::Delete, &item, parent.as_ref(), &types)?;
        actions::delete(&mut turn.act(), &grant, item.id).await?;
        Ok(Reply::deleted(previous))
    }
}

fn nothing_uploaded(request: &Request) -> Box<Failure> {
    if request.raw.is_empty() {
        return Failure::new(400, "rest_upload_no_data", "No data supplied.");
    }
    Failure::new(
        400,
        "rest_upload_no_content_disposition",
        "No Content-Disposition supplied.",
    )
}

/// The name under which a file is kept, and its type: by its bytes, where they tell it. What could run in a browser or on a server
/// is refused.
fn checked_name(upload: &Upload) -> Outcome<(String, &'static str)> {
    let name = text::sanitize_file_name(upload.name.rsplit(['/', '\\']).next().unwrap_or_default());
    let refused = || {
        let message = "Sorry, you are not allowed to upload this file type.";
        Failure::new(400, "rest_upload_sideload_error", message)
    };
    if name.is_empty() {
        return Err(Failure::new(
            400,
            "rest_upload_invalid_disposition",
            "Invalid Content-Disposition supplied. Content-Disposition needs to be formatted as `attachment; filename=\"image.png\"` or similar.",
        ));
    }
    let (_, mime) = text::file_type(&name, text::FILE_TYPES.iter().copied()).ok_or_else(refused)?;
    const RUNNING: &[&str] = &[
        "text/html",
        "application/javascript",
        "image/svg+xml",
        "application/xhtml+xml",
    ];
    if RUNNING.contains(&mime) {
        return Err(refused());
    }
    Ok((name, mime))
}

/// A path below the uploads that no file has: by year and month, with a number behind the name where it is taken.
pub(super) async fn free_path(turn: &mut Turn, name: &str) -> Outcome<String> {
    let date = gp_kernel::mysql_date(turn.now, &turn.site.zone);
    let folder = date.get(..7).unwrap_or_default().replace('-', "/");
    let (stem, ending) = name
        .rsplit_once('.')
        .map_or((name, String::new()), |(s, e)| (s, format!(".{e}")));
    let mut path = format!("{folder}/{name}");
    let mut number = 1;
    while files::by_path(&mut turn.conn, &path).await?.is_some() {
        path = format!("{folder}/{stem}-{number}{ending}");
        number += 1;
    }
    Ok(path)
}

pub(super) fn source_url(turn: &Turn, item: &Item, path: &str) -> String {
    if path.is_empty() {
        return if item.guid.starts_with('/') {
            turn.url(&item.guid)
        } else {
            item.guid.clone()
        };
    }
    turn.url(&format!("/wp-content/uploads/{}", path))
}

fn caption(item: &Item) -> String {
    let source = if item.excerpt.trim().is_empty() {
        text::wp_trim_words(&text::wpautop(&item.content), 55, " [&hellip;]")
    } else {
        item.excerpt.clone()
    };
    text::wpautop(&text::convert_chars(&text::wptexturize(&source)))
}

fn description(item: &Item, source: &str, about: &Value, stored: &Meta) -> String {
    let href = text::esc_url(source);
    let inner = if item.mime_type.starts_with("image/") {
        let number = |name: &str| about.get(name).and_then(Value::as_i64).unwrap_or(1);
        format!(
            "<img loading=\"lazy\" decoding=\"async\" width=\"{}\" height=\"{}\" src=\"{href}\" \
             class=\"attachment-medium size-medium\" alt=\"{}\" />",
            number("width"),
            number("height"),
            text::esc_attr(&stored.text("_wp_attachment_image_alt"))
        )
    } else {
        text::wptexturize(&item.title)
    };
    let own = text::wpautop(&text::convert_chars(&text::wptexturize(&item.content)));
    format!("<p class=\"attachment\"><a href='{href}'>{inner}</a></p>\n{own}")
}

/// What is known of a file's bytes, each size with its address.
fn details(about: &Value, source: &str, mime: &str) -> Value {
    let Value::Object(mut members) = about.clone() else {
        return json!({});
    };
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    if let Some(Value::Object(sizes)) = members.get_mut("sizes") {
        for size in sizes.values_mut() {
            let file = size.get("file").and_then(Value::as_str).unwrap_or_default().to_owned();
            if let Value::Object(size) = size {
                if let Some(kind) = size.remove("mime-type") {
                    size.insert("mime_type".to_owned(), kind);
                }
                size.insert("source_url".to_owned(), format!("{folder}/{file}").into());
            }
        }
    }
    let full = json!({
        "file": source.rsplit('/').next().unwrap_or_default(),
        "width": members.get("width"), "height": members.get("height"), "mime_type": mime, "source_url": source,
    });
    let told = !members.is_empty();
    match members.get_mut("sizes") {
        Some(Value::Object(sizes)) if !sizes.is_empty() => match sizes.get_mut("full") {
            // A document's picture of its first page; the type is the document's.
            Some(Value::Object(drawn)) => {
                drawn.remove("filesize");
                drawn.insert("mime_type".to_owned(), mime.into());
            }
            _ => drop(sizes.insert("full".to_owned(), full)),
        },
        _ if told => drop(members.insert("sizes".to_owned(), json!({}))),
        _ => {}
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_get_their_addresses() {
        let about =
            json!({"width": 10, "height": 5, "sizes": {"medium": {"file": "a-5x3.jpg", "mime-type": "image/jpeg"}}});
        let shown = details(&about, "http://x/2026/11/a.jpg", "image/jpeg");
        assert_eq!(shown["sizes"]["medium"]["source_url"], "http://x/2026/11/a-5x3.jpg");
        assert_eq!(shown["sizes"]["full"]["width"], 10);
    }
}

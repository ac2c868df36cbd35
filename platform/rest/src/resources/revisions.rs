//! `revisions` and `autosaves` of items: what they said before, and what somebody has typed but not saved.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{ContentType, Item, Site, Verb, actions, items};
use gp_kernel::ItemId;
use gp_markup::text;
use serde_json::{Map, Value, json};

use super::{
    facts,
    items::{self as things, read, write::raw},
};
use crate::{
    dates,
    links::Links,
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::{Deed, MAKE, READ, REMOVE, Resource, Route},
    schema::{self, by_ids, context, force, in_context, members, ordering, paging, writable},
    turn::Turn,
};

/// The namespace of what WordPress does not have.
pub(super) const OURS: &str = "guidepost/v1";

/// Versions of items of one type.
struct Versions {
    kind: ContentType,
    autosaves: bool,
}

/// The routes of a type's versions.
pub(crate) fn routes(kind: &ContentType, taxonomies: &[gp_content::Taxonomy]) -> Vec<Route> {
    let Some(base) = kind.rest_base else { return Vec::new() };
    let facts = facts::of(kind);
    let of = |autosaves| -> Arc<dyn Resource> {
        Arc::new(Versions {
            kind: kind.clone(),
            autosaves,
        })
    };
    let text = |name: &str, description: &str| members(json!({name: {"description": description, "type": "integer"}}));
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let mut out = Vec::new();
    if kind.revisions {
        let parent = || text("parent", "The ID for the parent of the revision.");
        let one = || schema::joined([parent(), text("id", "Unique identifier for the revision.")]);
        out.push(
            Route::new("wp/v2", &format!("/{base}/(?P<parent>[\\d]+)/revisions"), of(false)).on(
                READ,
                Deed::List,
                schema::joined([parent(), list_args()]),
            ),
        );
        out.push(
            Route::new(
                "wp/v2",
                &format!("/{base}/(?P<parent>[\\d]+)/revisions/(?P<id>[\\d]+)"),
                of(false),
            )
            .on(READ, Deed::Get, schema::joined([one(), shown()]))
            .on(
                REMOVE,
                Deed::Delete,
                schema::joined([
                    one(),
                    force("Required to be true, as revisions do not support trashing."),
                ]),
            ),
        );
    }
    if kind.revisions {
        // Restoring is ours: WordPress's clients write what the old version says as if it were new.
        let parent = text("parent", "The ID for the parent of the revision.");
        let own = schema::joined([parent, text("id", "Unique identifier for the revision.")]);
        let at = format!("/{base}/(?P<parent>[\\d]+)/revisions/(?P<id>[\\d]+)/restore");
        out.push(Route::new(OURS, &at, of(false)).on(MAKE, Deed::Other("restore"), own));
    }
    if facts.has("autosave") {
        let own: Vec<_> = taxonomies
            .iter()
            .filter(|t| t.types.contains(&kind.name))
            .cloned()
            .collect();
        out.extend(autosave_routes(kind, &things::schema::of_type(kind, &own)));
    }
    out
}

/// The routes of what somebody has typed of items of a type, which look like this.
pub fn autosave_routes(kind: &ContentType, properties: &Map<String, Value>) -> Vec<Route> {
    let Some(base) = kind.rest_base else { return Vec::new() };
    let resource: Arc<dyn Resource> = Arc::new(Versions {
        kind: kind.clone(),
        autosaves: true,
    });
    let number =
        |name: &str, description: &str| members(json!({name: {"description": description, "type": "integer"}}));
    let parent = || number("parent", "The ID for the parent of the autosave.");
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    vec![
        Route::new("wp/v2", &format!("/{base}/(?P<id>[\\d]+)/autosaves"), resource.clone())
            .on(READ, Deed::List, schema::joined([parent(), shown()]))
            .on(
                MAKE,
                Deed::Create,
                schema::joined([parent(), writable(properties, false)]),
            ),
        Route::new(
            "wp/v2",
            &format!("/{base}/(?P<parent>[\\d]+)/autosaves/(?P<id>[\\d]+)"),
            resource,
        )
        .on(
            READ,
            Deed::Get,
            schema::joined([parent(), number("id", "The ID for the autosave."), shown()]),
        ),
    ]
}

/// The parameters of a list of versions.
pub fn list_args() -> Map<String, Value> {
    let mut out = paging();
    if let Some(Value::Object(per_page)) = out.get_mut("per_page") {
        per_page.remove("default");
    }
    out.extend(by_ids());
    out.insert(
        "offset".to_owned(),
        json!({"description": "Offset the result set by a specific number of items.", "type": "integer"}),
    );
    let by = ["date", "id", "include", "relevance", "slug", "include_slugs", "title"];
    out.extend(ordering("desc", "date", "object", &by));
    out
}

/// How a version looks.
fn properties(kind: &ContentType) -> Map<String, Value> {
    let mut out = things::schema::of_type(kind, &[]);
    let keep = [
        "date",
        "date_gmt",
        "guid",
        "id",
        "modified",
        "modified_gmt",
        "slug",
        "title",
        "content",
        "excerpt",
        "author",
        "meta",
    ];
    out.retain(|name, _| keep.contains(&name.as_str()));
    let all = ["view", "edit", "embed"];
    out.insert(
        "author".to_owned(),
        json!({"description": "The ID for the author of the revision.", "type": "integer", "context": all}),
    );
    out.insert(
        "parent".to_owned(),
        json!({"description": "The ID for the parent of the revision.", "type": "integer", "context": all}),
    );
    out.insert(
        "preview_link".to_owned(),
        json!({"description": "Preview link for the post.", "type": "string", "format": "uri", "context": ["edit"],
            "readonly": true}),
    );
    out
}

impl Resource for Versions {
    fn schema(&self, _site: &Site, _base_url: &str) -> Option<Value> {
        Some(schema::titled(
            &format!("{}-revision", self.kind.name),
            properties(&self.kind),
        ))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let parent = self.parent(turn, request).await?;
            let above = turn.parent_of(&parent).await?;
            let types = turn.types();
            let verb = if deed == Deed::Delete {
                Verb::Delete
            } else {
                Verb::Update
            };
            if turn.actor().may(verb, &parent, above.as_ref(), &types).is_ok() {
                return Ok(());
            }
            let (code, message) = match deed {
                Deed::Create => ("rest_cannot_edit", "Sorry, you are not allowed to edit this post."),
                Deed::Delete => (
                    "rest_cannot_delete",
                    "Sorry, you are not allowed to delete revisions of this post.",
                ),
                _ if self.autosaves => (
                    "rest_cannot_read",
                    "Sorry, you are not allowed to view autosaves of this post.",
                ),
                _ => (
                    "rest_cannot_read",
                    "Sorry, you are not allowed to view revisions of this post.",
                ),
            };
            Err(turn.refusal(code, message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => self.list(turn, request).await,
                Deed::Get => self.get(turn, request).await,
                Deed::Create => self.save(turn, request).await,
                Deed::Delete => self.delete(turn, request).await,
                _ => self.restore(turn, request).await,
            }
        })
    }
}

impl Versions {
    async fn parent(&self, turn: &mut Turn, request: &Request) -> Outcome<Item> {
        let id = request.int("parent").or_else(|| request.int("id")).unwrap_or(0);
        let found = items::by_id(&mut turn.conn, ItemId(id)).await?;
        let found = found.filter(|item| item.kind == self.kind.name);
        found.ok_or_else(|| Failure::new(404, "rest_post_invalid_parent", "Invalid post parent ID."))
    }

    async fn version(&self, turn: &mut Turn, request: &Request) -> Outcome<(Item, Item)> {
        let parent = self.parent(turn, request).await?;
        let id = ItemId(request.int("id").unwrap_or(0));
        let found = items::by_id(&mut turn.conn, id).await?;
        let found = found.filter(|item| item.kind == "revision" && item.parent == parent.id);
        let found = found.ok_or_else(|| Failure::new(404, "rest_post_invalid_id", "Invalid revision ID."))?;
        Ok((parent, found))
    }

    async fn list(&self, turn: &mut Turn, request: &Request) -> Answer {
        let parent = self.parent(turn, request).await?;
        let mut all = items::versions(&mut turn.conn, parent.id).await?;
        if self.autosaves {
            all.retain(is_autosave);
            let data = self.several(turn, &parent, &all, request.context());
            return Ok(Reply::ok(Value::Array(data)));
        }
        let (part, total, per_page) = chosen(all, request)?;
        let data = self.several(turn, &parent, &part, request.context());
        let route = format!("/wp/v2/{}/{}/revisions", self.base(), parent.id);
        let mut reply = things::paged(turn, request, data, total, per_page, &route);
        if total == 0 {
            reply.headers.retain(|(name, _)| *name != "link");
        }
        Ok(reply)
    }

    fn base(&self) -> &'static str {
        self.kind.rest_base.unwrap_or_default()
    }

    async fn get(&self, turn: &mut Turn, request: &Request) -> Answer {
        let (parent, version) = self.version(turn, request).await?;
        let data = self.several(turn, &parent, &[version], request.context());
        Ok(Reply::ok(data.into_iter().next().unwrap_or_default()))
    }

    fn several(&self, turn: &Turn, parent: &Item, list: &[Item], context: &str) -> Vec<Value> {
        let properties = properties(&self.kind);
        let shown = list
            .iter()
            .map(|version| in_context(self.shown(turn, parent, version), &properties, context));
        shown.collect()
    }

    fn shown(&self, turn: &Turn, parent: &Item, version: &Item) -> Value {
        let facts = facts::of(&self.kind);
        let guid = if version.guid.starts_with('/') {
            turn.url(&version.guid)
        } else {
            version.guid.clone()
        };
        let html = |source: &str| {
            let shaped = text::convert_chars(&text::wptexturize(source));
            if source.contains("<!-- wp:") {
                gp_blocks::render_static(source)
            } else {
                text::wpautop(&shaped)
            }
        };
        let mut links = Links::default();
        let route = format!("/wp/v2/{}/{}", self.base(), parent.id);
        links.plain("parent", turn.href(&route));
        let mut out = members(json!({
            "id": version.id,
            "author": version.author,
            "date": dates::shown(&version.date),
            "date_gmt": dates::shown_gmt(&version.date_gmt, &version.date, &turn.site.zone),
            "modified": dates::shown(&version.modified),
            "modified_gmt": dates::shown_gmt(&version.modified_gmt, &version.modified, &turn.site.zone),
            "parent": parent.id,
            "slug": version.name,
            "guid": {"rendered": guid, "raw": guid},
            "title": read::title(version),
            "_links": links.value(),
        }));
        if facts.has("editor") {
            let content = json!({"raw": version.content, "rendered": html(&version.content)});
            out.insert("content".to_owned(), content);
        }
        if facts.has("excerpt") {
            let excerpt = json!({"raw": version.excerpt, "rendered": html(&version.excerpt)});
            out.insert("excerpt".to_owned(), excerpt);
        }
        out.insert(
            "meta".to_owned(),
            read::meta_shown(&facts, &gp_content::Meta::default()),
        );
        if self.autosaves {
            let preview = turn.url(&format!("/?p={}&preview=true", parent.id));
            out.insert("preview_link".to_owned(), preview.into());
        }
        Value::Object(out)
    }

    /// What somebody has typed: kept beside the item, once for each person; the draft of its own author is saved itself.
    async fn save(&self, turn: &mut Turn, request: &Request) -> Answer {
        let parent = self.parent(turn, request).await?;
        let above = turn.parent_of(&parent).await?;
        let types = turn.types();
        let grant = turn.actor().may(Verb::Update, &parent, above.as_ref(), &types)?;
        let take = |name: &str, own: &str| raw(request.param(name)).unwrap_or_else(|| own.to_owned());
        let typed = actions::Typed {
            title: take("title", &parent.title),
            content: take("content", &parent.content),
            excerpt: take("excerpt", &parent.excerpt),
        };
        let own_draft =
            matches!(parent.status.as_str(), "draft" | "auto-draft") && parent.author == turn.actor().user();
        if own_draft {
            let changes = actions::Changes {
                title: Some(typed.title),
                content: Some(typed.content),
                excerpt: Some(typed.excerpt),
                ..actions::Changes::default()
            };
            let saved = actions::update(&mut turn.act(), &grant, parent.id, changes).await?;
            let data = self.several(turn, &saved, std::slice::from_ref(&saved), "edit");
            return Ok(Reply::ok(data.into_iter().next().unwrap_or_default()));
        }
        let same = (&typed.title, &typed.content, &typed.excerpt) == (&parent.title, &parent.content, &parent.excerpt);
        if same {
            let message = "There is nothing to save. The autosave and the post content are the same.";
            return Err(Failure::new(400, "rest_autosave_no_changes", message));
        }
        let saved = actions::autosave(&mut turn.act(), &grant, parent.id, typed).await?;
        let data = self.several(turn, &parent, &[saved], "edit");
        Ok(Reply::ok(data.into_iter().next().unwrap_or_default()))
    }

    async fn delete(&self, turn: &mut Turn, request: &Request) -> Answer {
        let (parent, version) = self.version(turn, request).await?;
        if !request.flag("force") {
            let message = "Revisions do not support trashing. Set 'force=true' to delete.";
            return Err(Failure::new(501, "rest_trash_not_supported", message));
        }
        let data = self.several(turn, &parent, std::slice::from_ref(&version), "view");
        let previous = data.into_iter().next().unwrap_or_default();
        let above = turn.parent_of(&parent).await?;
        let types = turn.types();
        let grant = turn.actor().may(Verb::Delete, &parent, above.as_ref(), &types)?;
        actions::delete_version(&mut turn.act(), &grant, &parent, &version).await?;
        Ok(Reply::deleted(previous))
    }

    /// The item says again what a version says.
    async fn restore(&self, turn: &mut Turn, request: &Request) -> Answer {
        let (parent, version) = self.version(turn, request).await?;
        let above = turn.parent_of(&parent).await?;
        let types = turn.types();
        let grant = turn.actor().may(Verb::Update, &parent, above.as_ref(), &types)?;
        let item = actions::restore_version(&mut turn.act(), &grant, parent.id, &version).await?;
        let shown = read::Shown {
            context: "edit".to_owned(),
            ..read::Shown::default()
        };
        let data = read::several(turn, &self.kind, &[item], &shown).await?;
        Ok(Reply::ok(data.into_iter().next().unwrap_or_default()))
    }
}

/// Those versions of all that a list asks for, how many there are, and how many a page has.
///
/// # Errors
/// When it asks for a page that is not there.
pub fn chosen(mut all: Vec<Item>, request: &Request) -> Outcome<(Vec<Item>, i64, i64)> {
    let (include, exclude) = (request.ints("include"), request.ints("exclude"));
    let search = request.text("search").unwrap_or_default().to_lowercase();
    all.retain(|version| {
        (include.is_empty() || include.contains(&version.id.0))
            && !exclude.contains(&version.id.0)
            && (search.is_empty()
                || version.title.to_lowercase().contains(&search)
                || version.content.contains(&search))
    });
    match request.text("orderby").unwrap_or("date") {
        "id" => all.sort_by_key(|version| version.id),
        "title" => all.sort_by(|a, b| a.title.cmp(&b.title)),
        "include" => all.sort_by_key(|version| include.iter().position(|id| *id == version.id.0)),
        _ => all.sort_by(|a, b| a.date.cmp(&b.date).then(a.id.cmp(&b.id))),
    }
    if request.text("order") != Some("asc") && request.text("orderby") != Some("include") {
        all.reverse();
    }
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let per_page = request.int("per_page").unwrap_or(total.max(1));
    let page = request.int("page").unwrap_or(1);
    let skip = request.int("offset").unwrap_or((page - 1).saturating_mul(per_page));
    if skip >= total && total > 0 {
        let message = "The page number requested is larger than the number of pages available.";
        return Err(Failure::new(400, "rest_revision_invalid_page_number", message));
    }
    let skip = usize::try_from(skip).unwrap_or(0);
    let part = all.into_iter().skip(skip);
    let part = part.take(usize::try_from(per_page).unwrap_or(10)).collect();
    Ok((part, total, per_page))
}

/// Whether a version is what somebody has typed and not saved.
pub fn is_autosave(version: &Item) -> bool {
    version.name.ends_with("-autosave-v1")
}

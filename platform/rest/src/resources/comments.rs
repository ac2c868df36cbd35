//! `comments`: read by everybody where their item is, written and moderated by people with accounts.

use std::{collections::HashMap, sync::Arc};

use futures_util::future::BoxFuture;
use gp_content::{
    Comment, Item, MetaKind, Sight, Site, Verb, actions, address,
    comments::{self, CommentQuery},
    items, meta, users,
};
use gp_kernel::{CommentId, ErrorKind, ItemId, UserId};
use gp_markup::text;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::{items as things, items::write::raw, users as people};
use crate::{
    dates,
    links::Links,
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::{Deed, EDIT, MAKE, READ, REMOVE, Resource, Route},
    schema::{by_ids, context, force, id, in_context, joined, members, ordering, paging, titled, writable},
    turn::Turn,
};

struct Comments;

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let resource: Arc<dyn Resource> = Arc::new(Comments);
    let properties = properties();
    let identity = || id("Unique identifier for the comment.");
    let password = || {
        members(json!({"password": {"type": "string",
            "description": "The password for the parent post of the comment (if the post is password protected)."}}))
    };
    let one = members(json!({"context": context(&["view", "embed", "edit"])}));
    vec![
        Route::new("wp/v2", "/comments", resource.clone())
            .on(READ, Deed::List, list_args())
            .on(MAKE, Deed::Create, writable(&properties, true)),
        Route::new("wp/v2", "/comments/(?P<id>[\\d]+)", resource)
            .on(READ, Deed::Get, joined([identity(), one, password()]))
            .on(EDIT, Deed::Update, joined([identity(), writable(&properties, false)]))
            .on(
                REMOVE,
                Deed::Delete,
                joined([
                    identity(),
                    force("Whether to bypass Trash and force deletion."),
                    password(),
                ]),
            ),
    ]
}

fn properties() -> Map<String, Value> {
    let (all, edit, view) = (["view", "edit", "embed"], ["edit"], ["view", "edit"]);
    members(json!({
        "id": {"description": "Unique identifier for the comment.", "type": "integer", "context": all, "readonly": true},
        "author": {"description": "The ID of the user object, if author was a user.", "type": "integer", "context": all},
        "author_email": {"description": "Email address for the comment author.", "type": "string", "format": "email",
            "context": edit},
        "author_ip": {"description": "IP address for the comment author.", "type": "string", "format": "ip",
            "context": edit},
        "author_name": {"description": "Display name for the comment author.", "type": "string", "context": all},
        "author_url": {"description": "URL for the comment author.", "type": "string", "format": "uri", "context": all},
        "author_user_agent": {"description": "User agent for the comment author.", "type": "string", "context": edit},
        "content": {"description": "The content for the comment.", "type": "object", "context": all, "unchecked": true,
            "properties": {
                "raw": {"description": "Content for the comment, as it exists in the database.", "type": "string",
                    "context": ["edit"]},
                "rendered": {"description": "HTML content for the comment, transformed for display.", "type": "string",
                    "context": ["view", "edit", "embed"], "readonly": true}}},
        "date": {"description": "The date the comment was published, in the site's timezone.", "type": "string",
            "format": "date-time", "context": all},
        "date_gmt": {"description": "The date the comment was published, as GMT.", "type": "string",
            "format": "date-time", "context": view},
        "link": {"description": "URL to the comment.", "type": "string", "format": "uri", "context": all,
            "readonly": true},
        "parent": {"description": "The ID for the parent of the comment.", "type": "integer", "context": all,
            "default": 0},
        "post": {"description": "The ID of the associated post object.", "type": "integer", "context": view,
            "default": 0},
        "status": {"description": "State of the comment.", "type": "string", "context": view},
        "type": {"description": "Type of the comment.", "type": "string", "context": all, "readonly": true},
        "author_avatar_urls": {"description": "Avatar URLs for the comment author.", "type": "object", "context": all,
            "readonly": true},
        "meta": {"description": "Meta fields.", "type": "object", "context": view, "properties": {
            "_wp_note_status": {"type": "string", "title": "", "description": "Note resolution status", "default": "",
                "enum": ["resolved", "reopen"]}}},
    }))
}

fn list_args() -> Map<String, Value> {
    let ids = |description: &str| json!({"description": description, "type": "array", "items": {"type": "integer"}});
    let none = |description: &str| json!({"default": [], "description": description, "type": "array", "items": {"type": "integer"}});
    let date = |when: &str| {
        json!({"description": format!("Limit response to comments published {when} a given ISO8601 compliant date."),
            "type": "string", "format": "date-time"})
    };
    let mut out = paging();
    out.extend(members(json!({
        "after": date("after"),
        "author": ids("Limit result set to comments assigned to specific user IDs. Requires authorization."),
        "author_exclude": ids("Ensure result set excludes comments assigned to specific user IDs. Requires authorization."),
        "author_email": {"default": null, "format": "email", "type": "string",
            "description": "Limit result set to that from a specific author email. Requires authorization."},
        "before": date("before"),
    })));
    out.extend(by_ids());
    out.insert(
        "offset".to_owned(),
        json!({"description": "Offset the result set by a specific number of items.", "type": "integer"}),
    );
    let by = ["date", "date_gmt", "id", "include", "post", "parent", "type"];
    out.extend(ordering("desc", "date_gmt", "comment", &by));
    out.extend(members(json!({
        "parent": none("Limit result set to comments of specific parent IDs."),
        "parent_exclude": none("Ensure result set excludes specific parent IDs."),
        "post": none("Limit result set to comments assigned to specific post IDs."),
        "status": {"default": "approve", "type": "string",
            "description": "Limit result set to comments assigned a specific status. Requires authorization."},
        "type": {"default": "comment", "type": "string",
            "description": "Limit result set to comments assigned a specific type. Requires authorization."},
        "password": {"description": "The password for the post if it is password protected.", "type": "string"},
    })));
    out
}

fn unknown() -> Box<Failure> {
    Failure::new(404, "rest_comment_invalid_id", "Invalid comment ID.")
}

impl Resource for Comments {
    fn schema(&self, _site: &Site, _base_url: &str) -> Option<Value> {
        Some(titled("comment", properties()))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn, request, deed).await })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => list(turn, request).await,
                Deed::Get => {
                    let comment = by_id(turn, request).await?;
                    Ok(Reply::ok(one(turn, comment, request.context()).await?))
                }
                Deed::Create => create(turn, request).await,
                Deed::Update => update(turn, request).await,
                _ => delete(turn, request).await,
            }
        })
    }
}

async fn by_id(turn: &mut Turn, request: &Request) -> Outcome<Comment> {
    let id = CommentId(request.int("id").unwrap_or(0));
    comments::by_id(&mut turn.conn, id).await?.ok_or_else(unknown)
}

/// The item of a comment and what hangs above it.
async fn item_of(turn: &mut Turn, id: ItemId) -> Outcome<(Option<Item>, Option<Item>)> {
    let item = items::by_id(&mut turn.conn, id).await?;
    let parent = match &item {
        Some(item) => turn.parent_of(item).await?,
        None => None,
    };
    Ok((item, parent))
}

async fn moderates(turn: &mut Turn, comment: &Comment) -> Outcome<bool> {
    let (item, parent) = item_of(turn, comment.item).await?;
    let types = turn.types();
    Ok(turn
        .actor()
        .may_on_comments(Verb::Update, item.as_ref(), parent.as_ref(), &types)
        .is_ok())
}

async fn permit(turn: &mut Turn, request: &Request, deed: Deed) -> Outcome<()> {
    match deed {
        Deed::List => permit_list(turn, request).await,
        Deed::Create => permit_create(turn, request).await,
        Deed::Get => {
            let comment = by_id(turn, request).await?;
            let moderates = moderates(turn, &comment).await?;
            if request.context() == "edit" && !moderates {
                let message = "Sorry, you are not allowed to edit comments.";
                return Err(turn.refusal("rest_forbidden_context", message));
            }
            if moderates {
                return Ok(());
            }
            let (item, parent) = item_of(turn, comment.item).await?;
            let own = comment.user == turn.actor().user() && comment.user.0 != 0;
            let public = comment.approved == "1" && comment.kind != "note";
            let readable = item
                .as_ref()
                .is_some_and(|item| sees(turn, item, parent.as_ref(), request));
            match (public || own, readable) {
                (true, true) => Ok(()),
                _ => Err(turn.refusal("rest_cannot_read", "Sorry, you are not allowed to read this comment.")),
            }
        }
        _ => {
            let comment = by_id(turn, request).await?;
            if moderates(turn, &comment).await? {
                return Ok(());
            }
            let (code, message) = match deed {
                Deed::Delete => (
                    "rest_cannot_delete",
                    "Sorry, you are not allowed to delete this comment.",
                ),
                _ => ("rest_cannot_edit", "Sorry, you are not allowed to edit this comment."),
            };
            Err(turn.refusal(code, message))
        }
    }
}

/// Whether whoever asks may read an item in full, perhaps with its password.
fn sees(turn: &Turn, item: &Item, parent: Option<&Item>, request: &Request) -> bool {
    match turn.scope.sight_at_work(item, parent, &turn.types()) {
        Sight::Full => true,
        Sight::Locked => request.text("password").is_some_and(|given| given == item.password),
        Sight::Nothing => false,
    }
}

async fn permit_list(turn: &mut Turn, request: &Request) -> Outcome<()> {
    for id in request.ints("post").into_iter().filter(|id| *id > 0) {
        let (item, parent) = item_of(turn, ItemId(id)).await?;
        let readable = item
            .as_ref()
            .is_some_and(|item| sees(turn, item, parent.as_ref(), request));
        if item.is_some() && !readable {
            let message = "Sorry, you are not allowed to read the post for this comment.";
            return Err(turn.refusal("rest_cannot_read_post", message));
        }
    }
    if request.context() == "edit" && !turn.can("moderate_comments") {
        return Err(turn.refusal("rest_forbidden_context", "Sorry, you are not allowed to edit comments."));
    }
    if turn.can("edit_posts") {
        return Ok(());
    }
    let given = |name: &str| !request.ints(name).is_empty() || request.text(name).is_some_and(|v| !v.is_empty());
    let mut forbidden: Vec<&str> = ["author", "author_exclude", "author_email"]
        .into_iter()
        .filter(|name| given(name))
        .collect();
    if request.text("type") != Some("comment") {
        forbidden.push("type");
    }
    if request.text("status") != Some("approve") {
        forbidden.push("status");
    }
    if forbidden.is_empty() {
        return Ok(());
    }
    let message = format!("Query parameter not permitted: {}", forbidden.join(", "));
    Err(Failure::new(turn.refusal_status(), "rest_forbidden_param", message))
}

async fn permit_create(turn: &mut Turn, request: &Request) -> Outcome<()> {
    if turn.actor().is_anonymous() {
        let message = "Sorry, you must be logged in to comment.";
        return Err(turn.refusal("rest_comment_login_required", message));
    }
    let moderates = turn.can("moderate_comments");
    let of_another = request.int("author").is_some_and(|id| id != turn.actor().user().0);
    for (name, forbidden) in [
        ("author", of_another),
        ("author_ip", request.text("author_ip").is_some()),
        ("status", request.text("status").is_some()),
    ] {
        if forbidden && !moderates {
            let code = match name {
                "author" => "rest_comment_invalid_author",
                "author_ip" => "rest_comment_invalid_author_ip",
                _ => "rest_comment_invalid_status",
            };
            let message = format!("Sorry, you are not allowed to edit '{name}' for comments.");
            return Err(Failure::new(turn.refusal_status(), code, message));
        }
    }
    let (item, parent) = item_of(turn, ItemId(request.int("post").unwrap_or(0))).await?;
    let Some(item) = item else {
        let message = "Sorry, you are not allowed to create this comment without a post.";
        return Err(Failure::new(403, "rest_comment_invalid_post_id", message));
    };
    if matches!(item.status.as_str(), "draft" | "pending" | "auto-draft") {
        let message = "Sorry, you are not allowed to create a comment on this post.";
        return Err(Failure::new(403, "rest_comment_draft_post", message));
    }
    if item.status == "trash" {
        let message = "Sorry, you are not allowed to create a comment on this post.";
        return Err(Failure::new(403, "rest_comment_trash_post", message));
    }
    if !sees(turn, &item, parent.as_ref(), request) {
        let message = "Sorry, you are not allowed to read the post for this comment.";
        return Err(turn.refusal("rest_cannot_read_post", message));
    }
    if item.comment_status != "open" {
        let message = "Sorry, comments are closed for this item.";
        return Err(Failure::new(403, "rest_comment_closed", message));
    }
    Ok(())
}

async fn list(turn: &mut Turn, request: &Request) -> Answer {
    let per_page = request.int("per_page").unwrap_or(10);
    let page = request.int("page").unwrap_or(1);
    let offset = request.int("offset").unwrap_or((page - 1).saturating_mul(per_page));
    let moment = |name: &str| {
        request
            .text(name)
            .and_then(|sent| dates::read(sent, &TimeZone::UTC))
            .unwrap_or_default()
    };
    let works = turn.can("edit_posts");
    let approved: &[&str] = match request.text("status").unwrap_or("approve") {
        "approve" | "approved" | "1" => &["1"],
        "hold" | "0" => &["0"],
        "spam" => &["spam"],
        "trash" => &["trash"],
        _ => &["0", "1"],
    };
    let people = |name: &str| request.ints(name).into_iter().map(UserId).collect::<Vec<_>>();
    let query = CommentQuery {
        approved: approved.iter().map(|status| (*status).to_owned()).collect(),
        kind: request
            .text("type")
            .filter(|kind| *kind != "all" || !works)
            .unwrap_or_default()
            .to_owned(),
        items: request.ints("post").into_iter().map(ItemId).collect(),
        users: people("author"),
        without_users: people("author_exclude"),
        ids: request.ints("include"),
        without_ids: request.ints("exclude"),
        parents: request.ints("parent"),
        without_parents: request.ints("parent_exclude"),
        email: request.text("author_email").unwrap_or_default().to_owned(),
        after: moment("after"),
        before: moment("before"),
        search: request.text("search").unwrap_or_default().to_owned(),
        order_by: match request.text("orderby").unwrap_or("date_gmt") {
            "date" => "date",
            "id" | "include" => "id",
            "post" => "item_id",
            "parent" => "parent",
            "type" => "type",
            _ => "date_gmt",
        },
        down: request.text("order") != Some("asc"),
        offset: usize::try_from(offset).unwrap_or(0),
        limit: usize::try_from(per_page).unwrap_or(10),
    };
    let (mut found, total) = comments::list(&mut turn.conn, &turn.scope, &query).await?;
    if !turn.can("moderate_comments") {
        found = readable(turn, found).await?;
    }
    let data = several(turn, &found, request.context()).await?;
    Ok(things::paged(turn, request, data, total, per_page, "/wp/v2/comments"))
}

/// Those that whoever asks may read, who is no moderator: on what they may read, approved ones and their own; on what they may
/// change, all.
async fn readable(turn: &mut Turn, found: Vec<Comment>) -> Outcome<Vec<Comment>> {
    let mut out = Vec::new();
    let me = turn.actor().user();
    for comment in found {
        let public = comment.approved == "1" && comment.kind != "note";
        let own = comment.user == me && me.0 != 0;
        let (item, parent) = item_of(turn, comment.item).await?;
        let types = turn.types();
        let sees = item
            .as_ref()
            .is_some_and(|item| turn.scope.sight_at_work(item, parent.as_ref(), &types) == Sight::Full);
        if (sees && (public || own)) || moderates(turn, &comment).await? {
            out.push(comment);
        }
    }
    Ok(out)
}

async fn one(turn: &mut Turn, comment: Comment, context: &str) -> Outcome<Value> {
    Ok(several(turn, &[comment], context)
        .await?
        .into_iter()
        .next()
        .unwrap_or_default())
}

async fn several(turn: &mut Turn, list: &[Comment], context: &str) -> Outcome<Vec<Value>> {
    let numbers: Vec<i64> = list.iter().map(|comment| comment.id.0).collect();
    let answered = comments::answered(&mut turn.conn, &numbers).await?;
    let metas = meta::of_many(&mut turn.conn, MetaKind::Comment, &numbers).await?;
    let ids: Vec<ItemId> = list.iter().map(|comment| comment.item).collect();
    let on = items::by_ids(&mut turn.conn, &ids).await?;
    let all: Vec<Item> = on.values().cloned().collect();
    let types = turn.types();
    let links = address::links::of_items(&mut turn.conn, &turn.site, &types, &all).await?;
    let properties = properties();
    let mut out = Vec::new();
    for comment in list {
        let link = links.get(&comment.item).map_or("/", String::as_str);
        let per_page = turn.site.comments_per_page;
        let page = match turn.site.page_comments && comment.approved == "1" {
            true => comments::page_of(&mut turn.conn, comment, per_page).await?,
            false => 0,
        };
        let link = address::links::of_comment(&turn.site, link, page, comment.id);
        let base = on.get(&comment.item).and_then(|item| types.get(&item.kind)?.rest_base);
        let note = metas
            .get(&comment.id.0)
            .map(|meta| meta.text("_wp_note_status"))
            .filter(|note| !note.is_empty());
        let mut value = shown(turn, comment, &link, base, &on);
        value["meta"] = json!({ "_wp_note_status": note });
        if answered.contains(&comment.id.0) {
            let href = turn.href(&format!("/wp/v2/comments?parent={}", comment.id));
            value["_links"]["children"] = json!([{"embeddable": true, "href": href}]);
        }
        out.push(in_context(value, &properties, context));
    }
    Ok(out)
}

fn shown(turn: &Turn, comment: &Comment, link: &str, base: Option<&str>, on: &HashMap<ItemId, Item>) -> Value {
    let own = format!("/wp/v2/comments/{}", comment.id);
    let mut links = Links::default();
    let allow: &[&str] = if turn.can("moderate_comments") {
        &["GET", "POST", "PUT", "PATCH", "DELETE"]
    } else {
        &["GET"]
    };
    links.own(turn, &own, allow);
    links.plain("collection", turn.href("/wp/v2/comments"));
    if comment.user.0 > 0 {
        links.embeddable("author", turn.href(&format!("/wp/v2/users/{}", comment.user)));
    }
    if let Some(base) = base {
        let kind = on.get(&comment.item).map(|item| item.kind.as_str());
        let href = turn.href(&format!("/wp/v2/{base}/{}", comment.item));
        links.add("up", href, json!({"embeddable": true, "post_type": kind}));
    }
    if comment.parent.0 > 0 {
        links.embeddable("in-reply-to", turn.href(&format!("/wp/v2/comments/{}", comment.parent)));
    }
    let html = text::make_clickable(&text::convert_chars(&text::wptexturize(&comment.content)));
    // What commenters link to is not the library's word.
    let html = text::wpautop(&text::wp_rel_ugc(&html, None));
    let kind = if comment.kind.is_empty() {
        "comment"
    } else {
        &comment.kind
    };
    json!({
        "id": comment.id,
        "post": comment.item,
        "parent": comment.parent,
        "author": comment.user,
        "author_name": comment.author,
        "author_email": comment.author_email,
        "author_url": comment.author_url,
        "author_ip": comment.author_ip,
        "author_user_agent": comment.agent,
        "date": dates::shown(&comment.date),
        "date_gmt": dates::shown(&comment.date_gmt),
        "content": {"raw": comment.content, "rendered": html},
        "link": turn.url(link),
        "status": status(&comment.approved),
        "type": kind,
        "author_avatar_urls": people::avatars_of(&format!("{} comment {}", turn.site.home, comment.author_email)),
        "_links": links.value(),
    })
}

fn status(approved: &str) -> &str {
    match approved {
        "1" => "approved",
        "0" => "hold",
        other => other,
    }
}

/// A status as it is kept.
fn kept(status: &str) -> Option<&'static str> {
    match status {
        "approve" | "approved" | "1" => Some("1"),
        "hold" | "0" => Some("0"),
        "spam" => Some("spam"),
        "trash" => Some("trash"),
        _ => None,
    }
}

async fn create(turn: &mut Turn, request: &Request) -> Answer {
    if request.param("id").is_some() {
        return Err(Failure::new(
            400,
            "rest_comment_exists",
            "Cannot create existing comment.",
        ));
    }
    let id = UserId(request.int("author").unwrap_or(turn.actor().user().0));
    let user = users::by_ids(&mut turn.conn, &[id]).await?.remove(&id);
    let text = |name: &str, own: String| request.text(name).map_or(own, text::sanitize_text_field);
    let user = user.unwrap_or_default();
    let moderates = turn.can("moderate_comments");
    let approved = match request.text("status").and_then(kept) {
        Some(status) => status,
        None if moderates || turn.can("publish_posts") => "1",
        None => "0",
    };
    let new = Comment {
        item: ItemId(request.int("post").unwrap_or(0)),
        parent: CommentId(request.int("parent").unwrap_or(0)),
        user: id,
        author: text("author_name", user.display_name),
        author_email: text("author_email", user.email),
        author_url: text("author_url", user.url),
        content: raw(request.param("content")).unwrap_or_default(),
        approved: approved.to_owned(),
        kind: "comment".to_owned(),
        ..Comment::default()
    };
    if new.content.trim().is_empty() {
        return Err(Failure::new(
            400,
            "rest_comment_content_invalid",
            "Invalid comment content.",
        ));
    }
    let types = turn.types();
    let grant = turn.actor().may_on_comments(Verb::Create, None, None, &types)?;
    let made = actions::create_comment(&mut turn.act(), &grant, new).await;
    let made = made.map_err(|error| match error.kind {
        ErrorKind::Invalid => Failure::new(400, "rest_comment_content_invalid", error.message),
        _ => error.into(),
    })?;
    let location = turn.href(&format!("/wp/v2/comments/{}", made.id));
    let context = if moderates { "edit" } else { "view" };
    Ok(Reply::created(one(turn, made, context).await?, location))
}

async fn update(turn: &mut Turn, request: &Request) -> Answer {
    let mut comment = by_id(turn, request).await?;
    let put = |field: &mut String, value: Option<String>| {
        if let Some(value) = value {
            *field = value;
        }
    };
    let text = |name: &str| request.text(name).map(text::sanitize_text_field);
    put(&mut comment.author, text("author_name"));
    put(&mut comment.author_email, text("author_email"));
    put(&mut comment.author_url, text("author_url"));
    put(&mut comment.content, raw(request.param("content")));
    if let Some(status) = request.text("status") {
        let kept = match status {
            "unspam" | "untrash" => Some("0"),
            status => kept(status),
        };
        let kept =
            kept.ok_or_else(|| Failure::new(400, "rest_comment_failed_edit", "Updating comment status failed."))?;
        kept.clone_into(&mut comment.approved);
    }
    if let Some(post) = request.int("post").filter(|id| *id > 0) {
        if items::by_id(&mut turn.conn, ItemId(post)).await?.is_none() {
            return Err(Failure::new(403, "rest_comment_invalid_post_id", "Invalid post ID."));
        }
        comment.item = ItemId(post);
    }
    if let Some(date) = request.text("date").and_then(|sent| dates::read(sent, &turn.site.zone)) {
        comment.date_gmt = gp_kernel::parse_mysql_date(&date)
            .and_then(|d| d.to_zoned(turn.site.zone.clone()).ok())
            .map_or_else(
                || date.clone(),
                |z| gp_kernel::mysql_date(z.timestamp(), &TimeZone::UTC),
            );
        comment.date = date;
    }
    if let Some(parent) = request.int("parent") {
        comment.parent = CommentId(parent);
    }
    let grant = grant(turn, &comment, Verb::Update).await?;
    let comment = actions::update_comment(&mut turn.act(), &grant, comment).await?;
    Ok(Reply::ok(one(turn, comment, "edit").await?))
}

async fn grant(turn: &mut Turn, comment: &Comment, verb: Verb) -> Outcome<gp_content::Grant> {
    let (item, parent) = item_of(turn, comment.item).await?;
    let types = turn.types();
    Ok(turn
        .actor()
        .may_on_comments(verb, item.as_ref(), parent.as_ref(), &types)?)
}

async fn delete(turn: &mut Turn, request: &Request) -> Answer {
    let mut comment = by_id(turn, request).await?;
    if request.flag("force") {
        let previous = one(turn, comment.clone(), "edit").await?;
        let grant = grant(turn, &comment, Verb::Delete).await?;
        actions::delete_comment(&mut turn.act(), &grant, comment.id).await?;
        return Ok(Reply::deleted(previous));
    }
    if comment.approved == "trash" {
        return Err(Failure::new(
            410,
            "rest_already_trashed",
            "The comment has already been trashed.",
        ));
    }
    "trash".clone_into(&mut comment.approved);
    let grant = grant(turn, &comment, Verb::Trash).await?;
    let comment = actions::update_comment(&mut turn.act(), &grant, comment).await?;
    Ok(Reply::ok(one(turn, comment, "edit").await?))
}

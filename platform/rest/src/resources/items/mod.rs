//! Items of a type: posts, pages, patterns, navigations. Files have doors of their own beside (`media`).

pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod schema;
pub(crate) mod write;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{ContentType, Item, Sight, Site, Taxonomy, Types, Verb, actions, items};
use gp_kernel::{ErrorKind, ItemId};
use serde_json::{Map, Value, json};

use super::facts;
use crate::{
    fields,
    reply::{Answer, Failure, Outcome, Reply},
    request::{Request, build_query},
    routes::{Deed, EDIT, MAKE, READ, REMOVE, Resource, Route},
    schema::{force, id, joined, writable},
    turn::Turn,
};
use read::Shown;

/// Items of one type.
pub(crate) struct Items {
    pub kind: ContentType,
    pub taxonomies: Vec<Taxonomy>,
}

/// The taxonomies that the API shows of a type.
pub(crate) fn taxonomies_of(turn: &Turn, kind: &ContentType) -> Vec<Taxonomy> {
    let shown = turn.registry.taxonomies.iter();
    shown.filter(|t| t.types.contains(&kind.name)).cloned().collect()
}

/// The properties of items of a type.
pub(crate) fn properties_of(turn: &Turn, kind: &ContentType) -> Map<String, Value> {
    schema::of_type(kind, &taxonomies_of(turn, kind))
}

/// The routes of a type's items.
pub(crate) fn routes(kind: &ContentType, taxonomies: &[Taxonomy]) -> Vec<Route> {
    let Some(base) = kind.rest_base else { return Vec::new() };
    let own: Vec<Taxonomy> = taxonomies
        .iter()
        .filter(|t| t.types.contains(&kind.name))
        .cloned()
        .collect();
    let properties = schema::of_type(kind, &own);
    let facts = facts::of(kind);
    let resource: Arc<dyn Resource> = Arc::new(Items {
        kind: kind.clone(),
        taxonomies: own.clone(),
    });
    let identity = || id("Unique identifier for the post.");
    vec![
        Route::new("wp/v2", &format!("/{base}"), resource.clone())
            .on(READ, Deed::List, schema::list_args(kind, &own))
            .on(MAKE, Deed::Create, writable(&properties, true))
            .batched(),
        Route::new("wp/v2", &format!("/{base}/(?P<id>[\\d]+)"), resource)
            .on(READ, Deed::Get, schema::one_args(&facts))
            .on(EDIT, Deed::Update, joined([identity(), writable(&properties, false)]))
            .on(
                REMOVE,
                Deed::Delete,
                joined([identity(), force("Whether to bypass Trash and force deletion.")]),
            )
            .batched(),
    ]
}

/// No such item, or one that is none of this type.
pub(crate) fn unknown() -> Box<Failure> {
    Failure::new(404, "rest_post_invalid_id", "Invalid post ID.")
}

/// An item of a type, by the id of a route, whoever may see it.
pub(crate) async fn by_id(turn: &mut Turn, kind: &ContentType, id: i64) -> Outcome<Item> {
    let found = items::by_id(&mut turn.conn, ItemId(id)).await?;
    found.filter(|item| item.kind == kind.name).ok_or_else(unknown)
}

/// How a request wants items to be shown.
pub(crate) fn shown_for(request: &Request) -> Shown {
    Shown {
        context: request.context().to_owned(),
        fields: fields::asked(request),
        unlocked: false,
        excerpt_length: request.int("excerpt_length").and_then(|n| usize::try_from(n).ok()),
    }
}

/// The headers of a list: how many, and where the pages beside are.
pub fn paged(turn: &Turn, request: &Request, data: Vec<Value>, total: i64, per_page: i64, route: &str) -> Reply {
    let pages = list::pages(total, per_page);
    let page = request.int("page").unwrap_or(1);
    let mut reply = Reply::ok(Value::Array(data))
        .with("x-wp-total", total.to_string())
        .with("x-wp-totalpages", pages.to_string());
    let mut parameters = request.query.clone();
    // What was checked is written as it counts: a list stays a list.
    for (name, value) in &mut parameters {
        if let Some(settled) = request.params.get(name) {
            value.clone_from(settled);
        }
    }
    let mut link = |to: i64, rel: &str| {
        parameters.insert("page".to_owned(), to.into());
        let href = turn.href(&format!("{route}?{}", build_query(&parameters)));
        reply.headers.push(("link", format!("<{href}>; rel=\"{rel}\"")));
    };
    if page > 1 {
        link((page - 1).min(pages).max(1), "prev");
    }
    if page < pages {
        link(page + 1, "next");
    }
    reply
}

impl Resource for Items {
    fn schema(&self, site: &Site, base_url: &str) -> Option<Value> {
        let properties = schema::of_type(&self.kind, &self.taxonomies);
        Some(schema::shown(&self.kind, &self.taxonomies, properties, site, base_url))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn, &self.kind, request, deed).await })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => self.list(turn, request).await,
                Deed::Get => self.get(turn, request).await,
                Deed::Create => self.create(turn, request).await,
                Deed::Update => self.update(turn, request).await,
                Deed::Delete => delete(turn, &self.kind, request).await,
                Deed::Other(_) => Err(unknown()),
            }
        })
    }
}

/// Whether a deed is allowed, with WordPress's codes for why not.
pub(crate) async fn permit(turn: &mut Turn, kind: &ContentType, request: &Request, deed: Deed) -> Outcome<()> {
    let types = turn.types();
    let edits = turn.can(&facts::capability(kind, "edit"));
    let creates = match kind.name {
        // A pattern is there for everybody at once.
        "wp_block" => turn.can("publish_posts"),
        _ => edits,
    };
    match deed {
        Deed::List => {
            if request.context() == "edit" && !edits {
                let message = "Sorry, you are not allowed to edit posts in this post type.";
                return Err(turn.refusal("rest_forbidden_context", message));
            }
            Ok(())
        }
        Deed::Create => {
            if request
                .param("id")
                .is_some_and(|id| *id != json!(0) && *id != json!(""))
            {
                return Err(Failure::new(400, "rest_post_exists", "Cannot create existing post."));
            }
            let own = request.int("author").is_none_or(|id| id == turn.actor().user().0);
            if !own && edits && !turn.can(&facts::capability(kind, "edit_others")) {
                let message = "Sorry, you are not allowed to create posts as this user.";
                return Err(turn.refusal("rest_cannot_edit_others", message));
            }
            if creates {
                return Ok(());
            }
            Err(turn.refusal(
                "rest_cannot_create",
                "Sorry, you are not allowed to create posts as this user.",
            ))
        }
        _ => {
            let item = by_id(turn, kind, request.int("id").unwrap_or(0)).await?;
            let parent = turn.parent_of(&item).await?;
            let may = |verb| turn.actor().may(verb, &item, parent.as_ref(), &types).is_ok();
            match deed {
                Deed::Update if may(Verb::Update) => Ok(()),
                Deed::Update => Err(turn.refusal("rest_cannot_edit", "Sorry, you are not allowed to edit this post.")),
                Deed::Delete if may(Verb::Delete) => Ok(()),
                Deed::Delete => {
                    Err(turn.refusal("rest_cannot_delete", "Sorry, you are not allowed to delete this post."))
                }
                _ => readable(turn, &item, parent.as_ref(), request, may(Verb::Update)),
            }
        }
    }
}

fn readable(turn: &Turn, item: &Item, parent: Option<&Item>, request: &Request, edits: bool) -> Outcome<()> {
    if request.context() == "edit" && !edits {
        let message = "Sorry, you are not allowed to edit this post.";
        return Err(turn.refusal("rest_forbidden_context", message));
    }
    if let Some(given) = request.text("password").filter(|given| !given.is_empty())
        && given != item.password
    {
        let message = "Incorrect post password.";
        return Err(Failure::new(403, "rest_post_incorrect_password", message));
    }
    match turn.scope.sight_at_work(item, parent, &turn.types()) {
        Sight::Nothing => Err(turn.refusal("rest_forbidden", "Sorry, you are not allowed to do that.")),
        _ => Ok(()),
    }
}

impl Items {
    fn route(&self) -> String {
        format!("/wp/v2/{}", self.kind.rest_base.unwrap_or_default())
    }

    async fn list(&self, turn: &mut Turn, request: &Request) -> Answer {
        let found = list::found(turn, &self.kind, request).await?;
        let data = read::several(turn, &self.kind, &found.items, &shown_for(request)).await?;
        Ok(paged(turn, request, data, found.total, found.per_page, &self.route()))
    }

    async fn get(&self, turn: &mut Turn, request: &Request) -> Answer {
        let item = by_id(turn, &self.kind, request.int("id").unwrap_or(0)).await?;
        let given = request.text("password").unwrap_or_default();
        let shown = Shown {
            unlocked: !item.password.is_empty() && given == item.password,
            ..shown_for(request)
        };
        let data = read::several(turn, &self.kind, std::slice::from_ref(&item), &shown).await?;
        let data = data.into_iter().next().unwrap_or_default();
        let link = data.get("link").and_then(Value::as_str).map(str::to_owned);
        let mut reply = Reply::ok(data).with("etag", write::etag(&item));
        if let Some(link) = link.filter(|_| self.kind.public) {
            reply = reply.with("link", format!("<{link}>; rel=\"alternate\"; type=text/html"));
        }
        Ok(reply)
    }

    /// The item as whoever wrote it works with it.
    async fn written(&self, turn: &mut Turn, id: ItemId) -> Outcome<Value> {
        let item = by_id(turn, &self.kind, id.0).await?;
        let shown = Shown {
            context: "edit".to_owned(),
            ..Shown::default()
        };
        let data = read::several(turn, &self.kind, &[item], &shown).await?;
        Ok(data.into_iter().next().unwrap_or_default())
    }

    async fn create(&self, turn: &mut Turn, request: &Request) -> Answer {
        let new = Item {
            kind: self.kind.name.to_owned(),
            status: "draft".to_owned(),
            author: turn.actor().user(),
            comment_status: default_status(turn, &self.kind, "default_comment_status", "comments"),
            ping_status: default_status(turn, &self.kind, "default_ping_status", "comments"),
            ..Item::default()
        };
        write::check(turn, &self.kind, request, &new).await?;
        let changes = write::changes(turn, &self.kind, request, &new).await?;
        let empty = |text: &Option<String>| text.as_ref().is_none_or(|t| t.trim().is_empty());
        let says_nothing = empty(&changes.title) && empty(&changes.content) && empty(&changes.excerpt);
        if says_nothing && schema::has_excerpt(&facts::of(&self.kind)) {
            return Err(Failure::new(
                400,
                "empty_content",
                "Content, title, and excerpt are empty.",
            ));
        }
        let id = make(turn, new, changes).await?;
        let item = by_id(turn, &self.kind, id.0).await?;
        write::besides(turn, &self.kind, request, &item, true).await?;
        let location = turn.href(&format!("{}/{id}", self.route()));
        Ok(Reply::created(self.written(turn, id).await?, location))
    }

    async fn update(&self, turn: &mut Turn, request: &Request) -> Answer {
        let before = by_id(turn, &self.kind, request.int("id").unwrap_or(0)).await?;
        let in_mind = write::version_in_mind(request);
        let late = || {
            let message = "The post was changed by somebody else in the meantime.";
            Failure::new(412, "rest_precondition_failed", message)
        };
        if in_mind.is_some_and(|version| version != before.version) {
            return Err(late());
        }
        write::check(turn, &self.kind, request, &before).await?;
        let mut changes = write::changes(turn, &self.kind, request, &before).await?;
        // Others may be quicker until the item is held.
        changes.if_version = in_mind;
        let types = turn.types();
        let parent = turn.parent_of(&before).await?;
        let outward = changes
            .status
            .as_deref()
            .is_some_and(|s| s != before.status && s != "draft" && s != "pending");
        let verb = if outward { Verb::Publish } else { Verb::Update };
        let grant = turn.actor().may(verb, &before, parent.as_ref(), &types)?;
        // Another term or picture is another version of the item too.
        let updated = actions::update(&mut turn.act(), &grant, before.id, changes).await;
        updated.map_err(|error| match error.kind {
            ErrorKind::Conflict if in_mind.is_some() => late(),
            _ => error.into(),
        })?;
        let item = by_id(turn, &self.kind, before.id.0).await?;
        write::besides(turn, &self.kind, request, &item, false).await?;
        let item = by_id(turn, &self.kind, before.id.0).await?;
        let data = self.written(turn, item.id).await?;
        Ok(Reply::ok(data).with("etag", write::etag(&item)))
    }
}

/// Whether comments are open on a new item.
fn default_status(turn: &Turn, kind: &ContentType, option: &str, what: &str) -> String {
    let open = facts::of(kind).has(what) && kind.name != "page" && turn.site.text(option) != "closed";
    if open { "open" } else { "closed" }.to_owned()
}

/// Makes an item of a draft and what is said of it.
pub(crate) async fn make(turn: &mut Turn, mut new: Item, changes: actions::Changes) -> Outcome<ItemId> {
    let types = turn.types();
    let take = |field: &mut String, value: Option<String>| {
        if let Some(value) = value {
            *field = value;
        }
    };
    take(&mut new.title, changes.title);
    take(&mut new.content, changes.content);
    take(&mut new.excerpt, changes.excerpt);
    take(&mut new.name, changes.name);
    take(&mut new.password, changes.password);
    take(&mut new.mime_type, changes.mime_type);
    take(&mut new.comment_status, changes.comment_status);
    take(&mut new.ping_status, changes.ping_status);
    take(&mut new.status, changes.status);
    new.author = changes.author.unwrap_or(new.author);
    new.parent = changes.parent.unwrap_or(new.parent);
    new.menu_order = changes.menu_order.unwrap_or(new.menu_order);
    match changes.date {
        Some(actions::When::Local(date)) => new.date = date,
        Some(actions::When::Gmt(date)) => {
            new.date =
                crate::dates::read(&format!("{}Z", date.replacen(' ', "T", 1)), &turn.site.zone).unwrap_or_default();
            new.date_gmt = date;
        }
        Some(actions::When::Floating) | None => {}
    }
    let out = matches!(new.status.as_str(), "publish" | "future" | "private");
    let verb = if out { Verb::Publish } else { Verb::Create };
    let parent = turn.parent_of(&new).await?;
    let grant = turn.actor().may(verb, &new, parent.as_ref(), &types)?;
    Ok(actions::create(&mut turn.act(), &grant, new).await?.id)
}

/// Into the trash, or for good.
pub(crate) async fn delete(turn: &mut Turn, kind: &ContentType, request: &Request) -> Answer {
    let item = by_id(turn, kind, request.int("id").unwrap_or(0)).await?;
    let types = turn.types();
    let parent = turn.parent_of(&item).await?;
    let shown = Shown {
        context: "edit".to_owned(),
        ..Shown::default()
    };
    if request.flag("force") {
        let previous = read::several(turn, kind, std::slice::from_ref(&item), &shown).await?;
        let previous = previous.into_iter().next().unwrap_or_default();
        let grant = turn.actor().may(Verb::Delete, &item, parent.as_ref(), &types)?;
        actions::delete(&mut turn.act(), &grant, item.id).await?;
        return Ok(Reply::deleted(previous));
    }
    if kind.name == "attachment" {
        let message = "The post does not support trashing. Set 'force=true' to delete.";
        return Err(Failure::new(501, "rest_trash_not_supported", message));
    }
    if item.status == "trash" {
        return Err(Failure::new(
            410,
            "rest_already_trashed",
            "The post has already been deleted.",
        ));
    }
    let grant = turn.actor().may(Verb::Trash, &item, parent.as_ref(), &types)?;
    let item = actions::trash(&mut turn.act(), &grant, item.id).await?;
    let data = read::several(turn, kind, &[item], &shown).await?;
    Ok(Reply::ok(data.into_iter().next().unwrap_or_default()))
}

/// The types whose items have the plain routes: those of the API that have none of their own.
pub(crate) fn plain_types(types: &Types) -> Vec<&ContentType> {
    const SPECIAL: &[&str] = &[
        "attachment",
        "nav_menu_item",
        "wp_template",
        "wp_template_part",
        "wp_global_styles",
        "wp_font_family",
        "wp_font_face",
    ];
    let mut all: Vec<&ContentType> = types
        .all()
        .filter(|t| t.rest_base.is_some() && !SPECIAL.contains(&t.name))
        .collect();
    all.sort_by_key(|kind| facts::of(kind).place);
    all
}

//! `users`, as far as they are seen: people with something public by everybody, all of them by whoever may list them. Writing is the business
//! of the feature that knows passwords, through [`crate::routes::Kit`].

use std::{collections::BTreeMap, sync::Arc};

use futures_util::future::BoxFuture;
use gp_content::{Meta, MetaKind, Site, Types, User, Verb, address, items, meta, permission, users};
use gp_kernel::UserId;
use gp_markup::text::sanitize_title;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{facts, items as things};
use crate::{
    dates,
    links::Links,
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::{Deed, EDIT, MAKE, READ, REMOVE, Resource, Route},
    schema::{by_ids, context, id, in_context, joined, members, paging, titled, writable},
    turn::Turn,
};

/// Accounts.
struct Users;

/// The routes.
pub(crate) fn routes(types: &Types, site: &Site) -> Vec<Route> {
    let resource: Arc<dyn Resource> = Arc::new(Users);
    let properties = properties(site);
    let identity = || id("Unique identifier for the user.");
    let one = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let gone = |with_id: bool| {
        let rest = members(json!({
            "force": {"type": "boolean", "default": false,
                "description": "Required to be true, as users do not support trashing."},
            "reassign": {"type": "integer", "required": true,
                "description": "Reassign the deleted user's posts and links to this user ID."},
        }));
        if with_id { joined([identity(), rest]) } else { rest }
    };
    vec![
        Route::new("wp/v2", "/users", resource.clone())
            .on(READ, Deed::List, list_args(types))
            .on(MAKE, Deed::Create, writable(&properties, true))
            .batched(),
        Route::new("wp/v2", "/users/(?P<id>[\\d]+)", resource.clone())
            .on(READ, Deed::Get, joined([identity(), one()]))
            .on(EDIT, Deed::Update, joined([identity(), writable(&properties, false)]))
            .on(REMOVE, Deed::Delete, gone(true))
            .batched(),
        Route::new("wp/v2", "/users/me", resource)
            .on(READ, Deed::Other("me"), one())
            .on(EDIT, Deed::Other("update me"), writable(&properties, false))
            .on(REMOVE, Deed::Other("delete me"), gone(false)),
    ]
}

/// How an account looks.
fn properties(site: &Site) -> Map<String, Value> {
    let own = Some(site.text("WPLANG")).filter(|language| !matches!(language.as_str(), "" | "en_US"));
    let locales: Vec<String> = ["".to_owned(), "en_US".to_owned()].into_iter().chain(own).collect();
    let (all, edit) = (["embed", "view", "edit"], ["edit"]);
    members(json!({
        "id": {"description": "Unique identifier for the user.", "type": "integer", "context": all, "readonly": true},
        "username": {"description": "Login name for the user.", "type": "string", "context": edit, "required": true},
        "name": {"description": "Display name for the user.", "type": "string", "context": all},
        "first_name": {"description": "First name for the user.", "type": "string", "context": edit},
        "last_name": {"description": "Last name for the user.", "type": "string", "context": edit},
        "email": {"description": "The email address for the user.", "type": "string", "format": "email",
            "context": edit, "required": true},
        "url": {"description": "URL of the user.", "type": "string", "format": "uri", "context": all},
        "description": {"description": "Description of the user.", "type": "string", "context": all},
        "link": {"description": "Author URL of the user.", "type": "string", "format": "uri", "context": all,
            "readonly": true},
        "locale": {"description": "Locale for the user.", "type": "string", "enum": locales, "context": edit},
        "nickname": {"description": "The nickname for the user.", "type": "string", "context": edit},
        "slug": {"description": "An alphanumeric identifier for the user.", "type": "string", "context": all},
        "registered_date": {"description": "Registration date for the user.", "type": "string", "format": "date-time",
            "context": edit, "readonly": true},
        "roles": {"description": "Roles assigned to the user.", "type": "array", "items": {"type": "string"},
            "context": edit},
        "password": {"description": "Password for the user (never included).", "type": "string", "context": [],
            "required": true},
        "capabilities": {"description": "All capabilities assigned to the user.", "type": "object", "context": edit,
            "readonly": true},
        "extra_capabilities": {"description": "Any extra capabilities assigned to the user.", "type": "object",
            "context": edit, "readonly": true},
        "avatar_urls": {"description": "Avatar URLs for the user.", "type": "object", "context": all, "readonly": true},
        "meta": {"description": "Meta fields.", "type": "object", "context": ["view", "edit"], "properties": {
            "persisted_preferences": {"type": "object", "title": "", "description": "", "default": [],
                "context": edit, "additionalProperties": true, "properties": {
                    "_modified": {"description": "The date and time the preferences were updated.", "type": "string",
                        "format": "date-time", "readonly": false},
                }},
        }},
    }))
}

fn list_args(types: &Types) -> Map<String, Value> {
    let mut known: Vec<_> = types.all().filter(|t| t.rest_base.is_some()).collect();
    known.sort_by_key(|kind| facts::of(kind).place);
    // As PHP has them: each under its own name.
    let known: Map<String, Value> = known.iter().map(|t| (t.name.to_owned(), t.name.into())).collect();
    let by = [
        "id",
        "include",
        "name",
        "registered_date",
        "slug",
        "include_slugs",
        "email",
        "url",
    ];
    let texts = |description: &str| json!({"description": description, "type": "array", "items": {"type": "string"}});
    let mut out = paging();
    out.extend(by_ids());
    out.extend(members(json!({
        "offset": {"description": "Offset the result set by a specific number of items.", "type": "integer"},
        "order": {"default": "asc", "description": "Order sort attribute ascending or descending.",
            "enum": ["asc", "desc"], "type": "string"},
        "orderby": {"default": "name", "description": "Sort collection by user attribute.", "enum": by, "type": "string"},
        "slug": texts("Limit result set to users with one or more specific slugs."),
        "roles": texts("Limit result set to users matching at least one specific role provided. Accepts csv list or single role."),
        "capabilities": texts("Limit result set to users matching at least one specific capability provided. Accepts csv list or single capability."),
        "who": {"description": "Limit result set to users who are considered authors.", "type": "string",
            "enum": ["authors"]},
        "has_published_posts": {"description": "Limit result set to users who have published posts.",
            "type": ["boolean", "array"], "items": {"type": "string", "enum": known}},
        "search_columns": {"default": [], "description": "Array of column names to be searched.", "type": "array",
            "items": {"enum": ["email", "name", "id", "username", "slug"], "type": "string"}},
    })));
    out
}

fn unknown() -> Box<Failure> {
    Failure::new(404, "rest_user_invalid_id", "Invalid user ID.")
}

impl Resource for Users {
    fn schema(&self, site: &Site, _base_url: &str) -> Option<Value> {
        Some(titled("user", properties(site)))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn, request, deed).await })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => list(turn, request).await,
                Deed::Get => {
                    let user = by_id(turn, request).await?;
                    one(turn, user, request.context()).await.map(Reply::ok)
                }
                Deed::Other("me") => {
                    let user = myself(turn).await?;
                    let location = turn.href(&format!("/wp/v2/users/{}", user.id));
                    let data = one(turn, user, request.context()).await?;
                    Ok(Reply::ok(data).with("location", location))
                }
                _ => super::accounts::write(turn, request, deed).await,
            }
        })
    }
}

/// The account of whoever asks.
pub(crate) async fn myself(turn: &mut Turn) -> Outcome<User> {
    let id = turn.actor().user();
    let mut found = users::by_ids(&mut turn.conn, &[id]).await?;
    found
        .remove(&id)
        .ok_or_else(|| Failure::new(401, "rest_not_logged_in", "You are not currently logged in."))
}

/// The account of a route.
pub(crate) async fn by_id(turn: &mut Turn, request: &Request) -> Outcome<User> {
    let id = UserId(request.int("id").unwrap_or(0));
    let mut found = users::by_ids(&mut turn.conn, &[id]).await?;
    found.remove(&id).ok_or_else(unknown)
}

async fn permit(turn: &mut Turn, request: &Request, deed: Deed) -> Outcome<()> {
    let editing = request.context() == "edit";
    let own = turn.actor().user();
    match deed {
        Deed::List => {
            let refuse = |message| Err(turn.refusal("rest_user_cannot_view", message));
            let private = !request.texts("roles").is_empty() || !request.texts("capabilities").is_empty();
            if private && !turn.actor().lists_accounts() {
                return refuse("Sorry, you are not allowed to filter users by role.");
            }
            if editing && !turn.actor().lists_accounts() {
                let message = "Sorry, you are not allowed to edit users.";
                return Err(turn.refusal("rest_forbidden_context", message));
            }
            let by = request.text("orderby").unwrap_or("name");
            if matches!(by, "email" | "registered_date") && !turn.actor().lists_accounts() {
                let message = "Sorry, you are not allowed to order users by this parameter.";
                return Err(turn.refusal("rest_forbidden_orderby", message));
            }
            if request.text("who").is_some() && !turn.can("edit_posts") && !turn.actor().lists_accounts() {
                let message = "Sorry, you are not allowed to query users by this parameter.";
                return Err(turn.refusal("rest_forbidden_who", message));
            }
            Ok(())
        }
        Deed::Get => {
            let user = by_id(turn, request).await?;
            if user.id == own && own.0 != 0 {
                return Ok(());
            }
            if editing && !turn.actor().lists_accounts() {
                return Err(turn.refusal("rest_user_cannot_view", "Sorry, you are not allowed to edit this user."));
            }
            let seen = turn.actor().lists_accounts() || turn.actor().may_on_account(Verb::Update, user.id).is_ok();
            if seen || items::public_authors(&mut turn.conn).await?.contains(&user.id) {
                return Ok(());
            }
            // Nobody learns which accounts there are.
            Err(turn.refusal("rest_user_cannot_view", "Sorry, you are not allowed to list users."))
        }
        Deed::Other("me") => myself(turn).await.map(drop),
        _ => super::accounts::permit(turn, request, deed).await,
    }
}

async fn list(turn: &mut Turn, request: &Request) -> Answer {
    let mut all = users::all(&mut turn.conn).await?;
    let sees_all = turn.actor().lists_accounts();
    let published = items::public_authors(&mut turn.conn).await?;
    let wants_published = request.param("has_published_posts").is_some_and(|v| *v != json!(false));
    if !sees_all || wants_published {
        let writes = turn.can("edit_posts") && request.text("who") == Some("authors");
        all.retain(|user| published.contains(&user.id) || writes);
    }
    let (include, exclude) = (request.ints("include"), request.ints("exclude"));
    let slugs: Vec<String> = request.texts("slug").iter().map(|slug| sanitize_title(slug)).collect();
    let search = request.text("search").unwrap_or_default().to_lowercase();
    let columns = request.texts("search_columns");
    all.retain(|user| {
        (include.is_empty() || include.contains(&user.id.0))
            && !exclude.contains(&user.id.0)
            && (slugs.is_empty() || slugs.contains(&user.nicename))
            && (search.is_empty() || holds(user, &search, &columns, sees_all))
    });
    let roles = request.texts("roles");
    let capabilities = request.texts("capabilities");
    if !roles.is_empty() || !capabilities.is_empty() || request.text("who").is_some() {
        all = with_rights(turn, all, &roles, &capabilities, request.text("who").is_some()).await?;
    }
    sort(&mut all, request, &include, &slugs);
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let per_page = request.int("per_page").unwrap_or(10);
    let page = request.int("page").unwrap_or(1);
    let skip = request.int("offset").unwrap_or((page - 1).saturating_mul(per_page));
    let take = usize::try_from(per_page).unwrap_or(10);
    let part: Vec<User> = all
        .into_iter()
        .skip(usize::try_from(skip).unwrap_or(0))
        .take(take)
        .collect();
    let data = several(turn, &part, request.context()).await?;
    Ok(things::paged(turn, request, data, total, per_page, "/wp/v2/users"))
}

/// Whether a word stands in what whoever asks may search in: mail addresses are for those who may list accounts.
fn holds(user: &User, search: &str, columns: &[String], sees_all: bool) -> bool {
    let has = |text: &str| text.to_lowercase().contains(search);
    let asked = |column: &str| columns.is_empty() || columns.iter().any(|c| c == column);
    (asked("name") && has(&user.display_name))
        || (asked("slug") && has(&user.nicename))
        || (asked("id") && user.id.to_string() == search)
        || (sees_all && ((asked("email") && has(&user.email)) || (asked("username") && has(&user.login))))
}

async fn with_rights(
    turn: &mut Turn,
    all: Vec<User>,
    roles: &[String],
    capabilities: &[String],
    authors: bool,
) -> Outcome<Vec<User>> {
    let mut out = Vec::new();
    for user in all {
        let stored = meta::of(&mut turn.conn, MetaKind::User, user.id.0).await?;
        let own = permission::roles(&turn.site, &stored);
        let actor = gp_content::Actor::load(&mut turn.conn, &turn.site, user.id).await?;
        let fits = (roles.is_empty() || own.iter().any(|role| roles.contains(role)))
            && (capabilities.is_empty() || capabilities.iter().any(|c| actor.can(c)))
            && (!authors || actor.can("edit_posts"));
        if fits {
            out.push(user);
        }
    }
    Ok(out)
}

fn sort(list: &mut [User], request: &Request, include: &[i64], slugs: &[String]) {
    match request.text("orderby").unwrap_or("name") {
        "id" => list.sort_by_key(|u| u.id),
        "include" => list.sort_by_key(|u| include.iter().position(|id| *id == u.id.0)),
        "include_slugs" => list.sort_by_key(|u| slugs.iter().position(|slug| *slug == u.nicename)),
        "registered_date" => list.sort_by(|a, b| a.registered.cmp(&b.registered)),
        "slug" => list.sort_by(|a, b| a.nicename.cmp(&b.nicename)),
        "email" => list.sort_by(|a, b| a.email.cmp(&b.email)),
        "url" => list.sort_by(|a, b| a.url.cmp(&b.url)),
        _ => list.sort_by_key(|u| u.display_name.to_lowercase()),
    }
    if request.text("order") == Some("desc") {
        list.reverse();
    }
}

/// One account as it is shown.
pub(crate) async fn one(turn: &mut Turn, user: User, context: &str) -> Outcome<Value> {
    Ok(several(turn, &[user], context)
        .await?
        .into_iter()
        .next()
        .unwrap_or_default())
}

async fn several(turn: &mut Turn, list: &[User], context: &str) -> Outcome<Vec<Value>> {
    let ids: Vec<i64> = list.iter().map(|user| user.id.0).collect();
    let metas = meta::of_many(&mut turn.conn, MetaKind::User, &ids).await?;
    let properties = properties(&turn.site);
    let none = Meta::default();
    let mut out = Vec::new();
    for user in list {
        let stored = metas.get(&user.id.0).unwrap_or(&none);
        let value = shown(turn, user, stored, context == "edit").await?;
        out.push(in_context(value, &properties, context));
    }
    Ok(out)
}

async fn shown(turn: &mut Turn, user: &User, stored: &Meta, editing: bool) -> Outcome<Value> {
    let actor = gp_content::Actor::load(&mut turn.conn, &turn.site, user.id).await?;
    let roles = permission::roles(&turn.site, stored);
    let own: BTreeMap<&str, bool> = roles.iter().map(|role| (role.as_str(), true)).collect();
    let all: BTreeMap<&str, bool> = actor.capabilities().map(|capability| (capability, true)).collect();
    let route = format!("/wp/v2/users/{}", user.id);
    let mut links = Links::default();
    let may = |verb| turn.actor().may_on_account(verb, user.id).is_ok();
    let edits = may(Verb::Update);
    let mut allow = vec!["GET"];
    if edits {
        allow.extend(["POST", "PUT", "PATCH"]);
    }
    if may(Verb::Delete) {
        allow.push("DELETE");
    }
    links.own(turn, &route, &allow);
    links.plain("collection", turn.href("/wp/v2/users"));
    let preferences = stored
        .bytes(&format!("{}persisted_preferences", "wp_"))
        .and_then(|bytes| gp_php::parse_lenient(bytes).ok())
        .map_or_else(|| json!([]), |value| crate::php::to_json(&value));
    let edits = editing && edits;
    Ok(json!({
        "id": user.id,
        "username": user.login,
        "name": user.display_name,
        "first_name": stored.text("first_name"),
        "last_name": stored.text("last_name"),
        "email": user.email,
        "url": user.url,
        "description": stored.text("description"),
        "link": turn.url(&address::links::of_author(&turn.site, user)),
        "locale": locale(turn, stored),
        "nickname": stored.text("nickname"),
        "slug": user.nicename,
        "registered_date": dates::shown(&user.registered).as_str().map(|date| format!("{date}+00:00")),
        "roles": roles,
        "capabilities": all,
        "extra_capabilities": own,
        "avatar_urls": avatars(turn, user),
        "meta": if edits { json!({"persisted_preferences": preferences}) } else { json!([]) },
        "_links": links.value(),
    }))
}

/// The language of somebody's own pages: theirs, else the site's, else English.
fn locale(turn: &Turn, stored: &Meta) -> String {
    let choices = [stored.text("locale"), turn.site.text("WPLANG")];
    let chosen = choices.into_iter().find(|locale| !locale.is_empty());
    chosen.unwrap_or_else(|| "en_US".to_owned())
}

/// Addresses of pictures in the form that clients know. The hash is not that of the mail address, which anybody could find out
/// from it, but of the account on this site: the picture is the general one.
pub(crate) fn avatars(turn: &Turn, user: &User) -> Value {
    avatars_of(&format!("{} {}", turn.site.home, user.id))
}

/// See [`avatars`], for somebody without an account.
pub(crate) fn avatars_of(whom: &str) -> Value {
    let hash: String = Sha256::digest(whom.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let size = |n: u32| format!("https://secure.gravatar.com/avatar/{hash}?s={n}&d=mm&r=g");
    json!({"24": size(24), "48": size(48), "96": size(96)})
}

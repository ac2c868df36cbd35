//! `menus` and `menu-locations`: classic menus; their entries are in `entries`. `navigation-fallback`: the block menu that an editor begins with.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{Item, ItemQuery, Order, Term, Verb, actions, items, terms};
use gp_kernel::{ErrorKind, ItemId, TermId};
use gp_rest::{
    Answer, Deed, EDIT, Failure, Links, MAKE, Outcome, READ, REMOVE, Reply, Request, Resource, Route, Turn, listing,
    schema::{by_ids, context, force, id, joined, members, ordering, paging, titled, writable},
};
use serde_json::{Map, Value, json};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let menus: Arc<dyn Resource> = Arc::new(Menus);
    let places: Arc<dyn Resource> = Arc::new(Locations);
    let of_term = || id("Unique identifier for the term.");
    let place = members(
        json!({"location": {"description": "An alphanumeric identifier for the menu location.",
        "type": "string"}}),
    );
    vec![
        Route::new("wp/v2", "/menus", menus.clone())
            .on(READ, Deed::List, list_args())
            .on(MAKE, Deed::Create, writable(&menu_properties(), true))
            .batched(),
        Route::new("wp/v2", "/menus/(?P<id>[\\d]+)", menus)
            .on(READ, Deed::Get, joined([of_term(), shown()]))
            .on(
                EDIT,
                Deed::Update,
                joined([of_term(), writable(&menu_properties(), false)]),
            )
            .on(
                REMOVE,
                Deed::Delete,
                joined([
                    of_term(),
                    force("Required to be true, as terms do not support trashing."),
                ]),
            )
            .batched(),
        Route::new("wp/v2", "/menu-locations", places.clone()).on(READ, Deed::List, shown()),
        Route::new("wp/v2", "/menu-locations/(?P<location>[\\w-]+)", places).on(
            READ,
            Deed::Get,
            joined([place, shown()]),
        ),
        Route::new("wp-block-editor/v1", "/navigation-fallback", Arc::new(Fallback)).on(READ, Deed::Get, Map::new()),
    ]
}

fn list_args() -> Map<String, Value> {
    let own = members(json!({
        "offset": {"description": "Offset the result set by a specific number of items.", "type": "integer"},
        "hide_empty": {"description": "Whether to hide terms not assigned to any posts.", "type": "boolean",
            "default": false},
        "post": {"description": "Limit result set to terms assigned to a specific post.", "type": "integer",
            "default": null},
        "slug": {"description": "Limit result set to terms with one or more specific slugs.", "type": "array",
            "items": {"type": "string"}},
    }));
    joined([
        paging(),
        by_ids(),
        ordering("asc", "name", "term", listing::TERM_ORDERS),
        own,
    ])
}

/// Menus are for those who arrange the site.
pub(super) fn permit(turn: &Turn, deed: Deed, what: &'static str) -> Outcome<()> {
    if turn.can("edit_theme_options") {
        return Ok(());
    }
    let code = match deed {
        Deed::List | Deed::Get => "rest_cannot_view",
        Deed::Create => "rest_cannot_create",
        Deed::Delete => "rest_cannot_delete",
        _ => "rest_cannot_update",
    };
    Err(turn.refusal(code, what))
}

struct Menus;

fn menu_properties() -> Map<String, Value> {
    let all = ["view", "edit", "embed"];
    members(json!({
        "id": {"description": "Unique identifier for the term.", "type": "integer", "context": all, "readonly": true},
        "description": {"description": "HTML description of the term.", "type": "string", "context": all},
        "name": {"description": "HTML title for the term.", "type": "string", "context": all, "required": true},
        "slug": {"description": "An alphanumeric identifier for the term unique to its type.", "type": "string",
            "context": all},
        "meta": {"description": "Meta fields.", "type": "object", "properties": [], "context": all, "unchecked": true},
        "locations": {"description": "The locations assigned to the menu.", "type": "array",
            "items": {"type": "string"}, "context": all},
        "auto_add": {"description": "Whether to automatically add top level pages to this menu.", "type": "boolean",
            "context": all},
    }))
}

impl Resource for Menus {
    fn schema(&self, _site: &gp_content::Site, _base_url: &str) -> Option<Value> {
        Some(titled("nav_menu", menu_properties()))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn, deed, "Sorry, you are not allowed to view menus.") })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => list(turn, request).await,
                Deed::Get => {
                    let menu = menu(turn, request).await?;
                    Ok(Reply::ok(menu_shown(turn, &menu)))
                }
                Deed::Create => create_menu(turn, request).await,
                Deed::Delete => delete_menu(turn, request).await,
                _ => update_menu(turn, request).await,
            }
        })
    }
}

async fn list(turn: &mut Turn, request: &Request) -> Answer {
    let mut all = terms::fresh(&mut turn.conn, "nav_menu").await?;
    if let Some(post) = request.int("post").filter(|id| *id > 0) {
        let of_post = terms::of_items(&mut turn.conn, &[ItemId(post)]).await?;
        let own: Vec<TermId> = of_post.into_values().flatten().map(|t| t.term_id).collect();
        all.retain(|t| own.contains(&t.term_id));
    }
    let (include, exclude, slugs) = (request.ints("include"), request.ints("exclude"), request.texts("slug"));
    let search = request.text("search").unwrap_or_default().to_lowercase();
    all.retain(|t| {
        (include.is_empty() || include.contains(&t.term_id.0))
            && !exclude.contains(&t.term_id.0)
            && (slugs.is_empty() || slugs.contains(&t.slug))
            && (t.name.to_lowercase().contains(&search) || t.slug.contains(&search))
            && (t.count > 0 || !request.flag("hide_empty"))
    });
    listing::sort_terms(&mut all, request, &include, &slugs);
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let per_page = request.int("per_page").unwrap_or(10);
    let page = request.int("page").unwrap_or(1);
    let skip = request.int("offset").unwrap_or((page - 1).saturating_mul(per_page));
    let part = all.iter().skip(usize::try_from(skip).unwrap_or(0));
    let data = part
        .take(usize::try_from(per_page).unwrap_or(10))
        .map(|t| menu_shown(turn, t));
    let data = data.collect();
    Ok(listing::paged(turn, request, data, total, per_page, "/wp/v2/menus"))
}

async fn menu(turn: &mut Turn, request: &Request) -> Outcome<Term> {
    let id = TermId(request.int("id").unwrap_or(0));
    let all = terms::fresh(&mut turn.conn, "nav_menu").await?;
    all.into_iter()
        .find(|t| t.term_id == id)
        .ok_or_else(|| Failure::new(404, "rest_term_invalid", "Term does not exist."))
}

fn menu_shown(turn: &Turn, term: &Term) -> Value {
    let places = turn.site.menu_locations.iter().filter(|(_, id)| **id == term.term_id);
    let places: Vec<&String> = places.map(|(name, _)| name).collect();
    let mut links = Links::default();
    links.own(
        turn,
        &format!("/wp/v2/menus/{}", term.term_id),
        &["GET", "POST", "PUT", "PATCH", "DELETE"],
    );
    links.plain("collection", turn.href("/wp/v2/menus"));
    links.plain("about", turn.href("/wp/v2/taxonomies/nav_menu"));
    links.plain(
        "wp:post_type",
        turn.href(&format!("/wp/v2/menu-items?menus={}", term.term_id)),
    );
    for place in &places {
        links.embeddable("wp:menu-location", turn.href(&format!("/wp/v2/menu-locations/{place}")));
    }
    json!({
        "id": term.term_id,
        "description": term.description,
        "name": term.name,
        "slug": term.slug,
        "meta": [],
        "locations": places,
        "auto_add": adds_pages(turn, term.term_id),
        "_links": links.value(),
    })
}

/// Whether WordPress would put new pages into a menu. Here nobody does; what was set is kept and shown.
fn adds_pages(turn: &Turn, id: TermId) -> bool {
    let set = turn.site.value("nav_menu_options");
    let all = set.iter().flat_map(gp_php::Value::iter);
    let menus = all.filter(|(key, _)| key.as_str() == "auto_add");
    let mut ids = menus
        .flat_map(|(_, menus)| menus.iter())
        .filter_map(|(_, id)| id.as_int());
    ids.any(|menu| menu == id.0)
}

async fn create_menu(turn: &mut Turn, request: &Request) -> Answer {
    let types = turn.types();
    let Some(taxonomy) = types.taxonomy("nav_menu") else {
        return Err(Failure::new(404, "rest_taxonomy_invalid", "Invalid taxonomy."));
    };
    let text = |name: &str| request.text(name).unwrap_or_default().to_owned();
    let wanted = Term {
        taxonomy: "nav_menu".to_owned(),
        name: text("name"),
        slug: text("slug"),
        description: text("description"),
        ..Term::default()
    };
    let grant = turn.actor().may_on_terms(Verb::Create, taxonomy)?;
    let made = actions::create_term(&mut turn.act(), &grant, wanted)
        .await
        .map_err(|error| match error.kind {
            ErrorKind::Conflict => {
                let message = "The menu name conflicts with another menu name. Please try another.";
                Failure::new(400, "menu_exists", message)
            }
            _ => error.into(),
        })?;
    place(turn, request, made.term_id).await?;
    let location = turn.href(&format!("/wp/v2/menus/{}", made.term_id));
    Ok(Reply::created(menu_shown(turn, &made), location))
}

async fn update_menu(turn: &mut Turn, request: &Request) -> Answer {
    let mut term = menu(turn, request).await?;
    let put = |field: &mut String, name: &str| {
        if let Some(text) = request.text(name) {
            text.clone_into(field);
        }
    };
    put(&mut term.name, "name");
    put(&mut term.slug, "slug");
    put(&mut term.description, "description");
    let types = turn.types();
    let Some(taxonomy) = types.taxonomy("nav_menu") else {
        return Err(Failure::new(404, "rest_taxonomy_invalid", "Invalid taxonomy."));
    };
    let grant = turn.actor().may_on_terms(Verb::Update, taxonomy)?;
    let term = actions::update_term(&mut turn.act(), &grant, term).await?;
    place(turn, request, term.term_id).await?;
    Ok(Reply::ok(menu_shown(turn, &term)))
}

/// Puts a menu where the request wants it; each place has one menu.
async fn place(turn: &mut Turn, request: &Request, id: TermId) -> Outcome<()> {
    if request.param("locations").is_none() {
        return Ok(());
    }
    let wanted = request.texts("locations");
    let mut places = turn.site.menu_locations.clone();
    places.retain(|_, menu| *menu != id);
    places.extend(wanted.into_iter().map(|name| (name, id)));
    let option = format!("theme_mods_{}", turn.site.stylesheet);
    let mods = turn.site.value(&option);
    let mut all: Vec<(String, gp_php::Value)> = mods
        .iter()
        .flat_map(gp_php::Value::iter)
        .map(|(key, value)| (key.as_str().into_owned(), value.clone()))
        .filter(|(key, _)| key != "nav_menu_locations")
        .collect();
    let places: Vec<(&str, i64)> = places.iter().map(|(name, menu)| (name.as_str(), menu.0)).collect();
    all.push(("nav_menu_locations".to_owned(), gp_php::Value::map(places)));
    let value = gp_php::Value::map(all.iter().map(|(key, value)| (key.as_str(), value.clone())));
    let grant = turn.actor().may_manage(Verb::SetOption)?;
    actions::set_option(&mut turn.act(), &grant, &option, &gp_php::serialize(&value)).await?;
    Ok(turn.reload().await?)
}

/// The entries of a menu.
async fn entries_of(turn: &mut Turn, menu: &Term) -> Outcome<Vec<Item>> {
    let types = turn.types();
    let Some(kind) = types.get("nav_menu_item") else {
        return Ok(Vec::new());
    };
    let query = ItemQuery {
        types: vec![kind.name.to_owned()],
        shelves: Some(turn.scope.at_work(kind, &["publish", "draft"])),
        terms: vec![vec![menu.id.0]],
        order: Order::Menu,
        limit: 1000,
        ..ItemQuery::default()
    };
    Ok(items::some(&mut turn.conn, &turn.scope, &query).await?)
}

async fn delete_menu(turn: &mut Turn, request: &Request) -> Answer {
    let term = menu(turn, request).await?;
    if !request.flag("force") {
        let message = "Menus do not support trashing. Set 'force=true' to delete.";
        return Err(Failure::new(501, "rest_trash_not_supported", message));
    }
    let previous = menu_shown(turn, &term);
    let types = turn.types();
    for entry in entries_of(turn, &term).await? {
        let grant = turn.actor().may(Verb::Delete, &entry, None, &types)?;
        actions::delete(&mut turn.act(), &grant, entry.id).await?;
    }
    if let Some(taxonomy) = types.taxonomy("nav_menu") {
        let grant = turn.actor().may_on_terms(Verb::Delete, taxonomy)?;
        actions::delete_term(&mut turn.act(), &grant, &term, None).await?;
    }
    Ok(Reply::deleted(previous))
}

/// Places for classic menus: a block theme has none.
struct Locations;

impl Resource for Locations {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn, deed, "Sorry, you are not allowed to view menu locations.") })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let all = turn.site.menu_locations.iter();
            let places: Map<String, Value> = all
                .map(|(name, menu)| (name.clone(), place_shown(turn, name, *menu)))
                .collect();
            if deed == Deed::Get {
                let name = request.text("location").unwrap_or_default();
                let found = places.get(name).cloned();
                return found
                    .map(Reply::ok)
                    .ok_or_else(|| Failure::new(404, "rest_menu_location_invalid", "Invalid menu location."));
            }
            Ok(Reply::ok(if places.is_empty() {
                json!([])
            } else {
                Value::Object(places)
            }))
        })
    }
}

/// A place with its menu. What a theme's PHP called it is not known: it is called by its name.
fn place_shown(turn: &Turn, name: &str, menu: TermId) -> Value {
    let own = format!("/wp/v2/menu-locations/{name}");
    let mut links = Links::default();
    links.own(turn, &own, &["GET"]);
    links.plain("collection", turn.href("/wp/v2/menu-locations"));
    if menu.0 > 0 {
        links.embeddable("wp:menu", turn.href(&format!("/wp/v2/menus/{menu}")));
    }
    let mut letters = name.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    let words: String = first.into_iter().chain(letters).collect();
    json!({
        "name": name,
        "description": format!("{} menu", words.replace(['-', '_'], " ")),
        "menu": menu,
        "_links": links.value(),
    })
}

/// The menu of blocks that a navigation block without one shows: the newest, or a new one of all pages.
struct Fallback;

impl Resource for Fallback {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if turn.can("edit_theme_options") {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to create Navigation Menus as this user.";
            Err(turn.refusal("rest_cannot_create", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let types = turn.types();
            let Some(kind) = types.get("wp_navigation") else {
                return Err(Failure::new(404, "rest_type_invalid", "Invalid post type."));
            };
            let query = ItemQuery {
                types: vec![kind.name.to_owned()],
                shelves: Some(turn.scope.at_work(kind, &["publish"])),
                limit: 1,
                ..ItemQuery::default()
            };
            let found = items::some(&mut turn.conn, &turn.scope, &query)
                .await?
                .into_iter()
                .next();
            // Nothing is made by reading: without a menu the editor offers to make one.
            let Some(item) = found else {
                return Err(Failure::new(404, "no_fallback_menu", "No fallback menu found."));
            };
            let mut links = Links::default();
            links.embeddable("self", turn.href(&format!("/wp/v2/navigation/{}", item.id)));
            Ok(Reply::ok(json!({"id": item.id, "_links": links.value()})))
        })
    }
}

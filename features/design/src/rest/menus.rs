//! `menus`, `menu-items` and `menu-locations`: classic menus. `navigation-fallback`: the block menu that an editor begins with.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{
    Item, ItemQuery, Meta, MetaKind, Order, Term, Verb,
    actions::{self, Changes},
    items, meta, terms,
};
use gp_kernel::{ErrorKind, ItemId, TermId};
use gp_rest::{
    Answer, Deed, EDIT, Failure, Links, MAKE, Outcome, READ, REMOVE, Reply, Request, Resource, Route, Turn,
    schema::{by_ids, context, force, id, joined, members, ordering, paging, titled, writable},
};
use serde_json::{Map, Value, json};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let menus: Arc<dyn Resource> = Arc::new(Menus);
    let entries: Arc<dyn Resource> = Arc::new(Entries);
    let of_term = || id("Unique identifier for the term.");
    let of_post = || id("Unique identifier for the post.");
    let by = [
        "id",
        "include",
        "name",
        "slug",
        "include_slugs",
        "term_group",
        "description",
        "count",
    ];
    let list = joined([paging(), by_ids(), ordering("asc", "name", "term", &by)]);
    let mut entry_list = joined([
        paging(),
        by_ids(),
        ordering("asc", "menu_order", "object", &["menu_order", "id", "title"]),
    ]);
    entry_list.insert(
        "menus".to_owned(),
        json!({"description": "Limit result set to items with specific terms assigned in the menus taxonomy.",
            "type": "array", "items": {"type": "integer"}}),
    );
    if let Some(Value::Object(per_page)) = entry_list.get_mut("per_page") {
        per_page.insert("default".to_owned(), 100.into());
    }
    vec![
        Route::new("wp/v2", "/menus", menus.clone())
            .on(READ, Deed::List, list)
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
        Route::new("wp/v2", "/menu-items", entries.clone())
            .on(READ, Deed::List, entry_list)
            .on(MAKE, Deed::Create, writable(&entry_properties(), true))
            .batched(),
        Route::new("wp/v2", "/menu-items/(?P<id>[\\d]+)", entries)
            .on(READ, Deed::Get, joined([of_post(), shown()]))
            .on(
                EDIT,
                Deed::Update,
                joined([of_post(), writable(&entry_properties(), false)]),
            )
            .on(
                REMOVE,
                Deed::Delete,
                joined([of_post(), force("Whether to bypass Trash and force deletion.")]),
            )
            .batched(),
        Route::new("wp/v2", "/menu-locations", Arc::new(Locations)).on(READ, Deed::List, shown()),
        Route::new("wp-block-editor/v1", "/navigation-fallback", Arc::new(Fallback)).on(READ, Deed::Get, Map::new()),
    ]
}

/// Menus are for those who arrange the site.
fn permit(turn: &Turn, deed: Deed, what: &'static str) -> Outcome<()> {
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
        "meta": {"description": "Meta fields.", "type": "object", "properties": {}, "context": all},
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
                Deed::List => {
                    let all = terms::fresh(&mut turn.conn, "nav_menu").await?;
                    let include = request.ints("include");
                    let data: Vec<Value> = all
                        .iter()
                        .filter(|t| include.is_empty() || include.contains(&t.term_id.0))
                        .map(|t| menu_shown(turn, t))
                        .collect();
                    Ok(counted(data))
                }
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

fn counted(data: Vec<Value>) -> Reply {
    let total = data.len();
    Reply::ok(Value::Array(data))
        .with("x-wp-total", total.to_string())
        .with("x-wp-totalpages", usize::from(total > 0).to_string())
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
    json!({
        "id": term.term_id,
        "description": term.description,
        "name": term.name,
        "slug": term.slug,
        "meta": [],
        "locations": places,
        "auto_add": false,
        "_links": links.value(),
    })
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

async fn delete_menu(turn: &mut Turn, request: &Request) -> Answer {
    let term = menu(turn, request).await?;
    if !request.flag("force") {
        let message = "Menus do not support trashing. Set 'force=true' to delete.";
        return Err(Failure::new(501, "rest_trash_not_supported", message));
    }
    let previous = menu_shown(turn, &term);
    let types = turn.types();
    for entry in entries_of(turn, Some(&term), &["publish", "draft"]).await? {
        let grant = turn.actor().may(Verb::Delete, &entry, None, &types)?;
        actions::delete(&mut turn.act(), &grant, entry.id).await?;
    }
    if let Some(taxonomy) = types.taxonomy("nav_menu") {
        let grant = turn.actor().may_on_terms(Verb::Delete, taxonomy)?;
        actions::delete_term(&mut turn.act(), &grant, &term, None).await?;
    }
    Ok(Reply::deleted(previous))
}

struct Entries;

/// Each field of an entry that is kept as meta, with its key.
const KEPT: &[(&str, &str)] = &[
    ("type", "_menu_item_type"),
    ("object", "_menu_item_object"),
    ("object_id", "_menu_item_object_id"),
    ("parent", "_menu_item_menu_item_parent"),
    ("url", "_menu_item_url"),
    ("target", "_menu_item_target"),
];

fn entry_properties() -> Map<String, Value> {
    let all = ["view", "edit", "embed"];
    members(json!({
        "title": {"description": "The title for the object.", "type": ["string", "object"], "context": all,
            "unchecked": true},
        "id": {"description": "Unique identifier for the object.", "type": "integer", "default": 0, "minimum": 0,
            "context": all, "readonly": true},
        "type_label": {"description": "Name of type.", "type": "string", "context": all, "readonly": true},
        "type": {"description": "The family of objects originally represented, such as \"post_type\" or \"taxonomy\".",
            "type": "string", "enum": ["taxonomy", "post_type", "post_type_archive", "custom"], "default": "custom",
            "context": all},
        "status": {"description": "A named status for the object.", "type": "string",
            "enum": ["publish", "future", "draft", "pending", "private"], "default": "publish", "context": all},
        "parent": {"description": "The ID for the parent of the object.", "type": "integer", "minimum": 0, "default": 0,
            "context": all},
        "attr_title": {"description": "Text for the title attribute of the link element for this menu item.",
            "type": "string", "context": all},
        "classes": {"description": "Class names for the link element of this menu item.", "type": "array",
            "items": {"type": "string"}, "context": all},
        "description": {"description": "The description of this menu item.", "type": "string", "context": all},
        "menu_order": {"description": "The DB ID of the nav_menu_item that is this item's menu parent, if any, otherwise 0.",
            "type": "integer", "minimum": 1, "default": 1, "context": all},
        "object": {"description": "The type of object originally represented, such as \"category\", \"post\", or \"attachment\".",
            "type": "string", "context": all},
        "object_id": {"description": "The database ID of the original object this menu item represents, for example the ID for posts or the term_id for categories.",
            "type": "integer", "minimum": 0, "default": 0, "context": all},
        "target": {"description": "The target attribute of the link element for this menu item.", "type": "string",
            "enum": ["_blank", ""], "context": all},
        "url": {"description": "The URL to which this menu item points.", "type": "string", "format": "uri",
            "context": all},
        "xfn": {"description": "The XFN relationship expressed in the link of this menu item.", "type": "array",
            "items": {"type": "string"}, "context": all},
        "menus": {"description": "The terms assigned to the object in the nav_menu taxonomy.", "type": "integer",
            "context": all},
    }))
}

impl Resource for Entries {
    fn schema(&self, _site: &gp_content::Site, _base_url: &str) -> Option<Value> {
        Some(titled("nav_menu_item", entry_properties()))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn, deed, "Sorry, you are not allowed to view menu items.") })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => list_entries(turn, request).await,
                Deed::Create => {
                    let new = Item {
                        kind: "nav_menu_item".to_owned(),
                        status: "publish".to_owned(),
                        author: turn.actor().user(),
                        ..Item::default()
                    };
                    let types = turn.types();
                    let grant = turn.actor().may(Verb::Publish, &new, None, &types)?;
                    let made = actions::create(&mut turn.act(), &grant, new).await?;
                    write_entry(turn, request, &made).await?;
                    let location = turn.href(&format!("/wp/v2/menu-items/{}", made.id));
                    Ok(Reply::created(one_entry(turn, made.id).await?, location))
                }
                Deed::Update => {
                    let item = entry(turn, request).await?;
                    write_entry(turn, request, &item).await?;
                    Ok(Reply::ok(one_entry(turn, item.id).await?))
                }
                Deed::Delete => delete_entry(turn, request).await,
                _ => {
                    let item = entry(turn, request).await?;
                    Ok(Reply::ok(one_entry(turn, item.id).await?))
                }
            }
        })
    }
}

async fn entry(turn: &mut Turn, request: &Request) -> Outcome<Item> {
    let found = items::by_id(&mut turn.conn, ItemId(request.int("id").unwrap_or(0))).await?;
    found
        .filter(|item| item.kind == "nav_menu_item")
        .ok_or_else(|| Failure::new(404, "rest_post_invalid_id", "Invalid post ID."))
}

/// The entries of a menu, or of all.
async fn entries_of(turn: &mut Turn, menu: Option<&Term>, statuses: &[&str]) -> Outcome<Vec<Item>> {
    let types = turn.types();
    let Some(kind) = types.get("nav_menu_item") else {
        return Ok(Vec::new());
    };
    let query = ItemQuery {
        types: vec![kind.name.to_owned()],
        shelves: Some(turn.scope.at_work(kind, statuses)),
        terms: menu.map(|term| vec![vec![term.id.0]]).unwrap_or_default(),
        order: Order::Menu,
        limit: 1000,
        ..ItemQuery::default()
    };
    Ok(items::some(&mut turn.conn, &turn.scope, &query).await?)
}

async fn list_entries(turn: &mut Turn, request: &Request) -> Answer {
    let wanted = request.ints("menus");
    let all = terms::fresh(&mut turn.conn, "nav_menu").await?;
    let mut found = Vec::new();
    if wanted.is_empty() {
        found = entries_of(turn, None, &["publish"]).await?;
    }
    for term in all.iter().filter(|t| wanted.contains(&t.term_id.0)) {
        found.extend(entries_of(turn, Some(term), &["publish"]).await?);
    }
    let mut data = Vec::new();
    for item in found {
        data.push(one_entry(turn, item.id).await?);
    }
    Ok(counted(data))
}

async fn one_entry(turn: &mut Turn, id: ItemId) -> Outcome<Value> {
    let found = items::by_id(&mut turn.conn, id).await?;
    let item = found.ok_or_else(|| Failure::new(404, "rest_post_invalid_id", "Invalid post ID."))?;
    let stored = meta::of(&mut turn.conn, MetaKind::Item, id.0).await?;
    let own = terms::of_items(&mut turn.conn, &[id])
        .await?
        .remove(&id)
        .unwrap_or_default();
    let menu = own.iter().find(|t| t.taxonomy == "nav_menu").map_or(0, |t| t.term_id.0);
    Ok(entry_shown(turn, &item, &stored, menu))
}

fn entry_shown(turn: &Turn, item: &Item, stored: &Meta, menu: i64) -> Value {
    let list = |key: &str| -> Vec<String> {
        let value = stored.bytes(key).and_then(|bytes| gp_php::parse_lenient(bytes).ok());
        let items = value.iter().flat_map(gp_php::Value::iter);
        items
            .filter_map(|(_, v)| v.as_str().map(|text| text.into_owned()))
            .collect()
    };
    let kind = Some(stored.text("_menu_item_type"))
        .filter(|k| !k.is_empty())
        .unwrap_or_else(|| "custom".to_owned());
    let xfn = stored.text("_menu_item_xfn");
    let mut links = Links::default();
    let own = format!("/wp/v2/menu-items/{}", item.id);
    links.own(turn, &own, &["GET", "POST", "PUT", "PATCH", "DELETE"]);
    links.plain("collection", turn.href("/wp/v2/menu-items"));
    links.plain("about", turn.href("/wp/v2/types/nav_menu_item"));
    links.add(
        "wp:term",
        turn.href(&format!("/wp/v2/menus?post={}", item.id)),
        json!({"embeddable": true, "taxonomy": "nav_menu"}),
    );
    json!({
        "id": item.id,
        "title": {"raw": item.title, "rendered": item.title},
        "status": item.status,
        "url": stored.text("_menu_item_url"),
        "attr_title": item.excerpt,
        "description": item.content,
        "type": kind,
        "type_label": if kind == "custom" { "Custom Link" } else { "" },
        "object": stored.text("_menu_item_object"),
        "object_id": stored.int("_menu_item_object_id").unwrap_or(0),
        "parent": stored.int("_menu_item_menu_item_parent").unwrap_or(0),
        "menu_order": item.menu_order,
        "target": stored.text("_menu_item_target"),
        "classes": list("_menu_item_classes"),
        "xfn": xfn.split(' ').collect::<Vec<_>>(),
        "invalid": false,
        "meta": [],
        "menus": menu,
        "_links": links.value(),
    })
}

async fn write_entry(turn: &mut Turn, request: &Request, item: &Item) -> Outcome<()> {
    let types = turn.types();
    let grant = turn.actor().may(Verb::Publish, item, None, &types)?;
    let title = match request.param("title") {
        Some(Value::Object(members)) => members.get("raw").and_then(Value::as_str).map(str::to_owned),
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let changes = Changes {
        title,
        content: request.text("description").map(str::to_owned),
        excerpt: request.text("attr_title").map(str::to_owned),
        menu_order: request.int("menu_order"),
        status: request.text("status").map(str::to_owned),
        ..Changes::default()
    };
    actions::update(&mut turn.act(), &grant, item.id, changes).await?;
    for (field, key) in KEPT {
        let value = match request.param(field) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => continue,
        };
        actions::set_meta(&mut turn.act(), &grant, item.id, key, &[value.as_bytes()]).await?;
    }
    if request.param("classes").is_some() {
        let classes = gp_php::serialize(&gp_php::Value::list(
            request.texts("classes").iter().map(|c| gp_php::Value::from(c.as_str())),
        ));
        actions::set_meta(&mut turn.act(), &grant, item.id, "_menu_item_classes", &[&classes]).await?;
    }
    if request.param("xfn").is_some() {
        let xfn = request.texts("xfn").join(" ");
        actions::set_meta(&mut turn.act(), &grant, item.id, "_menu_item_xfn", &[xfn.as_bytes()]).await?;
    }
    if let Some(menu) = request.int("menus") {
        let all = terms::fresh(&mut turn.conn, "nav_menu").await?;
        let own: Vec<_> = all.iter().filter(|t| t.term_id.0 == menu).map(|t| t.id).collect();
        actions::set_terms(&mut turn.act(), &grant, item.id, "nav_menu", &own).await?;
    }
    Ok(())
}

async fn delete_entry(turn: &mut Turn, request: &Request) -> Answer {
    let item = entry(turn, request).await?;
    if !request.flag("force") {
        let message = "Menu items do not support trashing. Set 'force=true' to delete.";
        return Err(Failure::new(501, "rest_trash_not_supported", message));
    }
    let previous = one_entry(turn, item.id).await?;
    let types = turn.types();
    let grant = turn.actor().may(Verb::Delete, &item, None, &types)?;
    actions::delete(&mut turn.act(), &grant, item.id).await?;
    Ok(Reply::deleted(previous))
}

/// Places for classic menus: a block theme has none.
struct Locations;

impl Resource for Locations {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn, deed, "Sorry, you are not allowed to view menu locations.") })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let places: Map<String, Value> = turn
                .site
                .menu_locations
                .iter()
                .map(|(name, menu)| (name.clone(), json!({"name": name, "description": name, "menu": menu})))
                .collect();
            Ok(Reply::ok(if places.is_empty() {
                json!([])
            } else {
                Value::Object(places)
            }))
        })
    }
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

//! `menu-items`: the entries of classic menus, with the title and the address of what they point at.

use std::{collections::HashMap, sync::Arc};

use futures_util::future::BoxFuture;
use gp_content::{
    ContentType, Item, Meta, MetaKind, Taxonomy, Term, Types, Verb,
    actions::{self, Changes},
    address::links as addresses,
    items, meta, terms,
};
use gp_kernel::{ItemId, TermId};
use gp_markup::text;
use gp_rest::{
    Answer, Deed, EDIT, Failure, Links, MAKE, Outcome, READ, REMOVE, Reply, Request, Resource, Route, Turn, listing,
    schema::{context, force, id, in_context, joined, members, properties, titled, writable},
    versions,
};
use serde_json::{Map, Value, json};

use super::menus;

const OWN: &str = include_str!("menu-item.json");

/// The routes.
pub(super) fn routes(types: &Types) -> Vec<Route> {
    let Some(kind) = types.get("nav_menu_item") else {
        return Vec::new();
    };
    let menu: Vec<Taxonomy> = types.taxonomy("nav_menu").cloned().into_iter().collect();
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let entries: Arc<dyn Resource> = Arc::new(Entries { kind: kind.clone() });
    let of_post = || id("Unique identifier for the post.");
    let own = properties(OWN);
    let mut out = vec![
        Route::new("wp/v2", "/menu-items", entries.clone())
            .on(READ, Deed::List, list_args(kind, &menu))
            .on(MAKE, Deed::Create, writable(&own, true))
            .batched(),
        Route::new("wp/v2", "/menu-items/(?P<id>[\\d]+)", entries)
            .on(READ, Deed::Get, joined([of_post(), shown()]))
            .on(EDIT, Deed::Update, joined([of_post(), writable(&own, false)]))
            .on(
                REMOVE,
                Deed::Delete,
                joined([of_post(), force("Whether to bypass Trash and force deletion.")]),
            )
            .batched(),
    ];
    out.extend(versions::autosave_routes(kind, &own));
    out
}

/// A list is in the order of the menu, and long.
fn list_args(kind: &ContentType, menu: &[Taxonomy]) -> Map<String, Value> {
    let mut out = listing::list_args(kind, menu);
    let mut set = |name: &str, key: &str, value: Value| {
        if let Some(arg) = out.get_mut(name) {
            arg[key] = value;
        }
    };
    set("per_page", "default", 100.into());
    set("order", "default", "asc".into());
    set("orderby", "default", "menu_order".into());
    set("orderby", "description", "Sort collection by object attribute.".into());
    if let Some(Value::Array(choices)) = out.get_mut("orderby").and_then(|arg| arg.get_mut("enum")) {
        choices.push("menu_order".into());
    }
    out.insert(
        "menu_order".to_owned(),
        json!({"description": "Limit result set to posts with a specific menu_order value.", "type": "integer"}),
    );
    out
}

struct Entries {
    kind: ContentType,
}

/// Each field of an entry that is kept as meta, with its key.
const KEPT: &[(&str, &str)] = &[
    ("type", "_menu_item_type"),
    ("object", "_menu_item_object"),
    ("object_id", "_menu_item_object_id"),
    ("parent", "_menu_item_menu_item_parent"),
    ("url", "_menu_item_url"),
    ("target", "_menu_item_target"),
];

impl Resource for Entries {
    fn schema(&self, _site: &gp_content::Site, _base_url: &str) -> Option<Value> {
        Some(titled("nav_menu_item", properties(OWN)))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { menus::permit(turn, deed, "Sorry, you are not allowed to view menu items.") })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => self.list(turn, request).await,
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
                    write(turn, request, &made).await?;
                    let location = turn.href(&format!("/wp/v2/menu-items/{}", made.id));
                    Ok(Reply::created(one(turn, made.id, "edit").await?, location))
                }
                Deed::Update => {
                    let item = entry(turn, request).await?;
                    write(turn, request, &item).await?;
                    Ok(Reply::ok(one(turn, item.id, "edit").await?))
                }
                Deed::Delete => delete(turn, request).await,
                _ => {
                    let item = entry(turn, request).await?;
                    Ok(Reply::ok(one(turn, item.id, request.context()).await?))
                }
            }
        })
    }
}

impl Entries {
    async fn list(&self, turn: &mut Turn, request: &Request) -> Answer {
        let found = listing::found(turn, &self.kind, request).await?;
        let data = several(turn, &found.items, request.context()).await?;
        Ok(listing::paged(
            turn,
            request,
            data,
            found.total,
            found.per_page,
            "/wp/v2/menu-items",
        ))
    }
}

fn unknown() -> Box<Failure> {
    Failure::new(404, "rest_post_invalid_id", "Invalid post ID.")
}

async fn entry(turn: &mut Turn, request: &Request) -> Outcome<Item> {
    let found = items::by_id(&mut turn.conn, ItemId(request.int("id").unwrap_or(0))).await?;
    found.filter(|item| item.kind == "nav_menu_item").ok_or_else(unknown)
}

async fn one(turn: &mut Turn, id: ItemId, context: &str) -> Outcome<Value> {
    let item = items::by_id(&mut turn.conn, id).await?.ok_or_else(unknown)?;
    let data = several(turn, &[item], context).await?;
    data.into_iter().next().ok_or_else(unknown)
}

/// Everything that entries point at, and what is kept of them.
struct Around {
    metas: HashMap<i64, Meta>,
    menus: HashMap<ItemId, Vec<Term>>,
    items: HashMap<ItemId, Item>,
    links: HashMap<ItemId, String>,
    taxonomies: HashMap<String, Arc<Vec<Term>>>,
}

impl Around {
    async fn of(turn: &mut Turn, list: &[Item]) -> Outcome<Self> {
        let ids: Vec<ItemId> = list.iter().map(|item| item.id).collect();
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let metas = meta::of_many(&mut turn.conn, MetaKind::Item, &numbers).await?;
        let pointing = |kind: &'static str| metas.values().filter(move |m| m.text("_menu_item_type") == kind);
        let objects: Vec<ItemId> = pointing("post_type")
            .filter_map(|m| m.int("_menu_item_object_id").map(ItemId))
            .collect();
        let names: Vec<String> = pointing("taxonomy").map(|m| m.text("_menu_item_object")).collect();
        let objects = items::by_ids(&mut turn.conn, &objects).await?;
        let found: Vec<Item> = objects.values().cloned().collect();
        let types = turn.types();
        let links = addresses::of_items(&mut turn.conn, &turn.site, &types, &found).await?;
        let mut taxonomies = HashMap::new();
        for name in names {
            let all = terms::all_of(&mut turn.conn, &name).await?;
            taxonomies.entry(name).or_insert(all);
        }
        Ok(Self {
            menus: terms::of_items(&mut turn.conn, &ids).await?,
            items: objects,
            metas,
            links,
            taxonomies,
        })
    }
}

async fn several(turn: &mut Turn, list: &[Item], context: &str) -> Outcome<Vec<Value>> {
    let around = Around::of(turn, list).await?;
    let own = properties(OWN);
    let shown = list
        .iter()
        .map(|item| in_context(shown(turn, item, &around), &own, context));
    Ok(shown.collect())
}

/// What an entry points at.
#[derive(Debug, Default, PartialEq)]
struct Target {
    /// What it is called where nobody gave the entry a title.
    title: String,
    url: String,
    /// What one of its kind is called.
    label: String,
    /// It is gone, or in the trash.
    invalid: bool,
    /// Its route in the API, with the word for its kind: `post_type` or `taxonomy`.
    route: Option<(&'static str, String)>,
}

fn target(turn: &Turn, stored: &Meta, around: &Around) -> Target {
    let types = turn.types();
    let object = stored.text("_menu_item_object");
    let id = stored.int("_menu_item_object_id").unwrap_or(0);
    let mut found = match stored.text("_menu_item_type").as_str() {
        "post_type" => {
            let known = around.items.get(&ItemId(id));
            let kind = types.get(&object);
            let link = known.and_then(|item| around.links.get(&item.id));
            let route = known.and_then(|item| types.get(&item.kind)?.rest_base);
            Target {
                title: known.map(|item| item.title.clone()).unwrap_or_default(),
                url: link.map(|link| turn.url(link)).unwrap_or_default(),
                label: kind.map_or(object.clone(), |kind| gp_rest::type_names(kind).1.to_owned()),
                invalid: kind.is_none() || known.is_none_or(|item| item.status == "trash"),
                route: route.map(|base| ("post_type", format!("/wp/v2/{base}/{id}"))),
            }
        }
        "taxonomy" => {
            let taxonomy = types.taxonomy(&object);
            let all = around.taxonomies.get(&object);
            let term = all.and_then(|all| all.iter().find(|t| t.term_id == TermId(id)));
            let link = term.and_then(|term| Some(addresses::of_term(&turn.site, &types, term, all?)));
            let base = taxonomy.map(|t| t.rest_base).filter(|base| !base.is_empty());
            Target {
                title: term.map(|term| term.name.clone()).unwrap_or_default(),
                url: link.map(|link| turn.url(&link)).unwrap_or_default(),
                label: taxonomy.map_or(object.clone(), |t| gp_rest::taxonomy_names(t).1.to_owned()),
                invalid: term.is_none(),
                route: term.and(base).map(|base| ("taxonomy", format!("/wp/v2/{base}/{id}"))),
            }
        }
        "post_type_archive" => {
            let kind = types.get(&object).filter(|t| t.public && !t.front.is_empty());
            return Target {
                title: kind
                    .map(|kind| format!("All {}", gp_rest::type_names(kind).0))
                    .unwrap_or_default(),
                url: kind
                    .map(|kind| turn.url(&format!("/{}{}", kind.front, turn.site.trailing())))
                    .unwrap_or_default(),
                label: "Post Type Archive".to_owned(),
                invalid: kind.is_none(),
                route: None,
            };
        }
        _ => {
            return Target {
                url: stored.text("_menu_item_url"),
                label: "Custom Link".to_owned(),
                ..Target::default()
            };
        }
    };
    if found.title.trim().is_empty() {
        found.title = format!("#{id} (no title)");
    }
    found
}

fn shown(turn: &Turn, item: &Item, around: &Around) -> Value {
    let nothing = Meta::default();
    let stored = around.metas.get(&item.id.0).unwrap_or(&nothing);
    let kind = Some(stored.text("_menu_item_type")).filter(|k| !k.is_empty());
    let kind = kind.unwrap_or_else(|| "custom".to_owned());
    let target = target(turn, stored, around);
    let title = if item.title.is_empty() {
        &target.title
    } else {
        &item.title
    };
    let rendered = text::convert_chars(&text::wptexturize(title));
    let own = around.menus.get(&item.id).into_iter().flatten();
    let menu = own
        .into_iter()
        .find(|t| t.taxonomy == "nav_menu")
        .map_or(0, |t| t.term_id.0);
    let object = stored.text("_menu_item_object");
    let xfn = stored.text("_menu_item_xfn");
    json!({
        "id": item.id,
        "title": {"raw": title, "rendered": rendered.trim()},
        "status": item.status,
        "url": target.url,
        "attr_title": item.excerpt,
        "description": text::wp_trim_words(&item.content, 200, "&hellip;"),
        "type": kind,
        "type_label": target.label,
        "object": if object.is_empty() && kind == "custom" { "custom" } else { object.as_str() },
        "object_id": stored.int("_menu_item_object_id").unwrap_or(0).unsigned_abs(),
        "parent": stored.int("_menu_item_menu_item_parent").unwrap_or(0),
        "menu_order": item.menu_order,
        "target": stored.text("_menu_item_target"),
        "classes": classes(stored),
        "xfn": xfn.split(' ').map(html_class).collect::<Vec<_>>(),
        "invalid": target.invalid,
        "meta": [],
        "menus": menu,
        "_links": links(turn, item, &object, &target).value(),
    })
}

fn links(turn: &Turn, item: &Item, object: &str, target: &Target) -> Links {
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
    if let Some((word, route)) = &target.route {
        let mut more = Map::new();
        more.insert((*word).to_owned(), object.into());
        more.insert("embeddable".to_owned(), true.into());
        links.add("wp:menu-item-object", turn.href(route), Value::Object(more));
    }
    links
}

/// The classes of an entry; one without has one empty one.
fn classes(stored: &Meta) -> Vec<String> {
    let value = stored
        .bytes("_menu_item_classes")
        .and_then(|bytes| gp_php::parse_lenient(bytes).ok());
    let all = value.iter().flat_map(gp_php::Value::iter);
    let all: Vec<String> = all
        .filter_map(|(_, class)| class.as_str().map(|text| text.into_owned()))
        .collect();
    if all.is_empty() { vec![String::new()] } else { all }
}

/// A class as an attribute may hold it.
fn html_class(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

async fn write(turn: &mut Turn, request: &Request, item: &Item) -> Outcome<()> {
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
            // A link of one's own points at itself.
            Some(Value::Number(number)) if *field == "object_id" && number.as_i64() == Some(0) => item.id.to_string(),
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

async fn delete(turn: &mut Turn, request: &Request) -> Answer {
    let item = entry(turn, request).await?;
    if !request.flag("force") {
        let message = "Menu items do not support trashing. Set 'force=true' to delete.";
        return Err(Failure::new(501, "rest_trash_not_supported", message));
    }
    let previous = one(turn, item.id, "edit").await?;
    let types = turn.types();
    let grant = turn.actor().may(Verb::Delete, &item, None, &types)?;
    actions::delete(&mut turn.act(), &grant, item.id).await?;
    Ok(Reply::deleted(previous))
}

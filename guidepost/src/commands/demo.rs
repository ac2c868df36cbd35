//! `demo`: the demo library into an empty data folder, through the same verbs as everything else.

use std::collections::{BTreeMap, HashMap};

use gp_content::{
    Actor, Grant, Item, Term, User, Verb,
    actions::{self, Act},
};
use gp_kernel::{Error, ItemId, Result, TermTaxonomyId, UserId};
use gp_php::Value;
use gp_store::BlobStore;
use serde::Deserialize;

use crate::{app::Site, builtin, commands::act};

/// Fills an empty site with the demo library, then serves it. A site that has anything is served as it is.
pub(super) async fn demo(site: &Site) -> Result<()> {
    let empty = !gp_content::items::any(&mut site.db.read().await?).await?;
    if empty {
        fill(site).await?;
    }
    super::serve::serve(site).await
}

#[derive(Debug, Deserialize)]
struct Terms {
    term: Vec<NewTerm>,
}

#[derive(Debug, Deserialize)]
struct NewTerm {
    taxonomy: String,
    name: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    description: String,
    parent: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Users {
    user: Vec<NewUser>,
}

#[derive(Debug, Deserialize)]
struct NewUser {
    login: String,
    display_name: String,
    email: String,
    role: String,
}

#[derive(Debug, Deserialize)]
struct Menus {
    menu: Vec<Menu>,
}

#[derive(Debug, Deserialize)]
struct Menu {
    name: String,
    slug: String,
    location: String,
    item: Vec<MenuItem>,
}

#[derive(Debug, Deserialize)]
struct MenuItem {
    label: String,
    url: Option<String>,
    page: Option<String>,
    post: Option<String>,
    category: Option<String>,
    #[serde(default)]
    children: Vec<MenuItem>,
}

/// The front matter of an item.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Front {
    title: String,
    status: Option<String>,
    date: Option<String>,
    modified: Option<String>,
    author: Option<String>,
    excerpt: String,
    labels: Vec<String>,
    tags: Vec<String>,
    regions: Vec<String>,
    parent: Option<String>,
    menu_order: i64,
    template: Option<String>,
    password: String,
    lang: Option<String>,
    record: Option<toml::Table>,
    files: Vec<toml::Table>,
    changes: Vec<toml::Table>,
    meta: BTreeMap<String, String>,
    #[serde(flatten)]
    other: toml::Table,
}

struct Source {
    kind: String,
    slug: String,
    front: Front,
    body: String,
}

/// Everything that the loader has made so far.
#[derive(Default)]
struct Made {
    users: HashMap<String, UserId>,
    terms: HashMap<(String, String), Term>,
    items: HashMap<(String, String), ItemId>,
}

fn parse<T: serde::de::DeserializeOwned>(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Result<T> {
    let text = files.get(name).map(|b| String::from_utf8_lossy(b)).unwrap_or_default();
    toml::from_str(&text).map_err(|e| Error::invalid(format!("demo/{name}: {e}")))
}

async fn fill(site: &Site) -> Result<()> {
    let files = builtin::demo();
    let sources = sources(&files)?;
    let digests = keep_files(&site.blobs, &files).await?;
    let mut tx = site.db.write().await?;
    options(&mut act(site, &mut tx).await?, &files).await?;
    let mut act = act(site, &mut tx).await?;
    let mut made = Made::default();
    users(&mut act, &files, &mut made).await?;
    terms(&mut act, &files, &mut made).await?;
    for source in &sources {
        item(&mut act, source, &mut made).await?;
    }
    for source in &sources {
        attachments(&mut act, source, &made, &digests).await?;
    }
    menus(&mut act, &files, &made).await?;
    tx.commit().await?;
    println!(
        "The demo library is in: {} items, {} files",
        sources.len(),
        digests.len()
    );
    Ok(())
}

/// Patterns first (others name them), parents before children.
fn sources(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("items/")) {
        let text = String::from_utf8_lossy(bytes);
        let wrong = |what: &str| Error::invalid(format!("demo/{name}: {what}"));
        let rest = text
            .strip_prefix("+++\n")
            .ok_or_else(|| wrong("the front matter is missing"))?;
        let (front, body) = rest
            .split_once("\n+++\n")
            .ok_or_else(|| wrong("the front matter does not end"))?;
        let front: Front = toml::from_str(front).map_err(|e| wrong(&e.to_string()))?;
        let mut path = name.split('/').skip(1);
        let (kind, slug) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
        found.push(Source {
            kind: kind.to_owned(),
            slug: slug.trim_end_matches(".html").to_owned(),
            front,
            body: body.to_owned(),
        });
    }
    found.sort_by_key(|s| (s.kind != "wp_block", s.front.parent.is_some(), s.front.date.clone()));
    Ok(found)
}

async fn keep_files(
    blobs: &BlobStore,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<HashMap<String, (gp_store::Digest, u64)>> {
    let mut digests = HashMap::new();
    for (name, bytes) in files {
        if let Some(path) = name.strip_prefix("uploads/") {
            let digest = blobs.put(bytes.clone().into()).await?;
            digests.insert(path.to_owned(), (digest, bytes.len() as u64));
        }
    }
    Ok(digests)
}

fn manage(verb: Verb) -> Result<Grant> {
    Actor::system().may_manage(verb)
}

async fn options(act: &mut Act<'_>, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let table: toml::Table = parse(files, "settings.toml")?;
    for (name, value) in table {
        let value = match value {
            toml::Value::Integer(number) => number.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        actions::set_option(act, &manage(Verb::SetOption)?, &name, value.as_bytes()).await?;
    }
    Ok(())
}

async fn users(act: &mut Act<'_>, files: &BTreeMap<String, Vec<u8>>, made: &mut Made) -> Result<()> {
    let users: Users = parse(files, "users.toml")?;
    for new in users.user {
        let user = User {
            login: new.login.clone(),
            display_name: new.display_name,
            email: new.email,
            ..User::default()
        };
        let grant = Actor::system().may_on_account(Verb::Create, UserId(0))?;
        let user = actions::create_user(act, &grant, user, &new.role).await?;
        made.users.insert(new.login, user.id);
    }
    Ok(())
}

async fn terms(act: &mut Act<'_>, files: &BTreeMap<String, Vec<u8>>, made: &mut Made) -> Result<()> {
    let terms: Terms = parse(files, "terms.toml")?;
    for new in terms.term {
        let parent = new.parent.as_ref().and_then(|p| {
            made.terms
                .values()
                .find(|t| t.taxonomy == new.taxonomy && (t.slug == *p || t.name == gp_markup::text::esc_html(p)))
        });
        let term = Term {
            parent: parent.map(|t| t.term_id).unwrap_or_default(),
            name: gp_markup::text::esc_html(&new.name),
            slug: new.slug,
            description: new.description,
            taxonomy: new.taxonomy.clone(),
            ..Term::default()
        };
        let term = actions::ensure_term(act, &manage(Verb::SetOption)?, term).await?;
        made.terms.insert((new.taxonomy, new.name), term);
    }
    Ok(())
}

async fn item(act: &mut Act<'_>, source: &Source, made: &mut Made) -> Result<()> {
    let front = &source.front;
    let mut body = source.body.clone();
    for ((kind, slug), id) in &made.items {
        body = body.replace(&format!("{{{{id:{kind}:{slug}}}}}"), &id.to_string());
    }
    let date = |d: &Option<String>| d.clone().unwrap_or_default().replace('T', " ");
    let new = Item {
        kind: source.kind.clone(),
        status: front.status.clone().unwrap_or_else(|| "publish".to_owned()),
        name: source.slug.clone(),
        title: front.title.clone(),
        content: body.trim().to_owned(),
        excerpt: front.excerpt.clone(),
        author: front
            .author
            .as_ref()
            .and_then(|a| made.users.get(a))
            .copied()
            .unwrap_or_default(),
        parent: front
            .parent
            .as_ref()
            .and_then(|p| made.items.get(&(source.kind.clone(), p.clone())))
            .copied()
            .unwrap_or_default(),
        menu_order: front.menu_order,
        password: front.password.clone(),
        date: date(&front.date),
        modified: date(&front.modified),
        comment_status: "closed".to_owned(),
        ping_status: "closed".to_owned(),
        ..Item::default()
    };
    let grant = Actor::system().may(Verb::Publish, &new, None, act.types)?;
    let item = actions::create(act, &grant, new)
        .await
        .map_err(|e| e.at(format!("demo/items/{}/{}", source.kind, source.slug)))?;
    made.items.insert((source.kind.clone(), source.slug.clone()), item.id);
    describe(act, source, &item, made).await
}

/// Terms and meta of an item.
async fn describe(act: &mut Act<'_>, source: &Source, item: &Item, made: &mut Made) -> Result<()> {
    let front = &source.front;
    let grant = Actor::system().may(Verb::Update, item, None, act.types)?;
    let event = source.kind == "ai1ec_event";
    let publishers: Vec<String> = front
        .record
        .as_ref()
        .and_then(|r| r.get("publisher"))
        .and_then(toml::Value::as_array)
        .map(|list| list.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    let groups = [
        (if event { "events_categories" } else { "category" }, &front.labels),
        ("post_tag", &front.tags),
        ("region", &front.regions),
        ("publisher", &publishers),
    ];
    for (taxonomy, names) in groups {
        if names.is_empty() {
            continue;
        }
        let mut ids: Vec<TermTaxonomyId> = Vec::with_capacity(names.len());
        for name in names {
            ids.push(term(act, taxonomy, name, made).await?);
        }
        actions::set_terms(act, &grant, item.id, taxonomy, &ids).await?;
    }
    let mut meta: Vec<(String, String)> = front.meta.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    if let Some(record) = &front.record {
        meta.push(("_guidepost_record".to_owned(), json(record)?));
    }
    if !front.files.is_empty() {
        meta.push(("_guidepost_files".to_owned(), json(&front.files)?));
    }
    if !front.changes.is_empty() {
        meta.push(("_guidepost_changes".to_owned(), json(&front.changes)?));
    }
    if let Some(lang) = &front.lang {
        meta.push(("_guidepost_lang".to_owned(), lang.clone()));
    }
    if let Some(template) = &front.template {
        meta.push(("_wp_page_template".to_owned(), template.clone()));
    }
    if event {
        meta.push(("_guidepost_event".to_owned(), json(&front.other)?));
    }
    for (key, value) in meta {
        actions::set_meta(act, &grant, item.id, &key, &[value.as_bytes()]).await?;
    }
    Ok(())
}

async fn term(act: &mut Act<'_>, taxonomy: &str, name: &str, made: &mut Made) -> Result<TermTaxonomyId> {
    let key = (taxonomy.to_owned(), name.to_owned());
    if let Some(term) = made.terms.get(&key) {
        return Ok(term.id);
    }
    let new = Term {
        taxonomy: taxonomy.to_owned(),
        name: gp_markup::text::esc_html(name),
        ..Term::default()
    };
    let term = actions::ensure_term(act, &manage(Verb::SetOption)?, new).await?;
    let id = term.id;
    made.terms.insert(key, term);
    Ok(id)
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::internal(format!("demo: {e}")))
}

/// One attachment for every file of an item, and names for the bytes.
async fn attachments(
    act: &mut Act<'_>,
    source: &Source,
    made: &Made,
    digests: &HashMap<String, (gp_store::Digest, u64)>,
) -> Result<()> {
    let Some(parent) = made.items.get(&(source.kind.clone(), source.slug.clone())) else {
        return Ok(());
    };
    let mut paths: Vec<(String, String)> = Vec::new();
    for file in &source.front.files {
        let text = |name: &str| {
            file.get(name)
                .and_then(toml::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        paths.push((text("path"), text("title")));
    }
    for path in digests.keys() {
        let shown = format!("/wp-content/uploads/{path}");
        if source.body.contains(&shown) && paths.iter().all(|(p, _)| p != path) {
            paths.push((path.clone(), path.rsplit('/').next().unwrap_or_default().to_owned()));
        }
    }
    for (path, title) in paths {
        attachment(act, *parent, &source.front, &path, &title, digests).await?;
    }
    Ok(())
}

async fn attachment(
    act: &mut Act<'_>,
    parent: ItemId,
    front: &Front,
    path: &str,
    title: &str,
    digests: &HashMap<String, (gp_store::Digest, u64)>,
) -> Result<()> {
    let (digest, size) = digests
        .get(path)
        .ok_or_else(|| Error::invalid(format!("demo: the file {path} is missing")))?;
    let new = Item {
        kind: "attachment".to_owned(),
        status: "inherit".to_owned(),
        name: path.rsplit('/').next().unwrap_or_default().replace('.', "-"),
        title: title.to_owned(),
        parent,
        date: front.date.clone().unwrap_or_default().replace('T', " "),
        mime_type: mime(path).to_owned(),
        ..Item::default()
    };
    let grant = Actor::system().may(Verb::Publish, &new, None, act.types)?;
    let item = actions::create(act, &grant, new).await?;
    let grant = Actor::system().may(Verb::Update, &item, None, act.types)?;
    actions::set_meta(act, &grant, item.id, "_wp_attached_file", &[path.as_bytes()]).await?;
    actions::remember_file(act, &grant, item.id, path, digest, *size, mime(path)).await?;
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let thumb = format!("{stem}-thumb.webp");
    if let Some((digest, size)) = digests.get(&thumb) {
        actions::remember_file(act, &grant, item.id, &thumb, digest, *size, "image/webp").await?;
    }
    Ok(())
}

fn mime(path: &str) -> &'static str {
    gp_web::mime_of(path)
}

async fn menus(act: &mut Act<'_>, files: &BTreeMap<String, Vec<u8>>, made: &Made) -> Result<()> {
    let menus: Menus = parse(files, "menus.toml")?;
    let mut locations: Vec<(String, i64)> = Vec::new();
    for menu in &menus.menu {
        let term = Term {
            taxonomy: "nav_menu".to_owned(),
            name: menu.name.clone(),
            slug: menu.slug.clone(),
            ..Term::default()
        };
        let term = actions::ensure_term(act, &manage(Verb::SetOption)?, term).await?;
        let mut position = 0;
        let mut waiting: Vec<(&MenuItem, i64)> = menu.item.iter().rev().map(|i| (i, 0)).collect();
        while let Some((entry, parent)) = waiting.pop() {
            position += 1;
            let id = menu_item(act, entry, parent, position, term.id, made).await?;
            waiting.extend(entry.children.iter().rev().map(|c| (c, id.0)));
        }
        locations.push((menu.location.clone(), term.term_id.0));
    }
    let locations = Value::map(locations.iter().map(|(name, id)| (name.as_str(), *id)));
    let mods = gp_php::serialize(&Value::map([("nav_menu_locations", locations)]));
    actions::set_option(act, &manage(Verb::SetOption)?, "theme_mods_guidepost", &mods).await
}

async fn menu_item(
    act: &mut Act<'_>,
    entry: &MenuItem,
    parent: i64,
    position: i64,
    menu: TermTaxonomyId,
    made: &Made,
) -> Result<ItemId> {
    let target = |kind: &str, slug: &Option<String>| {
        slug.as_ref()
            .and_then(|s| made.items.get(&(kind.to_owned(), s.clone())))
            .map(|id| (kind.to_owned(), id.0))
    };
    let category = entry.category.as_ref().and_then(|slug| {
        made.terms
            .values()
            .find(|t| t.taxonomy == "category" && t.slug == *slug)
            .map(|t| ("category".to_owned(), t.term_id.0))
    });
    let object = target("page", &entry.page).or_else(|| target("post", &entry.post));
    let new = Item {
        kind: "nav_menu_item".to_owned(),
        status: "publish".to_owned(),
        title: entry.label.clone(),
        menu_order: position,
        ..Item::default()
    };
    let grant = Actor::system().may(Verb::Publish, &new, None, act.types)?;
    let item = actions::create(act, &grant, new).await?;
    let (kind, object, id) = match (object, category) {
        (Some((kind, id)), _) => ("post_type", kind, id),
        (None, Some((taxonomy, id))) => ("taxonomy", taxonomy, id),
        (None, None) => ("custom", "custom".to_owned(), item.id.0),
    };
    let grant = Actor::system().may(Verb::Update, &item, None, act.types)?;
    let url = entry.url.clone().unwrap_or_default();
    let meta: [(&str, String); 6] = [
        ("_menu_item_type", kind.to_owned()),
        ("_menu_item_menu_item_parent", parent.to_string()),
        ("_menu_item_object_id", id.to_string()),
        ("_menu_item_object", object),
        ("_menu_item_url", if kind == "custom" { url } else { String::new() }),
        ("_menu_item_classes", "a:1:{i:0;s:0:\"\";}".to_owned()),
    ];
    for (key, value) in meta {
        actions::set_meta(act, &grant, item.id, key, &[value.as_bytes()]).await?;
    }
    actions::set_terms(act, &grant, item.id, "nav_menu", &[menu]).await?;
    Ok(item.id)
}

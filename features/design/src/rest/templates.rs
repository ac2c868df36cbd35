//! `templates` and `template-parts`: those of the theme's files and those that the site made of them, under one name `theme//slug`.
//!
//! What must never be here: how a template is chosen for a page (that is the renderer's business).

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_blocks::Theme;
use gp_content::{
    Actor, Item, ItemQuery, MetaKind, Order, Term, Verb,
    actions::{self, Changes},
    items, meta, terms, users,
};
use gp_markup::block::{self, Block};
use gp_rest::{
    Answer, Deed, EDIT, Failure, Links, MAKE, Outcome, READ, REMOVE, Reply, Request, Resource, Route, Turn,
    schema::{context, force, joined, members, titled, writable},
};
use serde_json::{Map, Value, json};

use super::hierarchy::named;

/// Templates, or parts of them.
pub(super) struct Templates {
    pub part: bool,
}

/// The pattern of an id in a route, as WordPress writes it.
pub(super) fn id_pattern(name: &str) -> String {
    format!("(?P<{name}>([^\\/:<>\\*\\?\"\\|]+(?:\\/[^\\/:<>\\*\\?\"\\|]+)?)[\\/\\w%-]+)")
}

/// The routes of templates, or of their parts.
pub(super) fn routes(part: bool) -> Vec<Route> {
    let resource: Arc<dyn Resource> = Arc::new(Templates { part });
    let base = if part { "/template-parts" } else { "/templates" };
    let properties = properties(part);
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let id = || members(json!({"id": {"description": "The id of a template", "type": "string"}}));
    let mut list = shown();
    list.extend(members(json!({
        "wp_id": {"description": "Limit to the specified post id.", "type": "integer"},
        "area": {"description": "Limit to the specified template part area.", "type": "string"},
        "post_type": {"description": "Post type to get the templates for.", "type": "string"},
    })));
    let lookup = members(json!({
        "slug": {"description": "The slug of the template to get the fallback for", "type": "string", "required": true},
        "is_custom": {"description": "Indicates if a template is custom or part of the template hierarchy",
            "type": "boolean"},
        "template_prefix": {"type": "string",
            "description": "The template prefix for the created template. This is used to extract the main template type, e.g. in `taxonomy-books` extracts the `taxonomy`"},
    }));
    vec![
        Route::new("wp/v2", base, resource.clone())
            .on(READ, Deed::List, list)
            .on(MAKE, Deed::Create, writable(&properties, true)),
        Route::new("wp/v2", &format!("{base}/lookup"), resource.clone()).on(READ, Deed::Other("lookup"), lookup),
        Route::new("wp/v2", &format!("{base}/{}", id_pattern("id")), resource)
            .on(READ, Deed::Get, joined([id(), shown()]))
            .on(EDIT, Deed::Update, joined([id(), writable(&properties, false)]))
            .on(
                REMOVE,
                Deed::Delete,
                joined([id(), force("Whether to bypass Trash and force deletion.")]),
            ),
    ]
}

/// How a template looks.
pub(super) fn properties(part: bool) -> Map<String, Value> {
    let all = ["embed", "view", "edit"];
    let said = |description: &str| json!({"description": description, "type": "string", "context": all});
    let told =
        |description: &str| json!({"description": description, "type": "string", "context": all, "readonly": true});
    let mut out = members(json!({
        "id": told("ID of template."),
        "slug": {"description": "Unique slug identifying the template.", "type": "string", "context": all,
            "required": true, "minLength": 1, "pattern": "[a-zA-Z0-9_\\%-]+"},
        "theme": said("Theme identifier for the template."),
        "type": said("Type of template."),
        "source": told("Source of template"),
        "origin": told("Source of a customized template"),
        "content": {"description": "Content of template.", "type": ["object", "string"], "default": "", "context": all,
            "unchecked": true, "properties": {
                "raw": {"description": "Content for the template, as it exists in the database.", "type": "string",
                    "context": ["view", "edit"]},
                "block_version": {"description": "Version of the content block format used by the template.",
                    "type": "integer", "context": ["edit"], "readonly": true},
            }},
        "title": {"description": "Title of template.", "type": ["object", "string"], "default": "", "context": all,
            "unchecked": true, "properties": {
                "raw": {"description": "Title for the template, as it exists in the database.", "type": "string",
                    "context": ["view", "edit", "embed"]},
                "rendered": {"description": "HTML title for the template, transformed for display.",
                    "type": "string", "context": ["view", "edit", "embed"], "readonly": true},
            }},
        "description": {"description": "Description of template.", "type": "string", "default": "", "context": all},
        "status": {"description": "Status of template.", "type": "string", "default": "publish", "context": all,
            "enum": ["publish", "future", "draft", "pending", "private"]},
        "wp_id": {"description": "Post ID.", "type": "integer", "context": all, "readonly": true},
        "has_theme_file": {"description": "Theme file exists.", "type": "boolean", "context": all, "readonly": true},
        "author": {"description": "The ID for the author of the template.", "type": "integer", "context": all},
    }));
    if part {
        out.insert(
            "area".to_owned(),
            said("Where the template part is intended for use (header, footer, etc.)"),
        );
    }
    out
}

/// A template, wherever it comes from.
pub(super) struct Template {
    pub theme: String,
    pub slug: String,
    pub content: String,
    pub title: String,
    pub description: String,
    /// The row, when the site has made one of it.
    pub row: Option<Item>,
    pub origin: Option<String>,
    pub area: String,
    pub has_file: bool,
    /// One that people choose, and no name of the hierarchy.
    pub custom: bool,
}

impl Resource for Templates {
    fn schema(&self, _site: &gp_content::Site, _base_url: &str) -> Option<Value> {
        Some(titled(self.kind(), properties(self.part)))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let reads = matches!(deed, Deed::List | Deed::Get | Deed::Other(_));
            if turn.can("edit_theme_options") || (reads && turn.can("edit_posts")) {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to access the templates on this site.";
            Err(turn.refusal("rest_cannot_manage_templates", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => self.list(turn, request).await,
                Deed::Other(_) => self.lookup(turn, request).await,
                Deed::Get => {
                    let found = self.by_id(turn, request).await?;
                    Ok(Reply::ok(self.shown(turn, &found, request.context()).await?))
                }
                Deed::Create => self.create(turn, request).await,
                Deed::Update => self.update(turn, request).await,
                Deed::Delete => self.delete(turn, request).await,
            }
        })
    }
}

fn unknown() -> Box<Failure> {
    Failure::new(404, "rest_template_not_found", "No templates exist with that id.")
}

/// A text that came as it is, or as the raw part of an object.
pub(super) fn raw(request: &Request, name: &str) -> Option<String> {
    match request.param(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Object(members) => members.get("raw").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

impl Templates {
    pub fn kind(&self) -> &'static str {
        if self.part { "wp_template_part" } else { "wp_template" }
    }

    pub fn base(&self) -> &'static str {
        if self.part {
            "/wp/v2/template-parts"
        } else {
            "/wp/v2/templates"
        }
    }

    /// Rows of the theme in use.
    async fn rows(&self, turn: &mut Turn) -> Outcome<Vec<Template>> {
        let theme = turn.app.renderer.theme(&turn.site);
        let Some(term) = terms::by_slug(&mut turn.conn, "wp_theme", &theme.name)
            .await?
            .into_iter()
            .next()
        else {
            return Ok(Vec::new());
        };
        let types = turn.types();
        let Some(kind) = types.get(self.kind()) else {
            return Ok(Vec::new());
        };
        let query = ItemQuery {
            types: vec![kind.name.to_owned()],
            shelves: Some(turn.scope.at_work(kind, &["publish", "draft", "private"])),
            terms: vec![vec![term.id.0]],
            order: Order::Id,
            limit: 1000,
            ..ItemQuery::default()
        };
        let found = items::some(&mut turn.conn, &turn.scope, &query).await?;
        let mut out = Vec::new();
        for item in found {
            out.push(self.of_row(turn, &theme, item).await?);
        }
        Ok(out)
    }

    pub async fn of_row(&self, turn: &mut Turn, theme: &Theme, item: Item) -> Outcome<Template> {
        let stored = meta::of(&mut turn.conn, MetaKind::Item, item.id.0).await?;
        let own = terms::of_items(&mut turn.conn, &[item.id])
            .await?
            .remove(&item.id)
            .unwrap_or_default();
        let area = own
            .iter()
            .find(|t| t.taxonomy == "wp_template_part_area")
            .map(|t| t.slug.clone());
        let has_file = self.file(theme, &item.name).is_some();
        let suggested = stored.text("is_wp_suggestion") == "1";
        Ok(Template {
            theme: theme.name.clone(),
            slug: item.name.clone(),
            content: item.content.clone(),
            title: item.title.clone(),
            description: item.excerpt.clone(),
            origin: Some(stored.text("origin")).filter(|origin| !origin.is_empty()),
            area: area.unwrap_or_else(|| "uncategorized".to_owned()),
            custom: !suggested && named(&item.name).is_none(),
            has_file,
            row: Some(item),
        })
    }

    fn file<'t>(&self, theme: &'t Theme, slug: &str) -> Option<&'t [Block]> {
        if self.part {
            theme.part(slug)
        } else {
            theme.template(slug)
        }
    }

    fn of_file(&self, theme: &Theme, slug: &str) -> Option<Template> {
        let blocks = self.file(theme, slug)?;
        let json = theme.json.value();
        let list = if self.part { "templateParts" } else { "customTemplates" };
        let entries = json.get(list).and_then(Value::as_array);
        let entry = entries.and_then(|all| all.iter().find(|e| e.get("name").and_then(Value::as_str) == Some(slug)));
        let text = |name: &str| {
            entry
                .and_then(|e| e.get(name))
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let known = named(slug);
        let title = text("title").or_else(|| known.map(|(title, _)| title.to_owned()));
        Some(Template {
            theme: theme.name.clone(),
            slug: slug.to_owned(),
            content: block::serialize(&placed(blocks, theme, 0)),
            title: title.unwrap_or_else(|| slug.to_owned()),
            description: known
                .filter(|_| !self.part)
                .map(|(_, about)| about.to_owned())
                .unwrap_or_default(),
            row: None,
            origin: None,
            area: text("area").unwrap_or_else(|| "uncategorized".to_owned()),
            has_file: true,
            custom: !self.part && known.is_none(),
        })
    }

    async fn all(&self, turn: &mut Turn) -> Outcome<Vec<Template>> {
        let theme = turn.app.renderer.theme(&turn.site);
        let mut all = self.rows(turn).await?;
        let slugs: Vec<String> = match self.part {
            true => theme.parts().map(str::to_owned).collect(),
            false => theme.templates().map(str::to_owned).collect(),
        };
        for slug in slugs {
            if !all.iter().any(|t| t.slug == slug) {
                all.extend(self.of_file(&theme, &slug));
            }
        }
        Ok(all)
    }

    async fn find(&self, turn: &mut Turn, theme: &str, slug: &str) -> Outcome<Option<Template>> {
        if turn.app.renderer.theme(&turn.site).name != theme {
            return Ok(None);
        }
        Ok(self.all(turn).await?.into_iter().find(|t| t.slug == slug))
    }

    async fn by_id(&self, turn: &mut Turn, request: &Request) -> Outcome<Template> {
        let id = request.text("id").unwrap_or_default();
        self.named(turn, id).await?.ok_or_else(unknown)
    }

    /// The template of an id, `theme//slug`; one slash will do, as addresses lose the other on the way.
    pub async fn named(&self, turn: &mut Turn, id: &str) -> Outcome<Option<Template>> {
        match id.split_once("//").or_else(|| id.rsplit_once('/')) {
            Some((theme, slug)) => self.find(turn, theme, slug).await,
            None => Ok(None),
        }
    }

    async fn list(&self, turn: &mut Turn, request: &Request) -> Answer {
        let mut out = Vec::new();
        for template in self.all(turn).await? {
            let wanted = request
                .int("wp_id")
                .is_none_or(|id| template.row.as_ref().is_some_and(|row| row.id.0 == id))
                && request.text("area").is_none_or(|area| template.area == area);
            if wanted {
                out.push(self.shown(turn, &template, request.context()).await?);
            }
        }
        Ok(Reply::ok(Value::Array(out)))
    }

    /// The template that something of this name would be shown with.
    async fn lookup(&self, turn: &mut Turn, request: &Request) -> Answer {
        let slug = request.text("slug").unwrap_or_default().to_owned();
        let theme = turn.app.renderer.theme(&turn.site).name.clone();
        for candidate in fallbacks(&slug, request.flag("is_custom")) {
            let found = self.find(turn, &theme, &candidate).await?;
            if let Some(found) = found.filter(|t| !t.content.trim().is_empty()) {
                return Ok(Reply::ok(self.shown(turn, &found, "view").await?));
            }
        }
        Ok(Reply::ok(json!([])))
    }

    pub async fn shown(&self, turn: &mut Turn, template: &Template, context: &str) -> Outcome<Value> {
        let id = format!("{}//{}", template.theme, template.slug);
        let route = format!("{}/{id}", self.base());
        let mut links = Links::default();
        let allow: &[&str] = match turn.can("edit_theme_options") {
            true => &["GET", "POST", "PUT", "PATCH", "DELETE"],
            false => &["GET"],
        };
        links.own(turn, &route, allow);
        links.plain("collection", turn.href(self.base()));
        links.plain("about", turn.href(&format!("/wp/v2/types/{}", self.kind())));
        if turn.can("edit_theme_options") {
            links.plain("wp:action-publish", turn.href(&route));
            links.plain("wp:action-unfiltered-html", turn.href(&route));
        }
        let row = template.row.as_ref();
        if let Some(row) = row {
            let known = items::revisions_of(&mut turn.conn, &[row.id]).await?;
            let (count, newest) = known.get(&row.id).copied().unwrap_or_default();
            let href = turn.href(&format!("{route}/revisions"));
            links.add("version-history", href, json!({"count": count}));
            if count > 0 {
                let href = turn.href(&format!("{route}/revisions/{newest}"));
                links.add("predecessor-version", href, json!({"id": newest}));
            }
        }
        let author = row.map_or(0, |row| row.author.0);
        let source = if row.is_some() { "custom" } else { "theme" };
        let original = match (row, template.has_file) {
            (Some(_), false) => "user",
            _ => "theme",
        };
        let author_text = match original {
            "user" => self.author(turn, author).await?,
            _ => turn.app.renderer.theme(&turn.site).title(),
        };
        let mut content = members(json!({"raw": template.content}));
        if context == "edit" {
            content.insert(
                "block_version".to_owned(),
                i32::from(template.content.contains("<!-- wp:")).into(),
            );
        }
        let mut out = members(json!({
            "id": id,
            "theme": template.theme,
            "slug": template.slug,
            "source": source,
            "origin": template.origin,
            "type": self.kind(),
            "content": content,
            "title": {"raw": template.title, "rendered": template.title},
            "description": template.description,
            "status": row.map_or("publish", |row| row.status.as_str()),
            "wp_id": row.map_or(0, |row| row.id.0),
            "has_theme_file": template.has_file,
            "author": author,
            "modified": row.map(|row| row.modified.replacen(' ', "T", 1)),
            "date": row.map(|row| row.date.replacen(' ', "T", 1)),
            "author_text": author_text,
            "original_source": original,
            "_links": links.value(),
        }));
        let (name, value) = match self.part {
            true => ("area", json!(template.area)),
            false => ("is_custom", json!(template.custom)),
        };
        out.insert(name.to_owned(), value);
        Ok(Value::Object(out))
    }

    async fn author(&self, turn: &mut Turn, id: i64) -> Outcome<String> {
        let id = gp_kernel::UserId(id);
        let found = users::by_ids(&mut turn.conn, &[id]).await?.remove(&id);
        Ok(found.map(|user| user.display_name).unwrap_or_default())
    }

    /// A row of this name in the theme in use.
    async fn make(&self, turn: &mut Turn, new: Item, area: Option<&str>, origin: &str) -> Outcome<gp_kernel::ItemId> {
        let types = turn.types();
        let grant = turn.actor().may(Verb::Publish, &new, None, &types)?;
        let made = actions::create(&mut turn.act(), &grant, new).await?;
        let grant = turn.actor().may(Verb::Update, &made, None, &types)?;
        let theme = turn.app.renderer.theme(&turn.site).name.clone();
        let mut wanted = vec![("wp_theme", theme)];
        wanted.extend(area.map(|area| ("wp_template_part_area", area.to_owned())));
        for (taxonomy, name) in wanted {
            let term = term(turn, taxonomy, &name).await?;
            actions::set_terms(&mut turn.act(), &grant, made.id, taxonomy, &[term.id]).await?;
        }
        if !origin.is_empty() {
            actions::set_meta(&mut turn.act(), &grant, made.id, "origin", &[origin.as_bytes()]).await?;
        }
        Ok(made.id)
    }

    async fn create(&self, turn: &mut Turn, request: &Request) -> Answer {
        let slug = request.text("slug").unwrap_or_default().to_owned();
        let new = Item {
            kind: self.kind().to_owned(),
            status: request.text("status").unwrap_or("publish").to_owned(),
            name: slug.clone(),
            title: raw(request, "title").filter(|t| !t.is_empty()).unwrap_or(slug),
            content: raw(request, "content").unwrap_or_default(),
            excerpt: request.text("description").unwrap_or_default().to_owned(),
            author: turn.actor().user(),
            ..Item::default()
        };
        let area = self
            .part
            .then(|| request.text("area").unwrap_or("uncategorized").to_owned());
        let id = self.make(turn, new, area.as_deref(), "").await?;
        let found = self
            .all(turn)
            .await?
            .into_iter()
            .find(|t| t.row.as_ref().is_some_and(|row| row.id == id));
        let found = found.ok_or_else(unknown)?;
        let location = turn.href(&format!("{}/{}//{}", self.base(), found.theme, found.slug));
        Ok(Reply::created(self.shown(turn, &found, "edit").await?, location))
    }

    async fn update(&self, turn: &mut Turn, request: &Request) -> Answer {
        let found = self.by_id(turn, request).await?;
        if let Some(row) = &found.row {
            let types = turn.types();
            let grant = turn.actor().may(Verb::Publish, row, None, &types)?;
            let changes = Changes {
                title: raw(request, "title"),
                content: raw(request, "content"),
                excerpt: request.text("description").map(str::to_owned),
                status: request.text("status").map(str::to_owned),
                ..Changes::default()
            };
            actions::update(&mut turn.act(), &grant, row.id, changes).await?;
        } else {
            let new = Item {
                kind: self.kind().to_owned(),
                status: "publish".to_owned(),
                name: found.slug.clone(),
                title: raw(request, "title").unwrap_or_else(|| found.title.clone()),
                content: raw(request, "content").unwrap_or_else(|| found.content.clone()),
                excerpt: request.text("description").unwrap_or(&found.description).to_owned(),
                author: turn.actor().user(),
                ..Item::default()
            };
            let area = self.part.then_some(found.area.as_str());
            self.make(turn, new, area, "theme").await?;
        }
        let now = self.by_id(turn, request).await?;
        Ok(Reply::ok(self.shown(turn, &now, "edit").await?))
    }

    /// What the site made of a template goes; that of the theme is there again.
    async fn delete(&self, turn: &mut Turn, request: &Request) -> Answer {
        let found = self.by_id(turn, request).await?;
        let Some(row) = &found.row else {
            let message = "Templates based on theme files can't be removed.";
            return Err(Failure::new(400, "rest_invalid_template", message));
        };
        let types = turn.types();
        let shown = self.shown(turn, &found, "edit").await?;
        if request.flag("force") {
            let grant = turn.actor().may(Verb::Delete, row, None, &types)?;
            actions::delete(&mut turn.act(), &grant, row.id).await?;
            return Ok(Reply::deleted(shown));
        }
        let grant = turn.actor().may(Verb::Trash, row, None, &types)?;
        actions::trash(&mut turn.act(), &grant, row.id).await?;
        let mut shown = shown;
        shown["status"] = "trash".into();
        Ok(Reply::ok(shown))
    }
}

/// The term of this name: themes and areas come to be with the first that needs them.
pub(super) async fn term(turn: &mut Turn, taxonomy: &str, name: &str) -> Outcome<Term> {
    if let Some(found) = terms::by_slug(&mut turn.conn, taxonomy, name).await?.into_iter().next() {
        return Ok(found);
    }
    let types = turn.types();
    let taxonomy = types.taxonomy(taxonomy).ok_or_else(unknown)?;
    let grant = Actor::system().may_on_terms(Verb::Create, taxonomy)?;
    let wanted = Term {
        taxonomy: taxonomy.name.clone(),
        name: name.to_owned(),
        slug: name.to_owned(),
        ..Term::default()
    };
    Ok(actions::create_term(&mut turn.act(), &grant, wanted).await?)
}

/// Patterns may hold patterns; deeper than this nobody means it.
const DEEPEST: usize = 20;

/// The blocks of a file as an editor gets them: parts say of which theme they are, patterns are what they stand for.
fn placed(blocks: &[Block], theme: &Theme, depth: usize) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        if depth < DEEPEST
            && block.name.as_deref() == Some("core/pattern")
            && let Some(pattern) = block
                .attrs
                .get("slug")
                .and_then(Value::as_str)
                .and_then(|slug| theme.pattern(slug))
        {
            out.extend(instance(&placed(pattern, theme, depth + 1), theme, block));
            continue;
        }
        let mut block = block.clone();
        if block.name.as_deref() == Some("core/template-part") && !block.attrs.contains_key("theme") {
            block.attrs.insert("theme".to_owned(), theme.name.as_str().into());
        }
        let inner = placed(&block.inner_blocks, theme, depth + 1);
        // A pattern of several blocks takes more places than it had.
        if inner.len() == block.inner_blocks.len() {
            block.inner_blocks = inner;
        }
        out.push(block);
    }
    out
}

/// A pattern in its place. One of a single block says in it which pattern it is, so that an editor can tell.
fn instance(blocks: &[Block], theme: &Theme, place: &Block) -> Vec<Block> {
    let blank = |block: &Block| block.name.is_none() && block.inner_html.trim().is_empty();
    let (Some(first), Some(last)) = (
        blocks.iter().position(|b| !blank(b)),
        blocks.iter().rposition(|b| !blank(b)),
    ) else {
        return Vec::new();
    };
    let mut blocks = blocks[first..=last].to_vec();
    let name = place.attrs.get("slug").and_then(Value::as_str).unwrap_or_default();
    if let [only] = blocks.as_mut_slice() {
        let about = theme
            .patterns()
            .find(|p| p.name == name)
            .map(|p| p.about.clone())
            .unwrap_or_default();
        let mut metadata = match only.attrs.remove("metadata") {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        metadata.insert("patternName".to_owned(), name.into());
        for (key, said) in [
            ("name", "title"),
            ("description", "description"),
            ("categories", "categories"),
        ] {
            let value = about
                .get(said)
                .filter(|v| !v.as_str().is_some_and(str::is_empty) && !v.is_null());
            if let Some(value) = value.filter(|v| !v.as_array().is_some_and(Vec::is_empty)) {
                metadata.entry(key).or_insert_with(|| value.clone());
            }
        }
        only.attrs.insert("metadata".to_owned(), Value::Object(metadata));
    }
    blocks
}

/// The names that would serve instead of one, the nearest first.
fn fallbacks(slug: &str, custom: bool) -> Vec<String> {
    let mut out = vec![slug.to_owned()];
    let kind = slug.split('-').next().unwrap_or_default();
    if custom {
        out.push("page".to_owned());
    }
    if kind != slug {
        out.push(kind.to_owned());
    }
    match kind {
        "front" => out.extend(["home".to_owned()]),
        "page" | "single" | "attachment" => out.extend(["single".to_owned(), "singular".to_owned()]),
        "category" | "tag" | "author" | "date" | "taxonomy" => out.push("archive".to_owned()),
        _ => {}
    }
    if kind == "page" {
        out.retain(|name| name != "single");
    }
    out.push("index".to_owned());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_template_is_looked_for_first() {
        assert_eq!(
            fallbacks("single-post-foo", false),
            ["single-post-foo", "single", "single", "singular", "index"]
        );
        assert_eq!(
            fallbacks("page-about", false),
            ["page-about", "page", "singular", "index"]
        );
        assert_eq!(
            fallbacks("category-news", false),
            ["category-news", "category", "archive", "index"]
        );
    }
}

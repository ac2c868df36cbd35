//! `revisions` and `autosaves` of templates and of their parts: what the site's row of a template said before. A template that is only a
//! file of the theme has none.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{Item, Verb, actions, items};
use gp_kernel::ItemId;
use gp_rest::{
    Answer, Deed, Failure, Links, MAKE, Outcome, READ, REMOVE, Reply, Request, Resource, Route, Turn, listing,
    schema::{context, force, joined, members, titled, writable},
    versions,
};
use serde_json::{Map, Value, json};

use super::templates::{self, Templates};

struct Versions {
    templates: Templates,
    autosaves: bool,
}

/// The routes of templates' versions, or of their parts'.
pub(super) fn routes(part: bool) -> Vec<Route> {
    let of = |autosaves| -> Arc<dyn Resource> {
        let templates = Templates { part };
        Arc::new(Versions { templates, autosaves })
    };
    let base = if part { "/template-parts" } else { "/templates" };
    let (named, parent) = (templates::id_pattern("id"), templates::id_pattern("parent"));
    let text = |name: &str| members(json!({name: {"description": "The id of a template", "type": "string"}}));
    let number = |description: &str| members(json!({"id": {"description": description, "type": "integer"}}));
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let list = |pattern: String, resource| Route::new("wp/v2", &format!("{base}/{pattern}"), resource);
    let gone = || force("Required to be true, as revisions do not support trashing.");
    let revision = || number("Unique identifier for the revision.");
    vec![
        list(format!("{parent}/revisions"), of(false)).on(
            READ,
            Deed::List,
            joined([text("parent"), versions::list_args()]),
        ),
        list(format!("{parent}/revisions/(?P<id>[\\d]+)"), of(false))
            .on(READ, Deed::Get, joined([text("parent"), revision(), shown()]))
            .on(REMOVE, Deed::Delete, joined([text("parent"), revision(), gone()])),
        list(format!("{named}/autosaves"), of(true))
            .on(READ, Deed::List, joined([text("id"), shown()]))
            .on(
                MAKE,
                Deed::Create,
                joined([text("id"), writable(&templates::properties(part), false)]),
            ),
        list(format!("{parent}/autosaves/(?P<id>[\\d]+)"), of(true)).on(
            READ,
            Deed::Get,
            joined([text("parent"), number("The ID for the autosave."), shown()]),
        ),
    ]
}

impl Resource for Versions {
    fn schema(&self, _site: &gp_content::Site, _base_url: &str) -> Option<Value> {
        let mut properties: Map<String, Value> = templates::properties(self.templates.part);
        properties.insert(
            "parent".to_owned(),
            json!({"description": "The ID for the parent of the revision.", "type": "integer",
                "context": ["view", "edit", "embed"]}),
        );
        Some(titled(&format!("{}-revision", self.templates.kind()), properties))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            // Whoever sees no template at all learns nothing of one either.
            if !turn.can("edit_posts") && !turn.can("edit_theme_options") {
                return Err(refused(turn, deed));
            }
            let parent = self.parent(turn, request, deed).await?;
            let types = turn.types();
            let verb = match deed {
                Deed::Delete => Verb::Delete,
                _ => Verb::Update,
            };
            if turn.actor().may(verb, &parent, None, &types).is_ok() {
                return Ok(());
            }
            Err(refused(turn, deed))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let parent = self.parent(turn, request, deed).await?;
            match deed {
                Deed::List => self.list(turn, request, &parent).await,
                Deed::Create => self.save(turn, request, &parent).await,
                _ => self.one(turn, request, &parent, deed).await,
            }
        })
    }
}

fn refused(turn: &Turn, deed: Deed) -> Box<Failure> {
    let (code, message) = match deed {
        Deed::Create => ("rest_cannot_edit", "Sorry, you are not allowed to edit this post."),
        Deed::Delete => (
            "rest_cannot_delete",
            "Sorry, you are not allowed to delete revisions of this post.",
        ),
        _ => (
            "rest_cannot_read",
            "Sorry, you are not allowed to view revisions of this post.",
        ),
    };
    turn.refusal(code, message)
}

impl Versions {
    /// The row of the template that the address names. Of an autosave list it stands under `id`.
    async fn parent(&self, turn: &mut Turn, request: &Request, deed: Deed) -> Outcome<Item> {
        let id = match (self.autosaves, deed) {
            (true, Deed::List | Deed::Create) => request.text("id"),
            _ => request.text("parent"),
        };
        let found = self.templates.named(turn, id.unwrap_or_default()).await?;
        let unknown = || Failure::new(404, "rest_post_invalid_parent", "Invalid template parent ID.");
        found.ok_or_else(unknown)?.row.ok_or_else(|| {
            let message = "Templates based on theme files can't have revisions.";
            Failure::new(400, "rest_invalid_template", message)
        })
    }

    fn route(&self, turn: &Turn, parent: &Item) -> String {
        let theme = turn.app.renderer.theme(&turn.site);
        format!("{}/{}//{}", self.templates.base(), theme.name, parent.name)
    }

    async fn list(&self, turn: &mut Turn, request: &Request, parent: &Item) -> Answer {
        let mut all = items::versions(&mut turn.conn, parent.id).await?;
        if self.autosaves {
            all.retain(versions::is_autosave);
        }
        let (part, total, per_page) = versions::chosen(all, request)?;
        let mut data = Vec::new();
        for version in part {
            data.push(self.shown(turn, parent, version, request.context()).await?);
        }
        if self.autosaves {
            return Ok(Reply::ok(Value::Array(data)));
        }
        let route = format!("{}/revisions", self.route(turn, parent));
        Ok(listing::paged(turn, request, data, total, per_page, &route))
    }

    async fn one(&self, turn: &mut Turn, request: &Request, parent: &Item, deed: Deed) -> Answer {
        let found = items::by_id(&mut turn.conn, ItemId(request.int("id").unwrap_or(0))).await?;
        let found = found.filter(|v| v.kind == "revision" && v.parent == parent.id);
        let found = found.filter(|v| !self.autosaves || versions::is_autosave(v));
        let version = found.ok_or_else(|| Failure::new(404, "rest_post_invalid_id", "Invalid revision ID."))?;
        if deed == Deed::Get {
            return Ok(Reply::ok(self.shown(turn, parent, version, request.context()).await?));
        }
        if !request.flag("force") {
            let message = "Revisions do not support trashing. Set 'force=true' to delete.";
            return Err(Failure::new(501, "rest_trash_not_supported", message));
        }
        let previous = self.shown(turn, parent, version.clone(), "view").await?;
        let types = turn.types();
        let grant = turn.actor().may(Verb::Delete, parent, None, &types)?;
        actions::delete_version(&mut turn.act(), &grant, parent, &version).await?;
        Ok(Reply::deleted(previous))
    }

    /// What somebody has typed, kept beside the template.
    async fn save(&self, turn: &mut Turn, request: &Request, parent: &Item) -> Answer {
        let types = turn.types();
        let grant = turn.actor().may(Verb::Update, parent, None, &types)?;
        let take = |name: &str, own: &str| templates::raw(request, name).unwrap_or_else(|| own.to_owned());
        let typed = actions::Typed {
            title: take("title", &parent.title),
            content: take("content", &parent.content),
            excerpt: request.text("description").unwrap_or(&parent.excerpt).to_owned(),
        };
        if (&typed.title, &typed.content, &typed.excerpt) == (&parent.title, &parent.content, &parent.excerpt) {
            let message = "There is nothing to save. The autosave and the post content are the same.";
            return Err(Failure::new(400, "rest_autosave_no_changes", message));
        }
        let saved = actions::autosave(&mut turn.act(), &grant, parent.id, typed).await?;
        Ok(Reply::ok(self.shown(turn, parent, saved, "edit").await?))
    }

    /// A version as the template would look.
    async fn shown(&self, turn: &mut Turn, parent: &Item, version: Item, context: &str) -> Outcome<Value> {
        let id = version.id;
        let theme = turn.app.renderer.theme(&turn.site);
        let mut template = self.templates.of_row(turn, &theme, parent.clone()).await?;
        template.content.clone_from(&version.content);
        template.title.clone_from(&version.title);
        template.description.clone_from(&version.excerpt);
        template.row = Some(Item {
            name: parent.name.clone(),
            status: parent.status.clone(),
            ..version
        });
        let mut out = self.templates.shown(turn, &template, context).await?;
        let route = self.route(turn, parent);
        let mut links = Links::default();
        links.plain("self", turn.href(&format!("{route}/revisions/{id}")));
        links.plain("parent", turn.href(&route));
        out["parent"] = parent.id.0.into();
        out["_links"] = links.value();
        Ok(out)
    }
}

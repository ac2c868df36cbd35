//! Terms of a taxonomy: `categories`, `tags` and those of a site's own.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{Site, Taxonomy, Term, Verb, actions, address, items, terms};
use gp_kernel::{ErrorKind, ItemId, TermId};
use gp_markup::text::sanitize_title;
use serde_json::{Map, Value, json};

use super::items as things;
use crate::{
    links::Links,
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::{Deed, EDIT, MAKE, READ, REMOVE, Resource, Route},
    schema::{by_ids, context, force, id, in_context, joined, members, ordering, paging, titled, writable},
    turn::Turn,
};

/// Terms of one taxonomy.
struct Terms {
    taxonomy: Taxonomy,
}

/// The routes of a taxonomy's terms.
pub(crate) fn routes(taxonomy: &Taxonomy) -> Vec<Route> {
    let properties = properties(taxonomy);
    let resource: Arc<dyn Resource> = Arc::new(Terms {
        taxonomy: taxonomy.clone(),
    });
    let identity = || id("Unique identifier for the term.");
    let base = taxonomy.rest_base;
    vec![
        Route::new("wp/v2", &format!("/{base}"), resource.clone())
            .on(READ, Deed::List, list_args(taxonomy))
            .on(MAKE, Deed::Create, writable(&properties, true))
            .batched(),
        Route::new("wp/v2", &format!("/{base}/(?P<id>[\\d]+)"), resource)
            .on(
                READ,
                Deed::Get,
                joined([
                    identity(),
                    members(json!({"context": context(&["view", "embed", "edit"])})),
                ]),
            )
            .on(EDIT, Deed::Update, joined([identity(), writable(&properties, false)]))
            .on(
                REMOVE,
                Deed::Delete,
                joined([
                    identity(),
                    force("Required to be true, as terms do not support trashing."),
                ]),
            )
            .batched(),
    ]
}

/// How a term looks.
pub(crate) fn properties(taxonomy: &Taxonomy) -> Map<String, Value> {
    let all = ["view", "embed", "edit"];
    let mut out = members(json!({
        "id": {"description": "Unique identifier for the term.", "type": "integer", "context": all, "readonly": true},
        "count": {"description": "Number of published posts for the term.", "type": "integer",
            "context": ["view", "edit"], "readonly": true},
        "description": {"description": "HTML description of the term.", "type": "string", "context": ["view", "edit"]},
        "link": {"description": "URL of the term.", "type": "string", "format": "uri", "context": all, "readonly": true},
        "name": {"description": "HTML title for the term.", "type": "string", "context": all, "required": true},
        "slug": {"description": "An alphanumeric identifier for the term unique to its type.", "type": "string",
            "context": all},
        "taxonomy": {"description": "Type attribution for the term.", "type": "string", "enum": [taxonomy.name],
            "context": all, "readonly": true},
    }));
    if taxonomy.hierarchical {
        let parent = json!({"description": "The parent term ID.", "type": "integer", "context": ["view", "edit"]});
        out.insert("parent".to_owned(), parent);
    }
    out.insert(
        "meta".to_owned(),
        json!({"description": "Meta fields.", "type": "object", "context": ["view", "edit"], "properties": []}),
    );
    out
}

fn list_args(taxonomy: &Taxonomy) -> Map<String, Value> {
    let mut out = paging();
    out.extend(by_ids());
    if !taxonomy.hierarchical {
        out.insert(
            "offset".to_owned(),
            json!({"description": "Offset the result set by a specific number of items.", "type": "integer"}),
        );
    }
    out.extend(ordering("asc", "name", "term", ORDERS));
    out.insert(
        "hide_empty".to_owned(),
        json!({"description": "Whether to hide terms not assigned to any posts.", "type": "boolean", "default": false}),
    );
    if taxonomy.hierarchical {
        out.insert(
            "parent".to_owned(),
            json!({"description": "Limit result set to terms assigned to a specific parent.", "type": "integer"}),
        );
    }
    out.extend(members(json!({
        "post": {"description": "Limit result set to terms assigned to a specific post.", "type": "integer",
            "default": null},
        "slug": {"description": "Limit result set to terms with one or more specific slugs.", "type": "array",
            "items": {"type": "string"}},
    })));
    out
}

fn unknown() -> Box<Failure> {
    Failure::new(404, "rest_term_invalid", "Term does not exist.")
}

impl Resource for Terms {
    fn schema(&self, _site: &Site, _base_url: &str) -> Option<Value> {
        let title = match self.taxonomy.name.as_str() {
            "post_tag" => "tag",
            name => name,
        };
        Some(titled(title, properties(&self.taxonomy)))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let may = |verb| turn.actor().may_on_terms(verb, &self.taxonomy).is_ok();
            let refused = |code, message| Err(turn.refusal(code, message));
            match deed {
                Deed::List | Deed::Get => {
                    if request.context() == "edit" && !may(Verb::Update) {
                        let message = "Sorry, you are not allowed to edit terms in this taxonomy.";
                        return refused("rest_forbidden_context", message);
                    }
                    if self.taxonomy.name == "wp_pattern_category" && !turn.can("edit_posts") && deed == Deed::Get {
                        return refused("rest_forbidden", "Sorry, you are not allowed to do that.");
                    }
                    if deed == Deed::Get {
                        self.by_id(turn, request).await?;
                    }
                    Ok(())
                }
                Deed::Create if may(Verb::Create) => Ok(()),
                Deed::Create => refused(
                    "rest_cannot_create",
                    "Sorry, you are not allowed to create terms in this taxonomy.",
                ),
                _ => {
                    self.by_id(turn, request).await?;
                    let (verb, code, message) = match deed {
                        Deed::Delete => (
                            Verb::Delete,
                            "rest_cannot_delete",
                            "Sorry, you are not allowed to delete this term.",
                        ),
                        _ => (
                            Verb::Update,
                            "rest_cannot_update",
                            "Sorry, you are not allowed to edit this term.",
                        ),
                    };
                    match turn.actor().may_on_terms(verb, &self.taxonomy) {
                        Ok(_) => Ok(()),
                        Err(_) => Err(turn.refusal(code, message)),
                    }
                }
            }
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match deed {
                Deed::List => self.list(turn, request).await,
                Deed::Get => {
                    let term = self.by_id(turn, request).await?;
                    let data = self.shown(turn, &[term], request.context()).await?;
                    Ok(Reply::ok(data.into_iter().next().unwrap_or_default()))
                }
                Deed::Create => self.create(turn, request).await,
                Deed::Update => self.update(turn, request).await,
                _ => self.delete(turn, request).await,
            }
        })
    }
}

impl Terms {
    fn route(&self) -> String {
        format!("/wp/v2/{}", self.taxonomy.rest_base)
    }

    async fn by_id(&self, turn: &mut Turn, request: &Request) -> Outcome<Term> {
        let id = TermId(request.int("id").unwrap_or(0));
        let all = terms::fresh(&mut turn.conn, &self.taxonomy.name).await?;
        all.into_iter().find(|term| term.term_id == id).ok_or_else(unknown)
    }

    async fn list(&self, turn: &mut Turn, request: &Request) -> Answer {
        let hidden = request.flag("hide_empty");
        let post = request.int("post").filter(|id| *id > 0);
        // What one item has is asked for with every item that is embedded: not all terms have to be read for it.
        let all = match post.is_some() && !hidden {
            true => Vec::new(),
            false => terms::fresh(&mut turn.conn, &self.taxonomy.name).await?,
        };
        let mut wanted: Vec<Term> = match post {
            Some(post) => self.of_post(turn, post).await?,
            None => all.clone(),
        };
        let parent = request.int("parent");
        let (include, exclude) = (request.ints("include"), request.ints("exclude"));
        let slugs: Vec<String> = request.texts("slug").iter().map(|slug| sanitize_title(slug)).collect();
        let search = request.text("search").unwrap_or_default().to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&search);
        wanted.retain(|term| {
            (include.is_empty() || include.contains(&term.term_id.0))
                && !exclude.contains(&term.term_id.0)
                && (slugs.is_empty() || slugs.contains(&term.slug))
                && parent.is_none_or(|parent| term.parent.0 == parent)
                && (search.is_empty() || holds(&term.name) || holds(&term.slug))
                && (!hidden || self.is_used(&all, term))
        });
        sort(&mut wanted, request, &include, &slugs);
        let total = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
        let per_page = request.int("per_page").unwrap_or(10);
        let page = request.int("page").unwrap_or(1);
        let skip = request.int("offset").unwrap_or((page - 1).saturating_mul(per_page));
        let skip = usize::try_from(skip).unwrap_or(0);
        let take = usize::try_from(per_page).unwrap_or(10);
        let part: Vec<Term> = wanted.into_iter().skip(skip).take(take).collect();
        let data = self.shown(turn, &part, request.context()).await?;
        Ok(things::paged(turn, request, data, total, per_page, &self.route()))
    }

    /// Used, or with something below it that is.
    fn is_used(&self, all: &[Term], term: &Term) -> bool {
        let below = terms::with_descendants(all, term);
        all.iter().any(|t| below.contains(&t.id.0) && t.count > 0)
    }

    async fn of_post(&self, turn: &mut Turn, post: i64) -> Outcome<Vec<Term>> {
        let item = items::by_id(&mut turn.conn, ItemId(post)).await?;
        let Some(item) = item else {
            return Err(Failure::param("post", "rest_post_invalid_id", "Invalid post ID."));
        };
        let parent = turn.parent_of(&item).await?;
        if turn.scope.sight_at_work(&item, parent.as_ref(), &turn.types()) == gp_content::Sight::Nothing {
            return Err(turn.refusal(
                "rest_forbidden",
                "Sorry, you are not allowed to view terms for this post.",
            ));
        }
        let mut found = terms::of_items(&mut turn.conn, &[item.id]).await?;
        let own = found.remove(&item.id).unwrap_or_default();
        Ok(own.into_iter().filter(|t| t.taxonomy == self.taxonomy.name).collect())
    }

    async fn shown(&self, turn: &mut Turn, list: &[Term], context: &str) -> Outcome<Vec<Value>> {
        let all = terms::all_of(&mut turn.conn, &self.taxonomy.name).await?;
        let properties = properties(&self.taxonomy);
        let types = turn.types();
        let may_edit = turn.actor().may_on_terms(Verb::Update, &self.taxonomy).is_ok();
        let out = list.iter().map(|term| {
            let link = address::links::of_term(&turn.site, &types, term, &all);
            let own = format!("{}/{}", self.route(), term.term_id);
            let mut links = Links::default();
            let allow: &[&str] = if may_edit {
                &["GET", "POST", "PUT", "PATCH", "DELETE"]
            } else {
                &["GET"]
            };
            links.own(turn, &own, allow);
            links.plain("collection", turn.href(&self.route()));
            links.plain("about", turn.href(&format!("/wp/v2/taxonomies/{}", self.taxonomy.name)));
            if term.parent.0 > 0 {
                links.embeddable("up", turn.href(&format!("{}/{}", self.route(), term.parent)));
            }
            for kind in self.taxonomy.types {
                let Some(base) = types.get(kind).and_then(|t| t.rest_base) else {
                    continue;
                };
                let href = turn.href(&format!("/wp/v2/{base}?{}={}", self.taxonomy.rest_base, term.term_id));
                links.plain("wp:post_type", href);
            }
            let value = json!({
                "id": term.term_id,
                "count": term.count,
                "description": term.description,
                "link": turn.url(&if self.taxonomy.public { link } else { format!("/?taxonomy={}&term={}", term.taxonomy, term.slug) }),
                "name": term.name,
                "slug": term.slug,
                "taxonomy": term.taxonomy,
                "parent": term.parent,
                "meta": [],
                "_links": links.value(),
            });
            in_context(value, &properties, context)
        });
        Ok(out.collect())
    }

    async fn create(&self, turn: &mut Turn, request: &Request) -> Answer {
        let wanted = Term {
            taxonomy: self.taxonomy.name.clone(),
            name: request.text("name").unwrap_or_default().to_owned(),
            slug: request.text("slug").unwrap_or_default().to_owned(),
            description: request.text("description").unwrap_or_default().to_owned(),
            parent: TermId(request.int("parent").unwrap_or(0)),
            ..Term::default()
        };
        if wanted.parent.0 != 0 && !self.taxonomy.hierarchical {
            let message = "Cannot set parent term, taxonomy is not hierarchical.";
            return Err(Failure::new(400, "rest_taxonomy_not_hierarchical", message));
        }
        let grant = turn.actor().may_on_terms(Verb::Create, &self.taxonomy)?;
        let term = match actions::create_term(&mut turn.act(), &grant, wanted).await {
            Ok(term) => term,
            Err(error) if error.kind == ErrorKind::Conflict => {
                let message = "A term with the name provided already exists with this parent.";
                let twin: i64 = error.message.parse().unwrap_or(0);
                return Err(Failure::new(400, "term_exists", message).with("term_id", twin.into()));
            }
            Err(error) => return Err(invalid(error)),
        };
        let location = turn.href(&format!("{}/{}", self.route(), term.term_id));
        let data = self.shown(turn, &[term], "edit").await?;
        Ok(Reply::created(data.into_iter().next().unwrap_or_default(), location))
    }

    async fn update(&self, turn: &mut Turn, request: &Request) -> Answer {
        let mut term = self.by_id(turn, request).await?;
        let put = |field: &mut String, name: &str| {
            if let Some(text) = request.text(name) {
                text.clone_into(field);
            }
        };
        put(&mut term.name, "name");
        put(&mut term.slug, "slug");
        put(&mut term.description, "description");
        if let Some(parent) = request.int("parent").filter(|_| self.taxonomy.hierarchical) {
            term.parent = TermId(parent);
        }
        let grant = turn.actor().may_on_terms(Verb::Update, &self.taxonomy)?;
        let updated = actions::update_term(&mut turn.act(), &grant, term).await;
        let term = updated.map_err(|error| match error.kind {
            ErrorKind::Conflict => Failure::new(400, "duplicate_term_slug", error.message),
            _ => invalid(error),
        })?;
        let data = self.shown(turn, &[term], "edit").await?;
        Ok(Reply::ok(data.into_iter().next().unwrap_or_default()))
    }

    async fn delete(&self, turn: &mut Turn, request: &Request) -> Answer {
        let term = self.by_id(turn, request).await?;
        if !request.flag("force") {
            let message = "Terms do not support trashing. Set 'force=true' to delete.";
            return Err(Failure::new(501, "rest_trash_not_supported", message));
        }
        let default = turn.site.default_category;
        let labels = self.taxonomy.name == "category";
        if labels && term.term_id == default {
            return Err(Failure::new(500, "rest_cannot_delete", "The term cannot be deleted."));
        }
        let fallback = match labels {
            true => terms::by_term_id(&mut turn.conn, "category", default)
                .await?
                .map(|t| t.id),
            false => None,
        };
        let data = self.shown(turn, std::slice::from_ref(&term), "view").await?;
        let previous = data.into_iter().next().unwrap_or_default();
        let grant = turn.actor().may_on_terms(Verb::Delete, &self.taxonomy)?;
        actions::delete_term(&mut turn.act(), &grant, &term, fallback).await?;
        Ok(Reply::deleted(previous))
    }
}

/// A sentence of ours about a term, with WordPress's code.
fn invalid(error: gp_kernel::Error) -> Box<Failure> {
    match error.kind {
        ErrorKind::Invalid if error.message.contains("name") => {
            Failure::new(400, "empty_term_name", "A name is required for this term.")
        }
        ErrorKind::Invalid => Failure::new(400, "rest_term_invalid", error.message),
        ErrorKind::NotFound => unknown(),
        _ => error.into(),
    }
}

/// What lists of terms are ordered by.
pub const ORDERS: &[&str] = &[
    "id",
    "include",
    "name",
    "slug",
    "include_slugs",
    "term_group",
    "description",
    "count",
];

/// Puts terms in the order that a request asks for, by one of [`ORDERS`].
pub fn sort(list: &mut [Term], request: &Request, include: &[i64], slugs: &[String]) {
    match request.text("orderby").unwrap_or("name") {
        "id" => list.sort_by_key(|t| t.term_id),
        "include" => list.sort_by_key(|t| include.iter().position(|id| *id == t.term_id.0)),
        "include_slugs" => list.sort_by_key(|t| slugs.iter().position(|slug| *slug == t.slug)),
        "slug" => list.sort_by(|a, b| a.slug.cmp(&b.slug)),
        "term_group" => list.sort_by_key(|t| (t.term_group, t.term_id)),
        "description" => list.sort_by(|a, b| a.description.cmp(&b.description)),
        "count" => list.sort_by_key(|t| (t.count, t.term_id)),
        _ => list.sort_by(|a, b| {
            a.name
                .to_lowercase()
                .cmp(&b.name.to_lowercase())
                .then(a.term_id.cmp(&b.term_id))
        }),
    }
    if request.text("order") == Some("desc") {
        list.reverse();
        // Terms that are used alike stand in the order in which they were made.
        if request.text("orderby") == Some("count") {
            list.sort_by_key(|t| (std::cmp::Reverse(t.count), t.term_id));
        }
    }
}

//! Making and changing items: what was sent as changes of ours, each checked as WordPress checks it.

use gp_content::{
    ContentType, Item, Verb,
    actions::{self, Changes, When},
    items, terms, users,
};
use gp_kernel::{ItemId, TermId, TermTaxonomyId, UserId};
use gp_markup::text::{sanitize_text_field, sanitize_title};
use serde_json::Value;

use super::super::facts::{self, Facts};
use crate::{
    dates,
    reply::{Failure, Outcome},
    request::Request,
    turn::Turn,
};

/// A text that came as it is, or as `{"raw": …}`.
pub(crate) fn raw(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(members) => members.get("raw").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

/// What a request changes of an item's own columns.
pub(crate) async fn changes(turn: &mut Turn, kind: &ContentType, request: &Request, before: &Item) -> Outcome<Changes> {
    let facts = facts::of(kind);
    let text = |name: &str| raw(request.param(name));
    let supported = |what: &str, name: &str| facts.has(what).then(|| text(name)).flatten();
    let mut changes = Changes {
        title: text("title"),
        content: supported("editor", "content"),
        excerpt: text("excerpt").filter(|_| super::schema::has_excerpt(&facts)),
        name: request.text("slug").map(sanitize_title),
        password: request
            .text("password")
            .filter(|_| kind.name != "attachment")
            .map(str::to_owned),
        menu_order: request.int("menu_order").filter(|_| facts.has("page-attributes")),
        comment_status: request.text("comment_status").map(str::to_owned),
        ping_status: request.text("ping_status").map(str::to_owned),
        date: date(turn, request, before)?,
        ..Changes::default()
    };
    if let Some(status) = request.text("status").filter(|_| kind.name != "attachment") {
        changes.status = Some(status_of(turn, kind, status, before)?);
    }
    if facts.has("author") {
        changes.author = author(turn, kind, request, before).await?;
    }
    if kind.hierarchical {
        changes.parent = parent(turn, kind, request).await?;
    }
    Ok(changes)
}

/// Published, scheduled and private need the capability to publish.
fn status_of(turn: &Turn, kind: &ContentType, status: &str, before: &Item) -> Outcome<String> {
    let publishes = turn.can(&facts::capability(kind, "publish"));
    let message = match status {
        _ if publishes || status == before.status => return Ok(status.to_owned()),
        "private" => "Sorry, you are not allowed to create private posts in this post type.",
        "publish" | "future" => "Sorry, you are not allowed to publish posts in this post type.",
        _ => return Ok(status.to_owned()),
    };
    Err(turn.refusal("rest_cannot_publish", message))
}

fn date(turn: &Turn, request: &Request, before: &Item) -> Outcome<Option<When>> {
    let wrong = || Failure::new(400, "rest_invalid_date", "The provided date is invalid.");
    let sent = |name: &str| request.sent(name);
    match (sent("date"), sent("date_gmt")) {
        (Some(Value::String(date)), _) => {
            let date = dates::read(date, &turn.site.zone).ok_or_else(wrong)?;
            Ok((date != before.date).then_some(When::Local(date)))
        }
        (_, Some(Value::String(date))) => {
            let date = dates::read(date, &jiff::tz::TimeZone::UTC).ok_or_else(wrong)?;
            Ok((date != before.date_gmt).then_some(When::Gmt(date)))
        }
        (Some(Value::Null), _) | (_, Some(Value::Null)) => Ok(Some(When::Floating)),
        _ => Ok(None),
    }
}

async fn author(turn: &mut Turn, kind: &ContentType, request: &Request, before: &Item) -> Outcome<Option<UserId>> {
    let Some(id) = request.int("author").map(UserId).filter(|id| *id != before.author) else {
        return Ok(None);
    };
    if id != turn.actor().user() && !turn.can(&facts::capability(kind, "edit_others")) {
        return Err(turn.refusal(
            "rest_cannot_edit_others",
            "Sorry, you are not allowed to create posts as this user.",
        ));
    }
    if users::by_ids(&mut turn.conn, &[id]).await?.is_empty() {
        return Err(Failure::new(400, "rest_invalid_author", "Invalid author ID."));
    }
    Ok(Some(id))
}

async fn parent(turn: &mut Turn, kind: &ContentType, request: &Request) -> Outcome<Option<ItemId>> {
    let Some(id) = request.int("parent").map(ItemId) else {
        return Ok(None);
    };
    if id.0 != 0 {
        let found = items::by_id(&mut turn.conn, id).await?;
        if found.is_none_or(|item| item.kind != kind.name) {
            return Err(Failure::new(400, "rest_post_invalid_id", "Invalid post parent ID."));
        }
    }
    Ok(Some(id))
}

/// What is checked before anything is written.
pub(crate) async fn check(turn: &mut Turn, kind: &ContentType, request: &Request, before: &Item) -> Outcome<()> {
    let sticky = request.param("sticky").map(|_| request.flag("sticky"));
    let password = request.text("password").unwrap_or(&before.password);
    if sticky == Some(true) {
        if !turn.can(&facts::capability(kind, "edit_others")) {
            return Err(turn.refusal(
                "rest_cannot_assign_sticky",
                "Sorry, you are not allowed to make posts sticky.",
            ));
        }
        if !password.is_empty() {
            let message = "A post can not be sticky and have a password.";
            return Err(Failure::new(400, "rest_invalid_field", message));
        }
    }
    let stuck = turn.site.sticky.contains(&before.id) && before.id.0 != 0;
    if stuck && sticky != Some(false) && request.text("password").is_some_and(|p| !p.is_empty()) {
        let message = "A sticky post can not be password protected.";
        return Err(Failure::new(400, "rest_invalid_field", message));
    }
    for taxonomy in super::taxonomies_of(turn, kind) {
        if !request.ints(taxonomy.rest_base).is_empty() && !turn.can("edit_posts") {
            return Err(turn.refusal(
                "rest_cannot_assign_term",
                "Sorry, you are not allowed to assign the provided terms.",
            ));
        }
    }
    check_meta(request, &facts::of(kind))?;
    check_template(turn, request)
}

fn check_meta(request: &Request, facts: &Facts) -> Outcome<()> {
    let sent = match request.param("meta") {
        None => return Ok(()),
        Some(Value::Object(sent)) => sent,
        Some(Value::Array(none)) if none.is_empty() => return Ok(()),
        Some(_) => {
            return Err(Failure::param(
                "meta",
                "rest_invalid_type",
                "meta is not of type object.",
            ));
        }
    };
    if let Some(status) = sent.get("wp_pattern_sync_status").filter(|_| facts.kind == "wp_block")
        && !matches!(status.as_str(), Some("partial" | "unsynced" | ""))
        && !status.is_null()
    {
        let message = "meta.wp_pattern_sync_status is not one of partial and unsynced.";
        return Err(Failure::new(400, "rest_not_in_enum", message));
    }
    Ok(())
}

/// A template must be one of the theme.
fn check_template(turn: &Turn, request: &Request) -> Outcome<()> {
    let Some(wanted) = request.text("template").filter(|name| !name.is_empty()) else {
        return Ok(());
    };
    let theme = turn.app.renderer.theme(&turn.site);
    if theme.templates().any(|name| name == wanted) {
        return Ok(());
    }
    let known: Vec<&str> = theme.templates().collect();
    let message = format!("template is not one of {}.", known.join(", "));
    Err(Failure::param("template", "rest_not_in_enum", &message))
}

/// Terms, picture, template, format, sticky and meta of an item that is there. `new`: what nobody said gets its default.
pub(crate) async fn besides(
    turn: &mut Turn,
    kind: &ContentType,
    request: &Request,
    item: &Item,
    new: bool,
) -> Outcome<()> {
    let facts = facts::of(kind);
    let types = turn.types();
    let parent = turn.parent_of(item).await?;
    let actor = turn.actor().clone();
    let grant = match actor.may(Verb::Update, item, parent.as_ref(), &types) {
        Ok(grant) => grant,
        // Who makes something may complete it, whatever they may do to it later.
        Err(_) if new => actor.may(Verb::Create, item, parent.as_ref(), &types)?,
        Err(error) => return Err(error.into()),
    };
    for taxonomy in super::taxonomies_of(turn, kind) {
        let sent = request.param(taxonomy.rest_base).is_some();
        let mut ids = request.ints(taxonomy.rest_base);
        let labelled = taxonomy.name == "category" && kind.name == "post";
        if labelled && ids.is_empty() && (new || sent) {
            ids.push(turn.site.default_category.0);
        }
        if sent || (new && !ids.is_empty()) {
            let known = known_terms(turn, &taxonomy.name, &ids).await?;
            actions::set_terms(&mut turn.act(), &grant, item.id, &taxonomy.name, &known).await?;
        }
    }
    if facts.has("post-formats")
        && let Some(format) = request.text("format")
    {
        let known = format_term(turn, format).await?;
        actions::set_terms(&mut turn.act(), &grant, item.id, "post_format", &known).await?;
    }
    if facts.has("thumbnail")
        && let Some(id) = request.int("featured_media")
    {
        let known = items::by_id(&mut turn.conn, ItemId(id)).await?;
        let number = id.to_string();
        match known {
            Some(file) if file.kind == "attachment" => {
                let values = [number.as_bytes()];
                actions::set_meta(&mut turn.act(), &grant, item.id, "_thumbnail_id", &values).await?;
            }
            _ if id == 0 => actions::set_meta(&mut turn.act(), &grant, item.id, "_thumbnail_id", &[]).await?,
            _ => {}
        }
    }
    if let Some(template) = request.text("template") {
        let values = [template.as_bytes()];
        let values: &[&[u8]] = if template.is_empty() { &[] } else { &values };
        actions::set_meta(&mut turn.act(), &grant, item.id, "_wp_page_template", values).await?;
    }
    own_meta(turn, request, &facts, item, &grant).await?;
    if kind.name == "post" && request.param("sticky").is_some() {
        stick(turn, item.id, request.flag("sticky")).await?;
    }
    Ok(actions::keep_beside(&mut turn.act(), &grant, item).await?)
}

async fn own_meta(
    turn: &mut Turn,
    request: &Request,
    facts: &Facts,
    item: &Item,
    grant: &gp_content::Grant,
) -> Outcome<()> {
    let Some(Value::Object(sent)) = request.param("meta") else {
        return Ok(());
    };
    let names: &[&str] = match facts.kind {
        "wp_block" => &["footnotes", "wp_pattern_sync_status"],
        _ if facts.has("editor") && facts.has("custom-fields") => &["footnotes"],
        _ => &[],
    };
    for name in names {
        let Some(value) = sent.get(*name) else { continue };
        let text = value.as_str().unwrap_or_default();
        let values = [text.as_bytes()];
        let values: &[&[u8]] = if text.is_empty() { &[] } else { &values };
        actions::set_meta(&mut turn.act(), grant, item.id, name, values).await?;
    }
    Ok(())
}

async fn known_terms(turn: &mut Turn, taxonomy: &str, ids: &[i64]) -> Outcome<Vec<TermTaxonomyId>> {
    let all = terms::all_of(&mut turn.conn, taxonomy).await?;
    let known = ids
        .iter()
        .filter_map(|id| all.iter().find(|t| t.term_id == TermId(*id)));
    Ok(known.map(|term| term.id).collect())
}

async fn format_term(turn: &mut Turn, format: &str) -> Outcome<Vec<TermTaxonomyId>> {
    if format == "standard" {
        return Ok(Vec::new());
    }
    let slug = format!("post-format-{}", sanitize_text_field(format));
    let known = terms::by_slug(&mut turn.conn, "post_format", &slug).await?;
    if let Some(term) = known.first() {
        return Ok(vec![term.id]);
    }
    let types = turn.types();
    let Some(taxonomy) = types.taxonomy("post_format") else {
        return Ok(Vec::new());
    };
    // A format is no term that people make: it comes to be with its first post.
    let grant = gp_content::Actor::system().may_on_terms(Verb::Create, taxonomy)?;
    let term = gp_content::Term {
        taxonomy: "post_format".to_owned(),
        name: slug.clone(),
        slug,
        ..gp_content::Term::default()
    };
    Ok(vec![actions::create_term(&mut turn.act(), &grant, term).await?.id])
}

/// The list of sticky posts, with this one or without it.
async fn stick(turn: &mut Turn, id: ItemId, sticky: bool) -> Outcome<()> {
    let mut list: Vec<ItemId> = turn.site.sticky.clone();
    if list.contains(&id) == sticky {
        return Ok(());
    }
    list.retain(|other| *other != id);
    if sticky {
        list.push(id);
    }
    let value = gp_php::Value::list(list.iter().map(|id| id.0));
    // Sticking a post is a right of its own, asked for before; the setting itself belongs to the site.
    let grant = gp_content::Actor::system().may_manage(Verb::SetOption)?;
    actions::set_option(&mut turn.act(), &grant, "sticky_posts", &gp_php::serialize(&value)).await?;
    turn.reload().await?;
    Ok(())
}

/// The version of an item that whoever writes has in mind, by `If-Match`.
pub(crate) fn version_in_mind(request: &Request) -> Option<i64> {
    let header = request.headers.get(axum::http::header::IF_MATCH)?.to_str().ok()?;
    let tag = header.trim().trim_start_matches("W/").trim_matches('"');
    tag.rsplit_once('-').map(|(_, version)| version.parse().unwrap_or(-1))
}

/// What names the version of an item.
pub(crate) fn etag(item: &Item) -> String {
    format!("W/\"{}-{}\"", item.id, item.version)
}

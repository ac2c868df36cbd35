//! Items as the API shows them: everything that several of them need is fetched at once, then each is written.

use std::collections::HashMap;

use gp_content::{
    ContentType, Item, Meta, MetaKind, Term, Verb,
    address::{Address, links as addresses},
    items, meta, terms,
};
use gp_kernel::{ItemId, Result};
use gp_markup::text;
use serde_json::{Map, Value, json};

use super::super::facts::{self, Facts};
use crate::{dates, fields, links::Links, reply::Outcome, schema, turn::Turn};

/// How items are to be shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    /// `view`, `embed` or `edit`.
    pub context: String,
    /// Only these fields are needed.
    pub fields: Option<Vec<String>>,
    /// The password of the item was given.
    pub unlocked: bool,
    /// How many words an excerpt has that nobody wrote.
    pub excerpt_length: Option<usize>,
}

/// What is known of items besides themselves.
pub(crate) struct Around {
    pub links: HashMap<ItemId, String>,
    pub terms: HashMap<ItemId, Vec<Term>>,
    pub metas: HashMap<i64, Meta>,
    /// How many revisions, and the newest.
    pub revisions: HashMap<ItemId, (i64, ItemId)>,
    pub parents: HashMap<ItemId, Item>,
}

impl Around {
    /// Of these items.
    pub async fn of(turn: &mut Turn, list: &[Item]) -> Result<Self> {
        let ids: Vec<ItemId> = list.iter().map(|item| item.id).collect();
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let parents: Vec<ItemId> = list.iter().map(|item| item.parent).filter(|id| id.0 > 0).collect();
        let types = turn.types();
        Ok(Self {
            links: addresses::of_items(&mut turn.conn, &turn.site, &types, list).await?,
            terms: terms::of_items(&mut turn.conn, &ids).await?,
            metas: meta::of_many(&mut turn.conn, MetaKind::Item, &numbers).await?,
            revisions: items::revisions_of(&mut turn.conn, &ids).await?,
            parents: items::by_ids(&mut turn.conn, &parents).await?,
        })
    }

    /// The meta of an item.
    pub fn meta(&self, item: &Item) -> Meta {
        self.metas.get(&item.id.0).cloned().unwrap_or_default()
    }

    /// The terms of an item in a taxonomy.
    pub fn terms_in<'a>(&'a self, item: &Item, taxonomy: &'a str) -> impl Iterator<Item = &'a Term> {
        let all = self.terms.get(&item.id).into_iter().flatten();
        all.filter(move |term| term.taxonomy == taxonomy)
    }
}

/// Items of one type, as they are shown.
pub(crate) async fn several(turn: &mut Turn, kind: &ContentType, list: &[Item], shown: &Shown) -> Outcome<Vec<Value>> {
    let around = Around::of(turn, list).await?;
    let properties = super::properties_of(turn, kind);
    let mut out = Vec::with_capacity(list.len());
    for item in list {
        let value = one(turn, kind, item, &around, shown).await?;
        out.push(schema::in_context(value, &properties, &shown.context));
    }
    Ok(out)
}

async fn one(turn: &mut Turn, kind: &ContentType, item: &Item, around: &Around, shown: &Shown) -> Outcome<Value> {
    let facts = facts::of(kind);
    let wants = |name: &str| fields::wants(shown.fields.as_deref(), name);
    let mut out = common(turn, item, around);
    if kind.public && (wants("permalink_template") || wants("generated_slug")) && shown.context == "edit" {
        let (template, slug) = permalink(turn, item).await?;
        out.insert("permalink_template".to_owned(), template.into());
        out.insert("generated_slug".to_owned(), slug.into());
    }
    if kind.public {
        out.insert("class_list".to_owned(), json!(classes(turn, &facts, item, around)));
    }
    if kind.hierarchical {
        out.insert("parent".to_owned(), item.parent.0.into());
    }
    out.insert("title".to_owned(), title(item));
    if facts.has("editor") && wants("content") {
        out.insert("content".to_owned(), content(turn, item, shown).await?);
    }
    if super::schema::has_excerpt(&facts) && wants("excerpt") {
        out.insert("excerpt".to_owned(), excerpt(turn, item, shown).await?);
    }
    by_support(turn, kind, &facts, item, around, &mut out);
    if wants("_links") || wants("_embedded") {
        let links = links(turn, kind, &facts, item, around, shown);
        out.insert("_links".to_owned(), links.value());
    }
    Ok(Value::Object(out))
}

/// What every item has.
pub(crate) fn common(turn: &Turn, item: &Item, around: &Around) -> Map<String, Value> {
    let zone = &turn.site.zone;
    let guid = if item.guid.starts_with('/') {
        turn.url(&item.guid)
    } else {
        item.guid.clone()
    };
    let known = around.links.get(&item.id).map_or("/", String::as_str);
    let link = turn.url(&unvisited(turn, item).unwrap_or_else(|| known.to_owned()));
    schema::members(json!({
        "id": item.id,
        "date": dates::shown(&item.date),
        "date_gmt": dates::shown_gmt(&item.date_gmt, &item.date, zone),
        "guid": {"rendered": text::esc_url(&guid), "raw": guid},
        "modified": dates::shown(&item.modified),
        "modified_gmt": dates::shown_gmt(&item.modified_gmt, &item.modified, zone),
        "password": item.password,
        "slug": item.name,
        "status": item.status,
        "type": item.kind,
        "link": link,
    }))
}

/// What the API calls the address of an item that has none: by its slug where it is published, else by its number, as WordPress does.
fn unvisited(turn: &Turn, item: &Item) -> Option<String> {
    let public = turn.types().get(&item.kind).is_none_or(|kind| kind.public);
    let slugged = item.status == "publish" && !item.name.is_empty() && !turn.site.plain();
    match (public, slugged) {
        (true, _) => None,
        (false, true) => Some(format!("/{}{}", item.name, turn.site.trailing())),
        (false, false) => Some(format!("/?p={}", item.id)),
    }
}

/// The title, raw and shown.
pub(crate) fn title(item: &Item) -> Value {
    let shown = text::convert_chars(&text::wptexturize(&item.title));
    json!({"raw": item.title, "rendered": shown.trim()})
}

fn is_locked(item: &Item, shown: &Shown) -> bool {
    !item.password.is_empty() && !shown.unlocked && shown.context != "edit"
}

/// The content as its page shows it, without a page around it.
async fn rendered(turn: &mut Turn, item: &Item) -> Result<String> {
    let open = Item {
        password: String::new(),
        ..item.clone()
    };
    let address = Address::Item {
        item: Box::new(open.clone()),
        parent: None,
        sight: gp_content::Sight::Full,
        part: 0,
        embed: false,
        link: String::new(),
    };
    let (app, context) = (turn.app.clone(), turn.context(address));
    app.renderer.content(&mut turn.conn, &context, &open, 0).await
}

async fn content(turn: &mut Turn, item: &Item, shown: &Shown) -> Result<Value> {
    let html = if is_locked(item, shown) {
        String::new()
    } else {
        rendered(turn, item).await?
    };
    Ok(json!({
        "raw": item.content,
        "rendered": html,
        "protected": !item.password.is_empty(),
        "block_version": i32::from(item.content.contains("<!-- wp:")),
    }))
}

/// How many words of a text stand for it.
const EXCERPT_WORDS: usize = 55;

async fn excerpt(turn: &mut Turn, item: &Item, shown: &Shown) -> Result<Value> {
    let html = if is_locked(item, shown) {
        String::new()
    } else if item.excerpt.trim().is_empty() {
        let body = rendered(turn, item).await?;
        let words = shown.excerpt_length.unwrap_or(EXCERPT_WORDS);
        text::wp_trim_words(&body.replace("]]>", "]]&gt;"), words, " [&hellip;]")
    } else {
        item.excerpt.clone()
    };
    let html = text::wpautop(&text::convert_chars(&text::wptexturize(&html)));
    Ok(json!({"raw": item.excerpt, "rendered": html, "protected": !item.password.is_empty()}))
}

fn by_support(
    turn: &Turn,
    kind: &ContentType,
    facts: &Facts,
    item: &Item,
    around: &Around,
    out: &mut Map<String, Value>,
) {
    let stored = around.meta(item);
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    put("author", item.author.0.into());
    put("featured_media", stored.int("_thumbnail_id").unwrap_or(0).into());
    put("menu_order", item.menu_order.into());
    put("comment_status", item.comment_status.as_str().into());
    put("ping_status", item.ping_status.as_str().into());
    let template = stored.text("_wp_page_template");
    put("template", if template == "default" { "" } else { &template }.into());
    put("format", format(item, around).into());
    put("meta", meta_shown(facts, &stored));
    if kind.name == "post" {
        put("sticky", turn.site.sticky.contains(&item.id).into());
    }
    if kind.name == "wp_block" {
        put("wp_pattern_sync_status", stored.text("wp_pattern_sync_status").into());
    }
    for taxonomy in super::taxonomies_of(turn, kind) {
        let ids: Vec<i64> = around
            .terms_in(item, &taxonomy.name)
            .map(|term| term.term_id.0)
            .collect();
        put(taxonomy.rest_base, json!(ids));
    }
}

/// Meta that the API shows; none is an empty list, as PHP writes it.
pub(crate) fn meta_shown(facts: &Facts, stored: &Meta) -> Value {
    if facts.has("editor") && facts.has("custom-fields") && facts.has("revisions") {
        return json!({"footnotes": stored.text("footnotes")});
    }
    json!([])
}

/// The format of a post; that of most is none.
fn format(item: &Item, around: &Around) -> String {
    let term = around.terms_in(item, "post_format").next();
    term.and_then(|term| term.slug.strip_prefix("post-format-"))
        .unwrap_or("standard")
        .to_owned()
}

/// The classes of an item's element, as themes write them.
pub(crate) fn classes(turn: &Turn, facts: &Facts, item: &Item, around: &Around) -> Vec<String> {
    let mut out = vec![
        format!("post-{}", item.id),
        item.kind.clone(),
        format!("type-{}", item.kind),
        format!("status-{}", item.status),
    ];
    if facts.has("post-formats") {
        out.push(format!("format-{}", format(item, around)));
    }
    if !item.password.is_empty() {
        out.push("post-password-required".to_owned());
    }
    if facts.has("thumbnail") && around.meta(item).int("_thumbnail_id").unwrap_or(0) > 0 && item.password.is_empty() {
        out.push("has-post-thumbnail".to_owned());
    }
    out.push("hentry".to_owned());
    for taxonomy in turn.types().taxonomies() {
        let named = match taxonomy.name.as_str() {
            "post_format" => continue,
            _ if !taxonomy.public || !taxonomy.types.contains(&item.kind.as_str()) => continue,
            "post_tag" => "tag",
            name => name,
        };
        for term in around.terms_in(item, &taxonomy.name) {
            let slug = if term.slug.is_empty() || term.slug.bytes().all(|b| b.is_ascii_digit()) {
                term.term_id.to_string()
            } else {
                term.slug.clone()
            };
            out.push(format!("{named}-{slug}"));
        }
    }
    out
}

/// The address with a place for the slug, and the slug that the title would give.
async fn permalink(turn: &mut Turn, item: &Item) -> Result<(String, String)> {
    const HOLE: &str = "guidepost-slug-here";
    let types = turn.types();
    let mut sample = item.clone();
    HOLE.clone_into(&mut sample.name);
    if matches!(item.status.as_str(), "draft" | "pending" | "future" | "auto-draft") {
        "publish".clone_into(&mut sample.status);
    }
    let link = addresses::of_item(&mut turn.conn, &turn.site, &types, &sample).await?;
    let tag = if item.kind == "post" {
        "%postname%"
    } else {
        "%pagename%"
    };
    let named = Item {
        status: "publish".to_owned(),
        name: String::new(),
        ..item.clone()
    };
    let slug = gp_content::slugs::unique(&mut turn.conn, &types, &named, &item.title).await?;
    Ok((turn.url(&link.replace(HOLE, tag)), slug))
}

/// The methods that whoever asks may use on an item.
pub(crate) fn allowed(turn: &Turn, item: &Item, parent: Option<&Item>) -> Vec<&'static str> {
    let types = turn.types();
    let mut all = vec!["GET"];
    if turn.actor().may(Verb::Update, item, parent, &types).is_ok() {
        all.extend(["POST", "PUT", "PATCH"]);
    }
    if turn.actor().may(Verb::Delete, item, parent, &types).is_ok() {
        all.push("DELETE");
    }
    all
}

fn links(turn: &Turn, kind: &ContentType, facts: &Facts, item: &Item, around: &Around, shown: &Shown) -> Links {
    let base = format!("/wp/v2/{}", kind.rest_base.unwrap_or_default());
    let own = format!("{base}/{}", item.id);
    let mut links = Links::default();
    links.own(turn, &own, &allowed(turn, item, around.parents.get(&item.parent)));
    links.plain("collection", turn.href(&base));
    links.plain("about", turn.href(&format!("/wp/v2/types/{}", kind.name)));
    if facts.has("author") && item.author.0 > 0 {
        links.embeddable("author", turn.href(&format!("/wp/v2/users/{}", item.author)));
    }
    if facts.has("comments") {
        links.embeddable("replies", turn.href(&format!("/wp/v2/comments?post={}", item.id)));
    }
    if facts.has("revisions") {
        let (count, newest) = around.revisions.get(&item.id).copied().unwrap_or_default();
        let href = turn.href(&format!("{own}/revisions"));
        links.add("version-history", href, json!({"count": count}));
        if count > 0 {
            let href = turn.href(&format!("{own}/revisions/{newest}"));
            links.add("predecessor-version", href, json!({"id": newest}));
        }
    }
    if kind.hierarchical && item.parent.0 > 0 {
        links.embeddable("up", turn.href(&format!("{base}/{}", item.parent)));
    }
    let picture = around.meta(item).int("_thumbnail_id").unwrap_or(0);
    if facts.has("thumbnail") && picture > 0 {
        links.embeddable("wp:featuredmedia", turn.href(&format!("/wp/v2/media/{picture}")));
    }
    if kind.name != "attachment" {
        links.plain("wp:attachment", turn.href(&format!("/wp/v2/media?parent={}", item.id)));
    }
    for taxonomy in super::taxonomies_of(turn, kind) {
        let href = turn.href(&format!("/wp/v2/{}?post={}", taxonomy.rest_base, item.id));
        links.add("wp:term", href, json!({"embeddable": true, "taxonomy": taxonomy.name}));
    }
    if shown.context == "edit" {
        actions(turn, kind, facts, &own, &mut links);
    }
    links
}

/// What the editor may offer.
pub(crate) fn actions(turn: &Turn, kind: &ContentType, facts: &Facts, own: &str, links: &mut Links) {
    let can = |deed: &str| turn.can(&facts::capability(kind, deed));
    let mut offer = |rel: &str, may: bool| {
        if may {
            links.plain(&format!("wp:action-{rel}"), turn.href(own));
        }
    };
    offer("publish", kind.name != "attachment" && can("publish"));
    offer("unfiltered-html", turn.can("unfiltered_html"));
    offer("sticky", kind.name == "post" && can("edit_others") && can("publish"));
    offer("assign-author", facts.has("author") && can("edit_others"));
    for taxonomy in super::taxonomies_of(turn, kind) {
        let makes = turn.actor().may_on_terms(Verb::Create, &taxonomy).is_ok();
        offer(&format!("create-{}", taxonomy.rest_base), makes);
        offer(&format!("assign-{}", taxonomy.rest_base), turn.can("edit_posts"));
    }
}

//! What is different between two versions of an item, for people (HTML) and programs: text by blocks and words, terms, meta.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_blocks::html::esc;
use gp_content::{
    Beside, ContentType, Item, Verb,
    differences::{self, BlockChange, Change, Part},
    items,
};
use gp_kernel::{Error, ItemId};
use serde_json::{Map, Value, json};

use super::revisions::OURS;
use crate::{
    dates,
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::{Deed, READ, Resource, Route},
    schema::members,
    turn::Turn,
};

/// Differences between versions of items of one type.
struct Differences(ContentType);

/// Two versions, the older one first.
type Pair = (Item, Item);

/// The route of a type.
pub(crate) fn routes(kind: &ContentType) -> Vec<Route> {
    let (Some(base), true) = (kind.rest_base, kind.revisions) else {
        return Vec::new();
    };
    let id = |description: &str| json!({"description": description, "type": "integer"});
    let args = members(json!({
        "parent": id("The ID for the parent of the revision."),
        "id": id("The newer of the two: a revision, or the item itself as it is now."),
        "from": id("The older of the two. By default the revision before."),
    }));
    let at = format!("/{base}/(?P<parent>[\\d]+)/revisions/(?P<id>[\\d]+)/diff");
    vec![Route::new(OURS, &at, Arc::new(Differences(kind.clone()))).on(READ, Deed::Get, args)]
}

impl Resource for Differences {
    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let parent = self.parent(turn, request).await?;
            let above = turn.parent_of(&parent).await?;
            let types = turn.types();
            if turn.actor().may(Verb::Update, &parent, above.as_ref(), &types).is_ok() {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to view revisions of this post.";
            Err(turn.refusal("rest_cannot_read", message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let pair = self.pair(turn, request).await?;
            let beside = beside(turn, &pair).await?;
            let shown = tokio::task::spawn_blocking(move || shown(&pair));
            let mut shown = shown
                .await
                .map_err(|e| Error::internal(format!("versions could not be compared: {e}")))?;
            shown.extend(beside);
            Ok(Reply::ok(Value::Object(shown)))
        })
    }
}

impl Differences {
    async fn parent(&self, turn: &mut Turn, request: &Request) -> Outcome<Item> {
        let id = ItemId(request.int("parent").unwrap_or(0));
        let found = items::by_id(&mut turn.conn, id).await?;
        let found = found.filter(|item| item.kind == self.0.name);
        found.ok_or_else(|| Failure::new(404, "rest_post_invalid_parent", "Invalid post parent ID."))
    }

    async fn pair(&self, turn: &mut Turn, request: &Request) -> Outcome<Pair> {
        let parent = self.parent(turn, request).await?;
        let versions = items::versions(&mut turn.conn, parent.id).await?;
        let find = |id: i64| -> Outcome<Item> {
            let found = versions.iter().chain([&parent]).find(|item| item.id.0 == id);
            found
                .cloned()
                .ok_or_else(|| Failure::new(404, "rest_post_invalid_id", "Invalid revision ID."))
        };
        let newer = find(request.int("id").unwrap_or(0))?;
        let older = match request.int("from") {
            Some(id) => find(id)?,
            None => before(&versions, &newer).cloned().unwrap_or_else(|| Item {
                date: newer.date.clone(),
                date_gmt: newer.date_gmt.clone(),
                ..Item::default()
            }),
        };
        Ok((older, newer))
    }
}

/// The version before one: by number, those that somebody typed and did not save left aside.
fn before<'v>(versions: &'v [Item], newer: &Item) -> Option<&'v Item> {
    let saved = versions.iter().filter(|version| !version.name.contains("-autosave-"));
    let earlier = saved.filter(|version| version.id != newer.id && (newer.kind != "revision" || version.id < newer.id));
    earlier.max_by_key(|version| version.id)
}

/// What stands beside the texts, where it differs. A version that came from elsewhere says nothing of it.
async fn beside(turn: &mut Turn, (older, newer): &Pair) -> Outcome<Map<String, Value>> {
    let (Some(old), Some(new)) = (kept(turn, older).await?, kept(turn, newer).await?) else {
        return Ok(members(json!({"terms": null, "meta": null})));
    };
    let only = |these: &Beside, others: &Beside| -> Vec<i64> {
        let terms = these.terms.iter().filter(|term| !others.terms.contains(term));
        terms.copied().collect()
    };
    let mut meta = Map::new();
    for key in old.meta.keys().chain(new.meta.keys()) {
        let (before, after) = (old.meta.get(key), new.meta.get(key));
        if before != after {
            let own = json!({"old": values(key, before), "new": values(key, after)});
            meta.insert(key.clone(), own);
        }
    }
    Ok(members(json!({
        "terms": {"removed": only(&old, &new), "added": only(&new, &old)},
        "meta": meta,
    })))
}

/// Values as text; of what is the program's own only how many there are.
fn values(key: &str, values: Option<&Vec<Vec<u8>>>) -> Value {
    let values = values.map(Vec::as_slice).unwrap_or_default();
    if key.starts_with('_') {
        return values.len().into();
    }
    let texts = values
        .iter()
        .map(|value| String::from_utf8_lossy(value).into_owned().into());
    Value::Array(texts.collect())
}

async fn kept(turn: &mut Turn, item: &Item) -> Outcome<Option<Beside>> {
    Ok(match item.kind.as_str() {
        "revision" => Beside::kept(&mut turn.conn, item).await?,
        "" => Some(Beside::default()),
        _ => Some(Beside::now(&mut turn.conn, item.id).await?),
    })
}

fn shown((older, newer): &Pair) -> Map<String, Value> {
    let whose = |item: &Item| json!({"id": item.id, "author": item.author, "date": dates::shown(&item.modified)});
    let from = (older.id.0 != 0).then(|| whose(older));
    let mut content = text(&older.content, &newer.content);
    if let Value::Object(content) = &mut content {
        let blocks = differences::blocks(&older.content, &newer.content);
        content.insert("blocks".to_owned(), blocks.iter().map(block).collect());
    }
    members(json!({
        "from": from,
        "to": whose(newer),
        "title": text(&older.title, &newer.title),
        "content": content,
        "excerpt": text(&older.excerpt, &newer.excerpt),
    }))
}

fn text(old: &str, new: &str) -> Value {
    let parts = differences::words(old, new);
    json!({"changed": old != new, "words": parts.iter().map(part).collect::<Vec<_>>(), "html": html(&parts)})
}

fn part(part: &Part<'_>) -> Value {
    let (change, text) = match part {
        Part::Same(text) => ("same", text),
        Part::Removed(text) => ("removed", text),
        Part::Added(text) => ("added", text),
    };
    json!({"change": change, "text": text})
}

/// Parts as HTML: what is gone in `<del>`, what is new in `<ins>`; the markup of the text itself is shown, not used.
fn html(parts: &[Part<'_>]) -> String {
    let parts = parts.iter().map(|part| match part {
        Part::Same(text) => esc(text),
        Part::Removed(text) => format!("<del>{}</del>", esc(text)),
        Part::Added(text) => format!("<ins>{}</ins>", esc(text)),
    });
    parts.collect()
}

fn block(block: &BlockChange) -> Value {
    let change = match block.change {
        Change::Same => "same",
        Change::Removed => "removed",
        Change::Added => "added",
        Change::Changed => "changed",
    };
    let mut out = members(json!({"change": change, "name": block.name, "depth": block.depth}));
    if block.change != Change::Same {
        out.extend(members(json!({"old": block.old, "new": block.new})));
        let parts = differences::words(&block.old, &block.new);
        out.insert("html".to_owned(), html(&parts).into());
    }
    if let Some((old, new)) = &block.attributes {
        out.insert("attributes".to_owned(), json!({"old": old, "new": new}));
    }
    Value::Object(out)
}

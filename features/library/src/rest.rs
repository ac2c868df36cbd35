//! The record of an item through the API: `guidepost/v1/items/ID/record`. What editors see and change of it, whatever screen they use.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{Item, Meta, MetaKind, Sight, Verb, actions, documents, files, items, meta};
use gp_kernel::ItemId;
use gp_rest::{
    Answer, Deed, EDIT, Failure, MAKE, Outcome, READ, Reply, Request, Resource, Route, Turn, schema::members,
};
use serde_json::{Map, Value, json};

use crate::{
    record::{self, CHANGES, FILES, LANG, RECORD},
    replaced::{self, NewBytes},
};

/// Facts that are one text.
const TEXTS: &[&str] = &[
    "symbol",
    "series",
    "original",
    "status",
    "superseded_by",
    "withdrawn_reason",
    "licence",
    "explains",
    "summary_note",
];
/// Facts that are a year, a month or a day.
const DATES: &[&str] = &["issued", "adopted", "verified"];
/// Facts that are several texts.
const LISTS: &[&str] = &["publisher", "audience", "also_known_as"];
/// Longest text of a fact, in characters.
const LONGEST: usize = 2000;

/// The routes.
pub fn routes() -> Vec<Route> {
    let args = || {
        members(json!({
            "id": {"description": "Unique identifier for the item.", "type": "integer"},
        }))
    };
    let mut sent = args();
    let (mut properties, long) = (Map::new(), json!({"type": "string", "maxLength": LONGEST}));
    for name in TEXTS {
        properties.insert((*name).to_owned(), long.clone());
    }
    for name in DATES {
        let date = json!({"type": "string", "pattern": "^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$"});
        properties.insert((*name).to_owned(), date);
    }
    for name in LISTS {
        properties.insert(
            (*name).to_owned(),
            json!({"type": "array", "maxItems": 50, "items": long.clone()}),
        );
    }
    properties.insert(
        "external".to_owned(),
        json!({"type": "object", "properties": {"url": {"type": "string", "maxLength": LONGEST}, "note": {"type": "string", "maxLength": LONGEST}}}),
    );
    sent.extend(members(json!({
        "record": {"description": "The facts of the publication; those that are named are replaced, empty ones removed.",
            "type": "object", "properties": properties},
        "language": {"description": "The language of the item (BCP 47).", "type": "string", "maxLength": 35},
        "files": {"description": "The files that are listed, in order.", "type": "array", "maxItems": 200, "items": {
            "type": "object", "properties": {
                "path": {"type": "string", "maxLength": 500}, "title": {"type": "string", "maxLength": LONGEST},
                "lang": {"type": "string", "maxLength": 35}, "kind": {"type": "string", "maxLength": 60}}}},
        "change": {"description": "A note for readers about what changed, dated today.", "type": "string", "maxLength": LONGEST},
    })));
    vec![
        Route::new("guidepost/v1", "/items/(?P<id>[\\d]+)/record", Arc::new(Records))
            .on(READ, Deed::Get, args())
            .on(EDIT, Deed::Update, sent),
        Route::new("guidepost/v1", "/media/(?P<id>[\\d]+)/file", Arc::new(Bytes)).on(
            MAKE,
            Deed::Update,
            members(json!({
                "id": {"description": "Unique identifier for the attachment.", "type": "integer"},
                "note": {"description": "What changed, for readers of the pages that offer the file.", "type": "string",
                    "maxLength": LONGEST},
            })),
        ),
    ]
}

/// Other bytes for a file: every address of it stays.
struct Bytes;

impl Resource for Bytes {
    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let file = attachment(turn, request).await?;
            let parent = turn.parent_of(&file).await?;
            if turn.can("upload_files")
                && turn
                    .actor()
                    .may(Verb::Update, &file, parent.as_ref(), &turn.types())
                    .is_ok()
            {
                return Ok(());
            }
            Err(turn.refusal("rest_forbidden", "Sorry, you are not allowed to do that."))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let file = attachment(turn, request).await?;
            let own = meta::of(&mut turn.conn, MetaKind::Item, file.id.0).await?;
            let path = own.text("_wp_attached_file");
            let Some(sent) = request.files.first() else {
                return Err(Failure::new(400, "rest_upload_no_data", "No file was sent."));
            };
            if ending(&sent.name) != ending(&path) {
                let message = format!(
                    "The new file must be of the same kind: its name must end with .{}.",
                    ending(&path)
                );
                return Err(Failure::new(400, "rest_upload_other_kind", message));
            }
            // Bytes go their way without holding a transaction.
            turn.pause();
            let kept = turn.app.blobs.put_file(sent.bytes.path()).await;
            turn.resume(true).await?;
            let (digest, size) = kept?;
            let note = request.text("note").unwrap_or_default().trim().to_owned();
            let actor = turn.actor().clone();
            let new = NewBytes { digest, size, note };
            let pages = replaced::replace(&mut turn.act(), &actor, &path, &new).await?;
            Ok(Reply::ok(json!({"path": path, "size": new.size, "pages": pages})))
        })
    }
}

async fn attachment(turn: &mut Turn, request: &Request) -> Outcome<Item> {
    let id = ItemId(request.int("id").unwrap_or(0));
    let found = items::by_id(&mut turn.conn, id)
        .await?
        .filter(|item| item.kind == "attachment");
    found.ok_or_else(|| Failure::new(404, "rest_post_invalid_id", "Invalid post ID."))
}

fn ending(name: &str) -> String {
    name.rsplit_once('.')
        .map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}

struct Records;

impl Resource for Records {
    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let item = item(turn, request).await?;
            let seen = turn.scope.sight_at_work(&item, None, &turn.types()) == Sight::Full;
            let may = match deed {
                Deed::Get => seen,
                _ => turn.actor().may(Verb::Update, &item, None, &turn.types()).is_ok(),
            };
            if may {
                return Ok(());
            }
            Err(turn.refusal("rest_forbidden", "Sorry, you are not allowed to do that."))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let item = item(turn, request).await?;
            if deed != Deed::Get {
                write(turn, request, &item).await?;
            }
            Ok(Reply::ok(told(turn, &item).await?))
        })
    }
}

async fn item(turn: &mut Turn, request: &Request) -> Outcome<Item> {
    let id = request.int("id").unwrap_or(0);
    let found = items::by_id(&mut turn.conn, ItemId(id)).await?;
    let found = found.filter(|item| matches!(item.kind.as_str(), "post" | "page" | "ai1ec_event"));
    found.ok_or_else(|| Failure::new(404, "rest_post_invalid_id", "Invalid post ID."))
}

/// What is known of an item as a document.
async fn told(turn: &mut Turn, item: &Item) -> Outcome<Value> {
    let own = meta::of(&mut turn.conn, MetaKind::Item, item.id.0).await?;
    let listed = record::files(&own);
    let paths: Vec<String> = listed.iter().map(|file| file.path.clone()).collect();
    let kept = files::by_paths(&mut turn.conn, &paths).await?;
    let digests: Vec<String> = kept.iter().map(|file| file.digest.clone()).collect();
    let readings = documents::by_digests(&mut turn.conn, &digests).await?;
    let files: Vec<Value> = listed
        .iter()
        .map(|file| {
            let bytes = kept.iter().find(|kept| kept.path == file.path);
            let reading = bytes.and_then(|bytes| readings.get(&bytes.digest));
            json!({
                "path": file.path,
                "title": file.title,
                "lang": file.lang,
                "kind": file.kind,
                "there": bytes.is_some(),
                "item": bytes.map_or(0, |bytes| bytes.item.0),
                "size": bytes.map_or(0, |bytes| bytes.size),
                "state": reading.map_or("unread", |reading| reading.status.as_str()),
                "reason": reading.map_or("", |reading| reading.reason.as_str()),
                "pages": reading.map_or(0, |reading| reading.pages),
                "url": turn.url(&crate::documents::address(&file.path)),
            })
        })
        .collect();
    let changes: Vec<Value> = record::changes(&own)
        .iter()
        .map(|change| json!({"date": change.date, "text": change.text}))
        .collect();
    Ok(json!({
        "id": item.id.0,
        "record": kept_record(&own),
        "language": own.text(LANG),
        "files": files,
        "changes": changes,
    }))
}

fn kept_record(own: &Meta) -> Map<String, Value> {
    let json = own.bytes(RECORD).and_then(|bytes| serde_json::from_slice(bytes).ok());
    match json {
        Some(Value::Object(record)) => record,
        _ => Map::new(),
    }
}

async fn write(turn: &mut Turn, request: &Request, item: &Item) -> Outcome<()> {
    let grant = turn.actor().may(Verb::Update, item, None, &turn.types())?;
    let own = meta::of(&mut turn.conn, MetaKind::Item, item.id.0).await?;
    let mut values: Vec<(&str, Option<String>)> = Vec::new();
    if let Some(Value::Object(sent)) = request.sent("record") {
        values.push((RECORD, stored(&merged(kept_record(&own), sent)?)));
    }
    if let Some(Value::String(language)) = request.sent("language") {
        values.push((LANG, Some(language.trim().to_owned()).filter(|l| !l.is_empty())));
    }
    if let Some(Value::Array(sent)) = request.sent("files") {
        values.push((
            FILES,
            Some(Value::from(listed(sent)).to_string()).filter(|_| !sent.is_empty()),
        ));
    }
    if let Some(text) = request.text("change").map(str::trim).filter(|text| !text.is_empty()) {
        values.push((CHANGES, Some(with_change(turn, &own, text))));
    }
    for (key, value) in values {
        let value = value.map(String::into_bytes);
        let value: Vec<&[u8]> = value.iter().map(Vec::as_slice).collect();
        actions::set_meta(&mut turn.act(), &grant, item.id, key, &value).await?;
    }
    Ok(actions::keep_beside(&mut turn.act(), &grant, item).await?)
}

fn stored(record: &Map<String, Value>) -> Option<String> {
    (!record.is_empty()).then(|| Value::from(record.clone()).to_string())
}

/// The record with what was sent; facts that this program does not know stay as they are.
fn merged(mut record: Map<String, Value>, sent: &Map<String, Value>) -> Outcome<Map<String, Value>> {
    for (name, value) in sent {
        let known = [TEXTS, DATES, LISTS].iter().any(|names| names.contains(&name.as_str())) || name == "external";
        if !known {
            let message = format!("{name} is no fact of a record.");
            return Err(Failure::param("record", "rest_invalid_param", &message));
        }
        match clean(value) {
            Some(value) => drop(record.insert(name.clone(), value)),
            None => drop(record.remove(name)),
        }
    }
    Ok(record)
}

/// A fact without blanks around it; none when nothing is said.
fn clean(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Value::from),
        Value::Array(all) => Some(all.iter().filter_map(clean).collect::<Vec<_>>())
            .filter(|all| !all.is_empty())
            .map(Value::from),
        Value::Object(all) => {
            let said: Map<String, Value> = all
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), clean(value)?)))
                .collect();
            (!said.is_empty()).then(|| Value::from(said))
        }
        _ => None,
    }
}

/// Files with a path; of each only what is known of files.
fn listed(sent: &[Value]) -> Vec<Value> {
    let text = |file: &Value, name: &str| {
        file.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let with_path = sent.iter().filter(|file| !text(file, "path").is_empty());
    with_path
        .map(|file| {
            let names = ["path", "title", "lang", "kind", "published"].into_iter();
            let said = names
                .map(|name| (name.to_owned(), text(file, name)))
                .filter(|(_, value)| !value.is_empty());
            Value::from(
                said.map(|(name, value)| (name, Value::from(value)))
                    .collect::<Map<_, _>>(),
            )
        })
        .collect()
}

fn with_change(turn: &Turn, own: &Meta, text: &str) -> String {
    let known = own.bytes(CHANGES).and_then(|json| serde_json::from_slice(json).ok());
    let mut changes: Vec<Value> = known.unwrap_or_default();
    let day = gp_kernel::mysql_date(turn.now, &turn.site.zone);
    changes.push(json!({"date": day.get(..10).unwrap_or_default(), "text": text}));
    Value::from(changes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_replaced_removed_or_left() {
        let before = members(json!({"symbol": "A/1", "issued": "2019", "unknown": [1]}));
        let sent = members(json!({"symbol": " A/2 ", "issued": "", "publisher": ["One", " "]}));
        let after = merged(before, &sent).unwrap();
        assert_eq!(
            Value::from(after),
            json!({"symbol": "A/2", "unknown": [1], "publisher": ["One"]})
        );
        assert!(merged(Map::new(), &members(json!({"role": "x"}))).is_err());
    }
}

//! WordPress's door for scripts, as far as its editor needs it: a fresh nonce, and the heartbeat with locks of what is being edited.

use axum::{
    body::Body,
    http::{Response, StatusCode, header},
};
use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Screen};
use gp_content::{Item, Verb, items, locks, users};
use gp_kernel::{ItemId, Result};
use gp_store::Conn;
use serde_json::{Map, Value, json};

pub(crate) struct Ajax;

impl Screen for Ajax {
    fn paths(&self) -> &'static [&'static str] {
        &["admin-ajax.php"]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            match desk.asked("action") {
                "rest-nonce" => Ok(text(StatusCode::OK, desk.nonce())),
                "heartbeat" if desk.post => heartbeat(desk).await,
                "wp-remove-post-lock" if desk.post => let_go(desk).await,
                _ => Ok(text(StatusCode::BAD_REQUEST, "0")),
            }
        })
    }
}

fn answer(status: StatusCode, mime: &'static str, body: String) -> Answer {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(mime));
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("private, no-store"),
    );
    Answer::Other(response)
}

fn text(status: StatusCode, body: &str) -> Answer {
    answer(status, "text/plain; charset=utf-8", body.to_owned())
}

/// Who is still there, and whether what they edit is still theirs.
async fn heartbeat(desk: &Desk) -> Result<Answer> {
    let mut told = Map::new();
    told.insert("wp-auth-check".to_owned(), true.into());
    told.insert("rest_nonce".to_owned(), desk.nonce().into());
    told.insert("server_time".to_owned(), desk.now.as_second().into());
    if let Some(id) = desk.form.int("data[wp-refresh-post-lock][post_id]") {
        told.insert("wp-refresh-post-lock".to_owned(), refreshed(desk, ItemId(id)).await?);
    }
    Ok(answer(
        StatusCode::OK,
        "application/json; charset=UTF-8",
        Value::Object(told).to_string(),
    ))
}

async fn refreshed(desk: &Desk, id: ItemId) -> Result<Value> {
    let mut conn = desk.read().await?;
    let Some(item) = items::by_id(&mut conn, id).await? else {
        return Ok(json!({}));
    };
    if desk.actor().may(Verb::Update, &item, None, &desk.app.types).is_err() {
        return Ok(json!({}));
    }
    if let Some(holder) = other_editor(&mut conn, desk, id).await? {
        return Ok(
            json!({"lock_error": {"name": holder, "text": format!("{holder} has taken over and is editing now.")}}),
        );
    }
    drop(conn);
    Ok(json!({"new_lock": take(desk, &item).await?}))
}

/// Who else is editing an item, by name.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn other_editor(conn: &mut Conn, desk: &Desk, id: ItemId) -> Result<Option<String>> {
    let lock = locks::one(conn, id, desk.now.as_second()).await?;
    let Some(lock) = lock.filter(|lock| lock.who != desk.actor().user()) else {
        return Ok(None);
    };
    Ok(users::by_id(conn, lock.who).await?.map(|user| user.display_name))
}

/// Takes the lock of an item for who is at the desk.
///
/// # Errors
/// When they may not edit it, or the database does not answer.
pub(crate) async fn take(desk: &Desk, item: &Item) -> Result<String> {
    let grant = desk.actor().may(Verb::SetMeta, item, None, &desk.app.types)?;
    let mut tx = desk.app.db.write().await?;
    let lock = locks::take(&mut desk.act(&mut tx), &grant, item).await?;
    tx.commit().await?;
    Ok(lock.to_string())
}

/// The editor was closed.
async fn let_go(desk: &Desk) -> Result<Answer> {
    let mut conn = desk.read().await?;
    let item = match desk.form.int("post_ID") {
        Some(id) => items::by_id(&mut conn, ItemId(id)).await?,
        None => None,
    };
    drop(conn);
    if let Some(item) = item {
        let grant = desk.actor().may(Verb::SetMeta, &item, None, &desk.app.types)?;
        let mut tx = desk.app.db.write().await?;
        locks::let_go(&mut desk.act(&mut tx), &grant, &item).await?;
        tx.commit().await?;
    }
    Ok(text(StatusCode::OK, "1"))
}

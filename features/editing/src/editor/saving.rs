//! What the plain editor sends, written through the API. What cannot be saved comes back as it was typed.

use axum::http::{HeaderValue, Method, header};
use gp_admin::{Answer, Desk};
use gp_content::{Taxonomy, Verb, actions};
use gp_kernel::{ItemId, Result};
use gp_rest::{Failure, Request};
use serde_json::{Map, Value, json};

use super::{
    Subject, plain,
    typed::{self, Typed},
};
use crate::kinds;

/// Why something was not saved, in words for who typed it.
fn why(failure: &Failure) -> String {
    match (failure.status, failure.code.as_ref()) {
        (409 | 412, _) => "Somebody else has saved this meanwhile. What you typed stands below and was not saved. Open the item in another \
            window, take over what they changed, and save there."
            .to_owned(),
        _ => {
            let details = failure.data.get("params").and_then(Value::as_object);
            let said: Vec<&str> = details.into_iter().flatten().filter_map(|(_, text)| text.as_str()).collect();
            format!("Not saved: {} {}", failure.message, said.join(" ")).trim().to_owned()
        }
    }
}

pub(super) async fn answer(desk: &mut Desk, subject: &Subject) -> Result<Answer> {
    if let ("trash", Some(item)) = (desk.form.get("do"), &subject.item) {
        let grant = desk.actor().may(Verb::Trash, item, None, &desk.app.types)?;
        let mut tx = desk.app.db.write().await?;
        actions::trash(&mut desk.act(&mut tx), &grant, item.id).await?;
        tx.commit().await?;
        let list = kinds::list_of(subject.kind.name);
        let mark = if list.contains('?') { '&' } else { '?' };
        return Ok(Answer::Go(format!("{list}{mark}trashed={}", item.id)));
    }
    match saved(desk, subject).await? {
        Ok((id, message)) => Ok(Answer::Go(format!(
            "post.php?post={id}&action=edit&plain=1&message={message}"
        ))),
        Err(failure) => plain::again(desk, subject, &why(&failure)).await.map(Answer::Page),
    }
}

type Saved = std::result::Result<(ItemId, &'static str), Box<Failure>>;

async fn saved(desk: &mut Desk, subject: &Subject) -> Result<Saved> {
    let typed = Typed::of_form(desk, subject);
    let mut fields = fields(subject, &typed, desk.form.get("do"));
    for taxonomy in typed::taxonomies(desk, subject) {
        let ids = match terms(desk, taxonomy, &typed).await? {
            Ok(ids) => ids,
            Err(failure) => return Ok(Err(failure)),
        };
        fields.insert(taxonomy.rest_base.to_owned(), ids.into());
    }
    let mut request = Request {
        method: Method::POST,
        body: fields,
        ..Request::get(&subject.route())
    };
    if let Some(item) = &subject.item {
        // Whoever typed began with this version.
        let tag = format!("W/\"{}-{}\"", item.id, desk.form.int("version").unwrap_or(-1));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            request.headers.insert(header::IF_MATCH, tag);
        }
    }
    let told = match desk.ask(request).await? {
        Ok(told) => told,
        Err(failure) => return Ok(Err(failure)),
    };
    let id = ItemId(told["id"].as_i64().unwrap_or(0));
    if subject.is_document()
        && let Err(failure) = documents(desk, id, &typed).await?
    {
        return Ok(Err(failure));
    }
    let message = match (
        told["status"].as_str().unwrap_or_default(),
        subject.item.as_ref().map(|item| item.status.as_str()),
    ) {
        ("publish", before) if before != Some("publish") => "published",
        ("future", before) if before != Some("future") => "scheduled",
        ("pending", before) if before != Some("pending") => "sent",
        _ => "saved",
    };
    Ok(Ok((id, message)))
}

fn fields(subject: &Subject, typed: &Typed, deed: &str) -> Map<String, Value> {
    let status = match deed {
        "publish" if matches!(typed.status.as_str(), "draft" | "pending") => "publish",
        "send" => "pending",
        _ => typed.status.as_str(),
    };
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    set("title", typed.title.as_str().into());
    set("content", typed.content.as_str().into());
    set("excerpt", typed.excerpt.as_str().into());
    set("slug", typed.slug.as_str().into());
    if subject.item.as_ref().is_none_or(|item| item.password != typed.password) {
        set("password", typed.password.as_str().into());
    }
    if subject.item.as_ref().is_none_or(|item| item.status != status) {
        set("status", status.into());
    }
    let same_date = subject
        .item
        .as_ref()
        .is_some_and(|item| item.date.replace(' ', "T").starts_with(&typed.date));
    if !typed.date.is_empty() && !same_date {
        set("date", format!("{}:00", typed.date).into());
    }
    if subject.kind.hierarchical {
        set("parent", typed.parent.into());
    }
    fields
}

/// The ids of the terms of a taxonomy; new names are made, by whoever may.
async fn terms(desk: &Desk, taxonomy: &Taxonomy, typed: &Typed) -> Result<std::result::Result<Vec<i64>, Box<Failure>>> {
    if taxonomy.hierarchical {
        return Ok(Ok(typed.ticked.get(&taxonomy.name).cloned().unwrap_or_default()));
    }
    let names = typed.named.get(&taxonomy.name).map_or("", String::as_str);
    let mut conn = desk.read().await?;
    let all = gp_content::terms::all_of(&mut conn, &taxonomy.name).await?;
    drop(conn);
    let mut ids = Vec::new();
    for name in names
        .split([',', '،', '、'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let known = all
            .iter()
            .find(|term| gp_markup::text::plain_text(&term.name).to_lowercase() == name.to_lowercase());
        if let Some(term) = known {
            ids.push(term.term_id.0);
            continue;
        }
        let mut fields = Map::new();
        fields.insert("name".to_owned(), name.into());
        match desk
            .send(Method::POST, &format!("/wp/v2/{}", taxonomy.rest_base), fields)
            .await?
        {
            Ok(made) => ids.extend(made["id"].as_i64()),
            Err(failure) => return Ok(Err(failure)),
        }
    }
    ids.dedup();
    Ok(Ok(ids))
}

/// Files that came along, and the record.
async fn documents(desk: &mut Desk, id: ItemId, typed: &Typed) -> Result<std::result::Result<(), Box<Failure>>> {
    let route = format!("/guidepost/v1/items/{id}/record");
    let before = match desk.get(&route).await? {
        Ok(told) => told,
        Err(failure) => return Ok(Err(failure)),
    };
    let mut files: Vec<Value> = before["files"].as_array().cloned().unwrap_or_default();
    let sent: Vec<gp_rest::Upload> = std::mem::take(&mut desk.files);
    let many = !sent.is_empty();
    for mut upload in sent.into_iter().filter(|upload| upload.field == "files") {
        "file".clone_into(&mut upload.field);
        let mut body = Map::new();
        body.insert("post".to_owned(), id.0.into());
        let request = Request {
            method: Method::POST,
            body,
            files: vec![upload],
            ..Request::get("/wp/v2/media")
        };
        let made = match desk.ask(request).await? {
            Ok(made) => made,
            Err(failure) => return Ok(Err(failure)),
        };
        let path = made["media_details"]["file"]
            .as_str()
            .or(made["source_url"].as_str())
            .unwrap_or_default();
        let path = path.split("/wp-content/uploads/").last().unwrap_or_default();
        files.push(json!({"path": path, "title": made["title"]["raw"], "lang": typed.language}));
    }
    let mut record = Map::new();
    for (name, ..) in typed::LINES.iter() {
        record.insert(
            (*name).to_owned(),
            typed.facts.get(*name).cloned().unwrap_or_default().into(),
        );
    }
    for (name, _) in typed::LISTS {
        let lines: Vec<&str> = typed.facts.get(*name).map_or("", String::as_str).lines().collect();
        record.insert((*name).to_owned(), lines.into());
    }
    record.insert(
        "status".to_owned(),
        typed.facts.get("status").cloned().unwrap_or_default().into(),
    );
    let mut body = Map::new();
    body.insert("record".to_owned(), record.into());
    body.insert("language".to_owned(), typed.language.as_str().into());
    if many {
        body.insert("files".to_owned(), files.into());
    }
    if !typed.change.is_empty() {
        body.insert("change".to_owned(), typed.change.as_str().into());
    }
    Ok(desk.send(Method::POST, &route, body).await?.map(drop))
}

//! `revision.php`: the versions of an item, what is different between two of them, and a way back.

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Page, Screen, html};
use gp_content::{ContentType, Item, Verb, actions, items, users};
use gp_kernel::{Error, ItemId, Result, UserId};
use gp_markup::text::{esc_attr, esc_html};
use serde_json::Value;

use crate::kinds;

pub(crate) struct Revisions;

/// Versions that are listed.
const MOST: usize = 200;

impl Screen for Revisions {
    fn paths(&self) -> &'static [&'static str] {
        &["revision.php"]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            let subject = Subject::of(desk).await?;
            if desk.post {
                return restore(desk, &subject).await;
            }
            shown(desk, &subject).await.map(Answer::Page)
        })
    }
}

/// An item with its versions, and the two that are compared.
struct Subject {
    kind: ContentType,
    item: Item,
    /// By number; the item itself as it is now comes last.
    versions: Vec<Item>,
    newer: ItemId,
    older: Option<ItemId>,
}

impl Subject {
    async fn of(desk: &Desk) -> Result<Self> {
        let gone = || Error::not_found("There is no such version any more.");
        let query = &desk.query;
        let newer = ["to", "revision"]
            .iter()
            .find_map(|name| query.int(name))
            .map(ItemId)
            .ok_or_else(gone)?;
        let mut conn = desk.read().await?;
        let named = items::by_id(&mut conn, newer).await?.ok_or_else(gone)?;
        let item = match named.kind.as_str() {
            "revision" => items::by_id(&mut conn, named.parent).await?.ok_or_else(gone)?,
            _ => named,
        };
        let kind = desk
            .app
            .types
            .get(&item.kind)
            .filter(|kind| kind.revisions && kind.rest_base.is_some())
            .cloned()
            .ok_or_else(gone)?;
        desk.actor().may(Verb::Update, &item, None, &desk.app.types)?;
        let mut versions = items::versions(&mut conn, item.id).await?;
        versions.sort_by_key(|version| version.id);
        if versions.len() > MOST {
            versions.drain(..versions.len() - MOST);
        }
        Ok(Self {
            kind,
            item,
            versions,
            newer,
            older: query.int("from").map(ItemId),
        })
    }
}

/// Puts an earlier version back.
async fn restore(desk: &Desk, subject: &Subject) -> Result<Answer> {
    let id = desk.form.int("restore").map(ItemId);
    let version = subject.versions.iter().find(|version| Some(version.id) == id);
    let version = version.ok_or_else(|| Error::not_found("There is no such version any more."))?;
    let grant = desk.actor().may(Verb::Update, &subject.item, None, &desk.app.types)?;
    let mut tx = desk.app.db.write().await?;
    actions::restore_version(&mut desk.act(&mut tx), &grant, subject.item.id, version).await?;
    tx.commit().await?;
    Ok(Answer::Go(format!(
        "post.php?post={}&action=edit&plain=1&message=restored",
        subject.item.id
    )))
}

async fn shown(desk: &Desk, subject: &Subject) -> Result<Page> {
    let base = subject.kind.rest_base.unwrap_or_default();
    let from = subject.older.map_or(String::new(), |id| format!("?from={id}"));
    let address = format!(
        "/guidepost/v1/{base}/{}/revisions/{}/diff{from}",
        subject.item.id, subject.newer
    );
    let told = desk.get(&address).await?;
    let difference = told.map_err(|failure| Error::invalid(failure.message.into_owned()))?;
    let mut conn = desk.read().await?;
    let people: Vec<UserId> = subject.versions.iter().map(|version| version.author).collect();
    let people = users::by_ids(&mut conn, &people).await?;
    drop(conn);
    let who = |id: UserId| people.get(&id).map_or("somebody", |user| user.display_name.as_str());
    let edit = kinds::edit_of(&subject.item);
    let body = format!(
        "<p class=\"a-acts a-s a-ways\"><a href=\"{}\">Back to the editor</a></p><div class=\"a-cols\"><div>{}</div><div>{}</div></div>",
        esc_attr(&edit),
        differences(&difference),
        list(desk, subject, who),
    );
    Ok(Page {
        entry: kinds::list_of(subject.kind.name),
        ..Page::new(format!("Versions of: {}", kinds::title(&subject.item)), body)
    })
}

/// What is different, by parts.
fn differences(told: &Value) -> String {
    let mut html = String::new();
    let mut part = |title: &str, body: &str| {
        let _ = write!(
            html,
            "<section class=\"a-part\"><h2 class=\"a-h\">{title}</h2>{body}</section>"
        );
    };
    for (name, title) in [("title", "Title"), ("excerpt", "Summary")] {
        if told[name]["changed"] == true {
            part(
                title,
                &format!(
                    "<p class=\"a-diff\">{}</p>",
                    told[name]["html"].as_str().unwrap_or_default()
                ),
            );
        }
    }
    if told["content"]["changed"] == true {
        let blocks: String = told["content"]["blocks"]
            .as_array()
            .into_iter()
            .flatten()
            .map(block)
            .collect();
        part("Text", &format!("<div class=\"a-diffs\">{blocks}</div>"));
    }
    if let Some(meta) = told["meta"].as_object().filter(|meta| !meta.is_empty()) {
        let rows: String = meta
            .iter()
            .map(|(key, change)| format!("<li><code>{}</code>: {}</li>", esc_html(key), change_of(change)))
            .collect();
        part("Fields", &format!("<ul class=\"a-s\">{rows}</ul>"));
    }
    let terms = |name: &str| told["terms"][name].as_array().map_or(0, Vec::len);
    let (added, removed) = (terms("added"), terms("removed"));
    if added + removed > 0 {
        part(
            "Labels and topics",
            &format!("<p>{added} added, {removed} taken away.</p>"),
        );
    }
    if html.is_empty() {
        return gp_admin::html::empty("These two versions say the same.", "");
    }
    html
}

/// One block; what is the same is named only.
fn block(told: &Value) -> String {
    let name = told["name"].as_str().filter(|name| !name.is_empty()).unwrap_or("text");
    let name = esc_html(name.trim_start_matches("core/"));
    let word = match told["change"].as_str() {
        Some("added") => "added",
        Some("removed") => "taken away",
        Some("changed") => "changed",
        _ => return format!("<p class=\"a-s a-2\">{name}: as it was</p>"),
    };
    format!(
        "<div class=\"a-diffblock\"><p class=\"a-s\"><strong>{name}: {word}</strong></p><pre class=\"a-diff\">{}</pre></div>",
        told["html"].as_str().unwrap_or_default()
    )
}

fn change_of(change: &Value) -> String {
    let said = |value: &Value| match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    };
    match (&change["old"], &change["new"]) {
        (Value::Array(_), _) | (_, Value::Array(_)) => {
            format!(
                "<del>{}</del> <ins>{}</ins>",
                esc_html(&said(&change["old"])),
                esc_html(&said(&change["new"]))
            )
        }
        _ => "changed".to_owned(),
    }
}

/// All versions, the newest first, with a choice of two.
fn list<'p>(desk: &Desk, subject: &Subject, who: impl Fn(UserId) -> &'p str) -> String {
    let mut rows = String::new();
    for version in subject.versions.iter().rev() {
        let typed = if version.name.contains("-autosave-") {
            ", typed and not saved"
        } else {
            ""
        };
        let here = if version.id == subject.newer {
            " class=\"is-here\""
        } else {
            ""
        };
        let _ = write!(
            rows,
            "<li{here}><a href=\"/wp-admin/revision.php?revision={id}\">{}</a> <span class=\"a-2\">{}{typed}</span><br>\
             <a class=\"a-s\" href=\"/wp-admin/revision.php?from={id}&amp;to={}\">Compare with now</a> \
             <button class=\"a-link a-s\" name=\"restore\" value=\"{id}\">Put it back</button></li>",
            html::moment(desk, &version.modified),
            esc_html(who(version.author)),
            subject.item.id,
            id = version.id,
        );
    }
    format!(
        "<section><h2 class=\"a-h\">Versions</h2><form method=\"post\" action=\"/wp-admin/revision.php?revision={}\">{}<ul class=\"a-versions\">{rows}</ul></form>\
         <p class=\"a-help\">Putting one back brings title, text, labels and fields back together. What is there now stays as a version.</p></section>",
        subject.newer,
        html::meant(desk)
    )
}

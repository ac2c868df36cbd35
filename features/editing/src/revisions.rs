//! `revision.php`: the versions of an item, what is different between two of them, and a way back.

use std::{collections::HashMap, fmt::Write as _};

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Page, Screen, html};
use gp_content::{ContentType, Item, Verb, actions, items, terms, users};
use gp_kernel::{Error, ItemId, Result, UserId};
use gp_markup::text::{esc_attr, esc_html};
use gp_store::Conn;
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
    let labels = labels(&mut conn, desk, &difference).await?;
    drop(conn);
    let who = |id: UserId| people.get(&id).map_or("somebody", |user| user.display_name.as_str());
    let edit = kinds::edit_of(&subject.item);
    let aside = desk.query.get("view") == "aside";
    let body = format!(
        "<p class=\"a-acts a-s a-ways\"><a href=\"{}\">Back to the editor</a></p><div class=\"a-cols\"><div>{}{}</div><div>{}</div></div>",
        esc_attr(&edit),
        compared(desk, subject, &difference, aside, who),
        differences(&difference, aside, &labels),
        list(desk, subject, who),
    );
    Ok(Page {
        entry: kinds::list_of(subject.kind.name),
        ..Page::new(format!("Versions of: {}", kinds::title(&subject.item)), body)
    })
}

/// When, to the minute: several versions may be of one day.
fn when(desk: &Desk, date: &str) -> String {
    let Some(then) = gp_kernel::parse_mysql_date(date) else {
        return "no date".to_owned();
    };
    match then.date() == desk.shown(desk.now).date() {
        true => then.strftime("Today, %H:%M").to_string(),
        false => then.strftime("%-d %b %Y, %H:%M").to_string(),
    }
}

/// What a version is called: when, and by whom.
fn called<'p>(desk: &Desk, version: &Item, who: impl Fn(UserId) -> &'p str) -> String {
    let typed = if version.name.contains("-autosave-") {
        ", typed and not saved"
    } else {
        ""
    };
    format!("{}, {}{typed}", when(desk, &version.modified), who(version.author))
}

/// Which two are compared, the choice of others, and the two ways of looking at it.
fn compared<'p>(
    desk: &Desk,
    subject: &Subject,
    told: &Value,
    aside: bool,
    who: impl Fn(UserId) -> &'p str + Copy,
) -> String {
    let mut named: Vec<(String, String)> = vec![(subject.item.id.to_string(), "As it is now".to_owned())];
    let versions = subject.versions.iter().rev();
    named.extend(versions.map(|version| (version.id.to_string(), called(desk, version, who))));
    let choice = |name: &str, label: &str, chosen: &str, none: Option<&str>| {
        let none = none.map(|none| ("", none)).into_iter();
        let all = none.chain(named.iter().map(|(id, name)| (id.as_str(), name.as_str())));
        format!(
            "<p><label for=\"r-{name}\">{label}</label><select id=\"r-{name}\" name=\"{name}\">{}</select></p>",
            html::options(chosen, all)
        )
    };
    let older = told["from"]["id"].as_i64().map(|id| id.to_string()).unwrap_or_default();
    let newer = subject.newer.to_string();
    let none = older.is_empty().then_some("Nothing: it is the first");
    let (view, label) = if aside {
        ("", "In one column")
    } else {
        ("aside", "Side by side")
    };
    let other = html::query(&[("from", &older), ("to", &newer), ("view", view)]);
    format!(
        "<form class=\"a-filter\" action=\"/wp-admin/revision.php\" aria-label=\"Versions to compare\">{}{}{}<button class=\"a-btn\">Compare</button>\
         <a class=\"a-push a-s\" href=\"/wp-admin/revision.php?{}\">{label}</a></form>",
        if aside {
            html::hidden("view", "aside")
        } else {
            String::new()
        },
        choice("from", "Older", &older, none),
        choice("to", "Newer", &newer, None),
        esc_attr(&other),
    )
}

/// The names of the terms that came or went.
async fn labels(conn: &mut Conn, desk: &Desk, told: &Value) -> Result<HashMap<i64, String>> {
    let changed = |name: &str| told["terms"][name].as_array().is_some_and(|ids| !ids.is_empty());
    let mut names = HashMap::new();
    if !changed("added") && !changed("removed") {
        return Ok(names);
    }
    for taxonomy in desk.app.types.taxonomies() {
        let all = terms::all_of(conn, &taxonomy.name).await?;
        names.extend(
            all.iter()
                .map(|term| (term.id.0, gp_markup::text::plain_text(&term.name))),
        );
    }
    Ok(names)
}

/// Words beside each other: one of the two texts, without what only the other has.
fn side(html: &str, without: &str) -> String {
    let (open, close) = (format!("<{without}>"), format!("</{without}>"));
    let mut parts = html.split(open.as_str());
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once(close.as_str()).map_or("", |(_, after)| after)
    })
}

/// Two texts by words; the markup of the texts themselves is shown, not used.
fn words(html: &str, aside: bool) -> String {
    if !aside {
        return format!("<pre class=\"a-diff\">{html}</pre>");
    }
    format!(
        "<div class=\"a-two\"><pre class=\"a-diff\">{}</pre><pre class=\"a-diff\">{}</pre></div>",
        side(html, "ins"),
        side(html, "del")
    )
}

/// What is different, by parts.
fn differences(told: &Value, aside: bool, labels: &HashMap<i64, String>) -> String {
    let mut html = String::new();
    let mut part = |title: &str, body: &str| {
        let _ = write!(
            html,
            "<section class=\"a-part\"><h2 class=\"a-h\">{title}</h2>{body}</section>"
        );
    };
    for (name, title) in [("title", "Title"), ("excerpt", "Summary")] {
        if told[name]["changed"] == true {
            part(title, &words(told[name]["html"].as_str().unwrap_or_default(), aside));
        }
    }
    if told["content"]["changed"] == true {
        let blocks: String = told["content"]["blocks"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|told| block(told, aside))
            .collect();
        part("Text", &format!("<div class=\"a-diffs\">{blocks}</div>"));
    }
    if let Some(meta) = told["meta"].as_object().filter(|meta| !meta.is_empty()) {
        let rows: String = meta
            .iter()
            .map(|(key, change)| format!("<li><code>{}</code>: {}</li>", esc_html(key), change_of(change)))
            .collect();
        part("Fields", &format!("<ul class=\"a-diffs a-s\">{rows}</ul>"));
    }
    let terms = |name: &str, tag: &str| -> String {
        let ids = told["terms"][name]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_i64);
        ids.map(|id| {
            let name = labels.get(&id).map_or("one that is gone", String::as_str);
            format!("<li><{tag}>{}</{tag}></li>", esc_html(name))
        })
        .collect()
    };
    let changed = [terms("removed", "del"), terms("added", "ins")].concat();
    if !changed.is_empty() {
        part(
            "Labels and topics",
            &format!("<ul class=\"a-diffs a-s\">{changed}</ul>"),
        );
    }
    if html.is_empty() {
        return gp_admin::html::empty("These two versions say the same.", "");
    }
    html
}

/// One block; what is the same is named only.
fn block(told: &Value, aside: bool) -> String {
    let name = told["name"].as_str().filter(|name| !name.is_empty()).unwrap_or("text");
    let name = esc_html(name.trim_start_matches("core/"));
    let word = match told["change"].as_str() {
        Some("added") => "added",
        Some("removed") => "taken away",
        Some("changed") => "changed",
        _ => return format!("<p class=\"a-s a-2\">{name}: as it was</p>"),
    };
    format!(
        "<div class=\"a-diffblock\"><p class=\"a-s\"><strong>{name}: {word}</strong></p>{}</div>",
        words(told["html"].as_str().unwrap_or_default(), aside)
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
        let here = if version.id == subject.newer {
            " class=\"is-here\""
        } else {
            ""
        };
        let _ = write!(
            rows,
            "<li{here}><a href=\"/wp-admin/revision.php?revision={id}\">{}</a><br>\
             <a class=\"a-s\" href=\"/wp-admin/revision.php?from={id}&amp;to={}\">Compare with now</a> \
             <button class=\"a-link a-s\" name=\"restore\" value=\"{id}\">Put it back<span class=\"a-vh\"> as it was {when}</span></button></li>",
            esc_html(&called(desk, version, &who)),
            subject.item.id,
            when = when(desk, &version.modified),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_has_its_own_words_only() {
        let both = "a <del>b</del><ins>c &lt;ins&gt;</ins> d<ins> e</ins>";
        assert_eq!(side(both, "ins"), "a <del>b</del> d");
        assert_eq!(side(both, "del"), "a <ins>c &lt;ins&gt;</ins> d<ins> e</ins>");
    }
}

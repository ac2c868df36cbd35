//! One file: what is known of it, its texts, other bytes for it, its end; and new files.

use std::fmt::Write as _;

use axum::http::Method;
use gp_admin::{Answer, Desk, Page, html};
use gp_content::{Item, Sight, Verb, actions, documents::Reading, files, items};
use gp_kernel::{Error, ItemId, Result};
use gp_markup::text::{esc_attr, esc_html};
use gp_rest::Request;
use gp_store::Conn;
use serde_json::{Map, Value};

use super::{Shown, list, new_form};
use crate::kinds;

pub(super) async fn answer(desk: &mut Desk, id: i64) -> Result<Answer> {
    let item = item(desk, ItemId(id)).await?;
    if !desk.post {
        return shown(desk, item, "").await.map(Answer::Page);
    }
    let done = match desk.form.get("do") {
        "replace" => replace(desk, &item).await?,
        "delete" => return delete(desk, &item).await,
        _ => texts(desk, &item).await?,
    };
    match done {
        Ok(message) => Ok(Answer::Go(format!("upload.php?item={id}&message={message}"))),
        Err(why) => {
            let page = shown(desk, item, &html::note(html::Note::Stop, &why)).await?;
            Ok(Page {
                status: Some(422),
                ..page
            }
            .into())
        }
    }
}

type Done = std::result::Result<&'static str, String>;

async fn item(desk: &Desk, id: ItemId) -> Result<Item> {
    let mut conn = desk.read().await?;
    let found = items::by_id(&mut conn, id)
        .await?
        .filter(|item| item.kind == "attachment");
    let item = found.ok_or_else(|| Error::not_found("There is no such file any more."))?;
    let parent = items::by_id(&mut conn, item.parent).await?;
    desk.actor()
        .may(Verb::Update, &item, parent.as_ref(), &desk.app.types)?;
    Ok(item)
}

/// Title, texts and alternative text.
async fn texts(desk: &Desk, item: &Item) -> Result<Done> {
    let mut fields = Map::new();
    for name in ["title", "caption", "description", "alt_text"] {
        if desk.form.has(name) {
            fields.insert(name.to_owned(), desk.form.get(name).replace("\r\n", "\n").into());
        }
    }
    let told = desk
        .send(Method::POST, &format!("/wp/v2/media/{}", item.id), fields)
        .await?;
    Ok(told.map(|_| "saved").map_err(|failure| failure.message.into_owned()))
}

/// Other bytes.
async fn replace(desk: &mut Desk, item: &Item) -> Result<Done> {
    let mut body = Map::new();
    body.insert("note".to_owned(), desk.form.get("note").into());
    let request = Request {
        method: Method::POST,
        body,
        files: std::mem::take(&mut desk.files),
        ..Request::get(&format!("/guidepost/v1/media/{}/file", item.id))
    };
    let told = desk.ask(request).await?;
    Ok(told.map(|_| "replaced").map_err(|failure| failure.message.into_owned()))
}

async fn delete(desk: &Desk, item: &Item) -> Result<Answer> {
    if desk.form.get("sure") != "yes" {
        let note = html::note(
            html::Note::Stop,
            "Tick the box first: a file that is deleted cannot be brought back.",
        );
        return shown(desk, item.clone(), &note).await.map(Answer::Page);
    }
    let mut conn = desk.read().await?;
    let parent = items::by_id(&mut conn, item.parent).await?;
    drop(conn);
    let grant = desk.actor().may(Verb::Delete, item, parent.as_ref(), &desk.app.types)?;
    let mut tx = desk.app.db.write().await?;
    actions::delete(&mut desk.act(&mut tx), &grant, item.id).await?;
    tx.commit().await?;
    Ok(Answer::Go("upload.php?deleted=1".to_owned()))
}

/// New files, each through the API.
pub(super) async fn upload(desk: &mut Desk) -> Result<Answer> {
    let (mut sent, mut refused) = (0, Vec::new());
    for mut upload in std::mem::take(&mut desk.files) {
        let name = upload.name.clone();
        "file".clone_into(&mut upload.field);
        let request = Request {
            method: Method::POST,
            files: vec![upload],
            ..Request::get("/wp/v2/media")
        };
        match desk.ask(request).await? {
            Ok(_) => sent += 1,
            Err(failure) => refused.push(format!("{name} was not taken: {}", failure.message)),
        }
    }
    if refused.is_empty() && sent > 0 {
        return Ok(Answer::Go(format!("upload.php?sent={sent}")));
    }
    if refused.is_empty() {
        refused.push("No file was chosen.".to_owned());
    }
    if sent > 0 {
        refused.push(format!("{sent} others are in the library now."));
    }
    let notes: String = refused.iter().map(|text| html::note(html::Note::Stop, text)).collect();
    let page = Page {
        status: Some(422),
        ..new_form(desk, &notes)
    };
    Ok(page.into())
}

fn message(desk: &Desk) -> String {
    match desk.query.get("message") {
        "saved" => html::note(html::Note::Done, "Saved."),
        "replaced" => html::note(
            html::Note::Done,
            "The file has its new bytes; every address of it stayed. The text is read again, and the pages that offer it say that it changed.",
        ),
        _ => String::new(),
    }
}

async fn shown(desk: &Desk, item: Item, notes: &str) -> Result<Page> {
    let mut conn = desk.read().await?;
    let title = kinds::title(&item);
    let parent = items::by_id(&mut conn, item.parent).await?;
    let shown = list::gather(&mut conn, desk, vec![item])
        .await?
        .pop()
        .ok_or_else(|| Error::not_found("There is no such file any more."))?;
    let earlier = match &shown.file {
        Some(file) => files::versions(&mut conn, &file.path).await?,
        None => Vec::new(),
    };
    let uses = uses(&mut conn, desk, &shown).await?;
    drop(conn);
    let body = format!(
        "{}{notes}<div class=\"a-cols\"><div>{}{}{}</div><div>{}{uses}</div></div>",
        message(desk),
        texts_form(desk, &shown),
        replace_form(desk, &shown, &earlier),
        delete_form(desk, &shown),
        facts(&shown, parent.as_ref()),
    );
    Ok(Page {
        entry: "upload.php".to_owned(),
        ..Page::new(title, body)
    })
}

/// Most places of use that are told.
const MOST_USES: usize = 50;

/// What names the file, as far as who is at the desk sees it.
async fn uses(conn: &mut Conn, desk: &Desk, shown: &Shown) -> Result<String> {
    let mut ids = match &shown.file {
        Some(file) => files::used_by(conn, shown.item.id, &file.path, MOST_USES).await?,
        None => Vec::new(),
    };
    if shown.item.parent.0 > 0 && !ids.contains(&shown.item.parent) {
        ids.insert(0, shown.item.parent);
    }
    let found = items::by_ids(conn, &ids).await?;
    let (mut list, mut hidden) = (String::new(), 0);
    for item in ids.iter().filter_map(|id| found.get(id)) {
        if desk.scope.sight_at_work(item, None, &desk.app.types) != Sight::Full {
            hidden += 1;
            continue;
        }
        let title = esc_html(&kinds::title(item));
        let edits = desk.actor().may(Verb::Update, item, None, &desk.app.types).is_ok();
        let name = match edits && kinds::listed(desk, &item.kind).is_some() {
            true => format!("<a href=\"{}\">{title}</a>", esc_attr(&kinds::edit_of(item))),
            false => title,
        };
        let _ = write!(list, "<li>{name} {}</li>", kinds::state(item));
    }
    if hidden > 0 {
        let _ = write!(
            list,
            "<li class=\"a-2\">{hidden} more that your account does not see</li>"
        );
    }
    let body = match list.as_str() {
        "" => "<p class=\"a-s a-2\">Nothing names it: neither a text, nor the documents of a resource.</p>".to_owned(),
        list => format!("<ul class=\"a-found a-s\">{list}</ul>"),
    };
    Ok(section("use", "Used in", &body))
}

fn form(desk: &Desk, shown: &Shown, body: &str, files: bool) -> String {
    let kind = if files { " enctype=\"multipart/form-data\"" } else { "" };
    format!(
        "<form method=\"post\" action=\"/wp-admin/upload.php?item={}\"{kind}>{}{body}</form>",
        shown.item.id,
        html::meant(desk)
    )
}

fn texts_form(desk: &Desk, shown: &Shown) -> String {
    let text = |name: &str| -> String {
        let value = &shown.told[name];
        value["raw"].as_str().or(value.as_str()).unwrap_or_default().to_owned()
    };
    let mut fields = html::field("title", "Title", &text("title"), "", "");
    if shown.is_picture() {
        let help = "What the picture shows, for who cannot see it. Leave it empty only when the picture adds nothing.";
        fields += &html::area("alt_text", "Text instead of the picture", &text("alt_text"), 2, help);
    }
    fields += &html::area("caption", "Caption", &text("caption"), 2, "");
    fields += &html::area("description", "Description", &text("description"), 3, "");
    fields += "<button class=\"a-btn a-btn--main\" name=\"do\" value=\"save\">Save</button>";
    section("txt", "What is said of it", &form(desk, shown, &fields, false))
}

fn replace_form(desk: &Desk, shown: &Shown, earlier: &[(files::File, i64)]) -> String {
    let ending = shown.name().rsplit_once('.').map_or("", |(_, ending)| ending);
    let fields = format!(
        "<div class=\"a-field\"><label for=\"f-file\">The new file</label><p class=\"a-help\">Of the same kind (.{}). Every address stays; \
         what was there before stays reachable for editors.</p><input id=\"f-file\" type=\"file\" name=\"file\" required></div>{}\
         <button class=\"a-btn\" name=\"do\" value=\"replace\">Replace</button>",
        esc_html(ending),
        html::field(
            "note",
            "What changed, for readers",
            "",
            "",
            "Empty: only that it was replaced."
        ),
    );
    let mut list = String::new();
    for (file, until) in earlier {
        let until =
            jiff::Timestamp::from_second(*until).map(|at| desk.shown(at).strftime("%-d %B %Y, %H:%M").to_string());
        let digest = file.digest.get(..16).unwrap_or_default();
        let _ = write!(
            list,
            "<li><a href=\"/wp-content/uploads/{}?version={digest}\">Until {}</a>, {}</li>",
            esc_attr(&file.path),
            until.unwrap_or_default(),
            html::size(file.size)
        );
    }
    let list = if list.is_empty() {
        String::new()
    } else {
        format!("<h3>Earlier</h3><ul class=\"a-s a-links\">{list}</ul>")
    };
    section(
        "rep",
        "Replace it",
        &format!("{}{list}", form(desk, shown, &fields, true)),
    )
}

fn delete_form(desk: &Desk, shown: &Shown) -> String {
    let fields = format!(
        "<p>{}</p><button class=\"a-btn a-btn--stop\" name=\"do\" value=\"delete\">Delete for good</button>",
        html::tick(
            "sure",
            "yes",
            "Yes, delete this file. Its addresses lead nowhere afterwards.",
            false
        )
    );
    section("del", "Delete it", &form(desk, shown, &fields, false))
}

fn facts(shown: &Shown, parent: Option<&Item>) -> String {
    let (kind, word, reason) = shown.state();
    let mut facts: Vec<(&str, String)> = vec![("Reading state", html::state(kind, &word))];
    let mut add = |name: &'static str, value: &str| {
        if !value.is_empty() {
            facts.push((name, esc_html(value)));
        }
    };
    add("Why", &reason);
    add("Pages, size", &shown.measure());
    add("Kind", &shown.item.mime_type);
    if let Some(reading) = &shown.reading {
        add("Language", &reading.language);
        add("Title in the file", &reading.title);
        add("Symbol in the file", &reading.symbol);
        for (name, said) in qualities(reading) {
            add(name, said);
        }
    }
    if let Some(file) = &shown.file {
        add("SHA-256", &file.digest);
        facts.push((
            "Address",
            format!(
                "<a href=\"/wp-content/uploads/{}\">{}</a>",
                esc_attr(&file.path),
                esc_html(&file.path)
            ),
        ));
    }
    if let Some(parent) = parent {
        let link = format!(
            "<a href=\"{}\">{}</a>",
            esc_attr(&kinds::edit_of(parent)),
            esc_html(&kinds::title(parent))
        );
        facts.push(("Belongs to", link));
    }
    let rows: String = facts
        .iter()
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>"))
        .collect();
    let picture = match shown.told["source_url"].as_str().filter(|_| shown.is_picture()) {
        Some(source) => format!(
            "<p><img class=\"a-pic\" src=\"{}\" alt=\"{}\"></p>",
            esc_attr(source),
            esc_attr(text_of(&shown.told["alt_text"]))
        ),
        None => format!("<p class=\"a-ways\">{}</p>", list::sheet(shown)),
    };
    section(
        "fac",
        "The file",
        &format!("{picture}<dl class=\"a-facts a-facts--long\">{rows}</dl>"),
    )
}

/// How good the text of a document is: for a search, and for who has it read aloud.
fn qualities(reading: &Reading) -> Vec<(&'static str, &'static str)> {
    let facts: Value = serde_json::from_str(&reading.facts).unwrap_or_default();
    let mut said = Vec::new();
    if reading.status == "text" {
        match facts["poor"].as_bool() {
            Some(true) => said.push(("Text quality", "Poor: pages without text, or letters that are none")),
            Some(false) => said.push(("Text quality", "Good")),
            None => {}
        }
    }
    match facts["tagged"].as_bool().filter(|_| reading.mime == "application/pdf") {
        Some(true) => said.push(("For screen readers", "Tagged")),
        Some(false) => said.push(("For screen readers", "Not tagged: order and headings are guessed")),
        None => {}
    }
    said
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn section(id: &str, title: &str, body: &str) -> String {
    format!(
        "<section class=\"a-part\" aria-labelledby=\"s-{id}\"><h2 class=\"a-h\" id=\"s-{id}\">{title}</h2>{body}</section>"
    )
}

//! The plain editor: complete for title, text, labels, record, files and publishing, without a script.

use std::fmt::Write as _;

use gp_admin::{Desk, Page, html};
use gp_content::{ItemQuery, Order, Verb, address::links, items, signed, terms};
use gp_kernel::Result;
use gp_markup::text::{esc_attr, esc_html};
use gp_store::Conn;
use serde_json::Value;

use super::{
    Subject, blocks,
    typed::{self, Typed},
};
use crate::{ajax, kinds};

/// Pages that are offered as a parent.
const MOST_PARENTS: usize = 300;

/// The editor as a page.
pub(super) async fn shown(desk: &Desk, subject: &Subject) -> Result<Page> {
    let mut conn = desk.read().await?;
    let mut typed = Typed::of_item(&mut conn, desk, subject).await?;
    drop(conn);
    let record = record(desk, subject).await?;
    typed.with_record(&record);
    let mut notes = told(desk);
    if let Some(item) = &subject.item {
        let mut conn = desk.read().await?;
        let other = ajax::other_editor(&mut conn, desk, item.id).await?;
        drop(conn);
        match other {
            Some(name) => {
                let text = format!(
                    "{name} is editing this now. If both of you save, the second is told before anything is lost."
                );
                notes += &html::note(html::Note::Know, &text);
            }
            None => drop(ajax::take(desk, item).await?),
        }
    }
    page(desk, subject, &typed, &record, &notes).await
}

/// The same with what somebody typed and could not save.
pub(super) async fn again(desk: &Desk, subject: &Subject, why: &str) -> Result<Page> {
    let record = record(desk, subject).await?;
    let notes = html::note(html::Note::Stop, why);
    let typed = Typed::of_form(desk, subject);
    Ok(Page {
        status: Some(422),
        ..page(desk, subject, &typed, &record, &notes).await?
    })
}

async fn record(desk: &Desk, subject: &Subject) -> Result<Value> {
    let Some(item) = subject.item.as_ref().filter(|_| subject.is_document()) else {
        return Ok(Value::Null);
    };
    let told = desk.get(&format!("/guidepost/v1/items/{}/record", item.id)).await?;
    Ok(told.unwrap_or(Value::Null))
}

/// What was done before.
fn told(desk: &Desk) -> String {
    let done = |text: &str| html::note(html::Note::Done, text);
    match desk.query.get("message") {
        "saved" => done("Saved."),
        "published" => done("Published: everybody can read it now."),
        "scheduled" => done("Scheduled: it will be published at the date that you set."),
        "sent" => done("Sent for review."),
        "restored" => done("The earlier version is the present one again."),
        _ => String::new(),
    }
}

async fn page(desk: &Desk, subject: &Subject, typed: &Typed, record: &Value, notes: &str) -> Result<Page> {
    let mut conn = desk.read().await?;
    let title = match &subject.item {
        Some(item) => format!("Edit: {}", kinds::title(item)),
        None => format!("New {}", subject.kind.singular.to_lowercase()),
    };
    let action = match &subject.item {
        Some(item) => format!("/wp-admin/post.php?post={}&action=edit", item.id),
        None => format!("/wp-admin/post-new.php?post_type={}", subject.kind.name),
    };
    let version = subject
        .item
        .as_ref()
        .map_or(String::new(), |item| item.version.to_string());
    let words = [
        html::field("title", "Title", &typed.title, "", ""),
        html::area(
            "content",
            "Text",
            &typed.content,
            24,
            "HTML with block marks, as it is stored. What you do not touch stays as it is.",
        ),
        html::area(
            "excerpt",
            "Summary",
            &typed.excerpt,
            3,
            "One or two sentences for lists and search engines.",
        ),
    ]
    .concat();
    let document = match subject.is_document() {
        true => format!("{}{}", files(record), facts(typed)),
        false => String::new(),
    };
    let side = [
        publishing(desk, subject, typed).await?,
        labels(&mut conn, desk, subject, typed).await?,
        parents(&mut conn, desk, subject, typed).await?,
    ]
    .concat();
    let body = format!(
        "{notes}{}<form method=\"post\" action=\"{}\" enctype=\"multipart/form-data\" data-keep>{}{}\
         <div class=\"a-cols\"><div>{words}{document}</div><div>{side}</div></div></form>",
        ways(&mut conn, desk, subject).await?,
        esc_attr(&action),
        html::meant(desk),
        html::hidden("version", &version),
    );
    Ok(Page {
        entry: kinds::list_of(subject.kind.name),
        ..Page::new(title, body)
    })
}

/// The ways from here: see it, show it to others, earlier versions.
async fn ways(conn: &mut Conn, desk: &Desk, subject: &Subject) -> Result<String> {
    let Some(item) = &subject.item else {
        return Ok(String::new());
    };
    let mut ways = String::new();
    if blocks::are_there(desk) {
        let _ = write!(ways, "<a href=\"{}\">Block editor</a>", esc_attr(&kinds::edit_of(item)));
    }
    if subject.kind.public {
        if item.status == "publish" {
            let link = links::of_item(conn, &desk.site, &desk.app.types, item).await?;
            let _ = write!(ways, "<a href=\"{}\">View</a>", esc_attr(&link));
        }
        let _ = write!(
            ways,
            "<a href=\"/?p={}&amp;preview=true\">Preview what was saved</a>",
            item.id
        );
        let until = desk.now.as_second() + signed::LOOKING - 60;
        if let Some(key) = signed::key_for_looking(&desk.site, item.id, until).filter(|_| item.status != "publish") {
            let link = format!("/?p={}&preview=true&preview_key={key}", item.id);
            let _ = write!(
                ways,
                "<a href=\"{}\">Link to show it to somebody without an account, good for 7 days</a>",
                esc_attr(&link)
            );
        }
    }
    if subject.kind.revisions {
        let versions = items::versions(conn, item.id).await?;
        if let Some(newest) = versions.iter().max_by_key(|version| version.id) {
            let _ = write!(
                ways,
                "<a href=\"/wp-admin/revision.php?revision={}\">{} earlier versions</a>",
                newest.id,
                versions.len()
            );
        }
    }
    Ok(format!("<p class=\"a-acts a-s a-ways\">{ways}</p>"))
}

async fn publishing(desk: &Desk, subject: &Subject, typed: &Typed) -> Result<String> {
    let may_publish = match &subject.item {
        Some(item) => desk.actor().may(Verb::Publish, item, None, &desk.app.types).is_ok(),
        None => {
            let new = gp_content::Item {
                kind: subject.kind.name.to_owned(),
                author: desk.actor().user(),
                ..gp_content::Item::default()
            };
            desk.actor().may(Verb::Publish, &new, None, &desk.app.types).is_ok()
        }
    };
    let states = [
        ("draft", "Draft"),
        ("pending", "In review"),
        ("publish", "Published"),
        ("future", "Scheduled"),
        ("private", "Private: only editors see it"),
    ];
    let states = states
        .into_iter()
        .filter(|(status, _)| may_publish || matches!(*status, "draft" | "pending") || *status == typed.status);
    let published = subject
        .item
        .as_ref()
        .is_some_and(|item| matches!(item.status.as_str(), "publish" | "future" | "private"));
    let main = match (published, may_publish) {
        (true, _) => "<button class=\"a-btn a-btn--main\" name=\"do\" value=\"save\">Update</button>",
        (false, true) => {
            "<button class=\"a-btn a-btn--main\" name=\"do\" value=\"publish\">Publish</button>\
             <button class=\"a-btn\" name=\"do\" value=\"save\">Save</button>"
        }
        (false, false) => {
            "<button class=\"a-btn a-btn--main\" name=\"do\" value=\"send\">Send for review</button>\
             <button class=\"a-btn\" name=\"do\" value=\"save\">Save</button>"
        }
    };
    let change = match published && subject.is_document() {
        true => html::area(
            "change",
            "What changed, for readers",
            &typed.change,
            2,
            "Shown on the page with today’s date. Leave it empty for small mends.",
        ),
        false => String::new(),
    };
    let trash = match &subject.item {
        Some(item) if desk.actor().may(Verb::Trash, item, None, &desk.app.types).is_ok() => {
            "<button class=\"a-link a-link--stop\" name=\"do\" value=\"trash\" formnovalidate>To trash</button>"
        }
        _ => "",
    };
    let fields = [
        html::choice("status", "State", &html::options(&typed.status, states), ""),
        html::field(
            "date",
            "Date",
            &typed.date,
            "type=\"datetime-local\"",
            "A date to come schedules it.",
        ),
        html::field(
            "slug",
            "Address",
            &typed.slug,
            "spellcheck=\"false\"",
            "The last part of the address. When it changes, the old one leads to the new one.",
        ),
        html::field(
            "password",
            "Password for readers",
            &typed.password,
            "autocomplete=\"off\"",
            "Leave it empty, and everybody can read.",
        ),
        change,
    ]
    .concat();
    Ok(section(
        "pub",
        "Publish",
        &format!("{fields}<div class=\"a-acts\">{main}{trash}</div>"),
    ))
}

async fn labels(conn: &mut Conn, desk: &Desk, subject: &Subject, typed: &Typed) -> Result<String> {
    let mut html = String::new();
    for taxonomy in typed::taxonomies(desk, subject) {
        if !taxonomy.hierarchical {
            let names = typed.named.get(&taxonomy.name).map_or("", String::as_str);
            let name = format!("tax_{}", taxonomy.name);
            html += &html::field(
                &name,
                &taxonomy.plural,
                names,
                "",
                "With commas between them; new ones are made.",
            );
            continue;
        }
        let all = terms::all_of(conn, &taxonomy.name).await?;
        if all.is_empty() {
            continue;
        }
        let ticked = typed.ticked.get(&taxonomy.name).cloned().unwrap_or_default();
        let mut sorted: Vec<_> = all.iter().collect();
        sorted.sort_by_key(|term| term.name.to_lowercase());
        let ticks: String = sorted
            .iter()
            .map(|term| {
                let id = term.term_id.0;
                html::tick(
                    &format!("tax_{}[]", taxonomy.name),
                    &id.to_string(),
                    &gp_markup::text::plain_text(&term.name),
                    ticked.contains(&id),
                )
            })
            .collect();
        let _ = write!(
            html,
            "<fieldset class=\"a-field\"><legend class=\"a-lab\">{}</legend><div class=\"a-ticks\">{ticks}</div></fieldset>",
            esc_html(&taxonomy.plural)
        );
    }
    if html.is_empty() {
        return Ok(html);
    }
    Ok(section("lab", "Labels and topics", &html))
}

async fn parents(conn: &mut Conn, desk: &Desk, subject: &Subject, typed: &Typed) -> Result<String> {
    if !subject.kind.hierarchical {
        return Ok(String::new());
    }
    let query = ItemQuery {
        types: vec![subject.kind.name.to_owned()],
        shelves: Some(desk.scope.at_work(&subject.kind, &kinds::living())),
        order: Order::Title,
        limit: MOST_PARENTS,
        ..ItemQuery::default()
    };
    let own = subject.item.as_ref().map(|item| item.id);
    let list = items::some(conn, &desk.scope, &query).await?;
    let named: Vec<(String, String)> = std::iter::once(("0".to_owned(), "None: it stands at the top".to_owned()))
        .chain(
            list.iter()
                .filter(|item| Some(item.id) != own)
                .map(|item| (item.id.to_string(), kinds::title(item))),
        )
        .collect();
    let options = html::options(
        &typed.parent.to_string(),
        named.iter().map(|(value, label)| (value.as_str(), label.as_str())),
    );
    Ok(section(
        "par",
        "Below",
        &html::choice("parent", "Parent page", &options, ""),
    ))
}

/// The files that are listed, and a field for more.
fn files(record: &Value) -> String {
    let list: String = record["files"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|file| {
            let text = |name: &str| file[name].as_str().unwrap_or_default();
            let title = if text("title").is_empty() {
                text("path")
            } else {
                text("title")
            };
            let state = match (file["there"].as_bool(), text("state")) {
                (Some(false), _) => html::state("stop", "the file is missing"),
                (_, "text") => html::state("ok", "can be searched"),
                (_, "unread") => html::state("draft", "not read yet"),
                (_, state) => html::state("warn", state),
            };
            let replace = match file["item"].as_i64().unwrap_or(0) {
                0 => String::new(),
                item => format!("<a href=\"/wp-admin/upload.php?item={item}\">Replace</a>"),
            };
            format!(
                "<li><a href=\"{}\">{}</a>{replace}<p>{} {}, {} {}</p></li>",
                esc_attr(text("url")),
                esc_html(title),
                esc_html(&text("lang").to_uppercase()),
                html::size(file["size"].as_i64().unwrap_or(0)),
                state,
                esc_html(text("reason")),
            )
        })
        .collect();
    let list = if list.is_empty() {
        String::new()
    } else {
        format!("<ul class=\"a-files\">{list}</ul>")
    };
    let add = "<div class=\"a-field\"><label for=\"f-files\">Add documents</label><p class=\"a-help\">PDF, Word, OpenDocument and others; \
        each is read, so that readers can search in it.</p><input id=\"f-files\" type=\"file\" name=\"files\" multiple></div>";
    section("fil", "Documents", &format!("{list}{add}"))
}

fn facts(typed: &Typed) -> String {
    let fact = |name: &str| typed.facts.get(name).map_or("", String::as_str);
    let states = [
        ("", "Nothing is said"),
        ("in force", "In force"),
        ("draft", "Draft"),
        ("superseded", "Replaced"),
        ("withdrawn", "Withdrawn"),
    ];
    let known = states.iter().any(|(value, _)| *value == fact("status"));
    let own = (!known).then(|| (fact("status"), fact("status")));
    let mut fields = html::choice(
        "fact_status",
        "Status",
        &html::options(fact("status"), states.into_iter().chain(own)),
        "",
    );
    for (name, label) in typed::LISTS {
        fields += &html::area(&format!("fact_{name}"), label, fact(name), 2, "");
    }
    for (name, label, help) in typed::LINES {
        fields += &html::field(&format!("fact_{name}"), label, fact(name), "", help);
    }
    fields += &html::field(
        "language",
        "Language of this page",
        &typed.language,
        "",
        "en, fr, ar …; empty: the language of the site.",
    );
    section(
        "rec",
        "Document record",
        &format!("<div class=\"a-quickgrid\">{fields}</div>"),
    )
}

fn section(id: &str, title: &str, body: &str) -> String {
    format!(
        "<section class=\"a-part\" aria-labelledby=\"s-{id}\"><h2 class=\"a-h\" id=\"s-{id}\">{title}</h2>{body}</section>"
    )
}

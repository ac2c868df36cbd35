//! `options-general.php` and its sisters: the settings that the API knows, a page for each matter.

use std::fmt::Write as _;

use axum::http::Method;
use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Page, Screen, html};
use gp_content::{ItemQuery, Order, items, terms};
use gp_kernel::{Error, Result};
use gp_rest::Failure;
use serde_json::{Map, Value};

pub(crate) struct Settings;

/// How a setting is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Line,
    Mail,
    Number,
    /// One of these.
    Choice(&'static [(&'static str, &'static str)]),
    /// A zone of time.
    Zone,
    /// A published page, or none.
    Page,
    /// A label.
    Label,
}

/// A setting: its name in the API, what it is called, how it is asked for, a sentence about it.
type Setting = (&'static str, &'static str, Kind, &'static str);

const OPEN: Kind = Kind::Choice(&[("open", "Open"), ("closed", "Closed")]);
const DAYS: Kind = Kind::Choice(&[("1", "Monday"), ("0", "Sunday"), ("6", "Saturday"), ("5", "Friday")]);

/// The pages: address, name, settings.
const PAGES: &[(&str, &str, &[Setting])] = &[
    (
        "options-general.php",
        "General",
        &[
            ("title", "Name of the site", Kind::Line, ""),
            (
                "description",
                "In one sentence",
                Kind::Line,
                "Shown to search engines and in feeds.",
            ),
            ("email", "E-mail of the operator", Kind::Mail, "Never shown to readers."),
            (
                "timezone",
                "Zone of time",
                Kind::Zone,
                "By it dates are shown and texts are published.",
            ),
            (
                "date_format",
                "Dates as",
                Kind::Line,
                "In WordPress’s letters: j F Y is 27 November 2026.",
            ),
            ("time_format", "Times as", Kind::Line, "H:i is 20:05."),
            ("start_of_week", "Weeks begin on", DAYS, ""),
        ],
    ),
    (
        "options-reading.php",
        "Reading",
        &[
            (
                "show_on_front",
                "At the front stands",
                Kind::Choice(&[("posts", "what is new"), ("page", "a page")]),
                "",
            ),
            (
                "page_on_front",
                "The page at the front",
                Kind::Page,
                "Where a page stands at the front.",
            ),
            (
                "page_for_posts",
                "The page with what is new",
                Kind::Page,
                "Where a page stands at the front.",
            ),
            ("posts_per_page", "Entries on a page of a list", Kind::Number, ""),
            ("default_category", "Label of what has none", Kind::Label, ""),
        ],
    ),
    (
        "options-discussion.php",
        "Comments",
        &[
            (
                "default_comment_status",
                "Comments on new texts",
                OPEN,
                "Each text can say otherwise.",
            ),
            ("default_ping_status", "Notices of other sites on new texts", OPEN, ""),
        ],
    ),
];

impl Screen for Settings {
    fn paths(&self) -> &'static [&'static str] {
        &["options-general.php", "options-reading.php", "options-discussion.php"]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        match desk.can("manage_options") {
            true => vec![Entry::new(Group::Site, "Settings", "options-general.php")],
            false => Vec::new(),
        }
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("manage_options")?;
            let page = PAGES.iter().find(|(path, ..)| *path == desk.path);
            let (path, name, settings) = page.ok_or_else(|| Error::not_found("There are no such settings."))?;
            if !desk.post {
                return shown(desk, name, settings, None).await.map(Answer::Page);
            }
            match desk.send(Method::POST, "/wp/v2/settings", sent(desk, settings)).await? {
                Ok(_) => Ok(Answer::Go(format!("{path}?saved=1"))),
                Err(failure) => {
                    let page = shown(desk, name, settings, Some(&failure)).await?;
                    Ok(Page {
                        status: Some(422),
                        ..page
                    }
                    .into())
                }
            }
        })
    }
}

/// What was sent, in the form of the API.
fn sent(desk: &Desk, settings: &[Setting]) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, _, kind, _) in settings.iter().filter(|(name, ..)| desk.form.has(name)) {
        let text = desk.form.get(name).trim();
        let value = match kind {
            Kind::Number | Kind::Page | Kind::Label => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
            Kind::Choice(_) if *name == "start_of_week" => {
                text.parse::<i64>().map_or_else(|_| text.into(), Value::from)
            }
            _ => text.into(),
        };
        fields.insert((*name).to_owned(), value);
    }
    fields
}

async fn shown(desk: &Desk, title: &str, settings: &[Setting], failure: Option<&Failure>) -> Result<Page> {
    let told = desk.get("/wp/v2/settings").await?;
    let kept = told.map_err(|failure| Error::invalid(failure.message.into_owned()))?;
    let pages = pages(desk).await?;
    let labels = labels(desk).await?;
    let mut fields = String::new();
    for (name, label, kind, help) in settings {
        let value = match desk.form.has(name) {
            true => desk.form.get(name).to_owned(),
            false => text(&kept[*name]),
        };
        let fault = failure.and_then(|failure| failure.data.get("params")?.get(name)?.as_str());
        let mut field = match kind {
            Kind::Line => html::field(name, label, &value, "", help),
            Kind::Mail => html::field(name, label, &value, "type=\"email\"", help),
            Kind::Number => html::field(name, label, &value, "type=\"number\" min=\"1\" max=\"100\"", help),
            Kind::Zone => zone(name, label, &value, help),
            Kind::Choice(all) => html::choice(name, label, &html::options(&value, all.iter().copied()), help),
            Kind::Page => choice(name, label, &value, ("0", "None"), &pages, help),
            Kind::Label => choice(name, label, &value, ("1", "The first one"), &labels, help),
        };
        if let Some(fault) = fault {
            let _ = write!(field, "<p class=\"a-fault\">{}</p>", gp_markup::text::esc_html(fault));
        }
        fields += &field;
    }
    let note = match (failure, desk.query.has("saved")) {
        (Some(failure), _) => html::note(html::Note::Stop, &format!("Nothing was saved: {}", failure.message)),
        (None, true) => html::note(html::Note::Done, "Saved."),
        (None, false) => String::new(),
    };
    let body = format!(
        "{}{note}<form method=\"post\" action=\"/wp-admin/{}\" class=\"a-narrow\" data-keep>{}{fields}<button class=\"a-btn a-btn--main\">Save</button></form>",
        tabs(desk),
        desk.path,
        html::meant(desk)
    );
    Ok(Page {
        entry: "options-general.php".to_owned(),
        ..Page::new(format!("Settings: {title}"), body)
    })
}

/// The pages of settings that other features bring; who opens one finds the same row of tabs there.
const OTHERS: &[(&str, &str)] = &[
    ("options-permalink.php", "Addresses"),
    ("options-media.php", "Pictures"),
    ("options-privacy.php", "Privacy"),
];

fn tabs(desk: &Desk) -> String {
    let own = PAGES.iter().map(|(path, name, _)| (*path, *name));
    let all = own.chain(OTHERS.iter().copied());
    all.fold(
        String::from("<nav class=\"a-tabs\" aria-label=\"Settings\">"),
        |mut html, (path, name)| {
            let here = if path == desk.path {
                " aria-current=\"page\""
            } else {
                ""
            };
            let _ = write!(html, "<a href=\"/wp-admin/{path}\"{here}>{name}</a>");
            html
        },
    ) + "</nav>"
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

fn choice(name: &str, label: &str, chosen: &str, none: (&str, &str), all: &[(String, String)], help: &str) -> String {
    let all = std::iter::once(none).chain(all.iter().map(|(value, label)| (value.as_str(), label.as_str())));
    let mut seen = Vec::new();
    let all: Vec<(&str, &str)> = all
        .filter(|(value, _)| {
            let new = !seen.contains(value);
            seen.push(value);
            new
        })
        .collect();
    html::choice(name, label, &html::options(chosen, all), help)
}

/// A zone is typed, with those that the program knows as suggestions.
fn zone(name: &str, label: &str, value: &str, help: &str) -> String {
    let known: String = jiff::tz::db().available().fold(String::new(), |mut list, zone| {
        let _ = write!(list, "<option value=\"{}\">", gp_markup::text::esc_attr(zone.as_str()));
        list
    });
    let field = html::field(
        name,
        label,
        value,
        "list=\"zones\" autocomplete=\"off\" spellcheck=\"false\"",
        help,
    );
    format!("{field}<datalist id=\"zones\">{known}</datalist>")
}

/// The published pages.
async fn pages(desk: &Desk) -> Result<Vec<(String, String)>> {
    let query = ItemQuery {
        types: vec!["page".to_owned()],
        order: Order::Title,
        limit: 500,
        ..ItemQuery::default()
    };
    let mut conn = desk.read().await?;
    let list = items::some(&mut conn, &desk.scope, &query).await?;
    Ok(list
        .iter()
        .map(|item| (item.id.to_string(), gp_markup::text::plain_text(&item.title)))
        .collect())
}

async fn labels(desk: &Desk) -> Result<Vec<(String, String)>> {
    let mut conn = desk.read().await?;
    let all = terms::all_of(&mut conn, "category").await?;
    Ok(all
        .iter()
        .map(|term| (term.term_id.0.to_string(), gp_markup::text::plain_text(&term.name)))
        .collect())
}

//! `settings`: the options of a site that clients may change, under the names that clients know.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{Site, Verb, actions};
use gp_markup::text;
use serde_json::{Map, Value, json};

use crate::{
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::{Deed, EDIT, READ, Resource, Route},
    schema::{titled, writable},
    turn::Turn,
};

struct Settings;

/// One setting: its name, its option, type, format, title, description, default, and its choices.
struct Setting {
    name: &'static str,
    option: &'static str,
    kind: &'static str,
    format: &'static str,
    title: &'static str,
    description: &'static str,
    default: Default,
    choices: &'static [&'static str],
}

enum Default {
    None,
    Text(&'static str),
    Number(i64),
    Yes,
}

const fn setting(
    (name, option, kind): (&'static str, &'static str, &'static str),
    title: &'static str,
    description: &'static str,
) -> Setting {
    Setting {
        name,
        option,
        kind,
        format: "",
        title,
        description,
        default: Default::None,
        choices: &[],
    }
}

const OPEN: &[&str] = &["open", "closed"];

const TABLE: &[Setting] = &[
    setting(("title", "blogname", "string"), "Title", "Site title."),
    setting(("description", "blogdescription", "string"), "Tagline", "Site tagline."),
    Setting {
        format: "uri",
        ..setting(("url", "siteurl", "string"), "", "Site URL.")
    },
    Setting {
        format: "email",
        ..setting(
            ("email", "admin_email", "string"),
            "",
            "This address is used for admin purposes, like new user notification.",
        )
    },
    setting(
        ("timezone", "timezone_string", "string"),
        "",
        "A city in the same timezone as you.",
    ),
    setting(
        ("date_format", "date_format", "string"),
        "",
        "A date format for all date strings.",
    ),
    setting(
        ("time_format", "time_format", "string"),
        "",
        "A time format for all time strings.",
    ),
    setting(
        ("start_of_week", "start_of_week", "integer"),
        "",
        "A day number of the week that the week should start on.",
    ),
    Setting {
        default: Default::Text("en_US"),
        ..setting(("language", "WPLANG", "string"), "", "WordPress locale code.")
    },
    Setting {
        default: Default::Yes,
        ..setting(
            ("use_smilies", "use_smilies", "boolean"),
            "",
            "Convert emoticons like :-) and :-P to graphics on display.",
        )
    },
    setting(
        ("default_category", "default_category", "integer"),
        "",
        "Default post category.",
    ),
    setting(
        ("default_post_format", "default_post_format", "string"),
        "",
        "Default post format.",
    ),
    Setting {
        default: Default::Number(10),
        ..setting(
            ("posts_per_page", "posts_per_page", "integer"),
            "Maximum posts per page",
            "Blog pages show at most.",
        )
    },
    setting(
        ("show_on_front", "show_on_front", "string"),
        "Show on front",
        "What to show on the front page",
    ),
    setting(
        ("page_on_front", "page_on_front", "integer"),
        "Page on front",
        "The ID of the page that should be displayed on the front page",
    ),
    setting(
        ("page_for_posts", "page_for_posts", "integer"),
        "",
        "The ID of the page that should display the latest posts",
    ),
    Setting {
        choices: OPEN,
        ..setting(
            ("default_ping_status", "default_ping_status", "string"),
            "",
            "Allow link notifications from other blogs (pingbacks and trackbacks) on new articles.",
        )
    },
    Setting {
        choices: OPEN,
        ..setting(
            ("default_comment_status", "default_comment_status", "string"),
            "Allow comments on new posts",
            "Allow people to submit comments on new posts.",
        )
    },
    setting(("site_logo", "site_logo", "integer"), "Logo", "Site logo."),
    setting(("site_icon", "site_icon", "integer"), "Icon", "Site icon."),
];

/// The route.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new("wp/v2", "/settings", Arc::new(Settings))
            .on(READ, Deed::Get, Map::new())
            .on(EDIT, Deed::Update, writable(&properties(), false)),
    ]
}

fn properties() -> Map<String, Value> {
    let all = TABLE.iter().map(|setting| {
        let default = match setting.default {
            Default::None => Value::Null,
            Default::Text(text) => text.into(),
            Default::Number(number) => number.into(),
            Default::Yes => true.into(),
        };
        let mut property = json!({"type": setting.kind, "title": setting.title, "description": setting.description,
            "default": default});
        if !setting.format.is_empty() {
            property["format"] = setting.format.into();
        }
        if !setting.choices.is_empty() {
            property["enum"] = json!(setting.choices);
        }
        (setting.name.to_owned(), property)
    });
    all.collect()
}

impl Resource for Settings {
    fn schema(&self, _site: &Site, _base_url: &str) -> Option<Value> {
        Some(titled("settings", properties()))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            match turn.can("manage_options") {
                true => Ok(()),
                false => Err(turn.refusal("rest_forbidden", "Sorry, you are not allowed to do that.")),
            }
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            if deed == Deed::Update {
                write(turn, request).await?;
            }
            let all = TABLE
                .iter()
                .map(|setting| (setting.name.to_owned(), shown(turn, setting)));
            Ok(Reply::ok(Value::Object(all.collect())))
        })
    }
}

fn shown(turn: &Turn, setting: &Setting) -> Value {
    let stored = turn.site.bytes(setting.option).map(|_| turn.site.text(setting.option));
    let text = stored.unwrap_or_default();
    match (setting.name, setting.kind) {
        ("url", _) => turn.base_url.as_str().into(),
        ("language", _) if text.is_empty() => "en_US".into(),
        ("title" | "description", _) => text::decode_entities(&text).into_owned().into(),
        ("posts_per_page", _) => turn.site.per_page.into(),
        ("default_category", _) => turn.site.default_category.0.into(),
        ("date_format", _) if text.is_empty() => turn.site.date_format.as_str().into(),
        ("time_format", _) if text.is_empty() => "g:i a".into(),
        ("show_on_front", _) if text.is_empty() => "posts".into(),
        ("default_ping_status" | "default_comment_status", _) if text.is_empty() => "open".into(),
        ("default_post_format", _) if text.is_empty() => "0".into(),
        ("site_logo", _) if text.is_empty() => Value::Null,
        ("start_of_week", _) if text.is_empty() => 1.into(),
        ("use_smilies", _) if text.is_empty() => true.into(),
        (_, "integer") => text.trim().parse::<i64>().unwrap_or(0).into(),
        (_, "boolean") => (text != "0").into(),
        _ => text.into(),
    }
}

async fn write(turn: &mut Turn, request: &Request) -> Outcome<()> {
    let grant = turn.actor().may_manage(Verb::SetOption)?;
    for setting in TABLE {
        let Some(value) = request.sent(setting.name) else {
            continue;
        };
        let stored = match (setting.name, value) {
            // The address of the site is the operator's to set.
            ("url", _) | (_, Value::Null) => continue,
            ("title" | "description", Value::String(text)) => {
                text::special_chars(&text::sanitize_text_field(text), text::Quotes::Both, false)
            }
            ("timezone", Value::String(zone)) if !zone.is_empty() && jiff::tz::TimeZone::get(zone).is_err() => {
                let message = "The timezone you have entered is not valid. Please select a valid timezone.";
                return Err(Failure::param("timezone", "rest_invalid_param", message));
            }
            ("language", Value::String(language)) if language == "en_US" => String::new(),
            ("show_on_front", Value::String(what)) if !matches!(what.as_str(), "posts" | "page") => {
                let message = "show_on_front is not one of posts and page.";
                return Err(Failure::param("show_on_front", "rest_not_in_enum", message));
            }
            ("posts_per_page", Value::Number(number)) => match number.as_i64().unwrap_or(0) {
                0 => "1".to_owned(),
                number if number < -1 => number.abs().to_string(),
                number => number.to_string(),
            },
            (_, Value::String(text)) => text::sanitize_text_field(text),
            (_, Value::Bool(yes)) => if *yes { "1" } else { "0" }.to_owned(),
            (_, other) => other.to_string(),
        };
        actions::set_option(&mut turn.act(), &grant, setting.option, stored.as_bytes()).await?;
    }
    Ok(turn.reload().await?)
}

//! `sidebars`, `widgets` and `widget-types`: what a site kept of its classic theme's sidebars. They are read, and not shown: with a block
//! theme they are all inactive, in WordPress too.

use std::sync::Arc;

use base64::Engine as _;
use futures_util::future::BoxFuture;
use gp_content::Site;
use gp_markup::text;
use gp_php::Value as Php;
use gp_rest::{
    Answer, Deed, EDIT, Failure, Links, MAKE, Outcome, READ, REMOVE, Reply, Request, Resource, Route, Turn,
    schema::{context, joined, members, properties, writable},
};
use serde_json::{Value, json};

/// How a widget looks.
const WIDGET: &str = include_str!("widget.json");

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    let sidebars: Arc<dyn Resource> = Arc::new(Sidebars);
    let widgets: Arc<dyn Resource> = Arc::new(Widgets);
    let types: Arc<dyn Resource> = Arc::new(Types);
    let named = |description: &str| members(json!({"id": {"description": description, "type": "string"}}));
    let instance = || {
        members(json!({
            "id": {"description": "The widget type id.", "type": "string", "required": true},
            "instance": {"description": "Current instance settings of the widget.", "type": "object"},
        }))
    };
    let form = members(json!({"form_data": {"type": "string",
        "description": "Serialized widget form data to encode into instance settings."}}));
    let nested = members(json!({"widgets": {"description": "Nested widgets.", "type": "array",
        "items": {"type": ["object", "string"]}}}));
    let of = members(json!({"sidebar": {"description": "The sidebar to return widgets for.", "type": "string"}}));
    let force = members(json!({"force": {"type": "boolean",
        "description": "Whether to force removal of the widget, or move it to the inactive sidebar."}}));
    let of_type = "/widget-types/(?P<id>[a-zA-Z0-9_-]+)";
    let own = properties(WIDGET);
    vec![
        Route::new("wp/v2", "/sidebars", sidebars.clone()).on(READ, Deed::List, shown()),
        Route::new("wp/v2", "/sidebars/(?P<id>[\\w-]+)", sidebars)
            .on(
                READ,
                Deed::Get,
                joined([named("The id of a registered sidebar"), shown()]),
            )
            .on(EDIT, Deed::Update, nested),
        Route::new("wp/v2", "/widget-types", types.clone()).on(READ, Deed::List, shown()),
        Route::new("wp/v2", of_type, types.clone()).on(
            READ,
            Deed::Get,
            joined([named("The widget type id."), shown()]),
        ),
        Route::new("wp/v2", &format!("{of_type}/encode"), types.clone()).on(
            MAKE,
            Deed::Other("encode"),
            joined([instance(), form]),
        ),
        Route::new("wp/v2", &format!("{of_type}/render"), types).on(MAKE, Deed::Other("render"), instance()),
        Route::new("wp/v2", "/widgets", widgets.clone())
            .on(READ, Deed::List, joined([shown(), of]))
            .on(MAKE, Deed::Create, writable(&own, true))
            .batched(),
        Route::new("wp/v2", "/widgets/(?P<id>[\\w\\-]+)", widgets)
            .on(READ, Deed::Get, shown())
            .on(EDIT, Deed::Update, writable(&own, false))
            .on(REMOVE, Deed::Delete, force)
            .batched(),
    ]
}

fn permit(turn: &Turn) -> Outcome<()> {
    match turn.can("edit_theme_options") {
        true => Ok(()),
        false => Err(turn.refusal(
            "rest_cannot_manage_widgets",
            "Sorry, you are not allowed to manage widgets on this site.",
        )),
    }
}

/// Nothing here shows widgets, and so nothing changes them.
fn not_written() -> Box<Failure> {
    let message =
        "This site shows no widgets; what was moved here of them can be read. Put blocks into template parts instead.";
    Failure::new(400, "rest_widgets_not_supported", message)
}

/// Where widgets go that stand nowhere.
const INACTIVE: &str = "wp_inactive_widgets";

/// The option that says which widget stands where.
const PLACES: &str = "sidebars_widgets";

/// The settings of all widgets of a kind. A site that never had any begins with those that WordPress begins with, all inactive.
fn settings_of(site: &Site, base: &str) -> Option<Php> {
    let kept = site.value(&format!("widget_{base}"));
    if kept.is_some() || base != "block" || site.value(PLACES).is_some() {
        return kept;
    }
    let block =
        |(at, content): (usize, String)| (i64::try_from(at + FIRST).unwrap_or(0), Php::map([("content", content)]));
    Some(Php::map(beginning().into_iter().enumerate().map(block)))
}

/// The number of the first widget of its kind.
const FIRST: usize = 2;

/// What WordPress puts into the sidebars of a new site.
fn beginning() -> Vec<String> {
    let under = |heading: &str, block: &str| {
        format!(
            "<!-- wp:group --><div class=\"wp-block-group\"><!-- wp:heading --><h2>{heading}</h2><!-- /wp:heading --><!-- wp:{block} /--></div>\
             <!-- /wp:group -->"
        )
    };
    let comments = "latest-comments {\"displayAvatar\":false,\"displayDate\":false,\"displayExcerpt\":false}";
    vec![
        "<!-- wp:search /-->".to_owned(),
        under("Recent Posts", "latest-posts"),
        under("Recent Comments", comments),
        under("Archives", "archives"),
        under("Categories", "categories"),
    ]
}

/// The sidebars as the site kept them, each with the ids of its widgets; the one of the inactive widgets is always there.
fn kept(site: &Site) -> Vec<(String, Vec<String>)> {
    let option = site.value(PLACES);
    if option.is_none() {
        let all = (FIRST..FIRST + beginning().len()).map(|number| format!("block-{number}"));
        return vec![(INACTIVE.to_owned(), all.collect())];
    }
    let mut all: Vec<(String, Vec<String>)> = option
        .iter()
        .flat_map(Php::iter)
        .filter(|(name, widgets)| name.as_str() != "array_version" && matches!(widgets, Php::Array(_)))
        .map(|(name, widgets)| (name.as_str().into_owned(), texts(widgets)))
        .collect();
    if !all.iter().any(|(name, _)| name == INACTIVE) {
        all.insert(0, (INACTIVE.to_owned(), Vec::new()));
    }
    all
}

fn texts(list: &Php) -> Vec<String> {
    list.iter()
        .filter_map(|(_, v)| v.as_str().map(|text| text.into_owned()))
        .collect()
}

struct Sidebars;

impl Resource for Sidebars {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn) })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let all = kept(&turn.site);
            // One sidebar alone has no number in its name.
            let alone = all.iter().filter(|(name, _)| name.starts_with("sidebar-")).count() == 1;
            match deed {
                Deed::List => {
                    let shown = all
                        .iter()
                        .map(|(name, widgets)| sidebar_shown(turn, name, widgets, alone));
                    Ok(Reply::ok(shown.collect()))
                }
                Deed::Get => {
                    let name = request.text("id").unwrap_or_default();
                    let found = all.iter().find(|(known, _)| known == name);
                    let (name, widgets) = found.ok_or_else(|| {
                        Failure::new(404, "rest_sidebar_not_found", "No sidebar exists with that id.")
                    })?;
                    Ok(Reply::ok(sidebar_shown(turn, name, widgets, alone)))
                }
                _ => Err(not_written()),
            }
        })
    }
}

/// What is around a sidebar's widgets and their titles. What a theme's PHP wrote there is not known: these are WordPress's own.
const AROUND: [(&str, &str); 4] = [
    ("before_widget", "<li id=\"%1$s\" class=\"widget %2$s\">"),
    ("after_widget", "</li>\n"),
    ("before_title", "<h2 class=\"widgettitle\">"),
    ("after_title", "</h2>\n"),
];

fn sidebar_shown(turn: &Turn, name: &str, widgets: &[String], alone: bool) -> Value {
    let inactive = name == INACTIVE;
    let title = match name.strip_prefix("sidebar-") {
        _ if inactive => "Inactive widgets".to_owned(),
        Some(_) if alone => "Sidebar".to_owned(),
        Some(number) => format!("Sidebar {number}"),
        None => name.to_owned(),
    };
    let own = format!("/wp/v2/sidebars/{name}");
    let mut links = Links::default();
    links.plain("collection", turn.href("/wp/v2/sidebars"));
    links.own(turn, &own, &["GET", "POST", "PUT", "PATCH"]);
    links.embeddable("wp:widget", turn.href(&format!("/wp/v2/widgets?sidebar={name}")));
    let mut out = members(json!({"id": name, "name": title, "description": "", "class": ""}));
    for (key, html) in AROUND {
        out.insert(key.to_owned(), if inactive { "" } else { html }.into());
    }
    out.extend(members(json!({
        "status": "inactive", "widgets": widgets, "_links": links.value(),
    })));
    Value::Object(out)
}

/// A widget: its kind, and which of them it is: `text-2`.
fn parted(id: &str) -> (&str, Option<i64>) {
    match id.rsplit_once('-') {
        Some((base, number)) if number.parse::<i64>().is_ok() => (base, number.parse().ok()),
        _ => (id, None),
    }
}

struct Widgets;

impl Resource for Widgets {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn) })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let edits = request.context() == "edit";
            let mut out = Vec::new();
            let (of, one) = match deed {
                Deed::List => (request.text("sidebar"), None),
                Deed::Get => (None, request.text("id")),
                _ => return Err(not_written()),
            };
            for (place, ids) in kept(&turn.site) {
                for id in ids {
                    if of.is_none_or(|of| of == place) && one.is_none_or(|one| one == id) {
                        out.push(widget_shown(turn, &place, &id, edits).await?);
                    }
                }
            }
            if deed == Deed::List {
                return Ok(Reply::ok(Value::Array(out)));
            }
            let found = out.into_iter().next();
            found
                .map(Reply::ok)
                .ok_or_else(|| Failure::new(404, "rest_widget_not_found", "No widget was found with that id."))
        })
    }
}

async fn widget_shown(turn: &mut Turn, place: &str, id: &str, edits: bool) -> Outcome<Value> {
    let (base, number) = parted(id);
    let all = settings_of(&turn.site, base);
    let settings = number
        .and_then(|number| all.as_ref()?.index(number).cloned())
        .unwrap_or(Php::Null);
    let rendered = match place {
        INACTIVE => String::new(),
        _ => rendered(turn, base, id, &settings).await?,
    };
    let own = format!("/wp/v2/widgets/{id}");
    let mut links = Links::default();
    links.own(turn, &own, &["GET", "POST", "PUT", "PATCH", "DELETE"]);
    links.plain("collection", turn.href("/wp/v2/widgets"));
    links.embeddable("about", turn.href(&format!("/wp/v2/widget-types/{base}")));
    links.plain("wp:sidebar", turn.href(&format!("/wp/v2/sidebars/{place}/")));
    let mut out = members(json!({"id": id, "id_base": base, "sidebar": place, "rendered": rendered}));
    if edits {
        out.insert("rendered_form".to_owned(), "".into());
        let encoded = base64::engine::general_purpose::STANDARD.encode(gp_php::serialize(&settings));
        out.insert(
            "instance".to_owned(),
            json!({"encoded": encoded, "hash": "", "raw": gp_rest::php_to_json(&settings)}),
        );
    }
    out.insert("_links".to_owned(), links.value());
    Ok(Value::Object(out))
}

/// A widget as a page would show it: those of blocks and of text. Others belong to programs that are not here.
async fn rendered(turn: &mut Turn, base: &str, id: &str, settings: &Php) -> Outcome<String> {
    let text = |name: &str| {
        let value = settings.get(name);
        value
            .and_then(|v| v.as_str().map(|t| t.into_owned()))
            .unwrap_or_default()
    };
    let body = match base {
        "block" => {
            let page = turn.context(gp_content::address::Address::Missing);
            let app = turn.app.clone();
            app.renderer.fragment(&mut turn.conn, &page, &text("content")).await?
        }
        "text" => format!(
            "\t\t\t<div class=\"textwidget\">{}</div>\n",
            text::wpautop(&text("text"))
        ),
        "custom_html" => format!("<div class=\"textwidget custom-html-widget\">{}</div>", text("content")),
        _ => return Ok(String::new()),
    };
    let title = text("title");
    let [(_, before), (_, after), (_, open), (_, close)] = AROUND;
    let head = if title.is_empty() {
        String::new()
    } else {
        format!("{open}{}{close}", text::esc_html(&title))
    };
    let before = before.replace("%1$s", id).replace("%2$s", &format!("widget_{base}"));
    Ok(format!("{before}{head}{body}{after}"))
}

/// The kinds of widgets that WordPress has: id, name, what it is for, class.
const TYPES: &[(&str, &str, &str, &str)] = &[
    (
        "archives",
        "Archives",
        "A monthly archive of your site’s Posts.",
        "widget_archive",
    ),
    ("block", "Block", "A widget containing a block.", "widget_block"),
    (
        "calendar",
        "Calendar",
        "A calendar of your site’s posts.",
        "widget_calendar",
    ),
    (
        "categories",
        "Categories",
        "A list or dropdown of categories.",
        "widget_categories",
    ),
    (
        "custom_html",
        "Custom HTML",
        "Arbitrary HTML code.",
        "widget_custom_html",
    ),
    (
        "media_audio",
        "Audio",
        "Displays an audio player.",
        "widget_media_audio",
    ),
    (
        "media_gallery",
        "Gallery",
        "Displays an image gallery.",
        "widget_media_gallery",
    ),
    ("media_image", "Image", "Displays an image.", "widget_media_image"),
    (
        "media_video",
        "Video",
        "Displays a video from the media library or from YouTube, Vimeo, or another provider.",
        "widget_media_video",
    ),
    ("meta", "Meta", "Login, RSS, & WordPress.org links.", "widget_meta"),
    (
        "nav_menu",
        "Navigation Menu",
        "Add a navigation menu to your sidebar.",
        "widget_nav_menu",
    ),
    ("pages", "Pages", "A list of your site’s Pages.", "widget_pages"),
    (
        "recent-comments",
        "Recent Comments",
        "Your site’s most recent comments.",
        "widget_recent_comments",
    ),
    (
        "recent-posts",
        "Recent Posts",
        "Your site’s most recent Posts.",
        "widget_recent_entries",
    ),
    ("rss", "RSS", "Entries from any RSS or Atom feed.", "widget_rss"),
    ("search", "Search", "A search form for your site.", "widget_search"),
    (
        "tag_cloud",
        "Tag Cloud",
        "A cloud of your most used tags.",
        "widget_tag_cloud",
    ),
    ("text", "Text", "Arbitrary text.", "widget_text"),
];

struct Types;

impl Resource for Types {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _request: &'a Request, _deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permit(turn) })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            if deed == Deed::List {
                return Ok(Reply::ok(TYPES.iter().map(|kind| type_shown(turn, kind)).collect()));
            }
            let id = request.text("id").unwrap_or_default();
            let found = TYPES.iter().find(|(known, ..)| *known == id);
            let found = found.ok_or_else(|| Failure::new(404, "rest_widget_invalid", "Invalid widget type."))?;
            match deed {
                Deed::Get => Ok(Reply::ok(type_shown(turn, found))),
                _ => Err(not_written()),
            }
        })
    }
}

fn type_shown(turn: &Turn, (id, name, about, class): &(&str, &str, &str, &str)) -> Value {
    let mut links = Links::default();
    links.plain("collection", turn.href("/wp/v2/widget-types"));
    links.own(turn, &format!("/wp/v2/widget-types/{id}"), &["GET"]);
    json!({"id": id, "name": name, "description": about, "is_multi": true, "classname": class, "_links": links.value()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_widget_is_a_kind_and_a_number() {
        assert_eq!(parted("recent-posts-3"), ("recent-posts", Some(3)));
        assert_eq!(parted("akismet"), ("akismet", None));
    }

    #[test]
    fn the_inactive_widgets_have_a_place_in_every_site() {
        let nothing = Site::from_options(Default::default());
        let begun = kept(&nothing);
        assert_eq!((begun[0].0.as_str(), begun[0].1.len()), (INACTIVE, 5));
        let settings = settings_of(&nothing, "block").unwrap();
        assert!(
            begun[0]
                .1
                .iter()
                .all(|id| settings.index(parted(id).1.unwrap()).is_some())
        );
        let some = Php::map([
            ("sidebar-1", Php::list([Php::from("text-2")])),
            ("array_version", Php::from(3)),
        ]);
        let options = [("sidebars_widgets".to_owned(), gp_php::serialize(&some))];
        let kept = kept(&Site::from_options(options.into_iter().collect()));
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[1], ("sidebar-1".to_owned(), vec!["text-2".to_owned()]));
    }
}

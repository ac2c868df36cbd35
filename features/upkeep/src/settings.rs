//! `options-media.php` and `options-privacy.php`: settings that the API does not know; and the tabs that lead from one page of settings to
//! the next.

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Page, Screen, html};
use gp_content::{ItemQuery, Order, Verb, actions, items};
use gp_kernel::{ItemId, Result};
use gp_markup::text::{esc_html, plain_text};

pub(crate) struct Settings;

/// The entry of the menu that pages of settings belong to.
pub(crate) const ENTRY: &str = "options-general.php";

/// All pages of settings, whoever brings them.
const TABS: &[(&str, &str)] = &[
    ("options-general.php", "General"),
    ("options-reading.php", "Reading"),
    ("options-discussion.php", "Comments"),
    ("options-permalink.php", "Addresses"),
    ("options-media.php", "Pictures"),
    ("options-privacy.php", "Privacy"),
];

/// Wider than this no picture is made smaller.
const WIDEST: i64 = 5000;

/// The sizes: option of the width, of the height, what it is called, what they are where nobody set them.
const SIZES: &[(&str, &str, &str, &str)] = &[
    ("thumbnail_size_w", "thumbnail_size_h", "Small", "150"),
    ("medium_size_w", "medium_size_h", "Medium", "300"),
    ("large_size_w", "large_size_h", "Large", "1024"),
];

impl Screen for Settings {
    fn paths(&self) -> &'static [&'static str] {
        &["options-media.php", "options-privacy.php"]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("manage_options")?;
            let pictures = desk.path == "options-media.php";
            let faults = match (desk.post, pictures) {
                (false, _) => Faults::new(),
                (true, true) => keep(desk, wanted_sizes(desk)).await?,
                (true, false) => {
                    let wanted = wanted_privacy(desk).await?;
                    keep(desk, wanted).await?
                }
            };
            if desk.post && faults.is_empty() {
                return Ok(Answer::Go(format!("{}?saved=1", desk.path)));
            }
            let (title, fields) = match pictures {
                true => ("Pictures", sizes(desk, &faults)),
                false => ("Privacy", privacy(desk, &faults).await?),
            };
            let body = format!(
                "{}{}<form method=\"post\" action=\"/wp-admin/{}\" class=\"a-narrow\" data-keep>{}{fields}<button class=\"a-btn a-btn--main\">Save</button></form>",
                tabs(&desk.path),
                note(desk, &faults),
                desk.path,
                html::meant(desk)
            );
            Ok(page(title, body, !faults.is_empty()).into())
        })
    }
}

/// A page of settings; one with something wrong in it says so in its status, too.
pub(crate) fn page(title: &str, body: String, wrong: bool) -> Page {
    Page {
        entry: ENTRY.to_owned(),
        status: wrong.then_some(422),
        ..Page::new(format!("Settings: {title}"), body)
    }
}

/// The ways to the other pages of settings.
pub(crate) fn tabs(path: &str) -> String {
    let mut html = String::from("<nav class=\"a-tabs\" aria-label=\"Settings\">");
    for (address, name) in TABS {
        let here = if *address == path { " aria-current=\"page\"" } else { "" };
        let _ = write!(html, "<a href=\"/wp-admin/{address}\"{here}>{name}</a>");
    }
    html + "</nav>"
}

/// What is wrong, by field.
pub(crate) type Faults = Vec<(&'static str, String)>;

/// The sentence under a field, and what the field says of itself to who does not see it.
pub(crate) fn fault(faults: &Faults, name: &str) -> (String, &'static str) {
    match faults.iter().find(|(field, _)| *field == name) {
        Some((_, text)) => (
            format!("<p class=\"a-fault\" role=\"alert\">{}</p>", esc_html(text)),
            "aria-invalid=\"true\"",
        ),
        None => (String::new(), ""),
    }
}

fn note(desk: &Desk, faults: &Faults) -> String {
    match (faults.is_empty(), desk.query.has("saved")) {
        (false, _) => html::note(html::Note::Stop, "Nothing was saved: see below."),
        (true, true) => html::note(html::Note::Done, "Saved."),
        (true, false) => String::new(),
    }
}

/// Options with their values, or what is wrong with them.
type Wanted = std::result::Result<Vec<(&'static str, String)>, Faults>;

/// Keeps what is different, all of it or nothing.
async fn keep(desk: &Desk, wanted: Wanted) -> Result<Faults> {
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(faults),
    };
    let grant = desk.actor().may_manage(Verb::SetOption)?;
    let mut tx = desk.app.db.write().await?;
    for (option, value) in wanted {
        if desk.site.bytes(option) != Some(value.as_bytes()) {
            actions::set_option(&mut desk.act(&mut tx), &grant, option, value.as_bytes()).await?;
        }
    }
    tx.commit().await?;
    Ok(Faults::new())
}

fn wanted_sizes(desk: &Desk) -> Wanted {
    let mut faults = Faults::new();
    let mut wanted = Vec::new();
    for name in SIZES.iter().flat_map(|(width, height, ..)| [*width, *height]) {
        match desk.form.int(name).filter(|n| (0..=WIDEST).contains(n)) {
            Some(n) => wanted.push((name, n.to_string())),
            None => faults.push((name, format!("A whole number from 0 to {WIDEST}, please."))),
        }
    }
    let crop = if desk.form.has("thumbnail_crop") { "1" } else { "0" };
    wanted.push(("thumbnail_crop", crop.to_owned()));
    if faults.is_empty() { Ok(wanted) } else { Err(faults) }
}

fn sizes(desk: &Desk, faults: &Faults) -> String {
    let value = |name: &str, usual: &str| match (desk.form.has(name), desk.site.text(name)) {
        (true, _) => desk.form.get(name).to_owned(),
        (false, kept) if kept.is_empty() => usual.to_owned(),
        (false, kept) => kept,
    };
    let field = |name: &str, label: &str, usual: &str| {
        let (said, invalid) = fault(faults, name);
        let rest = format!("type=\"number\" min=\"0\" max=\"{WIDEST}\" inputmode=\"numeric\" {invalid}");
        let field = html::field(name, label, &value(name, usual), &rest, "");
        format!("<div>{field}{said}</div>")
    };
    let mut html = String::from(
        "<p class=\"a-help\">Smaller pictures are made of each that is uploaded, at most so wide and so high, in pixels; 0 is no limit. \
         Pictures that are there already stay as they are.</p>",
    );
    for (width, height, label, usual) in SIZES {
        let _ = write!(
            html,
            "<fieldset class=\"a-after\"><legend class=\"a-lab\">{label}</legend><div class=\"a-row\">{}{}</div></fieldset>",
            field(width, "Width", usual),
            field(height, "Height", usual)
        );
    }
    let cut = match desk.post {
        true => desk.form.has("thumbnail_crop"),
        false => desk.site.text("thumbnail_crop") != "0",
    };
    let tick = html::tick("thumbnail_crop", "1", "Cut small pictures to exactly this size", cut);
    html + &format!("<div class=\"a-field\">{tick}</div>")
}

async fn wanted_privacy(desk: &Desk) -> Result<Wanted> {
    let chosen = desk.form.int("wp_page_for_privacy_policy").unwrap_or(0);
    if chosen != 0 {
        let mut conn = desk.read().await?;
        let found = items::by_id(&mut conn, ItemId(chosen)).await?;
        if found.is_none_or(|item| item.kind != "page" || item.status != "publish") {
            let text = "That page is not published any more; choose another one.".to_owned();
            return Ok(Err(vec![("wp_page_for_privacy_policy", text)]));
        }
    }
    let welcome = if desk.form.has("blog_public") { "1" } else { "0" };
    Ok(Ok(vec![
        ("wp_page_for_privacy_policy", chosen.to_string()),
        ("blog_public", welcome.to_owned()),
    ]))
}

async fn privacy(desk: &Desk, faults: &Faults) -> Result<String> {
    let query = ItemQuery {
        types: vec!["page".to_owned()],
        order: Order::Title,
        limit: 500,
        ..ItemQuery::default()
    };
    let mut conn = desk.read().await?;
    let pages = items::some(&mut conn, &desk.scope, &query).await?;
    drop(conn);
    let pages: Vec<(String, String)> = pages
        .iter()
        .filter(|item| item.status == "publish")
        .map(|item| (item.id.to_string(), plain_text(&item.title)))
        .collect();
    let chosen = match desk.site.text("wp_page_for_privacy_policy") {
        kept if kept.is_empty() => "0".to_owned(),
        kept => kept,
    };
    let all = std::iter::once(("0", "None")).chain(pages.iter().map(|(id, title)| (id.as_str(), title.as_str())));
    let (said, _) = fault(faults, "wp_page_for_privacy_policy");
    let welcome = match desk.post {
        true => desk.form.has("blog_public"),
        false => desk.site.public,
    };
    Ok(format!(
        "{}{said}<div class=\"a-field\">{}<p class=\"a-help\">Without this, search engines are asked not to list the site. They need not obey: \
         what nobody may read must not be published.</p></div>",
        html::choice(
            "wp_page_for_privacy_policy",
            "The page that says what becomes of readers’ data",
            &html::options(&chosen, all),
            "A theme may draw it in a way of its own."
        ),
        html::tick("blog_public", "1", "Search engines are welcome", welcome)
    ))
}

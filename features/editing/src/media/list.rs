//! The files as a grid or a list, with what became of reading each.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write as _,
};

use gp_admin::{Desk, Page, html};
use gp_content::{Item, ItemQuery, Meta, MetaKind, Order, documents, files, items, meta};
use gp_kernel::{Error, ItemId, Result};
use gp_markup::text::{esc_attr, esc_html};
use gp_store::Conn;
use serde_json::Value;

use super::Shown;
use crate::kinds;

const PER_PAGE: i64 = 40;
/// Files that are looked through for what no search can read.
const MOST_UNREAD: usize = 2000;
/// Where the path of a file stands.
const FILE: &str = "_wp_attached_file";

/// What is asked.
struct Asked {
    words: String,
    kind: String,
    /// A state of reading: as the API of documents has it, or one of [`OTHERS`].
    reading: String,
    /// Only what belongs to nothing.
    alone: bool,
    list: bool,
    page: i64,
}

impl Asked {
    fn of(desk: &Desk) -> Self {
        let query = &desk.query;
        Self {
            words: query.get("s").trim().to_owned(),
            kind: query.get("kind").to_owned(),
            reading: query.get("reading").to_owned(),
            alone: query.get("attached") == "none",
            list: query.get("mode") == "list",
            page: query.int("paged").unwrap_or(1).clamp(1, 100_000),
        }
    }

    fn address(&self, other: &[(&str, &str)]) -> String {
        let own = [
            ("s", self.words.as_str()),
            ("kind", &self.kind),
            ("reading", self.reading.as_str()),
            ("attached", if self.alone { "none" } else { "" }),
            ("mode", if self.list { "list" } else { "" }),
        ];
        let kept = own
            .into_iter()
            .filter(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
        let pairs: Vec<(&str, &str)> = kept.chain(other.iter().copied()).collect();
        format!("/wp-admin/upload.php?{}", html::query(&pairs))
    }
}

pub(super) async fn shown(desk: &Desk) -> Result<Page> {
    let asked = Asked::of(desk);
    let kind = desk
        .app
        .types
        .get("attachment")
        .ok_or_else(|| Error::internal("there is no type for files"))?;
    let mut conn = desk.read().await?;
    let mut query = ItemQuery {
        types: vec![kind.name.to_owned()],
        shelves: Some(desk.scope.at_work(kind, &["inherit", "private"])),
        words: asked.words.split_whitespace().take(20).map(str::to_owned).collect(),
        order: Order::Newest,
        offset: usize::try_from((asked.page - 1) * PER_PAGE).unwrap_or(0),
        limit: usize::try_from(PER_PAGE).unwrap_or(40),
        ..ItemQuery::default()
    };
    match asked.kind.as_str() {
        "image" => query.mime_types.push("image".to_owned()),
        "document" => query.mime_types.extend(["application".to_owned(), "text".to_owned()]),
        _ => {}
    }
    if asked.alone {
        query.parent = Some(ItemId(0));
    }
    let states = states(&mut conn).await?;
    if !asked.reading.is_empty() {
        query.ids = Some(states.get(&asked.reading).cloned().unwrap_or_default());
    }
    let tabs = tabs(&mut conn, desk, &asked, &states).await?;
    let page = items::list(&mut conn, &desk.scope, &query).await?;
    let parents: Vec<ItemId> = page
        .items
        .iter()
        .map(|item| item.parent)
        .filter(|id| id.0 > 0)
        .collect();
    let parents = items::by_ids(&mut conn, &parents).await?;
    let all = gather(&mut conn, desk, page.items).await?;
    drop(conn);
    let body = if all.is_empty() {
        nothing(&asked)
    } else if asked.list {
        table(&all, &parents)
    } else {
        grid(&all)
    };
    let body = [
        told(desk),
        tabs,
        filters(&asked),
        body,
        html::pages(asked.page, PER_PAGE, page.total, |page| {
            asked.address(&[("paged", &page.to_string())])
        }),
    ]
    .concat();
    Ok(Page {
        act: "<a class=\"a-btn a-btn--main a-push\" href=\"/wp-admin/media-new.php\">Add files</a>".to_owned(),
        entry: "upload.php".to_owned(),
        ..Page::new("Files", body)
    })
}

/// States of reading that stand for several, or for none of those that a reading has.
const OTHERS: &[&str] = &["unread", "waiting", "wordless"];

/// The files that somebody should look at, by state.
async fn states(conn: &mut Conn) -> Result<BTreeMap<String, Vec<ItemId>>> {
    let mut states = documents::unreadable_by_state(conn, MOST_UNREAD).await?;
    let mut all: Vec<ItemId> = states.values().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    let own = [
        all,
        documents::waiting(conn, MOST_UNREAD).await?,
        files::without_words(conn, MOST_UNREAD).await?,
    ];
    states.extend(OTHERS.iter().map(|name| (*name).to_owned()).zip(own));
    Ok(states)
}

/// What a state is called in a tab.
fn called(state: &str) -> String {
    match state {
        "unread" => "No search can read".to_owned(),
        "waiting" => "Not read yet".to_owned(),
        "wordless" => "Pictures without words".to_owned(),
        other => {
            let mut letters = other.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        }
    }
}

/// The states in which there are files, each with how many of them who is at the desk sees.
async fn tabs(conn: &mut Conn, desk: &Desk, asked: &Asked, states: &BTreeMap<String, Vec<ItemId>>) -> Result<String> {
    let kind = desk.app.types.get("attachment");
    let kind = kind.ok_or_else(|| Error::internal("there is no type for files"))?;
    let all = ItemQuery {
        types: vec![kind.name.to_owned()],
        shelves: Some(desk.scope.at_work(kind, &["inherit", "private"])),
        limit: 0,
        ..ItemQuery::default()
    };
    let mode = if asked.list { "list" } else { "" };
    let address = |state: &str| {
        format!(
            "/wp-admin/upload.php?{}",
            html::query(&[("reading", state), ("mode", mode)])
        )
    };
    let total = items::list(conn, &desk.scope, &all).await?.total;
    let mut tabs = vec![(address(""), "All".to_owned(), total, asked.reading.is_empty())];
    let own = states
        .keys()
        .map(String::as_str)
        .filter(|state| !OTHERS.contains(state));
    let order: Vec<&str> = std::iter::once("unread")
        .chain(own)
        .chain(["waiting", "wordless"])
        .collect();
    for state in order {
        let here = asked.reading == state;
        let ids = states.get(state).cloned().unwrap_or_default();
        let total = if ids.is_empty() {
            0
        } else {
            let query = ItemQuery {
                ids: Some(ids),
                ..all.clone()
            };
            items::list(conn, &desk.scope, &query).await?.total
        };
        if total > 0 || here {
            tabs.push((address(state), called(state), total, here));
        }
    }
    Ok(html::tabs("State", &tabs))
}

/// Everything that is shown of these files, in a bounded number of questions.
pub(super) async fn gather(conn: &mut Conn, desk: &Desk, list: Vec<Item>) -> Result<Vec<Shown>> {
    let ids: Vec<i64> = list.iter().map(|item| item.id.0).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let metas = meta::of_many(conn, MetaKind::Item, &ids).await?;
    let none = Meta::default();
    let path = |item: &Item| metas.get(&item.id.0).unwrap_or(&none).text(FILE);
    let paths: Vec<String> = list.iter().map(path).collect();
    let kept: HashMap<String, files::File> = files::by_paths(conn, &paths)
        .await?
        .into_iter()
        .map(|file| (file.path.clone(), file))
        .collect();
    let digests: Vec<String> = kept.values().map(|file| file.digest.clone()).collect();
    let readings = documents::by_digests(conn, &digests).await?;
    let named: Vec<String> = ids.iter().map(i64::to_string).collect();
    let fields = "id,title,caption,description,alt_text,source_url,media_details,post";
    let address = format!(
        "/wp/v2/media?context=edit&per_page=100&_fields={fields}&include={}",
        named.join(",")
    );
    let firsts = first_pages(conn, &paths).await?;
    // Who waits for a second connection gives the first one back.
    conn.give_back();
    let told = desk.get(&address).await?.unwrap_or(Value::Null);
    desk.app.db.read_in_place(conn).await?;
    let told = |id: i64| {
        told.as_array()
            .into_iter()
            .flatten()
            .find(|media| media["id"].as_i64() == Some(id))
            .cloned()
    };
    let shown = list.into_iter().zip(paths).map(|(item, path)| {
        let file = kept.get(&path).cloned();
        let reading = file.as_ref().and_then(|file| readings.get(&file.digest)).cloned();
        let told = told(item.id.0).unwrap_or(Value::Null);
        Shown {
            item,
            file,
            reading,
            first_page: firsts.get(&path).cloned(),
            told,
        }
    });
    Ok(shown.collect())
}

/// The pictures of first pages that there are, by the path of the document.
async fn first_pages(conn: &mut Conn, paths: &[String]) -> Result<HashMap<String, String>> {
    let wanted: Vec<String> = paths.iter().flat_map(|path| files::first_pages_of(path)).collect();
    let there = files::by_paths(conn, &wanted).await?;
    let there: HashSet<String> = there.into_iter().map(|file| file.path).collect();
    let own = |path: &String| {
        let mut ways = files::first_pages_of(path).into_iter();
        Some((path.clone(), ways.find(|way| there.contains(way))?))
    };
    Ok(paths.iter().filter_map(own).collect())
}

fn told(desk: &Desk) -> String {
    let query = &desk.query;
    let mut notes = String::new();
    if let Some(sent) = query.int("sent").filter(|n| *n > 0) {
        let text = if sent == 1 {
            "One file is in the library now.".to_owned()
        } else {
            format!("{sent} files are in the library now.")
        };
        notes += &html::note(html::Note::Done, &format!("{text} Documents are being read."));
    }
    if query.has("deleted") {
        notes += &html::note(html::Note::Done, "The file is deleted for good.");
    }
    notes
}

fn nothing(asked: &Asked) -> String {
    let all = "<a class=\"a-btn\" href=\"/wp-admin/upload.php\">Show all files</a>";
    if !asked.words.is_empty() || !asked.kind.is_empty() || asked.alone {
        return html::empty("No file fits what you chose.", all);
    }
    match asked.reading.as_str() {
        "" => html::empty(
            "There are no files yet.",
            "<a class=\"a-btn a-btn--main\" href=\"/wp-admin/media-new.php\">Add the first ones</a>",
        ),
        "unread" => html::empty("Every document can be read by the search.", all),
        "waiting" => html::empty("Every document was read.", all),
        "wordless" => html::empty("Every picture has a text for who cannot see it.", all),
        _ => html::empty("No file is in this state.", all),
    }
}

fn filters(asked: &Asked) -> String {
    let kinds = [("", "Every kind"), ("image", "Pictures"), ("document", "Documents")];
    let uses = [("", "Anywhere or nowhere"), ("none", "Belongs to nothing")];
    let kept = [
        ("mode", if asked.list { "list" } else { "" }),
        ("reading", &asked.reading),
    ];
    let kept: String = kept
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| html::hidden(name, value))
        .collect();
    let (other, label) = if asked.list {
        ("", "As a grid")
    } else {
        ("list", "As a list")
    };
    format!(
        "<form class=\"a-filter\" role=\"search\" aria-label=\"Files\" action=\"/wp-admin/upload.php\">{kept}\
         <p><label for=\"m-s\">Words</label><input id=\"m-s\" name=\"s\" type=\"search\" value=\"{}\"></p>\
         <p><label for=\"m-k\">Kind</label><select id=\"m-k\" name=\"kind\">{}</select></p>\
         <p><label for=\"m-u\">Used</label><select id=\"m-u\" name=\"attached\">{}</select></p>\
         <button class=\"a-btn\">Filter</button><a class=\"a-push a-s\" href=\"{}\">{label}</a></form>",
        html::exact(&asked.words),
        html::options(&asked.kind, kinds),
        html::options(if asked.alone { "none" } else { "" }, uses),
        esc_attr(&asked.address(&[("mode", other)])),
    )
}

fn link(shown: &Shown) -> String {
    format!("/wp-admin/upload.php?item={}", shown.item.id)
}

/// A file as paper, or as its picture.
pub(super) fn sheet(shown: &Shown) -> String {
    match shown.picture() {
        Some(picture) => format!(
            "<img class=\"a-pic\" src=\"{}\" alt=\"\" loading=\"lazy\">",
            esc_attr(picture)
        ),
        None if shown.first_page.is_some() => {
            let path = shown.first_page.as_deref().unwrap_or_default();
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let name = files::encoded_name(path.rsplit('/').next().unwrap_or_default());
            format!(
                "<span class=\"a-sheet a-sheet--page\"><img src=\"/wp-content/uploads/{}/{}\" alt=\"\" loading=\"lazy\"></span>",
                esc_attr(folder),
                esc_attr(&name)
            )
        }
        None => match shown.state() {
            ("stop" | "draft", word, _) => format!(
                "<span class=\"a-sheet a-sheet--none\" aria-hidden=\"true\">{}</span>",
                esc_html(&word)
            ),
            (kind, ..) => {
                let scan = if kind == "warn" { " a-sheet--scan" } else { "" };
                format!(
                    "<span class=\"a-sheet{scan}\" aria-hidden=\"true\">{}</span>",
                    esc_html(&kinds::title(&shown.item))
                )
            }
        },
    }
}

fn grid(all: &[Shown]) -> String {
    let mut html = String::from("<ul class=\"a-grid\">");
    for shown in all {
        let (kind, word, _) = shown.state();
        let alt = shown.is_picture() && shown.told["alt_text"].as_str().unwrap_or_default().is_empty();
        let alt = if alt {
            format!("<br>{}", html::state("warn", "No text for it"))
        } else {
            String::new()
        };
        let _ = write!(
            html,
            "<li><a class=\"a-tile\" href=\"{}\">{}<span class=\"a-name\">{}</span><span>{}{alt}<br><span class=\"a-help\">{}</span></span></a></li>",
            link(shown),
            sheet(shown),
            esc_html(shown.name()),
            html::state(kind, &word),
            shown.measure(),
        );
    }
    html.push_str("</ul>");
    html
}

fn table(all: &[Shown], parents: &HashMap<ItemId, Item>) -> String {
    let mut rows = String::new();
    for shown in all {
        let (kind, word, reason) = shown.state();
        let parent = parents.get(&shown.item.parent);
        let parent = parent.map(|item| {
            format!(
                "<a href=\"{}\">{}</a>",
                esc_attr(&kinds::edit_of(item)),
                esc_html(&kinds::title(item))
            )
        });
        let language = shown.reading.as_ref().map_or("", |reading| reading.language.as_str());
        let _ = write!(
            rows,
            "<tr><th scope=\"row\"><a class=\"a-t\" href=\"{}\">{}</a><br><span class=\"a-s a-2\">{}</span></th><td data-l=\"Reading\">{}<br><span class=\"a-help\">{}</span></td>\
             <td data-l=\"Language\">{}</td><td data-l=\"Size\" class=\"a-nw\">{}</td><td data-l=\"Belongs to\">{}</td></tr>",
            link(shown),
            esc_html(&kinds::title(&shown.item)),
            esc_html(shown.name()),
            html::state(kind, &word),
            esc_html(&reason),
            esc_html(language),
            shown.measure(),
            parent.unwrap_or_else(|| "nothing".to_owned()),
        );
    }
    format!(
        "<table class=\"a-stack\"><caption class=\"a-vh\">Files, newest first</caption><thead><tr><th scope=\"col\">File</th><th scope=\"col\">Reading</th>\
         <th scope=\"col\">Language</th><th scope=\"col\">Size</th><th scope=\"col\">Belongs to</th></tr></thead><tbody>{rows}</tbody></table>"
    )
}

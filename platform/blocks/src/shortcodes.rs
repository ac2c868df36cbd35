//! WordPress's own shortcodes: captions, galleries, sounds, films and embeds; those of plugins stay as written.

use gp_content::Item;
use gp_kernel::ItemId;
use gp_markup::shortcode::{self, Shortcode};

use crate::{content, fetch::Data, html};

/// Whether a shortcode is run here.
pub(crate) fn is_known(name: &str) -> bool {
    matches!(
        name,
        "caption" | "wp_caption" | "gallery" | "audio" | "video" | "embed" | "playlist"
    )
}

/// Runs the shortcodes in a text that belongs to no item, without a site: pictures named by id are not found.
pub fn do_shortcode(text: &str) -> String {
    run(text, &Item::default(), &Data::default())
}

/// Runs the shortcodes in a text.
pub(crate) fn run(text: &str, item: &Item, data: &Data) -> String {
    shortcode::replace(text, &is_known, &mut |found| Some(one(found, item, data)))
}

/// The pictures that galleries of a content name by id, and whether one of them means "all that were uploaded to the item".
pub(crate) fn gallery_pictures(content: &str) -> (Vec<ItemId>, bool) {
    let (mut ids, mut all) = (Vec::new(), false);
    if content.contains("[gallery") || content.contains("[playlist") {
        shortcode::replace(content, &|name| matches!(name, "gallery" | "playlist"), &mut |found| {
            let named = listed(found);
            all |= named.is_empty();
            ids.extend(named);
            None
        });
    }
    (ids, all)
}

fn listed(found: &Shortcode<'_>) -> Vec<ItemId> {
    let list = found
        .attributes
        .get("ids")
        .or_else(|| found.attributes.get("include"))
        .unwrap_or_default();
    list.split(',')
        .filter_map(|id| id.trim().parse().ok())
        .map(ItemId)
        .take(500)
        .collect()
}

fn one(found: &Shortcode<'_>, item: &Item, data: &Data) -> String {
    match found.name {
        "caption" | "wp_caption" => caption(found),
        "gallery" | "playlist" => gallery(found, item, data),
        "audio" => player(found, "audio", &["mp3", "ogg", "flac", "m4a", "wav"]),
        "video" => player(found, "video", &["mp4", "m4v", "webm", "ogv", "flv"]),
        _ => {
            let address = found
                .content
                .or_else(|| found.attributes.get("src"))
                .unwrap_or_default();
            content::embed_figure(address.trim(), "")
        }
    }
}

/// `[caption]<img /> words[/caption]`: the picture ends where the words begin.
fn caption(found: &Shortcode<'_>) -> String {
    let inner = found.content.unwrap_or_default().trim();
    let picture = html::Tag::find_named(inner, 0, "img").map(|tag| {
        let rest = inner[tag.end..].trim_start();
        if rest.starts_with("</a>") {
            inner.len() - rest.len() + "</a>".len()
        } else {
            tag.end
        }
    });
    let (picture, words) = inner.split_at(picture.unwrap_or(0));
    let given = found.attributes.get("caption").unwrap_or_default();
    let words = if given.is_empty() { words.trim() } else { given };
    if words.is_empty() {
        return inner.to_owned();
    }
    let get = |key: &str| found.attributes.get(key).unwrap_or_default();
    let align = if get("align").is_empty() {
        "alignnone"
    } else {
        get("align")
    };
    let id = get("id");
    let label = if id.is_empty() {
        String::new()
    } else {
        format!("caption-{}", id.replace('_', "-"))
    };
    let words = html::element("figcaption", &[("id", &label), ("class", "wp-caption-text")], words);
    let classes = format!("wp-caption {align} {}", get("class"));
    html::element(
        "figure",
        &[("id", id), ("aria-describedby", &label), ("class", classes.trim())],
        &format!("{picture}{words}"),
    )
}

fn gallery(found: &Shortcode<'_>, item: &Item, data: &Data) -> String {
    let mut ids = listed(found);
    if ids.is_empty() {
        let mut own: Vec<&Item> = data.media.values().filter(|m| m.parent == item.id).collect();
        own.sort_by_key(|m| (m.menu_order, m.id));
        ids = own.iter().map(|m| m.id).collect();
    }
    let columns = found
        .attributes
        .get("columns")
        .and_then(|c| c.parse::<u8>().ok())
        .filter(|n| (1..=9).contains(n))
        .unwrap_or(3);
    let figures: String = ids
        .iter()
        .filter_map(|id| data.media.get(id))
        .filter_map(|media| {
            let (address, alt) = crate::blocks::picture_of(media, data)?;
            let inner = if media.mime_type.starts_with("image/") {
                format!(
                    "<a href=\"{0}\"><img src=\"{0}\" alt=\"{1}\" loading=\"lazy\" decoding=\"async\"></a>",
                    html::url(&address),
                    html::attr(&alt)
                )
            } else {
                html::link(&address, &html::title(&media.title))
            };
            let words = if media.excerpt.is_empty() {
                String::new()
            } else {
                html::element(
                    "figcaption",
                    &[("class", "wp-caption-text gallery-caption")],
                    &html::title(&media.excerpt),
                )
            };
            Some(format!("<figure class=\"gallery-item\">{inner}{words}</figure>"))
        })
        .collect();
    if figures.is_empty() {
        figures
    } else {
        format!("<div class=\"gallery gallery-columns-{columns}\">{figures}</div>")
    }
}

/// A player of the browser for a file of this site, a link for one of another.
fn player(found: &Shortcode<'_>, element: &str, kinds: &[&str]) -> String {
    let named = ["src"]
        .into_iter()
        .chain(kinds.iter().copied())
        .find_map(|key| found.attributes.get(key));
    let source = named
        .or(found.attributes.positional.first().map(String::as_str))
        .unwrap_or_default();
    if source.is_empty() {
        return String::new();
    }
    if !source.contains("/wp-content/uploads/") && source.contains("://") {
        return content::embed_figure(source, "");
    }
    let path = source
        .find("/wp-content/uploads/")
        .and_then(|at| source.get(at..))
        .unwrap_or(source);
    let preload = if element == "audio" { "none" } else { "metadata" };
    format!(
        "<figure class=\"wp-block-{element}\"><{element} controls preload=\"{preload}\" src=\"{}\"></{element}></figure>",
        html::url(path)
    )
}

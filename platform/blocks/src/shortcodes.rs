//! WordPress's own shortcodes: captions, galleries, sounds, films and embeds; those of plugins stay as written.

use gp_content::Item;
use gp_kernel::ItemId;
use gp_markup::shortcode::{self, Shortcode};

use crate::{content, fetch::Data, html};

/// What the shortcodes of one text are about, and how many galleries and players it has had so far.
struct Place<'a> {
    item: &'a Item,
    data: &'a Data,
    count: usize,
}

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
    let mut place = Place { item, data, count: 0 };
    shortcode::replace(text, &is_known, &mut |found| Some(place.one(found, true)))
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
    numbers(list).collect()
}

/// The numbers of a list, as many as a gallery can sensibly show.
fn numbers(list: &str) -> impl Iterator<Item = ItemId> {
    list.split(',')
        .filter_map(|id| id.trim().parse().ok())
        .map(ItemId)
        .take(500)
}

/// The words and numbers of a shortcode.
fn get<'a>(found: &'a Shortcode<'_>, key: &str) -> &'a str {
    found.attributes.get(key).unwrap_or_default()
}

impl Place<'_> {
    /// One shortcode; `outer` when it stands in the text and not in a caption.
    fn one(&mut self, found: &Shortcode<'_>, outer: bool) -> String {
        match found.name {
            "caption" | "wp_caption" if outer => self.caption(found),
            "caption" | "wp_caption" => found.content.unwrap_or_default().to_owned(),
            "gallery" => self.gallery(found),
            "playlist" => self.playlist(found),
            "audio" | "video" => self.player(found),
            _ => {
                let address = found.content.filter(|content| !content.is_empty());
                content::embed_figure(address.unwrap_or(get(found, "src")).trim(), "")
            }
        }
    }

    /// `[caption width="300"]<img /> words[/caption]`: the picture ends where the words begin. Without a width or words
    /// there is nothing to caption.
    fn caption(&mut self, found: &Shortcode<'_>) -> String {
        let inner = found.content.unwrap_or_default();
        let given = get(found, "caption");
        let (picture, words) = if given.is_empty() {
            let inner = inner.trim();
            let (picture, words) = inner.split_at(picture_end(inner));
            (picture, words.trim().to_owned())
        } else if given.contains('<') {
            (inner, gp_markup::sanitize::kses_post(given))
        } else {
            (inner, given.to_owned())
        };
        let width = get(found, "width").trim().parse::<u32>().unwrap_or_default();
        if width == 0 || words.is_empty() {
            return inner.to_owned();
        }
        let id = class_name(get(found, "id"));
        let label = match class_name(get(found, "caption_id")) {
            given if !given.is_empty() => given,
            _ if id.is_empty() => String::new(),
            _ => format!("caption-{}", id.replace('_', "-")),
        };
        let align = Some(get(found, "align"))
            .filter(|align| !align.is_empty())
            .unwrap_or("alignnone");
        let classes = format!("wp-caption {align} {}", get(found, "class"));
        let described = if id.is_empty() { "" } else { label.as_str() };
        let picture = shortcode::replace(picture, &is_known, &mut |found| Some(self.one(found, false)));
        let words = html::element("figcaption", &[("id", &label), ("class", "wp-caption-text")], &words);
        let attributes = [
            ("id", id.as_str()),
            ("aria-describedby", described),
            ("style", &format!("width: {width}px")),
            ("class", classes.trim()),
        ];
        html::element("figure", &attributes, &format!("{picture}{words}"))
    }

    /// The files that a shortcode is about: those it names, or those that were uploaded to the item.
    fn media(&self, found: &Shortcode<'_>) -> Vec<ItemId> {
        let named = listed(found);
        let mut ids = named;
        if ids.is_empty() {
            let mut own: Vec<&Item> = self.data.media.values().filter(|m| m.parent == self.item.id).collect();
            own.sort_by_key(|m| (m.menu_order, m.id));
            ids = own.iter().map(|m| m.id).collect();
        }
        let left_out: Vec<ItemId> = numbers(get(found, "exclude")).collect();
        ids.retain(|id| !left_out.contains(id));
        if get(found, "order").eq_ignore_ascii_case("desc") {
            ids.reverse();
        }
        ids
    }

    fn gallery(&mut self, found: &Shortcode<'_>) -> String {
        self.count += 1;
        let columns = get(found, "columns")
            .parse::<u8>()
            .ok()
            .filter(|n| (1..=9).contains(n))
            .unwrap_or(3);
        let size = Some(class_name(get(found, "size"))).filter(|size| !size.is_empty());
        let size = size.unwrap_or_else(|| "thumbnail".to_owned());
        let name = format!("gallery-{}", self.count);
        let media = self.media(found).into_iter().filter_map(|id| self.data.media.get(&id));
        let figures: String = media
            .filter_map(|media| self.picture(media, &size, get(found, "link"), &name))
            .collect();
        if figures.is_empty() {
            return figures;
        }
        format!(
            "<div id=\"{name}\" class=\"gallery galleryid-{} gallery-columns-{columns} gallery-size-{size}\">{figures}</div>\n",
            self.item.id.0
        )
    }

    /// One picture of a gallery: small, with a link to its page, its file or nothing.
    fn picture(&self, media: &Item, size: &str, link: &str, gallery: &str) -> Option<String> {
        let (address, alt) = crate::blocks::picture_of(media, self.data)?;
        let label = if media.excerpt.is_empty() {
            String::new()
        } else {
            format!("{gallery}-{}", media.id.0)
        };
        let mut shape = "";
        let shown = if media.mime_type.starts_with("image/") {
            let small = Small::of(media, size, self.data);
            shape = if small.height > small.width {
                " portrait"
            } else {
                " landscape"
            };
            small.tag(&address, &alt, size, &label)
        } else {
            html::title(&media.title)
        };
        let target = match link {
            "none" => None,
            "file" => Some(&address),
            _ => Some(self.data.links.get(&media.id).unwrap_or(&address)),
        };
        let shown = target.map_or_else(|| shown.clone(), |target| html::link(target, &shown));
        let words = if label.is_empty() {
            String::new()
        } else {
            let attributes = [("class", "wp-caption-text gallery-caption"), ("id", label.as_str())];
            html::element("figcaption", &attributes, &html::title(&media.excerpt))
        };
        Some(format!(
            "<figure class=\"gallery-item\"><div class=\"gallery-icon{shape}\">{shown}</div>{words}</figure>"
        ))
    }

    /// A list of players with their titles; no script turns the tracks.
    fn playlist(&mut self, found: &Shortcode<'_>) -> String {
        let element = if get(found, "type") == "video" {
            "video"
        } else {
            "audio"
        };
        let media = self.media(found).into_iter().filter_map(|id| self.data.media.get(&id));
        let tracks: Vec<(String, String)> = media
            .filter(|media| media.mime_type.starts_with(element))
            .filter_map(|media| {
                Some((
                    crate::blocks::picture_of(media, self.data)?.0,
                    html::title(&media.title),
                ))
            })
            .collect();
        let tracks: String = tracks
            .into_iter()
            .map(|(address, title)| format!("<li>{title}{}</li>", self.play(element, &[address], &[])))
            .collect();
        if tracks.is_empty() {
            return tracks;
        }
        format!("<div class=\"wp-playlist wp-{element}-playlist\"><ol>{tracks}</ol></div>")
    }

    /// A player of the browser for files of this site, a link for one of another.
    fn player(&mut self, found: &Shortcode<'_>) -> String {
        let element = if found.name == "audio" { "audio" } else { "video" };
        let named = std::iter::once("src").chain(KINDS.iter().map(|(kind, _)| *kind));
        let mut sources: Vec<String> = named
            .map(|key| get(found, key))
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .collect();
        if sources.is_empty() {
            sources.extend(found.attributes.positional.first().cloned());
        }
        if sources.is_empty() {
            // WordPress plays the first file that was uploaded to the item.
            let own = self.media(found).into_iter().filter_map(|id| self.data.media.get(&id));
            let mut own = own.filter(|media| media.mime_type.starts_with(element));
            sources.extend(own.find_map(|media| Some(crate::blocks::picture_of(media, self.data)?.0)));
        }
        let Some(first) = sources.first() else {
            return String::new();
        };
        if is_foreign(first) {
            return content::embed_figure(first, "");
        }
        sources.retain(|source| !is_foreign(source));
        let number = |key: &str, otherwise: &str| {
            let given = get(found, key);
            let fits = !given.is_empty() && given.len() <= 4 && given.bytes().all(|byte| byte.is_ascii_digit());
            if fits { given.to_owned() } else { otherwise.to_owned() }
        };
        let on = |key: &str| matches!(get(found, key), "1" | "on" | "true" | "yes");
        let loops = if on("loop") { "1" } else { "" };
        if element == "audio" {
            return self.play(element, &sources, &[("style", "width: 100%;"), ("loop", loops)]);
        }
        let (width, height) = (number("width", "640"), number("height", "360"));
        let poster = Some(get(found, "poster"))
            .filter(|poster| !is_foreign(poster))
            .map(local)
            .unwrap_or_default();
        let attributes = [
            ("width", width.as_str()),
            ("height", &height),
            ("poster", poster),
            ("loop", loops),
        ];
        let player = self.play(element, &sources, &attributes);
        format!("<div style=\"width: {width}px;\" class=\"wp-video\">{player}</div>")
    }

    /// The element with its sources, and a link for browsers that cannot play them.
    fn play(&mut self, element: &str, sources: &[String], attributes: &[(&str, &str)]) -> String {
        self.count += 1;
        let preload = if element == "audio" { "none" } else { "metadata" };
        let (class, id) = (
            format!("wp-{element}-shortcode"),
            format!("{element}-{}-{}", self.item.id.0, self.count),
        );
        let mut all = vec![
            ("class", class.as_str()),
            ("id", &id),
            ("preload", preload),
            ("controls", "controls"),
        ];
        all.extend(attributes);
        let inner: String = sources.iter().map(|source| source_tag(local(source))).collect();
        let first = sources.first().map(|source| local(source)).unwrap_or_default();
        let inner = format!("{inner}{}", html::link(first, &html::esc(first)));
        html::element(element, &all, &inner)
    }
}

/// Extensions of sounds and films, and their types.
const KINDS: [(&str, &str); 10] = [
    ("mp3", "audio/mpeg"),
    ("ogg", "audio/ogg"),
    ("flac", "audio/flac"),
    ("m4a", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("webm", "video/webm"),
    ("ogv", "video/ogg"),
    ("flv", "video/x-flv"),
];

fn source_tag(address: &str) -> String {
    let extension = address.rsplit_once('.').map_or("", |(_, extension)| extension);
    let kind = KINDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    let kind = kind.map_or_else(String::new, |(_, kind)| format!(" type=\"{kind}\""));
    format!("<source{kind} src=\"{}\">", html::url(address))
}

/// Where the picture at the start of a caption's content ends, with the link around it.
fn picture_end(inner: &str) -> usize {
    html::Tag::find_named(inner, 0, "img").map_or(0, |tag| {
        let rest = inner[tag.end..].trim_start();
        if rest.starts_with("</a>") {
            inner.len() - rest.len() + "</a>".len()
        } else {
            tag.end
        }
    })
}

/// Letters, digits, hyphens and underscores: what a class or an id may be made of.
fn class_name(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

/// Whether an address leads to another site than this one's uploads.
fn is_foreign(source: &str) -> bool {
    let whole = source.contains("://") || source.starts_with("//");
    whole && !source.contains("/wp-content/uploads/")
}

/// The address of a file on this site, without the host that the content names.
fn local(source: &str) -> &str {
    source
        .find("/wp-content/uploads/")
        .and_then(|at| source.get(at..))
        .unwrap_or(source)
}

/// The picture of a document's first page, where one was made of it.
pub(crate) fn preview(document: &Item, address: &str, data: &Data) -> Option<String> {
    let small = Small::of(document, "medium", data);
    small.file.as_ref()?;
    // The picture stands alone in a link: its words are the link's.
    Some(small.tag(address, &gp_markup::text::plain_text(&document.title), "medium", ""))
}

/// A small picture among the sizes that were made of a file.
struct Small {
    file: Option<String>,
    width: i64,
    height: i64,
}

impl Small {
    fn of(media: &Item, size: &str, data: &Data) -> Small {
        let bytes = data
            .meta
            .get(&media.id.0)
            .and_then(|meta| meta.bytes("_wp_attachment_metadata"));
        let details = bytes.and_then(|bytes| gp_php::parse_lenient(bytes).ok());
        let made = details.as_ref().and_then(|details| details.get("sizes")?.get(size));
        let number = |key: &str| {
            made.or(details.as_ref())
                .and_then(|made| made.get(key)?.as_int())
                .unwrap_or_default()
        };
        Small {
            file: made.and_then(|made| Some(made.get("file")?.as_str()?.into_owned())),
            width: number("width"),
            height: number("height"),
        }
    }

    fn tag(&self, address: &str, alt: &str, size: &str, label: &str) -> String {
        let folder = address.rsplit_once('/').map_or("", |(folder, _)| folder);
        let file = self
            .file
            .as_ref()
            .map_or_else(|| address.to_owned(), |file| format!("{folder}/{file}"));
        let shape = if self.width > 0 && self.height > 0 {
            format!(" width=\"{}\" height=\"{}\"", self.width, self.height)
        } else {
            String::new()
        };
        let described = if label.is_empty() {
            String::new()
        } else {
            format!(" aria-describedby=\"{label}\"")
        };
        format!(
            "<img loading=\"lazy\" decoding=\"async\"{shape} src=\"{}\" class=\"attachment-{size} size-{size}\" alt=\"{}\"{described}>",
            html::url(&file),
            html::attr(alt)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_as_wordpress_writes_them() {
        let picture = "<a href=\"/b\"><img src=\"/a.png\"></a>";
        assert_eq!(
            do_shortcode(&format!(
                "[caption id=\"attachment_7\" align=\"alignleft\" width=\"300\"]{picture} Words[/caption]"
            )),
            format!(
                "<figure id=\"attachment_7\" aria-describedby=\"caption-attachment-7\" style=\"width: 300px\" \
                 class=\"wp-caption alignleft\">{picture}<figcaption id=\"caption-attachment-7\" \
                 class=\"wp-caption-text\">Words</figcaption></figure>"
            )
        );
        assert_eq!(
            do_shortcode(&format!("[caption]{picture} Words[/caption]")),
            format!("{picture} Words")
        );
        assert_eq!(
            do_shortcode("[caption width=2 caption=\"<b onclick=x>c</b>\"]d[/caption]"),
            "<figure style=\"width: 2px\" class=\"wp-caption alignnone\">d<figcaption class=\"wp-caption-text\"><b>c</b>\
             </figcaption></figure>"
        );
    }

    #[test]
    fn players_need_no_script_and_no_other_site() {
        assert_eq!(
            do_shortcode("[audio mp3=\"https://example.org/wp-content/uploads/a.mp3\"]"),
            "<audio class=\"wp-audio-shortcode\" id=\"audio-0-1\" preload=\"none\" controls=\"controls\" \
             style=\"width: 100%;\"><source type=\"audio/mpeg\" src=\"/wp-content/uploads/a.mp3\">\
             <a href=\"/wp-content/uploads/a.mp3\">/wp-content/uploads/a.mp3</a></audio>"
        );
        let film = do_shortcode("[video src=\"/wp-content/uploads/a.mp4\" width=320 height=\"x\" loop=on]");
        assert!(
            film.starts_with("<div style=\"width: 320px;\" class=\"wp-video\"><video "),
            "{film}"
        );
        assert!(film.contains(" width=\"320\" height=\"360\" loop=\"1\">"), "{film}");
        assert!(do_shortcode("[video src=\"https://films.example/a.mp4\"]").contains("rel=\"noopener"));
        assert!(do_shortcode("[embed]https://films.example/b[/embed]").contains("https://films.example/b"));
        assert_eq!(do_shortcode("[audio][gallery][playlist]x[other]"), "x[other]");
    }
}

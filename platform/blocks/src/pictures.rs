//! Pictures in the sizes that the site has of them, so that a slow line fetches a small one and nothing jumps when it comes.

use gp_content::Item;
use gp_php::Value;

use crate::{
    fetch::Data,
    html::{self, Tag},
};

/// A picture wider than this is not offered where a smaller one is shown (WordPress's `max_srcset_image_width`).
const WIDEST: i64 = 2048;
/// The first pictures of a page are fetched at once, the others when they come near the screen (WordPress's number).
const AT_ONCE: usize = 3;
/// How many pictures of texts a page looks up.
pub(crate) const MOST: usize = 200;

/// What is known of an upload's picture.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    pub alt: String,
    /// The whole picture first.
    sizes: Vec<Size>,
}

/// The picture in one size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// `medium`; `full` for the whole one.
    name: String,
    pub address: String,
    /// In pixels; 0: not known.
    pub width: i64,
    /// In pixels; 0: not known.
    pub height: i64,
}

impl Picture {
    /// `None` for an upload without a file.
    pub fn of(media: &Item, data: &Data) -> Option<Self> {
        let meta = data.meta.get(&media.id.0)?;
        let path = meta.text("_wp_attached_file");
        if path.is_empty() {
            return None;
        }
        let address = format!("/wp-content/uploads/{path}");
        let details = meta
            .bytes("_wp_attachment_metadata")
            .and_then(|stored| gp_php::parse_lenient(stored).ok())
            .unwrap_or(Value::Null);
        let folder = address.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let made = details.get("sizes").into_iter().flat_map(Value::iter);
        let made = made.filter_map(|(name, made)| {
            let file = made.get("file")?.as_str()?;
            Some(Size {
                name: name.as_str().into_owned(),
                address: format!("{folder}/{file}"),
                width: pixels(made, "width")?,
                height: pixels(made, "height")?,
            })
        });
        let mut sizes: Vec<Size> = made.collect();
        sizes.insert(
            0,
            Size {
                name: "full".to_owned(),
                address,
                width: pixels(&details, "width").unwrap_or(0),
                height: pixels(&details, "height").unwrap_or(0),
            },
        );
        Some(Self {
            alt: meta.text("_wp_attachment_image_alt"),
            sizes,
        })
    }

    /// The size of a name, else the whole picture.
    pub fn named(&self, name: &str) -> Size {
        let whole = || self.sizes.first().cloned().unwrap_or_default();
        let named = self.sizes.iter().find(|size| size.name == name);
        named.cloned().unwrap_or_else(whole)
    }

    /// The size whose file stands at an address.
    fn at(&self, address: &str) -> Option<&Size> {
        let file = address.rsplit('/').next().filter(|file| !file.is_empty())?;
        self.sizes
            .iter()
            .find(|size| size.address.ends_with(&format!("/{file}")))
    }

    /// `srcset`: the sizes that show the same, not a part of it; empty where there is but one.
    fn set(&self, shown: &Size) -> String {
        if shown.width == 0 || shown.height == 0 {
            return String::new();
        }
        let same_shape = |size: &&Size| {
            (size.width * shown.height - shown.width * size.height).abs() <= shown.width.max(shown.height)
                && size.width > 0
                && (size.width <= WIDEST || *size == shown)
        };
        let mut set: Vec<&Size> = Vec::new();
        for size in self.sizes.iter().filter(same_shape) {
            if set.iter().all(|known| known.width != size.width) {
                set.push(size);
            }
        }
        if set.len() < 2 {
            return String::new();
        }
        let set = set
            .iter()
            .map(|size| format!("{} {}w", html::url(&size.address), size.width));
        set.collect::<Vec<_>>().join(", ")
    }

    /// `<img>` in a size. `lazy`: it is fetched when it comes near the screen.
    pub fn img(&self, size: &Size, class: &str, alt: &str, lazy: bool) -> String {
        let mut out = String::from("<img");
        let mut add = |key: &str, value: &str| out.push_str(&format!(" {key}=\"{value}\""));
        if size.width > 0 && size.height > 0 {
            add("width", &size.width.to_string());
            add("height", &size.height.to_string());
        }
        add("src", &html::url(&size.address));
        add("class", &html::attr(class));
        add("alt", &html::attr(alt));
        add("decoding", "async");
        if lazy {
            add("loading", "lazy");
        }
        let set = self.set(size);
        if !set.is_empty() {
            add("srcset", &set);
            add("sizes", &widths(size.width));
        }
        out.push('>');
        out
    }
}

fn pixels(of: &Value, key: &str) -> Option<i64> {
    of.get(key)?.as_int().filter(|n| *n > 0)
}

fn widths(width: i64) -> String {
    format!("(max-width: {width}px) 100vw, {width}px")
}

/// The upload that a picture in a text shows, by the class that editors give it (`wp-image-5`).
pub(crate) fn id_of(classes: &str) -> Option<i64> {
    let id = classes
        .split_whitespace()
        .find_map(|class| class.strip_prefix("wp-image-"))?;
    id.parse().ok().filter(|id| *id > 0)
}

/// The uploads that pictures in a text show.
pub(crate) fn ids_in(text: &str) -> impl Iterator<Item = i64> {
    text.split("wp-image-").skip(1).filter_map(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest.get(..digits)?.parse().ok().filter(|id| *id > 0)
    })
}

/// A page's markup in which pictures of texts say how large they are and in which sizes there are others, as
/// `wp_filter_content_tags()` does it; what an author said stays.
pub(crate) fn fitted(markup: String, data: &Data) -> String {
    if data.media.is_empty() || !markup.contains("wp-image-") {
        return markup;
    }
    let mut out = String::with_capacity(markup.len() + 1000);
    let (mut at, mut number) = (0, 0);
    while let Some(tag) = Tag::find_named(&markup, at, "img") {
        out.push_str(&markup[at..tag.start]);
        let own = &markup[tag.start..tag.end];
        match fitted_tag(&tag, own, data, number) {
            Some(fitted) => out.push_str(&fitted),
            None => out.push_str(own),
        }
        at = tag.end;
        number += 1;
    }
    out.push_str(&markup[at..]);
    out
}

fn fitted_tag(tag: &Tag<'_>, own: &str, data: &Data, number: usize) -> Option<String> {
    let media = data.media.get(&id_of(&tag.value("class")?)?.into())?;
    let picture = Picture::of(media, data)?;
    let size = picture.at(&tag.value("src")?)?;
    let mut added = String::new();
    let mut add = |key: &str, value: &str| {
        if !tag.has(key) && !value.is_empty() {
            added.push_str(&format!(" {key}=\"{value}\""));
        }
    };
    if !tag.has("width") && !tag.has("height") && size.width > 0 && size.height > 0 {
        add("width", &size.width.to_string());
        add("height", &size.height.to_string());
    }
    add("decoding", "async");
    if number >= AT_ONCE {
        add("loading", "lazy");
    }
    let set = picture.set(size);
    if !set.is_empty() && !tag.has("srcset") {
        let width = tag
            .value("width")
            .and_then(|width| width.parse().ok())
            .unwrap_or(size.width);
        add("srcset", &set);
        add("sizes", &widths(width));
    }
    let end = 1 + tag.name.len();
    Some(format!("{}{added}{}", &own[..end], &own[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Picture {
        let size = |name: &str, file: &str, width, height| Size {
            name: name.to_owned(),
            address: format!("/wp-content/uploads/{file}"),
            width,
            height,
        };
        Picture {
            alt: String::new(),
            sizes: vec![
                size("full", "a.jpg", 1200, 800),
                size("medium", "a-300x200.jpg", 300, 200),
                size("thumbnail", "a-150x150.jpg", 150, 150),
            ],
        }
    }

    #[test]
    fn sizes_that_show_the_same_are_offered() {
        let picture = picture();
        let medium = picture.named("medium");
        assert_eq!(
            picture.set(&medium),
            "/wp-content/uploads/a.jpg 1200w, /wp-content/uploads/a-300x200.jpg 300w"
        );
        assert_eq!(
            picture.set(&picture.named("thumbnail")),
            "",
            "a cut-out has no other sizes"
        );
        assert_eq!(picture.named("nothing").width, 1200);
        assert_eq!(
            picture.at("https://old.example/x/a-300x200.jpg?v=1").map(|s| s.width),
            None
        );
        assert_eq!(
            picture.at("https://old.example/x/a-300x200.jpg").map(|s| s.width),
            Some(300)
        );
    }

    #[test]
    fn pictures_are_known_by_their_class() {
        assert_eq!(id_of("size-large wp-image-12"), Some(12));
        assert_eq!(id_of("wp-image-x wp-image"), None);
        assert_eq!(
            ids_in("a wp-image-3\" wp-image- wp-image-4x").collect::<Vec<_>>(),
            [3, 4]
        );
    }
}

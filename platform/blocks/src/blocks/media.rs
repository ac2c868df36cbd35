//! Pictures, and things of other sites.

use gp_content::Item;
use gp_markup::{block::Block, text as words};

use super::{flag, number, people::without_border, text};
use crate::{
    content,
    fetch::Data,
    html,
    pictures::Picture,
    render::{At, Render},
    shortcodes,
    supports::{borders, plain_declarations, wrapper_with},
};

/// The address of a file below the site's home, and its alternative text.
pub(crate) fn picture_of(media: &Item, data: &Data) -> Option<(String, String)> {
    let meta = data.meta.get(&media.id.0)?;
    let path = meta.text("_wp_attached_file");
    (!path.is_empty()).then(|| {
        (
            format!("/wp-content/uploads/{path}"),
            meta.text("_wp_attachment_image_alt"),
        )
    })
}

/// `<img>` of the whole picture with the sizes that the site has of it.
pub(super) fn img(media: &Item, data: &Data, class: &str, lazy: bool) -> Option<String> {
    let picture = Picture::of(media, data)?;
    Some(picture.img(&picture.named("full"), class, &picture.alt, lazy))
}

/// What stands before the description on a file's own page: the file itself, as a picture or a link.
pub(super) fn attachment(r: &Render<'_>, item: &Item) -> String {
    if item.kind != "attachment" {
        return String::new();
    }
    let Some((address, _)) = picture_of(item, r.data) else {
        return String::new();
    };
    let picture = if item.mime_type.starts_with("image/") {
        img(item, r.data, "attachment-medium size-medium", false)
    } else {
        shortcodes::preview(item, &address, r.data)
    };
    let inner = picture.unwrap_or_else(|| html::title(&item.title));
    format!("<p class=\"attachment\">{}</p>", html::link(&address, &inner))
}

/// The picture of an item.
fn thumbnail<'a>(r: &Render<'a>, item: &Item) -> Option<&'a Item> {
    let id = r.data.meta.get(&item.id.0)?.int("_thumbnail_id")?;
    r.data.media.get(&id.into())
}

/// That of the item around a block which asks for it.
fn asked<'a>(r: &Render<'a>, block: &Block, at: At<'a>) -> Option<&'a Item> {
    let item = at
        .item
        .filter(|i| !r.locked(i) && flag(block, "useFeaturedImage", false));
    thumbnail(r, item?)
}

/// The point of a picture that is to be seen, as WordPress writes it.
fn focal_point(block: &Block) -> Option<String> {
    let point = block.attrs.get("focalPoint")?;
    let part = |key: &str| Some((point.get(key)?.as_f64()? * 100.0).clamp(-1000.0, 1000.0).round());
    Some(format!("{}% {}%", part("x")?, part("y")?))
}

/// An address inside `url()`.
fn in_css(address: &str) -> String {
    let mut out = String::new();
    for c in address.chars() {
        match c {
            '(' | ')' | '\'' | '"' | '\\' | ';' => out.push_str(&format!("%{:02X}", u32::from(c))),
            c if c.is_whitespace() || c.is_control() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    out
}

/// A cover that shows the picture of the item behind its words.
pub(super) fn cover(r: &Render<'_>, block: &Block, at: At<'_>, markup: String) -> String {
    const CLASS: &str = "wp-block-cover__image-background";
    let kind = text(block, "backgroundType");
    let inside = html::Tag::find_class(&markup, 0, "wp-block-cover__inner-container");
    let Some((media, inside)) = asked(r, block, at).zip(inside).filter(|_| matches!(kind, "" | "image")) else {
        return markup;
    };
    let point = focal_point(block);
    let (fixed, repeated) = (flag(block, "hasParallax", false), flag(block, "isRepeated", false));
    let picture = if fixed || repeated {
        picture_of(media, r.data).map(|(address, alt)| {
            let mut class = format!("{CLASS} wp-image-{}", media.id);
            class.push_str(if fixed { " has-parallax" } else { "" });
            class.push_str(if repeated { " is-repeated" } else { "" });
            let style = format!(
                "background-position:{};background-image:url({});",
                point.as_deref().unwrap_or("50% 50%"),
                in_css(&address)
            );
            let role = if alt.is_empty() { "" } else { "img" };
            let said = [
                ("role", role),
                ("aria-label", &alt),
                ("class", &class),
                ("style", &style),
            ];
            html::element("div", &said, "")
        })
    } else {
        img(media, r.data, &format!("{CLASS} wp-post-image"), true).map(|picture| {
            let more = match point {
                Some(p) => format!(
                    "<img data-object-fit=\"cover\" data-object-position=\"{p}\" style=\"object-position:{p};\""
                ),
                None => "<img data-object-fit=\"cover\"".to_owned(),
            };
            picture.replacen("<img", &more, 1)
        })
    };
    let (before, after) = markup.split_at(inside.start);
    format!("{before}{}{after}", picture.unwrap_or_default())
}

/// Words beside the picture of the item.
pub(super) fn media_text(r: &Render<'_>, block: &Block, at: At<'_>, markup: String) -> String {
    const CLASS: &str = "wp-block-media-text__media";
    let Some((media, (address, alt))) = asked(r, block, at).and_then(|m| Some((m, picture_of(m, r.data)?))) else {
        return markup;
    };
    let mut found = html::Tag::find_class(&markup, 0, CLASS);
    while let Some(next) = found
        .as_ref()
        .filter(|_| text(block, "mediaPosition") == "right")
        .and_then(|tag| html::Tag::find_class(&markup, tag.end, CLASS))
    {
        found = Some(next);
    }
    let Some(tag) = found else { return markup };
    if flag(block, "imageFill", false) {
        let point = focal_point(block).unwrap_or_else(|| "50% 50%".to_owned());
        let style = format!(
            "background-image:url({});background-position:{point};",
            html::url(&address)
        );
        return tag.set("style", &style);
    }
    let size = match text(block, "mediaSizeSlug") {
        "" => "full",
        size => size,
    };
    let picture = format!(
        "<img src=\"{}\" class=\"{}\" alt=\"{}\">",
        html::url(&address),
        html::attr(&format!("wp-image-{} size-{size}", media.id)),
        html::attr(&alt)
    );
    let (before, after) = markup.split_at(tag.end);
    format!("{before}{picture}{after}")
}

pub(super) fn featured<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(item) = at.item.filter(|i| !r.locked(i)) else {
        return String::new();
    };
    let Some(picture) = thumbnail(r, item).and_then(|media| Picture::of(media, r.data)) else {
        return String::new();
    };
    let main = crate::fetch::main_item(r.page).is_some_and(|m| m.id == item.id);
    let linked = flag(block, "isLink", false);
    let alt = match linked {
        // It is the name of a link.
        true => words::strip_tags(&words::decode_entities(&item.title)),
        false => picture.alt.clone(),
    };
    let slug = match text(block, "sizeSlug") {
        "" => "post-thumbnail",
        slug => slug,
    };
    let class = format!("attachment-{slug} size-{slug} wp-post-image");
    let image = picture.img(&picture.named(slug), &class, alt.trim(), !main);
    let image = match html::Tag::find(&image, 0) {
        Some(tag) => tag.set("style", &featured_style(block)),
        None => image,
    };
    let inner = format!("{image}{}", overlay(block));
    let inner = if linked {
        let mut attributes = format!("href=\"{}\"", html::url(&r.link(item)));
        for (key, value) in [("target", text(block, "linkTarget")), ("rel", text(block, "rel"))] {
            if !value.is_empty() && value != "_self" {
                attributes.push_str(&format!(" {key}=\"{}\"", html::attr(value)));
            }
        }
        format!("<a {attributes}>{inner}</a>")
    } else {
        inner
    };
    format!(
        "<figure{}>{inner}</figure>",
        wrapper_with(&without_border(block), "", "")
    )
}

fn featured_style(block: &Block) -> String {
    let (width, height) = (text(block, "width"), text(block, "height"));
    let mut style: Vec<(&str, &str)> = Vec::new();
    match text(block, "aspectRatio") {
        "" => {}
        "auto" => style.push(("width", "100%")),
        ratio => style.extend([("aspect-ratio", ratio), ("width", "100%")]),
    }
    match (width, height) {
        ("", "") => {}
        ("", height) => style.push(("height", height)),
        (width, "") => style.extend([("height", "auto"), ("width", width)]),
        (width, height) => style.extend([("height", height), ("width", width)]),
    }
    style.push((
        "object-fit",
        match text(block, "scale") {
            "" => "cover",
            scale => scale,
        },
    ));
    let borders = borders(block);
    let border = if borders.is_empty() {
        borders
    } else {
        format!("{borders};")
    };
    border + &plain_declarations(&style)
}

/// A colour over the picture.
fn overlay(block: &Block) -> String {
    let dim = number(block, "dimRatio", 0).min(100);
    if dim == 0 {
        return String::new();
    }
    let mut classes = vec![
        "wp-block-post-featured-image__overlay".to_owned(),
        "has-background-dim".to_owned(),
        format!("has-background-dim-{}", (dim + 5) / 10 * 10),
    ];
    for (key, kind) in [
        ("overlayColor", "background-color"),
        ("gradient", "gradient-background"),
    ] {
        let slug = crate::theme::kebab(text(block, key));
        if !slug.is_empty() {
            classes.push(format!("has-{slug}-{kind}"));
        }
    }
    if !text(block, "gradient").is_empty() || !text(block, "customGradient").is_empty() {
        classes.push("has-background-gradient".to_owned());
    }
    let own = plain_declarations(&[
        ("background-color", text(block, "customOverlayColor")),
        ("background-image", text(block, "customGradient")),
    ]);
    let borders = borders(block);
    let style = if borders.is_empty() {
        own
    } else {
        format!("{borders};{own}")
    };
    let classes = classes.join(" ");
    html::element(
        "span",
        &[("class", &classes), ("style", &style), ("aria-hidden", "true")],
        "",
    )
}

/// An embed is a link in a figure: opening the page asks nothing of the other site.
pub(super) fn embed<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let markup = r.saved(block, at);
    if r.bare {
        return markup;
    }
    let inside = markup
        .find("wp-block-embed__wrapper")
        .and_then(|at| html::Tag::find(&markup, markup[..at].rfind('<')?));
    let Some(tag) = inside else {
        let address = text(block, "url");
        return if markup.trim().is_empty() && !address.is_empty() {
            content::embed_figure(address, "")
        } else {
            markup
        };
    };
    let Some(end) = markup[tag.end..].find("</").map(|n| tag.end + n) else {
        return markup;
    };
    let address = words::decode_entities(markup[tag.end..end].trim()).into_owned();
    if !(address.starts_with("http://") || address.starts_with("https://")) {
        return markup;
    }
    let link = content::embed_link(&address);
    format!("{}\n{link}\n{}", &markup[..tag.end], &markup[end..])
}

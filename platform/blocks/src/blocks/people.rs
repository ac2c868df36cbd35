//! Blocks that speak of a person: pictures and what somebody says of themselves.

use gp_content::{Comment, User, address::links};
use gp_kernel::UserId;
use gp_markup::block::Block;

use super::{flag, media::picture_of, number, text};
use crate::{
    html,
    render::{At, Render},
    supports::{borders, wrapper},
};

/// The picture of somebody, when the site holds one. Without it there is none: asking another site would tell it who reads.
pub(super) fn picture(
    r: &Render<'_>,
    user: UserId,
    size: usize,
    (alt, class): (&str, &str),
    style: &str,
) -> Option<String> {
    let media = r.data.media.get(&r.data.people.get(&user)?.picture?)?;
    let (address, _) = picture_of(media, r.data)?;
    let style = match style {
        "" => String::new(),
        css => format!(" style=\"{}\"", html::attr(css)),
    };
    Some(format!(
        "<img alt=\"{}\" src=\"{}\" class=\"avatar avatar-{size} photo{class}\" height=\"{size}\" width=\"{size}\" decoding=\"async\"{style}>",
        html::attr(alt),
        html::url(&address)
    ))
}

/// Who a picture is of, by which words, and where it leads.
struct Shown {
    user: UserId,
    name: String,
    address: String,
    /// What the address is, for a link that opens elsewhere.
    kind: &'static str,
}

fn of_comment(comment: &Comment) -> Shown {
    Shown {
        user: comment.user,
        name: gp_markup::text::decode_entities(&comment.author).into_owned(),
        address: comment.author_url.clone(),
        kind: "website link",
    }
}

fn of_user(r: &Render<'_>, user: &User) -> Shown {
    Shown {
        user: user.id,
        name: user.display_name.clone(),
        address: links::of_author(&r.page.site, user),
        kind: "author archive",
    }
}

pub(super) fn avatar<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let named = block.attrs.get("userId").and_then(serde_json::Value::as_i64);
    let shown = match (at.comment, named.map(UserId).or(at.item.map(|i| i.author))) {
        (Some(comment), _) => of_comment(comment),
        (None, Some(id)) => match r.data.users.get(&id) {
            Some(user) => of_user(r, user),
            None => return String::new(),
        },
        (None, None) => return String::new(),
    };
    let size = number(block, "size", 96).clamp(1, 1000);
    let alt = format!("{} Avatar", shown.name);
    let class = " wp-block-avatar__image";
    let Some(picture) = picture(r, shown.user, size, (&alt, class), &borders(block)) else {
        return String::new();
    };
    let address = html::url(&shown.address);
    let inner = if flag(block, "isLink", false) && !address.is_empty() {
        let target = match text(block, "linkTarget") {
            "_blank" => "_blank",
            _ => "_self",
        };
        let label = match target {
            "_blank" => format!(
                " aria-label=\"({} {}, opens in a new tab)\"",
                html::attr(&shown.name),
                shown.kind
            ),
            _ => String::new(),
        };
        format!("<a href=\"{address}\" target=\"{target}\"{label} class=\"wp-block-avatar__link\">{picture}</a>")
    } else {
        picture
    };
    format!("<div{}>{inner}</div>", wrapper(&without_border(block), ""))
}

/// The border stands at the picture and not around it.
pub(super) fn without_border(block: &Block) -> Block {
    let mut block = Block::void(block.name.as_deref().unwrap_or_default(), block.attrs.clone());
    block.attrs.remove("borderColor");
    if let Some(style) = block.attrs.get_mut("style").and_then(serde_json::Value::as_object_mut) {
        style.remove("border");
    }
    block
}

/// The picture of a comment's author as older editors wrote the block.
pub(super) fn comment_avatar<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let picture = at
        .comment
        .and_then(|comment| picture(r, comment.user, number(block, "width", 96).clamp(1, 1000), ("", ""), ""));
    picture.map_or_else(String::new, |picture| {
        format!("<div{}>{picture}</div>", wrapper(block, ""))
    })
}

pub(super) fn biography<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let person = at.item.and_then(|item| r.data.people.get(&item.author));
    match person.map(|p| p.biography.as_str()) {
        None | Some("") => String::new(),
        Some(words) => format!("<div{}>{words}</div>", wrapper(block, "")),
    }
}

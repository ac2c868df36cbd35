//! The approved comments of an item, to be read. Comments are not taken here, so there is no form and no reply.

use gp_content::Comment;
use gp_kernel::CommentId;
use gp_markup::{block::Block, text as words};

use super::{flag, number, post::title_of, text};
use crate::{
    dates, html,
    render::{At, Render},
    supports::wrapper,
};

/// How deep replies are set in.
const DEEPEST: usize = 10;

fn is_shown(r: &Render<'_>, at: At<'_>) -> bool {
    at.item.is_some_and(|item| !r.locked(item)) && !r.data.comments.is_empty()
}

pub(super) fn thread<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    if !is_shown(r, at) {
        return String::new();
    }
    if block.inner_blocks.is_empty() {
        let heading = heading(r, at);
        let list = level(r, None, at, CommentId(0), 1);
        return format!(
            "<div{}><h2 class=\"wp-block-comments-title\">{heading}</h2>{list}</div>",
            wrapper(block, "")
        );
    }
    r.saved(block, at)
}

fn heading(r: &Render<'_>, at: At<'_>) -> String {
    let title = at.item.map(title_of).unwrap_or_default();
    let count = r.data.comments.len();
    let noun = if count == 1 { "response" } else { "responses" };
    format!("{count} {noun} to &#8220;{title}&#8221;")
}

pub(super) fn title<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let shown = at.item.is_none_or(|item| !r.locked(item));
    if !shown {
        return String::new();
    }
    let count = r.data.comments.len();
    let noun = match count {
        1 => "Response",
        _ => "Responses",
    };
    let words = match (
        flag(block, "showPostTitle", true),
        flag(block, "showCommentsCount", true),
    ) {
        (true, true) => heading(r, at),
        (true, false) => format!("{noun} to &#8220;{}&#8221;", at.item.map(title_of).unwrap_or_default()),
        (false, true) => format!("{count} {}", noun.to_lowercase()),
        (false, false) => noun.to_owned(),
    };
    let level = number(block, "level", 2).clamp(1, 6);
    format!("<h{level} id=\"comments\"{}>{words}</h{level}>", wrapper(block, ""))
}

pub(super) fn template<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    if is_shown(r, at) {
        level(r, Some(block), at, CommentId(0), 1)
    } else {
        String::new()
    }
}

/// The comments below one, oldest first; those whose parent is not shown stand at the top.
fn level<'a>(r: &mut Render<'a>, block: Option<&'a Block>, at: At<'a>, parent: CommentId, depth: usize) -> String {
    let all: &'a [Comment] = &r.data.comments;
    if depth > DEEPEST {
        return String::new();
    }
    let is_here = |c: &Comment| {
        let known = c.parent.0 != 0 && c.parent < c.id && all.iter().any(|other| other.id == c.parent);
        if known { c.parent == parent } else { parent.0 == 0 }
    };
    let mut entries = String::new();
    for comment in all.iter().filter(|c| is_here(c)) {
        let at = At {
            comment: Some(comment),
            ..at
        };
        let inner = match block {
            Some(block) => r.blocks(&block.inner_blocks, at),
            None => plain(r, comment),
        };
        let below = level(r, block, at, comment.id, depth + 1);
        let kind = if comment.kind.is_empty() {
            "comment"
        } else {
            &comment.kind
        };
        entries.push_str(&format!(
            "<li id=\"comment-{}\" class=\"{} depth-{depth}\">{inner}{below}</li>",
            comment.id,
            html::attr(kind)
        ));
    }
    match (entries.is_empty(), depth, block) {
        (true, ..) => String::new(),
        (false, 1, Some(block)) => format!("<ol{}>{entries}</ol>", wrapper(block, "")),
        (false, 1, None) => format!("<ol class=\"wp-block-comment-template\">{entries}</ol>"),
        _ => format!("<ol>{entries}</ol>"),
    }
}

fn author(comment: &Comment, linked: bool) -> String {
    let name = if comment.author.is_empty() {
        "Anonymous".to_owned()
    } else {
        html::stored(&comment.author)
    };
    let address = html::url(&comment.author_url);
    if linked && !address.is_empty() && comment.author_url != "http://" {
        format!("<a rel=\"external nofollow ugc\" href=\"{address}\">{name}</a>")
    } else {
        name
    }
}

/// What a visitor wrote: escaped where it is not the little markup that WordPress lets through.
fn content(comment: &Comment) -> String {
    let safe = words::make_clickable(&allowed_only(&comment.content));
    words::wpautop(&words::wptexturize(&safe))
}

/// Elements that a comment may hold; all attributes but a link's address are left out.
const ALLOWED: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "cite",
    "code",
    "del",
    "em",
    "i",
    "q",
    "s",
    "strike",
    "strong",
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "pre",
];

fn allowed_only(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find('>').map(|n| n + 1);
        let close = rest
            .strip_prefix("</")
            .and_then(|r| r.split('>').next())
            .map(|n| n.trim().to_ascii_lowercase());
        let open = html::Tag::find(rest, 0).filter(|tag| tag.start == 0);
        match (close, open, end) {
            (Some(name), _, Some(end)) if ALLOWED.contains(&name.as_str()) => {
                out.push_str(&format!("</{name}>"));
                rest = &rest[end..];
            }
            (None, Some(tag), _) if ALLOWED.contains(&tag.name.to_ascii_lowercase().as_str()) => {
                let name = tag.name.to_ascii_lowercase();
                match tag.value("href").filter(|_| name == "a") {
                    Some(href) => out.push_str(&format!("<a href=\"{}\" rel=\"nofollow ugc\">", html::url(&href))),
                    None => out.push_str(&format!("<{name}>")),
                }
                rest = &rest[tag.end..];
            }
            _ => {
                out.push_str("&lt;");
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    words::balance_tags(&out)
}

fn date(r: &Render<'_>, comment: &Comment, letters: &str, linked: bool) -> String {
    let zone = &r.page.site.zone;
    let page = crate::fetch::main_item(r.page)
        .map(|item| r.link(item))
        .unwrap_or_default();
    let letters = if letters.is_empty() {
        &r.page.site.date_format
    } else {
        letters
    };
    let shown = html::esc(&dates::format(&comment.date, letters, zone));
    let shown = if linked {
        html::link(&format!("{page}#comment-{}", comment.id), &shown)
    } else {
        shown
    };
    format!(
        "<time datetime=\"{}\">{shown}</time>",
        dates::machine(&comment.date, zone)
    )
}

/// A comment where the template has no blocks for it.
fn plain(r: &Render<'_>, comment: &Comment) -> String {
    format!(
        "<div class=\"wp-block-comment-author-name\">{}</div><div class=\"wp-block-comment-date\">{}</div>\
         <div class=\"wp-block-comment-content\">{}</div>",
        author(comment, true),
        date(r, comment, "", true),
        content(comment)
    )
}

pub(super) fn field<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>, name: &str) -> String {
    let Some(comment) = at.comment else {
        return String::new();
    };
    let inner = match name {
        "comment-author-name" => author(comment, flag(block, "isLink", true)),
        "comment-date" => date(r, comment, text(block, "format"), flag(block, "isLink", true)),
        _ => content(comment),
    };
    format!("<div{}>{inner}</div>", wrapper(block, ""))
}

pub(super) fn count<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(item) = at.item.filter(|i| !r.locked(i)) else {
        return String::new();
    };
    format!("<div{}>{}</div>", wrapper(block, ""), item.comment_count.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitors_markup_is_kept_small() {
        let html = allowed_only("<b onclick=x>a</b><script>y</script> <a href='javascript:z' style=q>l</a> 1 < 2");
        assert_eq!(
            html,
            "<b>a</b>&lt;script>y&lt;/script> <a href=\"\" rel=\"nofollow ugc\">l</a> 1 &lt; 2"
        );
    }
}

//! The approved comments of an item, to be read. Comments are not taken here, so there is no form and no reply.

use std::collections::HashMap;

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
        let list = all_of(r, None, at);
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
        all_of(r, Some(block), at)
    } else {
        String::new()
    }
}

/// Comments by the one they stand below, oldest first; those whose parent is not shown stand at the top, and what lies too
/// deep stands beside what it answers. Each is looked at once, however many there are.
fn threads(all: &[Comment]) -> Threads<'_> {
    let mut oldest_first: Vec<&Comment> = all.iter().collect();
    oldest_first.sort_unstable_by_key(|c| c.id);
    let mut places: HashMap<CommentId, (CommentId, usize)> = HashMap::new();
    for comment in oldest_first {
        // A parent has the smaller id, so loops cannot be.
        let place = match places.get(&comment.parent) {
            None => (CommentId(0), 1),
            Some((above, depth)) if *depth >= DEEPEST => (*above, *depth),
            Some((_, depth)) => (comment.parent, depth + 1),
        };
        places.insert(comment.id, place);
    }
    let mut below = Threads::new();
    for comment in all {
        let parent = places.get(&comment.id).map_or(CommentId(0), |place| place.0);
        below.entry(parent).or_default().push(comment);
    }
    below
}

type Threads<'a> = HashMap<CommentId, Vec<&'a Comment>>;

fn all_of<'a>(r: &mut Render<'a>, block: Option<&'a Block>, at: At<'a>) -> String {
    let comments: &'a [Comment] = &r.data.comments;
    level(r, &threads(comments), block, at, CommentId(0), 1)
}

fn level<'a>(
    r: &mut Render<'a>,
    threads: &Threads<'a>,
    block: Option<&'a Block>,
    at: At<'a>,
    parent: CommentId,
    depth: usize,
) -> String {
    let mut entries = String::new();
    for comment in threads.get(&parent).into_iter().flatten().copied() {
        let at = At {
            comment: Some(comment),
            ..at
        };
        let inner = match block {
            Some(block) => r.blocks(&block.inner_blocks, at),
            None => plain(r, comment),
        };
        let below = level(r, threads, block, at, comment.id, depth + 1);
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

/// The name of the closing tag at the start of a text, and where it ends. Names are short: no end is looked for far away.
fn closing(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix("</")?;
    let end = inner.bytes().take(40).position(|b| b == b'>')?;
    Some((inner[..end].trim().to_ascii_lowercase(), end + 3))
}

fn allowed_only(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        match (closing(rest), html::Tag::at(rest, 0)) {
            (Some((name, end)), _) if ALLOWED.contains(&name.as_str()) => {
                out.push_str(&format!("</{name}>"));
                rest = &rest[end..];
            }
            (None, Some(tag)) if ALLOWED.contains(&tag.name.to_ascii_lowercase().as_str()) => {
                let name = tag.name.to_ascii_lowercase();
                let href = tag.value("href").filter(|_| name == "a").map(|href| html::url(&href));
                match href.filter(|href| !href.is_empty()) {
                    Some(href) => out.push_str(&format!("<a href=\"{href}\" rel=\"nofollow ugc\">")),
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

/// The pages of a thread. There is one, so that the blocks for turning it say nothing; what else stands between them is shown.
pub(super) fn pagination<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    if at.item.is_some_and(|item| r.locked(item)) {
        return String::new();
    }
    let inner = r.blocks(&block.inner_blocks, at);
    if inner.trim().is_empty() {
        return String::new();
    }
    let layout = r.layout(block);
    format!("<div{}>{inner}</div>", wrapper(block, &layout))
}

/// A link to the thread of an item whose comments are open.
pub(super) fn link<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(item) = at.item.filter(|i| i.comment_status == "open") else {
        return String::new();
    };
    let count = item.comment_count.max(0);
    let (words, place) = match count {
        0 => ("No comments".to_owned(), "respond"),
        1 => ("1 comment".to_owned(), "comments"),
        n => (format!("{n} comments"), "comments"),
    };
    let address = format!("{}#{place}", r.link(item));
    let title = format!("<span class=\"screen-reader-text\"> on {}</span>", title_of(item));
    format!(
        "<div{}>{}</div>",
        wrapper(block, ""),
        html::link(&address, &(words + &title))
    )
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
        assert_eq!(html, "<b>a</b>&lt;script>y&lt;/script> <a>l</a> 1 &lt; 2");
    }

    #[test]
    fn every_reply_is_shown_once_below_what_it_answers() {
        let comment = |id: i64, parent: i64| Comment {
            id: CommentId(id),
            parent: CommentId(parent),
            ..Comment::default()
        };
        // 1 answers itself, 2 answers a later one, 3 answers one that is gone, 4 to 29 are one long thread.
        let mut all = vec![comment(1, 1), comment(2, 3), comment(3, 99)];
        all.extend((4..30).map(|id| comment(id, id - 1)));
        let found = threads(&all);
        let ids = |parent: i64| -> Vec<i64> {
            let below = found.get(&CommentId(parent)).into_iter().flatten();
            below.map(|c| c.id.0).collect()
        };
        assert_eq!(ids(0), [1, 2, 3]);
        assert_eq!(ids(3), [4]);
        assert_eq!(found.values().map(Vec::len).sum::<usize>(), all.len());
        assert_eq!(ids(11).len(), 18, "the tenth level takes what is deeper");
    }

    #[test]
    fn a_hostile_comment_costs_little() {
        for part in ["<a ", "<", "</", "<b x='<a y=\""] {
            let html = allowed_only(&part.repeat(4_000));
            assert!(html.starts_with("&lt;"), "{part}");
        }
    }
}

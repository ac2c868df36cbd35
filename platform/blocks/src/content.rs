//! What WordPress does to an item's content before showing it: parts, blocks or automatic paragraphs, typography, shortcodes.

use gp_content::Item;
use gp_markup::{
    block::{self, Block},
    more, shortcode, text,
};

use crate::{fetch::Data, html, shortcodes};

/// Whether a content is written in blocks.
pub(crate) fn has_blocks(content: &str) -> bool {
    content.contains("<!-- wp:")
}

/// The parts of a content between its page breaks.
pub(crate) fn parts(item: &Item) -> Vec<String> {
    if item.content.contains("<!--nextpage-->") {
        more::split_pages(&item.content)
    } else {
        vec![item.content.clone()]
    }
}

/// The blocks of a part of an item, from 1; 0 is all of it. A part that does not exist is the last one.
pub(crate) fn blocks_of(item: &Item, part: usize) -> Vec<Block> {
    let markup = match part {
        0 => item.content.replace("<!--nextpage-->", ""),
        _ => {
            let mut parts = parts(item);
            let at = part.min(parts.len()).saturating_sub(1);
            if at < parts.len() {
                parts.swap_remove(at)
            } else {
                String::new()
            }
        }
    };
    let markup = if markup.contains("<!--more") {
        more::split_more(&markup).full()
    } else {
        markup
    };
    if has_blocks(&markup) {
        block::parse(&markup)
    } else {
        vec![Block::freeform(markup)]
    }
}

/// Finishes rendered content. `in_blocks` tells whether it came from blocks, which need no automatic paragraphs.
pub(crate) fn finish(rendered: &str, in_blocks: bool, item: &Item, data: &Data) -> String {
    let known = shortcodes::is_known;
    let source = if in_blocks {
        rendered.to_owned()
    } else {
        link_lone_addresses(rendered)
    };
    let typographic = text::wptexturize_with(&source, &known);
    let paragraphs = if in_blocks {
        typographic
    } else {
        text::wpautop(&typographic)
    };
    if !paragraphs.contains('[') {
        return tame(&paragraphs);
    }
    let unwrapped = shortcode::shortcode_unautop_with(&paragraphs, &known);
    tame(&shortcodes::run(&unwrapped, item, data))
}

/// An address alone on its line would be embedded by WordPress; here it becomes a link in a figure.
fn link_lone_addresses(content: &str) -> String {
    if !content.contains("http") {
        return content.to_owned();
    }
    let mut out = String::with_capacity(content.len());
    for line in content.split_inclusive('\n') {
        let address = line.trim();
        let lone = address.starts_with("https://") || address.starts_with("http://");
        if lone && !address.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '[' | ']')) {
            out.push_str(&embed_figure(address, ""));
            out.push('\n');
        } else {
            out.push_str(line);
        }
    }
    out
}

/// A figure with a link to something of another site: nothing is fetched from there. `caption` is HTML.
pub(crate) fn embed_figure(address: &str, caption: &str) -> String {
    let caption = match caption {
        "" => String::new(),
        words => html::element("figcaption", &[("class", "wp-element-caption")], words),
    };
    let link = embed_link(address);
    format!(
        "<figure class=\"wp-block-embed is-link\"><div class=\"wp-block-embed__wrapper\">{link}</div>{caption}</figure>"
    )
}

/// A link to something of another site.
pub(crate) fn embed_link(address: &str) -> String {
    let words = html::esc(&host_of(address));
    match html::url(address) {
        address if address.is_empty() => words,
        address => format!("<a href=\"{address}\" rel=\"noopener noreferrer external\">{words}</a>"),
    }
}

/// What a link to another site says: host and path without the protocol.
fn host_of(address: &str) -> String {
    let short = address.split_once("://").map_or(address, |(_, rest)| rest);
    let short = short.strip_prefix("www.").unwrap_or(short).trim_end_matches('/');
    let mut out: String = short.chars().take(80).collect();
    if out.len() < short.len() {
        out.push('…');
    }
    out
}

/// Frames of other sites become links: opening a page must not tell anybody that it was opened.
pub(crate) fn tame(markup: &str) -> String {
    if !markup.contains("<iframe") && !markup.contains("<IFRAME") {
        return markup.to_owned();
    }
    let mut out = String::with_capacity(markup.len());
    let mut at = 0;
    while let Some(tag) = html::Tag::find_named(markup, at, "iframe") {
        let rest = &markup[tag.end..];
        let close = rest.find("</iframe>").or_else(|| rest.find("</IFRAME>"));
        let end = close.map_or(tag.end, |n| tag.end + n + "</iframe>".len());
        let source = tag.value("src").or_else(|| tag.value("data-src")).unwrap_or_default();
        let foreign = source.starts_with("http://") || source.starts_with("https://") || source.starts_with("//");
        out.push_str(&markup[at..tag.start]);
        if foreign {
            let address = if source.starts_with("//") {
                format!("https:{source}")
            } else {
                source.into_owned()
            };
            let caption = tag.value("title").map(|t| html::esc(&t)).unwrap_or_default();
            out.push_str(&embed_figure(&address, &caption));
        } else {
            out.push_str(&markup[tag.start..end]);
        }
        at = end;
    }
    out.push_str(&markup[at..]);
    out
}

/// How long an excerpt is that nobody wrote.
const EXCERPT_CHARS: usize = 320;

/// A short plain text: the written excerpt, or the beginning of the content without blocks' comments and shortcodes. Ends at a
/// word. An item with a password gives none.
pub(crate) fn excerpt(item: &Item) -> String {
    if !item.password.is_empty() {
        return String::new();
    }
    if !item.excerpt.trim().is_empty() {
        return text::plain_text(&item.excerpt).trim().to_owned();
    }
    text::excerpt_plain(&without_machinery(&item.content), EXCERPT_CHARS)
}

/// The first words of an item, as WordPress cuts them: `count` words and an ellipsis.
pub(crate) fn excerpt_words(item: &Item, count: usize) -> String {
    let source = if item.excerpt.trim().is_empty() {
        without_machinery(&item.content)
    } else {
        item.excerpt.clone()
    };
    let source = beginning(&source, count * 100 + 2000);
    text::wp_trim_words(&text::wptexturize(source), count, "&hellip;")
}

/// At most so many bytes of a text, cut between words and never inside a tag: typography of a long text is work for nothing
/// when only its first words are shown.
fn beginning(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let cut = &text[..text.floor_char_boundary(bytes)];
    let cut = match (cut.rfind('<'), cut.rfind('>')) {
        (Some(open), close) if close.is_none_or(|close| close < open) => &cut[..open],
        _ => cut,
    };
    cut.rfind(char::is_whitespace).map_or(cut, |at| &cut[..at])
}

/// A content without shortcodes and without blocks that hold no sentences.
fn without_machinery(content: &str) -> String {
    let first = content.split("<!--nextpage-->").next().unwrap_or_default();
    let before = if first.contains("<!--more") {
        more::split_more(first).before
    } else {
        first.to_owned()
    };
    let plain = if has_blocks(&before) {
        words_of(&block::parse(&before), 0)
    } else {
        before
    };
    if plain.contains('[') {
        shortcode::strip(&plain, &shortcodes::is_known)
    } else {
        plain
    }
}

/// Blocks whose text does not belong into an excerpt.
const NOT_QUOTED: &[&str] = &[
    "core/file",
    "core/embed",
    "core/html",
    "core/shortcode",
    "core/button",
    "core/code",
    "core/footnotes",
];

fn words_of(blocks: &[Block], depth: usize) -> String {
    let mut out = String::new();
    if depth > crate::tree::DEEPEST {
        return out;
    }
    for block in blocks {
        if block.name.as_deref().is_some_and(|n| NOT_QUOTED.contains(&n)) {
            continue;
        }
        let mut inner = block.inner_blocks.iter();
        for piece in &block.inner_content {
            match piece {
                Some(markup) => out.push_str(markup),
                None => out.extend(inner.next().map(|b| words_of(std::slice::from_ref(b), depth + 1))),
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(content: &str) -> Item {
        Item {
            content: content.to_owned(),
            ..Item::default()
        }
    }

    #[test]
    fn classic_content_gets_paragraphs_and_typography() {
        let item = item("He said \"yes\".\n\n[caption width=\"10\"]<img src=\"/a.png\" /> A picture[/caption]");
        let html = finish(&item.content, false, &item, &Data::default());
        assert!(html.contains("<p>He said &#8220;yes&#8221;.</p>"), "{html}");
        assert!(html.contains("<figcaption") && !html.contains("[caption"), "{html}");
    }

    #[test]
    fn foreign_frames_become_links() {
        let html = tame("a<iframe src=\"https://video.example/x?a=1&amp;b=2\" title=\"Talk\"></iframe>b");
        assert!(
            !html.contains("iframe") && html.contains("href=\"https://video.example/x?a=1&#038;b=2\""),
            "{html}"
        );
    }

    #[test]
    fn excerpts_are_plain_and_never_of_a_locked_item() {
        let mut one = item(
            "<!-- wp:paragraph --><p>One <b>two</b></p><!-- /wp:paragraph --><!-- wp:file --><a>x.pdf</a><!-- /wp:file -->[gallery]",
        );
        assert_eq!(excerpt(&one), "One two");
        one.password = "x".to_owned();
        assert_eq!(excerpt(&one), "");
    }

    #[test]
    fn parts_are_cut_at_page_breaks() {
        let one = item("a\n<!--nextpage-->\nb");
        assert_eq!(blocks_of(&one, 2)[0].inner_html, "b");
        assert_eq!(blocks_of(&one, 9)[0].inner_html, "b");
    }
}

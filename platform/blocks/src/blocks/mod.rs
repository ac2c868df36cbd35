//! One function for each kind of block. A new block is a line in [`render`] and a function beside its siblings.

mod comments;
mod icon;
mod lists;
mod loops;
mod media;
mod navigation;
mod outline;
mod people;
mod post;
mod saved;
mod scriptless;
mod site;
mod terms;
mod trail;

use gp_markup::block::Block;
use serde_json::Value;

use crate::{
    render::{At, Render},
    renderer::PREPARED,
};

pub(crate) use lists::calendar_month;
pub(crate) use media::picture_of;
pub(crate) use terms::{address_of as term_of, count_of};

/// An attribute as text; empty when it is not there.
fn text<'b>(block: &'b Block, key: &str) -> &'b str {
    block.attrs.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// An attribute as yes or no.
fn flag(block: &Block, key: &str, default: bool) -> bool {
    block.attrs.get(key).and_then(Value::as_bool).unwrap_or(default)
}

/// An attribute as a number.
fn number(block: &Block, key: &str, default: usize) -> usize {
    block
        .attrs
        .get(key)
        .and_then(Value::as_u64)
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(default)
}

/// Renders a block.
pub(crate) fn render<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(full) = block.name.as_deref() else {
        return r.saved(block, at);
    };
    let Some(name) = full.strip_prefix("core/") else {
        return if full == PREPARED {
            prepared(r, block)
        } else {
            saved::unknown(r, block, at)
        };
    };
    match name {
        "template-part" => site::template_part(r, block, at),
        "pattern" | "block" => r.blocks(&block.inner_blocks, At { depth: at.depth, ..at }),
        "post-title" => post::title(r, block, at),
        "post-content" => post::content(r, block, at),
        "post-excerpt" => post::excerpt(r, block, at),
        "post-date" => post::date(r, block, at),
        "post-terms" => post::terms(r, block, at),
        "post-author" => post::author(r, block, at),
        "post-author-name" => post::author_name(r, block, at),
        "post-author-biography" => people::biography(r, block, at),
        "avatar" => people::avatar(r, block, at),
        "comment-author-avatar" => people::comment_avatar(r, block, at),
        "post-time-to-read" => outline::time_to_read(r, block, at),
        "table-of-contents" => outline::table_of_contents(r, block, at),
        "breadcrumbs" => trail::breadcrumbs(r, block, at),
        "comments-pagination" => comments::pagination(r, block, at),
        "post-comments-link" => comments::link(r, block, at),
        // Comments are to be read, and all of an item stand on one page: nothing to write, no page to turn.
        "comment-edit-link"
        | "comment-reply-link"
        | "post-comments-form"
        | "comments-pagination-next"
        | "comments-pagination-previous"
        | "comments-pagination-numbers" => String::new(),
        "post-comments-count" => comments::count(r, block, at),
        "post-featured-image" => media::featured(r, block, at),
        "post-navigation-link" => post::neighbour(r, block, at),
        "read-more" => post::read_more(r, block, at),
        "query" => loops::query(r, block, at),
        "post-template" => loops::template(r, block, at),
        "query-title" => loops::title(r, block),
        "query-no-results" => loops::no_results(r, block, at),
        "query-pagination" => loops::pagination(r, block, at),
        "query-pagination-previous" | "query-pagination-next" => loops::step(r, block, at, name),
        "query-pagination-numbers" => loops::numbers(r, block, at),
        "query-total" => loops::total(r, block, at),
        "terms-query" => terms::query(r, block, at),
        "term-template" => terms::template(r, block, at),
        "term-name" => terms::name(r, block, at),
        "term-count" => terms::count(r, block, at),
        "term-description" => terms::description(r, block, at),
        "comments" | "post-comments" => comments::thread(r, block, at),
        "comments-title" => comments::title(r, block, at),
        "comment-template" => comments::template(r, block, at),
        "comment-author-name" | "comment-date" | "comment-content" => comments::field(r, block, at, name),
        "navigation" => navigation::menu(r, block, at),
        "navigation-link" | "navigation-submenu" => navigation::entry(r, block, at),
        "page-list" => navigation::page_list(r, block),
        "home-link" => navigation::home_link(r, block),
        "site-title" => site::title(r, block),
        "site-tagline" => site::tagline(r, block),
        "site-logo" => site::logo(r, block),
        "search" => site::search(r, block),
        "loginout" => site::loginout(r, block),
        "social-links" => site::social_links(r, block, at),
        "social-link" => site::social_link(block),
        "latest-posts" => lists::latest_posts(r, block),
        "latest-comments" => lists::latest_comments(r, block),
        "categories" => lists::categories(r, block),
        "tag-cloud" => lists::tag_cloud(r, block),
        "archives" => lists::archives(r, block),
        "calendar" => lists::calendar(r, block),
        "footnotes" => post::footnotes(r, block, at),
        "embed" => media::embed(r, block, at),
        "icon" => icon::icon(r, block),
        "playlist-track" => scriptless::track(block),
        "rss" | "legacy-widget" | "widget-group" => {
            r.notice(format!(
                "{full} is not shown: it would ask another site, or belongs to a plugin"
            ));
            String::new()
        }
        _ => saved::block(r, block, at, name),
    }
}

/// A feature's block, rendered before.
fn prepared(r: &Render<'_>, block: &Block) -> String {
    let html = r
        .data
        .prepared
        .get(number(block, "set", usize::MAX))
        .and_then(|set| set.get(number(block, "instance", usize::MAX)));
    html.cloned().unwrap_or_default()
}

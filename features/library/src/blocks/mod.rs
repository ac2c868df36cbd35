//! The blocks of the reader's pages, one file each. A page asks for all its instances at once; what they share is read once.
//!
//! Every block gives finished HTML, or nothing when it has nothing to say. None shows a file, a fact or a word of an item
//! that its reader has not unlocked.

mod article;
mod brand;
mod cards;
mod changes;
mod cite;
mod dates;
mod desk;
mod docs;
mod facets;
mod file;
mod help;
mod hero;
mod key_data;
mod lost;
mod masthead;
mod menu;
mod navigation;
mod new;
mod not_found;
mod note;
mod occasion;
mod reading;
mod related;
mod results;
mod search_form;
mod topics;
mod trail;
mod ways;

use gp_blocks::{BlockSet, PageContext, Prepared};
use gp_kernel::Result;
use gp_markup::block::Block;
use gp_store::Conn;

use desk::Desk;

pub(crate) use desk::language_of;
pub(crate) use occasion::Occasion;

/// The blocks of the library, `guidepost/…`.
#[derive(Debug, Clone, Copy, Default)]
pub struct LibraryBlocks;

const NAMES: &[&str] = &[
    "guidepost/article",
    "guidepost/brand",
    "guidepost/changes",
    "guidepost/citation",
    "guidepost/dates",
    "guidepost/documents",
    "guidepost/facets",
    "guidepost/file",
    "guidepost/help",
    "guidepost/hero",
    "guidepost/key-data",
    "guidepost/masthead",
    "guidepost/menu",
    "guidepost/new",
    "guidepost/not-found",
    "guidepost/note",
    "guidepost/reading",
    "guidepost/related",
    "guidepost/results",
    "guidepost/search-form",
    "guidepost/topics",
    "guidepost/trail",
    "guidepost/ways",
];

impl BlockSet for LibraryBlocks {
    fn names(&self) -> &'static [&'static str] {
        NAMES
    }

    fn prepare<'a>(&'a self, page: &'a PageContext, conn: &'a mut Conn, blocks: &'a [Block]) -> Prepared<'a> {
        Box::pin(async move {
            let mut desk = Desk::open(page, conn).await?;
            let mut made: Vec<(&Block, String)> = Vec::with_capacity(blocks.len());
            for block in blocks {
                // The same block twice costs its queries once.
                let again = made
                    .iter()
                    .find(|(other, _)| *other == block)
                    .map(|(_, html)| html.clone());
                let html = match again {
                    Some(html) => html,
                    None => one(&mut desk, block).await?,
                };
                made.push((block, html));
            }
            Ok(made.into_iter().map(|(_, html)| html).collect())
        })
    }
}

async fn one(desk: &mut Desk<'_>, block: &Block) -> Result<String> {
    Ok(match block.name.as_deref().unwrap_or_default() {
        "guidepost/article" => article::html(desk, block),
        "guidepost/brand" => brand::html(desk),
        "guidepost/changes" => changes::html(desk),
        "guidepost/citation" => cite::html(desk),
        "guidepost/dates" => dates::html(desk, block).await?,
        "guidepost/documents" => docs::html(desk),
        "guidepost/facets" => facets::html(desk).await?,
        "guidepost/file" => file::html(desk).await?,
        "guidepost/help" => help::html(desk).await?,
        "guidepost/hero" => hero::html(desk).await?,
        "guidepost/key-data" => key_data::html(desk),
        "guidepost/masthead" => masthead::html(desk).await?,
        "guidepost/menu" => menu::html(desk, block).await?,
        "guidepost/new" => new::html(desk, block).await?,
        "guidepost/not-found" => not_found::html(desk).await?,
        "guidepost/note" => note::html(desk),
        "guidepost/reading" => reading::html(desk),
        "guidepost/related" => related::html(desk).await?,
        "guidepost/results" => results::html(desk, block).await?,
        "guidepost/search-form" => search_form::html(desk, block),
        "guidepost/topics" => topics::html(desk).await?,
        "guidepost/trail" => trail::html(desk).await?,
        "guidepost/ways" => ways::html(desk).await?,
        _ => String::new(),
    })
}

/// A yes or no of a block.
fn yes(block: &Block, name: &str) -> bool {
    block
        .attrs
        .get(name)
        .and_then(serde_json::Value::as_bool)
        .unwrap_or(false)
}

/// A word of a block.
fn word<'a>(block: &'a Block, name: &str) -> &'a str {
    block
        .attrs
        .get(name)
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;

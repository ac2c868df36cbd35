//! `guidepost/article`: opens the element around an item, in the item's language, and closes it with `{"end":true}`.
//!
//! Two blocks, because what stands between them is rendered by others. On a page without an item both give nothing.

use gp_markup::block::Block;

use super::{
    desk::{Desk, lang_attributes},
    word, yes,
};
use crate::words;

pub(super) fn html(desk: &Desk<'_>, block: &Block) -> String {
    if desk.subject.is_none() {
        return String::new();
    }
    // `text` is the column of prose alone: it needs the language when the article does not have it.
    let (element, class) = match word(block, "part") {
        "text" => ("div", " class=\"g-text-col\""),
        _ => ("article", ""),
    };
    if yes(block, "end") {
        return format!("</{element}>");
    }
    let lang = match desk.foreign() {
        Some(lang) if words::speaks(lang) == (element == "article") => lang_attributes(lang),
        _ => String::new(),
    };
    format!("<{element}{class}{lang}>")
}

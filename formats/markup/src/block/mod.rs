//! The block grammar of WordPress: `post_content` to a tree of blocks and back.

mod json;
mod parse;
mod serialize;
mod token;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use json::{BlockJsonError, from_json, to_json};
pub use parse::parse;
pub use serialize::{serialize, serialize_attributes};
pub(crate) use token::is_block_comment;

/// Blocks nested deeper than this stay markup text inside the deepest block that is kept, so that
/// whoever walks a tree may recurse. Editors reach about a dozen levels.
pub const MAX_DEPTH: usize = 200;

/// One block, or a run of text outside any block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// Full name, `core/paragraph`; `None` for freeform text.
    pub name: Option<String>,
    /// The attributes from the block comment. Empty when there were none or their JSON was broken.
    pub attrs: Map<String, Value>,
    /// The blocks inside, in order.
    pub inner_blocks: Vec<Block>,
    /// The block's own markup, without that of its inner blocks.
    pub inner_html: String,
    /// The own markup in pieces; `None` marks the place of the next inner block. Empty for a
    /// self-closing block.
    pub inner_content: Vec<Option<String>>,
}

impl Block {
    /// A run of text outside any block.
    pub fn freeform(html: impl Into<String>) -> Self {
        let html = html.into();
        Self {
            inner_content: vec![Some(html.clone())],
            inner_html: html,
            ..Self::default()
        }
    }

    /// A block without content; `name` in full, as in `core/paragraph`.
    pub fn void(name: impl Into<String>, attrs: Map<String, Value>) -> Self {
        Self {
            name: Some(name.into()),
            attrs,
            ..Self::default()
        }
    }

    /// A block that holds markup and no inner blocks.
    pub fn with_html(name: impl Into<String>, attrs: Map<String, Value>, html: impl Into<String>) -> Self {
        let html = html.into();
        Self {
            name: Some(name.into()),
            attrs,
            inner_blocks: Vec::new(),
            inner_content: vec![Some(html.clone())],
            inner_html: html,
        }
    }
}

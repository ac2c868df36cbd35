//! Blocks as JSON with WordPress's own keys: `blockName`, `attrs`, `innerBlocks`, `innerHTML`,
//! `innerContent`.

use serde_json::{Map, Value, json};

use super::{Block, MAX_DEPTH};

/// Why a JSON value is no list of blocks.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BlockJsonError {
    /// Something else stands where a list of blocks should.
    #[error("{place} must be a list of blocks; give an array of objects with \"blockName\"")]
    NotAList {
        /// Path to the place in the JSON, such as `[0].innerBlocks`.
        place: String,
    },
    /// Something else stands where one block should.
    #[error("{place} must be a block; give an object with \"blockName\"")]
    NotABlock {
        /// Path to the place in the JSON.
        place: String,
    },
    /// One key of a block holds the wrong kind of value.
    #[error("{place}.{key} must be {expected}")]
    WrongKind {
        /// Path to the block in the JSON.
        place: String,
        /// The key of the block.
        key: &'static str,
        /// What should be there.
        expected: &'static str,
    },
    /// Blocks in blocks beyond [`MAX_DEPTH`].
    #[error("blocks are nested deeper than {MAX_DEPTH} levels; flatten them")]
    TooDeep,
}

/// Blocks as the JSON that WordPress's parser gives.
pub fn to_json(blocks: &[Block]) -> Value {
    list_to_json(blocks, 0)
}

fn list_to_json(blocks: &[Block], depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Array(Vec::new());
    }
    blocks
        .iter()
        .map(|block| {
            json!({
                "blockName": block.name,
                "attrs": block.attrs,
                "innerBlocks": list_to_json(&block.inner_blocks, depth + 1),
                "innerHTML": block.inner_html,
                "innerContent": block.inner_content,
            })
        })
        .collect()
}

/// Blocks from that JSON. Keys that are missing count as empty; PHP's `[]` counts as an empty object.
pub fn from_json(value: &Value) -> Result<Vec<Block>, BlockJsonError> {
    list_from_json(value, "", 0)
}

fn list_from_json(value: &Value, place: &str, depth: usize) -> Result<Vec<Block>, BlockJsonError> {
    if depth > MAX_DEPTH {
        return Err(BlockJsonError::TooDeep);
    }
    let not_a_list = || BlockJsonError::NotAList {
        place: if place.is_empty() { "the value" } else { place }.to_owned(),
    };
    value
        .as_array()
        .ok_or_else(not_a_list)?
        .iter()
        .enumerate()
        .map(|(index, block)| block_from_json(block, &format!("{place}[{index}]"), depth))
        .collect()
}

fn block_from_json(value: &Value, place: &str, depth: usize) -> Result<Block, BlockJsonError> {
    let Some(object) = value.as_object() else {
        return Err(BlockJsonError::NotABlock {
            place: place.to_owned(),
        });
    };
    let wrong = |key, expected| BlockJsonError::WrongKind {
        place: place.to_owned(),
        key,
        expected,
    };
    let name = match object.get("blockName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.clone()),
        Some(_) => return Err(wrong("blockName", "a string or null")),
    };
    let attrs = match object.get("attrs") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(attrs)) => attrs.clone(),
        Some(Value::Array(list)) if list.is_empty() => Map::new(),
        Some(_) => return Err(wrong("attrs", "an object")),
    };
    let inner_blocks = match object.get("innerBlocks") {
        None | Some(Value::Null) => Vec::new(),
        Some(inner) => list_from_json(inner, &format!("{place}.innerBlocks"), depth + 1)?,
    };
    let inner_content = match object.get("innerContent") {
        None | Some(Value::Null) => Vec::new(),
        Some(pieces) => {
            serde_json::from_value(pieces.clone()).map_err(|_| wrong("innerContent", "a list of strings and nulls"))?
        }
    };
    let inner_html = match object.get("innerHTML") {
        None | Some(Value::Null) => inner_content.iter().flatten().map(String::as_str).collect(),
        Some(Value::String(html)) => html.clone(),
        Some(_) => return Err(wrong("innerHTML", "a string")),
    };
    Ok(Block {
        name,
        attrs,
        inner_blocks,
        inner_html,
        inner_content,
    })
}

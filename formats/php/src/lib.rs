//! PHP-serialised values: read and written byte for byte, never turned into objects.
//!
//! WordPress keeps options, meta values and widget settings in this format. Lengths in it are
//! bytes, strings are bytes (not necessarily UTF-8), so nothing here converts text on its own.
//!
//! What must never be in it: a class registry, constructors, or anything else that acts on the
//! class names found in the data; knowledge of single WordPress options; input or output.

mod detect;
mod json;
mod number;
mod parse;
mod repair;
mod value;
mod write;

pub use detect::{is_serialized, maybe_unserialize};
pub use parse::{Error, Limits, parse, parse_lenient, parse_with};
pub use value::{Key, Value};
pub use write::serialize;

#[cfg(test)]
mod tests;

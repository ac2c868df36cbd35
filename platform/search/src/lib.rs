//! The full-text index: schema, writer, query language, snippets.
//!
//! What must never be in it: the database, permissions, HTTP. The caller decides which items are
//! put in, which kinds a person may see (`Query::kinds`) and which entries are stale
//! (`Query::exclude`). No other crate may use tantivy.
//!
//! The index is derived data: it can be thrown away and filled again from the database at any
//! time, and it throws itself away when the analyser or its format changed (see `folder`).
//!
//! How a text becomes findable, in order: `words` cuts it, `fold` makes spelling variants
//! equal, `stems` adds the stem, `tokens` hands both to tantivy. How a query is answered:
//! `parse`, then `synonyms`, then `plan`, then `search` with `facets`, `snippet` and
//! `suggest`.

mod alike;
mod answers;
mod beginning;
mod error;
mod facets;
mod fold;
mod folder;
mod index;
mod mark;
mod model;
mod parse;
mod passages;
mod plan;
mod schema;
mod search;
mod snippet;
mod steady;
mod stems;
mod suggest;
mod synonyms;
mod tokens;
mod words;

pub use error::{Error, Result};
pub use index::Index;
pub use mark::Marker;
pub use model::{Alike, Answer, Doc, FacetCounts, Hit, Order, Passage, PassageHit, Query};

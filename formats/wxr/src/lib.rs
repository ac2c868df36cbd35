//! WordPress export (WXR) reader and writer: a stream of bytes in, plain entries out, and back.
//!
//! The reader holds one entry at a time, whatever the size of the file. The writer gives a
//! well-formed WXR 1.2 file that [`Reader`] (and any XML reader) turns back into the same values.
//!
//! Never in here: what an entry means to a site (references, users, files, duplicates), database
//! access, fetching of addresses, or anything of Guidepost itself.
//!
//! # What the reader forgives
//! Where WordPress's own importer gets through and nothing can be misread, the reader goes on and
//! leaves a [`Notice`]: a lone `&` or `<`, an unknown entity (both kept as written), control
//! characters (kept), bytes that are not UTF-8 (kept as bytes in meta values, read as Latin-1 in
//! text), undeclared prefixes, an element twice (the first counts, as in WordPress), rubbish
//! before `<rss>` or after `</rss>`. Everything else is an [`Error`] that names the line.
//!
//! # What XML cannot carry
//! XML 1.0 has no place for control characters (other than tab, line feed and carriage return),
//! U+FFFE, U+FFFF and bytes that are not UTF-8. See [`raw`] for how the writer keeps them.

mod decode;
mod error;
mod model;
pub mod raw;
mod reader;
mod source;
mod tokens;
mod writer;

pub use error::{Error, Notice, NoticeKind};
pub use model::{Author, Channel, Comment, Entry, Item, ItemTerm, Meta, Term};
pub use reader::Reader;
pub use source::{MAX_ITEM_BYTES, MAX_ITEM_PARTS, MAX_VALUE_BYTES};
pub use writer::{Uncarried, Writer};

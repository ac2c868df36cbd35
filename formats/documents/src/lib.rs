//! Documents as a guidance library has them: what they say, page by page, and what they are.
//!
//! [`read`] takes the bytes of a file of any kind and gives a [`Document`]: its state in one word, a sentence for the editor
//! where there is no text, the text of every page in reading order, headings, numbered paragraphs, links, and what the head
//! of a United Nations document says. The kind of file is told by its content, never by its name.
//!
//! Never in here: reading or writing of files, processes, threads, the network, passwords, text recognition, and anything of
//! Guidepost itself. Nothing in a document can make the reading go beyond its [`Limits`].

mod archive;
mod epub;
mod html;
mod kind;
mod language;
mod links;
mod masthead;
mod model;
mod numbering;
mod office;
mod ole;
mod pdf;
mod plain;
pub mod quality;
mod rtf;
mod structure;
mod text;
mod xml;
mod xmp;

pub use gp_symbols::Symbol;
pub use model::{Document, Heading, Limits, Link, Mime, Page, Paragraph, Status};

/// Reads a document.
pub fn read(bytes: &[u8], limits: &Limits) -> Document {
    kind::read(bytes, limits)
}

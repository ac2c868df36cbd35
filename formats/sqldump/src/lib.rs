//! mysqldump reader: streams statements and rows of a SQL dump in bounded memory.
//!
//! [`Reader`] walks once through the text and lends out one table definition or one row at a
//! time. Values stay the bytes that the database held; [`charset`] turns them into text, and
//! only its caller may decide to repair text. [`wordpress`] knows the table names of a site.
//!
//! What must never be in it: SQL execution, decompression, whole statements in memory, silent
//! repairs of data, and what rows mean.

pub mod charset;
mod error;
mod lexer;
mod literal;
mod reader;
mod row;
mod session;
mod statement;
mod table;
mod window;
pub mod wordpress;

pub use error::{Error, Place};
pub use reader::{Event, Limits, Reader};
pub use row::{Row, Value};
pub use table::{Column, TableDef};

#[cfg(test)]
mod tests;

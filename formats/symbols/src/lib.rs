//! Symbols of documents, as `CRC/C/156` and `A/81/6 (Sect. 24)`: read from every way they are written, brought into one form,
//! compared, put in order ([`Symbol`]), and known again under any spelling ([`key()`]).
//!
//! The one format that the others may know. What must never be here: what a symbol stands for, and addresses of other sites' copies.

mod key;
mod symbol;

pub use key::{as_path, is_un, key, keys};
pub use symbol::Symbol;

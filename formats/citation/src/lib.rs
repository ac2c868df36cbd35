//! A work in the forms that other programs read: BibTeX, RIS, CSL-JSON, a sentence, schema.org JSON-LD, the tags of
//! scholarly search engines, Dublin Core, and OAI-PMH around it.
//!
//! Plain values in, text out. What must never be here: where a work comes from, who may see it, an address of its own making.

mod bibtex;
mod csl;
mod dublin;
mod highwire;
mod jsonld;
mod licence;
pub mod oai;
mod ris;
mod sentence;
mod work;
mod xml;

pub use highwire::pairs as highwire;
pub use jsonld::{for_script, value as jsonld};
pub use licence::address as licence_address;
pub use sentence::Wording;
pub use work::{Body, Event, File, Kind, Place, Version, Work};

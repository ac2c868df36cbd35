//! Pictures made here, with everything in them that should not be served, and files that are none.
#![allow(clippy::unwrap_used)]

mod build;
mod cleaning;
mod fixtures;
mod hostile;
mod made;
mod pages;

//! All SQL of import, export, backup and check. What must never be here: what a row means, files, formats.

pub(crate) mod addresses;
pub(crate) mod check;
pub(crate) mod files;
pub(crate) mod kept;
pub(crate) mod rows;
pub(crate) mod site;
pub(crate) mod snapshot;
pub(crate) mod tables;
pub(crate) mod wxr;

//! The whole program from outside: the binary as a child process, addresses, files and exit statuses.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod admin;
mod cli;
mod http;
mod import;
mod pdf;
mod people;
mod public;
mod rest;
mod servers;
mod site;
mod wordpress;

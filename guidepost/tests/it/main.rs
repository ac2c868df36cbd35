//! The whole program from outside: the binary as a child process, addresses, files and exit statuses.

mod cli;
mod http;
mod import;
mod public;
mod servers;
mod site;
mod wordpress;

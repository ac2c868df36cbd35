//! What programs may rely on at the command line.

mod commands;
mod themes;

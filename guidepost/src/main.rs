//! The binary: arguments, composition, the list of types, the router.
//!
//! It names every feature and holds no domain logic of its own.

mod app;
mod builtin;
mod cli;
mod commands;
mod functions;
mod registry;
mod worker;

use std::process::ExitCode;

use clap::Parser as _;

/// Pages are many small pieces of text, made on one thread and given back on another: the system's allocator took a fifth of
/// the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if let Some(done) = worker::ended() {
        return done;
    }
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let wrong = error.use_stderr();
            // Help and version go to stdout with status 0; a wrong call to stderr with status 2.
            let _ = error.print();
            return ExitCode::from(if wrong { 2 } else { 0 });
        }
    };
    commands::start_logging();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("guidepost: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("guidepost: {error}");
            ExitCode::FAILURE
        }
    }
}

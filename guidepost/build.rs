//! Tells cargo when the block editor was built anew: its files are taken into the program.

use std::path::Path;

fn main() {
    let state = "../editor/dist/state";
    // A file that is missing would have everything built anew each time; `scripts/setup` touches this one when the first is made.
    let watched = if Path::new(state).exists() { state } else { "build.rs" };
    println!("cargo:rerun-if-changed={watched}");
    println!("cargo:rerun-if-changed=build.rs");
}

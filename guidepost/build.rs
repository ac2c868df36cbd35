//! Tells cargo when the block editor was built anew: its files are taken into the program.

fn main() {
    println!("cargo:rerun-if-changed=../editor/dist/state");
}

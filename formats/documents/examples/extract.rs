//! Prints what is read from a file: `cargo run -p gp-documents --example extract -- FILE [--lines]`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    let mut limits = gp_documents::Limits::default();
    let mut out = std::io::stdout().lock();
    for name in std::env::args().skip(1) {
        if name == "--lines" {
            limits.keep_lines = true;
            continue;
        }
        let document = gp_documents::read(&std::fs::read(name)?, &limits);
        serde_json::to_writer_pretty(&mut out, &document)?;
        writeln!(out)?;
    }
    Ok(())
}

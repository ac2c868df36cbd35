//! `documents extract`: what stands in a file, read in the box as the files of the site are.

use std::{fs::File, path::Path, process::ExitCode};

use gp_kernel::{Error, Result};
use gp_reading::Told;

use crate::cli::{Documents, Format};

/// What is asked about documents.
pub(super) async fn documents(what: Documents) -> Result<ExitCode> {
    let Documents::Extract { file, format } = what;
    let told = extract(&file).await?;
    match format {
        Format::Json => {
            let json = serde_json::to_string(&told).map_err(|e| Error::internal(e.to_string()))?;
            println!("{json}");
        }
        Format::Text => print(&told),
    }
    Ok(if told.status == "text" {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn extract(path: &Path) -> Result<Told> {
    let file = File::open(path).map_err(|e| Error::from(e).at(path.display()))?;
    if !file.metadata()?.is_file() {
        return Err(Error::invalid("this is no file").at(path.display()));
    }
    gp_reading::read_file(file).await
}

fn print(told: &Told) {
    let of = |value: &Option<String>| value.clone().unwrap_or_default();
    println!("{}\t{}\t{}", told.status, told.mime, of(&told.language));
    for line in [of(&told.reason), of(&told.title), of(&told.symbol)] {
        if !line.is_empty() {
            println!("{line}");
        }
    }
    for page in &told.pages {
        let label = page.label.as_deref().unwrap_or_default();
        println!("\n--- {} {label}\n{}", page.number, page.text);
    }
}

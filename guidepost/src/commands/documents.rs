//! `documents`: what stands in a file, read in the box as the files of the site are, and what became of reading those.

use std::{fs::File, path::Path, process::ExitCode};

use gp_content::documents::{self, Listed};
use gp_kernel::{Error, Result};
use gp_reading::Told;
use serde_json::json;

use crate::{app::Site, cli::Format};

/// What stands in a file of this machine; fails where nothing can be read in it.
pub(super) async fn extract(file: &Path, format: Format) -> Result<ExitCode> {
    let told = read(file).await?;
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

async fn read(path: &Path) -> Result<Told> {
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

/// The files of the site in this state, or all.
pub(super) async fn list(site: &Site, status: Option<&str>, format: Format) -> Result<()> {
    let all = documents::list(&mut site.db.read().await?).await?;
    for file in all
        .iter()
        .filter(|file| status.is_none_or(|wanted| file.status == wanted))
    {
        let Listed {
            path,
            status,
            reason,
            language,
            pages,
        } = file;
        match format {
            Format::Text => println!("{path}\t{status}\t{pages}\t{language}\t{reason}"),
            Format::Json => println!(
                "{}",
                json!({ "path": path, "status": status, "reason": reason, "language": language, "pages": pages })
            ),
        }
    }
    Ok(())
}

//! Which addresses of a document lead outward.
//!
//! Never in here: fetching or checking of addresses.

use crate::model::Link;

/// Whether an address is of the web or of mail: others (scripts, files, places in the document) are left out.
pub(crate) fn outward(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    url.len() <= 2000
        && ["http://", "https://", "mailto:"]
            .iter()
            .any(|start| lower.starts_with(start))
}

/// Adds an address that was not there before.
pub(crate) fn add(links: &mut Vec<Link>, url: &str, page: u32) {
    let url = url.trim();
    if outward(url) && links.len() < 10_000 && !links.iter().any(|link| link.url == url) {
        links.push(Link {
            url: url.to_owned(),
            page,
        });
    }
}

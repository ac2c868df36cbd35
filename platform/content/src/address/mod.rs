//! Addresses: from an item to its address ([`links`]), and from a request to what it asks for ([`resolve`]), by
//! WordPress's permalink structures. What must never be here: answers; this says *what* is meant, not how it looks.

pub mod links;
mod request;
pub mod resolve;
mod structure;

pub use request::{FeedKind, Request};
pub use resolve::{Address, List, Shape, resolve};

/// A path segment as slugs are stored: decoded, then percent-encoded in lower case as `sanitize_title` does.
pub fn slug_of(segment: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
    gp_markup::text::sanitize_title(&decoded)
}

/// Whether a parameter of this name can change an answer; others are nobody's business (`utm_source`).
pub fn means_something(types: &crate::types::Types, name: &str) -> bool {
    let others = ["s", "cpage", "page", "embed", "order", "orderby", "preview"];
    resolve::MEANT.contains(&name)
        || resolve::NARROWING.contains(&name)
        || others.contains(&name)
        || types.taxonomies().iter().any(|t| t.name == name)
        || types.public().any(|t| t.name == name)
}

/// Where the site's own redirects send a path.
///
/// # Errors
/// When the database does not answer.
pub async fn redirect_of(conn: &mut gp_store::Conn, path: &str) -> gp_kernel::Result<Option<String>> {
    conn.reading([]);
    conn.one("select target from redirects where source = $1", &[path.into()])
        .await?
        .map(|row| row.text(0))
        .transpose()
}

/// Whether the site has redirects of its own.
///
/// # Errors
/// When the database does not answer.
pub async fn any_redirects(conn: &mut gp_store::Conn) -> gp_kernel::Result<bool> {
    conn.reading([]);
    Ok(conn.one("select source from redirects limit 1", &[]).await?.is_some())
}

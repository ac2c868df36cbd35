//! The site's own redirects: paths that lead elsewhere, whatever else is there. Writing them is for `actions`.

use gp_kernel::Result;
use gp_store::Conn;

/// Where the site's own redirects send a path.
///
/// # Errors
/// When the database does not answer.
pub async fn of(conn: &mut Conn, path: &str) -> Result<Option<String>> {
    conn.one("select target from redirects where source = $1", &[path.into()])
        .await?
        .map(|row| row.text(0))
        .transpose()
}

/// Whether the site has redirects of its own.
///
/// # Errors
/// When the database does not answer.
pub async fn any(conn: &mut Conn) -> Result<bool> {
    Ok(conn.one("select source from redirects limit 1", &[]).await?.is_some())
}

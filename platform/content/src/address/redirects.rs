//! The site's own redirects: paths that lead elsewhere, whatever else is there. Writing them is for `actions`.

use gp_kernel::Result;
use gp_store::Conn;

/// Where the site's own redirects send a path; with or without a slash at the end it is the same path.
///
/// # Errors
/// When the database does not answer.
pub async fn of(conn: &mut Conn, path: &str) -> Result<Option<String>> {
    let open = path.trim_end_matches('/');
    if open.is_empty() {
        return Ok(None);
    }
    conn.reading([]);
    conn.one(
        "select target from redirects where source in ($1, $2) order by source = $3 desc",
        &[open.into(), format!("{open}/").into(), path.into()],
    )
    .await?
    .map(|row| row.text(0))
    .transpose()
}

/// Whether two addresses have the same path, with or without a slash at the end.
pub fn same_path(a: &str, b: &str) -> bool {
    a.trim_end_matches('/') == b.trim_end_matches('/')
}

/// All of them, by path: from where to where.
///
/// # Errors
/// When the database does not answer.
pub async fn all(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    conn.all("select source, target from redirects order by source", &[])
        .await?
        .iter()
        .map(|row| Ok((row.text(0)?, row.text(1)?)))
        .collect()
}

/// Whether the site has redirects of its own.
///
/// # Errors
/// When the database does not answer.
pub async fn any(conn: &mut Conn) -> Result<bool> {
    conn.reading([]);
    Ok(conn.one("select source from redirects limit 1", &[]).await?.is_some())
}

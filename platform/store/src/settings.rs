//! Settings by WordPress's option names. Values are bytes as WordPress stored them: plain text, or PHP-serialised.

use gp_kernel::Result;

use crate::db::Conn;

/// One setting, byte for byte; `None` when it was never set.
///
/// # Errors
/// When the database does not answer.
pub async fn get(conn: &mut Conn, name: &str) -> Result<Option<Vec<u8>>> {
    conn.reading([]);
    conn.one("select value from options where name = $1", &[name.into()])
        .await?
        .map(|row| row.bytes(0))
        .transpose()
}

/// One setting as text; empty when it was never set.
///
/// # Errors
/// When the database does not answer.
pub async fn text(conn: &mut Conn, name: &str) -> Result<String> {
    Ok(get(conn, name)
        .await?
        .map(|v| String::from_utf8_lossy(&v).into_owned())
        .unwrap_or_default())
}

/// All settings that pages may need, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn autoloaded(conn: &mut Conn) -> Result<Vec<(String, Vec<u8>)>> {
    conn.reading([]);
    conn.all("select name, value from options where autoload = 1 order by name", &[])
        .await?
        .iter()
        .map(|row| Ok((row.text(0)?, row.bytes(1)?)))
        .collect()
}

/// Sets one; callers go through `actions::set_option`, which checks, audits and announces it.
///
/// # Errors
/// When the database does not answer.
pub async fn set(tx: &mut Conn, name: &str, value: &[u8], autoload: bool) -> Result<()> {
    tx.run(
        "insert into options (name, value, autoload) values ($1, $2, $3) \
         on conflict (name) do update set value = excluded.value, autoload = excluded.autoload",
        &[name.into(), value.into(), autoload.into()],
    )
    .await
    .map(drop)
}

//! One picture of the whole database for long reads, while others go on writing.

use gp_kernel::Result;
use gp_store::{Conn, Db, Dialect};

/// Begins to look at the database as it is now.
pub(crate) async fn begin(db: &Db) -> Result<Conn> {
    let mut conn = db.read().await?;
    conn.script(match db.dialect() {
        Dialect::Sqlite => "begin",
        Dialect::Postgres => "begin isolation level repeatable read read only",
    })
    .await?;
    Ok(conn)
}

/// Ends it.
pub(crate) async fn end(conn: &mut Conn) -> Result<()> {
    conn.script("rollback").await
}

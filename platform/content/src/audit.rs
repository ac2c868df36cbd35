//! What was done, and by whom: written by the verbs in their own transactions, read here. What must never be here: a way to change it.

use gp_kernel::{Result, UserId};
use gp_store::Conn;

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Later lines have higher numbers.
    pub id: i64,
    /// Seconds since 1970.
    pub at: i64,
    /// Who; 0 is the program itself, or nobody.
    pub actor: UserId,
    /// What they did.
    pub verb: String,
    /// To what: `item`, `user`, `option` …
    pub kind: String,
    /// Which one.
    pub object: i64,
    /// More of it; never a secret.
    pub detail: String,
}

/// The newest lines first; `before` 0 begins with the last.
///
/// # Errors
/// When the database does not answer.
pub async fn latest(conn: &mut Conn, before: i64, limit: usize) -> Result<Vec<Entry>> {
    let before = if before > 0 { before } else { i64::MAX };
    let sql = "select id, at, actor, verb, kind, object, detail from audit where id < $1 order by id desc limit $2";
    let rows = conn.all(sql, &[before.into(), limit.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                id: row.int(0)?,
                at: row.int(1)?,
                actor: UserId(row.int(2)?),
                verb: row.text(3)?,
                kind: row.text(4)?,
                object: row.int(5)?,
                detail: row.text(6)?,
            })
        })
        .collect()
}

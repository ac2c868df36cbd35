//! How large the database is on disk. One of the few questions that each database has its own words for.

use gp_kernel::Result;

use crate::{Conn, Db, Dialect};

/// The size of the database in bytes, its indexes included.
///
/// # Errors
/// When the database does not answer.
pub async fn size(db: &Db, conn: &mut Conn) -> Result<i64> {
    conn.reading([]);
    let sql = match db.dialect() {
        Dialect::Postgres => "select pg_database_size(current_database())",
        Dialect::Sqlite => {
            "select cast(c.page_count * s.page_size as bigint) from pragma_page_count() c, pragma_page_size() s"
        }
    };
    conn.number(sql, &[]).await
}

#[cfg(test)]
mod tests {
    use crate::testing::databases;

    #[tokio::test]
    async fn a_database_takes_room() {
        let folder = tempfile::tempdir().unwrap();
        for test in databases(folder.path(), "size").await.unwrap() {
            let mut conn = test.db.read().await.unwrap();
            assert!(super::size(&test.db, &mut conn).await.unwrap() > 4096, "{}", test.name);
        }
    }
}

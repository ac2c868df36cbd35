//! Migrations: forward only, one folder a step with both dialects, never edited once released.

use gp_kernel::{Error, Result};

use crate::db::{Db, Dialect};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Folder name, `0001_items`; steps run in this order.
    pub name: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            sqlite: include_str!(concat!("../../../migrations/", $name, "/sqlite.sql")),
            postgres: include_str!(concat!("../../../migrations/", $name, "/postgres.sql")),
        }
    };
}

/// All steps, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    migration!("0001_items"),
    migration!("0002_documents"),
    migration!("0003_exchange"),
    migration!("0004_citations"),
    migration!("0005_accounts"),
    migration!("0006_passkeys"),
];

/// Any number that no other program uses: servers that start together wait for each other.
const LOCK: &str = "select pg_advisory_xact_lock(727001)";

/// Brings the schema up to date; safe when several servers start at once.
///
/// # Errors
/// When the database was made by a newer Guidepost, or a step fails (then nothing of it has happened).
pub async fn migrate(db: &Db) -> Result<()> {
    let mut tx = db.write().await?;
    if db.dialect() == Dialect::Postgres {
        tx.script(LOCK).await?;
    }
    tx.script("create table if not exists migrations (name text primary key)")
        .await?;
    let done: Vec<String> = tx
        .all("select name from migrations order by name", &[])
        .await?
        .iter()
        .map(|row| row.text(0))
        .collect::<Result<_>>()?;
    if let Some(unknown) = done.iter().find(|name| MIGRATIONS.iter().all(|m| m.name != *name)) {
        return Err(Error::invalid(format!(
            "the database has the step {unknown}, which this version does not know"
        ))
        .hint("it was made by a newer Guidepost: start that one"));
    }
    for step in MIGRATIONS.iter().filter(|m| !done.iter().any(|name| name == m.name)) {
        let script = match db.dialect() {
            Dialect::Sqlite => step.sqlite,
            Dialect::Postgres => step.postgres,
        };
        tx.script(script)
            .await
            .map_err(|e| e.at(format!("migration {}", step.name)))?;
        tx.run("insert into migrations (name) values ($1)", &[step.name.into()])
            .await?;
    }
    tx.commit().await?;
    db.kept().open(&mut db.read().await?).await
}

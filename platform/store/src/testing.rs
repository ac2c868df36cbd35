//! Databases for tests: a fresh SQLite file, and a fresh PostgreSQL database where `GUIDEPOST_TEST_POSTGRES` names a server.

use std::path::Path;

use gp_kernel::{Error, Result};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{Db, migrate};

/// One database, made for one test.
#[derive(Debug)]
pub struct TestDb {
    /// Up to date and empty.
    pub db: Db,
    /// `sqlite` or `postgres`, for messages.
    pub name: &'static str,
    /// The address to open it once more; empty for SQLite in the folder.
    pub url: String,
}

/// A fresh database of each kind that this machine has. `folder` is the test's own; `label` makes the name unique.
///
/// # Errors
/// When one cannot be made.
pub async fn databases(folder: &Path, label: &str) -> Result<Vec<TestDb>> {
    let mut made = vec![TestDb {
        db: Db::open("", folder).await?,
        name: "sqlite",
        url: String::new(),
    }];
    if let Ok(server) = std::env::var("GUIDEPOST_TEST_POSTGRES") {
        made.push(postgres(&server, label).await?);
    } else {
        println!("PostgreSQL: skipped, GUIDEPOST_TEST_POSTGRES names no server");
    }
    for test in &made {
        migrate(&test.db).await?;
    }
    Ok(made)
}

async fn postgres(server: &str, label: &str) -> Result<TestDb> {
    let fault = |e: sqlx::Error| Error::internal(format!("test database: {e}"));
    let name = format!("gp_{label}_{}", std::process::id());
    let mut admin = PgConnection::connect(server).await.map_err(fault)?;
    for sql in [
        format!("drop database if exists {name} with (force)"),
        format!("create database {name}"),
    ] {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut admin)
            .await
            .map_err(fault)?;
    }
    admin.close().await.map_err(fault)?;
    let (base, query) = server.split_once('?').map_or((server, ""), |(b, q)| (b, q));
    let host = base.rsplit_once('/').map_or(base, |(host, _)| host);
    let url = if query.is_empty() {
        format!("{host}/{name}")
    } else {
        format!("{host}/{name}?{query}")
    };
    Ok(TestDb {
        db: Db::open(&url, Path::new("")).await?,
        name: "postgres",
        url,
    })
}

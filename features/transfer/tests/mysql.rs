//! A live MySQL database gives the same site as a dump of it. Skipped where `GUIDEPOST_TEST_MYSQL` names no server.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod home;

use gp_transfer::{SiteImport, SiteSource, check};
use home::{Home, assert_same, dumps, site};
use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection};

#[tokio::test]
async fn a_live_database_is_read_like_its_dump() {
    let Ok(server) = std::env::var("GUIDEPOST_TEST_MYSQL") else {
        println!("MySQL: skipped, GUIDEPOST_TEST_MYSQL names no server");
        return;
    };
    let name = format!("gp_transfer_{}", std::process::id());
    let mut admin = MySqlConnection::connect(&server).await.unwrap();
    let script = format!(
        "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4; USE {name}; SET SESSION sql_mode='NO_AUTO_VALUE_ON_ZERO';"
    );
    sqlx::raw_sql(AssertSqlSafe(script)).execute(&mut admin).await.unwrap();
    // Bytes that are no text cannot be in a table of a living server.
    let dump = dumps::ODD.replace("0xC328FF00", "'raw'").replace("0x62C328", "'b('");
    sqlx::raw_sql(AssertSqlSafe(dump.clone()))
        .execute(&mut admin)
        .await
        .unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    for live in Home::each("live").await {
        let from = SiteImport {
            from: SiteSource::Mysql(url.clone()),
            uploads: None,
            prefix: None,
            dry_run: false,
        };
        let report = live.try_import(&from).await.unwrap();
        let by_dump = Home::new().await;
        let path = by_dump.folder.path().join("dump.sql");
        std::fs::write(&path, &dump).unwrap();
        let other = by_dump.try_import(&site(&path, None)).await.unwrap();
        assert_eq!(report.tables, other.tables, "{}", report.to_text());
        assert!(!report.source.contains("guidepost:"), "{}", report.source);
        assert_same(&live.carried().await, &by_dump.carried().await, "live and dump");
        let kept = "select table_name, position, data from kept_rows order by 1, 2";
        let shown = |rows: Vec<home::Cells>| -> Vec<String> {
            rows.iter()
                .map(|r| String::from_utf8_lossy(&r.concat()).into_owned())
                .collect()
        };
        assert_eq!(
            shown(live.rows(kept, "tib").await),
            shown(by_dump.rows(kept, "tib").await)
        );
        assert_eq!(check(&live.db, &live.blobs).await.unwrap(), []);
    }
    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name}")))
        .execute(&mut admin)
        .await
        .unwrap();
}

//! Judges imports by recorded sites: the folder that `GUIDEPOST_FIXTURES` names. Skipped when it is absent.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod home;

use home::{Home, fixtures, json};

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

#[tokio::test]
async fn a_whole_site_is_imported_without_losing_a_row() {
    let Some(folder) = fixtures("site") else { return };
    let home = Home::new().await;
    let report = home
        .import(&folder.join("dump.sql"), Some(folder.join("uploads.tar")))
        .await;
    let counts = json(&folder.join("counts.json"));
    let mut wrong = Vec::new();
    for (table, rows) in counts["tables"].as_object().unwrap() {
        let count = report.tables.get(table).copied().unwrap_or_default();
        if Some(count.rows) != rows.as_u64() || !count.adds_up() || count.refused > 0 {
            wrong.push(format!("{table}: {count:?}, recorded {rows}"));
        }
    }
    for (kind, by_status) in counts["posts"].as_object().unwrap() {
        for (status, number) in by_status.as_object().unwrap() {
            let found = home
                .number(&format!(
                    "select count(*) from items where type = '{kind}' and status = '{status}'"
                ))
                .await;
            if Some(found) != number.as_i64() {
                wrong.push(format!("{kind}/{status}: {found}, recorded {number}"));
            }
        }
    }
    for (taxonomy, number) in counts["terms"].as_object().unwrap() {
        let found = home
            .number(&format!("select count(*) from terms where taxonomy = '{taxonomy}'"))
            .await;
        let kept = home
            .number("select count(*) from kept_rows where table_name = 'wp_term_taxonomy'")
            .await;
        if Some(found) != number.as_i64() && kept == 0 {
            wrong.push(format!("{taxonomy}: {found}, recorded {number}"));
        }
    }
    for (kind, by_status) in counts["comments"].as_object().unwrap() {
        for (status, number) in by_status.as_object().unwrap() {
            let sql = format!("select count(*) from comments where type = '{kind}' and approved = '{status}'");
            let found = home.number(&sql).await;
            if Some(found) != number.as_i64() {
                wrong.push(format!("comment {kind}/{status}: {found}, recorded {number}"));
            }
        }
    }
    for (name, value) in counts["options"].as_object().unwrap() {
        let stored = gp_store::settings::get(&mut home.db.read().await.unwrap(), name)
            .await
            .unwrap();
        if value.as_str().is_some_and(|v| Some(v.as_bytes()) != stored.as_deref()) {
            wrong.push(format!("option {name}"));
        }
    }
    println!("transfer, site: {} tables, {:?}", report.tables.len(), report.total());
    assert!(wrong.is_empty(), "{wrong:#?}\n{}", report.to_text());

    let again = home
        .import(&folder.join("dump.sql"), Some(folder.join("uploads.tar")))
        .await;
    let total = again.total();
    assert_eq!(
        (total.imported, total.updated, total.refused),
        (0, 0, 0),
        "{}",
        again.to_text()
    );
    assert_eq!(total.unchanged + total.kept, total.rows);
    assert_eq!(again.uploads.as_ref().map(|u| u.imported), Some(0));
}

#[tokio::test]
async fn every_marker_of_the_site_is_found() {
    let Some(folder) = fixtures("site") else { return };
    let home = Home::new().await;
    home.import(&folder.join("dump.sql"), None).await;
    let all = home.everything().await;
    let list = json(&folder.join("markers.json"));
    let in_tables = |m: &&serde_json::Value| m["where"].as_array().unwrap().iter().any(|w| w["table"] != "uploads");
    let markers: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .filter(in_tables)
        .filter_map(|m| m["marker"].as_str())
        .collect();
    assert!(markers.len() > 300);
    let lost: Vec<&&str> = markers
        .iter()
        .filter(|m| !all.iter().any(|v| holds(v, m.as_bytes())))
        .collect();
    println!(
        "transfer, site: {} of {} markers found",
        markers.len() - lost.len(),
        markers.len()
    );
    assert!(lost.is_empty(), "{lost:?}");
}

#[tokio::test]
async fn uploads_keep_every_byte() {
    let Some(folder) = fixtures("site") else { return };
    let home = Home::new().await;
    let report = home
        .import(&folder.join("dump.sql"), Some(folder.join("uploads.tar")))
        .await;
    let mut conn = home.db.read().await.unwrap();
    let mut right = 0;
    let list = json(&folder.join("uploads.json"));
    let list = list.as_array().unwrap();
    for file in list {
        let path = file[0].as_str().unwrap();
        let path = path.strip_prefix("uploads/").unwrap_or(path);
        let row = conn
            .one("select digest, size from files where path = $1", &[path.into()])
            .await
            .unwrap();
        if path.contains("wp-personal-data-exports") {
            assert!(row.is_none(), "{path} must not have a name");
            right += 1;
            continue;
        }
        let row = row.unwrap_or_else(|| panic!("{path} has no name"));
        assert_eq!(
            (row.text(0).unwrap().as_str(), row.int(1).unwrap()),
            (file[2].as_str().unwrap(), file[1].as_i64().unwrap())
        );
        let digest = gp_store::Digest::parse(&row.text(0).unwrap()).unwrap();
        assert_eq!(gp_store::Digest::of(&home.blobs.get(&digest).await.unwrap()), digest);
        right += 1;
    }
    println!("transfer, site: {right} of {} files, {:?}", list.len(), report.uploads);
}

//! Judges WordPress exports by what WordPress's own importer makes of them, and by the rows of the site they came from.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod home;

use std::path::Path;

use home::{Home, assert_same, fixtures, json};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

fn sha(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

fn str_of<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// What differs between an item that was recorded and the one that is here.
async fn differences(home: &Home, post: &Value) -> Vec<String> {
    let (title, date) = (str_of(post, "title"), str_of(post, "date"));
    let kind = str_of(post, "type");
    let mut conn = home.conn().await;
    let by_id = post["id"].as_i64().filter(|id| *id > 0);
    let rows = match by_id {
        Some(id) => conn.all("select id, status, name, title, content, excerpt, parent, menu_order, date, type from items where id = $1", &[id.into()]).await,
        None => conn.all("select id, status, name, title, content, excerpt, parent, menu_order, date, type from items where title = $1 and date = $2 and type = $3",
            &[title.into(), date.into(), kind.into()]).await,
    }.unwrap();
    let [row] = &rows[..] else {
        return vec![format!("{kind} {title}: {} items", rows.len())];
    };
    let id = row.int(0).unwrap();
    let mut wrong = Vec::new();
    let mut same = |what: &str, found: String, wanted: String| {
        if found != wanted {
            wrong.push(format!("{kind} {id} {title}: {what} is {found:?}, recorded {wanted:?}"));
        }
    };
    for (at, key) in [(1, "status"), (2, "name"), (3, "title"), (8, "date"), (9, "type")] {
        same(key, row.text(at).unwrap(), str_of(post, key).to_owned());
    }
    same(
        "content",
        sha(row.text(4).unwrap().as_bytes()),
        str_of(post, "content_sha256").to_owned(),
    );
    same(
        "excerpt",
        sha(row.text(5).unwrap().as_bytes()),
        str_of(post, "excerpt_sha256").to_owned(),
    );
    same("parent", row.int(6).unwrap().to_string(), post["parent"].to_string());
    same("order", row.int(7).unwrap().to_string(), post["menu_order"].to_string());
    let metas = conn
        .all(
            "select key, value from item_meta where item_id = $1 order by id",
            &[id.into()],
        )
        .await
        .unwrap();
    let metas: Vec<Value> = metas
        .iter()
        .map(|m| {
            let value = m.bytes(1).unwrap();
            Value::from(vec![
                Value::from(m.text(0).unwrap()),
                Value::from(value.len()),
                Value::from(sha(&value)),
            ])
        })
        .collect();
    same("meta", Value::from(metas).to_string(), post["meta"].to_string());
    let login = conn
        .all(
            "select u.login from users u join items i on i.author = u.id where i.id = $1",
            &[id.into()],
        )
        .await
        .unwrap();
    same(
        "author",
        login.first().map(|r| r.text(0).unwrap()).unwrap_or_default(),
        str_of(post, "author").to_owned(),
    );
    let comments = conn
        .all("select id from comments where item_id = $1 order by id", &[id.into()])
        .await
        .unwrap();
    let mut wanted: Vec<i64> = post["comments"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_i64)
        .collect();
    wanted.sort_unstable();
    same(
        "comments",
        format!("{:?}", comments.iter().map(|c| c.int(0).unwrap()).collect::<Vec<_>>()),
        format!("{wanted:?}"),
    );
    let terms = conn.all("select t.taxonomy, t.slug from terms t join item_terms x on x.term_taxonomy_id = t.id where x.item_id = $1", &[id.into()]).await.unwrap();
    let mut found: Vec<String> = terms
        .iter()
        .map(|t| format!("{}:{}", t.text(0).unwrap(), t.text(1).unwrap()))
        .collect();
    let mut wanted: Vec<String> = post["terms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| format!("{}:{}", t[0].as_str().unwrap(), t[1].as_str().unwrap()))
        .collect();
    found.sort();
    wanted.sort();
    wanted.dedup();
    same("terms", format!("{found:?}"), format!("{wanted:?}"));
    wrong
}

#[tokio::test]
async fn exports_are_read_as_wordpress_reads_them() {
    let Some(folder) = fixtures("wxr") else { return };
    let (mut right, mut all) = (0, 0);
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "xml") {
            continue;
        }
        all += 1;
        let expected = &json(&path.with_extension("expected.json"))["expected"];
        let home = Home::new().await;
        let done = home.wxr(&path).await;
        if expected.is_null() {
            right += i32::from(done.is_err());
            assert_eq!(home.number("select count(*) from items").await, 0);
            continue;
        }
        done.unwrap();
        let posts = expected["posts"].as_array().unwrap();
        let mut here = Vec::new();
        if home.number("select count(*) from items").await != i64::try_from(posts.len()).unwrap() {
            here.push(format!("{}: the number of items differs", path.display()));
        }
        // Of items with one id, the later ones get a new id here, and what points at them follows: only their number is judged.
        let mut seen = std::collections::HashSet::new();
        for post in posts
            .iter()
            .filter(|p| p["id"] == 0 || seen.insert(p["id"].to_string()))
        {
            here.extend(differences(&home, post).await);
        }
        right += i32::from(here.is_empty());
        wrong.extend(here);
        let first = home.carried().await;
        let again = home.wxr(&path).await.unwrap();
        assert_eq!(
            (again.total().imported, again.total().updated),
            (0, 0),
            "{}: {}",
            path.display(),
            again.to_text()
        );
        assert_same(&first, &home.carried().await, "the second import");
    }
    println!("transfer, wxr: {right} of {all} files");
    assert!(wrong.is_empty(), "{:#?}", &wrong[..wrong.len().min(20)]);
}

async fn round_trip(path: &Path) {
    let (one, two) = (Home::new().await, Home::new().await);
    one.wxr(path).await.unwrap();
    two.wxr(&one.export().await).await.unwrap();
    assert_same(&one.carried().await, &two.carried().await, &path.display().to_string());
    let again = two.wxr(&one.export().await).await.unwrap();
    assert_eq!(
        (again.total().imported, again.total().updated),
        (0, 0),
        "{}",
        again.to_text()
    );
}

#[tokio::test]
async fn import_export_import_is_the_identity() {
    let Some(folder) = fixtures("wxr") else { return };
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "xml")
            && !json(&path.with_extension("expected.json"))["expected"].is_null()
        {
            round_trip(&path).await;
            count += 1;
        }
    }
    if let Some(folder) = fixtures("site") {
        round_trip(&folder.join("export.wxr.xml")).await;
        count += 1;
    }
    println!("transfer, wxr: {count} of {count} round trips");
}

#[tokio::test]
async fn a_whole_site_goes_through_an_export() {
    let Some(folder) = fixtures("site") else { return };
    let (one, two) = (Home::new().await, Home::new().await);
    one.import(&folder.join("dump.sql"), None).await;
    two.wxr(&one.export().await).await.unwrap();
    assert_same(&one.carried().await, &two.carried().await, "the site's own export");
}

#[tokio::test]
async fn every_type_is_stored_as_wordpress_stores_it() {
    let Some(folder) = fixtures("storage") else { return };
    let rows = json(&folder.join("alltypes-rows.json"));
    let rows = rows.as_array().unwrap();
    let home = Home::new().await;
    let dump = home.folder.path().join("dump.sql");
    std::fs::write(&dump, dump_of(rows)).unwrap();
    let report = home.import(&dump, None).await;
    assert_eq!(report.total().refused + report.total().kept, 0, "{}", report.to_text());
    let mut right = 0;
    for row in rows {
        let id: i64 = str_of(row, "ID").parse().unwrap();
        let found = home.rows(&format!("select type, status, name, title, content, excerpt, guid, date, content_filtered, mime_type from items where id = {id}"), "tttttttttt").await;
        let wanted: Vec<Vec<u8>> = [
            "post_type",
            "post_status",
            "post_name",
            "post_title",
            "post_content",
            "post_excerpt",
            "guid",
            "post_date",
            "post_content_filtered",
            "post_mime_type",
        ]
        .iter()
        .map(|k| str_of(row, k).as_bytes().to_vec())
        .collect();
        assert_eq!(found, [wanted], "{id}");
        let metas = home
            .rows(
                &format!("select key, value from item_meta where item_id = {id} order by id"),
                "tb",
            )
            .await;
        let wanted: Vec<Vec<Vec<u8>>> = row["meta"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| {
                vec![
                    m[0].as_str().unwrap().as_bytes().to_vec(),
                    m[1].as_str().unwrap_or_default().as_bytes().to_vec(),
                ]
            })
            .collect();
        assert_eq!(metas, wanted, "{id}");
        right += 1;
    }
    println!("transfer, storage: {right} of {} rows", rows.len());
}

fn quoted(text: &str) -> String {
    format!(
        "'{}'",
        text.replace('\\', "\\\\")
            .replace('\'', "\\'")
            .replace('\n', "\\n")
            .replace('\r', "\\r")
            .replace('\0', "\\0")
    )
}

/// A dump of these rows as mysqldump would write it, with terms and relationships.
fn dump_of(rows: &[Value]) -> String {
    let mut sql = "SET NAMES utf8mb4;\nCREATE TABLE `wp_options` (`option_id` bigint, `option_name` varchar(191), `option_value` longtext, `autoload` varchar(20));\n".to_owned();
    let keys: Vec<&String> = rows[0]
        .as_object()
        .unwrap()
        .keys()
        .filter(|k| *k != "meta" && *k != "terms")
        .collect();
    let names = keys.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(",");
    let mut meta_id = 0;
    let mut terms: Vec<String> = Vec::new();
    let mut tail = String::new();
    for row in rows {
        let values = keys
            .iter()
            .map(|k| quoted(str_of(row, k)))
            .collect::<Vec<_>>()
            .join(",");
        sql.push_str(&format!("INSERT INTO `wp_posts` ({names}) VALUES ({values});\n"));
        for meta in row["meta"].as_array().unwrap() {
            meta_id += 1;
            let (key, value) = (
                quoted(meta[0].as_str().unwrap()),
                quoted(meta[1].as_str().unwrap_or_default()),
            );
            tail.push_str(&format!(
                "INSERT INTO `wp_postmeta` VALUES ({meta_id},{},{key},{value});\n",
                str_of(row, "ID")
            ));
        }
        for term in row["terms"].as_array().unwrap() {
            let term = term.as_str().unwrap().to_owned();
            let at = terms.iter().position(|t| *t == term).unwrap_or_else(|| {
                terms.push(term);
                terms.len() - 1
            }) + 1;
            tail.push_str(&format!(
                "INSERT INTO `wp_term_relationships` VALUES ({},{at},0);\n",
                str_of(row, "ID")
            ));
        }
    }
    for (at, term) in (1..).zip(&terms) {
        let (taxonomy, slug) = term.split_once(':').unwrap();
        tail.push_str(&format!("INSERT INTO `wp_terms` VALUES ({at},{0},{0},0);\nINSERT INTO `wp_term_taxonomy` VALUES ({at},{at},{1},'',0,1);\n", quoted(slug), quoted(taxonomy)));
    }
    sql + &tail
}

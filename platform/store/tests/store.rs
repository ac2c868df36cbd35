//! The store on both databases, and blobs on disk and in a real S3 server.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use gp_kernel::ErrorKind;
use gp_store::{
    BlobStore, Dep, Digest, Feed, Jobs, Recall, changes_after, record_change, settings, testing::databases,
};

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "values").await.unwrap() {
        let mut tx = test.db.write().await.unwrap();
        settings::set(&mut tx, "a", b"bytes \0 \xff", true).await.unwrap();
        settings::set(&mut tx, "empty", b"", false).await.unwrap();
        settings::set(&mut tx, "a", "naïve 文".as_bytes(), true).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(
            settings::text(&mut conn, "a").await.unwrap(),
            "naïve 文",
            "{}",
            test.name
        );
        assert_eq!(
            settings::get(&mut conn, "empty").await.unwrap(),
            Some(vec![]),
            "{}",
            test.name
        );
        assert_eq!(settings::autoloaded(&mut conn).await.unwrap().len(), 1, "{}", test.name);
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_never_happened() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "dropped").await.unwrap() {
        let mut tx = test.db.write().await.unwrap();
        settings::set(&mut tx, "a", b"1", true).await.unwrap();
        drop(tx);
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(settings::get(&mut conn, "a").await.unwrap(), None, "{}", test.name);
    }
}

#[tokio::test]
async fn a_taken_key_is_a_conflict() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "conflict").await.unwrap() {
        let mut tx = test.db.write().await.unwrap();
        let sql = "insert into redirects (source, target) values ('/a', '/b')";
        tx.run(sql, &[]).await.unwrap();
        assert_eq!(
            tx.run(sql, &[]).await.unwrap_err().kind,
            ErrorKind::Conflict,
            "{}",
            test.name
        );
    }
}

#[tokio::test]
async fn many_rows_go_in_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "many").await.unwrap() {
        let mut tx = test.db.write().await.unwrap();
        let args: Vec<gp_store::Arg> = (0..5000_i64)
            .flat_map(|n| [n.into(), "x".into(), n.into(), 0_i64.into()])
            .collect();
        tx.insert_many("insert into changes (id, kind, object, at) values", 4, "", &args)
            .await
            .unwrap();
        assert_eq!(
            tx.number("select count(*) from changes", &[]).await.unwrap(),
            5000,
            "{}",
            test.name
        );
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn both_schemas_have_the_same_tables_and_columns() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen: Vec<Vec<String>> = Vec::new();
    for test in databases(folder.path(), "schema").await.unwrap() {
        let sql = match test.name {
            "sqlite" => {
                "select m.name || '.' || c.name from sqlite_master m join pragma_table_info(m.name) c \
                 where m.type = 'table' and m.name not like 'sqlite%' order by 1"
            }
            _ => {
                "select (table_name || '.' || column_name)::text collate \"C\" from information_schema.columns \
                 where table_schema = 'public' order by 1"
            }
        };
        let mut conn = test.db.read().await.unwrap();
        let rows = conn.all(sql, &[]).await.unwrap();
        seen.push(rows.iter().map(|r| r.text(0).unwrap()).collect());
    }
    assert!(seen[0].contains(&"items.title".to_owned()));
    assert!(seen.windows(2).all(|w| w[0] == w[1]), "{seen:#?}");
}

#[tokio::test]
async fn another_server_hears_of_a_change() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "feed").await.unwrap() {
        let other = gp_store::Db::open(&test.url, folder.path()).await.unwrap();
        let mut feed = Feed::follow(&other).await.unwrap();
        let mut tx = test.db.write().await.unwrap();
        let id = record_change(&mut tx, "item", 7, 0).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(feed.moved().await, id, "{}", test.name);
        let changes = changes_after(&mut other.read().await.unwrap(), 0, 10).await.unwrap();
        assert_eq!((changes.len(), changes[0].object), (1, 7), "{}", test.name);
    }
}

#[tokio::test]
async fn a_job_is_leased_once_and_taken_over_when_its_worker_dies() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "jobs").await.unwrap() {
        let jobs = Jobs::new(test.db.clone());
        let mut tx = test.db.write().await.unwrap();
        Jobs::ask(&mut tx, "publish", "1", 100).await.unwrap();
        Jobs::ask(&mut tx, "publish", "1", 100).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(jobs.lease(99, 60).await.unwrap(), None, "{}: not due yet", test.name);
        let first = jobs.lease(100, 60).await.unwrap().unwrap();
        assert_eq!(
            jobs.lease(120, 60).await.unwrap(),
            None,
            "{}: somebody has it",
            test.name
        );
        let second = jobs.lease(161, 60).await.unwrap().unwrap();
        assert_eq!((first.id, second.attempts), (second.id, 2), "{}", test.name);
        jobs.done(&first).await.unwrap();
        assert_eq!(
            jobs.lease(300, 60).await.unwrap().map(|j| j.attempts),
            Some(3),
            "{}: the dead one's word counts no more",
            test.name
        );
    }
}

async fn blob_story(blobs: &BlobStore) {
    let digest = blobs.put(bytes::Bytes::from_static(b"hello world")).await.unwrap();
    assert_eq!(digest, Digest::of(b"hello world"));
    assert_eq!(
        blobs.put(bytes::Bytes::from_static(b"hello world")).await.unwrap(),
        digest
    );
    assert_eq!(blobs.get(&digest).await.unwrap(), "hello world");
    let part: Vec<u8> = {
        use futures_util::TryStreamExt as _;
        let parts: Vec<bytes::Bytes> = blobs.stream(&digest, 6, 11).await.unwrap().try_collect().await.unwrap();
        parts.concat()
    };
    assert_eq!(part, b"world");
    assert_eq!(blobs.list().await.unwrap().get(&digest.0), Some(&11));
    assert_eq!(
        blobs.get(&Digest::of(b"no")).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn blobs_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    blob_story(&BlobStore::open("", folder.path()).unwrap()).await;
}

#[tokio::test]
async fn blobs_in_s3() {
    let Ok(url) = std::env::var("GUIDEPOST_TEST_S3") else {
        println!("S3: skipped, GUIDEPOST_TEST_S3 names no server");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    blob_story(&BlobStore::open(&url, folder.path()).unwrap()).await;
}

#[tokio::test]
async fn a_wrong_address_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let error = gp_store::Db::open("mysql://x", folder.path())
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("postgres://"), "{error}");
    let error = BlobStore::open("ftp://x", folder.path()).unwrap_err().to_string();
    assert!(error.contains("s3://"), "{error}");
}

/// Keeps a number under a key, made from an item, with another making inside that is given up.
async fn keep(conn: &mut gp_store::Conn, value: i64) {
    let Recall::Missing(outer) = conn.recall::<i64>("outer") else {
        panic!("it is not kept yet");
    };
    conn.reading([Dep::item(7)]);
    conn.number("select count(*) from changes", &[]).await.unwrap();
    let Recall::Missing(inner) = conn.recall::<i64>("inner") else {
        panic!("it is not kept yet");
    };
    conn.reading([Dep::item(8)]);
    conn.number("select count(*) from changes", &[]).await.unwrap();
    drop(inner);
    outer.keep(conn, value, 8);
}

#[tokio::test]
async fn what_is_kept_falls_with_what_was_read_for_it_even_in_a_making_that_failed() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "kept").await.unwrap() {
        for changed in [7, 8] {
            keep(&mut test.db.read().await.unwrap(), changed).await;
            let kept = |found| matches!(found, Recall::Found(value) if *value == changed);
            assert!(
                kept(test.db.read().await.unwrap().recall::<i64>("outer")),
                "{}",
                test.name
            );
            let mut tx = test.db.write().await.unwrap();
            assert!(!kept(tx.recall::<i64>("outer")), "a transaction finds nothing kept");
            record_change(&mut tx, "item", 9, 0).await.unwrap();
            tx.commit().await.unwrap();
            assert!(
                kept(test.db.read().await.unwrap().recall::<i64>("outer")),
                "{}",
                test.name
            );
            let mut tx = test.db.write().await.unwrap();
            record_change(&mut tx, "item", changed, 0).await.unwrap();
            tx.commit().await.unwrap();
            assert!(
                !kept(test.db.read().await.unwrap().recall::<i64>("outer")),
                "{}",
                test.name
            );
        }
    }
}

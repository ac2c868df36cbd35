//! A backup is the whole site, and comes back the same, in the other database too.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod home;

use gp_kernel::SystemClock;
use gp_transfer::{Silent, backup, check, restore};
use home::{Home, assert_same, dumps};

async fn full(home: &Home) {
    let dump = home.folder.path().join("odd.sql");
    std::fs::write(&dump, dumps::ODD).unwrap();
    let up = home.folder.path().join("up");
    std::fs::create_dir_all(&up).unwrap();
    std::fs::write(up.join("a.txt"), "a").unwrap();
    std::fs::write(up.join("large.bin"), vec![3; 9 << 20]).unwrap();
    home.import(&dump, Some(up)).await;
}

#[tokio::test]
async fn a_backup_comes_back_in_each_database() {
    for from in Home::each("from").await {
        full(&from).await;
        let file = from.folder.path().join("site.backup");
        let made = backup(
            &from.db,
            &from.blobs,
            &from.folder.path().join("themes"),
            &file,
            &Silent,
            &SystemClock,
        )
        .await
        .unwrap();
        assert_eq!((made.files, made.tables["items"]), (2, 3));
        for to in Home::each("to").await {
            let back = restore(&to.db, &to.blobs, &to.folder.path().join("themes"), &file, &Silent)
                .await
                .unwrap();
            assert_eq!(back, made);
            assert_same(&from.carried().await, &to.carried().await, "restored");
            for (sql, kinds) in [
                ("select name, value, autoload from options order by name", "tbi"),
                ("select table_name, position, data from kept_rows order by 1, 2", "tib"),
                (
                    "select table_name, row_id, column_name, bytes from originals order by 1, 2, 3",
                    "titb",
                ),
                ("select name, next from sequences order by name", "ti"),
                ("select path, digest, size from files order by path", "tti"),
                ("select login, password from users order by id", "tt"),
            ] {
                assert_eq!(from.rows(sql, kinds).await, to.rows(sql, kinds).await, "{sql}");
            }
            assert_eq!(check(&to.db, &to.blobs).await.unwrap(), []);
            let twice = restore(&to.db, &to.blobs, &to.folder.path().join("themes"), &file, &Silent)
                .await
                .unwrap_err()
                .to_string();
            assert!(twice.contains("not empty"), "{twice}");
        }
    }
}

#[tokio::test]
async fn a_backup_that_is_not_whole_leaves_nothing() {
    let from = Home::new().await;
    full(&from).await;
    let file = from.folder.path().join("site.backup");
    backup(
        &from.db,
        &from.blobs,
        &from.folder.path().join("themes"),
        &file,
        &Silent,
        &SystemClock,
    )
    .await
    .unwrap();
    let whole = std::fs::read(&file).unwrap();
    for (name, bytes) in [
        ("cut", &whole[..whole.len() - 40]),
        ("half", &whole[..whole.len() / 2]),
        ("noise", &[9; 4000][..]),
    ] {
        let to = Home::new().await;
        let bad = to.folder.path().join(name);
        std::fs::write(&bad, bytes).unwrap();
        let error = restore(&to.db, &to.blobs, &to.folder.path().join("themes"), &bad, &Silent)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(name), "{error}");
        assert_eq!(to.number("select count(*) from items").await, 0);
        assert_eq!(to.number("select next from sequences where name = 'items'").await, 1);
    }
}

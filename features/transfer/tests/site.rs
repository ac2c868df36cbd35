//! The story of a whole site that moves in, on each database: every trait of a dump, bad input, files, a second time.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod home;

use std::{io::Write as _, path::PathBuf};

use gp_kernel::ErrorKind;
use gp_transfer::{Count, SiteImport, check};
use home::{Home, dumps, site};

fn write(home: &Home, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = home.folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn count(rows: u64, imported: u64, kept: u64, refused: u64) -> Count {
    Count {
        rows,
        imported,
        kept,
        refused,
        ..Count::default()
    }
}

#[tokio::test]
async fn every_row_of_an_odd_dump_is_accounted_for() {
    for home in Home::each("odd").await {
        let report = home.import(&write(&home, "odd.sql", dumps::ODD), None).await;
        for (table, wanted) in [
            ("posts", count(4, 3, 0, 1)),
            ("postmeta", count(7, 4, 1, 2)),
            ("terms", count(3, 2, 1, 0)),
            ("term_taxonomy", count(4, 3, 1, 0)),
            ("term_relationships", count(5, 2, 3, 0)),
            ("termmeta", count(2, 1, 1, 0)),
            ("users", count(1, 1, 0, 0)),
            ("usermeta", count(2, 1, 1, 0)),
            ("comments", count(2, 1, 1, 0)),
            ("commentmeta", count(2, 1, 1, 0)),
            ("options", count(7, 6, 0, 1)),
            ("links", count(1, 0, 1, 0)),
            ("plugin_log", count(2, 0, 2, 0)),
            ("plugin_empty", count(0, 0, 0, 0)),
        ] {
            assert_eq!(
                report.tables[&format!("lib_{table}")],
                wanted,
                "{table}\n{}",
                report.to_text()
            );
        }
        assert_eq!(
            (report.types["post"], report.types["country_profile"]),
            (count(2, 1, 0, 1), count(1, 1, 0, 0))
        );
        assert_eq!(report.refused.len(), 4);
        assert!(
            report
                .refused
                .iter()
                .any(|r| r.table == "lib_posts" && r.row.starts_with("10 (line ")),
            "{:?}",
            report.refused
        );
        assert_eq!(check(&home.db, &home.blobs).await.unwrap(), []);
    }
}

#[tokio::test]
async fn bytes_stay_as_they_were() {
    for home in Home::each("bytes").await {
        home.import(&write(&home, "odd.sql", dumps::ODD), None).await;
        let meta = |id: i64| format!("select value from item_meta where id = {id}");
        assert_eq!(
            home.bytes(&meta(2)).await,
            "a:1:{s:3:\"café\";s:2:\"\r\n\";}".as_bytes()
        );
        assert_eq!(home.bytes(&meta(3)).await, b"\xC3\x28\xFF\x00");
        assert_eq!(
            home.text("select content from items where id = 10").await,
            "<p>Ã© stays</p>\r\n"
        );
        assert_eq!(
            home.text("select title from items where id = 12").await,
            "nul \u{FFFD} here"
        );
        let originals =
            "select row_id, column_name, bytes from originals where table_name = 'items' order by row_id, column_name";
        let wanted: Vec<Vec<&[u8]>> = vec![
            vec![b"10", b"extra:plugin_rank", b"7"],
            vec![b"12", b"excerpt", b"b\xC3("],
            vec![b"12", b"title", b"nul \0 here"],
        ];
        assert_eq!(home.rows(originals, "itb").await, wanted);
        let log = home
            .rows(
                "select data from kept_rows where table_name = 'lib_plugin_log' order by position",
                "b",
            )
            .await;
        assert_eq!(
            log,
            [
                [b"(1,'\\0\xFF\\'',1.50)".to_vec()],
                [b"(2,'it\\'s\\n\\\\ \\0',NULL)".to_vec()]
            ]
        );
        assert!(
            home.text("select definition from kept_tables where name = 'lib_plugin_empty'")
                .await
                .starts_with("CREATE TABLE `lib_plugin_empty`")
        );
    }
}

#[tokio::test]
async fn what_follows_from_rows_is_made() {
    for home in Home::each("derived").await {
        home.import(&write(&home, "odd.sql", dumps::ODD), None).await;
        assert_eq!(
            home.rows("select slug, item_id from old_slugs", "ti").await,
            [[b"old-name".to_vec(), b"10".to_vec()]]
        );
        let job = home.rows("select kind, subject, run_at from jobs", "tti").await;
        assert_eq!(job, [[b"publish".to_vec(), b"11".to_vec(), b"1893488400".to_vec()]]);
        assert_eq!(home.number("select next from sequences where name = 'items'").await, 13);
        assert_eq!(
            home.text("select name from options where name = 'wp_user_roles'").await,
            "wp_user_roles"
        );
        let loaded = home
            .rows("select name from options where autoload = 1 order by name", "t")
            .await;
        assert_eq!(loaded.len(), 4, "{loaded:?}");
        assert_eq!(home.number("select count(*) from terms where term_id = 1").await, 2);
        assert_eq!(home.number("select count(*) from changes where kind = 'all'").await, 1);
        assert_eq!(home.number("select count(*) from audit where verb = 'import'").await, 1);
    }
}

#[tokio::test]
async fn every_public_address_is_listed() {
    for home in Home::each("addresses").await {
        home.import(&write(&home, "odd.sql", dumps::ODD), Some(uploads(&home)))
            .await;
        let mut conn = home.conn().await;
        let site = gp_content::Site::load(&mut conn).await.unwrap();
        let types = home::types();
        let mut old = gp_transfer::OldAddresses::new(&site, &types);
        let mut all = Vec::new();
        while let Some(more) = old.next(&mut conn).await.unwrap() {
            all.extend(more);
        }
        for address in [
            "/",
            "/?feed=rss2",
            "/?p=10",
            "/wp-content/uploads/2020/01/%D8%AF%D9%84%D9%8A%D9%84.pdf",
        ] {
            assert!(all.iter().any(|a| a == address), "{address} in {all:?}");
        }
        assert!(
            !all.iter()
                .any(|a| a.contains("personal") || a.contains("=11") || a.contains("=12")),
            "{all:?}"
        );
    }
}

#[tokio::test]
async fn the_second_time_nothing_is_doubled_and_changes_arrive() {
    for home in Home::each("again").await {
        let dump = write(&home, "odd.sql", dumps::ODD);
        let first = home.import(&dump, None).await.total();
        let again = home.import(&dump, None).await.total();
        assert_eq!((again.imported, again.updated, again.unchanged), (0, 0, first.imported));
        assert_eq!((again.kept, again.refused), (first.kept, first.refused));
        let changed = dumps::ODD
            .replace("'Guide 😀'", "'Guide, second edition'")
            .replace("'blue'", "'green'");
        let third = home.import(&write(&home, "new.sql", changed), None).await;
        assert_eq!(
            (third.total().imported, third.total().updated),
            (0, 2),
            "{}",
            third.to_text()
        );
        assert_eq!(
            home.text("select title from items where id = 10").await,
            "Guide, second edition"
        );
        assert_eq!(home.number("select version from items where id = 10").await, 2);
        assert_eq!(home.number("select count(*) from item_meta").await, 4);
    }
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_keeps_nothing() {
    for home in Home::each("dry").await {
        let dump = write(&home, "odd.sql", dumps::ODD);
        let dry = home
            .try_import(&SiteImport {
                dry_run: true,
                ..site(&dump, None)
            })
            .await
            .unwrap();
        for table in ["items", "options", "kept_rows", "imports", "changes"] {
            assert_eq!(
                home.number(&format!("select count(*) from {table}")).await,
                0,
                "{table}"
            );
        }
        assert_eq!(dry.tables, home.import(&dump, None).await.tables);
    }
}

#[tokio::test]
async fn a_bad_dump_is_one_clear_error_and_leaves_nothing() {
    let home = Home::new().await;
    let mut cut = dumps::ODD.as_bytes()[..3000].to_vec();
    cut.extend(b"'");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(dumps::ODD.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let without_end = dumps::ODD.split("-- Dump completed").next().unwrap();
    let long = [b"INSERT INTO `wp_posts` VALUES (1,'".to_vec(), vec![b'x'; 30 << 20]].concat();
    for (name, bytes, says) in [
        ("cut.sql", cut, "line "),
        ("end.sql", without_end.as_bytes().to_vec(), "cut off"),
        ("cut.sql.gz", packed[..packed.len() / 2].to_vec(), "cut.sql.gz"),
        ("noise.sql", vec![7; 100_000], "noise.sql"),
        ("empty.sql", Vec::new(), "empty"),
        (
            "other.sql",
            b"CREATE TABLE `a` (`b` int);\nINSERT INTO `a` VALUES (1);\n".to_vec(),
            "no dump of a WordPress site",
        ),
        ("long.sql", long, "larger than the limit"),
        ("page.html", b"<html>".to_vec(), "page.html"),
    ] {
        let error = home
            .try_import(&site(&write(&home, name, bytes), None))
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains(name) && text.contains(says) && text.len() < 600,
            "{name}: {text}"
        );
        assert_eq!(
            home.number("select (select count(*) from items) + (select count(*) from kept_rows)")
                .await,
            0
        );
    }
    let wrong = SiteImport {
        prefix: Some("xx_".to_owned()),
        ..site(&write(&home, "odd.sql", dumps::ODD), None)
    };
    let text = home.try_import(&wrong).await.unwrap_err().to_string();
    assert!(text.contains("xx_posts") && text.contains("lib_"), "{text}");
    let report = home.import(&write(&home, "whole.sql.gz", packed), None).await;
    assert_eq!(report.tables["lib_posts"].imported, 3);
}

#[tokio::test]
async fn text_that_was_encoded_twice_is_repaired_only_where_it_is_evident() {
    let home = Home::new().await;
    let report = home.import(&write(&home, "twice.sql", dumps::TWICE), None).await;
    assert_eq!(
        home.bytes("select value from options where name = 'blogname'").await,
        "Café".as_bytes()
    );
    assert_eq!(
        home.bytes("select value from options where name = 'x'").await,
        "a:1:{i:0;s:5:\"Café\";}".as_bytes()
    );
    assert_eq!(home.text("select title from items").await, "欢迎");
    assert!(
        report.notes.iter().any(|n| n.contains("encoded twice")),
        "{:?}",
        report.notes
    );
    let home = Home::new().await;
    home.import(&write(&home, "once.sql", dumps::ONCE), None).await;
    assert_eq!(
        home.rows("select title, content from items order by id", "tt").await[0],
        ["Café".as_bytes(), "How to write Ã©".as_bytes()]
    );
}

#[tokio::test]
async fn an_account_of_this_site_makes_room_for_the_imported_one() {
    for home in Home::each("room").await {
        let mut tx = home.db.write().await.unwrap();
        tx.run("insert into users (id, login) values (3, 'local')", &[])
            .await
            .unwrap();
        tx.run(
            "insert into user_meta (id, user_id, key, value) values (1, 3, 'mine', $1)",
            &[vec![1u8].into()],
        )
        .await
        .unwrap();
        let session = "insert into sessions (id, user_id, created, seen, expires) values ('s', 3, 1, 1, 9)";
        tx.run(session, &[]).await.unwrap();
        let passkey = "insert into passkeys (id, user_id, user_handle, rp_id, name, public_key, created) \
                       values ('p', 3, 'h', 'library.example', 'mine', $1, 1)";
        tx.run(passkey, &[vec![1u8].into()]).await.unwrap();
        tx.commit().await.unwrap();
        home.import(&write(&home, "odd.sql", dumps::ODD), None).await;
        assert_eq!(home.text("select login from users where id = 3").await, "anna");
        let opens = "select u.login from users u join passkeys p on p.user_id = u.id";
        assert_eq!(home.text(opens).await, "local", "and so does a passkey");
        let signed_in = "select u.login from users u join sessions s on s.user_id = u.id";
        assert_eq!(
            home.text(signed_in).await,
            "local",
            "a session stays that of its account"
        );
        let own = "select u.login, m.key from users u join user_meta m on m.user_id = u.id where u.id > 3";
        assert_eq!(home.rows(own, "tt").await, [[b"local".to_vec(), b"mine".to_vec()]]);
        assert_eq!(check(&home.db, &home.blobs).await.unwrap(), []);
    }
}

#[tokio::test]
async fn an_item_of_this_site_is_never_overwritten() {
    let home = Home::new().await;
    let mut tx = home.db.write().await.unwrap();
    tx.run(
        "insert into items (id, type, status, guid) values (10, 'page', 'publish', 'own')",
        &[],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let error = home
        .try_import(&site(&write(&home, "odd.sql", dumps::ODD), None))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert_eq!(home.number("select count(*) from items").await, 1);
}

fn uploads(home: &Home) -> PathBuf {
    let root = home.folder.path().join("up");
    for (name, bytes) in [
        ("2020/01/دليل.pdf", "one"),
        ("loose.txt", "two"),
        ("wp-personal-data-exports/x.zip", "secret"),
    ] {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::os::unix::fs::symlink("/etc/hostname", root.join("link.txt")).unwrap();
    root
}

#[tokio::test]
async fn files_come_once_and_nothing_leads_out_of_the_folder() {
    for home in Home::each("files").await {
        let dump = write(
            &home,
            "odd.sql",
            dumps::ODD
                .replace("'twice'", "'_wp_attached_file'")
                .replace("(10,5,'again'", "(10,6,'2020/01/دليل.pdf'"),
        );
        let root = uploads(&home);
        let first = home.import(&dump, Some(root.clone())).await.uploads.unwrap();
        assert_eq!(
            (
                first.files,
                first.imported,
                first.withheld,
                first.refused,
                first.unowned
            ),
            (4, 2, 1, 1, 1)
        );
        std::fs::write(root.join("loose.txt"), "three").unwrap();
        let again = home.import(&dump, Some(root)).await.uploads.unwrap();
        assert_eq!((again.imported, again.unchanged), (1, 1));
        let files = home
            .rows("select path, item_id, role, size from files order by path", "titi")
            .await;
        assert_eq!(files[0], ["2020/01/دليل.pdf".as_bytes(), b"10", b"original", b"3"]);
        assert_eq!(files[1], [&b"loose.txt"[..], b"0", b"loose", b"5"]);
        assert_eq!(check(&home.db, &home.blobs).await.unwrap(), []);
    }
}

#[tokio::test]
async fn an_archive_of_files_is_read_as_the_folder_is() {
    let home = Home::new().await;
    let mut archive = tar::Builder::new(Vec::new());
    let mut add = |name: &[u8], bytes: &[u8], kind: tar::EntryType| {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_size(bytes.len() as u64);
        header.set_entry_type(kind);
        header.set_cksum();
        archive.append(&header, bytes).unwrap();
    };
    add(b"uploads/a.txt", b"good", tar::EntryType::Regular);
    add(b"uploads/../../evil.txt", b"bad", tar::EntryType::Regular);
    add(b"/etc/evil", b"bad", tar::EntryType::Regular);
    add(b"uploads/link", b"", tar::EntryType::Symlink);
    add(b"uploads/pipe", b"", tar::EntryType::Fifo);
    let whole = archive.into_inner().unwrap();
    let dump = write(&home, "odd.sql", dumps::ODD);
    let report = home.import(&dump, Some(write(&home, "up.tar", &whole))).await;
    let counts = report.uploads.clone().unwrap();
    assert_eq!((counts.imported, counts.refused), (1, 4), "{}", report.to_text());
    assert_eq!(home.rows("select path from files", "t").await, [[b"a.txt".to_vec()]]);
    let cut = write(&home, "cut.tar", &whole[..514]);
    let error = home.try_import(&site(&dump, Some(cut))).await.unwrap_err().to_string();
    assert!(error.contains("cut.tar"), "{error}");
}

#[tokio::test]
async fn check_names_what_is_broken() {
    let home = Home::new().await;
    let dump = write(&home, "odd.sql", dumps::ODD);
    home.import(&dump, Some(uploads(&home))).await;
    let mut tx = home.db.write().await.unwrap();
    for sql in [
        "delete from items where id = 10",
        "update sequences set next = 1 where name = 'comments'",
        "update files set size = 99 where path = 'loose.txt'",
        "update files set digest = 'gone' where path like '2020%'",
    ] {
        tx.run(sql, &[]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let faults = check(&home.db, &home.blobs).await.unwrap();
    let places: Vec<&str> = faults.iter().map(|f| f.place.as_str()).collect();
    for place in [
        "item_meta",
        "item_terms",
        "comments",
        "old_slugs",
        "sequence comments",
        "loose.txt",
        "2020/01/دليل.pdf",
    ] {
        assert!(places.contains(&place), "{place} in {faults:?}");
    }
}

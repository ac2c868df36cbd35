//! Imports and writes that are killed outright: nothing half-done is to be seen, and the work can be done again.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Stdio},
};

use crate::{
    site::Site,
    wordpress::{Post, Wordpress},
};

const POSTS: u64 = 6000;

/// Starts an import and leaves it when `until` says so of what it last said; then it is killed.
fn kill_import(site: &Site, args: &[&str], until: &str) {
    let mut child: Child = site
        .command(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let begun = said.by_ref().map_while(Result::ok).any(|line| line.contains(until));
    assert!(begun, "{}: the import never said {until:?}", site.name);
    if until == "Importing rows" && site.name == "sqlite" {
        until_written(&mut child, &site.data().join("guidepost.db-wal"));
    }
    assert!(
        child.try_wait().unwrap().is_none(),
        "{}: the import was quicker than the kill",
        site.name
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Waits until a good part of the rows is in the database's log.
fn until_written(child: &mut Child, log: &Path) {
    const PART: u64 = 2 << 20;
    while child.try_wait().unwrap().is_none() {
        if std::fs::metadata(log).is_ok_and(|m| m.len() > PART) {
            return;
        }
        std::thread::yield_now();
    }
}

fn assert_nothing_visible(site: &Site) {
    let server = site.serve();
    for address in ["/?p=1", "/guidance-1/", "/?author=1", "/category/open-label/"] {
        assert_eq!(server.get(address).status, 404, "{}: {address}", site.name);
    }
}

fn assert_all_here(site: &Site, report: &serde_json::Value) {
    let posts = &report["tables"]["wp_posts"];
    assert_eq!(posts["rows"], POSTS, "{}: {report}", site.name);
    let sum: u64 = ["imported", "updated", "unchanged"]
        .iter()
        .map(|k| posts[k].as_u64().unwrap())
        .sum();
    assert_eq!(sum, POSTS, "{}: {report}", site.name);
    let server = site.serve();
    assert_eq!(server.get(&format!("/guidance-{POSTS}/")).status, 200);
    server.get_until("/?s=guidance", "/guidance-");
    drop(server);
    site.assert_sound("the repeated import");
}

#[test]
fn an_import_killed_while_it_writes_leaves_nothing_and_can_be_done_again() {
    let sql = Wordpress::large(POSTS).sql();
    for site in Site::each() {
        let dump = site.file("large.sql", &sql);
        let args = ["import", "site", dump.to_str().unwrap()];
        for until in ["Reading through", "Importing rows"] {
            kill_import(&site, &args, until);
            site.assert_sound(until);
            assert_nothing_visible(&site);
        }
        let report = site.import(&sql, None);
        assert_eq!(
            report["tables"]["wp_posts"]["imported"], POSTS,
            "{}: nothing was left",
            site.name
        );
        assert_all_here(&site, &report);
    }
}

#[test]
fn an_import_killed_among_its_files_goes_on_where_it_was() {
    let mut wordpress = Wordpress::new();
    for id in 1..=400 {
        let mut post = Post::new(id, "attachment", "inherit", format!("file-{id}"));
        post.mime = "text/plain";
        wordpress.posts.push(post);
        wordpress.meta.push((
            id,
            "_wp_attached_file".to_owned(),
            format!("2026/03/file-{id}.txt").into_bytes(),
        ));
    }
    let sql = wordpress.sql();
    for site in Site::each() {
        for id in 1..=400 {
            let content = format!("file {id} ").repeat(4000);
            site.file(&format!("uploads/2026/03/file-{id}.txt"), content.as_bytes());
        }
        let dump = site.file("files.sql", &sql);
        let uploads = site.path("uploads");
        let args = [
            "import",
            "site",
            dump.to_str().unwrap(),
            "--uploads",
            uploads.to_str().unwrap(),
        ];
        kill_import(&site, &args, "Importing files");
        site.assert_sound("a kill among the files");
        site.import(&sql, Some(&uploads));
        site.assert_sound("the repeated import");
        let server = site.serve();
        for id in [1, 200, 400] {
            let file = server.get(&format!("/wp-content/uploads/2026/03/file-{id}.txt"));
            assert_eq!(
                file.text(),
                format!("file {id} ").repeat(4000),
                "{}: file {id}",
                site.name
            );
        }
    }
}

#[test]
fn an_import_over_a_living_site_changes_nothing_until_it_is_done() {
    let (small, large) = (Wordpress::large(50), Wordpress::large(POSTS));
    for site in Site::each() {
        site.import(&small.sql(), None);
        let mut later = large.clone();
        for post in &mut later.posts {
            post.title = format!("Renamed {}", post.id);
        }
        let dump = site.file("later.sql", &later.sql());
        let server = site.serve();
        let args = ["import", "site", dump.to_str().unwrap()];
        kill_import(&site, &args, "Importing rows");
        let page = server.get("/guidance-7/").text();
        assert!(
            page.contains("guidance-7") && !page.contains("Renamed"),
            "{}",
            site.name
        );
        assert_eq!(server.get("/guidance-51/").status, 404, "{}", site.name);
        site.ok(&args);
        assert!(server.get("/guidance-7/").text().contains("Renamed 7"), "{}", site.name);
        assert_eq!(server.get("/guidance-51/").status, 200, "{}", site.name);
        drop(server);
        site.assert_sound("an import over a living site");
    }
}

#[test]
fn a_server_killed_while_others_write_loses_nothing() {
    for site in Site::each() {
        site.import(&Wordpress::large(200).sql(), None);
        for round in 0..3 {
            let server = site.serve();
            server.get("/?s=guidance");
            let writing: Vec<Child> = (0..4)
                .map(|n| {
                    let name = format!("test_{n}");
                    let value = round.to_string();
                    let mut command = site.command(&["settings", "set", &name, &value]);
                    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                    command.spawn().unwrap()
                })
                .collect();
            server.get("/guidance-3/");
            server.kill();
            for mut child in writing {
                assert!(
                    child.wait().unwrap().success(),
                    "{}: a write beside a killed server",
                    site.name
                );
            }
            site.assert_sound("a killed server");
            for n in 0..4 {
                let value = site.ok(&["settings", "get", &format!("test_{n}")]);
                assert_eq!(value.trim(), round.to_string(), "{}", site.name);
            }
        }
        let server = site.serve();
        server.get_until("/?s=guidance", "/guidance-");
    }
}

#[test]
fn a_write_that_is_killed_is_done_or_not() {
    let site = Site::with_dump(&Wordpress::large(50).sql());
    site.ok(&["settings", "set", "blogname", "Before"]);
    for _ in 0..10 {
        let mut child = site.command(&["settings", "set", "blogname", "After"]).spawn().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let name = site.ok(&["settings", "get", "blogname"]);
        assert!(["Before", "After"].contains(&name.trim()), "{name}");
    }
    site.assert_sound("killed writes");
}

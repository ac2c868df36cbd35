//! Dumps and uploads that are not what they should be: one clear sentence, and nothing of them to be seen afterwards.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use crate::{
    site::{Done, Site},
    wordpress::{Post, Wordpress},
};

fn good() -> Vec<u8> {
    let mut site = Wordpress::new();
    site.posts = (1..=300)
        .map(|id| {
            let mut post = Post::new(id, "post", "publish", format!("guidance-{id}"));
            post.content = "<p>Guidance in plain words.</p>".repeat(20);
            post
        })
        .collect();
    site.sql()
}

fn attempt(site: &Site, dump: &Path) -> Done {
    site.run(&["import", "site", dump.to_str().unwrap()])
}

/// Status 1, one sentence with the file's name and `place`, and an empty site.
fn assert_refused(site: &Site, dump: &Path, place: &str) {
    let done = attempt(site, dump);
    let name = dump.file_name().unwrap().to_str().unwrap();
    assert_eq!(done.status, 1, "{name}: {}", done.stderr);
    let told: Vec<&str> = done.stderr.lines().filter(|l| l.starts_with("guidepost: ")).collect();
    assert_eq!(told.len(), 1, "{name}: one sentence: {}", done.stderr);
    assert!(told[0].contains(name), "{name} is named: {}", told[0]);
    assert!(told[0].contains(place), "{place:?} is told: {}", told[0]);
    assert!(!done.stderr.contains("panicked"), "{}", done.stderr);
    assert_empty(site, name);
}

fn assert_empty(site: &Site, after: &str) {
    let server = site.serve();
    for address in [
        "/?p=1",
        "/guidance-1/",
        "/?author=1",
        "/wp-content/uploads/2026/03/file.txt",
    ] {
        assert_eq!(server.get(address).status, 404, "{after}: {address}");
    }
    assert!(!server.get("/?s=guidance").text().contains("guidance-1"), "{after}");
    drop(server);
    assert_eq!(site.ok(&["users", "list"]).trim(), "", "{after}");
    assert_eq!(site.run(&["settings", "get", "blogdescription"]).status, 1, "{after}");
    site.assert_sound(after);
}

#[test]
fn a_dump_that_ends_early_leaves_nothing() {
    for site in Site::each() {
        let dump = good();
        for (name, part) in [
            ("cut-in-a-row.sql", dump.len() / 2),
            ("cut-at-the-end.sql", dump.len() - 60),
            ("cut-in-the-definition.sql", 300),
        ] {
            let file = site.file(name, &dump[..part]);
            assert_refused(&site, &file, "");
        }
    }
}

#[test]
fn what_is_no_dump_leaves_nothing() {
    let site = Site::empty();
    let noise: Vec<u8> = (0..200_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let mut garbled = good();
    let middle = garbled.len() / 2;
    garbled[middle..middle + 64].copy_from_slice(&noise[..64]);
    for (name, bytes) in [
        ("empty.sql", b"".to_vec()),
        ("noise.sql", noise.clone()),
        ("zeros.sql", vec![0; 100_000]),
        (
            "text.sql",
            b"Dear colleague,\n\nplease find the dump attached.\n".to_vec(),
        ),
        (
            "page.sql",
            b"<!doctype html><html><body><h1>404</h1></body></html>".to_vec(),
        ),
        (
            "export.sql",
            b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"cc\">]><rss>&b;</rss>".to_vec(),
        ),
        (
            "shop.sql",
            b"CREATE TABLE `orders` (\n  `id` int\n);\nINSERT INTO `orders` VALUES (1),(2);\n".to_vec(),
        ),
        (
            "open-quote.sql",
            b"CREATE TABLE `wp_posts` (\n  `ID` int\n);\nINSERT INTO `wp_posts` VALUES ('abc".to_vec(),
        ),
        ("garbled.sql", garbled),
    ] {
        let file = site.file(name, &bytes);
        if name == "garbled.sql" {
            // The damage may fall into a text, and then is a text.
            let done = attempt(&site, &file);
            assert!(
                (0..=1).contains(&done.status) && !done.stderr.contains("panicked"),
                "{}",
                done.stderr
            );
            continue;
        }
        assert_refused(&site, &file, "");
    }
}

#[test]
fn files_that_are_not_there_are_named() {
    let site = Site::empty();
    assert_refused(&site, &site.path("absent.sql"), "");
    std::fs::create_dir(site.path("folder.sql")).unwrap();
    assert_refused(&site, &site.path("folder.sql"), "folder");
    let dump = site.file("good.sql", &good());
    let done = site.run(&[
        "import",
        "site",
        dump.to_str().unwrap(),
        "--uploads",
        "/nowhere/uploads",
    ]);
    assert_eq!(done.status, 1, "{}", done.stderr);
    assert!(done.stderr.contains("/nowhere/uploads"), "{}", done.stderr);
    assert_empty(&site, "absent uploads");
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    to.write_all(bytes).unwrap();
    to.finish().unwrap()
}

#[test]
fn a_broken_archive_leaves_nothing() {
    let site = Site::empty();
    let whole = packed(&good());
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    for byte in &mut bent[middle..middle + 40] {
        *byte = !*byte;
    }
    let cut = whole[..whole.len() / 2].to_vec();
    for (name, bytes) in [
        ("bent.sql.gz", bent),
        ("cut.sql.gz", cut),
        ("only-begun.sql.gz", whole[..4].to_vec()),
    ] {
        let file = site.file(name, &bytes);
        assert_refused(&site, &file, "");
    }
    let file = site.file("whole.sql.gz", &whole);
    assert_eq!(attempt(&site, &file).status, 0, "the same whole");
    assert_eq!(site.serve().get("/guidance-300/").status, 200);
}

/// A command whose memory is watched while it runs: status, what it said, and the most it held, in MiB.
fn watched(site: &Site, args: &[&str]) -> (Done, u64) {
    let mut command = site.command(args);
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let watching = std::thread::spawn(move || {
        let mut most = 0;
        while let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"));
            let Some(held) = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()) else {
                // A process that has ended holds nothing any more.
                break;
            };
            most = most.max(held / 1024);
            std::thread::yield_now();
        }
        most
    });
    let output = child.wait_with_output().unwrap();
    let done = Done {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    (done, watching.join().unwrap())
}

#[test]
fn a_line_without_end_costs_no_memory() {
    let site = Site::empty();
    let head = "-- MySQL dump 10.13\nCREATE TABLE `wp_posts` (\n  `ID` bigint,\n  `post_content` longtext\n);\n";
    let path = site.path("endless.sql");
    for (what, start) in [
        ("value", format!("{head}INSERT INTO `wp_posts` VALUES (1,'")),
        ("statement", format!("{head}CREATE TABLE `wp_options` (\n  `")),
        ("comment", format!("{head}/* ")),
        ("word", String::new()),
    ] {
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        file.write_all(start.as_bytes()).unwrap();
        for _ in 0..400 {
            file.write_all(&[b'a'; 1 << 20]).unwrap();
        }
        file.into_inner().unwrap();
        let (done, most) = watched(&site, &["import", "site", path.to_str().unwrap()]);
        assert_eq!(done.status, 1, "{what}: {}", done.stderr);
        assert!(done.stderr.contains("endless.sql"), "{what}: {}", done.stderr);
        println!(
            "400 MB of one {what}: {most} MiB at most; {}",
            done.stderr.lines().last().unwrap_or_default()
        );
        assert!(most < 200, "{what}: {most} MiB");
    }
    std::fs::remove_file(&path).unwrap();
    assert_empty(&site, "a line without end");
}

#[test]
fn an_archive_that_unpacks_without_end_costs_no_memory() {
    let site = Site::empty();
    let path = site.path("bomb.sql.gz");
    let file = std::fs::File::create(&path).unwrap();
    let mut to = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    to.write_all(
        b"-- MySQL dump 10.13\nCREATE TABLE `wp_posts` (\n  `ID` bigint\n);\nINSERT INTO `wp_posts` VALUES ('",
    )
    .unwrap();
    for _ in 0..400 {
        to.write_all(&[0; 1 << 20]).unwrap();
    }
    to.finish().unwrap();
    let (done, most) = watched(&site, &["import", "site", path.to_str().unwrap()]);
    assert_eq!(done.status, 1, "{}", done.stderr);
    assert!(done.stderr.contains("bomb.sql.gz"), "{}", done.stderr);
    println!("400 MB unpacked: {most} MiB at most");
    assert!(most < 200, "{most} MiB");
    assert_empty(&site, "a bomb");
}

#[test]
fn serialised_objects_are_kept_and_do_nothing() {
    let mut wordpress = Wordpress::new();
    wordpress.posts.push(Post::new(1, "post", "publish", "guidance-1"));
    let object = br#"O:8:"EvilTask":2:{s:4:"file";s:11:"/etc/passwd";s:3:"cmd";s:2:"id";}"#;
    let deep = [b"a:1:{i:0;".repeat(50_000), b"N;".to_vec(), b"}".repeat(50_000)].concat();
    let huge = b"a:999999999999:{i:0;s:4294967295:\"x\";}";
    for key in [
        "plain",
        "_wp_attachment_metadata",
        "_wp_attached_file",
        "_wp_page_template",
        "_guidepost_files",
    ] {
        wordpress.meta.push((1, key.to_owned(), object.to_vec()));
        wordpress.meta.push((1, key.to_owned(), deep.clone()));
        wordpress.meta.push((1, key.to_owned(), huge.to_vec()));
    }
    wordpress.options.push(("evil", object.to_vec()));
    wordpress.options.push(("sidebars_widgets", object.to_vec()));
    wordpress.options.push(("theme_mods_twentytwentyfour", deep));
    wordpress.options.push(("sticky_posts", huge.to_vec()));
    wordpress.options.push(("wp_user_roles", b"O:3:\"abc\":0:{}".to_vec()));
    let site = Site::with_dump(&wordpress.sql());
    let kept = site.ok(&["settings", "get", "evil"]);
    assert_eq!(kept.trim_end().as_bytes(), object);
    let server = site.serve();
    for address in ["/", "/guidance-1/", "/feed/", "/?s=guidance", "/wp-sitemap.xml"] {
        let answer = server.get(address);
        assert_eq!(answer.status, 200, "{address}");
        assert!(!answer.text().contains("EvilTask"), "{address}");
    }
}

#[test]
fn upload_names_that_lead_elsewhere_are_left_out() {
    let mut wordpress = Wordpress::new();
    for (id, name) in [
        (1, "../../../etc/passwd"),
        (2, "/etc/passwd"),
        (3, "2026/03/link.txt"),
        (4, "2026/03/../../../x"),
        (5, "2026/03/good.txt"),
    ] {
        let mut post = Post::new(id, "attachment", "inherit", format!("file-{id}"));
        post.mime = "text/plain";
        wordpress.posts.push(post);
        wordpress
            .meta
            .push((id, "_wp_attached_file".to_owned(), name.as_bytes().to_vec()));
    }
    let sql = wordpress.sql();
    let site = Site::empty();
    site.file("secret.txt", b"outside");
    site.file("uploads/2026/03/good.txt", b"inside");
    std::os::unix::fs::symlink(site.path("secret.txt"), site.path("uploads/2026/03/link.txt")).unwrap();
    std::os::unix::fs::symlink(site.path(""), site.path("uploads/2026/folder")).unwrap();
    let report = site.import(&sql, Some(&site.path("uploads")));
    assert_eq!(report["uploads"]["refused"], 2, "{report}");
    assert_files(&site);

    let site = Site::empty();
    let tar = site.file("uploads.tar", &hostile_archive());
    let report = site.import(&sql, Some(&tar));
    assert_eq!(report["uploads"]["refused"], 5, "{report}");
    assert_files(&site);
    assert!(!site.path("escaped.txt").exists() && !Path::new("/tmp/guidepost-escaped.txt").exists());
    site.assert_sound("hostile names");
}

fn assert_files(site: &Site) {
    let server = site.serve();
    assert_eq!(server.get("/wp-content/uploads/2026/03/good.txt").text(), "inside");
    for name in [
        "2026/03/link.txt",
        "../secret.txt",
        "..%2fsecret.txt",
        "%2fetc/passwd",
        "2026/folder/secret.txt",
        "escaped.txt",
        "../escaped.txt",
    ] {
        let answer = server.get(&format!("/wp-content/uploads/{name}"));
        assert_eq!(answer.status, 404, "{name}");
    }
}

/// Members named `../escaped.txt` and the like; the writer of archives refuses such names, so they are written by hand.
fn hostile_archive() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut member = |name: &str, kind: tar::EntryType, content: &[u8]| {
        let mut header = tar::Header::new_gnu();
        let field = &mut header.as_old_mut().name;
        field[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        if kind.is_symlink() || kind.is_hard_link() {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        archive.append(&header, content).unwrap();
    };
    member("uploads/2026/03/good.txt", tar::EntryType::Regular, b"inside");
    member("uploads/../../escaped.txt", tar::EntryType::Regular, b"escaped");
    member("../escaped.txt", tar::EntryType::Regular, b"escaped");
    member("/tmp/guidepost-escaped.txt", tar::EntryType::Regular, b"escaped");
    member("uploads/2026/03/link.txt", tar::EntryType::Symlink, b"");
    member("uploads/2026/03/hard.txt", tar::EntryType::Link, b"");
    archive.into_inner().unwrap()
}

#[test]
fn a_broken_archive_of_uploads_is_named() {
    let site = Site::empty();
    let whole = hostile_archive();
    let tar = site.file("cut.tar", &whole[..700]);
    let dump = site.file("good.sql", &good());
    let done = site.run(&[
        "import",
        "site",
        dump.to_str().unwrap(),
        "--uploads",
        tar.to_str().unwrap(),
    ]);
    assert_eq!(done.status, 1, "{}", done.stderr);
    assert!(done.stderr.contains("cut.tar"), "{}", done.stderr);
    site.assert_sound("a broken archive of uploads");
}

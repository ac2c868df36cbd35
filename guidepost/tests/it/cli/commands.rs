//! Commands by what they print and how they end: 0 done, 1 the work failed, 2 the call was wrong.

use std::process::Stdio;

use serde_json::Value;

use crate::{
    site::{Server, Site, finish, program},
    wordpress::Wordpress,
};

#[test]
fn a_wrong_call_is_2_and_failed_work_is_1() {
    let site = Site::empty();
    for (args, status) in [
        (&["--version"][..], 0),
        (&["--help"], 0),
        (&["users", "--help"], 0),
        (&[], 2),
        (&["no-such-command"], 2),
        (&["users", "add"], 2),
        (&["users", "add", "ada"], 2),
        (&["settings", "get"], 2),
        (&["settings", "set", "blogname"], 2),
        (&["import"], 2),
        (&["import", "site"], 2),
        (&["import", "site", "a.sql", "--mysql", "mysql://a@b/c"], 2),
        (&["search"], 2),
        (&["search", "x", "--limit", "many"], 2),
        (&["search", "x", "--format", "yaml"], 2),
        (&["serve", "--no-such-option"], 2),
        (&["settings", "get", "no_such_setting"], 1),
        (&["users", "app-password", "nobody", "x"], 1),
        (
            &["users", "add", "ada", "--email", "ada@x.example", "--role", "emperor"],
            1,
        ),
        (&["import", "site", "/nowhere/dump.sql"], 1),
        (&["import", "site", "--mysql", "mysql://nobody@127.0.0.1:1/none"], 1),
        (&["text", "no_such_function"], 2),
        (&["serve", "--listen", "nowhere:x"], 1),
        (&["--database", "mysql://a@b/c", "users", "list"], 1),
        (&["--database", "postgres://a@127.0.0.1:1/none", "users", "list"], 1),
        (&["check"], 0),
    ] {
        let done = site.run(args);
        assert_eq!(done.status, status, "{args:?}: {}", done.stderr);
        if status == 0 {
            assert_eq!(
                done.stderr.lines().filter(|l| l.starts_with("guidepost: ")).count(),
                0,
                "{args:?}"
            );
        } else {
            assert_eq!(done.stdout, "", "{args:?}: what went wrong goes to stderr");
            assert!(!done.stderr.contains("panicked"), "{args:?}: {}", done.stderr);
        }
        if status == 1 {
            let told = done.stderr.lines().filter(|l| l.starts_with("guidepost: ")).count();
            assert_eq!(told, 1, "{args:?}: one sentence: {}", done.stderr);
        }
    }
}

#[test]
fn the_first_account_of_an_empty_site_is_number_1() {
    for site in Site::each() {
        assert_eq!(site.ok(&["users", "list"]), "", "{}", site.name);
        let add = [
            "users",
            "add",
            "ada",
            "--email",
            "ada@library.example",
            "--role",
            "administrator",
            "--password-stdin",
        ];
        let done = site.run_with(&add, b"a long secret\n");
        assert_eq!(
            (done.status, done.stdout.split(' ').next()),
            (0, Some("1")),
            "{}: {}",
            site.name,
            done.stderr
        );
        assert!(!done.stdout.contains("secret") && !done.stderr.contains("secret"));
        let list: Value = serde_json::from_str(&site.ok(&["users", "list", "--format", "json"])).unwrap();
        assert_eq!(list[0]["id"], 1, "{}", site.name);
        assert_eq!(list[0]["login"], "ada");
        assert_eq!(list[0]["roles"], serde_json::json!(["administrator"]));
        assert!(!list.to_string().contains("argon"), "no hash is printed");
        assert_eq!(
            site.run_with(&add, b"another\n").status,
            1,
            "{}: the name is taken",
            site.name
        );
        let empty = [
            "users",
            "add",
            "bea",
            "--email",
            "bea@library.example",
            "--password-stdin",
        ];
        assert_eq!(site.run_with(&empty, b"\n").status, 1, "an empty password is none");
        assert_eq!(site.run_with(&empty, b"").status, 1, "and so is the end of the input");
        let second = site.run_with(&empty, "пароль с пробелом\r\n".as_bytes());
        assert!(second.stdout.starts_with("2 "), "{}: {}", site.name, second.stdout);
        let password = site.application_password("ada");
        assert_eq!(password.len(), 24);
        assert_ne!(password, site.application_password("ada"), "each is new");
        site.assert_sound("accounts");
    }
}

#[test]
fn settings_are_kept_as_they_are() {
    for site in Site::each() {
        for value in [
            "The Library",
            "",
            " spaces ",
            "'; drop table options; --",
            "a\nb",
            "дом 家 🏠",
            "a:1:{i:0;s:1:\"x\";}",
            "-5",
        ] {
            let done = site.run(&["settings", "set", "blogname", "--", value]);
            assert_eq!(done.status, 0, "{}: {value:?}: {}", site.name, done.stderr);
            assert_eq!(done.stdout, "", "{value:?}");
            assert_eq!(
                site.ok(&["settings", "get", "blogname"]),
                format!("{value}\n"),
                "{}",
                site.name
            );
        }
        site.ok(&["settings", "set", "blogname", ""]);
        assert_eq!(
            site.ok(&["settings", "get", "blogname"]),
            "\n",
            "{}: an empty value is a value",
            site.name
        );
        let page = site.serve().get("/");
        assert_eq!(page.status, 200, "a site without a name");
    }
}

#[test]
fn permalinks_follow_their_setting_at_once() {
    let site = Site::with_dump(&Wordpress::large(3).sql());
    let server = site.serve();
    for (structure, address) in [
        ("/%postname%/", "/guidance-2/"),
        ("/%year%/%monthnum%/%day%/%postname%/", "/2026/03/04/guidance-2/"),
        ("/%year%/%monthnum%/%postname%/", "/2026/03/guidance-2/"),
        ("/archives/%post_id%", "/archives/2"),
        ("/%category%/%postname%/", "/open-label/guidance-2/"),
        ("", "/?p=2"),
    ] {
        site.ok(&["settings", "set", "permalink_structure", structure]);
        let answer = server.get(address);
        assert_eq!(
            answer.status,
            200,
            "{structure:?}: {address} leads to {:?}",
            answer.leads_to()
        );
        assert!(answer.text().contains("guidance-2"), "{structure:?}");
        if !structure.is_empty() {
            assert_eq!(
                server.get("/?p=2").leads_to().as_deref(),
                Some(address),
                "{structure:?}"
            );
        }
    }
}

#[test]
fn blocks_are_read_as_they_are() {
    let site = Site::empty();
    for markup in [
        "",
        "\n",
        "  \n\tplain text \n\n",
        "<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->",
        "\n\n<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->\n\n",
        "<!-- wp:spacer {\"height\":\"1px\"} /-->\r\n trailing  ",
    ] {
        let parsed = site.run_with(&["blocks", "parse"], markup.as_bytes());
        assert_eq!(parsed.status, 0, "{markup:?}: {}", parsed.stderr);
        let serialised = site.run_with(&["blocks", "serialize"], parsed.stdout.as_bytes());
        assert_eq!(serialised.stdout, markup, "{}", serialised.stderr);
        assert_eq!(site.run_with(&["blocks", "render"], markup.as_bytes()).status, 0);
    }
    let rendered = site
        .run_with(
            &["blocks", "render"],
            b"\n<!-- wp:paragraph -->\n<p> a </p>\n<!-- /wp:paragraph -->\n ",
        )
        .stdout;
    assert!(rendered.starts_with("\n") && rendered.ends_with("\n "), "{rendered:?}");
    assert_eq!(site.run_with(&["blocks", "serialize"], b"no json").status, 1);
    assert_eq!(site.run_with(&["blocks", "parse"], b"\xff\xfe").status, 1);
    assert!(!site.data().exists(), "a filter touches no site");
    let text = site.run_with(&["text", "sanitize_title"], br#"[["Hello World"],["\u00c9t\u00e9"]]"#);
    assert_eq!(text.stdout.trim(), r#"["hello-world","ete"]"#, "{}", text.stderr);
}

#[test]
fn a_search_is_what_a_visitor_sees() {
    for site in Site::each() {
        let mut wordpress = Wordpress::large(30);
        wordpress.posts[0].content = "<p>The otter</p>".to_owned();
        wordpress.posts[1].content = "<p>The otter</p>".to_owned();
        wordpress.posts[1].status = "private";
        site.import(&wordpress.sql(), None);
        let search =
            |args: &[&str]| -> Value { serde_json::from_str(&site.ok(&[&["search"], args].concat())).unwrap() };
        let found = search(&["otter", "--format", "json"]);
        assert_eq!(found["total"], 1, "{}: {found}", site.name);
        let hit = &found["results"][0];
        assert_eq!(
            (hit["title"].as_str(), hit["type"].as_str()),
            (Some("guidance-1"), Some("post")),
            "{hit}"
        );
        assert!(hit["url"].as_str().unwrap().ends_with("/guidance-1/"), "{hit}");
        assert!(hit["passages"][0]["text"].as_str().unwrap().contains("<mark>"), "{hit}");
        for key in ["facets", "suggestion"] {
            assert!(found.get(key).is_some(), "{key}");
        }
        assert_eq!(
            search(&["guidance", "--limit", "3", "--format", "json"])["results"]
                .as_array()
                .unwrap()
                .len(),
            3
        );
        assert_eq!(search(&["wolverine", "--format", "json"])["total"], 0);
        assert!(site.ok(&["search", "otter"]).contains("guidance-1"));
    }
}

#[test]
fn the_same_dump_again_changes_nothing() {
    for site in Site::each() {
        let sql = Wordpress::large(50).sql();
        let first = site.import(&sql, None);
        assert_eq!(first["tables"]["wp_posts"]["imported"], 50, "{}: {first}", site.name);
        let again = site.import(&sql, None);
        for (table, count) in again["tables"].as_object().unwrap() {
            let number = |key: &str| count[key].as_u64().unwrap();
            assert_eq!(
                number("imported") + number("updated") + number("refused"),
                0,
                "{}: {table}: {count}",
                site.name
            );
            assert_eq!(
                number("rows"),
                number("unchanged") + number("kept"),
                "{}: {table}: {count}",
                site.name
            );
        }
        let dry = site.path("dry.json");
        let dump = site.path("dump.sql");
        let other = Site::empty();
        other.ok(&[
            "import",
            "site",
            dump.to_str().unwrap(),
            "--dry-run",
            "--report",
            dry.to_str().unwrap(),
        ]);
        let report: Value = serde_json::from_slice(&std::fs::read(dry).unwrap()).unwrap();
        assert_eq!(report["tables"]["wp_posts"]["rows"], 50);
        assert_eq!(other.ok(&["users", "list"]), "", "a dry run keeps nothing");
    }
}

#[test]
fn options_win_over_the_environment_over_the_file() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let set = |command: &mut std::process::Command, value: &str| {
        command.args(["settings", "set", "blogname", value]);
    };
    let run = |prepare: &dyn Fn(&mut std::process::Command)| {
        let mut command = program(folder);
        prepare(&mut command);
        finish(command, b"")
    };
    assert_eq!(run(&|c| set(c, "x")).status, 0);
    assert!(folder.join("data/guidepost.db").is_file(), "the default is ./data");
    std::fs::write(folder.join("guidepost.toml"), "data = \"from-file\"\n").unwrap();
    assert_eq!(run(&|c| set(c, "x")).status, 0);
    assert!(folder.join("from-file/guidepost.db").is_file());
    assert_eq!(
        run(&|c| {
            c.env("GUIDEPOST_DATA", "from-environment");
            set(c, "x");
        })
        .status,
        0
    );
    assert!(folder.join("from-environment/guidepost.db").is_file());
    assert_eq!(
        run(&|c| {
            c.env("GUIDEPOST_DATA", "unused").args(["--data", "from-option"]);
            set(c, "x");
        })
        .status,
        0
    );
    assert!(folder.join("from-option/guidepost.db").is_file() && !folder.join("unused").exists());

    for (wrong, named) in [
        ("dta = 1\n", "dta"),
        ("data = 1\n", "data"),
        ("data = \"a\nb", "guidepost.toml"),
        ("\0\0", "guidepost.toml"),
    ] {
        std::fs::write(folder.join("guidepost.toml"), wrong).unwrap();
        let done = run(&|c| set(c, "x"));
        assert_eq!(done.status, 1, "{wrong:?}");
        assert!(
            done.stderr.contains("guidepost.toml") && done.stderr.contains(named),
            "{wrong:?}: {}",
            done.stderr
        );
    }
}

#[test]
fn the_listen_address_is_obeyed_and_a_taken_one_is_told() {
    let site = Site::empty();
    let mut command = site.command(&["serve"]);
    command.env("GUIDEPOST_LISTEN", "127.0.0.1:0");
    let server = Server::start(command);
    let taken = server.address.to_string();
    let done = site.run(&["serve", "--listen", &taken]);
    assert_eq!(done.status, 1, "{}", done.stderr);
    assert!(done.stderr.contains(&taken), "{}", done.stderr);
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn the_public_address_is_the_configured_one() {
    let site = Site::with_dump(&Wordpress::large(2).sql());
    let mut command = site.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("GUIDEPOST_URL", "https://guidance.example/");
    let server = Server::start(command);
    let page = server.get("/guidance-1/");
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("https://guidance.example/guidance-1/"),
        "canonical"
    );
    let moved = server.get("/?p=1");
    assert_eq!(moved.header("location"), Some("https://guidance.example/guidance-1/"));
    let proxied = crate::http::Ask::get("/guidance-1/").header("X-Forwarded-Proto", "https");
    assert_eq!(server.ask(&proxied).status, 200, "no circle behind a proxy");
}

#[test]
fn a_folder_that_is_no_data_folder_is_told() {
    let site = Site::empty();
    let file = site.file("a-file", b"x");
    let done = site.run(&["--data", file.to_str().unwrap(), "users", "list"]);
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("a-file"), "{}", done.stderr);
    site.file("broken/guidepost.db", &[b'x'; 8192]);
    let broken = site.path("broken");
    let done = site.run(&["--data", broken.to_str().unwrap(), "users", "list"]);
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("guidepost.db"), "{}", done.stderr);
}

#[test]
fn the_demo_is_filled_once_and_sound() {
    let site = Site::demo();
    // Its files are read by and by; here at once.
    site.ok(&["reindex"]);
    site.assert_sound("the demo");
    let count = site.ok(&["search", "children", "--format", "json"]);
    let mut command = site.command(&["demo", "--listen", "127.0.0.1:0"]);
    command.stdin(Stdio::null());
    let server = Server::start(command);
    let home = server.get("/");
    assert_eq!(home.status, 200);
    for link in home.text().split("href=\"").skip(1).filter_map(|l| l.split('"').next()) {
        let own = link.strip_prefix("http://library.example").unwrap_or(link);
        if own.starts_with('/') && !own.starts_with("//") {
            let status = server.get(&own.replace("&amp;", "&").replace("&#038;", "&")).status;
            assert!(status < 400, "{status} at {own}, which the home page links");
        }
    }
    drop(server);
    assert_eq!(
        site.ok(&["search", "children", "--format", "json"]),
        count,
        "a second start adds nothing"
    );
}

#[test]
fn a_backup_is_the_same_site_elsewhere() {
    for site in Site::each() {
        site.import(&Wordpress::large(30).sql(), None);
        site.file("plain/theme.json", br#"{"version":3}"#);
        site.file("plain/templates/index.html", b"<!-- wp:post-title /-->");
        site.ok(&["themes", "install", site.path("plain").to_str().unwrap()]);
        let server = site.serve();
        let file = site.path("site.backup");
        site.ok(&["backup", file.to_str().unwrap()]);
        let there = Site::empty();
        there.ok(&["restore", file.to_str().unwrap()]);
        there.assert_sound("a restore");
        assert_eq!(there.ok(&["themes", "list"]), site.ok(&["themes", "list"]));
        let other = there.serve();
        other.get_until("/?s=guidance", "/guidance-");
        for address in ["/", "/guidance-7/", "/feed/", "/wp-sitemap-posts-post-1.xml"] {
            assert_eq!(
                server.get(address).text(),
                other.get(address).text(),
                "{}: {address}",
                site.name
            );
        }
        drop(other);
        let twice = there.run(&["restore", file.to_str().unwrap()]);
        assert_eq!(twice.status, 1, "a restore needs an empty place");
        let bytes = std::fs::read(&file).unwrap();
        for (name, part) in [
            ("cut.backup", &bytes[..bytes.len() / 2]),
            ("noise.backup", &b"no backup"[..]),
        ] {
            let elsewhere = Site::empty();
            let broken = elsewhere.file(name, part);
            let done = elsewhere.run(&["restore", broken.to_str().unwrap()]);
            assert_eq!(done.status, 1, "{name}");
            assert!(done.stderr.contains(name), "{name}: {}", done.stderr);
            assert_eq!(elsewhere.ok(&["users", "list"]), "", "{name}: nothing of it is kept");
        }
    }
}

#[test]
fn own_redirects_lead_on_once_and_never_in_a_circle() {
    for site in Site::each() {
        site.import(&Wordpress::large(5).sql(), None);
        let server = site.serve();
        let add = |from: &str, to: &str| site.run(&["redirects", "add", from, to]).status;
        assert_eq!(add("/a/", "/b/"), 0);
        assert_eq!(add("/b/", "/guidance-2/"), 0);
        assert_eq!(add("/c", "/a"), 0, "leads to where /a/ ends");
        for (from, to) in [
            ("/a/", "/a"),
            ("/guidance-2/", "/c"),
            ("b", "/x/"),
            ("/b?x=1", "/x/"),
            ("/x/", "javascript:alert(1)"),
            ("/x/", "//elsewhere.example/"),
            ("//x/", "/y/"),
        ] {
            assert_eq!(add(from, to), 1, "{}: {from} to {to}", site.name);
        }
        for asked in ["/a/", "/a", "/b/", "/c", "/c/"] {
            let answer = server.get(asked);
            assert_eq!(
                (answer.status, answer.leads_to().as_deref()),
                (301, Some("/guidance-2/")),
                "{asked}"
            );
        }
        let listed = site.ok(&["redirects", "list"]);
        assert_eq!(listed, "/a/ /guidance-2/\n/b/ /guidance-2/\n/c /guidance-2/\n");
        assert_eq!(site.run(&["redirects", "remove", "/a/"]).status, 0);
        assert_eq!(site.run(&["redirects", "remove", "/a/"]).status, 1);
        assert_eq!(server.get("/a/").status, 404);
    }
}

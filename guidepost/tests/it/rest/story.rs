//! What clients do with the API: write, publish, upload, look back, go back; on both databases.

use serde_json::{Value, json};

use super::{Person, read};
use crate::site::Site;

#[test]
fn a_resource_is_written_published_changed_and_brought_back() {
    for site in Site::each() {
        let editor = Person::with_role(&site, "edna", "editor");
        let server = site.serve();
        let visitor = Person::nobody();
        // The first one stands for none.
        editor.make(&server, "/wp/v2/categories", &json!({"name": "Unsorted"}));
        let (_, label) = editor.call(
            &server,
            "POST",
            "/wp/v2/categories",
            Some(&json!({"name": "Guidance & more"})),
        );
        assert_eq!(label["slug"], "guidance-more", "{}: {label}", site.name);
        let draft = json!({"title": "First", "content": "<p>Words of the draft</p>", "categories": [label["id"]]});
        let id = editor.make(&server, "/wp/v2/posts", &draft);
        let route = format!("/wp/v2/posts/{id}");
        assert_eq!(visitor.call(&server, "GET", &route, None).0, 401);
        let (status, published) = editor.call(&server, "POST", &route, Some(&json!({"status": "publish"})));
        assert_eq!(
            (status, published["status"].as_str()),
            (200, Some("publish")),
            "{published}"
        );
        let (status, seen) = visitor.call(&server, "GET", &route, None);
        assert_eq!((status, &seen["categories"][0]), (200, &label["id"]));
        assert!(
            seen["content"]["rendered"]
                .as_str()
                .unwrap()
                .contains("Words of the draft")
        );
        assert!(seen["content"].get("raw").is_none(), "{seen}");
        let (_, counted) = visitor.call(&server, "GET", &format!("/wp/v2/categories/{}", label["id"]), None);
        assert_eq!(counted["count"], 1);
        let changed = json!({"content": "<p>Words of the second version</p>", "categories": []});
        editor.call(&server, "POST", &route, Some(&changed));
        let (_, versions) = editor.call(&server, "GET", &format!("{route}/revisions"), None);
        let first = versions.as_array().unwrap().last().unwrap();
        assert!(
            first["content"]["rendered"].as_str().unwrap().contains("draft"),
            "{versions}"
        );
        let newest = &versions[0]["id"];
        let between = format!("/guidepost/v1/posts/{id}/revisions/{newest}/diff");
        assert_eq!(visitor.call(&server, "GET", &between, None).0, 401);
        let (status, differences) = editor.call(&server, "GET", &between, None);
        assert_eq!(status, 200, "{differences}");
        assert_eq!(differences["from"]["id"], first["id"]);
        assert_eq!(
            differences["content"]["html"], "&lt;p&gt;Words of the <del>draft</del><ins>second version</ins>&lt;/p&gt;",
            "{differences}"
        );
        assert_eq!(differences["content"]["blocks"][0]["change"], "changed");
        assert_eq!(differences["title"]["changed"], false);
        assert_eq!(
            (
                differences["terms"]["removed"].as_array().unwrap().len(),
                differences["terms"]["added"].as_array().unwrap().len()
            ),
            (1, 1),
            "the label went, the default one came: {differences}"
        );
        let alike = format!("{between}?from={newest}");
        assert_eq!(editor.call(&server, "GET", &alike, None).1["content"]["changed"], false);
        let other = format!("{between}?from={}", 999_999);
        assert_eq!(editor.call(&server, "GET", &other, None).0, 404);
        let back = format!("/guidepost/v1/posts/{id}/revisions/{}/restore", first["id"]);
        let (status, restored) = editor.call(&server, "POST", &back, None);
        assert_eq!(
            (status, &restored["categories"][0]),
            (200, &label["id"]),
            "text and terms come back together: {restored}"
        );
        assert!(restored["content"]["raw"].as_str().unwrap().contains("draft"));
        assert_eq!(editor.call(&server, "DELETE", &route, None).1["status"], "trash");
        assert_eq!(visitor.call(&server, "GET", &route, None).0, 401);
        assert_eq!(editor.call(&server, "DELETE", &route, None).0, 410);
        drop(server);
        site.assert_sound("the story of the API");
    }
}

#[test]
fn a_file_is_uploaded_as_a_form_and_as_a_body_and_is_served() {
    let site = Site::empty();
    let author = Person::with_role(&site, "anna", "author");
    let server = site.serve();
    let form = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Notes on it.txt\"\r\n\
                Content-Type: text/plain\r\n\r\nplain words\r\n--B\r\nContent-Disposition: form-data; name=\"alt_text\"\r\n\r\n\
                Notes\r\n--B--\r\n";
    let ask = author
        .asks("POST", "/wp/v2/media")
        .header("Content-Type", "multipart/form-data; boundary=B");
    let made = server.ask(&ask.body(form));
    let told = read(&made);
    assert_eq!(made.status, 201, "{told}");
    assert_eq!(
        (told["mime_type"].as_str(), told["alt_text"].as_str()),
        (Some("text/plain"), Some("Notes"))
    );
    let path = told["source_url"]
        .as_str()
        .unwrap()
        .split_once("library.example")
        .unwrap()
        .1
        .to_owned();
    assert!(path.ends_with("/Notes-on-it.txt"), "{path}");
    assert_eq!(server.get(&path).text(), "plain words");
    let whole = author
        .asks("POST", "/wp/v2/media")
        .header("Content-Disposition", "attachment; filename=\"Notes on it.txt\"")
        .header("Content-Type", "text/plain")
        .body("other words");
    let second = read(&server.ask(&whole));
    assert!(
        second["source_url"].as_str().unwrap().ends_with("/Notes-on-it-1.txt"),
        "{second}"
    );
    for (name, status) in [("page.html", 400), ("run.php", 400), ("picture.svg", 400)] {
        let refused = author
            .asks("POST", "/wp/v2/media")
            .header("Content-Disposition", &format!("attachment; filename=\"{name}\""))
            .header("Content-Type", "application/octet-stream")
            .body("<script>");
        assert_eq!(server.ask(&refused).status, status, "{name}");
    }
}

#[test]
fn whoever_is_slower_does_not_overwrite() {
    let site = Site::empty();
    let editor = Person::with_role(&site, "edna", "editor");
    let server = site.serve();
    let id = editor.make(&server, "/wp/v2/posts", &json!({"title": "One", "status": "publish"}));
    let route = format!("/wp/v2/posts/{id}");
    let version = server
        .ask(&editor.asks("GET", &route))
        .header("etag")
        .unwrap()
        .to_owned();
    let write = |title: &str| {
        let ask = editor.asks("PUT", &route).header("If-Match", &version);
        server.ask(&ask.json(&json!({"title": title}))).status
    };
    assert_eq!((write("Two"), write("Three")), (200, 412));
    let (_, now) = editor.call(&server, "GET", &route, None);
    assert_eq!(now["title"]["rendered"], "Two");
}

#[test]
fn what_somebody_types_is_kept_beside_what_is_published() {
    let site = Site::empty();
    let editor = Person::with_role(&site, "edna", "editor");
    let server = site.serve();
    let id = editor.make(
        &server,
        "/wp/v2/posts",
        &json!({"title": "One", "content": "a", "status": "publish"}),
    );
    let saves = format!("/wp/v2/posts/{id}/autosaves");
    for words in ["b", "c"] {
        let (status, saved) = editor.call(&server, "POST", &saves, Some(&json!({"content": words})));
        assert_eq!(
            (status, &saved["content"]["raw"]),
            (200, &Value::from(words)),
            "{saved}"
        );
    }
    let (_, kept) = editor.call(&server, "GET", &saves, None);
    assert_eq!(kept.as_array().unwrap().len(), 1, "one for each person: {kept}");
    let (_, public) = Person::nobody().call(&server, "GET", &format!("/wp/v2/posts/{id}"), None);
    assert!(public["content"]["rendered"].as_str().unwrap().contains('a'));
    assert_eq!(Person::nobody().call(&server, "GET", &saves, None).0, 401);
}

#[test]
fn several_requests_in_one_stand_or_fall_alone() {
    let site = Site::empty();
    let editor = Person::with_role(&site, "edna", "editor");
    let server = site.serve();
    let requests = json!({"requests": [
        {"path": "/wp/v2/posts", "body": {"title": "Good"}},
        {"path": "/wp/v2/posts", "body": {"title": "Bad", "categories": ["x"]}},
        {"path": "/wp/v2/settings", "body": {"title": "No"}},
        {"path": "/wp/v2/posts", "body": {"title": "Good too"}},
    ]});
    let (status, told) = editor.call(&server, "POST", "/batch/v1", Some(&requests));
    let each: Vec<&Value> = told["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["status"])
        .collect();
    assert_eq!(status, 207);
    assert_eq!(each, [201, 400, 400, 201], "{told}");
    let (_, drafts) = editor.call(&server, "GET", "/wp/v2/posts?status=draft", None);
    assert_eq!(drafts.as_array().unwrap().len(), 2);
}

#[test]
fn clients_find_the_api_from_any_page() {
    let site = Site::demo();
    let server = site.serve();
    let page = server.get("/");
    let link = page.header("link").unwrap_or_default().to_owned();
    let named = link
        .split(", ")
        .find(|link| link.contains("rel=\"https://api.w.org/\""))
        .unwrap()
        .to_owned();
    let address = named.trim_start_matches('<').split('>').next().unwrap().to_owned();
    assert!(
        page.text()
            .contains(&format!("<link rel=\"https://api.w.org/\" href=\"{address}\">")),
        "{address}"
    );
    let path = address.split_once("library.example").unwrap().1;
    let index: Value = read(&server.get(path));
    assert!(
        index["namespaces"].as_array().unwrap().contains(&json!("wp/v2")),
        "{path}"
    );
    assert!(index["routes"]["/wp/v2/posts"]["endpoints"][0]["args"]["per_page"].is_object());
}

/// Who waits for a transaction holds no other connection: more writers than connections would wait for each other.
#[test]
fn many_write_at_once_and_none_is_turned_away() {
    const WRITERS: usize = 40;
    for site in Site::each() {
        let editor = Person::with_role(&site, "edna", "editor");
        let server = site.serve();
        std::thread::scope(|scope| {
            for number in 0..WRITERS {
                let (editor, server) = (&editor, &server);
                scope.spawn(move || {
                    let body = json!({"title": format!("Number {number}"), "content": "Words", "status": "publish"});
                    let (status, made) = editor.call(server, "POST", "/wp/v2/posts", Some(&body));
                    assert_eq!(status, 201, "{made}");
                });
            }
        });
        let (_, all) = editor.call(&server, "GET", "/wp/v2/posts?per_page=100&_fields=id", None);
        assert_eq!(all.as_array().unwrap().len(), WRITERS, "{}", site.name);
    }
}

/// Writers who count on in one resource by its version: whoever is told that it is done has counted, everybody else is told to read again.
#[test]
fn no_count_is_lost_between_writers() {
    for site in Site::each() {
        let editor = Person::with_role(&site, "edna", "editor");
        let server = site.serve();
        let body = json!({"title": "Counted", "content": "0", "status": "publish"});
        let id = editor.make(&server, "/wp/v2/posts", &body);
        let route = format!("/wp/v2/posts/{id}?context=edit");
        let count_on = || {
            (0..6)
                .filter(|_| {
                    let seen = server.ask(&editor.asks("GET", &route));
                    let value: i64 = read(&seen)["content"]["raw"].as_str().unwrap().parse().unwrap();
                    let ask = editor
                        .asks("POST", &route)
                        .header("If-Match", seen.header("etag").unwrap());
                    let answer = server.ask(&ask.json(&json!({"content": (value + 1).to_string()})));
                    assert!(matches!(answer.status, 200 | 412), "{}: {}", site.name, answer.text());
                    answer.status == 200
                })
                .count()
        };
        let counted: usize = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..12).map(|_| scope.spawn(count_on)).collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).sum()
        });
        let (_, now) = editor.call(&server, "GET", &route, None);
        assert_eq!(now["content"]["raw"], counted.to_string(), "{}", site.name);
        assert!(counted > 0);
    }
}

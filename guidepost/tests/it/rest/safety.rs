//! What bad input and bad intent get from the API.

use serde_json::{Value, json};

use super::{Person, read};
use crate::{http::Ask, site::Site};

#[test]
fn broken_requests_get_a_code_and_store_nothing() {
    let site = Site::empty();
    let editor = Person::with_role(&site, "edna", "editor");
    let server = site.serve();
    let json = |body: &[u8]| {
        let ask = editor
            .asks("POST", "/wp/v2/posts")
            .header("Content-Type", "application/json");
        let answer = server.ask(&ask.body(body));
        (
            answer.status,
            read(&answer)["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let deep = format!("{{\"title\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [&b"{"[..], b"{\"title\": \"\xff\xfe\"}", deep.as_bytes(), b"nonsense"] {
        assert_eq!(json(body), (400, "rest_invalid_json".to_owned()));
    }
    assert_eq!(json(b"[1,2]").1, "empty_content");
    assert_eq!(json(b"{\"title\": {\"raw\": [1]}, \"content\": 7.5e400}").0, 400);
    assert_eq!(json(br#"{"title": "x", "status": "nonsense"}"#).1, "rest_invalid_param");
    assert_eq!(json(br#"{"title": "x", "date": "yesterday"}"#).1, "rest_invalid_param");
    let huge: Vec<i64> = (0..200_000).collect();
    let (status, code) = json(serde_json::json!({"title": "x", "meta": huge}).to_string().as_bytes());
    assert_eq!((status, code.as_str()), (400, "rest_invalid_param"));
    let (_, all) = editor.call(&server, "GET", "/wp/v2/posts?status=any", None);
    assert_eq!(all, json!([]));
    let cut = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhalf";
    let ask = editor
        .asks("POST", "/wp/v2/media")
        .header("Content-Type", "multipart/form-data; boundary=B");
    assert_eq!(server.ask(&ask.body(cut)).status, 400);
    assert_eq!(editor.call(&server, "GET", "/wp/v2/media", None).1, json!([]));
}

#[test]
fn what_people_may_not_set_is_not_set() {
    let site = Site::empty();
    let admin = Person::with_role(&site, "root", "administrator");
    let author = Person::with_role(&site, "anna", "author");
    let server = site.serve();
    let me = author.call(&server, "GET", "/wp/v2/users/me?context=edit", None).1;
    let id = me["id"].as_i64().unwrap();
    // Nobody promotes themselves, neither by role nor by what the role is kept in.
    let promote = json!({"roles": ["administrator"]});
    assert_eq!(author.call(&server, "POST", "/wp/v2/users/me", Some(&promote)).0, 403);
    let smuggled =
        json!({"meta": {"wp_capabilities": {"administrator": true}}, "name": "Anna", "ID": 1, "user_login": "root"});
    let (status, changed) = author.call(&server, "POST", "/wp/v2/users/me", Some(&smuggled));
    assert_eq!((status, &changed["roles"]), (200, &json!(["author"])), "{changed}");
    // Neither the author of a post nor its id, type or guid.
    let other = json!({"title": "x", "author": 1, "status": "publish"});
    assert_eq!(author.call(&server, "POST", "/wp/v2/posts", Some(&other)).0, 403);
    let odd = json!({"title": "x", "type": "page", "guid": "http://evil.example/", "comment_count": 7, "id": 0});
    let (_, made) = author.call(&server, "POST", "/wp/v2/posts", Some(&odd));
    assert_eq!((&made["type"], &made["author"]), (&json!("post"), &json!(id)));
    // Scripts of people who may not write any.
    let script = json!({"title": "<b>ok</b><script>1</script>", "content": "<p onclick=\"x()\">a</p><script>x()</script>", "status": "publish"});
    let (_, made) = author.call(&server, "POST", "/wp/v2/posts", Some(&script));
    let raw = made["content"]["raw"].as_str().unwrap();
    assert!(!raw.contains("<script") && !raw.contains("onclick"), "{raw}");
    // One's own posts are one's own: those of others are neither changed nor thrown away by their number.
    let theirs = admin.make(
        &server,
        "/wp/v2/posts",
        &json!({"title": "Theirs", "status": "publish"}),
    );
    let route = format!("/wp/v2/posts/{theirs}");
    assert_eq!(
        author.call(&server, "POST", &route, Some(&json!({"title": "Mine"}))).0,
        403
    );
    assert_eq!(author.call(&server, "DELETE", &route, None).0, 403);
    let body_id = json!({"id": theirs, "title": "Mine"});
    let own = author.make(&server, "/wp/v2/posts", &json!({"title": "Own"}));
    author.call(&server, "POST", &format!("/wp/v2/posts/{own}"), Some(&body_id));
    assert_eq!(
        admin.call(&server, "GET", &route, None).1["title"]["rendered"],
        "Theirs"
    );
}

#[test]
fn hidden_things_stay_hidden() {
    let site = Site::empty();
    let admin = Person::with_role(&site, "root", "administrator");
    let subscriber = Person::with_role(&site, "sue", "subscriber");
    let server = site.serve();
    let secret = |status: &str| json!({"title": "Hidden words", "content": "Hidden words", "status": status});
    for status in ["draft", "private", "pending"] {
        admin.make(&server, "/wp/v2/posts", &secret(status));
    }
    let mut locked = secret("publish");
    locked["title"] = "Locked".into();
    locked["password"] = "open".into();
    let locked = admin.make(&server, "/wp/v2/posts", &locked);
    for person in [Person::nobody(), subscriber] {
        for route in [
            "/wp/v2/posts",
            "/wp/v2/posts?search=Hidden",
            "/wp/v2/search?search=Hidden",
            "/wp/v2/posts?_embed",
            "/wp/v2/comments",
        ] {
            let text = person.call(&server, "GET", route, None).1.to_string();
            assert!(!text.contains("Hidden words"), "{route}: {text}");
        }
        assert!([401, 403].contains(&person.call(&server, "GET", "/wp/v2/users?context=edit", None).0));
        assert_eq!(
            person
                .call(&server, "GET", "/wp/v2/users", None)
                .1
                .as_array()
                .unwrap()
                .len(),
            1,
            "who has published"
        );
        let text = person.call(&server, "GET", "/wp/v2/users", None).1.to_string();
        assert!(!text.contains("@library.example"), "{text}");
    }
    let comment = |on: i64| json!({"post": on, "content": "Said of it"});
    let seen = admin.make(&server, "/wp/v2/posts", &json!({"title": "Seen", "status": "publish"}));
    let hidden = admin.make(&server, "/wp/v2/posts", &secret("private"));
    for post in [seen, hidden, locked] {
        admin.make(&server, "/wp/v2/comments", &comment(post));
    }
    for (person, count) in [(Person::nobody(), 1), (admin.clone(), 3)] {
        let answer = server.ask(&person.asks("GET", "/wp/v2/comments"));
        let shown = read(&answer).as_array().unwrap().len();
        assert_eq!(
            (shown, answer.header("x-wp-total")),
            (count, Some(count.to_string().as_str()))
        );
    }
    let open = format!("/wp/v2/posts/{locked}?password=open");
    let (_, read) = Person::nobody().call(&server, "GET", &open, None);
    assert!(read["content"]["rendered"].as_str().unwrap().contains("Hidden words"));
    assert_eq!(
        Person::nobody()
            .call(&server, "GET", &open.replace("open", "no"), None)
            .0,
        403
    );
}

#[test]
fn answers_are_not_kept_for_others_and_name_no_foreign_host() {
    let site = Site::empty();
    let admin = Person::with_role(&site, "root", "administrator");
    let server = site.serve();
    let answer = server.ask(&admin.asks("GET", "/wp/v2/users/me"));
    assert!(answer.header("cache-control").unwrap().contains("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let asked = Ask::get("/wp-json/wp/v2/posts?per_page=1\r\nX-Evil: 1");
    assert_ne!(server.try_ask(&asked).map(|a| a.status), Some(500));
    let forged = Ask::get("/wp-json/").header("X-Forwarded-Host", "evil.example");
    assert!(!server.ask(&forged).text().contains("evil.example"));
    let wrong = Person(Some(("root".to_owned(), "wrong".to_owned()))).call(&server, "GET", "/wp/v2/posts", None);
    let unknown = Person(Some(("nobody".to_owned(), "wrong".to_owned()))).call(&server, "GET", "/wp/v2/posts", None);
    assert_eq!(
        (wrong.0, &wrong.1),
        (401, &unknown.1),
        "who has an account is nobody's business"
    );
    let any: Value = read(&server.ask(&Ask::get("/wp-json/wp/v2/posts?_jsonp=alert")));
    assert_eq!(any["code"], "rest_callback_disabled");
    let post = json!({"title": "Not made", "status": "publish"});
    let (status, _) = admin.call(&server, "POST", "/wp/v2/posts?_jsonp=alert", Some(&post));
    assert_eq!(status, 400);
    assert_eq!(
        admin.call(&server, "GET", "/wp/v2/posts", None).1,
        json!([]),
        "refused before it was done"
    );
}

#[test]
fn a_page_does_not_stand_below_itself_and_every_change_makes_a_version() {
    let site = Site::empty();
    let admin = Person::with_role(&site, "root", "administrator");
    let server = site.serve();
    let page = |title: &str, parent: i64| {
        admin.make(
            &server,
            "/wp/v2/pages",
            &json!({"title": title, "parent": parent, "status": "publish"}),
        )
    };
    let top = page("Top", 0);
    let below = page("Below", page("Between", top));
    for parent in [below, top] {
        let (status, refused) = admin.call(
            &server,
            "POST",
            &format!("/wp/v2/pages/{top}"),
            Some(&json!({"parent": parent})),
        );
        assert_eq!(
            (status, &refused["code"]),
            (400, &json!("rest_invalid_param")),
            "{refused}"
        );
    }
    let post = admin.make(&server, "/wp/v2/posts", &json!({"title": "Filed", "status": "publish"}));
    let term = admin.make(&server, "/wp/v2/tags", &json!({"name": "Courts"}));
    let route = format!("/wp/v2/posts/{post}");
    let seen = server.ask(&admin.asks("GET", &route));
    let tag = seen.header("etag").unwrap().to_owned();
    let file = |tags: &[i64]| {
        let ask = admin.asks("POST", &route).header("If-Match", &tag);
        server.ask(&ask.json(&json!({"tags": tags}))).status
    };
    assert_eq!(
        (file(&[term]), file(&[])),
        (200, 412),
        "terms are part of what somebody else may have changed"
    );
}

#[test]
fn what_visitors_read_is_kept_until_it_changes_and_for_nobody_else() {
    let site = Site::empty();
    let editor = Person::with_role(&site, "edna", "editor");
    let server = site.serve();
    let visitor = Person::nobody();
    let id = editor.make(
        &server,
        "/wp/v2/posts",
        &json!({"title": "One", "content": "First", "status": "publish"}),
    );
    let route = format!("/wp/v2/posts/{id}");
    let status = |answer: &crate::http::Answer| answer.header("cache-status").unwrap_or_default().to_owned();
    let ask = || server.ask(&visitor.asks("GET", &route));
    assert!(status(&ask()).contains("uri-miss"));
    assert!(status(&ask()).contains("hit"));
    let own = server.ask(&editor.asks("GET", &format!("{route}?context=edit")));
    assert_eq!(
        (own.status, status(&own).as_str()),
        (200, ""),
        "an editor's answers are the editor's"
    );
    let elsewhere = server.ask(&visitor.asks("GET", &route).header("Origin", "https://other.example"));
    assert_eq!(
        elsewhere.header("access-control-allow-origin"),
        Some("https://other.example")
    );
    assert_eq!(ask().header("access-control-allow-origin"), None);
    let lists = || {
        visitor
            .call(&server, "GET", "/wp/v2/posts", None)
            .1
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((lists(), lists()), (1, 1));
    editor.call(&server, "POST", &route, Some(&json!({"content": "Second"})));
    let changed = ask();
    assert!(
        changed.text().contains("Second") && !status(&changed).contains("hit"),
        "{}",
        changed.text()
    );
    editor.call(&server, "POST", &route, Some(&json!({"status": "private"})));
    assert_eq!((ask().status, lists()), (401, 0), "gone in the same moment");
    let secret = json!({"title": "Locked", "content": "Behind the door", "status": "publish", "password": "key"});
    let locked = editor.make(&server, "/wp/v2/posts", &secret);
    for (query, open) in [
        ("?password=key", true),
        ("", false),
        ("?password=key", true),
        ("?password=wrong", false),
    ] {
        let seen = server.ask(&visitor.asks("GET", &format!("/wp/v2/posts/{locked}{query}")));
        assert_eq!(
            seen.text().contains("Behind the door"),
            open,
            "{query}: {}",
            seen.text()
        );
    }
}

//! Requests that no browser sends: each gets a page of the right kind, and the server lives on.

use crate::{
    http::{self, Answer, Ask, encoded},
    site::{Server, Site},
    wordpress::{Post, Wordpress},
};

fn small() -> Site {
    let mut site = Wordpress::new();
    site.posts = (1..=12)
        .map(|id| Post::new(id, "post", "publish", format!("guidance-{id}")))
        .collect();
    let mut file = Post::new(50, "attachment", "inherit", "file");
    file.mime = "text/plain";
    site.posts.push(file);
    site.meta
        .push((50, "_wp_attached_file".to_owned(), b"2026/03/file.txt".to_vec()));
    let made = Site::empty();
    made.file("uploads/2026/03/file.txt", b"0123456789");
    made.import(&site.sql(), Some(&made.path("uploads")));
    made
}

fn alive(server: &Server<'_>, after: &str) {
    let answer = server.get("/guidance-1/");
    assert_eq!(answer.status, 200, "after {after}");
    assert!(answer.text().contains("guidance-1"), "after {after}");
}

/// A plain or themed page that says what is wrong, not a naked connection.
fn assert_page(answer: &Answer, what: &str) {
    assert!((400..500).contains(&answer.status), "{} to {what}", answer.status);
    assert!(answer.text().contains("<h1"), "a page to {what}");
}

#[test]
fn broken_addresses_get_a_page() {
    let site = small();
    let server = site.serve();
    let long_path = format!("/{}", "a".repeat(9000));
    let deep = format!("/{}", "a/".repeat(3000));
    for address in [
        "/%",
        "/%2",
        "/%zz",
        "/%ff%fe",
        "/%c3%28/",
        "/a%00b/",
        "/%00",
        "/guidance-1/%00/",
        "/..%2f..%2fetc%2fpasswd",
        "/../../etc/passwd",
        "/wp-content/uploads/../../../etc/passwd",
        "/wp-content/uploads/..%2f..%2fetc%2fpasswd",
        "/wp-content/uploads/%2fetc%2fpasswd",
        "/wp-content/uploads/",
        "/wp-content/uploads/2026/03/",
        "/wp-content/uploads/%00",
        "/wp-content/uploads/2026/03/file.txt/",
        "/assets/../guidepost.db",
        "/.git/config",
        "/wp-config.php",
        "/guidance-1/99999999999999999999/",
        "/wp-sitemap-posts-post-99999999999999999999.xml",
        "/wp-sitemap-posts-post-0.xml",
        "/wp-sitemap-posts-post--1.xml",
        "/wp-sitemap--1.xml",
        "/page/99999999999999999999/",
        "/page/18446744073709551615/",
        "/category/open-label/page/9999999999/",
        "/author/administrator/page/9999999/",
        "/2026/page/999999999/",
        "/?p=99999999999999999999",
        "/?p=-1",
        "/?p=0",
        "/?p=1e9",
        "/?p=1%00",
        "/?page_id=%ff",
        "/?cat=99999999999999999999",
        "/?paged=99999999999999999999",
        "/?m=99999999999999",
        "/?year=-5",
        &long_path,
        &deep,
    ] {
        let answer = server.get(address);
        let short: String = address.chars().take(60).collect();
        // Where WordPress guesses or goes to the front, so may this; nothing fails.
        let answer = match answer.leads_to() {
            Some(next) => server.get(&next),
            None => answer,
        };
        let moved = answer.status == 200;
        if !moved {
            assert_page(&answer, &short);
        }
        let fine = [
            "/guidance-1/9",
            "/?p=0",
            "/?p=1e9",
            "/?cat=",
            "/?m=",
            "/?year=",
            "/?page_id",
            "/?p=1%00",
        ];
        assert!(
            !moved || fine.iter().any(|f| address.starts_with(f)),
            "{} to {short}",
            answer.status
        );
        assert!(!answer.text().contains("root:"), "{short}");
    }
    alive(&server, "broken addresses");
}

#[test]
fn addresses_without_measure_are_refused() {
    let site = small();
    let server = site.serve();
    let path = format!("/{}", "x".repeat(100_000));
    let query = format!("/?s={}", "x".repeat(100_000));
    let pairs: Vec<String> = (0..10_000).map(|n| format!("a{n}={n}")).collect();
    let parameters = format!("/?{}", pairs.join("&"));
    let deep = format!("/{}", "a/".repeat(50_000));
    let encoded = format!("/{}", "%41".repeat(33_000));
    for target in [&path, &query, &parameters, &deep, &encoded] {
        let answer = server.get(target);
        assert!(
            (400..500).contains(&answer.status),
            "{} to {}…",
            answer.status,
            &target[..20]
        );
    }
    let many = Ask::get("/").header("X-Long", &"h".repeat(300_000));
    let answer = server.try_ask(&many);
    assert!(answer.is_none_or(|a| a.status < 500), "a header without measure");
    let mut crowd = Ask::get("/");
    for n in 0..500 {
        crowd = crowd.header(&format!("X-{n}"), "1");
    }
    assert!(server.try_ask(&crowd).is_none_or(|a| a.status < 500), "500 headers");
    alive(&server, "addresses without measure");
}

#[test]
fn bytes_that_are_no_http_end_the_connection() {
    let site = small();
    let server = site.serve();
    let raw: &[&[u8]] = &[
        b"\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\xff\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\nConnection: close\r\n\r\n",
        b"GET http://else.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ];
    for sent in raw {
        // A half request waits for its rest: the sender's end of it is closed at once here.
        let ended = [sent, b"\r\n\r\n".as_slice()].concat();
        if let Some(answer) = http::exchange(server.address, &ended) {
            assert!(
                answer.status < 500,
                "{} to {:?}",
                answer.status,
                String::from_utf8_lossy(sent)
            );
        }
    }
    alive(&server, "what is no HTTP");
}

#[test]
fn methods_and_bodies_that_no_door_has() {
    let site = small();
    let server = site.serve();
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND", "FOO", "get"] {
        let answer = server.ask(&Ask::new(method, "/guidance-1/"));
        assert!((400..500).contains(&answer.status), "{} to {method}", answer.status);
    }
    let head = server.ask(&Ask::new("HEAD", "/guidance-1/"));
    assert_eq!((head.status, head.body.len()), (200, 0));
    let long = "x".repeat(200_000);
    let answer = server.ask(&Ask::new("POST", "/guidance-1/").form(&[("post_password", &long)]));
    assert!(
        (400..500).contains(&answer.status),
        "{} to a password without measure",
        answer.status
    );
    let odd = server.ask(&Ask::new("POST", "/guidance-1/").form(&[("post_password", "%ff%00%zz"), ("a", "b")]));
    assert_eq!(odd.status, 200);
    alive(&server, "odd methods");
}

#[test]
fn no_header_can_be_put_into_an_answer() {
    let site = small();
    let server = site.serve();
    let break_in = "%0d%0aX-Injected:%20yes%0d%0aSet-Cookie:%20a=b";
    for target in [
        format!("/?p=1{break_in}"),
        format!("/guidance-1{break_in}"),
        format!("/guidance-1/?utm={break_in}"),
        format!("/?p=1&x={break_in}"),
        format!("/?s={break_in}"),
        format!("/?name=guidance-1&y={break_in}"),
        format!("/category/open-label?x={break_in}"),
        format!("/guidance{break_in}/"),
        format!("/feed?{break_in}"),
        format!("/{break_in}"),
    ] {
        let answer = server.get(&target);
        assert_eq!(answer.header("x-injected"), None, "{target}");
        if let Some(location) = answer.header("location") {
            assert!(!location.contains(['\r', '\n']), "{target}");
        }
    }
    for host in [
        "evil.example/\"><script>",
        "a b",
        "x\"onload=",
        "user@evil.example",
        "",
        "[::1",
        "x:99999999",
    ] {
        let answer = server.ask(&Ask::get("/guidance-1/").header("Host", host));
        assert!(
            !answer.text().contains("<script>") && !answer.text().contains("onload="),
            "{host:?}"
        );
    }
    alive(&server, "breaking in");
}

#[test]
fn an_address_leads_nowhere_else() {
    let site = small();
    let server = site.serve();
    for target in [
        "//evil.example/",
        "//evil.example/%2e%2e",
        "/\\evil.example/",
        "/%5cevil.example",
        "//evil.example//guidance-1",
    ] {
        let answer = server.get(target);
        let location = answer.header("location").unwrap_or_default();
        let away = location.starts_with("//") || location.contains("://") && !location.contains("://library.example/");
        assert!(!away, "{target} leads to {location}");
    }
}

#[test]
fn what_a_visitor_types_comes_back_harmless() {
    let site = small();
    let server = site.serve();
    let text = "<script>alert(1)</script>\"'onmouseover=x javascript:";
    for target in [
        format!("/?s={}", encoded(text)),
        format!("/search/{}/", encoded(text)),
        format!("/{}/", encoded(text)),
        format!("/?s={}&feed=rss2", encoded(text)),
        format!("/?s=a&type={}", encoded(text)),
        format!("/?s=a&lang={}", encoded(text)),
        format!("/?s=a&sort={}", encoded(text)),
        format!("/?s=a&label={}&paged=2", encoded(text)),
        format!("/?s=a&label={0}&topic={0}&year={0}&category_name={0}", encoded(text)),
        format!("/?_sf_s={0}&_sft_category={0}&_sf_post_type={0}", encoded(text)),
    ] {
        let answer = server.get(&target);
        assert!(!answer.text().contains("<script>alert"), "{target}");
        assert!(!answer.text().contains("\"'onmouseover"), "{target}");
    }
    let long = encoded(&"child safety ".repeat(200));
    assert!(server.get(&format!("/?s={long}")).status < 500);
    for query in [
        "(((((",
        "a AND OR NOT",
        "\"",
        "-",
        "*:*",
        "title:",
        "a^999999",
        "[a TO z]",
        "~~~~",
        "\\",
        "%00",
        "%ff",
        "title:title:title:",
    ] {
        assert!(
            server.get(&format!("/?s={}", query.replace(' ', "+"))).status < 500,
            "{query}"
        );
    }
    alive(&server, "odd searches");
}

#[test]
fn ranges_give_their_bytes_and_nothing_else() {
    let site = small();
    let server = site.serve();
    let file = "/wp-content/uploads/2026/03/file.txt";
    let part = |range: &str| {
        let answer = server.ask(&Ask::get(file).header("Range", range));
        (answer.status, answer.text())
    };
    for (range, status, text) in [
        ("bytes=0-3", 206, "0123"),
        ("bytes=7-", 206, "789"),
        ("bytes=-2", 206, "89"),
        ("bytes=0-99999999999999999999", 200, "0123456789"),
        ("bytes=3-18446744073709551615", 206, "3456789"),
        ("bytes=10-", 416, ""),
        ("bytes=-0", 416, ""),
        ("bytes=-100", 206, "0123456789"),
        ("bytes=5-2", 200, "0123456789"),
        ("bytes=a-b", 200, "0123456789"),
        ("bytes=", 200, "0123456789"),
        ("bytes=-", 200, "0123456789"),
        ("bytes=0-1,3-4", 200, "0123456789"),
        ("lines=1-2", 200, "0123456789"),
        ("bytes=0-0", 206, "0"),
    ] {
        let (got, body) = part(range);
        // A range that says nothing, or too much, may be left aside.
        assert_eq!(body, text, "{range}: {got}");
        assert_eq!(got, status, "{range}");
    }
    let many = vec!["0-1"; 5000].join(",");
    assert_eq!(part(&format!("bytes={many}")).0, 200);
    alive(&server, "odd ranges");
}

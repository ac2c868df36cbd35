//! What the doors let through, and what they do not.

use super::{Browser, PASSWORD, form, post, site};
use crate::http::{Ask, encoded};

#[test]
fn the_nonce_is_told_to_a_session_only() {
    let site = site();
    let server = site.serve();
    let nonce = "/wp-admin/admin-ajax.php?action=rest-nonce";
    assert_eq!(server.get(nonce).status, 403);
    let mut browser = Browser::of(&server, "anna");
    let answer = browser.get(nonce);
    assert_eq!((answer.status, answer.text().len()), (200, 20));
    assert!(answer.text().bytes().all(|b| b.is_ascii_hexdigit()));
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
    let other = browser.get("/wp-admin/admin-ajax.php?action=heartbeat");
    assert_eq!((other.status, other.text()), (400, "0".to_owned()));
    assert_ne!(
        Browser::of(&server, "anna").get(nonce).text(),
        answer.text(),
        "each session has its own"
    );
}

#[test]
fn pages_of_others_cannot_sign_in_or_change_anything() {
    let site = site();
    let server = site.serve();
    let page = server.try_ask(&Ask::get("/wp-login.php")).unwrap().text();
    let (action, mut fields) = form(&page, "name=\"log\"");
    fields.extend([("log", "anna"), ("pwd", PASSWORD)].map(|(n, v)| (n.to_owned(), v.to_owned())));
    for (name, value) in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        let answer = server.try_ask(&post(&action, &fields).header(name, value)).unwrap();
        assert_eq!(
            (answer.status, answer.header("set-cookie")),
            (403, None),
            "{name}: {value}"
        );
    }
    for seal in ["", "1.2", "1764000000.00"] {
        let mut forged = fields.clone();
        for field in forged.iter_mut().filter(|(name, _)| name == "_guidepost_form") {
            field.1 = seal.to_owned();
        }
        assert_eq!(server.try_ask(&post(&action, &forged)).unwrap().status, 403);
    }
    let own = post(&action, &fields).header("Origin", "http://library.example");
    assert_eq!(server.try_ask(&own).unwrap().status, 302);

    let mut browser = Browser::of(&server, "anna");
    let fields = [("do", "end-others"), ("_wpnonce", "00000000000000000000")];
    let fields = fields.map(|(n, v)| (n.to_owned(), v.to_owned()));
    assert_eq!(browser.post("/wp-admin/profile.php", &fields).status, 403);
}

#[test]
fn nobody_is_led_to_another_place() {
    let site = site();
    let server = site.serve();
    for (wanted, path) in [
        ("/wp-admin/profile.php?a=b", "/wp-admin/profile.php?a=b"),
        ("http://library.example/about/", "/about/"),
        ("https://evil.example/", "/wp-admin/"),
        ("//evil.example/", "/wp-admin/"),
        ("/\\evil.example/", "/wp-admin/"),
        ("/a\r\nX-Injected: yes", "/wp-admin/"),
    ] {
        let target = format!("/wp-login.php?redirect_to={}", encoded(wanted));
        let fields = [("log", "anna"), ("pwd", PASSWORD)];
        let answer = Browser::new(&server).send(&target, "name=\"log\"", &fields);
        assert_eq!(answer.header("location"), Some(path), "{wanted:?}");
        assert_eq!(answer.header("x-injected"), None);
    }
    let closed = server.get("/wp-admin/profile.php?x=1");
    let expected = "/wp-login.php?redirect_to=%2Fwp%2Dadmin%2Fprofile%2Ephp%3Fx%3D1";
    assert_eq!((closed.status, closed.header("location")), (302, Some(expected)));
    let put = server.try_ask(&Ask::new("DELETE", "/wp-login.php")).unwrap();
    assert_eq!(put.status, 405);
}

#[test]
fn what_somebody_sees_signed_in_is_kept_by_nobody() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    for page in ["/", "/feed/", "/no-such-page/", "/wp-admin/profile.php"] {
        assert_eq!(
            browser.get(page).header("cache-control"),
            Some("private, no-store"),
            "{page}"
        );
    }
    let visitor = server.get("/");
    assert_ne!(visitor.header("cache-control"), Some("private, no-store"));
}

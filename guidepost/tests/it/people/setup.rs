//! The first start.

use super::{Browser, PASSWORD, site};
use crate::site::Site;

#[test]
fn the_link_of_the_first_start_makes_one_administrator() {
    let site = Site::empty();
    let mut server = site.serve();
    let line = server.prints();
    let (_, link) = line.split_once("/wp-login.php").unwrap_or_else(|| panic!("{line}"));
    let link = format!("/wp-login.php{link}");
    assert_eq!(server.get("/wp-login.php?action=setup&key=wrong").status, 403);
    assert_eq!(server.get("/wp-login.php?action=setup").status, 403);
    let fields = |login, password| [("log", login), ("email", "first@library.example"), ("pwd", password)];
    let mut browser = Browser::new(&server);
    let weak = browser.send(&link, "name=\"email\"", &fields("first", "short"));
    assert!(weak.text().contains("at least 10"), "{}", weak.text());
    let page = browser.get(&link).text();
    let made = browser.send_from(&page, "name=\"email\"", &fields("first", PASSWORD));
    assert_eq!(made.status, 302, "{}", made.text());
    assert_eq!(browser.get("/wp-admin/profile.php").status, 200);
    let again = Browser::new(&server).send_from(&page, "name=\"email\"", &fields("second", PASSWORD));
    assert_eq!(again.status, 403);
    assert_eq!(server.get(&link).status, 403);
    assert!(site.ok(&["users", "list"]).contains("administrator"));
    assert_eq!(Browser::new(&server).sign_in("first", PASSWORD).status, 302);
    let key = link.rsplit_once('=').unwrap().1;
    assert!(!site.ok(&["settings", "get", "_guidepost_setup"]).contains(key));
}

#[test]
fn where_somebody_can_sign_in_no_link_is_printed() {
    let site = site();
    let server = site.serve();
    assert_eq!(server.get("/wp-login.php?action=setup&key=").status, 403);
    assert_eq!(
        site.run(&["settings", "get", "_guidepost_setup"]).status,
        1,
        "no key was made"
    );
}

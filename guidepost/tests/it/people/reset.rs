//! A forgotten password.

use super::{Browser, PASSWORD, site};
use crate::{http::PATIENCE, site::Site};

/// The mails that were written, when there are so many.
fn mails(site: &Site, count: usize) -> Vec<String> {
    let begun = std::time::Instant::now();
    loop {
        let files = std::fs::read_dir(site.data().join("mail")).into_iter().flatten();
        let files = files.map(|file| file.unwrap().path());
        let mails: Vec<_> = files
            .filter(|path| path.extension().is_some_and(|e| e == "eml"))
            .collect();
        if mails.len() >= count {
            return mails
                .iter()
                .map(|path| std::fs::read_to_string(path).unwrap())
                .collect();
        }
        assert!(begun.elapsed() < PATIENCE, "no mail comes");
        std::thread::yield_now();
    }
}

#[test]
fn a_link_by_mail_sets_a_password_once() {
    let site = site();
    let server = site.serve();
    let mut signed_in = Browser::of(&server, "anna");
    let page = "/wp-login.php?action=lostpassword";
    let mut browser = Browser::new(&server);
    let unknown = browser.send(page, "user_login", &[("user_login", "nobody")]);
    let known = browser.send(page, "user_login", &[("user_login", "anna@library.example")]);
    assert_eq!((known.status, known.text()), (unknown.status, unknown.text()));
    let mail = mails(&site, 1).remove(0).replace("=\r\n", "").replace("=3D", "=");
    assert!(mail.contains("To: anna@library.example"), "{mail}");
    let at = mail.find("/wp-login.php").unwrap();
    let link = mail[at..].split_whitespace().next().unwrap().to_owned();

    let dead = server.get(&link.replace("key=", "key=x"));
    assert_eq!(dead.status, 403);
    let form = browser.get(&link).text();
    let weak = browser.send_from(&form, "pass1", &[("pass1", "short")]);
    assert!(weak.text().contains("at least 10"));
    let new = "another sentence, quite new";
    let set = browser.send_from(&form, "pass1", &[("pass1", new)]);
    assert_eq!(
        set.leads_to().as_deref(),
        Some("/wp-login.php?password=changed"),
        "{}",
        set.text()
    );
    assert_eq!(browser.send_from(&form, "pass1", &[("pass1", new)]).status, 403, "once");
    assert_eq!(server.get(&link).status, 403);
    assert_eq!(
        signed_in.get("/wp-admin/profile.php").status,
        302,
        "all sessions have ended"
    );
    assert_eq!(browser.sign_in("anna", PASSWORD).status, 200);
    assert_eq!(browser.sign_in("anna", new).status, 302);
    assert_eq!(mails(&site, 1).len(), 1, "nobody gets none");
}

#[test]
fn nobody_is_flooded_with_mail() {
    let site = site();
    let server = site.serve();
    let page = "/wp-login.php?action=lostpassword";
    let statuses: Vec<u16> = (0..8)
        .map(|_| {
            Browser::new(&server)
                .send(page, "user_login", &[("user_login", "anna")])
                .status
        })
        .collect();
    assert!(statuses.ends_with(&[429, 429]), "{statuses:?}");
}

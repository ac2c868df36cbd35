//! Programs that ask for access to an account.

use super::{Browser, PASSWORD, audit, form, site};
use crate::http::{Ask, encoded};

const PATH: &str = "/wp-admin/authorize-application.php";

fn asking(success: &str, more: &str) -> String {
    format!("{PATH}?app_name=Reader&success_url={}{more}", encoded(success))
}

#[test]
fn who_says_yes_gives_the_program_a_password_that_works() {
    let site = site();
    let server = site.serve();
    let target = asking(
        "https://app.example/back?k=v",
        "&app_id=12345678-90ab-cdef-1234-567890abcdef",
    );
    let mut browser = Browser::new(&server);
    let to = browser.get(&target).leads_to().unwrap();
    assert!(to.starts_with("/wp-login.php?redirect_to="), "{to}");
    // Signing in leads back to the question.
    let answer = browser.send(&to, "name=\"log\"", &[("log", "anna"), ("pwd", PASSWORD)]);
    let page = browser.get(&answer.leads_to().unwrap());
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("form-action 'self' https://app.example https://app.example;"),
        "{policy}"
    );
    let page = page.text();
    assert!(
        page.contains("calls itself <strong>Reader</strong>") && page.contains("https://app.example"),
        "{page}"
    );
    let answer = browser.send_from(&page, "approve", &[("app_name", "Reader"), ("approve", "1")]);
    assert_eq!(
        (answer.status, answer.header("referrer-policy")),
        (302, Some("no-referrer"))
    );
    let back = answer.header("location").unwrap();
    let start = "https://app.example/back?k=v&site_url=http%3A%2F%2Flibrary.example&user_login=anna&password=";
    let password = back.strip_prefix(start).unwrap_or_else(|| panic!("{back}"));
    let me = server.ask(&Ask::get("/wp-json/wp/v2/users/me").signed_in("anna", password));
    assert_eq!(me.status, 200, "{}", me.text());
    let log = format!("{:?}", audit(&site));
    assert!(
        log.contains("application password made") && log.contains("sent to https://app.example"),
        "{log}"
    );
    assert!(!log.contains(password));
    // The same name again is not taken for another program.
    let again = browser.send_from(&page, "approve", &[("app_name", "Reader"), ("approve", "1")]);
    assert!(again.text().contains("of this name already"), "{}", again.text());
}

#[test]
fn who_says_no_gives_nothing() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    let no = |browser: &mut Browser<'_>, target: &str| {
        let page = browser.get(target).text();
        let answer = browser.send_from(&page, "approve", &[("reject", "1")]);
        answer.header("location").map(str::to_owned)
    };
    let target = asking("https://app.example/back", "");
    assert_eq!(
        no(&mut browser, &target).as_deref(),
        Some("https://app.example/back?success=false")
    );
    let target = asking("https://app.example/back", "&reject_url=app%3A%2F%2Fno");
    assert_eq!(no(&mut browser, &target).as_deref(), Some("app://no"));
    assert_eq!(
        no(&mut browser, &format!("{PATH}?app_name=x")).as_deref(),
        Some("/wp-admin/profile.php")
    );
    assert!(!browser.get("/wp-admin/profile.php").text().contains("Reader"));
}

#[test]
fn without_a_way_back_the_password_is_shown() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    let page = browser.get(PATH).text();
    let unnamed = browser.send_from(&page, "approve", &[("app_name", ""), ("approve", "1")]);
    assert!(unnamed.text().contains("give it a name"));
    let given = browser
        .send_from(&page, "approve", &[("app_name", "A <b>"), ("approve", "1")])
        .text();
    let password = given.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    assert!(password.len() == 24 && given.contains("A &lt;b&gt;"), "{given}");
}

#[test]
fn pages_of_others_and_odd_addresses_get_nothing() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://app.example/",
        "//evil.example",
        "https://a@evil.example/",
    ] {
        let answer = browser.get(&asking(bad, ""));
        assert_eq!((answer.status, answer.header("location")), (400, None), "{bad}");
        assert!(!answer.text().contains("<form"), "{bad}");
        let answer = browser.get(&asking(
            "https://app.example/",
            &format!("&reject_url={}", encoded(bad)),
        ));
        assert_eq!(answer.status, 400, "{bad}");
    }
    assert_eq!(browser.get(&asking("https://app.example/", "&app_id=1")).status, 400);
    // Without the nonce, and with that of another form.
    let page = browser.get(&asking("https://app.example/", "")).text();
    let (_, mut fields) = form(&page, "approve");
    fields.extend([("approve", "1"), ("app_name", "Reader")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let profile = browser.get("/wp-admin/profile.php").text();
    let (_, other) = form(&profile, "value=\"person\"");
    let other = other.into_iter().find(|(name, _)| name == "_wpnonce").unwrap().1;
    for nonce in ["", "00000000000000000000", &other] {
        let mut forged = fields.clone();
        for field in forged.iter_mut().filter(|(name, _)| name == "_wpnonce") {
            nonce.clone_into(&mut field.1);
        }
        let answer = browser.post(PATH, &forged);
        assert_eq!((answer.status, answer.header("location")), (403, None), "{nonce:?}");
    }
    // The way back is looked at again when the answer comes.
    let mut forged = fields.clone();
    for field in forged.iter_mut().filter(|(name, _)| name == "success_url") {
        "javascript:alert(1)".clone_into(&mut field.1);
    }
    assert_eq!(browser.post(PATH, &forged).status, 400);
    let cross = super::post(PATH, &fields).header("Sec-Fetch-Site", "cross-site");
    assert_eq!(browser.ask(cross).status, 403);
    assert!(!browser.get("/wp-admin/profile.php").text().contains("Reader"));
}

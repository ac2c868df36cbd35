//! One's own account.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::{Browser, PASSWORD, add, deeds, site};
use crate::http::Ask;

const PROFILE: &str = "/wp-admin/profile.php";

/// What an app on a phone shows, so many half minutes from now.
fn code(secret: &str, ahead: u64) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = secret
        .chars()
        .map(|c| format!("{:05b}", ALPHABET.find(c).unwrap()))
        .collect();
    let bytes: Vec<u8> = (0..bits.len() / 8)
        .map(|n| u8::from_str_radix(&bits[n * 8..n * 8 + 8], 2).unwrap())
        .collect();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let step = now.as_secs() / 30 + ahead;
    let mac = Hmac::<Sha1>::new_from_slice(&bytes)
        .unwrap()
        .chain_update(step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 0xf);
    let four = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap());
    format!("{:06}", (four & 0x7fff_ffff) % 1_000_000)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before}: {text}"));
    rest.split_once(after).unwrap().0
}

#[test]
fn a_second_step_is_asked_and_no_code_works_twice() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    let page = browser.get(PROFILE).text();
    let secret = between(&page, "name=\"secret\" value=\"", "\"").to_owned();
    let current = ("current", PASSWORD);
    let wrong = browser.send_from(&page, "second-on", &[("code", "000000"), current]);
    assert!(wrong.text().contains("does not fit"), "{}", wrong.text());
    let on = browser.send_from(&page, "second-on", &[("code", &code(&secret, 0)), current]);
    let on = on.text();
    assert!(on.contains("switched on"), "{on}");
    let list = between(&on, "<ul class=\"codes\">", "</ul>");
    let recovery: Vec<&str> = list
        .split("<code>")
        .skip(1)
        .map(|c| c.split('<').next().unwrap())
        .collect();
    assert_eq!(recovery.len(), 10);

    let mut other = Browser::new(&server);
    let asked = other.sign_in("anna", PASSWORD);
    assert_eq!(
        (asked.status, asked.header("set-cookie")),
        (200, None),
        "a password alone opens nothing"
    );
    let asked = asked.text();
    let refused = other.send_from(&asked, "name=\"code\"", &[("code", "123")]);
    assert!(refused.text().contains("does not fit"));
    let next = code(&secret, 1);
    let answer = other.send_from(&asked, "name=\"code\"", &[("code", &next)]);
    assert_eq!(answer.status, 302, "{}", answer.text());
    let again = Browser::new(&server).send_from(&asked, "name=\"code\"", &[("code", &next)]);
    assert_eq!(again.status, 200, "seen over the shoulder, it is of no use");

    for status in [302, 200] {
        let answer = Browser::new(&server).send_from(&asked, "name=\"code\"", &[("code", recovery[4])]);
        assert_eq!(answer.status, status, "a recovery code works once");
    }
    let guess = || {
        Browser::new(&server)
            .send_from(&asked, "name=\"code\"", &[("code", "123")])
            .status
    };
    let guesses: Vec<u16> = (0..12).map(|_| guess()).collect();
    assert!(
        guesses.starts_with(&[200]) && guesses.ends_with(&[429, 429]),
        "{guesses:?}"
    );
    assert!(browser.get(PROFILE).text().contains("9 of your recovery codes"));
    browser.send(PROFILE, "second-off", &[current]);
    assert_eq!(Browser::new(&server).sign_in("anna", PASSWORD).status, 302);
    let deeds = deeds(&site);
    for deed in [
        "second step switched on",
        "second step refused",
        "second step switched off",
    ] {
        assert!(deeds.iter().any(|d| d == deed), "{deed}: {deeds:?}");
    }
}

#[test]
fn a_new_password_ends_all_other_sessions() {
    let site = site();
    let server = site.serve();
    let (mut here, mut there) = (Browser::of(&server, "anna"), Browser::of(&server, "anna"));
    let new = "a new sentence for the door";
    let wrong = here.send(PROFILE, "value=\"password\"", &[("current", "wrong"), ("pass1", new)]);
    assert!(wrong.text().contains("did not match"));
    let changed = here.send(PROFILE, "value=\"password\"", &[("current", PASSWORD), ("pass1", new)]);
    assert_eq!(changed.status, 302, "{}", changed.text());
    assert_eq!(there.get(PROFILE).status, 302);
    assert_eq!(here.get(PROFILE).status, 200);
    assert_eq!(Browser::new(&server).sign_in("anna", new).status, 302);
}

#[test]
fn sessions_are_seen_and_ended_by_their_owner_only() {
    let site = site();
    add(&site, "bert", "editor");
    let server = site.serve();
    let (mut here, mut there) = (Browser::of(&server, "anna"), Browser::of(&server, "anna"));
    let mut bert = Browser::of(&server, "bert");
    let page = here.get(PROFILE).text();
    assert!(page.contains("This device") && page.contains("127.0.0.0/24"));
    let id = between(&page, "name=\"session\" value=\"", "\"").to_owned();
    let fields = |page: &str| {
        let (_, mut fields) = super::form(page, "end-session");
        fields.retain(|(name, _)| name != "session");
        fields.push(("session".to_owned(), id.clone()));
        fields
    };
    // Bert has one session, so that his page has no such form: he borrows the nonce of another.
    let (_, nonce) = super::form(&bert.get(PROFILE).text(), "value=\"person\"");
    let nonce = nonce.into_iter().find(|(name, _)| name == "_wpnonce").unwrap();
    let mut stolen = vec![nonce, ("do".to_owned(), "end-session".to_owned())];
    stolen.push(("session".to_owned(), id.clone()));
    bert.post(PROFILE, &stolen);
    assert_eq!(there.get(PROFILE).status, 200);
    here.post(PROFILE, &fields(&page));
    assert_eq!(there.get(PROFILE).status, 302);
    assert_eq!(here.get(PROFILE).status, 200);
}

#[test]
fn application_passwords_are_shown_once_and_taken_back() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    let made = browser
        .send(PROFILE, "add-application", &[("name", "Phone <b>")])
        .text();
    let password = between(&made, "<code>", "</code>").to_owned();
    let password = if password.len() == 24 {
        password
    } else {
        panic!("{made}")
    };
    assert!(made.contains("Phone &lt;b&gt;"));
    let page = browser.get(PROFILE).text();
    assert!(!page.contains(&password));
    // Who is signed in may not be kept from others' answers: that a password counts is seen by a locked door.
    let asked = Ask::get("/wp-admin/admin-ajax.php?action=rest-nonce").signed_in("anna", &password);
    assert_eq!(server.try_ask(&asked).unwrap().status, 403, "a nonce is for sessions");
    let revoked = browser.send(PROFILE, "revoke-application", &[]);
    assert!(revoked.text().contains("no longer works"));
    assert!(!browser.get(PROFILE).text().contains("Phone"));
}

#[test]
fn name_and_address_are_kept_the_address_with_the_password_only() {
    let site = site();
    add(&site, "bert", "editor");
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    let mut send = |fields: &[(&str, &str)]| browser.send(PROFILE, "value=\"person\"", fields).text();
    let kept = send(&[("display_name", "Anna <A>"), ("email", "anna@library.example")]);
    assert!(kept.contains("are kept") && kept.contains("Anna &lt;A&gt;"), "{kept}");
    let without = send(&[("display_name", "Anna"), ("email", "new@library.example")]);
    assert!(without.contains("did not match"));
    let taken = send(&[
        ("display_name", "Anna"),
        ("email", "bert@library.example"),
        ("current", PASSWORD),
    ]);
    assert!(taken.contains("is taken"), "{taken}");
    let kept = send(&[
        ("display_name", "Anna"),
        ("email", "new@library.example"),
        ("current", PASSWORD),
    ]);
    assert!(kept.contains("are kept"));
    assert!(site.ok(&["users", "list"]).contains("new@library.example"));
}

#[test]
fn who_may_change_others_is_reminded_of_the_second_step() {
    let site = site();
    add(&site, "bert", "editor");
    let server = site.serve();
    let hint = "may change those of others";
    let mut browser = Browser::of(&server, "anna");
    let page = browser.get(PROFILE).text();
    assert!(page.contains(hint), "{page}");
    assert!(!Browser::of(&server, "bert").get(PROFILE).text().contains(hint));
    // The picture holds what the link says, without a style that the policy would forbid.
    let picture = between(&page, "<svg class=\"qr\"", "</svg>");
    assert!(
        picture.contains("fill=\"#000\"") && !picture.contains("style"),
        "{picture}"
    );
    let secret = between(&page, "name=\"secret\" value=\"", "\"").to_owned();
    assert!(page.contains(&format!("secret={secret}&amp;issuer=")), "{page}");
    let fields = [("code", code(&secret, 0)), ("current", PASSWORD.to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    browser.send_from(&page, "second-on\"", &fields);
    let page = browser.get(PROFILE).text();
    assert!(!page.contains(hint) && !page.contains("<svg class=\"qr\""), "{page}");
}

#[test]
fn sessions_are_named_in_words() {
    const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let site = site();
    let server = site.serve();
    let mut browser = Browser::new(&server);
    let page = browser.get("/wp-login.php").text();
    let (action, mut fields) = super::form(&page, "name=\"log\"");
    fields.extend([("log", "anna"), ("pwd", PASSWORD)].map(|(n, v)| (n.to_owned(), v.to_owned())));
    browser.ask(super::post(&action, &fields).header("User-Agent", AGENT));
    let page = browser.get(PROFILE).text();
    assert!(
        page.contains("<p>Firefox on Linux</p>") && !page.contains("Gecko"),
        "{page}"
    );
}

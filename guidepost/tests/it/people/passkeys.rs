//! Passkeys from outside: made and used by an authenticator in software, as the script of the pages does it.

use serde_json::{Value, json};

use super::{Browser, PASSWORD, add, audit, deeds, form, site};
use crate::{
    http::{Answer, Ask},
    site::{Server, Site},
};

#[path = "../../../../features/people/src/passkeys/authenticator.rs"]
mod authenticator;

use authenticator::{Authenticator, EDDSA, ES256, RS256};

const PROFILE: &str = "/wp-admin/profile.php";
const SIGN_IN: &str = "/wp-login.php";
const WISH: &str = "/wp-login.php?action=passkey-options";
const ORIGIN: &str = "https://library.example";

/// The hidden fields of a form with others in their place.
fn fields(page: &str, mark: &str, own: &[(&str, &str)]) -> Vec<(String, String)> {
    let (_, mut all) = form(page, mark);
    all.retain(|(name, _)| own.iter().all(|(n, _)| n != name));
    all.extend(own.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
    all
}

/// What the page's script is told to ask the browser for.
fn asked(answer: &Answer) -> Value {
    let said: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!(answer.status, 200, "{said}");
    said["publicKey"].clone()
}

/// Makes a passkey on one's own page; what the page says then.
fn make(browser: &mut Browser<'_>, device: &mut Authenticator, name: &str) -> String {
    let page = browser.get(PROFILE).text();
    let own = [("do", "passkey-options"), ("current", PASSWORD)];
    let wish = asked(&browser.post(PROFILE, &fields(&page, "add-passkey", &own)));
    let sent = device.make(&wish);
    let own = [("credential", sent.as_str()), ("name", name)];
    browser.post(PROFILE, &fields(&page, "add-passkey", &own)).text()
}

/// Signs in with a passkey and nothing else.
fn enter(browser: &mut Browser<'_>, device: &Authenticator) -> Answer {
    let page = browser.get(SIGN_IN).text();
    let wish = asked(&browser.post(WISH, &fields(&page, "name=\"log\"", &[])));
    send(browser, &page, &device.answer(&wish))
}

fn send(browser: &mut Browser<'_>, page: &str, credential: &str) -> Answer {
    let fields = fields(page, "name=\"log\"", &[("credential", credential)]);
    browser.post("/wp-login.php?action=passkey", &fields)
}

fn details(site: &Site, verb: &str) -> Vec<String> {
    let lines = audit(site);
    let of_it = lines.iter().filter(|line| line["verb"] == verb);
    of_it.map(|line| line["detail"].as_str().unwrap().to_owned()).collect()
}

fn with_passkey<'a>(server: &'a Server<'a>, way: i64, id: &[u8]) -> (Browser<'a>, Authenticator) {
    let mut browser = Browser::of(server, "anna");
    let mut device = Authenticator::new(way, id, ORIGIN);
    let page = make(&mut browser, &mut device, "My <key>");
    assert!(
        page.contains("The passkey is kept") && page.contains("My &lt;key&gt;"),
        "{page}"
    );
    (browser, device)
}

#[test]
fn a_passkey_opens_the_account_on_every_kind_of_store() {
    for site in Site::each() {
        add(&site, "anna", "administrator");
        let server = site.serve();
        for (way, id) in [(ES256, b"one".as_slice()), (EDDSA, b"two"), (RS256, b"three")] {
            let (mut browser, mut device) = with_passkey(&server, way, id);
            assert!(browser.get(PROFILE).text().contains("not used yet"), "{}", site.name);
            device.counter = 1;
            let mut other = Browser::new(&server);
            let answer = enter(&mut other, &device);
            assert_eq!(answer.status, 302, "{} {way}: {}", site.name, answer.text());
            assert_eq!(other.get(PROFILE).status, 200);
        }
        let page = Browser::of(&server, "anna").get(PROFILE).text();
        assert_eq!(page.matches("remove-passkey").count(), 3, "{page}");
        assert!(!page.contains("not used yet"), "{page}");
        let deeds = deeds(&site);
        assert!(deeds.contains(&"passkey added".to_owned()), "{deeds:?}");
        let signed_in = details(&site, "signed in");
        assert!(
            signed_in.iter().any(|d| d.starts_with("with a passkey, ")),
            "{signed_in:?}"
        );
        site.assert_sound("passkeys");
    }
}

#[test]
fn what_is_asked_of_browsers_is_strict() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    let page = browser.get(PROFILE).text();
    let own = [("do", "passkey-options"), ("current", PASSWORD)];
    let fields_of = fields(&page, "add-passkey", &own);
    let wish = asked(&browser.post(PROFILE, &fields_of));
    assert_eq!(wish["rp"]["id"], "library.example");
    assert_eq!(wish["attestation"], "none");
    assert_eq!(wish["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(wish["authenticatorSelection"]["userVerification"], "required");
    let ways: Vec<i64> = wish["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w["alg"].as_i64().unwrap())
        .collect();
    assert_eq!(ways, [-8, -7, -257]);
    assert!(wish["challenge"].as_str().unwrap().len() == 43 && !wish.to_string().contains("anna@"));
    let wrong = fields(&page, "add-passkey", &[("do", "passkey-options"), ("current", "wrong")]);
    let refused = browser.post(PROFILE, &wrong);
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("did not match"), "{}", refused.text());

    let mut visitor = Browser::new(&server);
    let page = visitor.get(SIGN_IN);
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("; script-src 'sha256-") && policy.contains("; connect-src 'self'; "),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    let others = visitor.get("/wp-login.php?action=lostpassword");
    assert!(!others.header("content-security-policy").unwrap().contains("script-src"));
    let page = page.text();
    assert!(
        page.contains("<p hidden><button type=\"button\" data-passkey"),
        "without a script it is not seen"
    );
    let wish = asked(&visitor.post(WISH, &fields(&page, "name=\"log\"", &[])));
    assert_eq!(
        (&wish["userVerification"], &wish["allowCredentials"]),
        (&json!("required"), &json!([]))
    );
    let forged = visitor.post(WISH, &[("_guidepost_form".to_owned(), "1.2".to_owned())]);
    assert_eq!(forged.status, 403);
    // An address by number has no passkeys, and no button that leads nowhere.
    let by_number = server
        .try_ask(&Ask::get(SIGN_IN).header("Host", "127.0.0.1:8080"))
        .unwrap()
        .text();
    assert!(!by_number.contains("data-passkey=\""), "{by_number}");
}

#[test]
fn a_challenge_is_good_once_and_for_its_deed() {
    let site = site();
    let server = site.serve();
    let (mut signed_in, device) = with_passkey(&server, ES256, b"one");
    let mut browser = Browser::new(&server);
    let page = browser.get(SIGN_IN).text();
    let hidden = fields(&page, "name=\"log\"", &[]);
    let wish = asked(&browser.post(WISH, &hidden));
    let answer = device.answer(&wish);
    assert_eq!(send(&mut browser, &page, &answer).status, 302);
    assert_eq!(
        send(&mut Browser::new(&server), &page, &answer).status,
        200,
        "seen once, it is of no use"
    );
    let own = device.answer(&json!({"challenge": "bWFkZSB1cCBieSBzb21lYm9keSwgbm90IGdpdmVuIG91dA"}));
    assert_eq!(
        send(&mut Browser::new(&server), &page, &own).status,
        200,
        "a challenge of one's own"
    );
    // One that was given out for making a passkey does not sign in.
    let profile = signed_in.get(PROFILE).text();
    let own = [("do", "passkey-options"), ("current", PASSWORD)];
    let making = asked(&signed_in.post(PROFILE, &fields(&profile, "add-passkey", &own)));
    assert_eq!(
        send(&mut Browser::new(&server), &page, &device.answer(&making)).status,
        200
    );
    // And one for signing in makes none.
    let wish = asked(&browser.post(WISH, &hidden));
    let mut second = Authenticator::new(ES256, b"two", ORIGIN);
    let wish = json!({"challenge": wish["challenge"], "user": {"id": "x"}});
    let sent = second.make(&wish);
    let page = signed_in
        .post(
            PROFILE,
            &fields(&profile, "add-passkey", &[("credential", &sent), ("name", "x")]),
        )
        .text();
    assert!(page.contains("was not taken"), "{page}");
    assert_eq!(details(&site, "passkey refused").len(), 4);
}

#[test]
fn what_another_session_was_asked_makes_no_passkey() {
    let site = site();
    add(&site, "bert", "editor");
    let server = site.serve();
    let (mut anna, mut bert) = (Browser::of(&server, "anna"), Browser::of(&server, "bert"));
    let (of_anna, of_bert) = (anna.get(PROFILE).text(), bert.get(PROFILE).text());
    let own = [("do", "passkey-options"), ("current", PASSWORD)];
    let wish = asked(&anna.post(PROFILE, &fields(&of_anna, "add-passkey", &own)));
    let sent = Authenticator::new(ES256, b"one", ORIGIN).make(&wish);
    let own = [("credential", sent.as_str()), ("name", "x")];
    let page = bert.post(PROFILE, &fields(&of_bert, "add-passkey", &own)).text();
    assert!(page.contains("was not taken"), "{page}");
    let page = anna.post(PROFILE, &fields(&of_anna, "add-passkey", &own)).text();
    assert!(page.contains("was not taken"), "the challenge is gone: {page}");
}

#[test]
fn what_is_not_right_opens_nothing_and_is_written_down() {
    let site = site();
    let server = site.serve();
    let (mut browser, mut device) = with_passkey(&server, ES256, b"one");
    let refused = |device: &Authenticator, why: &str| {
        let answer = enter(&mut Browser::new(&server), device);
        assert_eq!((answer.status, answer.header("set-cookie")), (200, None), "{why}");
        assert!(answer.text().contains("opens no account"), "{}", answer.text());
        let written = details(&site, "passkey refused");
        assert!(
            written[0].starts_with(why) && written[0].ends_with("127.0.0.0/24"),
            "{written:?}"
        );
    };
    device.flags = 1;
    refused(&device, "whose hand it was in is not known");
    device.flags = authenticator::HELD;
    device.party = "evil.example".to_owned();
    refused(&device, "for another site");
    device.party = "library.example".to_owned();
    device.origin = "https://evil.example".to_owned();
    refused(&device, "another origin");
    device.origin = ORIGIN.to_owned();
    let handle = std::mem::replace(&mut device.handle, "YW5vdGhlcg".to_owned());
    refused(&device, "of another account or site");
    device.handle = String::new();
    refused(&device, "of another account or site");
    let mut stranger = Authenticator::new(ES256, b"one", ORIGIN);
    stranger.handle.clone_from(&handle);
    refused(&stranger, "not signed by it");
    stranger.id = b"two".to_vec();
    refused(&stranger, "not known here");
    device.handle = handle;
    device.counter = 9;
    assert_eq!(enter(&mut Browser::new(&server), &device).status, 302);
    device.counter = 8;
    refused(&device, "its counter went back");
    // Nobody takes an id that is somebody's.
    let mut twin = Authenticator::new(ES256, b"one", ORIGIN);
    assert!(make(&mut browser, &mut twin, "twin").contains("was not taken"));
    let page = browser.get(SIGN_IN);
    assert_eq!(page.status, 302, "who is signed in goes on");
    for broken in ["", "{", "[]", "{\"client\":\"%\"}", "{\"id\":1}"] {
        let page = Browser::new(&server).get(SIGN_IN).text();
        assert_eq!(send(&mut Browser::new(&server), &page, broken).status, 200, "{broken}");
    }
}

#[test]
fn a_removed_passkey_opens_nothing() {
    let site = site();
    let server = site.serve();
    let (mut browser, device) = with_passkey(&server, EDDSA, b"one");
    let page = browser.send(PROFILE, "remove-passkey", &[]).text();
    assert!(page.contains("no longer opens"), "{page}");
    assert_eq!(enter(&mut Browser::new(&server), &device).status, 200);
    assert!(deeds(&site).contains(&"passkey removed".to_owned()));
    // And an operator takes all of them, for somebody who lost their device.
    let (_, device) = with_passkey(&server, EDDSA, b"two");
    let args = ["users", "password", "anna", "--without-second-step"];
    assert_eq!(site.run_with(&args, b"quite another sentence\n").status, 0);
    assert_eq!(enter(&mut Browser::new(&server), &device).status, 200);
    assert!(deeds(&site).contains(&"passkeys removed".to_owned()));
}

#[test]
fn a_passkey_is_the_second_step_where_it_is_asked_for() {
    let site = site();
    let server = site.serve();
    let (mut browser, mut device) = with_passkey(&server, ES256, b"one");
    assert_eq!(
        Browser::new(&server).sign_in("anna", PASSWORD).status,
        302,
        "a passkey alone asks for nothing more"
    );
    let on = browser
        .send(PROFILE, "second-on-passkeys", &[("current", PASSWORD)])
        .text();
    assert!(on.contains("is asked for after your password"), "{on}");
    let recovery = on
        .split("<li><code>")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned();

    let mut other = Browser::new(&server);
    let step = other.sign_in("anna", PASSWORD);
    assert_eq!((step.status, step.header("set-cookie")), (200, None));
    let step = step.text();
    assert!(step.contains("Recovery code") && !step.contains("six digits"), "{step}");
    let wish = asked(&other.post(WISH, &fields(&step, "name=\"code\"", &[])));
    assert_eq!(wish["allowCredentials"][0]["id"], authenticator::base64(b"one"));
    // After the password a touch is enough.
    device.flags = 1;
    let answer = device.answer(&wish);
    let alone = send(&mut Browser::new(&server), &other.get(SIGN_IN).text(), &answer);
    assert_eq!(
        alone.status, 200,
        "a challenge of the second step is no way around the password"
    );
    let wish = asked(&other.post(WISH, &fields(&step, "name=\"code\"", &[])));
    let sent = fields(&step, "name=\"code\"", &[("credential", &device.answer(&wish))]);
    assert_eq!(other.post("/wp-login.php?action=second", &sent).status, 302);
    let again = Browser::new(&server).post("/wp-login.php?action=second", &sent);
    assert_eq!(again.status, 200, "not twice");
    let by_code = Browser::new(&server).send_from(&step, "name=\"code\"", &[("code", &recovery)]);
    assert_eq!(by_code.status, 302, "a recovery code opens, too");

    let kept = browser.send(PROFILE, "remove-passkey", &[]).text();
    assert!(kept.contains("second step needs this passkey"), "{kept}");
    browser.send(PROFILE, "second-off", &[("current", PASSWORD)]);
    assert!(
        browser
            .send(PROFILE, "remove-passkey", &[])
            .text()
            .contains("no longer opens")
    );
    let how = details(&site, "signed in");
    assert!(
        how.iter().any(|d| d.starts_with("with a password and a passkey")),
        "{how:?}"
    );
}

#[test]
fn challenges_are_not_given_out_without_end() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::new(&server);
    let hidden = fields(&browser.get(SIGN_IN).text(), "name=\"log\"", &[]);
    let mut given = 0;
    while browser.post(WISH, &hidden).status == 200 {
        given += 1;
        assert!(given <= 130);
    }
    assert_eq!(given, 120);
}

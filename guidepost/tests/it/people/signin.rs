//! Signing in: who gets in, who does not, and what either learns.

use gp_content::{Actor, User, Verb, actions};
use gp_kernel::UserId;

use super::{Browser, PASSWORD, add, audit, deeds, form, post, site};
use crate::{http::Ask, public::on, site::Site};

#[test]
fn every_kind_of_store_keeps_sessions_and_counts_tries() {
    for site in Site::each() {
        add(&site, "anna", "administrator");
        let server = site.serve();
        let mut browser = Browser::of(&server, "anna");
        assert_eq!(browser.get("/wp-admin/profile.php").status, 200, "{}", site.name);
        let tries = (0..11).map(|_| Browser::new(&server).sign_in("anna", "wrong").status);
        let tries: Vec<u16> = tries.collect();
        assert_eq!((tries[9], tries[10]), (200, 429), "{}", site.name);
        let asked = browser.get("/wp-login.php?action=logout").text();
        browser.send_from(&asked, "Sign out", &[]);
        assert_eq!(browser.get("/wp-admin/profile.php").status, 302, "{}", site.name);
    }
}

#[test]
fn tries_that_come_at_once_are_counted_too() {
    let site = site();
    let server = site.serve();
    let page = server.try_ask(&Ask::get("/wp-login.php")).unwrap().text();
    let (action, mut fields) = form(&page, "name=\"log\"");
    fields.extend([("log", "anna"), ("pwd", "wrong")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let asked = post(&action, &fields);
    let looked_at = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..30)
            .map(|_| scope.spawn(|| server.try_ask(&asked).unwrap().status))
            .collect();
        tries
            .into_iter()
            .map(|t| t.join().unwrap())
            .filter(|status| *status == 200)
            .count()
    });
    assert_eq!(looked_at, 10);
}

#[test]
fn a_password_opens_a_session_with_a_careful_cookie() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::new(&server);
    let page = browser.get("/wp-login.php");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert!(!page.text().contains(" style=\""));
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'") && page.header("x-frame-options") == Some("DENY"));
    for login in ["anna", "ANNA", "anna@library.example"] {
        let mut browser = Browser::new(&server);
        let answer = browser.sign_in(login, PASSWORD);
        assert_eq!(answer.status, 302, "{login}: {}", answer.text());
        let cookie = answer.header("set-cookie").unwrap();
        for flag in ["guidepost_session=", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(!cookie.contains("Secure") && !cookie.contains("Max-Age"), "{cookie}");
        assert_eq!(browser.get("/wp-admin/").status, 200);
    }
    let fields = [("log", "anna"), ("pwd", PASSWORD), ("rememberme", "forever")];
    let lasting = Browser::new(&server).send("/wp-login.php", "name=\"log\"", &fields);
    assert!(lasting.header("set-cookie").unwrap().contains("; Max-Age=1209600"));
    let (action, mut all) = form(&page.text(), "name=\"log\"");
    all.extend([("log", "anna"), ("pwd", PASSWORD)].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let https = server
        .try_ask(&post(&action, &all).header("X-Forwarded-Proto", "https"))
        .unwrap();
    assert!(https.header("set-cookie").unwrap().contains("; Secure"));
    let open = server
        .try_ask(&post(&action, &all).header("X-Forwarded-Proto", "http"))
        .unwrap();
    assert_eq!(
        (open.status, open.header("set-cookie")),
        (403, None),
        "no password on an open line"
    );
    assert!(deeds(&site).contains(&"signed in".to_owned()));
}

#[test]
fn wrong_passwords_and_unknown_accounts_are_answered_alike() {
    let site = site();
    let server = site.serve();
    let answers: Vec<(u16, String)> = ["anna", "nobody"]
        .map(|login| {
            let answer = Browser::new(&server).sign_in(login, "wrong");
            assert_eq!(answer.header("set-cookie"), None);
            let text = answer.text().replace(login, "NAME");
            let (before, rest) = text.split_once("name=\"_guidepost_form\"").unwrap();
            (answer.status, format!("{before}{}", rest.split_once('>').unwrap().1))
        })
        .into();
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].1.contains("That did not match"));
    let log = format!("{:?}", audit(&site));
    assert!(
        log.contains("sign-in refused") && !log.contains("nobody") && !log.contains("wrong"),
        "{log}"
    );
}

#[test]
fn imported_passwords_open_once_as_they_were_and_are_hashed_anew() {
    let site = Site::empty();
    site.ok(&["users", "list"]);
    let hashes = [
        ("phpass", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", "test12345"),
        ("md5", "5f4dcc3b5aa765d61d8327deb882cf99", "password"),
        (
            "bcrypt",
            "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "U*U",
        ),
    ];
    on(&site, async |act| {
        let grant = Actor::system().may_on_account(Verb::Create, UserId(0)).unwrap();
        for (login, hash, _) in hashes {
            let user = User {
                login: login.to_owned(),
                email: format!("{login}@library.example"),
                password: hash.to_owned(),
                ..User::default()
            };
            actions::create_user(act, &grant, user, "editor").await.unwrap();
        }
    });
    let server = site.serve();
    for (login, _, password) in hashes {
        assert_eq!(Browser::new(&server).sign_in(login, "wrong").status, 200);
        for _ in 0..2 {
            assert_eq!(Browser::new(&server).sign_in(login, password).status, 302, "{login}");
        }
    }
    on(&site, async |act| {
        for user in gp_content::users::all(act.tx).await.unwrap() {
            assert!(
                user.password.starts_with("$argon2id$"),
                "{}: {}",
                user.login,
                user.password
            );
        }
    });
}

#[test]
fn many_wrong_tries_have_to_wait_and_others_do_not() {
    let site = site();
    add(&site, "bert", "editor");
    let server = site.serve();
    for login in ["anna", "nobody"] {
        let mut refused = 0;
        let answer = loop {
            let answer = Browser::new(&server).sign_in(login, "wrong");
            if answer.status == 429 {
                break answer;
            }
            refused += 1;
            assert!(refused <= 40, "{login}");
        };
        assert_eq!(refused, 10, "{login}");
        let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=3600).contains(&wait));
    }
    assert_eq!(Browser::new(&server).sign_in("anna", PASSWORD).status, 429);
    assert_eq!(Browser::new(&server).sign_in("bert", PASSWORD).status, 302);
    let page = server.try_ask(&Ask::get("/wp-login.php")).unwrap().text();
    let (action, mut fields) = form(&page, "name=\"log\"");
    fields.extend([("log", "anna"), ("pwd", PASSWORD)].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let elsewhere = post(&action, &fields).header("X-Forwarded-For", "192.0.2.7");
    assert_eq!(
        server.try_ask(&elsewhere).unwrap().status,
        302,
        "from another network the owner gets in"
    );
}

#[test]
fn signing_out_ends_the_session() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    let cookie = browser.cookie.clone().unwrap();
    let asked = browser.get("/wp-login.php?action=logout");
    assert_eq!(asked.status, 200);
    let with_cookie = |target: &str| server.try_ask(&Ask::get(target).header("Cookie", &cookie)).unwrap();
    assert_eq!(
        with_cookie("/wp-admin/profile.php").status,
        200,
        "without the nonce nothing ends"
    );
    let answer = browser.send_from(&asked.text(), "Sign out", &[]);
    assert_eq!(answer.leads_to().as_deref(), Some("/wp-login.php?loggedout=true"));
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(
        with_cookie("/wp-admin/profile.php").status,
        302,
        "the cookie opens nothing any more"
    );
}

#[test]
fn an_operator_sets_a_password_for_whoever_lost_it() {
    let site = site();
    let server = site.serve();
    let mut browser = Browser::of(&server, "anna");
    let args = ["users", "password", "anna", "--without-second-step"];
    assert_eq!(site.run_with(&args, b"quite another sentence\n").status, 0);
    assert_eq!(browser.get("/wp-admin/profile.php").status, 302);
    assert_eq!(
        Browser::new(&server).sign_in("anna", "quite another sentence").status,
        302
    );
    assert_eq!(site.run_with(&["users", "password", "nobody"], b"x\n").status, 1);
}

#[test]
fn old_application_passwords_open_and_are_hashed_anew() {
    const KEY: &str = "_application_passwords";
    let site = site();
    let stored = "a:1:{i:0;a:4:{s:4:\"uuid\";s:1:\"u\";s:4:\"name\";s:3:\"Old\";\
                  s:8:\"password\";s:34:\"$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0\";s:9:\"last_used\";N;}}";
    let kept = async |act: &mut actions::Act<'_>, anna: gp_kernel::UserId| {
        let meta = gp_content::meta::of(act.tx, gp_content::MetaKind::User, anna.0)
            .await
            .unwrap();
        meta.text(KEY)
    };
    let anna = on(&site, async |act| {
        let anna = gp_content::users::by_login(act.tx, "anna").await.unwrap().unwrap().id;
        let grant = Actor::system().may_on_account(Verb::Update, anna).unwrap();
        actions::set_user_meta(act, &grant, anna, KEY, &[stored.as_bytes()])
            .await
            .unwrap();
        anna
    });
    let server = site.serve();
    server.ask(&Ask::get("/").signed_in("anna", "wrong"));
    assert!(on(&site, async |act| kept(act, anna).await).contains("$P$"));
    server.ask(&Ask::get("/").signed_in("anna", "test 12345"));
    // It is written down behind the answer.
    let begun = std::time::Instant::now();
    while !on(&site, async |act| kept(act, anna).await).contains("$generic$") {
        assert!(begun.elapsed() < crate::http::PATIENCE);
    }
}

#[test]
fn an_operator_sees_where_somebody_is_signed_in_and_ends_it() {
    let site = site();
    add(&site, "bert", "editor");
    let server = site.serve();
    let mut browsers: Vec<Browser<'_>> = (0..3).map(|_| Browser::of(&server, "anna")).collect();
    let mut bert = Browser::of(&server, "bert");
    let listed = || -> Vec<String> {
        let printed = site.ok(&["users", "sessions", "anna", "--format", "json"]);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&printed).unwrap();
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let all = listed();
    assert_eq!((all.len(), all[0].len()), (3, 16));
    let text = site.ok(&["users", "sessions", "anna"]);
    assert!(
        text.contains("Unknown device") && text.contains("127.0.0.0/24"),
        "{text}"
    );
    site.ok(&["users", "sessions", "anna", "--end", &all[1]]);
    assert_eq!(listed(), [all[0].clone(), all[2].clone()]);
    for wrong in [&all[1], "", "0000000000000000", &all[0][..4]] {
        assert_eq!(
            site.run(&["users", "sessions", "anna", "--end", wrong]).status,
            1,
            "{wrong:?}"
        );
    }
    assert_eq!(
        site.run(&["users", "sessions", "bert", "--end", &all[0]]).status,
        1,
        "another account's"
    );
    site.ok(&["users", "sessions", "anna", "--end-all"]);
    assert!(
        browsers
            .iter_mut()
            .all(|browser| browser.get("/wp-admin/profile.php").status == 302)
    );
    assert_eq!(bert.get("/wp-admin/profile.php").status, 200);
    assert_eq!(site.run(&["users", "sessions", "nobody"]).status, 1);
    assert!(deeds(&site).contains(&"sessions ended".to_owned()));
}

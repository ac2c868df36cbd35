//! A forgotten password.

use super::{Browser, PASSWORD, site};
use crate::{
    http::{Ask, PATIENCE},
    site::{Server, Site},
};

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

/// A mail server for one mail: what it was sent.
fn mail_server() -> (u16, std::thread::JoinHandle<String>) {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let taking = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let (mut mail, mut inside) = (String::new(), false);
        stream.write_all(b"220 mail.example\r\n").unwrap();
        for line in lines.map_while(Result::ok) {
            let reply = match (inside, line.as_str()) {
                (true, ".") => "250 taken\r\n",
                (true, line) => {
                    mail.push_str(line.trim_end_matches('='));
                    mail.push_str(if line.ends_with('=') { "" } else { "\n" });
                    continue;
                }
                (false, "DATA") => "354 go on\r\n",
                (false, "QUIT") => break,
                (false, _) => "250 well\r\n",
            };
            inside = reply.starts_with("354");
            stream.write_all(reply.as_bytes()).unwrap();
            if reply.contains("taken") {
                break;
            }
        }
        mail
    });
    (port, taking)
}

#[test]
fn a_mail_server_gets_links_to_the_configured_address_only() {
    let site = site();
    let (port, taking) = mail_server();
    let smtp = format!("smtp://127.0.0.1:{port}");
    let start = ["serve", "--listen", "127.0.0.1:0", "--smtp", &smtp];
    let refused = site.run(&start);
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains("GUIDEPOST_URL"), "{}", refused.stderr);
    let start = [&start[..], &["--url", "http://library.example"]].concat();
    let server = Server::start(site.command(&start));
    let page = server
        .try_ask(&Ask::get("/wp-login.php?action=lostpassword"))
        .unwrap()
        .text();
    let (action, mut fields) = super::form(&page, "user_login");
    fields.push(("user_login".to_owned(), "anna".to_owned()));
    let asked = super::post(&action, &fields).header("Host", "evil.example");
    assert_eq!(server.try_ask(&asked).unwrap().status, 200);
    let mail = taking.join().unwrap();
    assert!(mail.contains("http://library.example/wp-login.php?action"), "{mail}");
    assert!(
        !mail.contains("evil.example") && mail.contains("From: library@library.example"),
        "{mail}"
    );
}

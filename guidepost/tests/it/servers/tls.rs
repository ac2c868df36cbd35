//! HTTPS: with a certificate from files, and with one that is ordered from a real authority's test server.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::http::Ask;
use crate::site::{Server, Site};

/// A certificate for localhost that vouches for itself: paths of certificate and key.
fn certificate(site: &Site, name: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = site.file(&format!("{name}.pem"), made.cert.pem().as_bytes());
    let key = site.file(&format!("{name}-key.pem"), made.key_pair.serialize_pem().as_bytes());
    (certificate.display().to_string(), key.display().to_string())
}

/// What curl, which trusts this certificate, gets: version of HTTP and status.
fn fetched(roots: &str, url: &str) -> String {
    let asked = Command::new("curl")
        .args([
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_version} %{http_code}",
            "--cacert",
            roots,
            url,
        ])
        .output()
        .unwrap();
    String::from_utf8_lossy(&asked.stdout).into_owned()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_certificate_from_files_is_used() {
    let site = Site::demo();
    let (certificate, key) = certificate(&site, "own");
    let mut command = site.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.args(["--tls-certificate", &certificate, "--tls-key", &key]);
    let server = Server::start(command);
    let url = format!("https://localhost:{}/", server.address.port());
    assert_eq!(fetched(&certificate, &url), "2 200");
    let page = Command::new("curl")
        .args(["-s", "--cacert", &certificate, &url])
        .output()
        .unwrap();
    let page = String::from_utf8_lossy(&page.stdout).into_owned();
    assert!(
        page.contains(&format!("<link rel=\"canonical\" href=\"{url}\">")),
        "{page}"
    );
}

#[test]
fn who_comes_by_http_is_led_to_https_and_told_to_stay() {
    let site = Site::demo();
    let (certificate, key) = certificate(&site, "own");
    let plain = free_port();
    let mut command = site.command(&["serve", "--listen", "127.0.0.1:0", "--url", "https://library.example"]);
    command.args(["--tls-certificate", &certificate, "--tls-key", &key]);
    command.args(["--listen-http", &format!("127.0.0.1:{plain}")]);
    let server = Server::start(command);
    let asked = crate::http::ask(
        ([127, 0, 0, 1], plain).into(),
        &Ask::get("/a/?b=c").header("Host", "evil.example"),
    );
    let answer = asked.unwrap();
    assert_eq!(
        (answer.status, answer.header("location")),
        (308, Some("https://library.example/a/?b=c"))
    );
    let url = format!("https://localhost:{}/", server.address.port());
    let head = Command::new("curl")
        .args(["-sI", "--cacert", &certificate, &url])
        .output()
        .unwrap();
    let head = String::from_utf8_lossy(&head.stdout).to_ascii_lowercase();
    assert!(head.contains("strict-transport-security: max-age=2592000"), "{head}");
    let done = site.run(&["serve", "--listen", "127.0.0.1:0", "--listen-http", "127.0.0.1:0"]);
    assert!(done.status != 0 && done.stderr.contains("https"), "{}", done.stderr);
}

#[test]
fn settings_that_do_not_fit_together_are_named() {
    let site = Site::empty();
    let (certificate, key) = certificate(&site, "own");
    let (_, other) = self::certificate(&site, "other");
    for (args, said) in [
        (vec!["--tls-certificate", certificate.as_str()], "--tls-key"),
        (
            vec!["--tls-certificate", &certificate, "--tls-key", "/no/such/file"],
            "/no/such/file",
        ),
        (
            vec!["--tls-certificate", &certificate, "--tls-key", &other],
            "belong together",
        ),
        (
            vec![
                "--tls-certificate",
                &certificate,
                "--tls-key",
                &key,
                "--acme",
                "a.example",
            ],
            "--acme alone",
        ),
    ] {
        let done = site.run(&[&["serve", "--listen", "127.0.0.1:0"], args.as_slice()].concat());
        assert_ne!(done.status, 0, "{args:?}");
        assert!(done.stderr.contains(said), "{args:?}: {}", done.stderr);
    }
}

/// An authority that looks for names at this port of ours.
struct Authority {
    child: Child,
    directory: String,
    roots: String,
    management: u16,
}

impl Authority {
    fn start(site: &Site, looks_at: u16) -> Option<Self> {
        let (listen, management) = (free_port(), free_port());
        let (certificate, key) = certificate(site, "authority");
        let config = serde_json::json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{listen}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": certificate,
            "privateKey": key,
            "httpPort": free_port(),
            "tlsPort": looks_at,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
        } });
        let file = site.file("authority.json", config.to_string().as_bytes());
        let started = Command::new("pebble")
            .args([Path::new("-config"), file.as_path()])
            .envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_WFE_NONCEREJECT", "0")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = match started {
            Ok(child) => child,
            Err(error) => {
                println!("skipped: pebble cannot be started: {error}");
                return None;
            }
        };
        let directory = format!("https://localhost:{listen}/dir");
        let authority = Self {
            child,
            directory,
            roots: certificate,
            management,
        };
        wait(
            || fetched(&authority.roots, &authority.directory).ends_with("200"),
            "the authority answers",
        );
        Some(authority)
    }

    /// The certificate at the root of those that it gives.
    fn root(&self, site: &Site) -> String {
        let url = format!("https://localhost:{}/roots/0", self.management);
        let asked = Command::new("curl")
            .args(["-s", "--cacert", &self.roots, &url])
            .output()
            .unwrap();
        site.file("root.pem", &asked.stdout).display().to_string()
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "between two questions to a program that tells nobody when it is ready"
)]
fn wait(done: impl Fn() -> bool, what: &str) {
    for _ in 0..300 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("in half a minute not: {what}");
}

#[test]
fn a_certificate_is_ordered_and_used() {
    let site = Site::demo();
    let port = free_port();
    let Some(authority) = Authority::start(&site, port) else {
        return;
    };
    let mut command = site.command(&["serve", "--listen", &format!("127.0.0.1:{port}"), "--acme", "localhost"]);
    command.args([
        "--acme-directory",
        &authority.directory,
        "--acme-roots",
        &authority.roots,
    ]);
    let _server = Server::start(command);
    let root = authority.root(&site);
    let url = format!("https://localhost:{port}/");
    wait(
        || fetched(&root, &url) == "2 200",
        "the site answers with its certificate",
    );
    assert!(site.data().join("certificates").is_dir());
}

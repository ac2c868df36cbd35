//! What goes over the wire beside pages: HTTP/2, and figures for the operator.

use std::{io::Write as _, net::TcpListener, process::Command};

use crate::site::{Server, Site};

#[test]
fn a_client_that_knows_http2_is_answered_in_it() {
    let site = Site::demo();
    let server = site.serve();
    let asked = Command::new("curl")
        .args([
            "--http2-prior-knowledge",
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_version} %{http_code}",
        ])
        .arg(format!("http://{}/", server.address))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&asked.stdout), "2 200");
    // One that begins like it and then says something else is an ordinary client with a strange request.
    let mut stream = std::net::TcpStream::connect(server.address).unwrap();
    stream.write_all(b"PRI * HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    drop(stream);
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn figures_are_told_at_a_listener_of_their_own() {
    let site = Site::demo();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = site.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("GUIDEPOST_METRICS", free.to_string());
    let server = Server::start(command);
    for _ in 0..3 {
        server.get("/");
    }
    server.get("/no-such-page/");
    let told = crate::http::ask(free, &crate::http::Ask::get("/metrics"));
    let text = told.unwrap().text();
    for line in [
        "guidepost_answers_total{class=\"2xx\"} 3",
        "guidepost_answers_total{class=\"4xx\"} 1",
        "guidepost_pages_kept_hits 2",
        "guidepost_pages_made 2",
        "# EOF",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("no-such-page"), "figures say nothing of what was read");
    assert_eq!(server.get("/metrics").status, 404, "readers never meet them");
}

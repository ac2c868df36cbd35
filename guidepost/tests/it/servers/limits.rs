//! What one visitor may take of the server: time, connections, room for headers. And that none of them speaks for another.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    http::{Ask, PATIENCE},
    site::{Server, Site},
};

fn impatient(site: &Site, connections: &str) -> Server<'static> {
    let mut command = site.command(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--patience",
        "1",
        "--connections",
        connections,
    ]);
    command.env("GUIDEPOST_LOG", "warn");
    Server::start(command)
}

fn connect(server: &Server<'_>) -> TcpStream {
    let stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Everything that comes until the server ends the connection.
fn until_the_end(mut stream: TcpStream) -> String {
    let mut got = Vec::new();
    match stream.read_to_end(&mut got) {
        Ok(_) => {}
        Err(error) => assert_eq!(
            error.kind(),
            std::io::ErrorKind::ConnectionReset,
            "the server hangs: {error}"
        ),
    }
    String::from_utf8_lossy(&got).into_owned()
}

#[test]
fn who_does_not_finish_a_request_is_let_go() {
    let site = Site::demo();
    let server = impatient(&site, "100");
    let beginnings: &[&[u8]] = &[
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        b"PRI * HTTP/2.0\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    for beginning in beginnings {
        let mut stream = connect(&server);
        stream.write_all(beginning).unwrap();
        let got = until_the_end(stream);
        assert!(!got.contains(" 200 "), "{:?}", String::from_utf8_lossy(beginning));
    }
    // A body that never comes holds nobody else up.
    let mut stream = connect(&server);
    stream
        .write_all(b"POST /about/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\npost")
        .unwrap();
    assert_eq!(server.get("/").status, 200);
    // Byte by byte is no way to stay either.
    let mut stream = connect(&server);
    let begun = Instant::now();
    for byte in b"GET / HTTP/1.1\r\n".iter().chain(b"X: y\r\n".iter().cycle()) {
        if stream.write_all(&[*byte]).is_err() || ended(&mut stream) {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(40),
            "byte by byte holds a connection for ever"
        );
    }
}

/// Whether the other end is closed, waiting for it a moment.
fn ended(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    match stream.read(&mut [0; 512]) {
        Ok(n) => n == 0,
        Err(error) => !matches!(
            error.kind(),
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
        ),
    }
}

#[test]
fn who_takes_nothing_of_an_answer_is_let_go() {
    let site = Site::demo();
    let server = impatient(&site, "2");
    // More answers than fit into the buffers between the two.
    let ask = "GET /about/ HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut greedy: Vec<TcpStream> = (0..2).map(|_| connect(&server)).collect();
    for stream in &mut greedy {
        stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
        let _ = stream.write_all(ask.repeat(4000).as_bytes());
    }
    // Both places are taken until the server has lost its patience.
    assert_eq!(server.get("/").status, 200);
    drop(greedy);
}

#[test]
fn connections_beyond_the_limit_wait_their_turn() {
    let site = Site::demo();
    let server = impatient(&site, "3");
    let idle: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
    let late: Vec<_> = (0..10).map(|_| server.get("/about/")).collect();
    assert!(late.iter().all(|answer| answer.status == 200));
    drop(idle);
}

#[test]
fn floods_over_http2_are_refused_and_others_served() {
    let site = Site::demo();
    let server = impatient(&site, "100");
    let mut curl = Command::new("curl");
    curl.args(["--http2-prior-knowledge", "-s", "-o", "/dev/null", "-w", "%{http_code}"]);
    for n in 0..60 {
        curl.arg("-H").arg(format!("X-Long-{n}: {}", "h".repeat(4000)));
    }
    let told = curl.arg(format!("http://{}/", server.address)).output().unwrap();
    let status = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(
        ["431", "400", "000"].contains(&status.as_str()),
        "240 kB of headers got {status}"
    );
    for flood in [headers_without_end(), requests_taken_back(), settings_without_end()] {
        let mut stream = connect(&server);
        // The server may end it at any byte.
        let _ = stream.write_all(&flood);
        drop(stream);
        assert_eq!(server.get("/").status, 200);
    }
    assert!(server.memory_mb() < 200, "{} MB after floods", server.memory_mb());
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// A frame of HTTP/2 (RFC 9113, 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// `GET /` in four indexed fields (RFC 7541, appendix A): method, path, scheme; and a host.
const REQUEST: &[u8] = b"\x82\x84\x86\x41\x01a";

/// Headers that continue for ever.
fn headers_without_end() -> Vec<u8> {
    let mut sent = [PREFACE, &frame(1, 0x01, 1, REQUEST)].concat();
    let field = [b"\0\x03x-a\x7f\x81\x1f".as_slice(), &[b'h'; 4096]].concat();
    for _ in 0..2000 {
        sent.extend(frame(9, 0, 1, &field[..4096.min(field.len())]));
    }
    sent
}

/// Requests that are taken back at once, again and again.
fn requests_taken_back() -> Vec<u8> {
    let mut sent = PREFACE.to_vec();
    for n in 0..50_000 {
        sent.extend(frame(1, 0x05, 2 * n + 1, REQUEST));
        sent.extend(frame(3, 0, 2 * n + 1, &8_u32.to_be_bytes()));
    }
    sent
}

/// Settings that all want to be acknowledged.
fn settings_without_end() -> Vec<u8> {
    let mut sent = PREFACE.to_vec();
    for _ in 0..200_000 {
        sent.extend(frame(4, 0, 0, b""));
    }
    sent
}

#[test]
fn no_request_hides_in_another() {
    let site = Site::demo();
    let server = impatient(&site, "100");
    let hidden = "GET /hidden-request/ HTTP/1.1\r\nHost: a\r\n\r\n";
    let chunked = format!("0\r\n\r\n{hidden}");
    let length = chunked.len();
    for (name, head) in [
        (
            "length and chunks",
            format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n"),
        ),
        (
            "two lengths",
            format!("Content-Length: 0\r\nContent-Length: {length}\r\n"),
        ),
        ("an odd coding", "Transfer-Encoding: xchunked\r\n".to_owned()),
        (
            "a coding not at the end",
            "Transfer-Encoding: chunked, identity\r\n".to_owned(),
        ),
        (
            "a blank before the colon",
            format!("Transfer-Encoding : chunked\r\nContent-Length: {length}\r\n"),
        ),
        ("a folded line", "Transfer-Encoding:\r\n chunked\r\n".to_owned()),
        ("a signed length", "Content-Length: +0\r\n".to_owned()),
    ] {
        let mut stream = connect(&server);
        let sent = format!("POST /about/ HTTP/1.1\r\nHost: a\r\n{head}\r\n{chunked}");
        stream.write_all(sent.as_bytes()).unwrap();
        let got = until_the_end(stream);
        assert!(!got.contains("hidden-request"), "{name}");
        let answers = got.matches("HTTP/1.1 ").count();
        assert!(answers <= 1, "{name}: {answers} answers: {got}");
    }
    // Nor is a kept page changed by what one visitor says of host, scheme or path.
    let said = [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Host", "evil.example"),
        ("Forwarded", "host=evil.example;proto=https"),
        ("X-Original-URL", "/evil.example/"),
        ("X-Rewrite-URL", "/evil.example/"),
        ("X-Forwarded-Prefix", "/evil.example"),
        ("X-Forwarded-Port", "666"),
    ];
    for page in ["/", "/about/", "/feed/", "/wp-sitemap.xml", "/category/guidance"] {
        for (name, value) in said {
            drop(server.ask(&Ask::get(page).header(name, value)));
        }
        drop(server.ask(&Ask::get(page).header("Host", "evil.example:666")));
        let everything = server.get(page).everything();
        assert!(
            !everything.contains("evil.example") && !everything.contains(":666"),
            "{page}: {everything}"
        );
    }
}

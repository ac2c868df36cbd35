//! Against servers of the tests themselves, on this computer, which is what must not be reached unless it is allowed by name.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;

const QUICK: Limits = Limits {
    bytes: 1000,
    whole: true,
    time: Duration::from_secs(5),
};

/// A server that gives every connection the same answer; `None` never answers.
async fn server(answer: Option<String>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut waiting = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            match &answer {
                Some(text) => drop(stream.write_all(text.as_bytes()).await),
                None => waiting.push(stream),
            }
        }
    });
    address
}

fn page(body: &str) -> String {
    let size = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn allowing(list: &str) -> Fetcher {
    Fetcher::new(Allowed::parse(list).unwrap())
}

async fn asked(fetcher: &Fetcher, url: &str) -> Result<(Fetched, Vec<u8>), Refusal> {
    fetcher.bytes(url, "text/html", QUICK).await
}

#[tokio::test]
async fn what_is_allowed_by_name_is_fetched_as_it_is() {
    let at = server(Some(page("words"))).await;
    let (fetched, bytes) = asked(&allowing(&at.to_string()), &format!("http://{at}/a#part"))
        .await
        .unwrap();
    assert_eq!(
        (fetched.status, fetched.kind.as_str(), fetched.size),
        (200, "text/html", 5)
    );
    assert_eq!(
        (fetched.url.as_str(), bytes.as_slice()),
        (format!("http://{at}/a").as_str(), &b"words"[..])
    );
}

#[tokio::test]
async fn nothing_of_this_computer_is_fetched_by_any_spelling() {
    let at = server(Some(page("secret"))).await;
    let port = at.port();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "[::]",
    ] {
        // The port is allowed of another name: it is the address that must refuse.
        let fetcher = allowing(&format!("other.example:{port}"));
        for url in [format!("http://{host}/"), format!("http://{host}:{port}/")] {
            let refused = asked(&fetcher, &url).await.unwrap_err();
            assert!(
                matches!(refused, Refusal::Private { .. } | Refusal::Address(_)),
                "{url}: {refused}"
            );
        }
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_even_at_a_usual_port() {
    let refused = asked(&Fetcher::default(), "http://localhost/").await.unwrap_err();
    assert!(matches!(&refused, Refusal::Private { host, address } if host == "localhost" && address.is_loopback()));
    assert!(refused.to_string().contains("GUIDEPOST_FETCH_ALLOW"), "{refused}");
    // Allowed at one port is not allowed at another.
    let elsewhere = allowing("localhost:8080");
    assert!(matches!(
        asked(&elsewhere, "http://localhost/").await,
        Err(Refusal::Private { .. })
    ));
}

#[tokio::test]
async fn a_redirect_is_judged_as_the_first_address_was() {
    let inside = server(Some(page("secret"))).await;
    for to in [
        format!("http://{inside}/"),
        format!("http://localhost:{}/", inside.port()),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1/".to_owned(),
        "http://user:word@example.com/".to_owned(),
    ] {
        let outside = server(Some(redirect(&to))).await;
        let refused = asked(&allowing(&outside.to_string()), &format!("http://{outside}/"))
            .await
            .unwrap_err();
        assert!(
            matches!(refused, Refusal::Private { .. } | Refusal::Address(_)),
            "{to}: {refused}"
        );
    }
    let outside = server(Some(redirect(&format!("http://{inside}/")))).await;
    let both = allowing(&format!("{outside},{inside}"));
    assert_eq!(asked(&both, &format!("http://{outside}/")).await.unwrap().1, b"secret");
}

#[tokio::test]
async fn redirects_in_a_circle_come_to_an_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    let listener = TcpListener::bind(at).await.unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(redirect("/again").as_bytes()).await;
        }
    });
    let refused = asked(&allowing(&at.to_string()), &format!("http://{at}/"))
        .await
        .unwrap_err();
    assert!(matches!(refused, Refusal::Circle(_)), "{refused}");
}

#[tokio::test]
async fn too_much_is_refused_whatever_was_said_before() {
    let much = "x".repeat(2000);
    let said = page(&much);
    let unsaid = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{much}");
    for answer in [said, unsaid] {
        let at = server(Some(answer)).await;
        let refused = asked(&allowing(&at.to_string()), &format!("http://{at}/"))
            .await
            .unwrap_err();
        assert!(matches!(refused, Refusal::Large { most: 1000, .. }), "{refused}");
    }
}

#[tokio::test]
async fn of_a_long_page_only_the_beginning_is_read_where_that_will_do() {
    let at = server(Some(page(&"x".repeat(2000)))).await;
    let limits = Limits { whole: false, ..QUICK };
    let fetcher = allowing(&at.to_string());
    let (fetched, bytes) = fetcher
        .bytes(&format!("http://{at}/"), "text/html", limits)
        .await
        .unwrap();
    assert_eq!((fetched.size, bytes.len()), (1000, 1000));
}

#[tokio::test]
async fn who_never_answers_is_not_waited_for() {
    let at = server(None).await;
    let limits = Limits {
        time: Duration::from_millis(200),
        ..QUICK
    };
    let fetcher = allowing(&at.to_string());
    let refused = fetcher
        .bytes(&format!("http://{at}/"), "text/html", limits)
        .await
        .unwrap_err();
    assert!(matches!(refused, Refusal::Slow(..)), "{refused}");
}

#[tokio::test]
async fn what_is_no_address_is_not_asked() {
    for url in [
        "",
        "nonsense",
        "ftp://example.com/",
        "javascript:alert(1)",
        "http://",
        "http://me:word@example.com/",
    ] {
        let refused = asked(&Fetcher::default(), url).await.unwrap_err();
        assert!(matches!(refused, Refusal::Address(_)), "{url}: {refused}");
    }
    let refused = asked(&Fetcher::default(), "http://example.com:6379/")
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("6379"), "{refused}");
}

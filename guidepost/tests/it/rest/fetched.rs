//! What is fetched from other sites for whoever writes: only what is public or allowed by name, and nothing of it runs here.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
};

use serde_json::json;

use super::{Person, read};
use crate::{
    http::encoded,
    site::{Server, Site},
};

/// A site of somebody else: answers by the path that is asked for.
fn elsewhere(answers: fn(&str, SocketAddr) -> Option<Vec<u8>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = [0; 8192];
            let size = stream.read(&mut head).unwrap_or(0);
            let text = String::from_utf8_lossy(&head[..size]).into_owned();
            assert!(
                !text.to_lowercase().contains("cookie:"),
                "nobody is told who asks: {text}"
            );
            assert!(
                text.contains("user-agent: Guidepost/") || text.contains("User-Agent: Guidepost/"),
                "{text}"
            );
            let path = text.split(' ').nth(1).unwrap_or("/").to_owned();
            if let Some(answer) = answers(&path, address) {
                let _ = stream.write_all(&answer);
            }
        }
    });
    address
}

fn answer(kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn redirect(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into_bytes()
}

/// A picture of 4 by 2 pixels.
fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_fn(4, 2, |x, y| image::Rgb([u8::try_from(x * 60 + y * 10).unwrap(); 3]));
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn pages(path: &str, at: SocketAddr) -> Option<Vec<u8>> {
    let page = "<html><head><title>A page &amp; more</title><link rel=icon href=/i.png>\
        <meta name=description content='About <b>it</b>'><meta property='og:image' content='javascript:x()'>\
        <link type='application/json+oembed' href='/oembed?id=1'></head><body>words</body></html>";
    let told = json!({"type": "rich", "version": "1.0", "title": "Embedded", "width": 100,
        "html": format!("<iframe src=\"http://{at}/frame\" onload=\"x()\"></iframe><script>x()</script>")});
    Some(match path.split('?').next().unwrap_or_default() {
        "/page" => answer("text/html", page.as_bytes()),
        "/long" => answer("text/html", format!("{page}{}", "x".repeat(400_000)).as_bytes()),
        "/oembed" => answer("application/json", told.to_string().as_bytes()),
        "/boat.jpg" => answer("image/jpeg", &picture()),
        "/run.png" => answer("image/png", b"<html><script>not a picture</script></html>"),
        "/inside" => redirect(&format!("http://localhost:{}/page", at.port())),
        "/metadata" => redirect("http://169.254.169.254/latest/"),
        "/circle" => redirect("/circle"),
        _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
    })
}

/// A server that may ask these hosts though they are not public.
fn serve<'s>(site: &'s Site, allowed: &str) -> Server<'s> {
    let mut command = site.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("GUIDEPOST_FETCH_ALLOW", allowed);
    Server::start(command)
}

#[test]
fn a_link_says_what_it_leads_to() {
    let at = elsewhere(pages);
    let site = Site::empty();
    let author = Person::with_role(&site, "anna", "author");
    let subscriber = Person::with_role(&site, "sue", "subscriber");
    let server = serve(&site, &at.to_string());
    let details = |who: &Person, url: &str| {
        let route = format!("/wp-block-editor/v1/url-details?url={}", encoded(url));
        who.call(&server, "GET", &route, None)
    };
    for page in ["page", "long"] {
        let (status, told) = details(&author, &format!("http://{at}/{page}"));
        assert_eq!(status, 200, "{told}");
        assert_eq!(
            told,
            json!({"title": "A page & more", "icon": format!("http://{at}/i.png"), "description": "About it", "image": ""})
        );
    }
    assert_eq!(details(&subscriber, &format!("http://{at}/page")).0, 403);
    assert_eq!(details(&Person::nobody(), &format!("http://{at}/page")).0, 401);
    // Not there, not public, by a redirect, by a name, in a circle: all the same to whoever asks.
    for url in [
        format!("http://{at}/none"),
        format!("http://{at}/inside"),
        format!("http://{at}/metadata"),
        format!("http://{at}/circle"),
        format!("http://localhost:{}/page", at.port()),
        format!("http://[::ffff:127.0.0.1]:{}/page", at.port()),
        "http://127.0.0.1/".to_owned(),
        "http://10.0.0.1/".to_owned(),
    ] {
        let (status, told) = details(&author, &url);
        assert_eq!((status, &told["code"]), (404, &json!("no_response")), "{url}: {told}");
        assert!(!told.to_string().contains("127.0.0.1"), "{told}");
    }
    let (status, _) = details(&author, "file:///etc/passwd");
    assert!([400, 404].contains(&status));
}

#[test]
fn nothing_of_this_computer_is_asked_where_nobody_allowed_it() {
    let at = elsewhere(|path, _| panic!("asked for {path}"));
    let site = Site::empty();
    let editor = Person::with_role(&site, "edna", "editor");
    let server = site.serve();
    for host in [at.to_string(), format!("localhost:{}", at.port())] {
        let url = encoded(&format!("http://{host}/page"));
        for route in ["wp-block-editor/v1/url-details", "oembed/1.0/proxy"] {
            assert_eq!(editor.call(&server, "GET", &format!("/{route}?url={url}"), None).0, 404);
        }
        let body = json!({"url": format!("http://{host}/boat.jpg")});
        let (status, refused) = editor.call(&server, "POST", "/wp/v2/media", Some(&body));
        assert_eq!(
            (status, &refused["code"]),
            (400, &json!("rest_upload_sideload_error")),
            "{refused}"
        );
    }
}

#[test]
fn what_is_embedded_is_found_by_its_page_and_does_not_run() {
    let at = elsewhere(pages);
    let site = Site::empty();
    let author = Person::with_role(&site, "anna", "author");
    let server = serve(&site, &at.to_string());
    let proxy = |who: &Person, query: String| who.call(&server, "GET", &format!("/oembed/1.0/proxy?{query}"), None);
    let url = encoded(&format!("http://{at}/page"));
    let (status, told) = proxy(&author, format!("url={url}&maxwidth=300"));
    assert_eq!((status, &told["title"]), (200, &json!("Embedded")), "{told}");
    let html = told["html"].as_str().unwrap();
    assert!(html.contains("sandbox") && html.contains("/frame"), "{html}");
    assert!(!html.contains("script>") && !html.contains("onload"), "{html}");
    let (status, none) = proxy(&author, format!("url={url}&discover=false"));
    assert_eq!((status, &none["code"]), (404, &json!("oembed_invalid_url")));
    assert_eq!(
        proxy(&author, format!("url={}", encoded(&format!("http://{at}/inside")))).0,
        404
    );
    assert_eq!(proxy(&Person::nobody(), format!("url={url}")).0, 401);
}

#[test]
fn a_picture_is_taken_from_its_address_and_edited() {
    let at = elsewhere(pages);
    for site in Site::each() {
        let author = Person::with_role(&site, "anna", "author");
        let other = Person::with_role(&site, "otto", "author");
        let server = serve(&site, &at.to_string());
        let from = |path: &str| {
            let body = json!({"url": format!("http://{at}{path}"), "alt_text": "A boat", "title": "Boat"});
            author.call(&server, "POST", "/wp/v2/media", Some(&body))
        };
        let (status, made) = from("/boat.jpg");
        assert_eq!(status, 201, "{}: {made}", site.name);
        assert_eq!(
            (&made["mime_type"], &made["alt_text"]),
            (&json!("image/png"), &json!("A boat"))
        );
        let src = made["source_url"].as_str().unwrap();
        assert!(src.ends_with("/boat.png"), "its name says what its bytes are: {src}");
        for path in ["/run.png", "/none", "/inside", "/metadata"] {
            let (status, refused) = from(path);
            assert_eq!(
                (status, &refused["code"]),
                (400, &json!("rest_upload_sideload_error")),
                "{path}: {refused}"
            );
        }
        let route = format!("/wp/v2/media/{}/edit", made["id"]);
        let edit = |who: &Person, body| who.call(&server, "POST", &route, Some(&body));
        let turned = json!({"src": src, "modifiers": [{"type": "rotate", "args": {"angle": 90}}]});
        let (status, edited) = edit(&author, turned.clone());
        assert_eq!(status, 201, "{}: {edited}", site.name);
        assert_ne!(edited["id"], made["id"]);
        let path = edited["source_url"]
            .as_str()
            .unwrap()
            .split_once("library.example")
            .unwrap()
            .1;
        assert!(path.ends_with("/boat-edited.png"), "{path}");
        let image = image::load_from_memory(&server.get(path).body).unwrap();
        assert_eq!((image.width(), image.height()), (2, 4));
        assert_eq!(
            (&edited["alt_text"], &edited["title"]["raw"]),
            (&json!("A boat"), &made["title"]["raw"])
        );
        let cut = json!({"src": src, "x": 0, "y": 0, "width": 50, "height": 100});
        assert_eq!(edit(&author, cut).0, 201);
        let codes = [
            (json!({"src": src}), 400, "rest_image_not_edited"),
            (
                json!({"src": "http://library.example/other.png", "rotation": 90}),
                404,
                "rest_unknown_attachment",
            ),
            (json!({"src": src, "rotation": 45}), 400, "rest_image_rotation_failed"),
            (
                json!({"src": src, "modifiers": [{"type": "melt", "args": {}}]}),
                400,
                "rest_invalid_param",
            ),
        ];
        for (body, status, code) in codes {
            let (got, refused) = edit(&author, body.clone());
            assert_eq!(
                (got, refused["code"].as_str()),
                (status, Some(code)),
                "{body}: {refused}"
            );
        }
        assert_eq!(edit(&other, turned.clone()).0, 403);
        assert_eq!(edit(&Person::nobody(), turned).0, 401);
        let gone = server.ask(&author.asks("GET", "/wp/v2/media"));
        assert_eq!(read(&gone).as_array().unwrap().len(), 3);
        drop(server);
        site.assert_sound("pictures from elsewhere");
    }
}

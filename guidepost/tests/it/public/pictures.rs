//! Pictures as a site serves them: without what they tell of their maker, in the sizes that pages ask for, as WebP to those who take
//! it; the first page of a document; and all of it only to those who may have the file.

use std::io::Cursor;

use gp_php::Value;
use image::{ImageFormat, Rgb, RgbImage};

use crate::{
    http::{Answer, Ask},
    pdf,
    site::{Server, Site},
    wordpress::{Post, Wordpress},
};

const SECRET: &[u8] = b"taken by Ada at home";

/// As a telephone writes it: lying on its side, with a note that says so, and one of who took it.
fn photograph() -> Vec<u8> {
    taken(false)
}

/// The same with the place where it was taken, or without.
fn taken(placed: bool) -> Vec<u8> {
    let pixels = RgbImage::from_fn(900, 600, |x, y| {
        Rgb([(x / 4) as u8, (y / 3) as u8, ((x * y) % 251) as u8])
    });
    let mut jpeg = Cursor::new(Vec::new());
    pixels.write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x03".to_vec();
    let length = u32::try_from(SECRET.len()).unwrap();
    exif.extend_from_slice(b"\x01\x0f\0\x02");
    exif.extend(length.to_be_bytes());
    exif.extend(50_u32.to_be_bytes());
    // Turned a quarter.
    exif.extend_from_slice(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    // A directory of places, or a width.
    let tag: &[u8] = if placed { b"\x88\x25" } else { b"\xa0\x02" };
    exif.extend_from_slice(tag);
    exif.extend_from_slice(b"\0\x04\0\0\0\x01\0\0\0\x32\0\0\0\0");
    exif.extend_from_slice(SECRET);
    let size = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &size, &exif, &jpeg[2..]].concat()
}

/// A PDF with a black square on its page.
fn drawing() -> Vec<u8> {
    pdf::of_page("0 0 0 rg 100 100 300 300 re f", "")
}

/// Attachments of a published post and of a draft, a picture whose sizes WordPress noted, and things that are no pictures.
fn site() -> Site {
    let mut dump = Wordpress::new();
    dump.posts.push(Post::new(1, "post", "publish", "guidance"));
    dump.posts.push(Post::new(2, "post", "draft", "unfinished"));
    for (id, parent, file, mime) in [
        (11, 1, "photo.jpg", "image/jpeg"),
        (12, 1, "noted.jpg", "image/jpeg"),
        (13, 2, "secret.jpg", "image/jpeg"),
        (14, 1, "guide.pdf", "application/pdf"),
        (15, 1, "broken.png", "image/png"),
        (16, 1, "drawing.svg", "image/svg+xml"),
        (17, 1, "placed.jpg", "image/jpeg"),
    ] {
        let mut post = Post::new(id, "attachment", "inherit", file.replace('.', "-"));
        (post.parent, post.mime) = (parent, mime);
        dump.posts.push(post);
        let path = format!("2026/03/{file}").into_bytes();
        dump.meta.push((id, "_wp_attached_file".to_owned(), path));
    }
    let noted = r#"a:4:{s:5:"width";i:600;s:6:"height";i:900;s:4:"file";s:17:"2026/03/noted.jpg";s:5:"sizes";a:1:{s:4:"card";a:4:{s:4:"file";s:17:"noted-120x120.jpg";s:5:"width";i:120;s:6:"height";i:120;s:9:"mime-type";s:10:"image/jpeg";}}}"#;
    for (id, name) in [(12, "noted"), (17, "place")] {
        let noted = noted
            .replace("noted.", &format!("{name}."))
            .replace("noted-", &format!("{name}-"));
        dump.meta
            .push((id, "_wp_attachment_metadata".to_owned(), noted.into_bytes()));
    }
    let made = Site::empty();
    for file in ["photo.jpg", "noted.jpg", "secret.jpg"] {
        made.file(&format!("uploads/2026/03/{file}"), &photograph());
    }
    made.file("uploads/2026/03/placed.jpg", &taken(true));
    made.file("uploads/2026/03/guide.pdf", &drawing());
    made.file("uploads/2026/03/broken.png", b"\x89PNG\r\n\x1a\nnothing more");
    made.file(
        "uploads/2026/03/drawing.svg",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    made.import(&dump.sql(), Some(&made.path("uploads")));
    made.ok(&["reindex"]);
    made
}

fn file(server: &Server<'_>, name: &str) -> Answer {
    server.get(&format!("/wp-content/uploads/2026/03/{name}"))
}

fn size_of(answer: &Answer) -> (u32, u32) {
    let picture = image::load_from_memory(&answer.body).unwrap();
    (picture.width(), picture.height())
}

#[test]
fn a_photograph_is_served_without_what_it_tells_of_its_maker() {
    let site = site();
    let server = site.serve();
    let served = file(&server, "photo.jpg");
    assert_eq!(size_of(&served), (600, 900), "as it is looked at");
    assert!(!served.body.windows(SECRET.len()).any(|part| part == SECRET));
    for (name, size) in [
        ("photo-150x150.jpg", (150, 150)),
        ("photo-200x300.jpg", (200, 300)),
        ("noted-120x120.jpg", (120, 120)),
    ] {
        let made = file(&server, name);
        assert_eq!((made.status, size_of(&made)), (200, size), "{name}");
    }
    // What another system noted stays as it is, and gets no sizes beside those that pages name; unless it tells a place.
    assert_eq!(file(&server, "noted-150x150.jpg").status, 404);
    assert_eq!(file(&server, "noted.jpg").body, photograph());
    let placed = file(&server, "placed.jpg");
    assert_eq!(size_of(&placed), (600, 900));
    assert!(!placed.body.windows(SECRET.len()).any(|part| part == SECRET));
    let versions = site.ok(&["files", "versions", "2026/03/photo.jpg"]);
    let address = versions.lines().last().unwrap().rsplit('\t').next().unwrap().to_owned();
    let password = site.application_password("administrator");
    let mine = server.ask(&Ask::get(&address).signed_in("administrator", &password));
    assert_eq!(mine.body, photograph(), "what was sent stays, for editors");
    assert_eq!(server.get(&address).status, 404, "and for nobody else");
}

#[test]
fn who_takes_webp_gets_fewer_bytes_at_the_same_address() {
    let site = site();
    let server = site.serve();
    for name in ["photo.jpg", "photo-200x300.jpg", "noted-120x120.jpg"] {
        let target = format!("/wp-content/uploads/2026/03/{name}");
        let plain = server.get(&target);
        let smaller = server.ask(&Ask::get(&target).header("Accept", "image/avif,image/webp,*/*;q=0.8"));
        assert_eq!(plain.header("content-type"), Some("image/jpeg"), "{name}");
        assert_eq!(smaller.header("content-type"), Some("image/webp"), "{name}");
        assert!(smaller.body.len() < plain.body.len(), "{name}");
        assert_eq!(size_of(&smaller), size_of(&plain), "{name}");
        assert_ne!(smaller.header("etag"), plain.header("etag"), "{name}");
        for answer in [&plain, &smaller] {
            assert_eq!(answer.header("vary"), Some("accept"), "{name}");
        }
    }
    assert_eq!(file(&server, "guide.pdf").header("vary"), None);
}

#[test]
fn sizes_are_noted_as_wordpress_notes_them() {
    let site = site();
    let server = site.serve();
    let page = server.get("/guidance/photo-jpg/").text();
    assert!(page.contains("photo-200x300.jpg 200w"), "a page offers them: {page}");
    let wxr = site.ok(&["export", "wxr"]);
    let notes: Vec<Value> = wxr
        .split("_wp_attachment_metadata]]></wp:meta_key>")
        .skip(1)
        .map(|rest| {
            let value = rest.split_once("<![CDATA[").unwrap().1.split_once("]]>").unwrap().0;
            gp_php::parse(value.as_bytes()).unwrap()
        })
        .collect();
    assert_eq!(notes.len(), 3, "two that were noted before, one that is new");
    let new = notes.iter().find(|note| note.get("image_meta").is_some()).unwrap();
    assert_eq!(new.get("width").unwrap().as_int(), Some(600));
    assert_eq!(new.get("file").unwrap().as_str().unwrap(), "2026/03/photo.jpg");
    let medium = new.get("sizes").unwrap().get("medium").unwrap();
    assert_eq!(medium.get("file").unwrap().as_str().unwrap(), "photo-200x300.jpg");
    assert_eq!(medium.get("mime-type").unwrap().as_str().unwrap(), "image/jpeg");
}

#[test]
fn the_first_page_of_a_document_is_drawn_and_drawn_again_when_it_is_replaced() {
    let site = site();
    let server = site.serve();
    let page = file(&server, "guide-thumb.webp");
    assert_eq!(page.header("content-type"), Some("image/webp"));
    assert_eq!(size_of(&page).0, 360);
    let before = page.body;
    let other = String::from_utf8(drawing())
        .unwrap()
        .replace("100 100 300 300", "200 200 100 100");
    let other = site.file("other.pdf", other.as_bytes());
    site.ok(&["files", "replace", "2026/03/guide.pdf", other.to_str().unwrap()]);
    site.ok(&["reindex"]);
    assert_ne!(file(&server, "guide-thumb.webp").body, before);
}

#[test]
fn what_may_not_be_had_is_not_had_smaller_and_what_cannot_be_read_is_told() {
    let site = site();
    let server = site.serve();
    for name in [
        "secret.jpg",
        "secret-jpg.webp",
        "secret-150x150.jpg",
        "secret-150x150-jpg.webp",
    ] {
        assert_eq!(file(&server, name).status, 404, "{name}");
    }
    assert_eq!(
        file(&server, "broken.png").body,
        b"\x89PNG\r\n\x1a\nnothing more",
        "kept as it is"
    );
    let listed = site.ok(&["documents", "list"]);
    let line = |name: &str| {
        listed
            .lines()
            .find(|line| line.starts_with(&format!("2026/03/{name}\t")))
    };
    assert!(line("photo.jpg").unwrap().contains("\tpicture\t"), "{listed}");
    assert!(line("guide.pdf").unwrap().contains("\tscanned\t"), "{listed}");
    let broken = line("broken.png").unwrap();
    assert!(broken.contains("\tunsupported\t") && broken.ends_with('.'), "{broken}");
    assert_eq!(line("drawing.svg"), None, "no picture of which sizes are made");
    let only = site.ok(&["documents", "list", "--status", "picture"]);
    // The draft's has the bytes of one that was looked at.
    assert_eq!(only.lines().count(), 4, "{only}");
    // Everything was looked at once: nothing is asked for again.
    let again = site.ok(&["reindex"]);
    assert_eq!(again, site.ok(&["reindex"]));
}

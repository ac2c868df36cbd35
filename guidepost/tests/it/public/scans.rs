//! Scanned documents are read by a machine where the operator wants it, and say so.

use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};

use crate::{
    pdf,
    site::{Site, finish},
    wordpress::{Post, Wordpress},
};

/// A PDF whose page is nothing but a picture of a page that says a sentence.
fn scan() -> Vec<u8> {
    let said =
        "BT /F 26 Tf 60 700 Td (Every lighthouse keeper protects) Tj 0 -60 Td (children from cold weather) Tj ET";
    let page = gp_pictures::page_to_read(&pdf::of_page(said, ""), 1, 1400, &gp_pictures::Limits::default()).unwrap();
    let picture = image::load_from_memory(&page.bytes).unwrap().into_luma8();
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(picture.as_raw()).unwrap();
    let packed = packed.finish().unwrap();
    // Hexadecimal, so that the file stays text.
    let hex: String = packed.iter().map(|byte| format!("{byte:02x}")).collect();
    let drawing = "595 0 0 842 0 0 cm /Scan Do";
    pdf::of_objects(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</Scan 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{drawing}\nendstream", drawing.len()),
        format!(
            "<</Type/XObject/Subtype/Image/Width {}/Height {}/ColorSpace/DeviceGray/BitsPerComponent 8\
             /Filter[/ASCIIHexDecode/FlateDecode]/Length {}>>stream\n{hex}>\nendstream",
            picture.width(),
            picture.height(),
            hex.len() + 1
        ),
    ])
}

fn site() -> Site {
    let mut dump = Wordpress::new();
    let mut post = Post::new(1, "post", "publish", "guidance");
    post.content = "<p><a href=\"/wp-content/uploads/2026/03/scan.pdf\">Guide DOWNLOAD</a></p>".to_owned();
    dump.posts.push(post);
    let site = Site::empty();
    site.file("uploads/2026/03/scan.pdf", &scan());
    site.import(&dump.sql(), Some(&site.path("uploads")));
    site.ok(&["reindex"]);
    site
}

#[test]
fn a_scanned_document_is_read_where_that_is_wanted_and_says_that_a_machine_did() {
    let site = site();
    assert!(
        site.ok(&["documents", "list"])
            .contains("2026/03/scan.pdf\tscanned\t1\t")
    );
    assert!(site.ok(&["search", "lighthouse keeper"]).starts_with("0 found"));
    site.ok(&["reindex", "--ocr", "eng"]);
    let listed = site.ok(&["documents", "list"]);
    assert!(
        listed.contains("2026/03/scan.pdf\ttext\t1\ten\tA machine read it"),
        "{listed}"
    );
    let found = site.ok(&["search", "lighthouse keeper"]);
    assert!(found.starts_with("1 found") && found.contains("page 1"), "{found}");
    let page = site.serve().get("/guidance/scan.pdf/").text();
    assert!(page.contains("children from cold weather"), "{page}");
    assert!(
        page.contains("A machine read this text from pictures of paper"),
        "{page}"
    );
}

#[test]
fn a_language_that_is_not_installed_is_named_with_its_package() {
    let site = Site::empty();
    let done = finish(site.command(&["reindex", "--ocr", "eng+tlh"]), b"");
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("tesseract-ocr-tlh"), "{}", done.stderr);
    let odd = site.run(&["reindex", "--ocr", "../eng"]);
    assert_eq!(odd.status, 1);
    assert!(odd.stderr.contains("eng+fra"), "{}", odd.stderr);
}

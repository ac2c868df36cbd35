//! Files: sent, told about, replaced, deleted.

use serde_json::json;

use super::{Browser, add, words};
use crate::{rest::Person, site::Site};

const LIST: &str = "/wp-admin/upload.php";
const NEW: &str = "/wp-admin/media-new.php";

fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(20, 10)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
fn files_are_sent_told_about_replaced_and_deleted() {
    for site in Site::each() {
        let api = Person::with_role(&site, "root", "administrator");
        add(&site, "edna", "editor");
        add(&site, "anna", "author");
        let server = site.serve();
        let edna = Browser::of(&server, "edna");
        assert!(words(&edna.page(LIST)).contains("There are no files yet."));

        // Several at once; what is refused says why, and the others are kept.
        let picture = picture();
        let files: [(&str, &str, &[u8]); 3] = [
            ("files", "guide.txt", b"First words of the guide."),
            ("files", "page.html", b"<script>alert(1)</script>"),
            ("files", "road.png", &picture),
        ];
        let answer = edna.upload(NEW, "name=\"files\"", &[], &files);
        let told = words(&answer.text());
        assert_eq!(answer.status, 422, "{told}");
        assert!(
            told.contains("page.html was not taken") && told.contains("2 others are in the library"),
            "{told}"
        );
        let (_, media) = api.call(&server, "GET", "/wp/v2/media?context=edit", None);
        let media: Vec<(i64, String)> = media
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["id"].as_i64().unwrap(),
                    one["source_url"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        assert_eq!(media.len(), 2, "{}: {media:?}", site.name);
        let of = |ending: &str| {
            media
                .iter()
                .find(|(_, source)| source.ends_with(ending))
                .unwrap()
                .clone()
        };
        let ((guide, source), (road, _)) = (of("guide.txt"), of("road.png"));
        let path = source
            .split_once("/wp-content/")
            .map(|(_, rest)| format!("/wp-content/{rest}"))
            .unwrap();
        assert_eq!(
            edna.upload(NEW, "name=\"files\"", &[], &[]).status,
            422,
            "nothing was chosen"
        );

        // Both ways of looking, and what to look at.
        for mode in ["", "?mode=list", "?attached=none", "?s=guide", "?kind=document"] {
            assert!(edna.page(&format!("{LIST}{mode}")).contains("guide.txt"), "{mode}");
        }
        assert!(!edna.page(&format!("{LIST}?kind=image")).contains("guide.txt"));
        assert!(
            words(&edna.page(LIST)).contains("Pictures without words 1"),
            "{}",
            words(&edna.page(LIST))
        );
        let wordless = edna.page(&format!("{LIST}?reading=wordless"));
        assert!(wordless.contains("road.png") && !wordless.contains("guide.txt"));

        // What is said of it.
        let one = format!("{LIST}?item={road}");
        let fields = [
            ("title", "A \"road\" & a field"),
            ("alt_text", "A road through fields"),
            ("caption", ""),
            ("description", ""),
        ];
        edna.does(&one, "name=\"alt_text\"", &fields);
        let (_, told) = api.call(&server, "GET", &format!("/wp/v2/media/{road}?context=edit"), None);
        assert_eq!(
            (&told["alt_text"], &told["title"]["raw"]),
            (&json!("A road through fields"), &json!("A \"road\" & a field"))
        );
        assert!(!words(&edna.page(LIST)).contains("Pictures without words"));

        // Where it is used: by a text that names it, not by one that names another.
        let post = |title: &str, content: String| {
            api.make(
                &server,
                "/wp/v2/posts",
                &json!({"title": title, "content": content, "status": "publish"}),
            );
        };
        post("Names the guide", format!("<a href=\"{path}\">The guide</a>"));
        post(
            "Names another",
            format!("<a href=\"{}\">Another</a>", path.replace("guide", "guide-2")),
        );
        let html = words(&edna.page(&format!("{LIST}?item={guide}")));
        assert!(
            html.contains("Names the guide") && !html.contains("Names another"),
            "{html}"
        );
        assert!(words(&edna.page(&one)).contains("Nothing names it"));

        // Other bytes under the same address; the earlier ones stay for editors.
        let one = format!("{LIST}?item={guide}");
        let other = edna.upload(
            &one,
            "name=\"note\"",
            &[("do", "replace")],
            &[("file", "guide.pdf", b"%PDF-1.4")],
        );
        assert!(
            other.status == 422 && other.text().contains(".txt"),
            "{}",
            words(&other.text())
        );
        let answer = edna.upload(
            &one,
            "name=\"note\"",
            &[("do", "replace"), ("note", "")],
            &[("file", "new.txt", b"Second words.")],
        );
        assert_eq!(answer.status, 303, "{}", words(&answer.text()));
        assert_eq!(server.get(&path).text(), "Second words.");
        assert!(words(&edna.page(&one)).contains("Earlier"));

        // Not for others; not without saying so twice.
        let anna = Browser::of(&server, "anna");
        assert_eq!(anna.get(&one).status, 403);
        let unsure = edna.send(&one, "value=\"delete\"", &[("do", "delete")]);
        assert!(unsure.text().contains("Tick the box first") && server.get(&path).status == 200);
        let done = edna.does(&one, "value=\"delete\"", &[("do", "delete"), ("sure", "yes")]);
        assert!(words(&done).contains("deleted for good") && server.get(&path).status == 404);
        assert_eq!(edna.get(&one).status, 404);
        drop(server);
        site.assert_sound("files that were replaced and deleted");
    }
}

#[test]
fn what_no_search_can_read_stands_together() {
    let site = Site::demo();
    add(&site, "edna", "editor");
    let server = site.serve();
    let edna = Browser::of(&server, "edna");
    // They are read one after the other once the server is there.
    let begun = std::time::Instant::now();
    let mut all = words(&edna.page(LIST));
    while !all.contains("Scanned 1") {
        assert!(begun.elapsed() < crate::http::PATIENCE, "the scan is never read: {all}");
        all = words(&edna.page(LIST));
    }
    assert!(all.contains("No search can read 1"), "{all}");
    for state in ["unread", "scanned"] {
        let html = edna.page(&format!("{LIST}?reading={state}"));
        assert!(
            html.contains("hearing-once-sheet-scan.pdf") && !html.contains("reporting-channels-en.pdf"),
            "{state}"
        );
    }
    assert!(words(&edna.page(&format!("{LIST}?reading=damaged"))).contains("No file is in this state."));
}

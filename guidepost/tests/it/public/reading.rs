//! Files are read: what stands in them is found, and read as pages below the item that offers them, by those who may.

use crate::{
    http::Ask,
    pdf,
    site::{Server, Site},
    wordpress::{Post, Wordpress},
};

const GUIDE: &str = "Guidelines on protection\n\n1. Every child victim can obtain compensation without delay.\n\n\
    2. Time limits should not run before majority.\u{c}3. A fund needs a steady source of income.\n\nA closing remark about lighthouses.";

/// A post with a file attached to it, and one that nobody may read with another.
fn site() -> Site {
    filled(Site::empty())
}

fn filled(made: Site) -> Site {
    let mut site = Wordpress::new();
    for (id, status, file) in [(1, "publish", "guide.txt"), (2, "draft", "secret.txt")] {
        let mut post = Post::new(id, "post", status, format!("guidance-{id}"));
        post.content =
            format!("<p>Read it.</p><p><a href=\"/wp-content/uploads/2026/03/{file}\">Guide DOWNLOAD</a></p>");
        site.posts.push(post);
        let mut attachment = Post::new(50 + id, "attachment", "inherit", format!("file-{id}"));
        attachment.mime = "text/plain";
        attachment.parent = id;
        site.posts.push(attachment);
        let path = format!("2026/03/{file}");
        site.meta
            .push((50 + id, "_wp_attached_file".to_owned(), path.into_bytes()));
    }
    made.file("uploads/2026/03/guide.txt", GUIDE.as_bytes());
    made.file("uploads/2026/03/secret.txt", b"1. The unpublished word is zebrafinch.");
    made.import(&site.sql(), Some(&made.path("uploads")));
    made
}

fn found(server: &Server<'_>, words: &str) -> serde_json::Value {
    let asked = server.get(&format!("/api/v1/search?q={}", words.replace(' ', "+")));
    serde_json::from_slice(&asked.body).unwrap()
}

#[test]
fn a_phrase_inside_a_file_leads_to_its_place() {
    let site = site();
    site.ok(&["reindex"]);
    let server = site.serve();
    let answer = found(&server, "steady source of income");
    let hit = &answer["results"][0];
    let place = &hit["passages"][0];
    assert_eq!(place["page"], 2, "{answer}");
    assert_eq!(place["paragraph"], "3", "{answer}");
    assert!(
        place["text"].as_str().unwrap().contains("<mark>steady</mark>"),
        "{answer}"
    );
    let url = place["url"].as_str().unwrap();
    assert!(url.ends_with("/guidance-1/guide.txt/#para-3"), "{url}");
    let page = server.get("/guidance-1/guide.txt/").text();
    for part in [
        "id=\"para-3\"",
        "id=\"page-2\"",
        "A fund needs a steady source",
        "lighthouses",
        "<link rel=\"canonical\" href=\"http://library.example/guidance-1/guide.txt/\">",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let listed = server.get("/?s=steady+source+of+income").text();
    assert!(
        listed.contains("/guidance-1/guide.txt/?find=steady%20source%20of%20income#para-3"),
        "{listed}"
    );
    let printed = site.ok(&["search", "steady source of income", "--format", "json"]);
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(printed["results"][0]["passages"][0]["page"], 2);
}

#[test]
fn addresses_of_readings_are_one_each() {
    let site = site();
    site.ok(&["reindex"]);
    let server = site.serve();
    for (asked, right) in [
        ("/guidance-1/guide.txt/1/", "/guidance-1/guide.txt/"),
        ("/guidance-1/guide.txt/2/", "/guidance-1/guide.txt/#page-2"),
    ] {
        let answer = server.get(asked);
        assert_eq!(
            (answer.status, answer.leads_to().as_deref()),
            (301, Some(right)),
            "{asked}"
        );
    }
    for nothing in [
        "/guidance-1/guide.txt/3/",
        "/guidance-1/guide.txt/0/",
        "/guidance-1/other.txt/",
        "/guidance-1/secret.txt/",
        "/guidance-2/secret.txt/",
        "/no-such/guide.txt/",
    ] {
        assert_eq!(server.get(nothing).status, 404, "{nothing}");
    }
    let marked = server.get("/guidance-1/guide.txt/?find=majority").text();
    assert!(
        marked.contains("<mark>majority</mark>") && marked.contains("#para-2"),
        "{marked}"
    );
    assert!(marked.contains("noindex"), "{marked}");
    let odd = server.ask(&Ask::get("/guidance-1/guide.txt/?find=%22%3Cscript%3E%27%00"));
    assert!(odd.status < 500 && !odd.text().contains("<script>"));
}

#[test]
fn what_is_not_public_is_in_no_answer() {
    let site = site();
    site.ok(&["reindex"]);
    let server = site.serve();
    assert_eq!(found(&server, "zebrafinch")["total"], 0);
    assert_eq!(found(&server, "lighthouses")["total"], 1);
    assert!(!server.get("/?s=zebrafinch").text().contains("unpublished word"));
    assert!(!server.get("/api/v1/suggest?q=zebraf").text().contains("zebrafinch"));
}

#[test]
fn facts_in_words_of_links_become_a_record_when_told() {
    let mut dump = Wordpress::new();
    for (id, publisher) in [
        (1, "Ethical Trading Initiative"),
        (2, "Ethical Trading Initiative"),
        (3, "Ethical Trading Initiative"),
        (4, "Ethical Trading Initiatiwe"),
    ] {
        let mut post = Post::new(id, "post", "publish", format!("guidance-{id}"));
        post.content = format!(
            "<p><a href=\"https://elsewhere.example/a.pdf\">Checklist {id} - {publisher}, 2020 DOWNLOAD</a></p>"
        );
        dump.posts.push(post);
    }
    let site = Site::empty();
    site.import(&dump.sql(), None);
    let told: serde_json::Value = serde_json::from_str(&site.ok(&["records", "survey", "--format", "json"])).unwrap();
    assert_eq!(told.as_array().unwrap().len(), 4, "{told}");
    assert_eq!(told[3]["facts"][0]["meant"], "Ethical Trading Initiative", "{told}");
    site.ok(&["records", "accept"]);
    site.ok(&["reindex"]);
    let server = site.serve();
    assert!(
        server
            .get("/guidance-1/")
            .text()
            .contains("Ethical Trading Initiative</"),
        "shown as a fact"
    );
    let found = found(&server, "checklist");
    assert_eq!(found["facets"]["year"][0]["value"], "2020", "{found}");
    let left: serde_json::Value = serde_json::from_str(&site.ok(&["records", "survey", "--format", "json"])).unwrap();
    assert_eq!(
        left.as_array().unwrap().len(),
        0,
        "what has a record is not asked again: {left}"
    );
}

#[test]
fn a_replaced_file_keeps_its_address_and_is_read_again() {
    let site = site();
    site.ok(&["reindex"]);
    let server = site.serve();
    let upload = "/wp-content/uploads/2026/03/guide.txt";
    assert_eq!(server.get(upload).text(), GUIDE);
    assert!(server.get("/guidance-1/guide.txt/").text().contains("lighthouses"));
    let new = site.file(
        "new.txt",
        b"1. Every child can obtain compensation from a windmill fund.",
    );
    site.ok(&[
        "files",
        "replace",
        "2026/03/guide.txt",
        new.to_str().unwrap(),
        "--note",
        "Paragraph 1 was made clearer.",
    ]);
    assert!(
        server.get(upload).text().contains("windmill"),
        "the same address, the new bytes"
    );
    site.ok(&["reindex"]);
    assert!(server.get_until("/guidance-1/guide.txt/", "windmill").status == 200);
    server.get_until("/api/v1/search?q=windmill", "windmill");
    assert_eq!(
        found(&server, "lighthouses")["total"],
        0,
        "what is no longer there is not found"
    );
    let versions = site.ok(&["files", "versions", "2026/03/guide.txt"]);
    let address = versions.lines().last().unwrap().rsplit('\t').next().unwrap().to_owned();
    assert_eq!(server.get(&address).status, 404, "not for visitors");
    let password = site.application_password("administrator");
    let mine = server.ask(&Ask::get(&address).signed_in("administrator", &password));
    assert_eq!((mine.status, mine.text()), (200, GUIDE.to_owned()), "{address}");
}

#[test]
fn what_was_fetched_and_what_was_sought_in_vain_are_sums_of_days() {
    for made in Site::each().into_iter().map(filled) {
        let server = made.serve();
        for _ in 0..4 {
            assert_eq!(server.get("/wp-content/uploads/2026/03/guide.txt").status, 200);
            assert!(server.get("/?s=Quokka").text().contains("Quokka"));
        }
        assert!(server.get("/?s=seldom").text().contains("seldom"));
        assert_eq!(server.end().0, 0, "a clean end writes down what waits");
        let told: serde_json::Value = serde_json::from_str(&made.ok(&["insights", "--format", "json"])).unwrap();
        let file = serde_json::json!([{ "subject": "2026/03/guide.txt", "count": 4 }]);
        assert_eq!(told["downloads"], file, "{}: {told}", made.name);
        // One person's search must not stand in a report.
        let sought = serde_json::json!([{ "subject": "quokka", "count": 4 }]);
        assert_eq!(told["misses"], sought, "{}: {told}", made.name);
    }
}

/// A PDF with a sentence, the number of its page, and a link that hides its host behind a name.
fn linked() -> Vec<u8> {
    let text = "BT /F 18 Tf 60 700 Td (A guide to lighthouses for all who look after children) Tj ET \
                BT /F 10 Tf 300 30 Td (1) Tj ET";
    let link = "/Annots[<</Type/Annot/Subtype/Link/Rect[60 690 400 720]\
                /A<</S/URI/URI(https://library.example@elsewhere.example/paper?a=1&b=<x>)>>>>]";
    pdf::of_page(text, link)
}

#[test]
fn links_in_a_file_are_shown_with_their_host() {
    let mut dump = Wordpress::new();
    let mut post = Post::new(1, "post", "publish", "guidance");
    post.content = "<p><a href=\"/wp-content/uploads/2026/03/guide.pdf\">Guide DOWNLOAD</a></p>".to_owned();
    dump.posts.push(post);
    let site = Site::empty();
    site.file("uploads/2026/03/guide.pdf", &linked());
    site.import(&dump.sql(), Some(&site.path("uploads")));
    site.ok(&["reindex"]);
    let page = site.serve().get("/guidance/guide.pdf/").text();
    assert!(page.contains("lighthouses"), "{page}");
    let link =
        "rel=\"nofollow noopener noreferrer\" dir=\"ltr\"><b>elsewhere.example</b>/paper?a=1&amp;b=&lt;x&gt;</a>";
    assert!(page.contains(link), "{page}");
    assert!(!page.contains("<p>1</p>"), "the number of the page is in its mark");
}

#[test]
fn resources_that_cite_each_other_are_related_and_say_so() {
    let mut dump = Wordpress::new();
    let site = Site::empty();
    for (id, symbol, text) in [
        (1, "CRC/C/156", "1. Every child victim can obtain compensation."),
        (
            2,
            "CRC/C/GC/25",
            "1. This follows the guidelines in CRC/C/156, paragraph 3.",
        ),
        (3, "A/81/6", "1. Nothing is cited here but A/81/6 itself."),
    ] {
        dump.posts
            .push(Post::new(id, "post", "publish", format!("guidance-{id}")));
        dump.meta.push((
            id,
            "_guidepost_record".to_owned(),
            format!("{{\"symbol\":\"{symbol}\"}}").into_bytes(),
        ));
        let path = format!("2026/03/guide-{id}.txt");
        let files = format!("[{{\"path\":\"{path}\"}}]");
        dump.meta.push((id, "_guidepost_files".to_owned(), files.into_bytes()));
        let mut file = Post::new(50 + id, "attachment", "inherit", format!("file-{id}"));
        (file.mime, file.parent) = ("text/plain", id);
        dump.posts.push(file);
        dump.meta
            .push((50 + id, "_wp_attached_file".to_owned(), path.clone().into_bytes()));
        site.file(&format!("uploads/{path}"), text.as_bytes());
    }
    site.import(&dump.sql(), Some(&site.path("uploads")));
    site.ok(&["reindex"]);
    let server = site.serve();
    let cited = server.get("/guidance-1/").text();
    assert!(
        cited.contains("Cites this document") && cited.contains("/guidance-2/"),
        "{cited}"
    );
    let citing = server.get("/guidance-2/").text();
    assert!(
        citing.contains("Cited in this document") && citing.contains("/guidance-1/"),
        "{citing}"
    );
    let alone = server.get("/guidance-3/").text();
    assert!(!alone.contains("this document</p>"), "{alone}");
}

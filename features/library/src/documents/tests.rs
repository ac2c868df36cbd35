//! Documents from text, names and lists, without a database.

use std::collections::HashMap;

use super::*;

fn stored(paths: &[&str]) -> HashMap<String, store::StoredFile> {
    let file = |p: &&str| {
        let kept = store::StoredFile {
            size: 12_000,
            mime: "application/pdf".to_owned(),
            ..store::StoredFile::default()
        };
        ((*p).to_owned(), kept)
    };
    paths.iter().map(file).collect()
}

#[test]
fn a_file_block_gives_one_document_with_its_name() {
    let html = r#"<!-- wp:file {"id":7,"href":"https://old.example/wp-content/uploads/2020/01/guide-fr.pdf"} -->
        <div class="wp-block-file"><a id="x" href="https://old.example/wp-content/uploads/2020/01/guide-fr.pdf">The <em>guide</em></a>
        <a href="https://old.example/wp-content/uploads/2020/01/guide-fr.pdf" class="wp-block-file__button" download>Download</a></div><!-- /wp:file -->"#;
    let documents = assemble(Vec::new(), &links_in(html), &[], &stored(&["2020/01/guide-fr.pdf"]));
    assert_eq!(documents.here.len(), 1);
    let document = &documents.here[0];
    assert_eq!(
        (document.title.as_str(), document.lang.as_str(), document.size),
        ("The guide", "fr", 12_000)
    );
    assert_eq!(document.url, "/wp-content/uploads/2020/01/guide-fr.pdf");
    assert_eq!(document.format(), "PDF");
}

#[test]
fn a_link_that_says_only_download_takes_the_name_of_the_attachment_or_file() {
    let html = r#"<p><a href="/wp-content/uploads/a_b-c.pdf">DOWNLOAD</a> <a href="/wp-content/uploads/x.docx">click here</a></p>"#;
    let attached = [ListedFile {
        path: "x.docx".to_owned(),
        title: "Annex".to_owned(),
        ..ListedFile::default()
    }];
    let documents = assemble(Vec::new(), &links_in(html), &attached, &stored(&[]));
    let titles: Vec<_> = documents.here.iter().map(|d| d.title.as_str()).collect();
    assert_eq!(titles, ["a b c", "Annex"]);
}

#[test]
fn a_title_before_the_word_download_is_the_title() {
    let html = r#"<a href="https://body.example/G/2019.pdf">Guidelines on the Protocol DOWNLOAD</a>"#;
    let documents = assemble(Vec::new(), &links_in(html), &[], &stored(&[]));
    assert_eq!(documents.here, []);
    assert_eq!(
        documents.elsewhere.map(|e| e.url),
        Some("https://body.example/G/2019.pdf".to_owned())
    );
    let link = link("/wp-content/uploads/g.pdf", "Guidelines DOWNLOAD".to_owned()).unwrap();
    assert_eq!(title_of(&link, "g.pdf", &[]), "Guidelines");
}

#[test]
fn pictures_scripts_and_other_sites_uploads_are_no_documents() {
    let html = r#"<a href="/wp-content/uploads/a.jpg">x</a><a href="javascript:alert(1).pdf">y</a><a>z</a><a href="mailto:a@b.pdf">w</a>
        <a href="https://other.example/wp-content/uploads/b.pdf">Other</a>"#;
    let documents = assemble(Vec::new(), &links_in(html), &[], &stored(&[]));
    assert_eq!(documents.here, []);
    assert_eq!(
        documents.elsewhere.map(|e| e.url),
        Some("https://other.example/wp-content/uploads/b.pdf".to_owned())
    );
}

#[test]
fn the_page_offers_its_own_language_first() {
    let file = |path: &str, lang: &str, kind: &str| ListedFile {
        path: path.to_owned(),
        lang: lang.to_owned(),
        kind: kind.to_owned(),
        ..ListedFile::default()
    };
    let given = vec![
        file("k.pdf", "en", "child-friendly"),
        file("e.pdf", "en", "original"),
        file("a.pdf", "ar", "translation"),
    ];
    let documents = assemble(given, &[], &[], &stored(&["e-thumb.webp"]));
    let main = |lang: &str| documents.main(lang).map(|d| d.path.as_str());
    assert_eq!(
        (main("ar"), main("en-GB"), main("zh")),
        (Some("a.pdf"), Some("e.pdf"), Some("e.pdf"))
    );
    assert_eq!(documents.languages(), ["en", "ar"]);
    assert_eq!(
        documents.main("en").unwrap().thumb.as_deref(),
        Some("/wp-content/uploads/e-thumb.webp")
    );
}

#[test]
fn addresses_keep_letters_and_escape_what_ends_a_path() {
    assert_eq!(address("2026/a b#c?.pdf"), "/wp-content/uploads/2026/a%20b%23c%3F.pdf");
    assert_eq!(lang_in_name("2026/en.pdf"), "");
}

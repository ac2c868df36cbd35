//! Blocks on pages of a small site: what is shown, and what must never be.

use std::{collections::BTreeMap, sync::Arc};

use gp_blocks::{BlockSet, Listing, PageContext};
use gp_content::{
    Scope, Sight, Site, Term, Types,
    address::{Address, List, Shape},
    items,
};
use gp_kernel::{ItemId, TermId, TermTaxonomyId};
use gp_markup::block::{self, Block};
use jiff::Timestamp;

use super::LibraryBlocks;
use crate::site_for_tests::{Given, site};

fn options() -> Site {
    let options = [("blogname", "Library"), ("permalink_structure", "/%postname%/")];
    Site::from_options(
        options
            .iter()
            .map(|(k, v)| ((*k).to_owned(), v.as_bytes().to_vec()))
            .collect::<BTreeMap<_, _>>(),
    )
}

fn context(address: Address, listing: Listing) -> PageContext {
    let types = Arc::new(Types::new(crate::types()));
    PageContext {
        site: Arc::new(options()),
        scope: Scope::public(&types),
        types,
        address,
        listing,
        password: gp_blocks::Password::None,
        base_url: "https://library.example".to_owned(),
        request: gp_content::address::Request::default(),
        now: Timestamp::UNIX_EPOCH,
        reading: None,
        alike: Vec::new(),
    }
}

/// All that these blocks say on the page of item 1.
async fn said(given: &Given, unlocked: bool, markup: &str) -> String {
    let (db, _folder) = site(given).await;
    let mut conn = db.read().await.unwrap();
    let item = items::by_id(&mut conn, ItemId(1)).await.unwrap().unwrap();
    let sight = if item.password.is_empty() {
        Sight::Full
    } else {
        Sight::Locked
    };
    let mut page = context(
        Address::Item {
            link: format!("/{}/", item.name),
            item: Box::new(item),
            parent: None,
            sight,
            part: 1,
            embed: false,
        },
        Listing::default(),
    );
    page.password = if unlocked {
        gp_blocks::Password::Right
    } else {
        gp_blocks::Password::None
    };
    let blocks: Vec<Block> = block::parse(markup).into_iter().filter(|b| b.name.is_some()).collect();
    LibraryBlocks.prepare(&page, &mut conn, &blocks).await.unwrap().concat()
}

const ALL: &str = "<!-- wp:guidepost/article /--><!-- wp:guidepost/trail /--><!-- wp:guidepost/masthead /--><!-- wp:guidepost/documents /-->\
    <!-- wp:guidepost/note /--><!-- wp:guidepost/key-data /--><!-- wp:guidepost/citation /--><!-- wp:guidepost/related /-->\
    <!-- wp:guidepost/changes /--><!-- wp:guidepost/article {\"end\":true} /-->";

fn library() -> Given {
    let mut given = Given::default();
    let term = |id: i64, taxonomy: &str, name: &str| Term {
        id: TermTaxonomyId(id),
        term_id: TermId(id),
        taxonomy: taxonomy.to_owned(),
        name: name.to_owned(),
        slug: name.to_lowercase(),
        ..Term::default()
    };
    given.terms = vec![term(1, "category", "Guidance"), term(2, "post_tag", "Recruitment")];
    given.post(1, "2026-10-14", &[1, 2]).excerpt = "Excerpt one".to_owned();
    given.post(2, "2026-10-15", &[1, 2]).excerpt =
        "A second text that is long enough to be cut somewhere in the middle, ".repeat(9);
    let record = r#"{"publisher":["Body"],"issued":"2026-10-14","symbol":"B/1","status":"superseded","superseded_by":"post-2","summary_note":"Our words."}"#;
    given.meta = vec![
        (1, "_guidepost_record".to_owned(), record.to_owned()),
        (
            1,
            "_guidepost_files".to_owned(),
            r#"[{"path":"a.pdf","lang":"en","kind":"original","pages":3}]"#.to_owned(),
        ),
        (
            1,
            "_guidepost_changes".to_owned(),
            r#"[{"date":"2026-11-01","text":"Secret change"}]"#.to_owned(),
        ),
    ];
    given.files = vec![("a.pdf".to_owned(), 43_000), ("a-thumb.webp".to_owned(), 900)];
    given
}

#[tokio::test]
async fn a_resource_says_what_it_is_and_what_replaces_it() {
    let html = said(&library(), false, ALL).await;
    for wanted in [
        "<h1>Title 1</h1>",
        "B/1",
        "Replaced",
        "This document has been replaced by <a href=\"/post-2/\">",
        "Download <bdi>PDF</bdi>, 43\u{a0}KB",
        "/wp-content/uploads/a-thumb.webp",
        "Our words.",
        "Body, “Title 1”, B/1, 14 October 2026.",
        "Shares one topic: Recruitment",
        "Read more about Title 2",
        "Secret change",
        "First published here.",
    ] {
        assert!(html.contains(wanted), "{wanted} is missing in {html}");
    }
    assert_eq!(html.matches("<h1").count(), 1);
    assert_eq!(html.matches("<article").count(), html.matches("</article").count());
    assert!(
        !html.contains("post_tag") && !html.contains("wp_"),
        "an internal name is shown"
    );
}

#[tokio::test]
async fn a_locked_item_shows_its_title_and_nothing_else() {
    let mut given = library();
    given.item(1).password = "word".to_owned();
    let html = said(&given, false, ALL).await;
    assert!(html.contains("<h1>Title 1</h1>"));
    for secret in [
        "a.pdf",
        "B/1",
        "Body",
        "Recruitment",
        "Guidance",
        "Secret change",
        "Our words",
        "Excerpt one",
        "post-2",
        "2026",
    ] {
        assert!(!html.contains(secret), "{secret} is shown in {html}");
    }
    assert!(said(&given, true, ALL).await.contains("B/1"));
}

#[tokio::test]
async fn an_arabic_item_speaks_arabic_inside_its_article_and_persian_keeps_its_direction() {
    let mut given = library();
    given.meta.push((1, "_guidepost_lang".to_owned(), "ar".to_owned()));
    let html = said(&given, false, ALL).await;
    assert!(html.contains("<article lang=\"ar\" dir=\"rtl\">") && html.contains("الاستشهاد بهذه الوثيقة"));
    given.meta.pop();
    given.meta.push((1, "_guidepost_lang".to_owned(), "fa".to_owned()));
    let html = said(&given, false, ALL).await;
    assert!(
        html.contains("<article>")
            && html.contains("<h1 lang=\"fa\" dir=\"rtl\">")
            && html.contains("Cite this document")
    );
}

#[tokio::test]
async fn an_imported_post_is_shown_from_its_row_its_links_and_its_attachments() {
    let mut given = Given::default();
    let post = given.post(1, "2021-03-02", &[]);
    post.content =
        r#"<p>Text. <a href="https://old.example/wp-content/uploads/2021/03/guide.pdf">Guide DOWNLOAD</a></p>"#
            .to_owned();
    let child = given.post(2, "2021-03-02", &[]);
    (child.kind, child.status, child.parent) = ("attachment".to_owned(), "inherit".to_owned(), ItemId(1));
    child.title = "Annex".to_owned();
    given.meta = vec![(2, "_wp_attached_file".to_owned(), "2021/03/annex.docx".to_owned())];
    given.files = vec![("2021/03/guide.pdf".to_owned(), 1_200_000)];
    let html = said(&given, false, ALL).await;
    assert!(
        html.contains("href=\"/wp-content/uploads/2021/03/guide.pdf\"") && html.contains("1.2\u{a0}MB"),
        "{html}"
    );
    assert!(html.contains("annex.docx") && html.contains("Annex"));
    assert!(html.contains("<dt>Published</dt><dd>2 March 2021</dd>"));
    given.item(1).content = "<p>News.</p>".to_owned();
    given.item(2).parent = ItemId(0);
    let html = said(&given, false, ALL).await;
    assert!(!html.contains("g-docs"), "news is not asked for a file: {html}");
    let record = r#"{"publisher":["Body"]}"#.to_owned();
    given.meta.push((1, "_guidepost_record".to_owned(), record));
    let html = said(&given, false, ALL).await;
    assert!(html.contains("There is no file with this entry"), "{html}");
}

#[tokio::test]
async fn the_letters_of_a_title_say_its_language_where_nothing_else_does() {
    let mut given = Given::default();
    given.post(1, "2021-03-02", &[]).title = "دليل عملي للإبلاغ الآمن".to_owned();
    let html = said(&given, false, ALL).await;
    assert!(html.starts_with("<article lang=\"ar\" dir=\"rtl\">"), "{html}");
    assert!(html.contains("تاريخ النشر"), "{html}");
}

#[tokio::test]
async fn a_list_shows_human_names_and_passages_with_marks_only() {
    let given = library();
    let (db, _folder) = site(&given).await;
    let mut conn = db.read().await.unwrap();
    let found = items::by_id(&mut conn, ItemId(2)).await.unwrap().unwrap();
    let listing = Listing {
        passages: [(found.id, "x <mark>y</mark><script>".to_owned())].into(),
        items: vec![found],
        total: 31,
        pages: 4,
        ..Listing::default()
    };
    let list = List {
        shape: Shape::Search("y\"><i>".to_owned()),
        page: 2,
        first: "/?s=y&type=pages".to_owned(),
        ..List::default()
    };
    let page = context(Address::List(list), listing);
    let markup = "<!-- wp:guidepost/search-form /--><!-- wp:guidepost/facets /--><!-- wp:guidepost/results /-->";
    let html = LibraryBlocks
        .prepare(&page, &mut conn, &block::parse(markup))
        .await
        .unwrap()
        .concat();
    assert!(
        html.contains("31 results") && html.contains("x <mark>y</mark>&lt;script&gt;"),
        "{html}"
    );
    assert!(
        html.contains("value=\"y&quot;&gt;&lt;i&gt;\"")
            && html.contains("<option value=\"pages\" selected>Pages</option>")
    );
    assert!(html.contains("aria-current=\"page\"><span class=\"g-vh\">Page </span>2</a>"));
    for internal in ["attachment", "ai1ec", "post_tag", "nav_menu"] {
        assert!(!html.contains(internal), "{internal} is shown");
    }
}

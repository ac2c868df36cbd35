//! Markup that nobody would write by hand: circles, depths, broken attributes, attributes that want out, and far too much of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod site;

use std::time::{Duration, Instant};

use gp_blocks::{Listing, RenderedPage, Renderer};
use gp_content::address::{Address, Request};
use site::{TestSite, item, theme};

async fn new_site() -> TestSite {
    TestSite::new(tempfile::tempdir().unwrap()).await
}

/// A page with this content, in a theme with these files.
async fn shown(site: &mut TestSite, files: &[(&str, &str)], content: &str) -> RenderedPage {
    let post = item(1, "post", "One", content);
    let page = site.item_page(&post);
    Renderer::new(theme(files), Vec::new())
        .page(&mut site.conn, &page)
        .await
        .unwrap()
}

const CONTENT: &str = "<!-- wp:post-content /-->";

#[tokio::test]
async fn whatever_holds_itself_is_shown_once() {
    let mut site = new_site().await;
    let row = "<!-- wp:paragraph --><p>row</p><!-- /wp:paragraph --><!-- wp:block {\"ref\":7} /--><!-- wp:pattern {\"slug\":\"tiny/p\"} /-->";
    site.add(&item(7, "wp_block", "Row", row)).await;
    let files = [
        (
            "templates/single.html",
            "<!-- wp:template-part {\"slug\":\"a\"} /--><!-- wp:post-content /-->",
        ),
        (
            "parts/a.html",
            "<p>part a</p><!-- wp:pattern {\"slug\":\"tiny/p\"} /--><!-- wp:template-part {\"slug\":\"a\"} /-->",
        ),
        (
            "patterns/p.html",
            "<p>pattern p</p><!-- wp:template-part {\"slug\":\"a\"} /--><!-- wp:pattern {\"slug\":\"tiny/p\"} /--><!-- wp:block {\"ref\":7} /-->",
        ),
    ];
    let content = "<p>content</p><!-- wp:post-content /--><!-- wp:query {\"query\":{\"inherit\":true}} --><div><!-- wp:post-template -->\
                   <!-- wp:post-content /--><!-- /wp:post-template --></div><!-- /wp:query -->";
    let done = shown(&mut site, &files, content).await;
    for (words, times) in [("part a", 1), ("pattern p", 1), (">row<", 1), ("<p>content</p>", 1)] {
        assert_eq!(done.body.matches(words).count(), times, "{words}: {}", done.body);
    }
}

#[tokio::test]
async fn ten_thousand_levels_are_survived() {
    let mut site = new_site().await;
    let deep = |open: &str, close: &str| format!("{}<p>bottom</p>{}", open.repeat(10_000), close.repeat(10_000));
    let group = deep(
        "<!-- wp:group --><div class=\"wp-block-group\">",
        "</div><!-- /wp:group -->",
    );
    for content in [
        group.clone(),
        deep("<!-- wp:group -->", "<!-- /wp:group -->"),
        "<!-- wp:group -->".repeat(10_000) + "<p>bottom</p>",
        deep(
            "<!-- wp:query {\"query\":{\"inherit\":false}} --><!-- wp:post-template -->",
            "<!-- /wp:post-template --><!-- /wp:query -->",
        ),
    ] {
        let done = shown(&mut site, &[("templates/single.html", CONTENT)], &content).await;
        // Blocks that are never closed hold all that follows, as in WordPress, up to a measure that the parser has.
        assert!(done.body.len() < 6_000_000, "{} bytes", done.body.len());
    }
    let done = shown(&mut site, &[("templates/single.html", &group)], "x").await;
    assert!(done.body.contains("bottom"), "the end of a deep template is shown");
    let page = site.page(Address::Missing, Listing::default());
    let renderer = Renderer::new(theme(&[("templates/index.html", "x")]), Vec::new());
    assert!(
        renderer
            .fragment(&mut site.conn, &page, &group)
            .await
            .unwrap()
            .contains("bottom")
    );
    let nested = format!(
        "<!-- wp:group {}{} --><p>a</p><!-- /wp:group -->",
        "{\"a\":".repeat(10_000),
        "}".repeat(10_000)
    );
    let _ = renderer.fragment(&mut site.conn, &page, &nested).await.unwrap();
}

#[tokio::test]
async fn long_texts_are_not_multiplied_without_end() {
    let mut site = new_site().await;
    for id in 1..=60 {
        site.add(&item(id, "post", "A post", "Words")).await;
    }
    let list = |inner: &str| {
        format!(
            "<!-- wp:query {{\"query\":{{\"perPage\":60,\"inherit\":false}}}} --><!-- wp:post-template -->{inner}<!-- /wp:post-template --><!-- /wp:query -->"
        )
    };
    let long = format!(
        "<!-- wp:paragraph --><p>{}</p><!-- /wp:paragraph -->",
        "long ".repeat(100_000)
    );
    let template = list(&list(&long));
    let done = shown(&mut site, &[("templates/single.html", &template)], "x").await;
    assert!(done.body.len() < 130_000_000, "{}", done.body.len());
    assert!(
        done.notices.iter().any(|n| n.starts_with("the page ends early")),
        "{:?}",
        done.notices
    );
}

#[tokio::test]
async fn broken_attributes_leave_the_text_where_it_is() {
    let mut site = new_site().await;
    let page = site.page(Address::Missing, Listing::default());
    let renderer = Renderer::new(theme(&[("templates/index.html", "x")]), Vec::new());
    for attributes in [
        "{\"a\":}",
        "{\"a\":1",
        "{a:1}",
        "{\"query\":[1,2],\"layout\":\"flex\",\"style\":3}",
        "{\"style\":{\"border\":7,\"elements\":[1],\"color\":{\"duotone\":{}}},\"metadata\":[]}",
        "{\"metadata\":{\"bindings\":{\"content\":5},\"blockVisibility\":{\"viewport\":[false]}}}",
        "{\"termQuery\":7,\"include\":\"x\",\"queryId\":{},\"userId\":-1,\"size\":-5}",
        "{\"perPage\":1e400}",
        "{\"lightbox\":true,\"id\":\"x\",\"level\":99,\"separator\":{}}",
    ] {
        for name in [
            "paragraph",
            "group",
            "query",
            "image",
            "cover",
            "terms-query",
            "avatar",
            "breadcrumbs",
            "heading",
        ] {
            let markup = format!("<!-- wp:{name} {attributes} --><p>kept</p><!-- /wp:{name} --><p>after</p>");
            let html = renderer.fragment(&mut site.conn, &page, &markup).await.unwrap();
            assert!(html.contains("<p>after</p>"), "{name} {attributes}: {html}");
        }
        let html = renderer
            .fragment(
                &mut site.conn,
                &page,
                &format!("<!-- wp:group {attributes} --><p>kept</p><!-- /wp:group -->"),
            )
            .await
            .unwrap();
        assert!(html.contains(">kept</p>"), "{attributes}: {html}");
    }
}

#[tokio::test]
async fn attributes_reach_neither_markup_nor_css() {
    let mut site = new_site().await;
    site.term(3, "category", "Law", &[1]).await;
    site.add(&item(1, "post", "One", "<h2 id='x\" onload=y'>H</h2>")).await;
    let evil = r"\u0022\u003e\u003cscript\u003ealert(1)\u003c/script\u003e";
    let css = r"red;}\u003c/style\u003e\u003cscript\u003ealert(1)\u003c/script\u003e*{background:url(//evil.example/x)";
    let names = [
        "breadcrumbs",
        "terms-query",
        "term-template",
        "term-name",
        "term-count",
        "avatar",
        "post-time-to-read",
        "table-of-contents",
        "post-featured-image",
        "comments-pagination",
        "post-comments-link",
        "query-total",
        "query-pagination",
        "post-title",
        "group",
        "cover",
        "image",
        "accordion-item",
        "paragraph",
    ];
    let keys = [
        "className",
        "anchor",
        "label",
        "textAlign",
        "align",
        "separator",
        "bracketType",
        "linkTarget",
        "aspectRatio",
        "height",
        "width",
        "scale",
        "ariaLabel",
        "tagName",
        "displayMode",
        "backgroundColor",
        "borderColor",
        "gradient",
    ];
    let style = format!(
        "\"style\":{{\"elements\":{{\"link\":{{\"color\":{{\"text\":\"{css}\"}}}},\"h1\":{{\"color\":{{\"gradient\":\"{css}\"}}}}}},\
         \"color\":{{\"duotone\":\"var:preset|duotone|{css}\",\"text\":\"{css}\"}},\"border\":{{\"top\":{{\"color\":\"{css}\"}},\"radius\":{{\"topLeft\":\"{css}\"}}}},\
         \"shadow\":\"{css}\",\"dimensions\":{{\"aspectRatio\":\"{css}\",\"minHeight\":\"{css}\"}},\"spacing\":{{\"blockGap\":\"{css}\"}}}},\
         \"layout\":{{\"type\":\"constrained\",\"contentSize\":\"{css}\",\"justifyContent\":\"{css}\"}},\
         \"metadata\":{{\"blockVisibility\":{{\"viewport\":{{\"{css}\":false,\"mobile\":false}}}}}}"
    );
    let mut page = site.item_page(&item(1, "post", "One", "x"));
    page.request = Request::parse("/a\"><script>/", "query-1-page=2\"><script>&query-2-page=<script>");
    for name in names {
        let values: Vec<String> = keys.iter().map(|key| format!("\"{key}\":\"{evil}\"")).collect();
        let attributes = format!("{{{},{style}}}", values.join(","));
        let inner = "<div class=\"wp-block-cover\"><img src=\"/a.png\" alt=\"\"/><!-- wp:term-name /--><p>x</p></div>";
        let markup = format!(
            "<!-- wp:{name} {attributes} --><div>{inner}</div><!-- /wp:{name} --><!-- wp:query {{\"queryId\":7,\"query\":{{\"perPage\":1}}}} --><div>\
             <!-- wp:query-pagination --><!-- wp:query-pagination-numbers {attributes} /--><!-- wp:query-pagination-next {attributes} /-->\
             <!-- /wp:query-pagination --></div><!-- /wp:query --><!-- wp:loginout /-->"
        );
        let renderer = Renderer::new(theme(&[("templates/single.html", &markup)]), Vec::new());
        let done = renderer.page(&mut site.conn, &page).await.unwrap();
        for sign in ["<script", "</style", "evil.example", "onload=y'"] {
            assert!(!done.body.contains(sign), "{name} lets {sign} out: {}", done.body);
            assert!(
                !done.css.contains(sign),
                "{name} lets {sign} into the CSS: {}",
                done.css
            );
        }
        assert!(!done.css.contains("red;}"), "{name}: {}", done.css);
    }
}

#[tokio::test]
async fn addresses_that_were_emptied_are_no_links() {
    let mut site = new_site().await;
    let page = site.page(Address::Missing, Listing::default());
    let renderer = Renderer::new(theme(&[("templates/index.html", "x")]), Vec::new());
    let bad = "javascript:alert(1)";
    for markup in [
        format!("<!-- wp:social-link {{\"service\":\"x\",\"url\":\"{bad}\"}} /-->"),
        format!(
            "<!-- wp:navigation --><!-- wp:navigation-link {{\"label\":\"L\",\"url\":\"{bad}\"}} /--><!-- /wp:navigation -->"
        ),
        format!("<!-- wp:embed {{\"url\":\"{bad}\"}} /-->"),
    ] {
        let html = renderer.fragment(&mut site.conn, &page, &markup).await.unwrap();
        let whole = shown(&mut site, &[("templates/single.html", &markup)], "x").await.body;
        for html in [html, whole] {
            assert!(
                !html.contains("href=\"\"") && !html.contains("href=\"javascript"),
                "{html}"
            );
        }
    }
}

#[tokio::test]
async fn a_long_text_is_whole_and_far_too_much_of_it_ends() {
    let mut site = new_site().await;
    let files = [("templates/single.html", CONTENT)];
    let paragraph = "<!-- wp:paragraph -->\n<p>Words of a long report.</p>\n<!-- /wp:paragraph -->\n\n";
    // With the blanks between them these are more than the most that a page renders.
    let long = paragraph.repeat(60_000) + "<p>the very end</p>";
    let done = shown(&mut site, &files, &long).await;
    assert!(done.body.contains("the very end"), "{:?}", done.notices);
    let begun = Instant::now();
    let much = paragraph.repeat(50_000_000 / paragraph.len());
    let done = shown(&mut site, &files, &much).await;
    assert!(
        done.notices.iter().any(|n| n.starts_with("the page ends early")),
        "{:?}",
        done.notices
    );
    assert!(done.body.len() < much.len());
    assert!(begun.elapsed() < Duration::from_secs(120), "{:?}", begun.elapsed());
}

//! Whole pages from a tiny theme and a small database.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod site;

use std::sync::Arc;

use gp_blocks::{BlockSet, Listing, PageContext, Prepared, Renderer};
use gp_content::{
    Item,
    address::{Address, List, Shape},
};
use gp_markup::block::Block;
use gp_store::Conn;
use site::{TestSite, item, theme};

const MAIN: &str = "<!-- wp:group {\"tagName\":\"main\"} --><main class=\"wp-block-group\"><!-- wp:post-title {\"level\":1} /--><!-- wp:post-content /--><!-- wp:comments /--></main><!-- /wp:group -->";

async fn new_site() -> TestSite {
    TestSite::new(tempfile::tempdir().unwrap()).await
}

#[tokio::test]
async fn a_page_is_put_together_from_parts_patterns_and_references() {
    let mut site = new_site().await;
    let tiny = theme(&[
        (
            "templates/single.html",
            &format!("<!-- wp:template-part {{\"slug\":\"header\"}} /-->{MAIN}"),
        ),
        (
            "parts/header.html",
            "<!-- wp:site-title /--><!-- wp:pattern {\"slug\":\"tiny/hi\"} /--><!-- wp:template-part {\"slug\":\"header\"} /-->",
        ),
        (
            "patterns/hi.html",
            "<!-- wp:paragraph --><p>Hi</p><!-- /wp:paragraph -->",
        ),
        ("theme.json", r#"{"templateParts":[{"name":"header","area":"header"}]}"#),
    ]);
    let open = "<!-- wp:paragraph {\"metadata\":{\"name\":\"Words\",\"bindings\":{\"__default\":{\"source\":\"core/pattern-overrides\"}}}} --><p>old</p><!-- /wp:paragraph --><!-- wp:block {\"ref\":5} /-->";
    site.add(&item(5, "wp_block", "Synced", open)).await;
    let post = item(
        1,
        "post",
        "A \"quoted\" title",
        "<!-- wp:block {\"ref\":5,\"content\":{\"Words\":{\"content\":\"new\"}}} /-->",
    );
    site.add(&post).await;
    let page = site.item_page(&post);
    let done = Renderer::new(tiny, Vec::new())
        .page(&mut site.conn, &page)
        .await
        .unwrap();
    assert!(
        done.body
            .contains("<header class=\"wp-block-template-part\"><p class=\"wp-block-site-title\">"),
        "{}",
        done.body
    );
    assert!(
        done.body.contains("Child &amp; Safety</a>") && done.body.contains("<p class=\"wp-block-paragraph\">Hi</p>"),
        "{}",
        done.body
    );
    assert!(done.body.contains("A &#8220;quoted&#8221; title</h1>"), "{}", done.body);
    assert!(
        done.body.contains("<p class=\"wp-block-paragraph\">new</p>") && !done.body.contains("old"),
        "{}",
        done.body
    );
    assert_eq!(
        (done.template.as_str(), done.main.as_str()),
        ("single", "wp--skip-link--target")
    );
    assert!(done.classes.contains("single-post postid-1"), "{}", done.classes);
}

#[tokio::test]
async fn the_sites_own_template_comes_before_the_file_and_only_for_its_theme() {
    let mut site = new_site().await;
    let post = item(1, "post", "One", "Classic \"words\".");
    site.add(&post).await;
    site.add(&item(2, "wp_template", "single", "<!-- wp:post-content /-->mine"))
        .await;
    site.add(&item(3, "wp_template", "single-post", "other")).await;
    site.term(1, "wp_theme", "tiny", &[2]).await;
    site.term(2, "wp_theme", "elsewhere", &[3]).await;
    let page = site.item_page(&post);
    let done = Renderer::new(theme(&[("templates/single.html", MAIN)]), Vec::new())
        .page(&mut site.conn, &page)
        .await
        .unwrap();
    assert!(
        done.body.contains("<p>Classic &#8220;words&#8221;.</p>") && done.body.contains("mine"),
        "{}",
        done.body
    );
}

#[tokio::test]
async fn a_locked_item_shows_its_title_and_a_form_only() {
    let mut site = new_site().await;
    let mut post = item(
        1,
        "post",
        "Secret plan",
        "<!-- wp:paragraph --><p>zq-hidden</p><!-- /wp:paragraph -->",
    );
    post.password = "pw".to_owned();
    post.excerpt = "zq-hidden too".to_owned();
    site.add(&post).await;
    site.comment(1, 1, "comment", "1", "zq-hidden remark").await;
    let template = format!(
        "{MAIN}<!-- wp:post-excerpt /--><!-- wp:query {{\"query\":{{\"perPage\":5,\"inherit\":false}}}} --><div><!-- wp:post-template --><!-- wp:post-excerpt /--><!-- wp:post-content /--><!-- /wp:post-template --></div><!-- /wp:query --><!-- wp:latest-posts {{\"displayPostContent\":true}} /--><!-- wp:latest-comments /-->"
    );
    let renderer = Renderer::new(theme(&[("templates/single.html", &template)]), Vec::new());
    let mut page = site.item_page(&post);
    let done = renderer.page(&mut site.conn, &page).await.unwrap();
    assert!(done.body.contains("Protected: Secret plan</h1>"), "{}", done.body);
    assert!(
        done.body.contains("action=\"/secret-plan/\"") && done.body.contains("name=\"post_password\""),
        "{}",
        done.body
    );
    assert!(!done.body.contains("zq-hidden"), "{}", done.body);
    assert_eq!(renderer.excerpt(&post), "");
    assert_eq!(renderer.content(&mut site.conn, &page, &post, 0).await.unwrap(), "");
    page.password = gp_blocks::Password::Right;
    let done = renderer.page(&mut site.conn, &page).await.unwrap();
    assert!(
        done.body.contains("zq-hidden remark") && done.body.contains(">zq-hidden</p>"),
        "{}",
        done.body
    );
}

#[tokio::test]
async fn lists_show_what_the_scope_shows_and_comments_are_the_approved_ones() {
    let mut site = new_site().await;
    let post = item(1, "post", "Shown", "x");
    let draft = Item {
        status: "draft".to_owned(),
        ..item(2, "post", "Hidden draft", "x")
    };
    let internal = item(3, "wp_block", "Hidden pattern", "x");
    for one in [&post, &draft, &internal] {
        site.add(one).await;
    }
    site.term(1, "category", "Guidance &amp; law", &[1, 2]).await;
    for (id, kind, approved, words) in [
        (1, "comment", "1", "fine"),
        (2, "comment", "0", "hidden-one"),
        (3, "note", "1", "hidden-note"),
    ] {
        site.comment(id, 1, kind, approved, words).await;
    }
    let lists = "<!-- wp:query {\"query\":{\"perPage\":5,\"postType\":\"wp_block\",\"inherit\":false}} --><div><!-- wp:post-template --><!-- wp:post-title /--><!-- /wp:post-template --></div><!-- /wp:query --><!-- wp:latest-posts /--><!-- wp:categories {\"showPostCounts\":true} /--><!-- wp:archives /--><!-- wp:post-terms {\"term\":\"category\"} /-->";
    let renderer = Renderer::new(
        theme(&[("templates/single.html", &format!("{MAIN}{lists}"))]),
        Vec::new(),
    );
    let page = site.item_page(&post);
    let body = renderer.page(&mut site.conn, &page).await.unwrap().body;
    assert!(!body.to_lowercase().contains("hidden"), "{body}");
    assert!(
        body.contains("fine") && body.contains("Guidance &amp; law</a> (1)") && body.contains("November 2026"),
        "{body}"
    );
    assert!(
        body.contains("href=\"/category/guidance%20&amp;amp;%20law/\"") || body.contains("/category/"),
        "{body}"
    );
}

#[tokio::test]
async fn classic_menus_are_navigation_without_what_is_hidden() {
    let mut site = new_site().await;
    let home = item(1, "page", "About", "x");
    let draft = Item {
        status: "draft".to_owned(),
        ..item(2, "page", "Hidden", "x")
    };
    site.add(&home).await;
    site.add(&draft).await;
    for (id, kind, object, url, parent) in [
        (10, "post_type", "1", "", "0"),
        (11, "post_type", "2", "", "0"),
        (12, "custom", "12", "https://partner.example/", "10"),
    ] {
        let entry = Item {
            menu_order: id,
            ..item(id, "nav_menu_item", if kind == "custom" { "Partner" } else { "" }, " ")
        };
        site.add(&entry).await;
        for (key, value) in [
            ("type", kind),
            ("object", "page"),
            ("object_id", object),
            ("url", url),
            ("menu_item_parent", parent),
        ] {
            site.meta(id, &format!("_menu_item_{key}"), value).await;
        }
    }
    site.term(7, "nav_menu", "main", &[10, 11, 12]).await;
    site.option(
        "theme_mods_tiny",
        "a:1:{s:18:\"nav_menu_locations\";a:1:{s:7:\"primary\";i:7;}}",
    );
    let renderer = Renderer::new(
        theme(&[(
            "templates/page.html",
            "<!-- wp:navigation {\"location\":\"primary\"} /-->",
        )]),
        Vec::new(),
    );
    let page = site.item_page(&home);
    let body = renderer.page(&mut site.conn, &page).await.unwrap().body;
    assert!(
        body.contains("aria-current=\"page\"><span class=\"wp-block-navigation-item__label\">About</span>"),
        "{body}"
    );
    assert!(
        body.contains("href=\"https://partner.example/\"") && body.contains("has-child") && !body.contains("Hidden"),
        "{body}"
    );
}

#[tokio::test]
async fn an_archive_lists_its_items_with_pagination() {
    let mut site = new_site().await;
    let post = item(1, "post", "One", "x");
    site.add(&post).await;
    let template = "<!-- wp:query-title {\"type\":\"search\"} /--><!-- wp:query {\"query\":{\"inherit\":true}} --><div class=\"wp-block-query\"><!-- wp:post-template --><!-- wp:post-title {\"isLink\":true} /--><!-- /wp:post-template --><!-- wp:query-pagination --><!-- wp:query-pagination-previous /--><!-- wp:query-pagination-numbers /--><!-- wp:query-pagination-next /--><!-- /wp:query-pagination --></div><!-- /wp:query -->";
    let renderer = Renderer::new(theme(&[("templates/index.html", template)]), Vec::new());
    let list = List {
        shape: Shape::Front,
        page: 2,
        first: "/".to_owned(),
        ..List::default()
    };
    let listing = Listing {
        items: vec![post],
        total: 30,
        pages: 3,
        ..Listing::default()
    };
    let page = site.page(Address::List(list), listing);
    let done = renderer.page(&mut site.conn, &page).await.unwrap();
    assert!(done.body.contains("<a href=\"/one/\">One</a>"), "{}", done.body);
    assert!(
        done.body.contains("href=\"/page/3/\" rel=\"next\"") && done.body.contains("href=\"/\" rel=\"prev\""),
        "{}",
        done.body
    );
    assert!(done.classes.contains("home blog paged"), "{}", done.classes);
}

struct Echo;

impl BlockSet for Echo {
    fn names(&self) -> &'static [&'static str] {
        &["guidepost/echo"]
    }

    fn prepare<'a>(&'a self, _: &'a PageContext, _: &'a mut Conn, blocks: &'a [Block]) -> Prepared<'a> {
        let html = blocks
            .iter()
            .map(|b| format!("<b>{} of {}</b>", b.attrs["n"], blocks.len()))
            .collect();
        Box::pin(async move { Ok(html) })
    }
}

#[tokio::test]
async fn features_blocks_are_prepared_once_and_unknown_ones_are_noted() {
    let mut site = new_site().await;
    let post = item(
        1,
        "post",
        "One",
        "<!-- wp:guidepost/echo {\"n\":2} /--><!-- wp:plugin/thing --><p>kept</p><!-- /wp:plugin/thing --><!-- wp:rss {\"feedURL\":\"https://x.example\"} /-->",
    );
    site.add(&post).await;
    let renderer = Renderer::new(
        theme(&[(
            "templates/single.html",
            &format!("<!-- wp:guidepost/echo {{\"n\":1}} /-->{MAIN}"),
        )]),
        vec![Arc::new(Echo)],
    );
    let page = site.item_page(&post);
    let done = renderer.page(&mut site.conn, &page).await.unwrap();
    assert!(
        done.body.contains("<b>1 of 2</b>") && done.body.contains("<b>2 of 2</b>") && done.body.contains("<p>kept</p>"),
        "{}",
        done.body
    );
    assert_eq!(done.notices.len(), 2, "{:?}", done.notices);
    assert!(!done.body.contains("x.example"), "{}", done.body);
}

#[tokio::test]
async fn footnotes_parts_and_pictures_come_from_meta() {
    let mut site = new_site().await;
    let content = "<!-- wp:paragraph --><p>One</p><!-- /wp:paragraph --><!-- wp:footnotes /--><!-- wp:nextpage --><!--nextpage--><!-- /wp:nextpage --><!-- wp:paragraph --><p>Two</p><!-- /wp:paragraph -->";
    let post = item(1, "post", "Noted", content);
    site.add(&post).await;
    site.meta(1, "footnotes", r#"[{"id":"abc","content":"See <em>there</em>"}]"#)
        .await;
    site.meta(1, "_thumbnail_id", "9").await;
    let picture = Item {
        status: "inherit".to_owned(),
        mime_type: "image/png".to_owned(),
        ..item(9, "attachment", "Picture", "")
    };
    site.add(&picture).await;
    site.meta(9, "_wp_attached_file", "2026/11/p.png").await;
    site.meta(9, "_wp_attachment_image_alt", "A \"map\"").await;
    let renderer = Renderer::new(
        theme(&[(
            "templates/single.html",
            &format!("<!-- wp:post-featured-image /-->{MAIN}"),
        )]),
        Vec::new(),
    );
    let page = site.item_page(&post);
    let body = renderer.page(&mut site.conn, &page).await.unwrap().body;
    assert!(body.contains("<li id=\"abc\">See <em>there</em>"), "{body}");
    assert!(
        body.contains("src=\"/wp-content/uploads/2026/11/p.png\"") && body.contains("alt=\"A &quot;map&quot;\""),
        "{body}"
    );
    assert!(body.contains("href=\"/noted/2/\"") && !body.contains(">Two<"), "{body}");
}

#[tokio::test]
async fn what_grows_without_end_is_cut_and_what_is_deep_is_survived() {
    let mut site = new_site().await;
    let deep = format!(
        "{}<p>bottom</p>{}",
        "<!-- wp:group --><div class=\"wp-block-group\">".repeat(300),
        "</div><!-- /wp:group -->".repeat(300)
    );
    let post = item(1, "post", "Deep", &deep);
    site.add(&post).await;
    let twenty = |name: &str| format!("<!-- wp:pattern {{\"slug\":\"tiny/{name}\"}} /-->").repeat(20);
    let mut files = vec![("templates/single.html".to_owned(), format!("{}{MAIN}", twenty("p0")))];
    files.extend((0..30).map(|n| (format!("patterns/p{n}.html"), twenty(&format!("p{}", n + 1)))));
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let page = site.item_page(&post);
    let done = Renderer::new(theme(&files), Vec::new())
        .page(&mut site.conn, &page)
        .await
        .unwrap();
    assert!(done.body.contains("bottom"), "the end of a deep text is shown");
}

#[tokio::test]
async fn lists_inside_lists_end() {
    let mut site = new_site().await;
    for id in 1..=40 {
        site.add(&item(id, "post", "A post", "Words")).await;
    }
    let mut nested = "<!-- wp:post-title /-->".to_owned();
    for _ in 0..5 {
        nested = format!(
            "<!-- wp:query {{\"query\":{{\"perPage\":100,\"inherit\":false}}}} --><div><!-- wp:post-template -->{nested}<!-- /wp:post-template --></div><!-- /wp:query -->"
        );
    }
    let tiny = theme(&[("templates/single.html", &nested)]);
    let page = site.item_page(&item(1, "post", "A post", "Words"));
    let done = Renderer::new(tiny, Vec::new())
        .page(&mut site.conn, &page)
        .await
        .unwrap();
    assert!(
        done.notices.iter().any(|n| n.starts_with("the page ends early")),
        "{:?}",
        done.notices
    );
}

#[tokio::test]
async fn what_the_site_changed_of_its_theme_reaches_the_page() {
    let mut site = TestSite::new(tempfile::tempdir().unwrap()).await;
    let user = r#"{"version":3,"isGlobalStylesUserThemeJSON":true,"styles":{"color":{"background":"teal"},"css":"i{color:red}"}}"#;
    site.add(&item(7, "wp_global_styles", "styles", user)).await;
    site.term(3, "wp_theme", "tiny", &[7]).await;
    let css = "b{color:blue;background:url(https://elsewhere.example/t.gif)}</style><script>";
    site.add(&item(8, "custom_css", "tiny", css)).await;
    let renderer = Renderer::new(
        theme(&[("templates/index.html", "<!-- wp:site-title /-->")]),
        Vec::new(),
    );
    let page = site.page(Address::Missing, Listing::default());
    let done = renderer.page(&mut site.conn, &page).await.unwrap();
    assert!(done.css.contains("body{background-color:teal"), "{}", done.css);
    assert!(
        done.css.contains("i{color:red;}") && done.css.ends_with("b{color:blue;}"),
        "{}",
        done.css
    );
    assert!(
        !done.css.contains("elsewhere") && !done.css.contains("script"),
        "{}",
        done.css
    );
}

#[tokio::test]
async fn attributes_of_blocks_cannot_break_out_of_their_element() {
    let mut site = new_site().await;
    let page = site.page(Address::Missing, Listing::default());
    let renderer = Renderer::new(theme(&[("templates/index.html", MAIN)]), Vec::new());
    let evil = r#"\u0022\u003e\u003cscript\u003ealert(1)\u003c/script\u003e"#;
    let style = r#""style":{"color":{"background":"red;}</style><script>alert(1)</script>","text":"url(javascript:alert(1))"},"spacing":{"padding":"1px\";x=\"y"},"dimensions":{"minHeight":"expression(alert(1))"}}"#;
    let blocks = [
        "search",
        "social-link",
        "navigation-link",
        "file",
        "latest-posts",
        "archives",
        "categories",
        "tag-cloud",
        "page-list",
        "site-title",
        "loginout",
        "query",
        "post-template",
        "embed",
        "image",
        "cover",
        "group",
        "button",
        "read-more",
    ];
    for name in blocks {
        let names = [
            "className",
            "anchor",
            "label",
            "buttonText",
            "placeholder",
            "backgroundColor",
            "textColor",
            "fontSize",
        ];
        let mut attributes: Vec<String> = names.iter().map(|key| format!("\"{key}\":\"{evil}\"")).collect();
        attributes
            .push("\"url\":\"javascript:alert(1)\",\"href\":\"javascript:alert(1)\",\"service\":\"mail\"".to_owned());
        attributes.push(style.to_owned());
        let attributes = attributes.join(",");
        let markup = format!("<!-- wp:{name} {{{attributes}}} /-->");
        let html = renderer.fragment(&mut site.conn, &page, &markup).await.unwrap();
        for sign in ["<script", "javascript:", "</style", "expression(", "x=\"y"] {
            assert!(!html.contains(sign), "{name} lets {sign} out: {html}");
        }
    }
}

#[tokio::test]
async fn synced_patterns_that_hold_each_other_end() {
    let mut site = new_site().await;
    let with = |id: i64, other: i64| {
        let markup =
            format!("<!-- wp:paragraph --><p>row {id}</p><!-- /wp:paragraph --><!-- wp:block {{\"ref\":{other}}} /-->");
        item(id, "wp_block", "Circle", &markup)
    };
    for one in [with(6, 7), with(7, 6)] {
        site.add(&one).await;
    }
    let page = site.page(Address::Missing, Listing::default());
    let renderer = Renderer::new(theme(&[("templates/index.html", MAIN)]), Vec::new());
    let markup = "<!-- wp:block {\"ref\":6} /-->";
    let html = renderer.fragment(&mut site.conn, &page, markup).await.unwrap();
    assert_eq!(
        (html.matches("row 6").count(), html.matches("row 7").count()),
        (1, 1),
        "{html}"
    );
}

//! Lists that blocks make themselves: their pages, conditions and order.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod site;

use gp_blocks::{Listing, Renderer};
use gp_content::{
    Item,
    address::{Address, Request},
};
use gp_kernel::ItemId;
use site::{TestSite, item, theme};

/// The titles of a query block's list, and everything around them.
async fn listed(site: &mut TestSite, query: &str, asked: &str) -> (Vec<String>, String) {
    let mut page = site.page(Address::Missing, Listing::default());
    page.request = Request::parse("/about/", asked);
    let markup = format!(
        "<!-- wp:query {{\"queryId\":3,\"query\":{{\"inherit\":false,{query}}}}} --><div class=\"wp-block-query\">\
         <!-- wp:post-template --><!-- wp:post-title /--><!-- /wp:post-template --><!-- wp:query-pagination -->\
         <!-- wp:query-pagination-previous /--><!-- wp:query-pagination-numbers /--><!-- wp:query-pagination-next /-->\
         <!-- /wp:query-pagination --><!-- wp:query-total {{\"displayType\":\"range-display\"}} /--></div><!-- /wp:query -->"
    );
    let renderer = Renderer::new(theme(&[("templates/index.html", "x")]), Vec::new());
    let html = renderer.fragment(&mut site.conn, &page, &markup).await.unwrap();
    let titles = html.split("wp-block-post-title\">").skip(1);
    let titles = titles.map(|t| t.split('<').next().unwrap_or_default().to_owned());
    (titles.collect(), html)
}

async fn five() -> TestSite {
    let mut site = TestSite::new(tempfile::tempdir().unwrap()).await;
    for (id, title, words) in [
        (1, "Ant", "Safety first"),
        (2, "Bee", "honey 100% pure"),
        (3, "Cat", "SAFETY of children"),
        (4, "Dog", "nothing"),
        (5, "Eel", "nothing"),
    ] {
        let one = Item {
            menu_order: 10 - id,
            comment_count: id % 3,
            ..item(id, "post", title, words)
        };
        site.add(&one).await;
    }
    site
}

#[tokio::test]
async fn a_blocks_own_list_is_turned_by_its_parameter() {
    let mut site = five().await;
    let two = "\"perPage\":2,\"orderBy\":\"title\",\"order\":\"asc\"";
    let (titles, html) = listed(&mut site, two, "").await;
    assert_eq!(titles, ["Ant", "Bee"]);
    assert!(
        html.contains("<a class=\"wp-block-query-pagination-next\" href=\"/about/?query-3-page=2\">Next Page</a>"),
        "{html}"
    );
    assert!(
        !html.contains("Previous") && html.contains("Displaying 1 – 2 of 5"),
        "{html}"
    );
    assert!(
        html.contains("<a class=\"page-numbers\" href=\"?query-3-page=3\">3</a>"),
        "{html}"
    );
    let (titles, html) = listed(&mut site, two, "utm_source=x&query-9-page=4&query-3-page=2").await;
    assert_eq!(titles, ["Cat", "Dog"]);
    assert!(
        html.contains("href=\"/about/?query-9-page=4&amp;query-3-page=1\"")
            && html.contains("href=\"?cst&amp;query-9-page=4\"")
            && html.contains("page-numbers current\">2<"),
        "{html}"
    );
    let (titles, html) = listed(&mut site, two, "query-3-page=3").await;
    assert_eq!(titles, ["Eel"]);
    assert!(
        !html.contains("Next Page") && html.contains("Displaying 5 of 5"),
        "{html}"
    );
    assert!(listed(&mut site, two, "query-3-page=9").await.0.is_empty());
    assert_eq!(listed(&mut site, two, "query-3-page=-2").await.0, ["Ant", "Bee"]);
    let (_, html) = listed(&mut site, &format!("{two},\"pages\":1"), "").await;
    assert!(!html.contains("query-pagination"), "{html}");
}

#[tokio::test]
async fn a_blocks_own_list_follows_its_conditions() {
    let mut site = five().await;
    for (query, wanted) in [
        (
            "\"search\":\"safety\",\"orderBy\":\"title\",\"order\":\"asc\"",
            vec!["Ant", "Cat"],
        ),
        ("\"search\":\"100%\"", vec!["Bee"]),
        ("\"search\":\"HONEY\"", vec!["Bee"]),
        ("\"search\":\"s%y\"", vec![]),
        (
            "\"orderBy\":\"menu_order\",\"order\":\"asc\",\"perPage\":2",
            vec!["Eel", "Dog"],
        ),
        (
            "\"orderBy\":\"comment_count\",\"order\":\"desc\",\"perPage\":2",
            vec!["Eel", "Bee"],
        ),
        ("\"orderBy\":\"modified\",\"order\":\"asc\",\"perPage\":1", vec!["Ant"]),
        (
            "\"orderBy\":\"title\",\"order\":\"desc\",\"offset\":3",
            vec!["Bee", "Ant"],
        ),
        (
            "\"exclude\":[1,2,3],\"orderBy\":\"title\",\"order\":\"asc\"",
            vec!["Dog", "Eel"],
        ),
        ("\"taxQuery\":{\"wp_theme\":[9]},\"perPage\":1", vec!["Eel"]),
    ] {
        assert_eq!(listed(&mut site, query, "").await.0, wanted, "{query}");
    }
}

#[tokio::test]
async fn terms_formats_sticky_and_parents_narrow_a_list() {
    let mut site = five().await;
    site.term(7, "category", "Law", &[1, 2, 3]).await;
    site.term(8, "post_tag", "New", &[3]).await;
    site.term(9, "post_format", "post-format-aside", &[4]).await;
    site.option("sticky_posts", "a:1:{i:0;i:2;}");
    let by_title = "\"orderBy\":\"title\",\"order\":\"asc\"";
    for (query, wanted) in [
        ("\"taxQuery\":{\"category\":[7]}", vec!["Ant", "Bee", "Cat"]),
        (
            "\"taxQuery\":{\"include\":{\"category\":[7]},\"exclude\":{\"post_tag\":[8]}}",
            vec!["Ant", "Bee"],
        ),
        ("\"categoryIds\":[7],\"tagIds\":[8]", vec!["Cat"]),
        ("\"format\":[\"aside\"]", vec!["Dog"]),
        (
            "\"format\":[\"standard\"],\"sticky\":\"ignore\"",
            vec!["Ant", "Bee", "Cat", "Eel"],
        ),
        ("\"sticky\":\"only\"", vec!["Bee"]),
        ("\"sticky\":\"exclude\"", vec!["Ant", "Cat", "Dog", "Eel"]),
        ("\"perPage\":2", vec!["Bee", "Ant"]),
    ] {
        assert_eq!(
            listed(&mut site, &format!("{query},{by_title}"), "").await.0,
            wanted,
            "{query}"
        );
    }
    assert_eq!(
        listed(&mut site, &format!("\"perPage\":2,{by_title}"), "query-3-page=2")
            .await
            .0,
        ["Cat", "Dog"],
        "sticky posts stand on the first page only"
    );
    for (id, parent) in [(20, 0), (21, 20), (22, 20), (23, 21), (24, 22)] {
        let one = Item {
            parent: ItemId(parent),
            ..item(id, "page", &format!("Page {id}"), "x")
        };
        site.add(&one).await;
    }
    let below = format!("\"postType\":\"page\",\"parents\":[21,22],{by_title}");
    assert_eq!(listed(&mut site, &below, "").await.0, ["Page 23", "Page 24"]);
}

#[tokio::test]
async fn a_random_list_shows_each_item_once_and_stays_for_a_while() {
    let mut site = five().await;
    let all = "\"perPage\":5,\"orderBy\":\"rand\"";
    let (whole, _) = listed(&mut site, all, "").await;
    assert_eq!(listed(&mut site, all, "").await.0, whole);
    let two = "\"perPage\":3,\"orderBy\":\"rand\"";
    let (mut parts, _) = listed(&mut site, two, "").await;
    parts.extend(listed(&mut site, two, "query-3-page=2").await.0);
    assert_eq!(parts, whole, "the second page goes on where the first one ends");
    parts.sort();
    assert_eq!(parts, ["Ant", "Bee", "Cat", "Dog", "Eel"]);
}

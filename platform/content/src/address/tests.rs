//! Whole requests against a small site on each database: what they find, and that nobody is ever sent in a circle.

use gp_store::{Conn, testing::databases};
use jiff::tz::TimeZone;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use super::{Address, Request, resolve};
use crate::{
    Actor, ContentType, Item, Scope, Site, Types, Verb,
    actions::{self, Act},
    types::{Rights, SlugScope},
};

const STRUCTURES: &[&str] = &[
    "",
    "/%postname%/",
    "/%year%/%monthnum%/%day%/%postname%/",
    "/%category%/%postname%/",
    "/archives/%post_id%",
    "/blog/%author%/%post_id%-%postname%",
    "/index.php/%year%/%postname%/",
];

fn types() -> Types {
    let post = ContentType {
        public: true,
        rights: Rights::PerItem("posts"),
        ..ContentType::internal("post", "Resource", "Resources")
    };
    let page = ContentType {
        name: "page",
        hierarchical: true,
        slugs: SlugScope::Siblings,
        ..post.clone()
    };
    let attachment = ContentType {
        name: "attachment",
        slugs: SlugScope::Everything,
        ..post.clone()
    };
    let event = ContentType {
        name: "event",
        front: "events",
        ..post.clone()
    };
    Types::new(vec![post, page, attachment, event])
}

/// Ids in order: 1 a post, 2 a post in parts, 3 a page, 4 a page below it, 5 a file of the post, 6 an event, 7 a draft,
/// 8 a post named by a number, 9 a locked post.
async fn fill(conn: &mut Conn, types: &Types) {
    let mut act = Act {
        tx: conn,
        types,
        now: "2026-11-25T10:00:00Z".parse().unwrap(),
        zone: TimeZone::UTC,
    };
    for (kind, status, title, parent, content) in [
        ("post", "publish", "One", 0, ""),
        ("post", "publish", "Parts", 0, "a<!--nextpage-->b"),
        ("page", "publish", "About", 0, ""),
        ("page", "publish", "Team", 3, ""),
        ("attachment", "inherit", "Scan", 1, ""),
        ("event", "publish", "Meeting", 0, ""),
        ("post", "draft", "Secret", 0, ""),
        ("post", "publish", "2025", 0, ""),
        ("post", "publish", "Locked", 0, ""),
    ] {
        let item = Item {
            kind: kind.to_owned(),
            status: status.to_owned(),
            title: title.to_owned(),
            parent: gp_kernel::ItemId(parent),
            content: content.to_owned(),
            date: "2026-11-05 09:00:00".to_owned(),
            password: if title == "Locked" { "open" } else { "" }.to_owned(),
            name: title.to_lowercase(),
            ..Item::default()
        };
        let grant = Actor::system().may(Verb::Publish, &item, None, types).unwrap();
        actions::create(&mut act, &grant, item).await.unwrap();
    }
}

fn site(structure: &str, more: &[(&str, &str)]) -> Site {
    let set = [("permalink_structure", structure)];
    let options = set.iter().chain(more);
    Site::from_options(options.map(|(k, v)| ((*k).to_owned(), v.as_bytes().to_vec())).collect())
}

/// What a request comes to, in short: `item 3`, `-> /about/`, `404`.
async fn asked(conn: &mut Conn, site: &Site, types: &Types, request: &str) -> String {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let request = Request::parse(path, query);
    let found = resolve(conn, site, types, &Scope::public(types), &request)
        .await
        .unwrap();
    told(&found)
}

fn told(address: &Address) -> String {
    match address {
        Address::Item { item, part: 1, .. } => format!("item {}", item.id),
        Address::Item { item, part, .. } => format!("item {} part {part}", item.id),
        Address::List(list) => format!("list {}", list.first),
        Address::Feed(of, _) => format!("feed of {}", told(of)),
        Address::Comments => "comments".to_owned(),
        Address::Moved(to) | Address::Elsewhere(to) => format!("-> {to}"),
        Address::Closed => "403".to_owned(),
        Address::Missing => "404".to_owned(),
    }
}

#[tokio::test]
async fn requests_come_to_what_wordpress_makes_of_them() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "requests").await.unwrap() {
        let types = types();
        let mut tx = test.db.write().await.unwrap();
        fill(&mut tx, &types).await;
        for (structure, request, wanted) in [
            ("/%postname%/", "/one/", "item 1"),
            ("/%postname%/", "/one", "-> /one/"),
            ("/%postname%/", "/ONE/", "item 1"),
            ("/%postname%/", "/parts/2/", "item 2 part 2"),
            ("/%postname%/", "/parts/3/", "404"),
            ("/%postname%/", "/one/2/", "-> /one/"),
            ("/%postname%/", "/one/page/2/", "-> /one/"),
            ("/%postname%/", "/?page_id=1&x=y", "-> /one/?x=y"),
            ("/%postname%/", "/?p=1&cpage=2", "-> /one/comment-page-2/"),
            ("/%postname%/", "/?p=1&preview=true", "-> /one/"),
            ("/%postname%/", "/one/?preview=true", "item 1"),
            ("/%postname%/", "/?p=7", "404"),
            ("/%postname%/", "/secret/", "404"),
            ("/%postname%/", "/secr/", "404"),
            ("/%postname%/", "/lock/", "-> /locked/"),
            ("/%postname%/", "/about/team/feed/", "feed of item 4"),
            ("/%postname%/", "/about/tea/", "-> /about/team/"),
            ("/%postname%/", "/one/scan/", "item 5"),
            ("/%postname%/", "/2025/", "item 8"),
            ("/%postname%/", "/2026/", "list /2026/"),
            ("/%postname%/", "/2026/?monthnum=11", "-> /2026/11/"),
            ("/%postname%/", "/2026/?day=5", "list /2026/?day=5"),
            ("/%postname%/", "/1999/", "404"),
            ("/%postname%/", "/events/", "list /events/"),
            ("/%postname%/", "/events/meeting/", "item 6"),
            ("/%postname%/", "/events/meet/", "-> /events/meeting/"),
            ("/%postname%/", "/?event=meeting", "item 6"),
            ("/%postname%/", "/nothing/feed/", "feed of 404"),
            ("/%postname%/", "/wp-rss2.php", "-> /feed/"),
            ("/%postname%/", "/wp-app.php/service", "403"),
            ("/%postname%/", "/login/", "-> /wp-login.php"),
            ("/archives/%post_id%", "/archives/1", "item 1"),
            ("/archives/%post_id%", "/one/", "-> /archives/1"),
            (
                "/archives/%post_id%",
                "/archives/date/2026/11",
                "list /archives/date/2026/11",
            ),
            ("/blog/%author%/%post_id%-%postname%", "/blog/nobody/1-one", "-> /?p=1"),
            ("/index.php/%year%/%postname%/", "/index.php/2026/one/", "item 1"),
            (
                "/index.php/%year%/%postname%/",
                "/index.php/about",
                "-> /index.php/about/",
            ),
            (
                "/index.php/%year%/%postname%/",
                "/?page_id=4",
                "-> /index.php/about/team/",
            ),
            ("/index.php/%year%/%postname%/", "/index.php/about/team/", "item 4"),
            (
                "/index.php/%year%/%postname%/",
                "/?feed=atom",
                "-> /index.php/feed/atom/",
            ),
            (
                "/index.php/%year%/%postname%/",
                "/index.php/feed/atom/",
                "feed of list /",
            ),
            (
                "/%postname%/",
                "/search/child%20safety+now/",
                "list /?s=child+safety+now",
            ),
            ("", "/?p=1&page=2", "-> /?p=1"),
            ("", "/anything/", "404"),
            ("", "/?p=5", "-> /?attachment_id=5"),
        ] {
            let site = site(structure, &[("page_comments", "1")]);
            let found = asked(&mut tx, &site, &types, request).await;
            assert_eq!(found, wanted, "{} {structure} {request}", test.name);
        }
    }
}

#[tokio::test]
async fn a_front_page_and_a_page_for_posts_have_one_address_each() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "front").await.unwrap() {
        let types = types();
        let mut tx = test.db.write().await.unwrap();
        fill(&mut tx, &types).await;
        let front = [
            ("show_on_front", "page"),
            ("page_on_front", "3"),
            ("page_for_posts", "4"),
            ("posts_per_page", "2"),
        ];
        for (request, wanted) in [
            ("/", "item 3"),
            ("/about/", "-> /"),
            ("/?page_id=3", "-> /"),
            ("/page/2/", "404"),
            ("/feed/", "feed of list /"),
            ("/about/team/", "list /about/team/"),
            ("/about/team/page/2/", "list /about/team/"),
            ("/about/team/page/9/", "404"),
            ("/?page_id=4", "-> /about/team/"),
        ] {
            let found = asked(&mut tx, &site("/%postname%/", &front), &types, request).await;
            assert_eq!(found, wanted, "{} {request}", test.name);
        }
    }
}

/// Pieces that mean something somewhere, in any order.
fn requests() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/"),
        Just("//"),
        Just("one"),
        Just("parts"),
        Just("about"),
        Just("team"),
        Just("scan"),
        Just("secret"),
        Just("events"),
        Just("category"),
        Just("uncategorized"),
        Just("author"),
        Just("page"),
        Just("2"),
        Just("01"),
        Just("2026"),
        Just("11"),
        Just("05"),
        Just("feed"),
        Just("atom"),
        Just("comments"),
        Just("comment-page-2"),
        Just("embed"),
        Just("attachment"),
        Just("index.php"),
        Just("archives"),
        Just("date"),
        Just("1-one"),
        Just("%20"),
        Just("%22"),
        Just("%E2%80%9D"),
        Just("."),
        Just("("),
        Just("%"),
        Just("%C2%A0"),
        Just("+"),
        Just("sitemap.xml"),
    ];
    let name = prop_oneof![
        Just("p"),
        Just("page_id"),
        Just("attachment_id"),
        Just("name"),
        Just("pagename"),
        Just("page"),
        Just("paged"),
        Just("cpage"),
        Just("feed"),
        Just("m"),
        Just("year"),
        Just("monthnum"),
        Just("day"),
        Just("cat"),
        Just("tag"),
        Just("author"),
        Just("post_type"),
        Just("post_type[]"),
        Just("sitemap"),
        Just("preview"),
        Just("error"),
        Just("x"),
        Just("event"),
        Just("withcomments"),
        Just("embed"),
        Just("hour"),
        Just("category_name"),
    ];
    let value = prop_oneof![
        Just("1"),
        Just("2"),
        Just("3"),
        Just("5"),
        Just("7"),
        Just("-1"),
        Just("0"),
        Just(""),
        Just("one"),
        Just("about/team"),
        Just("rss"),
        Just("comments-rss2"),
        Just("posts"),
        Just("post"),
        Just("page"),
        Just("202611"),
        Just("2026"),
        Just("13"),
        Just("1)"),
        Just("1%22"),
        Just("999999999999999999999"),
        Just("a=b?c"),
        Just("é"),
    ];
    let path = prop::collection::vec(piece, 0..7);
    let query = prop::collection::vec((name, value), 0..4);
    (path, query).prop_map(|(path, query)| {
        let path = path.join("/");
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("/{path}?{}", query.join("&"))
    })
}

/// Whatever is asked: no panic, no error, nothing hidden, and no way back to where one came from.
#[tokio::test]
async fn nobody_is_sent_in_a_circle() {
    let folder = tempfile::tempdir().unwrap();
    let tests = databases(folder.path(), "circle").await.unwrap();
    let types = types();
    let mut tx = tests[0].db.write().await.unwrap();
    fill(&mut tx, &types).await;
    let mut runner = TestRunner::default();
    let strategy = requests();
    for _ in 0..runner.config().cases {
        let request = strategy.new_tree(&mut runner).unwrap().current();
        for structure in STRUCTURES {
            let site = site(structure, &[("page_comments", "1")]);
            follow(&mut tx, &site, &types, &request).await;
        }
    }
}

async fn follow(conn: &mut Conn, site: &Site, types: &Types, request: &str) {
    let mut way = vec![request.trim_end_matches('?').to_owned()];
    while way.len() < 10 {
        let found = asked(conn, site, types, &way[way.len() - 1]).await;
        assert!(!found.contains("item 7"), "{} {way:?}: {found}", site.permalinks);
        let Some(to) = found.strip_prefix("-> ") else { return };
        assert!(
            !way.iter().any(|before| before == to),
            "{} {way:?} {to}",
            site.permalinks
        );
        way.push(to.to_owned());
    }
    panic!("{} {way:?} never ends", site.permalinks);
}

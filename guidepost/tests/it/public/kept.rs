//! Pages are kept for as long as they are right, and not a moment longer.

use std::collections::BTreeMap;

use gp_content::{
    Actor, Item, Types, Verb,
    actions::{self, Act, Changes},
    items, terms,
};
use gp_store::Db;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    http::Ask,
    site::{Server, Site},
};

/// What the header says of a page.
fn state(server: &Server<'_>, page: &str) -> String {
    let answer = server.get(page);
    answer.header("cache-status").unwrap_or_default().to_owned()
}

/// Asks for all pages until each of them is kept.
fn warm(server: &Server<'_>, pages: &[String]) {
    for _ in 0..2 {
        pages.iter().for_each(|page| drop(server.get(page)));
    }
    for page in pages {
        assert_eq!(state(server, page), "guidepost; hit", "{page}");
    }
}

/// Which of these pages have to be made again.
fn made_again(server: &Server<'_>, pages: &BTreeMap<String, String>) -> Vec<String> {
    let stale = |page: &&String| state(server, page) != "guidepost; hit";
    pages.keys().filter(stale).cloned().collect()
}

/// One deed on the database of a site, as another process does it.
pub(crate) fn on<T>(site: &Site, deed: impl AsyncFnOnce(&mut Act<'_>) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let db = Db::open(&site.database(), &site.data()).await.unwrap();
        let mut tx = db.write().await.unwrap();
        let types = Types::new(gp_library::types().into_iter().chain(gp_events::types()).collect());
        let mut act = Act {
            tx: &mut tx,
            types: &types,
            now: Timestamp::now(),
            zone: TimeZone::UTC,
        };
        let done = deed(&mut act).await;
        tx.commit().await.unwrap();
        db.close().await;
        done
    })
}

pub(super) async fn find(act: &mut Act<'_>, name: &str) -> Item {
    items::by_name(act.tx, name, &["post"]).await.unwrap().remove(0)
}

/// The demo library, and every page of it that its sitemaps name.
fn library(site: &Site) -> Vec<String> {
    drop(Server::start(site.command(&["demo", "--listen", "127.0.0.1:0"])));
    // Files are read now, not while pages are compared: what was read shows on them.
    site.ok(&["reindex"]);
    let server = site.serve();
    let mut pages: Vec<String> = vec!["/".to_owned(), "/feed/".to_owned()];
    for part in ["posts-post", "posts-page", "taxonomies-category", "taxonomies-post_tag"] {
        let map = server.get(&format!("/wp-sitemap-{part}-1.xml")).text();
        for loc in map.split("<loc>").skip(1) {
            let (_, rest) = loc.split_once("://").unwrap();
            let path = &rest[rest.find('/').unwrap()..rest.find('<').unwrap()];
            // Files stand there, too, and are not kept.
            if path.ends_with('/') {
                pages.push(path.to_owned());
            }
        }
    }
    pages.sort();
    pages.dedup();
    assert!(pages.len() > 40, "{pages:?}");
    pages
}

/// A resource of the demo.
pub(super) const ONE: &str = "checklist-for-legislators-three-conducts";

#[test]
fn a_new_text_changes_the_pages_that_show_it_and_no_others() {
    for site in Site::each() {
        let pages = library(&site);
        let server = site.serve();
        warm(&server, &pages);
        let before: BTreeMap<String, String> = pages
            .iter()
            .map(|page| (page.clone(), server.get(page).text()))
            .collect();
        on(&site, async |act| {
            let item = find(act, ONE).await;
            let leave = Actor::system().may(Verb::Update, &item, None, act.types).unwrap();
            let changes = Changes {
                title: Some("A quite new title".to_owned()),
                ..Changes::default()
            };
            actions::update(act, &leave, item.id, changes).await.unwrap();
        });
        let own = format!("/{ONE}/");
        server.get_until(&own, "A quite new title");
        let mut again = made_again(&server, &before);
        again.push(own.clone());
        for (page, text) in &before {
            // Whoever sends the cookie of a session gets a page made for them.
            let fresh = server
                .ask(&Ask::get(page.as_str()).header("Cookie", "guidepost_session=x"))
                .text();
            let shows = fresh != *text;
            assert_eq!(
                again.contains(page),
                shows,
                "{}: {page} shows the resource: {shows}",
                site.name
            );
        }
        assert!(again.len() < pages.len() / 2, "{}: {again:?}", site.name);
    }
}

#[test]
fn what_is_published_hidden_or_labelled_is_seen_where_it_belongs() {
    for site in Site::each() {
        let pages = library(&site);
        let server = site.serve();
        warm(&server, &pages);
        assert_eq!(server.get("/brand-new/").status, 404);
        let new = on(&site, async |act| {
            let new = Item {
                kind: "post".to_owned(),
                status: "publish".to_owned(),
                name: "brand-new".to_owned(),
                title: "Brand new".to_owned(),
                ..Item::default()
            };
            let leave = Actor::system().may(Verb::Publish, &new, None, act.types).unwrap();
            actions::create(act, &leave, new).await.unwrap()
        });
        server.get_until("/brand-new/", "Brand new");
        assert!(server.get("/feed/").text().contains("Brand new"), "{}", site.name);
        on(&site, async |act| {
            let leave = Actor::system().may(Verb::Trash, &new, None, act.types).unwrap();
            actions::trash(act, &leave, new.id).await.unwrap();
        });
        server.get_until("/feed/", "<item>");
        assert_eq!(server.get("/brand-new/").status, 404, "{}", site.name);
        assert!(!server.get("/feed/").text().contains("Brand new"), "{}", site.name);
    }
}

#[test]
fn an_archive_follows_the_labels_of_its_items() {
    for site in Site::each() {
        let pages = library(&site);
        let server = site.serve();
        let label = on(&site, async |act| {
            let item = find(act, ONE).await;
            let of = terms::of_items(act.tx, &[item.id]).await.unwrap();
            of[&item.id].iter().find(|t| t.taxonomy == "category").unwrap().clone()
        });
        let archive = format!("/category/{}/", label.slug);
        warm(&server, &[pages, vec![archive.clone()]].concat());
        let own = format!("/{ONE}/");
        assert!(server.get(&archive).text().contains(&own), "{}", site.name);
        on(&site, async |act| {
            let item = find(act, ONE).await;
            let leave = Actor::system().may(Verb::Update, &item, None, act.types).unwrap();
            actions::set_terms(act, &leave, item.id, "category", &[]).await.unwrap();
        });
        assert!(!server.get(&archive).text().contains(&own), "{}", site.name);
    }
}

#[test]
fn parameters_that_mean_nothing_share_the_page_and_nothing_personal_is_kept() {
    let site = Site::empty();
    let pages = library(&site);
    let server = site.serve();
    warm(&server, &pages);
    for n in 0..50 {
        assert_eq!(state(&server, &format!("/about/?utm_source={n}")), "guidepost; hit");
    }
    // Another page of a list that stands on the page is another page.
    assert_eq!(state(&server, "/about/?query-1-page=2"), "guidepost; fwd=uri-miss");
    assert_eq!(state(&server, "/about/?query-1-page=2&utm_source=x"), "guidepost; hit");
    let led = server.get("/about?utm_source=a").leads_to().unwrap();
    assert!(led.ends_with("utm_source=a"), "{led}");
    let led = server.get("/about?utm_source=b").leads_to().unwrap();
    assert!(led.ends_with("utm_source=b"), "{led}");
    // However a name is written, it means what it means.
    let home = server.get("/").text();
    for query in [
        "/?%70age_id=999999",
        "/?page_id=999999",
        "/?post%5Ftype%5B%5D=page&name=about",
    ] {
        assert_ne!(server.get(query).text(), home, "{query}");
    }
    assert_eq!(server.get("/").text(), home);
    let cookie = server.ask(&Ask::get("/about/").header("Cookie", "a=b; guidepost_session=x"));
    assert_eq!(cookie.header("cache-status"), None);
    assert_eq!(cookie.header("cache-control"), Some("private, no-store"));
    let foreign = server.ask(&Ask::get("/about/").header("Cookie", "wordpress_logged_in_x=1"));
    assert!(
        foreign.header("cache-status").is_some(),
        "cookies of others mean nothing here"
    );
    let poison = server.ask(&Ask::get("/about/").header("X-Forwarded-Host", "evil.example"));
    assert!(!poison.text().contains("evil.example"));
    let other = server.ask(&Ask::get("/contact/").header("Host", "evil.example"));
    assert!(other.status == 200 && !server.get("/contact/").text().contains("evil.example"));
}

#[test]
fn pages_are_packed_as_the_reader_likes_and_asked_again_for_nothing() {
    let site = Site::empty();
    let pages = library(&site);
    let server = site.serve();
    warm(&server, &pages);
    let plain = server.get("/about/");
    for packing in ["br", "zstd", "gzip"] {
        let packed = server.ask(&Ask::get("/about/").header("Accept-Encoding", packing));
        assert_eq!(packed.header("content-encoding"), Some(packing));
        assert!(packed.body.len() * 2 < plain.body.len(), "{packing}");
        let tag = packed.header("etag").unwrap().to_owned();
        let again = server.ask(
            &Ask::get("/about/")
                .header("If-None-Match", &tag)
                .header("Accept-Encoding", packing),
        );
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
}

//! Searches under old and new addresses, and while the library changes.

use std::{
    collections::BTreeSet,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use gp_content::{
    Actor, Item, Verb,
    actions::{self, Act},
    terms,
};
use gp_kernel::ItemId;
use serde_json::Value;

use super::kept::on;
use crate::{
    http::{self, Ask},
    site::{Server, Site},
};

/// The demo library, its files read.
fn library(site: &Site) -> Server<'_> {
    drop(Server::start(site.command(&["demo", "--listen", "127.0.0.1:0"])));
    site.ok(&["reindex"]);
    site.serve()
}

/// What programs are told at an address.
fn json(server: &Server<'_>, target: &str) -> Value {
    let answer = server.get(target);
    assert_eq!(answer.status, 200, "{target}");
    serde_json::from_slice(&answer.body).unwrap()
}

fn total(server: &Server<'_>, query: &str) -> i64 {
    json(server, &format!("/api/v1/search?{query}"))["total"]
        .as_i64()
        .unwrap()
}

/// The number in the heading of a page of results.
fn found(server: &Server<'_>, target: &str) -> i64 {
    let answer = server.get(target);
    assert_eq!(answer.status, 200, "{target}");
    let text = answer.text();
    let (_, heading) = text
        .split_once("<h1 id=\"res\">")
        .unwrap_or_else(|| panic!("{target}: {text}"));
    let heading = heading.split_once("</h1>").unwrap().0;
    let words: Vec<&str> = heading.split(['>', ' ', '<']).collect();
    words.iter().find_map(|word| word.parse().ok()).unwrap()
}

#[test]
fn wordpress_narrows_a_search_as_it_did() {
    for site in Site::each() {
        let server = library(&site);
        let all = found(&server, "/?s=child");
        let [guidance, tools] = ["guidance", "tools"].map(|label| total(&server, &format!("q=child&label={label}")));
        let both = total(&server, "q=child&label=guidance+tools");
        assert!(all > guidance && guidance > 0 && tools > 0, "{}", site.name);
        let (posts, pages) = (total(&server, "q=child&type=post"), total(&server, "q=child&type=page"));
        let ids = on(&site, async |act| {
            let all = terms::of_taxonomy(act.tx, "category").await.unwrap();
            ["guidance", "tools"].map(|slug| all.iter().find(|t| t.slug == slug).unwrap().term_id.0)
        });
        for (query, wanted) in [
            ("post_type=any", all),
            ("post_type=post", posts),
            ("post_type[]=post&post_type[]=page", posts + pages),
            ("post_type%5B%5D=post&post_type%5B%5D=acf-field", posts),
            ("post_type=acf-field", 0),
            ("post_type=revision", 0),
            ("post_type=nav_menu_item", 0),
            ("post_type=no-such-type", 0),
            ("type=no-such-type", 0),
            ("category_name=guidance", guidance),
            ("category_name=above/guidance", guidance),
            ("category_name=guidance,tools", guidance + tools - both),
            ("category_name=guidance%2Btools", both),
            ("category_name=no-such-label", 0),
            (&format!("cat={}", ids[0]), guidance),
            (&format!("cat={},{}", ids[0], ids[1]), guidance + tools - both),
            (&format!("cat={},-{}", ids[0], ids[1]), guidance - both),
            ("cat=999999", 0),
            ("label=guidance+-tools", guidance - both),
            ("author_name=nobody-at-all", 0),
            ("author=999999", 0),
            ("utm_source=x", all),
        ] {
            let target = format!("/?s=child&{query}");
            assert_eq!(found(&server, &target), wanted, "{}: {target}", site.name);
        }
        for kind in ["tag=child-labour", "region=europe", "year=2013", "author_name=amina"] {
            let some = found(&server, &format!("/?s=child&{kind}"));
            assert!(some > 0 && some < all, "{}: {kind}: {some}", site.name);
        }
        // The next page asks the same.
        let text = server.get("/?s=child&category_name=guidance,tools&year=2026").text();
        assert!(text.contains("&amp;label=guidance,tools&amp;year=2026"), "{text}");
        assert!(
            !json(&server, "/api/v1/search?q=")["facets"]
                .as_object()
                .unwrap()
                .contains_key("author")
        );
    }
}

#[test]
fn addresses_and_forms_of_search_plugins_lead_to_ours_in_one_step() {
    let site = Site::empty();
    let server = library(&site);
    for (old, new) in [
        (
            "/?_sf_s=child&_sft_category=guidance,tools",
            "/?s=child&label=guidance,tools",
        ),
        ("/results/?_sf_s=child&sf_paged=2", "/page/2/?s=child"),
        ("/?s=child&post_types=post,page", "/?s=child&type=resources,pages"),
        ("/?s=child&post_types=acf-field", "/?s=child&type=acf-field"),
        (
            "/?_category=guidance&_post_tag=child-labour",
            "/?s=&label=guidance&topic=child-labour",
        ),
        (
            "/?_sf_s=child&post_date=01012018+31122019&sort_order=date+desc",
            "/?s=child&year=2018,2019&sort=newest",
        ),
        (
            "/?_sf_s=//evil.example/%0d%0aX:y",
            "/?s=%2F%2Fevil.example%2F%0D%0AX%3Ay",
        ),
        ("/?_sf_s=child&feed=atom", "/?s=child&feed=atom"),
    ] {
        // Twice: what is kept is the same.
        for _ in 0..2 {
            let answer = server.get(old);
            assert_eq!(answer.status, 301, "{old}");
            assert_eq!(
                answer.header("location"),
                Some(format!("http://library.example{new}").as_str()),
                "{old}"
            );
            assert_eq!(answer.header("x"), None);
        }
        let there = server.get(new);
        assert!(
            there.status == 200 || new.starts_with("/page/"),
            "{new}: {}",
            there.status
        );
    }
    assert_eq!(server.get("/about/?post_types=post&sort_order=date+desc").status, 200);
    let sent = server.ask(&Ask::new("POST", "/about/").form(&[
        ("ofsubmitted", "1"),
        ("ofsearch", "child"),
        ("ofcategory[]", "1"),
        ("ofcategory%5B%5D", "999999"),
        ("ofpost_types[]", "post"),
    ]));
    assert_eq!(sent.status, 303);
    assert_eq!(
        sent.leads_to().as_deref(),
        Some("/?s=child&type=resources&label=guidance+999999")
    );
}

/// The addresses in a text that stand behind `before` and belong to items.
fn links(text: &str, before: &str) -> BTreeSet<String> {
    let own = |rest: &str| {
        let link = rest.split(['"', '<']).next().unwrap_or_default();
        link.strip_prefix("http://library.example").unwrap_or(link).to_owned()
    };
    text.split(before).skip(1).map(own).collect()
}

#[test]
fn page_feed_and_json_of_a_search_find_the_same() {
    for site in Site::each() {
        let server = library(&site);
        for query in [
            "child",
            "child&label=guidance",
            "child&type=resources&label=guidance,tools&year=2026",
            "zzz",
        ] {
            let page = server.get(&format!("/?s={query}")).text();
            let head = page.split_once("</head>").unwrap().0;
            let alternate = |mime: &str| {
                let (_, rest) = head.split_once(&format!("type=\"{mime}\" title=\"Search")).unwrap();
                let (_, rest) = rest.split_once("href=\"").unwrap();
                rest.split_once('"').unwrap().0.replace("&amp;", "&")
            };
            let (feed, api) = (alternate("application/atom+xml"), alternate("application/json"));
            assert_eq!(feed, format!("/?s={query}&feed=atom"));
            assert_eq!(api, format!("/api/v1/search?q={query}"));
            assert!(head.contains("noindex"));
            let shown = links(&page, "<h2><a href=\"");
            let told = |most: usize| -> BTreeSet<String> {
                let told = json(&server, &format!("{api}&limit={most}"));
                let hits = told["results"].as_array().unwrap();
                let own = |hit: &Value| links(hit["url"].as_str().unwrap(), "http://library.example");
                hits.iter().flat_map(own).collect()
            };
            let feed = server.get(&feed).text();
            let fed = links(
                feed.split_once("<entry>").map_or("", |(_, entries)| entries),
                "type=\"text/html\" href=\"",
            );
            // A page and a feed have their own lengths.
            assert_eq!(shown, told(10), "{}: {query}", site.name);
            assert_eq!(fed, told(20), "{}: {query}", site.name);
        }
    }
}

#[test]
fn many_conditions_wait_their_turn_and_hinder_nobody() {
    let site = Site::empty();
    let server = library(&site);
    let deep = "/?s=child&label=guidance&topic=child-labour&lang=en";
    let page = server.get("/?s=child&label=guidance&lang=en").text();
    assert!(
        page.contains("rel=\"nofollow\">"),
        "a third condition is no way for programs"
    );
    assert!(
        !server
            .get("/?s=child&lang=en")
            .text()
            .contains("&amp;label=guidance\" rel")
    );
    assert!(server.get("/robots.txt").text().contains("Disallow: /*?s=*&*=*&*=*&*="));
    let (busy, plain) = std::thread::scope(|scope| {
        let server = &server;
        let ask = |target: &'static str| scope.spawn(move || server.ask(&Ask::get(target)));
        let many: Vec<_> = (0..60).map(|_| ask(deep)).collect();
        let plain: Vec<_> = (0..10).map(|_| ask("/?s=child")).collect();
        let answers = |of: Vec<std::thread::ScopedJoinHandle<'_, http::Answer>>| {
            of.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
        };
        (answers(many), answers(plain))
    });
    for answer in &busy {
        assert!(matches!(answer.status, 200 | 429), "{}", answer.status);
        assert_eq!(answer.header("retry-after").is_some(), answer.status == 429);
    }
    assert!(busy.iter().any(|answer| answer.status == 200));
    assert!(plain.iter().all(|answer| answer.status == 200));
    assert_eq!(server.get(deep).status, 200, "afterwards it is everybody's turn again");
}

#[test]
fn a_search_in_vain_says_what_would_find_more() {
    let site = Site::empty();
    let server = library(&site);
    let text = server.get("/?s=labor+zzzz&label=guidance&year=1999").text();
    let (_, lost) = text.split_once("<div class=\"g-empty\">").unwrap();
    for way in [
        "<a href=\"/?s=labor%20zzzz&amp;year=1999\">Without <bdi>Guidance</bdi><span>",
        "<a href=\"/?s=labor%20zzzz&amp;label=guidance\">Without <bdi>1999</bdi><span>",
        "<a href=\"/?s=labor%20zzzz\">",
        "<a href=\"/tag/child-labour/\"><bdi>Child labour</bdi>",
        "<a href=\"/get-help-now/\">",
        "<a href=\"/?s=\">",
    ] {
        assert!(lost.contains(way), "{way}: {lost}");
    }
    // What is promised is there.
    let alone = total(&server, "q=child&label=guidance");
    let text = server.get("/?s=child&label=guidance&topic=no-such-topic").text();
    assert!(
        text.contains(&format!("Without <bdi>No such topic</bdi><span>{alone} result")),
        "{text}"
    );
    let odd = server
        .get(&format!("/?s={}&label={0}", http::encoded("<b>\"x' -y")))
        .text();
    assert!(!odd.contains("<b>\"x'"), "{odd}");
}

/// What readers of the race know: how often something changed, and how often each state was looked at by somebody who began
/// after it was there.
#[derive(Default)]
struct Race {
    state: Mutex<(State, usize)>,
    looked: Condvar,
    over: AtomicBool,
    faults: Mutex<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Changing,
    Public(usize),
    Hidden(usize),
}

impl Race {
    fn now(&self) -> State {
        self.state.lock().unwrap().0
    }

    /// Says what holds from now on, and waits until enough readers saw it.
    fn settle(&self, state: State) {
        const ENOUGH: usize = 8;
        let mut now = self.state.lock().unwrap();
        *now = (state, 0);
        let (mut now, waited) = self
            .looked
            .wait_timeout_while(now, http::PATIENCE, |(_, looked)| *looked < ENOUGH)
            .unwrap();
        if waited.timed_out() {
            self.faults.lock().unwrap().push(format!("nobody looks at {state:?}"));
        }
        *now = (State::Changing, 0);
    }
}

/// Whoever leaves ends it, also by a panic.
struct Over<'a>(&'a Race);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::Relaxed);
    }
}

/// Its own word stands nowhere else; doors at which it must be seen while it is public, and never while it is not.
const WORD: &str = "zebrafinch";
const DOORS: &[&str] = &[
    "/?s=zebrafinch",
    "/api/v1/search?q=zebrafinch",
    "/api/v1/suggest?q=zebraf",
    "/?s=zebrafinhc",
    "/?s=zebrafinch&feed=atom",
    "/?s=&topic=recruitment&sort=newest",
    "/api/v1/search?q=aviary+guide&type=post",
    "/search/aviary/",
    "/?s=sheet+aviary&type=attachment",
];
/// Exact counts over everything.
const COUNTS: &str = "/api/v1/search?q=&limit=1&sort=oldest";

/// Totals and facets, as they are told.
fn counts(answer: &http::Answer) -> String {
    let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    format!("{} {}", told["total"], told["facets"])
}

/// Looks through one door after the other until the race is over.
fn reader(server: &Server<'_>, race: &Race, first: usize, known: &[String; 2]) {
    for turn in first.. {
        let doors = DOORS.len() + 1;
        let door = DOORS.get(turn % doors).copied().unwrap_or(COUNTS);
        if race.over.load(Ordering::Relaxed) {
            return;
        }
        let before = race.now();
        let answer = server.try_ask(&Ask::get(door));
        let mut now = race.state.lock().unwrap();
        let public = match before {
            _ if now.0 != before => continue,
            State::Changing => continue,
            State::Public(_) => true,
            State::Hidden(_) => false,
        };
        now.1 += 1;
        race.looked.notify_all();
        drop(now);
        let fault = match answer {
            None => Some("no answer".to_owned()),
            Some(answer) if answer.status != 200 => Some(format!("status {}", answer.status)),
            Some(answer) if door == COUNTS => {
                let told = counts(&answer);
                (told != known[usize::from(public)]).then_some(told)
            }
            Some(answer) => {
                let text = answer.text();
                // What was asked is said again.
                let shown = text.contains("Aviary handbook") || (!door.contains(WORD) && text.contains(WORD));
                (shown != public).then_some(text)
            }
        };
        if let Some(fault) = fault {
            race.faults
                .lock()
                .unwrap()
                .push(format!("{before:?} at {door}: {fault}"));
        }
    }
}

async fn hide(act: &mut Act<'_>, item: &Item) {
    let leave = Actor::system().may(Verb::Trash, item, None, act.types).unwrap();
    actions::trash(act, &leave, item.id).await.unwrap();
    let leave = Actor::system().may(Verb::Restore, item, None, act.types).unwrap();
    let draft = actions::restore(act, &leave, item.id).await.unwrap();
    assert_eq!(draft.status, "draft");
}

async fn show(act: &mut Act<'_>, item: &Item) {
    let leave = Actor::system().may(Verb::Publish, item, None, act.types).unwrap();
    actions::publish(act, &leave, item.id).await.unwrap();
}

/// An item with a word of its own, a topic, and a file that is as public as the item.
async fn make(act: &mut Act<'_>) -> Item {
    let new = Item {
        kind: "post".to_owned(),
        status: "publish".to_owned(),
        name: "brand-new".to_owned(),
        title: format!("Aviary handbook {WORD}"),
        content: format!("<p>Aviary guide: how a {WORD} lives.</p>"),
        ..Item::default()
    };
    let leave = Actor::system().may(Verb::Publish, &new, None, act.types).unwrap();
    let item = actions::create(act, &leave, new).await.unwrap();
    assert_ne!(item.id, ItemId(0));
    let topics = terms::by_slug(act.tx, "post_tag", "recruitment").await.unwrap();
    let leave = Actor::system().may(Verb::Update, &item, None, act.types).unwrap();
    let ids: Vec<_> = topics.iter().map(|t| t.id).collect();
    actions::set_terms(act, &leave, item.id, "post_tag", &ids)
        .await
        .unwrap();
    let sheet = Item {
        kind: "attachment".to_owned(),
        status: "inherit".to_owned(),
        name: "sheet".to_owned(),
        title: format!("Aviary handbook, sheet for a {WORD}"),
        parent: item.id,
        ..Item::default()
    };
    let leave = Actor::system()
        .may(Verb::Create, &sheet, Some(&item), act.types)
        .unwrap();
    actions::create(act, &leave, sheet).await.unwrap();
    item
}

#[test]
fn no_search_shows_what_is_not_public_and_each_finds_what_is() {
    const ROUNDS: usize = 8;
    for site in Site::each() {
        let server = library(&site);
        let item = on(&site, make);
        for door in DOORS {
            let text = server.get(door).text();
            assert!(text.contains("Aviary handbook"), "{}: {door}: {text}", site.name);
        }
        let public = counts(&server.get(COUNTS));
        on(&site, async |act| hide(act, &item).await);
        let hidden = counts(&server.get(COUNTS));
        assert_ne!(hidden, public);
        let (race, known) = (Race::default(), [hidden, public]);
        std::thread::scope(|scope| {
            for first in 0..3 {
                let (server, race, known) = (&server, &race, &known);
                scope.spawn(move || reader(server, race, first * 3, known));
            }
            let _over = Over(&race);
            for round in 0..ROUNDS {
                on(&site, async |act| show(act, &item).await);
                race.settle(State::Public(round));
                on(&site, async |act| hide(act, &item).await);
                race.settle(State::Hidden(round));
            }
        });
        let faults = race.faults.into_inner().unwrap();
        assert!(
            faults.is_empty(),
            "{}: {} faults, {}",
            site.name,
            faults.len(),
            faults[0]
        );
    }
}

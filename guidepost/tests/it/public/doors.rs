//! Every public door, every status, every role: who reads which word.

use std::collections::{BTreeMap, BTreeSet};

use super::library::{self, Library, PASSWORD, ROLES, Sight, file_name, file_word, word, words};
use crate::{
    http::{Answer, Ask},
    site::{Server, Site},
    wordpress::Post,
};

/// Somebody at the doors, and every word that they were told which they did not say themselves.
struct Visitor<'a> {
    server: &'a Server<'a>,
    role: &'a str,
    password: Option<String>,
    told: BTreeMap<String, String>,
    asked: usize,
}

impl Visitor<'_> {
    fn ask(&mut self, what: Ask, target: &str) -> Answer {
        let what = match &self.password {
            Some(password) => what.signed_in(self.role, password),
            None => what,
        };
        self.asked += 1;
        let answer = self.server.ask(&what);
        let said = words(target);
        for word in words(&answer.everything()).difference(&said) {
            self.told.entry(word.clone()).or_insert_with(|| target.to_owned());
        }
        answer
    }

    fn get(&mut self, target: &str) -> Answer {
        self.ask(Ask::get(target), target)
    }

    /// Asks and goes where it is sent.
    fn arrive(&mut self, target: &str) -> Answer {
        let mut target = target.to_owned();
        for _ in 0..5 {
            let answer = self.get(&target);
            match answer.leads_to() {
                Some(next) if (300..400).contains(&answer.status) => target = next,
                _ => return answer,
            }
        }
        panic!("{}: {target} goes round in circles", self.role);
    }
}

/// All addresses by which an item could be reached.
fn addresses(library: &Library, post: &Post) -> Vec<String> {
    let id = post.id;
    let slug = &post.name;
    let above = library.post(post.parent).map(|p| p.name.clone());
    let mut all = vec![
        format!("/?page_id={id}"),
        format!("/?attachment_id={id}"),
        format!("/?p={id}&post_type={}", post.kind),
        format!("/?p={id}&preview=true"),
        format!("/?p={id}&feed=rss2"),
        format!("/?name={slug}"),
        format!("/?pagename={slug}"),
        format!("/{slug}/"),
        format!("/{slug}/embed/"),
        format!("/{slug}/feed/"),
        format!("/event/{slug}/"),
        format!("/?attachment={slug}"),
        format!("/?p={id}&page=2"),
        format!("/wp-json/oembed/1.0/embed?url=http://library.example/{slug}/"),
        format!("/wp-json/oembed/1.0/embed?format=xml&url=http://library.example/?p={id}"),
    ];
    for form in [
        "",
        "/citation.bib",
        "/citation.ris",
        "/citation.json",
        "/citation.txt",
        "/metadata.jsonld",
        "/linkset.json",
    ] {
        all.push(format!("/api/v1/documents/{id}{form}"));
    }
    all.push(format!(
        "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:library.example:{id}"
    ));
    all.push(format!("/s/{slug}"));
    if let Some(above) = above {
        all.push(format!("/{above}/{slug}/"));
        all.push(format!("/{above}/{slug}/embed/"));
        all.push(format!("/{above}/{slug}/feed/atom/"));
    }
    all
}

const LISTS: &[&str] = &[
    "/",
    "/page/2/",
    "/feed/",
    "/feed/atom/",
    "/feed/rdf/",
    "/comments/feed/",
    "/comments/feed/atom/",
    "/category/open-label/",
    "/category/open-label/feed/",
    "/?cat=1",
    "/tag/open-tag/",
    "/tag/open-tag/feed/rdf/",
    "/author/author/",
    "/author/author/feed/",
    "/?author=3",
    "/2026/",
    "/2026/03/",
    "/2026/03/04/",
    "/2026/feed/",
    "/2099/",
    "/event/",
    "/event/feed/",
    "/robots.txt",
    "/opensearch.xml",
    "/wp-sitemap.xml",
    "/wp-sitemap-posts-post-1.xml",
    "/wp-sitemap-posts-page-1.xml",
    "/wp-sitemap-posts-ai1ec_event-1.xml",
    "/wp-sitemap-posts-attachment-1.xml",
    "/wp-sitemap-posts-wp_block-1.xml",
    "/wp-sitemap-taxonomies-category-1.xml",
    "/wp-sitemap-users-1.xml",
    "/?post_type=post",
    "/?post_type=wp_block",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=open-label",
    "/oai?verb=ListSets",
    "/api/openapi.json",
    "/api/v1/search?q=title",
    "/?s=title",
    "/?s=content",
    "/?s=title&feed=rss2",
    "/?s=title&post_type=wp_block",
    "/?s=title&post_type=attachment",
    "/?s=title&type=file",
    "/?s=title&post_status=draft",
    "/?s=",
    "/no-such-page/",
    "/zk",
];

fn walk(library: &Library, visitor: &mut Visitor<'_>) {
    for list in LISTS {
        visitor.arrive(list);
    }
    for post in &library.site.posts {
        by_number(library, visitor, post);
        let internal = library.sight("administrator", post) == Sight::Nothing && post.kind != "attachment";
        let own = addresses(library, post);
        // Who sees nothing of the inner types by one role sees nothing by the others; the first and last role ask all.
        let few = internal && !matches!(visitor.role, "anonymous" | "administrator");
        for address in own.iter().take(if few { 3 } else { own.len() }) {
            visitor.arrive(address);
        }
        for part in ['t', 'c', 'x', 'm'] {
            if !few && (part == 't' || part == 'c' || visitor.role == "anonymous") {
                visitor.get(&format!("/?s={}", word(post.id, part)));
            }
        }
    }
    for post in library.site.posts.iter().filter(|p| p.kind == "attachment") {
        let answer = visitor.get(&format!("/wp-content/uploads/{}", file_name(post.id)));
        let allowed = library.sight(visitor.role, post) != Sight::Nothing;
        assert_eq!(
            answer.status,
            if allowed { 200 } else { 404 },
            "{}: file of {post:?}",
            visitor.role
        );
        assert_eq!(
            answer.text() == file_word(post.id),
            allowed,
            "{}: file of {post:?}",
            visitor.role
        );
        // Below the page of what it was uploaded to, it is given to the same people or not at all.
        if let Some(above) = library.post(post.parent) {
            let (_, name) = file_name(post.id)
                .rsplit_once('/')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .unwrap();
            let below = visitor.get(&format!("/{}/{name}", above.name));
            assert!(allowed || below.status == 404, "{}: file of {post:?}", visitor.role);
            assert!(below.status != 200 || below.text() == file_word(post.id));
        }
        visitor.told.remove(&file_word(post.id));
    }
    visitor.get("/wp-content/uploads/wp-personal-data-exports/a-person.zip");
    let withheld = visitor.get("/wp-content/uploads/wp-personal-data-exports/zf9999.zip");
    assert_eq!(withheld.status, 404, "{}", visitor.role);
}

/// What is to be seen is seen at `?p=`, and what is not is not there.
fn by_number(library: &Library, visitor: &mut Visitor<'_>, post: &Post) {
    let answer = visitor.arrive(&format!("/?p={}", post.id));
    let text = answer.text();
    let role = visitor.role;
    match library.sight(role, post) {
        Sight::Full => {
            assert_eq!(answer.status, 200, "{role}: {post:?}");
            assert!(
                text.contains(&word(post.id, 't')),
                "{role} misses the title of {post:?}"
            );
            assert!(text.contains(&word(post.id, 'c')), "{role} misses the text of {post:?}");
        }
        Sight::Title => {
            assert_eq!(answer.status, 200, "{role}: {post:?}");
            assert!(
                text.contains(&word(post.id, 't')),
                "{role} misses the title of {post:?}"
            );
        }
        Sight::Nothing => assert_eq!(answer.status, 404, "{role}: {post:?}"),
    }
}

fn judge(site: &Site, role: &str) {
    let library = Library::new();
    library.bring(site);
    let password = (role != "anonymous").then(|| site.application_password(role));
    let server = site.serve();
    let mut visitor = Visitor {
        server: &server,
        role,
        password,
        told: BTreeMap::new(),
        asked: 0,
    };
    walk(&library, &mut visitor);
    let readable = library.readable(role);
    let leaked: Vec<String> = visitor
        .told
        .iter()
        .filter(|(word, at)| !readable.contains(*word) && !library.previewed(role, word, at))
        .map(|(word, at)| format!("{word} at {at}: {}", whose(&library, word)))
        .collect();
    assert!(
        leaked.is_empty(),
        "{} {role} is told what is not theirs:\n{}",
        site.name,
        leaked.join("\n")
    );
    let missed: BTreeSet<&String> = readable.iter().filter(|w| !visitor.told.contains_key(*w)).collect();
    let comments = missed.iter().filter(|w| w.starts_with("zc")).count();
    assert_eq!(comments, 0, "{} {role} never meets {missed:?}", site.name);
    println!(
        "{} {role}: {} requests, {} of {} words met",
        site.name,
        visitor.asked,
        readable.len() - missed.len(),
        readable.len()
    );
}

fn whose(library: &Library, word: &str) -> String {
    let id = word[2..6].parse().unwrap();
    match word.starts_with("zk").then(|| library.post(id)).flatten() {
        Some(post) => format!(
            "{} {} under {:?}",
            post.kind,
            post.status,
            library.post(post.parent).map(|p| (p.kind, p.status))
        ),
        None => format!("{:?}", library.site.comments.iter().find(|c| c.id == id)),
    }
}

#[test]
fn a_visitor_reads_what_is_public() {
    for site in Site::each() {
        judge(&site, "anonymous");
    }
}

#[test]
fn a_subscriber_reads_what_is_public() {
    judge(&Site::empty(), "subscriber");
}

#[test]
fn a_contributor_reads_what_is_public() {
    judge(&Site::empty(), "contributor");
}

#[test]
fn an_author_reads_their_own() {
    for site in Site::each() {
        judge(&site, "author");
    }
}

#[test]
fn an_author_does_not_read_what_others_keep_private() {
    judge(&Site::empty(), "other_author");
}

#[test]
fn an_editor_reads_private_posts_and_pages() {
    judge(&Site::empty(), "editor");
}

#[test]
fn an_administrator_reads_everything_private() {
    judge(&Site::empty(), "administrator");
    assert_eq!(ROLES.len(), 7, "a test for each role");
}

#[test]
fn a_wrong_password_of_an_account_is_a_visitor() {
    let (site, library) = (Site::empty(), Library::new());
    library.bring(&site);
    let server = site.serve();
    let private = format!("/?p={}", library.first("post", "private"));
    for (login, password) in [
        ("administrator", "wrong"),
        ("nobody", "wrong"),
        ("", ""),
        ("administrator", ""),
    ] {
        let answer = server.ask(&Ask::get(&private).signed_in(login, password));
        assert_eq!(answer.status, 404, "{login:?}");
    }
    for header in ["Basic", "Basic !!!", "Basic OjpoOg==", "Bearer x", "Basic gICA"] {
        assert_eq!(
            server.ask(&Ask::get(&private).header("Authorization", header)).status,
            404,
            "{header}"
        );
    }
    let password = site.application_password("administrator");
    let signed_in = server.ask(&Ask::get("/").signed_in("administrator", &password));
    assert!(
        signed_in
            .header("cache-control")
            .is_some_and(|c| c.contains("no-store") || c.contains("private")),
        "a page for one person may not be kept for others"
    );
}

#[test]
fn a_locked_item_opens_for_one_answer() {
    let (site, library) = (Site::empty(), Library::new());
    library.bring(&site);
    let server = site.serve();
    for kind in ["post", "page", "ai1ec_event"] {
        let id = library.locked(kind);
        let address = server.get(&format!("/?p={id}")).leads_to().unwrap();
        let content = word(id, 'c');
        let closed = server.get(&address).text();
        assert!(closed.contains("post_password"), "{kind}: there is a form");
        assert!(!closed.contains(&content) && !closed.contains(&word(id, 'x')), "{kind}");
        let send = |password| server.ask(&Ask::new("POST", &address).form(&[("post_password", password)]));
        let open = send(PASSWORD);
        assert!(open.text().contains(&content), "{kind}: the password opens it");
        assert_eq!(open.header("etag"), None, "{kind}: an open page is nobody else's");
        assert!(
            open.header("cache-control").is_some_and(|c| c.contains("no-store")),
            "{kind}"
        );
        for wrong in ["", "open", "open-sesame-", "OPEN-SESAME"] {
            assert!(!send(wrong).text().contains(&content), "{kind}: {wrong:?} opens it");
        }
        for door in [
            address.clone(),
            format!("{address}embed/"),
            format!("{address}feed/"),
            "/feed/".to_owned(),
        ] {
            assert!(
                !server.get(&door).text().contains(&content),
                "{kind}: {door} stays closed"
            );
        }
        let embedded = server.ask(&Ask::new("POST", format!("{address}embed/")).form(&[("post_password", "wrong")]));
        assert!(
            !embedded.text().contains(&content),
            "{kind}: the small page stays closed"
        );
    }
    let private = library.first("post", "private");
    let sent = server.ask(&Ask::new("POST", format!("/?p={private}")).form(&[("post_password", PASSWORD)]));
    assert_eq!(sent.status, 404, "a password opens nothing that is private");
}

#[test]
fn a_file_of_a_locked_item_opens_by_that_items_password() {
    let (site, library) = (Site::empty(), Library::new());
    library.bring(&site);
    let server = site.serve();
    let parent = library.locked("post");
    let file = library
        .site
        .posts
        .iter()
        .find(|p| p.kind == "attachment" && p.parent == parent)
        .unwrap();
    let address = server.get(&format!("/?p={}", file.id)).leads_to().unwrap();
    let content = word(file.id, 'c');
    let send = |password| server.ask(&Ask::new("POST", &address).form(&[("post_password", password)]));
    assert!(!server.get(&address).text().contains(&content));
    for wrong in ["", "open"] {
        assert!(!send(wrong).text().contains(&content), "{wrong:?} opens it");
    }
    assert!(send(PASSWORD).text().contains(&content));
}

#[test]
fn words_are_found_wherever_they_stand() {
    let found = library::words("a zk0012t,zc0003<b>zf0100</b> zk12t zk00");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["zc0003", "zf0100", "zk0012t"]);
}

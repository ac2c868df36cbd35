//! What other programs are told: harvesters, reference managers, crawlers.

use std::collections::BTreeSet;

use gp_content::{
    Actor, Item, Verb,
    actions::{self, Act, Changes},
};
use serde_json::Value;

use super::kept::{ONE, find, on};
use crate::{
    http::{Answer, Ask},
    site::{Server, Site},
    wordpress::{Post, Wordpress},
};

/// All values of an element.
fn all<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(begin.as_str()).skip(1);
    parts.filter_map(|part| part.split(end.as_str()).next()).collect()
}

fn oai(server: &Server<'_>, query: &str) -> String {
    let answer = server.get(&format!("/oai?{query}"));
    assert_eq!(answer.status, 200, "{query}");
    answer.text()
}

/// The token of an answer; `None`: there is none, or it is empty.
fn token(xml: &str) -> Option<&str> {
    let (_, rest) = xml.split_once("<resumptionToken")?;
    let (_, rest) = rest.split_once('>')?;
    rest.split_once("</resumptionToken>")
        .map(|(token, _)| token)
        .filter(|t| !t.is_empty())
}

/// All identifiers of a list, part after part; `between` happens after the first part.
fn harvest(server: &Server<'_>, query: &str, between: impl FnOnce()) -> Vec<String> {
    let mut found = Vec::new();
    let mut xml = oai(server, &format!("verb=ListRecords&metadataPrefix=oai_dc{query}"));
    let mut between = Some(between);
    loop {
        found.extend(all(&xml, "identifier").into_iter().map(str::to_owned));
        let Some(token) = token(&xml) else { return found };
        if let Some(between) = between.take() {
            between();
        }
        let token = token.to_owned();
        let next = format!("verb=ListRecords&resumptionToken={token}");
        let again = oai(server, &next);
        assert_eq!(
            all(&again, "identifier"),
            all(&oai(server, &next), "identifier"),
            "asked again, it says the same"
        );
        xml = again;
    }
}

/// A resource that everybody may read, with a record.
async fn publish(act: &mut Act<'_>, name: &str, record: &str) -> Item {
    let new = Item {
        kind: "post".to_owned(),
        status: "publish".to_owned(),
        name: name.to_owned(),
        title: format!("Title of {name}"),
        ..Item::default()
    };
    let leave = Actor::system().may(Verb::Publish, &new, None, act.types).unwrap();
    let item = actions::create(act, &leave, new).await.unwrap();
    let leave = Actor::system().may(Verb::Update, &item, None, act.types).unwrap();
    actions::set_meta(act, &leave, item.id, "_guidepost_record", &[record.as_bytes()])
        .await
        .unwrap();
    item
}

fn locked(site: &Site, name: &str, password: &str) {
    on(site, async |act| {
        let item = find(act, name).await;
        let leave = Actor::system().may(Verb::Update, &item, None, act.types).unwrap();
        let changes = Changes {
            password: Some(password.to_owned()),
            ..Changes::default()
        };
        actions::update(act, &leave, item.id, changes).await.unwrap();
    });
}

#[test]
fn a_harvest_comes_in_parts_and_misses_nothing_that_changes_meanwhile() {
    for site in Site::each() {
        let mut wordpress = Wordpress::default();
        for id in 1..=250 {
            wordpress
                .posts
                .push(Post::new(id, "post", "publish", format!("resource-{id}")));
        }
        wordpress.posts.push(Post::new(900, "post", "draft", "hidden"));
        wordpress.posts.push(Post::new(901, "page", "publish", "a-page"));
        site.import(&wordpress.sql(), None);
        let server = site.serve();
        let plain = harvest(&server, "", || {});
        assert_eq!(plain.len(), 250, "{}", site.name);
        assert_eq!(plain.iter().collect::<BTreeSet<_>>().len(), 250, "{}", site.name);
        let changing = harvest(&server, "", || {
            on(&site, async |act| {
                let item = find(act, "resource-1").await;
                let leave = Actor::system().may(Verb::Update, &item, None, act.types).unwrap();
                let changes = Changes {
                    title: Some("Another title".to_owned()),
                    ..Changes::default()
                };
                actions::update(act, &leave, item.id, changes).await.unwrap();
            });
        });
        let seen: BTreeSet<&String> = changing.iter().collect();
        assert_eq!(
            (seen.len(), changing.len()),
            (250, 251),
            "{}: what changed comes once more",
            site.name
        );
    }
}

#[test]
fn what_is_gone_is_told_and_what_comes_back_is_there_again() {
    for site in Site::each() {
        drop(Server::start(site.command(&["demo", "--listen", "127.0.0.1:0"])));
        let server = site.serve();
        let id = on(&site, async |act| find(act, ONE).await.id);
        let record = format!("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:library.example:{id}");
        let told = |what: &str| {
            let xml = oai(&server, &record);
            let deleted = xml.contains("<header status=\"deleted\">");
            assert!(!all(&xml, "setSpec").is_empty(), "{what}: it keeps its sets");
            assert_eq!(xml.contains("<dc:title>"), !deleted, "{what}");
            let set = all(&xml, "setSpec")[0].to_owned();
            let list = oai(
                &server,
                &format!("verb=ListIdentifiers&metadataPrefix=oai_dc&set={set}"),
            );
            assert!(list.contains(&format!(":{id}<")), "{what}: its set still names it");
            deleted
        };
        assert!(!told("at first"));
        locked(&site, ONE, "secret");
        assert!(told("locked"), "{}", site.name);
        assert_eq!(server.get(&format!("/api/v1/documents/{id}")).status, 404);
        locked(&site, ONE, "");
        assert!(!told("open again"), "{}", site.name);
        on(&site, async |act| {
            let item = find(act, ONE).await;
            let leave = Actor::system().may(Verb::Trash, &item, None, act.types).unwrap();
            actions::trash(act, &leave, item.id).await.unwrap();
        });
        assert!(told("in the trash"), "{}", site.name);
        assert_eq!(server.get("/s/GDL/2026/3").status, 404);
        on(&site, async |act| {
            let item = gp_content::items::by_id(act.tx, id).await.unwrap().unwrap();
            let leave = Actor::system().may(Verb::Delete, &item, None, act.types).unwrap();
            actions::delete(act, &leave, item.id).await.unwrap();
        });
        assert!(told("deleted for good"), "{}", site.name);
        let since = oai(&server, "verb=ListIdentifiers&metadataPrefix=oai_dc&from=2099-01-01");
        assert!(since.contains("code=\"noRecordsMatch\""));
        // The server may still be filling its index for the first time.
        site.ok(&["reindex"]);
        site.assert_sound("a deletion");
    }
}

#[test]
fn meta_and_labels_count_as_changes_and_faults_are_answers() {
    let site = Site::demo();
    let server = site.serve();
    let stamp = |server: &Server<'_>, id: i64| {
        let query = format!("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:library.example:{id}");
        all(&oai(server, &query), "datestamp")[0].to_owned()
    };
    let item = on(&site, async |act| find(act, ONE).await);
    let before = stamp(&server, item.id.0);
    on(&site, async |act| {
        act.now += jiff::SignedDuration::from_mins(1);
        let leave = Actor::system().may(Verb::Update, &item, None, act.types).unwrap();
        actions::set_meta(act, &leave, item.id, "_guidepost_lang", &[b"en"])
            .await
            .unwrap();
    });
    assert!(stamp(&server, item.id.0) > before);
    for (query, code) in [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&set=no-such-label",
            "noRecordsMatch",
        ),
        ("verb=ListRecords&resumptionToken=made-up", "badResumptionToken"),
        (
            "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:library.example:999999",
            "idDoesNotExist",
        ),
        (
            "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:other.example:1",
            "idDoesNotExist",
        ),
        ("verb=ListMetadataFormats&identifier=nonsense", "idDoesNotExist"),
    ] {
        assert!(oai(&server, query).contains(&format!("code=\"{code}\"")), "{query}");
        let fields: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        if !fields.is_empty() {
            let posted = server.ask(&Ask::new("POST", "/oai").form(&fields));
            assert_eq!(posted.status, 200);
            assert!(posted.text().contains(&format!("code=\"{code}\"")), "POST {query}");
        }
    }
    let posted = server.ask(&Ask::new("POST", "/oai").form(&[("verb", "Identify")]));
    assert!(posted.text().contains("<deletedRecord>persistent</deletedRecord>"));
}

#[test]
fn a_file_lies_below_its_page_with_the_same_bytes() {
    let site = Site::demo();
    let server = site.serve();
    let page = server.get(&format!("/{ONE}/")).text();
    let (_, rest) = page.split_once("name=\"citation_pdf_url\" content=\"").unwrap();
    let url = rest.split('"').next().unwrap();
    let path = url.strip_prefix("http://library.example").unwrap();
    assert!(
        path.starts_with(&format!("/{ONE}/")) && path.ends_with(".pdf"),
        "{path}"
    );
    let name = path.rsplit('/').next().unwrap();
    let map = server.get("/wp-sitemap-posts-post-1.xml").text();
    assert!(map.contains(&format!("<loc>{url}</loc>")));
    let (own, old) = (server.get(path), server.get(&upload_of(&server, name)));
    assert_eq!((own.status, old.status), (200, 200));
    assert!(own.body == old.body && own.body.starts_with(b"%PDF"));
    assert_eq!(own.header("etag"), old.header("etag"));
    for answer in [&own, &old] {
        let links = links(answer);
        let page = format!("<http://library.example/{ONE}/>");
        assert!(
            links.contains(&format!("{page}; rel=\"collection\"; type=\"text/html\"")),
            "{links:?}"
        );
        assert!(links.contains(&format!("{page}; rel=\"cite-as\"")), "{links:?}");
    }
    let part = server.ask(&Ask::get(path).header("Range", "bytes=0-3"));
    assert_eq!((part.status, part.text().as_str()), (206, "%PDF"));
    let tag = own.header("etag").unwrap();
    assert_eq!(server.ask(&Ask::get(path).header("If-None-Match", tag)).status, 304);
    let other = format!("/about/{name}");
    assert_ne!(server.get(&other).status, 200, "no page offers the file of another");
    locked(&site, ONE, "secret");
    assert_eq!(server.get(&format!("/{ONE}/no-such-file.pdf")).status, 404);
}

fn links(answer: &Answer) -> Vec<String> {
    let lines = answer.everything();
    let links = lines.lines().filter_map(|line| line.strip_prefix("link: "));
    links.map(str::to_owned).collect()
}

fn upload_of(server: &Server<'_>, name: &str) -> String {
    let html = server.get(&format!("/{ONE}/")).text();
    let start = html.match_indices("/wp-content/uploads/").map(|(at, _)| &html[at..]);
    let paths = start.filter_map(|rest| rest.split('"').next());
    paths.into_iter().find(|path| path.ends_with(name)).unwrap().to_owned()
}

#[test]
fn a_symbol_leads_to_the_page_in_the_readers_language() {
    for site in Site::each() {
        on_empty(&site);
        on(&site, async |act| {
            let english = r#"{"symbol":"CRC/C/156","also_known_as":["OPSC Guidelines"],"lang":"en","original":"en"}"#;
            let french = r#"{"symbol":"CRC/C/156","lang":"fr","original":"en"}"#;
            publish(act, "guidelines", english).await;
            publish(act, "lignes", french).await;
        });
        let server = site.serve();
        let to = |path: &str, accept: &str| {
            let answer = server.ask(&Ask::get(path).header("Accept-Language", accept));
            if answer.status != 302 {
                return answer.status.to_string();
            }
            assert_eq!(answer.header("vary"), Some("accept-language"));
            answer.leads_to().unwrap()
        };
        for spelling in [
            "/s/CRC/C/156",
            "/s/crc-c-156",
            "/s/CRC%2FC%2F156",
            "/s/CRC_C_156.pdf",
            "/s/opsc%20guidelines",
        ] {
            assert_eq!(
                to(spelling, "de, en;q=0.5"),
                "/guidelines/",
                "{}: {spelling}",
                site.name
            );
        }
        assert_eq!(to("/s/CRC/C/156", "fr-CH,en;q=0.5"), "/lignes/");
        assert_eq!(to("/s/CRC/C/156?lang=fr", "en"), "/lignes/");
        assert_eq!(to("/s/CRC/C/156", "zh"), "/guidelines/", "the original");
        assert_eq!(to("/s/CRC/C/156/para/62", "en"), "/guidelines/#para-62");
        assert_eq!(to("/s/CRC/C/15", "en"), "404");
        let page = server.get("/lignes/").text();
        for (lang, slug) in [("fr", "lignes"), ("en", "guidelines"), ("x-default", "guidelines")] {
            let link = format!("<link rel=\"alternate\" hreflang=\"{lang}\" href=\"http://library.example/{slug}/\">");
            assert!(page.contains(&link), "{}: {link}", site.name);
        }
        assert!(page.contains("\"translationOfWork\""));
        let map = server.get("/wp-sitemap-posts-post-1.xml").text();
        assert!(map.contains("hreflang=\"fr\" href=\"http://library.example/lignes/\""));
        locked(&site, "lignes", "secret");
        assert_eq!(
            to("/s/CRC/C/156", "fr"),
            "/guidelines/",
            "what is locked is led to by nothing"
        );
        let page = server.get("/guidelines/").text();
        assert!(!page.contains("hreflang") && !page.contains("lignes"), "{}", site.name);
    }
}

/// The settings that addresses need.
fn on_empty(site: &Site) {
    site.ok(&["settings", "set", "permalink_structure", "/%postname%/"]);
    site.ok(&["settings", "set", "blogname", "A library"]);
}

#[test]
fn linked_data_cannot_break_out_of_its_element() {
    let site = Site::empty();
    on_empty(&site);
    on(&site, async |act| {
        let record =
            r#"{"symbol":"X/1","publisher":["</script><script>alert(1)</script>","A & B"],"series":"]]><!--"}"#;
        publish(act, "hostile", record).await;
    });
    let server = site.serve();
    let page = server.get("/hostile/");
    let html = page.text();
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("</script").count(), 1);
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">").unwrap();
    let data: Value = serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap();
    assert_eq!(data["author"][0]["name"], "</script><script>alert(1)</script>");
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .starts_with("default-src 'none'")
    );
    let bib = server.get(&format!("/api/v1/documents/{}/citation.bib", id_of(&html)));
    assert!(bib.text().contains("{A \\& B}"));
}

fn id_of(html: &str) -> i64 {
    let (_, rest) = html.split_once("/?p=").unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

#[test]
fn every_described_address_answers_and_the_document_says_what_it_has() {
    let site = Site::demo();
    let server = site.serve();
    let openapi: Value = serde_json::from_slice(&server.get("/api/openapi.json").body).unwrap();
    assert_eq!(openapi["servers"][0]["url"], "http://library.example");
    let id = id_of(&server.get(&format!("/{ONE}/")).text());
    for (path, door) in openapi["paths"].as_object().unwrap() {
        // What WordPress's clients ask is described too; a visitor gets an answer everywhere, though it may be a refusal.
        if path.starts_with("/wp-json") {
            let lists = door["get"].is_object() && !path.contains('{');
            assert!(!lists || server.get(path).status < 500, "{path}");
            continue;
        }
        let target = path
            .replace("{id}", &id.to_string())
            .replace("{symbol}", "GDL/2026/3")
            .replace("/search", "/search?q=child")
            .replace("/suggest", "/suggest?q=chi")
            .replace("/oai", "/oai?verb=Identify");
        let answer = server.get(&target);
        let described = &door["get"]["responses"][answer.status.to_string()];
        assert!(
            described.is_object() && answer.status < 400,
            "{target}: {}",
            answer.status
        );
        if let Some(content) = described["content"].as_object() {
            let mime = answer
                .header("content-type")
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned();
            assert!(content.contains_key(&mime), "{target}: {mime}");
        }
    }
    let answer = server.get(&format!("/api/v1/documents/{id}"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let document: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(document["record"]["symbol"], "GDL/2026/3");
    assert_eq!(document["files"].as_array().unwrap().len(), 7);
    assert_eq!(document["files"][0]["sha256"].as_str().unwrap().len(), 64);
    for (path, status) in [("/api/v1/documents/999999", 404), ("/api/v1/documents/x", 404)] {
        let answer = server.get(path);
        assert_eq!(answer.status, status);
        let error: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(error["error"]["code"], "not_found");
    }
    let wrong = server.get(&format!("/api/v1/documents/{id}/citation.bib?para=%3Cx%3E"));
    assert_eq!(wrong.status, 400);
    let passage = server
        .get(&format!("/api/v1/documents/{id}/citation.txt?para=12"))
        .text();
    assert!(passage.contains("GDL/2026/3, 14 October 2026, para. 12."), "{passage}");
}

//! Compares what the reader makes of real exports with what WordPress's own importer makes of
//! them. The files come from the folder named by GUIDEPOST_FIXTURES; without it, "skipped".
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use gp_wxr::{Author, Channel, Entry, Item, Reader, Term, Writer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn fixtures() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = match std::env::var_os("GUIDEPOST_FIXTURES") {
        Some(folder) => root.join(folder),
        None => root.join("../shared/fixtures"),
    };
    folder.is_dir().then_some(folder)
}

#[derive(Default, PartialEq, Debug)]
struct Everything {
    channel: Channel,
    authors: Vec<Author>,
    terms: Vec<Term>,
    items: Vec<Item>,
}

fn read(input: impl std::io::BufRead) -> Result<Everything, gp_wxr::Error> {
    let mut all = Everything::default();
    let mut reader = Reader::new(input);
    while let Some(entry) = reader.next()? {
        match entry {
            Entry::Channel(channel) => all.channel = channel,
            Entry::Author(author) => all.authors.push(author),
            Entry::Term(term) => all.terms.push(term),
            Entry::Item(item) => all.items.push(*item),
        }
    }
    all.channel.generator.clone_from(&reader.channel().generator);
    all.channel.image_url.clone_from(&reader.channel().image_url);
    Ok(all)
}

fn read_file(path: &Path) -> Result<Everything, gp_wxr::Error> {
    read(BufReader::new(File::open(path).unwrap()))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn metas(term: &Term) -> Vec<Value> {
    term.meta
        .iter()
        .map(|m| json!({"key": m.key, "value": m.text()}))
        .collect()
}

/// A term in the three shapes in which the importer's parser gives it.
fn term_json(term: &Term, shape: &str) -> Value {
    let id = term.id.unwrap_or(0);
    let mut value = match shape {
        "categories" => json!({"term_id": id, "category_nicename": term.slug,
            "category_parent": term.parent_slug, "cat_name": term.name,
            "category_description": term.description}),
        "tags" => json!({"term_id": id, "tag_slug": term.slug, "tag_name": term.name,
            "tag_description": term.description}),
        _ => json!({"term_id": id, "term_taxonomy": term.taxonomy, "slug": term.slug,
            "term_parent": term.parent_slug, "term_name": term.name,
            "term_description": term.description}),
    };
    if !term.meta.is_empty() {
        value["termmeta"] = Value::Array(metas(term));
    }
    value
}

fn post_json(item: &Item) -> Value {
    let terms: Vec<Value> = item.terms.iter().map(|t| json!([t.taxonomy, t.slug, t.name])).collect();
    let meta: Vec<Value> = item
        .meta
        .iter()
        .map(|m| json!([m.key, m.value.len(), sha256(&m.value)]))
        .collect();
    json!({
        "id": item.id, "type": item.post_type, "status": item.status, "name": item.post_name,
        "title": item.title, "parent": item.post_parent, "menu_order": item.menu_order,
        "date": item.post_date, "date_gmt": item.post_date_gmt, "author": item.creator,
        "sticky": i64::from(item.is_sticky), "content_sha256": sha256(item.content.as_bytes()),
        "content_bytes": item.content.len(), "excerpt_sha256": sha256(item.excerpt.as_bytes()),
        "terms": terms, "meta": meta,
        "comments": item.comments.iter().map(|c| c.id).collect::<Vec<_>>(),
        "attachment_url": item.attachment_url,
    })
}

fn expect(found: &mut Vec<String>, what: &str, ours: &Value, theirs: &Value) {
    if ours != theirs {
        found.push(format!("{what}:\n    ours   {ours}\n    theirs {theirs}"));
    }
}

fn compare(all: &Everything, expected: &Value) -> Vec<String> {
    let mut bad = Vec::new();
    expect(
        &mut bad,
        "version",
        &json!(all.channel.wxr_version.trim()),
        &expected["version"],
    );
    expect(
        &mut bad,
        "base_url",
        &json!(all.channel.base_site_url),
        &expected["base_url"],
    );
    expect(
        &mut bad,
        "blog url",
        &json!(all.channel.base_blog_url),
        &expected["base_blog_url"],
    );
    let authors: Vec<Value> = all
        .authors
        .iter()
        .map(|a| {
            json!({
        "author_id": a.id, "author_login": a.login, "author_email": a.email,
        "author_display_name": a.display_name, "author_first_name": a.first_name,
        "author_last_name": a.last_name})
        })
        .collect();
    expect(&mut bad, "authors", &json!(authors), &expected["authors"]);
    // The file has categories, then tags, then terms; so has the expectation, in three lists.
    let mut ours = all.terms.iter();
    for shape in ["categories", "tags", "terms"] {
        for theirs in expected[shape].as_array().unwrap() {
            let term = ours.next().map_or(Value::Null, |term| term_json(term, shape));
            expect(&mut bad, shape, &term, theirs);
        }
    }
    expect(&mut bad, "terms left over", &json!(ours.count()), &json!(0));
    let mut counts = BTreeMap::new();
    for item in &all.items {
        *counts.entry(format!("{}/{}", item.post_type, item.status)).or_insert(0) += 1;
    }
    expect(&mut bad, "counts", &json!(counts), &expected["counts"]);
    let posts = expected["posts"].as_array().unwrap();
    expect(&mut bad, "posts", &json!(all.items.len()), &json!(posts.len()));
    for (item, theirs) in all.items.iter().zip(posts) {
        let ours = post_json(item);
        for (key, value) in theirs.as_object().unwrap() {
            expect(&mut bad, &format!("post {} {key}", item.id), &ours[key], value);
        }
    }
    bad
}

#[test]
fn exports_are_read_as_wordpress_reads_them() {
    let Some(folder) = fixtures() else {
        println!("wxr skipped");
        return;
    };
    let mut files = 0;
    let mut good = 0;
    for entry in std::fs::read_dir(folder.join("wxr")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "xml") {
            continue;
        }
        files += 1;
        let judge = std::fs::read(path.with_extension("expected.json")).unwrap();
        let judge: Value = serde_json::from_slice(&judge).unwrap();
        let bad = match (read_file(&path), judge.get("expected")) {
            (Ok(all), Some(expected)) => compare(&all, expected),
            (Err(error), None) => {
                println!("{}: refused as expected: {error}", path.display());
                Vec::new()
            }
            // Only regular expressions get through: a clear error is as good.
            (Err(error), Some(_)) if judge["parsed_by"] == "Regex" => {
                println!("{}: refused, WordPress guesses: {error}", path.display());
                Vec::new()
            }
            (Ok(_), None) => vec!["read, but should have been refused".to_owned()],
            (Err(error), Some(_)) => vec![error.to_string()],
        };
        good += usize::from(bad.is_empty());
        for line in bad.iter().take(10) {
            println!("{}: {line}", path.display());
        }
    }
    println!("wxr {good}/{files}");
    assert_eq!(good, files);
}

#[test]
fn a_whole_site_is_read() {
    let Some(folder) = fixtures().map(|folder| folder.join("site")) else {
        println!("site export skipped");
        return;
    };
    let counts = std::fs::read(folder.join("counts.json")).unwrap();
    let counts: Value = serde_json::from_slice(&counts).unwrap();
    let expected: HashMap<String, usize> = serde_json::from_value(counts["wxr_items_by_type"].clone()).unwrap();
    let all = read_file(&folder.join("export.wxr.xml")).unwrap();
    let mut found = HashMap::new();
    for item in &all.items {
        *found.entry(item.post_type.clone()).or_insert(0) += 1;
    }
    let total: usize = expected.values().sum();
    println!("site export items {}/{total}", all.items.len());
    assert_eq!(found, expected);
}

/// Reading a file, writing it and reading that gives the same values, for every export at hand.
#[test]
fn exports_survive_being_written_again() {
    let Some(folder) = fixtures() else {
        println!("wxr round trip skipped");
        return;
    };
    let mut paths = vec![
        folder.join("site/export.wxr.xml"),
        folder.join("acf/oracle-site.wxr.xml"),
    ];
    for entry in std::fs::read_dir(folder.join("wxr")).unwrap() {
        paths.push(entry.unwrap().path());
    }
    let (mut good, mut files) = (0, 0);
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "xml")) {
        let Ok(mut first) = read_file(path) else {
            continue;
        };
        files += 1;
        let mut second = read(write(&first).as_slice()).unwrap();
        forget_lines(&mut first);
        forget_lines(&mut second);
        first.channel.wxr_version = "1.2".to_owned();
        if first == second {
            good += 1;
        } else {
            println!("{}: changed by writing", path.display());
        }
    }
    println!("wxr round trip {good}/{files}");
    assert_eq!(good, files);
}

fn write(all: &Everything) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &all.channel).unwrap();
    all.authors.iter().for_each(|author| writer.author(author).unwrap());
    // A site repeats its categories and tags among the other terms: bring each kind together.
    let kind = |term: &&Term| match term.taxonomy.as_str() {
        "category" => 0,
        "post_tag" => 1,
        _ => 2,
    };
    let mut terms: Vec<&Term> = all.terms.iter().collect();
    terms.sort_by_key(kind);
    terms.into_iter().for_each(|term| writer.term(term).unwrap());
    all.items.iter().for_each(|item| writer.item(item).unwrap());
    let (out, uncarried) = writer.finish().unwrap();
    assert_eq!(uncarried, []);
    out
}

fn forget_lines(all: &mut Everything) {
    all.authors.iter_mut().for_each(|author| author.line = 0);
    all.items.iter_mut().for_each(|item| item.line = 0);
    all.terms.iter_mut().for_each(|term| term.line = 0);
    let key = |term: &Term| (term.taxonomy.clone(), term.slug.clone(), term.description.clone());
    all.terms.sort_by_key(key);
}

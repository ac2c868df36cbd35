//! What the reader forgives, what it refuses, and how it says so.
#![allow(clippy::unwrap_used)]

use super::{Reader, number};
use crate::{Entry, Error, Item, NoticeKind};

const NAMESPACES: &str = r#"xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/""#;

fn file(inside_item: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss {NAMESPACES}>\n<channel>\n\
         <wp:wxr_version>1.2</wp:wxr_version>\n<item>\n{inside_item}</item></channel></rss>"
    )
    .into_bytes()
}

fn read(bytes: &[u8]) -> Result<(Vec<Entry>, Vec<NoticeKind>), Error> {
    let mut reader = Reader::new(bytes);
    let mut entries = Vec::new();
    while let Some(entry) = reader.next()? {
        entries.push(entry);
    }
    let notices = reader.take_notices().into_iter().map(|notice| notice.kind).collect();
    Ok((entries, notices))
}

fn item(inside_item: &str) -> (Item, Vec<NoticeKind>) {
    let (mut entries, notices) = read(&file(inside_item)).unwrap();
    match entries.pop() {
        Some(Entry::Item(item)) => (*item, notices),
        other => panic!("no item: {other:?}"),
    }
}

fn refused(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

#[test]
fn text_is_joined_and_decoded_only_outside_cdata() {
    let (item, notices) =
        item("<title>a &amp;<![CDATA[ &amp; b]]]]><![CDATA[> <i>]]> &#x1F600;&#13;\r\nc<!-- no -->d</title>");
    assert_eq!(item.title, "a & &amp; b]]> <i> 😀\r\ncd");
    assert_eq!(notices, []);
    assert_eq!(item.line, 5);
}

#[test]
fn the_first_of_two_counts_and_markup_inside_text_does_not() {
    let (item, notices) = item(
        "<wp:post_id>7</wp:post_id><wp:post_id>8</wp:post_id><description>x<b>y</b>z</description>\
         <acme:extra>1</acme:extra><acme:extra/>",
    );
    assert_eq!((item.id, item.description.as_str()), (7, "xz"));
    let name = |n: &str| n.to_owned();
    assert_eq!(
        notices,
        [
            NoticeKind::Duplicate(name("wp:post_id")),
            NoticeKind::NestedMarkup(name("description")),
            NoticeKind::UnknownElement(name("acme:extra")),
        ]
    );
}

#[test]
fn lone_markup_and_unknown_references_are_kept() {
    let (item, notices) = item("<link>?a=1&b=2 &nbsp; &#1; 1 < 2 & x</link>");
    assert_eq!(item.link, "?a=1&b=2 &nbsp; &#1; 1 < 2 & x");
    assert_eq!(notices.len(), 5);
}

#[test]
fn control_characters_are_kept_and_told() {
    let (item, notices) = item("<title><![CDATA[a\u{0}\u{b}b]]></title>");
    assert_eq!(item.title, "a\u{0}\u{b}b");
    assert_eq!(notices, [NoticeKind::ControlCharacter("title".to_owned())]);
}

#[test]
fn bytes_that_are_not_utf8_stay_bytes_in_meta() {
    let mut bytes = file("<title>caf@</title><wp:postmeta><wp:meta_value>caf@</wp:meta_value></wp:postmeta>");
    bytes
        .iter_mut()
        .filter(|byte| **byte == b'@')
        .for_each(|byte| *byte = 0xe9);
    let (entries, notices) = read(&bytes).unwrap();
    let Some(Entry::Item(item)) = entries.last() else {
        panic!("no item")
    };
    assert_eq!(
        (item.title.as_str(), item.meta[0].value.as_slice()),
        ("café", b"caf\xe9".as_slice())
    );
    assert_eq!(notices.len(), 2);
}

#[test]
fn latin1_files_are_converted() {
    let text = String::from_utf8(file("<title>caf@</title>"))
        .unwrap()
        .replace("UTF-8", "ISO-8859-1");
    let bytes: Vec<u8> = text.bytes().map(|b| if b == b'@' { 0xe9 } else { b }).collect();
    let (entries, _) = read(&bytes).unwrap();
    assert!(matches!(entries.last(), Some(Entry::Item(item)) if item.title == "café"));
    assert!(refused(text.replace("ISO-8859-1", "koi8-r").as_bytes()).contains("koi8-r"));
}

#[test]
fn namespaces_of_any_version_or_none() {
    let new = String::from_utf8(file("<wp:post_id>4</wp:post_id><excerpt:encoded>e</excerpt:encoded>")).unwrap();
    let old = new.replace("http://wordpress.org/export/1.2/", "https://wordpress.org/export/1.0/");
    let undeclared = new.replace(NAMESPACES, "");
    let renamed = new.replace("wp:", "w:").replace("xmlns:wp=", "xmlns:w=");
    for text in [old, undeclared, renamed] {
        let (entries, _) = read(text.as_bytes()).unwrap();
        assert!(
            matches!(entries.last(), Some(Entry::Item(i)) if i.id == 4 && i.excerpt == "e"),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_export_is_refused() {
    let valid = String::from_utf8(file("")).unwrap();
    assert!(refused(b"").contains("not a WordPress export"));
    assert!(refused(b"<!DOCTYPE html>\n<html>").contains("line 2"));
    assert!(refused(b"<rss><channel><item/></channel></rss>").contains("there is none"));
    assert!(refused(valid.replace("1.2<", "1.x<").as_bytes()).contains("\"1.x\""));
    assert!(refused(valid.replace("</item>", "</channel>").as_bytes()).contains("line 6"));
    assert!(refused(valid.replace("</rss>", "").as_bytes()).contains("cut off"));
    assert!(refused("<a>".repeat(200).as_bytes()).contains("not a WordPress export"));
    assert!(refused(&file(&"<a>".repeat(200))).contains("nested more than"));
    assert!(refused(&file("<wp:post_id a=1>")).contains("not in quotes"));
}

#[test]
fn entity_bombs_are_refused_and_nothing_is_fetched() {
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]>";
    let valid = String::from_utf8(file("<title>&b;</title>")).unwrap();
    assert!(refused(valid.replacen("<rss", &format!("{bomb}<rss"), 1).as_bytes()).contains("DOCTYPE"));
    let outside = valid.replacen("<rss", "<!DOCTYPE rss SYSTEM \"file:///etc/passwd\"><rss", 1);
    assert_eq!(read(outside.as_bytes()).unwrap().1[0], NoticeKind::Doctype);
}

#[test]
fn a_value_that_is_too_large_is_refused_before_it_is_held() {
    let start = file("<title><![CDATA[");
    let start = &start[..start.len() - "</item></channel></rss>".len()];
    let endless = std::io::BufReader::new(std::io::Read::chain(start, std::io::repeat(b'x')));
    let mut reader = Reader::new(endless);
    assert!(reader.next().is_ok());
    let error = reader.next().unwrap_err().to_string();
    assert!(error.contains("67108864") && error.contains("<title>"), "{error}");
    assert!(matches!(reader.next(), Err(Error::Stopped)));
}

#[test]
fn numbers_are_read_as_php_reads_them() {
    let given = ["12", " -3x", "", "abc", "99999999999999999999", "-9223372036854775808"];
    assert_eq!(given.map(number), [12, -3, 0, 0, i64::MAX, i64::MIN]);
}

//! What is written comes back the same, and nothing a file may hold makes the reader panic.
#![allow(clippy::unwrap_used)]

use gp_wxr::raw::RAW_KEY;
use gp_wxr::{Author, Channel, Comment, Entry, Error, Item, ItemTerm, Meta, Reader, Term, Writer};
use proptest::collection::vec;
use proptest::prelude::*;

fn read(bytes: &[u8]) -> Result<Vec<Entry>, Error> {
    let mut reader = Reader::new(bytes);
    let mut entries = Vec::new();
    while let Some(entry) = reader.next()? {
        entries.push(entry);
    }
    Ok(entries)
}

fn item_back(item: &Item) -> Item {
    let mut writer = Writer::new(Vec::new(), &Channel::default()).unwrap();
    writer.item(item).unwrap();
    let (bytes, uncarried) = writer.finish().unwrap();
    assert!(uncarried.iter().all(|lost| lost.kept));
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        !text
            .chars()
            .any(|c| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\r'))
    );
    match read(text.as_bytes()).unwrap().pop() {
        Some(Entry::Item(item)) => Item { line: 0, ..*item },
        other => panic!("no item: {other:?}"),
    }
}

/// Text with everything that is awkward in XML.
fn awkward() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[a-z%]{1,6}",
        prop::sample::select(vec![
            "]]>",
            "]]",
            "]",
            ">",
            "<",
            "&",
            "&amp;",
            "<![CDATA[",
            "\r",
            "\r\n",
            "\n",
            "\t",
            "\"",
            "\0",
            "\u{b}",
            "\u{fffe}",
            "\u{ffff}",
            "\u{fffd}",
            "\u{85}",
            "\u{2028}",
            "👩‍🚒",
            "%00",
            "?",
            "<!--",
            "</item>",
            "é",
            " ",
        ])
        .prop_map(str::to_owned),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// The same without what XML cannot carry: for entries that have no meta of their own.
fn carried() -> impl Strategy<Value = String> {
    awkward().prop_map(|text| gp_wxr::raw::stand_in(text.as_bytes()).into_owned())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![awkward().prop_map(String::into_bytes), vec(any::<u8>(), 0..40)]
}

fn metas() -> impl Strategy<Value = Vec<Meta>> {
    vec((awkward(), bytes()).prop_map(|(key, value)| Meta { key, value }), 0..4)
}

fn comment() -> impl Strategy<Value = Comment> {
    (vec(awkward(), 9), vec(any::<i64>(), 3), metas()).prop_map(|(texts, numbers, meta)| {
        let mut texts = texts.into_iter();
        let mut text = || texts.next().unwrap();
        Comment {
            id: numbers[0],
            author: text(),
            author_email: text(),
            author_url: text(),
            author_ip: text(),
            date: text(),
            date_gmt: text(),
            content: text(),
            approved: text(),
            comment_type: text(),
            parent: numbers[1],
            user_id: numbers[2],
            meta,
        }
    })
}

fn item() -> impl Strategy<Value = Item> {
    let term = (awkward(), awkward(), awkward()).prop_map(|(taxonomy, slug, name)| ItemTerm { taxonomy, slug, name });
    let rows = (vec(term, 0..3), vec(awkward(), 0..2), metas(), vec(comment(), 0..3));
    let optional = vec(prop::option::of(awkward()), 3);
    (
        vec(awkward(), 16),
        vec(any::<i64>(), 3),
        any::<[bool; 2]>(),
        optional,
        rows,
    )
        .prop_map(|(texts, numbers, [guid_is_permalink, is_sticky], mut optional, rows)| {
            let mut texts = texts.into_iter();
            let mut text = || texts.next().unwrap();
            Item {
                id: numbers[0],
                title: text(),
                link: text(),
                pub_date: text(),
                creator: text(),
                guid: text(),
                guid_is_permalink,
                description: text(),
                content: text(),
                excerpt: text(),
                post_date: text(),
                post_date_gmt: text(),
                post_modified: optional.pop().unwrap(),
                post_modified_gmt: optional.pop().unwrap(),
                comment_status: text(),
                ping_status: text(),
                post_name: text(),
                status: text(),
                post_parent: numbers[1],
                menu_order: numbers[2],
                post_type: text(),
                post_password: text(),
                is_sticky,
                attachment_url: optional.pop().unwrap(),
                terms: rows.0,
                categories_without_slug: rows.1,
                meta: rows.2,
                comments: rows.3,
                line: 0,
            }
        })
}

/// A small file with one of everything.
fn sample() -> Vec<u8> {
    let text = |t: &str| t.to_owned();
    let channel = Channel {
        title: text("Hub & <Co>"),
        link: text("https://hub.example"),
        ..Channel::default()
    };
    let meta = vec![Meta {
        key: text("k"),
        value: b"a:1:{i:0;s:2:\"\r\n\";}".to_vec(),
    }];
    let mut writer = Writer::new(Vec::new(), &channel).unwrap();
    writer
        .author(&Author {
            id: 1,
            login: text("anna"),
            ..Author::default()
        })
        .unwrap();
    for taxonomy in ["category", "post_tag", "nav_menu"] {
        let taxonomy = text(taxonomy);
        writer
            .term(&Term {
                taxonomy,
                id: Some(3),
                slug: text("s"),
                meta: meta.clone(),
                ..Term::default()
            })
            .unwrap();
    }
    let comments = vec![Comment {
        id: 5,
        content: text("]]>"),
        meta: meta.clone(),
        ..Comment::default()
    }];
    let terms = vec![ItemTerm {
        taxonomy: text("category"),
        slug: text("s"),
        name: text("S"),
    }];
    let content = text("<p>one ]]> two\r\n</p>\u{1}");
    writer
        .item(&Item {
            id: 9,
            content,
            terms,
            meta,
            comments,
            ..Item::default()
        })
        .unwrap();
    writer.finish().unwrap().0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_item_comes_back_the_same(item in item()) {
        prop_assert_eq!(item_back(&item), item);
    }

    #[test]
    fn channel_authors_and_terms_come_back_the_same(
        texts in vec(carried(), 9), names in vec(carried(), 5), id in any::<i64>(),
        term in vec(carried(), 4), kind in 0..3usize, term_id in any::<Option<i64>>(),
        // Terms have no place for originals.
        metas in vec((carried(), carried()), 0..3),
    ) {
        let [title, link, description, pub_date, language, site, blog, generator, image_url] = <[String; 9]>::try_from(texts).unwrap();
        let blog = format!("b{blog}");
        let channel = Channel { title, link, description, pub_date, language, wxr_version: "1.2".to_owned(),
            base_site_url: site, base_blog_url: blog, generator, image_url };
        let [login, email, display_name, first_name, last_name] = <[String; 5]>::try_from(names).unwrap();
        let author = Author { id, login, email, display_name, first_name, last_name, line: 0 };
        let [slug, parent_slug, name, description] = <[String; 4]>::try_from(term).unwrap();
        let meta = metas.into_iter().map(|(key, value)| Meta { key, value: value.into_bytes() }).collect();
        let term = Term { taxonomy: ["category", "post_tag", "x y"][kind].to_owned(), id: term_id, slug,
            parent_slug, name, description, meta, line: 0 };

        let mut writer = Writer::new(Vec::new(), &channel).unwrap();
        writer.author(&author).unwrap();
        writer.term(&term).unwrap();
        let (bytes, uncarried) = writer.finish().unwrap();
        prop_assert_eq!(uncarried, vec![]);

        let mut reader = Reader::new(bytes.as_slice());
        let mut found = Vec::new();
        while let Some(entry) = reader.next().unwrap() {
            match entry {
                Entry::Author(found) => prop_assert_eq!(Author { line: 0, ..found }, author.clone()),
                other => found.push(other),
            }
        }
        prop_assert_eq!(reader.channel(), &channel);
        match found.pop() {
            Some(Entry::Term(found)) => prop_assert_eq!(Term { line: 0, ..found }, term),
            other => panic!("no term: {other:?}"),
        }
    }

    #[test]
    fn any_bytes_give_an_answer(bytes in vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn damaged_files_give_an_answer(
        changes in vec((any::<prop::sample::Index>(), 0..3usize, any::<u8>()), 1..6),
        pieces in vec(prop::sample::select(vec!["<", ">", "]]>", "<![CDATA[", "&", "</item>", "<!--", "\"", "<!DOCTYPE a [", "/>", "\0"]), 1..4),
    ) {
        let mut file = sample();
        for (place, what, byte) in changes {
            let at = place.index(file.len());
            match what {
                0 => file[at] = byte,
                1 => { file.remove(at); }
                _ => {
                    let piece = pieces[usize::from(byte) % pieces.len()];
                    file.splice(at..at, piece.bytes());
                }
            }
        }
        let _ = read(&file);
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error(place in any::<prop::sample::Index>()) {
        let file = sample();
        let end = file.windows(6).rposition(|w| w == b"</rss>").unwrap() + 6;
        let error = read(&file[..place.index(end)]).unwrap_err();
        prop_assert!(matches!(error, Error::Truncated { .. } | Error::NotWxr { .. }), "{}", error);
    }
}

#[test]
fn an_edit_of_the_stand_in_wins() {
    let content = "bell \u{7} here".to_owned();
    let item = Item {
        content,
        ..Item::default()
    };
    let mut writer = Writer::new(Vec::new(), &Channel::default()).unwrap();
    writer.item(&item).unwrap();
    let (bytes, uncarried) = writer.finish().unwrap();
    assert_eq!(uncarried[0].path, "content:encoded");
    let file = String::from_utf8(bytes).unwrap().replace("bell ? here", "no bell");
    let Some(Entry::Item(found)) = read(file.as_bytes()).unwrap().pop() else {
        panic!("no item")
    };
    assert_eq!(found.content, "no bell");
    assert_eq!(found.meta[0].key, RAW_KEY);
    assert_eq!(found.meta[0].text(), "content:encoded\nbell %07 here");
}

#[test]
fn stand_ins_keep_the_length_that_php_counts() {
    let value = b"s:5:\"\0*\0\xff\x01\";".as_slice();
    assert_eq!(gp_wxr::raw::stand_in(value), "s:5:\"?*???\";");
    assert_eq!(gp_wxr::raw::stand_in("\u{ffff}".as_bytes()).len(), 3);
}

#[test]
fn entries_out_of_order_are_refused() {
    let mut writer = Writer::new(Vec::new(), &Channel::default()).unwrap();
    writer.item(&Item::default()).unwrap();
    assert!(matches!(writer.author(&Author::default()), Err(Error::Order { .. })));
}

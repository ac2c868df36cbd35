//! The index from outside: what goes in is found, counted and shown as promised.

#![allow(clippy::unwrap_used)] // a failing helper is a failing test

use gp_search::{Answer, Doc, Error, Index, Order, Passage, Query};
use proptest::prelude::*;
use std::path::Path;

fn doc(id: i64, language: &str, title: &str, body: &str) -> Doc {
    Doc {
        id,
        kind: "post".into(),
        title: title.into(),
        body: body.into(),
        date: id,
        language: language.into(),
        ..Doc::default()
    }
}

fn index(docs: Vec<Doc>) -> Index {
    let index = Index::in_memory().unwrap();
    index.apply(docs, &[], 1).unwrap();
    index
}

fn text(text: &str) -> Query {
    Query {
        text: text.into(),
        ..Query::default()
    }
}

fn ask(index: &Index, query: &str) -> Answer {
    index.search(&text(query)).unwrap()
}

fn ids(answer: &Answer) -> Vec<i64> {
    answer.hits.iter().map(|hit| hit.id).collect()
}

/// What has all the words; nothing where the words were relaxed.
fn strict(index: &Index, query: &str) -> Vec<i64> {
    let answer = ask(index, query);
    if answer.relaxed { Vec::new() } else { ids(&answer) }
}

#[test]
fn seven_languages() {
    let index = index(vec![
        doc(
            1,
            "en",
            "Guidance",
            "States parties trafficked children across the border.",
        ),
        doc(
            2,
            "fr",
            "Orientations",
            "La protection des enfants contre l'exploitation sexuelle.",
        ),
        doc(
            3,
            "es",
            "Directrices",
            "Los niños son víctimas de explotación en la región.",
        ),
        doc(4, "ar", "توجيهات", "حِمايَةُ الأطفـــال من الاستغلال والبيع"),
        doc(
            5,
            "ru",
            "Рекомендации",
            "Защита детей от торговли людьми и эксплуатации",
        ),
        doc(6, "zh", "准则", "保护儿童免遭性剥削和买卖"),
        doc(7, "th", "แนวทาง", "การคุ้มครองเด็กจากการแสวงหาประโยชน์"),
        doc(8, "ja", "指針", "児童の売買および児童買春に関する選択議定書"),
    ]);
    for (id, found) in [
        (1, vec!["trafficking child", "TRAFFICKED", "border"]),
        (2, vec!["enfant", "l’exploitation sexuelle", "protections"]),
        (3, vec!["victima", "niño explotaciones", "ninos"]),
        (4, vec!["حماية", "الاطفال", "أطفال والاستغلال"]),
        (5, vec!["торговля", "эксплуатация", "защиты"]),
        (6, vec!["儿童", "剥削 买卖", "儿"]),
        (7, vec!["เด็ก", "คุ้มครอง"]),
        (8, vec!["児童買春", "議定書"]),
    ] {
        for query in found {
            assert_eq!(strict(&index, query), [id], "{query}");
        }
    }
    for missing in [
        "adults",
        "adulte",
        "перевозки",
        "成人",
        "ผู้ใหญ่",
        "条約",
        "المدرسة",
        "adolescentes",
    ] {
        assert_eq!(strict(&index, missing), [] as [i64; 0], "{missing}");
    }
}

#[test]
fn phrase_not_title_and_prefix() {
    let index = index(vec![
        doc(
            1,
            "en",
            "Best interests",
            "The best interests of the child are primary.",
        ),
        doc(2, "en", "Interests", "Interests that are best for the sale of a child."),
        doc(3, "en", "Reporting", "Nothing of note about best interests."),
    ]);
    assert_eq!(ids(&ask(&index, "best interests")).len(), 3);
    assert_eq!(ids(&ask(&index, "\"best interests\"")), [1, 3]);
    assert_eq!(ids(&ask(&index, "best interests -sale -\"nothing of\"")), [1]);
    assert_eq!(ids(&ask(&index, "-sale")), [3, 1]);
    assert_eq!(ids(&ask(&index, "title:interest")), [2, 1]);
    assert_eq!(ids(&ask(&index, "title:\"best interests\"")), [1]);
    assert_eq!(ids(&ask(&index, "report")), [3]);
    let prefix = |words: &str| {
        ids(&index
            .search(&Query {
                prefix: true,
                ..text(words)
            })
            .unwrap())
    };
    assert_eq!(prefix("best chi"), [1, 2]);
    assert_eq!(prefix("repo"), [3]);
    assert_eq!(strict(&index, "repo"), [] as [i64; 0]);
}

#[test]
fn symbols_in_all_spellings() {
    let index = index(vec![
        doc(1, "en", "Guidelines CRC/C/156", "On the Optional Protocol"),
        doc(
            2,
            "en",
            "Comment",
            "See CRC/C/GC/25, A/80/604 /Add.1 and A_81_6 (SECT. 24).pdf",
        ),
        doc(3, "en", "Noise", "156 things, C by CRC"),
    ]);
    for query in ["CRC/C/156", "crc-c-156", "CRC_C_156", "CRC%2FC%2F156", "\"crc c 156\""] {
        assert_eq!(strict(&index, query), [1], "{query}");
    }
    assert_eq!(ids(&ask(&index, "crc c 156")), [1, 3]);
    for query in ["crc-c-gc-25", "A/80/604/Add.1", "A_80_604_ADD.1", "A/81/6 (Sect. 24)"] {
        assert_eq!(strict(&index, query), [2], "{query}");
    }
    assert_eq!(
        ids(&index
            .search(&Query {
                prefix: true,
                ..text("CRC/C/15")
            })
            .unwrap()),
        [1]
    );
    assert!(
        ask(&index, "crc-c-156").hits[0]
            .title_html
            .contains("<mark>CRC/C/156</mark>")
    );
}

#[test]
fn old_and_new_words() {
    let index = index(vec![
        doc(1, "en", "Law", "The statute on child pornography of 1998"),
        doc(2, "en", "Guide", "Child sexual abuse materials must be removed"),
        doc(3, "en", "Other", "Material on abuse; a child; sexual health"),
    ]);
    let old = ask(&index, "child pornography");
    assert_eq!(ids(&old), [1, 2]);
    assert!(old.also.contains(&"child sexual abuse material".to_owned()));
    assert!(
        old.hits[1]
            .snippet_html
            .contains("<mark>Child sexual abuse materials</mark>")
    );
    let new = ask(&index, "child sexual abuse material");
    assert_eq!(new.total, 3);
    assert!(ids(&new).contains(&1) && new.also.contains(&"child pornography".to_owned()));
    assert_eq!(strict(&index, "\"child pornography\""), [1]);
}

#[test]
fn words_are_relaxed_only_when_needed() {
    let index = index(vec![doc(1, "en", "", "alpha beta"), doc(2, "en", "", "alpha gamma")]);
    let answer = ask(&index, "alpha delta");
    assert!(answer.relaxed);
    assert_eq!(answer.total, 2);
    assert!(!ask(&index, "alpha beta").relaxed);
}

#[test]
fn suggestions() {
    let index = index(vec![
        doc(1, "en", "Trafficking", "Trafficking and child pornography"),
        doc(2, "en", "Trafficking", "Trafficking again"),
        Doc {
            kind: "secret".into(),
            ..doc(3, "en", "Whistleblower", "")
        },
    ]);
    assert_eq!(ask(&index, "Traficking").suggestion.as_deref(), Some("trafficking"));
    assert_eq!(
        ask(&index, "-x trafikcing again").suggestion.as_deref(),
        Some("-x trafficking again")
    );
    assert_eq!(ask(&index, "trafficking").suggestion, None);
    assert_eq!(
        ask(&index, "child pornograpy").suggestion.as_deref(),
        Some("child sexual abuse material")
    );
    let public = Query {
        kinds: vec!["post".into()],
        ..text("whistleblowr")
    };
    assert_eq!(index.search(&public).unwrap().suggestion, None);
}

#[test]
fn counts_are_exact_with_filters_and_exclusions() {
    let topic = |id: i64| {
        (
            "topic".to_owned(),
            ["law", "police", "health"][(id % 3) as usize].to_owned(),
        )
    };
    let docs = (0..300).map(|id| Doc {
        kind: if id % 2 == 0 { "post" } else { "page" }.into(),
        facets: vec![topic(id), topic(id), ("year".into(), (2000 + id % 5).to_string())],
        ..doc(id, if id % 7 == 0 { "fr" } else { "en" }, "Item", "child")
    });
    let docs: Vec<Doc> = docs.collect();
    let index = Index::in_memory().unwrap();
    for batch in docs.chunks(70) {
        index.apply(batch.to_vec(), &[], 1).unwrap();
    }
    let query = Query {
        kinds: vec!["post".into()],
        filters: vec![
            ("topic".into(), vec!["law".into(), "police".into()]),
            ("lang".into(), vec!["en".into()]),
        ],
        exclude: vec![4, 6, 10, 5000],
        limit: 7,
        ..text("child")
    };
    let answer = index.search(&query).unwrap();
    let expected: Vec<i64> = (0..300)
        .filter(|id| id % 2 == 0 && id % 3 != 2 && id % 7 != 0 && ![4, 6, 10].contains(id))
        .collect();
    assert_eq!(answer.total, expected.len());
    assert_eq!(answer.hits.len(), 7);
    let values = |field: &str| answer.facets.iter().find(|(name, _)| name == field).unwrap().1.clone();
    assert_eq!(values("type"), [("post".to_owned(), expected.len())]);
    let law = expected.iter().filter(|id| *id % 3 == 0).count();
    assert!(values("topic").contains(&("law".to_owned(), law)));
    assert_eq!(
        values("topic").iter().map(|(_, count)| count).sum::<usize>(),
        expected.len()
    );

    let mut paged = Vec::new();
    for offset in (0..expected.len() + 7).step_by(7) {
        paged.extend(ids(&index
            .search(&Query {
                offset,
                order: Order::Oldest,
                ..query.clone()
            })
            .unwrap()));
    }
    assert_eq!(paged, expected);
    let far = index
        .search(&Query {
            offset: usize::MAX,
            limit: 0,
            ..query.clone()
        })
        .unwrap();
    assert_eq!((far.total, far.hits.len()), (expected.len(), 0));
    let unknown = Query {
        filters: vec![("topic".into(), vec![String::new()])],
        ..query
    };
    assert_eq!(index.search(&unknown).unwrap().total, 0);
}

#[test]
fn one_field_can_ask_for_any_for_all_and_for_none() {
    let topics = |id: i64, of: &[&str]| Doc {
        facets: of.iter().map(|t| ("topic".to_owned(), (*t).to_owned())).collect(),
        ..doc(id, "en", "Item", "child")
    };
    let index = index(vec![
        topics(1, &["law"]),
        topics(2, &["law", "police"]),
        topics(3, &["police"]),
        topics(4, &[]),
    ]);
    let find = |filters: &[&[&str]], without: &[&str]| {
        let values = |some: &&[&str]| ("topic".to_owned(), some.iter().map(|t| (*t).to_owned()).collect());
        let answer = index.search(&Query {
            filters: filters.iter().map(values).collect(),
            without: without.iter().map(|t| ("topic".to_owned(), (*t).to_owned())).collect(),
            order: Order::Oldest,
            ..text("child")
        });
        ids(&answer.unwrap())
    };
    assert_eq!(find(&[&["law", "police"]], &[]), [1, 2, 3]);
    assert_eq!(find(&[&["law"], &["police"]], &[]), [2]);
    assert_eq!(find(&[&["law"]], &["police"]), [1]);
    assert_eq!(find(&[], &["police", "law"]), [4]);
    assert_eq!(find(&[], &["unknown"]), [1, 2, 3, 4]);
    assert_eq!(find(&[&[]], &[]), [0_i64; 0]);
}

#[test]
fn empty_text_lists_everything_by_date() {
    let index = index((1..=5).map(|id| doc(id, "en", "T", "Body & more")).collect());
    let all = ask(&index, "  ");
    assert_eq!(ids(&all), [5, 4, 3, 2, 1]);
    assert_eq!(all.hits[0].snippet_html, "Body &amp; more");
    assert_eq!(
        ids(&index
            .search(&Query {
                order: Order::Oldest,
                ..text("")
            })
            .unwrap()),
        [1, 2, 3, 4, 5]
    );
}

#[test]
fn entries_are_replaced_and_deleted() {
    let index = index(vec![doc(1, "en", "Old", ""), doc(2, "en", "Old", "")]);
    index
        .apply(
            vec![
                doc(1, "en", "New", ""),
                doc(1, "en", "Newest", ""),
                doc(3, "en", "New", ""),
            ],
            &[2, 9],
            5,
        )
        .unwrap();
    assert_eq!(index.ids().unwrap().collect::<Vec<_>>(), [1, 3]);
    assert_eq!((index.count(), index.checkpoint()), (2, 5));
    assert_eq!(strict(&index, "old"), [] as [i64; 0]);
    assert_eq!(strict(&index, "newest"), [1]);
    assert!(matches!(
        index.apply(Vec::new(), &[], 4),
        Err(Error::Behind {
            index: 5,
            offered: 4,
            ..
        })
    ));
    index.clear().unwrap();
    assert_eq!((index.count(), index.checkpoint()), (0, 0));
    index.apply(vec![doc(1, "en", "Again", "")], &[], 1).unwrap();
    assert_eq!(index.count(), 1);
}

#[test]
fn state_and_checkpoint_survive_together() {
    let dir = tempfile::tempdir().unwrap();
    {
        let index = Index::open(dir.path()).unwrap();
        assert_eq!((index.count(), index.checkpoint()), (0, 0));
        index.apply(vec![doc(1, "en", "One", "")], &[], 41).unwrap();
        index.apply(vec![doc(2, "en", "Two", "")], &[1], 42).unwrap();
    }
    let index = Index::open(dir.path()).unwrap();
    assert_eq!((index.count(), index.checkpoint()), (1, 42));
    assert_eq!(ask(&index, "two").checkpoint, 42);
    assert_eq!(index.damaged_files().unwrap(), Vec::<String>::new());
}

#[test]
fn second_opener_reads_and_writes_when_the_first_rests() {
    let dir = tempfile::tempdir().unwrap();
    let first = Index::open(dir.path()).unwrap();
    first.apply(vec![doc(1, "en", "One", "")], &[], 1).unwrap();
    let second = Index::open(dir.path()).unwrap();
    assert_eq!(ids(&ask(&second, "one")), [1]);
    assert!(matches!(
        second.apply(vec![doc(3, "en", "Three", "")], &[], 3),
        Err(Error::Busy { .. })
    ));
    first.apply(vec![doc(2, "en", "Two", "")], &[], 2).unwrap();
    assert_eq!((second.count(), second.checkpoint()), (1, 1));
    second.refresh().unwrap();
    assert_eq!((second.count(), second.checkpoint()), (2, 2));
    first.rest(std::time::Duration::ZERO).unwrap();
    second.apply(vec![doc(3, "en", "Three", "")], &[], 3).unwrap();
    first.refresh().unwrap();
    assert_eq!((first.count(), first.checkpoint()), (3, 3));
    second.rest(std::time::Duration::ZERO).unwrap();
    second.apply(Vec::new(), &[3], 9).unwrap();
    second.rest(std::time::Duration::ZERO).unwrap();
    assert!(matches!(
        first.apply(Vec::new(), &[], 4),
        Err(Error::Behind { index: 9, .. })
    ));
}

fn filled(dir: &Path) {
    let index = Index::open(dir).unwrap();
    index
        .apply(
            (0..50).map(|id| doc(id, "en", "Title", "child body text")).collect(),
            &[],
            7,
        )
        .unwrap();
    std::fs::write(dir.join("letters.docx"), "not the index's").unwrap();
}

#[test]
fn another_fingerprint_rebuilds() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    std::fs::write(dir.path().join("fingerprint"), "guidepost-search 0").unwrap();
    let index = Index::open(dir.path()).unwrap();
    assert_eq!((index.count(), index.checkpoint()), (0, 0));
    assert!(dir.path().join("letters.docx").exists());
    index.apply(vec![doc(1, "en", "Title", "")], &[], 1).unwrap();
    drop(index);
    assert_eq!(Index::open(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_writer_elsewhere_keeps_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let writer = Index::open(dir.path()).unwrap();
    writer.apply(Vec::new(), &[], 8).unwrap();
    std::fs::write(dir.path().join("fingerprint"), "of a newer version").unwrap();
    assert!(matches!(Index::open(dir.path()), Err(Error::Busy { .. })));
}

#[test]
fn damage_rebuilds() {
    let names = |dir: &Path| -> Vec<std::path::PathBuf> {
        let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.extension().is_some_and(|end| end != "lock" && end != "docx"))
            .collect()
    };
    let sample = tempfile::tempdir().unwrap();
    filled(sample.path());
    for number in 0..names(sample.path()).len() {
        for damage in ["cut", "empty", "gone", "noise"] {
            let dir = tempfile::tempdir().unwrap();
            filled(dir.path());
            let mut files = names(dir.path());
            files.sort_by_key(|path| path.extension().map(std::ffi::OsStr::to_owned));
            let path = &files[number];
            let bytes = std::fs::read(path).unwrap();
            match damage {
                "cut" => std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap(),
                "empty" => std::fs::write(path, "").unwrap(),
                "noise" => std::fs::write(path, vec![0xA5; bytes.len()]).unwrap(),
                _ => std::fs::remove_file(path).unwrap(),
            }
            let index = Index::open(dir.path()).unwrap();
            let state = (index.count(), index.checkpoint());
            assert!(
                state == (0, 0) || state == (50, 7),
                "{damage} {}: {state:?}",
                path.display()
            );
            index.apply(vec![doc(99, "en", "Fresh", "")], &[], 8).unwrap();
            assert_eq!(ids(&ask(&index, "fresh")), [99], "{damage} {}", path.display());
        }
    }
}

#[test]
fn hostile_queries() {
    let index = index(vec![
        doc(1, "en", "\0", &"x".repeat(100_000)),
        doc(i64::MIN, "xx\nyy", "<script>", "a\0b"),
    ]);
    for query in [
        "\0".to_owned(),
        "a\0b".to_owned(),
        "\"".repeat(100_000),
        "(((".repeat(40_000),
        "a ".repeat(60_000),
        "a/".repeat(60_000),
        "儿".repeat(50_000),
        "-".repeat(1000),
        "title:title:title:".to_owned(),
        "* OR AND NOT [a TO b] {x} ^2 ~3 \\".to_owned(),
    ] {
        for prefix in [false, true] {
            index.search(&Query { prefix, ..text(&query) }).unwrap();
        }
    }
    assert!(!ask(&index, "script").hits[0].title_html.contains("<script"));
    assert_eq!(ids(&ask(&index, "b")), [i64::MIN]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_goes_in_and_any_query_is_answered(
        body in "(\\PC|[a-e儿童 '\"\\-]){0,80}", any in any::<String>(), query in "(\\PC|[a-e儿童 '\"\\-:/]){0,40}", prefix in any::<bool>(),
    ) {
        let index = Index::in_memory().unwrap();
        index.apply(vec![doc(1, "en", &any, &body), doc(2, &any, &body, &any)], &[], 1).unwrap();
        for query in [&body, &any, &query] {
            let answer = index.search(&Query { prefix, ..text(query) }).unwrap();
            prop_assert_eq!(answer.total, answer.hits.len());
        }
    }

    #[test]
    fn a_word_of_the_text_finds_it(words in prop::collection::vec("[a-zéñçа-яا-ي]{2,12}", 1..8), pick in any::<prop::sample::Index>()) {
        let index = Index::in_memory().unwrap();
        index.apply(vec![doc(1, "fr", "", &words.join(" "))], &[], 1).unwrap();
        let word = pick.get(&words);
        prop_assert_eq!(strict(&index, word), vec![1]);
        prop_assert_eq!(strict(&index, &word.to_uppercase()), vec![1]);
    }
}

/// The engine takes other ways for large segments and for parts that few documents have.
#[test]
fn many_documents_are_matched_exactly() {
    let has = |id: i64, every: i64| id % every == 0;
    let docs = (0..12_000).map(|id| {
        let mut body = String::from("filler");
        for (every, words) in [
            (2, " child"),
            (3, " sexual abuse"),
            (5, " abuse material"),
            (7, " pornography"),
            (11, " best interests"),
        ] {
            if has(id, every) {
                body.push_str(words);
            }
        }
        let title = if has(id, 1001) {
            "child sexual abuse material"
        } else {
            "title"
        };
        Doc {
            kind: if has(id, 13) { "page" } else { "post" }.into(),
            ..doc(id, "en", title, &body)
        }
    });
    let index = index(docs.collect());
    let check = |query: &str, test: &dyn Fn(i64) -> bool| {
        let query = Query {
            kinds: vec!["page".into()],
            limit: 1000,
            ..text(query)
        };
        let mut found = ids(&index.search(&query).unwrap());
        found.sort_unstable();
        let expected: Vec<i64> = (0..12_000).filter(|&id| has(id, 13) && test(id)).collect();
        assert_eq!(found, expected, "{}", query.text);
    };
    let titled = |id| has(id, 1001);
    check("child pornography", &|id| (has(id, 2) && has(id, 7)) || titled(id));
    check("child abuse material sexual", &|id| {
        (has(id, 2) && has(id, 3) && has(id, 5)) || titled(id)
    });
    check("child -\"best interests\"", &|id| {
        (has(id, 2) || titled(id)) && !has(id, 11)
    });
    check("\"abuse material\" -\"abuse abuse\"", &|id| {
        (has(id, 5) && !has(id, 3)) || (titled(id) && !has(id, 15))
    });
    check("child/abuse -pornography", &|id| {
        has(id, 2) && (has(id, 3) || has(id, 5)) && !has(id, 7)
    });
}

/// An item with a document of these pages.
fn with_pages(id: i64, title: &str, pages: &[&str]) -> Doc {
    let passages = (1..).zip(pages).map(|(page, text)| Passage {
        document: 7,
        page,
        text: (*text).to_owned(),
        language: "en".to_owned(),
        ..Passage::default()
    });
    Doc {
        passages: passages.collect(),
        ..doc(id, "en", title, "About it")
    }
}

#[test]
fn passages_are_found_with_their_page_and_counted_once() {
    let mut first = with_pages(
        1,
        "Guide",
        &[
            "Nothing of interest",
            "A fund needs a steady income",
            "Income and fund apart",
        ],
    );
    first.passages[1].paragraph = "62".to_owned();
    first.symbols = vec!["CRC/C/156".to_owned()];
    let strewn = with_pages(2, "Other", &["A steady hand", "The fund", "Some income"]);
    let index = index(vec![first, strewn, with_pages(3, "Third", &["Lighthouse"])]);
    assert_eq!(index.count(), 3);
    let answer = ask(&index, "steady fund income");
    assert_eq!((answer.total, ids(&answer)), (2, vec![1, 2]), "together before strewn");
    let best = &answer.hits[0].passages[0];
    assert_eq!((best.document, best.page, best.paragraph.as_str()), (7, 2, "62"));
    assert!(best.text_html.contains("<mark>steady</mark>"), "{}", best.text_html);
    assert!(answer.hits.iter().all(|hit| hit.passages.len() <= 2));
    let kinds = answer.facets.iter().find(|(field, _)| field == "type").unwrap();
    assert_eq!(kinds.1, [("post".to_owned(), 2)], "items are counted, not passages");
    for symbol in ["CRC/C/156 para 62", "crc c 156 ¶62", "CRC/C/156, para. 62"] {
        let named = ask(&index, symbol);
        assert_eq!(named.hits[0].id, 1, "{symbol}");
        assert_eq!(named.hits[0].passages[0].paragraph, "62", "{symbol}");
    }
    let typo = ask(&index, "stedy fund");
    assert_eq!((typo.suggestion.as_deref(), ids(&typo)[0]), (Some("steady fund"), 1));
    let gone = Query {
        exclude: vec![1],
        ..text("steady fund income")
    };
    assert_eq!(
        ids(&index.search(&gone).unwrap()),
        [2],
        "an item goes with its passages"
    );
    index.apply(Vec::new(), &[1], 2).unwrap();
    assert_eq!(ids(&ask(&index, "steady fund income")), [2]);
    assert_eq!(index.count(), 2);
}

/// Fourteen texts on fourteen matters, so that few words are everybody's.
fn matters() -> Vec<Doc> {
    let filler = |n: i64| format!("Chapter about matter{n} volume{n} edition{n} printing{n} reader{n}");
    let word = |n: i64| ["alpha", "bravo", "delta", "gamma", "omega", "sigma", "theta", "kappa"][(n % 8) as usize];
    (10..24)
        .map(|n| {
            doc(
                n,
                "en",
                &format!("Matter {}", word(n)),
                &filler(n).replace(|c: char| c.is_ascii_digit(), word(n)),
            )
        })
        .collect()
}

#[test]
fn texts_that_share_rare_words_are_alike() {
    let mut docs = matters();
    docs.push(doc(
        1,
        "en",
        "Orphanage visits",
        "Volunteers pay agencies; recruiters bring children from villages to orphanages.",
    ));
    docs.push(doc(
        2,
        "en",
        "Tourism",
        "An agency of volunteers: the recruiter who visits villages fills the orphanage.",
    ));
    docs.push(doc(3, "en", "Schools", "Teachers and villages."));
    let index = index(docs);
    let alike = index.alike(1).unwrap();
    assert_eq!(alike.iter().map(|a| a.id).collect::<Vec<_>>(), [2]);
    for word in ["orphanage", "visits"] {
        assert!(
            alike[0].words.iter().any(|w| w.starts_with(word)),
            "{:?}",
            alike[0].words
        );
    }
    assert!(index.alike(3).unwrap().is_empty());
    assert!(index.alike(99).unwrap().is_empty());
}

#[test]
fn what_is_alike_does_not_depend_on_the_order_of_writing() {
    let pair = [
        doc(
            1,
            "fr",
            "Le tourisme",
            "Les orphelinats recrutent des volontaires dans des villages lointains.",
        ),
        doc(
            2,
            "fr",
            "Un orphelinat",
            "Des volontaires recrutés par les orphelinats du village, voyage lointain.",
        ),
    ];
    let forwards = index(matters().into_iter().chain(pair.clone()).collect());
    let backwards = index(pair.into_iter().rev().chain(matters().into_iter().rev()).collect());
    assert_eq!(forwards.alike(1).unwrap(), backwards.alike(1).unwrap());
    assert_eq!(forwards.alike(1).unwrap().len(), 1);
}

//! Tests: round trips, repair of wrong lengths, hostile input, and WordPress's own cases.

#![allow(clippy::unwrap_used)]

use crate::*;
use proptest::prelude::*;
use serde_json::json;

fn read(text: &str) -> Value {
    parse(text.as_bytes()).unwrap()
}

#[test]
fn every_kind_is_read_and_written_back() {
    let texts: [&[u8]; 18] = [
        b"N;",
        b"b:1;",
        b"b:0;",
        b"i:-7;",
        b"d:0.1;",
        b"d:1;",
        b"d:-0;",
        b"d:1.0E+25;",
        b"d:1.5E-7;",
        b"d:INF;",
        b"d:-INF;",
        b"s:4:\"a\xff\";\";",
        b"a:0:{}",
        b"a:2:{i:0;s:1:\"x\";s:1:\"k\";a:1:{i:5;N;}}",
        b"O:8:\"stdClass\":2:{s:1:\"a\";i:1;s:6:\"\0*\0two\";b:0;}",
        b"C:3:\"Foo\":6:{a:0:{}}",
        b"E:11:\"Suit:Hearts\";",
        b"a:2:{i:0;O:1:\"A\":0:{}i:1;r:2;}",
    ];
    for text in texts {
        let value = parse(text).unwrap_or_else(|e| panic!("{}: {e}", String::from_utf8_lossy(text)));
        assert_eq!(serialize(&value), text, "{}", String::from_utf8_lossy(text));
    }
    assert!(matches!(parse(b"d:NAN;"), Ok(Value::Float(n)) if n.is_nan()));
}

#[test]
fn floats_are_written_as_php_does() {
    let pairs = [
        (0.0001, "0.0001"),
        (0.00001, "1.0E-5"),
        (1e16, "10000000000000000"),
        (1e17, "1.0E+17"),
        (123456789.125, "123456789.125"),
        (-2.5e-10, "-2.5E-10"),
        (0.1 + 0.2, "0.30000000000000004"),
    ];
    for (number, text) in pairs {
        assert_eq!(serialize(&Value::Float(number)), format!("d:{text};").into_bytes());
    }
}

#[test]
fn broken_texts_name_the_place() {
    let pairs: [(&str, usize); 14] = [
        ("", 0),
        ("x", 0),
        ("i:;", 2),
        ("i:9999999999999999999;", 2),
        ("b:2;", 2),
        ("s:5:\"abc\";", 10),
        ("s:2:\"abc\";", 7),
        ("s:18446744073709551615:\"a\";", 27),
        ("a:1:{i:0;N;", 11),
        ("a:9999999999:{}", 14),
        ("i:1;i:2;", 4),
        ("a:1:{b:1;N;}", 5),
        ("O:+8:\"stdClass\":0:{}", 2),
        ("r:1;", 2),
    ];
    for (text, offset) in pairs {
        let error = parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.offset, offset, "{text}: {error}");
    }
}

#[test]
fn depth_is_limited() {
    let nest = |n: usize| format!("{}N;{}", "a:1:{i:0;".repeat(n), "}".repeat(n));
    assert!(parse(nest(64).as_bytes()).is_ok());
    assert_eq!(
        parse(nest(65).as_bytes()).unwrap_err().what,
        "values are nested too deeply"
    );
    assert!(parse_lenient(nest(100_000).as_bytes()).is_err());
}

#[test]
fn wrong_lengths_are_repaired() {
    let crlf = parse_lenient(b"a:2:{s:1:\"t\";s:8:\"one\ntwo\";s:1:\"u\";s:9:\"x\";i:1;\ny\";}").unwrap();
    assert_eq!(crlf.get("t").unwrap().as_str().unwrap(), "one\ntwo");
    assert_eq!(crlf.get("u").unwrap().as_str().unwrap(), "x\";i:1;\ny");
    let latin = parse_lenient("a:1:{s:4:\"café\";s:2:\"éà\";}".as_bytes()).unwrap();
    assert_eq!(latin.get("café").unwrap().as_str().unwrap(), "éà");
    let moved = parse_lenient(b"a:1:{s:3:\"url\";s:14:\"https://www.example.org\";}").unwrap();
    assert_eq!(moved.get("url").unwrap().as_str().unwrap(), "https://www.example.org");
    assert_eq!(parse_lenient(b" s:9:\"abc\"; ").unwrap(), Value::from("abc"));
    assert_eq!(parse_lenient(b"i:1;rest").unwrap(), Value::Int(1));
    assert!(parse_lenient(b"a:1:{s:3:\"url\";s:14:\"https").is_err());
}

#[test]
fn values_are_seen_as_php_sees_them() {
    let value = read("a:4:{s:1:\"n\";s:3:\" 12\";i:5;s:4:\"12ab\";s:1:\"f\";d:3.9;s:1:\"e\";s:1:\"0\";}");
    assert_eq!(value.get("n").unwrap().as_int(), Some(12));
    assert_eq!(value.get("5").unwrap().as_int(), None);
    assert_eq!(value.index(5).unwrap().as_str().unwrap(), "12ab");
    assert_eq!(value.get("f").unwrap().as_int(), Some(3));
    assert_eq!(Value::from("1e3").as_int(), Some(1000));
    assert!(!value.get("e").unwrap().as_bool());
    assert!(Value::from("0.0").as_bool());
    assert_eq!(read("a:3:{i:0;i:4;i:1;s:1:\"5\";i:2;s:1:\"x\";}").int_list(), [4, 5]);
    assert_eq!(
        read("a:2:{s:1:\"k\";i:1;s:1:\"k\";i:2;}").get("k"),
        Some(&Value::Int(2))
    );
}

#[test]
fn json_and_builders() {
    let value = read("a:2:{s:4:\"list\";a:2:{i:0;d:1.5;i:1;N;}s:3:\"map\";a:1:{i:3;b:1;}}");
    let json = json!({"list": [1.5, null], "map": {"3": true}});
    assert_eq!(value.to_json(), json);
    assert_eq!(Value::from_json(&json), value);
    assert_eq!(serialize(&Value::list(["a"])), b"a:1:{i:0;s:1:\"a\";}");
    assert_eq!(serialize(&Value::map([("7", true)])), b"a:1:{i:7;b:1;}");
    let hidden = read("O:1:\"A\":1:{s:4:\"\0A\0x\";i:1;}");
    assert_eq!(hidden.to_json(), json!({"x": 1}));
}

#[test]
fn references_are_found_and_loops_end() {
    let value = read("a:3:{i:0;s:1:\"x\";i:1;R:2;i:2;R:1;}");
    assert_eq!(value.slot(2), Some(&Value::from("x")));
    let copy = value.resolved(1000);
    assert_eq!(copy.index(1), Some(&Value::from("x")));
    assert!(copy.index(2).unwrap().index(2).is_some());
}

fn any_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        any::<i64>().prop_map(Key::Int),
        proptest::collection::vec(any::<u8>(), 0..12).prop_map(Key::Bytes),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..24);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        proptest::num::f64::NORMAL.prop_map(Value::Float),
        bytes().prop_map(Value::Bytes),
        bytes().prop_map(Value::Enum),
        (bytes(), bytes()).prop_map(|(class, data)| Value::Custom { class, data }),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let entries = || proptest::collection::vec((any_key(), inner.clone()), 0..6);
        prop_oneof![
            entries().prop_map(Value::Array),
            (proptest::collection::vec(any::<u8>(), 0..24), entries())
                .prop_map(|(class, fields)| Value::Object { class, fields }),
        ]
    })
}

proptest! {
    #[test]
    fn written_values_read_back_equal(value in any_value()) {
        let text = serialize(&value);
        prop_assert_eq!(parse(&text).unwrap(), value.clone());
        prop_assert_eq!(parse_lenient(&text).unwrap(), value);
    }

    #[test]
    fn no_bytes_make_it_panic(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&text);
        let _ = maybe_unserialize(&text);
    }

    #[test]
    fn no_near_miss_makes_it_panic(text in "[abisdONCErR0-9:;{}\"\n+-]{0,80}") {
        let _ = parse(text.as_bytes());
        let _ = parse_lenient(text.as_bytes());
    }

    #[test]
    fn normalised_line_ends_are_repaired(text in "[a-c\r\n]{1,30}", other in "[a-z]{0,5}") {
        let crlf = text.replace(['\r', '\n'], "\r\n");
        let value = Value::map([("t", crlf.as_str()), ("o", other.as_str())]);
        let broken = String::from_utf8(serialize(&value)).unwrap().replace("\r\n", "\n");
        let repaired = parse_lenient(broken.as_bytes()).unwrap();
        prop_assert_eq!(repaired.get("t").unwrap().as_str().unwrap(), crlf.replace("\r\n", "\n"));
    }
}

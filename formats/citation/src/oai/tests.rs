//! Questions and answers of the protocol.

use super::*;

fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn fault(query: &str) -> &'static str {
    parse(&pairs(query)).map_or_else(Fault::code, |_| "")
}

#[test]
fn what_cannot_be_answered_is_told_by_its_code() {
    for (query, code) in [
        ("", "badVerb"),
        ("verb=", "badVerb"),
        ("verb=Delete", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify", ""),
        ("verb=Identify&set=a", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc", ""),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc",
            "badArgument",
        ),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-02&until=2026-01-01",
            "badArgument",
        ),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-01-01T10:00:00Z",
            "badArgument",
        ),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x",
            "badArgument",
        ),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:1", ""),
    ] {
        assert_eq!(fault(query), code, "{query}");
    }
}

#[test]
fn a_token_goes_on_where_it_was_given() {
    let Ok(Asked::ListRecords(selection)) = parse(&pairs(
        "verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-12-31&set=guidance:toolkits",
    )) else {
        panic!("a list");
    };
    assert_eq!(selection.until, "2026-12-31T23:59:59Z");
    let next = Cursor {
        stamp: "2026-03-04T05:06:07Z".to_owned(),
        id: 12,
        shown: 100,
        total: 250,
    };
    let token = selection.token(&next);
    let Ok(Asked::ListRecords(resumed)) = parse(&pairs(&format!("verb=ListRecords&resumptionToken={token}"))) else {
        panic!("{token}");
    };
    assert_eq!(resumed.cursor.as_ref(), Some(&next));
    assert_eq!((resumed.from, resumed.set), (selection.from, selection.set));
}

#[test]
fn an_answer_escapes_what_it_repeats_and_ends_its_list() {
    let selection = Selection {
        cursor: Some(Cursor {
            shown: 100,
            total: 101,
            ..Cursor::default()
        }),
        ..Selection::default()
    };
    let asked = Asked::ListRecords(selection);
    let told = Told {
        now: "2026-11-26T10:00:00Z",
        base_url: "https://a.example/oai?a&b",
        arguments: &[("verb".to_owned(), "\"<x>".to_owned())],
        asked: Some(&asked),
    };
    let record = Record {
        elements: vec![("title", "A < B \u{1} & C".to_owned())],
        ..Record::default()
    };
    let xml = respond(&told, &Ok(Body::Records(vec![record], None)));
    assert!(xml.contains("verb=\"&quot;&lt;x&gt;\"") && xml.contains("<dc:title>A &lt; B  &amp; C</dc:title>"));
    assert!(xml.contains("<resumptionToken completeListSize=\"101\" cursor=\"100\"/>"));
    let bad = respond(&told, &Err(Fault::BadVerb));
    assert!(bad.contains("<request>https://a.example/oai?a&amp;b</request>") && bad.contains("code=\"badVerb\""));
}

proptest::proptest! {
    #[test]
    fn any_token_is_read_or_refused(token in ".{0,80}") {
        let _ = parse(&[("verb".to_owned(), "ListRecords".to_owned()), ("resumptionToken".to_owned(), token)]);
    }
}

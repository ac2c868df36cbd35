//! Own cases for shortcodes.

use proptest::prelude::*;

use super::*;

fn run(text: &str) -> String {
    replace(text, &|name| matches!(name, "map" | "note"), &mut |found| {
        let place = found.attributes.get("place").unwrap_or("-");
        Some(format!("({} {place} {})", found.name, found.content.unwrap_or("-")))
    })
}

#[test]
fn replaces_known_shortcodes() {
    assert_eq!(run("a [map place='Leeds'] b"), "a (map Leeds -) b");
    assert_eq!(run("[map place=York /]x[/map]"), "(map York -)x[/map]");
    assert_eq!(run("[note]x [y] z[/note]!"), "(note - x [y] z)!");
    assert_eq!(run("[other] [mapx] [map-x]"), "[other] [mapx] [map-x]");
    assert_eq!(run("[map place=\"a]b\"]"), "(map - -)b\"]");
}

#[test]
fn doubled_brackets_are_shown() {
    assert_eq!(run("[[map]] and [[note]x[/note]]"), "[map] and [note]x[/note]");
    assert_eq!(run("[[map]"), "[(map - -)");
}

#[test]
fn brackets_in_tags_are_no_shortcodes() {
    assert_eq!(
        run("<a title='[map]'>[map]</a><!-- [map] -->"),
        "<a title='[map]'>(map - -)</a><!-- [map] -->"
    );
}

#[test]
fn reads_attributes() {
    let found = parse_attributes(r#" ID="3" b='x y' c=z "free text" last "#);
    assert_eq!(found.get("id"), Some("3"));
    assert_eq!(found.get("b"), Some("x y"));
    assert_eq!(found.get("c"), Some("z"));
    assert_eq!(found.positional, ["free text", "last"]);
    assert_eq!(parse_attributes("a='<b'").get("a"), Some(""));
}

#[test]
fn strips_and_unwraps() {
    let known = |name: &str| name == "map";
    assert_eq!(strip("a[map]b[[map]]c[x]", &known), "ab[[map]]c[x]");
    assert_eq!(
        shortcode_unautop_with("<p>\n[map]\n</p>\n<p>[map] x</p>", &known),
        "[map]\n<p>[map] x</p>"
    );
    assert_eq!(shortcode_unautop_with("<p>[map]in[/map]</p>", &known), "[map]in[/map]");
}

proptest! {
    #[test]
    fn keeps_text_without_known_names(text in r#"[\[\]/a-c<> "='é\n]{0,60}"#) {
        prop_assert_eq!(replace(&text, &|_| false, &mut |_| None), text.clone());
        prop_assert_eq!(replace(&text, &|_| true, &mut |_| None).is_empty(), text.is_empty());
        let _ = shortcode_unautop_with(&text, &|_| true);
    }
}

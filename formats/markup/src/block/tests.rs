//! Own cases for the block grammar, and round trips over arbitrary text.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn names(text: &str) -> Vec<Option<String>> {
    parse(text).into_iter().map(|block| block.name).collect()
}

#[test]
fn void_and_freeform() {
    let blocks = parse("before<!-- wp:acme/map {\"zoom\":3} /-->after");
    assert_eq!(blocks.len(), 3);
    assert_eq!(blocks[0], Block::freeform("before"));
    assert_eq!(blocks[1].name.as_deref(), Some("acme/map"));
    assert_eq!(blocks[1].attrs["zoom"], json!(3));
    assert!(blocks[1].inner_content.is_empty());
    assert_eq!(blocks[2], Block::freeform("after"));
}

#[test]
fn nested_blocks_keep_their_places() {
    let text = "<!-- wp:group --><div><!-- wp:spacer /-->mid<!-- wp:list -->x<!-- /wp:list --></div><!-- /wp:group -->";
    let blocks = parse(text);
    assert_eq!(blocks.len(), 1);
    assert_eq!(blocks[0].inner_html, "<div>mid</div>");
    let pieces: Vec<_> = blocks[0].inner_content.iter().map(Option::as_deref).collect();
    assert_eq!(pieces, [Some("<div>"), None, Some("mid"), None, Some("</div>")]);
    assert_eq!(serialize(&blocks), text);
}

#[test]
fn stray_closer_makes_the_rest_freeform() {
    let blocks = parse("a<!-- /wp:x --><!-- wp:y /-->");
    assert_eq!(blocks, [Block::freeform("a<!-- /wp:x --><!-- wp:y /-->")]);
}

#[test]
fn unclosed_blocks_come_innermost_first() {
    let blocks = parse("a<!-- wp:x -->b<!-- wp:y -->c");
    assert_eq!(blocks.len(), 4);
    assert_eq!(blocks[0], Block::freeform("b"));
    assert_eq!(blocks[1], Block::with_html("core/y", Map::new(), "c"));
    assert_eq!(blocks[2], Block::freeform("a"));
    assert_eq!(blocks[3], Block::with_html("core/x", Map::new(), "b<!-- wp:y -->c"));
}

#[test]
fn broken_attributes_and_names() {
    let blocks = parse("<!-- wp:x {\"a\": -->oops} /-->");
    assert_eq!(blocks.len(), 1);
    assert!(blocks[0].attrs.is_empty());
    assert_eq!(names("<!-- wp:9x /-->"), [None]);
    assert_eq!(names("<!--wp:x /-->"), [None]);
    assert_eq!(names("<!-- wp:x/-->"), [None]);
    assert_eq!(names("<!-- wp:a/b/c /-->"), [None]);
    assert_eq!(names("<!-- /wp:x /-->"), [Some("core/x".to_owned())]);
    assert_eq!(names("<!-- <!-- wp:x\n/-->"), [None, Some("core/x".to_owned())]);
}

#[test]
fn attributes_are_safe_in_a_comment() {
    let attrs = json!({"k": "a--b<c>&\"\\", "n": [1.0, null]});
    let block = Block::void("core/x", attrs.as_object().cloned().unwrap_or_default());
    let text = serialize(std::slice::from_ref(&block));
    assert_eq!(
        text,
        r#"<!-- wp:x {"k":"a\u002d\u002db\u003cc\u003e\u0026\u0022\u005c","n":[1.0,null]} /-->"#
    );
    assert_eq!(parse(&text), [block]);
}

#[test]
fn json_errors_name_the_place() {
    let error = from_json(&json!([{"blockName": null}, {"innerBlocks": [7]}]));
    assert_eq!(
        error,
        Err(BlockJsonError::NotABlock {
            place: "[1].innerBlocks[0]".to_owned()
        })
    );
    assert!(from_json(&json!({})).is_err());
    let blocks = parse("a<!-- wp:x -->b<!-- wp:y /--><!-- /wp:x -->");
    assert_eq!(from_json(&to_json(&blocks)), Ok(blocks));
}

#[test]
fn hostile_text_stays_small_and_shallow() {
    let size = 1 << 20;
    for unit in [
        "<!-- wp:",
        "<!-- wp:a {",
        "<!-- wp:a -->",
        "<!-- wp:a {}}",
        "<!-- /wp:a -->",
        "} ",
    ] {
        let text = unit.repeat(size / unit.len());
        let blocks = parse(&text);
        let total: usize = blocks.iter().map(|block| block.inner_html.len()).sum();
        assert!(total <= 10 * size, "{unit}: {total}");
    }
    let depth = 50_000;
    let text = format!("{}x{}", "<!-- wp:a -->".repeat(depth), "<!-- /wp:a -->".repeat(depth));
    let blocks = parse(&text);
    assert_eq!(blocks.len(), 1);
    assert_eq!(serialize(&blocks), text);
}

/// Text made of pieces that matter to the grammar.
fn blockish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<!-- wp:a -->".to_owned()),
        Just("<!-- wp:b {\"k\":\"v\"} -->".to_owned()),
        Just("<!-- wp:acme/c {\"k\":{}} /-->".to_owned()),
        Just("<!-- wp:d {bad} -->".to_owned()),
        Just("<!-- wp:e {".to_owned()),
        Just("} -->".to_owned()),
        Just("<!-- /wp:a -->".to_owned()),
        Just("<!-- ".to_owned()),
        Just("-->".to_owned()),
        "[ -~\n\u{e9}]{0,6}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Blocks left open twice over are repeated by the grammar itself, so every opener gets a closer
    /// here; a closer too many is freeform text.
    #[test]
    fn serialised_blocks_parse_the_same(text in blockish()) {
        let text = format!("{text}{}", "<!-- /wp:z -->".repeat(24));
        let blocks = parse(&text);
        prop_assert_eq!(parse(&serialize(&blocks)), blocks);
    }

    #[test]
    fn json_keeps_blocks(text in blockish()) {
        let blocks = parse(&text);
        prop_assert_eq!(from_json(&to_json(&blocks)), Ok(blocks));
    }
}

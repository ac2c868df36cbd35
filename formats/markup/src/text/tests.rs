//! Own cases for the text functions, and arbitrary text against panics.

use proptest::prelude::*;

use super::*;

#[test]
fn paragraphs_and_breaks() {
    assert_eq!(wpautop("one\ntwo\n\nthree"), "<p>one<br />\ntwo</p>\n<p>three</p>\n");
    assert_eq!(wpautop_without_breaks("one\ntwo"), "<p>one\ntwo</p>\n");
    assert_eq!(wpautop(" \n "), "");
    assert_eq!(wpautop("<ul>\n<li>x</li>\n</ul>"), "<ul>\n<li>x</li>\n</ul>\n");
    assert_eq!(wpautop("a\n\n<pre>x\n\ny</pre>"), "<p>a</p>\n<pre>x\n\ny</pre>\n");
}

#[test]
fn typography() {
    assert_eq!(
        wptexturize("She said \"don't\"..."),
        "She said &#8220;don&#8217;t&#8221;&#8230;"
    );
    assert_eq!(wptexturize("2019--2024 & 3x4"), "2019&#8211;2024 &#038; 3&#215;4");
    assert_eq!(wptexturize("<code>'a'</code> 'a'"), "<code>'a'</code> &#8216;a&#8217;");
    assert_eq!(wptexturize("[gallery x='1'] 'y'"), "[gallery x='1'] &#8216;y&#8217;");
}

#[test]
fn slugs_and_keys() {
    assert_eq!(sanitize_title("Élan & Übermut: 100% – ja!"), "elan-ubermut-100-ja");
    assert_eq!(sanitize_title("Защита"), "%d0%b7%d0%b0%d1%89%d0%b8%d1%82%d0%b0");
    assert_eq!(sanitize_title(&"é".repeat(300)).len(), 200);
    assert_eq!(sanitize_title(&"щ".repeat(300)).len(), 198);
    assert_eq!(sanitize_key("My Key-1_é"), "mykey-1_");
    assert_eq!(remove_accents_in("Größe", "de_DE"), "Groesse");
    assert_eq!(
        sanitize_file_name("Réport (final) v1.php.pdf"),
        "Report-final-v1.php_.pdf"
    );
}

#[test]
fn escaping() {
    assert_eq!(esc_html("a & b &lt; <i>\"'"), "a &amp; b &lt; &lt;i&gt;&quot;&#039;");
    assert_eq!(esc_xml("&copy; & <![CDATA[<x>]]>'"), "© &amp; <![CDATA[<x>]]>&apos;");
    assert_eq!(esc_url("javascript:alert(1)"), "");
    assert_eq!(esc_url("java&#115;cript:x"), "");
    assert_eq!(esc_url("HTTPS://Example.org"), "https://Example.org");
    assert_eq!(
        esc_url("example.org/a b?x=1&y=2"),
        "http://example.org/a%20b?x=1&#038;y=2"
    );
    assert_eq!(sanitize_url("/a?x=1&y='2'"), "/a?x=1&y='2'");
    assert_eq!(decode_entities("&eacute;&#x41;&bogus;&amp"), "éA&bogus;&amp");
}

#[test]
fn plain_text_and_excerpts() {
    let html = "<!-- wp:paragraph --><p>Safe&nbsp;sleep</p><p>for <b>ba</b>bies &lt;1</p><script>x</script><style>y</style>2 < 3";
    assert_eq!(plain_text(html), "Safe sleep for babies <1 2 < 3");
    assert_eq!(strip_tags("a<b title='>'>c</b><!-- > -->d < e"), "acd < e");
    assert_eq!(strip_all_tags("<p>a\n b</p><script>c</script>", true), "a b");
    assert_eq!(excerpt_plain("<p>one two three</p>", 9), "one two\u{2026}");
    assert_eq!(excerpt_plain("<p>one two three</p>", 8), "one two\u{2026}");
    assert_eq!(excerpt_plain("<p>one two three</p>", 7), "one\u{2026}");
    assert_eq!(excerpt_plain("<p>one two three</p>", 13), "one two three");
    assert_eq!(excerpt_plain("incomprehensible word", 5), "incomprehensible\u{2026}");
    assert_eq!(excerpt_plain("漢字漢字漢字", 4), "漢字漢\u{2026}");
    assert_eq!(wp_trim_words("<p>one two three</p>", 2, "+"), "one two+");
}

#[test]
fn links_and_balance() {
    assert_eq!(
        make_clickable("see https://example.org/a_(b)."),
        "see <a href=\"https://example.org/a_(b)\" rel=\"nofollow\">https://example.org/a_(b)</a>."
    );
    assert_eq!(
        make_clickable("me@example.org"),
        "<a href=\"mailto:me@example.org\">me@example.org</a>"
    );
    assert_eq!(balance_tags("<div><p>a<br></div></p>"), "<div><p>a<br /></p></div>");
    assert!(is_serialized("a:1:{i:0;s:1:\"x\";}"));
    assert!(!is_serialized("a: list; of things"));
}

#[test]
fn hostile_text_takes_no_longer_than_its_size() {
    for unit in [
        "<",
        "[gallery ",
        "'",
        "\"9",
        "&",
        "<p>",
        "<script>",
        " ",
        "<pre",
        "1x",
        "[[",
        "<!--",
        "-",
        "<b>",
        "&#",
        "http://",
        "<p>[gallery]",
        "a@",
        "<li ",
    ] {
        exercise(&unit.repeat(20_000 / unit.len()));
    }
}

/// Calls everything; only the absence of panics matters.
fn exercise(text: &str) {
    let functions: [fn(&str) -> String; 17] = [
        wpautop,
        wptexturize,
        shortcode_unautop,
        sanitize_title,
        sanitize_file_name,
        sanitize_key,
        remove_accents,
        esc_html,
        esc_xml,
        esc_url,
        strip_tags,
        |text| strip_all_tags(text, true),
        |text| wp_trim_words(text, 7, "x"),
        make_clickable,
        balance_tags,
        |text| excerpt_plain(text, 12),
        plain_text,
    ];
    for function in functions {
        function(text);
    }
    is_serialized(text);
}

proptest! {
    #[test]
    fn no_panic_on_any_text(text in ".{0,80}") {
        exercise(&text);
    }

    #[test]
    fn no_panic_on_markup(text in r#"([<>/!&;#x\[\]'"=%:.\-0-9a-c é漢\n]|<!--|-->|<p>|<pre|&nbsp;|gallery|http://|<br />|<script){0,40}"#) {
        exercise(&text);
    }

    #[test]
    fn slugs_stay_the_same(title in ".{0,60}") {
        let slug = sanitize_title(&title);
        prop_assert_eq!(sanitize_title(&slug), slug.clone());
        prop_assert!(slug.len() <= 200);
    }

    #[test]
    fn excerpts_end_with_a_whole_word(text in "[a-z]{1,8}( [a-z]{1,8}){0,20}", max in 8usize..60) {
        let excerpt = excerpt_plain(&text, max);
        prop_assert!(excerpt.chars().count() <= max.max(9));
        let kept = excerpt.trim_end_matches('\u{2026}');
        let whole_words = format!("{kept} ");
        prop_assert!(text == kept || text.starts_with(&whole_words));
    }
}

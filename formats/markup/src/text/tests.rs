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
fn characters_and_references() {
    assert_eq!(convert_chars("a&b &amp; &#38; &"), "a&#038;b &amp; &#38; &");
    assert_eq!(ent2ncr("&eacute;|&bogus;"), "&#233;&#124;&bogus;");
    assert_eq!(esc_js("a\n'b' \"c\" &#x27;"), "a\\n\\'b\\' &quot;c&quot; \\'");
    assert_eq!(add_slashes(&strip_slashes(r#"a\"b"#)), r#"a\"b"#);
    assert_eq!(wp_encode_emoji("a\u{1f600}b"), "a&#x1f600;b");
    assert_eq!(normalize_whitespace(" a\r\n\t b  c "), "a\n b c");
    assert_eq!(decode_entities("&#150;&#x80;"), "\u{2013}\u{20ac}");
    assert_eq!(
        special_chars("&amp;'\"<", Quotes::Single, true),
        "&amp;amp;&#039;\"&lt;"
    );
}

#[test]
fn fields_hold_what_they_may() {
    assert_eq!(sanitize_text_field(" a <b>b</b>\n %41 c "), "a b c");
    assert_eq!(sanitize_textarea_field("a\n%%4141<i>b"), "a\nb");
    assert_eq!(sanitize_user("J\u{f6}rg &amp; <b>K</b>%20o  x!", true), "Jorg Ko x");
    assert_eq!(
        (sanitize_hex_color("#aBc"), sanitize_hex_color("red")),
        (Some("#aBc"), None)
    );
    assert_eq!(sanitize_hex_color_no_hash("##aabbcc"), Some("aabbcc"));
    assert_eq!(sanitize_locale_name("de_DE/../x"), "de_DEx");
    assert_eq!(sanitize_mime_type("text/html; a"), "text/htmla");
    assert_eq!(
        sanitize_trackback_urls("http://a.example ftp://b\nhttps://"),
        "http://a.example"
    );
    assert!(is_email("a.b+c@example.org"));
    for bad in [
        "a@b",
        "a b@example.org",
        "a@-example.org",
        "a@example..org",
        "@example.org",
    ] {
        assert!(!is_email(bad), "{bad}");
    }
    assert_eq!(remove_accents_latin1(b"\xe9\x8a\xdf"), "eSss");
    assert_eq!(without_broken_bytes(b"a\xffb"), "ab");
}

#[test]
fn sizes_and_spans() {
    assert_eq!(size_format(1536.0, 1).as_deref(), Some("1.5 KB"));
    assert_eq!(
        (size_format(0.0, 0).as_deref(), size_format(-1.0, 0)),
        (Some("0 B"), None)
    );
    assert_eq!(number_format(1_234_567.5, 0), "1,234,568");
    assert_eq!(human_time_diff(0, 60), "1 minute");
    assert_eq!(human_time_diff(0, 10 * 86_400), "1 week");
    assert_eq!(
        file_type("a.tar.GZ", FILE_TYPES.iter().copied()),
        Some(("GZ", "application/x-gzip"))
    );
    assert_eq!(wp_html_excerpt("<b>a</b> &amp; b", 5, "+"), "a+");
}

#[test]
fn addresses_are_taken_apart() {
    let parts = parse_url("https://u:p@example.org:81/a?b=c#d").unwrap_or_default();
    assert_eq!(
        (parts.host, parts.port, parts.user),
        (Some("example.org"), Some(81), Some("u"))
    );
    assert_eq!(
        (parts.path, parts.query, parts.fragment),
        (Some("/a"), Some("b=c"), Some("d"))
    );
    assert_eq!(parse_url("http:///a"), None);
    assert_eq!(parse_url("host:80/a").and_then(|parts| parts.port), Some(80));
    let set = |name: &str, value: Option<&str>| vec![(name.to_owned(), value.map(str::to_owned))];
    assert_eq!(with_query(&set("b", Some("2")), "/x?a=1&b=1#f"), "/x?a=1&b=2#f");
    assert_eq!(with_query(&set("a", None), "/x?a=1"), "/x");
    assert_eq!(relative_link("https://example.org/a/b"), "/a/b");
    assert_eq!(
        absolute_link("../c.png", "https://example.org/a/b/d"),
        "https://example.org/a/c.png"
    );
    assert_eq!(first_link("<ab href='x'><a class=y href='/z'>"), Some("/z".to_owned()));
    assert_eq!(url_shorten("https://www.example.org/", 35), "example.org");
    assert_eq!(wp_normalize_path(r"c:\a\\b"), "C:/a/b");
    assert_eq!((validate_file("a/../b", &[]), validate_file("c:x", &[])), (1, 2));
    assert_eq!(parse_list(" a, b,,c"), ["a", "b", "c"]);
}

#[test]
fn only_public_hosts_are_asked() {
    let home = "https://example.org:8443";
    let check = |url: &str| {
        validated(url, home, &|name| {
            (name == "public.example").then_some([203, 0, 113, 5])
        })
        .is_some()
    };
    for good in [
        "https://public.example/a",
        "http://public.example:8080",
        "https://example.org:8443/",
        "http://8.8.8.8",
    ] {
        assert!(check(good), "{good}");
    }
    for bad in [
        "http://127.0.0.1/",
        "http://10.1.2.3",
        "http://169.254.169.254/",
        "http://u:p@public.example/",
        "ftp://public.example",
        "http://public.example:22",
        "http://[::1]/",
        "http://unknown.example",
        "//public.example\\@x",
        "",
    ] {
        assert!(!check(bad), "{bad}");
    }
}

#[test]
fn tags_of_links() {
    assert_eq!(
        links_add_target("<a href=x target='y'>", "_top", &["a"]),
        "<a href=x target=\"_top\">"
    );
    assert_eq!(
        links_add_base_url("<img src='/a.png'>", "https://example.org", &["src"]),
        "<img src='https://example.org/a.png'>"
    );
    assert_eq!(
        wp_rel_nofollow("<a href='/x'>", None),
        "<a href=\\'/x\\' rel=\\\"nofollow\\\">"
    );
    assert_eq!(
        wp_rel_ugc("<a href='https://example.org/x' rel=me>", Some("example.org")),
        "<a href=\\\"https://example.org/x\\\" rel=\\\"me ugc\\\">"
    );
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
        "<a href='",
        "<a ",
        "src=\"",
        "%",
        "%4",
        "<\n",
        "&a",
        "..",
        "../",
        "@",
    ] {
        exercise(&unit.repeat(20_000 / unit.len()));
    }
}

/// Calls the functions of fields and links; only the absence of panics matters.
fn exercise_fields(text: &str) {
    let functions: [fn(&str) -> String; 12] = [
        convert_chars,
        ent2ncr,
        esc_js,
        normalize_whitespace,
        wp_encode_emoji,
        sanitize_text_field,
        sanitize_textarea_field,
        sanitize_trackback_urls,
        wp_normalize_path,
        |text| wp_rel_ugc(text, Some("example.org")),
        |text| links_add_target(text, "_blank", &["a"]),
        |text| links_add_base_url(text, "https://example.org/a", &["src", "href"]),
    ];
    for function in functions {
        let _ = function(text);
    }
    let _ = (
        sanitize_user(text, true),
        first_link(text),
        parse_url(text),
        url_shorten(text, 35),
    );
    let _ = (
        with_query(&[("a".to_owned(), None)], text),
        validate_file(text, &[]),
        wp_html_excerpt(text, 7, ""),
    );
    let _ = (
        validated(text, "", &|_| None),
        relative_link(text),
        is_email(text),
        parse_list(text).len(),
    );
}

/// Calls everything; only the absence of panics matters.
fn exercise(text: &str) {
    exercise_fields(text);
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

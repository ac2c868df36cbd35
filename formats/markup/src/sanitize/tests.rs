//! Own cases for the sanitiser, and arbitrary markup.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use proptest::prelude::*;

use super::protocol::ADDRESSES;
use super::*;

#[test]
fn keeps_what_posts_are_made_of() {
    for html in [
        "<!-- wp:paragraph {\"align\":\"center\"} -->\n<p class=\"x\" style=\"color: red\">a</p>\n<!-- /wp:paragraph -->",
        "<figure class=\"wp-block-image\" data-id=\"3\"><img src=\"/a.png\" alt=\"\"><figcaption>c</figcaption></figure>",
        "<details open=\"\"><summary>s</summary><p id=\"y\" aria-label=\"z\">t</p></details>",
        "<table><tbody><tr><td colspan=\"2\">1</td></tr></tbody></table>",
        "<a href=\"mailto:a@example.org\" rel=\"nofollow\" target=\"_blank\">m</a> <a href=\"tel:+44\">t</a>",
        "a<!--more Read on-->b<!--nextpage-->c",
    ] {
        assert_eq!(kses_post(html), html);
    }
}

#[test]
fn drops_what_runs() {
    assert_eq!(kses_post("a<script>alert(1)</script>b"), "aalert(1)b");
    assert_eq!(kses_post("<img src=x onerror=alert(1)>"), "<img src=\"x\">");
    assert_eq!(kses_post("<a href=\" java\nscript:x\">a</a>"), "<a href=\"x\">a</a>");
    assert_eq!(
        kses_post("<video poster=\"javascript:x\"></video>"),
        "<video poster=\"x\"></video>"
    );
    assert_eq!(
        kses_post("<iframe src=\"https://example.org\"></iframe>x<!-- c --><?php y ?>"),
        "x"
    );
    assert_eq!(
        kses_post("<object data=\"/g.pdf\" type=\"application/pdf\"></object><object data=\"/g.html\"></object>"),
        "<object data=\"/g.pdf\" type=\"application/pdf\"></object><object type=\"application/pdf\"></object>"
    );
    assert_eq!(
        kses_post("<!-- wp:x {\"a\":\"\\u003cscript\\u003e\"} /-->"),
        "<!-- wp:x {\"a\":\"\"} /-->"
    );
}

#[test]
fn keeps_safe_styles_only() {
    let cases = [
        ("color:red; behavior:url(x.htc)", "color:red"),
        (
            "background-image:url('/a;b.png');margin:0 auto",
            "background-image:url('/a;b.png');margin:0 auto",
        ),
        ("background:url(javascript:x)", ""),
        ("width:expression(alert(1))", ""),
        ("color:\\65xpression(1)", ""),
        ("width:calc((1px + 2px) * 3)", "width:calc((1px + 2px) * 3)"),
        ("color:url(/x.png)", ""),
        ("--tone:var(--a, #fff)", "--tone:var(--a, #fff)"),
        ("width:min(1px", ""),
        (
            "background:linear-gradient(1deg,rgba(0,0,0,1) 0%,#fff)",
            "background:linear-gradient(1deg,rgba(0,0,0,1) 0%,#fff)",
        ),
        ("background:linear-gradient(x(1))", ""),
        ("font-family:\"A; B\",serif", "font-family:\"A; B\",serif"),
    ];
    for (style, expected) in cases {
        assert_eq!(safecss_filter_attr(style), expected, "{style}");
    }
}

#[test]
fn block_comments_survive_in_order() {
    let html = "<!-- wp:group --><div><!-- wp:x /--><p>a</p></div><!-- /wp:group -->";
    assert_eq!(kses_post(html), html);
}

#[test]
fn a_bracket_that_opens_nothing_hides_no_comment() {
    assert_eq!(kses_post("<<!--"), "&lt;&lt;!--");
    assert_eq!(kses_post("a < b <<b>c</b>"), "a &lt; b &lt;<b>c</b>");
    assert_eq!(kses_post("<<!-- hidden --><p>x"), "&lt;<p>x</p>");
}

#[test]
fn filters_as_wordpress_does() {
    let cases = [
        // What is allowed is written in one way, what is not goes and leaves its text.
        (
            "<P CLASS=x ID='y' ONCLICK=z>a</P><x-y>b</x-y>",
            "<P class=\"x\" id=\"y\">a</P>b",
        ),
        (
            "<br/><img src=a.png alt = \"a 'b' &lt;\">",
            "<br /><img src=\"a.png\" alt=\"a &apos;b&apos; &lt;\">",
        ),
        ("<a href=\"javascript&colon;x\" title=\"open>", "<a>"),
        ("<a href=x href=javascript:y download>b", "<a href=\"x\" download>b"),
        ("<b>open <i>both", "<b>open <i>both"),
        (
            "1 > 2 & 3 &amp; &eacute; &bogus;",
            "1 &gt; 2 &amp; 3 &amp; &eacute; &amp;bogus;",
        ),
        (
            "<!-- a -- b --><!-- <script>x</script> -->",
            "<!-- a - b -->&lt;!-- x --&gt;",
        ),
        ("</ odd><//closer><!word></><!WORD>", "</ odd><//closer><!word>"),
        ("<p title=\"a\\\"b\">", "<p title=\"a\">"),
        (
            "<object type=\"application/pdf\" data=\"http://example.com/a.pdf\">",
            "<object>",
        ),
        (
            "<div data-a=1 data-B=2 data-=3 datax=4>",
            "<div data-a=\"1\" data-b=\"2\">",
        ),
    ];
    for (html, expected) in cases {
        assert_eq!(wp_kses_post(html), expected, "{html}");
    }
    assert_eq!(
        wp_kses_data("<p><a href=\"/x\" class=\"y\">a</a></p>"),
        "<a href=\"/x\">a</a>"
    );
}

#[test]
fn own_rules_are_obeyed() {
    let rules = serde_json::json!({"p": {
        "dir": {"required": true, "values": ["ltr", "rtl"]}, "lang": {"maxlen": 2, "minlen": 2},
        "width": {"minval": 5, "maxval": "10"}, "hidden": {"valueless": "y"},
    }, "b": true});
    let allowed = Allowed::from_json(&rules);
    let cases = [
        (
            "<p dir=RTL lang=en width=7 hidden>",
            "<p dir=\"RTL\" lang=\"en\" width=\"7\" hidden>",
        ),
        ("<p dir=ltr lang=eng width=77 hidden=x>", "<p dir=\"ltr\">"),
        ("<p lang=en>", "<p>"),
        ("<p lang=en />", ""),
        ("<b class=x><i>", "<b>"),
    ];
    for (html, expected) in cases {
        assert_eq!(Kses::new(&allowed).clean(html), expected, "{html}");
    }
}

#[test]
fn one_attribute_alone() {
    let kses = Kses::new(Allowed::post());
    let cases = [
        (" title = hello ", " title=\"hello\" "),
        ("href='javascript:x'", "href='x'"),
        ("onclick=x", ""),
        ("title=\"open", ""),
        ("hidden", "hidden"),
        ("style=\"x:y\"", ""),
    ];
    for (attribute, expected) in cases {
        assert_eq!(kses.one_attribute(attribute, "A"), expected, "{attribute}");
    }
}

#[test]
fn schemes_in_disguise() {
    let cases = [
        ("javascript:javascript&#58;x", "x"),
        ("java\\0script&#x3Ax", "x"),
        ("feed:https://example.org", "feed:https://example.org"),
        ("feed:feed:feed:x:y", ""),
        ("a:b:c:d:e:f:g:h", ""),
        ("/a?b:c", "b:c"),
        ("/?b:c", "/?b:c"),
        ("MailTo:a@example.org", "mailto:a@example.org"),
    ];
    for (address, expected) in cases {
        let expected = if address == "/a?b:c" { "c" } else { expected };
        assert_eq!(
            bad_protocol(address, &crate::text::ALLOWED_PROTOCOLS),
            expected,
            "{address}"
        );
    }
}

/// Collects what a browser's tokenizer finds in a text that could run, or that is on no list.
struct Danger {
    /// Whether text areas and titles hold text only, as they do outside of formulas.
    in_html: bool,
    found: RefCell<Vec<String>>,
}

impl TokenSink for Danger {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        let name = tag.name.to_string();
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        if Allowed::post().attributes(&name).is_none() {
            self.found.borrow_mut().push(name.clone());
        }
        for attribute in &tag.attrs {
            let (key, value) = (attribute.name.local.to_string(), attribute.value.to_string());
            let squeezed: String = value
                .chars()
                .filter(|c| !c.is_whitespace() && !c.is_control())
                .collect();
            let lower = squeezed.to_lowercase();
            let code = ["javascript:", "vbscript:", "data:"]
                .iter()
                .any(|scheme| lower.starts_with(scheme));
            let style = key == "style" && (lower.contains("expression(") || lower.contains("javascript:"));
            if key.starts_with("on") || style || (code && ADDRESSES.contains(&key.as_str())) || key.contains('<') {
                self.found.borrow_mut().push(format!("{key}={value}"));
            }
        }
        if self.in_html && matches!(name.as_str(), "textarea" | "title") {
            return TokenSinkResult::RawData(RawKind::Rcdata);
        }
        TokenSinkResult::Continue
    }
}

fn danger(html: &str) -> Vec<String> {
    [true, false]
        .into_iter()
        .flat_map(|in_html| {
            let found = RefCell::new(Vec::new());
            let tokenizer = Tokenizer::new(Danger { in_html, found }, TokenizerOpts::default());
            let input = BufferQueue::default();
            input.push_back(StrTendril::from(html));
            let _ = tokenizer.feed(&input);
            tokenizer.end();
            tokenizer.sink.found.take()
        })
        .collect()
}

#[test]
fn the_net_catches() {
    assert_eq!(danger("<p>a</p><b title='<'>"), [""; 0]);
    for html in [
        "<script>",
        "<p onclick=x>",
        "<a href='java\nscript:x'>",
        "<title><svg></title><svg>",
    ] {
        assert!(!danger(html).is_empty(), "{html}");
    }
}

/// Pieces that filters have stumbled over.
const PIECES: &str = concat!(
    r#"([<>/!&;="' a-d:\\\n-]|<script>|</script>|<img |src=|onerror=|javascript:|javascript&#58;|<!--|-->|--!>|<svg>|"#,
    r#"<math>|</math>|<mtext>|<annotation encoding="text/html">|<style>|</style>|<a href=|style="|url\(|<textarea>|"#,
    r#"</textarea>|<title>|</title>|<!\[CDATA\[|\]\]>|<table>|<td>|<p |title="|\\0|&lt;|&#60;|&quot;|<!x|</ |"#,
    r#"<!-- wp:a \{"b":"|"\} -->|<!-- /wp:a -->|<details open ontoggle=x>|<object data=|<b/|&colon;|data:text/html,){0,40}"#,
);

proptest! {
    #[test]
    fn nothing_runs(html in PIECES) {
        for safe in [kses_post(&html), wp_kses_post(&html), wp_kses_data(&html)] {
            prop_assert_eq!(danger(&safe), Vec::<String>::new(), "{}", safe);
        }
        // A block that lost all it held closes itself the second time.
        let safe = kses_post(&kses_post(&html));
        prop_assert_eq!(kses_post(&safe), safe);
    }

    #[test]
    fn what_is_filtered_stays(html in PIECES) {
        let once = wp_kses_post(&html);
        let twice = wp_kses_post(&once);
        prop_assert_eq!(wp_kses_post(&twice), twice, "{}", once);
    }
}

#[test]
fn hostile_filters_take_no_longer_than_their_size() {
    for unit in [
        "<",
        ">",
        "<!--",
        "<!<!----",
        "-->",
        "<a ",
        "<a href=\"",
        "<a b=c d='",
        "&",
        "\\0",
        "<!x",
        "</!",
        "<!-- -->",
        "<p style=\"a:url(\">",
        "<p style='",
        "(",
        "<b title=&#58",
        "<!-- wp:a -->",
        "<!-- wp:a {\"a\":\"",
        "--->",
        "\\\"",
        "<!-- --->",
        "<img src=a:",
        "<p a>",
    ] {
        let text = unit.repeat(20_000 / unit.len());
        let _ = (wp_kses_post(&text), wp_kses_data(&text), kses_post(&text));
        let tag = format!(
            "<p style=\"{0}\" title='{0}' {0}>",
            text.replace(['>', '<', '"', '\''], "x")
        );
        let _ = (
            wp_kses_post(&tag),
            safecss_filter_attr(&text),
            bad_protocol(&text, &crate::text::ALLOWED_PROTOCOLS),
        );
    }
}

#[test]
fn hostile_markup_becomes_text() {
    let text = format!("{}x &lt; y", "<b></i>".repeat(300));
    assert_eq!(kses_post(&text), "x &lt; y");
    let many = "&amp;</b>".repeat(60_000);
    assert_eq!(kses_post(&many), "&amp;".repeat(60_000));
    let list = format!("<ul>{}</ul>", "<li>a".repeat(300));
    assert!(kses_post(&list).contains("<li>a</li><li>a</li>"));
}

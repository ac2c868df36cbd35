//! Themes from a few files.

use super::*;

fn theme(files: &[(&str, &str)]) -> Result<Theme> {
    Theme::from_files(
        "tiny",
        files
            .iter()
            .map(|(p, t)| ((*p).to_owned(), t.as_bytes().to_vec()))
            .collect(),
    )
}

#[test]
fn templates_parts_and_patterns_are_found_by_their_paths() {
    let theme = theme(&[
        ("templates/single.html", "<!-- wp:post-title /-->"),
        ("parts/header.html", "<!-- wp:site-title /-->"),
        ("patterns/hello.html", "<p>Hello</p>"),
        ("patterns.json", r#"[{"name":"tiny/two","content":"<p>Two</p>"}]"#),
        ("functions.php", "<?php"),
    ])
    .unwrap();
    assert!(theme.template("single").is_some() && theme.part("header").is_some());
    assert!(theme.pattern("tiny/hello").is_some() && theme.pattern("tiny/two").is_some());
}

#[test]
fn a_broken_file_is_named() {
    let error = theme(&[("theme.json", "{")]).unwrap_err();
    assert!(
        error.message.contains("tiny") && error.message.contains("theme.json"),
        "{error}"
    );
}

#[test]
fn presets_become_custom_properties() {
    let json = r##"{"version":3,"settings":{"color":{"palette":[{"slug":"accentTwo","color":"#123"},{"slug":"bad","color":"red;}"}]},
        "custom":{"lineHeight":{"body":1.5}},"layout":{"contentSize":"40rem"}}}"##;
    let css = theme(&[("theme.json", json)]).unwrap().stylesheet(&Value::Null);
    assert!(css.contains("--wp--preset--color--accent-two: #123;"), "{css}");
    assert!(css.contains("--wp--custom--line-height--body: 1.5;"), "{css}");
    assert!(css.contains("--wp--style--global--content-size: 40rem;"), "{css}");
    assert!(!css.contains("bad: red"), "{css}");
}

//! Themes: installed, put into use beside a running server, changed by the site, taken out of use.

use crate::site::Site;

const JSON: &str = r##"{"version":3,"settings":{"appearanceTools":true,"color":{"palette":[{"slug":"ink","name":"Ink","color":"#123456"}]},
    "typography":{"fontFamilies":[{"slug":"own","fontFamily":"Own","fontFace":[{"fontFamily":"Own","src":["file:./assets/own.woff2"]}]}]}},
    "styles":{"typography":{"fontFamily":"var:preset|font-family|own"},"blocks":{"core/post-title":{"color":{"text":"var:preset|color|ink"}},
    "core/code":{"color":{"text":"red"}}}}}"##;
const TEMPLATE: &str = "<!-- wp:post-title {\"level\":1} /--><!-- wp:post-content /-->";

fn tiny(site: &Site) -> std::path::PathBuf {
    let at = |name: &str| format!("themes/tiny/{name}");
    let made = site.file(&at("theme.json"), JSON.as_bytes());
    for name in ["index", "404", "home"] {
        site.file(&at(&format!("templates/{name}.html")), TEMPLATE.as_bytes());
    }
    site.file(
        &at("style.css"),
        b"/*\nTheme Name: Tiny\n*/\n@import url(https://elsewhere.example/x.css);h1{margin:0}",
    );
    site.file(&at("functions.php"), b"<?php phpinfo();");
    site.file(&at("assets/own.woff2"), b"font");
    made.parent().unwrap().to_owned()
}

#[test]
fn a_theme_is_installed_and_shown_by_a_running_server() {
    let site = Site::demo();
    let server = site.serve();
    let before = server.get("/").text();
    assert!(
        before.contains("/assets/") && !before.contains("wp-content/themes"),
        "{before}"
    );
    let resource = "/notice-for-hotel-receptions/";
    assert_eq!(server.get(resource).status, 200);
    let folder = tiny(&site);
    let unknown = site.run(&["themes", "activate", "tiny"]);
    assert_eq!(unknown.status, 1);
    assert!(
        unknown.stderr.contains("tiny") && unknown.stderr.contains("guidepost"),
        "{}",
        unknown.stderr
    );
    site.ok(&["themes", "install", folder.to_str().unwrap()]);
    assert!(site.ok(&["themes", "list"]).contains("* guidepost"));
    site.ok(&["settings", "set", "stylesheet", "tiny"]);
    assert!(site.ok(&["themes", "list"]).contains("* tiny"));
    assert_eq!(site.ok(&["settings", "get", "template"]).trim(), "tiny");
    let page = server.get_until(resource, "wp-content/themes/tiny/style.css").text();
    for wanted in [
        "--wp--preset--color--ink:#123456",
        ".wp-block-post-title",
        "/wp-content/themes/tiny/assets/own.woff2",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    for absent in ["wp-block-code", "vivid-red", "elsewhere.example", "/assets/fonts"] {
        assert!(!page.contains(absent), "{absent}: {page}");
    }
    let css = server.get("/wp-content/themes/tiny/style.css");
    assert_eq!(
        (css.status, css.header("content-type")),
        (200, Some("text/css; charset=utf-8"))
    );
    assert!(!css.text().contains("elsewhere.example"), "{}", css.text());
    assert_eq!(server.get("/wp-content/themes/tiny/assets/own.woff2").text(), "font");
    for hidden in [
        "functions.php",
        "theme.json",
        "../../guidepost.db",
        "%2e%2e/%2e%2e/x.css",
        "templates/index.html",
    ] {
        assert_eq!(
            server.get(&format!("/wp-content/themes/tiny/{hidden}")).status,
            404,
            "{hidden}"
        );
    }
    site.ok(&["themes", "activate", "guidepost"]);
    server.get_until("/", "/assets/");
    assert!(
        site.ok(&["themes", "css", "tiny"])
            .contains(":root :where(.wp-block-code){color: red;}")
    );
}

#[test]
fn a_look_that_the_theme_brings_along_is_chosen_and_given_up() {
    for site in Site::each() {
        let folder = tiny(&site);
        let night = r##"{"$schema":"x","version":3,"title":"Night","styles":{"color":{"background":"#010203"}}}"##;
        site.file("themes/tiny/styles/01-night.json", night.as_bytes());
        site.file(
            "themes/tiny/styles/quote.json",
            br#"{"version":3,"title":"Loud","blockTypes":["core/quote"],"styles":{}}"#,
        );
        site.ok(&["themes", "install", folder.to_str().unwrap(), "--activate"]);
        assert_eq!(site.ok(&["themes", "styles"]), "01-night\tNight\n");
        let server = site.serve();
        let plain = |page: String| !page.contains("#010203");
        assert!(plain(server.get("/").text()));
        for chosen in ["01-night", "night", ""] {
            site.ok(&["themes", "activate", "tiny", "--style", chosen]);
            let page = server.get("/").text();
            assert_eq!(plain(page), chosen.is_empty(), "{}: {chosen:?}", site.name);
        }
        let unknown = site.run(&["themes", "activate", "tiny", "--style", "day"]);
        assert_eq!(unknown.status, 1);
        assert!(unknown.stderr.contains("01-night"), "{}", unknown.stderr);
        site.assert_sound("choosing a look");
    }
}

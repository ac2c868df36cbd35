//! Settings: addresses with a look at what would change, sizes of pictures, privacy.

use serde_json::json;

use super::{Browser, add, words};
use crate::{http::encoded, rest::Person, site::Site};

const ADDRESSES: &str = "/wp-admin/options-permalink.php";

/// The look at what would become of the addresses with this form.
fn look(structure: &str, more: &str) -> String {
    format!("{ADDRESSES}?look=1&form=own&structure={}{more}", encoded(structure))
}

#[test]
fn no_address_is_lost_when_they_are_made_otherwise() {
    for site in Site::each() {
        let api = Person::with_role(&site, "root", "administrator");
        add(&site, "anna", "administrator");
        add(&site, "edna", "editor");
        site.ok(&["settings", "set", "permalink_structure", "/archives/%post_id%"]);
        let server = site.serve();
        let label = api.make(&server, "/wp/v2/categories", &json!({"name": "Water"}));
        let item = api.make(
            &server,
            "/wp/v2/posts",
            &json!({"title": "Deep <wells>", "slug": "wells", "status": "publish", "categories": [label], "content": "Of wells."}),
        );
        let anna = Browser::of(&server, "anna");
        let html = anna.page(ADDRESSES);
        assert!(html.contains("value=\"/archives/%post_id%\" checked"), "{html}");

        // What is wrong is said under its field, and what was typed stays.
        for (structure, why) in [("/%year%/", "one address"), ("/%name%/", "stands for nothing")] {
            let answer = anna.get(&look(structure, ""));
            let text = answer.text();
            assert_eq!(answer.status, 422, "{structure}");
            assert!(
                text.contains(why) && text.contains("aria-invalid") && text.contains(structure),
                "{text}"
            );
        }
        assert!(words(&anna.page(&look("/archives/%post_id%", ""))).contains("nothing would change"));

        // A look changes nothing.
        let wanted = look("/%year%/%postname%/", "&category_base=topics");
        let html = anna.page(&wanted);
        let said = words(&html);
        let old = format!("/archives/{item}");
        assert!(said.contains(&old) && said.contains("/wells/"), "{said}");
        assert!(
            said.contains("gets a redirect") && said.contains("/topics/water/"),
            "{said}"
        );
        assert_eq!(server.get(&old).status, 200);

        // The change; old addresses of items and labels lead to the new ones.
        let told = words(&anna.does(&wanted, "Change the addresses", &[]));
        assert!(told.contains("Old ones lead to the new ones"), "{}: {told}", site.name);
        let led = server.get(&old);
        assert_eq!(led.status, 301, "{}", site.name);
        let new = led.leads_to().unwrap();
        assert!(new.ends_with("/wells/"), "{new}");
        assert_eq!(server.get(&new).status, 200);
        assert_eq!(
            server.get("/archives/category/water").leads_to().as_deref(),
            Some("/topics/water/"),
            "{}",
            site.name
        );
        assert_eq!(server.get("/topics/water/").status, 200);

        // And back: nothing goes round in a circle.
        let back = look("/archives/%post_id%", "");
        anna.does(&back, "Change the addresses", &[]);
        assert_eq!(server.get(&old).status, 200, "{}", site.name);
        assert_eq!(
            server.get(&new).leads_to().as_deref(),
            Some(old.as_str()),
            "{}",
            site.name
        );
        assert_eq!(server.get("/archives/category/water").status, 200);
        assert_eq!(Browser::of(&server, "edna").get(ADDRESSES).status, 403);
        site.assert_sound("the addresses were made otherwise and back");
    }
}

#[test]
fn sizes_and_privacy_are_kept_or_refused_with_a_sentence() {
    let site = Site::empty();
    let api = Person::with_role(&site, "root", "administrator");
    add(&site, "anna", "administrator");
    let server = site.serve();
    let policy = api.make(
        &server,
        "/wp/v2/pages",
        &json!({"title": "What we keep", "status": "publish"}),
    );
    let anna = Browser::of(&server, "anna");
    let pictures = "/wp-admin/options-media.php";
    let mut fields = [
        ("thumbnail_size_w", "200"),
        ("thumbnail_size_h", "200"),
        ("medium_size_w", "-1"),
        ("medium_size_h", "300"),
        ("large_size_w", "900"),
        ("large_size_h", "900"),
    ];
    let refused = anna.send(pictures, "thumbnail_size_w", &fields);
    let text = refused.text();
    assert!(
        refused.status == 422 && text.contains("from 0 to 5000") && text.contains("value=\"900\""),
        "{text}"
    );
    assert_ne!(
        site.run(&["settings", "get", "large_size_w"]).stdout.trim(),
        "900",
        "all or nothing"
    );
    fields[2].1 = "0";
    assert!(words(&anna.does(pictures, "thumbnail_size_w", &fields)).contains("Saved."));
    assert_eq!(site.ok(&["settings", "get", "large_size_w"]).trim(), "900");
    assert_eq!(site.ok(&["settings", "get", "thumbnail_crop"]).trim(), "0");

    let privacy = "/wp-admin/options-privacy.php";
    let gone = anna.send(privacy, "wp_page_for", &[("wp_page_for_privacy_policy", "99999")]);
    assert!(
        gone.status == 422 && gone.text().contains("not published"),
        "{}",
        gone.text()
    );
    let saved = anna.does(
        privacy,
        "wp_page_for",
        &[("wp_page_for_privacy_policy", &policy.to_string())],
    );
    assert!(words(&saved).contains("Saved."), "{saved}");
    assert!(
        saved.contains(&format!("<option value=\"{policy}\" selected>What we keep")),
        "{saved}"
    );
    assert_eq!(site.ok(&["settings", "get", "blog_public"]).trim(), "0");
    assert!(server.get("/").text().contains("noindex"));
    anna.does(privacy, "wp_page_for", &[("blog_public", "1")]);
    assert!(!server.get("/").text().contains("noindex"));
}

//! What a site looks like, through the API: menus, templates with their versions, styles, blocks, and the widgets of before.

use serde_json::{Value, json};

use super::Person;
use crate::site::Site;

/// Addresses in words, as most sites have them.
fn with_words(site: Site) -> Site {
    site.ok(&["settings", "set", "permalink_structure", "/%postname%/"]);
    site
}

#[test]
fn an_entry_of_a_menu_says_what_it_points_at() {
    for site in Site::each().into_iter().map(with_words) {
        let admin = Person::with_role(&site, "root", "administrator");
        let server = site.serve();
        let page = admin.make(
            &server,
            "/wp/v2/pages",
            &json!({"title": "About & us", "status": "publish"}),
        );
        // The first one is the default, which stays.
        admin.make(&server, "/wp/v2/categories", &json!({"name": "Other"}));
        let term = admin.make(&server, "/wp/v2/categories", &json!({"name": "Courts"}));
        let menu = admin.make(
            &server,
            "/wp/v2/menus",
            &json!({"name": "Main", "locations": ["primary"]}),
        );
        let entry = |kind: &str, object: &str, id: i64, title: &str| {
            let body = json!({"type": kind, "object": object, "object_id": id, "title": title, "menus": menu,
                "url": "https://elsewhere.example/", "status": "publish"});
            let (status, made) = admin.call(&server, "POST", "/wp/v2/menu-items", Some(&body));
            assert_eq!(status, 201, "{made}");
            made
        };
        let of_page = entry("post_type", "page", page, "");
        assert_eq!(
            of_page["title"]["rendered"], "About &#038; us",
            "{}: {of_page}",
            site.name
        );
        assert_eq!(of_page["url"], "http://library.example/about-us/");
        assert_eq!(
            (&of_page["type_label"], &of_page["invalid"]),
            (&json!("Page"), &json!(false))
        );
        let href = &of_page["_links"]["wp:menu-item-object"][0]["href"];
        assert!(href.as_str().unwrap().ends_with(&format!("/wp/v2/pages/{page}")));
        let of_term = entry("taxonomy", "category", term, "Law");
        assert_eq!(
            (&of_term["title"]["raw"], &of_term["type_label"]),
            (&json!("Law"), &json!("Category"))
        );
        assert!(of_term["url"].as_str().unwrap().ends_with("/category/courts/"));
        let custom = entry("custom", "custom", 0, "Elsewhere");
        assert_eq!(
            (&custom["url"], &custom["object_id"]),
            (&json!("https://elsewhere.example/"), &custom["id"])
        );
        let (_, listed) = admin.call(&server, "GET", &format!("/wp/v2/menu-items?menus={menu}"), None);
        assert_eq!(listed.as_array().unwrap().len(), 3);
        let other = format!("/wp/v2/menu-items?menus_exclude={menu}&search=nothing");
        assert_eq!(admin.call(&server, "GET", &other, None).1, json!([]));
        // What it points at goes, and it says so.
        admin.call(&server, "DELETE", &format!("/wp/v2/categories/{term}?force=true"), None);
        let (status, gone) = admin.call(&server, "GET", &format!("/wp/v2/menu-items/{}", of_term["id"]), None);
        assert!(status == 404 || gone["invalid"] == true, "{gone}");
        let (_, place) = admin.call(&server, "GET", "/wp/v2/menu-locations/primary", None);
        assert_eq!(place["menu"], menu, "{place}");
        assert_eq!(admin.call(&server, "GET", "/wp/v2/menu-locations/none", None).0, 404);
        drop(server);
        site.assert_sound("menus");
    }
}

#[test]
fn a_template_keeps_what_it_said_before() {
    for site in Site::each().into_iter().map(with_words) {
        let admin = Person::with_role(&site, "root", "administrator");
        let author = Person::with_role(&site, "anna", "author");
        let server = site.serve();
        let (_, all) = admin.call(&server, "GET", "/wp/v2/templates", None);
        let id = all[0]["id"].as_str().unwrap().to_owned();
        let route = format!("/wp/v2/templates/{id}");
        // A file has no versions.
        let (status, none) = admin.call(&server, "GET", &format!("{route}/revisions"), None);
        assert_eq!(
            (status, &none["code"]),
            (400, &json!("rest_invalid_template")),
            "{}: {none}",
            site.name
        );
        for text in ["one", "two"] {
            let body = json!({"content": format!("<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->")});
            let (status, changed) = admin.call(&server, "POST", &route, Some(&body));
            assert_eq!(status, 200, "{changed}");
        }
        let (_, now) = admin.call(&server, "GET", &route, None);
        assert!(
            now["_links"]["version-history"][0]["count"].as_i64().unwrap() > 0,
            "{now}"
        );
        let (status, versions) = admin.call(&server, "GET", &format!("{route}/revisions"), None);
        let versions = versions.as_array().unwrap();
        assert_eq!(status, 200);
        assert!(
            versions
                .iter()
                .any(|v| v["content"]["raw"].as_str().unwrap().contains("one"))
        );
        assert_eq!(
            (&versions[0]["id"], &versions[0]["parent"]),
            (&json!(id), &now["wp_id"])
        );
        let one = format!("{route}/revisions/{}", versions[0]["wp_id"]);
        assert_eq!(admin.call(&server, "GET", &one, None).0, 200);
        assert_eq!(author.call(&server, "GET", &one, None).0, 403);
        assert_eq!(
            Person::nobody()
                .call(&server, "GET", &format!("{route}/revisions"), None)
                .0,
            401
        );
        let typed = json!({"content": "<!-- wp:paragraph -->\n<p>typed</p>\n<!-- /wp:paragraph -->"});
        let (status, saved) = admin.call(&server, "POST", &format!("{route}/autosaves"), Some(&typed));
        assert_eq!((status, &saved["parent"]), (200, &now["wp_id"]), "{saved}");
        let (_, kept) = admin.call(&server, "GET", &format!("{route}/autosaves"), None);
        assert_eq!(kept.as_array().unwrap().len(), 1);
        let (_, still) = admin.call(&server, "GET", &route, None);
        assert!(
            still["content"]["raw"].as_str().unwrap().contains("two"),
            "typing changes nothing: {still}"
        );
        let gone = format!("{one}?force=true");
        assert_eq!(admin.call(&server, "DELETE", &gone, None).1["deleted"], true);
        assert_eq!(admin.call(&server, "GET", &one, None).0, 404);
        drop(server);
        site.assert_sound("versions of templates");
    }
}

#[test]
fn styles_keep_what_they_were() {
    let site = with_words(Site::empty());
    let admin = Person::with_role(&site, "root", "administrator");
    let author = Person::with_role(&site, "anna", "author");
    let server = site.serve();
    let (_, themes) = admin.call(&server, "GET", "/wp/v2/themes?status=active", None);
    let href = themes[0]["_links"]["wp:user-global-styles"][0]["href"]
        .as_str()
        .unwrap();
    let route = format!("/wp/v2/global-styles/{}", href.rsplit('/').next().unwrap());
    for color in ["#111111", "#222222"] {
        let body = json!({"styles": {"color": {"text": color}}});
        assert_eq!(admin.call(&server, "POST", &route, Some(&body)).0, 200);
    }
    let (status, versions) = admin.call(&server, "GET", &format!("{route}/revisions"), None);
    assert_eq!(status, 200, "{versions}");
    let texts: Vec<&Value> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["styles"]["color"]["text"])
        .collect();
    assert!(
        texts.contains(&&json!("#111111")) && texts.contains(&&json!("#222222")),
        "{versions}"
    );
    assert_eq!(author.call(&server, "GET", &format!("{route}/revisions"), None).0, 403);
    let (_, shown) = admin.call(&server, "GET", &route, None);
    assert_eq!(shown["_links"]["version-history"][0]["count"], texts.len());
}

#[test]
fn widgets_of_before_are_read_and_not_changed() {
    let site = with_words(Site::empty());
    let admin = Person::with_role(&site, "root", "administrator");
    let editor = Person::with_role(&site, "edna", "editor");
    let server = site.serve();
    let (_, places) = admin.call(&server, "GET", "/wp/v2/sidebars", None);
    assert_eq!(places[0]["id"], "wp_inactive_widgets", "{places}");
    assert_eq!(admin.call(&server, "GET", "/wp/v2/sidebars/none", None).0, 404);
    // A site that never had any begins with those that WordPress begins with.
    let (_, begun) = admin.call(&server, "GET", "/wp/v2/widgets", None);
    assert_eq!(begun.as_array().map(Vec::len), Some(5), "{begun}");
    assert_eq!(admin.call(&server, "GET", "/wp/v2/widgets/text-2", None).0, 404);
    let (_, kind) = admin.call(&server, "GET", "/wp/v2/widget-types/text", None);
    assert_eq!(kind["classname"], "widget_text");
    let body = json!({"id_base": "text", "sidebar": "wp_inactive_widgets"});
    let (status, refused) = admin.call(&server, "POST", "/wp/v2/widgets", Some(&body));
    assert_eq!((status, &refused["code"]), (400, &json!("rest_widgets_not_supported")));
    for route in ["/wp/v2/sidebars", "/wp/v2/widgets", "/wp/v2/widget-types"] {
        assert_eq!(editor.call(&server, "GET", route, None).0, 403, "{route}");
    }
}

#[test]
fn blocks_say_what_they_are_to_those_who_write() {
    let site = with_words(Site::empty());
    let author = Person::with_role(&site, "anna", "author");
    let server = site.serve();
    let (_, all) = author.call(&server, "GET", "/wp/v2/block-types", None);
    let (_, core) = author.call(&server, "GET", "/wp/v2/block-types/core", None);
    assert_eq!(all, core);
    let (_, one) = author.call(&server, "GET", "/wp/v2/block-types/core/paragraph", None);
    assert_eq!(
        (&one["title"], &one["is_dynamic"]),
        (&json!("Paragraph"), &json!(false)),
        "{one}"
    );
    assert_eq!(
        author.call(&server, "GET", "/wp/v2/block-types/core/nothing", None).0,
        404
    );
    assert_eq!(
        author.call(&server, "GET", "/wp/v2/block-types/other", None).1,
        json!([])
    );
    assert_eq!(Person::nobody().call(&server, "GET", "/wp/v2/block-types", None).0, 401);
}

#[test]
fn icons_are_listed_for_whoever_may_use_them() {
    let site = Site::empty();
    let author = Person::with_role(&site, "anna", "author");
    let server = site.serve();
    let ask = |route: &str| author.call(&server, "GET", route, None);
    assert_eq!(Person::nobody().call(&server, "GET", "/wp/v2/icons", None).0, 401);
    let (_, first) = ask("/wp/v2/icons?search=arrow&per_page=3");
    let names: Vec<&str> = first
        .as_array()
        .unwrap()
        .iter()
        .map(|icon| icon["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["core/arrow-down-left", "core/arrow-down-right", "core/arrow-down"]
    );
    let (_, tip) = ask("/wp/v2/icons/core/tip");
    assert_eq!(
        (tip["label"].as_str(), tip["collection"].as_str()),
        (Some("Tip"), Some("core"))
    );
    assert!(tip["content"].as_str().unwrap().starts_with("<svg xmlns="), "{tip}");
    assert_eq!(ask("/wp/v2/icon-collections").1[0]["slug"], "core");
    for (route, code) in [
        ("/wp/v2/icons/core/nothing", "rest_icon_not_found"),
        ("/wp/v2/icons/nothing", "rest_icon_collection_not_found"),
        ("/wp/v2/icon-collections/nothing", "rest_icon_collection_not_found"),
    ] {
        let (status, refused) = ask(route);
        assert_eq!((status, refused["code"].as_str()), (404, Some(code)), "{route}");
    }
}

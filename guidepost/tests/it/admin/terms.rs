//! Terms: made, changed, merged, deleted.

use serde_json::{Value, json};

use super::{Browser, add, words};
use crate::{rest::Person, site::Site};

const LIST: &str = "/wp-admin/edit-tags.php?taxonomy=category";

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
fn labels_are_made_changed_merged_and_deleted() {
    for site in Site::each() {
        let api = Person::with_role(&site, "root", "administrator");
        add(&site, "edna", "editor");
        site.ok(&["settings", "set", "permalink_structure", "/%postname%/"]);
        let server = site.serve();
        let edna = Browser::of(&server, "edna");
        let label = |name: &str, parent: i64| {
            let made = edna.does(
                LIST,
                "value=\"add\"",
                &[("name", name), ("parent", &parent.to_string()), ("do", "add")],
            );
            assert!(words(&made).contains("Added."), "{made}");
            let (_, found) = api.call(
                &server,
                "GET",
                &format!(
                    "/wp/v2/categories?search={}&per_page=100",
                    name.split(' ').next().unwrap()
                ),
                None,
            );
            found[0]["id"].as_i64().unwrap()
        };
        // The first one of a site stands for none.
        label("Unsorted", 0);
        let (guidance, guides) = (label("Guidance", 0), label("Rules", 0));
        let below = label("Old & dusty", guides);
        let html = edna.page(LIST);
        assert!(words(&html).contains("Old &amp; dusty"), "{html}");
        assert!(html.contains("a-in--1"), "what stands below another is set in: {html}");

        // An address that is taken, a name that is none: said in words, and what was typed stands in the form.
        let refused = edna.send(
            LIST,
            "value=\"add\"",
            &[("name", "Guidance"), ("description", "typed & kept"), ("do", "add")],
        );
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("Nothing was saved") && refused.text().contains("typed &amp; kept"));

        // One is changed.
        let one = format!("/wp-admin/term.php?taxonomy=category&tag_ID={below}");
        let fields = [
            ("name", "Old & \"dusty\""),
            ("slug", "Dusty Ones"),
            ("parent", &guides.to_string()),
            ("description", ""),
        ];
        edna.does(&one, "data-keep", &fields);
        let (_, told) = api.call(&server, "GET", &format!("/wp/v2/categories/{below}"), None);
        assert_eq!(
            (&told["slug"], &told["parent"]),
            (&json!("dusty-ones"), &json!(guides)),
            "{told}"
        );
        let looked_at = edna.page(&one);
        assert!(
            looked_at.contains("value=\"Old &amp; &quot;dusty&quot;\""),
            "{looked_at}"
        );
        let fields = [
            ("name", "Rules"),
            ("slug", "rules"),
            ("parent", &below.to_string()),
            ("description", ""),
        ];
        let circle = edna.send(
            &format!("/wp-admin/term.php?taxonomy=category&tag_ID={guides}"),
            "data-keep",
            &fields,
        );
        assert!(
            circle.status == 422 && circle.text().contains("cannot stand below itself"),
            "{}",
            circle.text()
        );

        // Two are merged: items move, once each; what stood below follows; the old address leads to the new one.
        let post = |labels: Value| {
            let post = json!({"title": "x", "content": "y", "status": "publish", "categories": labels});
            api.make(&server, "/wp/v2/posts", &post)
        };
        let (first, both) = (post(json!([guides])), post(json!([guides, guidance])));
        assert_eq!(server.get("/category/rules/").status, 200);
        let picked = [
            ("tag[]", &*guides.to_string()),
            ("tag[]", &*guidance.to_string()),
            ("do", "merge"),
        ];
        let asked = edna.send(LIST, "tag[]", &picked);
        let confirm = asked.leads_to().unwrap();
        assert!(words(&edna.page(&confirm)).contains("Which of these 2 labels stays?"));
        let done = edna.does(
            &confirm,
            "name=\"into\"",
            &[("into", &guidance.to_string()), ("sure", "yes")],
        );
        assert!(
            words(&done).contains("1 label merged: 2 items moved"),
            "{}",
            words(&done)
        );
        for id in [first, both] {
            let (_, told) = api.call(&server, "GET", &format!("/wp/v2/posts/{id}"), None);
            assert_eq!(told["categories"], json!([guidance]), "{}", site.name);
        }
        let (_, kept) = api.call(&server, "GET", &format!("/wp/v2/categories/{guidance}"), None);
        assert_eq!(kept["count"], 2);
        let (_, child) = api.call(&server, "GET", &format!("/wp/v2/categories/{below}"), None);
        assert_eq!(child["parent"], guidance);
        assert_eq!(
            api.call(&server, "GET", &format!("/wp/v2/categories/{guides}"), None).0,
            404
        );
        let old = server.get("/category/rules/");
        assert_eq!(
            (old.status, old.leads_to().as_deref()),
            (301, Some("/category/guidance/"))
        );

        // One is deleted, after a page that asks.
        let asked = edna
            .send(LIST, "tag[]", &[("delete", &below.to_string())])
            .leads_to()
            .unwrap();
        assert_eq!(
            api.call(&server, "GET", &format!("/wp/v2/categories/{below}"), None).0,
            200
        );
        let done = edna.does(&asked, "name=\"sure\"", &[("sure", "yes")]);
        assert!(words(&done).contains("1 label deleted."));
        assert_eq!(
            api.call(&server, "GET", &format!("/wp/v2/categories/{below}"), None).0,
            404
        );
        drop(server);
        site.assert_sound("merging and deleting labels");
    }
}

#[test]
fn a_parent_is_merged_into_what_stands_below_it() {
    let site = Site::empty();
    let api = Person::with_role(&site, "root", "administrator");
    add(&site, "edna", "editor");
    let server = site.serve();
    let edna = Browser::of(&server, "edna");
    let label =
        |name: &str, parent: i64| api.make(&server, "/wp/v2/categories", &json!({"name": name, "parent": parent}));
    label("Unsorted", 0);
    let top = label("Top", 0);
    let middle = label("Middle", top);
    let bottom = label("Bottom", middle);
    let beside = label("Beside", top);
    let address = format!("{LIST}&confirm=merge&ids={top},{bottom}");
    edna.does(
        &address,
        "name=\"into\"",
        &[("into", &bottom.to_string()), ("sure", "yes")],
    );
    let parent = |id: i64| api.call(&server, "GET", &format!("/wp/v2/categories/{id}"), None).1["parent"].as_i64();
    assert_eq!(
        (parent(middle), parent(bottom), parent(beside)),
        (Some(0), Some(middle), Some(bottom))
    );
}

#[test]
fn the_label_of_what_has_none_stays() {
    let site = Site::empty();
    let api = Person::with_role(&site, "root", "administrator");
    add(&site, "edna", "editor");
    let server = site.serve();
    let edna = Browser::of(&server, "edna");
    let default = api.make(&server, "/wp/v2/categories", &json!({"name": "Unsorted"}));
    let other = api.make(&server, "/wp/v2/categories", &json!({"name": "Other"}));
    let html = edna.page(LIST);
    assert!(
        !html.contains(&format!("name=\"delete\" value=\"{default}\""))
            && html.contains(&format!("name=\"delete\" value=\"{other}\""))
    );
    let confirm = format!("{LIST}&confirm=delete&ids={default}");
    let done = edna.does(&confirm, "name=\"sure\"", &[("sure", "yes")]);
    assert!(words(&done).contains("left as it was"), "{done}");
    let confirm = format!("{LIST}&confirm=merge&ids={default},{other}");
    let answer = edna.send(
        &confirm,
        "name=\"into\"",
        &[("into", &other.to_string()), ("sure", "yes")],
    );
    assert!(
        answer.status == 409 && answer.text().contains("cannot be merged into another"),
        "{}",
        answer.text()
    );
    assert_eq!(
        api.call(&server, "GET", &format!("/wp/v2/categories/{default}"), None)
            .0,
        200
    );
}

#[test]
fn who_may_not_order_the_library_is_told_so() {
    let site = Site::empty();
    add(&site, "anna", "author");
    let server = site.serve();
    let anna = Browser::of(&server, "anna");
    assert_eq!(anna.get(LIST).status, 403);
    assert!(!anna.page("/wp-admin/").contains("edit-tags.php"));
    for taxonomy in ["nav_menu", "wp_theme", "nonsense", "%3Cb%3E"] {
        assert_eq!(
            anna.get(&format!("/wp-admin/edit-tags.php?taxonomy={taxonomy}")).status,
            404
        );
    }
    // A form without the session's nonce does nothing.
    let forged = crate::http::Ask::new("POST", LIST).form(&[("name", "x"), ("do", "add")]);
    assert_eq!(anna.ask(forged).status, 403);
}

//! Versions: compared, put back.

use serde_json::json;

use super::{Browser, add, words};
use crate::{rest::Person, site::Site};

#[test]
fn versions_are_compared_and_put_back() {
    for site in Site::each() {
        let api = Person::with_role(&site, "root", "administrator");
        add(&site, "edna", "editor");
        add(&site, "anna", "author");
        let server = site.serve();
        let edna = Browser::of(&server, "edna");
        let label = api.make(&server, "/wp/v2/categories", &json!({"name": "Unsorted"}));
        let other = api.make(&server, "/wp/v2/categories", &json!({"name": "Guidance"}));
        let post = json!({"title": "First title", "content": "<!-- wp:paragraph -->\n<p>Old words of it</p>\n<!-- /wp:paragraph -->", "categories": [label]});
        let id = api.make(&server, "/wp/v2/posts", &post);
        let route = format!("/wp/v2/posts/{id}");
        let change = json!({"title": "Second <b>title</b>", "content": "<!-- wp:paragraph -->\n<p>New words of it</p>\n<!-- /wp:paragraph -->", "categories": [other]});
        assert_eq!(api.call(&server, "POST", &route, Some(&change)).0, 200);
        let (_, versions) = api.call(&server, "GET", &format!("{route}/revisions"), None);
        let versions: Vec<i64> = versions
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v["id"].as_i64().unwrap())
            .collect();
        let (newest, first) = (versions[0], *versions.last().unwrap());

        let html = edna.page(&format!("/wp-admin/revision.php?revision={newest}"));
        assert!(html.contains("<del>") && html.contains("<ins>"), "{html}");
        assert!(
            html.contains("Guidance") && html.contains("Unsorted"),
            "terms are told by name: {}",
            words(&html)
        );
        let same = edna.page(&format!("/wp-admin/revision.php?from={newest}&to={newest}"));
        assert!(words(&same).contains("say the same"), "{}", words(&same));
        let aside = edna.page(&format!("/wp-admin/revision.php?from={first}&to={newest}&view=aside"));
        assert!(words(&aside).contains("Old words of it") && words(&aside).contains("New words of it"));

        let page = format!("/wp-admin/revision.php?revision={first}");
        let answer = edna.send(&page, "name=\"restore\"", &[("restore", &first.to_string())]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let (_, now) = api.call(&server, "GET", &format!("{route}?context=edit"), None);
        assert_eq!(
            (&now["title"]["raw"], &now["categories"]),
            (&json!("First title"), &json!([label])),
            "{}",
            site.name
        );
        let (_, after) = api.call(&server, "GET", &format!("{route}/revisions"), None);
        assert!(
            after.as_array().unwrap().len() > versions.len(),
            "what was there is kept"
        );

        // Not for who may not change the item.
        let anna = Browser::of(&server, "anna");
        assert_eq!(anna.get(&page).status, 403);
        assert_eq!(edna.get("/wp-admin/revision.php?revision=999999").status, 404);
        assert_eq!(edna.get("/wp-admin/revision.php").status, 404);
    }
}

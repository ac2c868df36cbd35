//! People: made, given other roles, stopped, deleted; never by accident oneself.

use super::{Browser, add, words};
use crate::{http::Ask, rest::Person, site::Site};

const LIST: &str = "/wp-admin/users.php";

fn id_of(site: &Site, login: &str) -> String {
    let all: serde_json::Value = serde_json::from_str(&site.ok(&["users", "list", "--format", "json"])).unwrap();
    let found = all
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["login"] == login)
        .unwrap();
    found["id"].to_string()
}

fn roles_of(site: &Site, login: &str) -> String {
    let all: serde_json::Value = serde_json::from_str(&site.ok(&["users", "list", "--format", "json"])).unwrap();
    let found = all.as_array().unwrap().iter().find(|user| user["login"] == login);
    found.map_or_else(String::new, |user| user["roles"].to_string())
}

#[test]
fn people_are_listed_changed_and_deleted_with_an_heir() {
    for site in Site::each() {
        add(&site, "anna", "administrator");
        add(&site, "edna", "editor");
        let bert = Person::with_role(&site, "bert", "author");
        let list =
            b"a:1:{s:6:\"tester\";a:2:{s:4:\"name\";s:6:\"Tester\";s:12:\"capabilities\";a:1:{s:4:\"read\";b:1;}}}";
        site.ok(&["settings", "set", "own_user_roles", std::str::from_utf8(list).unwrap()]);
        let server = site.serve();
        let item = bert.make(
            &server,
            "/wp/v2/posts",
            &serde_json::json!({"title": "Wells", "status": "publish"}),
        );
        let anna = Browser::of(&server, "anna");
        let html = anna.page(LIST);
        let said = words(&html);
        assert!(said.contains("Everybody 3") && said.contains("Author 1"), "{said}");
        assert!(
            html.contains(">Tester</option>"),
            "roles of the site's own can be given: {html}"
        );
        assert!(
            html.contains("<td data-l=\"Wrote\">1</td>") && said.contains("not known"),
            "{said}"
        );

        // A role for several, never for oneself.
        let (own, bert_id) = (id_of(&site, "anna"), id_of(&site, "bert"));
        let picked = [
            ("users[]", own.as_str()),
            ("users[]", bert_id.as_str()),
            ("new_role", "contributor"),
            ("do", "role"),
        ];
        let told = words(&anna.does(LIST, "users[]", &picked));
        assert!(
            told.contains("One account changed.") && told.contains("by accident"),
            "{told}"
        );
        assert_eq!(roles_of(&site, "anna"), "[\"administrator\"]");
        assert_eq!(roles_of(&site, "bert"), "[\"contributor\"]", "{}", site.name);

        // What bert wrote goes to whom is chosen.
        let edna = id_of(&site, "edna");
        assert!(
            anna.page(LIST)
                .contains(&format!("<option value=\"{edna}\">edna</option>"))
        );
        let picked = [
            ("users[]", own.as_str()),
            ("users[]", bert_id.as_str()),
            ("heir", edna.as_str()),
            ("do", "delete"),
        ];
        let told = words(&anna.does(LIST, "users[]", &picked));
        assert!(
            told.contains("One account deleted") && told.contains("as you chose"),
            "{told}"
        );
        assert_eq!(
            (roles_of(&site, "bert").as_str(), roles_of(&site, "anna").is_empty()),
            ("", false)
        );
        let root = Person::with_role(&site, "root", "administrator");
        let (_, found) = root.call(&server, "GET", &format!("/wp/v2/posts/{item}"), None);
        assert_eq!(found["author"].to_string(), edna, "{}", site.name);

        // Who may not, may not; and the pages are not in their menu.
        let edna = Browser::of(&server, "edna");
        for path in [
            LIST,
            "/wp-admin/user-new.php",
            &format!("/wp-admin/user-edit.php?user_id={own}"),
        ] {
            assert_eq!(edna.get(path).status, 403, "{path}");
        }
        assert!(!edna.page("/wp-admin/").contains("users.php"));
    }
}

#[test]
fn somebody_is_let_in_and_stopped() {
    let site = Site::empty();
    add(&site, "anna", "administrator");
    let server = site.serve();
    let anna = Browser::of(&server, "anna");
    let fields = [
        ("username", "cora"),
        ("email", "cora@library.example"),
        ("role", "author"),
    ];
    let told = words(&anna.does("/wp-admin/user-new.php", "name=\"username\"", &fields));
    assert!(told.contains("on its way"), "{told}");
    let refused = anna.send("/wp-admin/user-new.php", "name=\"username\"", &fields);
    assert!(
        refused.status == 422 && refused.text().contains("already exists"),
        "{}",
        refused.text()
    );
    let cora = id_of(&site, "cora");
    let page = format!("/wp-admin/user-edit.php?user_id={cora}");

    // The letter lies in the folder, since no server takes it; an administrator reads it and passes it on.
    let list = anna.page("/wp-admin/mails.php");
    let (_, rest) = list.split_once("mails.php?mail=").unwrap();
    let name = rest.split('"').next().unwrap();
    let letter = words(&anna.page(&format!("/wp-admin/mails.php?mail={name}")));
    assert!(
        letter.contains("cora@library.example") && letter.contains("action=rp"),
        "{letter}"
    );

    // A program of hers is stopped, by name.
    site.application_password("cora");
    let html = anna.page(&page);
    let (_, rest) = html.split_once("name=\"revoke\" value=\"").unwrap();
    let told = words(&anna.does(&page, "name=\"revoke\"", &[("revoke", rest.split('"').next().unwrap())]));
    assert!(
        told.contains("no longer works") && !told.contains("Application passwords"),
        "{told}"
    );
    let audit = site.ok(&["audit", "--format", "json"]);
    assert!(audit.contains("application password revoked"), "{audit}");
}

#[test]
fn nobody_gets_round_the_password_for_their_own_account() {
    let site = Site::empty();
    add(&site, "anna", "administrator");
    let server = site.serve();
    let anna = Browser::of(&server, "anna");
    let own = format!("/wp-admin/user-edit.php?user_id={}", id_of(&site, "anna"));
    assert_eq!(anna.get(&own).leads_to().as_deref(), Some("/wp-admin/profile.php"));
    // With a nonce of the session, but on the wrong page.
    let (_, hidden) = super::form(&anna.page("/wp-admin/user-new.php"), "name=\"username\"");
    let nonce = hidden.iter().find(|(name, _)| name == "_wpnonce").unwrap();
    for deed in ["second", "end", "save"] {
        let answer = anna.ask(Ask::new("POST", &own).form(&[("_wpnonce", &nonce.1), ("do", deed)]));
        assert_eq!(answer.leads_to().as_deref(), Some("/wp-admin/profile.php"), "{deed}");
    }
    assert!(!site.ok(&["audit", "--format", "json"]).contains("switched off"));
    let still = anna.get("/wp-admin/");
    assert_eq!(still.status, 200, "the session goes on");
}

//! Who manages accounts: each deed has a capability of its own, so that roles of a site's own making can hold one and not the others.

use gp_content::{Actor, Verb, actions};
use serde_json::json;

use super::Person;
use crate::{public::on, site::Site};

/// A site whose own roles hold one capability each, named after it.
fn site() -> Site {
    let site = Site::empty();
    site.ok(&["users", "list"]);
    let capabilities = [
        "list_users",
        "create_users",
        "edit_users",
        "promote_users",
        "delete_users",
    ];
    let roles: Vec<(String, gp_php::Value)> = capabilities
        .iter()
        .map(|capability| {
            let held = gp_php::Value::map([("read", true), (capability, true)]);
            let role = gp_php::Value::map([("name", gp_php::Value::from(*capability)), ("capabilities", held)]);
            ((*capability).to_owned(), role)
        })
        .collect();
    let list = gp_php::serialize(&gp_php::Value::map(
        roles.iter().map(|(name, role)| (name.as_str(), role.clone())),
    ));
    on(&site, async |act| {
        let grant = Actor::system().may_manage(Verb::SetOption).unwrap();
        actions::set_option(act, &grant, "wp_user_roles", &list).await.unwrap();
    });
    site
}

#[test]
fn a_capability_allows_its_deed_and_no_other() {
    let site = site();
    let admin = Person::with_role(&site, "root", "administrator");
    let names = [
        "list_users",
        "create_users",
        "edit_users",
        "promote_users",
        "delete_users",
    ];
    let people: Vec<(&str, Person)> = names
        .iter()
        .map(|name| (*name, Person::with_role(&site, &name.replace('_', "-"), name)))
        .collect();
    let server = site.serve();
    let new = |login: &str| json!({"username": login, "email": format!("{login}@library.example"), "password": "a sentence nobody guesses"});
    for (holds, person) in &people {
        let victim = admin.make(
            &server,
            "/wp/v2/users",
            &new(&format!("victim-{}", holds.len() * 10 + holds.matches('e').count())),
        );
        let one = format!("/wp/v2/users/{victim}");
        let answer = |method: &str, route: &str, body: Option<serde_json::Value>| {
            person.call(&server, method, route, body.as_ref())
        };
        let is = |needed: &str, ok: u16| if *holds == needed { ok } else { 403 };
        assert_eq!(
            answer("GET", "/wp/v2/users?context=edit", None).0,
            is("list_users", 200),
            "{holds}"
        );
        let made = format!("new-{}", holds.replace('_', "-"));
        let (status, body) = answer("POST", "/wp/v2/users", Some(new(&made)));
        assert_eq!(status, is("create_users", 201), "{holds}: {body}");
        let (status, body) = answer("POST", &one, Some(json!({"name": "Changed"})));
        assert_eq!(status, is("edit_users", 200), "{holds}: {body}");
        let (status, body) = answer("POST", &one, Some(json!({"roles": ["author"]})));
        assert_eq!(status, is("promote_users", 200), "{holds}: {body}");
        // Both at once needs both.
        let both = json!({"roles": ["editor"], "password": "quite another sentence"});
        assert_eq!(answer("POST", &one, Some(both)).0, 403, "{holds}");
        let (status, body) = answer("DELETE", &format!("{one}?force=true&reassign=0"), None);
        assert_eq!(status, is("delete_users", 200), "{holds}: {body}");
    }
}

#[test]
fn nobody_gets_more_than_they_may_give() {
    let site = site();
    let admin = Person::with_role(&site, "root", "administrator");
    let maker = Person::with_role(&site, "maker", "create_users");
    let editor = Person::with_role(&site, "changer", "edit_users");
    let giver = Person::with_role(&site, "giver", "promote_users");
    let server = site.serve();
    let me = |person: &Person| person.call(&server, "GET", "/wp/v2/users/me?context=edit", None).1;
    let new = |roles: serde_json::Value| json!({"username": "new", "email": "new@library.example", "password": "a sentence nobody guesses", "roles": roles});
    // Who makes accounts makes them with the role of newcomers.
    for role in ["administrator", "create_users", "editor"] {
        let (status, body) = maker.call(&server, "POST", "/wp/v2/users", Some(&new(json!([role]))));
        assert_eq!(
            (status, &body["code"]),
            (403, &json!("rest_cannot_edit_roles")),
            "{role}"
        );
    }
    let both = new(json!(["subscriber", "administrator"]));
    assert_eq!(maker.call(&server, "POST", "/wp/v2/users", Some(&both)).0, 403);
    let (status, made) = maker.call(&server, "POST", "/wp/v2/users", Some(&new(json!([]))));
    assert_eq!((status, &made["roles"]), (201, &json!(["subscriber"])), "{made}");
    // Nobody raises themselves, nor takes roles from others by giving none.
    for person in [&maker, &editor] {
        for body in [
            json!({"roles": ["administrator"]}),
            json!({"roles": ["administrator"], "name": "x"}),
        ] {
            let (status, answer) = person.call(&server, "POST", "/wp/v2/users/me", Some(&body));
            assert_eq!((status, &answer["code"]), (403, &json!("rest_cannot_edit_roles")));
        }
        let before = me(person)["roles"].clone();
        person.call(&server, "POST", "/wp/v2/users/me", Some(&json!({"roles": []})));
        assert_eq!(me(person)["roles"], before);
    }
    let root = me(&admin)["id"].as_i64().unwrap();
    let one = format!("/wp/v2/users/{root}");
    let (status, _) = editor.call(&server, "POST", &one, Some(&json!({"roles": [], "description": "x"})));
    assert_eq!((status, &me(&admin)["roles"]), (200, &json!(["administrator"])));
    // Who gives roles does not change anything else, and takes from themselves nothing that they need.
    let (status, answer) = giver.call(
        &server,
        "POST",
        &one,
        Some(&json!({"roles": ["editor"], "email": "x@y.example"})),
    );
    assert_eq!((status, &answer["code"]), (403, &json!("rest_cannot_edit")));
    assert_eq!(me(&admin)["email"], "root@library.example");
    let own = json!({"roles": ["subscriber"]});
    for person in [&admin, &giver] {
        let (status, answer) = person.call(&server, "POST", "/wp/v2/users/me", Some(&own));
        assert_eq!((status, &answer["code"]), (403, &json!("rest_user_invalid_role")));
    }
    // Application passwords are changed by whoever may change the account.
    let passwords = format!("{one}/application-passwords");
    for (person, status) in [(&maker, 403), (&giver, 403), (&editor, 200)] {
        assert_eq!(person.call(&server, "GET", &passwords, None).0, status);
    }
}

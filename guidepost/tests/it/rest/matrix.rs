//! Who may do what: every role by every deed on every kind of thing in every state, as the API answers. The table is a page of the
//! documentation, and this test says when the two differ.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use serde_json::json;

use super::Person;
use crate::site::{Server, Site};

const ROLES: &[&str] = &[
    "visitor",
    "subscriber",
    "contributor",
    "author",
    "editor",
    "administrator",
];

/// A thing of a kind in a state: where it is made, with what, and whose it is.
const THINGS: &[(&str, &str, &str)] = &[
    ("posts", "publish", "others"),
    ("posts", "draft", "others"),
    ("posts", "pending", "others"),
    ("posts", "private", "others"),
    ("posts", "trash", "others"),
    ("posts", "draft", "own"),
    ("posts", "publish", "own"),
    ("pages", "publish", "others"),
    ("pages", "draft", "others"),
    ("pages", "private", "others"),
    ("blocks", "publish", "others"),
    ("blocks", "draft", "others"),
    ("navigation", "publish", "others"),
    ("navigation", "draft", "others"),
];

/// One letter for how an answer turned out.
fn mark(status: u16) -> &'static str {
    match status {
        200 | 201 => "yes",
        // A list by a status that somebody may not ask for is refused as a wrong parameter.
        400 | 401 | 403 => "no",
        404 => "not there",
        _ => "?",
    }
}

/// Asks for each deed on a new thing of its own, so that one deed does not change what the next finds.
fn deeds(
    server: &Server<'_>,
    admin: &Person,
    person: &Person,
    owner: i64,
    thing: (&str, &str, &str),
) -> Vec<&'static str> {
    let (base, state, _) = thing;
    let make = || {
        let status = if state == "trash" { "draft" } else { state };
        let mut body = json!({"title": "One", "content": "Words", "status": status});
        if owner > 0 {
            body["author"] = owner.into();
        }
        let id = admin.make(server, &format!("/wp/v2/{base}"), &body);
        if state == "trash" {
            admin.call(server, "DELETE", &format!("/wp/v2/{base}/{id}"), None);
        }
        format!("/wp/v2/{base}/{id}")
    };
    let read = person.call(server, "GET", &make(), None).0;
    let work = person.call(server, "GET", &format!("{}?context=edit", make()), None).0;
    let change = person.call(server, "POST", &make(), Some(&json!({"title": "Two"}))).0;
    let publish = person
        .call(server, "POST", &make(), Some(&json!({"status": "publish"})))
        .0;
    let delete = person.call(server, "DELETE", &format!("{}?force=true", make()), None).0;
    [read, work, change, publish, delete].map(mark).to_vec()
}

/// Deeds on the site as a whole.
const WHOLE: &[(&str, &str, &str, &str)] = &[
    ("make a post", "POST", "/wp/v2/posts", r#"{"title":"x"}"#),
    (
        "publish a new post",
        "POST",
        "/wp/v2/posts",
        r#"{"title":"x","status":"publish"}"#,
    ),
    ("make a page", "POST", "/wp/v2/pages", r#"{"title":"x"}"#),
    (
        "make a pattern",
        "POST",
        "/wp/v2/blocks",
        r#"{"title":"x","content":"y"}"#,
    ),
    ("make a navigation", "POST", "/wp/v2/navigation", r#"{"title":"x"}"#),
    ("upload a file", "POST", "/wp/v2/media", ""),
    ("make a label", "POST", "/wp/v2/categories", r#"{"name":"NAME"}"#),
    ("make a topic", "POST", "/wp/v2/tags", r#"{"name":"NAME"}"#),
    ("list accounts for work", "GET", "/wp/v2/users?context=edit", ""),
    (
        "make an account",
        "POST",
        "/wp/v2/users",
        r#"{"username":"NAME","email":"NAME@x.example","password":"long enough"}"#,
    ),
    ("read the settings", "GET", "/wp/v2/settings", ""),
    (
        "change the settings",
        "POST",
        "/wp/v2/settings",
        r#"{"description":"d"}"#,
    ),
    ("list drafts", "GET", "/wp/v2/posts?status=draft", ""),
    ("list comments held back", "GET", "/wp/v2/comments?status=hold", ""),
    ("look at themselves", "GET", "/wp/v2/users/me", ""),
];

fn whole(server: &Server<'_>, person: &Person, n: usize, deed: &(&str, &str, &str, &str)) -> &'static str {
    let (what, method, route, body) = deed;
    if *what == "upload a file" {
        let ask = person
            .asks("POST", route)
            .header("Content-Type", "text/plain")
            .header("Content-Disposition", "attachment; filename=\"words.txt\"")
            .body("words");
        return mark(server.ask(&ask).status);
    }
    let body = body.replace("NAME", &format!("name{n}"));
    let body = (!body.is_empty()).then(|| serde_json::from_str(&body).unwrap());
    mark(person.call(server, method, route, body.as_ref()).0)
}

fn page(site: &Site) -> String {
    let admin = Person::with_role(site, "root", "administrator");
    let people: BTreeMap<&str, Person> = ROLES
        .iter()
        .map(|role| {
            let person = match *role {
                "visitor" => Person::nobody(),
                role => Person::with_role(site, &format!("the-{role}"), role),
            };
            (*role, person)
        })
        .collect();
    let server = site.serve();
    let mut out = String::from(
        "# Who may do what\n\nMade by a test that asks the API: \
         `GUIDEPOST_RENEW=1 cargo test -p guidepost --test it rest::matrix`. \"own\" is a thing of the person who asks, \"others\" one of \
         somebody else's. Every other door (pages, feeds, search) follows the same rule.\n",
    );
    for thing in THINGS {
        let (base, state, whose) = thing;
        let _ = write!(
            out,
            "\n## {base}, {state}, {whose}\n\n| | read | work with | change | publish | delete |\n|---|---|---|---|---|---|\n"
        );
        for role in ROLES {
            let person = &people[role];
            let owner = match *whose {
                "own" => person.call(&server, "GET", "/wp/v2/users/me", None).1["id"]
                    .as_i64()
                    .unwrap_or(0),
                _ => 0,
            };
            if *whose == "own" && owner == 0 {
                continue;
            }
            let _ = writeln!(
                out,
                "| {role} | {} |",
                deeds(&server, &admin, person, owner, *thing).join(" | ")
            );
        }
    }
    let _ = write!(
        out,
        "\n## The site\n\n| | {} |\n|---{}|\n",
        ROLES.join(" | "),
        "|---".repeat(ROLES.len())
    );
    for (row, deed) in WHOLE.iter().enumerate() {
        let marks: Vec<&str> = ROLES
            .iter()
            .enumerate()
            .map(|(n, role)| whole(&server, &people[role], row * 100 + n, deed))
            .collect();
        let _ = writeln!(out, "| {} | {} |", deed.0, marks.join(" | "));
    }
    out
}

#[test]
fn who_may_do_what_is_as_the_page_says() {
    let made = page(&Site::empty());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/permissions.md");
    if std::env::var_os("GUIDEPOST_RENEW").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    for (wanted, got) in known.lines().zip(made.lines()) {
        assert_eq!(got, wanted, "docs/reference/permissions.md");
    }
    assert_eq!(known.lines().count(), made.lines().count());
}

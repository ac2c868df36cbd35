//! Comments: approved, held back, thrown away, brought back.

use serde_json::{Value, json};

use super::{Browser, add, words};
use crate::{
    rest::Person,
    site::{Server, Site},
};

const LIST: &str = "/wp-admin/edit-comments.php";

/// A published item with comments that wait; its id and theirs.
fn written(api: &Person, server: &Server<'_>, texts: &[&str]) -> (i64, Vec<i64>) {
    let post = json!({"title": "Open to all", "content": "x", "status": "publish", "comment_status": "open"});
    let post = api.make(server, "/wp/v2/posts", &post);
    let write = |text: &&str| {
        let comment = json!({"post": post, "content": text, "status": "hold", "author_name": "Rita <Reader>",
            "author_email": "rita@mail.example", "author_url": "https://spam.example/buy?now"});
        api.make(server, "/wp/v2/comments", &comment)
    };
    (post, texts.iter().map(write).collect())
}

#[test]
fn comments_are_approved_thrown_away_and_brought_back() {
    for site in Site::each() {
        let api = Person::with_role(&site, "root", "administrator");
        add(&site, "edna", "editor");
        let server = site.serve();
        let edna = Browser::of(&server, "edna");
        assert!(words(&edna.page(LIST)).contains("Nobody has written a comment yet"));
        let texts = [
            "Very good. <a href=\"https://casino.example/win\">Look here</a>",
            "Second words",
            "Third words",
        ];
        let (post, ids) = written(&api, &server, &texts);
        let state = |id: i64| {
            api.call(&server, "GET", &format!("/wp/v2/comments/{id}?context=edit"), None)
                .1["status"]
                .clone()
        };
        let public = || {
            let (_, seen) = Person::nobody().call(&server, "GET", &format!("/wp/v2/comments?post={post}"), None);
            seen.as_array().map_or(0, Vec::len)
        };
        let html = edna.page(LIST);
        assert!(
            words(&html).contains("Pending 3") && words(&html).contains("Look here (casino.example)"),
            "{}",
            words(&html)
        );
        assert!(
            words(&html).contains("spam.example")
                && !html.contains("https://spam.example")
                && !html.contains("https://casino.example")
        );
        assert!(!html.contains("<Reader>"));

        // One, and back.
        let done = edna.does(LIST, "comment[]", &[("approve", &ids[0].to_string())]);
        assert!(
            words(&done).contains("1 comment approved.") && public() == 1,
            "{}",
            words(&done)
        );
        let answer = edna.send_from(&done, "value=\"undo\"", &[("do", "undo")]);
        assert_eq!(
            (answer.status, state(ids[0]), public()),
            (303, json!("hold"), 0),
            "{}",
            site.name
        );

        // Several at once, and back, each as it was.
        edna.does(LIST, "comment[]", &[("approve", &ids[1].to_string())]);
        let all: Vec<String> = ids.iter().map(i64::to_string).collect();
        let mut fields: Vec<(&str, &str)> = all.iter().map(|id| ("comment[]", id.as_str())).collect();
        fields.push(("do", "trash"));
        let done = edna.does(LIST, "comment[]", &fields);
        assert!(
            words(&done).contains("3 comments moved to the trash."),
            "{}",
            words(&done)
        );
        assert_eq!(state(ids[1]), json!("trash"));
        let answer = edna.send_from(&done, "value=\"undo\"", &[("do", "undo")]);
        assert_eq!(answer.status, 303);
        assert_eq!([state(ids[0]), state(ids[1])], [json!("hold"), json!("approved")]);

        // From the trash each comes back as it was before.
        edna.does(LIST, "comment[]", &fields);
        let trash = format!("{LIST}?comment_status=trash");
        edna.does(&trash, "comment[]", &[("restore", &ids[1].to_string())]);
        assert_eq!(state(ids[1]), json!("approved"));
        let done = edna.does(&trash, "comment[]", &[("delete", &ids[2].to_string())]);
        assert!(words(&done).contains("1 comment deleted for good.") && !done.contains("value=\"undo\""));
        assert_eq!(
            api.call(&server, "GET", &format!("/wp/v2/comments/{}", ids[2]), None).0,
            404
        );

        // Found by words; nothing picked; what is gone.
        assert!(words(&edna.page(&format!("{LIST}?s=second"))).contains("Second words"));
        assert!(words(&edna.page(&format!("{LIST}?s=nobody%20said"))).contains("No comment fits"));
        assert!(words(&edna.does(LIST, "comment[]", &[("do", "spam")])).contains("Nothing was picked"));
        assert!(words(&edna.does(LIST, "comment[]", &[("spam", "999999")])).contains("left as it was"));
        drop(server);
        site.assert_sound("moderating comments");
    }
}

#[test]
fn the_menu_tells_how_many_wait() {
    let site = Site::empty();
    let api = Person::with_role(&site, "root", "administrator");
    add(&site, "edna", "editor");
    let server = site.serve();
    let edna = Browser::of(&server, "edna");
    written(&api, &server, &["one", "two"]);
    let begun = std::time::Instant::now();
    while !edna.page("/wp-admin/").contains("Comments<b>2") {
        assert!(begun.elapsed() < crate::http::PATIENCE, "the menu never tells");
    }
}

#[test]
fn who_does_not_moderate_sees_no_comments_that_wait() {
    let site = Site::empty();
    let api = Person::with_role(&site, "root", "administrator");
    add(&site, "anna", "author");
    let server = site.serve();
    let anna = Browser::of(&server, "anna");
    let (_, ids) = written(&api, &server, &["secret words"]);
    let answer = anna.get(LIST);
    assert!(answer.status == 403 && !answer.text().contains("secret words"));
    let told: Value = api
        .call(
            &server,
            "GET",
            &format!("/wp/v2/comments/{}?context=edit", ids[0]),
            None,
        )
        .1;
    assert_eq!(told["status"], "hold");
}

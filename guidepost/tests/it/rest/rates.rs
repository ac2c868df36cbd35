//! How often the API may be asked.

use serde_json::json;

use super::{Person, read};
use crate::{
    http::{Answer, Ask},
    site::{Server, Site},
};

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

fn serve<'a>(site: &'a Site, rates: &str) -> Server<'a> {
    Server::start(site.command(&[&SERVE[..], &["--api-rates", rates]].concat()))
}

/// From another network, as a proxy tells it.
fn from(ask: Ask, ip: &str) -> Ask {
    ask.header("X-Forwarded-For", ip)
}

fn waits(answer: &Answer) -> i64 {
    let body = read(answer);
    assert_eq!(
        (answer.status, &body["code"]),
        (429, &json!("rest_too_many_requests")),
        "{body}"
    );
    assert_eq!(body["data"]["status"], 429);
    let seconds = answer.header("retry-after").unwrap().parse().unwrap();
    assert!(
        body["message"]
            .as_str()
            .unwrap()
            .contains(&format!("wait {seconds} second")),
        "{body}"
    );
    seconds
}

#[test]
fn visitors_of_a_network_ask_so_often_and_others_do_not_wait() {
    let site = Site::empty();
    let server = serve(&site, "visitors=5");
    let ask = |ip: &str| server.ask(&from(Ask::get("/wp-json/wp/v2/posts"), ip));
    for n in 0..5 {
        assert_eq!(ask(&format!("192.0.2.{n}")).status, 200);
    }
    assert!((1..=12).contains(&waits(&ask("192.0.2.9"))));
    assert_eq!(ask("198.51.100.1").status, 200);
    // Pages are no matter of the API, and the operator's own programs ask as often as they like.
    assert_eq!(server.ask(&from(Ask::get("/"), "192.0.2.9")).status, 200);
    for _ in 0..8 {
        assert_eq!(server.get("/wp-json/wp/v2/posts").status, 200);
    }
    waits(&server.ask(&from(Ask::get("/?rest_route=/wp/v2/types"), "192.0.2.9")));
    waits(&server.ask(&from(Ask::get("/wp-json/nothing"), "192.0.2.9")));
    // A cookie that is nobody's does not help.
    let pretends = from(Ask::get("/wp-json/wp/v2/posts"), "192.0.2.9").header("Cookie", "guidepost_session=x");
    waits(&server.try_ask(&pretends).unwrap());
}

#[test]
fn an_account_is_counted_wherever_it_asks_from() {
    let site = Site::empty();
    let (anna, bert) = (
        Person::with_role(&site, "anna", "editor"),
        Person::with_role(&site, "bert", "editor"),
    );
    let server = serve(&site, "account=4,visitors=1");
    let ask = |person: &Person, ip: &str| server.ask(&from(person.asks("GET", "/wp/v2/users/me"), ip));
    for n in 0..4 {
        assert_eq!(ask(&anna, &format!("198.51.{n}.1")).status, 200);
    }
    waits(&ask(&anna, "203.0.113.1"));
    assert_eq!(ask(&bert, "203.0.113.1").status, 200);
}

#[test]
fn what_visitors_send_and_wrong_passwords_are_counted_narrowly() {
    let site = Site::empty();
    let anna = Person::with_role(&site, "anna", "editor");
    let server = serve(&site, "writes=2,refused=3");
    let send = |ip: &str| {
        let ask = Ask::new("POST", "/wp-json/wp/v2/comments").json(&json!({"post": 1, "content": "x"}));
        server.ask(&from(ask, ip))
    };
    let first = send("192.0.2.1").status;
    assert!(first != 429 && send("192.0.2.1").status == first);
    assert!((1..=30).contains(&waits(&send("192.0.2.2"))));
    assert_eq!(send("198.51.100.1").status, first);
    let hidden = Ask::new("POST", "/wp-json/wp/v2/comments").header("X-HTTP-Method-Override", "GET");
    let hidden = hidden.json(&json!({"_method": "POST", "post": 1, "content": "x"}));
    waits(&server.ask(&from(hidden, "192.0.2.1")));
    assert_eq!(
        server.ask(&from(Ask::get("/wp-json/"), "192.0.2.1")).status,
        200,
        "who may not send may read"
    );

    let guess = |ip: &str| {
        let ask = Ask::get("/wp-json/wp/v2/users/me").signed_in("anna", "wrong");
        server.ask(&from(ask, ip))
    };
    for _ in 0..3 {
        assert_eq!(guess("203.0.113.1").status, 401);
    }
    waits(&guess("203.0.113.1"));
    // Not even the right one is looked at there, by whatever door; elsewhere it is.
    waits(&server.ask(&from(anna.asks("GET", "/wp/v2/users/me"), "203.0.113.1")));
    assert_eq!(
        server
            .ask(&from(anna.asks("GET", "/wp/v2/users/me"), "198.51.100.9"))
            .status,
        200
    );
    let page = server.ask(&from(Ask::get("/").signed_in("anna", "wrong"), "203.0.113.1"));
    assert_eq!(page.status, 200, "public pages stay public");
}

#[test]
fn an_operator_sets_the_rates_or_none() {
    let site = Site::empty();
    let wrong = site.run(&["users", "list", "--api-rates", "guests=1"]);
    assert!(
        wrong.status != 0 && wrong.stderr.contains("visitors=3000"),
        "{}",
        wrong.stderr
    );
    let server = serve(&site, "off");
    for _ in 0..30 {
        let guess = from(Ask::get("/wp-json/").signed_in("anna", "wrong"), "203.0.113.1");
        assert_eq!(server.ask(&guess).status, 401);
    }
}

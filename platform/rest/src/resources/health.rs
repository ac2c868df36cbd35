//! The health of the site as WordPress's clients ask for it (`wp-site-health/v1`). Only what is true of this program is said: much that
//! WordPress has to look after does not exist here.

use std::sync::Arc;

use axum::http::header;
use futures_util::future::BoxFuture;
use gp_content::files;
use gp_markup::text::size_format;
use serde_json::{Map, Value, json};

use crate::{
    reply::{Answer, Outcome, Reply},
    request::Request,
    routes::{Deed, READ, Resource, Route},
    turn::Turn,
};

const NAMESPACE: &str = "wp-site-health/v1";

/// The tests, by the names of their routes.
const TESTS: &[&str] = &[
    "background-updates",
    "loopback-requests",
    "https-status",
    "dotorg-communication",
    "authorization-header",
    "page-cache",
];

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let tests = TESTS.iter().map(|test| {
        let resource = Arc::new(Health { test });
        Route::new(NAMESPACE, &format!("/tests/{test}"), resource).on(READ, Deed::Get, Map::new())
    });
    let sizes = Route::new(NAMESPACE, "/directory-sizes", Arc::new(Sizes)).on(READ, Deed::Get, Map::new());
    tests.chain([sizes]).collect()
}

fn permitted(turn: &Turn) -> Outcome<()> {
    if turn.can("view_site_health_checks") || turn.can("manage_options") {
        return Ok(());
    }
    Err(turn.refusal("rest_forbidden", "Sorry, you are not allowed to do that."))
}

struct Health {
    test: &'static str,
}

impl Resource for Health {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _: &'a Request, _: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permitted(turn) })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, _: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let finding = finding(turn, request, self.test);
            Ok(Reply::ok(json!({
                "label": finding.label,
                "status": finding.status,
                "badge": {"label": finding.about, "color": "blue"},
                "description": format!("<p>{}</p>", finding.text),
                "actions": "",
                "test": self.test.replace('-', "_"),
            })))
        })
    }
}

/// What a test found.
struct Finding {
    label: &'static str,
    /// `good`, `recommended` or `critical`.
    status: &'static str,
    about: &'static str,
    text: &'static str,
}

fn finding(turn: &Turn, request: &Request, test: &str) -> Finding {
    let good = |about, label, text| Finding {
        label,
        status: "good",
        about,
        text,
    };
    match test {
        "background-updates" => good(
            "Security",
            "Updates are made by the operator",
            "This program does not change itself. Whoever runs it puts a newer one in its place.",
        ),
        "loopback-requests" => good(
            "Performance",
            "Scheduled work needs no visitor",
            "The program does its scheduled work by itself and sends no request to its own address for it.",
        ),
        "dotorg-communication" => good(
            "Security",
            "Nothing has to be asked elsewhere",
            "The program needs no other site to work: no updates, no fonts and no pictures are fetched.",
        ),
        "https-status" if turn.base_url.starts_with("https://") => good(
            "Security",
            "The site is served by HTTPS",
            "Nobody between a reader and the site can see what is read.",
        ),
        "https-status" => Finding {
            label: "The site is not served by HTTPS",
            status: "recommended",
            about: "Security",
            text: "Whoever is between a reader and the site can see what is read. Give the program a certificate (--acme or --tls-certificate), \
                or put a proxy in front that has one.",
        },
        "authorization-header" if request.headers.contains_key(header::AUTHORIZATION) => good(
            "Security",
            "Passwords of applications arrive",
            "The header in which programs say who they are reached the site.",
        ),
        "authorization-header" => Finding {
            label: "This request said nothing of who asks in its header",
            status: "recommended",
            about: "Security",
            text: "Programs say who they are in the Authorization header. This request had none: either it was not sent, or a proxy in front \
                takes it away.",
        },
        _ if turn.app.pages.are_kept() => good(
            "Performance",
            "Finished pages are kept",
            "A page that was made is sent again for as long as nothing of it has changed.",
        ),
        _ => Finding {
            label: "Finished pages are not kept",
            status: "recommended",
            about: "Performance",
            text: "Every page is made anew for every reader. Take `--page-cache off` away to keep them.",
        },
    }
}

struct Sizes;

impl Resource for Sizes {
    fn permit<'a>(&'a self, turn: &'a mut Turn, _: &'a Request, _: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move { permitted(turn) })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, _: &'a Request, _: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let (_, uploads) = files::total(&mut turn.conn).await?;
            let db = turn.app.db.clone();
            let database = gp_store::size(&db, &mut turn.conn).await?;
            let told = |bytes: i64| -> Value {
                #[expect(clippy::cast_precision_loss, reason = "a size for people")]
                let shown = size_format(bytes as f64, 2).unwrap_or_default();
                json!({"size": shown, "debug": format!("{shown} ({bytes} bytes)"), "raw": bytes})
            };
            Ok(Reply::ok(json!({
                "raw": 0,
                "uploads_size": told(uploads),
                "database_size": told(database),
                "total_size": told(uploads + database),
            })))
        })
    }
}

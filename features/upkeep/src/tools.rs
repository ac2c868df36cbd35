//! `tools.php`: the ways to everything that keeps the site in order, with what waits there.

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Page, Screen, html};
use gp_kernel::{Error, ErrorKind, Result};

use crate::store;

pub(crate) struct Tools;

/// The entry of the menu that all of these screens belong to.
pub(crate) const ENTRY: &str = "tools.php";

/// A way: where it leads, what it is called, what one does there, what one must be allowed for it.
type Way = (&'static str, &'static str, &'static str, &'static [&'static str]);

/// The ways, by what they are about.
const WAYS: &[(&str, &[Way])] = &[
    (
        "How it goes",
        &[
            (
                "site-health.php",
                "Site health",
                "Whether everything that the site stands on is in order, and what it stands on.",
                &["manage_options"],
            ),
            (
                "jobs.php",
                "Jobs",
                "What the program still has to do, and what it could not do.",
                &["manage_options"],
            ),
            (
                "mails.php",
                "Mail",
                "What was written to people, where no mail server takes it.",
                &["manage_options", "edit_users"],
            ),
            ("log.php", "Log", "What was done, and by whom.", &["manage_options"]),
        ],
    ),
    (
        "Addresses",
        &[
            (
                "redirects.php",
                "Redirects",
                "Old addresses that lead to new ones.",
                &["manage_options"],
            ),
            (
                "options-permalink.php",
                "How addresses are made",
                "With a look at what would change before it does.",
                &["manage_options"],
            ),
        ],
    ),
    (
        "Moving",
        &[(
            "export.php",
            "Export",
            "The texts of the site as a file that WordPress and this program read.",
            &["export"],
        )],
    ),
];

fn may(desk: &Desk, needs: &[&str]) -> bool {
    needs.iter().all(|capability| desk.can(capability))
}

fn may_any(desk: &Desk) -> bool {
    WAYS.iter()
        .flat_map(|(_, ways)| ways.iter())
        .any(|(.., needs)| may(desk, needs))
}

impl Screen for Tools {
    fn paths(&self) -> &'static [&'static str] {
        &[ENTRY]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        match may_any(desk) {
            true => vec![Entry::new(Group::Site, "Tools", ENTRY)],
            false => Vec::new(),
        }
    }

    fn waiting<'a>(&'a self, desk: &'a Desk) -> BoxFuture<'a, Result<Vec<(String, i64)>>> {
        Box::pin(async move {
            if !desk.can("manage_options") {
                return Ok(Vec::new());
            }
            let mut conn = desk.read().await?;
            let counts = store::counts(&mut conn, desk.now.as_second()).await?;
            Ok(vec![(ENTRY.to_owned(), counts.given_up)])
        })
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            if !may_any(desk) {
                return Err(Error::new(ErrorKind::Forbidden, "nothing here is for this account"));
            }
            let given_up = match desk.can("manage_options") {
                true => {
                    let mut conn = desk.read().await?;
                    store::counts(&mut conn, desk.now.as_second()).await?.given_up
                }
                false => 0,
            };
            let sections: String = WAYS.iter().map(|part| section(desk, part, given_up)).collect();
            Ok(Page::new("Tools", sections).into())
        })
    }
}

fn section(desk: &Desk, (title, ways): &(&str, &[Way]), given_up: i64) -> String {
    let mut list = String::new();
    for (address, name, about, _) in ways.iter().filter(|(.., needs)| may(desk, needs)) {
        let waits = match (*address, given_up) {
            (_, 0) => String::new(),
            ("jobs.php", 1) => html::state("stop", "One job was given up"),
            ("jobs.php", n) => html::state("stop", &format!("{n} jobs were given up")),
            _ => String::new(),
        };
        let _ = write!(
            list,
            "<li><span><a href=\"/wp-admin/{address}\">{name}</a><br><span class=\"a-s a-2\">{about}</span></span>{waits}</li>"
        );
    }
    match list.as_str() {
        "" => String::new(),
        list => format!(
            "<section class=\"a-part\"><h2 class=\"a-h\">{title}</h2><ul class=\"a-found\">{list}</ul></section>"
        ),
    }
}

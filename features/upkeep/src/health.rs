//! `site-health.php`: whether what the site stands on is in order, and what that is.

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Page, Screen, html};
use gp_content::files;
use gp_kernel::Result;
use gp_markup::text::{esc_attr, esc_html, plain_text};
use gp_store::{Conn, Dialect, latest_change};

use crate::{Outside, store, tools};

pub(crate) struct Health {
    pub(crate) outside: Outside,
}

const HERE: &str = "site-health.php";
/// The tests that are asked of the API. That of the header in which programs say who they are is not: no page is asked for with it.
const TESTS: &[&str] = &[
    "https-status",
    "page-cache",
    "loopback-requests",
    "dotorg-communication",
    "background-updates",
];
/// Faults that are shown.
const MOST: usize = 200;

/// What was found of one matter.
struct Finding {
    good: bool,
    label: String,
    text: String,
    /// Where something can be done about it, and what that is called.
    way: Option<(&'static str, &'static str)>,
}

impl Screen for Health {
    fn paths(&self) -> &'static [&'static str] {
        &[HERE]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("manage_options")?;
            let checked = match desk.query.has("check") {
                true => checked(&(self.outside.check)().await?),
                false => String::new(),
            };
            let mut conn = desk.read().await?;
            let mut findings = own(desk, &mut conn, &self.outside).await?;
            let facts = facts(desk, &mut conn, &self.outside).await?;
            drop(conn);
            findings.extend(asked(desk).await?);
            // What somebody has to look after comes first.
            findings.sort_by_key(|finding| finding.good);
            let body = format!(
                "{checked}<div class=\"a-cols\"><section class=\"a-part\"><h2 class=\"a-h\">What was looked at</h2><ul class=\"a-versions\">{}</ul>{}</section>\
                 <section class=\"a-part\"><h2 class=\"a-h\">What it stands on</h2>{facts}</section></div>",
                findings.iter().map(line).collect::<String>(),
                deeper(),
            );
            Ok(Page {
                entry: tools::ENTRY.to_owned(),
                ..Page::new("Site health", body)
            }
            .into())
        })
    }
}

fn line(finding: &Finding) -> String {
    let (kind, word) = if finding.good {
        ("ok", "Good")
    } else {
        ("warn", "To look at")
    };
    let way = finding.way.map_or(String::new(), |(address, name)| {
        format!(" <a href=\"/wp-admin/{}\">{}</a>", esc_attr(address), esc_html(name))
    });
    format!(
        "<li>{} <strong>{}</strong><p class=\"a-s\">{}{way}</p></li>",
        html::state(kind, word),
        esc_html(&finding.label),
        esc_html(&finding.text)
    )
}

fn deeper() -> String {
    format!(
        "<form class=\"a-after\" action=\"/wp-admin/{HERE}\"><input type=\"hidden\" name=\"check\" value=\"1\"><p class=\"a-help\">Every row and every file can be \
         compared with each other. On a large site this takes minutes.</p><button class=\"a-btn\">Compare database and files</button></form>"
    )
}

fn checked(faults: &[String]) -> String {
    if faults.is_empty() {
        return html::note(
            html::Note::Done,
            "No fault: every row and every file is where it belongs.",
        );
    }
    let mut list = String::new();
    for fault in faults.iter().take(MOST) {
        let _ = write!(list, "<li class=\"a-said\">{}</li>", esc_html(fault));
    }
    let more = match faults.len().saturating_sub(MOST) {
        0 => String::new(),
        n => format!("<li>and {n} more</li>"),
    };
    let count = match faults.len() {
        1 => "One fault was found.".to_owned(),
        n => format!("{n} faults were found."),
    };
    format!(
        "{}<ul class=\"a-links\">{list}{more}</ul>",
        html::note(html::Note::Stop, &format!("{count} Nothing was changed."))
    )
}

/// What this program has to look after by itself.
async fn own(desk: &Desk, conn: &mut Conn, outside: &Outside) -> Result<Vec<Finding>> {
    let behind = latest_change(conn).await? - desk.app.index.checkpoint();
    let index = match behind {
        ..=0 => Finding {
            good: true,
            label: "The search knows everything".to_owned(),
            text: "Its index holds the last change of the site.".to_owned(),
            way: None,
        },
        n => Finding {
            // It follows in less than a second; what stays behind for long does not follow.
            good: n < 50,
            label: "The search follows".to_owned(),
            text: format!(
                "Its index is {} changes behind. It catches up by itself.",
                html::thousands(n)
            ),
            way: Some((HERE, "Look again")),
        },
    };
    let given_up = store::counts(conn, desk.now.as_second()).await?.given_up;
    let jobs = Finding {
        good: given_up == 0,
        label: match given_up {
            0 => "No job was given up".to_owned(),
            1 => "One job was given up".to_owned(),
            n => format!("{n} jobs were given up"),
        },
        text: "What fails is tried again, each time later, and after eight times left to a person.".to_owned(),
        way: Some(("jobs.php", "Jobs")),
    };
    let mail = match &outside.mails {
        None => Finding {
            good: true,
            label: "A server takes the mail".to_owned(),
            text: "Links for new passwords reach people.".to_owned(),
            way: None,
        },
        Some(_) => Finding {
            good: false,
            label: "Mail stays on this computer".to_owned(),
            text: "No mail server is named, so letters are laid down in a folder. Name one with GUIDEPOST_SMTP where the program is started."
                .to_owned(),
            way: Some(("mails.php", "Read them")),
        },
    };
    Ok(vec![index, jobs, mail])
}

/// What the API's tests found.
async fn asked(desk: &Desk) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for test in TESTS {
        let Ok(told) = desk.get(&format!("/wp-site-health/v1/tests/{test}")).await? else {
            continue;
        };
        let text = |name: &str| told[name].as_str().unwrap_or_default();
        findings.push(Finding {
            good: text("status") == "good",
            label: text("label").to_owned(),
            text: plain_text(text("description")),
            way: None,
        });
    }
    Ok(findings)
}

async fn facts(desk: &Desk, conn: &mut Conn, outside: &Outside) -> Result<String> {
    let (count, bytes) = files::total(conn).await?;
    let database = gp_store::size(&desk.app.db, conn).await?;
    let kind = match desk.app.db.dialect() {
        Dialect::Sqlite => "SQLite, in the data folder",
        Dialect::Postgres => "PostgreSQL",
    };
    let found = i64::try_from(desk.app.index.count()).unwrap_or(0);
    let address = match desk.app.url.as_str() {
        "" => format!("{} (as asked; none is set)", desk.base_url),
        url => url.to_owned(),
    };
    let from = match (&outside.mails, outside.mail_from.as_str()) {
        (Some(_), _) => "into a folder".to_owned(),
        (None, "") => "by a server".to_owned(),
        (None, from) => format!("by a server, from {from}"),
    };
    let now = desk.shown(desk.now);
    let facts = [
        ("Guidepost", env!("CARGO_PKG_VERSION").to_owned()),
        ("Address", address),
        ("Database", format!("{kind}, {}", html::size(database))),
        ("Files", format!("{}, {}", html::thousands(count), html::size(bytes))),
        ("In the search", html::thousands(found)),
        ("Theme", desk.site.stylesheet.clone()),
        ("Mail", from),
        ("Clock", now.strftime("%-d %b %Y, %H:%M").to_string()),
    ];
    let mut list = String::from("<dl class=\"a-facts a-facts--long\">");
    for (name, value) in facts {
        let _ = write!(list, "<div><dt>{name}</dt><dd>{}</dd></div>", esc_html(&value));
    }
    list.push_str("</dl>");
    Ok(list)
}

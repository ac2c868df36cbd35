//! `mails.php`: what was written to people, where no mail server takes it.
//!
//! Letters hold links that open accounts: who reads them must be allowed to change accounts, too.

use std::{fmt::Write as _, path::Path};

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Page, Screen, html};
use gp_kernel::{Error, Result};
use gp_markup::text::{esc_attr, esc_html};

use crate::{Outside, letter::Letter, tools};

pub(crate) struct Mails {
    pub(crate) outside: Outside,
}

const HERE: &str = "mails.php";
const PER_PAGE: usize = 50;
/// A larger file is no letter of ours.
const LARGEST: u64 = 1 << 20;

impl Screen for Mails {
    fn paths(&self) -> &'static [&'static str] {
        &[HERE]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("manage_options")?;
            desk.needs("edit_users")?;
            let Some(folder) = &self.outside.mails else {
                let text = "A mail server takes what is written to people; here nothing of it is kept.";
                return Ok(page("Mail", html::empty(text, "")).into());
            };
            let shown = match desk.query.get("mail") {
                "" => list(desk, folder).await?,
                name => one(desk, folder, name).await?,
            };
            Ok(shown.into())
        })
    }
}

fn page(title: impl Into<String>, body: String) -> Page {
    Page {
        entry: tools::ENTRY.to_owned(),
        ..Page::new(title, body)
    }
}

/// The names of the letters, the newest first: they begin with their time.
async fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut files = match tokio::fs::read_dir(folder).await {
        Ok(files) => files,
        // Nobody was written to yet.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
        Err(error) => return Err(Error::from(error).at(folder.display())),
    };
    while let Some(file) = files.next_entry().await.map_err(Error::from)? {
        if let Ok(name) = file.file_name().into_string()
            && name.ends_with(".eml")
        {
            names.push(name);
        }
    }
    names.sort_unstable_by(|a, b| b.cmp(a));
    Ok(names)
}

async fn read(folder: &Path, name: &str) -> Result<Option<Letter>> {
    let path = folder.join(name);
    let size = tokio::fs::metadata(&path).await.map_or(0, |file| file.len());
    if size > LARGEST {
        return Ok(None);
    }
    match tokio::fs::read(&path).await {
        Ok(bytes) => Ok(Some(Letter::read(&bytes))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::from(error).at(path.display())),
    }
}

/// When a letter was written, by its name: `20261127T200000Z-….eml`.
fn written(desk: &Desk, name: &str) -> String {
    let at = name.split('-').next().unwrap_or_default();
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", at).and_then(|at| at.to_zoned(jiff::tz::TimeZone::UTC));
    at.map_or_else(
        |_| "no date".to_owned(),
        |at| desk.shown(at.timestamp()).strftime("%-d %b %Y, %H:%M").to_string(),
    )
}

async fn list(desk: &Desk, folder: &Path) -> Result<Page> {
    let names = names(folder).await?;
    if names.is_empty() {
        let text = "Nobody was written to yet. Since no mail server is named, letters are laid down here instead of being sent.";
        return Ok(page("Mail", html::empty(text, "")));
    }
    let asked = desk.query.int("paged").unwrap_or(1).clamp(1, 100_000);
    let first = usize::try_from(asked - 1).unwrap_or(0) * PER_PAGE;
    let mut rows = String::new();
    for name in names.iter().skip(first).take(PER_PAGE) {
        let letter = read(folder, name).await?.unwrap_or_default();
        let subject = match letter.subject.trim() {
            "" => "(nothing said)",
            subject => subject,
        };
        let _ = write!(
            rows,
            "<tr><th scope=\"row\"><a class=\"a-t\" href=\"/wp-admin/{HERE}?{}\">{}</a></th><td data-l=\"To\">{}</td><td data-l=\"Written\" class=\"a-nw\">{}</td></tr>",
            esc_attr(&html::query(&[("mail", name)])),
            esc_html(subject),
            esc_html(&letter.to),
            esc_html(&written(desk, name)),
        );
    }
    let note = html::note(
        html::Note::Know,
        "No mail server is named, so nobody has got these. Name one with GUIDEPOST_SMTP where the program is started, or pass on what stands in them.",
    );
    let total = i64::try_from(names.len()).unwrap_or(0);
    let pages = html::pages(asked, i64::try_from(PER_PAGE).unwrap_or(50), total, |page| {
        format!("/wp-admin/{HERE}?paged={page}")
    });
    Ok(page(
        "Mail",
        format!(
            "{note}<table class=\"a-stack\"><caption class=\"a-vh\">Letters, the newest first</caption><thead><tr><th scope=\"col\">About</th>\
             <th scope=\"col\">To</th><th scope=\"col\">Written</th></tr></thead><tbody>{rows}</tbody></table>{pages}"
        ),
    ))
}

async fn one(desk: &Desk, folder: &Path, name: &str) -> Result<Page> {
    // Only what stands in the list is read: no way leads out of the folder.
    let gone = || Error::not_found("There is no such letter any more.");
    if !names(folder).await?.iter().any(|known| known == name) {
        return Err(gone());
    }
    let letter = read(folder, name).await?.ok_or_else(gone)?;
    let facts = [
        ("To", letter.to.as_str()),
        ("From", letter.from.as_str()),
        ("Written", &written(desk, name)),
        ("File", name),
    ]
    .iter()
    .fold(String::new(), |mut list, (label, value)| {
        let _ = write!(list, "<div><dt>{label}</dt><dd>{}</dd></div>", esc_html(value));
        list
    });
    let title = match letter.subject.trim() {
        "" => "A letter",
        subject => subject,
    };
    Ok(page(
        title,
        format!(
            "<p class=\"a-ways\"><a href=\"/wp-admin/{HERE}\">All letters</a></p><div class=\"a-cols\"><section class=\"a-part\"><pre class=\"a-letter\">{}</pre></section>\
             <section class=\"a-part\"><dl class=\"a-facts a-facts--long\">{facts}</dl></section></div>",
            esc_html(&letter.text)
        ),
    ))
}

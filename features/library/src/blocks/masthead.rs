//! `guidepost/masthead`: publisher and symbol, what kind of thing it is, the title, and whether it holds.

use gp_blocks::html;
use gp_content::{Sight, address::links, items};
use gp_kernel::Result;

use super::{
    cards,
    dates::tone,
    desk::{Desk, Subject},
    occasion::Occasion,
};
use crate::record::Status;

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    desk.load_categories().await?;
    let replaced = replacement(desk).await?;
    let Some(subject) = desk.subject.as_ref() else {
        return Ok(String::new());
    };
    Ok(match subject.item.kind.as_str() {
        "post" => resource(desk, subject, &replaced),
        "ai1ec_event" => event(desk, subject),
        _ => plain(desk, subject),
    })
}

fn title(desk: &Desk<'_>, subject: &Subject) -> String {
    let title = html::title(&subject.item.title);
    let title = if title.trim().is_empty() {
        format!("#{}", subject.item.id)
    } else {
        title
    };
    format!("<h1{}>{title}</h1>", desk.own_lang())
}

fn plain(desk: &Desk<'_>, subject: &Subject) -> String {
    format!(
        "<header class=\"g-mast g-mast--plain g-wrap\">{}</header>",
        title(desk, subject)
    )
}

fn resource(desk: &Desk<'_>, subject: &Subject, replaced: &str) -> String {
    if subject.locked {
        let words = desk.inside().say("Protected by a password");
        return format!(
            "<header class=\"g-mast g-mast--plain g-wrap\"><p class=\"g-labels g-2\">{words}</p>{}</header>",
            title(desk, subject)
        );
    }
    let words = desk.inside();
    let linked = desk.terms_of("publisher");
    let publisher = match (linked.is_empty(), subject.record.publisher.is_empty()) {
        (false, _) => words.and(&linked),
        (true, false) => html::esc(&words.and(&subject.record.publisher)),
        (true, true) => html::link("/", &html::stored(&desk.page.site.name)),
    };
    let symbol = match subject.record.symbol.as_str() {
        "" => String::new(),
        symbol => format!(
            " <span class=\"g-sym\" dir=\"ltr\"><span class=\"g-vh\">{} </span>{}</span>",
            words.say("Symbol"),
            html::esc(symbol)
        ),
    };
    let labels = desk.terms_of("category").join(" ");
    let labels = if labels.is_empty() {
        String::new()
    } else {
        format!("<p class=\"g-labels\">{labels}</p>")
    };
    format!(
        "<header class=\"g-mast g-wrap\"><p class=\"g-mast-top\"><span dir=\"auto\">{publisher}</span>{symbol}</p><div class=\"g-mast-body\">\
         <div>{labels}{}</div><dl class=\"g-facts\">{}</dl></div>{}</header>",
        title(desk, subject),
        facts(desk, subject),
        holds(desk, subject, replaced)
    )
}

fn facts(desk: &Desk<'_>, subject: &Subject) -> String {
    let (words, record) = (desk.inside(), &subject.record);
    let mut rows = Vec::new();
    let state = cards::state(record, words);
    if !state.is_empty() {
        rows.push(format!(
            "<div><dt class=\"g-vh\">{}</dt><dd>{state}</dd></div>",
            words.say("Status")
        ));
    }
    let mut row = |name: &'static str, value: String| {
        if !value.is_empty() {
            rows.push(format!("<div><dt>{}</dt><dd>{value}</dd></div>", words.say(name)));
        }
    };
    let first = if record.given { "Issued" } else { "Published" };
    row(first, words.date(&record.issued));
    row("Adopted", words.date(&record.adopted));
    if !record.original.is_empty() {
        row("Original", words.language(&record.original));
    }
    row("Last verified", words.date(&record.verified));
    let day = |date: &str| date.get(..10).unwrap_or_default().to_owned();
    let (published, modified) = (day(&subject.item.date), day(&subject.item.modified));
    if !record.given && modified > published {
        row("Updated", words.date(&modified));
    }
    rows.concat()
}

/// What a reader must know of a document that no longer holds.
fn holds(desk: &Desk<'_>, subject: &Subject, replaced: &str) -> String {
    let words = desk.inside();
    match subject.record.status {
        Status::Superseded => {
            let sentence = match replaced {
                "" => words.say("This document has been replaced.").to_owned(),
                link => words.fill("This document has been replaced by {}.", link),
            };
            format!("<p class=\"g-note g-note--warn\">{sentence}</p>")
        }
        Status::Withdrawn => format!(
            "<p class=\"g-note g-note--stop\"><strong>{}</strong> <span dir=\"auto\">{}</span></p>",
            words.say("This document has been withdrawn."),
            html::esc(&subject.record.withdrawn_reason)
        ),
        _ => String::new(),
    }
}

/// A link to what replaces this document, when this reader may see it.
async fn replacement(desk: &mut Desk<'_>) -> Result<String> {
    let slug = match &desk.subject {
        Some(s) if s.record.status == Status::Superseded && !s.record.superseded_by.is_empty() => {
            s.record.superseded_by.clone()
        }
        _ => return Ok(String::new()),
    };
    let found = items::by_name(desk.conn, &slug, &["post"]).await?;
    let Some(item) = found
        .into_iter()
        .find(|i| desk.page.scope.sight(i, None) != Sight::Nothing)
    else {
        return Ok(String::new());
    };
    let address = links::of_item(desk.conn, &desk.page.site, &desk.page.types, &item).await?;
    Ok(html::link(
        &address,
        &format!("<bdi class=\"g-long\">{}</bdi>", html::title(&item.title)),
    ))
}

fn event(desk: &Desk<'_>, subject: &Subject) -> String {
    let words = desk.inside();
    let kinds: Vec<String> = subject
        .terms
        .iter()
        .filter(|t| t.taxonomy == "events_categories")
        .map(|t| {
            format!(
                "<span class=\"g-kind{}\">{}</span>",
                tone(&t.slug),
                html::stored(&t.name)
            )
        })
        .collect();
    let mut rows = String::new();
    if let Some(occasion) = Occasion::read(&subject.meta).filter(|_| !subject.locked) {
        let mut row = |name: &'static str, value: String| {
            if !value.is_empty() {
                rows.push_str(&format!("<div><dt>{}</dt><dd>{value}</dd></div>", words.say(name)));
            }
        };
        let occasion = occasion.coming(desk.page);
        row("When", occasion.when(words));
        row("Where", html::esc(&occasion.venue));
        row("Repeats", words.say(occasion.repeats()).to_owned());
    }
    format!(
        "<header class=\"g-mast g-wrap\"><div class=\"g-mast-body g-mast-body--top\"><div><p class=\"g-labels\">{}</p>{}</div><dl class=\"g-facts\">{rows}</dl></div></header>",
        kinds.join(" "),
        title(desk, subject)
    )
}

//! `guidepost/documents`: the document itself, before the prose: first page, download, languages, other files; or where it lies.

use gp_blocks::html;

use super::{
    cards::{file_facts, host, picture},
    desk::{Desk, Subject, lang_attributes},
};
use crate::{
    documents::Document,
    record::{External, Status},
    words::{Noun, Words, own_name, same_language},
};

pub(super) fn html(desk: &Desk<'_>) -> String {
    let Some(subject) = desk.subject.as_ref().filter(|s| !s.locked && s.item.kind == "post") else {
        return String::new();
    };
    let words = desk.inside();
    match (subject.documents.main(&subject.lang), &subject.documents.elsewhere) {
        (Some(main), elsewhere) => here(desk, subject, main, elsewhere.as_ref()),
        (None, Some(external)) => band(&elsewhere(subject, external, words)),
        // Only an entry that is described as a document is asked for its file.
        (None, None) if !subject.record.given => String::new(),
        (None, None) => {
            let text = if subject.record.status == Status::Withdrawn {
                words.say("The file has been removed.")
            } else {
                words.say("There is no file with this entry; its text is below.")
            };
            format!("<div class=\"g-docs g-docs--none\"><div class=\"g-wrap\"><p>{text}</p></div></div>")
        }
    }
}

fn band(inner: &str) -> String {
    format!("<section class=\"g-docs\" aria-labelledby=\"docs\"><div class=\"g-wrap g-doc\">{inner}</div></section>")
}

fn here(desk: &Desk<'_>, subject: &Subject, main: &Document, external: Option<&External>) -> String {
    let words = desk.inside();
    let heading = match main.lang.as_str() {
        "" => words.say("Read or download").to_owned(),
        lang => words.fill("Read or download in {}", &words.language(lang)),
    };
    let mut facts = Vec::new();
    if main.pages > 0 {
        facts.push(words.counted(main.pages, Noun::Page));
    }
    if !main.published.is_empty() {
        facts.push(words.date(&main.published));
    }
    let facts: String = facts.iter().map(|f| format!("<span>{f}</span> ")).collect();
    let more = [
        editions(subject, main, words),
        others(subject, main, words),
        also_there(external, words),
    ]
    .concat();
    let more = if more.is_empty() {
        more
    } else {
        format!("<div class=\"g-doc-more\">{more}</div>")
    };
    band(&format!(
        "{}<div><h2 id=\"docs\">{heading}</h2><p class=\"g-meta\">{facts}</p><p class=\"g-acts\">{}</p></div>{more}",
        sheet(subject, main),
        acts(subject, main, words)
    ))
}

/// The first page; with a link that keyboard and screen reader find as words beside it.
fn sheet(subject: &Subject, main: &Document) -> String {
    let publisher = subject
        .record
        .publisher
        .first()
        .map(|p| html::esc(p))
        .unwrap_or_default();
    let title = html::title(&subject.item.title);
    let symbol = html::esc(&subject.record.symbol);
    let picture = main
        .thumb
        .as_deref()
        .map(picture)
        .unwrap_or_default()
        .replace(" loading=\"lazy\"", "");
    format!(
        "<a class=\"g-sheet g-sheet--first\" href=\"{}\" tabindex=\"-1\" aria-hidden=\"true\"><i><span>{publisher}</span><span dir=\"ltr\">{symbol}</span></i>\
         <b>{title}</b>{picture}</a>",
        html::url(&main.url)
    )
}

fn acts(subject: &Subject, main: &Document, words: &Words) -> String {
    let url = html::url(&main.url);
    let read = read_here(subject, main, words);
    let download = words.fill("Download {}", &file_facts(main, words));
    let opens = matches!(main.format().as_str(), "PDF" | "TXT" | "MP3" | "MP4");
    if !opens {
        return format!("{read}<a class=\"g-btn g-btn--way\" href=\"{url}\" download><span>{download}</span></a>");
    }
    let open = words.fill("Open the {}", &format!("<bdi>{}</bdi>", html::esc(&main.format())));
    format!(
        "{read}<a class=\"g-btn g-btn--way\" href=\"{url}\"><span>{open}</span></a> \
         <a class=\"g-btn g-btn--plain\" href=\"{url}\" download><span>{download}</span></a>"
    )
}

/// The way into the text of a document, where it has been read.
fn read_here(subject: &Subject, main: &Document, words: &Words) -> String {
    if !main.readable {
        return String::new();
    }
    let name = main.path.rsplit('/').next().unwrap_or_default();
    let address = format!(
        "{}/{}/",
        subject.link.trim_end_matches('/'),
        gp_content::files::encoded_name(name)
    );
    format!(
        "<a class=\"g-btn g-btn--plain\" href=\"{}\"><span>{}</span></a> ",
        html::url(&address),
        words.say("Read it here")
    )
}

/// The table of languages, the page's own marked; only when there is a choice.
fn editions(subject: &Subject, main: &Document, words: &Words) -> String {
    let all: Vec<&Document> = subject.documents.here.iter().filter(|d| d.is_edition()).collect();
    if all.len() < 2 {
        return String::new();
    }
    let rows: String = all.iter().map(|d| edition(d, d.path == main.path, words)).collect();
    let head: String = [
        ("Language", ""),
        ("Edition", ""),
        ("Published", ""),
        ("Length", " class=\"g-num\""),
        ("Download", " class=\"g-num\""),
    ]
    .iter()
    .map(|(name, class)| format!("<th scope=\"col\"{class}>{}</th>", words.say(name)))
    .collect();
    format!(
        "<table class=\"g-stack\"><caption>{}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>",
        words.say("Language editions")
    )
}

fn edition(document: &Document, here: bool, words: &Words) -> String {
    let lang = html::attr(&document.lang);
    let current = if here { " aria-current=\"true\"" } else { "" };
    let url = html::url(&document.url);
    let name = words.language(&document.lang);
    let kind = match document.kind.as_str() {
        "original" => words.say("Original"),
        "translation" => words.say("Translation"),
        _ => "",
    };
    let (own, hidden) = (
        own_name(&document.lang),
        if same_language(&document.lang, words.lang) {
            String::new()
        } else {
            format!("<span class=\"g-vh\"> {name}</span>")
        },
    );
    let pages = if document.pages > 0 {
        words.counted(document.pages, Noun::Page)
    } else {
        String::new()
    };
    let published = if document.published.is_empty() {
        String::new()
    } else {
        words.short_date(&document.published)
    };
    format!(
        "<tr{current}><th scope=\"row\"><a href=\"{url}\" hreflang=\"{lang}\"{}><span class=\"g-ln\">{}</span></a>{hidden}</th><td>{kind}</td><td>{published}</td>\
         <td class=\"g-num\">{pages}</td><td class=\"g-num\"><a href=\"{url}\" download>{}<span class=\"g-vh\"> {name}</span></a></td></tr>",
        lang_attributes(&document.lang)
            .replace(" dir=\"rtl\"", " dir=\"auto\"")
            .replace(" dir=\"ltr\"", ""),
        html::esc(&own),
        file_facts(document, words)
    )
}

/// Annexes, versions for children and whatever else belongs to it.
fn others(subject: &Subject, main: &Document, words: &Words) -> String {
    let editions = subject.documents.here.iter().filter(|d| d.is_edition()).count();
    let rows: String = subject
        .documents
        .here
        .iter()
        .filter(|d| d.path != main.path && !(d.is_edition() && editions > 1))
        .map(|d| {
            let kind = match d.kind.as_str() {
                "annex" => words.say("Annex"),
                "child-friendly" => words.say("Child-friendly version"),
                _ => "",
            };
            let said = !kind.is_empty() && d.title.to_lowercase().starts_with(&kind.to_lowercase());
            let mut facts = vec![if said { String::new() } else { kind.to_owned() }, file_facts(d, words)];
            if d.pages > 0 {
                facts.insert(1, words.counted(d.pages, Noun::Page));
            }
            if !d.lang.is_empty() {
                facts.push(words.language(&d.lang));
            }
            facts.retain(|f| !f.is_empty());
            let comma = if words.lang == "ar" { "، " } else { ", " };
            let lang = if d.lang.is_empty() {
                " dir=\"auto\"".to_owned()
            } else {
                lang_attributes(&d.lang)
            };
            format!(
                "<li><a href=\"{}\"><bdi class=\"g-long\"{lang}>{}</bdi></a><span>{}</span></li>",
                html::url(&d.url),
                html::esc(&d.title),
                facts.join(comma)
            )
        })
        .collect();
    if rows.is_empty() {
        rows
    } else {
        format!(
            "<ul class=\"g-also\" aria-label=\"{}\">{rows}</ul>",
            html::attr(words.say("Other files"))
        )
    }
}

fn also_there(external: Option<&External>, words: &Words) -> String {
    let Some(external) = external else { return String::new() };
    let note = if external.note.is_empty() {
        words.say("Elsewhere")
    } else {
        &external.note
    };
    format!(
        "<ul class=\"g-also\"><li><a href=\"{}\" rel=\"external\" dir=\"auto\">{}</a><span><bdi>{}</bdi></span></li></ul>",
        html::url(&external.url),
        html::esc(note),
        html::esc(&host(&external.url))
    )
}

/// The document lies with its publisher: say so, say where, lead there.
fn elsewhere(subject: &Subject, external: &External, words: &Words) -> String {
    let host = format!("<bdi>{}</bdi>", html::esc(&host(&external.url)));
    let note = if external.note.is_empty() {
        String::new()
    } else {
        format!("<p class=\"g-s\" dir=\"auto\">{}</p>", html::esc(&external.note))
    };
    let publisher = subject
        .record
        .publisher
        .first()
        .map(|p| html::esc(p))
        .unwrap_or_default();
    format!(
        "<span class=\"g-sheet g-sheet--first g-sheet--away\" aria-hidden=\"true\"><i><span>{publisher}</span><span dir=\"ltr\">{}</span></i><b>{}</b></span>\
         <div><h2 id=\"docs\">{}</h2><p>{}</p>{note}<p class=\"g-acts\"><a class=\"g-btn g-btn--way\" rel=\"external\" href=\"{}\">{}</a></p></div>",
        html::esc(&subject.record.symbol),
        html::title(&subject.item.title),
        words.say("The document is with its publisher"),
        words.fill("This library keeps no copy of it. The link leads to {}.", &host),
        html::url(&external.url),
        words.say("Go to the document")
    )
}

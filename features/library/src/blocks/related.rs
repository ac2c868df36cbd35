//! `guidepost/related`: four cards, each with the reason why it is there.

use gp_blocks::html;
use gp_kernel::Result;

use super::{
    cards,
    desk::{Desk, Subject},
};
use crate::related::{Citable, reason, to_item};

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    let words = desk.inside();
    let found = match desk.subject.as_ref().filter(|s| !s.locked && s.item.kind == "post") {
        Some(subject) => {
            let citable = citable(subject);
            let page = desk.page;
            to_item(
                desk.conn,
                &page.scope,
                &subject.item,
                &subject.terms,
                &citable,
                &page.alike,
            )
            .await?
        }
        None => Vec::new(),
    };
    if found.is_empty() {
        return Ok(String::new());
    }
    let reasons: Vec<String> = found.iter().map(|r| reason(r, words)).collect();
    let cards = cards::load(desk, found.into_iter().map(|r| r.item).collect()).await?;
    let rows: String = cards
        .iter()
        .zip(reasons)
        .map(|(card, why)| {
            let about = words.fill("Read more about {}", &gp_markup::text::plain_text(&card.item.title));
            let lang = super::desk::lang_unless(&card.lang, words.lang);
            let text = match (html::esc(&card.excerpt(170)), lang.is_empty()) {
                (text, _) if text.is_empty() => "<p class=\"g-first\">".to_owned(),
                (text, true) => format!("<p class=\"g-first\">{text} "),
                // The link after it speaks the page's language, so it stands on a line of its own.
                (text, false) => format!("<p class=\"g-first\"{lang}>{text}</p><p class=\"g-first\">"),
            };
            format!(
                "<li>{}<div>{}<h3>{}</h3><p class=\"g-why\">{why}</p>{text}<a href=\"{}\" aria-label=\"{}\">{}</a></p></div></li>",
                card.sheet(words.lang),
                card.kinds(desk, words),
                card.title_link(words.lang),
                html::url(&card.link),
                html::attr(&about),
                words.say("Read more"),
            )
        })
        .collect();
    Ok(format!(
        "<section class=\"g-sec g-noprint\" aria-labelledby=\"rel\"><h2 id=\"rel\">{}</h2><ul class=\"g-rel\">{rows}</ul></section>",
        words.say("Related, and why")
    ))
}

fn citable(subject: &Subject) -> Citable {
    let record = &subject.record;
    let symbols = [record.symbol.clone()].into_iter().chain(record.also_known_as.clone());
    let digests = subject.documents.here.iter().map(|document| document.digest.clone());
    Citable {
        symbols: symbols.filter(|symbol| !symbol.is_empty()).collect(),
        digests: digests.filter(|digest| !digest.is_empty()).collect(),
    }
}

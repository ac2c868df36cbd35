//! `guidepost/related`: four cards, each with the reason why it is there.

use gp_blocks::html;
use gp_kernel::Result;

use super::{cards, desk::Desk};
use crate::related::{reason, to_item};

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    let words = desk.inside();
    let found = match desk.subject.as_ref().filter(|s| !s.locked && s.item.kind == "post") {
        Some(subject) => to_item(desk.conn, &desk.page.scope, &subject.item, &subject.terms).await?,
        None => Vec::new(),
    };
    if found.is_empty() {
        return Ok(String::new());
    }
    let reasons: Vec<String> = found.iter().map(|r| reason(&r.shared, words)).collect();
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

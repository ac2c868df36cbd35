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
            let text = html::esc(&card.excerpt(170));
            let lang = super::desk::lang_unless(&card.lang, words.lang);
            format!(
                "<li>{}<div>{}<h3>{}</h3><p class=\"g-why\">{why}</p><p class=\"g-first\"><span{lang}>{text}</span> \
                 <a href=\"{}\" aria-label=\"{}\">{}</a></p></div></li>",
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

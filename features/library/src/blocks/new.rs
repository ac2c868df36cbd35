//! `guidepost/new`: what was published or changed last.

use gp_blocks::html;
use gp_content::{ItemQuery, Order, items};
use gp_kernel::Result;
use gp_markup::block::Block;

use super::{cards, desk::Desk};
use crate::{store, words::Noun};

pub(super) async fn html(desk: &mut Desk<'_>, block: &Block) -> Result<String> {
    let limit = block
        .attrs
        .get("limit")
        .and_then(serde_json::Value::as_u64)
        .unwrap_or(5)
        .clamp(1, 50);
    let query = ItemQuery {
        types: vec!["post".to_owned()],
        order: Order::Modified,
        limit: usize::try_from(limit).unwrap_or(5),
        ..ItemQuery::default()
    };
    let found = items::some(desk.conn, &desk.page.scope, &query).await?;
    let words = desk.words;
    let cards = cards::load(desk, found).await?;
    let total = store::open_posts(desk.conn).await?;
    if cards.is_empty() {
        return Ok(format!(
            "<section aria-labelledby=\"new\"><h2 class=\"g-h\" id=\"new\">{}</h2><p>{}</p></section>",
            words.say("New and changed"),
            words.say("Nothing has been published yet.")
        ));
    }
    let rows: String = cards
        .iter()
        .map(|card| {
            let changed = card
                .changed
                .as_ref()
                .filter(|c| c.date.as_str() > card.record.issued.as_str())
                .map(|c| {
                    format!(
                        "<p class=\"g-meta\"><b dir=\"auto\">{}</b> <span>{}</span></p>",
                        html::esc(&c.text),
                        words.date(&c.date)
                    )
                });
            format!(
                "<li>{}<div>{}<h3>{}</h3>{}{}</div></li>",
                card.sheet(words.lang),
                card.kinds(desk, words),
                card.title_link(words.lang),
                card.facts(words),
                changed.unwrap_or_default()
            )
        })
        .collect();
    let all = words.fill("All {}", &words.counted(total, Noun::Resource));
    Ok(format!(
        "<section aria-labelledby=\"new\"><h2 class=\"g-h\" id=\"new\">{}</h2><ol class=\"g-new\">{rows}</ol><p class=\"g-more\"><a href=\"/?s=&amp;type=resources\">{all}</a></p></section>",
        words.say("New and changed")
    ))
}

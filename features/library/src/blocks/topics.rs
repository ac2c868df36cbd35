//! `guidepost/topics`: the contents of the library by topic, with leaders and numbers; by label where there are no topics.

use gp_blocks::html;
use gp_content::{items, terms};
use gp_kernel::Result;

use super::desk::Desk;

/// More than these are not a table of contents any more.
const MOST: usize = 60;

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    desk.load_categories().await?;
    for (taxonomy, heading) in [("post_tag", "Contents, by topic"), ("category", "Contents, by label")] {
        let counts = items::counts_by_term(desk.conn, &desk.page.scope, &["post".to_owned()], taxonomy).await?;
        let mut all = terms::of_taxonomy(desk.conn, taxonomy).await?;
        let count = |id: i64| counts.get(&id).copied().unwrap_or(0);
        all.retain(|t| count(t.id.0) > 0);
        if all.is_empty() {
            continue;
        }
        if all.len() > MOST {
            all.sort_by_key(|t| std::cmp::Reverse(count(t.id.0)));
            all.truncate(MOST);
            all.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let rows: String = all
            .iter()
            .map(|t| {
                format!(
                    "<li>{}<span>{}</span></li>",
                    desk.term(t),
                    desk.words.figures(&count(t.id.0).to_string())
                )
            })
            .collect();
        return Ok(format!(
            "<section class=\"g-wrap g-sec\" aria-labelledby=\"topics\"><h2 id=\"topics\">{}</h2><ul class=\"g-leaders\">{rows}</ul></section>",
            html::esc(desk.words.say(heading))
        ));
    }
    Ok(String::new())
}

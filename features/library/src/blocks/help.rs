//! `guidepost/help`: the way to help for a child in danger, when the site has such a page.

use gp_blocks::html;
use gp_content::{Sight, address::links, items};
use gp_kernel::Result;

use super::desk::Desk;

/// Slugs under which sites keep it.
const SLUGS: &[&str] = &["get-help-now", "get-help", "help", "need-help"];

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    for slug in SLUGS {
        let found = items::by_name(desk.conn, slug, &["page"]).await?;
        let Some(page) = found
            .into_iter()
            .find(|i| desk.page.scope.sight(i, None) == Sight::Full)
        else {
            continue;
        };
        let address = links::of_item(desk.conn, &desk.page.site, &desk.page.types, &page).await?;
        let words = desk.words;
        return Ok(format!(
            "<div class=\"g-wrap g-sec\"><section class=\"g-help\" aria-labelledby=\"help\"><div><h2 id=\"help\">{}</h2><p>{}</p></div>\
             <a class=\"g-btn g-btn--way\" href=\"{}\">{}</a></section></div>",
            words.say("Is a child in danger now?"),
            words.say("Call your country’s emergency number. Where else to turn is one step away."),
            html::url(&address),
            html::title(&page.title)
        ));
    }
    Ok(String::new())
}

//! `guidepost/help`: the way to help for a child in danger, when the site has such a page.

use gp_blocks::html;
use gp_content::{Sight, address::links, items};
use gp_kernel::Result;

use super::desk::Desk;

/// Slugs under which sites keep it.
pub(super) const SLUGS: &[&str] = &["get-help-now", "get-help", "help", "need-help"];
/// Those of the people who keep the library.
pub(super) const PEOPLE: &[&str] = &["contact", "contact-us"];

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    let words = desk.words;
    Ok(match page(desk, SLUGS).await? {
        None => String::new(),
        Some((address, title)) => format!(
            "<div class=\"g-wrap g-sec\"><section class=\"g-help\" aria-labelledby=\"help\"><div><h2 id=\"help\">{}</h2><p>{}</p></div>\
             <a class=\"g-btn g-btn--way\" href=\"{}\">{title}</a></section></div>",
            words.say("Is a child in danger now?"),
            words.say("Call your country’s emergency number. Where else to turn is one step away."),
            html::url(&address),
        ),
    })
}

/// The first page under one of these slugs that everybody may read: its address, and its title as HTML.
pub(super) async fn page(desk: &mut Desk<'_>, slugs: &[&str]) -> Result<Option<(String, String)>> {
    for slug in slugs {
        let found = items::by_name(desk.conn, slug, &["page"]).await?;
        let seen = found
            .into_iter()
            .find(|i| desk.page.scope.sight(i, None) == Sight::Full);
        if let Some(page) = seen {
            let address = links::of_item(desk.conn, &desk.page.site, &desk.page.types, &page).await?;
            return Ok(Some((address, html::title(&page.title))));
        }
    }
    Ok(None)
}

//! `guidepost/hero`: what this library is, its size, and the large search field.

use gp_blocks::html;
use gp_content::{items, terms};
use gp_kernel::Result;

use super::{
    desk::Desk,
    search_form::{self, Asked},
};
use crate::{store, words::Noun};

/// A page, a passage marked, and the arm that points at it.
const ART: &str = "<svg class=\"g-hero-art\" viewBox=\"0 0 340 380\" width=\"340\" height=\"380\" aria-hidden=\"true\">\
    <g style=\"fill:var(--sheet);filter:drop-shadow(0 1px 1px #14232a30) drop-shadow(0 18px 22px #14232a33)\"><path d=\"M66 18h262v420H66z\" opacity=\".75\"/><path d=\"M46 34h262v420H46z\"/></g>\
    <g fill=\"#14232a\"><path d=\"M70 58h92v6H70zM232 56h52v8h-52zM70 74h214v3H70z\"/><path d=\"M70 94h176v11H70zM70 113h112v11H70z\"/>\
    <g opacity=\".26\"><path d=\"M92 142h192v4H92zM92 153h184v4H92zM92 164h192v4H92zM92 175h120v4H92z\"/><path d=\"M92 296h192v4H92zM92 307h178v4H92zM92 318h192v4H92zM92 329h150v4H92zM92 352h192v4H92zM92 363h186v4H92zM92 374h192v4H92z\"/></g>\
    <path opacity=\".6\" d=\"M70 142h11v4H70zM70 296h11v4H70zM70 352h11v4H70z\"/></g>\
    <path fill=\"#ffebb0\" d=\"M62 194h230v84H62z\"/><path fill=\"#14232a\" d=\"M70 208h11v5H70zM92 208h184v5H92zM92 225h168v5H92zM92 242h184v5H92zM92 259h120v5H92z\"/>\
    <path fill=\"#ffc62b\" d=\"M0 219h50l14 17-14 17H0z\"/><path fill=\"#14232a\" d=\"M10 230h32v4H10zM10 239h22v4H10z\"/></svg>";

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    let words = desk.words;
    let (page, asked) = (desk.page, Asked::of(desk));
    let heading = if page.site.description.trim().is_empty() {
        &page.site.name
    } else {
        &page.site.description
    };
    let resources = store::open_posts(desk.conn).await?;
    let mut parts = vec![words.counted(resources, Noun::Resource)];
    let kinds = ["post".to_owned()];
    for (taxonomy, noun) in [("publisher", Noun::Publisher), ("post_tag", Noun::Topic)] {
        let counts = items::counts_by_term(desk.conn, &page.scope, &kinds, taxonomy).await?;
        let used = i64::try_from(counts.values().filter(|n| **n > 0).count()).unwrap_or(0);
        if used > 1 {
            parts.push(words.counted(used, noun));
        }
    }
    let topics = top_topics(desk).await?;
    let tries: String = topics.iter().map(|t| format!(" {t}")).collect();
    let tries = if tries.is_empty() {
        String::new()
    } else {
        format!(
            "<p class=\"g-try\"><span class=\"g-2\">{}</span>{tries}</p>",
            words.say("For instance")
        )
    };
    Ok(format!(
        "<div class=\"g-hero\"><div class=\"g-wrap\"><div><h1>{}</h1><p class=\"g-hero-p\">{}.</p>{}{tries}</div>{ART}</div></div>",
        html::stored(heading),
        parts.join(" · "),
        search_form::form(desk, &asked, "q", true),
    ))
}

/// The three topics with most resources.
async fn top_topics(desk: &mut Desk<'_>) -> Result<Vec<String>> {
    let counts = items::counts_by_term(desk.conn, &desk.page.scope, &["post".to_owned()], "post_tag").await?;
    let mut topics = terms::of_taxonomy(desk.conn, "post_tag").await?;
    let count = |id: i64| counts.get(&id).copied().unwrap_or(0);
    topics.retain(|t| count(t.id.0) > 0);
    topics.sort_by(|a, b| count(b.id.0).cmp(&count(a.id.0)).then_with(|| a.name.cmp(&b.name)));
    Ok(topics.iter().take(3).map(|t| desk.term(t)).collect())
}

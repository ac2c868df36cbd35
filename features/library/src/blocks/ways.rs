//! `guidepost/ways`: the entries below the first branch of the main menu ("Start from your work"); the labels where there is none.

use gp_blocks::html;
use gp_content::{items, terms};
use gp_kernel::Result;

use super::{desk::Desk, menu};

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    desk.load_categories().await?;
    let entries = menu::entries(desk, "primary").await?;
    if let Some(branch) = entries.iter().find(|e| !e.below.is_empty()) {
        let rows: String = branch
            .below
            .iter()
            .take(8)
            .map(|e| row(&html::url(&e.url), &e.label, &html::esc(&e.about)))
            .collect();
        return Ok(section(&branch.label, &rows));
    }
    let counts = items::counts_by_term(desk.conn, &desk.page.scope, &["post".to_owned()], "category").await?;
    let mut labels = terms::of_taxonomy(desk.conn, "category").await?;
    labels.retain(|t| counts.get(&t.id.0).copied().unwrap_or(0) > 0);
    labels.sort_by_key(|t| std::cmp::Reverse(counts.get(&t.id.0).copied().unwrap_or(0)));
    let rows: String = labels
        .iter()
        .take(8)
        .map(|t| {
            let about = gp_markup::text::excerpt_plain(&t.description, 90);
            row(
                &html::url(&desk.term_link(t)),
                &html::stored(&t.name),
                &html::esc(&about),
            )
        })
        .collect();
    Ok(if rows.is_empty() {
        rows
    } else {
        section(desk.words.say("By label"), &rows)
    })
}

fn row(url: &str, label: &str, about: &str) -> String {
    let about = if about.is_empty() {
        String::new()
    } else {
        format!("<span dir=\"auto\">{about}</span>")
    };
    format!("<li><a href=\"{url}\">{label}{about}</a></li>")
}

fn section(heading: &str, rows: &str) -> String {
    format!(
        "<section aria-labelledby=\"ways\"><h2 class=\"g-h\" id=\"ways\">{heading}</h2><ul class=\"g-ways\">{rows}</ul></section>"
    )
}

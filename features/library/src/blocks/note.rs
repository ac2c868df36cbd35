//! `guidepost/note`: who wrote the text of this page, above the text.

use gp_blocks::html;

use super::desk::Desk;

pub(super) fn html(desk: &Desk<'_>) -> String {
    match &desk.subject {
        Some(subject) if !subject.record.summary_note.is_empty() => {
            format!(
                "<p class=\"g-note g-note--text\" dir=\"auto\">{}</p>",
                html::esc(&subject.record.summary_note)
            )
        }
        _ => String::new(),
    }
}

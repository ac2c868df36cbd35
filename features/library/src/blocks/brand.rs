//! `guidepost/brand`: the mark and the site's name, leading home.

use gp_blocks::html;

use super::desk::Desk;

/// An arm of a signpost that is also a page.
const MARK: &str = "<svg viewBox=\"0 0 32 32\" width=\"28\" height=\"28\" aria-hidden=\"true\"><path fill=\"currentColor\" d=\"M12 2h4v29h-4zM8 29h12v2H8z\"/>\
    <path fill=\"#ffc62b\" d=\"M3 5h19l8 6.5-8 6.5H3z\"/><path fill=\"#14232a\" d=\"M7 8.6h13v1.8H7zM7 12.4h9v1.8H7z\"/></svg>";

pub(super) fn html(desk: &Desk<'_>) -> String {
    let current = if desk.here() == "/" {
        " aria-current=\"page\""
    } else {
        ""
    };
    format!(
        "<a class=\"g-brand\" href=\"/\" rel=\"home\"{current}>{MARK}<span>{}</span></a>",
        html::stored(&desk.page.site.name)
    )
}

//! The API's routes of what a site looks like: templates, menus, styles, themes, patterns. What must never be here: SQL, or how any of
//! it is rendered.

mod block_types;
mod entries;
mod fonts;
mod furniture;
mod hierarchy;
mod icons;
mod menus;
mod styles;
mod template_versions;
mod templates;
mod widgets;

use gp_content::Types;
use gp_rest::Route;

/// The routes.
pub fn routes(types: &Types) -> Vec<Route> {
    let mut out = Vec::new();
    for part in [false, true] {
        // Their addresses begin as those of the templates themselves.
        out.extend(template_versions::routes(part));
        out.extend(templates::routes(part));
    }
    out.extend(styles::routes());
    out.extend(menus::routes());
    out.extend(entries::routes(types));
    out.extend(fonts::routes());
    out.extend(furniture::routes());
    out.extend(widgets::routes());
    out.extend(block_types::routes());
    out.extend(icons::routes());
    out
}

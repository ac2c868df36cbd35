//! The API's routes of what a site looks like: templates, menus, styles, themes, patterns. What must never be here: SQL, or how any of
//! it is rendered.

mod fonts;
mod furniture;
mod menus;
mod styles;
mod templates;

use gp_rest::Route;

/// The routes.
pub fn routes() -> Vec<Route> {
    let mut out = templates::routes(false);
    out.extend(templates::routes(true));
    out.extend(styles::routes());
    out.extend(menus::routes());
    out.extend(fonts::routes());
    out.extend(furniture::routes());
    out
}

//! The settings of a site as screens, and its own redirects.
//!
//! Settings are read and written through the API (`/wp/v2/settings`), redirects by their verbs. What must never be here: what a setting
//! does, accounts, themes.

mod pages;
mod redirects;

use std::sync::Arc;

use gp_admin::Screen;

/// The screens, in the order of the menu.
pub fn screens() -> Vec<Arc<dyn Screen>> {
    vec![Arc::new(pages::Settings), Arc::new(redirects::Redirects)]
}

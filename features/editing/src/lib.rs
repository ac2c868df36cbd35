//! The editing room: what waits today, lists of items of every type, the editors, files, terms, comments.
//!
//! Each screen stands at WordPress's address for it. What is written goes through the API's routes or the verbs. What must never be
//! here: accounts, settings of the site, moving in and out: these are other features' screens.

mod ajax;
mod comments;
mod editor;
mod find;
mod insight;
mod kinds;
mod lists;
mod log;
mod media;
mod revisions;
mod terms;
mod today;

use std::sync::Arc;

use gp_admin::Screen;

/// The screens, in the order of the menu.
pub fn screens() -> Vec<Arc<dyn Screen>> {
    vec![
        Arc::new(today::Today),
        Arc::new(lists::Lists),
        Arc::new(editor::Editors),
        Arc::new(media::Media),
        Arc::new(terms::Terms),
        Arc::new(revisions::Revisions),
        Arc::new(comments::Comments),
        Arc::new(insight::Searches),
        Arc::new(log::Log),
        Arc::new(find::Find),
        Arc::new(ajax::Ajax),
    ]
}

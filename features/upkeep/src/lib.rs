//! Keeping a site in order: its health, jobs and mail, moving out, and the settings that are not the API's: addresses, sizes of pictures,
//! privacy.
//!
//! What is written goes through the verbs. What must never be here: how files are read, accounts, another feature; what this one needs of
//! the outside is handed in as [`Outside`].

mod addresses;
mod export;
mod health;
mod jobs;
mod letter;
mod mails;
mod settings;
mod store;
mod tools;

use std::{fs::File, path::PathBuf, sync::Arc};

use futures_util::future::BoxFuture;
use gp_admin::Screen;
use gp_kernel::Result;

/// Writes the whole site into a file, as WordPress exports one.
pub type Export = Arc<dyn Fn(File) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// Compares database and files: a sentence for each fault.
pub type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<Vec<String>>> + Send + Sync>;

/// What these screens need of the world outside.
#[derive(Clone)]
pub struct Outside {
    /// Where mail is laid down; `None`: a server takes it.
    pub mails: Option<PathBuf>,
    /// Whom mail comes from; empty: by the address of the site.
    pub mail_from: String,
    /// Writes the whole site into a file.
    pub export: Export,
    /// Compares what is kept with itself.
    pub check: Check,
}

/// The screens, in the order of the menu.
pub fn screens(outside: Outside) -> Vec<Arc<dyn Screen>> {
    vec![
        Arc::new(addresses::Addresses),
        Arc::new(settings::Settings),
        Arc::new(tools::Tools),
        Arc::new(health::Health {
            outside: outside.clone(),
        }),
        Arc::new(jobs::Jobs),
        Arc::new(mails::Mails {
            outside: outside.clone(),
        }),
        Arc::new(export::Export { outside }),
    ]
}

//! What every door shares, and the public doors themselves: state, who asks, answers, error pages, pages, feeds, sitemaps, files.
//!
//! Every answer goes out by [`answer`], with the same safety headers. What must never be here: SQL, a cookie for readers, a
//! second rule of who may see what (that is `gp_content::permission`).

mod answer;
mod app;
mod assets;
mod deep;
mod document;
mod door;
mod forgiving;
mod indexing;
mod keeping;
mod metrics;
mod pages;
mod passages;
pub mod public;
mod rates;
mod ready;
mod router;
mod serving;
mod tally;
mod titles;
mod tls;

pub use answer::{Answer, error_page};
pub use app::{App, FilesOf, NewApp};
pub use assets::{Assets, mime_of};
pub use door::{Asking, By, Caller, Door, Identify, Knock, SESSION_COOKIE, session_cookie};
pub use keeping::alike;
pub use metrics::{Metrics, metrics_text, serve_metrics};
pub use pages::Pages;
pub use public::{oembed, openapi};
pub use rates::{Rates, Turn, network, visitor};
pub use serving::{Limits, serve, serve_redirect};
pub use tally::Tally;
pub use tls::{Acme, Tls};

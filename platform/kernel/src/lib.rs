//! Ids, clock, dates, errors and configuration: the words that everything else speaks.
//!
//! No input or output lives here: no file is opened, no socket, no database. A change here rebuilds the whole
//! workspace, so it stays small and changes rarely.

mod clock;
mod config;
mod error;
mod ids;

pub use clock::{Clock, FixedClock, SystemClock, ZERO_DATE, mysql_date, parse_mysql_date};
pub use config::{ApiRates, Config, ConfigError, Layer, TlsConfig};
pub use error::{Error, ErrorKind, Result};
pub use ids::{CommentId, ItemId, TermId, TermTaxonomyId, UserId};

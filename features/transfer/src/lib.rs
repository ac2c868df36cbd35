//! Whole-site import and export: nothing lost, every row accounted for.
//!
//! Rows come from a dump, a live database or a WordPress export, and go into the tables with their ids and bytes kept.
//! What must never be here: rendering, permission rules, a guess about data that is not written into the report.

mod addresses;
mod answers;
mod backup;
mod check;
mod progress;
mod report;
mod rows;
mod site;
mod store;
mod uploads;
mod wxr;

pub use addresses::OldAddresses;
pub use answers::{AddressAnswer, Answers};
pub use backup::{BackedUp, backup, restore};
pub use check::{Fault, check};
pub use progress::{Bar, Progress, Silent};
pub use report::{Count, Refused, Report, Uploads};
pub use site::{From as SiteSource, SiteImport, import_site, keep_report};
pub use wxr::{Exported, WxrImport, export_wxr, import_wxr};

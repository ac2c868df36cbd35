//! The generic item, meta, terms, people's words, permission and the verbs: what every content type is made of.
//!
//! Who may see or do what is decided in [`permission`] and handed on as a value. The verbs live once, in [`actions`].
//! What must never be here: HTTP, HTML, one type's own rules (those stand in `features/`).

pub mod actions;
pub mod address;
pub mod audit;
mod beside;
pub mod comments;
pub mod counts;
pub mod dates;
mod described;
pub mod differences;
pub mod documents;
pub mod exchange;
pub mod files;
pub mod items;
pub mod locks;
pub mod meta;
pub mod options;
mod order;
pub mod permission;
pub mod signed;
pub mod slugs;
pub mod terms;
pub mod types;
pub mod users;

pub use beside::Beside;
pub use comments::Comment;
pub use dates::Dates;
pub use described::Described;
pub use items::{Item, ItemQuery, Order, Page};
pub use meta::{Meta, MetaKind};
pub use options::Site;
pub use permission::{Actor, Grant, Scope, Shelf, Sight, Verb};
pub use terms::Term;
pub use types::{ContentType, Taxonomy, Types};
pub use users::User;

//! The rooms where a site is worked on, below `/wp-admin/`: the door, the frame around every screen, forms and tables.
//!
//! Features bring screens ([`Screen`]); what they write goes through the API's routes or the verbs, never past them. Pages are made
//! on the server and work without a script. What must never be here: what one screen shows, and who may do what.

mod desk;
mod door;
mod forms;
mod frame;
pub mod html;
mod screen;

pub use desk::{Desk, Told};
pub use door::{Room, door};
pub use forms::{Fields, Sent, from_here, own_path, read};
pub use screen::{Answer, Entry, Group, Page, Screen};

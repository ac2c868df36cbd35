//! Block rendering: a page's blocks are gathered (template, parts, patterns, references), what they need is fetched in a bounded
//! number of queries, and then they are rendered by pure functions.
//!
//! What must never be here: SQL of its own (it asks `gp_content`), HTTP, one feature's own blocks (those come in as a [`BlockSet`]).

mod bindings;
mod blocks;
mod content;
mod dates;
mod fetch;
mod finish;
pub mod html;
pub mod icons;
mod inline;
mod menu;
mod needs;
mod page;
mod pictures;
mod query;
mod render;
mod renderer;
pub mod script;
mod shortcodes;
mod styles;
mod supports;
pub mod theme;
mod tree;

pub use page::{Alike, BlockSet, Listing, PageContext, Password, Place, Prepared, Reading, ReadingPart, RenderedPage};
pub use renderer::{INSTALLED, Renderer, ThemeSource, render_static};
pub use shortcodes::do_shortcode;
pub use theme::Theme;

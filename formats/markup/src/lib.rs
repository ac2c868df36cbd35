//! Block grammar, WordPress text functions, sanitiser, plain text: bytes in, values out.
//!
//! Must never be in here: anything that knows a database, a request, a site's settings, a clock or
//! another Guidepost crate. Every function takes text and gives a value, whatever the text is.

pub mod block;
pub mod head;
pub mod more;
pub mod sanitize;
pub mod shortcode;
pub mod text;

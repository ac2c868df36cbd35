//! Sites that come in: broken ones, interrupted ones, the same one again.

mod bad;
mod killed;

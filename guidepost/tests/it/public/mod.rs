//! What a visitor meets.

mod doors;
mod hostile;
mod library;

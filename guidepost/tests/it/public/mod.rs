//! What a visitor meets.

mod doors;
mod hostile;
mod kept;
mod library;
mod reading;

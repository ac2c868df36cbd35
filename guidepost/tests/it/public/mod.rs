//! What a visitor meets.

mod doors;
mod exchange;
mod hostile;
mod kept;
mod library;
mod pictures;
mod reading;
mod scans;
mod searches;

pub(crate) use kept::on;
